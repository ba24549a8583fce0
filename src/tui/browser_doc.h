/* A member to be read on a screen, however long: its rows are found by one pass over the content,
 * which leaves marks; of the bytes only a few blocks are kept. Knows no archive and no thread: who
 * feeds it, does. */
#ifndef SLIPWAY_TUI_BROWSER_DOC_H
#define SLIPWAY_TUI_BROWSER_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/str.h"

enum doc_view { DOC_AUTO, DOC_TEXT, DOC_ESCAPED, DOC_HEX };
enum doc_encoding { DOC_BYTES, DOC_UTF16_LITTLE, DOC_UTF16_BIG };

#define DOC_BLOCK ((size_t)256 * 1024)
#define DOC_BLOCKS 16	   /* kept at a time */
#define DOC_ROW_BYTES 2000 /* a longer line goes on in the next row */
#define DOC_HEX_BYTES 16

/* The first row that begins at least 16 KiB behind the mark before. */
struct doc_mark {
	uint64_t offset;
	size_t row, line;
	bool continued;
};

/* What a pass over the bytes found out. */
struct doc_index {
	enum doc_encoding encoding;
	bool binary; /* NUL, or more than 30 % control bytes, in the first 8 KiB */
	bool begun, complete;
	uint64_t size; /* bytes seen */
	size_t rows;
	struct doc_mark *marks;
	size_t count, cap;
	size_t controls, invisible, invalid; /* what is spelled out when shown */
	size_t crlf;
	struct doc_mark next; /* of the row that is not ended yet */
	struct str rest;      /* its bytes */
};

/* The bytes in their order, in pieces of any length; LAST ends it (LEN may be 0 then). */
void doc_index_feed(struct doc_index *x, const void *data, size_t len, bool last);
void doc_index_fini(struct doc_index *x); /* all zero is empty; empty afterwards */

struct doc_block {
	uint64_t start;
	struct str data;
	uint64_t used; /* when, for dropping the oldest */
};

struct doc {
	struct doc_index index;
	struct doc_block blocks[DOC_BLOCKS];
	uint64_t clock;
	struct doc_mark at;	/* of the row that was asked for last */
	bool wants;		/* a block that is not here was asked for: */
	uint64_t wanted_offset; /* where it begins */
};

void doc_fini(struct doc *d); /* all zero is empty; empty afterwards */
void doc_rest(struct doc *d); /* keeps the index alone */
/* Takes the bytes at START, a multiple of DOC_BLOCK; only the last block may be shorter. */
void doc_take_block(struct doc *d, uint64_t start, struct str *data);
/* Text, escaped or hex: what VIEW comes to for this content. */
enum doc_view doc_view_of(const struct doc *d, enum doc_view view);
size_t doc_rows(const struct doc *d, enum doc_view view);

struct doc_line {
	size_t line;   /* from 1; 0 in a continued row */
	uint64_t offset;
};
/* Appends row ROW as it is shown: raw UTF-8 in DOC_TEXT (whoever draws it makes it safe), printable
 * text else. False when its bytes are not here: d->wants. */
bool doc_row(struct doc *d, enum doc_view view, size_t row, struct str *out, struct doc_line *at);
/* Row in which LINE begins, or that has the byte at OFFSET; false when that needs bytes that are
 * not here: d->wants. */
bool doc_row_of_line(struct doc *d, enum doc_view view, size_t line, size_t *row);
bool doc_row_of_offset(struct doc *d, enum doc_view view, uint64_t offset, size_t *row);
/* "escaped 3 control characters; CRLF line ends"; may be empty. Appended to OUT. */
void doc_note(const struct doc *d, enum doc_view view, struct str *out);

/* TEXT as it is in a document of that encoding; small letters stand for capitals too unless there
 * is one. */
struct doc_needle {
	struct str bytes;
	bool exact;
};
void doc_needle_init(struct doc_needle *n, enum doc_encoding encoding, const char *text);
void doc_needle_fini(struct doc_needle *n);
/* Offset in DATA from FROM on; LEN when there is none. */
size_t doc_needle_find(const struct doc_needle *n, const char *data, size_t len, size_t from);

#endif
