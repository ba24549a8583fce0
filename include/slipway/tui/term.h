/* The terminal: shows a surface, turns bytes into events on the loop, is given away and taken back.
 * There is at most one. Nothing outside term_curses.c knows curses. */
#ifndef SLIPWAY_TUI_TERM_H
#define SLIPWAY_TUI_TERM_H

#include <stdbool.h>

#include "slipway/base/err.h"
#include "slipway/tui/input.h"
#include "slipway/tui/theme.h"

struct loop;
struct surface;
struct term;

struct term_opts {
	const struct theme
	    *theme; /* required; borrowed until the next term_set_theme() or term_stop() */
	bool no_colour, no_mouse; /* NO_COLOR is looked at as well */
	input_fn on_event;	  /* required: keys, pastes, mouse, resizes, signals */
	void *arg;
};

/* Takes the terminal on standard input and output over: alternate screen, raw mode, signals (INT,
 * TERM, HUP, TSTP, WINCH) on the loop, crash handlers. ERR_UNSUPPORTED when there is no terminal or
 * it cannot be drawn on. The caller owns *OUT: term_stop(). */
enum err_code term_start(
    struct loop *l, const struct term_opts *opts, struct term **out, struct err *e);
/* Gives everything back as it was. NULL is fine. */
void term_stop(struct term *t);

void term_size(const struct term *t, int *w, int *h);
bool term_is_ascii(const struct term *t); /* the locale is not UTF-8 */
enum theme_depth term_depth(const struct term *t);
/* The next term_draw() repaints everything. */
void term_set_theme(struct term *t, const struct theme *theme);
void term_repaint(struct term *t);

/* Sends what differs from the last call. Nothing happens while suspended. */
void term_draw(struct term *t, const struct surface *s);

/* Gives the terminal to another program ($EDITOR, a passphrase prompt), and takes it back: an
 * INPUT_RESIZE follows, and everything is painted anew. Calls do not nest. */
void term_suspend(struct term *t);
void term_resume(struct term *t);
bool term_is_suspended(const struct term *t);
/* Ctrl-Z: stops the whole job as a shell expects; returns when it goes on. */
void term_stop_job(struct term *t);

#endif
