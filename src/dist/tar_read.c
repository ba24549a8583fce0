/* Contents of tar members: the stream is inflated again, as far as needed. */
#include <stdlib.h>

#include "gzip.h"
#include "slipway/base/mem.h"

#define CHUNK ((size_t)64 * 1024)

/* Gives one member from where it begins; the stream is at its content. */
static enum err_code
give(struct gzip *g, unsigned char *buf, const struct member *m, uint64_t max, archive_sink_fn sink,
    void *arg, struct err *e)
{
	uint64_t left = m->size < max ? m->size : max, given = 0;

	while (given < left) {
		uint64_t want = left - given;
		size_t got = gzip_read(g, buf, want < CHUNK ? (size_t)want : CHUNK);

		if (got == 0 && g->state == GZIP_STOPPED)
			return err_set(e, ERR_LIMIT, "only the first %llu bytes were read",
			    (unsigned long long)given);
		if (got == 0)
			return err_set(e, ERR_INVALID, "the archive breaks off after %llu bytes",
			    (unsigned long long)given);
		given += got;
		if (!sink(arg, buf, got))
			return ERR_OK;
	}
	if (given < m->size)
		return err_set(
		    e, ERR_LIMIT, "only the first %llu bytes were read", (unsigned long long)given);
	return ERR_OK;
}

enum err_code
tar_read(struct archive *a, const struct member *m, uint64_t max, archive_sink_fn sink, void *arg,
    struct err *e)
{
	struct gzip g;
	unsigned char *buf;
	enum err_code rc;

	if (m->kind != MEMBER_FILE)
		return err_set(e, ERR_UNSUPPORTED, "only files have content");
	buf = mem_alloc(CHUNK);
	gzip_init(&g, a, true);
	if (gzip_skip(&g, m->offset))
		rc = give(&g, buf, m, max, sink, arg, e);
	else
		rc = err_set(e, g.state == GZIP_STOPPED ? ERR_LIMIT : ERR_INVALID,
		    "the archive breaks off before the member");
	gzip_fini(&g);
	free(buf);
	return rc;
}

static bool
to_visitor(void *arg, const void *data, size_t len)
{
	const struct archive_visitor *v = arg;

	if (v->data != NULL)
		v->data(v->arg, data, len);
	return true;
}

enum err_code
tar_each(struct archive *a, const struct archive_visitor *v, struct err *e)
{
	struct archive_visitor copy = *v;
	struct gzip g;
	unsigned char *buf = mem_alloc(CHUNK);
	enum err_code rc = ERR_OK;

	gzip_init(&g, a, true);
	for (size_t i = 0; i < a->count && g.state != GZIP_STOPPED; i++) {
		const struct member *m = &a->members[i];
		struct err why = ERR_EMPTY;
		enum err_code one = ERR_OK;

		if (v->begin != NULL && !v->begin(v->arg, m))
			continue;
		if (m->kind == MEMBER_FILE && m->size > 0) {
			if (m->offset < g.out || !gzip_skip(&g, m->offset - g.out))
				one = err_set(
				    &why, ERR_INVALID, "the archive breaks off before it");
			else
				one = give(
				    &g, buf, m, a->limits.member_bytes, to_visitor, &copy, &why);
		}
		if (v->end != NULL)
			v->end(v->arg, m, one, &why);
	}
	if (g.state == GZIP_STOPPED)
		rc = err_set(e, ERR_LIMIT, "%s: stopped after %llu bytes", a->path,
		    (unsigned long long)g.out);
	gzip_fini(&g);
	free(buf);
	return rc;
}
