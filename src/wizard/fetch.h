/* Downloads what an index serves of our files and compares it with what was reviewed. */
#ifndef SLIPWAY_WIZARD_FETCH_H
#define SLIPWAY_WIZARD_FETCH_H

#include "engine.h"

#define FETCH_MAX (UINT64_C(4) << 30)

struct fetch_file {
	const char *project; /* normal name */
	const char *name;    /* file name */
	const char *sha256;  /* wanted; NULL: what the listing says */
	uint64_t size;	     /* nothing longer is taken; 0: up to FETCH_MAX */
};

struct fetch_opts {
	struct loop *loop;
	struct http *http;
	const struct index_info *index; /* borrowed until FN */
	const struct fetch_file *files; /* copied */
	size_t count;
	const char *dir; /* made if need be; files are written under their own names */
	/* How long to wait until a file is listed, and to try again when the index stumbles; 0: not
	 * at all. */
	uint64_t deadline_ms;
};

struct fetch;
/* LISTED: file FILE was seen in the listing with the wanted sha256. */
typedef void (*fetch_listed_fn)(void *arg, size_t file);
/* E NULL: every file is in DIR with the wanted sha256. */
typedef void (*fetch_fn)(void *arg, const struct err *e);
/* One after another. Polls the listing with growing pauses up to the deadline. FN is never called
 * before this returns. ERR_INVALID for a name that is no file name. */
struct fetch *fetch_start(
    const struct fetch_opts *opts, fetch_listed_fn listed, fetch_fn fn, void *arg);
void fetch_free(struct fetch *f); /* FN is not called any more; NULL is fine */

#endif
