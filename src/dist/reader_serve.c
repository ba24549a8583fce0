/* The child of a reader: one archive, opened, listed, checked, and read on request. Between two
 * members of the pass it looks whether something was asked for. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "archive_priv.h"
#include "reader_model.h"
#include "reader_open.h"
#include "slipway/base/mem.h"
#include "slipway/dist/reader.h"
#include "slipway/os/confine.h"

#define FILES 16
#define BLOB_SIZE 20 /* ids of git as nearly all repositories have them */
#define LOOK_MS 10
#define PROGRESS_MS 100
#define PIECE ((size_t)64 * 1024)

struct serve {
	int in, out;
	struct str inbox, outbox;
	size_t taken;	  /* bytes of the inbox that are done with */
	atomic_bool gone; /* nobody listens any more */
	_Atomic size_t passed;
	struct reader_wish wish;
	struct archive *archive, *lane;
	const struct dist_check_opts *functions;
	uint64_t looked_ms, told_ms;
};

static uint64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static void
flush(struct serve *s)
{
	size_t done = 0;

	while (done < s->outbox.len && !s->gone) {
		ssize_t put = write(s->out, s->outbox.data + done, s->outbox.len - done);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			s->gone = true;
		else
			done += (size_t)put;
	}
	str_clear(&s->outbox);
}

/* Waits for more of the inbox; false when there will be none. */
static bool
fetch(struct serve *s)
{
	char chunk[4096];
	ssize_t got;

	do
		got = read(s->in, chunk, sizeof chunk);
	while (got < 0 && errno == EINTR);
	if (got <= 0) {
		s->gone = true;
		return false;
	}
	if (s->taken > 0)
		str_splice(&s->inbox, 0, s->taken, NULL, 0);
	s->taken = 0;
	str_append(&s->inbox, chunk, (size_t)got);
	return true;
}

/* The next message that is there already. */
static bool
next(struct serve *s, enum wire_kind *kind, struct wire *w)
{
	struct bytes rest = { .data = str_text(&s->inbox) + s->taken,
		.len = s->inbox.len - s->taken };
	size_t used = 0;
	bool bad = false, is = wire_next(rest, kind, w, &used, &bad);

	if (bad)
		s->gone = true;
	s->taken += used;
	return is;
}

/* --- contents --- */

struct piece {
	struct serve *s;
	uint64_t number;
};

static bool
give(void *arg, const void *data, size_t len)
{
	struct piece *p = arg;
	const char *bytes = data;

	while (len > 0 && !p->s->gone) {
		size_t take = len < PIECE ? len : PIECE;
		size_t begin = wire_begin(&p->s->outbox, WIRE_DATA);

		wire_put(&p->s->outbox, p->number, 4);
		str_append(&p->s->outbox, bytes, take);
		wire_end(&p->s->outbox, begin);
		flush(p->s);
		bytes += take;
		len -= take;
	}
	return !p->s->gone;
}

static void
put_answer_end(
    struct serve *s, enum wire_kind kind, uint64_t number, const struct err *why)
{
	size_t begin = wire_begin(&s->outbox, kind);

	wire_put(&s->outbox, number, 4);
	reader_put_err(&s->outbox, why);
	wire_end(&s->outbox, begin);
}

static void
answer(struct serve *s, struct wire *w)
{
	struct piece p = { .s = s, .number = wire_number(w, 4) };
	size_t index = (size_t)wire_number(w, 8);
	uint64_t max = wire_number(w, 8);
	struct err why = ERR_EMPTY;

	(void)confine_cpu(s->wish.limits.wall_ms / 1000 * 2, NULL);
	if (w->bad || s->archive == NULL || index >= archive_count(s->archive)) {
		err_set(&why, ERR_NOT_FOUND, "there is no such member");
	} else {
		/* The pass may stand in the middle of another member. */
		if (s->lane == NULL)
			s->lane = archive_lane(s->archive);
		archive_read(s->lane, index, max, give, &p, &why);
	}
	put_answer_end(s, WIRE_DATA_END, p.number, &why);
	flush(s);
}

/* --- contents of many members, in one pass --- */

struct selection {
	struct piece piece;
	struct bytes wanted; /* a bit a member */
};

