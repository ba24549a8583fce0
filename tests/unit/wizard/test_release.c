/* Releases to their end, on a real repository and two indexes. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rig.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/wizard/compare.h"

#define PERSON(...)                                                                                \
	(const struct rig_answer[]) { __VA_ARGS__ },                                               \
	    sizeof((const struct rig_answer[]) { __VA_ARGS__ }) / sizeof(struct rig_answer)

static void
expect_same(const struct rig *r, const char *one, const char *other)
{
	char *a = gitrepo_output(r->repo, one), *b = gitrepo_output(r->repo, other);

	cr_expect_str_eq(a, b, "%s: %s, %s: %s", one, a, other, b);
	free(a);
	free(b);
}

static void
expect_output(const struct rig *r, const char *command, const char *part)
{
	char *out = gitrepo_output(r->repo, command);

	cr_expect(strstr(out, part) != NULL, "%s: no \"%s\" in\n%s", command, part, out);
	free(out);
}

static void
expect_file(const struct rig *r, const char *name, bool there)
{
	char *path = fs_join(r->repo, name);

	cr_expect_eq(fs_exists(path), there, "%s", name);
	free(path);
}

/* The configuration in the repository itself. */
static void
use_own_config(struct rig *r)
{
	char *text = temp_read(r->dir, "slipway.toml", NULL);

	gitrepo_commit(r->repo, "slipway.toml", text, "chore: configure");
	gitrepo_git(r->repo, "push -q origin main");
	r->own_config = true;
	free(text);
}

Test(release, ends_with_everything_published_and_nothing_left, .fini = leak_gate)
{
	struct rig r = rig_new(RIG_REAL_BUILD, NULL);
	struct strlist tags = STRLIST_EMPTY;
	char *dir, *report;
	static const char *const parts[] = {
		"# rig-cli 1.1.0", "-1.1.0.tar.gz", "> - More",
		"- done: upload rig_cli-1.1.0-py3-none-any.whl", "- done: tag v1.1.0", "sha256 ",
		"git commit", "pip install rig-cli==1.1.0",
		"  RECORD \u2713 \u00b7 PyPI \u2713 \u00b7 release: not compared \u00b7 git \u2713"
	};

	use_own_config(&r);
	strlist_add(&tags, "v{version}");
	temp_puts(r.repo, "cli/dist/rig_cli-1.0.3.tar.gz", "old\n");
	temp_puts(r.repo, "cli/dist/somebody-else-1.0.tar.gz", "not ours\n");
	rig_run(&r,
	    (struct wizard_opts) { .mode = WIZARD_RELEASE,
		.unattended = true,
		.take_presets = true,
		.bump = "minor",
		.tags = &tags,
		.test_index = "none",
		.confirm = "1.1.0" },
	    NULL, 0);
	cr_assert_eq(r.err.code, ERR_OK, "%s (%s)", r.err.message, r.err.hint);
	expect_output(&r, "diff v1.1.0~ v1.1.0 -- slipway.toml",
	    "\n [release]\n+tag = \"v{version}\"\n build");
	cr_expect_eq(rig_files_on(&r, r.production), 4);
	cr_expect_eq(rig_files_on(&r, r.test), 0);
	expect_same(&r, "rev-parse main", "rev-parse v1.1.0^{commit}");
	gitrepo_git(r.repo, "fetch -q");
	expect_same(&r, "rev-parse main", "rev-parse origin/main");
	expect_same(&r, "ls-files -m -o --exclude-standard", "for-each-ref refs/slipway");
	expect_output(&r, "tag -l --format=%(contents) v1.1.0", "### Added\n\n- More");
	expect_output(&r, "show v1.1.0:runtime/CHANGELOG.md", "## [Unreleased]\n\n## [1.1.0] - ");
	expect_file(&r, "cli/dist/rig_cli-1.1.0-py3-none-any.whl", true);
	expect_file(&r, "cli/dist/rig_cli-1.0.3.tar.gz", false);
	expect_file(&r, "cli/dist/somebody-else-1.0.tar.gz", true);
	dir = rig_state_dir(&r);
	report = temp_read(dir, "report.md", NULL);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		cr_expect(strstr(report, parts[i]) != NULL, "no \"%s\" in\n%s", parts[i], report);
	cr_expect(strstr(report, getenv("PYPI_API_TOKEN")) == NULL);
	free(report);
	free(dir);
	/* It has ended: there is nothing to resume, and the next one begins. */
	rig_run_mode(&r, WIZARD_RESUME);
	cr_expect_eq(r.err.code, ERR_NOT_FOUND, "%s", r.err.message);
	strlist_fini(&tags);
	rig_end(&r);
}

