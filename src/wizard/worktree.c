/* The linked worktree: made again from the kept commit when it was lost, removed at the end. */
#include "worktree.h"

#include <stdlib.h>

#include "git_task.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"

enum phase { PHASE_PRUNE, PHASE_ADD, PHASE_REMOVE, PHASE_FORGET, PHASE_REF };

struct worktree {
	struct wizard *w;
	enum phase phase;
	struct git_task *task;
	char *path; /* to be removed */
	bool pending, dead;
	worktree_fn fn;
	void *arg;
};

char *
worktree_path(const struct wizard *w)
{
	char *cache = env_cache_dir(), *path = fs_join(cache, w->rel.id);

	free(cache);
	return path;
}

enum err_code
worktree_carry(struct wizard *w, struct err *e)
{
	const struct strlist *carry = settings_carry(w);
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < carry->count && rc == ERR_OK; i++) {
		char *from = fs_join(w->rel.root, carry->items[i]);
		char *to = fs_join(w->rel.worktree, carry->items[i]);

		rc = fs_copy_tree(from, to, e);
		if (rc != ERR_OK)
			err_wrap(e, "cannot carry %s into the worktree", carry->items[i]);
		free(from);
		free(to);
	}
	return rc;
}

static void
worktree_free(struct worktree *t)
{
	free(t->path);
	free(t);
}

static void
end(struct worktree *t, const struct err *e)
{
	worktree_fn fn = t->fn;
	void *arg = t->arg;

	worktree_free(t);
	fn(arg, e);
}

void
worktree_forget(struct worktree *t)
{
	if (t == NULL)
		return;
	t->dead = true;
	git_task_stop(t->task);
	if (!t->pending)
		worktree_free(t);
}

static void run(struct worktree *t, enum phase phase);

static void
on_git(void *arg, const struct git_result *r)
{
	struct worktree *t = arg;
	struct wizard *w = t->w;
	struct err e = ERR_EMPTY;

	t->task = NULL;
	if (r->failure != NULL)
		e = *r->failure;
	switch (t->phase) {
	case PHASE_PRUNE:
		/* Only tidying up: adding says what is wrong. */
		run(t, PHASE_ADD);
		return;
	case PHASE_ADD:
		if (e.code == ERR_OK)
			worktree_carry(w, &e);
		break;
	case PHASE_REMOVE:
		/* One that git does not know (any more) is only a folder of ours. */
		err_clear(&e);
		if (fs_remove_tree(t->path, &e) != ERR_OK)
			break;
		mem_set(&w->rel.worktree, NULL);
		run(t, PHASE_FORGET);
		return;
	case PHASE_FORGET:
		run(t, PHASE_REF);
		return;
	case PHASE_REF:
		break;
	}
	end(t, e.code != ERR_OK ? &e : NULL);
}

static void
run(struct worktree *t, enum phase phase)
{
	struct wizard *w = t->w;
	const struct git_place at = git_place_of(w, NULL);
	struct git_cmd cmd = GIT_CMD_EMPTY;
	char *ref = mem_printf("refs/slipway/%s", w->rel.id);

	t->phase = phase;
	switch (phase) {
	case PHASE_PRUNE:
	case PHASE_FORGET:
		cmd = git_cmd_worktree_prune(&at);
		break;
	case PHASE_ADD:
		cmd = git_cmd_worktree_add(&at, w->rel.worktree, w->rel.commit);
		break;
	case PHASE_REMOVE:
		cmd = git_cmd_worktree_remove(&at, t->path);
		break;
	case PHASE_REF:
		cmd = git_cmd_delete_ref(&at, ref, NULL);
		break;
	}
	free(ref);
	t->task = git_task_start(w, cmd, on_git, t);
}

static void
begin_ensure(void *arg)
{
	struct worktree *t = arg;
	char *git;

	t->pending = false;
	if (t->dead) {
		worktree_free(t);
		return;
	}
	if (t->w->rel.worktree == NULL)
		t->w->rel.worktree = worktree_path(t->w);
	git = fs_join(t->w->rel.worktree, ".git");
	if (fs_exists(git))
		end(t, NULL);
	else
		run(t, PHASE_PRUNE);
	free(git);
}

static void
begin_remove(void *arg)
{
	struct worktree *t = arg;

	t->pending = false;
	if (t->dead) {
		worktree_free(t);
		return;
	}
	t->path = t->w->rel.worktree != NULL ? mem_strdup(t->w->rel.worktree) : worktree_path(t->w);
	run(t, fs_exists(t->path) ? PHASE_REMOVE : PHASE_FORGET);
}

static struct worktree *
start(struct wizard *w, void (*begin)(void *), worktree_fn fn, void *arg)
{
	struct worktree *t = mem_zalloc(1, sizeof *t);

	*t = (struct worktree) { .w = w, .pending = true, .fn = fn, .arg = arg };
	loop_defer(w->loop, begin, t);
	return t;
}

struct worktree *
worktree_ensure(struct wizard *w, worktree_fn fn, void *arg)
{
	return start(w, begin_ensure, fn, arg);
}

struct worktree *
worktree_remove(struct wizard *w, worktree_fn fn, void *arg)
{
	return start(w, begin_remove, fn, arg);
}
