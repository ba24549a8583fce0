/* Fetches and compares once more, right before the first effect that others can see. */
#include "level.h"

#include <stdlib.h>
#include <string.h>

#include "git_task.h"
#include "slipway/base/mem.h"
#include "slipway/repo/diff.h"
#include "slipway/repo/repo.h"
#include "slipway/repo/status.h"

#define STATUS_MAX 10000

struct level {
	struct wizard *w;
	struct git_task *task;
	struct repo_task *reading;
	bool pending, dead;
	level_fn fn;
	void *arg;
};

struct reading {
	char *branch, *head, *commit;
	char *in_the_way; /* a changed file that the release commit changes too; NULL: none */
	char hash[REPO_HASH_SIZE];
	struct repo_upstream upstream;
};

/* Moving the branch moves the files along where they are checked out, and git refuses that over
 * local changes: to be found now, not when the files are published. */
static void
find_in_the_way(struct reading *k, struct repo *repo, struct err *e)
{
	const struct repo_diff_opts opts = { .from = k->head, .to = k->commit };
	struct repo_diff diff = REPO_DIFF_EMPTY;
	struct repo_status status = REPO_STATUS_EMPTY;

	if (repo_diff_commits(repo, &opts, &diff, e) == ERR_OK &&
	    repo_status(repo, STATUS_MAX, &status, e) == ERR_OK)
		for (size_t i = 0; i < diff.count && k->in_the_way == NULL; i++)
			for (size_t n = 0; n < status.count && k->in_the_way == NULL; n++)
				if (strcmp(diff.files[i].new_path, status.items[n].path) == 0)
					k->in_the_way = mem_strdup(status.items[n].path);
	repo_diff_fini(&diff);
	repo_status_fini(&status);
}

static void
reading_run(void *arg, struct repo *repo, struct err *e)
{
	struct reading *k = arg;
	char *ref = mem_printf("refs/heads/%s", k->branch);

	if (repo_resolve(repo, ref, k->hash, e) == ERR_OK &&
	    repo_upstream(repo, k->branch, &k->upstream, e) == ERR_OK && k->commit != NULL)
		find_in_the_way(k, repo, e);
	free(ref);
}

static void
reading_free(void *arg)
{
	struct reading *k = arg;

	repo_upstream_fini(&k->upstream);
	free(k->branch);
	free(k->head);
	free(k->commit);
	free(k->in_the_way);
	free(k);
}

static void
end(struct level *l, const struct err *e)
{
	level_fn fn = l->fn;
	void *arg = l->arg;

	free(l);
	fn(arg, e);
}

static void
reading_done(void *owner, void *arg, const struct err *e)
{
	struct level *l = owner;
	struct reading *k = arg;
	struct release *r = &l->w->rel;
	struct err moved = ERR_EMPTY;

	l->reading = NULL;
	if (e == NULL && strcmp(k->hash, r->head) != 0) {
		err_set(&moved, ERR_CONFLICT, "%s is at %.7s now; the release was made from %.7s",
		    r->branch, k->hash, r->head);
		err_hint(&moved, "nothing has been published: slipway abort, then release again");
	} else if (e == NULL && k->upstream.behind > 0) {
		err_set(&moved, ERR_CONFLICT, "%s on %s has %zu new %s since the release was made",
		    r->branch, r->remote, k->upstream.behind,
		    k->upstream.behind == 1 ? "commit" : "commits");
		err_hint(&moved,
		    "nothing has been published: slipway abort, git pull, then release again");
	} else if (e == NULL && k->in_the_way != NULL) {
		err_set(&moved, ERR_CONFLICT,
		    "%s has changes of yours, and the release commit changes it too",
		    k->in_the_way);
		err_hint(&moved,
		    "nothing has been published: git stash, then try again; your branch could not "
		    "be moved afterwards");
	}
	end(l, e != NULL ? e : moved.code != ERR_OK ? &moved : NULL);
}

static const struct repo_task_ops reading_ops = { reading_run, reading_done, reading_free };

static void
compare(struct level *l)
{
	struct reading *k = mem_zalloc(1, sizeof *k);

	k->branch = mem_strdup(l->w->rel.branch);
	k->head = mem_strdup(l->w->rel.head);
	k->commit = mem_strdup(l->w->rel.commit);
	l->reading = repo_task_start(l->w, l->w->rel.root, &reading_ops, l, k);
}

static void
on_fetched(void *arg, const struct git_result *r)
{
	struct level *l = arg;

	l->task = NULL;
	if (r->failure != NULL)
		end(l, r->failure);
	else
		compare(l);
}

static void
begin(void *arg)
{
	struct level *l = arg;
	struct git_place at;

	l->pending = false;
	if (l->dead) {
		free(l);
		return;
	}
	at = git_place_of(l->w, NULL);
	if (l->w->rel.remote == NULL)
		compare(l);
	else
		l->task = git_task_start(l->w, git_cmd_fetch(&at, l->w->rel.remote), on_fetched, l);
}

struct level *
level_check(struct wizard *w, level_fn fn, void *arg)
{
	struct level *l = mem_zalloc(1, sizeof *l);

	*l = (struct level) { .w = w, .pending = true, .fn = fn, .arg = arg };
	loop_defer(w->loop, begin, l);
	return l;
}

void
level_forget(struct level *l)
{
	if (l == NULL)
		return;
	l->dead = true;
	git_task_stop(l->task);
	repo_task_stop(l->reading);
	if (!l->pending)
		free(l);
}
