/* The parts of a comparison that are not the wheel's or sdist's own: the repository, and the files
 * of an index. */
#ifndef SLIPWAY_WIZARD_COMPARE_PARTS_H
#define SLIPWAY_WIZARD_COMPARE_PARTS_H

#include "slipway/wizard/compare.h"

struct index_listing;

struct compare_place_opts {
	const char *dir, *rev, *under;
	const char *project, *version; /* of the file; VERSION NULL when it is unknown */
	const atomic_bool *cancelled;
};

/* Fills C->with[COMPARE_GIT], or says there why not. A is the open archive of C->table. Only
 * ERR_CANCELLED and ERR_IO (of the archive) are errors. Blocks. */
enum err_code compare_with_git(struct compared *c, struct archive *a,
    const struct compare_place_opts *opts, struct err *e);

/* Reads the released file at PATH and fills C->before and C->with[COMPARE_RELEASE], or says there
 * why not. ERR_CANCELLED. Blocks. */
enum err_code compare_with_file(
    struct compared *c, const char *path, const atomic_bool *cancelled, struct err *e);

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
