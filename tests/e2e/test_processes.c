/* The five processes: a repository of each, from what plan says to the release commit and the tags
 * of a dry run. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gitrepo.h"
#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "slipway/os/fs.h"
#include "temp.h"
#include "world.h"

/* -- the repositories -- */

static void
put(const char *project, const char *const *files)
{
	for (size_t i = 0; files[i] != NULL; i += 2)
		temp_puts(project, files[i], files[i + 1]);
	gitrepo_git(project, "add -A");
	gitrepo_git(project, "commit -q -m chore:begin");
}

/* Candidates, then production: the file says 1.2.3, and v1.2.3-rc1 is tagged. */
static void
make_candidates(const char *project)
{
	static const char *const files[] = { "pyproject.toml",
		"[build-system]\nrequires = [\"hatchling\"]\n"
		"build-backend = \"hatchling.build\"\n\n[project]\nname = \"sample\"\n"
		"dynamic = [\"version\"]\ndescription = \"A sample\"\n"
		"[tool.hatch.version]\npath = \"src/sample/__init__.py\"\n",
		"README.md", "# sample\n", "src/sample/__init__.py",
		"\"\"\"A sample.\"\"\"\n\n__version__ = \"1.2.2\"\n", NULL };

	put(project, files);
	gitrepo_git(project, "tag v1.2.2");
	gitrepo_commit(project, "src/sample/a.py", "A = 1\n", "fix: a");
	gitrepo_commit(project, "src/sample/__init__.py",
	    "\"\"\"A sample.\"\"\"\n\n__version__ = \"1.2.3\"\n", "chore: prepare release v1.2.3");
	gitrepo_git(project, "tag v1.2.3-rc1");
	gitrepo_commit(project, "src/sample/b.py", "B = 1\n", "fix: what QA found");
}

/* Poetry, two places. */
static void
make_poetry(const char *project)
{
	static const char *const files[] = { "pyproject.toml",
		"[tool.poetry]\nname = \"arshai\"\nversion = \"0.2.2\"\n"
		"description = \"Agents\"\nauthors = [\"A <a@example.org>\"]\n"
		"readme = \"README.md\"\n\n[tool.poetry.dependencies]\npython = \"^3.9\"\n\n"
		"[build-system]\nrequires = [\"poetry-core\"]\n"
		"build-backend = \"poetry.core.masonry.api\"\n",
		"README.md", "# arshai\n", "arshai/__init__.py",
		"from ._version import __version__\n", "arshai/_version.py",
		"__version__ = \"0.2.2\"          # the version\n"
		"__version_info__ = (0, 2, 2)   # as numbers\n",
		NULL };

	put(project, files);
	gitrepo_git(project, "tag -a v0.2.2 -m v0.2.2");
	gitrepo_commit(project, "arshai/tools.py", "T = 1\n", "feat: tools");
	gitrepo_commit(project, "arshai/memory.py", "M = 1\n", "fix: memory");
}

/* pyproject.toml only; pre-releases were spelled 2.0.0.rc1 there, and the tags as well. */
static void
make_curated(const char *project)
{
	static const char *const files[] = { "pyproject.toml",
		"[build-system]\nrequires = [\"hatchling\"]\n"
		"build-backend = \"hatchling.build\"\n\n[project]\nname = \"llenergymeasure\"\n"
		"version = \"2.0.0.rc1\"\ndescription = \"Energy\"\n",
		"README.md", "# energy, since 2.0.0\n", "src/llenergymeasure/__init__.py",
		"import importlib.metadata\n\n"
		"__version__ = importlib.metadata.version(__name__)\n",
		"CHANGELOG.md",
		"# Changelog\n\n## Unreleased\n\n### Added\n\n- Watt-hours, told by hand.\n\n"
		"## v1.9.0 \xe2\x80\x94 2026-02-19\n\n### Fixed\n\n- Units.\n",
		NULL };

	put(project, files);
	gitrepo_git(project, "tag v1.9.0 HEAD");
	gitrepo_commit(project, "src/llenergymeasure/a.py", "A = 1\n", "feat!: new units");
	gitrepo_git(project, "tag v2.0.0.rc1");
	gitrepo_commit(project, "src/llenergymeasure/b.py", "B = 1\n", "fix: units");
}

