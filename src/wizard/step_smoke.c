/* Smoke: what the test index serves, installed into a fresh environment and tried. */
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "trial.h"

#define LISTED_DEADLINE_MS (5 * 60 * 1000)

struct smoke {
	struct trial *trial;
};

static const struct question_option failed_options[] = {
	{ "go-on", "go on all the same", "the failure is kept in the report" },
};

static void
on_tried(void *arg, const struct err *e)
{
	struct step_run *s = arg;

	((struct smoke *)s->priv)->trial = NULL;
	if (e != NULL)
		step_fail(s, e, ASK_SMOKE_FAILED, failed_options, ARRAY_LEN(failed_options));
	else
		step_done(s, "installed from %s and tried", s->w->rel.index[INDEX_TEST].title);
}

static void
smoke_enter(struct step_run *s)
{
	struct smoke *k = s->priv;

	if (s->w->steps[STEP_REHEARSE].sign != SIGN_OK) {
		step_skip(s, "nothing was rehearsed");
		return;
	}
	k->trial = trial_start(s, INDEX_TEST, LISTED_DEADLINE_MS, on_tried, s);
}

static void
smoke_answer(struct step_run *s, const struct answer *a)
{
	if (strcmp(a->text, "go-on") == 0)
		step_skip(s, "went on after a failure");
}

static void
smoke_leave(struct step_run *s)
{
	trial_free(((struct smoke *)s->priv)->trial);
}

const struct step_ops step_smoke = {
	.id = STEP_SMOKE,
	.priv_size = sizeof(struct smoke),
	.enter = smoke_enter,
	.answer = smoke_answer,
	.leave = smoke_leave,
};
