/* Runs between two forks: async-signal-safe as far as it can be, and it never returns to the test.
 */
#include "pty_leader.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

static void
report(int fd, enum pty_event_kind kind, int value)
{
	struct pty_event ev = { .kind = kind, .value = value };

	if (write(fd, &ev, sizeof ev) != (ssize_t)sizeof ev)
		_exit(125);
}

static void
write_mark(void)
{
	for (size_t done = 0; done < PTY_MARK_LEN;) {
		ssize_t n = write(STDOUT_FILENO, &PTY_MARK[done], PTY_MARK_LEN - done);

		if (n < 0 && errno != EINTR)
			_exit(125);
		done += n > 0 ? (size_t)n : 0;
	}
}

/* Until the test says so by closing the pipe; true when the program shall go on. */
static bool
wait_for_order(int orders)
{
	char c;

	return read(orders, &c, 1) == 1;
}

static void
supervise(pid_t program, int events, int orders)
{
	int status;

	for (;;) {
		if (waitpid(program, &status, WUNTRACED) != program) {
			if (errno == EINTR)
				continue;
			_exit(125);
		}
		tcsetpgrp(STDIN_FILENO, getpgrp());
		write_mark();
		if (!WIFSTOPPED(status)) {
			report(events, PTY_EVENT_ENDED, status);
			wait_for_order(orders);
			_exit(0);
		}
		report(events, PTY_EVENT_STOPPED, status);
		if (!wait_for_order(orders))
			_exit(0);
		tcsetpgrp(STDIN_FILENO, program);
		kill(-program, SIGCONT);
	}
}

void
pty_lead(const struct pty_opts *o, char **env, const char *terminal, int events, int orders)
{
	int   slave, gate[2];
	char  c;
	pid_t program;

	/* Anything of other terminals that stays open here would keep them from hanging up. */
	for (int fd = 3; fd < 1024; fd++)
		if (fd != events && fd != orders)
			close(fd);
	if (setsid() < 0 || (slave = open(terminal, O_RDWR)) < 0 ||
	    ioctl(slave, TIOCSCTTY, 0) != 0 || pipe(gate) != 0)
		_exit(125);
	sigaction(SIGTTOU, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
	program = fork();
	if (program < 0)
		_exit(125);
	if (program == 0) {
		/* The program starts only when it owns the terminal. */
		close(gate[1]);
		if (read(gate[0], &c, 1) != 1)
			_exit(125);
		dup2(slave, STDIN_FILENO);
		dup2(slave, STDOUT_FILENO);
		dup2(slave, STDERR_FILENO);
		child_exec(o->argv, env, o->cwd, -1);
	}
	for (int fd = 0; fd < 3; fd++)
		dup2(slave, fd);
	setpgid(program, program);
	tcsetpgrp(STDIN_FILENO, program);
	report(events, PTY_EVENT_STARTED, program);
	if (write(gate[1], "", 1) != 1)
		_exit(125);
	close(gate[0]);
	close(gate[1]);
	close(slave);
	supervise(program, events, orders);
}