#define MEMBER(name, version, description)                                                         \
	"[build-system]\nrequires = [\"setuptools\"]\n"                                            \
	"build-backend = \"setuptools.build_meta\"\n\n[project]\nname = \"" name                   \
	"\"\nversion = \"" version "\"\ndescription = \"" description "\"\n"

#define HF "src/open_ticket_ai_hf_local"
#define ZNUNY "src/open_ticket_ai_otobo_znuny_plugin"

/* Three packages with tags and tokens of their own. */
static void
make_plugins(const char *project)
{
	static const char *const files[] = { "pyproject.toml",
		MEMBER("open-ticket-ai", "1.0.0", "The core"), "README.md", "# core\n",
		"src/open_ticket_ai/__init__.py", "CORE = 1\n", HF "/pyproject.toml",
		MEMBER("open-ticket-ai-hf-local", "1.0.0", "Local models"), HF "/README.md",
		"# local\n", HF "/src/open_ticket_ai_hf_local/__init__.py", "HF = 1\n",
		ZNUNY "/pyproject.toml",
		MEMBER("open-ticket-ai-otobo-znuny-plugin", "1.0.0", "OTOBO"), ZNUNY "/README.md",
		"# otobo\n", ZNUNY "/src/open_ticket_ai_otobo_znuny_plugin/__init__.py", "Z = 1\n",
		"tests/data/pyproject.toml", "[project]\nname = \"pretended\"\n", NULL };

	put(project, files);
	gitrepo_git(project, "tag -a -m x v1.0.0");
	gitrepo_git(project, "tag -a -m x hf-local-v1.0.0");
	gitrepo_git(project, "tag -a -m x otobo-znuny-v1.0.0");
	gitrepo_commit(
	    project, HF "/src/open_ticket_ai_hf_local/a.py", "A = 1\n", "feat: quantised models");
	gitrepo_commit(project, "src/open_ticket_ai/b.py", "B = 1\n", "fix: queue");
}

/* -- what plan says -- */

static struct json *
plan_of(const struct world *w, const char *args)
{
	struct json *j = NULL;
	struct run_result r;

	world_run(w, args, &r);
	if (r.status != 0)
		run_dump(&r);
	cr_assert_eq(r.status, 0, "slipway %s: %d", args, r.status);
	cr_assert_eq(json_parse(bytes_of(r.out), args, NULL, &j, NULL), ERR_OK);
	run_fini(&r);
	return j;
}

static const struct json *
find(const struct json *j, const char *list, const char *key, const char *text)
{
	const struct json *items = json_get_array(j, list);

	for (size_t i = 0; i < json_count(items); i++) {
		const char *is = json_text(json_at(items, i), key);

		if (is != NULL && strcmp(is, text) == 0)
			return json_at(items, i);
	}
	return NULL;
}

static void
expect_text(const struct json *object, const char *key, const char *want, const char *what)
{
	const char *is = json_text(object, key);

	cr_expect_str_eq(
	    is != NULL ? is : "null", want != NULL ? want : "null", "%s: %s", what, key);
}

/* "pyproject.toml src/x.py": the files that change. */
static void
expect_edited(const struct json *j, const char *want, const char *what)
{
	const struct json *edits = json_get_array(j, "edits");
	struct str all = STR_EMPTY;

	for (size_t i = 0; i < json_count(edits); i++)
		str_printf(&all, "%s%s", i > 0 ? " " : "", json_text(json_at(edits, i), "file"));
	cr_expect_str_eq(str_text(&all), want, "%s: %s", what, str_text(&all));
	str_fini(&all);
}

struct expected {
	const char *what;
	const char *args;    /* of plan */
	const char *package; /* whose versions follow */
	const char *version, *tag, *candidate, *edited;
	const char *remark; /* part of the first one; NULL: there is none */
	bool published;	    /* uploads to production are in the plan */
};

