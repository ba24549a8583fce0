/* What git status tells: staged, changed and untracked paths. */
#ifndef SLIPWAY_REPO_STATUS_H
#define SLIPWAY_REPO_STATUS_H

#include "slipway/repo/repo.h"

enum repo_change {
	REPO_UNCHANGED,
	REPO_ADDED,
	REPO_MODIFIED,
	REPO_DELETED,
	REPO_RENAMED,
	REPO_TYPE_CHANGED,
	REPO_UNTRACKED,
	REPO_CONFLICTED,
	REPO_CHANGE_COUNT
};

/* The letter that git status shows; ' ' for unchanged. */
char repo_change_letter(enum repo_change change);

struct repo_status_entry {
	char *path; /* an untracked folder stands for all in it and ends in a slash */
	enum repo_change staged;   /* index against HEAD */
	enum repo_change unstaged; /* work tree against index */
	/* A filter (LFS) applies, which libgit2 does not run: ask git whether it is really changed.
	 */
	bool filtered;
};

struct repo_status {
	struct repo_status_entry *items; /* sorted by path, at most MAX of the call */
	size_t			  count, cap;
	/* Of all paths, whether listed or not. */
	size_t total, staged, unstaged, untracked, conflicted, filtered;
};

#define REPO_STATUS_EMPTY { .items = NULL }

/* Ignored paths do not count; MAX 0: 1000. The index is not refreshed on disk. */
enum err_code repo_status(struct repo *r, size_t max, struct repo_status *out, struct err *e);
void	      repo_status_fini(struct repo_status *s);

#endif
