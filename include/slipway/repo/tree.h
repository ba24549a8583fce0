/* The files of a commit: their names, modes, hashes and bytes. */
#ifndef SLIPWAY_REPO_TREE_H
#define SLIPWAY_REPO_TREE_H

#include "slipway/repo/repo.h"

struct repo_file {
	unsigned mode; /* as git keeps it: 0100644, 0100755, 0120000 link, 0160000 submodule */
	char	 hash[REPO_HASH_SIZE]; /* of the content */
	char	*path; /* from the root, whatever UNDER was */
};
struct repo_tree {
	struct repo_file *items; /* sorted by path, bytewise */
	size_t		  count, cap;
};

#define REPO_TREE_EMPTY { .items = NULL }

/* All files of the commit that REV names, or those below the folder UNDER ("" or NULL: all).
 * ERR_NOT_FOUND when the revision or the folder is not there; ERR_LIMIT above 500,000 files. */
enum err_code repo_tree_list(
    struct repo *r, const char *rev, const char *under, struct repo_tree *out, struct err *e);
void	      repo_tree_fini(struct repo_tree *t);
/* By bisection; NULL when PATH is not there. Borrowed. */
const struct repo_file *repo_tree_find(const struct repo_tree *t, const char *path);

/* Appends the bytes as git keeps them (no filter, no line-end conversion) of the file PATH at REV.
 * ERR_NOT_FOUND, also for a folder; ERR_LIMIT, with nothing appended, above MAX bytes. */
enum err_code repo_blob(
    struct repo *r, const char *rev, const char *path, size_t max, struct str *out, struct err *e);

#endif
