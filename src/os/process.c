/* A child process as a task of the loop: its output, its end, its time-out. The fork itself is in
 * spawn.c. */
#include "slipway/os/process.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "spawn.h"

#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/os/loop.h"

#define TURN_BYTES ((size_t)16 * 1024) /* a descriptor a turn, so that keys are not starved */
#define CHUNK ((size_t)16 * 1024)
#define DRAIN_MAX ((size_t)1024 * 1024) /* what is still taken from a pipe that somebody holds */
#define GRACE_MS 1000
#define KILL_MS 2000

struct process {
	struct loop *loop;
	pid_t pid;
	enum process_mode mode;
	process_output_fn on_output;
	process_end_fn on_end;
	void *arg;
	int out[2]; /* stdout and stderr; a pseudo-terminal is out[0] alone */
	struct loop_watch *out_watch[2];
	int in;
	struct loop_watch *in_watch;
	char *input;
	size_t input_len, input_done;
	bool talk;
	struct loop_timer *timeout, *grace, *kill;
	int tty; /* foreground */
	pid_t tty_group;
	bool tty_opened;
	bool reaped, stopping, timed_out, cancelled;
	int wait_status;
	uint64_t start_ms;
};

static void maybe_finish(struct process *p);

static void
close_output(struct process *p, enum process_stream stream)
{
	loop_unwatch(p->loop, p->out_watch[stream]);
	p->out_watch[stream] = NULL;
	fd_close(&p->out[stream]);
}

/* Reads at most MAX bytes that are there; closes the stream at its end. */
static void
read_output(struct process *p, enum process_stream stream, size_t max)
{
	char chunk[CHUNK];

	while (max > 0 && p->out[stream] >= 0) {
		ssize_t got = read(p->out[stream], chunk, max < CHUNK ? max : CHUNK);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		/* The end of a pseudo-terminal is EIO on Linux, 0 elsewhere. */
		if (got <= 0) {
			close_output(p, stream);
			return;
		}
		max -= (size_t)got;
		if (p->on_output != NULL)
			p->on_output(p->arg, stream, chunk, (size_t)got);
	}
}

static void
on_stdout(void *arg, short revents)
{
	(void)revents;
	read_output(arg, PROCESS_STDOUT, TURN_BYTES);
	maybe_finish(arg);
}

static void
on_stderr(void *arg, short revents)
{
	(void)revents;
	read_output(arg, PROCESS_STDERR, TURN_BYTES);
	maybe_finish(arg);
}

static void
close_input(struct process *p)
{
	loop_unwatch(p->loop, p->in_watch);
	p->in_watch = NULL;
	fd_close(&p->in);
}

static void
on_stdin(void *arg, short revents)
{
	struct process *p = arg;
	size_t left = p->input_len - p->input_done;
	ssize_t put = write(p->in, p->input + p->input_done, left < TURN_BYTES ? left : TURN_BYTES);

	(void)revents;
	if (put < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK))
		return;
	if (put > 0)
		p->input_done += (size_t)put;
	/* A child that reads no more is no failure: its exit status tells. */
	if (put < 0 || (p->input_done == p->input_len && !p->talk))
		close_input(p);
	else if (p->input_done == p->input_len)
		loop_watch_events(p->in_watch, 0);
}

static void
cancel_timer(struct process *p, struct loop_timer **timer)
{
	loop_cancel(p->loop, *timer);
	*timer = NULL;
}

static void
process_fini(struct process *p)
{
	cancel_timer(p, &p->timeout);
	cancel_timer(p, &p->grace);
	cancel_timer(p, &p->kill);
	close_input(p);
	close_output(p, PROCESS_STDOUT);
	close_output(p, PROCESS_STDERR);
	if (p->tty >= 0 && p->tty_group > 0)
		spawn_foreground(p->tty, p->tty_group);
	if (p->tty_opened)
		fd_close(&p->tty);
	free(p->input);
}

static void
describe_end(const struct process *p, struct process_end *end)
{
	*end = (struct process_end) { .status = -1,
		.elapsed_ms = loop_now_ms(p->loop) - p->start_ms };
	if (p->timed_out)
		end->timed_out = true;
	else if (p->cancelled)
		end->cancelled = true;
	else if (WIFEXITED(p->wait_status))
		end->status = WEXITSTATUS(p->wait_status);
	else
		end->signo = WTERMSIG(p->wait_status);
}

static void
finish(struct process *p)
{
	struct process_end end;
	struct loop *l = p->loop;

	describe_end(p, &end);
	process_fini(p);
	p->on_end(p->arg, &end);
	free(p);
	loop_busy_end(l);
}

/* After a cancel the rest of the group has until the kill timer, even when its leader is gone. */
static void
maybe_finish(struct process *p)
{
	if (!p->reaped || p->out[0] >= 0 || p->out[1] >= 0)
		return;
	if (p->kill != NULL && kill(-p->pid, 0) == 0)
		return;
	finish(p);
}

