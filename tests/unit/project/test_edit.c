/* Whole edits of small repositories: only the bytes of the versions change, and all files or none.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "edit_case.h"
#include "leak_gate.h"
#include "slipway/base/str.h"
#include "slipway/base/strlist.h"
#include "slipway/os/fs.h"
#include "slipway/project/edit.h"
#include "slipway/project/packages.h"
#include "slipway/project/places.h"
#include "temp.h"

#define CLI "packages/cli/pyproject.toml"
#define RUNTIME "packages/runtime/pyproject.toml"

static const struct edit_case cases[] = {
	{ "case 1: S0 patch",
	    { { CLI,
		  "[project]\nname = \"rethink-llmhub\"\nversion = \"1.0.3\"\ndependencies = [\n"
		  "    \"typer>=0.9\",\n    \"rethink-llmhub-runtime>=1.0.3\",   # keep in "
		  "step\n]\n",
		  "[project]\nname = \"rethink-llmhub\"\nversion = \"1.0.4\"\ndependencies = [\n"
		  "    \"typer>=0.9\",\n    \"rethink-llmhub-runtime>=1.0.4\",   # keep in "
		  "step\n]\n" },
		{ RUNTIME, "[project]\nname = \"rethink-llmhub-runtime\"\nversion = \"1.0.3\"\n",
		    "[project]\nname = \"rethink-llmhub-runtime\"\nversion = \"1.0.4\"\n" } },
	    { "1.0.4", "1.0.4" },
	    CLI ":3 project.version 1.0.3>1.0.4;" CLI
		":6 project.dependencies[1] floor 1.0.3>1.0.4;" RUNTIME
		":3 project.version 1.0.3>1.0.4",
	    NULL, NULL },
	{ "case 2: S0 minor and rc",
	    { { CLI, "[project]\nname='x'\nversion='1.0.3'\ndependencies=['rt>=1.0.3']",
		  "[project]\nname='x'\nversion='1.1.0rc1'\ndependencies=['rt>=1.1.0rc1']" },
		{ RUNTIME, "[project]\nname='rt'\nversion='1.0.3'",
		    "[project]\nname='rt'\nversion='1.1.0rc1'" } },
	    { "1.1.0rc1", "1.1.0rc1" },
	    CLI ":3 project.version 1.0.3>1.1.0rc1;" CLI
		":4 project.dependencies[0] floor 1.0.3>1.1.0rc1;" RUNTIME
		":3 project.version 1.0.3>1.1.0rc1",
	    NULL, NULL },
	{ "one package alone",
	    { { CLI, "[project]\nname='x'\nversion='1.0.3'\ndependencies=['rt>=1.0.3']", NULL },
		{ RUNTIME, "[project]\nname='rt'\nversion='1.0.3'",
		    "[project]\nname='rt'\nversion='1.0.4'" } },
	    { NULL, "1.0.4" }, RUNTIME ":3 project.version 1.0.3>1.0.4", NULL, NULL },
	{ "floor edited by hand",
	    { { CLI, "[project]\nname='x'\nversion='1.0.3'\ndependencies=['rt>=1.0.9']",
		  "[project]\nname='x'\nversion='1.0.4'\ndependencies=['rt>=1.0.4']" },
		{ RUNTIME, "[project]\nname='rt'\nversion='1.0.3'",
		    "[project]\nname='rt'\nversion='1.0.4'" } },
	    { "1.0.4", "1.0.4" },
	    CLI ":3 project.version 1.0.3>1.0.4;" CLI
		":4 project.dependencies[0] floor 1.0.9>1.0.4~;" RUNTIME
		":3 project.version 1.0.3>1.0.4",
	    NULL, NULL },
	{ "case 3: poetry, literal and tuple with comments",
	    { { "pyproject.toml", "[tool.poetry]\nname = \"arshai\"\nversion = \"0.2.2\"\n",
		  "[tool.poetry]\nname = \"arshai\"\nversion = \"0.3.0\"\n" },
		{ "arshai/_version.py",
		    "__version__ = \"0.2.2\"          # old\n__version_info__ = (0, 2, 2)   # "
		    "old\n",
		    "__version__ = \"0.3.0\"          # old\n__version_info__ = (0, 3, 0)   # "
		    "old\n" },
		{ "poetry.lock", "version = \"0.2.2\"\n", NULL } },
	    { "0.3.0" },
	    "pyproject.toml:3 tool.poetry.version 0.2.2>0.3.0;arshai/_version.py:1 __version__ "
	    "0.2.2>0.3.0;"
	    "arshai/_version.py:2 __version_info__ (0, 2, 2)>(0, 3, 0)",
	    NULL, NULL },
	{ "case 4: poetry 2 with differing versions",
	    { { "pyproject.toml",
		"[project]\nname='a'\nversion='1.0'\n[tool.poetry]\nversion='0.9'\n",
		"[project]\nname='a'\nversion='1.1'\n[tool.poetry]\nversion='0.9'\n" } },
	    { "1.1" },
	    "pyproject.toml:3 project.version 1.0>1.1;pyproject.toml:5 tool.poetry.version "
	    "0.9>1.1-?",
	    NULL, NULL },
	{ "case 5: a tuple cannot say rc",
	    { { "pyproject.toml", "[project]\nname='a'\nversion='0.2.2'\n",
		  "[project]\nname='a'\nversion='0.3.0rc1'\n" },
		{ "src/a/__init__.py", "__version_info__ = (0,2,2)\n",
		    "__version_info__ = (0,3,0)\n" } },
	    { "0.3.0rc1" },
	    "pyproject.toml:3 project.version 0.2.2>0.3.0rc1;src/a/__init__.py:1 __version_info__ "
	    "(0, 2, 2)>(0, 3, 0)~",
	    NULL, NULL },
	{ "case 6: importlib.metadata is no place",
	    { { "pyproject.toml", "[project]\nname='a'\nversion='1.0'\n",
		  "[project]\nname='a'\nversion='2.0'\n" },
		{ "src/a/__init__.py",
		    "from importlib.metadata import version\n__version__ = version('a')\n", NULL },
		{ "README.md", "a 1.0\n", NULL } },
	    { "2.0" }, "pyproject.toml:3 project.version 1.0>2.0;README.md:1 mention 1.0>-~", NULL,
	    NULL },
	{ "case 7: S4, the root is left alone",
	    { { "pyproject.toml", "[project]\nname='core'\nversion='1.0.0'\n", NULL },
		{ "src/hf/pyproject.toml",
		    "[project]\nname='hf'\nversion='1.0.0'\ndependencies=['core>=1.0.0']\n",
		    "[project]\nname='hf'\nversion='1.1.0'\ndependencies=['core>=1.0.0']\n" } },
	    { NULL, "1.1.0" }, "src/hf/pyproject.toml:3 project.version 1.0.0>1.1.0", NULL, NULL },
	{ "case 8: several numbers, spaces kept, hatch path",
	    { { "api/pyproject.toml", "[project]\nname='otel-api'\nversion='1.42.0'",
		  "[project]\nname='otel-api'\nversion='1.43.0'" },
		{ "sdk/pyproject.toml",
		    "[project]\nname='otel-sdk'\ndynamic=['version']\n"
		    "dependencies=[\"otel-api == 1.42.0\", \"otel-semconv == "
		    "0.63b0\"]\n[tool.hatch.version]\npath='src/v/__init__.py'\n",
		    "[project]\nname='otel-sdk'\ndynamic=['version']\n"
		    "dependencies=[\"otel-api == 1.43.0\", \"otel-semconv == "
		    "0.64b0\"]\n[tool.hatch.version]\npath='src/v/__init__.py'\n" },
		{ "sdk/src/v/__init__.py", "__version__ = \"1.42.0\"\n",
		    "__version__ = \"1.43.0\"\n" },
		{ "sem/pyproject.toml", "[project]\nname='otel-semconv'\nversion='0.63b0'",
		    "[project]\nname='otel-semconv'\nversion='0.64b0'" } },
	    { "1.43.0", "1.43.0", "0.64b0" },
	    "api/pyproject.toml:3 project.version 1.42.0>1.43.0;sdk/src/v/__init__.py:1 "
	    "__version__ 1.42.0>1.43.0;"
	    "sdk/pyproject.toml:4 project.dependencies[0] floor 1.42.0>1.43.0;"
	    "sdk/pyproject.toml:4 project.dependencies[1] floor 0.63b0>0.64b0;sem/pyproject.toml:3 "
	    "project.version 0.63b0>0.64b0",
	    NULL, NULL },
	{ "case 9: upper bound first; a cap is a question",
	    { { "core/pyproject.toml", "[project]\nname='lc'\nversion='0.3.74'",
		  "[project]\nname='lc'\nversion='1.0.0'" },
		{ "o/pyproject.toml",
		    "[project]\nname='lo'\nversion='0.1'\ndependencies=['lc<1.0.0,>=0.3.74']\n["
		    "dependency-groups]\ntest=['lc']",
		    "[project]\nname='lo'\nversion='0.2'\ndependencies=['lc<1.0.0,>=0.3.74']\n["
		    "dependency-groups]\ntest=['lc']" } },
	    { "1.0.0", "0.2" },
	    "core/pyproject.toml:3 project.version 0.3.74>1.0.0;o/pyproject.toml:3 project.version "
	    "0.1>0.2;"
	    "o/pyproject.toml:4 project.dependencies[0] floor lc<1.0.0,>=0.3.74>-?",
	    NULL, NULL },
	{ "case 10: VERSION in version.py",
	    { { "pyproject.toml", "[project]\nname='lc-core'\nversion='1.5.3'",
		  "[project]\nname='lc-core'\nversion='1.5.4'" },
		{ "lc/version.py", "\"\"\"Version.\"\"\"\n\nVERSION = \"1.5.3\"\n",
		    "\"\"\"Version.\"\"\"\n\nVERSION = \"1.5.4\"\n" } },
	    { "1.5.4" },
	    "pyproject.toml:3 project.version 1.5.3>1.5.4;lc/version.py:3 VERSION 1.5.3>1.5.4",
	    NULL, NULL },
	{ "case 12: the comment of another tool; a file named by the user",
	    { { "pyproject.toml",
		  "[project]\nname='g'\ndynamic=['version']\n[build-system]\nbuild-backend='"
		  "setuptools.build_meta'\n",
		  NULL },
		{ "g/cloud/x/gapic.py", "__version__ = \"3.14.0\"  # {x-release-please-version}\n",
		    "__version__ = \"3.15.0\"  # {x-release-please-version}\n" } },
	    { "3.15.0" }, "g/cloud/x/gapic.py:1 __version__ 3.14.0>3.15.0", "g/cloud/x/gapic.py",
	    NULL },
	{ "case 18: flit takes __init__.py; the other stands elsewhere",
	    { { "pyproject.toml",
		  "[build-system]\nbuild-backend='flit_core.buildapi'\n[project]\nname='f'"
		  "\ndynamic=['version']\n",
		  NULL },
		{ "f/__init__.py", "\"Doc\"\n__version__ = '0.9'\n",
		    "\"Doc\"\n__version__ = '0.10'\n" },
		{ "f/_version.py", "__version__ = '1.0'\n", NULL } },
	    { "0.10" },
	    "f/__init__.py:2 __version__ 0.9>0.10;f/_version.py:1 __version__ 1.0>0.10-~", NULL,
	    NULL },
	{ "case 19: docstrings stay, two assignments are refused",
	    { { "pyproject.toml", "[project]\nname='a'\nversion='1.0'",
		  "[project]\nname='a'\nversion='1.1'" },
		{ "a/__init__.py", "\"\"\"\n__version__ = '1.0'\n\"\"\"\n__version__ = '1.0'\n",
		    "\"\"\"\n__version__ = '1.0'\n\"\"\"\n__version__ = '1.1'\n" },
		{ "a/_version.py", "__version__ = '1.0'\n__version__ = '1.0'\n", NULL } },
	    { "1.1" },
	    "pyproject.toml:3 project.version 1.0>1.1;a/__init__.py:4 __version__ "
	    "1.0>1.1;a/_version.py:1 __version__ >-~",
	    NULL, NULL },
	{ "case 21: BOM, CRLF, no final newline",
	    { { "pyproject.toml", "\xef\xbb\xbf[project]\r\nname = \"a\"\r\nversion = \"1.0\"",
		"\xef\xbb\xbf[project]\r\nname = \"a\"\r\nversion = \"1.1\"" } },
	    { "1.1" }, "pyproject.toml:3 project.version 1.0>1.1", NULL, NULL },
	{ "case 22: quotes and comment stay",
	    { { "pyproject.toml", "[project]\nname = 'a'\nversion = '1.0' # x\n",
		"[project]\nname = 'a'\nversion = '1.1' # x\n" } },
	    { "1.1" }, "pyproject.toml:3 project.version 1.0>1.1", NULL, NULL },
	{ "case 23: inline table",
	    { { "pyproject.toml", "project = { name=\"x\", version=\"1.0\" }",
		"project = { name=\"x\", version=\"1.1\" }" } },
	    { "1.1" }, "pyproject.toml:1 project.version 1.0>1.1", NULL, NULL },
	{ "case 23: dotted keys",
	    { { "pyproject.toml", "project.name='x'\nproject . \"version\" = '''1.0'''\n",
		"project.name='x'\nproject . \"version\" = '''1.1'''\n" } },
	    { "1.1" }, "pyproject.toml:2 project.version 1.0>1.1", NULL, NULL },
	{ "case 24: nothing that looks alike",
	    { { "pyproject.toml",
		"[project.urls]\nversion = "
		"'https://x/"
		"1.2.3'\n[project]\nname='a'\nversion='1.2.3'\ndependencies=['ruff==0.0.292','b==1."
		"2.3']\n"
		"[tool.bumpversion]\ncurrent_version='1.2.3'\n[tool.x]\nrev = "
		"'v1.2.3'\nversion='1.2.3'\n",
		"[project.urls]\nversion = "
		"'https://x/"
		"1.2.3'\n[project]\nname='a'\nversion='1.2.4'\ndependencies=['ruff==0.0.292','b==1."
		"2.3']\n"
		"[tool.bumpversion]\ncurrent_version='1.2.3'\n[tool.x]\nrev = "
		"'v1.2.3'\nversion='1.2.3'\n" } },
	    { "1.2.4" }, "pyproject.toml:5 project.version 1.2.3>1.2.4", NULL, NULL },
	{ "case 25: a literal string with quotes in its marker; escapes in a basic one",
	    { { "a/pyproject.toml",
		  "[project]\nname='a'\nversion='1.0.3'\ndependencies=['tomli>=1.0.3; "
		  "python_version < \"3.11\"']\n"
		  "[project.optional-dependencies]\nx=[\"tomli>=1.0.3; python_version < "
		  "\\\"3.11\\\"\"]",
		  "[project]\nname='a'\nversion='1.0.4'\ndependencies=['tomli>=1.0.4; "
		  "python_version < \"3.11\"']\n"
		  "[project.optional-dependencies]\nx=[\"tomli>=1.0.4; python_version < "
		  "\\\"3.11\\\"\"]" },
		{ "t/pyproject.toml", "[project]\nname='tomli'\nversion='1.0.3'",
		    "[project]\nname='tomli'\nversion='1.0.4'" } },
	    { "1.0.4", "1.0.4" },
	    "a/pyproject.toml:3 project.version 1.0.3>1.0.4;a/pyproject.toml:4 "
	    "project.dependencies[0] floor 1.0.3>1.0.4;"
	    "a/pyproject.toml:6 project.optional-dependencies.x[0] floor "
	    "1.0.3>1.0.4;t/pyproject.toml:3 project.version 1.0.3>1.0.4",
	    NULL, NULL },
	{ "case 26: form feed above the line",
	    { { "pyproject.toml", "[project]\nname='a'\nversion='1.0'",
		  "[project]\nname='a'\nversion='1.1'" },
		{ "a/__init__.py", "x = 1\n\f\ny = '1.0'\n__version__ = '1.0'",
		    "x = 1\n\f\ny = '1.0'\n__version__ = '1.1'" } },
	    { "1.1" },
	    "pyproject.toml:3 project.version 1.0>1.1;a/__init__.py:4 __version__ 1.0>1.1", NULL,
	    NULL },
	{ "Poetry's own constraints",
	    { { "a/pyproject.toml",
		  "[tool.poetry]\nname='a'\nversion='1.0.3'\n[tool.poetry.dependencies]\nb = "
		  "\"^1.0.3\"\n[tool.poetry.group.x.dependencies]\nb = {version='>=1.0.3,<2', "
		  "optional=true}\n",
		  "[tool.poetry]\nname='a'\nversion='1.1.0'\n[tool.poetry.dependencies]\nb = "
		  "\"^1.1.0\"\n[tool.poetry.group.x.dependencies]\nb = {version='>=1.1.0,<2', "
		  "optional=true}\n" },
		{ "b/pyproject.toml", "[project]\nname='b'\nversion='1.0.3'",
		    "[project]\nname='b'\nversion='1.1.0'" } },
	    { "1.1.0", "1.1.0" },
	    "a/pyproject.toml:3 tool.poetry.version 1.0.3>1.1.0;a/pyproject.toml:5 "
	    "tool.poetry.dependencies.b floor 1.0.3>1.1.0;"
	    "a/pyproject.toml:7 tool.poetry.group.x.dependencies.b.version floor "
	    "1.0.3>1.1.0;b/pyproject.toml:3 project.version 1.0.3>1.1.0",
	    NULL, NULL },
	{ "setuptools file",
	    { { "pyproject.toml",
		  "[project]\nname='a'\ndynamic=['version']\n[tool.setuptools.dynamic]\nversion={"
		  "file=['VERSION']}",
		  NULL },
		{ "VERSION", "\n 1.0 \n", "\n 1.1 \n" } },
	    { "1.1" }, "VERSION:2 the whole file 1.0>1.1", NULL, NULL },
	{ "case 17: the tag is the version",
	    { { "pyproject.toml",
		  "[project]\nname='a'\ndynamic=['version']\n[build-system]\nrequires=['setuptools_"
		  "scm']",
		  NULL },
		{ "a/_version.py", "__version__ = '1.0'\n", NULL } },
	    { "1.1" }, "", NULL, NULL },
	{ "setup.py alone, and what it needs",
	    { { "a/setup.py",
		  "from setuptools import setup\nsetup(name='a', version=\"1.0.3\",  # here\n"
		  "      install_requires=['b >= 1.0.3'])\n",
		  "from setuptools import setup\nsetup(name='a', version=\"1.0.4\",  # here\n"
		  "      install_requires=['b >= 1.0.4'])\n" },
		{ "a/a/__init__.py", "__version__ = '1.0.3'\n", "__version__ = '1.0.4'\n" },
		{ "b/setup.py", "from setuptools import setup\nsetup()\n", NULL },
		{ "b/setup.cfg", "[metadata]\nname = b\nversion: 1.0.3\n",
		    "[metadata]\nname = b\nversion: 1.0.4\n" } },
	    { "1.0.4", "1.0.4" }, NULL, NULL, NULL },
};

Test(edit, changes_the_bytes_of_versions_alone, .fini = leak_gate)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		edit_case_run(&cases[i]);
}

static void
expect_untouched(const struct edit_case *c, const char *dir)
{
	struct strlist names = STRLIST_EMPTY;

	for (size_t k = 0; k < EDIT_CASE_FILES && c->file[k].path != NULL; k++) {
		char *now = temp_read(dir, c->file[k].path, NULL);
		char *full = fs_join(dir, c->file[k].path), *parent = fs_dir(full);

		cr_expect_str_eq(now, c->file[k].before, "%s", c->file[k].path);
		cr_expect_eq(fs_list(parent, &names, NULL), ERR_OK);
		free(now);
		free(full);
		free(parent);
	}
	for (size_t i = 0; i < names.count; i++)
		cr_expect_null(
		    strstr(names.items[i], "slipway"), "%s was left behind", names.items[i]);
	strlist_fini(&names);
}

Test(edit, writes_nothing_when_a_file_moved_on, .fini = leak_gate)
{
	const struct edit_case *c = &cases[0];
	struct edit_plan plan = EDIT_PLAN_EMPTY;
	struct err e = ERR_EMPTY;
	char *dir = temp_dir(), *now;

	temp_puts(dir, c->file[0].path, c->file[0].before);
	temp_puts(dir, c->file[1].path, c->file[1].before);
	edit_case_plan(c, dir, &plan);
	temp_puts(dir, RUNTIME, "changed");
	cr_expect_eq(edit_apply(&plan, dir, &e), ERR_CONFLICT);
	cr_expect(strstr(e.message, RUNTIME " was changed") != NULL, "%s", e.message);
	now = temp_read(dir, CLI, NULL);
	cr_expect_str_eq(now, c->file[0].before);
	free(now);
	temp_puts(dir, RUNTIME, c->file[1].before);
	expect_untouched(c, dir);
	edit_plan_fini(&plan);
	temp_remove(dir);
}

Test(edit, refuses_a_read_only_file_and_keeps_modes, .fini = leak_gate)
{
	const struct edit_case *c = &cases[0];
	struct edit_plan plan = EDIT_PLAN_EMPTY;
	struct err e = ERR_EMPTY;
	char *dir = temp_dir(), *path = fs_join(dir, RUNTIME), *folder = fs_dir(path);
	struct stat st;

	temp_puts(dir, c->file[0].path, c->file[0].before);
	temp_puts(dir, c->file[1].path, c->file[1].before);
	edit_case_plan(c, dir, &plan);
	cr_assert_eq(chmod(path, 0444), 0);
	cr_expect_eq(edit_apply(&plan, dir, &e), ERR_REFUSED);
	cr_expect_str_eq(e.message, RUNTIME " is read-only");
	expect_untouched(c, dir);
	cr_assert_eq(chmod(path, 0750), 0);
	/* Nor into a folder that takes no new file, were it the last one. */
	cr_assert_eq(chmod(folder, 0555), 0);
	cr_expect_eq(edit_check(&plan, dir, &e), ERR_REFUSED);
	cr_expect_eq(edit_apply(&plan, dir, &e), ERR_REFUSED);
	cr_expect_str_eq(e.message,
	    "the folder packages/runtime is read-only, and pyproject.toml in it changes");
	expect_untouched(c, dir);
	cr_assert_eq(chmod(folder, 0755), 0);
	cr_expect_eq(edit_check(&plan, dir, &e), ERR_OK);
	cr_expect_eq(edit_apply(&plan, dir, &e), ERR_OK);
	cr_assert_eq(stat(path, &st), 0);
	cr_expect_eq(st.st_mode & 07777, 0750);
	edit_plan_fini(&plan);
	free(path);
	free(folder);
	temp_remove(dir);
}

