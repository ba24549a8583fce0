/* Packages found in trees of all shapes, and the messages for broken ones. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "slipway/project/packages.h"
#include "temp.h"

#define FILES_MAX 7

struct tree {
	const char *name;
	struct {
		const char *path, *text;
	} file[FILES_MAX];
	const char *expect; /* "name version dir" by path, "|" between; then ";" and the order */
	const char *error, *hint;
};

#define PROJECT(name, version) "[project]\nname = \"" name "\"\nversion = \"" version "\"\n"

static const struct tree trees[] = {
	{ "S0",
	    { { "packages/cli/pyproject.toml",
		  PROJECT("rethink-llmhub",
		      "1.0.3") "dependencies = [\"rethink_llmhub.runtime>=1.0.3\"]" },
		{ "packages/runtime/pyproject.toml", PROJECT("rethink-llmhub-runtime", "1.0.3") } },
	    "rethink-llmhub 1.0.3 packages/cli|rethink-llmhub-runtime 1.0.3 "
	    "packages/runtime|lockstep;1 0",
	    NULL, NULL },
	{ "S4, nested in the root",
	    { { "pyproject.toml", PROJECT("open-ticket-ai", "1.0.0") },
		{ "src/hf/pyproject.toml",
		    PROJECT("oa-hf", "3.0") "dependencies = ['open-ticket-ai']" } },
	    "open-ticket-ai 1.0.0 |oa-hf 3.0 src/hf|independent;0 1", NULL, NULL },
	{ "virtual root, poetry, dynamic",
	    { { "pyproject.toml", "[tool.uv.workspace]\nmembers = ['packages/*']\n" },
		{ "packages/a/pyproject.toml", "[tool.poetry]\nname = 'a'\nversion = '0.2.2'\n" },
		{ "packages/b/pyproject.toml",
		    "[project]\nname = 'b'\ndynamic = ['version']\n"
		    "[build-system]\nrequires = ['setuptools-scm>=8']\n" } },
	    "a 0.2.2 packages/a|b  packages/b|lockstep;0 1", NULL, NULL },
	{ "what is passed over",
	    { { "pyproject.toml", PROJECT("a", "1") }, { "tests/data/x/pyproject.toml", "broken" },
		{ "node_modules/y/pyproject.toml", "broken" }, { ".venv/pyproject.toml", "broken" },
		{ "env/pyvenv.cfg", "" }, { "env/lib/pyproject.toml", "broken" } },
	    "a 1 |lockstep;0", NULL, NULL },
	{ "folders with and without folders in them",
	    { { "a/pyproject.toml", PROJECT("a", "1") },
		{ "a/sub/pyproject.toml", PROJECT("sub", "1") }, { "a/sub/deep/none.txt", "" },
		{ "env/pyvenv.cfg", "" }, { "env/pyproject.toml", "broken" },
		{ "plain/not/here/pyproject.toml.bak", "broken" } },
	    "a 1 a|sub 1 a/sub|lockstep;0 1", NULL, NULL },
	{ "extras may point back",
	    { { "a/pyproject.toml",
		  PROJECT("a", "1") "[project.optional-dependencies]\nall = ['b']" },
		{ "b/pyproject.toml", PROJECT("b", "1") "dependencies = ['a']" } },
	    "a 1 a|b 1 b|lockstep;0 1", NULL, NULL },
	{ "extras count in the order",
	    { { "a/pyproject.toml",
		  PROJECT("a", "1") "[project.optional-dependencies]\nall = ['b']" },
		{ "b/pyproject.toml", PROJECT("b", "1") } },
	    "a 1 a|b 1 b|lockstep;1 0", NULL, NULL },
	{ "poetry dependencies and private packages",
	    { { "a/pyproject.toml",
		  "[tool.poetry]\nname='a'\nversion='1'\n[tool.poetry.dependencies]\n"
		  "python='^3.9'\nb={version='^1', optional=true}\n" },
		{ "b/pyproject.toml", PROJECT("b", "1") },
		{ "c/pyproject.toml",
		    PROJECT("c", "1") "classifiers=['Private :: Do Not Upload']" } },
	    "a 1 a|b 1 b|lockstep;1 0", NULL, NULL },
	{ "hatch, setuptools and flit files",
	    { { "a/pyproject.toml",
		  "[project]\nname='a'\ndynamic=['version']\n[tool.hatch.version]\n"
		  "path='src/a/__about__.py'" },
		{ "a/src/a/__about__.py", "__version__ = '1.2'\n" },
		{ "b/pyproject.toml",
		    "[project]\nname='b'\ndynamic=['version']\n[tool.setuptools.dynamic]\n"
		    "version={attr='b.V'}" },
		{ "b/src/b/__init__.py", "V = (1, 2)\n" },
		{ "c/pyproject.toml",
		    "[project]\nname='c'\ndynamic=['version']\n[tool.setuptools.dynamic]\n"
		    "version={file='VERSION'}" },
		{ "c/VERSION", "1.2.0\n" } },
	    "a 1.2 a|b 1.2 b|c 1.2.0 c|lockstep;0 1 2", NULL, NULL },
	{ "a workspace with a package at its root",
	    { { "pyproject.toml",
		  PROJECT(
		      "top", "1") "[tool.uv.workspace]\nmembers = ['./packages/*/', 'libs/**']\n"
				  "exclude = ['packages/o*']\n" },
		{ "packages/a/pyproject.toml", PROJECT("a", "1") },
		{ "packages/testing/pyproject.toml", PROJECT("testing", "1") },
		{ "packages/old/deep/pyproject.toml", "broken" },
		{ "libs/x/y/pyproject.toml", PROJECT("y", "1") },
		{ "libs/examples/z/pyproject.toml", "broken" } },
	    "top 1 |y 1 libs/x/y|a 1 packages/a|testing 1 packages/testing|lockstep;0 1 2 3", NULL,
	    NULL },
	{ "without a pyproject.toml",
	    { { "a/setup.py", "from setuptools import setup\nsetup(name='a', version='1.0')\n" },
		{ "b/setup.cfg", "[metadata]\nname = b\nversion = 1.0\n"
				 "[options]\ninstall_requires = c\n" },
		{ "c/setup.py",
		    "NAME = 'c'\nVERSION = '1.0'\nsetup(name=NAME, version=VERSION)\n" },
		{ "b/setup.py", "import setuptools\nsetuptools.setup()\n" },
		{ "d/setup.cfg", "[flake8]\nmax-line-length = 99\n" },
		{ "c/c/setup.py", "def configure():\n    pass\n" },
		{ "tests/e/setup.py", "setup(name='e')\n" } },
	    "a 1.0 a|b 1.0 b|c 1.0 c|lockstep;0 2 1", NULL, NULL },
	{ "broken TOML", { { "a/pyproject.toml", "[project\n" } }, NULL,
	    "a/pyproject.toml:1:9: expected", "" },
	{ "two of one name",
	    { { "a/pyproject.toml", PROJECT("My.Pkg", "1") },
		{ "b/pyproject.toml", PROJECT("my_pkg", "1") } },
	    NULL, "a/pyproject.toml and b/pyproject.toml are both named", "path = " },
	{ "no PEP 440", { { "pyproject.toml", PROJECT("a", "1.0-SNAPSHOT") } }, NULL,
	    "pyproject.toml:3:11: \"1.0-SNAPSHOT\" is not a PEP 440 version", "looks like" },
	{ "nothing", { { "tests/x/pyproject.toml", PROJECT("a", "1") } }, NULL,
	    "no package found in ", "tests/x/pyproject.toml was passed over: a fixture" },
	{ "no name", { { "pyproject.toml", "[project]\nversion='1'\n" } }, NULL, "has no name",
	    "name =" },
	{ "no version", { { "pyproject.toml", "[project]\nname='a'\n" } }, NULL, "has no version",
	    "version =" },
	{ "both", { { "pyproject.toml", PROJECT("a", "1") "dynamic=['version']" } }, NULL,
	    "only one is allowed", "" },
	{ "version of another kind", { { "pyproject.toml", "[project]\nname='a'\nversion=1.0\n" } },
	    NULL, "pyproject.toml:3:9: project.version must be a string", "" },
	{ "not UTF-8", { { "pyproject.toml", "[project]\nname='\xff'" } }, NULL,
	    "pyproject.toml:2: byte 0xff is not UTF-8", "left alone" },
	{ "a circle",
	    { { "a/pyproject.toml", PROJECT("a", "1") "dependencies = ['b']" },
		{ "b/pyproject.toml", PROJECT("b", "1") "dependencies = ['c']" },
		{ "c/pyproject.toml", PROJECT("c", "1") "dependencies = ['b']" } },
	    NULL, "circle: b needs c needs b", "third package" },
};

