/* Facts of members: hashes, what their contents look like, and the few files that are kept. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive_priv.h"
#include "check_priv.h"
#include "facts_look.h"
#include "slipway/base/mem.h"

#define TEXT_LOOKED_AT 8192
#define LANES 2

void
archive_facts_fini(struct archive_facts *f)
{
	for (int i = 0; i < COMPARE_KEPT_COUNT; i++)
		str_fini(&f->kept[i]);
	free(f->items);
	*f = (struct archive_facts)ARCHIVE_FACTS_EMPTY;
}

void
facts_make(struct archive_facts *f, size_t count)
{
	f->count = count;
	f->items = mem_zalloc(count + 1, sizeof f->items[0]);
}

/* -- names -- */

void
roots_find(struct roots *r, const struct archive *a, const char *path)
{
	struct dist_name name = DIST_NAME_EMPTY;
	const char *slash;

	*r = (struct roots) { .kind = archive_format(a) == ARCHIVE_ZIP ? DIST_WHEEL : DIST_SDIST };
	if (dist_name_parse(path, &name, NULL) == ERR_OK) {
		r->stem = mem_strdup(name.stem);
		r->version = mem_strdup(name.version);
	}
	dist_name_fini(&name);
	if (r->kind == DIST_SDIST && archive_count(a) > 0) {
		struct bytes first = archive_member(a, 0)->name;

		slash = first.len > 0 ? memchr(first.data, '/', first.len) : NULL;
		if (slash != NULL)
			r->top = (struct bytes) { first.data, (size_t)(slash - first.data) + 1 };
	}
}

void
roots_fini(struct roots *r)
{
	free(r->stem);
	free(r->version);
}

struct bytes
roots_path(const struct roots *r, struct bytes name)
{
	size_t cut = 0;

	if (r->kind == DIST_SDIST) {
		if (name.len >= r->top.len && r->top.len > 0 &&
		    memcmp(name.data, r->top.data, r->top.len) == 0)
			cut = r->top.len;
	} else if (r->stem != NULL && check_starts(name, r->stem)) {
		struct bytes rest = { name.data + strlen(r->stem), name.len - strlen(r->stem) };

		if (check_starts(rest, ".dist-info/") || check_starts(rest, ".data/"))
			cut = strlen(r->stem);
	}
	return (struct bytes) { name.data + cut, name.len - cut };
}

static enum compare_kept
kept_of(const struct roots *r, struct bytes path)
{
	if (r->kind == DIST_WHEEL) {
		if (bytes_is(path, ".dist-info/METADATA"))
			return COMPARE_KEPT_METADATA;
		if (bytes_is(path, ".dist-info/WHEEL"))
			return COMPARE_KEPT_WHEEL;
		if (bytes_is(path, ".dist-info/entry_points.txt"))
			return COMPARE_KEPT_ENTRY_POINTS;
	} else {
		if (bytes_is(path, "PKG-INFO"))
			return COMPARE_KEPT_METADATA;
		if (bytes_is(path, "pyproject.toml"))
			return COMPARE_KEPT_PYPROJECT;
		if (bytes_is(path, "setup.cfg"))
			return COMPARE_KEPT_SETUP_CFG;
		if (check_ends(path, ".egg-info/entry_points.txt"))
			return COMPARE_KEPT_ENTRY_POINTS;
	}
	return COMPARE_KEPT_COUNT;
}

/* -- one member -- */

void
facts_look_begin(struct facts_look *l, const struct member *m, bool own_sha256)
{
	enum compare_kept which;
	char head[32];
	int len;

	if (l->facts == NULL)
		return;
	l->keep = NULL;
	l->taken = 0;
	l->looks = 0;
	l->last = '\0';
	if (own_sha256)
		digest_init(&l->sha256, DIGEST_SHA256);
	if (l->facts->blob_size == 0)
		return;
	len = snprintf(head, sizeof head, "blob %llu", (unsigned long long)m->size);
	digest_init(&l->blob, l->facts->blob_size == 32 ? DIGEST_SHA256 : DIGEST_SHA1);
	digest_update(&l->blob, head, (size_t)len + 1);
	which = kept_of(l->roots, roots_path(l->roots, m->name));
	if (which == COMPARE_KEPT_COUNT)
		return;
	l->has[which] = true;
	l->keep = &l->kept[which];
	str_clear(l->keep);
}

