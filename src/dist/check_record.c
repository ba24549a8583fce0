/* RECORD both ways: its rows first, then every member against its row. */
#include "check_record.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"

#define RECORD_MAX ((size_t)32 * 1024 * 1024)

struct row_item {
	struct bytes path;
	size_t index;
};

static int
compare_rows(const void *a, const void *b)
{
	const struct row_item *x = a, *y = b;
	int order = bytes_order(x->path, y->path);

	if (order != 0)
		return order;
	return x->index < y->index ? -1 : x->index > y->index;
}

static struct finding_place
row_place(const struct record_rows *r, const struct record_row *row)
{
	return check_at(r->c, r->index, row->line);
}

static bool
is_signature(const struct record_rows *r, struct bytes path)
{
	struct bytes base = check_base(path);
	const char *stem = r->c->name.stem;

	return (bytes_is(base, "RECORD.jws") || bytes_is(base, "RECORD.p7s")) && stem != NULL &&
	       check_starts(path, stem);
}

static bool
leaves_wheel(struct bytes path)
{
	size_t begin = 0;

	if (path.len > 0 && path.data[0] == '/')
		return true;
	for (size_t i = 0; i <= path.len; i++) {
		if (i < path.len && path.data[i] != '/' && path.data[i] != '\\')
			continue;
		if (i - begin == 2 && memcmp(path.data + begin, "..", 2) == 0)
			return true;
		begin = i + 1;
	}
	return false;
}

/* With an empty or . part, or a backslash. */
static bool
is_odd(struct bytes path)
{
	return check_starts(path, "./") || check_holds(path, "//") || check_holds(path, "/./") ||
	       check_holds(path, "\\");
}

