/* The tree of members. No recursion: a path may have thousands of parts. */
#include "slipway/dist/tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/dist/archive.h"

/* A hostile archive can name more folders than it has bytes in memory for nodes. */
#define NODES_MAX ((size_t)1000000)
#define PARTS_MAX 256

struct item {
	struct bytes name;
	size_t member;
};

/* Bytewise, with the slash before all else, so that what lies in one folder lies together. */
static int
compare_paths(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	size_t common = x->name.len < y->name.len ? x->name.len : y->name.len;

	for (size_t i = 0; i < common; i++) {
		unsigned char p = (unsigned char)x->name.data[i],
			      q = (unsigned char)y->name.data[i];

		if (p == q)
			continue;
		if (p == '/' || q == '/')
			return p == '/' ? -1 : 1;
		return p < q ? -1 : 1;
	}
	if (x->name.len != y->name.len)
		return x->name.len < y->name.len ? -1 : 1;
	return x->member < y->member ? -1 : 1;
}

/* The folders above the running path, and what of the path they cover. */
struct stack {
	size_t nodes[PARTS_MAX];
	size_t ends[PARTS_MAX]; /* behind the slash */
	size_t depth;
	struct bytes path;
	bool slash; /* the path is a folder whose name has none */
};

static size_t
add_node(struct dist_tree *t, const struct stack *s, struct bytes name, size_t member, bool is_dir)
{
	t->nodes = mem_grow(t->nodes, &t->cap, t->count + 1, sizeof t->nodes[0]);
	t->nodes[t->count] = (struct dist_tree_node) {
		.name = name,
		.member = member,
		.parent = s->depth > 0 ? s->nodes[s->depth - 1] : DIST_TREE_NONE,
		.child = DIST_TREE_NONE,
		.next = DIST_TREE_NONE,
		.depth = s->depth,
		.is_dir = is_dir,
	};
	return t->count++;
}

/* Drops the folders that PATH does not lie in. */
static void
leave(struct stack *s, struct bytes path)
{
	size_t same = 0;

	while (same < path.len && same < s->path.len && path.data[same] == s->path.data[same])
		same++;
	if (s->slash && same == s->path.len && same < path.len && path.data[same] == '/')
		same++;
	while (s->depth > 0 && s->ends[s->depth - 1] > same)
		s->depth--;
}

static void
add_path(struct dist_tree *t, struct stack *s, const struct dist_tree_item *m, size_t index)
{
	struct bytes path = m->name;
	size_t begin, node;

	leave(s, path);
	begin = s->depth > 0 ? s->ends[s->depth - 1] : 0;
	for (size_t i = begin; i < path.len && s->depth < PARTS_MAX && t->count < NODES_MAX; i++) {
		if (path.data[i] != '/')
			continue;
		node = add_node(t, s,
		    (struct bytes) { .data = path.data + begin, .len = i - begin },
		    FINDING_NO_MEMBER, true);
		s->nodes[s->depth] = node;
		s->ends[s->depth++] = i + 1;
		begin = i + 1;
	}
	s->path = path;
	s->slash = false;
	if (begin == path.len && s->depth > 0 &&
	    t->nodes[s->nodes[s->depth - 1]].member == FINDING_NO_MEMBER) {
		node = s->nodes[s->depth - 1];
		t->nodes[node].member = index;
	} else {
		node = add_node(t, s,
		    (struct bytes) { .data = path.data + begin, .len = path.len - begin }, index,
		    m->is_dir);
		/* A folder of a tar has no slash; what is below it follows at once. */
		if (m->is_dir && begin < path.len && s->depth < PARTS_MAX) {
			s->nodes[s->depth] = node;
			s->ends[s->depth++] = path.len + 1;
			s->slash = true;
		}
		if (!m->is_dir) {
			t->nodes[node].size = m->size;
			t->nodes[node].files = 1;
		}
	}
	t->by_member[index] = node;
}

/* Nodes stand behind their parents, so one walk from the last one sums up. */
static void
sum_up(struct dist_tree *t)
{
	for (size_t i = t->count; i-- > 0;) {
		struct dist_tree_node *n = &t->nodes[i], *parent;

		if (n->parent == DIST_TREE_NONE)
			continue;
		parent = &t->nodes[n->parent];
		parent->size = n->size > UINT64_MAX - parent->size ? UINT64_MAX
								   : parent->size + n->size;
		parent->files += n->files;
	}
}

void
dist_tree_build_items(const struct dist_tree_item *list, size_t count, struct dist_tree *out)
{
	struct dist_tree t = DIST_TREE_EMPTY;
	struct stack *s = mem_zalloc(1, sizeof *s);
	struct item *items = mem_zalloc(count + 1, sizeof *items);

	t.members = count;
	t.by_member = mem_zalloc(count + 1, sizeof t.by_member[0]);
	for (size_t i = 0; i < count; i++)
		items[i] = (struct item) { .name = list[i].name, .member = i };
	if (count > 1)
		qsort(items, count, sizeof items[0], compare_paths);
	for (size_t i = 0; i < count; i++)
		add_path(&t, s, &list[items[i].member], items[i].member);
	sum_up(&t);
	dist_tree_sort(&t, DIST_TREE_BY_NAME);
	free(items);
	free(s);
	*out = t;
}

