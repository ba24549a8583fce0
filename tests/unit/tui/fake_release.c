/* The model of process 1, half way. */
#include "fake_release.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"
#include "slipway/dist/finding.h"
#include "slipway/os/logstore.h"
#include "slipway/project/edit.h"
#include "slipway/project/notes.h"

static char text_dirty[] = "2 files changed, 1 untracked";
static char hint_dirty[] = "commit or stash them: git stash --include-untracked";

static void
fill_lines(struct release *r)
{
	static struct check_line lines[] = {
		{ "repository", "repository", SIGN_OK, "packages/cli, packages/runtime found", NULL,
		    false, 3 },
		{ "branch", "branch", SIGN_OK, "main", NULL, false, 3 },
		{ "clean-tree", "clean tree", SIGN_BAD, text_dirty, hint_dirty, true, 3 },
		{ "remote", "remote", SIGN_OK, "level with origin/main (fetched now)", NULL, false,
		    3 },
		{ "identity", "identity", SIGN_OK, "A. Maintainer <am@example.org>", NULL, false,
		    3 },
		{ "python", "python", SIGN_OK,
		    "/usr/bin/python3 3.11: build 0.9, twine 4.0 (python3 on PATH has no build)",
		    NULL, false, 3 },
		{ "dotenv", ".env", SIGN_LOOK, "readable by others", "chmod 600 .env", false, 3 },
		{ "token-test", "token (test)", SIGN_UNCHECKED, "none found; it will be asked for",
		    NULL, false, 3 },
		{ "index-test", "test index", SIGN_RUNNING, "", NULL, false, 3 },
	};

	r->lines = lines;
	r->line_count = ARRAY_LEN(lines);
}

static void
fill_choice(struct release *r)
{
	static struct release_package packages[] = {
		{ .name = "rethink-llmhub-runtime",
		    .normal = "rethink-llmhub-runtime",
		    .dir = "packages/runtime",
		    .version = "1.0.3",
		    .version_new = "1.1.0",
		    .tag_last = "v1.0.3",
		    .tag_since = "v1.0.3",
		    .selected = true },
		{ .name = "rethink-llmhub",
		    .normal = "rethink-llmhub",
		    .dir = "packages/cli",
		    .version = "1.0.3",
		    .version_new = "1.1.0",
		    .tag_last = "v1.0.3",
		    .tag_since = "v1.0.3",
		    .selected = true },
	};
	static char *needs[] = { "rethink-llmhub-runtime", NULL };
	static uint32_t both[] = { 0, 1 };
	static struct release_commit commits[] = {
		{ .short_hash = "a81f03c",
		    .author = "A. Maintainer",
		    .subject = "feat(cli): catalog search by tag",
		    .packages = &both[1],
		    .package_count = 1,
		    .weight = WEIGHT_MINOR },
		{ .short_hash = "77c09be",
		    .author = "R. V.",
		    .subject = "feat: stream tokens from any provider",
		    .packages = both,
		    .package_count = 2,
		    .weight = WEIGHT_MINOR },
		{ .short_hash = "0be4d11",
		    .author = "A. Maintainer",
		    .subject = "fix(runtime): retry on 429 (#112)",
		    .packages = both,
		    .package_count = 1,
		    .weight = WEIGHT_PATCH },
		{ .short_hash = "2f6c8e0",
		    .author = "bot",
		    .subject = "docs: migration guide" },
	};
	static struct release_choice choices[] = {
		{ "patch", "1.0.4", "fixes only", false, false, NULL },
		{ "minor", "1.1.0", "new features", true, false, NULL },
		{ "major", "2.0.0", "breaking changes", false, false, NULL },
		{ "rc", "1.1.0rc1", "candidate, to the test index only", false, false, NULL },
		{ "dev", "1.1.0.dev1", "development release", false, true, NULL },
	};

	r->lockstep = true;
	packages[0].selected = packages[1].selected = true;
	packages[1].needs = (struct strlist) { .items = needs, .count = 1 };
	r->packages = packages;
	r->package_count = ARRAY_LEN(packages);
	r->commits = commits;
	r->commit_count = ARRAY_LEN(commits);
	r->choices = choices;
	r->choice_count = ARRAY_LEN(choices);
	r->suggestion = "2 features, none breaking";
	r->version = "1.1.0";
}