Test(edit, writes_nothing_when_a_later_file_cannot_be_written, .fini = leak_gate)
{
	struct edit_plan plan = EDIT_PLAN_EMPTY;
	struct err e = ERR_EMPTY;
	struct str name = STR_EMPTY;
	struct strlist left = STRLIST_EMPTY;
	char *dir = temp_dir(), *now;

	/* A name so long that nothing fits beside it. */
	while (name.len < 250)
		str_putc(&name, 'n');
	temp_puts(dir, "a", "old");
	temp_puts(dir, str_text(&name), "old");
	edit_plan_add(&plan, "a", bytes_of("old"), bytes_of("new"));
	edit_plan_add(&plan, str_text(&name), bytes_of("old"), bytes_of("new"));
	cr_expect_eq(edit_apply(&plan, dir, &e), ERR_IO);
	cr_expect(strstr(e.message, "cannot write beside nnn") != NULL, "%s", e.message);
	now = temp_read(dir, "a", NULL);
	cr_expect_str_eq(now, "old");
	cr_expect_eq(fs_list(dir, &left, NULL), ERR_OK);
	cr_expect_eq(left.count, 2);
	free(now);
	strlist_fini(&left);
	str_fini(&name);
	edit_plan_fini(&plan);
	temp_remove(dir);
}

