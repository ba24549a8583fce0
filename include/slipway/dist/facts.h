/* What the pass over all contents learns of each member, beside findings. */
#ifndef SLIPWAY_DIST_FACTS_H
#define SLIPWAY_DIST_FACTS_H

#include <stddef.h>
#include <stdint.h>

enum member_mark {
	MARK_HASHED = 1,   /* sha256 is there */
	MARK_BLOB = 2,	   /* blob is there */
	MARK_BINARY = 4,   /* no text */
	MARK_PROGRAM = 8,  /* ELF, PE or Mach-O */
	MARK_ARCHIVE = 16, /* an archive, or compressed */
	MARK_PYC = 32,	   /* compiled Python */
	MARK_SECRET = 64,  /* something in it looks like a secret */
	MARK_RUNS = 128,   /* runs by itself at the start of Python */
};

struct member_facts {
	uint8_t sha256[32]; /* of the content */
	uint8_t blob[20];   /* its id as a git blob, SHA-1 */
	uint16_t marks;	    /* enum member_mark */
};

/* One for each member of the archive, by its index; marks are 0 for what was not read. */
struct archive_facts {
	struct member_facts *items;
	size_t count;
};

#define ARCHIVE_FACTS_EMPTY                                                                        \
	{                                                                                          \
		.items = NULL                                                                      \
	}

void archive_facts_fini(struct archive_facts *f); /* empty is fine; empty afterwards */

#endif