static bool
each_begin(void *arg, const struct member *m)
{
	struct selection *k = arg;
	struct serve *s = k->piece.s;
	size_t i = (size_t)(m - archive_member(s->archive, 0)), begin;

	if (i / 8 >= k->wanted.len || ((unsigned char)k->wanted.data[i / 8] >> i % 8 & 1) == 0 ||
	    m->kind != MEMBER_FILE)
		return false;
	begin = wire_begin(&s->outbox, WIRE_MEMBER);
	wire_put(&s->outbox, k->piece.number, 4);
	wire_put(&s->outbox, i, 8);
	wire_end(&s->outbox, begin);
	return true;
}

static void
each_data(void *arg, const void *data, size_t len)
{
	give(&((struct selection *)arg)->piece, data, len);
}

static void
each_end(void *arg, const struct member *m, enum err_code rc, const struct err *why)
{
	struct selection *k = arg;
	struct serve *s = k->piece.s;
	size_t i = (size_t)(m - archive_member(s->archive, 0));
	const struct err none = ERR_EMPTY;

	if (i / 8 >= k->wanted.len || ((unsigned char)k->wanted.data[i / 8] >> i % 8 & 1) == 0 ||
	    m->kind != MEMBER_FILE)
		return;
	put_answer_end(s, WIRE_MEMBER_END, k->piece.number, rc == ERR_OK ? &none : why);
	flush(s);
}

static void
answer_each(struct serve *s, struct wire *w)
{
	struct selection k = { .piece = { .s = s, .number = wire_number(w, 4) } };
	const struct archive_visitor v = { each_begin, each_data, each_end, &k };
	struct err why = ERR_EMPTY;
	struct str copy = STR_EMPTY;
	struct bytes wanted = wire_rest(w);

	(void)confine_cpu(s->wish.limits.wall_ms / 1000 * 2, NULL);
	/* The inbox moves when something is fetched meanwhile. */
	str_append(&copy, wanted.data, wanted.len);
	k.wanted = (struct bytes) { str_text(&copy), copy.len };
	if (w->bad || s->archive == NULL || archive_count(s->archive) == 0) {
		err_set(&why, ERR_NOT_FOUND, "there is no such member");
	} else {
		if (s->lane == NULL)
			s->lane = archive_lane(s->archive);
		archive_each(s->lane, &v, &why);
	}
	put_answer_end(s, WIRE_DATA_END, k.piece.number, &why);
	flush(s);
	str_fini(&copy);
}

static void
answer_all(struct serve *s)
{
	enum wire_kind kind;
	struct wire w;

	while (!s->gone && next(s, &kind, &w))
		if (kind == WIRE_READ)
			answer(s, &w);
		else if (kind == WIRE_EACH)
			answer_each(s, &w);
}

/* --- the pass --- */

static void
on_progress(void *arg, uint64_t done, uint64_t total)
{
	struct serve *s = arg;
	struct pollfd p = { .fd = s->in, .events = POLLIN };
	uint64_t now = now_ms();

	if (now - s->looked_ms < LOOK_MS)
		return;
	s->looked_ms = now;
	if (now - s->told_ms >= PROGRESS_MS) {
		size_t begin = wire_begin(&s->outbox, WIRE_PROGRESS);

		wire_put(&s->outbox, done, 8);
		wire_put(&s->outbox, total, 8);
		wire_put(&s->outbox, s->passed, 8);
		wire_end(&s->outbox, begin);
		s->told_ms = now;
		flush(s);
	}
	if (s->archive != NULL && poll(&p, 1, 0) > 0 && fetch(s))
		answer_all(s);
}

static void
send_list(struct serve *s)
{
	size_t at = 0;

	while (at < archive_count(s->archive) && !s->gone) {
		reader_put_members(&s->outbox, s->archive, &at);
		flush(s);
	}
	reader_put_listed(&s->outbox, s->archive);
	reader_put_findings(&s->outbox, archive_findings(s->archive));
	flush(s);
}

