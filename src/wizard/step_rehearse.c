/* Rehearse: the upload to a test index, with its own token, in dependency order. */
#include <stdlib.h>
#include <string.h>

#include "effect.h"
#include "frozen.h"
#include "indexes.h"
#include "plan.h"
#include "rehearsal.h"
#include "settings.h"
#include "slipway/base/mem.h"

struct rehearse {
	struct tokens *tokens;
	struct frozen *checking;
	bool running;
	char *title;
	struct question_option options[3];
};

static const struct question_option failed_options[] = {
	{ "token", "type another token", NULL },
	{ "skip", "go on without a rehearsal",
	    "production will be the first index to see the files" },
};

static void
on_uploaded(void *arg, const struct err *e)
{
	struct step_run *s = arg;

	((struct rehearse *)s->priv)->running = false;
	if (e != NULL)
		step_fail(s, e, ASK_UPLOAD_FAILED, failed_options, ARRAY_LEN(failed_options));
	else
		step_done(s, "%zu files on %s, with the reviewed sha256", s->w->rel.file_count,
		    s->w->rel.index[INDEX_TEST].title);
}

static void
on_checked(void *arg, const struct err *e)
{
	struct step_run *s = arg;
	struct rehearse *h = s->priv;

	h->checking = NULL;
	/* Not to be skipped: these are not the files that were reviewed. */
	if (e != NULL) {
		step_fail(s, e, ASK_UPLOAD_FAILED, NULL, 0);
		return;
	}
	h->running = true;
	effects_run(s->w, STEP_REHEARSE, on_uploaded, s);
}

static void
on_tokens(void *arg, const struct err *e)
{
	struct step_run *s = arg;
	struct rehearse *h = s->priv;

	h->tokens = NULL;
	if (e != NULL)
		step_fail(s, e, ASK_UPLOAD_FAILED, failed_options, ARRAY_LEN(failed_options));
	else
		h->checking = frozen_check(s->w, on_checked, s);
}

static void
begin(struct step_run *s, const char *name)
{
	struct rehearse *h = s->priv;
	struct wizard *w = s->w;
	struct err e = ERR_EMPTY;

	if (indexes_resolve(w, INDEX_TEST, name, &e) != ERR_OK) {
		step_refuse(s, "%s", e.message);
		return;
	}
	effects_drop(w, STEP_REHEARSE);
	plan_make(w);
	if (w->rel.index[INDEX_TEST].name == NULL) {
		step_skip(s, "not rehearsed: no test index");
		return;
	}
	h->tokens = tokens_get(s, INDEX_TEST, ASK_TEST_TOKEN, on_tokens, s);
}

static void
rehearse_enter(struct step_run *s)
{
	struct rehearse *h = s->priv;
	struct release_index *test = &s->w->rel.index[INDEX_TEST];
	struct question q = {
		.id = ASK_TEST_INDEX,
		.step = STEP_REHEARSE,
		.kind = QUESTION_TEXT,
		.text = "A file name is used up there for good: that cannot be undone.",
		.options = h->options,
		.option_count = ARRAY_LEN(h->options),
		.flag = "--test-index NAME, or none",
	};

	/* It was chosen before the interruption: the files that are there decide nothing anew. */
	if (effects_begun(s->w, STEP_REHEARSE)) {
		begin(s, test->name);
		return;
	}
	if (test->name == NULL) {
		begin(s, "none");
		return;
	}
	h->title = mem_printf("Rehearse on %s?", test->title);
	h->options[0] = (struct question_option) { test->name, test->title, test->upload_url };
	h->options[1] = (struct question_option) { "none", "skip the rehearsal", NULL };
	h->options[2] = (struct question_option) { REHEARSAL_NAME, "rehearsal index",
		"started on this machine for this release; nothing of it stays" };
	if (!rehearsal_is_meant(s->w, REHEARSAL_NAME) || strcmp(test->name, REHEARSAL_NAME) == 0)
		q.option_count = 2;
	q.title = h->title;
	q.preset = test->name;
	/* Silence may only choose it where the user named that index. */
	q.undoable = settings_test_index_named(s->w);
	step_ask(s, &q);
}

static void
rehearse_answer(struct step_run *s, const struct answer *a)
{
	struct rehearse *h = s->priv;

	if (a->id == ASK_TEST_INDEX) {
		begin(s, a->text);
	} else if (a->id == ASK_TEST_TOKEN) {
		tokens_answer(h->tokens, a);
	} else if (strcmp(a->text, "token") == 0) {
		tokens_forget(s->w, INDEX_TEST);
		h->tokens = tokens_get(s, INDEX_TEST, ASK_TEST_TOKEN, on_tokens, s);
	} else {
		step_skip(s, "skipped after a failed upload");
	}
}

static void
rehearse_leave(struct step_run *s)
{
	struct rehearse *h = s->priv;

	tokens_free(h->tokens);
	frozen_forget(h->checking);
	if (h->running)
		effects_stop(s->w);
	free(h->title);
}

static struct json *
rehearse_save(const struct wizard *w)
{
	struct json *j = json_object_new();

	json_set_text(j, "index", w->rel.index[INDEX_TEST].name);
	return j;
}

static enum err_code
rehearse_load(struct wizard *w, const struct json *data, struct err *e)
{
	const char *name = json_text(data, "index");

	return indexes_resolve(w, INDEX_TEST, name != NULL ? name : "none", e);
}

const struct step_ops step_rehearse = {
	.id = STEP_REHEARSE,
	.priv_size = sizeof(struct rehearse),
	.enter = rehearse_enter,
	.answer = rehearse_answer,
	.leave = rehearse_leave,
	.save = rehearse_save,
	.load = rehearse_load,
};
