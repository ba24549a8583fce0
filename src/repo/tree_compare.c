/* libgit2's own comparison of trees builds lists and patches that nobody asks for here; walking
 * both at once and passing over what is equal is several times as fast. */
#include "tree_compare.h"

#include <stdlib.h>
#include <string.h>

#include "git2_wrap.h"
#include "slipway/base/mem.h"

#define SLOTS 4096		    /* a power of two */
#define KEPT_MAX ((size_t)32 << 20) /* bytes of all kept trees */

struct slot {
	struct object_id id;
	struct git2_object tree; /* without a handle: free */
	unsigned int users;
};

struct tree_compare {
	struct git2 *g;
	struct slot *slots; /* each tree has one place, which the newest takes */
	size_t kept_bytes;
	struct str path;
	unsigned int depth;
	const struct tree_watch *watch;
};

/* -- trees that are kept -- */

/* A tree in use; one of its two places is set, or none when it could not be read. */
struct held {
	struct bytes text;
	struct slot *slot;
	struct git2_object own;
};

static void
forget(struct tree_compare *c, struct slot *slot)
{
	c->kept_bytes -= slot->tree.text.len;
	git2_object_fini(&slot->tree);
}

static void
forget_unused(struct tree_compare *c)
{
	for (size_t i = 0; i < SLOTS; i++)
		if (c->slots[i].users == 0)
			forget(c, &c->slots[i]);
}

static struct held
hold(struct tree_compare *c, const struct object_id *id)
{
	struct held h = { .own = GIT2_OBJECT_EMPTY };
	struct slot *slot;
	uint32_t hash;

	if (id == NULL)
		return h;
	memcpy(&hash, id->bytes, sizeof hash);
	slot = &c->slots[hash % SLOTS];
	if (slot->tree.handle == NULL || memcmp(&slot->id, id, sizeof *id) != 0) {
		if (!git2_object_read(c->g, id->bytes, &h.own))
			return h;
		h.text = h.own.text;
		if (slot->users > 0)
			return h;
		forget(c, slot);
		if (c->kept_bytes + h.own.text.len > KEPT_MAX)
			forget_unused(c);
		*slot = (struct slot) { .id = *id, .tree = h.own };
		c->kept_bytes += h.own.text.len;
		h.own = (struct git2_object)GIT2_OBJECT_EMPTY;
	}
	h.text = slot->tree.text;
	h.slot = slot;
	slot->users++;
	return h;
}

static void
let_go(struct held *h)
{
	if (h->slot != NULL)
		h->slot->users--;
	git2_object_fini(&h->own);
}

/* -- comparing -- */

static void compare_trees(
    struct tree_compare *c, const struct object_id *old_tree, const struct object_id *new_tree);

static void
tell_folder(
    struct tree_compare *c, const struct object_id *old_tree, const struct object_id *new_tree)
{
	const struct tree_watch *w = c->watch;

	if (w->enter == NULL || w->enter(w->arg, str_text(&c->path))) {
		compare_trees(c, old_tree, new_tree);
		return;
	}
	str_putc(&c->path, '/');
	w->path(w->arg, str_text(&c->path));
}

static void
tell(struct tree_compare *c, const struct tree_entry *old_entry, const struct tree_entry *new_entry)
{
	const struct tree_entry *any = new_entry != NULL ? new_entry : old_entry;
	const struct object_id *old_tree = old_entry != NULL && old_entry->is_tree ? &old_entry->id
										   : NULL;
	const struct object_id *new_tree = new_entry != NULL && new_entry->is_tree ? &new_entry->id
										   : NULL;
	bool file = (old_entry != NULL && !old_entry->is_tree) ||
		    (new_entry != NULL && !new_entry->is_tree);
	size_t len = c->path.len;

	if (len > 0)
		str_putc(&c->path, '/');
	str_append(&c->path, any->name.data, any->name.len);
	if (file)
		c->watch->path(c->watch->arg, str_text(&c->path));
	if (old_tree != NULL || new_tree != NULL)
		tell_folder(c, old_tree, new_tree);
	str_splice(&c->path, len, c->path.len - len, NULL, 0);
}

