/* Commit: the release commit, made off the user's branch. */
#include <stdlib.h>
#include <string.h>

#include "effect.h"
#include "plan.h"
#include "settings.h"
#include "slipway/base/mem.h"

static const struct question_option hook_options[] = {
	{ "without-hooks", "commit without the hooks",
	    "git commit --no-verify, for this commit alone" },
};

static void
on_committed(void *arg, const struct err *e)
{
	struct step_run *s = arg;
	struct wizard *w = s->w;
	char *message;

	*(bool *)s->priv = false;
	if (e != NULL) {
		step_fail(s, e, ASK_HOOK_FAILED, hook_options,
		    w->hook_failed ? ARRAY_LEN(hook_options) : 0);
		return;
	}
	message = settings_commit_message(w);
	message[strcspn(message, "\n")] = '\0';
	mem_set(&w->rel.commit_subject, message);
	step_done(s, "%.7s %s", w->rel.commit, message);
	free(message);
}

static void
commit_enter(struct step_run *s)
{
	plan_make(s->w);
	*(bool *)s->priv = true;
	effects_run(s->w, STEP_COMMIT, on_committed, s);
}

static void
commit_answer(struct step_run *s, const struct answer *a)
{
	if (strcmp(a->text, "without-hooks") == 0) {
		s->w->without_hooks = true;
		step_again(s);
	}
}

static void
commit_leave(struct step_run *s)
{
	if (*(bool *)s->priv)
		effects_stop(s->w);
}

static struct json *
commit_save(const struct wizard *w)
{
	struct json *j = json_object_new();

	json_set_text(j, "commit", w->rel.commit);
	json_set_text(j, "subject", w->rel.commit_subject);
	json_set_text(j, "worktree", w->rel.worktree);
	return j;
}

static enum err_code
commit_load(struct wizard *w, const struct json *data, struct err *e)
{
	if (json_text(data, "commit") == NULL || json_text(data, "worktree") == NULL)
		return err_set(e, ERR_INVALID, "the record of the commit is not whole");
	mem_set(&w->rel.commit, json_text(data, "commit"));
	mem_set(&w->rel.commit_subject, json_text(data, "subject"));
	mem_set(&w->rel.worktree, json_text(data, "worktree"));
	return ERR_OK;
}

const struct step_ops step_commit = {
	.id = STEP_COMMIT,
	.priv_size = sizeof(bool), /* the effects are under way */
	.enter = commit_enter,
	.answer = commit_answer,
	.leave = commit_leave,
	.save = commit_save,
	.load = commit_load,
};