/* A disk that is full at the second file: neither is written, and nothing is left beside them. */
Test(edit, writes_nothing_when_the_disk_is_full_half_way, .fini = leak_gate)
{
	struct edit_plan plan = EDIT_PLAN_EMPTY;
	struct err e = ERR_EMPTY;
	struct str big = STR_EMPTY;
	struct strlist left = STRLIST_EMPTY;
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct rlimit before, small;
	char *dir = temp_dir(), *now;

	while (big.len < 8192)
		str_puts(&big, "more ");
	temp_puts(dir, "a", "old");
	temp_puts(dir, "b", "old");
	edit_plan_add(&plan, "a", bytes_of("old"), bytes_of("new"));
	edit_plan_add(&plan, "b", bytes_of("old"), (struct bytes) { big.data, big.len });
	cr_assert_eq(sigaction(SIGXFSZ, &ignore, NULL), 0); /* as the loop does */
	cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit) { 4096, before.rlim_max };
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	cr_expect_eq(edit_apply(&plan, dir, &e), ERR_IO);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
	cr_expect(strstr(e.message, "cannot write b") != NULL, "%s", e.message);
	for (size_t i = 0; i < 2; i++) {
		now = temp_read(dir, i == 0 ? "a" : "b", NULL);
		cr_expect_str_eq(now, "old");
		free(now);
	}
	cr_expect_eq(fs_list(dir, &left, NULL), ERR_OK);
	cr_expect_eq(left.count, 2);
	strlist_fini(&left);
	str_fini(&big);
	edit_plan_fini(&plan);
	temp_remove(dir);
}

