/* The runner of effects, with effects that only note what was asked of them. */
#include "effect.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "journal.h"
#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "temp.h"

/* What the world of the fakes holds, and what was done, in order: "probe a, apply a". */
struct fake {
	char *dir;
	struct loop *loop;
	struct wizard *w;
	struct str log;
	enum world world[3];
	bool fails[3], later, hangs;
	struct effect_call *waiting;
	size_t stops;
	struct err err;
	bool done, finished;
};

static struct fake *fake_now; /* effects know their wizard only; one test a process */

static void
note(const char *what, const struct effect_call *c)
{
	str_printf(&fake_now->log, "%s%s %s", fake_now->log.len > 0 ? ", " : "", what, c->fx->key);
}

static void
describe(const struct wizard *w, const struct effect *fx, struct str *does, struct str *undo)
{
	(void)w;
	str_printf(does, "do %s", fx->key);
	str_puts(undo, "undo it");
}

static void
probe(struct effect_call *c)
{
	enum world world = fake_now->world[c->fx->item];
	struct err e = ERR_EMPTY;

	note("probe", c);
	if (world == WORLD_OTHER || world == WORLD_UNKNOWN)
		err_set(&e, ERR_CONFLICT, "the world says no");
	effect_probed(c, world, e.code != ERR_OK ? &e : NULL);
}

static void
end_apply(void *arg)
{
	struct effect_call *c = arg;
	struct err e = ERR_EMPTY;

	fake_now->waiting = NULL;
	if (fake_now->fails[c->fx->item])
		err_set(&e, ERR_FAILED, "it broke");
	else
		fake_now->world[c->fx->item] = WORLD_DONE;
	effect_ended(c, e.code != ERR_OK ? &e : NULL);
}

static void
apply(struct effect_call *c)
{
	const struct json *last = journal_record(c->w->journal, journal_count(c->w->journal) - 1);

	note("apply", c);
	/* What is announced is on the disk before it happens. */
	cr_expect_str_eq(json_text(last, "kind"), "intent");
	cr_expect_str_eq(json_text(last, "key"), c->fx->key);
	c->priv = mem_zalloc(1, 8);
	if (fake_now->hangs)
		fake_now->waiting = c;
	else if (fake_now->later)
		loop_defer(fake_now->loop, end_apply, c);
	else
		end_apply(c);
}

static void
undo(struct effect_call *c)
{
	note("undo", c);
	fake_now->world[c->fx->item] = WORLD_ABSENT;
	effect_ended(c, NULL);
}

static void
stop(struct effect_call *c)
{
	fake_now->stops++;
	free(c->priv);
}

static void
soon(struct effect_call *c)
{
	note("soon", c);
}

static const struct effect_ops fake_ops = { .name = "fake",
	.reversible = true,
	.describe = describe,
	.probe = probe,
	.apply = apply,
	.undo = undo,
	.soon = soon,
	.stop = stop };

static void
signal_ignore(int signo)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigaction(signo, &ignore, NULL);
}

static void
nothing(void *front, enum step_id step)
{
	(void)front;
	(void)step;
}

static void
no_question(void *front, const struct question *q)
{
	(void)front;
	(void)q;
}

static void
finished(void *front, const struct err *e)
{
	struct fake *f = front;

	f->finished = true;
	if (e != NULL)
		f->err = *e;
}

static const struct front_ops front = {
	.changed = nothing, .step = nothing, .ask = no_question, .finished = finished
};