static void
fill_edits(struct release *r)
{
	static struct place items[] = {
		{ .role = PLACE_AUTHORITY,
		    .package = 0,
		    .file = "packages/runtime/pyproject.toml",
		    .line = 3,
		    .what = "project.version",
		    .old_text = "1.0.3",
		    .new_text = "1.1.0",
		    .included = true },
		{ .role = PLACE_AUTHORITY,
		    .package = 1,
		    .file = "packages/cli/pyproject.toml",
		    .line = 3,
		    .what = "project.version",
		    .old_text = "1.0.3",
		    .new_text = "1.1.0",
		    .included = true },
		{ .role = PLACE_FOLLOWS,
		    .package = 1,
		    .follows = 0,
		    .file = "packages/cli/pyproject.toml",
		    .line = 7,
		    .what = "project.dependencies[1] floor",
		    .old_text = "1.0.3",
		    .new_text = "1.1.0",
		    .included = true },
		{ .role = PLACE_MIRROR,
		    .package = 1,
		    .follows = 1,
		    .file = "packages/cli/setup.cfg",
		    .line = 2,
		    .what = "metadata.version",
		    .old_text = "0.9",
		    .note = "says 0.9, not 1.0.3: left alone" },
	};
	static struct places places = { .items = items, .count = ARRAY_LEN(items) };
	static char runtime_old[] =
	    "[project]\nname = \"rethink-llmhub-runtime\"\nversion = \"1.0.3\"\n";
	static char runtime_new[] =
	    "[project]\nname = \"rethink-llmhub-runtime\"\nversion = \"1.1.0\"\n";
	static char cli_old[] = "[project]\nname = \"rethink-llmhub\"\nversion = \"1.0.3\"\n\n"
				"dependencies = [\n    \"typer>=0.9\",\n"
				"    \"rethink-llmhub-runtime>=1.0.3\",\n]\n";
	static char cli_new[] = "[project]\nname = \"rethink-llmhub\"\nversion = \"1.1.0\"\n\n"
				"dependencies = [\n    \"typer>=0.9\",\n"
				"    \"rethink-llmhub-runtime>=1.1.0\",\n]\n";
	static struct edit_file files[] = {
		{ "packages/runtime/pyproject.toml", { runtime_old, sizeof runtime_old - 1, 0 },
		    { runtime_new, sizeof runtime_new - 1, 0 }, 1, false },
		{ "packages/cli/pyproject.toml", { cli_old, sizeof cli_old - 1, 0 },
		    { cli_new, sizeof cli_new - 1, 0 }, 2, false },
	};
	static struct edit_plan plan = { .items = files, .count = ARRAY_LEN(files) };

	r->places = &places;
	r->edits = &plan;
}

static void
fill_notes(struct release *r)
{
	static char *groups[] = { "Added", "Changed", "Fixed", NULL };
	static struct note cli[3], runtime[1];
	static struct notes drafts[2];
	static char text[] = "### Added\n\n- Catalog search by tag\n";
	static char empty[] = "";
	static struct release_notes notes[2];

	cli[0] = (struct note) { .text = "Catalog search by tag",
		.source = "a81f03c",
		.subject = "feat(cli): catalog search by tag",
		.taken = true };
	cli[1] = (struct note) { .text = "Stream tokens from any provider",
		.source = "77c09be",
		.subject = "feat: stream tokens from any provider",
		.taken = true };
	cli[2] = (struct note) { .text = "Migration guide",
		.source = "2f6c8e0",
		.subject = "docs: migration guide",
		.why = "docs: asks for no release",
		.group = 1 };
	runtime[0] = (struct note) {
		.text = "Retry on 429 (#112)", .source = "0be4d11", .group = 2, .taken = true
	};
	drafts[0] = (struct notes) { .items = cli, .count = 3 };
	drafts[1] = (struct notes) { .items = runtime, .count = 1 };
	drafts[0].groups = drafts[1].groups =
	    (struct strlist) { .items = groups, .count = 3, .cap = 0 };
	notes[0] = (struct release_notes) { .title = "rethink-llmhub",
		.path = "packages/cli/CHANGELOG.md",
		.draft = &drafts[0],
		.text = text };
	notes[1] = (struct release_notes) { .title = "rethink-llmhub-runtime",
		.why = "no changelog was found: the notes go into the tag",
		.draft = &drafts[1],
		.text = empty };
	r->notes = notes;
	r->note_count = 2;
}

