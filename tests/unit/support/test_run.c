/* Running a program without a terminal: outputs apart, status, input, deadline. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "run.h"

static void
sh(const char *script, const char *input, int deadline_ms, struct run_result *r)
{
	const char *argv[] = { "sh", "-c", script, NULL };
	const char *env[] = { "GREETING=hello", "HOME", NULL };

	run_program(&(struct run_opts){ .argv = argv, .env = env, .cwd = "/", .input = input,
	    .deadline_ms = deadline_ms }, r);
}

Test(run, keeps_outputs_apart_and_tells_the_status, .fini = leak_gate)
{
	struct run_result r;

	sh("cat; echo \"$GREETING $(pwd) ${HOME-none}\" >&2; exit 7", "in\nput", 0, &r);
	cr_expect_eq(r.status, 7);
	cr_expect(!r.timed_out);
	cr_expect_str_eq(r.out, "in\nput");
	cr_expect_eq(r.out_len, 6);
	cr_expect_str_eq(r.err, "hello / none\n");
	run_fini(&r);
	sh("kill -TERM $$", NULL, 0, &r);
	cr_expect_eq(r.status, 128 + SIGTERM);
	cr_expect_str_eq(r.out, "");
	run_fini(&r);
}

Test(run, much_input_to_a_program_that_does_not_read_it, .fini = leak_gate)
{
	struct run_result r;
	char		 *much = malloc(1 << 20);

	memset(much, 'x', (1 << 20) - 1);
	much[(1 << 20) - 1] = '\0';
	sh("exit 0", much, 0, &r);
	cr_expect_eq(r.status, 0);
	run_fini(&r);
	sh("cat", much, 0, &r);
	cr_expect_eq(r.out_len, (1 << 20) - 1);
	run_fini(&r);
	free(much);
}

Test(run, a_program_that_hangs_is_killed_with_its_children, .fini = leak_gate)
{
	struct run_result r;

	sh("echo begun; sleep 1000 & sleep 1000", NULL, 300, &r);
	cr_expect(r.timed_out);
	cr_expect_eq(r.status, 128 + SIGKILL);
	cr_expect_str_eq(r.out, "begun\n");
	run_fini(&r);
}

Test(run, a_missing_program_is_127, .fini = leak_gate)
{
	const char	 *argv[] = { "no-such-program-here", NULL };
	struct run_result r;

	run_program(&(struct run_opts){ .argv = argv }, &r);
	cr_expect_eq(r.status, 127);
	cr_expect(strstr(r.err, "no-such-program-here") != NULL);
	run_fini(&r);
}
