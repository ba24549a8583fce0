/* A program in the foreground of a terminal: it gets the terminal, Ctrl-Z works as in a shell, and
 * the terminal comes back. The test plays the shell: a session of its own on a pseudo-terminal. */
#define _DEFAULT_SOURCE 1
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leak_gate.h"
#include "slipway/base/str.h"
#include "slipway/os/loop.h"
#include "slipway/os/process.h"
#include "temp.h"

static const char *const env[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", NULL };

struct job {
	struct loop *loop;
	struct process_end end;
};

static void
on_end(void *arg, const struct process_end *end)
{
	struct job *j = arg;

	j->end = *end;
	loop_stop(j->loop);
}

/* In a process of its own: runs LINE in the foreground; 0 when it ended well and the terminal is
 * ours again. */
static int
run_job(const char *line)
{
	const char *argv[] = { "sh", "-c", line, NULL };
	struct job j = { .loop = NULL };
	struct process_opts o = { .argv = argv,
		.env = env,
		.mode = PROCESS_FOREGROUND,
		.timeout_ms = 10000,
		.on_end = on_end,
		.arg = &j };

	if (loop_new(&j.loop, NULL) != ERR_OK || process_start(j.loop, &o, NULL, NULL) != ERR_OK)
		return 90;
	loop_run(j.loop);
	loop_free(j.loop);
	if (!process_end_ok(&j.end))
		return 91;
	return tcgetpgrp(0) == getpgrp() ? 0 : 92;
}

static void
own_terminal(int master)
{
	int slave = open(ptsname(master), O_RDWR);

	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	for (int fd = 0; fd < 3; fd++)
		dup2(slave, fd);
	close(slave);
	close(master);
	alarm(20);
}

/* What a shell does with a job that stops once. 0 when it did stop, and ended well after fg. */
static int
run_shell(const char *line)
{
	pid_t job = fork();
	int status = 0, code;

	if (job == 0) {
		setpgid(0, 0);
		signal(SIGTTOU, SIG_IGN);
		tcsetpgrp(0, getpid());
		signal(SIGTTOU, SIG_DFL);
		_exit(run_job(line));
	}
	signal(SIGTTOU, SIG_IGN);
	if (waitpid(job, &status, WUNTRACED) != job || !WIFSTOPPED(status))
		return 80;
	if (tcgetpgrp(0) != job)
		return 81;
	tcsetpgrp(0, getpgrp());
	tcsetpgrp(0, job);
	kill(-job, SIGCONT);
	if (waitpid(job, &status, 0) != job)
		return 82;
	code = WIFEXITED(status) ? WEXITSTATUS(status) : 83;
	return code;
}

static int
on_terminal(int (*play)(const char *), const char *line, struct str *out)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), status = 0;
	char bytes[1024];
	ssize_t got;
	pid_t leader;

	cr_assert(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	leader = fork();
	if (leader == 0) {
		own_terminal(master);
		_exit(play(line));
	}
	while ((got = read(master, bytes, sizeof bytes)) > 0 || (got < 0 && errno == EINTR))
		str_append(out, bytes, got > 0 ? (size_t)got : 0);
	close(master);
	cr_assert_eq(waitpid(leader, &status, 0), leader);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

Test(process_tty, the_foreground_program_has_the_terminal_and_gives_it_back, .fini = leak_gate)
{
	struct str out = STR_EMPTY;
	/* Fields 5 and 8: its group, and the foreground group of its terminal. */
	int code = on_terminal(run_job,
	    "set -- $(cat /proc/$$/stat); test $5 = $8 && test $5 = $$ && echo foreground", &out);

	cr_expect_eq(code, 0, "%d", code);
	cr_expect_str_eq(str_text(&out), "foreground\r\n");
	str_fini(&out);
}

Test(process_tty, a_stopped_program_stops_us_too_and_goes_on_with_us, .fini = leak_gate)
{
	struct str out = STR_EMPTY;
	int code = on_terminal(run_shell,
	    "kill -TSTP $$; set -- $(cat /proc/$$/stat); test $5 = $8 && echo back", &out);

	cr_expect_eq(code, 0, "%d", code);
	cr_expect_str_eq(str_text(&out), "back\r\n");
	str_fini(&out);
}

Test(process_tty, without_a_shell_above_a_stopped_program_goes_on_at_once, .fini = leak_gate)
{
	struct str out = STR_EMPTY;
	int code = on_terminal(run_job, "kill -TSTP $$; echo back", &out);

	cr_expect_eq(code, 0, "%d", code);
	cr_expect_str_eq(str_text(&out), "back\r\n");
	str_fini(&out);
}

static void
tell(void *arg, enum process_stream stream, const char *data, size_t len)
{
	(void)stream;
	if (write(*(int *)arg, data, len) < 0)
		_exit(1);
}

/* In a process of its own: starts what holds FIFO open for ever, and tells when it runs. */
static void
hold_fifo(const char *fifo, enum process_mode mode, int ready)
{
	char line[512];
	const char *argv[] = { "sh", "-c", line, NULL };
	struct process_opts o = { .argv = argv,
		.env = env,
		.mode = mode,
		.on_output = tell,
		.on_end = on_end,
		.arg = &ready };
	struct loop *l = NULL;

	snprintf(line, sizeof line, "exec 8>%s; echo ready; exec sleep 100", fifo);
	if (loop_new(&l, NULL) == ERR_OK && process_start(l, &o, NULL, NULL) == ERR_OK)
		loop_run(l);
	_exit(1);
}

Test(process_tty, a_child_with_a_session_of_its_own_does_not_outlive_us, .fini = leak_gate)
{
	static const enum process_mode modes[] = { PROCESS_PIPES, PROCESS_PTY };
	char *dir = temp_dir(), fifo[256];

	snprintf(fifo, sizeof fifo, "%s/fifo", dir);
	cr_assert_eq(mkfifo(fifo, 0600), 0);
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		struct pollfd held = { .fd = open(fifo, O_RDONLY | O_NONBLOCK), .events = POLLIN };
		int ready[2];
		char text[16];
		pid_t us;

		cr_assert_eq(pipe(ready), 0);
		us = fork();
		if (us == 0)
			hold_fifo(fifo, modes[i], ready[1]);
		close(ready[1]);
		cr_assert_gt(read(ready[0], text, sizeof text), 0);
		cr_expect_eq(poll(&held, 1, 0), 0, "held by the child");
		kill(us, SIGKILL);
		waitpid(us, NULL, 0);
		cr_expect_eq(poll(&held, 1, 5000), 1);
		cr_expect(held.revents & POLLHUP);
		close(ready[0]);
		close(held.fd);
	}
	temp_remove(dir);
}
