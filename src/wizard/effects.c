/* Runs effects one after another: probe, intent, apply, outcome. The plan is made of the same list.
 */
#include "effect.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "journal.h"
#include "slipway/base/log.h"
#include "slipway/base/mem.h"
#include "slipway/os/clock.h"

enum run_kind { RUN_APPLY, RUN_UNDO, RUN_PROBE };

/* The one run under way. */
struct effect_run {
	struct wizard *w;
	enum run_kind kind;
	enum step_id step;
	size_t at; /* index of the effect; one behind it while undoing */
	bool calling, applying;
	struct effect_call call;
	effects_fn fn;
	void *arg;
};

struct effect *
effects_add(struct wizard *w, const struct effect_ops *ops, enum step_id step, const char *key,
    size_t item, enum index_role role)
{
	struct effect *fx = effects_find(w, key);

	if (fx != NULL)
		return fx;
	fx = mem_zalloc(1, sizeof *fx);
	*fx = (struct effect) {
		.ops = ops, .step = step, .key = mem_strdup(key), .item = item, .role = role
	};
	w->effects = mem_grow(
	    w->effects, &w->effect_cap, w->effect_count + 1, sizeof w->effects[0]);
	w->effects[w->effect_count++] = fx;
	return fx;
}

struct effect *
effects_find(struct wizard *w, const char *key)
{
	for (size_t i = 0; i < w->effect_count; i++)
		if (strcmp(w->effects[i]->key, key) == 0)
			return w->effects[i];
	return NULL;
}

bool
effects_begun(const struct wizard *w, enum step_id step)
{
	for (size_t i = 0; i < w->effect_count; i++)
		if (w->effects[i]->step == step && w->effects[i]->begun)
			return true;
	return false;
}

bool
effects_failed(const struct wizard *w, enum step_id step)
{
	for (size_t i = 0; i < w->effect_count; i++)
		if (w->effects[i]->step == step && w->effects[i]->status == EFFECT_FAILED)
			return true;
	return false;
}

bool
effects_any_begun(const struct wizard *w)
{
	for (size_t i = 0; i < w->effect_count; i++)
		if (w->effects[i]->begun)
			return true;
	return false;
}

static void
effect_free(struct effect *fx)
{
	free(fx->key);
	free(fx);
}

void
effects_drop(struct wizard *w, enum step_id step)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->effect_count; i++)
		if (w->effects[i]->step < step)
			w->effects[kept++] = w->effects[i];
		else
			effect_free(w->effects[i]);
	w->effect_count = kept;
	effects_publish_plan(w);
}

void
effects_drop_op(struct wizard *w, const struct effect_ops *ops)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->effect_count; i++)
		if (w->effects[i]->ops != ops)
			w->effects[kept++] = w->effects[i];
		else
			effect_free(w->effects[i]);
	w->effect_count = kept;
}

/* A tag that cannot be made and a push that would be refused must be found before the first upload;
 * the branch moves when the files are there (design, section 3). */
static int
rank(const struct effect *fx)
{
	static const struct effect_ops *const order[] = { &effect_tag, &effect_push_check,
		&effect_upload, &effect_upload_later, &effect_branch, &effect_push,
		&effect_copy_dist };

	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		if (fx->ops == order[i])
			return (int)fx->step * 100 + (int)i;
	return (int)fx->step * 100;
}

void
effects_order(struct wizard *w)
{
	/* Insertion sort: stable, and the list has a dozen lines. */
	for (size_t i = 1; i < w->effect_count; i++) {
		struct effect *fx = w->effects[i];
		size_t at = i;

		for (; at > 0 && rank(w->effects[at - 1]) > rank(fx); at--)
			w->effects[at] = w->effects[at - 1];
		w->effects[at] = fx;
	}
}

void
effects_free(struct wizard *w)
{
	for (size_t i = 0; i < w->effect_count; i++)
		effect_free(w->effects[i]);
	free(w->effects);
	w->effects = NULL;
	w->effect_count = 0;
}

