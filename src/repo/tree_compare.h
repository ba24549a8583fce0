/* Which paths differ between two trees, for this layer alone. */
#ifndef SLIPWAY_REPO_TREE_COMPARE_H
#define SLIPWAY_REPO_TREE_COMPARE_H

#include "objects.h"

#define TREE_DEPTH_MAX 256

struct git2;
struct tree_compare;

/* Keeps trees from one call to the next: those of a commit are those of its child's parent. */
struct tree_compare *tree_compare_new(struct git2 *g) MUST_USE;
void tree_compare_free(struct tree_compare *c); /* NULL is fine */

struct tree_watch {
	void (*path)(void *arg, const char *path);
	/* False: PATH gets FOLDER, with a slash behind it, for all that differs below. NULL: always
	 * true. */
	bool (*enter)(void *arg, const char *folder);
	void *arg;
};

/* Tells each file that differs between the trees, in its bytes or as something to be run; NULL is
 * the empty one. What cannot be read counts as empty: a partial clone does not have it. */
void tree_compare_run(struct tree_compare *c, const struct object_id *old_tree,
    const struct object_id *new_tree, const struct tree_watch *watch);

#endif
