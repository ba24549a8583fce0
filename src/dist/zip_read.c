/* Contents of zip members, with every bound that the declared sizes do not give. */
#include <stdlib.h>

#include "inflate.h"
#include "slipway/base/mem.h"
#include "zip_priv.h"

#define CHUNK ((size_t)64 * 1024)

/* Kept over a whole pass. */
struct reader {
	struct archive *a;
	struct inflate *inflate;
	unsigned char *buf;
	uint64_t since_look; /* bytes given since the last look at the clock */
};

static void
reader_init(struct reader *r, struct archive *a)
{
	*r = (struct reader) { .a = a, .inflate = inflate_new(), .buf = mem_alloc(CHUNK) };
}

static void
reader_fini(struct reader *r)
{
	inflate_free(r->inflate);
	free(r->buf);
}

/* One member being given. */
struct give {
	const struct member *m;
	uint64_t max, given;
	uint32_t crc;
	archive_sink_fn sink;
	void *arg;
	bool stopped; /* by the sink */
};

enum given { GIVEN_MORE, GIVEN_STOP, GIVEN_CUT, GIVEN_TOO_MUCH };

static enum given
give(struct reader *r, struct give *g, const unsigned char *data, size_t len)
{
	uint64_t declared = g->m->size - g->given, room = g->max - g->given;
	uint64_t least = declared < room ? declared : room;
	size_t take = len < least ? len : (size_t)least;

	g->crc = inflate_crc32(g->crc, data, take);
	g->given += take;
	r->since_look += take;
	if (take > 0 && !g->sink(g->arg, data, take)) {
		g->stopped = true;
		return GIVEN_STOP;
	}
	if (len > declared)
		return GIVEN_TOO_MUCH;
	if (len > room)
		return GIVEN_CUT;
	if (r->since_look >= (uint64_t)1024 * 1024) {
		r->since_look = 0;
		if (!archive_go_on(r->a, g->m->offset))
			return GIVEN_CUT;
	}
	return GIVEN_MORE;
}

static enum given
give_stored(struct reader *r, struct give *g, uint64_t pos, uint64_t *left)
{
	enum given state = GIVEN_MORE;

	while (*left > 0 && state == GIVEN_MORE) {
		size_t len;
		const unsigned char *p = input_some(
		    &r->a->in, pos, *left < CHUNK ? (size_t)*left : CHUNK, &len);

		if (len == 0)
			break;
		pos += len;
		*left -= len;
		state = give(r, g, p, len);
	}
	return state;
}

/* *LEFT is what remains of the packed bytes. */
static enum given
give_deflated(
    struct reader *r, struct give *g, uint64_t pos, uint64_t *left, enum inflate_status *status)
{
	enum given state = GIVEN_MORE;

	inflate_reset(r->inflate);
	*status = INFLATE_MORE;
	while (*status == INFLATE_MORE && state == GIVEN_MORE && *left > 0) {
		size_t len;
		const unsigned char *p = input_some(
		    &r->a->in, pos, *left < CHUNK ? (size_t)*left : CHUNK, &len);
		size_t fetched = len, got = 1;

		if (len == 0)
			break;
		while (
		    state == GIVEN_MORE && *status == INFLATE_MORE && (len > 0 || got == CHUNK)) {
			*status = inflate_run(r->inflate, &p, &len, r->buf, CHUNK, &got);
			state = give(r, g, r->buf, got);
			if (got == 0 && *status == INFLATE_MORE)
				break;
		}
		pos += fetched - len;
		*left -= fetched - len;
		if (fetched == len)
			break;
	}
	return state;
}

static enum err_code
judge(const struct give *g, enum given state, uint64_t left, enum inflate_status status,
    struct err *e)
{
	if (g->stopped)
		return ERR_OK;
	if (state == GIVEN_TOO_MUCH)
		return err_set(e, ERR_CONFLICT,
		    "the content is larger than the %llu bytes declared",
		    (unsigned long long)g->m->size);
	if (state == GIVEN_CUT)
		return err_set(e, ERR_LIMIT, "only the first %llu bytes were read",
		    (unsigned long long)g->given);
	if (status == INFLATE_BAD)
		return err_set(e, ERR_INVALID, "compressed data is damaged after %llu bytes",
		    (unsigned long long)g->given);
	if (status == INFLATE_MORE)
		return err_set(e, ERR_INVALID, "compressed data breaks off after %llu bytes",
		    (unsigned long long)g->given);
	if (g->given != g->m->size)
		return err_set(e, ERR_CONFLICT, "the content has %llu bytes, %llu are declared",
		    (unsigned long long)g->given, (unsigned long long)g->m->size);
	if (left > 0)
		return err_set(e, ERR_INVALID, "%llu bytes follow the compressed data",
		    (unsigned long long)left);
	if (g->crc != g->m->crc)
		return err_set(e, ERR_INVALID, "checksum is %08x, %08x is declared",
		    (unsigned)g->crc, (unsigned)g->m->crc);
	return ERR_OK;
}

