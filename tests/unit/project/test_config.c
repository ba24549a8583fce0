/* The configuration: every key is read, every mistake is told with its place and the way out. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/project/config.h"
#include "temp.h"

static const char full[] =
    "[release]\nmode = \"independent\"\nbranch = \"trunk\"\ncommit = \"Release {name} {version}\"\n"
    "tag = \"v{semver}\"\npublish = \"ci\"\ntest-index = \"corp\"\nindex = \"pypi\"\n"
    "python = \"python3.12\"\nchecks = [\"pytest -q\", \"mypy src\"]\nchecks-in = \"tree\"\n"
    "carry = [\"web/dist\"]\nhooks = false\nbuild = [\"{python}\", \"-m\", \"build\"]\n"
    "[package.rethink-llmhub]\npath = \"packages/cli\"\ntag = \"cli-v{version}\"\n"
    "token-env = \"PYPI_API_TOKEN_CLI\"\nversion-files = [\"src/llmhub/_version.py\"]\n"
    "smoke = [\"llmhub --version\"]\n[package.other]\nsmoke = []\n"
    "[index.corp]\nupload = \"https://corp/legacy/\"\nsimple = \"http://127.0.0.1:1/simple/\"\n"
    "token-env = [\"A_1\", \"_b\"]\n[gate.production]\napprovals = 2\nwait = \"30m\"\n";

static struct config
parsed(const char *text, enum config_kind kind)
{
	struct config c = CONFIG_EMPTY;
	struct err e = ERR_EMPTY;

	cr_assert_eq(
	    config_parse(bytes_of(text), "slipway.toml", kind, &c, &e), ERR_OK, "%s", e.message);
	return c;
}

static void
expect_list(const struct config_list *list, const char *joined)
{
	struct str text = STR_EMPTY;

	strlist_join(&list->items, "|", &text);
	cr_expect(list->is_set);
	cr_expect_str_eq(str_text(&text), joined);
	str_fini(&text);
}

static void
expect_full(const struct config *c)
{
	const struct config_package *p = config_find_package(c, "Rethink_LLMHub");
	const struct config_index *corp = config_find_index(c, "corp");

	cr_expect_eq(c->release.mode, CONFIG_MODE_INDEPENDENT);
	cr_expect_str_eq(c->release.branch, "trunk");
	cr_expect_str_eq(c->release.commit, "Release {name} {version}");
	cr_expect_str_eq(c->release.tag, "v{semver}");
	cr_expect_eq(c->release.publish, CONFIG_PUBLISH_CI);
	cr_expect_str_eq(c->release.test_index, "corp");
	cr_expect_str_eq(c->release.index, "pypi");
	cr_expect_str_eq(c->release.python, "python3.12");
	expect_list(&c->release.checks, "pytest -q|mypy src");
	cr_expect_eq(c->release.checks_in, CONFIG_CHECKS_IN_TREE);
	expect_list(&c->release.carry, "web/dist");
	cr_expect_eq(c->release.hooks, CONFIG_SWITCH_OFF);
	expect_list(&c->release.build, "{python}|-m|build");
	cr_assert_not_null(p);
	cr_expect_str_eq(p->path, "packages/cli");
	cr_expect_str_eq(p->tag, "cli-v{version}");
	expect_list(&p->token_env, "PYPI_API_TOKEN_CLI");
	expect_list(&p->version_files, "src/llmhub/_version.py");
	expect_list(&p->smoke, "llmhub --version");
	expect_list(&config_find_package(c, "other")->smoke, "");
	cr_expect_not(config_find_package(c, "other")->token_env.is_set);
	cr_assert_not_null(corp);
	cr_expect_str_eq(corp->upload, "https://corp/legacy/");
	cr_expect_str_eq(corp->simple, "http://127.0.0.1:1/simple/");
	expect_list(&corp->token_env, "A_1|_b");
	cr_expect_eq(c->production.approvals, 2);
	cr_expect_eq(c->production.wait_s, 1800);
	cr_expect_null(config_find_index(c, "pypi"));
}

Test(config, reads_every_key, .fini = leak_gate)
{
	struct config c = parsed(full, CONFIG_FILE);

	expect_full(&c);
	cr_expect_str_eq(c.source, "slipway.toml");
	config_fini(&c);
	cr_expect_null(c.source);
}

Test(config, nothing_set_is_nothing_decided, .fini = leak_gate)
{
	static const struct {
		const char *text;
		enum config_kind kind;
		bool there;
	} row[] = {
		{ "", CONFIG_FILE, true },
		{ "[project]\nname = \"x\"\n", CONFIG_PYPROJECT, false },
		{ "[tool.slipway]\n", CONFIG_PYPROJECT, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct config c = parsed(row[i].text, row[i].kind);

		cr_expect_eq(c.source != NULL, row[i].there, "row %zu", i);
		cr_expect_eq(c.release.mode, CONFIG_MODE_UNSET);
		cr_expect_eq(c.release.hooks, CONFIG_SWITCH_UNSET);
		cr_expect_null(c.release.tag);
		cr_expect_not(c.release.checks.is_set);
		cr_expect_not(c.production.has_approvals);
		config_fini(&c);
	}
}

Test(config, tells_every_mistake_with_its_place, .fini = leak_gate)
{
	static const struct {
		const char *text, *message;
	} row[] = {
		{ "[release]\nbraanch = \"x\"",
		    "c:2:1: unknown key release.braanch: did you mean \"branch\"?" },
		{ "[release]\ncheck_in = \"x\"",
		    "c:2:1: unknown key release.check_in: did you mean \"checks-in\"?" },
		{ "[release]\nxyzzy = 1", "c:2:1: unknown key release.xyzzy" },
		{ "[packages.x]", "c:1:2: unknown table packages: did you mean \"package\"?" },
		{ "tag = \"x\"", "c:1:1: unknown key tag" },
		{ "[gate.prod]", "c:1:7: unknown gate gate.prod: did you mean \"production\"?" },
		{ "[release]\nmode = \"both\"",
		    "c:2:8: release.mode must be \"lockstep\" or \"independent\" or \"mixed\", "
		    "found \"both\"" },
		{ "[release]\npublish = 1",
		    "c:2:11: release.publish must be \"local\" or \"ci\", found: integer" },
		{ "[release]\nbranch = true",
		    "c:2:10: release.branch must be a string, found: boolean" },
		{ "[release]\nhooks = \"yes\"",
		    "c:2:9: release.hooks must be true or false, found: string" },
		{ "[release]\nchecks = \"pytest\"",
		    "c:2:10: release.checks must be a list of strings, found: string" },
		{ "[release]\nchecks = [\n 'a',\n 1]",
		    "c:4:2: release.checks[1] must be a string, found: integer" },
		{ "[release]\nindex = ''", "c:2:9: release.index must not be empty" },
		{ "release = 1", "c:1:11: release must be a table, found: integer" },
		{ "package.x = 1", "c:1:13: package.x must be a table, found: integer" },
		{ "[release]\ntag = \"v\"",
		    "c:2:7: release.tag must hold {version}, {dashed} or {semver}" },
		{ "[release]\ntag = \"v{verson}\"",
		    "c:2:7: release.tag may hold {name}, {version}, {dashed} and {semver} only" },
		{ "[release]\ncarry = [\"/etc\"]",
		    "c:2:10: release.carry[0] must be relative to the repository" },
		{ "[package.a]\npath = \"a/../..\"",
		    "c:2:8: package.a.path must not leave the repository" },
		{ "[package.\"a b\"]",
		    "c:1:1: package.\"a b\" is not a name that a distribution can have" },
		{ "[package.a-b]\n[package.A_B]",
		    "c:2:1: package.A_B names a package that has a table already" },
		{ "[index.none]", "c:1:1: index.none is not a name that an index can have" },
		{ "[index.x]\nupload = \"ftp://x\"",
		    "c:2:10: index.x.upload must be a URL that starts with https:// or http://" },
		{ "[index.x]\ntoken-env = \"pypi-secret\"",
		    "c:2:13: index.x.token-env must be the name of an environment variable, not "
		    "its value" },
		{ "[index.x]\ntoken-env = 1", "c:2:13: index.x.token-env must be a string or a "
					      "list of strings, found: integer" },
		{ "[gate.production]\napprovals = -1",
		    "c:2:13: gate.production.approvals must be from 0 to 1000" },
		{ "[gate.production]\nwait = \"30\"",
		    "c:2:8: gate.production.wait must be a duration like \"90s\", \"30m\", \"2h\" "
		    "or \"1d\"" },
		{ "[gate.production]\nwait = \"9999d\"",
		    "c:2:8: gate.production.wait must be a duration like \"90s\", \"30m\", \"2h\" "
		    "or \"1d\", "
		    "at most a year" },
		{ "[release", "c:1:9: expected \"]\", found the end of the file" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct config c = CONFIG_EMPTY;
		struct err e = ERR_EMPTY;

		cr_expect_eq(config_parse(bytes_of(row[i].text), "c", CONFIG_FILE, &c, &e),
		    ERR_CONFIG, "row %zu", i);
		cr_expect_eq(e.code, ERR_CONFIG, "row %zu", i);
		cr_expect_str_eq(e.message, row[i].message, "row %zu: %s", i, e.message);
		cr_expect_eq(config_parse(bytes_of(row[i].text), "c", CONFIG_FILE, &c, NULL),
		    ERR_CONFIG, "row %zu without an err", i);
	}
}

Test(config, hints_name_what_is_known, .fini = leak_gate)
{
	struct config c = CONFIG_EMPTY;
	struct err e = ERR_EMPTY;

	config_parse(bytes_of("[gate.production]\nx = 1"), "c", CONFIG_FILE, &c, &e);
	cr_expect_str_eq(e.hint, "known here: approvals, wait; see slipway help config");
}

Test(config, looks_in_order_and_says_what_is_hidden, .fini = leak_gate)
{
	char *dir = temp_dir(), path[4096];
	struct config c = CONFIG_EMPTY;
	struct err e = ERR_EMPTY;

	cr_expect_eq(config_load(dir, NULL, &c, &e), ERR_OK, "%s", e.message);
	cr_expect_null(c.source);
	config_fini(&c);

	temp_puts(dir, "pyproject.toml", "[tool.slipway.release]\nbranch = \"p\"\n");
	cr_expect_eq(config_load(dir, NULL, &c, &e), ERR_OK, "%s", e.message);
	cr_expect_str_eq(c.release.branch, "p");
	cr_expect(text_ends(c.source, "/pyproject.toml"));
	config_fini(&c);

	temp_puts(dir, "slipway.toml", "[release]\nbranch = \"s\"\n");
	cr_expect_eq(config_load(dir, NULL, &c, &e), ERR_OK, "%s", e.message);
	cr_expect_str_eq(c.release.branch, "s");
	cr_expect(text_ends(c.shadowed, "/pyproject.toml"));
	cr_expect_eq(e.code, ERR_OK);
	config_fini(&c);

	temp_puts(dir, "other.toml", "[release]\nbranch = \"o\"\n");
	snprintf(path, sizeof path, "%s/other.toml", dir);
	cr_expect_eq(config_load(dir, path, &c, &e), ERR_OK, "%s", e.message);
	cr_expect_str_eq(c.release.branch, "o");
	config_fini(&c);

	snprintf(path, sizeof path, "%s/none.toml", dir);
	cr_expect_eq(config_load(dir, path, &c, &e), ERR_CONFIG);
	temp_puts(dir, "slipway.toml", "[release]\nbranch = \n");
	cr_expect_eq(config_load(dir, NULL, &c, &e), ERR_CONFIG);
	cr_expect(
	    strstr(e.message, "/slipway.toml:2:10: expected a value") != NULL, "%s", e.message);
	temp_remove(dir);
}

/* Takes the # off every line of the sample that holds a key, and the headers'. */
static void
uncomment(const char *text, struct str *out)
{
	struct bytes rest = bytes_of(text), line;

	while (bytes_line(&rest, &line)) {
		if (line.len > 1 && line.data[0] == '#' && line.data[1] != ' ')
			str_append(out, line.data + 1, line.len - 1);
		else if (line.len > 2 && line.data[0] == '#' && line.data[2] == '[')
			str_append(out, line.data + 2, line.len - 2);
		else
			str_append(out, line.data, line.len);
		str_putc(out, '\n');
	}
}

