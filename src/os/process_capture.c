/* Short commands whose whole output is wanted at once, and the words for how a process ended. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "slipway/os/process.h"

struct capture {
	struct str text[2];
	size_t max;
	process_result_fn fn;
	void *arg;
};

static void
on_output(void *arg, enum process_stream stream, const char *data, size_t len)
{
	struct capture *c = arg;
	struct str *text = &c->text[stream];
	size_t left = c->max - text->len;

	str_append(text, data, len < left ? len : left);
}

static void
on_end(void *arg, const struct process_end *end)
{
	struct capture *c = arg;
	const struct process_result result = { .end = *end,
		.out = { str_text(&c->text[0]), c->text[0].len },
		.err = { str_text(&c->text[1]), c->text[1].len } };

	c->fn(c->arg, &result);
	str_fini(&c->text[0]);
	str_fini(&c->text[1]);
	free(c);
}

enum err_code
process_capture(struct loop *l, const struct process_opts *opts, size_t max, process_result_fn fn,
    void *arg, struct process **out, struct err *e)
{
	struct capture *c = mem_zalloc(1, sizeof *c);
	struct process_opts o = *opts;
	enum err_code rc;

	c->max = max;
	c->fn = fn;
	c->arg = arg;
	o.on_output = on_output;
	o.on_end = on_end;
	o.arg = c;
	rc = process_start(l, &o, out, e);
	if (rc != ERR_OK)
		free(c);
	return rc;
}

bool
process_end_ok(const struct process_end *end)
{
	return end->status == 0 && end->signo == 0 && !end->timed_out && !end->cancelled;
}

static const char *
signal_name(int signo)
{
	static const struct {
		int signo;
		const char *name;
	} names[] = {
		{ SIGHUP, "SIGHUP" },
		{ SIGINT, "SIGINT" },
		{ SIGQUIT, "SIGQUIT" },
		{ SIGILL, "SIGILL" },
		{ SIGABRT, "SIGABRT" },
		{ SIGBUS, "SIGBUS" },
		{ SIGFPE, "SIGFPE" },
		{ SIGKILL, "SIGKILL" },
		{ SIGUSR1, "SIGUSR1" },
		{ SIGSEGV, "SIGSEGV" },
		{ SIGUSR2, "SIGUSR2" },
		{ SIGPIPE, "SIGPIPE" },
		{ SIGALRM, "SIGALRM" },
		{ SIGTERM, "SIGTERM" },
		{ SIGXCPU, "SIGXCPU" },
		{ SIGXFSZ, "SIGXFSZ" },
		{ SIGSYS, "SIGSYS" },
		{ SIGTRAP, "SIGTRAP" },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].signo == signo)
			return names[i].name;
	return NULL;
}

const char *
process_end_text(const struct process_end *end, char *buf, size_t size)
{
	const char *name = signal_name(end->signo);

	if (end->timed_out)
		snprintf(buf, size, "timed out");
	else if (end->cancelled)
		snprintf(buf, size, "cancelled");
	else if (name != NULL)
		snprintf(buf, size, "killed by %s", name);
	else if (end->signo != 0)
		snprintf(buf, size, "killed by signal %d", end->signo);
	else
		snprintf(buf, size, "exited with %d", end->status);
	return buf;
}
