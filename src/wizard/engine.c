/* The engine: which step is under way, what is asked, and how it ends. */
#include "engine.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ask_tag.h"
#include "effect.h"
#include "git_task.h"
#include "indexes.h"
#include "journal.h"
#include "policy.h"
#include "release_notes.h"
#include "slipway/base/log.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/index/server.h"
#include "slipway/os/clock.h"
#include "slipway/os/http.h"
#include "slipway/os/secret.h"
#include "slipway/os/worker.h"
#include "worktree.h"

/* What is told to end has two seconds before it is killed (process_cancel); a little more for the
 * killing. */
#define ENDING_MAX_MS 4000
#define ENDING_LOOK_MS 10

static const struct step_ops *const step_table[] = {
	[STEP_PREFLIGHT] = &step_preflight,
	[STEP_VERSION] = &step_version,
	[STEP_EDITS] = &step_edits,
	[STEP_NOTES] = &step_notes,
	[STEP_COMMIT] = &step_commit,
	[STEP_CHECKS] = &step_checks,
	[STEP_BUILD] = &step_build,
	[STEP_VERIFY] = &step_verify,
	[STEP_REVIEW] = &step_review,
	[STEP_REHEARSE] = &step_rehearse,
	[STEP_SMOKE] = &step_smoke,
	[STEP_CONFIRM] = &step_confirm,
	[STEP_PUBLISH] = &step_publish,
	[STEP_LIVE] = &step_live,
	[STEP_SUMMARY] = &step_summary,
};
_Static_assert(ARRAY_LEN(step_table) == STEP_COUNT, "one row per step");

enum err_code
wizard_new(struct loop *l, const struct wizard_opts *opts, const struct front_ops *front,
    void *front_arg, struct wizard **out, struct err *e)
{
	struct wizard *w = mem_zalloc(1, sizeof *w);
	enum err_code rc;

	w->loop = l;
	w->front = front;
	w->front_arg = front_arg;
	w->mode = opts->mode;
	w->reader = opts->reader;
	w->dir = mem_strdup(opts->dir != NULL ? opts->dir : ".");
	w->config_path = mem_strdup(opts->config_path);
	w->bump = mem_strdup(opts->bump);
	w->test_index = mem_strdup(opts->test_index);
	w->confirm = mem_strdup(opts->confirm);
	w->accept_findings = mem_strdup(opts->accept_findings);
	if (opts->leave_out != NULL)
		strlist_copy(&w->leave_out, opts->leave_out);
	if (opts->edit_also != NULL)
		strlist_copy(&w->edit_also, opts->edit_also);
	for (size_t i = 0; opts->tags != NULL && i < opts->tags->count; i++)
		ask_tag_flag(opts->tags->items[i], &w->tag_answers);
	if (opts->packages != NULL)
		strlist_copy(&w->packages, opts->packages);
	w->dry_run = w->rel.dry_run = opts->dry_run;
	w->unattended = opts->unattended;
	w->take_presets = opts->take_presets;
	w->no_notes = opts->no_notes;
	w->date_candidates = w->date_candidates_chosen = opts->date_candidates;
	w->new_changelog_chosen = opts->new_changelog != NULL;
	if (opts->new_changelog != NULL &&
	    !changelog_fresh_from(opts->new_changelog, &w->new_changelog)) {
		wizard_free(w);
		return err_set(e, ERR_USAGE,
		    "--new-changelog takes keep-a-changelog, dash or none, not \"%s\"",
		    opts->new_changelog);
	}
	for (size_t i = 0; i < STEP_COUNT; i++)
		w->steps[i] = (struct step_run) { .w = w, .ops = step_table[i] };
	rc = worker_new(l, &w->worker, e);
	if (rc != ERR_OK) {
		wizard_free(w);
		return rc;
	}
	*out = w;
	return ERR_OK;
}

static void
leave(struct step_run *s)
{
	if (!s->entered)
		return;
	if (s->ops->leave != NULL)
		s->ops->leave(s);
	free(s->priv);
	s->priv = NULL;
	s->entered = false;
}