/* Line ends, as far as the file may be text. */
static void
look_at_lines(struct facts_look *l, const char *data, size_t len)
{
	const char *at = data, *end = data + len;

	while ((l->looks & COMPARE_HAS_LF) == 0 &&
	       (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		l->looks |= (at > data ? at[-1] : l->last) == '\r' ? COMPARE_HAS_CRLF
								   : COMPARE_HAS_LF;
		at++;
	}
	if ((l->looks & COMPARE_HAS_CRLF) == 0 && l->last == '\r' && data[0] == '\n')
		l->looks |= COMPARE_HAS_CRLF;
	at = data;
	while ((l->looks & COMPARE_HAS_CRLF) == 0 &&
	       (at = memchr(at, '\r', (size_t)(end - at))) != NULL) {
		at++;
		if (at < end && *at == '\n')
			l->looks |= COMPARE_HAS_CRLF;
	}
	l->last = data[len - 1];
}

void
facts_look_data(struct facts_look *l, const void *data, size_t len)
{
	if (len == 0 || l->facts == NULL)
		return;
	if (l->sha256.evp != NULL)
		digest_update(&l->sha256, data, len);
	if (l->facts->blob_size == 0)
		return;
	if (l->blob.evp != NULL)
		digest_update(&l->blob, data, len);
	if (l->taken < LOOK_HEAD) {
		size_t room = LOOK_HEAD - (size_t)l->taken;

		memcpy(l->head + l->taken, data, len < room ? len : room);
	}
	if (l->taken < TEXT_LOOKED_AT) {
		size_t room = TEXT_LOOKED_AT - (size_t)l->taken;

		if (memchr(data, '\0', len < room ? len : room) != NULL)
			l->looks |= COMPARE_IS_BINARY;
	}
	if ((l->looks & COMPARE_IS_BINARY) == 0)
		look_at_lines(l, data, len);
	if (l->keep != NULL && l->keep->len < COMPARE_KEPT_MAX)
		str_append(l->keep, data,
		    len < COMPARE_KEPT_MAX - l->keep->len ? len : COMPARE_KEPT_MAX - l->keep->len);
	l->taken += len;
}

static unsigned
looks_of_head(struct bytes head)
{
	static const struct {
		const char *bytes;
		size_t len;
		unsigned mark;
	} known[] = {
		{ "\x7f"
		  "ELF",
		    4, COMPARE_IS_NATIVE },
		{ "MZ", 2, COMPARE_IS_NATIVE },
		{ "\xfe\xed\xfa\xce", 4, COMPARE_IS_NATIVE },
		{ "\xfe\xed\xfa\xcf", 4, COMPARE_IS_NATIVE },
		{ "\xce\xfa\xed\xfe", 4, COMPARE_IS_NATIVE },
		{ "\xcf\xfa\xed\xfe", 4, COMPARE_IS_NATIVE },
		{ "\xca\xfe\xba\xbe", 4, COMPARE_IS_NATIVE },
		{ "/* Generated by Cython ", 23, COMPARE_IS_CYTHON },
		{ "version https://git-lfs", 23, COMPARE_IS_LFS_POINTER },
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (head.len >= known[i].len &&
		    memcmp(head.data, known[i].bytes, known[i].len) == 0)
			return known[i].mark;
	return 0;
}

void
facts_look_end(struct facts_look *l, size_t index, bool ok, const uint8_t *sha256, uint16_t marks)
{
	size_t head = l->taken < LOOK_HEAD ? (size_t)l->taken : LOOK_HEAD;
	struct member_facts *f;
	uint8_t raw[DIGEST_MAX];

	if (l->facts == NULL)
		return;
	f = &l->facts->items[index];
	f->marks = marks;
	f->looks = (uint8_t)(l->looks | looks_of_head((struct bytes) { l->head, head }));
	if (ok && l->sha256.evp != NULL && digest_final(&l->sha256, raw))
		sha256 = raw;
	if (ok && sha256 != NULL) {
		memcpy(f->sha256, sha256, sizeof f->sha256);
		f->marks |= MARK_HASHED;
	}
	if (ok && l->blob.evp != NULL && digest_final(&l->blob, raw)) {
		memcpy(f->blob, raw, l->facts->blob_size);
		f->marks |= MARK_BLOB;
	}
	digest_fini(&l->sha256);
	digest_fini(&l->blob);
	/* The start of a text would be compared as if it were the whole. */
	if (!ok && l->keep != NULL)
		str_clear(l->keep);
}

void
facts_look_join(struct facts_look *l)
{
	/* A pass that was cut off in the middle of a member. */
	digest_fini(&l->sha256);
	digest_fini(&l->blob);
	for (int i = 0; i < COMPARE_KEPT_COUNT; i++) {
		if (l->has[i]) {
			str_fini(&l->facts->kept[i]);
			l->facts->kept[i] = l->kept[i];
			l->kept[i] = (struct str)STR_EMPTY;
		}
		str_fini(&l->kept[i]);
	}
}

/* -- a pass for nothing else -- */

struct pass {
	struct facts_look look;
	const struct member *first;
};

static bool
begin(void *arg, const struct member *m)
{
	struct pass *p = arg;

	if (m->kind == MEMBER_FILE)
		facts_look_begin(&p->look, m, true);
	return m->kind == MEMBER_FILE;
}

static void
take(void *arg, const void *data, size_t len)
{
	facts_look_data(&((struct pass *)arg)->look, data, len);
}

static void
end(void *arg, const struct member *m, enum err_code rc, const struct err *why)
{
	struct pass *p = arg;

	(void)why;
	if (m->kind == MEMBER_FILE)
		facts_look_end(&p->look, (size_t)(m - p->first), rc == ERR_OK, NULL, 0);
}

enum err_code
archive_facts_read(struct archive *a, const char *path, struct archive_facts *out, struct err *e)
{
	struct pass lanes[LANES];
	struct archive_visitor visitors[LANES];
	struct roots roots;
	enum err_code rc;

	roots_find(&roots, a, path);
	facts_make(out, archive_count(a));
	for (size_t i = 0; i < LANES; i++) {
		lanes[i] = (struct pass) { .look = { .facts = out, .roots = &roots } };
		lanes[i].first = out->count > 0 ? archive_member(a, 0) : NULL;
		visitors[i] = (struct archive_visitor) { begin, take, end, &lanes[i] };
	}
	rc = archive_each_lane(a, visitors, LANES, e);
	for (size_t i = 0; i < LANES; i++)
		facts_look_join(&lanes[i].look);
	roots_fini(&roots);
	if (rc == ERR_LIMIT)
		rc = ERR_OK;
	if (rc != ERR_OK)
		archive_facts_fini(out);
	return rc;
}