#ifdef __linux__
/* rename() of the whole test program goes through here: the linker is told to wrap it. */
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
static unsigned renames_until_failure;

int
__wrap_rename(const char *from, const char *to)
{
	if (renames_until_failure > 0 && --renames_until_failure == 0) {
		errno = EBUSY;
		return -1;
	}
	return __real_rename(from, to);
}

Test(edit, puts_files_back_when_a_later_one_cannot_be_replaced, .fini = leak_gate)
{
	const struct edit_case *c = &cases[0];
	struct edit_plan plan = EDIT_PLAN_EMPTY;
	struct err e = ERR_EMPTY;
	char *dir = temp_dir();

	temp_puts(dir, c->file[0].path, c->file[0].before);
	temp_puts(dir, c->file[1].path, c->file[1].before);
	edit_case_plan(c, dir, &plan);
	renames_until_failure = 2;
	cr_expect_eq(edit_apply(&plan, dir, &e), ERR_IO);
	cr_expect_eq(renames_until_failure, 0);
	cr_expect(strstr(e.message, "cannot replace " RUNTIME) != NULL, "%s", e.message);
	expect_untouched(c, dir);
	cr_expect_eq(edit_apply(&plan, dir, &e), ERR_OK, "and a second try works");
	edit_plan_fini(&plan);
	temp_remove(dir);
}

