/* A program in a pseudo-terminal, from the side of the test. */
#include "pty.h"

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

#include "child.h"
#include "pty_leader.h"
#include "vt.h"

struct pty {
	struct vt	  *vt;
	int		   master, events, orders;
	pid_t		   leader, program;
	struct termios	   before;
	struct child_bytes raw, queue, log, held, text;
	int		   events_seen, marks_seen;
	bool		   ended, stopped;
	int		   status;
};

static void
note(struct pty *p, const char *verb, const char *text)
{
	child_append(&p->log, verb, strlen(verb));
	child_append(&p->log, "(", 1);
	child_append(&p->log, text, strlen(text));
	child_append(&p->log, ") ", 2);
}

static void
enqueue(const char *data, size_t len, void *arg)
{
	struct pty *p = arg;

	child_append(&p->queue, data, len);
}

static void
set_size(const struct pty *p, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	if (ioctl(p->master, TIOCSWINSZ, &size) != 0)
		child_die("set the size of a terminal");
}

static void
read_event(struct pty *p)
{
	struct pty_event ev;

	if (read(p->events, &ev, sizeof ev) != (ssize_t)sizeof ev)
		child_die("hear from the leader of a terminal");
	switch (ev.kind) {
	case PTY_EVENT_STARTED:
		p->program = ev.value;
		return;
	case PTY_EVENT_ENDED:
		p->ended = true;
		p->stopped = false;
		p->status = WIFEXITED(ev.value) ? WEXITSTATUS(ev.value) : 128 + WTERMSIG(ev.value);
		break;
	case PTY_EVENT_STOPPED:
		p->stopped = true;
		break;
	}
	p->events_seen++;
}

struct pty *
pty_start(const struct pty_opts *o)
{
	static const char *const standard[] = { "TERM=xterm-256color", "LC_ALL=C.UTF-8", "TZ=UTC",
		"COLUMNS", "LINES", "NO_COLOR", "COLORTERM", NULL };
	struct pty *p = calloc(1, sizeof *p);
	int	    rows = o->rows > 0 ? o->rows : 24, cols = o->cols > 0 ? o->cols : 80;
	int	    events[2], orders[2];
	char	  **env = child_env(standard, o->env);

	p->vt = vt_new(rows, cols, enqueue, p);
	p->master = posix_openpt(O_RDWR | O_NOCTTY);
	if (p->master < 0 || grantpt(p->master) != 0 || unlockpt(p->master) != 0 ||
	    tcgetattr(p->master, &p->before) != 0 || pipe(events) != 0 || pipe(orders) != 0)
		child_die("make a pseudo-terminal");
	set_size(p, rows, cols);
	fcntl(p->master, F_SETFD, FD_CLOEXEC);
	fcntl(p->master, F_SETFL, O_NONBLOCK);
	fflush(NULL);
	p->leader = fork();
	if (p->leader < 0)
		child_die("fork");
	if (p->leader == 0)
		pty_lead(o, env, ptsname(p->master), events[1], orders[0]);
	child_env_free(env);
	close(events[1]);
	close(orders[0]);
	p->events = events[0];
	p->orders = orders[1];
	fcntl(p->events, F_SETFD, FD_CLOEXEC);
	fcntl(p->orders, F_SETFD, FD_CLOEXEC);
	read_event(p);
	return p;
}

void
pty_free(struct pty *p)
{
	if (p == NULL)
		return;
	if (!p->ended)
		kill(-p->program, SIGKILL);
	close(p->orders);
	kill(p->leader, SIGKILL);
	while (waitpid(p->leader, NULL, 0) < 0 && errno == EINTR)
		continue;
	close(p->events);
	close(p->master);
	vt_free(p->vt);
	free(p->raw.data);
	free(p->queue.data);
	free(p->log.data);
	free(p->held.data);
	free(p->text.data);
	free(p);
}

