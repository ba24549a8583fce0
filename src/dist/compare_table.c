/* One side of a comparison: all contents of an archive hashed in one pass, as git names blobs too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "compare_priv.h"
#include "slipway/base/digest.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"

#define HEAD_BYTES 64
#define TEXT_LOOKED_AT 8192
#define KEPT_MAX ((size_t)1024 * 1024)

/* The file under way, and the table that it goes into. */
struct hashing {
	struct compare_table *t;
	const struct member *first;
	struct compare_file *f;
	struct str *kept; /* NULL: nothing of it */
	struct digest sha256, blob;
	uint64_t taken;
	char head[HEAD_BYTES];
	char last; /* byte of the piece before */
};

/* -- names -- */

struct roots {
	struct bytes top; /* of an sdist, with its slash; empty when there is none */
	char *stem;	  /* of a wheel; NULL when its file name is malformed */
};

static void
find_roots(struct compare_table *t, const struct archive *a, const char *path, struct roots *out)
{
	struct dist_name name = DIST_NAME_EMPTY;
	const char *slash;

	*out = (struct roots) { .stem = NULL };
	t->kind = archive_format(a) == ARCHIVE_ZIP ? DIST_WHEEL : DIST_SDIST;
	if (dist_name_parse(path, &name, NULL) == ERR_OK) {
		out->stem = mem_strdup(name.stem);
		t->version = mem_strdup(name.version);
	}
	dist_name_fini(&name);
	if (t->kind == DIST_SDIST && archive_count(a) > 0) {
		struct bytes first = archive_member(a, 0)->name;

		slash = first.len > 0 ? memchr(first.data, '/', first.len) : NULL;
		if (slash != NULL)
			out->top = (struct bytes) { first.data, (size_t)(slash - first.data) + 1 };
	}
}