/* The files come from the release commit, whatever the work tree holds. */
static void
look_at_comparisons(void *arg)
{
	const struct rig *rig = arg;
	const struct release *r = wizard_release(rig->w);

	for (size_t i = 0; i < r->file_count; i++) {
		const struct comparison *git, *release;

		cr_assert_not_null(r->files[i].compared);
		git = &r->files[i].compared->with[COMPARE_GIT];
		release = &r->files[i].compared->with[COMPARE_RELEASE];
		cr_expect(comparison_is_done(git), "%s", git->why_not);
		cr_expect(git->with != NULL && strncmp(git->with, r->commit, 7) == 0);
		cr_expect_eq(git->counts[COMPARE_ADDED] + git->counts[COMPARE_MODIFIED], 0);
		cr_expect_gt(git->counts[COMPARE_SAME], 0);
		cr_expect_not(comparison_is_done(release));
		cr_expect_not_null(strstr(release->why_not, " yet"), "%s", release->why_not);
	}
}

/* Two spellings are in use: nothing is taken for granted. */
static void
look_at_templates(void *arg)
{
	const struct question *q = ((const struct rig *)arg)->open;

	cr_assert_eq(q->option_count, 3);
	cr_expect_str_eq(q->options[0].id, "v{dashed}");
	cr_expect_str_eq(q->options[0].detail, "v1.0.3, v1.0.3-rc1");
	cr_expect_str_eq(q->options[1].id, "v{version}");
	cr_expect_str_eq(q->preset, "v{dashed}");
	cr_expect_not(q->undoable);
	cr_expect_not_null(strstr(q->text, "in more than one spelling"), "%s", q->text);
	cr_expect_not_null(strstr(q->error, "has no {version}"), "%s", q->error);
}

/* The rig's configuration lies outside the repository. */
static void
look_at_hint(void *arg)
{
	const struct question *q = ((const struct rig *)arg)->open;

	cr_assert_not_null(q->text);
	cr_expect_not_null(strstr(q->text, "add: [release] tag = \"v{version}\""), "%s", q->text);
}

Test(release, a_dry_run_sends_nothing_and_copies_on_request, .fini = leak_gate)
{
	struct rig r = rig_new(RIG_REAL_BUILD, NULL);

	gitrepo_git(r.repo, "tag v1.0.2rc1");
	gitrepo_git(r.repo, "tag v1.0.2-rc2");
	rig_run(&r,
	    (struct wizard_opts) { .mode = WIZARD_RELEASE, .bump = "minor", .dry_run = true },
	    PERSON({ ASK_PREFLIGHT, "go-on", RIG_ANSWER, NULL },
		{ ASK_TAG, "v{semver", RIG_ANSWER, NULL },
		{ ASK_TAG, "v{version}", RIG_ANSWER, look_at_templates },
		{ ASK_EDITS, "accept", RIG_ANSWER, look_at_hint },
		{ ASK_REVIEW, "accept", RIG_ANSWER, look_at_comparisons },
		{ ASK_SUMMARY, "copy", RIG_ANSWER, NULL }));
	cr_assert_eq(r.err.code, ERR_OK, "%s", r.err.message);
	cr_expect(rig_asked(&r, "preflight: Which tags do rig-runtime and rig-cli get?"));
	cr_expect_not_null(strstr(rig_line(&r, "tag"), "ok newest: v1.0.3; 1.1.0 will be v1.1.0"),
	    "%s", rig_line(&r, "tag"));
	cr_expect_eq(rig_files_on(&r, r.test) + rig_files_on(&r, r.production), 0);
	expect_file(&r, "cli/dist/rig_cli-1.1.0-py3-none-any.whl", true);
	expect_file(&r, "runtime/dist/rig_runtime-1.1.0-py3-none-any.whl", true);
	cr_expect_neq(gitrepo_try(r.repo, "rev-parse -q --verify refs/tags/v1.1.0"), 0);
	expect_same(&r, "rev-parse main", "rev-parse origin/main");
	rig_end(&r);
}

