/* The parent's side of a reader: a child on the loop, requests in order, events for what it says.
 */
#include "slipway/dist/reader.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "reader_model.h"
#include "reader_open.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/loop.h"
#include "slipway/os/process.h"

#define SAID_MAX 200

struct request {
	struct request *next;
	uint32_t number;
	uint64_t left; /* bytes that it may still give */
	reader_data_fn data;
	reader_read_fn done;
	void *arg;
};

struct reader {
	struct loop *loop;
	struct process *process; /* NULL: gone */
	struct reader_events on;
	struct reader_model model;
	struct archive_limits limits;
	struct str inbox;
	struct request *first, **last;
	uint32_t numbers;
	struct loop_timer *timer;
	struct str said; /* on standard error */
	bool closed, ended, resting, slow, nonsense;
	bool inside; /* a callback, while there is no child: not to be freed */
};

/* --- what is under way --- */

static void
on_slow(void *arg)
{
	struct reader *r = arg;

	r->timer = NULL;
	r->slow = true;
	if (r->process != NULL)
		process_cancel(r->process);
}

static void
stop_timer(struct reader *r)
{
	loop_cancel(r->loop, r->timer);
	r->timer = NULL;
}

/* The child counts as busy only while it has something to do. */
static void
settle(struct reader *r)
{
	bool idle = r->ended && r->first == NULL && !r->closed && r->process != NULL;

	stop_timer(r);
	if (idle && !r->resting)
		loop_busy_end(r->loop);
	else if (!idle && r->resting)
		loop_busy_begin(r->loop);
	r->resting = idle;
	if (!idle && r->process != NULL && !r->closed)
		r->timer = loop_after(r->loop, r->limits.wall_ms + READER_GRACE_MS, on_slow, r);
}

static void
reader_free(struct reader *r)
{
	while (r->first != NULL) {
		struct request *next = r->first->next;

		free(r->first);
		r->first = next;
	}
	stop_timer(r);
	loop_forget(r->loop, r);
	reader_model_fini(&r->model);
	str_fini(&r->inbox);
	str_fini(&r->said);
	free(r);
}

/* The first request is answered. */
static void
finish_request(struct reader *r, const struct err *why)
{
	struct request *q = r->first;

	r->first = q->next;
	if (r->first == NULL)
		r->last = &r->first;
	settle(r);
	if (q->done != NULL)
		q->done(q->arg, why->code, why);
	free(q);
}

/* No child will answer any more. Those that are asked for from a callback come later. */
static void
fail_requests(void *arg)
{
	struct reader *r = arg;
	struct request *q = r->first;
	struct err why = ERR_EMPTY;

	err_set(&why, ERR_FAILED, "the reader of this file has ended");
	err_hint(&why, "open it again");
	r->first = NULL;
	r->last = &r->first;
	r->inside = true;
	while (q != NULL) {
		struct request *next = q->next;

		if (!r->closed && q->done != NULL)
			q->done(q->arg, why.code, &why);
		free(q);
		q = next;
	}
	r->inside = false;
	if (r->closed)
		reader_free(r);
}

static void
finish_pass(struct reader *r)
{
	const struct err *why = r->model.end.code != ERR_OK ? &r->model.end : NULL;

	r->ended = true;
	settle(r);
	if (r->on.ended != NULL)
		r->on.ended(r->on.arg, why);
}

/* --- what the child says --- */

static void
take_data(struct reader *r, struct wire *w)
{
	uint32_t number = (uint32_t)wire_number(w, 4);
	struct bytes data = wire_rest(w);

	if (w->bad || r->first == NULL || r->first->number != number || data.len > r->first->left) {
		r->nonsense = true;
		return;
	}
	r->first->left -= data.len;
	if (r->first->data != NULL)
		r->first->data(r->first->arg, data.data, data.len);
}

static void
take_data_end(struct reader *r, struct wire *w)
{
	uint32_t number = (uint32_t)wire_number(w, 4);
	struct err why = ERR_EMPTY;

	if (!reader_take_err(w, &why) || r->first == NULL || r->first->number != number)
		r->nonsense = true;
	else
		finish_request(r, &why);
}

static void
take(struct reader *r, enum wire_kind kind, struct wire *w)
{
	if (kind == WIRE_DATA) {
		take_data(r, w);
	} else if (kind == WIRE_DATA_END) {
		take_data_end(r, w);
	} else if (r->ended || !reader_model_take(&r->model, kind, w)) {
		r->nonsense = true;
	} else if (kind == WIRE_LISTED && r->on.listed != NULL) {
		r->on.listed(r->on.arg);
	} else if (kind == WIRE_PROGRESS && r->on.progress != NULL) {
		r->on.progress(r->on.arg, r->model.done, r->model.total);
	} else if (kind == WIRE_FINDINGS && r->on.found != NULL) {
		r->on.found(r->on.arg);
	} else if (kind == WIRE_END) {
		finish_pass(r);
	}
}

