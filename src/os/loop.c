/* The one event loop: poll(2), a self-pipe for signals, and lists that survive removal while they
 * run. */
#include "slipway/os/loop.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "slipway/base/mem.h"

#define FRAME_MS 16
#define SIGNAL_MAX 65

struct loop_watch {
	struct loop_watch *next;
	int fd;
	short events;
	bool dead;
	size_t slot; /* in the poll array of this turn; SIZE_MAX when added since */
	loop_fd_fn fn;
	void *arg;
};

struct loop_timer {
	struct loop_timer *next; /* ordered by due, first come first served */
	uint64_t due_ms;
	loop_fn fn;
	void *arg;
};

struct deferred {
	loop_fn fn;
	void *arg;
};

struct child {
	struct child *next;
	pid_t pid;
	loop_child_fn fn;
	loop_fn stopped; /* may be NULL */
	void *arg;
};

struct handler {
	loop_signal_fn fn;
	void *arg;
	struct sigaction before;
	bool installed;
};

struct loop {
	struct loop_watch *watches;
	struct loop_timer *timers;
	struct child *children;
	struct deferred *deferred;
	size_t deferred_count, deferred_cap;
	struct pollfd *polls;
	size_t polls_cap;
	struct handler handlers[SIGNAL_MAX];
	int signal_pipe[2];
	size_t busy;
	bool stopping, dirty, urgent, sweep;
	loop_fn idle_fn, frame_fn;
	void *idle_arg, *frame_arg;
	uint64_t now_ms, frame_ms;
};

/* Static because a signal handler gets no argument: the write end of the one loop's pipe. */
static volatile sig_atomic_t signal_fd = -1;

static uint64_t
clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* A child or a server that stops reading, and a file that may grow no more, must be an error of
 * write(2), not our end. */
static void
ignore_write_signals(struct loop *l)
{
	static const int signals[] = { SIGPIPE, SIGXFSZ };
	struct sigaction sa = { .sa_handler = SIG_IGN };

	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		l->handlers[signals[i]].installed = sigaction(signals[i], &sa,
							&l->handlers[signals[i]].before) == 0;
}

enum err_code
loop_new(struct loop **out, struct err *e)
{
	struct loop *l = mem_zalloc(1, sizeof *l);

	if (pipe(l->signal_pipe) != 0) {
		free(l);
		return err_sys(e, ERR_IO, "cannot make a pipe for signals");
	}
	for (int i = 0; i < 2; i++) {
		fcntl(l->signal_pipe[i], F_SETFD, FD_CLOEXEC);
		fcntl(l->signal_pipe[i], F_SETFL, O_NONBLOCK);
	}
	l->now_ms = clock_ms();
	ignore_write_signals(l);
	*out = l;
	return ERR_OK;
}

static void
signals_restore(struct loop *l)
{
	for (int signo = 1; signo < SIGNAL_MAX; signo++)
		if (l->handlers[signo].installed)
			sigaction(signo, &l->handlers[signo].before, NULL);
	if (signal_fd == l->signal_pipe[1])
		signal_fd = -1;
}

void
loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	signals_restore(l);
	while (l->watches != NULL) {
		struct loop_watch *next = l->watches->next;

		free(l->watches);
		l->watches = next;
	}
	while (l->timers != NULL) {
		struct loop_timer *next = l->timers->next;

		free(l->timers);
		l->timers = next;
	}
	while (l->children != NULL) {
		struct child *next = l->children->next;

		free(l->children);
		l->children = next;
	}
	free(l->deferred);
	free(l->polls);
	close(l->signal_pipe[0]);
	close(l->signal_pipe[1]);
	free(l);
}

struct loop_watch *
loop_watch(struct loop *l, int fd, short events, loop_fd_fn fn, void *arg)
{
	struct loop_watch *w = mem_zalloc(1, sizeof *w);

	*w = (struct loop_watch) { .next = l->watches,
		.fd = fd,
		.events = events,
		.slot = SIZE_MAX,
		.fn = fn,
		.arg = arg };
	l->watches = w;
	return w;
}

void
loop_watch_events(struct loop_watch *w, short events)
{
	w->events = events;
}

void
loop_unwatch(struct loop *l, struct loop_watch *w)
{
	if (w == NULL)
		return;
	w->dead = true;
	l->sweep = true;
}

static void
sweep(struct loop *l)
{
	struct loop_watch **link = &l->watches;

	if (!l->sweep)
		return;
	l->sweep = false;
	while (*link != NULL) {
		struct loop_watch *w = *link;

		if (w->dead) {
			*link = w->next;
			free(w);
		} else {
			link = &w->next;
		}
	}
}

