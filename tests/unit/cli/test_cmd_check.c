/* Findings, one a line, and their exit status. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "program.h"
#include "slipway/base/compiler.h"
#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "temp.h"

#define WHEEL "foo-1.0-py3-none-any.whl"
#define SDIST "foo-1.0.tar.gz"

static void
make_files(const char *dir)
{
	static const char *const kinds[] = { "wheel", "sdist" };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		cr_assert_eq(
		    temp_run("/", ARGS("/usr/bin/python3", MAKE_DIST, dir, "foo", "1.0", kinds[i])),
		    0);
	temp_puts(dir, "broken-1.0-py3-none-any.whl", "PK\003\004 and no more");
	temp_puts(dir, "notes.txt", "no package");
}

Test(cmd_check, tells_findings_a_line_each, .fini = leak_gate)
{
	static const struct {
		const char *args[6];
		int status;
		const char *out, *err; /* what is in them; NULL: nothing at all */
	} row[] = {
		{ { "check", WHEEL }, 0, NULL, NULL },
		{ { "check", SDIST }, 0, SDIST ": WARN SDI04 ", NULL },
		{ { "check", "--strict", SDIST, WHEEL }, 1, SDIST ": WARN SDI04 ", NULL },
		{ { "check", "broken-1.0-py3-none-any.whl", WHEEL }, 1,
		    "broken-1.0-py3-none-any.whl: ERROR ZIP01 ", NULL },
		{ { "check", "notes.txt", SDIST }, 3, SDIST ": WARN SDI04 ", "notes.txt" },
		{ { "check", "gone.whl", SDIST }, 3, SDIST ": WARN SDI04 ", "gone.whl" },
		{ { "check", "--color", "always", SDIST }, 0, ": \x1b[33mWARN\x1b[0m SDI04", NULL },
		{ { "check", "--fail-on", "error", SDIST }, 0, "WARN SDI04 ", NULL },
		{ { "check", "--fail-on", "warn", SDIST }, 1, "WARN SDI04 ", NULL },
		{ { "check", "--fail-on", "all", SDIST }, 2, NULL, "error, warn or info" },
		{ { "check", "--json", "--sarif", SDIST }, 2, NULL, "take one" },
		{ { "check", "--acknowledge", "SDI04", SDIST }, 2, NULL, "needs --reason" },
		{ { "check", "--acknowledge", "SDI99", "--reason=x", SDIST }, 2, NULL, "no rule" },
		{ { "check" }, 2, NULL, "at least one" },
	};
	char *dir = temp_dir();

	make_files(dir);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct run_result r;

		program_run(&(struct program_opts) { .cwd = dir }, row[i].args, &r);
		cr_expect_eq(r.status, row[i].status, "row %zu: status %d", i, r.status);
		if (row[i].out == NULL)
			cr_expect_str_eq(r.out, "", "row %zu", i);
		else
			cr_expect_not_null(strstr(r.out, row[i].out), "row %zu: %s", i, r.out);
		if (row[i].err == NULL)
			cr_expect_str_eq(r.err, "", "row %zu", i);
		else
			cr_expect_not_null(strstr(r.err, row[i].err), "row %zu: %s", i, r.err);
		run_fini(&r);
	}
	temp_remove(dir);
}

Test(cmd_check, json_has_each_finding_and_what_was_not_checked, .fini = leak_gate)
{
	char *dir = temp_dir();
	struct json *j = NULL;
	struct run_result r;

	make_files(dir);
	program_run(
	    &(struct program_opts) { .cwd = dir }, ARGS("check", "--json", "notes.txt", SDIST), &r);
	cr_expect_eq(r.status, 3);
	cr_assert_eq(json_parse(bytes_of(r.out), "output", NULL, &j, NULL), ERR_OK);
	cr_assert_eq(json_count(j), 3);
	cr_expect_str_eq(json_text(json_at(j, 0), "severity"), "NOT CHECKED");
	cr_expect_str_eq(json_text(json_at(j, 0), "file"), "notes.txt");
	cr_expect_str_eq(json_text(json_at(j, 1), "rule"), "SDI04");
	cr_expect_str_eq(json_text(json_at(j, 2), "rule"), "SDI07");
	cr_expect_str_eq(json_text(json_at(j, 1), "severity"), "WARN");
	json_free(j);
	run_fini(&r);
	temp_remove(dir);
}