/* What is compared of NAME, a tail of it. */
static struct bytes
compared_path(const struct compare_table *t, const struct roots *r, struct bytes name)
{
	size_t cut = 0;

	if (t->kind == DIST_SDIST) {
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

static struct bytes
keep_bytes(char **at, struct bytes b)
{
	char *copy = *at;

	if (b.len > 0)
		memcpy(copy, b.data, b.len);
	*at += b.len;
	return (struct bytes) { .data = copy, .len = b.len };
}

static void
list_files(struct compare_table *t, const struct archive *a, const struct roots *r)
{
	size_t bytes = 1;
	char *at;

	t->count = archive_count(a);
	t->files = mem_zalloc(t->count + 1, sizeof t->files[0]);
	for (size_t i = 0; i < t->count; i++)
		bytes += archive_member(a, i)->name.len + archive_member(a, i)->link.len;
	at = t->names = mem_alloc(bytes);
	for (size_t i = 0; i < t->count; i++) {
		const struct member *m = archive_member(a, i);
		struct compare_file *f = &t->files[i];

		*f = (struct compare_file) { .name = keep_bytes(&at, m->name),
			.link = keep_bytes(&at, m->link),
			.size = m->size,
			.mode = m->mode,
			.kind = m->kind,
			.hidden = m->hidden };
		f->path = compared_path(t, r, f->name);
		if (m->kind == MEMBER_FILE)
			t->size = m->size > UINT64_MAX - t->size ? UINT64_MAX : t->size + m->size;
	}
}

/* -- contents -- */

static enum digest_kind
blob_kind(const struct compare_table *t)
{
	return t->blob_size == 32 ? DIGEST_SHA256 : DIGEST_SHA1;
}

bool
compare_blob_id(
    const struct compare_table *t, const void *data, size_t len, uint8_t out[DIGEST_MAX])
{
	struct digest d;
	char head[32];
	int n = snprintf(head, sizeof head, "blob %zu", len);

	digest_init(&d, blob_kind(t));
	digest_update(&d, head, (size_t)n + 1);
	digest_update(&d, data, len);
	return digest_final(&d, out);
}

static struct str *
kept_of(struct compare_table *t, struct bytes path)
{
	enum compare_kept which = COMPARE_KEPT_COUNT;

	if (t->kind == DIST_WHEEL) {
		if (bytes_is(path, ".dist-info/METADATA"))
			which = COMPARE_KEPT_METADATA;
		else if (bytes_is(path, ".dist-info/WHEEL"))
			which = COMPARE_KEPT_WHEEL;
		else if (bytes_is(path, ".dist-info/entry_points.txt"))
			which = COMPARE_KEPT_ENTRY_POINTS;
	} else {
		if (bytes_is(path, "PKG-INFO"))
			which = COMPARE_KEPT_METADATA;
		else if (bytes_is(path, "pyproject.toml"))
			which = COMPARE_KEPT_PYPROJECT;
		else if (bytes_is(path, "setup.cfg"))
			which = COMPARE_KEPT_SETUP_CFG;
		else if (check_ends(path, ".egg-info/entry_points.txt"))
			which = COMPARE_KEPT_ENTRY_POINTS;
	}
	return which == COMPARE_KEPT_COUNT ? NULL : &t->kept[which];
}

static bool
begin(void *arg, const struct member *m)
{
	struct hashing *h = arg;
	char head[32];
	int n;

	if (m->kind != MEMBER_FILE)
		return false;
	h->f = &h->t->files[m - h->first];
	h->kept = kept_of(h->t, h->f->path);
	if (h->kept != NULL)
		str_clear(h->kept);
	h->taken = 0;
	h->last = '\0';
	digest_init(&h->sha256, DIGEST_SHA256);
	digest_init(&h->blob, blob_kind(h->t));
	n = snprintf(head, sizeof head, "blob %llu", (unsigned long long)m->size);
	digest_update(&h->blob, head, (size_t)n + 1);
	return true;
}

/* Line ends, as far as the file may be text. */
static void
look_at_lines(struct hashing *h, const char *data, size_t len)
{
	const unsigned both = COMPARE_HAS_CRLF | COMPARE_HAS_LF;
	const char *at = data, *end = data + len;

	while (
	    (h->f->marks & both) != both && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		char before = at > data ? at[-1] : h->last;

		h->f->marks |= before == '\r' ? COMPARE_HAS_CRLF : COMPARE_HAS_LF;
		at++;
	}
	h->last = data[len - 1];
}

static void
take(void *arg, const void *data, size_t len)
{
	struct hashing *h = arg;

	if (len == 0)
		return;
	digest_update(&h->sha256, data, len);
	digest_update(&h->blob, data, len);
	if (h->taken < HEAD_BYTES) {
		size_t room = HEAD_BYTES - (size_t)h->taken;

		memcpy(h->head + h->taken, data, len < room ? len : room);
	}
	if (h->taken < TEXT_LOOKED_AT) {
		size_t room = TEXT_LOOKED_AT - (size_t)h->taken;

		if (memchr(data, '\0', len < room ? len : room) != NULL)
			h->f->marks |= COMPARE_IS_BINARY;
	}
	if ((h->f->marks & COMPARE_IS_BINARY) == 0)
		look_at_lines(h, data, len);
	if (h->kept != NULL && h->kept->len < KEPT_MAX)
		str_append(
		    h->kept, data, len < KEPT_MAX - h->kept->len ? len : KEPT_MAX - h->kept->len);
	h->taken += len;
}

static unsigned
marks_of_head(struct bytes head)
{
	static const struct {
		const char *bytes;
		size_t len;
		unsigned mark;
	} known[] = {
		{ "\x7f" "ELF", 4, COMPARE_IS_NATIVE },
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

static void
end(void *arg, const struct member *m, enum err_code rc, const struct err *why)
{
	struct hashing *h = arg;
	struct compare_file *f = h->f;
	uint8_t sha256[DIGEST_MAX] = { 0 }, blob[DIGEST_MAX] = { 0 };
	size_t head = h->taken < HEAD_BYTES ? (size_t)h->taken : HEAD_BYTES;
	bool known;

	(void)m, (void)why;
	known = digest_final(&h->sha256, sha256);
	known = digest_final(&h->blob, blob) && known;
	f->marks |= marks_of_head((struct bytes) { h->head, head });
	f->hashed = known && rc == ERR_OK;
	if (f->hashed) {
		memcpy(f->sha256, sha256, sizeof f->sha256);
		memcpy(f->blob, blob, h->t->blob_size);
	} else {
		h->t->complete = false;
		/* The start of a text would be compared as if it were the whole. */
		if (h->kept != NULL)
			str_clear(h->kept);
	}
}

/* Links have no content of their own: git hashes the target, a hard link is its file again. */
static void
hash_links(struct compare_table *t, const struct archive *a)
{
	for (size_t i = 0; i < t->count; i++) {
		struct compare_file *f = &t->files[i];
		uint8_t blob[DIGEST_MAX], sha256[DIGEST_MAX];
		struct digest d;
		size_t to;

		if (f->kind == MEMBER_SYMLINK) {
			digest_init(&d, DIGEST_SHA256);
			digest_update(&d, f->link.data, f->link.len);
			if (!digest_final(&d, sha256) ||
			    !compare_blob_id(t, f->link.data, f->link.len, blob))
				continue;
			memcpy(f->sha256, sha256, sizeof f->sha256);
			memcpy(f->blob, blob, t->blob_size);
			f->hashed = true;
		} else if (f->kind == MEMBER_HARDLINK) {
			to = archive_find(a, f->link.data, f->link.len);
			if (to == FINDING_NO_MEMBER || t->files[to].kind != MEMBER_FILE)
				continue;
			memcpy(f->sha256, t->files[to].sha256, sizeof f->sha256);
			memcpy(f->blob, t->files[to].blob, sizeof f->blob);
			f->size = t->files[to].size;
			f->marks = t->files[to].marks;
			f->hashed = t->files[to].hashed;
		}
	}
}

enum err_code
compare_table_read(
    struct archive *a, const char *path, size_t blob_size, struct compare_table *out, struct err *e)
{
	struct compare_table t = COMPARE_TABLE_EMPTY;
	struct hashing h = { .t = &t };
	const struct archive_visitor v = { .begin = begin, .data = take, .end = end, .arg = &h };
	const char *slash = strrchr(path, '/');
	struct str shown = STR_EMPTY;
	struct roots roots;
	enum err_code rc;

	t.blob_size = blob_size;
	t.complete = archive_is_complete(a);
	t.packed = archive_file_size(a);
	sanitise(
	    slash != NULL ? slash + 1 : path, strlen(slash != NULL ? slash + 1 : path), &shown);
	t.file = str_take(&shown);
	find_roots(&t, a, path, &roots);
	list_files(&t, a, &roots);
	h.first = t.count > 0 ? archive_member(a, 0) : NULL;
	rc = archive_each(a, &v, e);
	if (rc == ERR_LIMIT) {
		t.complete = false;
		rc = ERR_OK;
	}
	if (rc == ERR_OK) {
		hash_links(&t, a);
		*out = t;
	} else {
		compare_table_fini(&t);
	}
	free(roots.stem);
	return rc;
}

void
compare_table_fini(struct compare_table *t)
{
	for (int i = 0; i < COMPARE_KEPT_COUNT; i++)
		str_fini(&t->kept[i]);
	free(t->file);
	free(t->version);
	free(t->files);
	free(t->names);
	*t = (struct compare_table)COMPARE_TABLE_EMPTY;
}