static void
expect_plan(const struct world *w, const struct expected *x)
{
	struct json *j = plan_of(w, x->args);
	const struct json *p = find(j, "packages", "name", x->package), *remark;
	bool published = false;

	cr_assert_not_null(p, "%s", x->what);
	expect_text(p, "new-version", x->version, x->what);
	expect_text(p, "new-tag", x->tag, x->what);
	expect_text(j, "candidate", x->candidate, x->what);
	expect_edited(j, x->edited, x->what);
	remark = json_at(json_get_array(j, "remarks"), 0);
	if (x->remark == NULL)
		cr_expect_null(remark, "%s: %s", x->what, json_as_text(remark));
	else
		cr_expect(remark != NULL && strstr(json_as_text(remark), x->remark) != NULL,
		    "%s: %s", x->what, remark != NULL ? json_as_text(remark) : "no remark");
	for (size_t i = 0; i < json_count(json_get_array(j, "effects")); i++) {
		const struct json *effect = json_at(json_get_array(j, "effects"), i);

		published = published || (strcmp(json_text(effect, "effect"), "upload") == 0 &&
					     strcmp(json_text(effect, "step"), "publish") == 0);
	}
	cr_expect_eq(published, x->published, "%s", x->what);
	json_free(j);
}

/* A dry run builds FILE (of sdist and wheel the latter), from a commit that changes EDITED alone.
 */
static void
expect_dry_run(const struct world *w, const char *args, const char *subject, const char *edited,
    const char *file)
{
	char *before = world_snapshot(w),
	     *all = mem_printf("release %s --dry-run --yes --json", args);
	struct json *j = plan_of(w, all);
	char *command = mem_printf("show -s --format=%%s %s", json_text(j, "commit")), *out;

	out = gitrepo_output(w->project, command);
	cr_expect(strncmp(out, subject, strlen(subject)) == 0, "%s: %s", args, out);
	free(out);
	free(command);
	command = mem_printf("diff-tree -r --name-only --no-commit-id %s", json_text(j, "commit"));
	out = gitrepo_output(w->project, command);
	cr_expect(strncmp(out, edited, strlen(edited)) == 0 && strlen(out) <= strlen(edited) + 1,
	    "%s: %s", args, out);
	cr_expect_not_null(find(j, "files", "name", file), "%s: no %s", args, file);
	cr_expect_eq(json_count(json_get_array(j, "files")), 2, "%s", args);
	world_expect_untouched(w, before, args);
	free(out);
	free(command);
	free(all);
	free(before);
	json_free(j);
}

/* A release goes all the way, and this is its tag, with TAG_SAYS in its message. */
static void
expect_release(const struct world *w, const char *args, const char *tag, const char *tag_says)
{
	char *command = mem_printf("tag -l --format=%%(objecttype)%%(contents) %s", tag), *here;

	world_expect(w, args, 0);
	here = gitrepo_output(w->project, command);
	cr_expect(
	    strncmp(here, "tag", 3) == 0 && strstr(here, tag_says) != NULL, "%s: %s", tag, here);
	free(command);
	free(here);
	command = mem_printf("rev-parse refs/tags/%s", tag);
	here = gitrepo_output(w->remote, command);
	cr_expect_eq(strlen(here), 40, "%s on the remote: %s", tag, here);
	free(command);
	free(here);
}

/* -- the processes -- */

/* Every name in the JSON stands in its help. */
static void
expect_documented(const struct json *j, const char *help)
{
	struct json_iter it = { .key = NULL };

	for (size_t i = 0; i < json_count(j) && json_kind(j) == JSON_KIND_ARRAY; i++)
		expect_documented(json_at(j, i), help);
	while (json_kind(j) == JSON_KIND_OBJECT && json_next(j, &it)) {
		const char *at = help;
		size_t len = strlen(it.key);

		while ((at = strstr(at, it.key)) != NULL &&
		       (strchr(" ,;[", at[-1]) == NULL || strchr(" ,;:[\n", at[len]) == NULL))
			at += len;
		cr_expect_not_null(at, "help plan does not know %s", it.key);
		expect_documented(it.value, help);
	}
}