static struct job *
new_job(const char *title, enum sign sign, const char *text)
{
	struct job *j = mem_zalloc(1, sizeof *j);

	*j = (struct job) { .title = mem_strdup(title),
		.command = mem_printf("python3 -m build --outdir dist %s", title),
		.cwd = mem_strdup("/tmp"),
		.sign = sign,
		.result = sign == SIGN_BAD ? mem_strdup("exited with 2") : NULL,
		.elapsed_ms = 9000 };
	logstore_new(&(struct logstore_opts) { .max_lines = 100 }, &j->log, NULL);
	logstore_feed(j->log, text, strlen(text));
	logstore_end(j->log);
	return j;
}

static void
fill_jobs(struct job ***jobs, size_t *count, enum sign second)
{
	*jobs = mem_zalloc(2, sizeof **jobs);
	(*jobs)[0] = new_job(
	    "rethink-llmhub-runtime", SIGN_OK, "* Creating isolated environment\n");
	(*jobs)[1] = new_job("rethink-llmhub", second,
	    "* Building sdist...\nrunning sdist\nwarning: no previously-included files\n");
	*count = 2;
}

static void
fill_files(struct release *r)
{
	static struct release_file files[4];
	static struct finding found[] = {
		{ .rule = 0,
		    .severity = FINDING_WARN,
		    .index = FINDING_NO_MEMBER,
		    .message = "the description is empty" },
	};
	static struct findings findings = { .items = found, .count = 1 };
	static char *const names[] = { "rethink_llmhub_runtime-1.1.0-py3-none-any.whl",
		"rethink_llmhub_runtime-1.1.0.tar.gz", "rethink_llmhub-1.1.0-py3-none-any.whl",
		"rethink_llmhub-1.1.0.tar.gz" };

	memset(files, 0, sizeof files);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		files[i].package = i / 2;
		files[i].name = files[i].path = names[i];
		files[i].is_wheel = i % 2 == 0;
		files[i].size = 41000 + i * 40000;
		memset(files[i].sha256, "6c9b"[i], 64);
		files[i].findings = i == 1 ? &findings : NULL;
	}
	files[0].transfer[0] = (struct transfer) {
		.state = TRANSFER_DONE, .sent = 41000, .listed = true
	};
	files[1].transfer[0] = (struct transfer) {
		.state = TRANSFER_SENDING, .sent = 40000, .rate = 610000
	};
	files[2].transfer[0] = (struct transfer) { .state = TRANSFER_PAUSING,
		.pause_ms = 4000,
		.tries = 2,
		.message = "the index answered 503 Service Unavailable",
		.hint = "it is tried again" };
	files[3].transfer[1] = files[2].transfer[0];
	files[2].transfer[1] = (struct transfer) { .state = TRANSFER_FAILED,
		.message = "the index refused the token",
		.hint = "type another one" };
	r->files = files;
	r->file_count = ARRAY_LEN(files);
	r->index[INDEX_TEST] = (struct release_index) { .name = "testpypi", .title = "TestPyPI" };
	r->index[INDEX_PRODUCTION] = (struct release_index) { .name = "pypi", .title = "PyPI" };
}

