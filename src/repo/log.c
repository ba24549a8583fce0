/* The commits of a range. What they touch is asked of libgit2 only when the caller wants it. */
#include "slipway/repo/log.h"

#include <stdlib.h>
#include <string.h>

#include "git2_wrap.h"
#include "repo_private.h"
#include "shallow.h"
#include "slipway/base/mem.h"

struct collect {
	struct repo		   *repo;
	const struct repo_log_opts *opts;
	struct repo_log		   *out;
	size_t			    max, max_paths;
	enum err_code		    rc;
	struct err		   *e;
};

struct touched {
	struct repo_commit	   *commit;
	const struct repo_log_opts *opts;
	size_t			    max_paths;
	bool			    inside; /* one path lies under what was asked for */
};

static void
commit_fini(struct repo_commit *c)
{
	free(c->author);
	free(c->email);
	free(c->subject);
	free(c->body);
	strlist_fini(&c->paths);
}

static bool
lies_under(const char *path, const struct strlist *under)
{
	if (under == NULL || under->count == 0)
		return true;
	for (size_t i = 0; i < under->count; i++) {
		size_t len = strlen(under->items[i]);

		while (len > 0 && under->items[i][len - 1] == '/')
			len--;
		if (len == 0 || strcmp(under->items[i], ".") == 0)
			return true;
		if (strncmp(path, under->items[i], len) == 0 &&
		    (path[len] == '/' || path[len] == '\0'))
			return true;
	}
	return false;
}

static void
note_path(void *arg, enum repo_change change, const char *old_path, const char *new_path,
    struct repo_patch *patch)
{
	struct touched	   *t = arg;
	struct repo_commit *c = t->commit;

	(void)change;
	(void)old_path;
	(void)patch;
	if (lies_under(new_path, t->opts->under))
		t->inside = true;
	c->path_count++;
	if (t->opts->paths && c->paths.count < t->max_paths)
		strlist_add(&c->paths, new_path);
}

/* Fills in the paths; false when the commit touches nothing that was asked for. */
static bool
touches(struct collect *c, struct repo_commit *commit)
{
	struct touched	      t = { .commit = commit, .opts = c->opts, .max_paths = c->max_paths };
	struct repo_diff_opts o = { .to = commit->hash, .max_files = SIZE_MAX };
	struct err	      ignored = ERR_EMPTY;
	char		      parent[REPO_HASH_SIZE], *rev;
	size_t		      total;

	if (!c->opts->paths && (c->opts->under == NULL || c->opts->under->count == 0))
		return true;
	/* A parent that was never fetched (shallow clone) counts as nothing. */
	rev = mem_printf("%s^", commit->hash);
	if (commit->parents > 0 &&
	    git2_resolve(c->repo->git2, rev, parent, NULL, &ignored) == ERR_OK)
		o.from = parent;
	free(rev);
	c->rc = git2_diff(c->repo->git2, &o, note_path, &t, &total, c->e);
	return t.inside || lies_under("", c->opts->under);
}

/* The body without the blank lines that libgit2 may leave at its end. */
static void
trim_body(struct repo_commit *commit)
{
	size_t len = strlen(commit->body);

	while (len > 0 && (commit->body[len - 1] == '\n' || commit->body[len - 1] == ' '))
		len--;
	commit->body[len] = '\0';
}

static bool
add_commit(void *arg, const char *hash)
{
	struct collect	  *c = arg;
	struct repo_log	  *log = c->out;
	struct repo_commit commit = { .paths = STRLIST_EMPTY };

	if (log->count >= c->max) {
		log->more = true;
		return false;
	}
	c->rc = git2_commit(c->repo->git2, hash, &commit, c->e);
	if (c->rc != ERR_OK)
		return false;
	trim_body(&commit);
	if (touches(c, &commit) && c->rc == ERR_OK) {
		log->items = mem_grow(log->items, &log->cap, log->count + 1, sizeof log->items[0]);
		log->items[log->count++] = commit;
	} else {
		commit_fini(&commit);
	}
	return c->rc == ERR_OK;
}

enum err_code
repo_log(struct repo *r, const struct repo_log_opts *opts, struct repo_log *out, struct err *e)
{
	struct repo_log	 log = REPO_LOG_EMPTY;
	struct repo_head head = REPO_HEAD_EMPTY;
	struct collect	 c = {
		.repo = r, .opts = opts, .out = &log, .rc = ERR_OK, .e = e,
		.max = opts->max > 0 ? opts->max : 1000,
		.max_paths = opts->max_paths > 0 ? opts->max_paths : 500,
	};
	char	      from[REPO_HASH_SIZE] = "", until[REPO_HASH_SIZE] = "";
	enum err_code rc = repo_head(r, &head, e);

	if (rc == ERR_OK && opts->from == NULL && head.unborn)
		goto out;
	if (rc == ERR_OK)
		rc = git2_resolve(r->git2, opts->from != NULL ? opts->from : "HEAD", from, NULL, e);
	if (rc == ERR_OK && opts->until != NULL)
		rc = git2_resolve(r->git2, opts->until, until, NULL, e);
	if (rc == ERR_OK && repo_is_shallow(r))
		shallow_walk(r->git2, from, opts->until != NULL ? until : NULL, opts->first_parent,
		    add_commit, &c);
	else if (rc == ERR_OK)
		rc = git2_walk(r->git2, from, opts->until != NULL ? until : NULL,
		    opts->first_parent, add_commit, &c, e);
	if (rc == ERR_OK)
		rc = c.rc;
out:
	if (rc == ERR_OK)
		*out = log;
	else
		repo_log_fini(&log);
	repo_head_fini(&head);
	return rc;
}

void
repo_log_fini(struct repo_log *l)
{
	for (size_t i = 0; i < l->count; i++)
		commit_fini(&l->items[i]);
	free(l->items);
	*l = (struct repo_log)REPO_LOG_EMPTY;
}
