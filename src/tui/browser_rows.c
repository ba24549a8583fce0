/* What is visible of the tree, and in which order. */
#include "browser_rows.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"

#define OPEN_BELOW 200 /* a smaller tree begins unfolded */

void
browser_rows_fini(struct browser_rows *r)
{
	free(r->items);
	free(r->badges);
	free(r->rows);
	dist_tree_fini(&r->tree);
	memset(r, 0, sizeof *r);
}

const char *
browser_filter_name(enum browser_filter f)
{
	static const char *const names[FILTER_COUNT] = { "all", "changed", "not in git",
		"with findings", "binaries" };

	return names[f];
}

const char *
browser_order_name(enum dist_tree_order order)
{
	static const char *const names[] = { "by name", "by size", "by growth", "by severity" };

	return names[order];
}

const struct browser_item *
browser_rows_item(const struct browser_rows *r, size_t node)
{
	size_t member = node < r->tree.count ? r->tree.nodes[node].member : FINDING_NO_MEMBER;

	return member < r->count ? &r->items[member] : NULL;
}

/* --- what a name says --- */

static bool
ends_with(struct bytes name, const char *suffix)
{
	size_t len = strlen(suffix);

	return name.len >= len && memcmp(name.data + name.len - len, suffix, len) == 0;
}

static bool
has_suffix(struct bytes name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (ends_with(name, *list))
			return true;
	return false;
}

static struct bytes
last_part(struct bytes name)
{
	size_t at = name.len;

	while (at > 0 && name.data[at - 1] != '/')
		at--;
	return (struct bytes) { name.data + at, name.len - at };
}

char
browser_kind_of(struct bytes name, uint32_t mode, bool is_link)
{
	static const char *const binaries[] = { ".so", ".pyd", ".dll", ".dylib", ".pyc", ".pyo",
		".o", ".a", ".exe", ".bin", ".wasm", ".class", ".pkl", ".npy", ".png", ".jpg",
		".jpeg", ".gif", ".ico", ".pdf", ".woff", ".woff2", ".ttf", ".mo", NULL };
	static const char *const archives[] = { ".zip", ".whl", ".egg", ".jar", ".tar", ".gz",
		".tgz", ".xz", ".bz2", ".zst", ".7z", NULL };
	static const char *const starts[] = { "sitecustomize.py", "usercustomize.py", NULL };
	struct bytes base = last_part(name);

	if (is_link)
		return 'L';
	if (ends_with(base, ".pth"))
		return 'N';
	for (const char *const *s = starts; *s != NULL; s++)
		if (bytes_is(base, *s))
			return 'N';
	if (has_suffix(base, archives))
		return 'Z';
	if (has_suffix(base, binaries))
		return 'B';
	return (mode & 0111) != 0 ? 'X' : 0;
}

/* --- badges of folders --- */

static int
kind_rank(char kind)
{
	static const char order[] = "LZBXN";
	const char *at = kind != 0 ? strchr(order, kind) : NULL;

	return at != NULL ? (int)(at - order) + 1 : 0;
}

static int
state_rank(char state)
{
	static const char order[] = ".M-~+gG";
	const char *at = state != 0 ? strchr(order, state) : NULL;

	return at != NULL ? (int)(at - order) + 1 : 0;
}

/* What is still open hides what was acknowledged. */
static int
severity_rank(const struct browser_badges *b)
{
	return b->severity == 0 ? 0 : b->severity + (b->accepted ? 0 : FINDING_SEVERITY_COUNT);
}

static void
merge(struct browser_badges *to, const struct browser_badges *from)
{
	if (severity_rank(from) > severity_rank(to)) {
		to->severity = from->severity;
		to->accepted = from->accepted;
	}
	if (state_rank(from->change) > state_rank(to->change))
		to->change = from->change;
	if (state_rank(from->git) > state_rank(to->git))
		to->git = from->git;
	if (kind_rank(from->kind) > kind_rank(to->kind))
		to->kind = from->kind;
	to->secret |= from->secret;
}

void
browser_rows_mark(struct browser_rows *r, const struct findings *findings)
{
	static const struct findings none = FINDINGS_EMPTY;
	struct dist_tree *t = &r->tree;

	dist_tree_mark(t, findings != NULL ? findings : &none);
	for (size_t i = 0; i < t->count; i++) {
		const struct browser_item *item = browser_rows_item(r, i);

		r->badges[i] = item != NULL ? item->badges : (struct browser_badges) { 0 };
		t->nodes[i].growth = item != NULL ? item->growth : 0;
	}
	/* Nodes stand behind their parents. */
	for (size_t i = t->count; i-- > 0;) {
		size_t parent = t->nodes[i].parent;

		if (parent == DIST_TREE_NONE)
			continue;
		merge(&r->badges[parent], &r->badges[i]);
		t->nodes[parent].growth += t->nodes[i].growth;
	}
}

/* --- building --- */

void
browser_rows_build(struct browser_rows *r)
{
	struct dist_tree_item *items = mem_zalloc(r->count + 1, sizeof *items);
	struct dist_tree before = r->tree;

	for (size_t i = 0; i < r->count; i++)
		items[i] = (struct dist_tree_item) { .name = r->items[i].name,
			.size = r->items[i].gone ? 0 : r->items[i].size,
			.is_dir = r->items[i].is_dir };
	dist_tree_build_items(items, r->count, &r->tree);
	free(items);
	r->built = r->count;
	for (size_t i = 0; i < r->tree.count; i++) {
		struct dist_tree_node *n = &r->tree.nodes[i];

		n->open = before.count == r->tree.count
			      ? before.nodes[i].open
			      : r->tree.count < OPEN_BELOW || n->depth == 0;
	}
	dist_tree_fini(&before);
	free(r->badges);
	r->badges = mem_zalloc(r->tree.count + 1, sizeof r->badges[0]);
	browser_rows_mark(r, NULL);
	dist_tree_sort(&r->tree, r->order);
	browser_rows_update(r);
}

