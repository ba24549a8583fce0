/* Talking with a child and waiting: every wait has an end, and nothing is left of the child. */
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/os/process.h"
#include "slipway/os/talk.h"

static const char *const env[] = { "PATH=/usr/bin:/bin", NULL };

static struct talk *
started(const char *script, const atomic_bool *cancelled)
{
	const char *argv[] = { "/bin/sh", "-c", script, NULL };
	struct talk *t = NULL;
	struct err e = ERR_EMPTY;

	cr_assert_eq(talk_start(argv, env, cancelled, &t, &e), ERR_OK, "%s", e.message);
	talk_allow(t, 20000);
	return t;
}

static void
expect_no_child(void)
{
	cr_expect_eq(waitpid(-1, NULL, WNOHANG), -1);
	cr_expect_eq(errno, ECHILD);
}

Test(talk, answers_what_it_is_asked, .fini = leak_gate)
{
	struct talk *t = started("read a; echo \"<$a>\"; echo oops >&2; exit 3", NULL);
	char got[64], said[64] = "?";
	struct process_end end;
	size_t len = 0;

	cr_assert_eq(talk_write(t, "hello\n", 6, NULL), ERR_OK);
	cr_assert_eq(talk_read(t, got, sizeof got, &len, NULL), ERR_OK);
	cr_expect(len == 8 && memcmp(got, "<hello>\n", 8) == 0);
	cr_assert_eq(talk_read(t, got, sizeof got, &len, NULL), ERR_OK);
	cr_expect_eq(len, 0);
	talk_end(t, &end, said, sizeof said);
	cr_expect_eq(end.status, 3);
	cr_expect_str_eq(said, "oops\n");
	expect_no_child();
}

Test(talk, a_child_that_is_gone_is_an_error_and_no_signal, .fini = leak_gate)
{
	struct talk *t = started("exit 0", NULL);
	char got[8], *much = calloc(1, 4 << 20);
	size_t len = 1;
	struct process_end end;

	cr_assert_eq(talk_read(t, got, sizeof got, &len, NULL), ERR_OK);
	cr_assert_eq(len, 0);
	cr_expect_eq(talk_write(t, much, 4 << 20, NULL), ERR_FAILED);
	talk_end(t, &end, NULL, 0);
	cr_expect_eq(end.status, 0);
	free(much);
	expect_no_child();
}

Test(talk, waits_no_longer_than_it_may, .fini = leak_gate)
{
	static const atomic_bool yes = true;
	static const struct {
		const atomic_bool *cancelled;
		enum err_code rc;
	} row[] = { { NULL, ERR_TIMEOUT }, { &yes, ERR_CANCELLED } };

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		/* It ends neither by a polite signal nor when its input ends. */
		struct talk *t = started("trap '' TERM; exec sleep 600", row[i].cancelled);
		struct process_end end;
		char got[8];
		size_t len;

		talk_allow(t, 60);
		cr_expect_eq(talk_read(t, got, sizeof got, &len, NULL), row[i].rc);
		talk_end(t, &end, NULL, 0);
		cr_expect_eq(end.signo, SIGKILL);
		expect_no_child();
	}
}

Test(talk, what_cannot_run_is_told, .fini = leak_gate)
{
	const char *argv[] = { "/nowhere/program", NULL };
	struct talk *t = NULL;

	cr_expect_eq(talk_start(argv, env, NULL, &t, NULL), ERR_NOT_FOUND);
	cr_expect_null(t);
	talk_end(NULL, NULL, NULL, 0);
}

Test(talk, the_child_blocks_no_signal, .fini = leak_gate)
{
	char got[256];
	size_t len = 0;
	sigset_t all, before;
	struct talk *t;

	/* As the worker's thread does. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	t = started("grep SigBlk /proc/self/status", NULL);
	cr_assert_eq(talk_read(t, got, sizeof got - 1, &len, NULL), ERR_OK);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	got[len] = '\0';
	cr_expect_str_eq(got, "SigBlk:\t0000000000000000\n");
	talk_end(t, NULL, NULL, 0);
}