static void
accept_output(struct pty *p, const char *data, size_t len)
{
	child_append(&p->raw, data, len);
	vt_feed(p->vt, data, len);
}

/* Passes on what was read but for the marks; a possible start of one at the end waits for more. */
static void
take_output(struct pty *p, const char *data, size_t len)
{
	size_t at = 0, start = 0;

	child_append(&p->held, data, len);
	while (at < p->held.len) {
		size_t left = p->held.len - at;
		size_t n = left < PTY_MARK_LEN ? left : PTY_MARK_LEN;

		if (memcmp(p->held.data + at, PTY_MARK, n) != 0) {
			at++;
			continue;
		}
		accept_output(p, p->held.data + start, at - start);
		start = at;
		if (n < PTY_MARK_LEN)
			break;
		p->marks_seen++;
		at += PTY_MARK_LEN;
		start = at;
	}
	if (at >= p->held.len && start < p->held.len) {
		accept_output(p, p->held.data + start, p->held.len - start);
		start = p->held.len;
	}
	memmove(p->held.data, p->held.data + start, p->held.len - start);
	p->held.len -= start;
}

static void
send_queued(struct pty *p)
{
	ssize_t n = write(p->master, p->queue.data, p->queue.len);

	if (n <= 0)
		return;
	memmove(p->queue.data, p->queue.data + n, p->queue.len - (size_t)n);
	p->queue.len -= (size_t)n;
}

/* Waits for anything to happen and takes all of it; false when nothing did. */
static bool
pump(struct pty *p, int timeout_ms)
{
	char	      buf[65536];
	struct pollfd fds[] = {
		{ .fd = p->master, .events = (short)(POLLIN | (p->queue.len > 0 ? POLLOUT : 0)) },
		{ .fd = p->ended ? -1 : p->events, .events = POLLIN },
	};
	ssize_t n;

	if (poll(fds, 2, timeout_ms) <= 0)
		return false;
	if (fds[0].revents & POLLOUT)
		send_queued(p);
	while ((n = read(p->master, buf, sizeof buf)) > 0)
		take_output(p, buf, (size_t)n);
	if (fds[1].revents != 0)
		read_event(p);
	return true;
}

/* Ended or stopped, and everything that it printed before was read. */
static bool
is_settled(const struct pty *p)
{
	return p->marks_seen == p->events_seen;
}

static bool
is_over(const struct pty *p)
{
	return p->ended && is_settled(p);
}

bool
pty_wait(struct pty *p, const char *what, pty_test_fn test, void *arg)
{
	int64_t deadline = child_now_ms() + child_deadline_ms();

	for (;;) {
		int64_t left = deadline - child_now_ms();

		/* First what is there already, so that an old screen is not taken for the answer.
		 */
		while (pump(p, 0))
			continue;
		if (test(p, arg))
			return true;
		if (is_over(p) || left <= 0) {
			pty_dump(p, what);
			return false;
		}
		pump(p, (int)left);
	}
}

static bool
test_text(struct pty *p, void *arg)
{
	return pty_has(p, *(const char **)arg);
}

static bool
test_gone(struct pty *p, void *arg)
{
	return !pty_has(p, *(const char **)arg);
}

bool
pty_wait_text(struct pty *p, const char *text)
{
	return pty_wait(p, text, test_text, &text);
}

bool
pty_wait_gone(struct pty *p, const char *text)
{
	return pty_wait(p, text, test_gone, &text);
}

bool
pty_wait_quiet(struct pty *p, int quiet_ms)
{
	int64_t deadline = child_now_ms() + child_deadline_ms();

	while (!is_over(p) && pump(p, quiet_ms)) {
		if (child_now_ms() >= deadline) {
			pty_dump(p, "an end of the output");
			return false;
		}
	}
	return true;
}

static bool
test_stopped(struct pty *p, void *arg)
{
	(void)arg;
	return p->stopped && is_settled(p);
}

