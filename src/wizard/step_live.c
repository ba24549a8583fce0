/* Live: the production index lists every file with the reviewed sha256, serves those bytes, and
 * they install by name. Then the files are copied to dist/. */
#include <stdlib.h>
#include <string.h>

#include "effect.h"
#include "fetch.h"
#include "jobs.h"
#include "plan.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "smoke.h"
#include "trial.h"

#define LISTED_DEADLINE_MS (10 * 60 * 1000)

struct live {
	struct trial *trial;
	bool copying;
	bool gave_up; /* on seeing it whole; the files are published all the same */
};

static const struct question_option failed_options[] = {
	{ "go-on", "go on all the same", "the files are published either way" },
};

static void
failed(struct step_run *s, const struct err *e)
{
	step_fail(s, e, ASK_LIVE_FAILED, failed_options, ARRAY_LEN(failed_options));
}

static void
on_copied(void *arg, const struct err *e)
{
	struct step_run *s = arg;

	struct live *l = s->priv;

	l->copying = false;
	if (e != NULL)
		failed(s, e);
	else if (l->gave_up)
		step_skip(s, "went on although it could not be seen whole");
	else
		step_done(s, "%s serves the %zu reviewed files; they install from there",
		    s->w->rel.index[INDEX_PRODUCTION].title, s->w->rel.file_count);
}

static void
copy(struct step_run *s)
{
	((struct live *)s->priv)->copying = true;
	effects_run(s->w, STEP_LIVE, on_copied, s);
}

static void
on_tried(void *arg, const struct err *e)
{
	struct step_run *s = arg;

	((struct live *)s->priv)->trial = NULL;
	if (e != NULL)
		failed(s, e);
	else
		copy(s);
}

static void
live_enter(struct step_run *s)
{
	struct live *l = s->priv;

	if (!plan_publishes(s->w)) {
		step_skip(s, "a candidate is not sent to production");
		return;
	}
	l->trial = trial_start(s, INDEX_PRODUCTION, LISTED_DEADLINE_MS, on_tried, s);
}

static void
live_answer(struct step_run *s, const struct answer *a)
{
	struct live *l = s->priv;

	if (strcmp(a->text, "go-on") != 0)
		return;
	/* A copy that failed is not tried for ever. */
	if (l->gave_up || effects_failed(s->w, STEP_LIVE)) {
		step_skip(s, "went on although it could not be finished");
		return;
	}
	l->gave_up = true;
	copy(s);
}

static void
live_leave(struct step_run *s)
{
	struct live *l = s->priv;

	trial_free(l->trial);
	if (l->copying)
		effects_stop(s->w);
}

const struct step_ops step_live = {
	.id = STEP_LIVE,
	.priv_size = sizeof(struct live),
	.enter = live_enter,
	.answer = live_answer,
	.leave = live_leave,
};