static void
describe(const struct packages *p, struct str *out)
{
	for (size_t i = 0; i < p->count; i++)
		str_printf(out, "%s %s %s|", p->items[i].name, version_text(&p->items[i].version),
		    p->items[i].dir);
	str_puts(out, p->lockstep ? "lockstep;" : "independent;");
	for (size_t i = 0; i < p->count; i++)
		str_printf(out, "%s%zu", i > 0 ? " " : "", p->order[i]);
}

Test(packages, are_found_or_the_reason_is_told, .fini = leak_gate)
{
	for (size_t i = 0; i < ARRAY_LEN(trees); i++) {
		const struct tree *t = &trees[i];
		char *dir = temp_dir();
		struct packages p = PACKAGES_EMPTY;
		struct err e = ERR_EMPTY;
		struct str got = STR_EMPTY;
		enum err_code rc;

		for (size_t k = 0; k < FILES_MAX && t->file[k].path != NULL; k++)
			temp_puts(dir, t->file[k].path, t->file[k].text);
		rc = packages_find(dir, NULL, &p, &e);
		if (t->expect != NULL) {
			cr_expect_eq(rc, ERR_OK, "%s: %s", t->name, e.message);
			describe(&p, &got);
			cr_expect_str_eq(str_text(&got), t->expect, "%s", t->name);
		} else {
			cr_expect_neq(rc, ERR_OK, "%s", t->name);
			cr_expect(
			    strstr(e.message, t->error) != NULL, "%s: %s", t->name, e.message);
			cr_expect(strstr(e.hint, t->hint) != NULL, "%s: %s", t->name, e.hint);
		}
		str_fini(&got);
		packages_fini(&p);
		temp_remove(dir);
	}
}

