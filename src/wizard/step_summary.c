/* Summary: the report, on the screen and in a file; the worktree and the kept commit are let go. */
#include <stdlib.h>
#include <string.h>

#include "effect.h"
#include "journal.h"
#include "plan.h"
#include "report.h"
#include "slipway/base/mem.h"
#include "worktree.h"

struct summary {
	struct worktree *removing;
	bool copying;
};

static void
finish(struct step_run *s)
{
	struct wizard *w = s->w;
	struct json *j = json_object_new();
	struct err e = ERR_EMPTY;

	json_set_text(j, "result", w->dry_run ? "dry-run" : "published");
	if (journal_write(w->journal, "end", j, &e) != ERR_OK)
		step_fail(s, &e, ASK_SUMMARY, NULL, 0);
	else
		step_done(s, "report in %s", w->rel.report_path);
}

static void
on_copied(void *arg, const struct err *e)
{
	struct step_run *s = arg;
	struct err failure = ERR_EMPTY;

	((struct summary *)s->priv)->copying = false;
	if (e == NULL)
		report_write(s->w, &failure);
	if (e != NULL || failure.code != ERR_OK)
		step_fail(s, e != NULL ? e : &failure, ASK_SUMMARY, NULL, 0);
	else
		finish(s);
}

static void
ask(struct step_run *s)
{
	static const struct question_option options[] = {
		{ "finish", "finish", NULL },
		{ "copy", "copy the files to dist/ and finish",
		    "replaces files of the same package there" },
	};
	struct question q = {
		.id = ASK_SUMMARY,
		.step = STEP_SUMMARY,
		.kind = QUESTION_CHOICE,
		.title = "Done.",
		.options = options,
		.option_count = s->w->dry_run ? 2 : 1,
		.preset = "finish",
		.undoable = true,
		.flag = "--yes",
	};

	step_ask(s, &q);
}

static void
on_removed(void *arg, const struct err *e)
{
	struct step_run *s = arg;
	struct err failure = ERR_EMPTY;

	((struct summary *)s->priv)->removing = NULL;
	if (e != NULL)
		failure = *e;
	else
		report_write(s->w, &failure);
	if (failure.code != ERR_OK) {
		step_fail(s, &failure, ASK_SUMMARY, NULL, 0);
		return;
	}
	step_changed(s);
	ask(s);
}

static void
summary_enter(struct step_run *s)
{
	struct summary *m = s->priv;

	m->removing = worktree_remove(s->w, on_removed, s);
}

static void
summary_answer(struct step_run *s, const struct answer *a)
{
	struct summary *m = s->priv;

	if (strcmp(a->text, "copy") != 0) {
		finish(s);
		return;
	}
	plan_add_copies(s->w);
	m->copying = true;
	effects_run(s->w, STEP_LIVE, on_copied, s);
}

static void
summary_leave(struct step_run *s)
{
	struct summary *m = s->priv;

	worktree_forget(m->removing);
	if (m->copying)
		effects_stop(s->w);
}

const struct step_ops step_summary = {
	.id = STEP_SUMMARY,
	.priv_size = sizeof(struct summary),
	.enter = summary_enter,
	.answer = summary_answer,
	.leave = summary_leave,
};
