/* The states of one file on its way to an index.
 *
 * hash -> ask -> send -> read back. A try that failed in a way that may pass is followed by a pause
 * and another question, and only a file that the index does not list is sent again: so nothing is
 * published twice, and what got through although the answer was lost is found. */
#include "transfer.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/clock.h"
#include "slipway/os/http.h"
#include "slipway/os/loop.h"
#include "slipway/os/secret.h"
#include "slipway/os/worker.h"
#include "verdict.h"

#define EXISTS_MS 60000 /* how long to look for a file that the index claims to have */
#define READING_MAX_MS 30000
#define TICK_MS 50 /* between progress reports of bytes */
#define RATE_MS 200

/* Why the index is asked. */
enum question { QUESTION_FIRST, QUESTION_AGAIN, QUESTION_BACK };

struct hash_job {		/* the worker's, until it comes back */
	struct transfer *owner; /* NULL when that is gone */
	const char *reader;
	char *path, *reviewed;
	struct form form;
	struct err failure;
};

struct transfer {
	struct transfer_env *env;
	size_t place;
	char *path, *reviewed, *user;
	struct secret *token;
	struct upload_progress p;
	struct form form;
	struct hash_job *job;
	struct worker_job *work;
	struct index_query *query;
	struct http_request *request;
	struct loop_timer *timer;
	struct digest back; /* of a file that is read back whole */
	enum question question;
	unsigned asked_in_vain;
	uint64_t pause_ms, back_ms, back_until;
	uint64_t tick, rate_at, rate_sent;
	bool was_sent; /* a try of ours may have got through */
	bool was_accepted, exists, is_last;
	struct err why; /* of the last try */
	struct err failure;
	char note[256];
};

static void ask(struct transfer *t, enum question q);
static void send_file(struct transfer *t);

size_t
transfer_place(const struct transfer *t)
{
	return t->place;
}

const struct upload_progress *
transfer_progress(const struct transfer *t)
{
	return &t->p;
}

bool
transfer_is_over(const struct transfer *t)
{
	return t->p.state == UPLOAD_DONE || t->p.state == UPLOAD_ALREADY_THERE ||
	       t->p.state == UPLOAD_FAILED;
}

static void
change(struct transfer *t, enum upload_state state, const char *note)
{
	t->p.state = state;
	if (note != t->note)
		sanitise_line(note, strlen(note), t->note, sizeof t->note);
	t->p.note = t->note;
	t->env->on_change(t->env->arg, t);
}

static void
end(struct transfer *t, enum upload_state state)
{
	t->p.pause_ms = 0;
	change(t, state, "");
	t->env->on_end(t->env->arg, t);
}

static void
fail(struct transfer *t, const struct err *why, enum upload_presence presence)
{
	t->failure = *why;
	t->p.failure = &t->failure;
	t->p.presence = presence;
	end(t, UPLOAD_FAILED);
}

/* Before anything of ours was sent, or after the index said no to it. */
static enum upload_presence
presence_now(const struct transfer *t)
{
	return t->was_sent || t->was_accepted ? UPLOAD_UNSURE : UPLOAD_ABSENT;
}

static void
fail_cancelled(struct transfer *t)
{
	struct err e = ERR_EMPTY;

	err_set(&e, ERR_CANCELLED, "%s was not sent: stopped", t->p.file_name);
	fail(t, &e, presence_now(t));
}

static void
on_pause_over(void *arg)
{
	struct transfer *t = arg;

	t->timer = NULL;
	t->p.pause_ms = 0;
	ask(t, t->question);
}

/* Waits, growing from time to time, then asks Q. AT_LEAST is what the index wants. */
static void
pause_then_ask(struct transfer *t, enum question q, uint64_t at_least)
{
	uint64_t ms = t->pause_ms > at_least ? t->pause_ms : at_least;

	t->question = q;
	t->pause_ms = t->pause_ms * 2 < t->env->pauses.longest ? t->pause_ms * 2
							       : t->env->pauses.longest;
	t->p.pause_ms = ms;
	t->timer = loop_after(t->env->loop, ms, on_pause_over, t);
	change(t, UPLOAD_PAUSING, t->why.message);
}

static void
pause_reading(struct transfer *t, const char *note)
{
	uint64_t now = loop_now_ms(t->env->loop), ms = t->back_ms;

	if (now + ms > t->back_until)
		ms = t->back_until > now ? t->back_until - now : 0;
	t->back_ms = t->back_ms * 2 < READING_MAX_MS ? t->back_ms * 2 : READING_MAX_MS;
	t->question = QUESTION_BACK;
	t->p.pause_ms = ms;
	t->timer = loop_after(t->env->loop, ms, on_pause_over, t);
	change(t, UPLOAD_READING_BACK, note);
}