bool
pty_wait_stopped(struct pty *p)
{
	return pty_wait(p, "the program to stop", test_stopped, NULL);
}

static bool
test_over(struct pty *p, void *arg)
{
	(void)arg;
	return is_over(p);
}

int
pty_wait_exit(struct pty *p)
{
	return pty_wait(p, "the program to end", test_over, NULL) ? p->status : -1;
}

void
pty_keys(struct pty *p, const char *keys)
{
	note(p, "keys", keys);
	while (*keys != '\0') {
		size_t len = strcspn(keys, " ");

		if (len > 0 && !vt_key(p->vt, keys, len)) {
			errno = EINVAL;
			child_die(keys);
		}
		keys += len;
		keys += strspn(keys, " ");
	}
	pump(p, 0);
}

void
pty_type(struct pty *p, const char *text)
{
	note(p, "type", text);
	vt_type(p->vt, text);
	pump(p, 0);
}

void
pty_paste(struct pty *p, const char *text)
{
	/* The brackets are sent only when the program was heard asking for them. */
	pump(p, 0);
	note(p, "paste", text);
	vt_paste(p->vt, text);
	pump(p, 0);
}

void
pty_click(struct pty *p, int row, int col)
{
	note(p, "click", "");
	vt_click(p->vt, row, col);
	pump(p, 0);
}

void
pty_send(struct pty *p, const void *data, size_t len)
{
	note(p, "send", "");
	child_append(&p->queue, data, len);
	pump(p, 0);
}

void
pty_resize(struct pty *p, int rows, int cols)
{
	char text[32];

	snprintf(text, sizeof text, "%dx%d", cols, rows);
	note(p, "resize", text);
	pump(p, 0);
	vt_resize(p->vt, rows, cols);
	set_size(p, rows, cols);
}

void
pty_signal(struct pty *p, int signo)
{
	note(p, "signal", strsignal(signo));
	if (!p->ended)
		kill(-p->program, signo);
}

void
pty_foreground(struct pty *p)
{
	note(p, "fg", "");
	p->stopped = false;
	if (write(p->orders, "f", 1) != 1)
		child_die("order the leader of a terminal");
}

const char *
pty_row(struct pty *p, int row)
{
	return vt_row(p->vt, row);
}

const char *
pty_screen(struct pty *p)
{
	int rows, cols;

	vt_size(p->vt, &rows, &cols);
	p->text.len = 0;
	for (int row = 0; row < rows; row++) {
		const char *line = vt_row(p->vt, row);

		child_append(&p->text, line, strlen(line));
		child_append(&p->text, "\n", 1);
	}
	return p->text.data;
}

bool
pty_find(struct pty *p, const char *text, int *row, int *col)
{
	int rows, cols;

	vt_size(p->vt, &rows, &cols);
	for (int r = 0; r < rows; r++) {
		const char     *line = vt_row(p->vt, r), *at = strstr(line, text);
		struct pty_cell cell;
		size_t		bytes = 0;

		if (at == NULL)
			continue;
		*row = r;
		for (*col = 0; *col < cols && bytes < (size_t)(at - line); ++*col) {
			vt_cell(p->vt, r, *col, &cell);
			bytes += strlen(cell.text);
		}
		return true;
	}
	return false;
}

bool
pty_has(struct pty *p, const char *text)
{
	int row, col;

	return pty_find(p, text, &row, &col);
}

void
pty_cell(struct pty *p, int row, int col, struct pty_cell *out)
{
	vt_cell(p->vt, row, col, out);
}

void
pty_cursor(struct pty *p, int *row, int *col)
{
	vt_cursor(p->vt, row, col);
}

bool
pty_is_cursor_visible(const struct pty *p)
{
	return vt_is_cursor_visible(p->vt);
}

bool
pty_is_alternate(const struct pty *p)
{
	return vt_is_alternate(p->vt);
}

int
pty_bells(const struct pty *p)
{
	return vt_bells(p->vt);
}

