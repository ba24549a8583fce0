/* The build backends themselves say which version a repository has after the edits. A backend that
 * is not installed is skipped, visibly. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edit_case.h"
#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "slipway/os/fs.h"
#include "temp.h"

#define SETUPTOOLS                                                                                 \
	"[build-system]\nrequires=['setuptools']\nbuild-backend='setuptools.build_meta'\n"
#define HATCH "[build-system]\nrequires=['hatchling']\nbuild-backend='hatchling.build'\n"
#define DYNAMIC "[project]\nname='demo'\ndescription='d'\ndynamic=['version']\n"
#define MODULES "[tool.setuptools]\npackages=['demo']\n"

static const struct {
	const char *backend;
	struct edit_case c;
} rows[] = {
	{ "setuptools.build_meta",
	    { "attr by way of an import",
		{ { "pyproject.toml",
		      SETUPTOOLS DYNAMIC MODULES
		      "[tool.setuptools.dynamic]\nversion={attr='demo.__version__'}\n",
		      NULL },
		    { "demo/__init__.py", "from ._v import __version__\n", NULL },
		    { "demo/_v.py", "__version__ = '1.0.3'  # x\n", "" } },
		{ "1.1.0rc1" }, NULL, NULL, NULL } },
	{ "setuptools.build_meta",
	    { "a tuple that is computed from",
		{ { "pyproject.toml",
		      SETUPTOOLS DYNAMIC MODULES
		      "[tool.setuptools.dynamic]\nversion={attr='demo.__version__'}\n",
		      NULL },
		    { "demo/__init__.py",
			"version_info = (1, 15, 1, '', '')\n__version__ = '.'.join(map(str, "
			"version_info[:3])) + ''.join(version_info[3:])\n",
			NULL } },
		{ "1.16.0rc1" }, NULL, NULL, NULL } },
	{ "setuptools.build_meta",
	    { "file:",
		{ { "pyproject.toml",
		      SETUPTOOLS DYNAMIC MODULES "[tool.setuptools.dynamic]\nversion={file='V'}\n",
		      NULL },
		    { "demo/__init__.py", "", NULL }, { "V", "1.0.3\r\n", NULL } },
		{ "1.1.0" }, NULL, NULL, NULL } },
	{ "setuptools.build_meta", { "setup.cfg",
				       { { "pyproject.toml", SETUPTOOLS DYNAMIC MODULES, NULL },
					   { "demo/__init__.py", "", NULL },
					   { "setup.cfg", "[metadata]\nversion : 1.0.3\n", NULL } },
				       { "1.1.0" }, NULL, NULL, NULL } },
	{ "setuptools.build_meta",
	    { "setup.py",
		{ { "pyproject.toml", SETUPTOOLS DYNAMIC MODULES, NULL },
		    { "demo/__init__.py", "", NULL },
		    { "setup.py", "from setuptools import setup\nV = '1.0.3'\nsetup(version=V)\n",
			NULL } },
		{ "1.1.0" }, NULL, NULL, NULL } },
	{ "setuptools.build_meta",
	    { "setup.py alone",
		{ { "setup.py",
		      "from setuptools import setup\n"
		      "setup(name='demo', version='1.0.3', py_modules=['demo'])\n",
		      NULL },
		    { "demo.py", "", NULL } },
		{ "1.1.0" }, NULL, NULL, NULL } },
	{ "setuptools.build_meta",
	    { "padding",
		{ { "pyproject.toml",
		      SETUPTOOLS MODULES "[project]\nname='demo'\nversion='2024.04.01'\n", NULL },
		    { "demo/__init__.py", "", NULL } },
		{ "2024.11.2" }, NULL, NULL, NULL } },
	{ "hatchling.build",
	    { "a pattern of the project's own",
		{ { "pyproject.toml",
		      HATCH DYNAMIC "[tool.hatch.version]\npath='p.json'\npattern="
				    "'\"version\": *\"(?P<version>[^\"]+)\"'\n",
		      NULL },
		    { "demo/__init__.py", "", NULL },
		    { "p.json", "{\"version\": \"1.0.3\", \"x\": {\"version\": \"1.0.3\"}}",
			NULL } },
		{ "1.1.0rc1" }, NULL, NULL, NULL } },
	{ "hatchling.build",
	    { "the pattern of hatch",
		{ { "pyproject.toml", HATCH DYNAMIC "[tool.hatch.version]\npath='demo/a.py'\n",
		      NULL },
		    { "demo/__init__.py", "", NULL },
		    { "demo/a.py", "\"\"\"x\"\"\"\n__version__ = 'v1.0.3'\n", NULL } },
		{ "1.1.0" }, NULL, NULL, NULL } },
	{ "flit_core.buildapi", { "flit",
				    { { "pyproject.toml",
					  "[build-system]\nrequires=['flit_core']\nbuild-backend='"
					  "flit_core.buildapi'\n" DYNAMIC,
					  NULL },
					{ "demo/__init__.py", "'d'\n__version__ = '0.9'\n", NULL },
					{ "demo/_version.py", "__version__ = '1.0'\n", NULL } },
				    { "0.10" }, NULL, NULL, NULL } },
	{ "mesonpy",
	    { "meson-python",
		{ { "pyproject.toml",
		      "[build-system]\nrequires=['meson-python']\nbuild-backend='mesonpy'\n"
		      "[project]\nname='demo'\ndynamic=['version']\n",
		      NULL },
		    { "demo/__init__.py", "", NULL },
		    { "meson.build",
			"project('demo', version: '1.0.3')\nimport('python').find_installation("
			"pure: true).install_sources('demo/__init__.py', subdir: 'demo')\n",
			NULL } },
		{ "1.1.0rc1" }, NULL, NULL, NULL } },
	{ "poetry.core.masonry.api",
	    { "poetry",
		{ { "pyproject.toml",
		      "[build-system]\nrequires=['poetry-core']\nbuild-backend='poetry.core."
		      "masonry.api'\n"
		      "[tool.poetry]\nname='demo'\nversion='1.0.3'\ndescription='d'\nauthors=[]\n",
		      NULL },
		    { "demo/__init__.py", "", NULL } },
		{ "1.1.0" }, NULL, NULL, NULL } },
};

/* One interpreter for all; a child of it for each, so that they do not meet. 77: not installed. */
static const char script[] =
    "import importlib, os, sys, io, contextlib\n"
    "bad = 0\n"
    "for folder, backend, version in zip(*[iter(sys.argv[1:])] * 3):\n"
    "    pid = os.fork()\n"
    "    if pid == 0:\n"
    "        os.chdir(folder)\n"
    "        sys.path.insert(0, '')\n"
    "        try:\n"
    "            api = importlib.import_module(backend)\n"
    "        except ImportError:\n"
    "            os._exit(77)\n"
    "        os.dup2(os.open('log', os.O_CREAT | os.O_WRONLY), 1)\n"
    "        os.dup2(1, 2)\n"
    "        try:\n"
    "            name = api.build_wheel('out') if not os.mkdir('out') else ''\n"
    "        except BaseException as e:\n"
    "            name = repr(e)\n"
    "        open('wheel', 'w').write(name)\n"
    "        os._exit(0 if name.startswith('demo-%s-' % version) else 1)\n"
    "    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])\n"
    "    if status == 77:\n"
    "        print('skipped:', backend, 'is not installed', file=sys.stderr)\n"
    "    elif status != 0:\n"
    "        bad = 1\n"
    "        print(folder, backend, version, open(folder + '/wheel').read(), file=sys.stderr)\n"
    "sys.exit(bad)\n";

