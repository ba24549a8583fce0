/* What an answer to an upload means, and what to do about it. No state, no transport: a table in
 * code. */
#ifndef SLIPWAY_INDEX_VERDICT_H
#define SLIPWAY_INDEX_VERDICT_H

#include <stdint.h>

#include "slipway/base/err.h"

struct http_answer;
struct index_info;

enum verdict_kind {
	VERDICT_ACCEPTED, /* 2xx: to be believed once the listing shows it */
	VERDICT_EXISTS,	  /* the index has a file of that name: compare */
	VERDICT_AGAIN,	  /* may pass; it may have got through too: ask before trying again */
	VERDICT_REFUSED,  /* trying again would not help */
	VERDICT_COUNT
};

struct verdict {
	enum verdict_kind kind;
	uint64_t wait_ms; /* that the index asks for; 0: none */
	struct err why;	  /* set unless accepted; in plain words, with the way out */
};

struct verdict_file {
	const struct index_info *index;
	const char *file_name;
	const char *project;
};

void verdict_of(
    const struct http_answer *a, const struct verdict_file *f, int64_t now, struct verdict *out);

#endif
