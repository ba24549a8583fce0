/* Versions that other tools than Python's keep: each with what looks alike and must stay. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "edit_case.h"
#include "leak_gate.h"
#include "slipway/base/compiler.h"

#define STATIC "[project]\nname = \"a\"\nversion = \"1.0.3\"\n"
#define STATIC_RC "[project]\nname = \"a\"\nversion = \"1.1.0rc1\"\n"
#define AT "pyproject.toml:3 project.version 1.0.3>1.1.0rc1"
#define MESON "[build-system]\nbuild-backend='mesonpy'\n[project]\nname='a'\ndynamic=['version']\n"

static const struct edit_case cases[] = {
	{ "tauri.conf.json wants SemVer; deeper versions and a file elsewhere stay",
	    { { "pyproject.toml", STATIC, STATIC_RC },
		{ "src-tauri/tauri.conf.json",
		    "{\n  \"version\": \"1.0.3\",\n  \"plugins\": {\"version\": \"1.0.3\"}\n}\n",
		    "{\n  \"version\": \"1.1.0-rc.1\",\n  \"plugins\": {\"version\": "
		    "\"1.0.3\"}\n}\n" },
		{ "src-tauri/Cargo.toml", "[package]\nname='x'\nversion = \"1.0.3\"\n",
		    "[package]\nname='x'\nversion = \"1.1.0-rc.1\"\n" },
		{ "web/tauri.conf.json", "{\"version\": \"1.0.3\"}", NULL } },
	    { "1.1.0rc1" },
	    AT ";src-tauri/tauri.conf.json:2 version 1.0.3>1.1.0-rc.1;src-tauri/Cargo.toml:3 "
	       "package.version 1.0.3>1.1.0-rc.1",
	    NULL, NULL },
	{ "codemeta.json and .zenodo.json have Python's spelling",
	    { { "pyproject.toml", STATIC, STATIC_RC },
		{ "codemeta.json",
		    "{\"softwareRequirements\": [{\"version\": \"1.0.3\"}],\"version\":\"1.0.3\"}",
		    "{\"softwareRequirements\": [{\"version\": "
		    "\"1.0.3\"}],\"version\":\"1.1.0rc1\"}" },
		{ ".zenodo.json", "{\r\n \"version\": \"v1.0.2\"\r\n}\r\n", NULL } },
	    { "1.1.0rc1" },
	    AT ";codemeta.json:1 version 1.0.3>1.1.0rc1;.zenodo.json:2 version "
	       "v1.0.2>1.1.0rc1-~",
	    NULL, NULL },
	{ "server.json: the packages it lists are told",
	    { { "pyproject.toml", STATIC, STATIC_RC },
		{ "server.json",
		    "{\"version\": \"1.0.3\", \"packages\": [{\"version\": \"2.0\"}, "
		    "{\"identifier\": \"a\", \"version\": \"1.0.3\"}]}",
		    "{\"version\": \"1.1.0-rc.1\", \"packages\": [{\"version\": \"2.0\"}, "
		    "{\"identifier\": \"a\", \"version\": \"1.0.3\"}]}" } },
	    { "1.1.0rc1" }, AT ";server.json:1 version 1.0.3>1.1.0-rc.1;server.json:1 packages >-~",
	    NULL, NULL },
	{ "meson.build: project() alone",
	    { { "pyproject.toml", STATIC, STATIC_RC },
		{ "meson.build",
		    "# version: '1.0.3'\nproject('a', ['c'],\n  default_options: ['version=1.0.3', "
		    "f(version: '1.0.3')],\n  version : '1.0.3', # here\n  meson_version: "
		    "'>=1.0.3')\ndependency('z', version: '1.0.3')\n",
		    "# version: '1.0.3'\nproject('a', ['c'],\n  default_options: ['version=1.0.3', "
		    "f(version: '1.0.3')],\n  version : '1.1.0rc1', # here\n  meson_version: "
		    "'>=1.0.3')\ndependency('z', version: '1.0.3')\n" } },
	    { "1.1.0rc1" }, AT ";meson.build:4 project(version:) 1.0.3>1.1.0rc1", NULL, NULL },
	{ "meson.build: computed, and of another call",
	    { { "pyproject.toml", STATIC, STATIC_RC },
		{ "meson.build",
		    "project('a', version: run_command('x', check: true).stdout())\n"
		    "dependency('z', version: '1.0.3')\n",
		    NULL } },
	    { "1.1.0rc1" }, AT, NULL, NULL },
	{ "meson-python takes the version of project()",
	    { { "pyproject.toml", MESON, NULL },
		{ "meson.build", "project('a', version: '1.0.3')\n",
		    "project('a', version: '1.1.0rc1')\n" } },
	    { "1.1.0rc1" }, "meson.build:1 project(version:) (meson) 1.0.3>1.1.0rc1", NULL, NULL },
	{ "conda: the set line, not what uses it",
	    { { "pyproject.toml", STATIC, STATIC_RC },
		{ "conda.recipe/meta.yaml",
		    "{% set name = \"a\" %}\n  {%- set  version = '1.0.3' %}  # x\n\npackage:\n  "
		    "version: {{ version }}\nrequirements:\n  - b ==1.0.3\n",
		    "{% set name = \"a\" %}\n  {%- set  version = '1.1.0rc1' %}  # x\n\n"
		    "package:\n  version: {{ version }}\nrequirements:\n  - b ==1.0.3\n" },
		{ "recipe/meta.yaml", "package:\n  version: 1.0.3\n", NULL } },
	    { "1.1.0rc1" }, AT ";conda.recipe/meta.yaml:2 set version 1.0.3>1.1.0rc1~", NULL,
	    NULL },
	{ "recipe.yaml: context.version and no other",
	    { { "pyproject.toml", STATIC, STATIC_RC },
		{ "recipe/recipe.yaml",
		    "schema_version: 1\nother:\n  version: 1.0.3\ncontext:\n  name: a\n  # "
		    "version: "
		    "1.0.3\n  deeper:\n    version: 1.0.3\n  version: \"1.0.3\"\npackage:\n  "
		    "version: 1.0.3\n",
		    "schema_version: 1\nother:\n  version: 1.0.3\ncontext:\n  name: a\n  # "
		    "version: "
		    "1.0.3\n  deeper:\n    version: 1.0.3\n  version: \"1.1.0rc1\"\npackage:\n  "
		    "version: 1.0.3\n" } },
	    { "1.1.0rc1" }, AT ";recipe/recipe.yaml:9 context.version 1.0.3>1.1.0rc1~", NULL,
	    NULL },
	{ "Chart.yaml: appVersion, not the chart's own; its v stays",
	    { { "pyproject.toml", STATIC, STATIC_RC },
		{ "Chart.yaml", "version: 1.0.3\nappVersion: \"v1.0.3\"\n",
		    "version: 1.0.3\nappVersion: \"v1.1.0rc1\"\n" },
		{ "helm/Chart.yaml",
		    "dependencies:\n  - appVersion: 1.0.3\nappVersion: 1.0.3 # x\n",
		    "dependencies:\n  - appVersion: 1.0.3\nappVersion: 1.1.0rc1 # x\n" } },
	    { "1.1.0rc1" },
	    AT ";Chart.yaml:2 appVersion 1.0.3>1.1.0rc1;helm/Chart.yaml:3 appVersion "
	       "1.0.3>1.1.0rc1",
	    NULL, NULL },
};

Test(place_manifests, change_where_they_hold_the_value, .fini = leak_gate)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		edit_case_run(&cases[i]);
}

Test(place_manifests, say_what_stays_to_be_done_and_what_is_refused, .fini = leak_gate)
{
	static const struct edit_case conda = { .name = "conda",
		.file = { { "pyproject.toml", STATIC, NULL },
		    { "meta.yaml", "{% set version = \"1.0.3\" %}\n", NULL } },
		.target = { "1.1.0" } };
	static const struct {
		const char *meson, *says;
	} row[] = {
		{ "project('a', version: files('V'))\n",
		    "meson.build:1: the version of project() is computed" },
		{ "project('a')\ndependency('z', version: '1')\n",
		    "meson.build: project() has no version" },
	};
	char *got = edit_case_notes(&conda);

	cr_expect_str_eq(got,
	    "meta.yaml:1 conda: the sha256 there is of the old sdist; it can be set when the new "
	    "one is uploaded\n");
	free(got);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		const struct edit_case c = { .name = "meson",
			.file = { { "pyproject.toml", MESON, NULL },
			    { "meson.build", row[i].meson, NULL } },
			.target = { "1.1.0" } };

		got = edit_case_error(&c);
		cr_expect_not_null(strstr(got, row[i].says), "%s", got);
		free(got);
	}
}
