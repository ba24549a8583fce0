/* The parts of a comparison that are not the wheel's or sdist's own: the repository, and the files
 * of an index. */
#ifndef SLIPWAY_WIZARD_COMPARE_PARTS_H
#define SLIPWAY_WIZARD_COMPARE_PARTS_H

#include "slipway/wizard/compare.h"

struct index_listing;
struct reading;
struct wizard;

struct compare_place_opts {
	const char *dir, *rev, *under;
	const char *project, *version; /* of the file; VERSION NULL when it is unknown */
	struct reading *reading;       /* of the file; NULL: another one is opened when need be */
	const atomic_bool *cancelled;
};

/* Has a child of READER look at PATH: *OUT gets the table, and KEEP (may be NULL) the reading, both
 * the caller's. Errors as reading_open() without a check. Blocks. */
enum err_code compare_read(const char *reader, const char *path, const atomic_bool *cancelled,
    struct reading **keep, struct compare_table *out, struct err *e);

/* Fills C->with[COMPARE_GIT], or says there why not. C->table is there. ERR_CANCELLED. Blocks. */
enum err_code compare_with_git(
    struct compared *c, const struct compare_place_opts *opts, struct err *e);

/* Reads the released file at PATH and fills C->before and C->with[COMPARE_RELEASE], or says there
 * why not. ERR_CANCELLED. Blocks. */
enum err_code compare_with_file(
    struct compared *c, const char *path, const atomic_bool *cancelled, struct err *e);

/* Whether the answer is there already: exactly one of LISTING and FAILURE then, borrowed. A may be
 * NULL. */
bool compare_asked_get(const struct compare_asked *a, const char *project,
    const struct index_listing **listing, const struct err **failure);
/* Keeps an answer, copied, or that there was none. A may be NULL. */
void compare_asked_put(struct compare_asked *a, const char *project,
    const struct index_listing *listing, const struct err *failure);

/* wizard_compare() with the release commit and the newest older release, of a file that a reader
 * has looked at already: TABLE is taken over. ASKED as in struct compare_opts. */
struct compare_run *compare_built(struct wizard *w, size_t file, struct compare_table *table,
    struct compare_asked *asked, compare_fn fn, void *arg);

/* The file to compare with NAME (of a file): the newest older release, or VERSION when that is not
 * NULL, by PEP 440. NULL when there is none, and why in E. Borrowed from L. */
const struct index_file *compare_choose(const struct index_listing *l, const struct dist_name *name,
    const char *version, struct err *e);

/* $XDG_CACHE_HOME/slipway/released/<sha256>/<name>, owned by the caller; the folder alone with NAME
 * NULL. */
char *compare_cache_path(const char *sha256, const char *name);
/* Whether PATH is there with that hash. Blocks. */
bool compare_cache_has(const char *path, const char *sha256, const atomic_bool *cancelled);
/* Removes the files that were fetched longest ago until MAX bytes are left, KEEP (a sha256) never.
 */
void compare_cache_prune(uint64_t max, const char *keep);

#endif