struct loop_timer *
loop_after(struct loop *l, uint64_t ms, loop_fn fn, void *arg)
{
	struct loop_timer *t = mem_zalloc(1, sizeof *t);
	struct loop_timer **link = &l->timers;

	*t = (struct loop_timer) { .due_ms = clock_ms() + ms, .fn = fn, .arg = arg };
	while (*link != NULL && (*link)->due_ms <= t->due_ms)
		link = &(*link)->next;
	t->next = *link;
	*link = t;
	return t;
}

void
loop_cancel(struct loop *l, struct loop_timer *t)
{
	struct loop_timer **link = &l->timers;

	if (t == NULL)
		return;
	while (*link != NULL && *link != t)
		link = &(*link)->next;
	assert(*link == t);
	*link = t->next;
	free(t);
}

void
loop_defer(struct loop *l, loop_fn fn, void *arg)
{
	l->deferred = mem_grow(
	    l->deferred, &l->deferred_cap, l->deferred_count + 1, sizeof l->deferred[0]);
	l->deferred[l->deferred_count++] = (struct deferred) { fn, arg };
}

static void
forgotten(void *arg)
{
	(void)arg;
}

void
loop_forget(struct loop *l, const void *arg)
{
	for (size_t i = 0; i < l->deferred_count; i++)
		if (l->deferred[i].arg == arg)
			l->deferred[i] = (struct deferred) { forgotten, NULL };
}

/* Async-signal-safe: one byte into the pipe. A full pipe already holds one that wakes us. */
static void
on_signal(int signo)
{
	int saved = errno;
	unsigned char byte = (unsigned char)signo;

	if (signal_fd >= 0 && write(signal_fd, &byte, 1) < 0)
		errno = saved;
	errno = saved;
}

enum err_code
loop_signal(struct loop *l, int signo, loop_signal_fn fn, void *arg, struct err *e)
{
	struct handler *h = &l->handlers[signo];

	assert(signo > 0 && signo < SIGNAL_MAX);
	if (fn == NULL) {
		if (h->installed)
			sigaction(signo, &h->before, NULL);
		*h = (struct handler) { 0 };
		return ERR_OK;
	}
	if (!h->installed) {
		struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

		signal_fd = l->signal_pipe[1];
		sigemptyset(&sa.sa_mask);
		if (sigaction(signo, &sa, &h->before) != 0)
			return err_sys(e, ERR_FAILED, "cannot watch signal %d", signo);
		h->installed = true;
	}
	h->fn = fn;
	h->arg = arg;
	return ERR_OK;
}

static void
on_child_signal(void *arg, int signo)
{
	(void)arg;
	(void)signo;
}

void
loop_child(struct loop *l, pid_t pid, loop_child_fn fn, void *arg)
{
	struct child *c = mem_zalloc(1, sizeof *c);

	*c = (struct child) { .next = l->children, .pid = pid, .fn = fn, .arg = arg };
	l->children = c;
	if (l->handlers[SIGCHLD].fn == NULL)
		loop_signal(l, SIGCHLD, on_child_signal, NULL, NULL);
	/* It may have ended before the handler was there. */
	if (write(l->signal_pipe[1], &(unsigned char) { SIGCHLD }, 1) < 0)
		return;
}

void
loop_child_stops(struct loop *l, pid_t pid, loop_fn fn)
{
	for (struct child *c = l->children; c != NULL; c = c->next)
		if (c->pid == pid)
			c->stopped = fn;
}

static bool
has_stopped(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG) == 0 && info.si_pid == pid;
}

/* Asks for each child of ours by pid: a wait for any child would steal those of a library. */
static void
reap(struct loop *l)
{
	struct child **link = &l->children;

	while (*link != NULL) {
		struct child *c = *link;
		int status;
		pid_t got;

		if (c->stopped != NULL && has_stopped(c->pid))
			c->stopped(c->arg);
		got = waitpid(c->pid, &status, WNOHANG);
		if (got == 0 || (got < 0 && errno == EINTR)) {
			link = &c->next;
			continue;
		}
		*link = c->next;
		c->fn(c->arg, c->pid, got == c->pid ? status : -1);
		free(c);
		link = &l->children; /* the callback may have added children */
	}
}

static void
dispatch_signals(struct loop *l)
{
	unsigned char bytes[256];
	bool seen[SIGNAL_MAX] = { false };
	ssize_t n;

	while ((n = read(l->signal_pipe[0], bytes, sizeof bytes)) > 0)
		for (ssize_t i = 0; i < n; i++)
			if (bytes[i] < SIGNAL_MAX)
				seen[bytes[i]] = true;
	if (seen[SIGCHLD])
		reap(l);
	for (int signo = 1; signo < SIGNAL_MAX; signo++)
		if (seen[signo] && l->handlers[signo].fn != NULL)
			l->handlers[signo].fn(l->handlers[signo].arg, signo);
}

