/* What a reader asks its child to open. */
#ifndef SLIPWAY_DIST_READER_OPEN_H
#define SLIPWAY_DIST_READER_OPEN_H

#include "reader_wire.h"
#include "slipway/base/strlist.h"
#include "slipway/dist/archive.h"
#include "slipway/dist/check.h"
#include "slipway/dist/reader.h"

/* The program to start for PROGRAM, which may be READER_SELF. The caller owns it. */
char *reader_program(const char *program);
/* What it gets of the environment: no token, and no configuration of OpenSSL, of which it takes
 * digests alone; reading that is half of its start. */
void reader_environment(struct strlist *env);

/* For a child that ends by its own clock. */
#define READER_GRACE_MS 5000

struct reader_wish {
	char *path, *sdist;
	struct strlist toplevel, tree;
	bool has_toplevel, has_tree;
	struct archive_limits limits;
	uint64_t memory_bytes;
	size_t inside[ARCHIVE_DEPTH_MAX], depth;
	bool no_list, no_check, facts, hashes, not_for_pypi;
};

/* Appends the messages that ask for it. */
void reader_put_wish(struct str *out, const struct reader_opts *opts);
/* Appends the question for a member, or for those of COUNT that are WANTED. */
void reader_put_read(struct str *out, uint32_t number, size_t index, uint64_t max);
void reader_put_each(struct str *out, uint32_t number, const bool *wanted, size_t count);
/* Takes one of them, WIRE_LIST or WIRE_OPEN, which is the last one. False when it makes no sense.
 * *OUT, empty at first, is the caller's: reader_wish_fini(). */
bool reader_take_wish(enum wire_kind kind, struct wire *w, struct reader_wish *out);
void reader_wish_fini(struct reader_wish *wish); /* empty is fine */

#endif
