/* A grid of cells that widgets draw on. It knows what a cell means (its role), not how that looks,
 * and no terminal: term.h shows it, tests read its dump. No control byte ever gets into a cell.
 *
 * Everything is drawn through a region: a rectangle of the surface, a value to be passed on.
 * Coordinates are relative to it; whatever lies outside is cut, so a widget cannot draw over its
 * neighbour. */
#ifndef SLIPWAY_TUI_SURFACE_H
#define SLIPWAY_TUI_SURFACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/compiler.h"
#include "slipway/base/str.h"
#include "slipway/tui/role.h"

#define SURFACE_TEXT_SIZE                                                                          \
	16		 /* bytes of a cell's text with its NUL; more combining marks are dropped */
#define SURFACE_MAX 1000 /* cells in one direction; a bigger terminal is used up to there */

struct surface_cell {
	char text[SURFACE_TEXT_SIZE]; /* one character with its marks; empty: right half of a wide
					 one */
	uint8_t width;		      /* 1 or 2; 0 for a right half */
	uint8_t role;		      /* enum role */
	uint8_t attr;		      /* enum attr, added to those of the role */
};

struct surface;

struct region {
	struct surface *surface;
	int x, y, w, h; /* of the surface; inside it */
};

/* The caller owns it: surface_free(). ASCII: what is not ASCII is replaced as it is drawn. */
struct surface *surface_new(int w, int h, bool ascii);
void surface_free(struct surface *s);		      /* NULL is fine */
void surface_resize(struct surface *s, int w, int h); /* blank afterwards */
void surface_clear(struct surface *s);		      /* no cursor either */
int surface_width(const struct surface *s);
int surface_height(const struct surface *s);
bool surface_is_ascii(const struct surface *s);
/* Borrowed until the next resize; X and Y must lie inside. */
const struct surface_cell *surface_cell(const struct surface *s, int x, int y);
/* The text cursor; false when it is hidden, which is the start. */
bool surface_cursor(const struct surface *s, int *x, int *y);
void surface_hide_cursor(struct surface *s);

struct region region_all(struct surface *s);
/* The part of R at X, Y that is W wide and H high, cut to R; it may be empty. */
struct region region_sub(struct region r, int x, int y, int w, int h);
/* One line of R; and what is left of R behind a number of lines or columns. */
struct region region_row(struct region r, int y);
struct region region_below(struct region r, int rows);
struct region region_right(struct region r, int cols);
bool region_is_empty(struct region r);

/* Draw TEXT from column X (may be negative) of line Y; each returns the column behind it, as if
 * nothing had been cut. Whatever a terminal could act on is spelled out in ROLE_ESCAPE. */
int region_text(struct region r, int x, int y, enum role role, const char *text);
int region_bytes(struct region r, int x, int y, enum role role, const char *text, size_t len);
int region_printf(struct region r, int x, int y, enum role role, const char *fmt, ...)
    PRINTF_LIKE(5, 6);
/* As region_text, with "…" in the last of W cells when it does not fit there; returns the column
 * behind. */
int region_text_fit(struct region r, int x, int y, int w, enum role role, const char *text);
/* The same, but what is cut is the middle: for paths, whose end matters. */
int region_path_fit(struct region r, int x, int y, int w, enum role role, const char *text);
/* Ends at column X (exclusive). */
void region_text_right(struct region r, int x, int y, enum role role, const char *text);
/* Words of TEXT from line Y on within the width of R, breaking at spaces and LF; returns the lines
 * used, and only counts when R is empty of height. */
int region_wrap(struct region r, int y, enum role role, const char *text);
int region_wrap_height(int w, const char *text);
/* Cells that region_text would use. */
int text_cells(const char *text, size_t len);

/* One character in one cell, from the source text: a sign, a line piece. */
void region_put(struct region r, int x, int y, enum role role, const char *character);
void region_fill(struct region r, enum role role); /* spaces */
/* CHARACTER (one cell) again and again. */
void region_hline(struct region r, int x, int y, int w, enum role role, const char *character);
void region_vline(struct region r, int x, int y, int h, enum role role, const char *character);
void region_box(struct region r, enum role role); /* a frame along the edge */
/* Adds ATTR to W cells, or gives them ROLE; keeps their text. */
void region_attr(struct region r, int x, int y, int w, unsigned int attr);
void region_role(struct region r, int x, int y, int w, enum role role);
void region_show_cursor(struct region r, int x, int y); /* outside of R: not shown */

/* Lines closed by LF, without spaces at their ends: the text, and (unless NULL) a letter for each
 * role. */
void surface_dump(const struct surface *s, struct str *text, struct str *roles);

#endif