static void
put_hook(const struct rig *r, const char *name)
{
	char *path = mem_printf(".git/hooks/%s", name), *full = fs_join(r->repo, path);

	temp_puts(r->repo, path, "#!/bin/sh\necho the hook does not like it >&2\nexit 1\n");
	cr_assert_eq(chmod(full, 0755), 0);
	free(path);
	free(full);
}

Test(release, a_hook_that_refuses_can_be_left_out_by_a_person, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);

	put_hook(&r, "pre-commit");
	rig_run(&r,
	    (struct wizard_opts) { .mode = WIZARD_RELEASE, .bump = "minor", .take_presets = true },
	    PERSON({ ASK_HOOK_FAILED, "without-hooks", RIG_ANSWER, NULL },
		{ ASK_TEST_INDEX, NULL, RIG_CANCEL, NULL }));
	cr_expect_eq(r.err.code, ERR_CANCELLED, "%s", r.err.message);
	cr_expect(rig_asked(&r, "commit: "));
	rig_run_mode(&r, WIZARD_ABORT);
	cr_expect_eq(r.err.code, ERR_OK, "%s", r.err.message);
	/* Nobody there: it is not left out. */
	rig_run(&r,
	    (struct wizard_opts) { .mode = WIZARD_RELEASE,
		.unattended = true,
		.take_presets = true,
		.bump = "minor",
		.test_index = "none",
		.confirm = "1.1.0" },
	    NULL, 0);
	cr_expect_neq(r.err.code, ERR_OK);
	cr_expect_eq(rig_files_on(&r, r.production), 0);
	rig_end(&r);
}

static void
dirty_pyproject(void *arg)
{
	struct rig *r = arg;
	char *text = temp_read(r->repo, "cli/pyproject.toml", NULL),
	     *more = mem_printf("%s# mine\n", text);

	temp_puts(r->repo, "cli/pyproject.toml", more);
	free(text);
	free(more);
}

/* Moving the branch would fail behind the uploads. */
Test(release, nothing_is_published_over_a_changed_file_that_it_edits, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);
	char *text;

	rig_run(&r,
	    (struct wizard_opts) { .mode = WIZARD_RELEASE,
		.bump = "minor",
		.test_index = "none",
		.take_presets = true },
	    PERSON({ ASK_CONFIRM, "1.1.0", RIG_ANSWER, dirty_pyproject },
		{ ASK_PUBLISH_FAILED, "leave", RIG_ANSWER, NULL }));
	cr_expect_neq(r.err.code, ERR_OK);
	cr_expect(strstr(r.err.message, "cli/pyproject.toml") != NULL, "%s", r.err.message);
	cr_expect_eq(rig_files_on(&r, r.production), 0);
	text = temp_read(r.repo, "cli/pyproject.toml", NULL);
	cr_expect(strstr(text, "# mine") != NULL);
	free(text);
	rig_end(&r);
}

