/* What a member looks like: its first bytes as rows of safe text, or in hex. Nothing here draws. */
#ifndef SLIPWAY_DIST_PREVIEW_H
#define SLIPWAY_DIST_PREVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"

struct archive;

enum preview_mode {
	PREVIEW_AUTO, /* text; hex with a NUL or more than 30 % control bytes in the first 8 KiB */
	PREVIEW_TEXT,
	PREVIEW_HEX,
};

#define PREVIEW_BYTES ((size_t)256 * 1024)
/* A longer line goes on in the next row. */
#define PREVIEW_ROW_BYTES 2000
#define PREVIEW_HEX_BYTES 16

struct preview_row {
	size_t offset, len; /* in the text */
	size_t line;	    /* from 1 */
	bool continued;	    /* goes on with the line of the row before */
};

struct preview {
	enum preview_mode mode; /* PREVIEW_TEXT or PREVIEW_HEX */
	struct str text;	/* the bytes shown; UTF-16 was made UTF-8 */
	uint64_t size;		/* of the member */
	struct str note; /* safe: what was hidden, escaped, decoded or damaged; may be empty */
	struct preview_row *rows; /* as far as they were asked for */
	size_t count, cap;
	size_t indexed; /* bytes of text that the rows cover */
};

#define PREVIEW_EMPTY                                                                              \
	{                                                                                          \
		.mode = PREVIEW_TEXT                                                               \
	}

/* The first MAX bytes (0: PREVIEW_BYTES) of a member. Damage and links are told in the note; errors
 * are ERR_IO and ERR_CANCELLED. The caller owns *OUT. Blocks, a tar.gz longest. */
enum err_code preview_load(struct archive *a, size_t index, enum preview_mode mode, size_t max,
    struct preview *out, struct err *e);
void preview_fini(struct preview *p); /* empty is fine; empty afterwards */
/* False behind the last row. Rows are found as far as they are asked for. */
bool preview_has_row(struct preview *p, size_t row);
/* Appends one row as printable text; *LINE (may be NULL) gets its line number, 0 for a continued
 * row and in hex. False behind the last row. */
bool preview_row(struct preview *p, size_t row, struct str *out, size_t *line);
/* Row in which LINE begins, the last one when the text shown has fewer. */
size_t preview_row_of_line(struct preview *p, size_t line);

#endif
