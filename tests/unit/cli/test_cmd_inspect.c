/* What is in files, as text and as JSON. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "program.h"
#include "slipway/base/compiler.h"
#include "slipway/base/json.h"
#include "temp.h"

#define WHEEL "foo-1.0-py3-none-any.whl"

static char *
dir_with_wheel(void)
{
	char *dir = temp_dir();

	cr_assert_eq(
	    temp_run("/", ARGS("/usr/bin/python3", MAKE_DIST, dir, "foo", "1.0", "wheel")), 0);
	return dir;
}

Test(cmd_inspect, prints_metadata_files_and_findings, .fini = leak_gate)
{
	static const char *const says[] = { WHEEL "\n", "wheel, ", "sha256 ", "  Requires-Python",
		">=3.8", "Files (4)", "foo-1.0.dist-info/RECORD", "Findings (0)" };
	char *dir = dir_with_wheel();
	struct run_result r;

	program_run(&(struct program_opts) { .cwd = dir }, ARGS("inspect", "--plain", WHEEL), &r);
	cr_expect_eq(r.status, 0, "%s", r.err);
	for (size_t i = 0; i < ARRAY_LEN(says); i++)
		cr_expect_not_null(strstr(r.out, says[i]), "%s is not in %s", says[i], r.out);
	run_fini(&r);
	temp_remove(dir);
}

Test(cmd_inspect, json_says_the_same_and_what_could_not_be_read, .fini = leak_gate)
{
	char *dir = dir_with_wheel();
	const struct json *file, *member;
	struct json *j = NULL;
	struct run_result r;

	program_run(&(struct program_opts) { .cwd = dir },
	    ARGS("inspect", "--json", WHEEL, "gone.whl"), &r);
	cr_expect_eq(r.status, 3);
	cr_assert_eq(json_parse(bytes_of(r.out), "output", NULL, &j, NULL), ERR_OK);
	cr_assert_eq(json_count(j), 2);
	file = json_at(j, 0);
	cr_expect_str_eq(json_text(file, "format"), "wheel");
	cr_expect_eq(strlen(json_text(file, "sha256")), 64);
	cr_expect_str_eq(json_text(json_get(file, "metadata"), "Name"), "foo");
	cr_expect_eq(json_count(json_get(json_get(file, "metadata"), "Classifier")), 3);
	member = json_at(json_get(file, "members"), 0);
	cr_expect_str_eq(json_text(member, "name"), "foo.py");
	cr_expect_eq(json_int(member, "size", 0), 10);
	cr_expect_eq(json_count(json_get(file, "findings")), 0);
	cr_expect_not_null(json_get_object(json_at(j, 1), "error"));
	json_free(j);
	run_fini(&r);
	temp_remove(dir);
}

Test(cmd_inspect, errors_found_are_its_status, .fini = leak_gate)
{
	char *dir = temp_dir();
	struct run_result r;

	temp_puts(dir, "broken-1.0-py3-none-any.whl", "PK\003\004");
	program_run(&(struct program_opts) { .cwd = dir },
	    ARGS("inspect", "broken-1.0-py3-none-any.whl"), &r);
	cr_expect_eq(r.status, 1);
	cr_expect_not_null(strstr(r.out, "ERROR ZIP01"));
	run_fini(&r);
	program_run(NULL, ARGS("inspect"), &r);
	cr_expect_eq(r.status, 2);
	run_fini(&r);
	temp_remove(dir);
}