/* As git sorts them: the name of a folder ends in a slash. */
static int
order(const struct tree_entry *a, const struct tree_entry *b)
{
	size_t both = a->name.len < b->name.len ? a->name.len : b->name.len;
	int diff = memcmp(a->name.data, b->name.data, both);
	unsigned char x, y;

	if (diff != 0)
		return diff;
	x = a->name.len > both ? (unsigned char)a->name.data[both] : a->is_tree ? '/' : '\0';
	y = b->name.len > both ? (unsigned char)b->name.data[both] : b->is_tree ? '/' : '\0';
	return (x > y) - (x < y);
}

/* How many bytes both begin with. */
static size_t
common(struct bytes a, struct bytes b)
{
	size_t max = a.len < b.len ? a.len : b.len, len = 0;
	uint64_t x, y;

	for (; max - len >= sizeof x; len += sizeof x) {
		memcpy(&x, a.data + len, sizeof x);
		memcpy(&y, b.data + len, sizeof y);
		if (x != y)
			break;
	}
	while (len < max && a.data[len] == b.data[len])
		len++;
	return len;
}

/* Passes over the entries that both begin with: in a tree with hundreds of them, most often one
 * differs. */
static void
skip_equal(struct bytes *a, struct bytes *b)
{
	size_t equal = common(*a, *b), done;
	struct bytes rest = *a;
	struct tree_entry entry;

	if (equal == a->len && equal == b->len) {
		*a = *b = (struct bytes) { a->data, 0 };
		return;
	}
	while (tree_entry_next(&rest, &entry) && (done = a->len - rest.len) <= equal) {
		equal -= done;
		b->data += done;
		b->len -= done;
		*a = rest;
	}
}

static void
compare_entries(struct tree_compare *c, struct bytes old_rest, struct bytes new_rest)
{
	for (;;) {
		struct bytes old_next, new_next;
		struct tree_entry a, b;
		bool has_a, has_b;
		int diff;

		skip_equal(&old_rest, &new_rest);
		old_next = old_rest;
		new_next = new_rest;
		has_a = tree_entry_next(&old_next, &a);
		has_b = tree_entry_next(&new_next, &b);
		if (!has_a && !has_b)
			return;
		diff = !has_a ? 1 : !has_b ? -1 : order(&a, &b);
		if (diff < 0)
			tell(c, &a, NULL);
		else if (diff > 0)
			tell(c, NULL, &b);
		else if (a.is_run != b.is_run || memcmp(&a.id, &b.id, sizeof a.id) != 0)
			tell(c, &a, &b);
		if (diff <= 0)
			old_rest = old_next;
		if (diff >= 0)
			new_rest = new_next;
	}
}

static void
compare_trees(
    struct tree_compare *c, const struct object_id *old_tree, const struct object_id *new_tree)
{
	struct held a, b;

	if (c->depth >= TREE_DEPTH_MAX)
		return;
	c->depth++;
	a = hold(c, old_tree);
	b = hold(c, new_tree);
	compare_entries(c, a.text, b.text);
	let_go(&a);
	let_go(&b);
	c->depth--;
}

struct tree_compare *
tree_compare_new(struct git2 *g)
{
	struct tree_compare *c = mem_zalloc(1, sizeof *c);

	c->g = g;
	c->slots = mem_zalloc(SLOTS, sizeof c->slots[0]);
	return c;
}

void
tree_compare_free(struct tree_compare *c)
{
	if (c == NULL)
		return;
	forget_unused(c);
	free(c->slots);
	str_fini(&c->path);
	free(c);
}

void
tree_compare_run(struct tree_compare *c, const struct object_id *old_tree,
    const struct object_id *new_tree, const struct tree_watch *watch)
{
	c->watch = watch;
	if (old_tree == NULL || new_tree == NULL ||
	    memcmp(old_tree, new_tree, sizeof *old_tree) != 0)
		compare_trees(c, old_tree, new_tree);
	c->watch = NULL;
}
