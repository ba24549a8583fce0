/* The messages between a reader and its child: a length of four bytes, a kind of one, the payload.
 * Numbers are little-endian, texts have a length in front. */
#ifndef SLIPWAY_DIST_READER_WIRE_H
#define SLIPWAY_DIST_READER_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "slipway/base/str.h"

#define WIRE_HEAD 5
/* A message is never longer; the child sends larger things in parts. */
#define WIRE_MAX ((size_t)1024 * 1024)

enum wire_kind {
	/* to the child */
	WIRE_LIST = 1, /* some more of a list that goes with what is opened */
	WIRE_OPEN,     /* what to open and how */
	WIRE_READ,     /* number, member, bytes at most */
	WIRE_EACH,     /* number, a bit for each member that is wanted */
	/* from the child */
	WIRE_MEMBERS, /* some more of the listing */
	WIRE_LISTED,  /* format, size of the file, whether that was all */
	WIRE_PROGRESS,
	WIRE_FINDINGS, /* some more of them */
	WIRE_ANEW,  /* those until now do not count: all of them follow, with how many were seen */
	WIRE_FACTS, /* of some more members */
	WIRE_KEPT,  /* which file, some more of its text */
	WIRE_END,   /* of the pass: code, message, hint */
	WIRE_MEMBER, /* number, the member that the data behind it is of (WIRE_EACH) */
	WIRE_MEMBER_END, /* number, code, message, hint */
	WIRE_DATA,  /* number, bytes */
	WIRE_DATA_END, /* number, code, message, hint */
	WIRE_KIND_END
};

/* What remains of a message. Reading past its end gives zeros, and BAD. */
struct wire {
	const unsigned char *at;
	size_t left;
	bool bad;
};

uint64_t wire_number(struct wire *w, size_t bytes);
struct bytes wire_text(struct wire *w); /* borrowed from the message */
struct bytes wire_rest(struct wire *w); /* all that is left */
/* Takes the next whole message off IN; false when there is none yet, or *BAD when there never will
 * be. *KIND and *W are set; *W is borrowed from IN, of which *USED bytes are done with then. */
bool wire_next(struct bytes in, enum wire_kind *kind, struct wire *w, size_t *used, bool *bad);

/* Writing: begin gives what end needs; everything between is the payload. */
size_t wire_begin(struct str *out, enum wire_kind kind);
void wire_end(struct str *out, size_t begin);
void wire_put(struct str *out, uint64_t number, size_t bytes);
void wire_put_text(struct str *out, const char *data, size_t len);

#endif