/* Ends what is left of the group; the pipe may be held by somebody outside of it. */
static void
on_grace(void *arg)
{
	struct process *p = arg;

	p->grace = NULL;
	kill(-p->pid, SIGKILL);
	read_output(p, PROCESS_STDOUT, DRAIN_MAX);
	read_output(p, PROCESS_STDERR, DRAIN_MAX);
	finish(p);
}

static void
on_child(void *arg, pid_t pid, int wait_status)
{
	struct process *p = arg;

	(void)pid;
	p->reaped = true;
	p->wait_status = wait_status;
	cancel_timer(p, &p->timeout);
	close_input(p);
	if (p->kill == NULL && (p->out[0] >= 0 || p->out[1] >= 0))
		p->grace = loop_after(p->loop, GRACE_MS, on_grace, p);
	maybe_finish(p);
}

/* Ctrl-Z in the program in the foreground. We stop as well, so that the shell has the terminal, and
 * both go on with its fg. Without a shell above us the kernel drops our SIGTSTP and the program
 * goes on at once: nobody could have woken it up. */
static void
on_stopped(void *arg)
{
	struct process *p = arg;
	struct sigaction stop, before;
	sigset_t tstp, mask;

	if (p->tty < 0)
		return;
	spawn_foreground(p->tty, getpgrp());
	memset(&stop, 0, sizeof stop);
	stop.sa_handler = SIG_DFL;
	sigemptyset(&stop.sa_mask);
	sigemptyset(&tstp);
	sigaddset(&tstp, SIGTSTP);
	sigaction(SIGTSTP, &stop, &before);
	pthread_sigmask(SIG_UNBLOCK, &tstp, &mask);
	kill(0, SIGTSTP); /* here we stop, and here we go on */
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGTSTP, &before, NULL);
	spawn_foreground(p->tty, p->pid);
	kill(-p->pid, SIGCONT);
}

static void
on_kill(void *arg)
{
	struct process *p = arg;

	p->kill = NULL;
	if (p->reaped)
		on_grace(p);
	else
		kill(-p->pid, SIGKILL);
}

static void
terminate(struct process *p)
{
	if (p->stopping || p->reaped)
		return;
	p->stopping = true;
	kill(-p->pid, SIGTERM);
	kill(-p->pid, SIGCONT); /* a stopped one could not hear it */
	p->kill = loop_after(p->loop, KILL_MS, on_kill, p);
}

static void
on_timeout(void *arg)
{
	struct process *p = arg;

	p->timeout = NULL;
	p->timed_out = !p->stopping;
	terminate(p);
}

void
process_cancel(struct process *p)
{
	if (p->reaped || p->stopping)
		return;
	p->cancelled = true;
	terminate(p);
}

void
process_write(struct process *p, const void *data, size_t len)
{
	size_t left = p->input_len - p->input_done;
	char *joined;

	if (p->in < 0 || len == 0)
		return;
	joined = mem_alloc(left + len);
	if (left > 0)
		memcpy(joined, p->input + p->input_done, left);
	memcpy(joined + left, data, len);
	free(p->input);
	p->input = joined;
	p->input_len = left + len;
	p->input_done = 0;
	loop_watch_events(p->in_watch, POLLOUT);
}

void
process_resize(struct process *p, unsigned short rows, unsigned short cols)
{
	struct winsize size = { .ws_row = rows, .ws_col = cols };

	if (p->mode == PROCESS_PTY && p->out[0] >= 0)
		(void)ioctl(p->out[0], TIOCSWINSZ, &size);
}

static enum err_code
open_null(int *fd, struct err *e)
{
	*fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	return *fd >= 0 ? ERR_OK : err_sys(e, ERR_IO, "cannot open /dev/null");
}

/* THEIRS becomes the child's standard input: /dev/null, or a pipe when there is input. */
static enum err_code
prepare_input(struct process *p, const struct process_opts *o, int theirs[3], struct err *e)
{
	int fds[2];
	enum err_code rc;

	if (o->input == NULL && !o->talk)
		return open_null(&theirs[0], e);
	rc = spawn_pipe(fds, e);
	if (rc != ERR_OK)
		return rc;
	theirs[0] = fds[0];
	p->in = fds[1];
	p->input_len = o->input_len;
	p->input = mem_alloc(o->input_len + 1);
	if (o->input_len > 0)
		memcpy(p->input, o->input, o->input_len);
	return ERR_OK;
}

static enum err_code
prepare_pipes(struct process *p, int theirs[3], struct err *e)
{
	for (int i = 0; i < 2; i++) {
		int fds[2];
		enum err_code rc = spawn_pipe(fds, e);

		if (rc != ERR_OK)
			return rc;
		p->out[i] = fds[0];
		theirs[i + 1] = fds[1];
	}
	return ERR_OK;
}

