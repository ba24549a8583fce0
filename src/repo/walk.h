/* One walk of history for several ranges at once, for this layer alone. */
#ifndef SLIPWAY_REPO_WALK_H
#define SLIPWAY_REPO_WALK_H

#include "objects.h"

struct git2;

struct walk_opts {
	const struct object_id *from;
	/* Each ends a range; one that is not here (a shallow clone) ends nothing. */
	const struct object_id *until;
	size_t until_count;
	bool open;	 /* one range has no end */
	size_t open_max; /* how many commits of that one alone; 0: all */
};

/* A commit that UNTIL[I] does not reach for some I, or any when OPEN. */
struct walk_commit {
	struct object_id id, tree;
	struct object_id parent_tree; /* of the first one */
	bool has_parent;	      /* there is one, and it is here */
	const uint64_t *reached; /* bit I: UNTIL[I] reaches it */
};

/* False ends the telling. */
typedef bool (*walk_fn)(void *arg, const struct walk_commit *c);
/* Children before parents, and newest first as far as that allows. *MORE: the open range was cut.
 * OURS, one an end: FROM reaches it. */
void walk_history(struct git2 *g, const struct walk_opts *opts, walk_fn fn, void *arg, bool *more,
    bool *ours);

#endif