void
effects_publish_plan(struct wizard *w)
{
	struct release *r = &w->rel;

	release_clear_plan(r);
	r->plan = mem_zalloc(w->effect_count, sizeof r->plan[0]);
	for (size_t i = 0; i < w->effect_count; i++) {
		const struct effect *fx = w->effects[i];
		struct str does = STR_EMPTY, undo = STR_EMPTY;

		fx->ops->describe(w, fx, &does, &undo);
		r->plan[r->plan_count++] = (struct plan_line) {
			.step = fx->step,
			.effect = fx->ops->name,
			.does = str_take(&does),
			.undo = str_take(&undo),
			.reversible = fx->ops->reversible,
			.status = fx->status,
			.failure = fx->failure.code != ERR_OK ? mem_strdup(fx->failure.message)
							      : NULL,
		};
	}
}

static void
set_status(struct wizard *w, struct effect *fx, enum effect_status status)
{
	fx->status = status;
	effects_publish_plan(w);
	w->front->changed(w->front_arg, w->step);
}

static enum err_code
record(
    struct wizard *w, const struct effect *fx, const char *kind, const char *result, struct err *e)
{
	struct json *j = json_object_new();

	json_set_text(j, "effect", fx->ops->name);
	json_set_text(j, "key", fx->key);
	if (result != NULL)
		json_set_text(j, "result", result);
	if (fx->unsure_at > 0)
		json_set_int(j, "unsure", fx->unsure_at);
	/* From its intent to its outcome an upload could be anywhere. */
	if (result == NULL)
		json_set_int(j, "at", clock_now());
	if (fx->failure.code != ERR_OK)
		json_set_text(j, "error", fx->failure.message);
	return journal_write(w->journal, kind, j, e);
}

/* -- the run -- */

static void next(struct effect_run *run);

static void
run_end(struct effect_run *run, const struct err *e)
{
	struct wizard *w = run->w;
	effects_fn fn = run->fn;
	void *arg = run->arg;
	struct err copy = ERR_EMPTY;

	if (e != NULL)
		copy = *e;
	w->effect_run = NULL;
	free(run);
	loop_busy_end(w->loop);
	if (w->cancelling)
		wizard_cancel(w);
	else
		fn(arg, copy.code != ERR_OK ? &copy : NULL);
}

/* What a resumed release found done, without a record of it: the journal says so from now on.
 * False when it cannot be written, and the run has ended. */
static bool
record_found(struct effect_run *run, struct effect *fx)
{
	struct err failure = ERR_EMPTY;

	if (!fx->begun || fx->recorded)
		return true;
	fx->recorded = record(run->w, fx, "outcome", "done", &failure) == ERR_OK;
	if (!fx->recorded)
		run_end(run, &failure);
	return fx->recorded;
}

static void
call_end(struct effect_run *run)
{
	run->calling = run->applying = false;
	if (run->call.fx->ops->stop != NULL)
		run->call.fx->ops->stop(&run->call);
	run->call.priv = NULL;
}

static void
call_begin(struct effect_run *run, struct effect *fx, void (*fn)(struct effect_call *))
{
	run->call = (struct effect_call) { .w = run->w, .fx = fx };
	run->calling = true;
	fn(&run->call);
}

static void
call_begin_apply(struct effect_run *run, struct effect *fx)
{
	run->applying = true;
	call_begin(run, fx, fx->ops->apply);
}

static void
call_failed(struct effect_run *run, const struct err *e)
{
	struct effect *fx = run->call.fx;

	fx->failure = *e;
	set_status(run->w, fx, EFFECT_FAILED);
	run_end(run, e);
}

void
effect_probed(struct effect_call *c, enum world world, const struct err *e)
{
	struct effect_run *run = c->w->effect_run;
	struct effect *fx = c->fx;
	struct err failure = ERR_EMPTY;

	if (e != NULL)
		failure = *e;
	call_end(run);
	log_debug("effect %s: probed %d", fx->key, (int)world);
	if (run->kind == RUN_PROBE) {
		fx->failure = failure;
		set_status(run->w, fx,
		    world == WORLD_DONE	    ? EFFECT_DONE
		    : world == WORLD_ABSENT ? EFFECT_PLANNED
					    : EFFECT_FAILED);
		next(run);
		return;
	}
	switch (world) {
	case WORLD_DONE:
		set_status(run->w, fx, EFFECT_DONE);
		if (record_found(run, fx))
			next(run);
		return;
	case WORLD_ABSENT:
		if (record(run->w, fx, "intent", NULL, &failure) != ERR_OK) {
			call_failed(run, &failure);
			return;
		}
		fx->begun = true;
		call_begin_apply(run, fx);
		return;
	case WORLD_OTHER:
	case WORLD_UNKNOWN:
		assert(failure.code != ERR_OK);
		call_failed(run, &failure);
		return;
	}
}

