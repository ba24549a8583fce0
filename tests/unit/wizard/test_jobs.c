/* Commands side by side: what counts as passed, and what is left when they are called off. */
#include "jobs.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/os/fs.h"
#include "slipway/os/logstore.h"
#include "temp.h"

struct seen {
	char *dir;
	struct loop *loop;
	struct wizard *w;
	struct jobs *jobs;
	struct jobs_end end;
	size_t ends;
};

static void
nothing(void *front, enum step_id step)
{
	(void)front;
	(void)step;
}

static const struct front_ops front = { .changed = nothing, .step = nothing };

static void
begin(struct seen *s)
{
	const struct wizard_opts opts = { .mode = WIZARD_RELEASE };

	*s = (struct seen) { .dir = temp_dir() };
	cr_assert_eq(loop_new(&s->loop, NULL), ERR_OK);
	cr_assert_eq(wizard_new(s->loop, &opts, &front, s, &s->w, NULL), ERR_OK);
	s->w->rel.state_dir = fs_join(s->dir, "state");
}

static void
drain(struct seen *s)
{
	loop_turn(s->loop, 0);
	for (int i = 0; i < 3000 && loop_has_work(s->loop); i++)
		loop_turn(s->loop, 10);
	loop_turn(s->loop, 0);
}

static void
end(struct seen *s)
{
	wizard_free(s->w);
	drain(s);
	cr_expect(!loop_has_work(s->loop));
	loop_free(s->loop);
	temp_remove(s->dir);
}

static void
on_end(void *arg, const struct jobs_end *e)
{
	struct seen *s = arg;

	s->jobs = NULL;
	s->end = *e;
	s->ends++;
}

static void
start(struct seen *s, const char *const *lines, size_t parallel)
{
	struct release *r = &s->w->rel;
	struct job_spec specs[8] = { { .title = NULL } };
	size_t n = 0;

	for (; lines[n] != NULL; n++)
		specs[n] = (struct job_spec) {
			.title = lines[n], .shell = lines[n], .cwd = s->dir
		};
	jobs_start(&s->w->steps[STEP_CHECKS], &r->checks, &r->check_count, specs, n, parallel,
	    on_end, s, &s->jobs);
}

Test(jobs, all_passed_only_when_all_ran, .fini = leak_gate)
{
	static const struct {
		const char *lines[4];
		size_t parallel;
		bool ok;
		size_t failed;
		enum sign signs[3];
	} row[] = {
		{ { "true", "true", "true" }, 1, true, 0, { SIGN_OK, SIGN_OK, SIGN_OK } },
		{ { "true", "false", "true" }, 1, false, 1, { SIGN_OK, SIGN_BAD, SIGN_TODO } },
		{ { "exit 3", "true", "true" }, 0, false, 0, { SIGN_BAD, SIGN_OK, SIGN_OK } },
		{ { "true", "true", "kill -9 $$" }, 2, false, 2, { SIGN_OK, SIGN_OK, SIGN_BAD } },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct seen s;

		begin(&s);
		start(&s, row[i].lines, row[i].parallel);
		drain(&s);
		cr_expect_eq(s.ends, 1);
		cr_expect_eq(s.end.all_ok, row[i].ok, "row %zu", i);
		if (!row[i].ok)
			cr_expect_eq(s.end.failed, row[i].failed, "row %zu", i);
		for (size_t k = 0; k < 3; k++)
			cr_expect_eq(
			    s.w->rel.checks[k]->sign, row[i].signs[k], "row %zu, job %zu", i, k);
		end(&s);
	}
}

Test(jobs, what_was_called_off_has_not_passed, .fini = leak_gate)
{
	static const char *const lines[] = { "true", "true", NULL };

	/* Before the first, and between the first and the second. */
	for (int turns = 0; turns < 2; turns++) {
		struct seen s;

		begin(&s);
		start(&s, lines, 1);
		while (turns > 0 &&
		       (s.w->rel.check_count == 0 || s.w->rel.checks[0]->sign == SIGN_TODO))
			loop_turn(s.loop, 1);
		jobs_cancel(s.jobs);
		drain(&s);
		loop_turn(s.loop, 0);
		cr_expect_eq(s.ends, 1);
		cr_expect(s.end.cancelled && !s.end.all_ok, "%d turns", turns);
		cr_expect_neq(s.end.err.code, ERR_OK);
		end(&s);
	}
}

Test(jobs, a_group_that_ignores_the_end_is_killed, .fini = leak_gate)
{
	static const char *const lines[] = { "trap '' TERM; echo ready; while :; do sleep 1; done",
		NULL };
	struct seen s;

	begin(&s);
	start(&s, lines, 1);
	while (s.w->rel.check_count == 0 || s.w->rel.checks[0]->log == NULL ||
	       logstore_count(s.w->rel.checks[0]->log) == 0)
		loop_turn(s.loop, 10);
	jobs_cancel(s.jobs);
	drain(&s);
	cr_expect_eq(s.ends, 1);
	cr_expect_eq(s.w->rel.checks[0]->sign, SIGN_BAD);
	end(&s);
}

Test(jobs, nobody_is_called_after_the_step_was_left, .fini = leak_gate)
{
	static const char *const lines[] = { "echo out; sleep 30", "sleep 30", NULL };

	for (int turns = 0; turns < 6; turns++) {
		struct seen s;

		begin(&s);
		start(&s, lines, 0);
		for (int i = 0; i < turns; i++)
			loop_turn(s.loop, 1);
		jobs_free(s.jobs);
		jobs_clear(&s.w->rel.checks, &s.w->rel.check_count);
		drain(&s);
		cr_expect_eq(s.ends, 0, "%d turns", turns);
		end(&s);
	}
}

Test(jobs, quotes_what_a_shell_would_split, .fini = leak_gate)
{
	static const struct {
		const char *text, *want;
	} row[] = { { "plain-1.0", "plain-1.0" }, { "", "''" }, { "a b", "'a b'" },
		{ "it's", "'it'\\''s'" }, { "$HOME", "'$HOME'" } };

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct str out = STR_EMPTY;

		jobs_quote(row[i].text, &out);
		cr_expect_str_eq(str_text(&out), row[i].want);
		str_fini(&out);
	}
}
