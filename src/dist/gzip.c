/* Gzip members one behind the other. Raw deflate underneath, so that a wrong checksum is a finding
 * and not the end: what follows it must still be seen. */
#include "gzip.h"

#include <string.h>

#define CHUNK ((size_t)64 * 1024)
#define TRAILER_SIZE 8

#define FLAG_HCRC 0x02
#define FLAG_EXTRA 0x04
#define FLAG_NAME 0x08
#define FLAG_COMMENT 0x10
#define FLAG_UNKNOWN 0xe0

void
gzip_init(struct gzip *g, struct archive *a, bool quiet)
{
	*g = (struct gzip) {
		.a = a, .inflate = inflate_new(), .quiet = quiet, .state = GZIP_HEADER
	};
	if (a->format == ARCHIVE_TAR) {
		g->state = GZIP_PLAIN;
		g->members = 1;
	}
}

void
gzip_fini(struct gzip *g)
{
	inflate_free(g->inflate);
	g->inflate = NULL;
}

static void
tell(struct gzip *g, enum rule_id rule, const char *what, uint64_t at)
{
	if (!g->quiet)
		findings_add(&g->a->findings, rule, FINDING_WHOLE_FILE, "%s at byte %llu", what,
		    (unsigned long long)at);
}

static void
damaged(struct gzip *g, const char *what)
{
	tell(g, RULE_GZ_BAD, what, g->pos);
	g->state = GZIP_DAMAGED;
	g->a->incomplete = true;
}

/* Passes over a text closed by NUL; false at the end of the file. */
static bool
skip_text(struct gzip *g)
{
	for (;;) {
		size_t len;
		const unsigned char *p = input_some(&g->a->in, g->pos, CHUNK, &len);
		const unsigned char *nul = len > 0 ? memchr(p, '\0', len) : NULL;

		if (len == 0)
			return false;
		if (nul != NULL) {
			g->pos += (uint64_t)(nul - p) + 1;
			return true;
		}
		g->pos += len;
	}
}

/* What is at the position is no further member. */
static void
end_or_trailing(struct gzip *g)
{
	uint64_t left = g->a->in.size - g->pos;

	if (left > 0 && !g->quiet)
		findings_add(&g->a->findings, RULE_GZ_TRAILING, FINDING_WHOLE_FILE,
		    "%llu bytes behind the gzip stream, from byte %llu", (unsigned long long)left,
		    (unsigned long long)g->pos);
	g->state = GZIP_END;
}

static void
read_header(struct gzip *g)
{
	const unsigned char *p = input_at(&g->a->in, g->pos, 10);
	uint64_t begin = g->pos;
	unsigned flags;

	if (p == NULL || p[0] != 0x1f || p[1] != 0x8b) {
		if (g->members == 0)
			damaged(g, "no gzip header");
		else
			end_or_trailing(g);
		return;
	}
	flags = p[3];
	if (p[2] != 8 || (flags & FLAG_UNKNOWN)) {
		damaged(g, "unknown gzip method or flags");
		return;
	}
	g->pos += 10;
	if (flags & FLAG_EXTRA) {
		p = input_at(&g->a->in, g->pos, 2);
		g->pos += 2 + (p != NULL ? le16(p) : 0);
	}
	if (((flags & FLAG_NAME) && !skip_text(g)) || ((flags & FLAG_COMMENT) && !skip_text(g))) {
		damaged(g, "gzip header breaks off");
		return;
	}
	if (flags & FLAG_HCRC)
		g->pos += 2;
	if (g->pos > g->a->in.size) {
		damaged(g, "gzip header breaks off");
		return;
	}
	if (flags & (FLAG_EXTRA | FLAG_COMMENT))
		tell(g, RULE_GZ_HEADER, "gzip header with a comment or extra data", begin);
	inflate_reset(g->inflate);
	g->members++;
	g->member_out = g->out;
	g->crc = 0;
	g->state = GZIP_DATA;
}

