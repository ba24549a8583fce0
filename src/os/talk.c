/* Blocking talk with a child. Its input is a socket, so that a child that died is an error of
 * send(2), and no signal. */
#include "slipway/os/talk.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "spawn.h"

#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/os/process.h"

#define SLICE_MS 50 /* how soon a cancel is heard */
#define END_MS 1000
#define REAP_NAP_NS 1000000
#define REAP_NAPS 100

struct talk {
	pid_t pid;
	int in, out, err;
	const atomic_bool *cancelled;
	uint64_t until_ms; /* 0: no end */
	bool broken;	   /* cancelled or late: nothing more is waited for */
};

static uint64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static enum err_code
socket_pair(int fds[2], struct err *e)
{
	int ends[2] = { -1, -1 };

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		return err_sys(e, ERR_IO, "cannot make a pair of sockets");
	for (int i = 0; i < 2; i++) {
		fds[i] = fcntl(ends[i], F_DUPFD_CLOEXEC, 3);
		close(ends[i]);
	}
	if (fds[0] >= 0 && fds[1] >= 0)
		return ERR_OK;
	err_sys(e, ERR_IO, "cannot make a pair of sockets");
	fd_close(&fds[0]);
	fd_close(&fds[1]);
	return ERR_IO;
}

/* THEIRS becomes its standard input, output and error. */
static enum err_code
open_ends(struct talk *t, int theirs[3], struct err *e)
{
	int fds[2] = { -1, -1 };
	enum err_code rc = socket_pair(fds, e);

	if (rc != ERR_OK)
		return rc;
	theirs[0] = fds[0];
	t->in = fds[1];
	for (int i = 1; i < 3; i++) {
		rc = spawn_pipe(fds, e);
		if (rc != ERR_OK)
			return rc;
		*(i == 1 ? &t->out : &t->err) = fds[0];
		theirs[i] = fds[1];
	}
	fcntl(t->in, F_SETFL, O_NONBLOCK);
	fcntl(t->err, F_SETFL, O_NONBLOCK);
	return ERR_OK;
}

enum err_code
talk_start(const char *const *argv, const char *const *env, const atomic_bool *cancelled,
    struct talk **out, struct err *e)
{
	struct talk *t = mem_zalloc(1, sizeof *t);
	int theirs[3] = { -1, -1, -1 };
	struct spawn s = {
		.argv = argv, .env = env, .group = SPAWN_SESSION, .no_mask = true, .tty = -1
	};
	enum err_code rc;

	*t = (struct talk) { .in = -1, .out = -1, .err = -1, .cancelled = cancelled };
	rc = open_ends(t, theirs, e);
	memcpy(s.stdio, theirs, sizeof theirs);
	if (rc == ERR_OK)
		rc = spawn_child(&s, &t->pid, e);
	for (int i = 0; i < 3; i++)
		fd_close(&theirs[i]);
	if (rc == ERR_OK) {
		*out = t;
		return ERR_OK;
	}
	fd_close(&t->in);
	fd_close(&t->out);
	fd_close(&t->err);
	free(t);
	return rc;
}

void
talk_allow(struct talk *t, uint64_t ms)
{
	t->until_ms = now_ms() + ms;
}

/* Waits until FD can do EVENTS. */
static enum err_code
wait_for(struct talk *t, int fd, short events, struct err *e)
{
	struct pollfd p = { .fd = fd, .events = events };

	for (;;) {
		int ready;

		if (t->cancelled != NULL && atomic_load(t->cancelled)) {
			t->broken = true;
			return err_set(e, ERR_CANCELLED, "stopped");
		}
		if (t->until_ms > 0 && now_ms() >= t->until_ms) {
			t->broken = true;
			return err_set(e, ERR_TIMEOUT, "it took too long");
		}
		ready = poll(&p, 1, SLICE_MS);
		if (ready > 0)
			return ERR_OK;
		if (ready < 0 && errno != EINTR)
			return err_sys(e, ERR_IO, "cannot wait for a child");
	}
}

enum err_code
talk_write(struct talk *t, const void *data, size_t len, struct err *e)
{
	const char *bytes = data;

	while (len > 0) {
		enum err_code rc = wait_for(t, t->in, POLLOUT, e);
		ssize_t put;

		if (rc != ERR_OK)
			return rc;
		put = send(t->in, bytes, len, MSG_NOSIGNAL);
		if (put < 0 && errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)
			return err_set(e, ERR_FAILED, "the child takes no more");
		if (put > 0) {
			bytes += put;
			len -= (size_t)put;
		}
	}
	return ERR_OK;
}

enum err_code
talk_read(struct talk *t, void *data, size_t size, size_t *got, struct err *e)
{
	for (;;) {
		enum err_code rc = wait_for(t, t->out, POLLIN, e);
		ssize_t n;

		if (rc != ERR_OK)
			return rc;
		n = read(t->out, data, size);
		if (n < 0 && errno == EINTR)
			continue;
		*got = n > 0 ? (size_t)n : 0;
		return ERR_OK;
	}
}

/* Its output ends when it does; what still comes is not wanted. */
static void
wait_for_end(const struct talk *t)
{
	uint64_t until = now_ms() + END_MS, now;
	struct pollfd p = { .fd = t->out, .events = POLLIN };
	char drop[4096];

	while ((now = now_ms()) < until && poll(&p, 1, (int)(until - now)) >= 0)
		if ((p.revents & (POLLIN | POLLHUP)) != 0 && read(t->out, drop, sizeof drop) <= 0)
			return;
}

static int
reap(const struct talk *t)
{
	const struct timespec nap = { .tv_nsec = REAP_NAP_NS };
	int status = 0;

	for (int i = 0; i < REAP_NAPS && !t->broken; i++) {
		if (waitpid(t->pid, &status, WNOHANG) == t->pid)
			return status;
		nanosleep(&nap, NULL);
	}
	kill(-t->pid, SIGKILL);
	while (waitpid(t->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status;
}

void
talk_end(struct talk *t, struct process_end *end, char *said, size_t size)
{
	ssize_t got = 0;
	int status;

	if (t == NULL)
		return;
	fd_close(&t->in);
	if (!t->broken)
		wait_for_end(t);
	status = reap(t);
	if (said != NULL && size > 0) {
		got = read(t->err, said, size - 1);
		said[got > 0 ? got : 0] = '\0';
	}
	if (end != NULL)
		*end = (struct process_end) { .status = WIFEXITED(status) ? WEXITSTATUS(status)
									  : -1,
			.signo = WIFSIGNALED(status) ? WTERMSIG(status) : 0 };
	fd_close(&t->out);
	fd_close(&t->err);
	free(t);
}
