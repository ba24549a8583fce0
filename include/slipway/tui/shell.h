/* The screen as a whole: a page in the frame, more in front of it, keys to whoever has them. It
 * knows the wizard's words (signs), not the wizard, and no terminal: term.h feeds it events and
 * shows its surface; tests do the same.
 *
 * A page is a table of functions. It draws into the region that it is given, answers actions, and
 * calls shell_redraw() whenever what it shows has changed; drawing happens once a frame. */
#ifndef SLIPWAY_TUI_SHELL_H
#define SLIPWAY_TUI_SHELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/compiler.h"
#include "slipway/tui/input.h"
#include "slipway/tui/keys.h"
#include "slipway/tui/layout.h"
#include "slipway/tui/surface.h"

struct loop;
struct page;
struct shell;

struct page_ops {
	enum keys_context context;
	size_t state_size;	      /* page->state: zeroed before open(), freed after close() */
	bool is_card;		      /* drawn over what lies below it */
	void (*open)(struct page *p); /* may be NULL, as all but draw */
	void (*close)(struct page *p);
	void (*draw)(struct page *p, struct region body);
	/* True when A was done here. What is left goes to the shell, then to shell_ops.act. */
	bool (*act)(struct page *p, enum action a);
	/* Before a key is looked up, for typing; pastes and the mouse as well (page_local()). True:
	 * taken. */
	bool (*event)(struct page *p, const struct input_event *ev);
	/* Why A does nothing just now; NULL when it does. Borrowed. */
	const char *(*off)(struct page *p, enum action a);
	/* Another word for A in the bottom line; NULL: that of the table, "": not there now (for
	 * QUIT: ^C stands there). Borrowed. */
	const char *(*label)(struct page *p, enum action a);
	/* Called as the text grows, and with "" when the search is left. False: not found. NULL: no
	 * search here. */
	bool (*search)(struct page *p, const char *text);
	/* The bottom line, before "help" and "quit"; closed by ACT_NONE. */
	const enum action *bar;
};

struct page {
	const struct page_ops *ops;
	struct shell *shell;
	void *state;
	void *data;	    /* of shell_show() or shell_push() */
	struct region area; /* of the last draw */
};

/* What the frame shows and who decides what pages leave open. */
struct shell_ops {
	void (*header)(
	    void *arg, struct layout_header *out); /* texts borrowed until the next call */
	size_t (*rail)(void *arg, struct layout_rail_item *out, size_t max); /* 0 items: no rail */
	/* QUIT, BACK, LOG, INTERRUPT, SUSPEND, REPAINT and all that no page took. True: done. */
	bool (*act)(void *arg, enum action a);
};

/* The caller owns it: shell_free(). LOOP gives the time and the frames; OPS and ARG are kept. */
struct shell *shell_new(
    struct loop *l, const struct shell_ops *ops, void *arg, int w, int h, bool ascii);
void shell_free(struct shell *s); /* closes all pages; NULL is fine */

/* Makes the page the one at the bottom, closing all others. */
struct page *shell_show(struct shell *s, const struct page_ops *ops, void *data);
/* Puts it in front. */
struct page *shell_push(struct shell *s, const struct page_ops *ops, void *data);
/* Closes what is in front; the page at the bottom stays. The page may call it on itself as its last
 * act. */
void shell_pop(struct shell *s);
struct page *shell_front(const struct shell *s); /* NULL: none */
struct page *shell_bottom(const struct shell *s);

void shell_event(struct shell *s, const struct input_event *ev);
/* As if its key had been pressed: from the palette, a click, a test. */
void shell_act(struct shell *s, enum action a);
/* Draws everything and returns the surface, borrowed. */
const struct surface *shell_draw(struct shell *s);
/* Asks for a frame. */
void shell_redraw(struct shell *s);
/* From a draw function: something turns, come back in a moment. */
void shell_animate(struct shell *s);
uint64_t shell_now(const struct shell *s); /* milliseconds, for widget_sign() and spans */
/* In place of the keys until the next key. */
void shell_message(struct shell *s, enum role role, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Coordinates of a mouse event inside P; false when it lies outside. */
bool page_local(const struct page *p, const struct input_event *ev, int *x, int *y);

/* --- ready-made pages in front --- */

/* CHOSEN is the index of the option; SIZE_MAX when it was closed without one. */
typedef void (*shell_choice_fn)(void *arg, size_t chosen);
typedef void (*shell_text_fn)(void *arg, const char *text); /* NULL: closed without one */

struct shell_question {
	const char *title, *text;   /* copied */
	const char *const *options; /* copied */
	size_t count, preset;
	bool danger; /* the text in ROLE_DANGER */
};
void shell_ask(struct shell *s, const struct shell_question *q, shell_choice_fn fn, void *arg);
/* One line of text; PRESET may be NULL. */
void shell_ask_text(struct shell *s, const char *title, const char *text, const char *preset,
    shell_text_fn fn, void *arg);
/* A text to read, copied; DIFF colours it as one. */
void shell_show_text(struct shell *s, const char *title, const char *text, size_t len, bool diff);

#endif
