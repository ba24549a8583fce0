/* Where everything lies. */
#include "slipway/tui/layout.h"

#include <stdio.h>
#include <string.h>

#include "slipway/tui/widget.h"

static struct layout
draw_too_small(struct region all)
{
	struct layout out = { .header = all, .too_small = true };
	struct region none = { .surface = all.surface };
	char size[64];

	out.rail = out.body = out.keys = none;
	snprintf(size, sizeof size, "%d x %d; it needs %d x %d", all.w, all.h, LAYOUT_MIN_W,
	    LAYOUT_MIN_H);
	if (all.w >= 34 && all.h >= 6) {
		struct region in = widget_card(all, 34, 6, "slipway");

		region_text(in, 0, 0, ROLE_CARD, "terminal too small:");
		region_text(in, 0, 1, ROLE_CARD, size);
		region_text(in, 0, 3, ROLE_DIM, "nothing is lost; q leaves");
		widget_card_end(in);
	} else {
		int lines = region_wrap(all, 0, ROLE_TEXT, "terminal too small");

		region_wrap(region_below(all, lines), 0, ROLE_TEXT, size);
	}
	return out;
}

struct layout
layout_draw(struct region all, bool rail)
{
	struct layout out = { .has_rail = rail };
	int left = rail ? LAYOUT_RAIL : 0;
	int rows = all.h - 4;

	if (all.w < LAYOUT_MIN_W || all.h < LAYOUT_MIN_H)
		return draw_too_small(all);
	out.header = region_row(all, 0);
	out.keys = region_row(all, all.h - 1);
	widget_rule(all, 1);
	widget_rule(all, all.h - 2);
	if (rail) {
		out.rail = region_sub(all, 0, 2, left, rows);
		region_put(all, left, 1, ROLE_RULE, "┬");
		region_vline(all, left, 2, rows, ROLE_RULE, "│");
		region_put(all, left, all.h - 2, ROLE_RULE, "┴");
		out.body = region_sub(all, left + 2, 2, all.w - left - 3, rows);
	} else {
		out.rail = region_sub(all, 0, 2, 0, rows);
		out.body = region_sub(all, 1, 2, all.w - 2, rows);
	}
	return out;
}

void
layout_header(struct region r, const struct layout_header *h)
{
	int end = r.w - 1, x;

	region_fill(r, ROLE_HEADER);
	x = region_text(r, 1, 0, ROLE_HEADER_NAME, "slipway") + 2;
	if (h->right != NULL) {
		int cells = text_cells(h->right, strlen(h->right));

		if (cells < r.w / 2) {
			region_text_right(r, r.w - 1, 0, ROLE_HEADER, h->right);
			end -= cells + 2;
		}
	}
	if (h->version != NULL)
		end -= text_cells(h->version, strlen(h->version)) + 2;
	if (h->project != NULL)
		x = region_text_fit(r, x, 0, end - x, ROLE_HEADER, h->project) + 2;
	if (h->version != NULL)
		region_text(region_sub(r, 0, 0, r.w - 1, 1), x, 0, ROLE_HEADER_VERSION, h->version);
	region_attr(r, 0, 0, r.w, ATTR_HEADER);
}

static void
draw_rail_item(struct region row, const struct layout_rail_item *item, uint64_t now_ms)
{
	enum role role = ROLE_RAIL_TODO;
	const char *sign = widget_sign(item->sign, now_ms);

	if (item->here) {
		role = ROLE_RAIL_HERE;
		/* A failure or work under way says more than where one is; the role says that. */
		if (item->sign == SIGN_TODO || item->sign == SIGN_OK)
			sign = item->no_return ? "═" : "▸";
	} else if (item->sign != SIGN_TODO && item->sign != SIGN_RUNNING) {
		role = ROLE_RAIL_DONE;
	} else if (item->no_return) {
		sign = "═";
	}
	if (item->no_return && strcmp(sign, "═") == 0)
		region_text(row, 1, 0, ROLE_RAIL_STOP, sign);
	else if (item->here && strcmp(sign, "▸") == 0)
		region_text(row, 1, 0, ROLE_RAIL_HERE, sign);
	else
		region_text(row, 1, 0, widget_sign_role(item->sign), sign);
	region_text(row, 3, 0, role == ROLE_RAIL_DONE ? ROLE_TEXT : role, item->name);
}

void
layout_rail(struct region r, const struct layout_rail_item *items, size_t count, uint64_t now_ms)
{
	size_t here = 0, top = 0, rows = r.h > 0 ? (size_t)r.h : 0;

	for (size_t i = 0; i < count; i++)
		if (items[i].here)
			here = i;
	if (count > rows && here + 2 > rows)
		top = here + 2 - rows;
	if (count > rows && top > count - rows)
		top = count - rows;
	for (size_t i = 0; i < rows && top + i < count; i++)
		draw_rail_item(region_row(r, (int)i), &items[top + i], now_ms);
}

/* --- the key line --- */

static const char *
label_of(const struct layout_key *k)
{
	return k->label != NULL ? k->label : action_info[k->action].label;
}

static int
key_cells(const struct layout_key *k)
{
	char name[32];

	keys_first(k->action, name, sizeof name);
	return text_cells(name, strlen(name)) + 1 + text_cells(label_of(k), strlen(label_of(k))) +
	       (k->off ? 2 : 0);
}

/* Calls for each item that fits its column: those of the end first, then from the start as long as
 * there is room. Returns the item at column CLICK, or COUNT. */
static size_t
place_keys(struct region r, const struct layout_key *items, size_t count, bool draw, int click)
{
	size_t tail = count > 2 ? 2 : count, hit = count;
	int room = r.w - 1 + 3, x = 1; /* no gap behind the last */
	char name[32];

	for (size_t i = count - tail; i < count; i++)
		room -= key_cells(&items[i]) + 3;
	for (size_t i = 0; i < count; i++) {
		const struct layout_key *k = &items[i];
		int cells = key_cells(k), at = x;

		if (i < count - tail) {
			if (cells + 3 > room)
				continue;
			room -= cells + 3;
		}
		if (click >= at && click < at + cells)
			hit = i;
		x = at + cells + 3;
		if (!draw)
			continue;
		if (k->off)
			at = region_text(r, at, 0, ROLE_KEY_OFF, "(");
		at = region_text(r, at, 0, k->off ? ROLE_KEY_OFF : ROLE_KEY,
		    keys_first(k->action, name, sizeof name));
		at = region_text(r, at + 1, 0, k->off ? ROLE_KEY_OFF : ROLE_KEY_LABEL, label_of(k));
		if (k->off)
			region_text(r, at, 0, ROLE_KEY_OFF, ")");
	}
	return hit;
}

void
layout_keys(struct region r, const struct layout_key *items, size_t count)
{
	place_keys(r, items, count, true, -1);
}

size_t
layout_key_at(struct region r, const struct layout_key *items, size_t count, int x)
{
	return place_keys(r, items, count, false, x);
}

void
layout_message(struct region r, enum role role, const char *text)
{
	region_text_fit(r, 1, 0, r.w - 2, role, text);
}