Test(config, the_sample_is_empty_until_uncommented_and_then_says_the_same, .fini = leak_gate)
{
	struct config c = parsed(full, CONFIG_FILE), sample, empty = CONFIG_EMPTY;
	struct str text = STR_EMPTY, plain = STR_EMPTY;

	config_sample(&c, &text);
	sample = parsed(str_text(&text), CONFIG_FILE);
	cr_expect_null(sample.release.branch);
	cr_expect_eq(sample.package_count, 2);
	config_fini(&sample);
	uncomment(str_text(&text), &plain);
	sample = parsed(str_text(&plain), CONFIG_FILE);
	cr_expect_str_eq(sample.release.branch, "trunk");
	cr_expect_eq(sample.production.wait_s, 1800);
	cr_expect_eq(sample.release.hooks, CONFIG_SWITCH_OFF);
	/* An index has no table in the sample unless it was found; this one was. */
	cr_expect_str_eq(config_find_index(&sample, "corp")->upload, "https://corp/legacy/");
	config_fini(&sample);

	str_clear(&text);
	str_clear(&plain);
	config_sample(&empty, &text);
	uncomment(str_text(&text), &plain);
	sample = parsed(str_text(&plain), CONFIG_FILE);
	cr_expect_str_eq(config_find_package(&sample, "NAME")->path, "packages/cli");
	cr_expect_eq(sample.release.mode, CONFIG_MODE_LOCKSTEP);
	config_fini(&sample);
	config_fini(&c);
	str_fini(&text);
	str_fini(&plain);
}