Test(processes, one_two_packages_in_lock_step, .timeout = 120)
{
	static const struct expected x = { "lock step", "plan --json", "rethink-llmhub", "1.1.0",
		"v1.1.0", NULL, "packages/cli/pyproject.toml packages/runtime/pyproject.toml", NULL,
		true };
	static const char *const argv[] = { SLIPWAY, "help", "plan", NULL };
	struct world w;
	struct json *j;
	struct run_result help;

	world_init(&w, &(struct world_opts) { .rehearse = false });
	expect_plan(&w, &x);
	j = plan_of(&w, "plan --json");
	run_program(&(struct run_opts) { .argv = argv, .deadline_ms = 20000 }, &help);
	expect_documented(j, help.out);
	expect_text(find(j, "commits", "subject", "feat(cli): search by tag"), "reason", "feature",
	    "the commit");
	run_fini(&help);
	json_free(j);
	world_fini(&w);
}

/* Case 30. */
Test(processes, two_candidates_then_production, .timeout = 120)
{
	static const char init[] = "src/sample/__init__.py", trap[] = "v1.2.3-rc1 is tagged";
	static const struct expected rows[] = {
		{ "as it stands", "plan --json", "sample", "1.2.3", "v1.2.3", NULL, "", trap,
		    true },
		{ "in the files as well", "plan rc --json", "sample", "1.2.3rc2", "v1.2.3-rc2",
		    NULL, init, trap, false },
		{ "the tag alone", "plan tag-rc --json", "sample", "1.2.3", "v1.2.3-rc2",
		    "1.2.3rc2", "", trap, false },
	};
	struct world w;

	world_init(&w, &(struct world_opts) { .make = make_candidates });
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		expect_plan(&w, &rows[i]);
	/* Nothing to edit: the commit to release is the one that is there. */
	expect_dry_run(
	    &w, "1.2.3", "fix: what QA found", "src/sample/b.py", "sample-1.2.3-py3-none-any.whl");
	expect_dry_run(
	    &w, "rc", "Release version 1.2.3rc2", init, "sample-1.2.3rc2-py3-none-any.whl");
	world_fini(&w);
}

Test(processes, three_poetry_with_two_places, .timeout = 120)
{
	static const char edited[] = "pyproject.toml arshai/_version.py";
	static const struct expected x = { "poetry", "plan --json", "arshai", "0.3.0", "v0.3.0",
		NULL, edited, NULL, true };
	struct world w;

	world_init(&w, &(struct world_opts) { .make = make_poetry,
			   .release = "commit = \"chore: bump version to {version}\"\n" });
	expect_plan(&w, &x);
	expect_dry_run(&w, "minor", "chore: bump version to 0.3.0",
	    "arshai/_version.py\npyproject.toml", "arshai-0.3.0-py3-none-any.whl");
	world_fini(&w);
}

Test(processes, four_one_file_and_candidates_spelled_as_they_like, .timeout = 120)
{
	static const struct expected rows[] = {
		{ "the next candidate", "plan rc --json", "llenergymeasure", "2.0.0rc2",
		    "v2.0.0rc2", NULL, "pyproject.toml", "spell 2.0.0rc1 as 2.0.0.rc1", false },
		{ "final", "plan final --json", "llenergymeasure", "2.0.0", "v2.0.0", NULL,
		    "pyproject.toml CHANGELOG.md", "spell 2.0.0rc1 as", true },
	};
	/* As they write their headings, with the day of the release for the day in it; what a
	 * person wrote stays above what was drafted, and the image digests join. */
	static const char changelog[] = "# Changelog\n\n## Unreleased\n\n"
					"## v2.0.0 \xe2\x80\x94 DAY\n\n### Added\n\n"
					"- Watt-hours, told by hand.\n";
	static const char digest[] = "- vllm-cuda12 sha256:aa11";
	struct world w;
	char *text, *day;

	world_init(&w, &(struct world_opts) { .make = make_curated,
			   .release = "notes-command = \"printf '### Images\\n%s\\n' "
				      "'- vllm-cuda12 sha256:aa11'\"\n" });
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		expect_plan(&w, &rows[i]);
	expect_release(&w, "release final --yes --confirm=2.0.0", "v2.0.0", digest);
	cr_expect_eq(world_listed_of(&w, "production", "llenergymeasure", "2.0.0"), 2);
	text = gitrepo_output(w.project, "show v2.0.0:CHANGELOG.md");
	cr_expect_not_null(strstr(text, digest), "%s", text);
	day = strstr(text, "v2.0.0 \xe2\x80\x94 20");
	cr_assert_not_null(day, "%s", text);
	day += strlen("v2.0.0 \xe2\x80\x94 ");
	memmove(day + 3, day + 10, strlen(day + 10) + 1);
	memcpy(day, "DAY", 3);
	cr_expect_eq(strncmp(text, changelog, strlen(changelog)), 0, "%s", text);
	free(text);
	world_fini(&w);
}

