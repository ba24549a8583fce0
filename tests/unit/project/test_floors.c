/* Floors and pins on members of the repository, in every file and table where they can stand, and
 * in the lock files that repeat them. */
#include <criterion/criterion.h>

#include "edit_case.h"
#include "leak_gate.h"
#include "slipway/base/compiler.h"

#define CORE                                                                                       \
	"a/pyproject.toml", "[project]\nname='core'\nversion='1.0.3'\n",                           \
	    "[project]\nname='core'\nversion='1.1.0'\n"
#define APP                                                                                        \
	"b/pyproject.toml", "[project]\nname='app'\nversion='1.0.3'\n",                            \
	    "[project]\nname='app'\nversion='1.1.0'\n"
#define BOTH                                                                                       \
	"a/pyproject.toml:3 project.version 1.0.3>1.1.0;b/pyproject.toml:3 project.version "       \
	"1.0.3>1.1.0"

static const struct edit_case floors[] = {
	{ "setup.cfg: install_requires and extras, one line and many",
	    { { CORE }, { APP },
		{ "b/setup.cfg",
		    "[options]\ninstall_requires =\n    core >= 1.0.3 ; python_version < \"4\"\n  "
		    "  # core>=1.0.3\n    core-extra>=1.0.3\nsetup_requires = x>=1; core==1.0.3\n"
		    "[options.extras_require]\nfast = Core[x]~=1.0.3,<2\n",
		    "[options]\ninstall_requires =\n    core >= 1.1.0 ; python_version < \"4\"\n  "
		    "  # core>=1.0.3\n    core-extra>=1.0.3\nsetup_requires = x>=1; core==1.1.0\n"
		    "[options.extras_require]\nfast = Core[x]~=1.1.0,<2\n" } },
	    { "1.1.0", "1.1.0" },
	    BOTH ";b/setup.cfg:3 options.install_requires floor 1.0.3>1.1.0;b/setup.cfg:6 "
		 "options.setup_requires floor 1.0.3>1.1.0;b/setup.cfg:8 "
		 "options.extras_require floor 1.0.3>1.1.0",
	    NULL, NULL },
	{ "setup.py: lists, a dict, a variable",
	    { { CORE }, { APP },
		{ "b/setup.py",
		    "reqs = [\n  'core>=1.0.3',  # 'core>=1.0.3'\n  'six',\n]\nother = "
		    "['core>=1.0.3']\nsetup(install_requires=reqs,\n  extras_require={'x': "
		    "[\"core==1.0.3\"], 'core>=1.0.3': 'core>=1.0.3'})\n",
		    "reqs = [\n  'core>=1.1.0',  # 'core>=1.0.3'\n  'six',\n]\nother = "
		    "['core>=1.0.3']\nsetup(install_requires=reqs,\n  extras_require={'x': "
		    "[\"core==1.1.0\"], 'core>=1.0.3': 'core>=1.1.0'})\n" } },
	    { "1.1.0", "1.1.0" },
	    BOTH ";b/setup.py:2 install_requires floor 1.0.3>1.1.0;b/setup.py:7 extras_require "
		 "floor 1.0.3>1.1.0;b/setup.py:7 extras_require floor 1.0.3>1.1.0",
	    NULL, NULL },
	{ "requirements files: comments, options, hashes",
	    { { CORE }, { APP },
		{ "b/requirements.txt",
		    "-r other.txt\n# core==1.0.3\ncore==1.0.3  # pinned\r\ncore>=1.0.3 "
		    "--no-binary :all:\n--hash=sha256:00 core==1.0.3\ncore-x==1.0.3\n",
		    "-r other.txt\n# core==1.0.3\ncore==1.1.0  # pinned\r\ncore>=1.1.0 "
		    "--no-binary :all:\n--hash=sha256:00 core==1.0.3\ncore-x==1.0.3\n" },
		{ "b/requirements/dev.in", "core[fast] >=1.0.3, <2\n", "core[fast] >=1.1.0, <2\n" },
		{ "constraints.txt", "core==1.0.3\n", "core==1.1.0\n" } },
	    { "1.1.0", "1.1.0" }, NULL, NULL, NULL },
	{ "requirements with hashes ask",
	    { { CORE }, { APP },
		{ "b/requirements.txt", "core==1.0.3 \\\n    --hash=sha256:00\ncore>=1.0.3\n",
		    "core==1.0.3 \\\n    --hash=sha256:00\ncore>=1.1.0\n" } },
	    { "1.1.0", "1.1.0" },
	    BOTH ";b/requirements.txt:1 requirement floor core==1.0.3>-?;b/requirements.txt:3 "
		 "requirement floor 1.0.3>1.1.0",
	    NULL, NULL },
	{ "Poetry: caret, tilde, pin, wildcard, sets, tables",
	    { { CORE },
		{ "b/pyproject.toml",
		    "[tool.poetry]\nname='app'\nversion='1.0.3'\n[tool.poetry.dependencies]\n"
		    "core = [{version='~1.0', python='<4'}, {version='~1', python='>=4'}]\n"
		    "[tool.poetry.group.a.dependencies]\ncore = {version='1.0.*', extras=['x']}\n"
		    "[tool.poetry.group.b.dependencies]\ncore = '1.0.3'\n"
		    "[tool.poetry.group.c.dependencies]\ncore = '^1.0 || ^2.0'\n"
		    "[tool.poetry.group.d.dependencies]\ncore = '*'\n"
		    "[tool.poetry.group.e.dependencies]\ncore = '>=1.0.3,<1.1'\n"
		    "[tool.poetry.group.f.dependencies]\ncore = {path='../a', develop=true}\n",
		    "[tool.poetry]\nname='app'\nversion='1.1.0'\n[tool.poetry.dependencies]\n"
		    "core = [{version='~1.1', python='<4'}, {version='~1', python='>=4'}]\n"
		    "[tool.poetry.group.a.dependencies]\ncore = {version='1.1.*', extras=['x']}\n"
		    "[tool.poetry.group.b.dependencies]\ncore = '1.1.0'\n"
		    "[tool.poetry.group.c.dependencies]\ncore = '^1.0 || ^2.0'\n"
		    "[tool.poetry.group.d.dependencies]\ncore = '*'\n"
		    "[tool.poetry.group.e.dependencies]\ncore = '>=1.0.3,<1.1'\n"
		    "[tool.poetry.group.f.dependencies]\ncore = {path='../a', develop=true}\n" },
		{ "b/poetry.lock", "content-hash = '1'\n", NULL } },
	    { "1.1.0", "1.1.0" },
	    "a/pyproject.toml:3 project.version 1.0.3>1.1.0;b/pyproject.toml:3 "
	    "tool.poetry.version 1.0.3>1.1.0;b/pyproject.toml:5 "
	    "tool.poetry.dependencies.core[0].version floor 1.0>1.1;b/pyproject.toml:7 "
	    "tool.poetry.group.a.dependencies.core.version floor 1.0.*>1.1.*;b/pyproject.toml:9 "
	    "tool.poetry.group.b.dependencies.core floor 1.0.3>1.1.0;b/pyproject.toml:11 "
	    "tool.poetry.group.c.dependencies.core floor ^1.0 || ^2.0>-?;b/pyproject.toml:15 "
	    "tool.poetry.group.e.dependencies.core floor >=1.0.3,<1.1>-?;b/poetry.lock:1 "
	    "content-hash >-~",
	    NULL, NULL },
	{ "every table in which requirements stand",
	    { { CORE }, { "b/pyproject.toml",
			    "[project]\nname='app'\nversion='1.0.3'\ndependencies=['core>=1.0.3']\n"
			    "[project.optional-dependencies]\nx=['core>=1.0.3']\n"
			    "[dependency-groups]\ny=['core>=1.0.3', {include-group='z'}]\nz=[]\n"
			    "[build-system]\nrequires=['core>=1.0.3']\n"
			    "[tool.uv]\ndev-dependencies=['core>=1.0.3']\n"
			    "[tool.hatch.envs.t]\ndependencies=['core>=1.0.3']\n"
			    "extra-dependencies=['core>=1.0.3']\n"
			    "[tool.pdm.dev-dependencies]\nv=['core>=1.0.3']\n"
			    "[tool.flit.metadata]\nrequires=['core>=1.0.3']\n"
			    "requires-extra={w=['core>=1.0.3']}\n"
			    "[tool.poetry.dependencies]\ncore='>=1.0.3'\n"
			    "[tool.poetry.dev-dependencies]\ncore={version='>=1.0.3'}\n"
			    "[tool.other]\nrequires=['core>=1.0.3']\n",
			    "[project]\nname='app'\nversion='1.1.0'\ndependencies=['core>=1.1.0']\n"
			    "[project.optional-dependencies]\nx=['core>=1.1.0']\n"
			    "[dependency-groups]\ny=['core>=1.1.0', {include-group='z'}]\nz=[]\n"
			    "[build-system]\nrequires=['core>=1.1.0']\n"
			    "[tool.uv]\ndev-dependencies=['core>=1.1.0']\n"
			    "[tool.hatch.envs.t]\ndependencies=['core>=1.1.0']\n"
			    "extra-dependencies=['core>=1.1.0']\n"
			    "[tool.pdm.dev-dependencies]\nv=['core>=1.1.0']\n"
			    "[tool.flit.metadata]\nrequires=['core>=1.1.0']\n"
			    "requires-extra={w=['core>=1.1.0']}\n"
			    "[tool.poetry.dependencies]\ncore='>=1.1.0'\n"
			    "[tool.poetry.dev-dependencies]\ncore={version='>=1.1.0'}\n"
			    "[tool.other]\nrequires=['core>=1.0.3']\n" } },
	    { "1.1.0", "1.1.0" }, NULL, NULL, NULL },
	{ "a broken cap is asked about once, not in the lock file as well",
	    { { CORE },
		{ "b/pyproject.toml",
		    "[project]\nname='app'\nversion='1.0.3'\ndependencies=['core<1.1,>=1.0.3']\n",
		    "[project]\nname='app'\nversion='1.1.0'\ndependencies=['core<1.1,>=1.0.3']\n" },
		{ "b/uv.lock",
		    "[[package]]\nname = \"app\"\nsource = { editable = \".\" }\n"
		    "[package.metadata]\nrequires-dist = [{ name = \"core\", specifier = "
		    "\">=1.0.3,<1.1\" }]\n",
		    NULL } },
	    { "1.1.0", "1.1.0" },
	    BOTH ";b/pyproject.toml:4 project.dependencies[0] floor core<1.1,>=1.0.3>-?", NULL,
	    NULL },
	{ "uv.lock of each package: what it needs, and its own entry in that of another",
	    { { CORE },
		{ "b/pyproject.toml",
		    "[project]\nname='app'\nversion='1.0.3'\ndependencies=['core<2,>=1.0.3']\n",
		    "[project]\nname='app'\nversion='1.1.0'\ndependencies=['core<2,>=1.1.0']\n" },
		{ "b/uv.lock",
		    "[[package]]\nname = \"app\"\nversion = \"1.0.3\"\nsource = { editable = "
		    "\".\" }\ndependencies = [\n    { name = \"core\" },\n]\n\n"
		    "[package.metadata]\nrequires-dist = [{ name = \"core\", editable = "
		    "\"../a\" , specifier = \">=1.0.3,<2\" }]\n[package.metadata.requires-dev]\n"
		    "x = [{ name = \"core\" }, { name = \"core-x\", specifier = "
		    "\"==1.0.3\" }, { name = \"core\", specifier = \"==1.0.3\" }]\n\n"
		    "[[package]]\nname = \"core\"\nversion = \"1.0.3\"\nsource = { editable = "
		    "\"../a\" }\n\n[[package]]\nname = \"other\"\nversion = \"1.0.3\"\nsource "
		    "= { registry = \"x\" }\n[package.metadata]\nrequires-dist = [{ name = "
		    "\"core\", specifier = \">=1.0.3\" }]\n",
		    "[[package]]\nname = \"app\"\nversion = \"1.1.0\"\nsource = { editable = "
		    "\".\" }\ndependencies = [\n    { name = \"core\" },\n]\n\n"
		    "[package.metadata]\nrequires-dist = [{ name = \"core\", editable = "
		    "\"../a\" , specifier = \">=1.1.0,<2\" }]\n[package.metadata.requires-dev]\n"
		    "x = [{ name = \"core\" }, { name = \"core-x\", specifier = "
		    "\"==1.0.3\" }, { name = \"core\", specifier = \"==1.1.0\" }]\n\n"
		    "[[package]]\nname = \"core\"\nversion = \"1.1.0\"\nsource = { editable = "
		    "\"../a\" }\n\n[[package]]\nname = \"other\"\nversion = \"1.0.3\"\nsource "
		    "= { registry = \"x\" }\n[package.metadata]\nrequires-dist = [{ name = "
		    "\"core\", specifier = \">=1.0.3\" }]\n" } },
	    { "1.1.0", "1.1.0" }, NULL, NULL, NULL },
	{ "pdm.lock: entries by their path; its hash covers the requirements",
	    { { CORE },
		{ "b/pyproject.toml",
		    "[project]\nname='app'\nversion='1.0.3'\ndependencies=['core>=1.0.3']\n",
		    "[project]\nname='app'\nversion='1.1.0'\ndependencies=['core>=1.1.0']\n" },
		{ "b/pdm.lock",
		    "[metadata]\ncontent_hash = \"sha256:0\"\n[[package]]\nname = \"core\"\n"
		    "version = \"1.0.3\"\neditable = true\npath = \"../a\"\n[[package]]\nname = "
		    "\"core\"\nversion = \"1.0.3\"\n",
		    "[metadata]\ncontent_hash = \"sha256:0\"\n[[package]]\nname = \"core\"\n"
		    "version = \"1.1.0\"\neditable = true\npath = \"../a\"\n[[package]]\nname = "
		    "\"core\"\nversion = \"1.0.3\"\n" },
		{ "pylock.toml",
		    "lock-version = \"1.0\"\n[[packages]]\nname = \"app\"\nversion = "
		    "\"1.0.3\"\n[packages.directory]\npath = \"b\"\n[[packages]]\nname = "
		    "\"core\"\nversion = \"1.0.3\"\n",
		    NULL } },
	    { "1.1.0", "1.1.0" },
	    "a/pyproject.toml:3 project.version 1.0.3>1.1.0;b/pdm.lock:5 package[0].version "
	    "1.0.3>1.1.0;b/pyproject.toml:3 project.version 1.0.3>1.1.0;pylock.toml:2 packages "
	    ">-~;b/pyproject.toml:4 project.dependencies[0] floor 1.0.3>1.1.0;b/pdm.lock:1 "
	    "content_hash >-~",
	    NULL, NULL },
	{ "case 3: a version alone leaves Poetry's hash as it is",
	    { { "pyproject.toml",
		  "[tool.poetry]\nname='a'\nversion='0.2.2'\n[tool.poetry.dependencies]\n"
		  "python='^3.9'\n",
		  "[tool.poetry]\nname='a'\nversion='0.3.0'\n[tool.poetry.dependencies]\n"
		  "python='^3.9'\n" },
		{ "poetry.lock",
		    "[[package]]\nname = \"a\"\nversion = \"0.2.2\"\n[metadata]\n"
		    "content-hash = \"0\"\n",
		    NULL } },
	    { "0.3.0" }, "pyproject.toml:3 tool.poetry.version 0.2.2>0.3.0", NULL, NULL },
	{ "case 2: a pre-release is named in full",
	    { { "a/pyproject.toml", "[project]\nname='core'\nversion='1.0.3'\n",
		  "[project]\nname='core'\nversion='1.1.0rc1'\n" },
		{ "b/pyproject.toml",
		    "[tool.poetry]\nname='app'\nversion='1.0.3'\n[tool.poetry.dependencies]\n"
		    "core = '~1.0'\n",
		    "[tool.poetry]\nname='app'\nversion='1.1.0rc1'\n[tool.poetry.dependencies]\n"
		    "core = '~1.1.0rc1'\n" } },
	    { "1.1.0rc1", "1.1.0rc1" }, NULL, NULL, NULL },
	{ "case 9: the cap stands first, groups stay",
	    { { "a/pyproject.toml", "[project]\nname='core'\nversion='0.3.74'\n",
		  "[project]\nname='core'\nversion='0.3.75'\n" },
		{ "b/pyproject.toml",
		    "[project]\nname='app'\nversion='0.1'\ndependencies=[\"core<1.0.0,>=0.3.74\"]\n"
		    "[dependency-groups]\ntest=[\"core\"]\n",
		    "[project]\nname='app'\nversion='0.2'\ndependencies=[\"core<1.0.0,>=0.3.75\"]\n"
		    "[dependency-groups]\ntest=[\"core\"]\n" } },
	    { "0.3.75", "0.2" }, NULL, NULL, NULL },
};

