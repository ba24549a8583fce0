/* A cursor over lines, and a tree over it. Both hold numbers only: what a line is, the page knows.
 */
#ifndef SLIPWAY_TUI_LIST_H
#define SLIPWAY_TUI_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/tui/keys.h"
#include "slipway/tui/surface.h"

/* All zero is an empty list. */
struct list {
	size_t count, cursor, top;
	int rows; /* of the last list_draw(), for paging */
	/* Lines that the cursor passes over (headings); NULL: all can be selected. */
	bool (*selectable)(void *arg, size_t index);
	void *arg;
};

/* ROW is one line; draw into it, the list adds the cursor's ground. */
typedef void (*list_row_fn)(void *arg, struct region row, size_t index, bool selected);

/* Keeps the cursor inside and on a line that can be selected. */
void list_set_count(struct list *l, size_t count);
void list_select(struct list *l, size_t index);
/* Moves for UP, DOWN, PAGE_UP, PAGE_DOWN, TOP and BOTTOM; false for other actions. */
bool list_act(struct list *l, enum action a);
/* Wheel and click; Y is relative to the region of list_draw(). True when something changed. */
bool list_scroll(struct list *l, int lines);
bool list_click(struct list *l, int y);
/* FOCUSED: the ground of the cursor is drawn. */
void list_draw(struct list *l, struct region r, bool focused, list_row_fn fn, void *arg);

/* Nodes in preorder; a branch hides what is deeper behind it while it is folded. */
struct tree_node {
	int depth; /* 0 at the root */
	bool branch, folded;
	void *item; /* the page's */
};

struct tree {
	struct list list; /* over the visible nodes */
	struct tree_node *nodes;
	size_t count, cap;
	size_t *visible; /* list index to node index */
};

void tree_fini(struct tree *t); /* frees no item; empty afterwards */
void tree_add(struct tree *t, int depth, bool branch, void *item);
void tree_update(
    struct tree *t); /* after adding or folding by hand; keeps the selected node, or its parent */
/* NULL when there is none. Borrowed until nodes are added. */
struct tree_node *tree_selected(struct tree *t);
/* Unfolds what hides the node and selects it. */
void tree_select(struct tree *t, size_t node);
/* As list_act; also LEFT and RIGHT (fold and parent, unfold), NEXT on a branch, FOLD_ALL,
 * UNFOLD_ALL. */
bool tree_act(struct tree *t, enum action a);
/* ROW starts behind the indentation and the sign of a branch; INDEX is that of the node. */
void tree_draw(struct tree *t, struct region r, bool focused, list_row_fn fn, void *arg);

#endif
