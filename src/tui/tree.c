/* A tree that folds, as a list of what is visible. */
#include "slipway/tui/list.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"

void
tree_fini(struct tree *t)
{
	free(t->nodes);
	free(t->visible);
	memset(t, 0, sizeof *t);
}

void
tree_add(struct tree *t, int depth, bool branch, void *item)
{
	t->nodes = mem_grow(t->nodes, &t->cap, t->count + 1, sizeof *t->nodes);
	t->nodes[t->count++] = (struct tree_node) {
		.depth = depth, .branch = branch, .item = item
	};
}

struct tree_node *
tree_selected(struct tree *t)
{
	return t->list.cursor < t->list.count ? &t->nodes[t->visible[t->list.cursor]] : NULL;
}

void
tree_update(struct tree *t)
{
	size_t selected = t->list.count > 0 ? t->visible[t->list.cursor] : 0;
	size_t count = 0, cursor = 0;
	int hidden = -1; /* nodes deeper than this are folded away */

	free(t->visible);
	t->visible = mem_zalloc(t->count + 1, sizeof *t->visible);
	for (size_t i = 0; i < t->count; i++) {
		const struct tree_node *n = &t->nodes[i];

		if (hidden >= 0 && n->depth > hidden)
			continue;
		hidden = n->branch && n->folded ? n->depth : -1;
		/* The last visible node up to the selected one is itself, or what hides it. */
		if (i <= selected)
			cursor = count;
		t->visible[count++] = i;
	}
	list_set_count(&t->list, count);
	list_select(&t->list, cursor);
}

static size_t
parent_of(const struct tree *t, size_t node)
{
	for (size_t i = node; i-- > 0;)
		if (t->nodes[i].depth < t->nodes[node].depth)
			return i;
	return node;
}

void
tree_select(struct tree *t, size_t node)
{
	if (node >= t->count)
		return;
	for (size_t at = node, up = parent_of(t, at); up != at; at = up, up = parent_of(t, at))
		t->nodes[up].folded = false;
	tree_update(t);
	for (size_t i = 0; i < t->list.count; i++)
		if (t->visible[i] == node)
			list_select(&t->list, i);
}

static void
fold(struct tree *t, struct tree_node *n, bool folded)
{
	n->folded = folded;
	tree_update(t);
}

bool
tree_act(struct tree *t, enum action a)
{
	struct tree_node *n = tree_selected(t);

	if (a == ACT_FOLD_ALL || a == ACT_UNFOLD_ALL) {
		for (size_t i = 0; i < t->count; i++)
			t->nodes[i].folded = t->nodes[i].branch && a == ACT_FOLD_ALL;
		tree_update(t);
		return true;
	}
	if (n == NULL)
		return list_act(&t->list, a);
	if (a == ACT_LEFT) {
		if (n->branch && !n->folded)
			fold(t, n, true);
		else
			tree_select(t, parent_of(t, (size_t)(n - t->nodes)));
		return true;
	}
	if (a == ACT_RIGHT || (a == ACT_NEXT && n->branch)) {
		if (!n->branch)
			return false;
		fold(t, n, a == ACT_NEXT && !n->folded);
		return true;
	}
	return list_act(&t->list, a);
}

struct tree_row {
	struct tree *tree;
	list_row_fn fn;
	void *arg;
};

static void
draw_row(void *arg, struct region row, size_t index, bool selected)
{
	struct tree_row *tr = arg;
	size_t node = tr->tree->visible[index];
	const struct tree_node *n = &tr->tree->nodes[node];
	int x = n->depth * 2;

	if (n->branch)
		region_text(row, x, 0, ROLE_DIM, n->folded ? "▸" : "▾");
	tr->fn(tr->arg, region_right(row, x + 2), node, selected);
}

void
tree_draw(struct tree *t, struct region r, bool focused, list_row_fn fn, void *arg)
{
	struct tree_row row = { .tree = t, .fn = fn, .arg = arg };

	list_draw(&t->list, r, focused, draw_row, &row);
}