Test(packages, that_are_named_win, .fini = leak_gate)
{
	char *dir = temp_dir();
	struct strlist paths = STRLIST_EMPTY, nested = STRLIST_EMPTY;
	struct packages p = PACKAGES_EMPTY;
	struct err e = ERR_EMPTY;

	temp_puts(dir, "pyproject.toml", PROJECT("a", "1"));
	temp_puts(dir, "tests/b/pyproject.toml", PROJECT("b", "1"));
	temp_puts(dir, "tool/pyproject.toml", "[tool.ruff]\n");
	temp_puts(dir, "copy/pyproject.toml", PROJECT("A", "2"));
	strlist_add(&paths, ".");
	strlist_add(&paths, "./tests/b/");
	cr_assert_eq(packages_find(dir, &paths, &p, &e), ERR_OK, "%s", e.message);
	cr_expect_eq(p.count, 2);
	cr_assert_eq(p.ignored_count, 2);
	cr_expect_str_eq(p.ignored[1].why, "the configuration takes pyproject.toml for that name");
	cr_expect_eq(packages_index(&p, "B"), 1);
	cr_expect_eq(packages_index(&p, "c"), 2);
	packages_nested(&p, 0, &nested);
	cr_assert_eq(nested.count, 1);
	cr_expect_str_eq(nested.items[0], "tests/b");
	packages_fini(&p);
	strlist_add(&paths, "tool");
	cr_expect_eq(packages_find(dir, &paths, &p, &e), ERR_CONFIG);
	strlist_add(&paths, "nowhere");
	strlist_remove(&paths, 2);
	cr_expect_eq(packages_find(dir, &paths, &p, &e), ERR_NOT_FOUND);
	cr_expect_str_eq(e.message, "nowhere/pyproject.toml is not there");
	strlist_fini(&paths);
	strlist_fini(&nested);
	temp_remove(dir);
}

static void
unlink_in(const char *dir, const char *name)
{
	char *path = mem_printf("%s/%s", dir, name);

	cr_assert_eq(unlink(path), 0);
	free(path);
}