void
wizard_free(struct wizard *w)
{
	if (w == NULL)
		return;
	loop_forget(w->loop, w);
	loop_cancel(w->loop, w->ending);
	effects_stop(w);
	worktree_forget(w->clearing);
	for (size_t i = 0; i < STEP_COUNT; i++) {
		leave(&w->steps[i]);
		free(w->steps[i].text);
	}
	git_task_abandon(w->lent_to);
	if (w->running)
		loop_busy_end(w->loop);
	worker_free(w->worker);
	http_free(w->http);
	index_server_stop(w->rehearsal);
	effects_free(w);
	tokens_wipe(w);
	indexes_free(w);
	journal_close(w->journal);
	release_notes_free(w);
	release_fini(&w->rel);
	acknowledgements_fini(&w->acknowledged);
	packages_fini(&w->found);
	strlist_fini(&w->packages);
	strlist_fini(&w->leave_out);
	strlist_fini(&w->edit_also);
	strlist_fini(&w->tag_answers);
	free(w->tag_hint);
	strlist_fini(&w->token_names);
	strlist_fini(&w->tag_names);
	free(w->dir);
	free(w->common_dir);
	free(w->checked_out_at);
	free(w->config_path);
	free(w->bump);
	free(w->test_index);
	free(w->confirm);
	free(w->accept_findings);
	free(w->question_error);
	free(w->fail_options);
	free(w);
}

static void
enter(void *arg)
{
	struct wizard *w = arg;
	struct step_run *s = &w->steps[w->step];

	if (w->finished)
		return;
	/* The one before as well, whichever it was: nothing of it may call back into this one. */
	for (size_t i = 0; i < STEP_COUNT; i++)
		leave(&w->steps[i]);
	mem_set(&s->text, NULL);
	err_clear(&s->err);
	s->sign = SIGN_RUNNING;
	s->started_ms = loop_now_ms(w->loop);
	s->elapsed_ms = 0;
	s->priv = mem_zalloc(1, s->ops->priv_size);
	s->entered = true;
	log_debug("step %s", step_name(w->step));
	w->front->step(w->front_arg, w->step);
	s->ops->enter(s);
}

void
wizard_enter(struct wizard *w, enum step_id step)
{
	w->step = step;
	loop_defer(w->loop, enter, w);
}

void
wizard_start(struct wizard *w)
{
	w->running = true;
	w->started_ms = loop_now_ms(w->loop);
	loop_busy_begin(w->loop);
	wizard_begin(w);
}

/* The front ends the loop, and nobody would reap or kill what still runs: so it is told when all of
 * it has ended. */
static void
finished(void *arg)
{
	struct wizard *w = arg;

	w->ending = NULL;
	if (loop_has_work(w->loop) && loop_now_ms(w->loop) - w->finished_ms < ENDING_MAX_MS) {
		w->ending = loop_after(w->loop, ENDING_LOOK_MS, finished, w);
		return;
	}
	w->front->finished(w->front_arg, w->result.code != ERR_OK ? &w->result : NULL);
}

void
wizard_finish(struct wizard *w, const struct err *e)
{
	if (w->finished)
		return;
	w->finished = true;
	w->finished_ms = loop_now_ms(w->loop);
	if (e != NULL)
		w->result = *e;
	w->question_open = false;
	w->front->ask(w->front_arg, NULL);
	effects_stop(w);
	worktree_forget(w->clearing);
	w->clearing = NULL;
	for (size_t i = 0; i < STEP_COUNT; i++)
		leave(&w->steps[i]);
	wizard_close_journal(w);
	if (w->running)
		loop_busy_end(w->loop);
	w->running = false;
	loop_defer(w->loop, finished, w);
}

/* -- how a step ends -- */

static void
ended(struct step_run *s, enum sign sign)
{
	s->sign = sign;
	s->elapsed_ms = loop_now_ms(s->w->loop) - s->started_ms;
	s->w->front->step(s->w->front_arg, s->ops->id);
}

static void
go_on(struct step_run *s)
{
	struct wizard *w = s->w;
	struct err e = ERR_EMPTY;

	if (wizard_record_step(w, s, &e) != ERR_OK) {
		wizard_finish(w, &e);
		return;
	}
	if (w->mode == WIZARD_PLAN && s->ops->id == STEP_NOTES)
		wizard_finish(w, w->plan_err.code != ERR_OK ? &w->plan_err : NULL);
	else if (s->ops->id == STEP_SUMMARY)
		wizard_finish(w, NULL);
	else
		wizard_enter(w, policy_next_step(w, s->ops->id));
}

