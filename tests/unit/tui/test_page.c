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
#include "slipway/base/mem.h"
#include "slipway/dist/finding.h"
#include "slipway/os/loop.h"
#include "slipway/project/notes.h"
#include "temp.h"
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
	f->ui->reader = READER_CHILD;
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
	f->q.reason_for = id == ASK_FINDINGS ? "go-on" : NULL;
	f->w.signs[f->w.step] = SIGN_BAD;
	ask(f, &f->q);
}

static void
stop(struct fixture *f)
{
	ui_free(f->ui);
	fake_fini(&f->w);
	/* The children of a browser end on the loop. */
	for (int i = 0; i < 1000 && loop_has_work(f->loop); i++)
		loop_turn(f->loop, 5);
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

/* The branch stays where it was until the release moves it. */
Test(page, the_header_says_where_the_branch_is, .fini = leak_gate)
{
	static struct plan_line moved[] = { { STEP_PUBLISH, "branch", "move main", "git reset",
	    false, EFFECT_RUNNING, NULL } };
	struct fixture f;

	start(&f, STEP_PUBLISH);
	f.w.rel.plan = moved;
	f.w.rel.plan_count = ARRAY_LEN(moved);
	cr_expect(screen_has(drawn(&f), "main 3f2a9c1"));
	moved[0].status = EFFECT_DONE;
	ui_front.changed(f.ui, STEP_PUBLISH);
	cr_expect(screen_has(drawn(&f), "main 9d1e77a"));
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
	    " · commit    │ ✗ clean tree      2 files changed, 1 untracked", "what is wrong");
	cr_expect(screen_has(drawn(&f), "commit or stash them"));
	cr_expect(screen_has(drawn(&f), "i leave them out"));
	cr_expect(screen_has(drawn(&f), "8 of 9 done"));
	cr_expect(screen_has(drawn(&f), "1 problem, 1 warning"));
	press(&f, "i");
	expect_did(&f, "leave out 2; ", "i");
	press(&f, "r");
	cr_expect(screen_has(drawn(&f), "it is still looking"));
	fail(&f, ASK_PREFLIGHT);
	cr_expect(screen_has(drawn(&f), "1 problem stops the release. Nothing has been changed."));
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

/* --- version --- */

Test(page, version_offers_choices_and_any_text, .fini = leak_gate)
{
	struct fixture f;

	start(&f, STEP_VERSION);
	cr_expect(
	    screen_has(drawn(&f), "▸ minor   1.1.0      suggested: 2 features, none breaking"));
	cr_expect(screen_has(drawn(&f), "[x] rethink-llmhub-runtime"));
	cr_expect(screen_has(drawn(&f), "+       +   feat: stream tokens from any provider"));
	press(&f, "Up");
	press(&f, "Enter");
	expect_did(&f, "answer patch; ", "the choice above");
	press(&f, "Tab");
	press(&f, "Down");
	press(&f, "Space");
	expect_did(&f, "package 1 0; ", "Space");
	press(&f, "Up");
	press(&f, "Space");
	cr_expect(screen_has(drawn(&f), "one package at least is released"));
	press(&f, "Shift-Tab");
	for (int i = 0; i < 4; i++)
		press(&f, "Down");
	press(&f, "Enter");
	type(&f, "1.2q");
	press(&f, "Backspace");
	press(&f, "Enter");
	expect_did(&f, "answer 1.2; ", "typed");
	press(&f, "Esc");
	press(&f, "Down");
	press(&f, "Enter");
	expect_did(&f, "answer dev; ", "one behind other");
	press(&f, "/");
	type(&f, "RETRY");
	cr_expect(screen_has(drawn(&f), "not found"), "capitals are exact");
	press(&f, "Esc");
	press(&f, "/");
	type(&f, "retry");
	press(&f, "Enter");
	cr_expect(screen_has(drawn(&f), "▸ ●           fix(runtime): retry"));
	stop(&f);
}

/* --- edits --- */

Test(page, edits_show_each_place_in_its_file, .fini = leak_gate)
{
	struct fixture f;

	start(&f, STEP_EDITS);
	screen_expect_row(drawn(&f), 2,
	    " ✓ preflight │ Edits    3 places in 2 files                              1 of 4",
	    "title");
	cr_expect(screen_has(drawn(&f), "▸ [x] project.version  1.0.3 → 1.1.0   authority"));
	cr_expect(screen_has(drawn(&f), "3  − version = \"1.0.3\""));
	cr_expect(screen_has(drawn(&f), "–  metadata.version"));
	press(&f, "Space");
	cr_expect(screen_has(drawn(&f), "cannot be left out"));
	expect_did(&f, "", "the authority");
	press(&f, "n");
	press(&f, "n");
	press(&f, "Space");
	expect_did(&f, "place 2 0; ", "Space");
	cr_expect(screen_has(drawn(&f), "+     \"rethink-llmhub-runtime>=1.1.0\""));
	cr_expect(screen_has(drawn(&f), "follows rethink-llmhub…"));
	cr_expect(screen_has(drawn(&f), "  1.0.3 → 1.1.0  follows"), "at 80 columns");
	press(&f, "v");
	cr_expect(screen_has(drawn(&f), "+++ b/packages/runtime/pyproject.toml"));
	press(&f, "q");
	press(&f, "Enter");
	expect_did(&f, "answer accept; ", "Enter");
	stop(&f);
}

/* --- notes --- */

Test(page, notes_are_curated_by_keys, .fini = leak_gate)
{
	static const struct {
		const char *key, *did;
	} row[] = {
		{ "Space", "note 0 0 drop 0; " },
		{ "Space", "note 0 0 take 0; " },
		{ "J", "note 0 0 down 0; " },
		{ "K", "note 0 0 up 0; " },
		{ "e", "editor 0; " },
		{ "^K", "answer without; " },
		{ "Enter", "answer accept; " },
	};
	struct fixture f;

	start(&f, STEP_NOTES);
	screen_expect_row(drawn(&f), 2,
	    " ✓ preflight │ Notes    packages/cli/CHANGELOG.md                  2 of 3 taken",
	    "title");
	cr_expect(screen_has(drawn(&f), "▸ [x] Catalog search by tag"));
	cr_expect(screen_has(drawn(&f), "a81f03c"));
	cr_expect(screen_has(drawn(&f), "[ ] Migration guide"));
	cr_expect(screen_has(drawn(&f), "docs: asks for no release"), "dropped, and still there");
	cr_expect(screen_has(drawn(&f), "- Catalog search by tag"), "the section below");
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		press(&f, row[i].key);
		expect_did(&f, row[i].did, row[i].key);
	}
	press(&f, "r");
	cr_expect(screen_has(drawn(&f), "feat(cli): catalog search by tag"));
	type(&f, "!");
	press(&f, "Enter");
	expect_did(&f, "reword 0 0 Catalog search by tag!; ", "r");
	press(&f, "c");
	press(&f, "Down");
	press(&f, "Enter");
	expect_did(&f, "note 0 0 regroup 1; ", "c");
	press(&f, "Right");
	cr_expect(screen_has(drawn(&f), "no changelog was found"));
	press(&f, "Space");
	expect_did(&f, "note 1 0 drop 0; ", "the other package");
	f.w.rel.notes[1].draft->whole = (char[]) { "By hand\n" };
	press(&f, "Space");
	expect_did(&f, "", "what was written in the editor is no list");
	press(&f, "u");
	expect_did(&f, "entries 1; ", "u");
	stop(&f);
}

