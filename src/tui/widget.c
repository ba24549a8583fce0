/* Small things to draw. */
#include "slipway/tui/widget.h"

#include <string.h>

#include "slipway/base/compiler.h"

#define TURN_MS 150

const char *
widget_sign(enum sign s, uint64_t now_ms)
{
	static const char *const turning[] = { "◜", "◝", "◞", "◟" };

	switch (s) {
	case SIGN_TODO:
		return "·";
	case SIGN_RUNNING:
		return turning[now_ms / TURN_MS % ARRAY_LEN(turning)];
	case SIGN_OK:
		return "✓";
	case SIGN_LOOK:
		return "!";
	case SIGN_BAD:
		return "✗";
	case SIGN_UNCHECKED:
		return "–";
	case SIGN_COUNT:
		break;
	}
	return "?";
}

enum role
widget_sign_role(enum sign s)
{
	switch (s) {
	case SIGN_TODO:
		return ROLE_DIM;
	case SIGN_RUNNING:
		return ROLE_RUNNING;
	case SIGN_OK:
		return ROLE_GOOD;
	case SIGN_LOOK:
		return ROLE_WARN;
	case SIGN_BAD:
		return ROLE_BAD;
	case SIGN_UNCHECKED:
		return ROLE_UNKNOWN;
	case SIGN_COUNT:
		break;
	}
	return ROLE_TEXT;
}

int
widget_draw_sign(struct region r, int x, int y, enum sign s, uint64_t now_ms)
{
	region_text(r, x, y, widget_sign_role(s), widget_sign(s, now_ms));
	return x + 2;
}

/* --- tabs: "title ✓ note │ title ◜ note" --- */

#define TAB_GAP 3
#define TITLE_MIN 9	   /* cells of a title that still tells it from others */
#define TITLE_WITH_NOTE 12 /* below that, notes make room before titles do */
#define MORE_CELLS 2	   /* "‹ " and " ›": there are others */

/* How the tabs are made to fit. */
struct tab_fit {
	size_t first, end; /* those drawn */
	int most;	   /* cells of a title */
	bool notes;	   /* of all; the one in front keeps its own */
};

static int
tab_cells(const struct widget_tab *t, const struct tab_fit *fit, bool here)
{
	int title = text_cells(t->title, strlen(t->title));
	int cells = (title < fit->most ? title : fit->most) + 2;

	return t->note != NULL && (fit->notes || here)
		   ? cells + 1 + text_cells(t->note, strlen(t->note))
		   : cells;
}

static int
all_cells(const struct widget_tab *tabs, size_t here, const struct tab_fit *fit)
{
	int cells = 0;

	for (size_t i = fit->first; i < fit->end; i++)
		cells += tab_cells(&tabs[i], fit, i == here) + (i > fit->first ? TAB_GAP : 0);
	return cells;
}

/* The one in front, and its neighbours as long as there is room. */
static void
fit_some(int room, const struct widget_tab *tabs, size_t count, size_t here, struct tab_fit *fit)
{
	bool grown = true;

	fit->first = here;
	fit->end = here + 1;
	while (grown) {
		struct tab_fit right = *fit, left = *fit;

		right.end += fit->end < count ? 1 : 0;
		left.first -= fit->first > 0 ? 1 : 0;
		grown = true;
		if (right.end > fit->end && all_cells(tabs, here, &right) + 2 * MORE_CELLS <= room)
			*fit = right;
		else if (left.first < fit->first &&
			 all_cells(tabs, here, &left) + 2 * MORE_CELLS <= room)
			*fit = left;
		else
			grown = false;
	}
}

/* Titles get shorter, then notes go, then titles get shorter still; at last tabs stay out. */
static struct tab_fit
fit_tabs(int room, const struct widget_tab *tabs, size_t count, size_t here)
{
	struct tab_fit fit = { .end = count };
	int longest = TITLE_MIN;

	for (size_t i = 0; i < count; i++) {
		int title = text_cells(tabs[i].title, strlen(tabs[i].title));

		longest = title > longest ? title : longest;
	}
	for (int round = 0; round < 2; round++) {
		int least = round == 0 && longest > TITLE_WITH_NOTE ? TITLE_WITH_NOTE : TITLE_MIN;

		fit.notes = round == 0;
		for (fit.most = longest; fit.most >= least; fit.most--)
			if (all_cells(tabs, here, &fit) <= room)
				return fit;
	}
	fit.most = longest < TITLE_WITH_NOTE ? longest : TITLE_WITH_NOTE;
	fit_some(room, tabs, count, here, &fit);
	return fit;
}

static int
draw_tab(struct region r, int x, int y, const struct widget_tab *t, const struct tab_fit *fit,
    bool here, uint64_t now_ms)
{
	x = region_path_fit(r, x, y, fit->most, here ? ROLE_TAB_HERE : ROLE_TAB, t->title) + 1;
	region_text(r, x, y, widget_sign_role(t->sign), widget_sign(t->sign, now_ms));
	x++;
	if (t->note != NULL && (fit->notes || here))
		x = region_text(r, x + 1, y, ROLE_DIM, t->note);
	return x;
}

