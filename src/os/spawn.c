/* fork and exec. Between the two only async-signal-safe calls are made, because the worker's thread
 * may hold any lock of libc at that moment. */
#define _DEFAULT_SOURCE 1 /* syscall(2): glibc has a wrapper for close_range(2) only since 2.34 */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "slipway/base/mem.h"
#include "slipway/os/fs.h"

#define CLOEXEC_FLAG 4U /* CLOSE_RANGE_CLOEXEC of Linux 5.11; absent from older headers */
#define MAX_SIGNAL 64

enum stage { STAGE_SETUP, STAGE_CWD, STAGE_EXEC };

/* What a child that could not become the program writes into the pipe. */
struct failure {
	enum stage stage;
	int error;
};

enum err_code
spawn_pipe(int fds[2], struct err *e)
{
	int ends[2];

	if (pipe(ends) != 0)
		return err_sys(e, ERR_IO, "cannot make a pipe");
	for (int i = 0; i < 2; i++) {
		fds[i] = fcntl(ends[i], F_DUPFD_CLOEXEC, 3);
		close(ends[i]);
	}
	if (fds[0] >= 0 && fds[1] >= 0)
		return ERR_OK;
	err_sys(e, ERR_IO, "cannot make a pipe");
	fd_close(&fds[0]);
	fd_close(&fds[1]);
	return ERR_IO;
}

void
spawn_foreground(int tty, pid_t group)
{
	sigset_t ttou, before;

	/* A background process that calls tcsetpgrp() is stopped unless it blocks SIGTTOU. */
	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	pthread_sigmask(SIG_BLOCK, &ttou, &before);
	(void)tcsetpgrp(tty, group);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static const char *
env_path(const char *const *env)
{
	for (; env != NULL && *env != NULL; env++)
		if (strncmp(*env, "PATH=", 5) == 0)
			return *env + 5;
	return "/usr/local/bin:/usr/bin:/bin";
}

/* The program's path, owned by the caller; NULL when no folder of PATH has it. Relative folders are
 * passed over: what runs must not depend on the directory it runs in. */
static char *
find_program(const char *name, const char *path)
{
	while (*path != '\0') {
		size_t len = strcspn(path, ":");

		if (path[0] == '/') {
			char *full = mem_printf("%.*s/%s", (int)len, path, name);

			if (fs_is_file(full) && access(full, X_OK) == 0)
				return full;
			free(full);
		}
		path += len + (path[len] == ':');
	}
	return NULL;
}

static void
cloexec_all(int keep_below)
{
#ifdef SYS_close_range
	if (syscall(SYS_close_range, (unsigned int)keep_below, ~0U, CLOEXEC_FLAG) == 0)
		return;
#endif
	for (int fd = keep_below; fd < 4096; fd++) {
		int flags = fcntl(fd, F_GETFD);

		if (flags >= 0)
			fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
	}
}

static void
reset_signals(void)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof sa);
	sa.sa_handler = SIG_DFL;
	sigemptyset(&sa.sa_mask);
	for (int signo = 1; signo <= MAX_SIGNAL; signo++)
		sigaction(signo, &sa, NULL);
}

static bool
place_stdio(const int stdio[3])
{
	int from[3];

	/* First out of the way, so that no dup2() covers one that is still needed. */
	for (int i = 0; i < 3; i++) {
		from[i] = stdio[i] < 0 ? -1 : fcntl(stdio[i], F_DUPFD_CLOEXEC, 3);
		if (stdio[i] >= 0 && from[i] < 0)
			return false;
	}
	for (int i = 0; i < 3; i++)
		if (from[i] >= 0 && dup2(from[i], i) < 0)
			return false;
	return true;
}

/* A child in a session of its own hears nothing when our terminal goes away or we are killed, and
 * would build on for nobody. The user's editor in the foreground is left to the terminal's own
 * SIGHUP. */
static bool
die_with_parent(pid_t parent)
{
#ifdef __linux__
	return prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent;
#else
	return getppid() == parent;
#endif
}