void
dist_tree_build(const struct archive *a, const struct findings *findings, struct dist_tree *out)
{
	size_t count = archive_count(a);
	struct dist_tree_item *items = mem_zalloc(count + 1, sizeof *items);

	for (size_t i = 0; i < count; i++) {
		const struct member *m = archive_member(a, i);

		items[i] = (struct dist_tree_item) {
			.name = m->name, .size = m->size, .is_dir = m->kind == MEMBER_DIR
		};
	}
	dist_tree_build_items(items, count, out);
	if (findings != NULL)
		dist_tree_mark(out, findings);
	free(items);
}

void
dist_tree_fini(struct dist_tree *t)
{
	free(t->nodes);
	free(t->by_member);
	*t = (struct dist_tree)DIST_TREE_EMPTY;
}

void
dist_tree_mark(struct dist_tree *t, const struct findings *findings)
{
	for (size_t i = 0; i < t->count; i++) {
		t->nodes[i].findings = 0;
		t->nodes[i].worst = FINDING_INFO;
	}
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *f = &findings->items[i];
		size_t node = f->index < t->members ? t->by_member[f->index] : DIST_TREE_NONE;

		while (node != DIST_TREE_NONE) {
			struct dist_tree_node *n = &t->nodes[node];

			n->findings++;
			if (f->severity > n->worst)
				n->worst = f->severity;
			node = n->parent;
		}
	}
}

/* What a node is sorted by, the names apart: they are compared once, for the ranks. */
struct sibling {
	size_t index, parent, rank;
	int64_t value;			   /* larger ones first */
	int severity;			   /* likewise */
	bool is_dir;			   /* folders first */
	const struct dist_tree_node *node; /* for its name; NULL: the rank will do */
};

static int
compare_siblings(const void *a, const void *b)
{
	const struct sibling *x = a, *y = b;
	int order = 0;

	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->is_dir != y->is_dir)
		return x->is_dir ? -1 : 1;
	if (x->value != y->value)
		return x->value > y->value ? -1 : 1;
	if (x->node == NULL)
		return x->rank < y->rank ? -1 : x->rank > y->rank;
	order = bytes_order(x->node->name, y->node->name);
	if (order != 0)
		return order;
	return x->node->member < y->node->member ? -1 : x->node->member > y->node->member;
}

static struct sibling
sibling_of(const struct dist_tree *t, size_t index, enum dist_tree_order order)
{
	const struct dist_tree_node *n = &t->nodes[index];
	struct sibling s = { .index = index,
		.parent = n->parent,
		.rank = n->rank,
		.is_dir = n->is_dir,
		.node = t->ranked ? NULL : n };

	if (order == DIST_TREE_BY_SEVERITY && n->findings > 0)
		s.severity = (int)n->worst + 1;
	if (order == DIST_TREE_BY_GROWTH)
		s.value = n->growth;
	if (order == DIST_TREE_BY_SIZE)
		s.value = n->size < INT64_MAX ? (int64_t)n->size : INT64_MAX;
	return s;
}

void
dist_tree_sort(struct dist_tree *t, enum dist_tree_order order)
{
	struct sibling *all = mem_zalloc(t->count + 1, sizeof *all);

	t->first = DIST_TREE_NONE;
	for (size_t i = 0; i < t->count; i++) {
		all[i] = sibling_of(t, i, t->ranked ? order : DIST_TREE_BY_NAME);
		t->nodes[i].child = t->nodes[i].next = DIST_TREE_NONE;
	}
	if (t->count > 1)
		qsort(all, t->count, sizeof all[0], compare_siblings);
	for (size_t i = t->count; i-- > 0;) {
		struct dist_tree_node *n = &t->nodes[all[i].index];
		size_t *head = n->parent == DIST_TREE_NONE ? &t->first : &t->nodes[n->parent].child;

		n->next = *head;
		*head = all[i].index;
		if (!t->ranked)
			n->rank = i;
	}
	t->ranked = true;
	free(all);
}

size_t
dist_tree_next(const struct dist_tree *t, size_t node, bool open_only)
{
	const struct dist_tree_node *n = &t->nodes[node];

	assert(node < t->count);
	if (n->child != DIST_TREE_NONE && (n->open || !open_only))
		return n->child;
	while (node != DIST_TREE_NONE && t->nodes[node].next == DIST_TREE_NONE)
		node = t->nodes[node].parent;
	return node != DIST_TREE_NONE ? t->nodes[node].next : DIST_TREE_NONE;
}

void
dist_tree_reveal(struct dist_tree *t, size_t node)
{
	assert(node < t->count);
	for (node = t->nodes[node].parent; node != DIST_TREE_NONE; node = t->nodes[node].parent)
		t->nodes[node].open = true;
}
