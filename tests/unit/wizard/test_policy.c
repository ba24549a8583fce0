/* Who answers, and what a plan and a preflight say, on a real repository. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rig.h"
#include "slipway/base/mem.h"
#include "slipway/dist/finding.h"
#include "slipway/os/fs.h"

#define PERSON(...)                                                                                \
	(const struct rig_answer[]) { __VA_ARGS__ },                                               \
	    sizeof((const struct rig_answer[]) { __VA_ARGS__ }) / sizeof(struct rig_answer)

static const struct wizard_opts script = { .mode = WIZARD_RELEASE, .unattended = true };

static void
run_script(struct rig *r, struct wizard_opts opts)
{
	rig_run(r, opts, NULL, 0);
}

Test(policy, lists_every_missing_answer_before_any_effect, .fini = leak_gate)
{
	static const char *const parts[] = { "BUMP", "--yes", "--confirm", "production index",
		"--test-index", "--tag rig-cli='v{dashed}'" };
	struct rig r = rig_new(NULL, NULL);
	char *before, *now;

	/* Two spellings: which one is meant is not guessed. */
	gitrepo_git(r.repo, "tag v1.0.2rc1");
	gitrepo_git(r.repo, "tag v1.0.2-rc2");
	before = rig_snapshot(&r);
	unsetenv("PYPI_API_TOKEN");
	run_script(&r, script);
	cr_expect_eq(r.err.code, ERR_USAGE, "%s", r.err.message);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		cr_expect(strstr(r.err.message, parts[i]) != NULL, "no %s in: %s", parts[i],
		    r.err.message);
	now = rig_snapshot(&r);
	cr_expect_str_eq(now, before);
	cr_expect(!rig_has_state(&r));
	free(now);
	free(before);
	rig_end(&r);
}

Test(policy, a_candidate_needs_no_production_token, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);
	struct wizard_opts opts = script;

	unsetenv("PYPI_API_TOKEN");
	opts.bump = "rc";
	run_script(&r, opts);
	cr_expect_eq(r.err.code, ERR_USAGE);
	cr_expect(strstr(r.err.message, "production index") == NULL, "%s", r.err.message);
	rig_end(&r);
}

Test(policy, a_token_must_be_there_for_every_package, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, "\n[package.rig-cli]\ntoken-env = [\"CLI_SECRET\"]\n");
	struct wizard_opts opts = script;
	const char *line;

	unsetenv("PYPI_API_TOKEN");
	setenv("CLI_SECRET", "pypi-of-one-package-alone", 1);
	opts.bump = "patch";
	run_script(&r, opts);
	line = rig_line(&r, "token");
	cr_assert_not_null(line);
	cr_expect(strstr(line, "not checked") == line && strstr(line, "none for rig-runtime"), "%s",
	    line);
	cr_expect(strstr(r.err.message, "production index") != NULL, "%s", r.err.message);
	rig_end(&r);
}

Test(policy, silence_never_chooses_an_index_that_was_only_found, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);
	struct wizard_opts opts = script;

	opts.take_presets = true;
	opts.bump = "patch";
	opts.confirm = "1.0.4";
	run_script(&r, opts);
	cr_expect_eq(r.err.code, ERR_USAGE);
	cr_expect(strstr(r.err.message, "--test-index") != NULL, "%s", r.err.message);
	cr_expect_eq(rig_files_on(&r, r.test), 0);
	rig_end(&r);
}

Test(policy, a_rehearsal_never_goes_to_production, .fini = leak_gate)
{
	static const char *const names[] = { "pypi", "twin" };
	struct rig r = rig_new(NULL, NULL);
	char *twin = mem_printf(
	    "\n[index.twin]\nupload = \"%s\"\n", index_server_upload_url(r.production));

	rig_configure(&r, NULL, twin);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct wizard_opts opts = script;

		opts.take_presets = true;
		opts.bump = "patch";
		opts.confirm = "1.0.4";
		opts.test_index = names[i];
		run_script(&r, opts);
		cr_expect(strstr(r.err.message, "cannot be the test index") != NULL, "%s: %s",
		    names[i], r.err.message);
		cr_expect_eq(rig_files_on(&r, r.production), 0);
	}
	free(twin);
	rig_end(&r);
}

Test(policy, finds_a_wrong_confirmation_before_any_effect, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);
	struct wizard_opts opts = script;

	opts.take_presets = true;
	opts.bump = "patch";
	opts.confirm = "9.9.9";
	opts.test_index = "none";
	run_script(&r, opts);
	cr_expect_eq(r.err.code, ERR_USAGE, "%s", r.err.message);
	cr_expect(strstr(r.err.message, "9.9.9") != NULL, "%s", r.err.message);
	cr_expect(!rig_has_state(&r));
	rig_end(&r);
}

/* -- plans -- */