static void
fill_plan(struct release *r)
{
	static struct plan_line plan[] = {
		{ STEP_COMMIT, "commit", "commit \"Release version 1.1.0\"", "remove the worktree",
		    true, EFFECT_DONE, NULL },
		{ STEP_REHEARSE, "upload",
		    "upload rethink_llmhub-1.1.0.tar.gz (161 KB, sha256 bbbbbbbb) to TestPyPI",
		    "cannot be undone", false, EFFECT_DONE, NULL },
		{ STEP_PUBLISH, "tag", "tag v1.1.0 on 9d1e77a", "delete the tag", true,
		    EFFECT_PLANNED, NULL },
		{ STEP_PUBLISH, "push-check", "push --dry-run main, v1.1.0 to origin",
		    "nothing to undo", true, EFFECT_PLANNED, NULL },
		{ STEP_PUBLISH, "upload",
		    "upload rethink_llmhub_runtime-1.1.0.tar.gz (81 KB, sha256 cccccccc) to PyPI",
		    "cannot be undone: the file name is used up there for good", false,
		    EFFECT_PLANNED, NULL },
		{ STEP_PUBLISH, "upload",
		    "upload rethink_llmhub-1.1.0.tar.gz (161 KB, sha256 bbbbbbbb) to PyPI",
		    "cannot be undone: the file name is used up there for good", false,
		    EFFECT_PLANNED, NULL },
		{ STEP_PUBLISH, "push", "move main to 9d1e77a, push main and v1.1.0 together",
		    "cannot be undone", false, EFFECT_PLANNED, NULL },
	};

	r->plan = plan;
	r->plan_count = ARRAY_LEN(plan);
}

static void
fill_report(struct release *r)
{
	static char *lines[] = { "# rethink-llmhub 1.1.0", "",
		"- rethink-llmhub-runtime 1.0.3 → 1.1.0", "", "## Files", "",
		"- rethink_llmhub-1.1.0.tar.gz, 161 KB", NULL };
	static struct command_line commands[] = {
		{ "git fetch origin", "/src/llmhub", 1700000000, 300, "ok" },
		{ "git push --dry-run origin main", "/src/llmhub", 1700000100, 1300,
		    "exited with 128" },
		{ "python3 -m build", "/src/llmhub/packages/cli", 1700000200, 0, NULL },
	};

	r->report = (struct strlist) { .items = lines, .count = ARRAY_LEN(lines) - 1 };
	r->report_path = "/src/llmhub/.git/slipway/1/report.md";
	r->commands = commands;
	r->command_count = ARRAY_LEN(commands);
}

void
fake_fill(struct wizard *w, enum step_id step)
{
	struct release *r = &w->rel;

	memset(w, 0, sizeof *w);
	r->root = "/src/llmhub";
	r->branch = "main";
	r->head = "3f2a9c1d00000000000000000000000000000000";
	fill_lines(r);
	fill_choice(r);
	fill_edits(r);
	fill_notes(r);
	r->commit = "9d1e77a000000000000000000000000000000000";
	r->commit_subject = "Release version 1.1.0";
	fill_jobs(&r->checks, &r->check_count, SIGN_BAD);
	fill_jobs(&r->builds, &r->build_count, SIGN_OK);
	fill_jobs(&r->verifies, &r->verify_count, SIGN_OK);
	fill_jobs(&r->smokes, &r->smoke_count, SIGN_RUNNING);
	fill_jobs(&r->installs, &r->install_count, SIGN_OK);
	fill_files(r);
	fill_plan(r);
	fill_report(r);
	w->step = step;
	for (size_t i = 0; i < STEP_COUNT; i++)
		w->signs[i] = i < (size_t)step ? SIGN_OK : SIGN_TODO;
	w->signs[step] = SIGN_RUNNING;
}

static void
fini_jobs(struct job **jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(jobs[i]->title);
		free(jobs[i]->command);
		free(jobs[i]->cwd);
		free(jobs[i]->result);
		logstore_free(jobs[i]->log);
		free(jobs[i]);
	}
	free(jobs);
}