/* --- what is visible --- */

bool
browser_rows_passes(const struct browser_rows *r, size_t node)
{
	const struct browser_item *item = browser_rows_item(r, node);

	if (item == NULL)
		return r->filter == FILTER_ALL;
	switch (r->filter) {
	case FILTER_CHANGED:
		return item->changed || item->gone;
	case FILTER_NOT_IN_GIT:
		return item->badges.git == 'G';
	case FILTER_FINDINGS:
		return item->badges.severity > 0;
	case FILTER_BINARIES:
		return item->badges.kind == 'B' || item->badges.kind == 'Z';
	case FILTER_ALL:
	case FILTER_COUNT:
		break;
	}
	return true;
}

static void
add_row(struct browser_rows *r, size_t node)
{
	r->rows = mem_grow(r->rows, &r->row_cap, r->row_count + 1, sizeof r->rows[0]);
	r->rows[r->row_count++] = node;
}

struct flat {
	size_t node, place; /* its row in the tree */
	int64_t value;	    /* larger ones first */
};

static int
compare_flat(const void *a, const void *b)
{
	const struct flat *x = a, *y = b;

	if (x->value != y->value)
		return x->value > y->value ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static int64_t
value_of(const struct browser_item *item, enum dist_tree_order order)
{
	switch (order) {
	case DIST_TREE_BY_SIZE:
		return item->size < INT64_MAX ? (int64_t)item->size : INT64_MAX;
	case DIST_TREE_BY_GROWTH:
		return item->growth;
	case DIST_TREE_BY_SEVERITY:
		return item->badges.severity;
	case DIST_TREE_BY_NAME:
		break;
	}
	return 0;
}

static void
update_flat(struct browser_rows *r)
{
	struct flat *all = mem_zalloc(r->tree.count + 1, sizeof *all);
	size_t n = 0;

	for (size_t i = r->tree.first; i != DIST_TREE_NONE;
	     i = dist_tree_next(&r->tree, i, false)) {
		const struct browser_item *item = browser_rows_item(r, i);

		if (r->tree.nodes[i].is_dir || item == NULL || !browser_rows_passes(r, i))
			continue;
		all[n] = (struct flat) { .node = i, .place = n, .value = value_of(item, r->order) };
		n++;
	}
	/* By name it is in its order already. */
	if (n > 1 && r->order != DIST_TREE_BY_NAME)
		qsort(all, n, sizeof all[0], compare_flat);
	for (size_t i = 0; i < n; i++)
		add_row(r, all[i].node);
	free(all);
}

static void
update_tree(struct browser_rows *r)
{
	struct dist_tree *t = &r->tree;
	bool *shown = NULL;

	if (r->filter != FILTER_ALL) {
		shown = mem_zalloc(t->count + 1, sizeof *shown);
		for (size_t i = t->count; i-- > 0;) {
			if (!t->nodes[i].is_dir)
				shown[i] = browser_rows_passes(r, i);
			if (shown[i] && t->nodes[i].parent != DIST_TREE_NONE)
				shown[t->nodes[i].parent] = true;
		}
	}
	for (size_t i = t->first; i != DIST_TREE_NONE; i = dist_tree_next(t, i, true))
		if (shown == NULL || shown[i])
			add_row(r, i);
	free(shown);
}

void
browser_rows_update(struct browser_rows *r)
{
	r->row_count = 0;
	if (r->tree.count == 0)
		return;
	if (r->flat)
		update_flat(r);
	else
		update_tree(r);
}

size_t
browser_rows_reveal(struct browser_rows *r, size_t node)
{
	if (node >= r->tree.count)
		return r->row_count;
	dist_tree_reveal(&r->tree, node);
	browser_rows_update(r);
	for (size_t i = 0; i < r->row_count; i++)
		if (r->rows[i] == node)
			return i;
	return r->row_count;
}

/* --- looking for one --- */

size_t
browser_rows_find(
    const struct browser_rows *r, size_t node, int way, browser_test_fn test, void *arg)
{
	const struct dist_tree *t = &r->tree;
	size_t *order = mem_zalloc(t->count + 1, sizeof *order), n = 0, start, found;

	if (r->flat)
		for (; n < r->row_count; n++)
			order[n] = r->rows[n];
	for (size_t i = t->count > 0 && !r->flat ? t->first : DIST_TREE_NONE; i != DIST_TREE_NONE;
	     i = dist_tree_next(t, i, false))
		order[n++] = i;
	found = DIST_TREE_NONE;
	for (start = 0; start < n && order[start] != node; start++)
		;
	if (start == n)
		start = way > 0 ? n - 1 : 0;
	for (size_t i = 1; i <= n && found == DIST_TREE_NONE; i++) {
		size_t at = way > 0 ? (start + i) % n : (start + n - i) % n;

		if (browser_rows_passes(r, order[at]) && test(arg, r, order[at]))
			found = order[at];
	}
	free(order);
	return found;
}