#endif

Test(edit, refuses_links_that_lead_out, .fini = leak_gate)
{
	static const struct edit_case c = { .name = "link",
		.file = { { "repo/pyproject.toml", "[project]\nname='a'\nversion='1.0'\n", NULL } },
		.target = { "1.1" } };
	struct edit_plan plan = EDIT_PLAN_EMPTY;
	struct err e = ERR_EMPTY;
	char *dir = temp_dir(), *repo = fs_join(dir, "repo"),
	     *link = fs_join(repo, "pyproject.toml"), *now;

	temp_puts(dir, c.file[0].path, c.file[0].before);
	edit_case_plan(&c, repo, &plan);
	temp_puts(dir, "outside.toml", c.file[0].before);
	cr_assert_eq(unlink(link), 0);
	cr_assert_eq(symlink("../outside.toml", link), 0);
	cr_expect_eq(edit_apply(&plan, repo, &e), ERR_REFUSED);
	cr_expect(strstr(e.message, "is a link that leads out of the repository") != NULL, "%s",
	    e.message);
	now = temp_read(dir, "outside.toml", NULL);
	cr_expect_str_eq(now, c.file[0].before);
	free(now);
	free(link);
	free(repo);
	edit_plan_fini(&plan);
	temp_remove(dir);
}

