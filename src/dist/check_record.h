/* RECORD beside the pass over all contents. */
#ifndef SLIPWAY_DIST_CHECK_RECORD_H
#define SLIPWAY_DIST_CHECK_RECORD_H

#include "check_priv.h"
#include "slipway/base/digest.h"
#include "slipway/dist/record.h"

/* The same for all lanes of the pass; only USED changes, each row by one lane. */
struct record_rows {
	struct check *c;
	struct record record;
	size_t *order;	   /* rows by path, then by line */
	atomic_bool *used; /* by row */
	size_t index;	   /* of RECORD, FINDING_NO_MEMBER for none */
	bool there;
};

/* Reads RECORD of a wheel and looks at its rows. The caller owns *OUT: record_rows_fini(). */
void record_rows_read(struct check *c, struct record_rows *out);
void record_rows_fini(struct record_rows *r);
/* Behind the pass: rows without a file. */
void record_rows_left(const struct record_rows *r);

/* One member's content against its row. */
struct verify {
	struct record_rows *rows;
	struct findings *f;
	const struct record_row *row;
	struct digest digest; /* kept from one member to the next of its kind */
	bool ready;	      /* the digest is at its beginning */
	bool hashing;
	uint64_t given;
};

void verify_begin(struct verify *v, size_t index);
void verify_data(struct verify *v, const void *data, size_t len);
/* SHA256 (32 bytes) gets the digest when RECORD has that kind; true then. OK: all of it was read.
 */
bool verify_end(struct verify *v, size_t index, bool ok, uint8_t *sha256);
void verify_fini(struct verify *v);

#endif
