/* Waiting for a reader's child: one question after the other, each with an end. */
#include "slipway/dist/reading.h"

#include <stdlib.h>
#include <string.h>

#include "archive_priv.h"
#include "reader_model.h"
#include "reader_open.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/process.h"
#include "slipway/os/talk.h"

#define CHUNK ((size_t)64 * 1024)
#define SAID_MAX 200

struct reading {
	struct talk *talk; /* NULL: gone */
	struct reader_model model;
	struct archive_limits limits;
	struct str inbox;
	size_t taken; /* bytes of the inbox that are done with */
	uint32_t numbers;
	char *chunk;
};

/* The child has to go, or is gone: WHY of talk_read(), or that it talks nonsense. *E says so. */
static enum err_code
break_off(struct reading *r, const struct err *why, struct err *e)
{
	char how[64], raw[SAID_MAX + 1], said[SAID_MAX + 1];
	struct process_end end;
	enum err_code rc;

	talk_end(r->talk, &end, raw, sizeof raw);
	r->talk = NULL;
	if (why->code == ERR_CANCELLED)
		return err_set(e, ERR_CANCELLED, "reading was cancelled");
	process_end_text(&end, how, sizeof how);
	sanitise_line(raw, strlen(raw), said, sizeof said);
	if (why->code == ERR_TIMEOUT)
		rc = err_set(e, ERR_LIMIT, "the reader was stopped after %llu seconds",
		    (unsigned long long)((r->limits.wall_ms + READER_GRACE_MS) / 1000));
	else if (why->code == ERR_INVALID)
		rc = err_set(e, ERR_LIMIT, "the reader was stopped: what it said made no sense");
	else
		rc = err_set(e, ERR_LIMIT,
		    "the reader broke off, at a limit or over damage: %s%s%s", how,
		    said[0] != '\0' ? ", " : "", said);
	return rc;
}

/* The next message; its payload is borrowed until the next call. */
static enum err_code
next(struct reading *r, enum wire_kind *kind, struct wire *w, struct err *why)
{
	for (;;) {
		struct bytes rest = { .data = str_text(&r->inbox) + r->taken,
			.len = r->inbox.len - r->taken };
		size_t used = 0, got = 0;
		bool bad = false;
		enum err_code rc;

		if (wire_next(rest, kind, w, &used, &bad)) {
			r->taken += used;
			return ERR_OK;
		}
		if (bad)
			return err_set(why, ERR_INVALID, "no message");
		str_splice(&r->inbox, 0, r->taken, NULL, 0);
		r->taken = 0;
		rc = talk_read(r->talk, r->chunk, CHUNK, &got, why);
		if (rc != ERR_OK)
			return rc;
		if (got == 0)
			return err_set(why, ERR_FAILED, "it has ended");
		str_append(&r->inbox, r->chunk, got);
	}
}

/* -- the pass -- */

static enum err_code
pass(struct reading *r, const struct dist_check_opts *check, struct err *why)
{
	enum wire_kind kind = WIRE_KIND_END;
	enum err_code rc = ERR_OK;
	struct wire w;

	while (rc == ERR_OK && !r->model.ended) {
		rc = next(r, &kind, &w, why);
		if (rc == ERR_OK && !reader_model_take(&r->model, kind, &w))
			rc = err_set(why, ERR_INVALID, "no sense");
		if (rc == ERR_OK && kind == WIRE_PROGRESS && check != NULL &&
		    check->progress != NULL)
			check->progress(check->progress_arg, r->model.done, r->model.total);
	}
	return rc;
}

static enum err_code
start(struct reading *r, const struct reader_opts *o, const atomic_bool *cancelled, struct err *e)
{
	char *program = reader_program(o->program);
	const char *argv[] = { program, READER_ARGUMENT, NULL };
	struct strlist env = STRLIST_EMPTY;
	enum err_code rc;

	reader_environment(&env);
	rc = talk_start(argv, (const char *const *)env.items, cancelled, &r->talk, e);
	strlist_fini(&env);
	free(program);
	return rc == ERR_OK ? ERR_OK : err_wrap(e, "cannot start the reader");
}

/* The members that a child told of before it died; not that they are all. */
static void
keep_listing(struct reading *r)
{
	if (!r->model.listed)
		archive_sort_names(r->model.archive, false);
	r->model.listed = true;
	r->model.archive->incomplete = true;
}

enum err_code
reading_open(
    const struct reader_opts *o, const atomic_bool *cancelled, struct reading **out, struct err *e)
{
	struct reading *r = mem_zalloc(1, sizeof *r);
	struct str wish = STR_EMPTY;
	struct err why = ERR_EMPTY, death = ERR_EMPTY;
	enum err_code rc;

	r->limits = o->check != NULL && o->check->limits != NULL ? *o->check->limits
								 : archive_default_limits;
	r->chunk = mem_alloc(CHUNK);
	reader_model_init(&r->model, &r->limits);
	rc = start(r, o, cancelled, e);
	if (rc != ERR_OK)
		goto out;
	reader_put_wish(&wish, o);
	talk_allow(r->talk, r->limits.wall_ms + READER_GRACE_MS);
	if (talk_write(r->talk, wish.data, wish.len, &why) != ERR_OK ||
	    pass(r, o->check, &why) != ERR_OK) {
		rc = break_off(r, &why, &death);
		if (rc != ERR_CANCELLED && !o->no_check) {
			reader_model_break(&r->model, death.message);
			keep_listing(r);
			rc = ERR_OK;
		} else if (e != NULL) {
			*e = death;
		}
	} else if (r->model.end.code != ERR_OK) {
		rc = r->model.end.code;
		if (e != NULL)
			*e = r->model.end;
	}
out:
	str_fini(&wish);
	if (rc == ERR_OK)
		*out = r;
	else
		reading_close(r);
	return rc;
}