/* --- verify --- */

Test(page, findings_are_accepted_with_a_reason, .fini = leak_gate)
{
	struct fixture f;

	start(&f, STEP_VERIFY);
	f.w.signs[STEP_VERIFY] = SIGN_OK;
	cr_expect(
	    screen_has(drawn(&f), "– rethink_llmhub-1.1.0.tar.gz"), "not checked is not fine");
	cr_expect(screen_has(drawn(&f), "the description is empty"));
	fail(&f, ASK_FINDINGS);
	press(&f, "a");
	press(&f, "Enter");
	cr_expect(screen_has(drawn(&f), "without a reason it does not go on"));
	press(&f, "a");
	type(&f, "known");
	press(&f, "Enter");
	expect_did(&f, "answer go-on because known; ", "a");
	press(&f, "w");
	cr_expect(screen_has(drawn(&f), "What to do:"));
	press(&f, "Esc");
	press(&f, "Tab");
	cr_expect(screen_has(drawn(&f), "* Creating isolated environment"));
	stop(&f);
}

/* --- review --- */

/* Waits for the worker. */
static void
settle(struct fixture *f)
{
	for (int i = 0; i < 500 && (i < 3 || loop_is_busy(f->loop)); i++) {
		drawn(f);
		loop_turn(f->loop, 10);
	}
}