static enum err_code
read_member(struct reader *r, struct give *g, struct err *e)
{
	const struct member *m = g->m;
	struct zip_local l;
	uint64_t left = m->packed;
	enum inflate_status status = INFLATE_END;
	enum given state;

	if (m->flags & ZIP_FLAG_ENCRYPTED)
		return err_set(e, ERR_UNSUPPORTED, "the member is encrypted");
	if (m->method != ZIP_STORED && m->method != ZIP_DEFLATED)
		return err_set(
		    e, ERR_UNSUPPORTED, "compression method %u is not supported", m->method);
	if (!zip_local_at(r->a, m->offset, &l))
		return err_set(
		    e, ERR_INVALID, "no entry at byte %llu", (unsigned long long)m->offset);
	if (left > r->a->in.size - l.data)
		left = r->a->in.size - l.data;
	/* Some tools call an empty member deflated and write nothing; readers take it. */
	if (left == 0 && m->size == 0)
		return judge(g, GIVEN_MORE, 0, INFLATE_END, e);
	/* The local header's method, if another one, is a finding; readers that pip uses take the
	 * listed one. */
	if (m->method == ZIP_STORED)
		state = give_stored(r, g, l.data, &left);
	else
		state = give_deflated(r, g, l.data, &left, &status);
	return judge(g, state, left, status, e);
}

enum err_code
zip_read(struct archive *a, const struct member *m, uint64_t max, archive_sink_fn sink, void *arg,
    struct err *e)
{
	struct reader r;
	struct give g = { .m = m, .max = max, .sink = sink, .arg = arg };
	enum err_code rc;

	reader_init(&r, a);
	rc = read_member(&r, &g, e);
	reader_fini(&r);
	return rc;
}

static bool
to_visitor(void *arg, const void *data, size_t len)
{
	const struct archive_visitor *v = arg;

	v->data(v->arg, data, len);
	return true;
}

static bool
to_nowhere(void *arg, const void *data, size_t len)
{
	(void)arg, (void)data, (void)len;
	return true;
}

/* *TOTAL counts what all lanes of the pass have given. */
static void
visit(struct reader *r, const struct archive_visitor *v, size_t index, _Atomic uint64_t *total)
{
	const struct member *m = &r->a->members[index];
	struct archive_visitor copy = *v;
	struct give g = { .m = m, .sink = v->data != NULL ? to_visitor : to_nowhere, .arg = &copy };
	struct err why = ERR_EMPTY;
	enum err_code rc = ERR_OK;
	uint64_t given = *total, most = r->a->limits.total_bytes;
	uint64_t left = given < most ? most - given : 0;

	if (v->begin != NULL && !v->begin(v->arg, m))
		return;
	g.max = left < r->a->limits.member_bytes ? left : r->a->limits.member_bytes;
	if (m->kind == MEMBER_FILE)
		rc = read_member(r, &g, &why);
	*total += g.given;
	if (v->end != NULL)
		v->end(v->arg, m, rc, &why);
}

enum err_code
zip_each(struct archive *a, const struct archive_visitor *v, size_t begin, size_t end,
    _Atomic uint64_t *total, struct err *e)
{
	struct reader r;
	enum err_code rc = ERR_OK;

	reader_init(&r, a);
	for (size_t i = begin; rc == ERR_OK && i < end && a->in.failed == 0; i++) {
		visit(&r, v, i, total);
		if (!archive_go_on(a, a->members[i].offset) || *total >= a->limits.total_bytes)
			rc = err_set(e, ERR_LIMIT, "%s: stopped after %llu bytes", a->path,
			    (unsigned long long)*total);
		else if (*total > RATIO_FLOOR && *total / a->limits.ratio > a->in.size)
			rc = err_set(e, ERR_LIMIT, "%s: expands more than %llu times", a->path,
			    (unsigned long long)a->limits.ratio);
	}
	if (rc == ERR_LIMIT && !a->cancelled)
		archive_limit(a, "contents read up to %llu bytes only", (unsigned long long)*total);
	reader_fini(&r);
	return rc;
}