static void
dispatch_timers(struct loop *l)
{
	while (l->timers != NULL && l->timers->due_ms <= l->now_ms) {
		struct loop_timer *t = l->timers;

		l->timers = t->next;
		t->fn(t->arg);
		free(t);
	}
}

static void
dispatch_watches(struct loop *l, size_t count)
{
	for (struct loop_watch *w = l->watches; w != NULL; w = w->next) {
		short revents;

		if (w->dead || w->slot >= count)
			continue;
		revents = l->polls[w->slot].revents;
		if (revents != 0)
			w->fn(w->arg, revents);
	}
}

static void
run_deferred(struct loop *l)
{
	for (size_t i = 0; i < l->deferred_count; i++) {
		struct deferred d = l->deferred[i];

		d.fn(d.arg);
	}
	l->deferred_count = 0;
}

/* Fills the poll array: slot 0 is the signal pipe. Watches added later this turn have no slot. */
static size_t
fill_polls(struct loop *l)
{
	size_t count = 1;

	for (struct loop_watch *w = l->watches; w != NULL; w = w->next)
		count++;
	l->polls = mem_grow(l->polls, &l->polls_cap, count, sizeof l->polls[0]);
	l->polls[0] = (struct pollfd) { .fd = l->signal_pipe[0], .events = POLLIN };
	count = 1;
	for (struct loop_watch *w = l->watches; w != NULL; w = w->next) {
		w->slot = count;
		l->polls[count++] = (struct pollfd) { .fd = w->events != 0 ? w->fd : -1,
			.events = w->events };
	}
	return count;
}

static int
wait_time(const struct loop *l, int wait_ms)
{
	uint64_t now = clock_ms(), due = UINT64_MAX;

	if (l->deferred_count > 0)
		return 0;
	if (l->timers != NULL)
		due = l->timers->due_ms;
	if (l->dirty && l->frame_fn != NULL && l->frame_ms + FRAME_MS < due)
		due = l->frame_ms + FRAME_MS;
	if (due == UINT64_MAX)
		return wait_ms;
	due = due > now ? due - now : 0;
	if (due > 60000)
		due = 60000;
	return wait_ms >= 0 && (uint64_t)wait_ms < due ? wait_ms : (int)due;
}

static void
draw_frame(struct loop *l)
{
	if (!l->dirty || l->frame_fn == NULL || (!l->urgent && l->now_ms < l->frame_ms + FRAME_MS))
		return;
	l->dirty = l->urgent = false;
	l->frame_ms = l->now_ms;
	l->frame_fn(l->frame_arg);
}

void
loop_turn(struct loop *l, int wait_ms)
{
	size_t count = fill_polls(l);
	int ready = poll(l->polls, count, wait_time(l, wait_ms));

	l->now_ms = clock_ms();
	if (ready > 0 && l->polls[0].revents != 0)
		dispatch_signals(l);
	dispatch_timers(l);
	if (ready > 0)
		dispatch_watches(l, count);
	run_deferred(l);
	sweep(l);
	draw_frame(l);
	if (l->idle_fn != NULL && !loop_is_busy(l))
		l->idle_fn(l->idle_arg);
}

void
loop_run(struct loop *l)
{
	l->stopping = false;
	while (!l->stopping)
		loop_turn(l, -1);
}

void
loop_stop(struct loop *l)
{
	l->stopping = true;
}

void
loop_busy_begin(struct loop *l)
{
	l->busy++;
}

void
loop_busy_end(struct loop *l)
{
	assert(l->busy > 0);
	l->busy--;
}

bool
loop_is_busy(const struct loop *l)
{
	return l->busy > 0 || l->deferred_count > 0 || (l->dirty && l->frame_fn != NULL);
}

bool
loop_has_work(const struct loop *l)
{
	return l->busy > 0;
}

void
loop_on_idle(struct loop *l, loop_fn fn, void *arg)
{
	l->idle_fn = fn;
	l->idle_arg = arg;
}

void
loop_on_frame(struct loop *l, loop_fn fn, void *arg)
{
	l->frame_fn = fn;
	l->frame_arg = arg;
}

void
loop_dirty(struct loop *l)
{
	l->dirty = true;
}

void
loop_dirty_now(struct loop *l)
{
	l->dirty = l->urgent = true;
}

uint64_t
loop_now_ms(const struct loop *l)
{
	return l->now_ms;
}