static bool
is_mode_on(const struct pty *p, long mode, bool start)
{
	bool on = start;

	for (size_t i = 0; i + 3 < p->raw.len; i++) {
		const char *at = p->raw.data + i;
		bool	    named = false;

		if (memcmp(at, "\033[?", 3) != 0)
			continue;
		at += 3;
		for (char *end; *at >= '0' && *at <= '9'; at = *end == ';' ? end + 1 : end)
			named |= strtol(at, &end, 10) == mode;
		if (named && (*at == 'h' || *at == 'l'))
			on = *at == 'h';
	}
	return on;
}

static bool
is_keypad_on(const struct pty *p)
{
	bool on = false;

	for (size_t i = 0; i + 1 < p->raw.len; i++)
		if (p->raw.data[i] == '\033' && strchr("=>", p->raw.data[i + 1]) != NULL)
			on = p->raw.data[i + 1] == '=';
	return on;
}

const char *
pty_not_restored(struct pty *p)
{
	static const struct {
		long	    mode;
		bool	    normal;
		const char *what;
	} modes[] = {
		{ 1049, false, "it is on the alternate screen" },
		{ 1047, false, "it is on the alternate screen" },
		{ 47, false, "it is on the alternate screen" },
		{ 25, true, "the cursor is hidden" },
		{ 7, true, "lines do not wrap" },
		{ 1, false, "the cursor keys are in application mode" },
		{ 1000, false, "the mouse is reported" },
		{ 1002, false, "the mouse is reported" },
		{ 1003, false, "the mouse is reported" },
		{ 1006, false, "the mouse is reported" },
		{ 1004, false, "the focus is reported" },
		{ 2004, false, "pastes come in brackets" },
		{ 2026, false, "an update is not finished" },
	};
	struct termios now;

	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
		if (is_mode_on(p, modes[i].mode, modes[i].normal) != modes[i].normal)
			return modes[i].what;
	if (is_keypad_on(p))
		return "the keypad is in application mode";
	if (vt_has_pen(p->vt))
		return "colours or attributes are left on";
	if (tcgetattr(p->master, &now) != 0)
		return "its line settings cannot be read";
	if (now.c_iflag != p->before.c_iflag || now.c_oflag != p->before.c_oflag ||
	    now.c_cflag != p->before.c_cflag || now.c_lflag != p->before.c_lflag ||
	    memcmp(now.c_cc, p->before.c_cc, sizeof now.c_cc) != 0)
		return "its line settings differ";
	return NULL;
}

const char *
pty_raw(const struct pty *p, size_t *len)
{
	*len = p->raw.len;
	return p->raw.data != NULL ? p->raw.data : "";
}

bool
pty_sent(const struct pty *p, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i + len <= p->raw.len; i++)
		if (memcmp(p->raw.data + i, text, len) == 0)
			return true;
	return false;
}

int
pty_pid(const struct pty *p)
{
	return p->program;
}

void
pty_dump(struct pty *p, const char *why)
{
	int rows, cols, row, col;

	vt_size(p->vt, &rows, &cols);
	vt_cursor(p->vt, &row, &col);
	fprintf(stderr, "---- waited for: %s\n", why);
	fprintf(stderr, "---- sent: %s\n", p->log.data != NULL ? p->log.data : "nothing");
	if (p->ended)
		fprintf(stderr, "---- the program ended with status %d\n", p->status);
	else
		fprintf(stderr, "---- the program %s\n", p->stopped ? "is stopped" : "runs");
	fprintf(stderr, "---- screen %dx%d, %s, cursor %s at row %d, column %d\n", cols, rows,
	    pty_is_alternate(p) ? "alternate" : "normal",
	    pty_is_cursor_visible(p) ? "visible" : "hidden", row, col);
	for (int r = 0; r < rows; r++)
		fprintf(stderr, "%3d|%s\n", r, vt_row(p->vt, r));
	fprintf(stderr, "----\n");
}