Test(packages, own_the_paths_below_them_but_for_nested_ones, .fini = leak_gate)
{
	static const struct {
		const char *path, *owner;
	} row[] = {
		{ "README.md", "core" },
		{ "src/core/a.py", "core" },
		{ "src/hf/a.py", "hf" },
		{ "src/hf/src/hf/b.py", "hf" },
		{ "src/hf-more/a.py", "hf-more" },
		{ "src/hf-mo/a.py", "core" },
		{ "src/hf", "core" },
		{ "src/hf/", "hf" },
		{ "src/hf/src/", "hf" },
		{ "src/", "core" },
		{ "src/h/x", "core" },
		{ "tests/x/pyproject.toml", "core" },
	};
	char *dir = temp_dir();
	struct packages p = PACKAGES_EMPTY;

	temp_puts(dir, "pyproject.toml", PROJECT("core", "1"));
	temp_puts(dir, "src/hf/pyproject.toml", PROJECT("hf", "1"));
	temp_puts(dir, "src/hf-more/pyproject.toml", PROJECT("hf-more", "1"));
	temp_puts(dir, "tests/x/pyproject.toml", PROJECT("fixture", "1"));
	cr_assert_eq(packages_find(dir, NULL, &p, NULL), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		size_t at = packages_owner(&p, row[i].path);

		cr_assert_lt(at, p.count, "%s", row[i].path);
		cr_expect_str_eq(p.items[at].name, row[i].owner, "%s", row[i].path);
	}
	cr_expect(packages_below(&p, "src"));
	cr_expect_not(packages_below(&p, "src/hf"));
	cr_expect_not(packages_below(&p, "src/h"));
	cr_expect_not(packages_below(&p, "s"));
	cr_expect_not(packages_below(&p, "tests"));
	packages_fini(&p);
	temp_puts(dir, "packages/a/pyproject.toml", PROJECT("a", "1"));
	unlink_in(dir, "pyproject.toml");
	cr_assert_eq(packages_find(dir, NULL, &p, NULL), ERR_OK);
	cr_expect_eq(packages_owner(&p, "README.md"), p.count);
	cr_expect_eq(packages_owner(&p, "packages/b/x"), p.count);
	cr_expect_str_eq(p.items[packages_owner(&p, "packages/a/x")].name, "a");
	packages_fini(&p);
	temp_remove(dir);
}

Test(packages, are_not_read_through_links_that_leave, .fini = leak_gate)
{
	char *dir = temp_dir(), *other = temp_dir();
	struct packages p = PACKAGES_EMPTY;
	struct err e = ERR_EMPTY;
	struct str target = STR_EMPTY, link = STR_EMPTY;

	temp_puts(other, "pyproject.toml", PROJECT("a", "1"));
	str_printf(&target, "%s/pyproject.toml", other);
	str_printf(&link, "%s/pyproject.toml", dir);
	cr_assert_eq(symlink(str_text(&target), str_text(&link)), 0);
	cr_expect_eq(packages_find(dir, NULL, &p, &e), ERR_REFUSED);
	cr_expect(strstr(e.message, "leads out of the repository") != NULL, "%s", e.message);
	str_fini(&target);
	str_fini(&link);
	temp_remove(dir);
	temp_remove(other);
}

Test(packages, are_not_sought_through_links_to_folders, .fini = leak_gate)
{
	char *dir = temp_dir(), *other = temp_dir();
	struct packages p = PACKAGES_EMPTY;
	struct str link = STR_EMPTY;
	char *file;

	temp_puts(dir, "pyproject.toml", PROJECT("a", "1"));
	temp_puts(other, "pyproject.toml", PROJECT("b", "1"));
	str_printf(&link, "%s/linked", dir);
	cr_assert_eq(symlink(other, str_text(&link)), 0);
	cr_assert_eq(packages_find(dir, NULL, &p, NULL), ERR_OK);
	cr_expect_eq(p.count, 1);
	packages_fini(&p);
	/* One whose name is there but leads nowhere is a mistake to be told. */
	file = mem_printf("%s/lost", dir);
	cr_assert_eq(mkdir(file, 0755), 0);
	free(file);
	file = mem_printf("%s/lost/pyproject.toml", dir);
	cr_assert_eq(symlink("nowhere", file), 0);
	free(file);
	cr_expect_eq(packages_find(dir, NULL, &p, NULL), ERR_NOT_FOUND);
	str_fini(&link);
	temp_remove(dir);
	temp_remove(other);
}