Test(place_backends, build_what_was_written, .fini = leak_gate)
{
	const char *argv[3 + 3 * ARRAY_LEN(rows) + 1] = { "/usr/bin/python3", "build.py" };
	char *top = temp_dir(), *dirs[ARRAY_LEN(rows)];
	size_t n = 2;

	temp_puts(top, "build.py", script);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct edit_case *c = &rows[i].c;
		struct edit_plan plan = EDIT_PLAN_EMPTY;
		struct err e = ERR_EMPTY;
		char *name = mem_printf("repo%zu", i);

		dirs[i] = fs_join(top, name);
		cr_assert_eq(fs_mkdirs(dirs[i], 0700, NULL), ERR_OK);
		free(name);
		for (size_t k = 0; k < EDIT_CASE_FILES && c->file[k].path != NULL; k++)
			temp_puts(dirs[i], c->file[k].path, c->file[k].before);
		edit_case_plan(c, dirs[i], &plan);
		cr_expect_eq(edit_apply(&plan, dirs[i], &e), ERR_OK, "%s: %s", c->name, e.message);
		edit_plan_fini(&plan);
		argv[n++] = dirs[i];
		argv[n++] = rows[i].backend;
		argv[n++] = c->target[0];
	}
	argv[n] = NULL;
	cr_expect_eq(temp_run(top, argv), 0, "the built wheel has another version");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		free(dirs[i]);
	temp_remove(top);
}