static enum err_code
prepare_pty(struct process *p, const struct process_opts *o, int theirs[3], struct err *e)
{
	struct winsize size = { .ws_row = o->rows != 0 ? o->rows : 24,
		.ws_col = o->cols != 0 ? o->cols : 120 };
	struct termios modes;
	const char *name;

	p->out[0] = posix_openpt(O_RDWR | O_NOCTTY);
	if (p->out[0] < 0 || grantpt(p->out[0]) != 0 || unlockpt(p->out[0]) != 0)
		return err_sys(e, ERR_IO, "cannot open a pseudo-terminal");
	fcntl(p->out[0], F_SETFD, FD_CLOEXEC);
	name = ptsname(p->out[0]);
	theirs[1] = name != NULL ? open(name, O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;
	if (theirs[1] < 0)
		return err_sys(e, ERR_IO, "cannot open a pseudo-terminal");
	theirs[2] = fcntl(theirs[1], F_DUPFD_CLOEXEC, 3);
	if (tcgetattr(theirs[1], &modes) == 0) {
		modes.c_lflag &= ~(tcflag_t)ECHO; /* nothing is ever typed */
		tcsetattr(theirs[1], TCSANOW, &modes);
	}
	(void)ioctl(theirs[1], TIOCSWINSZ, &size);
	return ERR_OK;
}

/* Finds the terminal to hand over; a program without one runs all the same. */
static void
prepare_foreground(struct process *p)
{
	for (int fd = 0; fd < 3 && p->tty < 0; fd++)
		if (isatty(fd))
			p->tty = fd;
	if (p->tty < 0) {
		p->tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
		p->tty_opened = p->tty >= 0;
	}
	p->tty_group = p->tty >= 0 ? tcgetpgrp(p->tty) : -1;
}

static enum err_code
prepare(struct process *p, const struct process_opts *o, int theirs[3], struct err *e)
{
	enum err_code rc;

	switch (o->mode) {
	case PROCESS_PIPES:
		rc = prepare_input(p, o, theirs, e);
		return rc == ERR_OK ? prepare_pipes(p, theirs, e) : rc;
	case PROCESS_PTY:
		/* No standard input: a question must fail, not wait for an answer that cannot come.
		 */
		rc = open_null(&theirs[0], e);
		return rc == ERR_OK ? prepare_pty(p, o, theirs, e) : rc;
	case PROCESS_FOREGROUND:
		prepare_foreground(p);
		return o->on_output != NULL ? prepare_pipes(p, theirs, e) : ERR_OK;
	}
	return ERR_OK;
}

static void
watch_all(struct process *p, const struct process_opts *o)
{
	static const loop_fd_fn readers[] = { on_stdout, on_stderr };

	for (int i = 0; i < 2; i++) {
		if (p->out[i] < 0)
			continue;
		fcntl(p->out[i], F_SETFL, O_NONBLOCK);
		p->out_watch[i] = loop_watch(p->loop, p->out[i], POLLIN, readers[i], p);
	}
	if (p->in >= 0) {
		fcntl(p->in, F_SETFL, O_NONBLOCK);
		p->in_watch = loop_watch(p->loop, p->in, POLLOUT, on_stdin, p);
	}
	if (o->timeout_ms > 0)
		p->timeout = loop_after(p->loop, o->timeout_ms, on_timeout, p);
	loop_busy_begin(p->loop);
	loop_child(p->loop, p->pid, on_child, p);
	if (p->mode == PROCESS_FOREGROUND)
		loop_child_stops(p->loop, p->pid, on_stopped);
}

enum err_code
process_start(struct loop *l, const struct process_opts *o, struct process **out, struct err *e)
{
	static const enum spawn_group groups[] = {
		[PROCESS_PIPES] = SPAWN_SESSION,
		[PROCESS_PTY] = SPAWN_TERMINAL,
		[PROCESS_FOREGROUND] = SPAWN_FOREGROUND,
	};
	struct process *p = mem_zalloc(1, sizeof *p);
	int theirs[3] = { -1, -1, -1 };
	struct spawn s;
	enum err_code rc;

	assert(o->argv[0] != NULL && o->on_end != NULL);
	*p = (struct process) { .loop = l,
		.mode = o->mode,
		.talk = o->talk,
		.on_output = o->on_output,
		.on_end = o->on_end,
		.arg = o->arg,
		.out = { -1, -1 },
		.in = -1,
		.tty = -1,
		.start_ms = loop_now_ms(l) };
	rc = prepare(p, o, theirs, e);
	if (rc != ERR_OK)
		goto out;
	s = (struct spawn) { .argv = o->argv,
		.cwd = o->cwd,
		.env = o->env,
		.group = groups[o->mode],
		.stdio = { theirs[0], theirs[1], theirs[2] },
		.tty = p->tty };
	rc = spawn_child(&s, &p->pid, e);
	if (rc != ERR_OK)
		goto out;
	watch_all(p, o);
	if (out != NULL)
		*out = p;
out:
	for (int i = 0; i < 3; i++)
		fd_close(&theirs[i]);
	if (rc != ERR_OK) {
		process_fini(p);
		free(p);
	}
	return rc;
}