Test(page, review_looks_inside_files, .fini = leak_gate)
{
	struct fixture f;
	static const char *const tar[] = { "tar", "-czf", "pkg-1.0.tar.gz", "pkg-1.0", NULL };
	char *dir = temp_dir(), *path = mem_printf("%s/pkg-1.0.tar.gz", dir);
	struct findings found = FINDINGS_EMPTY;

	temp_puts(dir, "pkg-1.0/a.py", "print('hello \x1b[31m')\n");
	cr_assert_eq(temp_run(dir, tar), 0);
	start(&f, STEP_REVIEW);
	f.w.rel.files[0].path = path;
	f.w.rel.files[0].findings = &found;
	findings_add(&found, RULE_RUNS_PTH,
	    (struct finding_place) { .index = 1, .name = "pkg-1.0/a.py", .name_len = 12 }, "odd");
	cr_expect(screen_has(drawn(&f), "0 of 4 files reviewed"));
	press(&f, "m");
	expect_did(&f, "reviewed 0 1; ", "m");
	cr_expect(screen_has(drawn(&f), "▸ [ ] rethink_llmhub_runtime-1.1.0.tar.gz"), "goes on");
	press(&f, "Up");
	press(&f, "Enter");
	cr_expect(screen_has(drawn(&f), "Reading the archive"));
	settle(&f);
	cr_expect(screen_has(drawn(&f), "▾ pkg-1.0/"));
	press(&f, "Down");
	press(&f, "Enter");
	settle(&f);
	cr_expect(
	    screen_has(drawn(&f), "1  print('hello \\x1b[31m')"), "nothing acts on the terminal");
	press(&f, "x");
	press(&f, "x");
	settle(&f);
	cr_expect(screen_has(drawn(&f), "70 72 69 6e 74"));
	press(&f, "Esc");
	resize(&f, 120, 40);
	settle(&f);
	cr_expect(screen_has(drawn(&f), "a.py"));
	/* What is acknowledged goes to the release, and can be taken back. */
	press(&f, "2");
	cr_expect(screen_has(drawn(&f), "WARN  RUN01 pkg-1.0/a.py"));
	press(&f, "a");
	type(&f, "meant");
	press(&f, "Enter");
	expect_did(&f, "acknowledge RUN01 meant; ", "a");
	cr_expect(screen_has(drawn(&f), "taken RUN01 pkg-1.0/a.py meant"));
	press(&f, "a");
	expect_did(&f, "acknowledge RUN01 (back); ", "a again");
	cr_expect(screen_has(drawn(&f), "RUN01 counts again"));
	cr_expect(screen_has(drawn(&f), "WARN  RUN01 pkg-1.0/a.py"));
	press(&f, "1");
	for (int w = 1; w <= 300; w += 7)
		for (int h = 1; h <= 100; h += 5) {
			resize(&f, w, h);
			drawn(&f);
		}
	resize(&f, 80, 24);
	drawn(&f);
	press(&f, "Esc");
	press(&f, "a");
	expect_did(&f, "answer accept; ", "a");
	/* Closed while it is being read. */
	press(&f, "Enter");
	press(&f, "Esc");
	stop(&f);
	findings_fini(&found);
	free(path);
	temp_remove(dir);
}

/* --- tokens --- */

Test(page, a_token_is_never_shown, .fini = leak_gate)
{
	struct fixture f;
	char *before, *after;
	char big[9000];

	start(&f, STEP_REHEARSE);
	before = screen_text(drawn(&f));
	type(&f, "pypi-secretq");
	after = screen_text(drawn(&f));
	cr_expect_str_eq(before, after, "not even its length");
	free(before);
	free(after);
	memset(big, 'x', sizeof big);
	ui_event(f.ui,
	    &(struct input_event) { .type = INPUT_PASTE, .paste = big, .paste_len = sizeof big });
	cr_expect(screen_has(drawn(&f), "longer than any token"));
	press(&f, "Enter");
	expect_did(&f, "answer ; secret of 12; ", "typed");
	press(&f, "Enter");
	cr_expect(screen_has(drawn(&f), "nothing was typed or pasted yet"));
	ui_event(f.ui,
	    &(struct input_event) { .type = INPUT_PASTE, .paste = "pypi-abc", .paste_len = 8 });
	press(&f, "^U");
	press(&f, "Enter");
	expect_did(&f, "", "^U");
	press(&f, "q");
	cr_expect(screen_has(drawn(&f), "Leave?"));
	stop(&f);
}