/* The deadline of reading back has come. */
static void
fail_unlisted(struct transfer *t, const struct err *last)
{
	struct err e = ERR_EMPTY;
	const char *title = t->env->index.title;

	if (t->exists) {
		err_set(&e, ERR_CONFLICT, "%s, but it does not list %s", t->why.message,
		    t->p.file_name);
		err_hint(&e, "the same bytes may be there under another name, or the name was used "
			     "and deleted: "
			     "release the next version");
	} else {
		err_set(&e, ERR_TIMEOUT, "%s accepted %s but does not list it yet%s%s", title,
		    t->p.file_name, last != NULL ? ": " : "", last != NULL ? last->message : "");
		err_hint(&e, "do not send it again by hand: go on later, the index is asked first");
	}
	fail(t, &e, UPLOAD_UNSURE);
}

static void
compare(struct transfer *t, const char *sha256)
{
	struct err e = ERR_EMPTY;

	if (strcmp(sha256, t->form.hexes.sha256) == 0) {
		t->p.presence = UPLOAD_PRESENT;
		end(t, t->was_sent || t->was_accepted ? UPLOAD_DONE : UPLOAD_ALREADY_THERE);
		return;
	}
	err_set(&e, ERR_CONFLICT,
	    "%s has other bytes under the name %s: sha256 %.16s..., ours %.16s...",
	    t->env->index.title, t->p.file_name, sha256, t->form.hexes.sha256);
	if (t->was_accepted)
		err_hint(&e,
		    "what it serves is not what was reviewed: yank that release and look into it");
	else
		err_hint(&e, "a file on an index cannot be replaced: release the next version");
	fail(t, &e, UPLOAD_PRESENT);
}

static bool
on_back_data(void *arg, const char *data, size_t len)
{
	struct transfer *t = arg;

	digest_update(&t->back, data, len);
	return true;
}

static void
on_back_read(void *arg, const struct http_answer *a)
{
	struct transfer *t = arg;
	char hex[DIGEST_HEX_SIZE];
	struct err e = ERR_EMPTY;

	t->request = NULL;
	digest_final_hex(&t->back, hex);
	if (a->failure == NULL && a->status == 200) {
		compare(t, hex);
		return;
	}
	err_set(&e, ERR_FAILED,
	    "%s lists %s without a sha256, and it cannot be read back to compare",
	    t->env->index.title, t->p.file_name);
	fail(t, &e, UPLOAD_UNSURE);
}

/* The index does not say what it has: its bytes are fetched. */
static void
read_back_whole(struct transfer *t, const struct index_file *f)
{
	struct err e = ERR_EMPTY;
	struct http_opts opts = {
		.url = f->url,
		.follow = true,
		.sink = on_back_data,
		.on_done = on_back_read,
		.arg = t,
	};

	digest_init(&t->back, DIGEST_SHA256);
	if (http_send(t->env->http, &opts, &t->request, &e) != ERR_OK) {
		digest_fini(&t->back);
		fail(t, &e, UPLOAD_UNSURE);
		return;
	}
	change(t, t->p.state, "the index gives no sha256: the file is read back whole");
}

static void
judge_listing(struct transfer *t, const struct index_listing *l)
{
	const struct index_file *f = index_listing_find(l, t->p.file_name);

	t->asked_in_vain = 0;
	if (f != NULL && f->sha256 != NULL)
		compare(t, f->sha256);
	else if (f != NULL)
		read_back_whole(t, f);
	else if (t->question != QUESTION_BACK && t->is_last)
		fail(t, &t->why, presence_now(t));
	else if (t->question != QUESTION_BACK)
		send_file(t);
	else if (loop_now_ms(t->env->loop) >= t->back_until)
		fail_unlisted(t, NULL);
	else
		pause_reading(t, "accepted; not in the list of files yet");
}

/* The question itself failed. */
static void
judge_silence(struct transfer *t, const struct err *failure)
{
	bool may_pass = failure->code == ERR_NETWORK || failure->code == ERR_TIMEOUT ||
			failure->code == ERR_BUSY || failure->code == ERR_FAILED ||
			failure->code == ERR_INVALID;

	if (t->question == QUESTION_BACK && loop_now_ms(t->env->loop) < t->back_until) {
		pause_reading(t, failure->message);
	} else if (t->question == QUESTION_BACK) {
		fail_unlisted(t, failure);
	} else if (may_pass && ++t->asked_in_vain < t->env->max_tries) {
		if (t->question == QUESTION_FIRST)
			t->why = *failure;
		pause_then_ask(t, t->question, 0);
	} else {
		fail(t, t->question == QUESTION_FIRST ? failure : &t->why, UPLOAD_UNSURE);
	}
}

