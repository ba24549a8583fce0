/* Pieces that are drawn from what they are given and keep nothing. */
#ifndef SLIPWAY_TUI_WIDGET_H
#define SLIPWAY_TUI_WIDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/tui/surface.h"
#include "slipway/wizard/release.h"

/* ✓ ✗ ! – ◜ · and their roles. NOW_MS turns the sign of what is running. */
const char *widget_sign(enum sign s, uint64_t now_ms);
enum role widget_sign_role(enum sign s);
/* In column X of line Y; returns X + 2, behind a space. */
int widget_draw_sign(struct region r, int x, int y, enum sign s, uint64_t now_ms);

struct widget_tab {
	const char *title;
	enum sign sign;
	const char *note; /* "12 s"; may be NULL */
};
/* Tabs in line Y from X on, the one at HERE always in sight; returns the column behind. NOW_MS as
 * above. */
int widget_tabs(struct region r, int x, int y, const struct widget_tab *tabs, size_t count,
    size_t here, uint64_t now_ms);
/* Which tab lies at column CLICK of what widget_tabs drew with the same arguments; COUNT for none.
 */
size_t widget_tab_at(
    struct region r, int x, const struct widget_tab *tabs, size_t count, size_t here, int click);

/* W cells with DONE of TOTAL filled, to an eighth of a cell; TOTAL 0 is empty. */
void widget_bar(struct region r, int x, int y, int w, uint64_t done, uint64_t total);

/* Title of a page and what is said beside it, at the left and at the right end of line 0. */
void widget_title(struct region r, const char *title, const char *left, const char *right);
/* A line across R in ROLE_RULE. */
void widget_rule(struct region r, int y);

/* A card of W times H (with its frame) in the middle of R, cut to it: frame, title and ground.
 * Returns the inside. Draw into it, then widget_card_end() lays the ground under what was drawn. */
struct region widget_card(struct region r, int w, int h, const char *title);
void widget_card_end(struct region inside);

/* A label column and a value, as in "identity   A. Maintainer": returns the lines used (the value
 * wraps). */
int widget_fact(
    struct region r, int y, int label_width, const char *label, enum role role, const char *value);

#endif
