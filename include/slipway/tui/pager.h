/* A text of many lines: scrolling both ways, search, following its end. Lines come from a function,
 * so that a log of 100,000 lines is never copied. */
#ifndef SLIPWAY_TUI_PAGER_H
#define SLIPWAY_TUI_PAGER_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/str.h"
#include "slipway/tui/keys.h"
#include "slipway/tui/surface.h"

/* From byte AT on, up to the next span or the end. */
struct pager_span {
	size_t at;
	enum role role;
	unsigned int attr;
};

struct pager_line {
	struct bytes text; /* tabs are set to columns of eight; all else is made safe when drawn */
	enum role role;
	const struct pager_span *spans; /* NULL: the whole line in ROLE */
	size_t span_count;
	char gutter[24];  /* drawn in front in ROLE_LINE_NUMBER, does not scroll; "" for none */
	const char *sign; /* one cell in front of the text in ROLE (+, −, !); NULL for none */
};

/* Fills *OUT with line INDEX; its bytes stay until the next call. */
typedef void (*pager_line_fn)(void *arg, size_t index, struct pager_line *out);

/* All zero, then fn and count, is a pager at the start of its text. */
struct pager {
	pager_line_fn fn;
	void *arg;
	size_t count;
	size_t top; /* first line shown */
	int left;   /* columns scrolled off */
	bool wrap;
	bool follow;	  /* stays at the end while lines are added; any move up ends it */
	int rows, cols;	  /* of the last draw */
	char search[128]; /* "": none */
	size_t match;	  /* line of the match one is at */
	bool found;
};

/* Lines were added or taken away. */
void pager_set_count(struct pager *p, size_t count);
/* Moves, WRAP, FOLLOW, MATCH_NEXT, MATCH_BACK; false for other actions. */
bool pager_act(struct pager *p, enum action a);
bool pager_scroll(struct pager *p, int lines);
/* Starts at the first line shown. Without capitals it finds both. False when nothing matches; ""
 * ends it. */
bool pager_search(struct pager *p, const char *text);
void pager_go_to(struct pager *p, size_t line);
void pager_draw(struct pager *p, struct region r);

/* Lines of a text kept as they are, for pager_set_text(). */
struct pager_text {
	struct str text;
	struct bytes *lines;
	size_t count, cap;
	bool diff; /* colour lines that start with +, -, @ */
};
/* Copies TEXT and makes P show it. The caller owns T: pager_text_fini(). */
void pager_set_text(struct pager *p, struct pager_text *t, const char *text, size_t len);
void pager_text_fini(struct pager_text *t);

#endif
