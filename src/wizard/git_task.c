/* git for the wizard: writing with the user's git, reading with the worker. */
#include "git_task.h"

#include <stdlib.h>

#include "slipway/base/mem.h"
#include "slipway/os/worker.h"
#include "slipway/repo/repo.h"

struct git_task {
	struct wizard *w; /* NULL once it is being freed */
	struct git_cmd cmd;
	struct git_run *run;
	size_t log_line;
	bool pending; /* begin() is still to come */
	bool lent, dead;
	git_task_fn fn;
	void *arg;
};

struct git_place
git_place_of(const struct wizard *w, const char *cwd)
{
	return (struct git_place) { .cwd = cwd != NULL ? cwd : w->rel.root,
		.hide = &w->token_names,
		.ssh_command = w->ssh_command };
}

static void
task_free(struct git_task *t)
{
	git_cmd_fini(&t->cmd);
	free(t);
}

static void start(struct git_task *t, bool foreground);

static void
give_result(struct git_task *t, const struct git_result *r)
{
	git_task_fn fn = t->fn;
	void *arg = t->arg;

	if (!t->dead)
		fn(arg, r);
	task_free(t);
}

static void
take_back(struct git_task *t)
{
	if (!t->lent || t->w == NULL)
		return;
	t->w->lent_to = NULL;
	wizard_take_back(t->w);
}

static void
on_given(void *arg, bool given)
{
	struct git_task *t = arg;
	struct err e = ERR_EMPTY;

	t->lent = given;
	if (given) {
		t->w->lent_to = t;
		start(t, true);
		return;
	}
	err_set(&e, ERR_AUTH, "cannot %s: git has to ask, and no terminal is there to answer on",
	    t->cmd.description);
	err_hint(&e,
	    "give it what it needs beforehand (an ssh agent, a gpg agent, a credential helper)");
	give_result(t, &(struct git_result) { .failure = &e });
}

static void
on_done(void *arg, const struct git_result *r)
{
	struct git_task *t = arg;
	char text[64], *reason;

	t->run = NULL;
	take_back(t);
	if (t->dead) {
		task_free(t);
		return;
	}
	wizard_log_end(
	    t->w, t->log_line, process_end_text(&r->end, text, sizeof text), r->end.elapsed_ms);
	if (!r->needs_terminal || t->lent) {
		give_result(t, r);
		return;
	}
	reason = mem_printf("git has to ask something to %s", t->cmd.description);
	wizard_lend(t->w, reason, on_given, t);
	free(reason);
}

static void
start(struct git_task *t, bool foreground)
{
	const struct git_run_opts opts = { .foreground = foreground, .on_done = on_done, .arg = t };
	struct str text = STR_EMPTY;
	struct err e = ERR_EMPTY;

	git_cmd_text(&t->cmd, &text);
	t->log_line = wizard_log_begin(t->w, str_text(&text), t->cmd.cwd);
	str_fini(&text);
	if (git_run_start(t->w->loop, &t->cmd, &opts, &t->run, &e) == ERR_OK)
		return;
	wizard_log_end(t->w, t->log_line, e.message, 0);
	take_back(t);
	give_result(t, &(struct git_result) { .failure = &e });
}

static void
begin(void *arg)
{
	struct git_task *t = arg;

	t->pending = false;
	if (t->dead)
		task_free(t);
	else
		start(t, false);
}

struct git_task *
git_task_start(struct wizard *w, struct git_cmd cmd, git_task_fn fn, void *arg)
{
	struct git_task *t = mem_zalloc(1, sizeof *t);

	*t = (struct git_task) { .w = w, .cmd = cmd, .fn = fn, .arg = arg, .pending = true };
	loop_defer(w->loop, begin, t);
	return t;
}

void
git_task_stop(struct git_task *t)
{
	if (t == NULL)
		return;
	t->dead = true;
	if (t->run != NULL) {
		git_run_cancel(t->run);
	} else if (!t->pending) {
		/* It waits for the terminal. */
		wizard_lend_withdraw(t->w, t);
		task_free(t);
	}
}

void
git_task_abandon(struct git_task *t)
{
	if (t == NULL)
		return;
	take_back(t);
	t->dead = true;
	t->w = NULL;
}

/* -- reading -- */

struct repo_task {
	struct wizard *w;
	char *path;
	const struct repo_task_ops *ops;
	void *owner, *arg;
	struct worker_job *job;
	struct err err;
	bool dead;
};

static void
repo_run(void *arg, const atomic_bool *cancelled)
{
	struct repo_task *t = arg;
	struct repo *repo = NULL;

	if (atomic_load(cancelled) || repo_open(t->path, &repo, &t->err) != ERR_OK)
		return;
	t->ops->run(t->arg, repo, &t->err);
	repo_close(repo);
}

static void
repo_done(void *arg, bool cancelled)
{
	struct repo_task *t = arg;

	t->job = NULL;
	if (!cancelled && !t->dead)
		t->ops->done(t->owner, t->arg, t->err.code != ERR_OK ? &t->err : NULL);
	t->ops->free_arg(t->arg);
	free(t->path);
	free(t);
}

struct repo_task *
repo_task_start(
    struct wizard *w, const char *path, const struct repo_task_ops *ops, void *owner, void *arg)
{
	struct repo_task *t = mem_zalloc(1, sizeof *t);

	*t = (struct repo_task) {
		.w = w, .path = mem_strdup(path), .ops = ops, .owner = owner, .arg = arg
	};
	t->job = worker_submit(w->worker, repo_run, repo_done, t);
	return t;
}

void
repo_task_stop(struct repo_task *t)
{
	if (t == NULL)
		return;
	t->dead = true;
	if (t->job != NULL)
		worker_cancel(t->w->worker, t->job);
}