static void
on_output(void *arg, enum process_stream stream, const char *data, size_t len)
{
	struct reader *r = arg;
	struct wire w;
	enum wire_kind kind;
	size_t at = 0, used = 0;
	bool bad = false;

	if (stream == PROCESS_STDERR) {
		str_append(&r->said, data, r->said.len < SAID_MAX && len < SAID_MAX ? len : 0);
		return;
	}
	if (r->closed || r->nonsense)
		return;
	str_append(&r->inbox, data, len);
	while (!r->closed && !r->nonsense &&
	       wire_next((struct bytes) { .data = r->inbox.data + at, .len = r->inbox.len - at },
		   &kind, &w, &used, &bad)) {
		at += used;
		take(r, kind, &w);
	}
	r->nonsense |= bad;
	str_splice(&r->inbox, 0, at, NULL, 0);
	if (r->nonsense && r->process != NULL)
		process_cancel(r->process);
}

/* The pass broke off: whatever was found until then, it is not all. */
static void
tell_death(struct reader *r, const struct process_end *end)
{
	char how[64], said[SAID_MAX + 1], *text;

	process_end_text(end, how, sizeof how);
	sanitise_line(str_text(&r->said), r->said.len, said, sizeof said);
	if (r->slow)
		text = mem_printf("the reader was stopped after %llu seconds",
		    (unsigned long long)((r->limits.wall_ms + READER_GRACE_MS) / 1000));
	else if (r->nonsense)
		text = mem_strdup("the reader was stopped: what it said made no sense");
	else
		text = mem_printf("the reader broke off, at a limit or over damage: %s%s%s", how,
		    said[0] != '\0' ? ", " : "", said);
	reader_model_break(&r->model, text);
	free(text);
}

static void
on_end(void *arg, const struct process_end *end)
{
	struct reader *r = arg;

	r->process = NULL;
	settle(r);
	r->inside = true;
	if (!r->closed && !r->ended) {
		tell_death(r, end);
		finish_pass(r);
	}
	fail_requests(r);
}

/* --- for the caller --- */

enum err_code
reader_open(struct loop *l, const struct reader_opts *o, struct reader **out, struct err *e)
{
	char *program = reader_program(o->program);
	const char *argv[] = { program, READER_ARGUMENT, NULL };
	struct reader *r = mem_zalloc(1, sizeof *r);
	struct strlist env = STRLIST_EMPTY;
	struct str first = STR_EMPTY;
	struct process_opts how = { .argv = argv,
		.mode = PROCESS_PIPES,
		.talk = true,
		.on_output = on_output,
		.on_end = on_end,
		.arg = r };
	enum err_code rc;

	*r = (struct reader) { .loop = l, .on = o->events, .limits = archive_default_limits };
	if (o->check != NULL && o->check->limits != NULL)
		r->limits = *o->check->limits;
	r->last = &r->first;
	reader_model_init(&r->model, &r->limits);
	reader_put_wish(&first, o);
	how.input = str_text(&first);
	how.input_len = first.len;
	reader_environment(&env);
	how.env = (const char *const *)env.items;
	rc = process_start(l, &how, &r->process, e);
	free(program);
	str_fini(&first);
	strlist_fini(&env);
	if (rc != ERR_OK) {
		err_wrap(e, "cannot start the reader");
		reader_free(r);
		return rc;
	}
	settle(r);
	*out = r;
	return ERR_OK;
}

void
reader_close(struct reader *r)
{
	if (r == NULL || r->closed)
		return;
	r->closed = true;
	settle(r);
	if (r->process != NULL)
		process_cancel(r->process);
	else if (!r->inside)
		reader_free(r);
}

const struct archive *
reader_archive(const struct reader *r)
{
	return r->model.listed ? r->model.archive : NULL;
}

size_t
reader_passed(const struct reader *r)
{
	return r->model.passed;
}

const struct findings *
reader_findings(const struct reader *r)
{
	return &r->model.findings;
}

const struct archive_facts *
reader_facts(const struct reader *r)
{
	return &r->model.facts;
}

void
reader_read(struct reader *r, size_t index, uint64_t max, reader_data_fn data, reader_read_fn done,
    void *arg)
{
	struct request *q = mem_zalloc(1, sizeof *q);
	struct str text = STR_EMPTY;

	assert(!r->closed);
	*q = (struct request) {
		.number = ++r->numbers, .left = max, .data = data, .done = done, .arg = arg
	};
	*r->last = q;
	r->last = &q->next;
	if (r->process == NULL) {
		loop_defer(r->loop, fail_requests, r);
		return;
	}
	reader_put_read(&text, q->number, index, max);
	process_write(r->process, text.data, text.len);
	str_fini(&text);
	settle(r);
}