Test(cmd_check, names_of_files_cannot_reach_the_terminal, .fini = leak_gate)
{
	char *dir = temp_dir();
	struct run_result r;

	temp_puts(dir, "evil\x1b[2J-1.0-py3-none-any.whl", "PK\003\004");
	program_run(&(struct program_opts) { .cwd = dir },
	    ARGS("check", "evil\x1b[2J-1.0-py3-none-any.whl"), &r);
	cr_expect_eq(r.status, 1);
	cr_expect_null(strchr(r.out, '\x1b'));
	cr_expect_null(strchr(r.err, '\x1b'));
	cr_expect_not_null(strstr(r.out, "evil\\x1b[2J"));
	run_fini(&r);
	temp_remove(dir);
}

/* Runs slipway with ARGS in DIR; the status, and the output when OUT is not NULL. */
static int
run_in(const char *dir, const char *const *args, char **out, char **err)
{
	struct run_result r;
	int status;

	program_run(&(struct program_opts) { .cwd = dir }, args, &r);
	status = r.status;
	if (out != NULL)
		*out = mem_strdup(r.out);
	if (err != NULL)
		*err = mem_strdup(r.err);
	run_fini(&r);
	return status;
}

Test(cmd_check, sarif_is_of_the_form_that_services_read, .fini = leak_gate)
{
	char *dir = temp_dir(), *out = NULL;
	struct json *j = NULL;
	const struct json *run, *driver, *result, *place;

	make_files(dir);
	cr_expect_eq(
	    run_in(dir, ARGS("check", "--sarif", "gone.whl", SDIST, WHEEL), &out, NULL), 3);
	cr_assert_eq(json_parse(bytes_of(out), "output", NULL, &j, NULL), ERR_OK);
	cr_expect_str_eq(json_text(j, "version"), "2.1.0");
	run = json_at(json_get_array(j, "runs"), 0);
	driver = json_get_object(json_get_object(run, "tool"), "driver");
	cr_expect_str_eq(json_text(driver, "name"), "slipway");
	cr_expect_not(json_bool(json_at(json_get_array(run, "invocations"), 0),
	    "executionSuccessful", true));
	cr_assert_geq(json_count(json_get_array(run, "results")), 1);
	for (size_t i = 0; i < json_count(json_get_array(run, "results")); i++) {
		size_t at;

		result = json_at(json_get_array(run, "results"), i);
		at = (size_t)json_int(result, "ruleIndex", -1);
		cr_expect_str_eq(json_text(result, "ruleId"),
		    json_text(json_at(json_get_array(driver, "rules"), at), "id"));
		cr_expect_not_null(json_text(json_get_object(result, "message"), "text"));
		cr_expect_not_null(
		    json_text(json_get_object(result, "fingerprints"), "slipway/v1"));
		place = json_get_object(
		    json_at(json_get_array(result, "locations"), 0), "physicalLocation");
		cr_expect(text_starts(
		    json_text(json_get_object(place, "artifactLocation"), "uri"), "foo-1.0"));
	}
	/* All that its schema asks for, and nothing that it does not know. */
	temp_puts(dir, "log.sarif", out);
	cr_expect_eq(temp_run(dir, ARGS("/usr/bin/python3", CHECK_SARIF, "log.sarif")), 0);
	json_free(j);
	free(out);
	temp_remove(dir);
}