/* In the order of enum place_policy, from the second one on. */
static const struct edit_case policies[] = {
	{ "pin: Poetry, PEP 508 and setup.cfg",
	    { { CORE },
		{ "b/pyproject.toml",
		    "[tool.poetry]\nname='app'\nversion='1.0.3'\n[tool.poetry.dependencies]\n"
		    "core = '^1.0'\n[tool.poetry.group.a.dependencies]\ncore = '>=1.0.3,<2'\n"
		    "[dependency-groups]\na=['core[x] ~= 1.0.3 ; a']\nb=['core']\n",
		    "[tool.poetry]\nname='app'\nversion='1.1.0'\n[tool.poetry.dependencies]\n"
		    "core = '1.1.0'\n[tool.poetry.group.a.dependencies]\ncore = '==1.1.0,<2'\n"
		    "[dependency-groups]\na=['core[x] ==1.1.0 ; a']\nb=['core']\n" },
		{ "b/setup.cfg", "[options]\ninstall_requires = core>=1.0.3\n",
		    "[options]\ninstall_requires = core==1.1.0\n" } },
	    { "1.1.0", "1.1.0" },
	    "a/pyproject.toml:3 project.version 1.0.3>1.1.0;b/pyproject.toml:3 "
	    "tool.poetry.version 1.0.3>1.1.0;b/pyproject.toml:9 dependency-groups.a[0] floor "
	    "~= 1.0.3>==1.1.0;b/pyproject.toml:5 tool.poetry.dependencies.core floor "
	    "^1.0>1.1.0~;b/pyproject.toml:7 tool.poetry.group.a.dependencies.core floor "
	    ">=1.0.3>==1.1.0;b/setup.cfg:2 options.install_requires floor >=1.0.3>==1.1.0",
	    NULL, NULL },
	{ "leave: a cap that would be broken is a question all the same",
	    { { CORE }, { "b/pyproject.toml",
			    "[project]\nname='app'\nversion='1.0.3'\ndependencies=['core>=1.0.3']\n"
			    "[dependency-groups]\na=['core<1.1']\n",
			    "[project]\nname='app'\nversion='1.1.0'\ndependencies=['core>=1.0.3']\n"
			    "[dependency-groups]\na=['core<1.1']\n" } },
	    { "1.1.0", "1.1.0" },
	    BOTH ";b/pyproject.toml:4 project.dependencies[0] floor "
		 "1.0.3>1.1.0-~;b/pyproject.toml:6 dependency-groups.a[0] floor core<1.1>-?",
	    NULL, NULL },
	{ "ask",
	    { { CORE },
		{ "b/pyproject.toml",
		    "[project]\nname='app'\nversion='1.0.3'\ndependencies=['core>=1.0.3']\n",
		    "[project]\nname='app'\nversion='1.1.0'\ndependencies=['core>=1.0.3']\n" } },
	    { "1.1.0", "1.1.0" },
	    BOTH ";b/pyproject.toml:4 project.dependencies[0] floor 1.0.3>1.1.0-?", NULL, NULL },
};

Test(floors, requirements_follow_the_policy, .fini = leak_gate)
{
	for (size_t i = 0; i < ARRAY_LEN(policies); i++)
		edit_case_run_by(&policies[i], (enum place_policy)(PLACE_POLICY_PIN + i));
}

Test(floors, floors_move_in_every_file, .fini = leak_gate)
{
	for (size_t i = 0; i < ARRAY_LEN(floors); i++)
		edit_case_run(&floors[i]);
}