/* What lies behind links is edited once, under the name that git knows. */
Test(edit, follows_links_inside_the_repository, .fini = leak_gate)
{
	static const struct edit_case c = { .name = "links inside",
		.file = { { "p/pyproject.toml",
			      "[project]\nname='a'\ndynamic=['version']\n"
			      "[tool.setuptools.dynamic]\nversion={file='VERSION'}\n",
			      NULL },
		    { "common/ver", "1.0\n", NULL } },
		.target = { "1.1" },
		.places = "common/ver:1 the whole file 1.0>1.1" };
	struct edit_plan plan = EDIT_PLAN_EMPTY;
	struct err e = ERR_EMPTY;
	char *dir = temp_dir(), *link = fs_join(dir, "p/VERSION"),
	     *other = fs_join(dir, "p/version.txt"), *file = NULL, *now;
	struct stat st;

	for (size_t i = 0; i < 2; i++)
		temp_puts(dir, c.file[i].path, c.file[i].before);
	cr_assert_eq(symlink("../common/ver", link), 0);
	cr_assert_eq(symlink("VERSION", other), 0);
	edit_case_plan(&c, dir, &plan);
	cr_expect_eq(edit_apply(&plan, dir, &e), ERR_OK, "%s", e.message);
	now = temp_read(dir, "common/ver", NULL);
	cr_expect_str_eq(now, "1.1\n");
	cr_assert_eq(lstat(link, &st), 0);
	cr_expect(S_ISLNK(st.st_mode), "the link was replaced");
	cr_expect_eq(edit_target(dir, "p/version.txt", &file, &e), ERR_OK);
	cr_expect_str_eq(file, "common/ver");
	free(now);
	free(file);
	free(link);
	free(other);
	edit_plan_fini(&plan);
	temp_remove(dir);
}

