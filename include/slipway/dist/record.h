/* RECORD of a wheel: CSV with path, hash and size of each file. */
#ifndef SLIPWAY_DIST_RECORD_H
#define SLIPWAY_DIST_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/str.h"

enum record_problem {
	RECORD_FIELDS = 1, /* not three of them */
	RECORD_NO_PATH = 2,
	RECORD_BAD_HASH = 4,	/* no algorithm=digest */
	RECORD_BAD_SIZE = 8,	/* no plain decimal number */
	RECORD_OPEN_QUOTE = 16, /* the text ends inside a quoted field */
	RECORD_BAD_UTF8 = 32,
};

struct record_row {
	struct bytes path;	/* unquoted */
	struct bytes algorithm; /* as spelled; empty when the hash is empty */
	struct bytes digest;	/* URL-safe base64 without padding, as spelled */
	bool has_size;
	uint64_t size;
	size_t line;	   /* where the row begins, from 1 */
	unsigned problems; /* enum record_problem */
};

struct record {
	struct str store; /* behind all texts */
	struct record_row *rows;
	size_t count, cap;
};

#define RECORD_EMPTY                                                                               \
	{                                                                                          \
		.rows = NULL                                                                       \
	}

/* Reads CSV as Python's csv module does. Never fails: what is odd is in the rows. The caller owns
 * *OUT. */
void record_parse(const char *text, size_t len, struct record *out);
void record_fini(struct record *r); /* empty is fine; empty afterwards */

#endif