Test(policy, a_plan_takes_the_suggestion_and_writes_nothing, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);
	char *before, *now;

	/* Somebody else has pushed a tag: a fetch would write it here. */
	gitrepo_git(r.repo, "tag other");
	gitrepo_git(r.repo, "push -q origin other");
	gitrepo_git(r.repo, "tag -d other");
	before = rig_snapshot(&r);
	rig_run_mode(&r, WIZARD_PLAN);
	cr_expect_eq(r.err.code, ERR_OK, "%s", r.err.message);
	now = rig_snapshot(&r);
	cr_expect_str_eq(now, before);
	cr_expect(!rig_has_state(&r));
	free(now);
	free(before);
	rig_end(&r);
}

Test(policy, a_plan_goes_on_where_a_check_fails_and_fails_at_its_end, .fini = leak_gate)
{
	static const struct {
		const char *git, *line;
	} row[] = {
		{ "checkout -q --detach", "branch" },
		{ "remote set-url origin /nowhere/at/all", "remote" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct rig r = rig_new("test-index = \"rehearsal\"", NULL);
		const char *tree, *line;

		temp_puts(r.repo, "untracked.txt", "x\n");
		gitrepo_git(r.repo, row[i].git);
		rig_run_mode(&r, WIZARD_PLAN);
		cr_expect_neq(r.err.code, ERR_OK, "%s", row[i].git);
		tree = rig_line(&r, "clean-tree");
		line = rig_line(&r, row[i].line);
		cr_assert(tree != NULL && line != NULL);
		cr_expect(strncmp(tree, "failed", 6) == 0, "%s", tree);
		cr_expect(strncmp(line, "failed", 6) == 0, "%s", line);
		cr_expect(strstr(r.err.message, "untracked") != NULL, "%s", r.err.message);
		rig_end(&r);
	}
}

/* -- the lines of the preflight -- */

Test(policy, says_that_a_branch_is_not_on_the_remote_any_more, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);
	const char *line;

	gitrepo_git(r.remote, "symbolic-ref HEAD refs/heads/other");
	gitrepo_git(r.remote, "update-ref -d refs/heads/main");
	rig_run_mode(&r, WIZARD_PLAN);
	line = rig_line(&r, "remote");
	cr_assert_not_null(line);
	cr_expect(strstr(line, "has no branch main yet") != NULL, "%s", line);
	rig_end(&r);
}

Test(policy, an_index_that_answers_garbage_is_never_fine, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);
	const char *line;

	index_server_stop(r.test);
	r.test = NULL;
	rig_run_mode(&r, WIZARD_PLAN);
	line = rig_line(&r, "index-test");
	cr_assert_not_null(line);
	cr_expect(strncmp(line, "not checked", 11) == 0, "%s", line);
	rig_end(&r);
}

Test(policy, tells_a_configuration_that_is_hidden_by_another, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);
	struct wizard_opts opts = { .mode = WIZARD_PLAN, .unattended = true };
	char *text = temp_read(r.dir, "slipway.toml", NULL);
	const char *line;

	temp_puts(r.repo, "slipway.toml", text);
	temp_puts(r.repo, "pyproject.toml", "[tool.slipway.release]\nindex = \"pypi\"\n");
	r.own_config = true;
	rig_run(&r, opts, NULL, 0);
	line = rig_line(&r, "repository");
	cr_assert_not_null(line);
	cr_expect(
	    strncmp(line, "look", 4) == 0 && strstr(line, "does not count") != NULL, "%s", line);
	free(text);
	rig_end(&r);
}

/* -- findings -- */

static void
give_reason(void *arg)
{
	((struct rig *)arg)->reason = "the old\033[2J index shows it all the same";
}

static void
kill_readers(void *arg)
{
	(void)arg;
	setenv("SLIPWAY_TEST_READER", "killed", 1);
}

/* A reader that died is a finding of each file, and nothing is compared. */
static void
expect_not_inspected(void *arg)
{
	const struct release *rel = wizard_release(((struct rig *)arg)->w);

	unsetenv("SLIPWAY_TEST_READER");
	cr_expect_eq(rel->file_count, 2);
	for (size_t i = 0; i < rel->file_count; i++) {
		const struct release_file *f = &rel->files[i];
		struct str line = STR_EMPTY;

		cr_assert_not_null(f->findings);
		cr_expect_gt(f->findings->seen[RULE_LIMIT], 0);
		cr_expect_eq(release_file_sign(f), SIGN_BAD);
		release_file_line(f, &line);
		cr_expect_not_null(strstr(str_text(&line), "git: not compared"));
		str_fini(&line);
	}
}

/* In a file of the release's state. */
static void
expect_kept(struct rig *r, const char *name, const char *text)
{
	char *dir = rig_state_dir(r), *content = temp_read(dir, name, NULL);

	cr_expect(strstr(content, text) != NULL, "no \"%s\" in %s:\n%s", text, name, content);
	cr_expect(strchr(content, '\033') == NULL);
	free(content);
	free(dir);
}