Test(packages, say_why_a_file_was_passed_over, .fini = leak_gate)
{
	char *dir = temp_dir();
	struct packages p = PACKAGES_EMPTY;

	temp_puts(dir, "pyproject.toml", PROJECT("a", "1"));
	temp_puts(dir, "templates/x/pyproject.toml", "");
	temp_puts(dir, "sub/.git", "gitdir: x\n");
	temp_puts(dir, "sub/pyproject.toml", "");
	temp_puts(dir, "tools/pyproject.toml", "[tool.ruff]\n");
	cr_assert_eq(packages_find(dir, NULL, &p, NULL), ERR_OK);
	cr_assert_eq(p.ignored_count, 3);
	cr_expect_str_eq(p.ignored[0].file, "sub/pyproject.toml");
	cr_expect_str_eq(p.ignored[0].why, "in a repository of its own");
	cr_expect_str_eq(p.ignored[1].why, "a template");
	cr_expect_str_eq(p.ignored[2].why, "it has no [project] table");
	packages_fini(&p);
	temp_remove(dir);
}

Test(packages, a_workspace_says_which_they_are, .fini = leak_gate)
{
	static const struct {
		const char *file, *why; /* WHY NULL: it is a package */
	} row[] = {
		{ "packages/a/pyproject.toml", NULL },
		{ "packages/a/sub/pyproject.toml",
		    "it is no member of the uv workspace of pyproject.toml" },
		{ "packages/old/pyproject.toml", "the uv workspace of pyproject.toml excludes it" },
		{ "tools/setup.py", "it is no member of the uv workspace of pyproject.toml" },
		{ "examples/demo/pyproject.toml", "an example" },
		{ "other/b/pyproject.toml", NULL },
		{ "other/c/pyproject.toml",
		    "it is no member of the uv workspace of other/pyproject.toml" },
		{ "named/pyproject.toml", NULL },
		{ "packages/cfg/setup.cfg", "setup.cfg alone cannot be built: a pyproject.toml or "
					    "a setup.py has to lie beside it" },
	};
	char *dir = temp_dir();
	struct packages p = PACKAGES_EMPTY;
	struct strlist named = STRLIST_EMPTY;
	struct err e = ERR_EMPTY;

	temp_puts(dir, "pyproject.toml",
	    "[tool.uv.workspace]\nmembers = ['packages/*', 'examples/*']\nexclude = "
	    "['packages/o*']\n");
	temp_puts(dir, "other/pyproject.toml", "[tool]\nuv.workspace = { members = ['b'] }\n");
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *text = text_ends(row[i].file, ".cfg") ? mem_strdup("[metadata]\nname = cfg\n")
			     : text_ends(row[i].file, ".py")
				 ? mem_strdup("setup(name='tools')")
				 : mem_printf("[project]\nname = 'p%zu'\nversion = '1'\n", i);

		temp_puts(dir, row[i].file, text);
		free(text);
	}
	temp_puts(dir, "packages/cfg/cfg/__init__.py", "");
	strlist_add(&named, "named");
	cr_assert_eq(packages_find(dir, &named, &p, &e), ERR_OK, "%s", e.message);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		const char *why = NULL;

		for (size_t k = 0; k < p.count; k++)
			if (strcmp(p.items[k].file, row[i].file) == 0)
				why = "a package";
		for (size_t k = 0; k < p.ignored_count; k++)
			if (strcmp(p.ignored[k].file, row[i].file) == 0)
				why = p.ignored[k].why;
		cr_expect_not_null(why, "%s is nowhere", row[i].file);
		cr_expect_str_eq(why != NULL ? why : "",
		    row[i].why != NULL ? row[i].why : "a package", "%s", row[i].file);
	}
	strlist_fini(&named);
	packages_fini(&p);
	temp_remove(dir);
}
