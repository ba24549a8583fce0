/* All rules over one wheel or sdist. Knows no network, no git and no screen. */
#ifndef SLIPWAY_DIST_CHECK_H
#define SLIPWAY_DIST_CHECK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/strlist.h"
#include "slipway/dist/archive.h"
#include "slipway/dist/facts.h"
#include "slipway/dist/finding.h"

struct dist_check_opts {
	const struct archive_limits *limits; /* NULL: the default ones */
	bool not_for_pypi;	      /* they go elsewhere: what only PyPI refuses is a warning */
	const atomic_bool *cancelled; /* NULL, or looked at now and then: ERR_CANCELLED */
	void (*progress)(
	    void *arg, uint64_t done, uint64_t total); /* bytes of the file; may be NULL */
	void *progress_arg;
	_Atomic size_t *passed; /* NULL, or counts the members that the pass is done with */
	/* The normal form of a version (PEP 440), owned by the caller; NULL when it is none. What
	 * versions mean is not this layer's business: without this function they are compared as
	 * texts. */
	char *(*normal_version)(const char *version);
	/* Likewise: whether the texts are a requirement (PEP 508) and a set of specifiers (PEP
	 * 440). NULL: not looked at. */
	bool (*is_requirement)(const char *text);
	bool (*is_specifier_set)(const char *text);
	/* Borrowed, each may be NULL and is then not compared with. */
	const char *sdist; /* of a wheel: the sdist of the same release */
	const struct strlist *toplevel; /* of a wheel: what should lie at its root, alone */
	const struct strlist *tree;	/* of a wheel: all files of its packages, sorted bytewise */
	bool hashes; /* fill in finding.sha256, for acknowledgements and fingerprints */
};

/* Adds what was found to FINDINGS, closed and sorted. ERR_OK when it could be looked at, whatever
 * was found; else as archive_open(). OPTS may be NULL. Blocks: run it on the worker. */
enum err_code dist_check(
    const char *path, const struct dist_check_opts *opts, struct findings *findings, struct err *e);
/* The same over an archive that is open already, as which PATH was given; OPTS' limits and progress
 * are the archive's own. FACTS, NULL or empty, learns of every member: archive_facts_fini(). */
enum err_code dist_check_archive(const char *path, struct archive *a,
    const struct dist_check_opts *opts, struct findings *findings, struct archive_facts *facts,
    struct err *e);

#endif