void
step_done(struct step_run *s, const char *fmt, ...)
{
	struct str text = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_vprintf(&text, fmt, args);
	va_end(args);
	free(s->text);
	s->text = str_take(&text);
	ended(s, SIGN_OK);
	go_on(s);
}

void
step_skip(struct step_run *s, const char *why)
{
	mem_set(&s->text, why);
	ended(s, SIGN_UNCHECKED);
	go_on(s);
}

void
step_fail(struct step_run *s, const struct err *e, enum question_id id,
    const struct question_option *options, size_t option_count)
{
	static const struct question_option usual[] = {
		{ "again", "try again", NULL },
		{ "leave", "stop here", "slipway resume comes back to this step" },
	};
	struct wizard *w = s->w;
	struct question_option *all;
	struct question q;

	s->err = *e;
	mem_set(&s->text, e->message);
	ended(s, SIGN_BAD);
	if (w->unattended && !(id == ASK_FINDINGS && w->accept_findings != NULL)) {
		wizard_finish(w, e);
		return;
	}
	free(w->fail_options);
	all = w->fail_options = mem_zalloc(option_count + ARRAY_LEN(usual), sizeof *all);
	all[0] = usual[0];
	if (option_count > 0)
		memcpy(all + 1, options, option_count * sizeof *all);
	all[option_count + 1] = usual[1];
	if (!effects_any_begun(w))
		all[option_count + 1].detail = "nothing has been changed";
	q = (struct question) {
		.id = id,
		.step = s->ops->id,
		.kind = QUESTION_CHOICE,
		.title = s->err.message,
		.text = s->err.hint[0] != '\0' ? s->err.hint : NULL,
		.options = all,
		.option_count = option_count + ARRAY_LEN(usual),
		.preset = "again",
		.reason_for = id == ASK_FINDINGS ? "go-on" : NULL,
	};
	step_ask(s, &q);
}

void
step_changed(struct step_run *s)
{
	s->w->front->changed(s->w->front_arg, s->ops->id);
}

void
step_again(struct step_run *s)
{
	wizard_enter(s->w, s->ops->id);
}

/* -- questions -- */

static void
answer_now(void *arg)
{
	struct wizard *w = arg;
	struct answer a = { .id = w->question.id, .text = w->flag_answer };

	if (!w->question_open || w->flag_answer == NULL)
		return;
	w->flag_answer = NULL;
	w->flag_answers = true;
	wizard_answer(w, &a);
	w->flag_answers = false;
}

void
step_ask(struct step_run *s, const struct question *q)
{
	struct wizard *w = s->w;
	struct err e = ERR_EMPTY;

	w->question = *q;
	w->question_open = true;
	mem_set(&w->question_error, NULL);
	switch (policy_answer(w, q, &w->flag_answer, &e)) {
	case POLICY_ANSWERED:
		loop_defer(w->loop, answer_now, w);
		return;
	case POLICY_REFUSED:
		wizard_finish(w, &e);
		return;
	case POLICY_ASK:
		w->front->ask(w->front_arg, &w->question);
		return;
	}
}

void
step_refuse(struct step_run *s, const char *fmt, ...)
{
	struct wizard *w = s->w;
	struct str text = STR_EMPTY;
	struct err e = ERR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_vprintf(&text, fmt, args);
	va_end(args);
	if (w->unattended || w->flag_answers) {
		err_set(&e, ERR_USAGE, "%s", str_text(&text));
		str_fini(&text);
		wizard_finish(w, &e);
		return;
	}
	free(w->question_error);
	w->question_error = str_take(&text);
	w->question.error = w->question_error;
	w->question_open = true;
	w->front->ask(w->front_arg, &w->question);
}

static bool
has_option(const struct question *q, const char *id)
{
	for (size_t i = 0; i < q->option_count; i++)
		if (strcmp(q->options[i].id, id) == 0)
			return true;
	return false;
}

