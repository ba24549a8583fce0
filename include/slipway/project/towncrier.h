/* Projects whose changelog towncrier makes from news fragments: where it runs, what it writes and
 * what its draft says. It is run, never imitated: what is read here is only what a person must know
 * beforehand. */
#ifndef SLIPWAY_PROJECT_TOWNCRIER_H
#define SLIPWAY_PROJECT_TOWNCRIER_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/str.h"

struct towncrier {
	char *dir;	  /* where it runs, below the root, "" the root; NULL: it is not used */
	char *news;	  /* the file that it writes, below the root; with {version} or {name} */
	char *name;	  /* of the project, as it is configured; NULL */
	size_t fragments; /* news fragments that are there */
	bool configured;  /* else a folder of fragments is all there is */
};

#define TOWNCRIER_EMPTY                                                                            \
	{                                                                                          \
		.dir = NULL                                                                        \
	}

/* Looks for towncrier.toml, [tool.towncrier] and, with BARE, a folder newsfragments/ that holds
 * fragments: in DIR ("" the root) below ROOT, with SHARED also in ROOT. False when there is none;
 * else the caller owns *OUT: towncrier_fini(). */
bool towncrier_find(
    const char *root, const char *dir, bool shared, bool bare, struct towncrier *out);
void towncrier_fini(struct towncrier *t);
/* The file that a release of VERSION writes; owned by the caller. */
char *towncrier_news(const struct towncrier *t, const char *version) MUST_USE;

/* What stands below the title in a DRAFT for VERSION, or all of it when it has none. NEWS says by
 * its ending how it is written. Borrowed from DRAFT. */
struct bytes towncrier_body(struct bytes draft, const char *news, const char *version);
/* The same of a section that NEWS (with TEXT in it) has already; false when it has none. */
bool towncrier_section(
    struct bytes text, const char *news, const char *version, struct bytes *out);

#endif