static void
on_listing(void *arg, const struct index_listing *l, const struct err *failure)
{
	struct transfer *t = arg;

	t->query = NULL;
	if (l != NULL)
		listing_cache_put(t->env->cache, t->form.project, l);
	if (t->env->is_stopping && t->question != QUESTION_BACK)
		fail_cancelled(t);
	else if (l != NULL)
		judge_listing(t, l);
	else
		judge_silence(t, failure);
}

static void
ask(struct transfer *t, enum question q)
{
	const struct index_listing *cached;
	struct err e = ERR_EMPTY;

	t->question = q;
	cached = q == QUESTION_FIRST ? listing_cache_get(t->env->cache, t->form.project) : NULL;
	if (cached != NULL) {
		judge_listing(t, cached);
		return;
	}
	if (index_list(t->env->http, &t->env->index, t->form.project, on_listing, t, &t->query,
		&e) != ERR_OK) {
		fail(t, &e, presence_now(t));
		return;
	}
	change(t, q == QUESTION_BACK ? UPLOAD_READING_BACK : UPLOAD_ASKING, "");
}

static void
read_back(struct transfer *t)
{
	uint64_t deadline = t->env->pauses.deadline;

	if (t->exists && deadline > EXISTS_MS)
		deadline = EXISTS_MS;
	t->back_ms = t->env->pauses.reading;
	t->back_until = loop_now_ms(t->env->loop) + deadline;
	ask(t, QUESTION_BACK);
}

static void
try_again(struct transfer *t, const struct verdict *v)
{
	struct err e = ERR_EMPTY;
	char span[32];

	t->was_sent = true;
	t->why = v->why;
	if (v->wait_ms > t->env->pauses.asked) {
		err_set(&e, ERR_BUSY, "%s asks to wait %s before %s is sent again",
		    t->env->index.title, clock_span(v->wait_ms, span, sizeof span), t->p.file_name);
		err_hint(&e, "go on then; the index is asked first what it has");
		fail(t, &e, UPLOAD_UNSURE);
		return;
	}
	t->is_last = t->p.attempt >= t->env->max_tries;
	pause_then_ask(t, QUESTION_AGAIN, v->wait_ms);
}

static void
on_sent(void *arg, const struct http_answer *a)
{
	struct transfer *t = arg;
	struct verdict_file f = {
		.index = &t->env->index, .file_name = t->p.file_name, .project = t->form.project
	};
	struct verdict v;

	t->request = NULL;
	t->p.rate = 0;
	verdict_of(a, &f, clock_now(), &v);
	switch (v.kind) {
	case VERDICT_ACCEPTED:
		t->was_accepted = true;
		t->p.presence = UPLOAD_UNSURE;
		read_back(t);
		break;
	case VERDICT_EXISTS:
		t->exists = true;
		t->why = v.why;
		t->p.presence = UPLOAD_UNSURE;
		read_back(t);
		break;
	case VERDICT_AGAIN:
		try_again(t, &v);
		break;
	case VERDICT_REFUSED:
	case VERDICT_COUNT:
		fail(t, &v.why, presence_now(t));
		break;
	}
}

static void
on_progress(void *arg, uint64_t sent, uint64_t total, uint64_t got, uint64_t get_total)
{
	struct transfer *t = arg;
	uint64_t now = loop_now_ms(t->env->loop);

	(void)got;
	(void)get_total;
	if (sent == t->p.sent && total == t->p.total)
		return;
	if (now - t->rate_at >= RATE_MS) {
		uint64_t rate = (sent - t->rate_sent) * 1000 / (now - t->rate_at);

		t->p.rate = t->p.rate == 0 ? rate : (t->p.rate * 3 + rate) / 4;
		t->rate_at = now;
		t->rate_sent = sent;
	}
	t->p.sent = sent;
	t->p.total = total;
	if (now - t->tick >= TICK_MS || sent == total) {
		t->tick = now;
		change(t, UPLOAD_SENDING, "");
	}
}

