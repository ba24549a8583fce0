/* PEP 440 for scripts. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "program.h"
#include "slipway/base/compiler.h"

Test(cmd_version, answers_on_standard_output, .fini = leak_gate)
{
	static const struct {
		const char *args[8];
		const char *input, *out;
	} row[] = {
		{ { "version", "next", "patch", "1.0.3" }, NULL, "1.0.4\n" },
		{ { "version", "next", "rc", "1.1.0rc1" }, NULL, "1.1.0rc2\n" },
		{ { "version", "next", "final", "v1.1.0-rc1" }, NULL, "1.1.0\n" },
		{ { "version", "next", "major-beta", "1.0.3" }, NULL, "2.0.0b1\n" },
		{ { "version", "normalize", "v1.0-RC.1", "1.0.0-dev.1" }, NULL,
		    "1.0rc1\n1.0.0.dev1\n" },
		{ { "version", "compare", "1.0", "1.0.0" }, NULL, "=\n" },
		{ { "version", "compare", "1.0rc1", "1.0" }, NULL, "<\n" },
		{ { "version", "compare", "1!0.1", "9.0" }, NULL, ">\n" },
		{ { "version", "sort" }, "1.0\n1.0.dev1\n\nv1.0.0\n1.0rc1",
		    "1.0.dev1\n1.0rc1\n1.0\nv1.0.0\n" },
		{ { "version", "sort" }, "v1.0.0\r\n1.0\r\n", "v1.0.0\n1.0\n" },
		{ { "version", "sort" }, "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct run_result r;

		program_run(&(struct program_opts) { .input = row[i].input }, row[i].args, &r);
		cr_expect_eq(r.status, 0, "row %zu: status %d, %s", i, r.status, r.err);
		cr_expect_str_eq(r.out, row[i].out, "row %zu", i);
		cr_expect_str_eq(r.err, "", "row %zu", i);
		run_fini(&r);
	}
}

Test(cmd_version, what_is_wrong_is_told_and_exit_2, .fini = leak_gate)
{
	static const struct {
		const char *args[8];
		const char *input, *out, *told;
	} row[] = {
		{ { "version", "next", "patch", "one" }, NULL, "", "one" },
		{ { "version", "next", "up", "1.0" }, NULL, "", "\"up\" is no kind" },
		{ { "version", "next", "rc-minor", "1.0" }, NULL, "", "\"rc-minor\" is no kind" },
		{ { "version", "next", "beta", "1.0rc1" }, NULL, "", "1.0rc1" },
		{ { "version", "next", "1.0" }, NULL, "", "usage: slipway version next" },
		{ { "version", "normalize", "1.0", "1.0-SNAPSHOT", "2.0" }, NULL, "1.0\n2.0\n",
		    "1.0-SNAPSHOT" },
		{ { "version", "compare", "1.0", "x" }, NULL, "", "x" },
		{ { "version", "compare", "1.0" }, NULL, "", "usage" },
		{ { "version", "sort" }, "1.0\nnope\n0.9\n", "", "line 2" },
		{ { "version", "sort", "1.0" }, "", "", "standard input" },
		{ { "version", "srot" }, NULL, "", "knows no \"srot\"" },
		{ { "version" }, NULL, "", "usage" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct run_result r;

		program_run(&(struct program_opts) { .input = row[i].input }, row[i].args, &r);
		cr_expect_eq(r.status, 2, "row %zu: status %d", i, r.status);
		cr_expect_str_eq(r.out, row[i].out, "row %zu", i);
		cr_expect_not_null(strstr(r.err, row[i].told), "row %zu: %s", i, r.err);
		run_fini(&r);
	}
}