Test(config, help_names_every_key_of_the_design, .fini = leak_gate)
{
	static const char *const keys[] = { "[release]", "mode =", "branch =", "commit =", "tag =",
		"publish =", "test-index =", "index =", "python =", "checks =", "checks-in =",
		"carry =", "hooks =", "build =", "[package.NAME]",
		"path =", "token-env =", "version-files =", "smoke =", "[index.NAME]",
		"upload =", "simple =", "[gate.production]",
		"approvals =", "wait =", "\"worktree\" or \"tree\"" };
	struct str text = STR_EMPTY;

	config_help(&text);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		cr_expect(strstr(str_text(&text), keys[i]) != NULL, "%s", keys[i]);
	str_fini(&text);
}

Test(config, takes_a_tag_in_and_leaves_every_other_byte, .fini = leak_gate)
{
	static const struct {
		const char *before;
		enum config_kind kind;
		const char *package, *after; /* NULL: it cannot be put in */
	} row[] = {
		{ "", CONFIG_FILE, NULL, "[release]\ntag = \"t{version}\"\n" },
		{ "# c", CONFIG_FILE, NULL, "# c\n\n[release]\ntag = \"t{version}\"\n" },
		{ "[release] # r\nbranch = 'x'\n", CONFIG_FILE, NULL,
		    "[release] # r\ntag = \"t{version}\"\nbranch = 'x'\n" },
		{ "[release]", CONFIG_FILE, NULL, "[release]\ntag = \"t{version}\"\n" },
		{ "[release]\r\nhooks = true\r\n", CONFIG_FILE, "a.b",
		    "[release]\r\nhooks = true\r\n\r\n[package.\"a.b\"]\r\n"
		    "tag = \"t{version}\"\r\n" },
		{ "[package.A_b]\npath = 'p'", CONFIG_FILE, "a-b",
		    "[package.A_b]\ntag = \"t{version}\"\npath = 'p'" },
		{ "[project]\nname = 'x'\n", CONFIG_PYPROJECT, "x",
		    "[project]\nname = 'x'\n\n[tool.slipway.package.x]\n"
		    "tag = \"t{version}\"\n" },
		{ "release = { branch = 'x' }\n", CONFIG_FILE, NULL, NULL },
		{ "release.branch = 'x'\n", CONFIG_FILE, NULL, NULL },
		{ "[tool]\nslipway = {}\n", CONFIG_PYPROJECT, NULL, NULL },
		{ "[release\n", CONFIG_FILE, NULL, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct str out = STR_EMPTY;
		struct err e = ERR_EMPTY;
		enum err_code rc = config_add_tag(bytes_of(row[i].before), "c.toml", row[i].kind,
		    row[i].package, "t{version}", &out, &e);

		cr_expect_eq(
		    rc == ERR_OK, row[i].after != NULL, "%s: %s", row[i].before, e.message);
		cr_expect_str_eq(
		    str_text(&out), row[i].after != NULL ? row[i].after : "", "%s", row[i].before);
		str_fini(&out);
	}
}
