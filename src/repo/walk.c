/* From HEAD and from every end of a range at once, newest first; each commit carries a mark for
 * every end that reaches it. What all of them reach is passed over, so that a hundred packages with
 * tags of their own cost one walk. libgit2's walk can only leave out what any of them reaches, and
 * 1.5 gives up at the edge of a shallow clone. */
#include "walk.h"

#include <stdlib.h>
#include <string.h>

#include "git2_wrap.h"
#include "slipway/base/mem.h"

#define NONE SIZE_MAX

struct node {
	struct object_id id, tree;
	int64_t when;
	size_t parents, parent_count; /* in walk.parents */
	size_t children;	      /* that are told and not told yet */
	bool known, here;	      /* it was looked for; and found */
	bool done;		      /* its parents have been reached */
	bool queued;
};

struct walk {
	struct git2 *g;
	const struct walk_opts *opts;
	struct node *nodes;
	uint64_t *marks; /* WORDS a node; the bit behind those of UNTIL: reached from FROM */
	size_t words, count, cap, marks_cap;
	size_t *slots; /* index + 1; 0 is free */
	size_t slot_count;
	size_t *parents;
	size_t parent_total, parent_cap;
	size_t *heap; /* newest first */
	size_t heap_count, heap_cap;
	size_t lively; /* queued nodes that some end does not reach */
	size_t open_count;
	bool cut;
};

/* -- commits by hash -- */

static size_t *
slot_of(const struct walk *w, const struct object_id *id)
{
	uint64_t hash;
	size_t at;

	memcpy(&hash, id->bytes, sizeof hash);
	for (at = (size_t)hash;; at++) {
		size_t *slot = &w->slots[at & (w->slot_count - 1)];

		if (*slot == 0 || memcmp(&w->nodes[*slot - 1].id, id, sizeof *id) == 0)
			return slot;
	}
}

static size_t
node_of(struct walk *w, const struct object_id *id)
{
	size_t *slot;

	if (2 * (w->count + 1) > w->slot_count) {
		w->slot_count = w->slot_count > 0 ? 2 * w->slot_count : 1024;
		free(w->slots);
		w->slots = mem_zalloc(w->slot_count, sizeof w->slots[0]);
		for (size_t i = 0; i < w->count; i++)
			*slot_of(w, &w->nodes[i].id) = i + 1;
	}
	slot = slot_of(w, id);
	if (*slot > 0)
		return *slot - 1;
	w->nodes = mem_grow(w->nodes, &w->cap, w->count + 1, sizeof w->nodes[0]);
	w->marks =
	    mem_grow(w->marks, &w->marks_cap, (w->count + 1) * w->words, sizeof w->marks[0]);
	memset(&w->marks[w->count * w->words], 0, w->words * sizeof w->marks[0]);
	w->nodes[w->count] = (struct node) { .id = *id };
	*slot = ++w->count;
	return w->count - 1;
}

static void
look_up(struct walk *w, size_t at)
{
	struct git2_object object = GIT2_OBJECT_EMPTY;
	struct commit_head head;
	struct object_id parent;

	if (w->nodes[at].known)
		return;
	w->nodes[at].known = true;
	if (!git2_object_read(w->g, w->nodes[at].id.bytes, &object))
		return;
	if (commit_head_read(object.text, &head)) {
		w->nodes[at].here = true;
		w->nodes[at].tree = head.tree;
		w->nodes[at].when = head.when;
		w->nodes[at].parents = w->parent_total;
		while (commit_parent_next(&head.parents, &parent)) {
			size_t number = node_of(w, &parent);

			w->parents = mem_grow(w->parents, &w->parent_cap, w->parent_total + 1,
			    sizeof w->parents[0]);
			w->parents[w->parent_total++] = number;
			w->nodes[at].parent_count++;
		}
	}
	git2_object_fini(&object);
}

/* -- a heap, the newest first -- */

static bool
is_newer(const struct walk *w, size_t a, size_t b)
{
	const struct node *x = &w->nodes[a], *y = &w->nodes[b];

	return x->when > y->when || (x->when == y->when && a < b);
}

static void
heap_push(struct walk *w, size_t node)
{
	size_t at = w->heap_count++;

	w->heap = mem_grow(w->heap, &w->heap_cap, w->heap_count, sizeof w->heap[0]);
	for (; at > 0 && is_newer(w, node, w->heap[(at - 1) / 2]); at = (at - 1) / 2)
		w->heap[at] = w->heap[(at - 1) / 2];
	w->heap[at] = node;
}

static size_t
heap_pop(struct walk *w)
{
	size_t top = w->heap[0], last = w->heap[--w->heap_count], at = 0, child;

	while ((child = 2 * at + 1) < w->heap_count) {
		if (child + 1 < w->heap_count &&
		    is_newer(w, w->heap[child + 1], w->heap[child]))
			child++;
		if (!is_newer(w, w->heap[child], last))
			break;
		w->heap[at] = w->heap[child];
		at = child;
	}
	w->heap[at] = last;
	return top;
}

/* -- marking -- */