void
fake_fini(struct wizard *w)
{
	fini_jobs(w->rel.checks, w->rel.check_count);
	fini_jobs(w->rel.builds, w->rel.build_count);
	fini_jobs(w->rel.verifies, w->rel.verify_count);
	fini_jobs(w->rel.smokes, w->rel.smoke_count);
	fini_jobs(w->rel.installs, w->rel.install_count);
}

/* --- questions --- */

static const struct question_option go_on[] = {
	{ "accept", "accept", NULL },
	{ "leave", "leave", "nothing has been changed" },
};
static const struct question_option take_notes[] = {
	{ "accept", "take these notes", NULL },
	{ "editor", "write them in the editor", NULL },
	{ "without", "no notes", NULL },
	{ "leave", "leave", NULL },
};
static const struct question_option versions[] = {
	{ "patch", "1.0.4", "fixes only" },
	{ "minor", "1.1.0", "new features" },
	{ "major", "2.0.0", "breaking changes" },
	{ "rc", "1.1.0rc1", "candidate, to the test index only" },
	{ "dev", "1.1.0.dev1", "development release" },
};
static const struct question_option failed[] = {
	{ "again", "try again", NULL },
	{ "go-on", "go on all the same", "the failure is kept in the report" },
	{ "leave", "stop here", "slipway resume comes back to this step" },
};

const struct question fake_failure = { .id = ASK_FINDINGS,
	.kind = QUESTION_CHOICE,
	.title = "\"pytest -q\" exited with 2",
	.text = "read its log above",
	.options = failed,
	.option_count = ARRAY_LEN(failed),
	.preset = "again" };

#define SIMPLE(ask, at)                                                                            \
	{                                                                                          \
		.id = (ask), .step = (at), .kind = QUESTION_CHOICE,                                \
		.title = "Nothing has been changed yet.", .options = go_on,                        \
		.option_count = ARRAY_LEN(go_on), .preset = "accept"                               \
	}

const struct question *
fake_question(enum step_id step)
{
	static const struct question questions[STEP_COUNT] = {
		[STEP_PREFLIGHT] = SIMPLE(ASK_PREFLIGHT, STEP_PREFLIGHT),
		[STEP_VERSION] = { .id = ASK_VERSION,
		    .step = STEP_VERSION,
		    .kind = QUESTION_TEXT,
		    .title = "Which version? rethink-llmhub is at 1.0.3",
		    .text = "2 features, none breaking",
		    .options = versions,
		    .option_count = ARRAY_LEN(versions),
		    .preset = "minor" },
		[STEP_EDITS] = SIMPLE(ASK_EDITS, STEP_EDITS),
		[STEP_NOTES] = { .id = ASK_NOTES,
		    .step = STEP_NOTES,
		    .kind = QUESTION_CHOICE,
		    .title = "The same text goes into the changelog, the tag and the report.",
		    .options = take_notes,
		    .option_count = ARRAY_LEN(take_notes),
		    .preset = "accept",
		    .keyed = true },
		[STEP_REVIEW] = SIMPLE(ASK_REVIEW, STEP_REVIEW),
		[STEP_REHEARSE] = { .id = ASK_TEST_TOKEN,
		    .step = STEP_REHEARSE,
		    .kind = QUESTION_SECRET,
		    .title = "Token for TestPyPI (starts with pypi-)",
		    .text = "Nothing is shown while you type or paste; Ctrl-U clears." },
		[STEP_CONFIRM] = { .id = ASK_CONFIRM,
		    .step = STEP_CONFIRM,
		    .kind = QUESTION_TYPED,
		    .title = "Type 1.1.0 to release",
		    .text = "Cancelling now changes nothing: your branch is as it was.",
		    .expected = "1.1.0" },
		[STEP_SUMMARY] = SIMPLE(ASK_SUMMARY, STEP_SUMMARY),
	};

	return questions[step].title != NULL ? &questions[step] : NULL;
}
