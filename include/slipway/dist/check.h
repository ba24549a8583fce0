/* All rules over one wheel or sdist. Knows no network, no git and no screen. */
#ifndef SLIPWAY_DIST_CHECK_H
#define SLIPWAY_DIST_CHECK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/dist/archive.h"
#include "slipway/dist/finding.h"

struct dist_check_opts {
	const struct archive_limits *limits; /* NULL: the default ones */
	bool not_for_pypi; /* they go elsewhere: what only PyPI refuses is a warning */
	const atomic_bool *cancelled;	     /* NULL, or looked at now and then: ERR_CANCELLED */
	void (*progress)(
	    void *arg, uint64_t done, uint64_t total); /* bytes of the file; may be NULL */
	void *progress_arg;
	/* The normal form of a version (PEP 440), owned by the caller; NULL when it is none. What
	 * versions mean is not this layer's business: without this function they are compared as
	 * texts. */
	char *(*normal_version)(const char *version);
};

/* Adds what was found to FINDINGS, closed and sorted. ERR_OK when it could be looked at, whatever
 * was found; else as archive_open(). OPTS may be NULL. Blocks: run it on the worker. */
enum err_code dist_check(
    const char *path, const struct dist_check_opts *opts, struct findings *findings, struct err *e);

#endif