static void
send_end(struct serve *s, const struct findings *f, const struct archive_facts *facts,
    const struct err *why)
{
	size_t begin, at = 0;

	if (f != NULL)
		reader_put_findings(&s->outbox, f);
	while (at < facts->count && !s->gone) {
		reader_put_facts(&s->outbox, facts, &at);
		flush(s);
	}
	for (int i = 0; i < COMPARE_KEPT_COUNT; i++)
		reader_put_kept(&s->outbox, facts, (enum compare_kept)i);
	begin = wire_begin(&s->outbox, WIRE_END);
	reader_put_err(&s->outbox, why);
	wire_end(&s->outbox, begin);
	flush(s);
}

/* The file, or what was wished for inside of it. */
static enum err_code
open_wished(const struct reader_wish *wish, const struct archive_opts *how, struct archive **out,
    struct err *e)
{
	struct archive *a = NULL;
	enum err_code rc = archive_open(wish->path, how, &a, e);

	for (size_t i = 0; rc == ERR_OK && i < wish->depth; i++) {
		struct archive *inside = NULL;

		if (wish->inside[i] < archive_count(a))
			rc = archive_open_inside(a, wish->inside[i], &inside, e);
		else
			rc = err_set(e, ERR_NOT_FOUND, "there is no such member");
		archive_close(a);
		a = inside;
	}
	if (rc == ERR_OK)
		*out = a;
	return rc;
}

static void
run(struct serve *s)
{
	struct archive_opts how = { .limits = &s->wish.limits,
		.cancelled = &s->gone,
		.progress = on_progress,
		.progress_arg = s };
	struct dist_check_opts opts = { .limits = NULL };
	struct findings f = FINDINGS_EMPTY;
	struct archive_facts facts = { .blob_size = BLOB_SIZE };
	struct archive *a = NULL;
	struct err why = ERR_EMPTY;
	enum err_code rc;

	if (s->functions != NULL)
		opts = *s->functions;
	opts.limits = &s->wish.limits;
	opts.cancelled = &s->gone;
	opts.not_for_pypi = s->wish.not_for_pypi;
	opts.sdist = s->wish.sdist;
	opts.toplevel = s->wish.has_toplevel ? &s->wish.toplevel : NULL;
	opts.tree = s->wish.has_tree ? &s->wish.tree : NULL;
	opts.hashes = s->wish.hashes;
	opts.passed = &s->passed;
	rc = open_wished(&s->wish, &how, &a, &why);
	if (rc == ERR_OK) {
		s->archive = a;
		if (!s->wish.no_list)
			send_list(s);
		if (!s->wish.no_check)
			rc = dist_check_archive(
			    s->wish.path, a, &opts, &f, s->wish.facts ? &facts : NULL, &why);
		else if (s->wish.facts)
			rc = archive_facts_read(a, s->wish.path, &facts, &why);
	}
	/* A limit that was hit is a finding by now, and no reason to show none. */
	if (rc == ERR_OK)
		err_clear(&why);
	send_end(s, !s->wish.no_check && rc == ERR_OK ? &f : NULL, &facts, &why);
	findings_fini(&f);
	archive_facts_fini(&facts);
}

int
reader_serve(int in, int out, const struct dist_check_opts *functions)
{
	struct serve s = { .in = in, .out = out, .functions = functions };
	struct confine limits = { .files = FILES };
	struct err e = ERR_EMPTY;
	enum wire_kind kind = WIRE_KIND_END;
	struct wire w;
	int status = EXIT_FAILURE;

	while (kind != WIRE_OPEN) {
		if (next(&s, &kind, &w)) {
			if (!reader_take_wish(kind, &w, &s.wish))
				goto out;
		} else if (s.gone || !fetch(&s)) {
			goto out;
		}
	}
	limits.memory_bytes = s.wish.memory_bytes;
	if (confine_self(&limits, &e) == ERR_OK)
		confine_cpu(s.wish.limits.wall_ms / 1000 * 2, &e);
	if (e.code == ERR_OK)
		run(&s);
	else
		send_end(&s, NULL, &(struct archive_facts)ARCHIVE_FACTS_EMPTY, &e);
	answer_all(&s);
	while (!s.gone && fetch(&s))
		answer_all(&s);
	status = EXIT_SUCCESS;
out:
	archive_lane_free(s.lane);
	archive_close(s.archive);
	reader_wish_fini(&s.wish);
	str_fini(&s.inbox);
	str_fini(&s.outbox);
	return status;
}