/* --- the others --- */

Test(page, each_says_what_it_is_for, .fini = leak_gate)
{
	static const struct {
		enum step_id step;
		const char *shown[4];
	} row[] = {
		{ STEP_COMMIT, { "9d1e77a", "Release version 1.1.0" } },
		{ STEP_CHECKS, { "Checks", "rethink-llmhub ✗", "exited with 2" } },
		{ STEP_BUILD, { "Build", "✓ 9 s │ rethink-llmhub ✓ 9 s", "from commit 9d1e77a" } },
		{ STEP_REHEARSE,
		    { "cannot be undone", "503 Service Unavailable", "again in 4 s (try 3)",
			"rethink-llmhub-runtime goes first" } },
		{ STEP_SMOKE, { "Smoke test", "warning: no previously-included", "1 warning" } },
		{ STEP_CONFIRM,
		    { "1 tag v1.1.0 on 9d1e77a", "═ from here on there is no way back ═",
			"3 upload 4 files to PyPI",
			"161 KB bbbb…bbbb rethink_llmhub-1.1.0.tar.gz" } },
		{ STEP_PUBLISH, { "Everything can be undone", "the index refused the token",
				    "type another one", "move main to 9d1e77a" } },
		{ STEP_LIVE, { "not listed yet", "Install" } },
		{ STEP_SUMMARY, { "report.md", "rethink-llmhub-runtime 1.0.3 → 1.1.0", "Files" } },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct fixture f;

		start(&f, row[i].step);
		for (size_t k = 0; k < ARRAY_LEN(row[i].shown) && row[i].shown[k] != NULL; k++)
			cr_expect(screen_has(drawn(&f), row[i].shown[k]), "%s", row[i].shown[k]);
		resize(&f, 120, 40);
		for (size_t k = 0; k < ARRAY_LEN(row[i].shown) && row[i].shown[k] != NULL; k++)
			cr_expect(
			    screen_has(drawn(&f), row[i].shown[k]), "wide: %s", row[i].shown[k]);
		stop(&f);
	}
}

Test(page, an_unfinished_release_is_asked_about_first, .fini = leak_gate)
{
	static const struct question_option options[] = {
		{ "resume", "go on with it", "asks git and the indexes what has really happened" },
		{ "abort", "give it up", "undoes what can be undone" },
		{ "leave", "leave it", "your tree stays as it is; slipway resume comes back here" },
	};
	static const struct question q = { .id = ASK_UNFINISHED,
		.kind = QUESTION_CHOICE,
		.title = "A release of this repository is unfinished.",
		.options = options,
		.option_count = ARRAY_LEN(options),
		.preset = "resume" };
	struct fixture f;

	start(&f, STEP_PREFLIGHT);
	ask(&f, &q);
	cr_expect(screen_has(drawn(&f), "Unfinished release"));
	cr_expect(screen_has(drawn(&f), "▸ go on with it"));
	press(&f, "Down");
	cr_expect(screen_has(drawn(&f), "undoes what can be undone"));
	press(&f, "Enter");
	expect_did(&f, "answer abort; ", "choice");
	stop(&f);
}

Test(page, commands_that_were_run_can_be_read, .fini = leak_gate)
{
	struct fixture f;

	start(&f, STEP_PUBLISH);
	press(&f, "L");
	cr_expect(screen_has(drawn(&f), "✓ 22:13:20 git fetch origin"));
	cr_expect(screen_has(drawn(&f), "✗ 22:15:00 git push --dry-run"));
	press(&f, "Up");
	cr_expect(screen_has(drawn(&f), "exited with 128"));
	press(&f, "Esc");
	cr_expect(screen_has(drawn(&f), "Publish to PyPI"));
	stop(&f);
}
