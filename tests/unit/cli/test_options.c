/* The command line: what is understood, what is refused and how. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "program.h"
#include "slipway/base/compiler.h"

Test(options, wrong_ones_are_told_with_what_is_near, .fini = leak_gate)
{
	static const struct {
		const char *args[6];
		const char *told, *way_out;
	} row[] = {
		{ { "relaese" }, "\"relaese\" is neither a command", "did you mean release?" },
		{ { "ptach" }, "\"ptach\" is neither", "did you mean patch?" },
		{ { "zzzz" }, "\"zzzz\" is neither", "--help lists the commands" },
		{ { "--jsno" }, "unknown option --jsno", "did you mean --json?" },
		{ { "--plain", "-xv" }, "unknown option -x", "--help" },
		{ { "--json=1" }, "--json takes no value", "--help" },
		{ { "--confirm" }, "--confirm needs a value", "" },
		{ { "-C" }, "-C needs a value", "" },
		{ { "--port", "70000", "index", "x" }, "up to 65535", "" },
		{ { "--color", "sometimes" }, "auto, always or never", "" },
		{ { "index", "--dry-run", "x" }, "slipway index knows no --dry-run", "release" },
		{ { "version", "sort", "--port=1" }, "slipway version knows no --port", "index" },
		{ { "patch", "minor" }, "one BUMP or version, not 2", "" },
		{ { "-C", "/nowhere/at/all", "plan" }, "/nowhere/at/all", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct run_result r;

		program_run(NULL, row[i].args, &r);
		cr_expect_eq(r.status, 2, "%s: status %d", row[i].told, r.status);
		cr_expect_str_eq(r.out, "", "%s", row[i].told);
		cr_expect_not_null(
		    strstr(r.err, row[i].told), "%s is not in: %s", row[i].told, r.err);
		cr_expect_not_null(
		    strstr(r.err, row[i].way_out), "%s is not in: %s", row[i].way_out, r.err);
		run_fini(&r);
	}
}

Test(options, help_names_every_command_and_only_its_options, .fini = leak_gate)
{
	struct run_result r;

	program_run(NULL, ARGS("--help"), &r);
	cr_expect_eq(r.status, 0);
	cr_expect_not_null(strstr(r.out, "usage: slipway [COMMAND]"));
	cr_expect_not_null(strstr(r.out, "  version "));
	cr_expect_not_null(strstr(r.out, "--strict"));
	run_fini(&r);
	program_run(NULL, ARGS("index", "--help"), &r);
	cr_expect_eq(r.status, 0);
	cr_expect_not_null(strstr(r.out, "usage: slipway index DIR"));
	cr_expect_not_null(strstr(r.out, "--port N"));
	cr_expect_null(strstr(r.out, "--strict"));
	run_fini(&r);
	program_run(NULL, ARGS("--version"), &r);
	cr_expect_eq(r.status, 0);
	cr_expect_eq(strncmp(r.out, "slipway 0.", 10), 0);
	run_fini(&r);
}

Test(options, a_full_disk_is_no_success, .fini = leak_gate)
{
	const char **argv = program_argv(ARGS("help", "rules"));
	struct run_result r;
	struct run_opts run = { .argv = ARGS(
				    "/bin/sh", "-c", "\"$0\" help rules > /dev/full", argv[0]) };

	run_program(&run, &r);
	cr_expect_eq(r.status, 1);
	cr_expect_not_null(strstr(r.err, "cannot write the output"));
	run_fini(&r);
	free(argv);
}
