/* Confirm: the whole plan, and the version typed out. Behind it lies the point of no return. */
#include <stdlib.h>
#include <string.h>

#include "effect.h"
#include "plan.h"
#include "slipway/base/mem.h"
#include "slipway/project/version.h"

struct confirm {
	char *title, *flag;
};

static void
confirm_enter(struct step_run *s)
{
	struct confirm *c = s->priv;
	struct wizard *w = s->w;
	struct question q = { .id = ASK_CONFIRM, .step = STEP_CONFIRM, .kind = QUESTION_TYPED };

	plan_make(w);
	c->title = mem_printf("Type %s to release", w->rel.version);
	c->flag = mem_printf("--confirm %s", w->rel.version);
	q.title = c->title;
	q.text = "Cancelling now changes nothing: your branch is as it was.";
	q.expected = w->rel.version;
	q.flag = c->flag;
	step_ask(s, &q);
}

static void
confirm_answer(struct step_run *s, const struct answer *a)
{
	/* To the letter: a confirmation is no place for 1.0 and 1.0.0 being equal. */
	if (strcmp(a->text, s->w->rel.version) != 0)
		step_refuse(s, "that is not %s: nothing has been started", s->w->rel.version);
	else
		step_done(s, "confirmed by typing %s", s->w->rel.version);
}

static void
confirm_leave(struct step_run *s)
{
	struct confirm *c = s->priv;

	free(c->title);
	free(c->flag);
}

const struct step_ops step_confirm = {
	.id = STEP_CONFIRM,
	.priv_size = sizeof(struct confirm),
	.enter = confirm_enter,
	.answer = confirm_answer,
	.leave = confirm_leave,
};
