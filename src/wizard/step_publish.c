/* Publish: what was confirmed, in the order of the plan. Behind the first accepted file only
 * forward. */
#include <stdlib.h>
#include <string.h>

#include "effect.h"
#include "frozen.h"
#include "indexes.h"
#include "level.h"
#include "plan.h"

struct publish {
	struct tokens *tokens;
	struct frozen *checking;
	struct level *level;
	bool running;
};

static const struct question_option failed_options[] = {
	{ "token", "type another token", NULL },
};

static void
failed(struct step_run *s, const struct err *e)
{
	size_t options = e->code == ERR_AUTH ? ARRAY_LEN(failed_options) : 0;
	struct err told = *e;

	if (s->w->rel.accepted && told.hint[0] == '\0')
		err_hint(&told, "%s has files of this version, so the release can only go forward",
		    s->w->rel.index[INDEX_PRODUCTION].title);
	step_fail(s, &told, ASK_PUBLISH_FAILED, failed_options, options);
}

static void
on_effects(void *arg, const struct err *e)
{
	struct step_run *s = arg;
	struct wizard *w = s->w;

	((struct publish *)s->priv)->running = false;
	if (e != NULL)
		failed(s, e);
	else if (plan_publishes(w))
		step_done(s, "%zu files on %s, %s pushed", w->rel.file_count,
		    w->rel.index[INDEX_PRODUCTION].title, w->rel.version);
	else
		step_done(s, "%s tagged and pushed; a candidate is not sent to production",
		    w->rel.version);
}

static void
run_effects(struct step_run *s)
{
	((struct publish *)s->priv)->running = true;
	effects_run(s->w, STEP_PUBLISH, on_effects, s);
}

/* The world may have moved while the user read: look once more, as long as nothing is public. */
static void
on_level(void *arg, const struct err *e)
{
	struct step_run *s = arg;

	((struct publish *)s->priv)->level = NULL;
	if (e != NULL)
		failed(s, e);
	else
		run_effects(s);
}

static void
on_checked(void *arg, const struct err *e)
{
	struct step_run *s = arg;
	struct publish *p = s->priv;

	p->checking = NULL;
	if (e != NULL)
		failed(s, e);
	else if (effects_begun(s->w, STEP_PUBLISH))
		run_effects(s);
	else
		p->level = level_check(s->w, on_level, s);
}

static void
on_tokens(void *arg, const struct err *e)
{
	struct step_run *s = arg;
	struct publish *p = s->priv;

	p->tokens = NULL;
	if (e != NULL)
		failed(s, e);
	else
		p->checking = frozen_check(s->w, on_checked, s);
}

static void
get_tokens(struct step_run *s)
{
	struct publish *p = s->priv;

	if (plan_publishes(s->w))
		p->tokens = tokens_get(s, INDEX_PRODUCTION, ASK_TOKEN, on_tokens, s);
	else
		on_tokens(s, NULL);
}

static void
publish_enter(struct step_run *s)
{
	plan_make(s->w);
	get_tokens(s);
}

static void
publish_answer(struct step_run *s, const struct answer *a)
{
	struct publish *p = s->priv;

	if (a->id == ASK_TOKEN) {
		tokens_answer(p->tokens, a);
	} else if (strcmp(a->text, "token") == 0) {
		tokens_forget(s->w, INDEX_PRODUCTION);
		get_tokens(s);
	}
}

static void
publish_leave(struct step_run *s)
{
	struct publish *p = s->priv;

	tokens_free(p->tokens);
	frozen_forget(p->checking);
	level_forget(p->level);
	if (p->running)
		effects_stop(s->w);
}

const struct step_ops step_publish = {
	.id = STEP_PUBLISH,
	.priv_size = sizeof(struct publish),
	.enter = publish_enter,
	.answer = publish_answer,
	.leave = publish_leave,
};
