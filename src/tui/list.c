/* Cursor and scrolling. */
#include "slipway/tui/list.h"

static bool
can_select(const struct list *l, size_t index)
{
	return l->selectable == NULL || l->selectable(l->arg, index);
}

/* The nearest line that can be selected from INDEX on, in direction STEP, else in the other; COUNT:
 * none. */
static size_t
nearest(const struct list *l, size_t index, int step)
{
	for (int turn = 0; turn < 2; turn++, step = -step)
		for (size_t i = index; i<l->count; i = step> 0 ? i + 1 : i - 1)
			if (can_select(l, i))
				return i;
	return l->count;
}

static bool
move_to(struct list *l, size_t index, int step)
{
	size_t before = l->cursor, found;

	if (l->count == 0)
		return false;
	found = nearest(l, index < l->count ? index : l->count - 1, step);
	if (found < l->count)
		l->cursor = found;
	return l->cursor != before;
}

void
list_set_count(struct list *l, size_t count)
{
	l->count = count;
	if (count == 0)
		l->cursor = l->top = 0;
	else
		move_to(l, l->cursor, 1);
}

void
list_select(struct list *l, size_t index)
{
	move_to(l, index, 1);
}

bool
list_act(struct list *l, enum action a)
{
	size_t page = l->rows > 1 ? (size_t)l->rows - 1 : 1;
	size_t last = l->count > 0 ? l->count - 1 : 0;

	if (a == ACT_UP) {
		if (l->cursor > 0)
			move_to(l, l->cursor - 1, -1);
		/* Headings above the first line come into sight. */
		if (nearest(l, 0, 1) == l->cursor)
			l->top = 0;
	} else if (a == ACT_DOWN) {
		move_to(l, l->cursor < last ? l->cursor + 1 : last, 1);
	} else if (a == ACT_PAGE_UP) {
		move_to(l, l->cursor > page ? l->cursor - page : 0, -1);
	} else if (a == ACT_PAGE_DOWN) {
		move_to(l, l->cursor + page < last ? l->cursor + page : last, 1);
	} else if (a == ACT_TOP) {
		move_to(l, 0, 1);
		l->top = 0;
	} else if (a == ACT_BOTTOM) {
		move_to(l, last, -1);
	} else {
		return false;
	}
	return true;
}

bool
list_scroll(struct list *l, int lines)
{
	bool changed = false;

	for (; lines > 0; lines--)
		changed |= l->cursor + 1 < l->count && move_to(l, l->cursor + 1, 1);
	for (; lines < 0; lines++)
		changed |= l->cursor > 0 && move_to(l, l->cursor - 1, -1);
	return changed;
}

bool
list_click(struct list *l, int y)
{
	size_t at = l->top + (size_t)y;

	if (y < 0 || y >= l->rows || at >= l->count || !can_select(l, at))
		return false;
	l->cursor = at;
	return true;
}

void
list_draw(struct list *l, struct region r, bool focused, list_row_fn fn, void *arg)
{
	size_t rows = r.h > 0 ? (size_t)r.h : 0;

	l->rows = r.h;
	if (rows == 0)
		return;
	if (l->cursor < l->top)
		l->top = l->cursor;
	if (l->cursor >= l->top + rows)
		l->top = l->cursor - rows + 1;
	if (l->top + rows > l->count)
		l->top = l->count > rows ? l->count - rows : 0;
	for (size_t i = 0; i < rows && l->top + i < l->count; i++) {
		struct region row = region_row(r, (int)i);
		bool selected = l->top + i == l->cursor && can_select(l, l->cursor);

		fn(arg, row, l->top + i, selected);
		if (selected && focused)
			region_attr(row, 0, 0, row.w, ATTR_CURSOR);
	}
}
