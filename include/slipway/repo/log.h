/* History: the commits of a range with what they say and touch. */
#ifndef SLIPWAY_REPO_LOG_H
#define SLIPWAY_REPO_LOG_H

#include "slipway/repo/repo.h"

struct repo_commit {
	char	       hash[REPO_HASH_SIZE], short_hash[REPO_HASH_SIZE];
	char	      *author, *email;
	int64_t	       when;	/* Unix seconds of the author's date */
	size_t	       parents; /* two or more: a merge */
	char	      *subject; /* the first paragraph on one line */
	char	      *body;	/* the rest, without blank lines at either end; "" when none */
	struct strlist paths;	/* changed against the first parent; sorted; cut at max_paths */
	size_t	       path_count; /* of all */
};

struct repo_log {
	struct repo_commit *items; /* newest first, children before parents */
	size_t		    count, cap;
	bool		    more; /* cut at max */
};

#define REPO_LOG_EMPTY { .items = NULL }

struct repo_log_opts {
	const char *from;  /* a revision; NULL: HEAD */
	const char *until; /* left out with all its ancestors; NULL: to the root */
	/* Folders or files; only commits that touch one are given (a merge: against its first
	 * parent). */
	const struct strlist *under; /* NULL or empty: all */
	size_t		      max;	 /* commits; 0: 1000 */
	size_t		      max_paths; /* a commit; 0: 500 */
	bool		      first_parent;
	bool		      paths; /* fill in the changed paths */
};

/* An unborn HEAD has an empty log. ERR_NOT_FOUND when a revision is not there; in a shallow or
 * partial clone what is missing counts as the end. */
enum err_code repo_log(struct repo *r, const struct repo_log_opts *opts, struct repo_log *out,
    struct err *e);
void	      repo_log_fini(struct repo_log *l);

#endif
