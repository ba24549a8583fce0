/* Every kind of place: what is found, what it will say, and that nothing else changes. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "edit_case.h"
#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/project/packages.h"
#include "temp.h"

#define STATIC "[project]\nname = \"a\"\nversion = \"1.0.3\"\n"
#define STATIC_NEXT "[project]\nname = \"a\"\nversion = \"1.1.0\"\n"
#define AT "pyproject.toml:3 project.version 1.0.3>1.1.0"
#define DYNAMIC "[project]\nname = \"a\"\ndynamic = [\"version\"]\n"
#define SETUPTOOLS "[build-system]\nbuild-backend = \"setuptools.build_meta\"\n"

static const struct edit_case mirrors[] = {
	{ "setup.cfg repeats it, = and :, comments and other versions stay",
	    { { "pyproject.toml", STATIC, STATIC_NEXT },
		{ "setup.cfg",
		    "# 1.0.3\n[bumpversion]\ncurrent_version = 1.0.3\n[metadata]\nname = a\n"
		    "Version:   1.0.3\n; end\n[options]\nversion = 1.0.3\n",
		    "# 1.0.3\n[bumpversion]\ncurrent_version = 1.0.3\n[metadata]\nname = a\n"
		    "Version:   1.1.0\n; end\n[options]\nversion = 1.0.3\n" } },
	    { "1.1.0" }, AT ";setup.cfg:6 metadata.version 1.0.3>1.1.0", NULL, NULL },
	{ "setup.cfg with CRLF and a version put together",
	    { { "pyproject.toml", STATIC, STATIC_NEXT },
		{ "setup.cfg", "[metadata]\r\nversion = %(base)s.3\r\n", NULL } },
	    { "1.1.0" }, AT ";setup.cfg:2 metadata.version >-~", NULL, NULL },
	{ "setup.py, a literal keyword",
	    { { "pyproject.toml", STATIC, STATIC_NEXT },
		{ "setup.py",
		    "from setuptools import setup\n# version='1.0.3'\nsetup(\n    name='a', "
		    "x=f(version='1.0.3'),\n    version='1.0.3',  # here\n)\n",
		    "from setuptools import setup\n# version='1.0.3'\nsetup(\n    name='a', "
		    "x=f(version='1.0.3'),\n    version='1.1.0',  # here\n)\n" } },
	    { "1.1.0" }, AT ";setup.py:5 setup(version=) 1.0.3>1.1.0", NULL, NULL },
	{ "setup.py, the name it is given",
	    { { "pyproject.toml", STATIC, STATIC_NEXT },
		{ "setup.py",
		    "VERSION = \"1.0.3\"\nimport setuptools\nsetuptools.setup(version=VERSION)\n",
		    "VERSION = \"1.1.0\"\nimport "
		    "setuptools\nsetuptools.setup(version=VERSION)\n" } },
	    { "1.1.0" }, AT ";setup.py:1 VERSION 1.0.3>1.1.0", NULL, NULL },
	{ "setup.py, an f-string is told, a call is not",
	    { { "pyproject.toml", STATIC, STATIC_NEXT },
		{ "setup.py", "setup(version=f'{x}')\n", NULL } },
	    { "1.1.0" }, AT ";setup.py:1 setup(version=) >-~", NULL, NULL },
	{ "setup.py, a call",
	    { { "pyproject.toml", STATIC, STATIC_NEXT },
		{ "setup.py", "setup(version=get_version())\n", NULL } },
	    { "1.1.0" }, AT, NULL, NULL },
	{ "docs/conf.py: release whole, version as a series",
	    { { "pyproject.toml", STATIC, STATIC_NEXT },
		{ "docs/conf.py", "html_title = 'a 1.0.3'\nrelease = '1.0.3'\nversion = '1.0'\n",
		    "html_title = 'a 1.0.3'\nrelease = '1.1.0'\nversion = '1.1'\n" } },
	    { "1.1.0" }, AT ";docs/conf.py:2 release 1.0.3>1.1.0;docs/conf.py:3 version 1.0>1.1",
	    NULL, NULL },
	{ "docs/conf.py: a series that stays is no edit",
	    { { "pyproject.toml", STATIC, "[project]\nname = \"a\"\nversion = \"1.0.4\"\n" },
		{ "doc/source/conf.py", "release = '1.0.3'\nversion = '1.0'\n",
		    "release = '1.0.4'\nversion = '1.0'\n" } },
	    { "1.0.4" },
	    "pyproject.toml:3 project.version 1.0.3>1.0.4;doc/source/conf.py:1 release 1.0.3>1.0.4",
	    NULL, NULL },
	{ "CITATION.cff: version and date, not cff-version nor deeper ones",
	    { { "pyproject.toml", STATIC, STATIC_NEXT },
		{ "CITATION.cff",
		    "cff-version: 1.2.0\ntitle: a\nversion: 1.0.3  # x\ndate-released: "
		    "'2025-01-02'\npreferred-citation:\n  version: 1.0.3\n  date-released: "
		    "2025-01-02\n",
		    "cff-version: 1.2.0\ntitle: a\nversion: 1.1.0  # x\ndate-released: "
		    "'2026-11-20'\npreferred-citation:\n  version: 1.0.3\n  date-released: "
		    "2025-01-02\n" } },
	    { "1.1.0" },
	    AT ";CITATION.cff:3 version 1.0.3>1.1.0;CITATION.cff:4 date-released "
	       "2025-01-02>2026-11-20",
	    NULL, NULL },
	{ "CITATION.cff: 1.10 would read as a number",
	    { { "pyproject.toml", "[project]\nname='a'\nversion='1.9'\n",
		  "[project]\nname='a'\nversion='1.10'\n" },
		{ "CITATION.cff", "version: 1.9\n", "version: \"1.10\"\n" } },
	    { "1.10" }, NULL, NULL, NULL },
	{ "package.json: the top-level version, SemVer, tabs and order stay",
	    { { "pyproject.toml", STATIC, "[project]\nname = \"a\"\nversion = \"1.1.0rc1\"\n" },
		{ "package.json",
		    "{\n\t\"dependencies\": {\"version\": \"1.0.3\", \"x\": [\"version\"]},\n"
		    "\t\"n\": \"\\\"version\\\": \\\"1.0.3\\\"\",\n\t\"version\" :\t\"1.0.3\"\n}",
		    "{\n\t\"dependencies\": {\"version\": \"1.0.3\", \"x\": [\"version\"]},\n"
		    "\t\"n\": \"\\\"version\\\": \\\"1.0.3\\\"\",\n\t\"version\" "
		    ":\t\"1.1.0-rc.1\"\n}" } },
	    { "1.1.0rc1" },
	    "pyproject.toml:3 project.version 1.0.3>1.1.0rc1;package.json:4 version "
	    "1.0.3>1.1.0-rc.1",
	    NULL, NULL },
	{ "package.json: SemVer has no post releases",
	    { { "pyproject.toml", STATIC, "[project]\nname = \"a\"\nversion = \"1.0.3.post1\"\n" },
		{ "package.json", "{\"version\": \"1.0.3\"}", NULL } },
	    { "1.0.3.post1" },
	    "pyproject.toml:3 project.version 1.0.3>1.0.3.post1;package.json:1 version 1.0.3>-~",
	    NULL, NULL },
	{ "package.json: another version is a mismatch, 0.0.0 is nobody's",
	    { { "pyproject.toml", STATIC, STATIC_NEXT },
		{ "package.json", "{\"version\": \"3.0.0\"}", NULL } },
	    { "1.1.0" }, AT ";package.json:1 version 3.0.0>1.1.0-~", NULL, NULL },
	{ "package.json: not JSON, and twice",
	    { { "pyproject.toml", STATIC, STATIC_NEXT },
		{ "package.json", "{\"version\": \"1.0.3\", \"version\": \"1.0.3\"}", NULL } },
	    { "1.1.0" }, AT ";package.json:1 version >-~", NULL, NULL },
	{ "Cargo.toml and Cargo.lock beside",
	    { { "pyproject.toml", STATIC, STATIC_NEXT },
		{ "Cargo.toml",
		    "[package]\nname = \"crate\"\nversion = \"1.0.3\" # x\n[dependencies]\n"
		    "y = { version = \"1.0.3\" }\n",
		    "[package]\nname = \"crate\"\nversion = \"1.1.0\" # x\n[dependencies]\n"
		    "y = { version = \"1.0.3\" }\n" },
		{ "Cargo.lock",
		    "[[package]]\nname = \"crate\"\nversion = \"1.0.3\"\n[[package]]\nname = "
		    "\"y\"\nversion = \"1.0.3\"\nsource = \"registry\"\n",
		    "[[package]]\nname = \"crate\"\nversion = \"1.1.0\"\n[[package]]\nname = "
		    "\"y\"\nversion = \"1.0.3\"\nsource = \"registry\"\n" } },
	    { "1.1.0" },
	    AT ";Cargo.toml:3 package.version 1.0.3>1.1.0;Cargo.lock:3 package[0].version "
	       "1.0.3>1.1.0",
	    NULL, NULL },
	{ "VERSION files keep their white space",
	    { { "pyproject.toml", STATIC, STATIC_NEXT }, { "VERSION", "1.0.3", "1.1.0" },
		{ "version.txt", "1.0.3\r\n", "1.1.0\r\n" } },
	    { "1.1.0" },
	    AT ";VERSION:1 the whole file 1.0.3>1.1.0;version.txt:1 the whole file 1.0.3>1.1.0",
	    NULL, NULL },
	{ "case 6: a README's mentions are shown, not edited",
	    { { "pyproject.toml", STATIC, STATIC_NEXT },
		{ "README.md",
		    "pip install a==1.0.3\nsince 11.0.3 and 1.0.30, 1.0.3rc1, 1.0.3-rc1, "
		    "v1.0.3.\n![x](https://x/1.0.3-blue)\n1.0.3.4\n",
		    NULL } },
	    { "1.1.0" },
	    AT ";README.md:1 mention 1.0.3>-~;README.md:2 mention 1.0.3>-~;README.md:3 mention "
	       "1.0.3>-~",
	    NULL, NULL },
	{ "case 17, case 20: uv.lock, the package's own entry alone",
	    { { "pyproject.toml", STATIC, STATIC_NEXT },
		{ "uv.lock",
		    "version = 1\n[[package]]\nname = \"a\"\nversion = \"1.0.3\"\nsource = { "
		    "registry = \"https://x\" }\n[[package]]\nname = \"A\"\nversion = "
		    "\"1.0.3\"\nsource = { editable = \".\" }\n[[package]]\nname = \"b\"\nversion "
		    "= \"1.0.3\"\nsource = { registry = \"https://x\" }\n",
		    "version = 1\n[[package]]\nname = \"a\"\nversion = \"1.0.3\"\nsource = { "
		    "registry = \"https://x\" }\n[[package]]\nname = \"A\"\nversion = "
		    "\"1.1.0\"\nsource = { editable = \".\" }\n[[package]]\nname = \"b\"\nversion "
		    "= \"1.0.3\"\nsource = { registry = \"https://x\" }\n" } },
	    { "1.1.0" }, AT ";uv.lock:8 package[1].version 1.0.3>1.1.0", NULL, NULL },
	{ "uv.lock of a workspace, and Poetry's path entries",
	    { { "packages/cli/pyproject.toml", "[project]\nname='cli'\nversion='1.0.3'",
		  "[project]\nname='cli'\nversion='1.1.0'" },
		{ "uv.lock",
		    "[[package]]\nname = \"cli\"\nversion = \"1.0.3\"\nsource = { editable = "
		    "\"packages/cli\" }\n[[package]]\nname = \"cli\"\nversion = \"1.0.3\"\n"
		    "source = { directory = \"other/cli\" }\n",
		    "[[package]]\nname = \"cli\"\nversion = \"1.1.0\"\nsource = { editable = "
		    "\"packages/cli\" }\n[[package]]\nname = \"cli\"\nversion = \"1.0.3\"\n"
		    "source = { directory = \"other/cli\" }\n" },
		{ "packages/poetry.lock",
		    "[[package]]\nname = \"cli\"\nversion = \"1.0.3\"\n[package.source]\ntype = "
		    "\"directory\"\nurl = \"cli\"\n",
		    "[[package]]\nname = \"cli\"\nversion = \"1.1.0\"\n[package.source]\ntype = "
		    "\"directory\"\nurl = \"cli\"\n" } },
	    { "1.1.0" }, NULL, NULL, NULL },
	{ "case 13: packed numbers are shown and left alone",
	    { { "pyproject.toml", "[project]\nname='requests'\nversion='2.31.1'\n",
		  "[project]\nname='requests'\nversion='2.32.0'\n" },
		{ "requests/__version__.py",
		    "__version__ = \"2.31.1\"\n__build__ = 0x023101\n__other__ = 0x023102\n",
		    "__version__ = \"2.32.0\"\n__build__ = 0x023101\n__other__ = 0x023102\n" } },
	    { "2.32.0" },
	    "pyproject.toml:3 project.version 2.31.1>2.32.0;requests/__version__.py:1 "
	    "__version__ 2.31.1>2.32.0;requests/__version__.py:2 __build__ 0x023101>0x023200-~",
	    NULL, NULL },
	{ "case 28: not in normal form",
	    { { "pyproject.toml", "[project]\nname='a'\nversion='2.0.0.rc1'\n",
		"[project]\nname='a'\nversion='2.0.0rc2'\n" } },
	    { "2.0.0rc2" }, "pyproject.toml:3 project.version 2.0.0.rc1>2.0.0rc2~", NULL, NULL },
	{ "calendar versions keep their padding",
	    { { "pyproject.toml", "[project]\nname='a'\nversion='2024.04.01'\n",
		"[project]\nname='a'\nversion='2024.11.02'\n" } },
	    { "2024.11.2" }, "pyproject.toml:3 project.version 2024.04.01>2024.11.02", NULL, NULL },
	{ "the root's files belong to a lock step without a root package",
	    { { "p/a/pyproject.toml", "[project]\nname='a'\nversion='1.0.3'",
		  "[project]\nname='a'\nversion='1.1.0'" },
		{ "p/b/pyproject.toml", "[project]\nname='b'\nversion='1.0.3'",
		    "[project]\nname='b'\nversion='1.1.0'" },
		{ "VERSION", "1.0.3\n", "1.1.0\n" } },
	    { "1.1.0", "1.1.0" }, NULL, NULL, NULL },
};

static const struct edit_case authorities[] = {
	{ "setup.cfg decides",
	    { { "pyproject.toml", DYNAMIC SETUPTOOLS, NULL },
		{ "setup.cfg", "[metadata]\nversion = 1.0.3\n", "[metadata]\nversion = 1.1.0\n" } },
	    { "1.1.0" }, "setup.cfg:2 metadata.version 1.0.3>1.1.0", NULL, NULL },
	{ "setup.cfg with attr:",
	    { { "pyproject.toml", DYNAMIC SETUPTOOLS, NULL },
		{ "setup.cfg", "[metadata]\nversion = attr: a.__version__\n", NULL },
		{ "src/a/__init__.py", "__version__ = '1.0.3'\n", "__version__ = '1.1.0'\n" } },
	    { "1.1.0" }, "src/a/__init__.py:1 __version__ 1.0.3>1.1.0", NULL, NULL },
	{ "setup.cfg with file:",
	    { { "pyproject.toml", DYNAMIC SETUPTOOLS, NULL },
		{ "setup.cfg", "[metadata]\nversion = file: a/VERSION\n", NULL },
		{ "a/VERSION", "1.0.3\n", "1.1.0\n" } },
	    { "1.1.0" }, "a/VERSION:1 the whole file 1.0.3>1.1.0", NULL, NULL },
	{ "setup.py decides",
	    { { "pyproject.toml", DYNAMIC SETUPTOOLS, NULL },
		{ "setup.py", "if True:\n    setup(version='1.0.3')\n",
		    "if True:\n    setup(version='1.1.0')\n" } },
	    { "1.1.0" }, "setup.py:2 version= (setup.py) 1.0.3>1.1.0", NULL, NULL },
	{ "no [project]: setup.cfg names the package and its version",
	    { { "pyproject.toml", SETUPTOOLS, NULL },
		{ "setup.cfg", "[metadata]\nname = a.b\nversion = 1.0.3\n",
		    "[metadata]\nname = a.b\nversion = 1.1.0\n" } },
	    { "1.1.0" }, "setup.cfg:3 metadata.version 1.0.3>1.1.0", NULL, NULL },
	{ "no [project]: setup.py does, and a comma in CRLF",
	    { { "pyproject.toml", SETUPTOOLS, NULL },
		{ "setup.py",
		    "import setuptools as s\r\ns.setup(name='a',\r\n version='1.0.3')\r\n",
		    "import setuptools as s\r\ns.setup(name='a',\r\n version='1.1.0')\r\n" } },
	    { "1.1.0" }, "setup.py:3 version= (setup.py) 1.0.3>1.1.0", NULL, NULL },
	{ "flit, a module of one file",
	    { { "pyproject.toml",
		  "[build-system]\nbuild-backend='flit_core.buildapi'\n" DYNAMIC, NULL },
		{ "src/a.py", "'d'\n__version__='1.0.3'\n", "'d'\n__version__='1.1.0'\n" } },
	    { "1.1.0" }, "src/a.py:2 __version__ 1.0.3>1.1.0", NULL, NULL },
	{ "no [project]: flit's own table",
	    { { "pyproject.toml",
		  "[build-system]\nbuild-backend='flit_core.buildapi'\n[tool.flit.metadata]\n"
		  "module='fm'\n",
		  NULL },
		{ "fm.py", "", NULL },
		{ "fm/__init__.py", "__version__='1.0.3'\n", "__version__='1.1.0'\n" } },
	    { "1.1.0" }, "fm/__init__.py:1 __version__ 1.0.3>1.1.0", NULL, NULL },
	{ "attr through an import and where",
	    { { "pyproject.toml",
		  DYNAMIC "[tool.setuptools.dynamic]\nversion = {attr = 'a.__version__'}\n"
			  "[tool.setuptools.packages.find]\nwhere = ['lib']\n",
		  NULL },
		{ "lib/a/__init__.py", "from ._v import __version__ as __version__\n", NULL },
		{ "lib/a/_v.py", "__version__: str = '1.0.3'\n", "__version__: str = '1.1.0'\n" } },
	    { "1.1.0" }, "lib/a/_v.py:1 __version__ 1.0.3>1.1.0", NULL, NULL },
	{ "case 11: a pattern of hatch on package.json",
	    { { "pyproject.toml",
		  DYNAMIC "authors = [{name = \"J\xc3\xb6rg\"}]\n[tool.hatch.version]\npath = "
			  "\"g/package.json\"\npattern = "
			  "'\"version\":\\s*\"(?P<version>[^\"]+)\"'\n",
		  NULL },
		{ "g/package.json",
		    "{\n  \"version\": \"4.1.0\",\n  \"d\": { \"version\": \"4.1.0\" }\n}\n",
		    "{\n  \"version\": \"4.2.0-rc.1\",\n  \"d\": { \"version\": \"4.1.0\" "
		    "}\n}\n" } },
	    { "4.2.0rc1" }, "g/package.json:2 line 2 (pattern of hatch) 4.1.0>4.2.0-rc.1", NULL,
	    NULL },
	{ "hatch's own pattern on a file that is not Python",
	    { { "pyproject.toml", DYNAMIC "[tool.hatch.version]\npath = 'V.txt'\n", NULL },
		{ "V.txt", "x\nVersion = 'v1.0.3'\n", "x\nVersion = 'v1.1.0'\n" } },
	    { "1.1.0" }, "V.txt:2 line 2 (pattern of hatch) 1.0.3>1.1.0", NULL, NULL },
	{ "a pattern of PDM, its first group",
	    { { "pyproject.toml",
		  DYNAMIC "[tool.pdm.version]\nsource='file'\npath='v.h'\npattern='#define V "
			  "\"(.*)\"'\n",
		  NULL },
		{ "v.h", "#define V \"1.0.3\"\n", "#define V \"1.1.0\"\n" } },
	    { "1.1.0" }, "v.h:1 line 1 (pattern of PDM) 1.0.3>1.1.0", NULL, NULL },
	{ "maturin takes Cargo.toml",
	    { { "pyproject.toml", DYNAMIC "[build-system]\nbuild-backend='maturin'\n", NULL },
		{ "Cargo.toml", "[package]\nname='c'\nversion='1.0.3'\n",
		    "[package]\nname='c'\nversion='1.1.0-rc.1'\n" },
		{ "Cargo.lock", "[[package]]\nname='c'\nversion='1.0.3'\n",
		    "[[package]]\nname='c'\nversion='1.1.0-rc.1'\n" } },
	    { "1.1.0rc1" },
	    "Cargo.toml:3 package.version 1.0.3>1.1.0-rc.1;Cargo.lock:3 package[0].version "
	    "1.0.3>1.1.0-rc.1",
	    NULL, NULL },
	{ "maturin, a version of the workspace",
	    { { "pyproject.toml", DYNAMIC "[build-system]\nbuild-backend='maturin'\n", NULL },
		{ "Cargo.toml",
		    "[package]\nname='c'\nversion.workspace = "
		    "true\n[workspace.package]\nversion='1.0.3'\n",
		    "[package]\nname='c'\nversion.workspace = "
		    "true\n[workspace.package]\nversion='1.1.0'\n" } },
	    { "1.1.0" }, "Cargo.toml:5 workspace.package.version 1.0.3>1.1.0", NULL, NULL },
	{ "case 14: a tuple is the source of __version__",
	    { { "pyproject.toml", DYNAMIC "[tool.hatch.version]\npath='j/_version.py'\n", NULL },
		{ "j/_version.py",
		    "version_info = (1, 15, 1, \"\", \"\")\n__version__ = \".\".join(map(str, "
		    "version_info[:3])) + \"\".join(version_info[3:])\n",
		    "version_info = (1, 16, 0, \"\", \"\")\n__version__ = \".\".join(map(str, "
		    "version_info[:3])) + \"\".join(version_info[3:])\n" } },
	    { "1.16.0" },
	    "j/_version.py:1 version_info (1, 15, 1, \"\", \"\")>(1, 16, 0, \"\", \"\")~", NULL,
	    NULL },
	{ "case 14: the same, rc",
	    { { "pyproject.toml", DYNAMIC "[tool.hatch.version]\npath='j/_version.py'\n", NULL },
		{ "j/_version.py",
		    "version_info = (1, 15, 1, \"\", \"\")\n__version__ = f(version_info)\n",
		    "version_info = (1, 16, 0, \"rc\", \"1\")\n__version__ = f(version_info)\n" } },
	    { "1.16.0rc1" },
	    "j/_version.py:1 version_info (1, 15, 1, \"\", \"\")>(1, 16, 0, \"rc\", \"1\")~", NULL,
	    NULL },
	{ "case 15: Django's words",
	    { { "pyproject.toml",
		  DYNAMIC "[tool.setuptools.dynamic]\nversion = {attr = 'd.__version__'}\n", NULL },
		{ "d/__init__.py",
		    "from d.u import get_version\n\nVERSION = (4, 2, 2, \"alpha\", 0)\n\n"
		    "__version__ = get_version(VERSION)\n",
		    "from d.u import get_version\n\nVERSION = (4, 2, 2, \"final\", 0)\n\n"
		    "__version__ = get_version(VERSION)\n" } },
	    { "4.2.2" }, "d/__init__.py:3 VERSION (4, 2, 2, \"alpha\", 0)>(4, 2, 2, \"final\", 0)~",
	    NULL, NULL },
	{ "case 16: a placeholder is replaced by the version that was typed",
	    { { "pyproject.toml",
		  DYNAMIC "[tool.setuptools.dynamic]\nversion = {attr = 'd.version.__version__'}\n",
		  NULL },
		{ "d/version.py", "__version__ = \"1!0+dev\"\n", "__version__ = \"1.5.0\"\n" } },
	    { "1.5.0" }, "d/version.py:1 __version__ 1!0+dev>1.5.0", NULL, NULL },
	{ "a tag decides, mirrors follow what it says",
	    { { "pyproject.toml", DYNAMIC "[build-system]\nrequires=['setuptools-scm>=8']\n",
		  NULL },
		{ "a/_version.py", "__version__ = '1.0.3'\n", NULL },
		{ "CITATION.cff", "version: 1.0.3\n", "version: 1.1.0\n" } },
	    { "1.1.0" }, "CITATION.cff:1 version 1.0.3>1.1.0", NULL, "1.0.3" },
};

Test(places, mirrors_hold_the_same_value, .fini = leak_gate)
{
	for (size_t i = 0; i < ARRAY_LEN(mirrors); i++)
		edit_case_run(&mirrors[i]);
}

Test(places, the_authority_is_where_the_backend_looks, .fini = leak_gate)
{
	for (size_t i = 0; i < ARRAY_LEN(authorities); i++)
		edit_case_run(&authorities[i]);
}

Test(places, scripts_leave_out_and_take_in, .fini = leak_gate)
{
	static struct place items[] = {
		{ .role = PLACE_AUTHORITY,
		    .file = "p.toml",
		    .line = 3,
		    .what = "project.version",
		    .new_text = "2",
		    .included = true },
		{ .role = PLACE_MIRROR,
		    .file = "a.py",
		    .line = 1,
		    .what = "__version__",
		    .new_text = "2",
		    .included = true },
		{ .role = PLACE_MIRROR,
		    .file = "a.py",
		    .line = 2,
		    .what = "__build__",
		    .new_text = "0x2" },
		{ .role = PLACE_MIRROR,
		    .file = "b.py",
		    .line = 2,
		    .what = "V",
		    .note = "computed" },
		{ .role = PLACE_MENTION, .file = "README", .line = 2, .what = "mention" },
	};
	static const struct {
		const char *pattern;
		bool included;
		size_t matched;
		const char *all, *error;
	} row[] = {
		{ "a.py", false, 2, "10000", NULL },
		{ "a.py:2", true, 1, "10100", NULL },
		{ "a.py:__version__", true, 1, "11100", NULL },
		{ "a.py:3", true, 0, "11100", NULL },
		{ "a.p", true, 0, "11100", NULL },
		{ "a.pyc", true, 0, "11100", NULL },
		{ "README", true, 0, "11100", NULL },
		{ "p.toml", false, 1, "11100", "p.toml:3 decides the version" },
		{ "b.py", true, 1, "11100", "b.py:2 cannot be edited: computed" },
	};
	struct places p = { .items = items, .count = ARRAY_LEN(items) };

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		const struct place_choice c = { row[i].pattern, row[i].included, false };
		struct err e = ERR_EMPTY;
		char all[ARRAY_LEN(items) + 1] = "";
		size_t matched;

		cr_expect_eq(places_choose(&p, &c, &matched, &e),
		    row[i].error != NULL ? ERR_REFUSED : ERR_OK);
		cr_expect(row[i].error == NULL || strstr(e.message, row[i].error) != NULL, "%s",
		    e.message);
		for (size_t k = 0; k < ARRAY_LEN(items); k++)
			all[k] = items[k].included ? '1' : '0';
		cr_expect_str_eq(all, row[i].all, "%s: %s", row[i].pattern, all);
		cr_expect_eq(matched, row[i].matched, "%s", row[i].pattern);
	}
}

Test(places, refuses_with_the_file_the_line_and_the_reason, .fini = leak_gate)
{
	static const struct {
		struct edit_case c;
		const char *says[3];
	} row[] = {
		{ { "computed",
		      { { "pyproject.toml", DYNAMIC "[tool.hatch.version]\npath='a.py'\n", NULL },
			  { "a.py", "\n__version__ = get()\n", NULL } },
		      { "1.1.0" }, NULL, NULL, NULL },
		    { "a.py: __version__ on line 2", "it is computed", "version-files" } },
		{ { "an f-string",
		      { { "pyproject.toml", DYNAMIC "[tool.hatch.version]\npath='a.py'\n", NULL },
			  { "a.py", "__version__ = f'{x}.1'\n", NULL } },
		      { "1.1.0" }, NULL, NULL, NULL },
		    { "a.py: __version__ on line 1", "an f-string", NULL } },
		{ { "two assignments",
		      { { "pyproject.toml",
			    DYNAMIC "[tool.pdm.version]\nsource='file'\npath='a.py'\n", NULL },
			  { "a.py", "__version__ = '1'\n\n__version__ = '2'\n", NULL } },
		      { "1.1.0" }, NULL, NULL, NULL },
		    { "a.py: __version__ is assigned twice, on lines 1 and 3", NULL, NULL } },
		{ { "case 5, where the tuple decides",
		      { { "pyproject.toml",
			    DYNAMIC "[tool.setuptools.dynamic]\nversion={attr='a.V'}\n", NULL },
			  { "a.py", "\nV = (1, 0, 3)\n", NULL } },
		      { "1.1.0rc1" }, NULL, NULL, NULL },
		    { "a.py:2: V decides the version, and a tuple of numbers cannot say 1.1.0rc1",
			"keep the version elsewhere", NULL } },
		{ { "case 15, a candidate of a development version",
		      { { "pyproject.toml",
			    DYNAMIC "[tool.setuptools.dynamic]\nversion={attr='d.__version__'}\n",
			    NULL },
			  { "d/__init__.py",
			      "VERSION = (4, 2, 2, 'alpha', 0)\n__version__ = get(VERSION)\n",
			      NULL } },
		      { "4.2.2rc1.dev1" }, NULL, NULL, NULL },
		    { "d/__init__.py:1: VERSION decides the version, and a tuple of this shape "
		      "cannot say 4.2.2rc1.dev1",
			NULL, NULL } },
		{ { "a pattern that looks behind",
		      { { "pyproject.toml",
			    DYNAMIC "[tool.hatch.version]\npath='a.txt'\npattern='(?<=v)(.*)'\n",
			    NULL },
			  { "a.txt", "v1\n", NULL } },
		      { "1.1.0" }, NULL, NULL, NULL },
		    { "the pattern (?<=v)(.*): a group that looks around", "at character 2",
			NULL } },
		{ { "interpolation",
		      { { "pyproject.toml", DYNAMIC SETUPTOOLS, NULL },
			  { "setup.cfg", "[metadata]\n\nversion = %(x)s\n", NULL } },
		      { "1.1.0" }, NULL, NULL, NULL },
		    { "setup.cfg:3: the version is put together by interpolation", NULL, NULL } },
		{ { "a call in setup.py",
		      { { "pyproject.toml", DYNAMIC SETUPTOOLS, NULL },
			  { "setup.py", "setup(\n  version=get_version(),\n)\n", NULL } },
		      { "1.1.0" }, NULL, NULL, NULL },
		    { "setup.py: the version= of setup() on line 2", "it is computed", NULL } },
		{ { "several files",
		      { { "pyproject.toml",
			  DYNAMIC "[tool.setuptools.dynamic]\nversion={file=['A','B']}\n", NULL } },
		      { "1.1.0" }, NULL, NULL, NULL },
		    { "put", "together from several files", NULL } },
		{ { "not UTF-8",
		      { { "pyproject.toml",
			    DYNAMIC "[tool.setuptools.dynamic]\nversion={file='V'}\n", NULL },
			  { "V", "1.0\n\xff\n", NULL } },
		      { "1.1.0" }, NULL, NULL, NULL },
		    { "V:2: byte 0xff is not UTF-8", NULL, NULL } },
		{ { "CR alone ends no line of TOML",
		      { { "pyproject.toml", "[project]\rname='a'\rversion='1.0.3'\r", NULL } },
		      { "1.1.0" }, NULL, NULL, NULL },
		    { "pyproject.toml:1:10", "carriage return", NULL } },
		{ { "one file, two packages",
		      { { "p/a/pyproject.toml", "[project]\nname='a'\nversion='1.0.3'\n", NULL },
			  { "p/v.py", "__version__ = '1.0.3'\n", NULL },
			  { "p/b/pyproject.toml",
			      "[project]\nname='b'\ndynamic=['version']\n[tool.hatch.version]\n"
			      "path='.././/v.py'\n",
			      NULL } },
		      { "1.1.0", "2.0.0" }, NULL, "../v.py", NULL },
		    { "p/v.py is claimed by two packages, a and b, which get 1.1.0 and 2.0.0",
			"version-files of one of them alone", NULL } },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *got = edit_case_error(&row[i].c);

		for (size_t k = 0; k < 3 && row[i].says[k] != NULL; k++)
			cr_expect(
			    strstr(got, row[i].says[k]) != NULL, "%s: %s", row[i].c.name, got);
		cr_expect(got[0] != '\0', "%s", row[i].c.name);
		free(got);
	}
}

Test(places, says_why_a_place_is_left_alone, .fini = leak_gate)
{
	static const struct {
		struct edit_case c;
		const char *note;
	} row[] = {
		{ { "case 28",
		      { { "pyproject.toml", "[project]\nname='a'\nversion='2.0.0.rc1'\n", NULL } },
		      { "2.0.0rc2" }, NULL, NULL, NULL },
		    "pyproject.toml:3 2.0.0.rc1 is not the normal form of 2.0.0rc1; 2.0.0rc2 is "
		    "written in it\n" },
		{ { "case 6",
		      { { "pyproject.toml", STATIC, NULL },
			  { "README.md", "a\n\nuse v1.0.3!\n", NULL } },
		      { "1.1.0" }, NULL, NULL, NULL },
		    "README.md:3 mentions it, and is not edited: use v1.0.3!\n" },
		{ { "case 15",
		      { { "pyproject.toml",
			    DYNAMIC "[tool.setuptools.dynamic]\nversion={attr='d.__version__'}\n",
			    NULL },
			  { "d/__init__.py",
			      "VERSION = (4, 2, 2, 'alpha', 0)\n__version__ = get(VERSION)\n",
			      NULL } },
		      { "4.2.2b1" }, NULL, NULL, NULL },
		    "d/__init__.py:1 read together it says 4.2.2b1; the build shows whether what "
		    "is computed from it does\n" },
		{ { "a tool that cannot be told",
		      { { "pyproject.toml", DYNAMIC "[build-system]\nrequires=['versioningit']\n",
			  NULL } },
		      { "1.1.0" }, NULL, NULL, NULL },
		    "pyproject.toml:1 versioningit reads the tag, which is made after the build: "
		    "see "
		    "that the build is told 1.1.0\n" },
		{ { "a mirror that is not UTF-8",
		      { { "pyproject.toml", STATIC, NULL }, { "CITATION.cff", "\xff\n", NULL } },
		      { "1.1.0" }, NULL, NULL, NULL },
		    "CITATION.cff:1 not read: CITATION.cff:1: byte 0xff is not UTF-8\n" },
		{ { "SemVer",
		      { { "pyproject.toml", STATIC, NULL },
			  { "package.json", "{\"version\": \"1.0.3\"}", NULL } },
		      { "1.0.3.post1" }, NULL, NULL, NULL },
		    "package.json:1 left alone: " },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *got = edit_case_notes(&row[i].c);

		cr_expect(strncmp(got, row[i].note, strlen(row[i].note)) == 0, "%s: %s",
		    row[i].c.name, got);
		free(got);
	}
}
