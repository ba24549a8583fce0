/* One line that is typed: a text with a cursor, or a secret of which nothing is shown, not even its
 * length. */
#ifndef SLIPWAY_TUI_EDIT_LINE_H
#define SLIPWAY_TUI_EDIT_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/str.h"
#include "slipway/tui/input.h"
#include "slipway/tui/surface.h"

struct secret;

#define EDIT_LINE_MAX 4096 /* bytes */

/* All zero is empty. */
struct edit_line {
	struct str text;
	size_t cursor; /* byte offset, at a character */
	int left;      /* cells scrolled off */
};

void edit_line_fini(struct edit_line *l);
void edit_line_set(struct edit_line *l, const char *text); /* cursor at its end */
/* Characters, Backspace, Del, Left, Right, Home, End, ^A ^E ^U ^K ^W; a paste goes in up to its
 * first line end. False for what is not its own: Enter, Esc, Tab and the rest. */
bool edit_line_event(struct edit_line *l, const struct input_event *ev);
/* In the first line of R, with the terminal's cursor; HINT (may be NULL) while it is empty. */
void edit_line_draw(struct edit_line *l, struct region r, const char *hint);

/* The same for a secret, in place: characters and pastes are added, Backspace takes the last, ^U
 * all. */
bool edit_secret_event(struct secret *s, const struct input_event *ev);
/* Always the same picture. */
void edit_secret_draw(struct region r);

#endif
