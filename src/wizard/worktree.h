/* The linked worktree that holds the release commit, off the user's branch. */
#ifndef SLIPWAY_WIZARD_WORKTREE_H
#define SLIPWAY_WIZARD_WORKTREE_H

#include "engine.h"

struct worktree;

/* $XDG_CACHE_HOME/slipway/<id>, owned by the caller: tools skip what lies below a .git (design,
 * section 6). */
char *worktree_path(const struct wizard *w);
/* Makes sure that the worktree is there with the release commit checked out, and the carried files
 * in it; makes it again when it was lost. FN is never called before this returns; E is NULL when it
 * is there. */
typedef void (*worktree_fn)(void *arg, const struct err *e);
struct worktree *worktree_ensure(struct wizard *w, worktree_fn fn, void *arg);
/* Removes the worktree and the reference that kept the commit alive; not there is fine. */
struct worktree *worktree_remove(struct wizard *w, worktree_fn fn, void *arg);
void worktree_forget(struct worktree *t); /* FN is not called any more; NULL is fine */
/* Copies the configured carry files from the user's tree. */
enum err_code worktree_carry(struct wizard *w, struct err *e);

#endif
