/* Checks: the user's own commands, one after another, before anything is built. */
#include <stdlib.h>
#include <string.h>

#include "jobs.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "worktree.h"

struct checks {
	struct jobs *jobs;
	struct worktree *ensuring;
};

static const struct question_option go_on_option[] = {
	{ "go-on", "go on all the same", "the failure is kept in the report" },
};

static void
on_checked(void *arg, const struct jobs_end *end)
{
	struct step_run *s = arg;

	((struct checks *)s->priv)->jobs = NULL;
	if (end->all_ok)
		step_done(s, "%zu passed", s->w->rel.check_count);
	else
		step_fail(s, &end->err, ASK_CHECKS_FAILED, go_on_option, ARRAY_LEN(go_on_option));
}

static void
start_checks(struct step_run *s)
{
	struct wizard *w = s->w;
	const struct strlist *lines = settings_checks(w);
	struct job_spec *specs = mem_zalloc(lines->count, sizeof *specs);

	for (size_t i = 0; i < lines->count; i++)
		specs[i] = (struct job_spec) {
			.title = lines->items[i],
			.shell = lines->items[i],
			.cwd = settings_checks_in_tree(w) ? w->rel.root : w->rel.worktree,
		};
	/* One at a time: they may use the same caches, and the first failure is the one to read. */
	jobs_start(s, &w->rel.checks, &w->rel.check_count, specs, lines->count, 1, on_checked, s,
	    &((struct checks *)s->priv)->jobs);
	free(specs);
}

static void
on_worktree(void *arg, const struct err *e)
{
	struct step_run *s = arg;

	((struct checks *)s->priv)->ensuring = NULL;
	if (e != NULL)
		step_fail(s, e, ASK_CHECKS_FAILED, NULL, 0);
	else
		start_checks(s);
}

static void
checks_enter(struct step_run *s)
{
	struct checks *c = s->priv;

	if (settings_checks(s->w)->count == 0)
		step_skip(s, "no checks configured");
	else
		c->ensuring = worktree_ensure(s->w, on_worktree, s);
}

static void
checks_answer(struct step_run *s, const struct answer *a)
{
	if (strcmp(a->text, "go-on") == 0)
		step_skip(s, "went on after a failed check");
}

static void
checks_leave(struct step_run *s)
{
	struct checks *c = s->priv;

	worktree_forget(c->ensuring);
	jobs_free(c->jobs);
}

const struct step_ops step_checks = {
	.id = STEP_CHECKS,
	.priv_size = sizeof(struct checks),
	.enter = checks_enter,
	.answer = checks_answer,
	.leave = checks_leave,
};