Test(processes, five_three_packages_of_their_own, .timeout = 120)
{
	static const char tail[] =
	    "[package.open-ticket-ai]\ntoken-env = \"PYPI_API_TOKEN\"\n"
	    "[package.open-ticket-ai-hf-local]\ntag = \"hf-local-v{version}\"\n"
	    "token-env = \"PYPI_API_TOKEN_HF_LOCAL\"\n"
	    "[package.open-ticket-ai-otobo-znuny-plugin]\ntag = \"otobo-znuny-v{version}\"\n"
	    "token-env = \"PYPI_API_TOKEN_OTOBO_ZNUNY\"\n";
	static const struct expected rows[] = {
		{ "a plugin", "plan --package=open-ticket-ai-hf-local --json",
		    "open-ticket-ai-hf-local", "1.1.0", "hf-local-v1.1.0", NULL,
		    HF "/pyproject.toml", NULL, true },
		{ "the core", "plan --package=open-ticket-ai --json", "open-ticket-ai", "1.0.1",
		    "v1.0.1", NULL, "pyproject.toml", NULL, true },
	};
	struct world w;
	struct json *j;

	setenv("PYPI_API_TOKEN_HF_LOCAL", "pypi-AgEIcHlwaS5vcmc", 1);
	world_init(&w, &(struct world_opts) { .make = make_plugins,
			   .release = "mode = \"independent\"\ntag = \"v{version}\"\n",
			   .tail = tail });
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		expect_plan(&w, &rows[i]);
	/* Together: what has changed is released, each by its own commits. */
	j = plan_of(&w, "plan --json");
	expect_text(find(j, "packages", "name", "open-ticket-ai"), "new-version", "1.0.1", "core");
	expect_text(find(j, "packages", "name", "open-ticket-ai-hf-local"), "new-version", "1.1.0",
	    "hf-local");
	cr_expect_not(json_bool(
	    find(j, "packages", "name", "open-ticket-ai-otobo-znuny-plugin"), "selected", true));
	expect_text(find(j, "ignored", "file", "tests/data/pyproject.toml"), "why",
	    "a fixture of tests", "ignored");
	json_free(j);
	/* Two numbers in one release. */
	j = plan_of(&w, "plan minor,open-ticket-ai-hf-local=2.0.0 --json");
	expect_text(find(j, "packages", "name", "open-ticket-ai"), "new-tag", "v1.1.0", "core");
	expect_text(find(j, "packages", "name", "open-ticket-ai-hf-local"), "new-tag",
	    "hf-local-v2.0.0", "hf-local");
	json_free(j);
	expect_dry_run(&w, "minor --package=open-ticket-ai-hf-local", "Release version 1.1.0",
	    HF "/pyproject.toml", "open_ticket_ai_hf_local-1.1.0-py3-none-any.whl");
	/* The core's token is none for the plugin. */
	setenv("PYPI_API_TOKEN_HF_LOCAL", getenv("PYPI_API_TOKEN"), 1);
	setenv("PYPI_API_TOKEN", "pypi-AgEIcHlwaS5vcmcOTHER", 1);
	expect_release(&w, "release --package=open-ticket-ai-hf-local --yes --confirm=1.1.0",
	    "hf-local-v1.1.0", "Release version 1.1.0");
	cr_expect_eq(world_listed_of(&w, "production", "open-ticket-ai-hf-local", "1.1.0"), 2);
	world_fini(&w);
}
