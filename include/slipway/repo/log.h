/* History: the commits since the ends of several ranges, with what they say and touch. */
#ifndef SLIPWAY_REPO_LOG_H
#define SLIPWAY_REPO_LOG_H

#include "slipway/repo/repo.h"

struct repo_commit {
	char	  hash[REPO_HASH_SIZE], short_hash[REPO_HASH_SIZE];
	char	 *author, *email;
	int64_t	  when;	   /* Unix seconds of the author's date */
	size_t	  parents; /* two or more: a merge */
	char	 *subject; /* the first paragraph on one line */
	char	 *body;	   /* the rest, without blank lines at either end; "" when none */
	uint64_t *reached; /* see repo_log_reaches() */
};

struct repo_log {
	struct repo_commit *items; /* newest first, children before parents */
	size_t		    count, cap;
	bool		    more; /* cut at max */
	bool		   *ours; /* by revision of UNTIL: HEAD has it in its history */
};

#define REPO_LOG_EMPTY { .items = NULL }

struct repo_log_opts {
	/* Revisions, each the end of a range: a commit is left out when all of them reach it. ""
	 * reaches nothing. NULL or empty: one range without an end. */
	const struct strlist *until;
	size_t		      max; /* commits of a range without an end; 0: 1000 */
	/* Told every path that a commit changes against its first parent, before the next commit;
	 * COMMIT is its place in the log. NULL: not asked. */
	void (*path)(void *arg, size_t commit, const char *path);
	/* Asked for each folder with changes in it. False: PATH gets the folder alone, with a slash
	 * behind it, for all of them, which is faster. NULL: always true. */
	bool (*enter)(void *arg, const char *folder);
	void *arg;
};

/* From HEAD; an unborn one has an empty log. ERR_NOT_FOUND when a revision is not there; in a
 * shallow or partial clone what is missing counts as the end, or as empty. */
enum err_code repo_log(struct repo *r, const struct repo_log_opts *opts, struct repo_log *out,
    struct err *e);
/* Whether revision AT of UNTIL has the commit in its history: then it is not in that range. */
bool	      repo_log_reaches(const struct repo_commit *c, size_t at);
void	      repo_log_fini(struct repo_log *l);

#endif