Test(edit, says_what_cannot_be_edited, .fini = leak_gate)
{
	static const struct {
		const char *toml, *named, *error, *hint;
	} row[] = {
		{ "[project]\nname='a'\ndynamic=['version']\n", NULL,
		    "the version of a cannot be edited", "version-files" },
		{ "[project]\nname='a'\ndynamic=['version']\n[tool.hatch.version]\nsource='env'",
		    NULL, "environment", "version-files" },
		{ "[project]\nname='a'\nversion='1.0'\n", "README",
		    "README is one of version-files", "alone" },
		{ "[project]\nname='a'\nversion='1.0'\n", "gone.py", "gone.py is not there", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *dir = temp_dir();
		struct packages packages = PACKAGES_EMPTY;
		struct places places = PLACES_EMPTY;
		struct version v = VERSION_EMPTY;
		struct strlist named = STRLIST_EMPTY;
		const struct version *targets[] = { &v };
		const struct strlist *files[] = { &named };
		struct place_opts opts = { .targets = targets, .version_files = files };
		struct err e = ERR_EMPTY;

		temp_puts(dir, "pyproject.toml", row[i].toml);
		temp_puts(dir, "README", "text\n");
		if (row[i].named != NULL)
			strlist_add(&named, row[i].named);
		cr_assert_eq(version_parse("2.0", &v, NULL), ERR_OK);
		cr_assert_eq(packages_find(dir, NULL, &packages, &e), ERR_OK, "%s", e.message);
		cr_expect_neq(
		    places_find(dir, &packages, &opts, &places, &e), ERR_OK, "%s", row[i].toml);
		cr_expect(strstr(e.message, row[i].error) != NULL, "%s", e.message);
		cr_expect(strstr(e.hint, row[i].hint) != NULL, "%s", e.hint);
		packages_fini(&packages);
		version_fini(&v);
		strlist_fini(&named);
		temp_remove(dir);
	}
}

Test(edit, makes_a_file_only_where_there_is_none, .fini = leak_gate)
{
	char *dir = temp_dir(), *now;
	struct edit_plan plan = EDIT_PLAN_EMPTY;
	struct err e = ERR_EMPTY;
	static const char *const there[] = { "test", "-e", "new.toml", NULL };

	(void)there;
	edit_plan_add_new(&plan, "new.toml", bytes_of("a\n"));
#ifdef __linux__
	temp_puts(dir, "other.toml", "old");
	edit_plan_add(&plan, "other.toml", bytes_of("old"), bytes_of("new"));
	renames_until_failure = 2;
	cr_expect_eq(edit_apply(&plan, dir, &e), ERR_IO);
	cr_expect_eq(temp_run(dir, there), 1, "it is gone again");
	edit_plan_drop(&plan, "other.toml");
#endif
	cr_expect_eq(edit_apply(&plan, dir, &e), ERR_OK, "%s", e.message);
	now = temp_read(dir, "new.toml", NULL);
	cr_expect_str_eq(now, "a\n");
	cr_expect_eq(edit_apply(&plan, dir, &e), ERR_CONFLICT, "%s", e.message);
	cr_expect_not_null(edit_plan_find(&plan, "new.toml"));
	cr_expect_null(edit_plan_find(&plan, "other.toml"));
	free(now);
	edit_plan_fini(&plan);
	temp_remove(dir);
}
