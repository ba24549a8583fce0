/* A walk of history that may end where commits were never fetched, for this layer alone. */
#ifndef SLIPWAY_REPO_SHALLOW_H
#define SLIPWAY_REPO_SHALLOW_H

#include "git2_wrap.h"

/* As git2_walk(), which fails on a shallow clone: children before parents, and a commit that is not
 * here is the end. UNTIL may be NULL. */
void shallow_walk(struct git2 *g, const char *from, const char *until, bool first_parent,
    git2_walk_fn fn, void *arg);

#endif
