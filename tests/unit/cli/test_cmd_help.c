/* Help by topic. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "program.h"
#include "slipway/base/compiler.h"

Test(cmd_help, every_topic_says_what_it_is_about, .fini = leak_gate)
{
	static const struct {
		const char *args[4];
		const char *says[3];
	} row[] = {
		{ { "help" }, { "config", "exit-codes", "recovery" } },
		{ { "help", "config" }, { "[release]", "test-index", "[gate.production]" } },
		{ { "help", "keys" }, { "Enter", "PgUp", "leave; what stays" } },
		{ { "help", "steps" }, { "preflight", "dry-run push", "freezes the sha256" } },
		{ { "help", "tokens" }, { "PYPI_API_TOKEN", "TEST_PYPI_TOKEN", ".pypirc" } },
		{ { "help", "themes" }, { "harbour", "contrast", "NO_COLOR" } },
		{ { "help", "recovery" }, { "slipway resume", "refs/slipway", "forward" } },
		{ { "help", "exit-codes" }, { "130", "could not look", "missing answer" } },
		{ { "help", "exit", "codes" }, { "130", "could not look", "missing answer" } },
		{ { "help", "RULES" }, { "ZIP01", "What to do", "SEC01" } },
		{ { "help", "plan" }, { "packages[]", "effects[]", "suggestion" } },
		{ { "help", "index" }, { "usage: slipway index", "--port", "--help" } },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct run_result r;

		program_run(NULL, row[i].args, &r);
		cr_expect_eq(r.status, 0, "row %zu: %s", i, r.err);
		for (size_t k = 0; k < ARRAY_LEN(row[i].says); k++)
			cr_expect_not_null(
			    strstr(r.out, row[i].says[k]), "row %zu lacks %s", i, row[i].says[k]);
		run_fini(&r);
	}
}

Test(cmd_help, an_unknown_topic_is_told_with_the_list, .fini = leak_gate)
{
	struct run_result r;

	program_run(NULL, ARGS("help", "tokesn"), &r);
	cr_expect_eq(r.status, 2);
	cr_expect_str_eq(r.out, "");
	cr_expect_not_null(strstr(r.err, "did you mean tokens?"));
	cr_expect_not_null(strstr(r.err, "config keys steps"));
	run_fini(&r);
}