void
reading_close(struct reading *r)
{
	if (r == NULL)
		return;
	talk_end(r->talk, NULL, NULL, 0);
	reader_model_fini(&r->model);
	str_fini(&r->inbox);
	free(r->chunk);
	free(r);
}

bool
reading_is_broken(const struct reading *r)
{
	return r->talk == NULL;
}

const struct archive *
reading_archive(const struct reading *r)
{
	return r->model.archive;
}

const struct findings *
reading_findings(const struct reading *r)
{
	return &r->model.findings;
}

const struct archive_facts *
reading_facts(const struct reading *r)
{
	return &r->model.facts;
}

/* -- contents -- */

/* What one question waits for. */
struct waiting {
	uint32_t number;
	uint64_t left;			   /* bytes that may still come */
	const struct member_visitor *each; /* NULL: one member */
	size_t count;			   /* of members */
	archive_sink_fn sink;
	void *arg;
	size_t member; /* the one under way, SIZE_MAX for none */
	bool full;     /* the sink wants no more */
	bool over;
	struct err end;
};

static void
take_data(struct waiting *k, struct bytes data)
{
	if (k->each != NULL)
		k->each->data(k->each->arg, data.data, data.len);
	else if (!k->full)
		k->full = !k->sink(k->arg, data.data, data.len);
}

/* False when it makes no sense. */
static bool
take(struct waiting *k, enum wire_kind kind, struct wire *w)
{
	bool ours = wire_number(w, 4) == k->number;
	bool inside = k->each == NULL || k->member != SIZE_MAX;
	struct bytes data;

	if (kind == WIRE_DATA) {
		data = wire_rest(w);
		if (w->bad || !ours || !inside || data.len > k->left)
			return false;
		k->left -= data.len;
		take_data(k, data);
	} else if (kind == WIRE_MEMBER && k->each != NULL && k->member == SIZE_MAX) {
		k->member = (size_t)wire_number(w, 8);
		if (w->bad || !ours || k->member >= k->count)
			return false;
		k->each->begin(k->each->arg, k->member);
	} else if (kind == WIRE_MEMBER_END && k->each != NULL && k->member != SIZE_MAX) {
		if (!ours || !reader_take_err(w, &k->end))
			return false;
		k->each->end(k->each->arg, k->member, k->end.code);
		k->member = SIZE_MAX;
	} else if (kind == WIRE_DATA_END) {
		k->over = true;
		return ours && reader_take_err(w, &k->end);
	} else {
		return false;
	}
	return true;
}

static enum err_code
gone(struct err *e)
{
	err_set(e, ERR_FAILED, "the reader of this file has ended");
	return err_hint(e, "open it again");
}

static enum err_code
ask(struct reading *r, const struct str *question, struct waiting *k, struct err *e)
{
	struct err why = ERR_EMPTY, death = ERR_EMPTY;
	enum wire_kind kind;
	struct wire w;
	enum err_code rc;

	talk_allow(r->talk, r->limits.wall_ms + READER_GRACE_MS);
	rc = talk_write(r->talk, question->data, question->len, &why);
	while (rc == ERR_OK && !k->over) {
		rc = next(r, &kind, &w, &why);
		if (rc == ERR_OK && !take(k, kind, &w))
			rc = err_set(&why, ERR_INVALID, "no sense");
	}
	if (rc != ERR_OK) {
		rc = break_off(r, &why, &death);
		if (e != NULL)
			*e = death;
		if (rc != ERR_CANCELLED && e != NULL)
			e->code = ERR_FAILED;
		return rc == ERR_CANCELLED ? rc : ERR_FAILED;
	}
	if (k->end.code != ERR_OK && !k->full && e != NULL)
		*e = k->end;
	return k->full ? ERR_OK : k->end.code;
}

enum err_code
reading_read(
    struct reading *r, size_t index, uint64_t max, archive_sink_fn sink, void *arg, struct err *e)
{
	struct waiting k = {
		.number = ++r->numbers, .left = max, .sink = sink, .arg = arg, .member = SIZE_MAX
	};
	struct str question = STR_EMPTY;
	enum err_code rc;

	if (r->talk == NULL)
		return gone(e);
	reader_put_read(&question, k.number, index, max);
	rc = ask(r, &question, &k, e);
	str_fini(&question);
	return rc;
}

enum err_code
reading_each(struct reading *r, const bool *wanted, const struct member_visitor *v, struct err *e)
{
	struct waiting k = { .number = ++r->numbers,
		.left = r->limits.total_bytes,
		.each = v,
		.count = archive_count(r->model.archive),
		.member = SIZE_MAX };
	struct str question = STR_EMPTY;
	enum err_code rc;

	if (r->talk == NULL)
		return gone(e);
	reader_put_each(&question, k.number, wanted, k.count);
	rc = ask(r, &question, &k, e);
	str_fini(&question);
	return rc;
}

/* -- the rules -- */

enum err_code
reading_check(const char *program, const char *path, const struct dist_check_opts *opts,
    struct findings *findings, struct err *e)
{
	const struct reader_opts how = {
		.path = path, .program = program, .check = opts, .no_list = true
	};
	struct reading *r = NULL;
	enum err_code rc = reading_open(&how, opts != NULL ? opts->cancelled : NULL, &r, e);

	if (rc == ERR_OK) {
		findings_copy(findings, reading_findings(r));
		findings->closed = true;
	}
	reading_close(r);
	return rc;
}