static bool
set_group(const struct spawn *s, pid_t parent)
{
	if (s->group == SPAWN_FOREGROUND) {
		if (setpgid(0, 0) != 0)
			return false;
		/* All signals are blocked here, SIGTTOU too. */
		if (s->tty >= 0)
			(void)tcsetpgrp(s->tty, getpid());
		return true;
	}
	if (setsid() < 0 || !die_with_parent(parent))
		return false;
	return s->group != SPAWN_TERMINAL || ioctl(s->stdio[1], TIOCSCTTY, 0) == 0;
}

static void
fail_child(int report, enum stage stage)
{
	struct failure f = { .stage = stage, .error = errno };

	while (write(report, &f, sizeof f) < 0 && errno == EINTR)
		continue;
	_exit(127);
}

/* In the child, with all signals blocked. Does not return. */
static void
become(const struct spawn *s, const char *program, pid_t parent, int report, const sigset_t *mask)
{
	/* execve() wants pointers without const, and changes nothing behind them. */
	union {
		const char *const *in;
		char *const *out;
	} argv = { .in = s->argv }, env = { .in = s->env };

	reset_signals();
	if (!set_group(s, parent) || !place_stdio(s->stdio))
		fail_child(report, STAGE_SETUP);
	if (s->cwd != NULL && chdir(s->cwd) != 0)
		fail_child(report, STAGE_CWD);
	cloexec_all(3);
	sigprocmask(SIG_SETMASK, mask, NULL);
	execve(program, argv.out, env.out);
	fail_child(report, STAGE_EXEC);
}

static enum err_code
report_failure(const struct spawn *s, const struct failure *f, struct err *e)
{
	errno = f->error;
	switch (f->stage) {
	case STAGE_CWD:
		return err_sys(e, ERR_NOT_FOUND, "cannot run %s in %s", s->argv[0], s->cwd);
	case STAGE_EXEC:
		if (f->error == E2BIG)
			return err_sys(e, ERR_LIMIT, "cannot run %s", s->argv[0]);
		err_sys(e, ERR_NOT_FOUND, "cannot run %s", s->argv[0]);
		if (f->error == ENOENT)
			err_hint(e, "it is missing, or the interpreter in its first line is");
		else
			err_hint(e, "check that it is a program for this machine and may be run");
		return ERR_NOT_FOUND;
	case STAGE_SETUP:
		break;
	}
	return err_sys(e, ERR_FAILED, "cannot prepare to run %s", s->argv[0]);
}

/* Waits for the pipe to close, which exec does, or for the report of what failed. */
static bool
read_failure(int fd, struct failure *f)
{
	ssize_t got;

	do
		got = read(fd, f, sizeof *f);
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)sizeof *f;
}

static enum err_code
fork_and_wait(const struct spawn *s, const char *program, pid_t *out, struct err *e)
{
	struct failure failure;
	sigset_t all, before;
	pid_t parent = getpid(), pid;
	int report[2] = { -1, -1 };
	enum err_code rc = spawn_pipe(report, e);

	if (rc != ERR_OK)
		return rc;
	/* No handler of ours may run in the child: it would write into the parent's signal pipe. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0) {
		if (s->no_mask)
			sigemptyset(&before);
		become(s, program, parent, report[1], &before);
	}
	if (pid < 0)
		rc = err_sys(e, ERR_FAILED, "cannot start a process for %s", s->argv[0]);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	fd_close(&report[1]);
	if (pid > 0 && read_failure(report[0], &failure)) {
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			continue;
		rc = report_failure(s, &failure, e);
	}
	fd_close(&report[0]);
	if (rc == ERR_OK)
		*out = pid;
	return rc;
}

enum err_code
spawn_child(const struct spawn *s, pid_t *pid, struct err *e)
{
	enum err_code rc;
	char *program;

	if (strchr(s->argv[0], '/') != NULL)
		program = mem_strdup(s->argv[0]);
	else
		program = find_program(s->argv[0], env_path(s->env));
	if (program == NULL) {
		err_set(e, ERR_NOT_FOUND, "cannot run %s: it is not on PATH", s->argv[0]);
		err_hint(e, "install %s, or put its folder on PATH", s->argv[0]);
		return ERR_NOT_FOUND;
	}
	rc = fork_and_wait(s, program, pid, e);
	free(program);
	return rc;
}
