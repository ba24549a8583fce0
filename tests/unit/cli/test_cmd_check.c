/* Findings, one a line, and their exit status. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "program.h"
#include "slipway/base/compiler.h"
#include "slipway/base/json.h"
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
	cr_assert_eq(json_count(j), 2);
	cr_expect_str_eq(json_text(json_at(j, 0), "severity"), "NOT CHECKED");
	cr_expect_str_eq(json_text(json_at(j, 0), "file"), "notes.txt");
	cr_expect_str_eq(json_text(json_at(j, 1), "rule"), "SDI04");
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