static void
check_syntax(const struct record_rows *r, const struct record_row *row)
{
	static const struct {
		unsigned problem;
		const char *text;
	} texts[] = {
		{ RECORD_FIELDS, "the row has not three fields" },
		{ RECORD_NO_PATH, "the row has no path" },
		{ RECORD_BAD_HASH, "the hash is not algorithm=digest" },
		{ RECORD_BAD_SIZE, "the size is no number" },
		{ RECORD_OPEN_QUOTE, "a quote is not closed" },
		{ RECORD_BAD_UTF8, "the path is not UTF-8" },
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (row->problems & texts[i].problem)
			findings_add(
			    r->c->f, RULE_RECORD_SYNTAX, row_place(r, row), "%s", texts[i].text);
}

/* A digest of another length or other letters than its kind has; one in hex, say. */
static bool
is_malformed(struct bytes digest, enum digest_kind kind)
{
	for (size_t i = 0; i < digest.len; i++)
		if (!isalnum((unsigned char)digest.data[i]) && digest.data[i] != '-' &&
		    digest.data[i] != '_')
			return true;
	return digest.len != (digest_size(kind) * 4 + 2) / 3;
}

static void
check_row(const struct record_rows *r, const struct record_row *row, bool self)
{
	struct findings *f = r->c->f;
	enum digest_kind kind = DIGEST_SHA256;
	bool empty = row->algorithm.len == 0 && !(row->problems & RECORD_BAD_HASH);

	check_syntax(r, row);
	if (leaves_wheel(row->path))
		findings_add(f, RULE_RECORD_PATH, row_place(r, row), "path %.*s",
		    (int)row->path.len, row->path.data);
	else if (is_odd(row->path))
		findings_add(f, RULE_RECORD_ODD, row_place(r, row), "path %.*s",
		    (int)row->path.len, row->path.data);
	if (self) {
		if (row->algorithm.len > 0)
			findings_add(
			    f, RULE_RECORD_SELF, row_place(r, row), "RECORD has a hash of itself");
		return;
	}
	if ((empty || !row->has_size) && !(row->problems & (RECORD_BAD_SIZE | RECORD_FIELDS)) &&
	    !is_signature(r, row->path))
		findings_add(f, RULE_RECORD_NO_HASH, row_place(r, row), "%.*s has no %s",
		    (int)row->path.len, row->path.data, empty ? "hash" : "size");
	if (is_signature(r, row->path))
		findings_add(f, RULE_RECORD_SIGNATURE, row_place(r, row),
		    "%.*s vouches for RECORD, not the other way round", (int)row->path.len,
		    row->path.data);
	if (row->algorithm.len > 0 && digest_by_name(row->algorithm, &kind) &&
	    is_malformed(row->digest, kind))
		findings_add(f, RULE_RECORD_SYNTAX, row_place(r, row),
		    "the digest is not %zu bytes in URL-safe base64 without padding",
		    digest_size(kind));
	if (!empty && row->algorithm.len > 0 &&
	    (!digest_by_name(row->algorithm, &kind) || kind == DIGEST_MD5 || kind == DIGEST_SHA1))
		findings_add(f, RULE_RECORD_WEAK, row_place(r, row), "%.*s has a hash of kind %.*s",
		    (int)row->path.len, row->path.data, (int)row->algorithm.len,
		    row->algorithm.data);
}

static bool
same_values(const struct record_row *a, const struct record_row *b)
{
	return bytes_equal(a->algorithm, b->algorithm) && bytes_equal(a->digest, b->digest) &&
	       a->has_size == b->has_size && a->size == b->size;
}

/* Sorts the rows and looks at each by itself. */
static void
index_rows(struct record_rows *r)
{
	size_t count = r->record.count;
	struct row_item *items = mem_zalloc(count + 1, sizeof *items);

	r->order = mem_zalloc(count + 1, sizeof r->order[0]);
	r->used = mem_zalloc(count + 1, sizeof r->used[0]);
	for (size_t i = 0; i < count; i++)
		items[i] = (struct row_item) { .path = r->record.rows[i].path, .index = i };
	if (count > 1)
		qsort(items, count, sizeof items[0], compare_rows);
	for (size_t i = 0; i < count; i++) {
		const struct record_row *row = &r->record.rows[items[i].index];

		r->order[i] = items[i].index;
		check_row(r, row, bytes_equal(row->path, archive_member(r->c->a, r->index)->name));
		if (i > 0 && row->path.len > 0 && bytes_equal(row->path, items[i - 1].path))
			findings_add(r->c->f, RULE_RECORD_TWICE, row_place(r, row),
			    "%.*s is listed twice, with %s", (int)row->path.len, row->path.data,
			    same_values(row, &r->record.rows[items[i - 1].index])
				? "the same hash and size"
				: "another hash or size");
	}
	free(items);
}

/* The first row of that path; used ones are marked by the caller. record.count when there is none.
 */
static size_t
find_row(const struct record_rows *r, struct bytes path)
{
	struct row_item wanted = { .path = path, .index = 0 };
	size_t low = 0, high = r->record.count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		struct row_item item = { .path = r->record.rows[r->order[mid]].path, .index = 1 };

		if (compare_rows(&item, &wanted) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < r->record.count && bytes_equal(r->record.rows[r->order[low]].path, path))
		return low;
	return r->record.count;
}

/* Marks all rows of that path and gives the first one. */
static const struct record_row *
use_row(struct record_rows *r, struct bytes path)
{
	size_t at = find_row(r, path);

	if (at == r->record.count)
		return NULL;
	for (size_t i = at; i < r->record.count; i++) {
		if (!bytes_equal(r->record.rows[r->order[i]].path, path))
			break;
		r->used[r->order[i]] = true;
	}
	return &r->record.rows[r->order[at]];
}

void
verify_begin(struct verify *v, size_t index)
{
	struct record_rows *r = v->rows;
	const struct member *m = archive_member(r->c->a, index);
	enum digest_kind kind = DIGEST_SHA256;

	v->row = NULL;
	v->hashing = false;
	v->given = 0;
	if (!r->there || is_signature(r, m->name))
		return;
	v->row = use_row(r, m->name);
	if (v->row == NULL) {
		findings_add(v->f, RULE_RECORD_NOT_LISTED, check_at(r->c, index, 0),
		    "RECORD has no row for it");
		return;
	}
	/* A link or special file has its own finding. */
	if (m->kind != MEMBER_FILE)
		v->row = NULL;
	if (v->row == NULL || index == r->index || v->row->algorithm.len == 0 ||
	    !digest_by_name(v->row->algorithm, &kind))
		return;
	if (!v->ready || v->digest.kind != kind) {
		digest_fini(&v->digest);
		digest_init(&v->digest, kind);
	}
	v->ready = false;
	v->hashing = true;
}

void
verify_data(struct verify *v, const void *data, size_t len)
{
	v->given += len;
	if (v->hashing)
		digest_update(&v->digest, data, len);
}

static bool
compare_digest(struct verify *v, size_t index, uint8_t *sha256)
{
	uint8_t raw[DIGEST_MAX];
	size_t size = digest_size(v->digest.kind);
	bool same = v->digest.kind == DIGEST_SHA256;
	struct str text = STR_EMPTY;

	v->ready = digest_next(&v->digest, raw);
	if (!v->ready) {
		findings_add(v->f, RULE_LIMIT, check_at(v->rows->c, index, 0),
		    "this system cannot compute the kind of hash in RECORD");
		return false;
	}
	digest_to_base64url(raw, size, &text);
	if (!bytes_is(v->row->digest, str_text(&text)))
		findings_add(v->f, RULE_RECORD_HASH, check_at(v->rows->c, index, 0),
		    "the hash is %s, RECORD says %.*s (line %zu)", str_text(&text),
		    (int)v->row->digest.len, v->row->digest.data, v->row->line);
	str_fini(&text);
	if (same)
		memcpy(sha256, raw, size);
	return same;
}

bool
verify_end(struct verify *v, size_t index, bool ok, uint8_t *sha256)
{
	bool known = false;

	if (ok && v->hashing)
		known = compare_digest(v, index, sha256);
	if (ok && v->row != NULL && v->row->has_size && v->row->size != v->given &&
	    index != v->rows->index)
		findings_add(v->f, RULE_RECORD_SIZE, check_at(v->rows->c, index, 0),
		    "%llu bytes, RECORD says %llu (line %zu)", (unsigned long long)v->given,
		    (unsigned long long)v->row->size, v->row->line);
	v->hashing = false;
	return known;
}

void
verify_fini(struct verify *v)
{
	digest_fini(&v->digest);
}

void
record_rows_read(struct check *c, struct record_rows *r)
{
	struct str text = STR_EMPTY;

	*r = (struct record_rows) { .c = c, .index = FINDING_NO_MEMBER };
	if (c->name.kind != DIST_WHEEL || c->name.stem == NULL)
		return;
	r->index = check_find(c, "%s.dist-info/RECORD", c->name.stem);
	if (r->index == FINDING_NO_MEMBER) {
		findings_add(c->f, RULE_RECORD_MISSING, FINDING_WHOLE_FILE,
		    "no %s.dist-info/RECORD", c->name.stem);
	} else if (check_read(c, r->index, RECORD_MAX, &text)) {
		record_parse(str_text(&text), text.len, &r->record);
		r->there = true;
		index_rows(r);
	}
	str_fini(&text);
}

void
record_rows_fini(struct record_rows *r)
{
	record_fini(&r->record);
	free(r->order);
	free(r->used);
}

void
record_rows_left(const struct record_rows *r)
{
	for (size_t i = 0; i < r->record.count; i++) {
		const struct record_row *row = &r->record.rows[i];

		if (!r->used[i] && row->path.len > 0 && !is_signature(r, row->path))
			findings_add(r->c->f, RULE_RECORD_NO_FILE, row_place(r, row),
			    "%.*s is not there", (int)row->path.len, row->path.data);
	}
}
