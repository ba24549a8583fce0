/* Splits a text into what is drawn: characters, marks, and spelled-out bytes. Used by regions
 * alone. */
#ifndef SLIPWAY_TUI_GLYPH_H
#define SLIPWAY_TUI_GLYPH_H

#include <stddef.h>

enum glyph_kind {
	GLYPH_PLAIN,   /* one character of one or two cells */
	GLYPH_MARK,    /* drawn over the cell before; no cells of its own */
	GLYPH_SPELLED, /* several ASCII characters that stand for unsafe bytes */
};

struct glyph {
	enum glyph_kind kind;
	char text[16];
	size_t len;
	int cells;
};

/* The first glyph of LEN (> 0) bytes; returns the bytes it takes. */
size_t glyph_next(const char *text, size_t len, struct glyph *out);
/* Replaces a plain glyph by ASCII of the same number of cells. */
void glyph_to_ascii(struct glyph *g);

#endif