void
wizard_answer(struct wizard *w, const struct answer *a)
{
	struct step_run *s = &w->steps[w->question.step];

	if (!w->question_open || a->id != w->question.id) {
		secret_free(a->secret);
		return;
	}
	w->question_open = false;
	if (w->question.kind != QUESTION_SECRET) {
		secret_free(a->secret);
		if (a->text == NULL) {
			step_refuse(s, "an answer is needed here");
			return;
		}
	}
	if (w->question.kind == QUESTION_CHOICE && !has_option(&w->question, a->text)) {
		step_refuse(s, "\"%s\" is not one of the choices", a->text);
		return;
	}
	w->front->ask(w->front_arg, NULL);
	if (a->text != NULL && strcmp(a->text, "leave") == 0 && has_option(&w->question, "leave")) {
		struct err e = ERR_EMPTY;

		/* A failure left behind is a failure; leaving a question of ours is a cancellation.
		 */
		if (s->sign == SIGN_BAD)
			e = s->err;
		else
			err_set(&e, ERR_CANCELLED, "stopped in %s", step_name(s->ops->id));
		wizard_finish(w, &e);
	} else if (a->text != NULL && strcmp(a->text, "again") == 0 && s->sign == SIGN_BAD) {
		step_again(s);
	} else if (a->id == ASK_UNFINISHED) {
		resume_answer(w, a);
	} else {
		s->ops->answer(s, a);
	}
}

const struct question *
wizard_question(const struct wizard *w)
{
	return w->question_open ? &w->question : NULL;
}

/* -- the terminal -- */

void
wizard_lend(struct wizard *w, const char *reason, void (*fn)(void *arg, bool given), void *arg)
{
	assert(w->lend_fn == NULL);
	w->lend_fn = fn;
	w->lend_arg = arg;
	if (w->unattended)
		wizard_terminal_given(w, false);
	else
		w->front->lend(w->front_arg, reason);
}

void
wizard_terminal_given(struct wizard *w, bool given)
{
	void (*fn)(void *, bool) = w->lend_fn;

	w->lend_fn = NULL;
	if (fn != NULL)
		fn(w->lend_arg, given);
	else if (given)
		wizard_take_back(w);
}

void
wizard_lend_withdraw(struct wizard *w, void *arg)
{
	if (w->lend_fn != NULL && w->lend_arg == arg)
		w->lend_fn = NULL;
}

void
wizard_take_back(struct wizard *w)
{
	w->front->take_back(w->front_arg);
}

/* -- the log of commands -- */

size_t
wizard_log_begin(struct wizard *w, const char *text, const char *cwd)
{
	struct release *r = &w->rel;
	struct str safe = STR_EMPTY;

	sanitise(text, strlen(text), &safe);
	r->commands = mem_grow(
	    r->commands, &w->command_cap, r->command_count + 1, sizeof r->commands[0]);
	r->commands[r->command_count] = (struct command_line) {
		.text = str_take(&safe), .cwd = mem_strdup(cwd), .when = clock_now()
	};
	w->front->changed(w->front_arg, w->step);
	return r->command_count++;
}

void
wizard_log_end(struct wizard *w, size_t line, const char *result, uint64_t elapsed_ms)
{
	struct command_line *c = &w->rel.commands[line];

	mem_set(&c->result, result);
	c->elapsed_ms = elapsed_ms;
	w->front->changed(w->front_arg, w->step);
}

/* -- what fronts ask and wish -- */

const struct release *
wizard_release(const struct wizard *w)
{
	return &w->rel;
}

enum step_id
wizard_step(const struct wizard *w)
{
	return w->step;
}

enum sign
wizard_step_sign(const struct wizard *w, enum step_id step)
{
	return w->steps[step].sign;
}

const char *
wizard_step_text(const struct wizard *w, enum step_id step)
{
	return w->steps[step].text != NULL ? w->steps[step].text : "";
}

const struct err *
wizard_step_error(const struct wizard *w, enum step_id step)
{
	return w->steps[step].err.code != ERR_OK ? &w->steps[step].err : NULL;
}

uint64_t
wizard_elapsed_ms(const struct wizard *w)
{
	return w->started_ms > 0 ? loop_now_ms(w->loop) - w->started_ms : 0;
}
