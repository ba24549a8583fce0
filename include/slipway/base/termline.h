/* Lines out of the bytes that a program writes to a terminal. A carriage return overwrites, so a
 * progress bar is one line; colours are kept as runs; every other escape sequence is swallowed.
 * What comes out holds no control byte and follows the rules of base/sanitise.h. */
#ifndef SLIPWAY_BASE_TERMLINE_H
#define SLIPWAY_BASE_TERMLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TERMLINE_MAX 16384    /* bytes of a line; what is longer is cut and ends on "…" */
#define TERMLINE_RUNS_MAX 256 /* runs of a line; the rest of it is plain */

/* A colour: none, one of 256 by number, or red, green and blue. */
#define TERMLINE_DEFAULT 0x0U
#define TERMLINE_INDEX 0x1000000U /* | 0..255; below 16 the theme decides */
#define TERMLINE_RGB 0x2000000U	  /* | 0xrrggbb */
#define TERMLINE_VALUE 0x0ffffffU

enum termline_attr {
	TERMLINE_BOLD = 1,
	TERMLINE_DIM = 2,
	TERMLINE_ITALIC = 4,
	TERMLINE_UNDERLINE = 8,
	TERMLINE_REVERSE = 16,
	TERMLINE_STRIKE = 32,
};

struct termline_style {
	uint32_t fg, bg;
	uint8_t attrs;
};

struct termline_run {
	uint16_t start, len; /* bytes of the text, at characters */
	struct termline_style style;
};

struct termline_line {
	const char *text; /* UTF-8, closed by a NUL behind len */
	size_t len;
	const struct termline_run *runs; /* in order; text outside of them is plain */
	size_t run_count;
	bool partial; /* its end has not come yet */
};

/* LINE is borrowed until it returns. */
typedef void (*termline_fn)(void *arg, const struct termline_line *line);

struct termline;

struct termline *termline_new(termline_fn fn, void *arg); /* the caller owns it: termline_free() */
void termline_free(struct termline *t);			  /* NULL is fine; drops a partial line */
/* Calls back for every line that ends in DATA, in order. */
void termline_feed(struct termline *t, const char *data, size_t len);
/* The stream is at its end: a line without its newline is given out as it is. */
void termline_end(struct termline *t);
/* The line under way, for a screen; false when it is empty. Borrowed until the next call on T. */
bool termline_partial(struct termline *t, struct termline_line *out);

#endif