Test(release, takes_tokens_from_a_dotenv_file, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);
	char *text = mem_printf("TEST_PYPI_TOKEN=%s\nPYPI_TOKEN='%s'\n",
	    getenv("PYPI_TEST_API_TOKEN"), getenv("PYPI_API_TOKEN"));
	const char *line;

	unsetenv("PYPI_TEST_API_TOKEN");
	unsetenv("PYPI_API_TOKEN");
	temp_puts(r.repo, ".env", text);
	rig_run(&r,
	    (struct wizard_opts) { .mode = WIZARD_RELEASE,
		.bump = "minor",
		.test_index = "testpypi",
		.take_presets = true },
	    PERSON({ ASK_SMOKE_FAILED, "go-on", RIG_ANSWER, NULL },
		{ ASK_CONFIRM, NULL, RIG_CANCEL, NULL }));
	cr_expect_eq(r.err.code, ERR_CANCELLED, "%s", r.err.message);
	cr_expect_eq(rig_files_on(&r, r.test), 4);
	line = rig_line(&r, "token-test");
	cr_expect(line != NULL && strstr(line, "TEST_PYPI_TOKEN, from .env") != NULL, "%s", line);
	line = rig_line(&r, "dotenv");
	cr_expect(line != NULL && strncmp(line, "look", 4) == 0, "%s", line);
	free(text);
	rig_end(&r);
}

/* A tool that makes the version from the tag is told it, each package by its own name; others are
 * told nothing. */
Test(release, builds_are_told_the_version_before_the_tag, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);
	struct str config = STR_EMPTY;
	char *cli, *runtime;

	/* Not a shell: it drops the names that are no variables of its own. */
	temp_puts(r.dir, "build.py",
	    "import os\nfolder = os.environ['XDG_CACHE_HOME'] + '/../env-'\n"
	    "with open(folder + os.path.basename(os.getcwd()), 'w') as f:\n"
	    "    f.writelines('%s=%s\\n' % pair for pair in os.environ.items())\n"
	    "raise SystemExit(3)\n");
	str_printf(&config,
	    "[release]\npython = \"/usr/bin/python3\"\nbuild = [\"{python}\", "
	    "\"%s/build.py\", \"{outdir}\"]\n[index.testpypi]\nupload = \"%s\"\n"
	    "[index.pypi]\nupload = \"%s\"\n",
	    r.dir, index_server_upload_url(r.test), index_server_upload_url(r.production));
	temp_puts(r.dir, "slipway.toml", str_text(&config));
	str_fini(&config);
	temp_puts(r.repo, "cli/pyproject.toml",
	    "[build-system]\nrequires = [\"hatchling\", \"hatch-vcs\"]\n[project]\nname = "
	    "\"Rig.cli\"\ndynamic = [\"version\"]\n[tool.hatch.version]\nsource = \"vcs\"\n");
	gitrepo_git(r.repo, "commit -q -a -m fix:tags");
	gitrepo_git(r.repo, "push -q origin main");
	rig_run(&r,
	    (struct wizard_opts) { .mode = WIZARD_RELEASE,
		.unattended = true,
		.take_presets = true,
		.bump = "minor",
		.test_index = "none",
		.confirm = "1.1.0" },
	    NULL, 0);
	cr_expect_eq(r.err.code, ERR_FAILED, "%s", r.err.message);
	cli = temp_read(r.dir, "env-cli", NULL);
	runtime = temp_read(r.dir, "env-runtime", NULL);
	cr_expect(strstr(cli, "SETUPTOOLS_SCM_PRETEND_VERSION=1.1.0\n") != NULL, "%s", cli);
	cr_expect(strstr(cli, "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_RIG_CLI=1.1.0\n") != NULL);
	cr_expect(strstr(cli, "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_RIG.CLI=1.1.0\n") != NULL);
	cr_expect(strstr(runtime, "PRETEND") == NULL, "%s", runtime);
	cr_expect(strstr(cli, "PYPI_API_TOKEN") == NULL, "tokens stay here");
	free(cli);
	free(runtime);
	/* Tags of its own say another version: one in the files is not all there is. */
	gitrepo_git(r.repo, "tag rig.cli-v2.0.0 HEAD~1");
	rig_run(&r,
	    (struct wizard_opts) {
		.mode = WIZARD_PLAN, .unattended = true, .bump = "patch,Rig.cli=2.1.0" },
	    NULL, 0);
	cr_expect_eq(r.err.code, ERR_OK, "no lock step: %s", r.err.message);
	cr_expect_not_null(
	    strstr(rig_line(&r, "tag"), "rig.cli-v2.0.0"), "%s", rig_line(&r, "tag"));
	rig_end(&r);
}