static void
send_file(struct transfer *t)
{
	static const char *const headers[] = {
		"Accept: application/json, text/plain;q=0.8, text/html;q=0.5", NULL
	};
	size_t count = t->form.names.count;
	struct http_field *fields = mem_zalloc(count + 1, sizeof *fields);
	struct err e = ERR_EMPTY;
	struct http_opts opts = {
		.url = t->env->index.upload_url,
		.headers = headers,
		.user = t->user,
		.password = t->token,
		.fields = fields,
		.field_count = count + 1,
		.stall_ms = t->env->pauses.stall,
		.on_progress = on_progress,
		.on_done = on_sent,
		.arg = t,
	};

	for (size_t i = 0; i < count; i++)
		fields[i] = (struct http_field) { .name = t->form.names.items[i],
			.value = bytes_of(t->form.values.items[i]) };
	fields[count] = (struct http_field) {
		.name = "content",
		.path = t->path,
		.file_name = t->p.file_name,
		.type = "application/octet-stream",
	};
	t->p.attempt++;
	t->p.sent = t->p.total = t->p.rate = 0;
	t->rate_sent = t->tick = 0;
	t->rate_at = loop_now_ms(t->env->loop);
	if (http_send(t->env->http, &opts, &t->request, &e) != ERR_OK)
		fail(t, &e, presence_now(t));
	else
		change(t, UPLOAD_SENDING, "");
	free(fields);
}

static void
hash_job_free(struct hash_job *j)
{
	form_fini(&j->form);
	free(j->path);
	free(j->reviewed);
	free(j);
}

static void
run_hash(void *arg, const atomic_bool *cancelled)
{
	struct hash_job *j = arg;

	form_read(j->reader, j->path, j->reviewed, cancelled, &j->form, &j->failure);
}

static void
on_hashed(void *arg, bool cancelled)
{
	struct hash_job *j = arg;
	struct transfer *t = j->owner;

	if (t != NULL) {
		t->job = NULL;
		t->work = NULL;
		if (cancelled || t->env->is_stopping) {
			fail_cancelled(t);
		} else if (j->failure.code != ERR_OK) {
			fail(t, &j->failure, UPLOAD_ABSENT);
		} else {
			t->form = j->form;
			j->form = (struct form)FORM_EMPTY;
			ask(t, QUESTION_FIRST);
		}
	}
	hash_job_free(j);
}

void
transfer_start(struct transfer *t)
{
	struct hash_job *j = mem_zalloc(1, sizeof *j);

	j->owner = t;
	j->reader = t->env->reader;
	j->path = mem_strdup(t->path);
	j->reviewed = mem_strdup(t->reviewed);
	t->job = j;
	t->work = worker_submit(t->env->worker, run_hash, on_hashed, j);
	change(t, UPLOAD_HASHING, "");
}

struct transfer *
transfer_new(struct transfer_env *env, const struct upload_file *file, size_t place)
{
	struct transfer *t = mem_zalloc(1, sizeof *t);
	const char *slash = strrchr(file->path, '/');

	t->env = env;
	t->place = place;
	t->path = mem_strdup(file->path);
	t->reviewed = mem_strdup(file->sha256);
	t->user = mem_strdup(file->user != NULL ? file->user : "__token__");
	t->token = secret_copy(file->token);
	t->pause_ms = env->pauses.first;
	t->p.file_name = slash != NULL ? t->path + (slash + 1 - file->path) : t->path;
	t->p.note = t->note;
	return t;
}

void
transfer_quiet(struct transfer *t)
{
	if (t->job != NULL) {
		t->job->owner = NULL;
		worker_cancel(t->env->worker, t->work);
		t->job = NULL;
	}
	index_list_cancel(t->query);
	t->query = NULL;
	if (t->request != NULL)
		http_cancel(t->request);
	t->request = NULL;
	loop_cancel(t->env->loop, t->timer);
	t->timer = NULL;
}

void
transfer_stop(struct transfer *t)
{
	switch (t->p.state) {
	case UPLOAD_HASHING:
	case UPLOAD_ASKING:
	case UPLOAD_PAUSING:
		transfer_quiet(t);
		fail_cancelled(t);
		break;
	case UPLOAD_WAITING:
	case UPLOAD_SENDING:
	case UPLOAD_READING_BACK:
	case UPLOAD_DONE:
	case UPLOAD_ALREADY_THERE:
	case UPLOAD_FAILED:
	case UPLOAD_STATE_COUNT:
		break;
	}
}

void
transfer_free(struct transfer *t)
{
	if (t == NULL)
		return;
	transfer_quiet(t);
	digest_fini(&t->back);
	form_fini(&t->form);
	secret_free(t->token);
	free(t->path);
	free(t->reviewed);
	free(t->user);
	free(t);
}