static void
read_trailer(struct gzip *g)
{
	const unsigned char *p = input_at(&g->a->in, g->pos, TRAILER_SIZE);

	if (p == NULL) {
		damaged(g, "gzip stream breaks off in its trailer");
		return;
	}
	if (le32(p) != g->crc)
		tell(g, RULE_GZ_CHECK, "gzip checksum is wrong", g->pos);
	if (le32(p + 4) != (uint32_t)(g->out - g->member_out))
		tell(g, RULE_GZ_CHECK, "length in the gzip trailer is wrong", g->pos);
	g->pos += TRAILER_SIZE;
	if (g->pos == g->a->in.size)
		g->state = GZIP_END;
	else
		g->state = GZIP_HEADER;
}

/* False when reading must stop here. */
static bool
within_limits(struct gzip *g, size_t got)
{
	struct archive *a = g->a;

	g->since_look += got;
	if (g->since_look >= (uint64_t)1024 * 1024) {
		g->since_look = 0;
		if (!archive_go_on(a, g->pos)) {
			g->state = GZIP_STOPPED;
			return false;
		}
	}
	if (g->out <= a->limits.total_bytes &&
	    (g->out <= RATIO_FLOOR || g->out / a->limits.ratio <= g->pos))
		return true;
	if (!g->quiet && g->out > a->limits.total_bytes)
		archive_limit(a, "inflates to more than %llu bytes",
		    (unsigned long long)a->limits.total_bytes);
	else if (!g->quiet)
		archive_limit(
		    a, "inflates more than %llu times", (unsigned long long)a->limits.ratio);
	g->state = GZIP_STOPPED;
	return false;
}

static size_t
read_data(struct gzip *g, unsigned char *buf, size_t room)
{
	size_t len, given, got = 0;
	const unsigned char *p = input_some(&g->a->in, g->pos, CHUNK, &len);
	enum inflate_status status;

	given = len;
	status = inflate_run(g->inflate, &p, &len, buf, room, &got);
	g->pos += given - len;
	g->crc = inflate_crc32(g->crc, buf, got);
	g->out += got;
	if (status == INFLATE_BAD)
		damaged(g, "compressed data is damaged");
	else if (status == INFLATE_MORE && got == 0 && given == len)
		damaged(g, "gzip stream breaks off");
	else if (status == INFLATE_END)
		read_trailer(g);
	within_limits(g, got);
	return got;
}

static size_t
read_plain(struct gzip *g, unsigned char *buf, size_t room)
{
	size_t len;
	const unsigned char *p = input_some(&g->a->in, g->pos, room, &len);

	if (len == 0) {
		g->state = GZIP_END;
		return 0;
	}
	memcpy(buf, p, len);
	g->pos += len;
	g->out += len;
	within_limits(g, len);
	return len;
}

size_t
gzip_read(struct gzip *g, unsigned char *buf, size_t room)
{
	size_t got = 0;

	while (got == 0) {
		if (g->state == GZIP_HEADER)
			read_header(g);
		else if (g->state == GZIP_DATA)
			got = read_data(g, buf, room);
		else if (g->state == GZIP_PLAIN)
			got = read_plain(g, buf, room);
		else
			break;
	}
	return got;
}

size_t
gzip_fill(struct gzip *g, unsigned char *buf, size_t len)
{
	size_t filled = 0, got;

	while (filled < len && (got = gzip_read(g, buf + filled, len - filled)) > 0)
		filled += got;
	return filled;
}

bool
gzip_skip(struct gzip *g, uint64_t len)
{
	unsigned char scratch[16 * 1024];

	while (len > 0) {
		size_t got = gzip_read(
		    g, scratch, len < sizeof scratch ? (size_t)len : sizeof scratch);

		if (got == 0)
			return false;
		len -= got;
	}
	return true;
}

enum err_code
gzip_walk(struct archive *a, struct bytes name, struct err *e)
{
	struct gzip g;
	struct member m = { .name = name, .kind = MEMBER_FILE, .packed = a->in.size };

	gzip_init(&g, a, false);
	gzip_skip(&g, UINT64_MAX);
	m.size = a->inflated = g.out;
	archive_add(a, m);
	if (g.members > 1)
		findings_add(
		    &a->findings, RULE_GZ_SPLIT, FINDING_WHOLE_FILE, "%zu gzip members", g.members);
	gzip_fini(&g);
	if (a->cancelled)
		return err_set(e, ERR_CANCELLED, "reading %s was cancelled", a->path);
	return ERR_OK;
}
