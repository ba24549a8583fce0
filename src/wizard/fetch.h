/* Downloads what an index serves of our files and compares it with what was reviewed. */
#ifndef SLIPWAY_WIZARD_FETCH_H
#define SLIPWAY_WIZARD_FETCH_H

#include "engine.h"

struct fetch_file {
	const char *project; /* normal name */
	const char *name;    /* file name */
	const char *sha256;  /* wanted; NULL: what the listing says */
};

struct fetch_opts {
	struct loop *loop;
	struct http *http;
	const struct index_info *index; /* borrowed until FN */
	const struct fetch_file *files; /* copied */
	size_t count;
	const char *dir;      /* made if need be; files are written under their own names */
	uint64_t deadline_ms; /* how long to wait until a file is listed; 0: not at all */
};

struct fetch;
/* LISTED: file FILE was seen in the listing with the wanted sha256. */
typedef void (*fetch_listed_fn)(void *arg, size_t file);
/* E NULL: every file is in DIR with the wanted sha256. */
typedef void (*fetch_fn)(void *arg, const struct err *e);
/* One after another. Polls the listing with growing pauses up to the deadline. FN is never called
 * before this returns. */
struct fetch *fetch_start(
    const struct fetch_opts *opts, fetch_listed_fn listed, fetch_fn fn, void *arg);
void fetch_free(struct fetch *f); /* FN is not called any more; NULL is fine */

#endif
