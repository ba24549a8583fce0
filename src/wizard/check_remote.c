/* The remote: fetched now, and level. A plan only asks, because fetching writes remote-tracking
 * branches. */
#include <stdlib.h>
#include <string.h>

#include "git_task.h"
#include "preflight.h"
#include "slipway/base/mem.h"
#include "slipway/repo/repo.h"

struct asking {
	struct git_task *task;
	struct repo_task *reading;
	char hash[REPO_HASH_SIZE]; /* of the branch on the remote, when only asked */
};

struct reading {
	char *branch, *theirs; /* THEIRS: a hash that was asked for; NULL: the tracking branch */
	bool asked;	       /* and not fetched: what the tracking branch says may be old */
	bool have_theirs;
	size_t ahead, behind;
	struct repo_upstream upstream;
};

static void
stop(struct check *c)
{
	struct asking *k = c->priv;

	git_task_stop(k->task);
	repo_task_stop(k->reading);
	free(k);
	c->priv = NULL;
}

static void
reading_run(void *arg, struct repo *repo, struct err *e)
{
	struct reading *k = arg;
	char hash[REPO_HASH_SIZE];

	if (repo_upstream(repo, k->branch, &k->upstream, e) != ERR_OK)
		return;
	k->ahead = k->upstream.ahead;
	k->behind = k->upstream.behind;
	if (k->theirs == NULL)
		return;
	k->have_theirs = repo_resolve(repo, k->theirs, hash, NULL) == ERR_OK;
	if (k->have_theirs)
		repo_ahead_behind(repo, "HEAD", k->theirs, &k->ahead, &k->behind, e);
}

static void
reading_free(void *arg)
{
	struct reading *k = arg;

	repo_upstream_fini(&k->upstream);
	free(k->branch);
	free(k->theirs);
	free(k);
}

static void
reading_done(void *owner, void *arg, const struct err *e)
{
	struct check *c = owner;
	struct reading *k = arg;
	const struct release *r = &c->w->rel;
	const char *how = k->theirs != NULL ? "asked now" : "fetched now";

	((struct asking *)c->priv)->reading = NULL;
	if (e != NULL)
		check_fail(c, SIGN_BAD, e);
	else if (k->theirs != NULL && !k->have_theirs)
		check_endf(c, SIGN_BAD, "git pull, then look again",
		    "%s has commits of %s that are not here", r->remote, r->branch);
	else if (k->theirs == NULL && (k->asked || k->upstream.branch == NULL || k->upstream.gone))
		check_endf(c, SIGN_LOOK, "the release will push it there",
		    "%s has no branch %s yet", r->remote, r->branch);
	else if (k->behind > 0)
		check_endf(c, SIGN_BAD,
		    k->ahead > 0 ? "git pull --rebase, then look again"
				 : "git pull, then look again",
		    "%s has %zu %s not here (%s)", r->remote, k->behind,
		    k->behind == 1 ? "commit that is" : "commits that are", how);
	else if (k->ahead > 0)
		check_endf(c, SIGN_LOOK, "the release will push them too",
		    "%zu %s not on %s yet (%s)", k->ahead,
		    k->ahead == 1 ? "commit is" : "commits are", r->remote, how);
	else
		check_endf(c, SIGN_OK, NULL, "level with %s/%s (%s)", r->remote, r->branch, how);
}

static const struct repo_task_ops reading_ops = { reading_run, reading_done, reading_free };

static void
compare(struct check *c, const char *theirs)
{
	struct asking *k = c->priv;
	struct reading *reading = mem_zalloc(1, sizeof *reading);

	reading->branch = mem_strdup(c->w->rel.branch);
	reading->theirs = mem_strdup(theirs);
	reading->asked = c->w->mode == WIZARD_PLAN;
	k->reading = repo_task_start(c->w, c->w->rel.root, &reading_ops, c, reading);
}

static void
on_git(void *arg, const struct git_result *r)
{
	struct check *c = arg;
	struct asking *k = c->priv;
	char *ref;

	k->task = NULL;
	if (r->failure != NULL) {
		check_fail(c, SIGN_BAD, r->failure);
		return;
	}
	if (c->w->mode != WIZARD_PLAN) {
		compare(c, NULL);
		return;
	}
	ref = mem_printf("refs/heads/%s", c->w->rel.branch);
	if (git_refs_find(r->out, ref, false, k->hash))
		compare(c, k->hash);
	else
		compare(c, NULL);
	free(ref);
}

void
check_remote_start(struct check *c)
{
	struct asking *k = mem_zalloc(1, sizeof *k);
	struct wizard *w = c->w;
	struct git_place at = git_place_of(w, NULL);
	struct strlist refs = STRLIST_EMPTY;

	c->priv = k;
	c->stop = stop;
	if (w->rel.remote == NULL) {
		check_end(c, SIGN_LOOK, "there is none: the release will not be pushed",
		    "git remote add origin URL, when it should be");
	} else if (w->rel.branch == NULL) {
		check_end(c, SIGN_UNCHECKED, "not asked: HEAD is on no branch", NULL);
	} else if (w->mode == WIZARD_PLAN) {
		strlist_addf(&refs, "refs/heads/%s", w->rel.branch);
		k->task = git_task_start(
		    w, git_cmd_ls_remote(&at, w->rel.remote, &refs), on_git, c);
		strlist_fini(&refs);
	} else {
		k->task = git_task_start(w, git_cmd_fetch(&at, w->rel.remote), on_git, c);
	}
}