static bool
has_mark(const struct walk *w, size_t node, size_t bit)
{
	return (w->marks[node * w->words + bit / 64] >> bit % 64 & 1) != 0;
}

/* Every end reaches it. */
static bool
is_reached_by_all(const struct walk *w, size_t node)
{
	for (size_t i = 0; i < w->opts->until_count; i++)
		if (!has_mark(w, node, i))
			return false;
	return true;
}

/* Nothing below it can be told. */
static bool
is_stale(const struct walk *w, size_t node)
{
	return is_reached_by_all(w, node) &&
	       (!w->opts->open || w->cut || !has_mark(w, node, w->opts->until_count));
}

static void
enqueue(struct walk *w, size_t node)
{
	if (w->nodes[node].queued)
		return;
	look_up(w, node);
	if (!w->nodes[node].here)
		return;
	w->nodes[node].queued = true;
	w->lively += !is_stale(w, node);
	heap_push(w, node);
}

/* Gives NODE the marks FROM has; queued again when it had not all of them. */
static void
pass_on(struct walk *w, size_t from, size_t node)
{
	bool queued = w->nodes[node].queued, news = false;

	if (queued)
		w->lively -= !is_stale(w, node);
	for (size_t i = 0; i < w->words; i++) {
		uint64_t more = w->marks[from * w->words + i] & ~w->marks[node * w->words + i];

		news = news || more != 0;
		w->marks[node * w->words + i] |= more;
	}
	if (queued)
		w->lively += !is_stale(w, node);
	else if (news)
		enqueue(w, node);
}

static void
count_lively(struct walk *w)
{
	w->lively = 0;
	for (size_t i = 0; i < w->heap_count; i++)
		w->lively += !is_stale(w, w->heap[i]);
}

static void
mark_all(struct walk *w)
{
	while (w->lively > 0) {
		size_t at = heap_pop(w);
		struct node *n = &w->nodes[at];

		w->lively -= !is_stale(w, at);
		n->queued = false;
		if (!n->done && w->opts->open && is_reached_by_all(w, at))
			w->open_count++;
		n->done = true;
		for (size_t i = 0; i < n->parent_count; i++) {
			pass_on(w, at, w->parents[n->parents + i]);
			n = &w->nodes[at]; /* they may have moved */
		}
		if (!w->cut && w->opts->open_max > 0 && w->open_count >= w->opts->open_max) {
			w->cut = true;
			count_lively(w);
		}
	}
}

/* -- telling -- */

static bool
is_told(const struct walk *w, size_t node)
{
	return w->nodes[node].done && has_mark(w, node, w->opts->until_count) &&
	       (w->opts->open || !is_reached_by_all(w, node));
}

static bool
tell(const struct walk *w, size_t at, walk_fn fn, void *arg)
{
	const struct node *n = &w->nodes[at];
	struct walk_commit c = { .id = n->id,
		.tree = n->tree,
		.reached = &w->marks[at * w->words] };

	if (n->parent_count > 0) {
		const struct node *parent = &w->nodes[w->parents[n->parents]];

		c.parent_tree = parent->tree;
		c.has_parent = parent->here;
	}
	return fn(arg, &c);
}

static void
tell_all(struct walk *w, walk_fn fn, void *arg)
{
	bool go_on = true;

	w->heap_count = 0;
	for (size_t i = 0; i < w->count; i++)
		for (size_t k = 0; is_told(w, i) && k < w->nodes[i].parent_count; k++)
			w->nodes[w->parents[w->nodes[i].parents + k]].children++;
	for (size_t i = 0; i < w->count; i++)
		if (is_told(w, i) && w->nodes[i].children == 0)
			heap_push(w, i);
	while (go_on && w->heap_count > 0) {
		size_t at = heap_pop(w);
		const struct node *n = &w->nodes[at];

		go_on = tell(w, at, fn, arg);
		for (size_t i = 0; i < n->parent_count; i++) {
			size_t parent = w->parents[n->parents + i];

			if (--w->nodes[parent].children == 0 && is_told(w, parent))
				heap_push(w, parent);
		}
	}
}

void
walk_history(struct git2 *g, const struct walk_opts *opts, walk_fn fn, void *arg, bool *more,
    bool *ours)
{
	struct walk w = { .g = g, .opts = opts, .words = opts->until_count / 64 + 1 };
	size_t at = node_of(&w, opts->from);

	w.marks[at * w.words + opts->until_count / 64] |= UINT64_C(1) << opts->until_count % 64;
	for (size_t i = 0; i < opts->until_count; i++) {
		at = node_of(&w, &opts->until[i]);
		w.marks[at * w.words + i / 64] |= UINT64_C(1) << i % 64;
	}
	for (size_t i = 0, count = w.count; i < count; i++)
		enqueue(&w, i);
	mark_all(&w);
	*more = w.cut && w.heap_count > 0;
	for (size_t i = 0; i < opts->until_count; i++)
		ours[i] = has_mark(&w, node_of(&w, &opts->until[i]), opts->until_count);
	tell_all(&w, fn, arg);
	free(w.nodes);
	free(w.marks);
	free(w.slots);
	free(w.parents);
	free(w.heap);
}