void
effect_ended(struct effect_call *c, const struct err *e)
{
	struct effect_run *run = c->w->effect_run;
	struct effect *fx = c->fx;
	bool undo = run->kind == RUN_UNDO;
	struct err failure = ERR_EMPTY;

	if (e != NULL)
		failure = *e;
	call_end(run);
	fx->failure = failure;
	fx->recorded = e == NULL && !undo;
	if (record(run->w, fx, "outcome",
		failure.code != ERR_OK ? "failed"
		: undo		       ? "undone"
				       : "done",
		e == NULL ? &failure : NULL) != ERR_OK ||
	    failure.code != ERR_OK) {
		call_failed(run, &failure);
		return;
	}
	if (undo)
		fx->begun = false;
	set_status(run->w, fx, undo ? EFFECT_UNDONE : EFFECT_DONE);
	next(run);
}

static void
next(struct effect_run *run)
{
	struct wizard *w = run->w;

	if (run->kind == RUN_UNDO) {
		while (run->at > 0) {
			struct effect *fx = w->effects[--run->at];

			/* What the world does not have, or has from somebody else, is not ours to
			 * undo. */
			if (fx->begun && fx->ops->undo != NULL && fx->status != EFFECT_UNDONE &&
			    (fx->status == EFFECT_DONE || fx->ops->tidies)) {
				call_begin(run, fx, fx->ops->undo);
				return;
			}
		}
		run_end(run, NULL);
		return;
	}
	while (run->at < w->effect_count && !w->cancelling) {
		struct effect *fx = w->effects[run->at++];
		bool wanted = run->kind == RUN_PROBE ? fx->begun : fx->step == run->step;

		if (!wanted)
			continue;
		/* Trying the push costs nothing, and only counts when it was just now. */
		if (run->kind == RUN_APPLY && fx->status == EFFECT_DONE &&
		    fx->ops != &effect_push_check) {
			if (!record_found(run, fx))
				return;
			continue;
		}
		if (run->kind == RUN_APPLY)
			set_status(w, fx, EFFECT_RUNNING);
		call_begin(run, fx, fx->ops->probe);
		return;
	}
	run_end(run, NULL);
}

static void
start(void *arg)
{
	struct wizard *w = arg;

	if (w->effect_run != NULL)
		next(w->effect_run);
}

static void
run_begin(struct wizard *w, enum run_kind kind, enum step_id step, effects_fn fn, void *arg)
{
	struct effect_run *run = mem_zalloc(1, sizeof *run);

	assert(w->effect_run == NULL);
	*run = (struct effect_run) { .w = w,
		.kind = kind,
		.step = step,
		.at = kind == RUN_UNDO ? w->effect_count : 0,
		.fn = fn,
		.arg = arg };
	w->effect_run = run;
	loop_busy_begin(w->loop);
	/* Deferred, so that FN is never called before this returns. */
	loop_defer(w->loop, start, w);
}

void
effects_run(struct wizard *w, enum step_id step, effects_fn fn, void *arg)
{
	run_begin(w, RUN_APPLY, step, fn, arg);
}

void
effects_undo(struct wizard *w, effects_fn fn, void *arg)
{
	run_begin(w, RUN_UNDO, STEP_COUNT, fn, arg);
}

void
effects_probe_all(struct wizard *w, effects_fn fn, void *arg)
{
	run_begin(w, RUN_PROBE, STEP_COUNT, fn, arg);
}

bool
effects_stop_soon(struct wizard *w)
{
	struct effect_run *run = w->effect_run;

	/* The commit is ours alone, and what has the terminal waits for a person. */
	if (run == NULL || !run->applying || run->step < STEP_REHEARSE || w->lent_to != NULL)
		return false;
	w->cancelling = true;
	if (run->call.fx->ops->soon != NULL)
		run->call.fx->ops->soon(&run->call);
	return true;
}

void
effects_stop(struct wizard *w)
{
	struct effect_run *run = w->effect_run;

	if (run == NULL)
		return;
	if (run->calling)
		call_end(run);
	w->effect_run = NULL;
	free(run);
	loop_busy_end(w->loop);
}