Test(policy, findings_are_passed_with_a_reason_alone, .fini = leak_gate)
{
	struct rig r = rig_new(RIG_REAL_BUILD, NULL);
	struct strlist one = STRLIST_EMPTY;
	struct wizard_opts opts = { .mode = WIZARD_RELEASE,
		.take_presets = true,
		.dry_run = true,
		.bump = "patch",
		.packages = &one };

	strlist_add(&one, "rig-runtime");
	/* twine check cannot render it. */
	temp_puts(r.repo, "runtime/README.rst", "Title\n===\n\n.. nonsense::\n");
	temp_run(r.repo, (const char *const[]) { "sed", "-i", "s/README.md/README.rst/",
			     "runtime/pyproject.toml", NULL });
	gitrepo_git(r.repo, "add -A");
	gitrepo_git(r.repo, "commit -q -m docs");
	rig_run(&r, opts,
	    PERSON({ ASK_FINDINGS, "again", RIG_ANSWER, kill_readers },
		{ ASK_FINDINGS, "go-on", RIG_ANSWER, expect_not_inspected },
		{ ASK_FINDINGS, "go-on", RIG_ANSWER, give_reason }));
	cr_assert_eq(r.err.code, ERR_OK, "%s", r.err.message);
	cr_expect(rig_asked(&r, "takes a reason"));
	expect_kept(&r, "report.md", "verify: not checked, accepted: the old");
	expect_kept(&r, "journal", "accepted: the old");
	opts.unattended = true;
	opts.accept_findings = "seen before";
	run_script(&r, opts);
	cr_expect_eq(r.err.code, ERR_OK, "%s", r.err.message);
	strlist_fini(&one);
	rig_end(&r);
}

/* -- secrets -- */

static bool
is_below(const char *dir, const char *text)
{
	const char *const argv[] = { "grep", "-rqF", text, dir, NULL };

	return temp_run(dir, argv) == 0;
}

Test(policy, no_child_and_no_file_gets_a_token, .fini = leak_gate)
{
	struct rig r = rig_new("checks = [\"env\"]\ntest-index = \"testpypi\"",
	    "\n[package.rig-cli]\ntoken-env = [\"MY_OWN_NAME\"]\n");
	char *dir;

	/* Not known by its value either. */
	setenv("MY_OWN_NAME", "a-secret-of-my-own", 1);
	rig_run(&r, (struct wizard_opts) { .mode = WIZARD_RELEASE, .take_presets = true },
	    PERSON({ ASK_SMOKE_FAILED, "go-on", RIG_ANSWER, NULL },
		{ ASK_CONFIRM, NULL, RIG_CANCEL, NULL }));
	cr_expect_eq(r.err.code, ERR_CANCELLED, "%s", r.err.message);
	cr_expect_eq(rig_files_on(&r, r.test), 4);
	dir = rig_state_dir(&r);
	cr_expect(is_below(dir, "HOME="), "the check's log is not there");
	cr_expect(!is_below(dir, "MY_OWN_NAME=") && !is_below(dir, "a-secret-of-my-own"));
	cr_expect(!is_below(dir, getenv("PYPI_API_TOKEN")));
	cr_expect(!is_below(dir, getenv("PYPI_TEST_API_TOKEN")));
	free(dir);
	rig_end(&r);
}

/* -- an index of Slipway's own -- */

static void
expect_rehearsed(void *arg)
{
	struct rig *r = arg;
	const struct release *rel = wizard_release(r->w);

	cr_expect_str_eq(rel->index[INDEX_TEST].name, "rehearsal");
	cr_expect_eq(rel->file_count, 4);
	for (size_t i = 0; i < rel->file_count; i++)
		cr_expect(rel->files[i].transfer[INDEX_TEST].listed, "%s", rel->files[i].name);
}

Test(policy, rehearses_on_an_index_of_its_own, .fini = leak_gate)
{
	struct rig r = rig_new("test-index = \"rehearsal\"", NULL);
	char *before = rig_snapshot(&r), *now;
	const char *line;

	unsetenv("PYPI_TEST_API_TOKEN");
	rig_run(&r, (struct wizard_opts) { .mode = WIZARD_RELEASE, .take_presets = true },
	    PERSON({ ASK_SMOKE_FAILED, "go-on", RIG_ANSWER, NULL },
		{ ASK_CONFIRM, NULL, RIG_KILL, expect_rehearsed }));
	cr_assert(r.killed, "%s", r.err.message);
	line = rig_line(&r, "token-test");
	cr_expect(line != NULL && strncmp(line, "ok", 2) == 0, "%s", line);
	/* It starts again where it was. */
	rig_run(&r, (struct wizard_opts) { .mode = WIZARD_RESUME },
	    PERSON({ ASK_CONFIRM, NULL, RIG_CANCEL, expect_rehearsed }));
	cr_expect_eq(r.err.code, ERR_CANCELLED, "%s", r.err.message);
	rig_run_mode(&r, WIZARD_ABORT);
	cr_expect_eq(r.err.code, ERR_OK, "%s", r.err.message);
	now = rig_snapshot(&r);
	cr_expect_str_eq(now, before);
	cr_expect(!rig_has_state(&r));
	free(now);
	free(before);
	rig_end(&r);
}