static void
begin(struct fake *f)
{
	static const char *const keys[] = { "a", "b", "c" };
	const struct wizard_opts opts = { .mode = WIZARD_RELEASE };

	*f = (struct fake) { .dir = temp_dir() };
	fake_now = f;
	cr_assert_eq(loop_new(&f->loop, NULL), ERR_OK);
	cr_assert_eq(wizard_new(f->loop, &opts, &front, f, &f->w, NULL), ERR_OK);
	cr_assert_eq(journal_create(f->dir, &f->w->journal, NULL), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		effects_add(f->w, &fake_ops, STEP_PUBLISH, keys[i], i, INDEX_PRODUCTION);
}

static void
end(struct fake *f)
{
	wizard_free(f->w);
	cr_expect(!loop_has_work(f->loop));
	loop_free(f->loop);
	str_fini(&f->log);
	temp_remove(f->dir);
}

static void
on_done(void *arg, const struct err *e)
{
	struct fake *f = arg;

	err_clear(&f->err);
	if (e != NULL)
		f->err = *e;
	f->done = true;
}

static void
turns(struct fake *f)
{
	for (int i = 0; i < 5; i++)
		loop_turn(f->loop, 0);
}

static void
run(struct fake *f)
{
	f->done = false;
	effects_run(f->w, STEP_PUBLISH, on_done, f);
	cr_expect(!f->done, "called back before it returned");
	turns(f);
}

static void
expect_log(struct fake *f, const char *want)
{
	cr_expect_str_eq(str_text(&f->log), want);
	str_fini(&f->log);
}

Test(effects, are_probed_and_applied_in_their_order, .fini = leak_gate)
{
	for (int later = 0; later < 2; later++) {
		struct fake f;

		begin(&f);
		f.later = later;
		f.world[1] = WORLD_DONE;
		run(&f);
		cr_expect(f.done && f.err.code == ERR_OK);
		expect_log(&f, "probe a, apply a, probe b, probe c, apply c");
		for (size_t i = 0; i < 3; i++)
			cr_expect_eq(f.w->effects[i]->status, EFFECT_DONE);
		/* Again: nothing is left to be done. */
		run(&f);
		expect_log(&f, "");
		end(&f);
	}
}

Test(effects, nothing_follows_a_failure, .fini = leak_gate)
{
	struct fake f;

	begin(&f);
	f.fails[1] = true;
	run(&f);
	cr_expect_eq(f.err.code, ERR_FAILED);
	expect_log(&f, "probe a, apply a, probe b, apply b");
	cr_expect_eq(f.w->effects[1]->status, EFFECT_FAILED);
	cr_expect_not_null(journal_last(f.w->journal, "outcome", "result", "failed"));
	/* The next try asks the world before it does it again. */
	f.fails[1] = false;
	run(&f);
	expect_log(&f, "probe b, apply b, probe c, apply c");
	end(&f);
}

Test(effects, a_conflict_or_silence_of_the_world_stops, .fini = leak_gate)
{
	static const enum world worlds[] = { WORLD_OTHER, WORLD_UNKNOWN };

	for (size_t i = 0; i < ARRAY_LEN(worlds); i++) {
		struct fake f;

		begin(&f);
		f.world[0] = worlds[i];
		run(&f);
		cr_expect_eq(f.err.code, ERR_CONFLICT);
		expect_log(&f, "probe a");
		cr_expect(!f.w->effects[0]->begun);
		end(&f);
	}
}

Test(effects, are_undone_last_first_and_only_when_they_are_ours, .fini = leak_gate)
{
	struct fake f;

	begin(&f);
	f.world[1] = WORLD_DONE; /* somebody else's */
	run(&f);
	str_fini(&f.log);
	effects_undo(f.w, on_done, &f);
	turns(&f);
	expect_log(&f, "undo c, undo a");
	/* Once undone, there is nothing to undo. */
	effects_undo(f.w, on_done, &f);
	turns(&f);
	expect_log(&f, "");
	end(&f);
}

Test(effects, what_the_world_does_not_have_is_not_undone, .fini = leak_gate)
{
	struct fake f;

	begin(&f);
	f.w->effects[0]->begun = f.w->effects[1]->begun = true;
	f.world[1] = WORLD_OTHER;
	effects_probe_all(f.w, on_done, &f);
	turns(&f);
	expect_log(&f, "probe a, probe b");
	effects_undo(f.w, on_done, &f);
	turns(&f);
	expect_log(&f, "");
	end(&f);
}

/* Killed behind an effect, before its outcome was written down. */
Test(effects, what_a_resume_finds_done_is_recorded, .fini = leak_gate)
{
	struct fake f;

	begin(&f);
	f.w->effects[0]->begun = true;
	f.world[0] = WORLD_DONE;
	effects_probe_all(f.w, on_done, &f);
	turns(&f);
	cr_expect_null(journal_last(f.w->journal, "outcome", "key", "a"), "to look writes nothing");
	run(&f);
	expect_log(&f, "probe a, probe b, apply b, probe c, apply c");
	cr_expect_not_null(journal_last(f.w->journal, "outcome", "key", "a"));
	cr_expect(f.w->effects[0]->recorded);
	end(&f);
}

Test(effects, stop_in_the_middle_of_a_call, .fini = leak_gate)
{
	struct fake f;

	begin(&f);
	f.hangs = true;
	run(&f);
	cr_assert_not_null(f.waiting);
	effects_stop(f.w);
	cr_expect_eq(f.stops, 2);
	cr_expect(!f.done && f.w->effect_run == NULL);
	/* Before its first call. */
	effects_run(f.w, STEP_PUBLISH, on_done, &f);
	effects_stop(f.w);
	turns(&f);
	cr_expect(!f.done);
	end(&f);
}

Test(effects, a_cancelled_release_lets_the_one_under_way_end, .fini = leak_gate)
{
	struct fake f;

	begin(&f);
	f.hangs = true;
	run(&f);
	cr_assert_not_null(f.waiting);
	wizard_cancel(f.w);
	turns(&f);
	cr_expect(!f.finished, "it was cut");
	expect_log(&f, "probe a, apply a, soon a");
	end_apply(f.waiting);
	turns(&f);
	cr_expect(f.finished);
	cr_expect_eq(f.err.code, ERR_CANCELLED);
	expect_log(&f, "");
	end(&f);
}

Test(effects, a_second_wish_to_cancel_cuts, .fini = leak_gate)
{
	struct fake f;

	begin(&f);
	f.hangs = true;
	run(&f);
	wizard_cancel(f.w);
	wizard_cancel(f.w);
	turns(&f);
	cr_expect(f.finished && f.err.code == ERR_CANCELLED);
	end(&f);
}

Test(effects, nothing_is_done_that_cannot_be_announced, .fini = leak_gate)
{
	const struct rlimit none = { 0, RLIM_INFINITY }, all = { RLIM_INFINITY, RLIM_INFINITY };
	struct fake f;

	begin(&f);
	/* As a full disk: no file may grow. */
	signal_ignore(SIGXFSZ);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
	run(&f);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &all), 0);
	cr_expect_neq(f.err.code, ERR_OK);
	expect_log(&f, "probe a");
	cr_expect_eq(f.world[0], WORLD_ABSENT);
	cr_expect(!f.w->effects[0]->begun);
	end(&f);
}
