/* Every page of the wizard, from a filled model: what it shows, at every size, and what its keys
 * wish. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_release.h"
#include "leak_gate.h"
#include "screen.h"
#include "slipway/base/compiler.h"
#include "slipway/os/loop.h"
#include "ui.h"

struct fixture {
	struct loop *loop;
	struct wizard w;
	struct ui *ui;
	struct question q;
};

static bool
lend(void *arg, const char *reason)
{
	(void)arg;
	(void)reason;
	return true;
}

static void
nothing(void *arg)
{
	(void)arg;
}

static void
ended(void *arg, const struct err *e)
{
	(void)arg;
	(void)e;
}

static const struct ui_host host = {
	.lend = lend, .take_back = nothing, .stop_job = nothing, .repaint = nothing, .ended = ended
};

static void
ask(struct fixture *f, const struct question *q)
{
	f->w.question = q;
	ui_front.ask(f->ui, q);
}

static void
start(struct fixture *f, enum step_id step)
{
	memset(f, 0, sizeof *f);
	cr_assert_eq(loop_new(&f->loop, NULL), ERR_OK);
	fake_fill(&f->w, step);
	f->ui = ui_new(f->loop, &host, f, 80, 24, false);
	f->ui->w = &f->w;
	ui_front.step(f->ui, step);
	if (fake_question(step) != NULL)
		ask(f, fake_question(step));
}

/* The step failed and asks what to do. */
static void
fail(struct fixture *f, enum question_id id)
{
	f->q = fake_failure;
	f->q.id = id;
	f->q.step = f->w.step;
	f->w.signs[f->w.step] = SIGN_BAD;
	ask(f, &f->q);
}

static void
stop(struct fixture *f)
{
	ui_free(f->ui);
	fake_fini(&f->w);
	loop_free(f->loop);
}

static const struct surface *
drawn(struct fixture *f)
{
	return shell_draw(f->ui->shell);
}

static void
press(struct fixture *f, const char *name)
{
	struct input_event ev = { .type = INPUT_KEY };

	cr_assert(input_key_parse(name, &ev.key, &ev.mods), "%s", name);
	if (ev.key < 0x80 && ev.mods == 0)
		ev.text[0] = (char)ev.key;
	ui_event(f->ui, &ev);
}

static void
type(struct fixture *f, const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		press(f, *c == ' ' ? "Space" : (char[]) { *c, '\0' });
}

static void
resize(struct fixture *f, int w, int h)
{
	ui_event(f->ui, &(struct input_event) { .type = INPUT_RESIZE, .w = w, .h = h });
}

static void
expect_did(struct fixture *f, const char *did, const char *what)
{
	cr_expect_str_eq(f->w.did, did, "%s: did \"%s\"", what, f->w.did);
	f->w.did[0] = '\0';
}

/* --- every page --- */

Test(page, stays_inside_at_every_size, .fini = leak_gate)
{
	for (int step = 0; step < STEP_COUNT; step++)
		for (int failed = 0; failed < 2; failed++) {
			struct fixture f;

			start(&f, (enum step_id)step);
			if (failed)
				fail(&f, ASK_CHECKS_FAILED);
			for (int w = 1; w <= 300; w += w < 130 ? 3 : 31)
				for (int h = 1; h <= 100; h += h < 30 ? 1 : 17) {
					const struct surface *s;
					int x, y;

					resize(&f, w, h);
					s = drawn(&f);
					cr_assert(surface_width(s) == w && surface_height(s) == h);
					if (surface_cursor(s, &x, &y))
						cr_assert(x >= 0 && x < w && y >= 0 && y < h);
				}
			stop(&f);
		}
}

/* Any key on any page, looked at from any state that it leads to. */
Test(page, takes_every_key, .fini = leak_gate)
{
	static const char *const keys[] = { "Down", "Up", "Tab", "Space", "n", "p", "m", "PgDn",
		"PgUp", "G", "g", "Right", "Left", "x", "w", "f", "d", "1", "2", "a", "Esc", "v",
		"Esc", "R", "Esc", "<", ">", "L", "Down", "Esc", "/", "a", "Enter", "Esc", "?",
		"Esc", "r", "c", "i", "b", "Enter", "Esc", "Enter", "Down", "Esc" };

	for (int step = 0; step < STEP_COUNT; step++)
		for (int failed = 0; failed < 2; failed++) {
			struct fixture f;

			start(&f, (enum step_id)step);
			if (failed)
				fail(&f, ASK_CHECKS_FAILED);
			for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
				drawn(&f);
				press(&f, keys[i]);
			}
			drawn(&f);
			stop(&f);
		}
}

Test(page, a_failure_offers_its_ways_out_on_every_page, .fini = leak_gate)
{
	static const struct {
		int w, h;
	} sizes[] = { { 80, 24 }, { 60, 16 }, { 120, 40 } };

	for (int step = 0; step < STEP_COUNT; step++) {
		struct fixture f;

		start(&f, (enum step_id)step);
		fail(&f, ASK_CHECKS_FAILED);
		for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
			resize(&f, sizes[i].w, sizes[i].h);
			cr_expect(screen_has(drawn(&f), "exited with 2"), "step %d", step);
			cr_expect(screen_has(drawn(&f), "▸ try again"), "step %d", step);
			cr_expect(screen_has(drawn(&f), "stop here"), "step %d", step);
		}
		press(&f, "Down");
		press(&f, "Enter");
		expect_did(&f, "answer go-on; ", "failure");
		stop(&f);
	}
}