int
widget_tabs(struct region r, int x, int y, const struct widget_tab *tabs, size_t count, size_t here,
    uint64_t now_ms)
{
	struct tab_fit fit;

	if (count == 0)
		return x;
	fit = fit_tabs(r.w - x, tabs, count, here);
	if (fit.first > 0)
		x = region_text(r, x, y, ROLE_RULE, "‹ ");
	for (size_t i = fit.first; i < fit.end; i++) {
		x = draw_tab(r, x, y, &tabs[i], &fit, i == here, now_ms);
		if (i + 1 < fit.end) {
			region_text(r, x + 1, y, ROLE_RULE, "│");
			x += TAB_GAP;
		}
	}
	if (fit.end < count)
		x = region_text(r, x, y, ROLE_RULE, " ›");
	return x;
}

size_t
widget_tab_at(
    struct region r, int x, const struct widget_tab *tabs, size_t count, size_t here, int click)
{
	struct tab_fit fit;

	if (count == 0)
		return 0;
	fit = fit_tabs(r.w - x, tabs, count, here);
	x += fit.first > 0 ? MORE_CELLS : 0;
	for (size_t i = fit.first; i < fit.end; i++) {
		int cells = tab_cells(&tabs[i], &fit, i == here);

		if (click >= x && click < x + cells)
			return i;
		x += cells + TAB_GAP;
	}
	return count;
}

/* --- progress --- */

void
widget_bar(struct region r, int x, int y, int w, uint64_t done, uint64_t total)
{
	static const char *const eighth[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	uint64_t eighths, full;
	enum role role = total > 0 && done >= total ? ROLE_BAR_DONE : ROLE_BAR;

	if (w <= 0)
		return;
	if (total == 0)
		eighths = 0;
	else if (done >= total)
		eighths = (uint64_t)w * 8;
	else
		eighths = (uint64_t)((double)done / (double)total * w * 8);
	full = eighths / 8;
	region_hline(r, x, y, w, ROLE_BAR_REST, surface_is_ascii(r.surface) ? "." : " ");
	region_hline(r, x, y, (int)full, role, "█");
	if (eighths % 8 > 0)
		region_text(r, x + (int)full, y, role, eighth[eighths % 8]);
}

/* --- frames of a page --- */

void
widget_title(struct region r, const char *title, const char *left, const char *right)
{
	int x = region_text(r, 0, 0, ROLE_TITLE, title), end = r.w;

	if (right != NULL) {
		int cells = text_cells(right, strlen(right));

		/* What is at the right gives way when there is no room for both. */
		if (cells + x + 2 <= r.w) {
			region_text_right(r, r.w, 0, ROLE_DIM, right);
			end = r.w - cells - 1;
		}
	}
	if (left != NULL) {
		x = x < 8 ? 9 : x + 2;
		region_text_fit(r, x, 0, end - x, ROLE_TEXT, left);
	}
}

void
widget_rule(struct region r, int y)
{
	region_hline(r, 0, y, r.w, ROLE_RULE, "─");
}

struct region
widget_card(struct region r, int w, int h, const char *title)
{
	struct region card, inside;

	w = w > r.w ? r.w : w;
	h = h > r.h ? r.h : h;
	card = region_sub(r, (r.w - w) / 2, (r.h - h) / 2, w, h);
	region_fill(card, ROLE_CARD);
	region_box(card, ROLE_CARD_RULE);
	for (int y = 0; y < card.h; y++)
		region_attr(card, 0, y, card.w, ATTR_CARD);
	if (title != NULL && card.w > 6) {
		struct region top = region_sub(card, 2, 0, card.w - 4, 1);
		int end = region_text_fit(top, 1, 0, top.w - 2, ROLE_CARD_TITLE, title);

		region_text(top, 0, 0, ROLE_CARD_TITLE, " ");
		region_text(top, end, 0, ROLE_CARD_TITLE, " ");
		region_attr(top, 0, 0, end + 1, ATTR_CARD);
	}
	inside = region_sub(card, 2, 1, card.w - 4, card.h - 2);
	return inside;
}

void
widget_card_end(struct region inside)
{
	for (int y = 0; y < inside.h; y++)
		region_attr(inside, 0, y, inside.w, ATTR_CARD);
}

int
widget_fact(
    struct region r, int y, int label_width, const char *label, enum role role, const char *value)
{
	int lines;

	region_text_fit(r, 0, y, label_width, ROLE_TEXT, label);
	lines = region_wrap(
	    region_sub(r, label_width, y, r.w - label_width, r.h - y), 0, role, value);
	return lines > 0 ? lines : 1;
}