Test(cmd_check, rules_are_ignored_by_the_configuration, .fini = leak_gate)
{
	static const struct {
		const char *file, *text;
		int status;
		const char *err;
	} row[] = {
		{ "slipway.toml", "[check]\nignore = [\"SDI04\"]\n", 0, "" },
		{ "slipway.toml", "[check]\nignore = [\"sdi04\"]\n", 0, "" },
		{ "slipway.toml", "[check]\nignore = [\"SDI03\"]\n", 1, "" },
		{ "slipway.toml", "[check]\nignore = [\"SDI4\"]\n", 2, "did you mean SDI0" },
		{ "slipway.toml", "[check]\nskip = []\n", 2, "unknown key" },
		{ "pyproject.toml", "[tool.slipway.check]\nignore = [\"SDI04\"]\n", 0, "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *dir = temp_dir(), *err = NULL;

		make_files(dir);
		temp_puts(dir, row[i].file, row[i].text);
		cr_expect_eq(run_in(dir, ARGS("check", "--strict", SDIST), NULL, &err),
		    row[i].status, "row %zu: %s", i, err);
		cr_expect_not_null(strstr(err, row[i].err), "row %zu: %s", i, err);
		free(err);
		temp_remove(dir);
	}
}

Test(cmd_check, an_accepted_finding_counts_again_when_the_content_changes, .fini = leak_gate)
{
	static const char repack[] =
	    "import gzip, sys; data = gzip.open(sys.argv[1]).read(); "
	    "open(sys.argv[1], 'wb').write(gzip.compress(data, 1, mtime=0))";
	char *dir = temp_dir(), *out = NULL;

	make_files(dir);
	cr_expect_eq(run_in(dir, ARGS("check", "--strict", SDIST), NULL, NULL), 1);
	cr_expect_eq(run_in(dir,
			 ARGS("check", "--strict", "--acknowledge", "SDI04", "--reason",
			     "built \"the old\" way", SDIST),
			 NULL, NULL),
	    0);
	cr_expect_eq(run_in(dir, ARGS("check", "--strict", SDIST), &out, NULL), 0);
	cr_expect_not_null(
	    strstr(out, "WARN SDI04 "), "what was accepted is still shown: %s", out);
	cr_expect_not_null(strstr(out, "(acknowledged: built \"the old\" way)"), "%s", out);
	free(out);
	cr_assert_eq(temp_run(dir, ARGS("/usr/bin/python3", "-c", repack, SDIST)), 0);
	cr_expect_eq(run_in(dir, ARGS("check", "--strict", SDIST), &out, NULL), 1, "%s", out);
	free(out);
	temp_remove(dir);
}

Test(cmd_check, the_table_of_check_wheel_contents_counts, .fini = leak_gate)
{
	static const struct {
		const char *text;
		int status;
		const char *rule; /* that is told; NULL: none at WARN */
	} row[] = {
		{ "", 1, "WARN W003" },
		{ "[tool.check-wheel-contents]\nignore = [\"W003\"]\n", 0, NULL },
		{ "[tool.check-wheel-contents]\nignore = \"W002, W00\"\n", 0, NULL },
		{ "[tool.check-wheel-contents]\nselect = [\"W003\"]\n", 1, "WARN W003" },
		{ "[tool.check-wheel-contents]\nselect = \"W2\"\n", 0, NULL },
		{ "[tool.check-wheel-contents]\nignore = [\"W003\"]\ntoplevel = [\"foo\"]\n", 1,
		    "WARN W202" },
		{ "[tool.check-wheel-contents]\nignore = [\"W003\"]\n"
		  "toplevel = [\"foo.py\", \"filler.bin\"]\n",
		    0, NULL },
		{ "[tool.slipway.check]\nignore = [\"W003\"]\ntoplevel = [\"bar\"]\n", 1,
		    "WARN W201" },
		{ "[tool.check-wheel-contents]\nignore = [\"W003\"]\nsrc_dir = \"src\"\n", 1,
		    "WARN W101 other.py is not in the wheel" },
		{ "[tool.check-wheel-contents]\nignore = [\"W003\"]\nsrc_dir = \"src/\"\n"
		  "package_omit = \"other*\"\n",
		    1, "WARN W102 [filler.bin]" },
		{ "[tool.check-wheel-contents]\nignore = [\"W003\", \"W102\"]\n"
		  "package = [\"src/foo.py\"]\n",
		    0, NULL },
		{ "[tool.check-wheel-contents]\nselect = [\"W1\"]\npackage = [\"pkg\"]\n", 1,
		    "WARN W101 pkg/sub/x.py is not in the wheel" },
	};
	char *dir = temp_dir();

	cr_assert_eq(temp_run("/", ARGS("/usr/bin/python3", MAKE_DIST, dir, "foo", "1.0", "wheel",
				       "100")),
	    0);
	temp_puts(dir, "src/foo.py", "");
	temp_puts(dir, "src/other.py", "");
	temp_puts(dir, "src/.hidden", "");
	temp_puts(dir, "src/foo.egg-info/PKG-INFO", "");
	temp_puts(dir, "pkg/sub/x.py", "");
	temp_puts(dir, "pkg/__pycache__/x.cpython-311.pyc", "");
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *out = NULL;

		temp_puts(dir, "pyproject.toml", row[i].text);
		cr_expect_eq(run_in(dir, ARGS("check", "--strict", WHEEL), &out, NULL),
		    row[i].status, "row %zu: %s", i, out);
		if (row[i].rule != NULL)
			cr_expect_not_null(strstr(out, row[i].rule), "row %zu: %s", i, out);
		else
			cr_expect_null(strstr(out, "WARN"), "row %zu: %s", i, out);
		free(out);
	}
	temp_remove(dir);
}