Test(page, the_first_frame_needs_no_wizard, .fini = leak_gate)
{
	struct loop *l;
	struct ui *ui;

	cr_assert_eq(loop_new(&l, NULL), ERR_OK);
	ui = ui_new(l, &host, NULL, 80, 24, false);
	cr_expect(screen_has(shell_draw(ui->shell), "Opening the repository"));
	screen_expect_row(shell_draw(ui->shell), 2, " ▸ preflight │ Preflight", "title");
	for (int a = ACT_NONE; a < ACT_COUNT; a++)
		shell_act(ui->shell, (enum action)a);
	shell_draw(ui->shell);
	ui_free(ui);
	loop_free(l);
}

Test(page, leaving_says_what_stays_and_asks, .fini = leak_gate)
{
	struct fixture f;

	start(&f, STEP_EDITS);
	press(&f, "q");
	cr_expect(screen_has(drawn(&f), "Nothing has been changed."));
	press(&f, "Enter");
	expect_did(&f, "", "stay");
	press(&f, "q");
	press(&f, "Down");
	press(&f, "Enter");
	expect_did(&f, "cancel; ", "leave");
	press(&f, "^C");
	press(&f, "^C");
	expect_did(&f, "cancel; ", "Ctrl-C twice");
	stop(&f);
}

Test(page, ctrl_c_stops_jobs_first, .fini = leak_gate)
{
	struct fixture f;

	start(&f, STEP_BUILD);
	press(&f, "^C");
	expect_did(&f, "cancel jobs; ", "Ctrl-C");
	press(&f, "c");
	expect_did(&f, "cancel jobs; ", "c");
	stop(&f);
}

Test(page, steps_behind_can_be_looked_at, .fini = leak_gate)
{
	struct fixture f;

	start(&f, STEP_BUILD);
	press(&f, "<");
	cr_expect(screen_has(drawn(&f), "Checks"));
	cr_expect(screen_has(drawn(&f), "This step is over"));
	/* Who looks back is not thrown forward. */
	f.w.step = STEP_VERIFY;
	f.w.signs[STEP_BUILD] = SIGN_OK;
	f.w.signs[STEP_VERIFY] = SIGN_RUNNING;
	ui_front.step(f.ui, STEP_VERIFY);
	cr_expect(screen_has(drawn(&f), "verify has begun"));
	cr_expect(screen_has(drawn(&f), "Checks"));
	press(&f, ">");
	press(&f, ">");
	cr_expect(screen_has(drawn(&f), "Verify"));
	press(&f, ">");
	cr_expect(screen_has(drawn(&f), "the rest is to come"));
	stop(&f);
}

/* --- preflight --- */

Test(page, preflight_shows_each_way_out, .fini = leak_gate)
{
	struct fixture f;

	start(&f, STEP_PREFLIGHT);
	ask(&f, NULL);
	screen_expect_row(drawn(&f), 6,
	    " · checks    │ ✗ clean tree      2 files changed, 1 untracked", "what is wrong");
	cr_expect(screen_has(drawn(&f), "commit or stash them"));
	cr_expect(screen_has(drawn(&f), "i leave them out"));
	cr_expect(screen_has(drawn(&f), "8 of 9 done"));
	cr_expect(screen_has(drawn(&f), "1 problem stops a release, 1 warning. Nothing has been"));
	press(&f, "i");
	expect_did(&f, "leave out 2; ", "i");
	press(&f, "r");
	cr_expect(screen_has(drawn(&f), "it is still looking"));
	fail(&f, ASK_PREFLIGHT);
	press(&f, "r");
	expect_did(&f, "look again; ", "r");
	stop(&f);
}

/* --- confirm --- */

Test(page, confirm_takes_what_is_typed_and_shows_a_refusal, .fini = leak_gate)
{
	struct fixture f;

	start(&f, STEP_CONFIRM);
	press(&f, "Enter");
	cr_expect(screen_has(drawn(&f), "nothing was typed yet"));
	type(&f, "1.1");
	press(&f, "Enter");
	expect_did(&f, "answer 1.1; ", "Enter");
	f.q = *fake_question(STEP_CONFIRM);
	f.q.error = "that is not 1.1.0: nothing has been started";
	ask(&f, NULL);
	ask(&f, &f.q);
	cr_expect(screen_has(drawn(&f), "that is not 1.1.0"));
	cr_expect(screen_has(drawn(&f), "Type 1.1.0 to release: 1.1"), "what was typed stays");
	type(&f, ".0q");
	press(&f, "Backspace");
	press(&f, "Enter");
	expect_did(&f, "answer 1.1.0; ", "corrected");
	press(&f, "^U");
	press(&f, "q");
	cr_expect(screen_has(drawn(&f), "Leave?"));
	stop(&f);
}
