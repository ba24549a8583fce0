/* RECORD both ways, in the one pass that also checks every member's own checksum. */
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "slipway/base/digest.h"
#include "slipway/base/mem.h"
#include "slipway/dist/record.h"

#define RECORD_MAX ((size_t)32 * 1024 * 1024)

struct verify {
	struct check *c;
	struct record record;
	size_t *order; /* rows by path, then by line */
	bool *used;    /* by row */
	size_t record_index;
	bool have_record;
	/* the member being read */
	struct digest digest;
	bool hashing;
	const struct record_row *row;
	uint64_t given;
};

struct row_item {
	struct bytes path;
	size_t index;
};

static int
compare_rows(const void *a, const void *b)
{
	const struct row_item *x = a, *y = b;
	size_t common = x->path.len < y->path.len ? x->path.len : y->path.len;
	int order = common > 0 ? memcmp(x->path.data, y->path.data, common) : 0;

	if (order != 0)
		return order;
	if (x->path.len != y->path.len)
		return x->path.len < y->path.len ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static struct finding_place
row_place(const struct verify *v, const struct record_row *row)
{
	return check_at(v->c, v->record_index, row->line);
}

static bool
is_signature(const struct verify *v, struct bytes path)
{
	struct bytes base = check_base(path);
	const char *stem = v->c->name.stem;

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

static void
check_syntax(const struct verify *v, const struct record_row *row)
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
			    v->c->f, RULE_RECORD_SYNTAX, row_place(v, row), "%s", texts[i].text);
}

static void
check_row(const struct verify *v, const struct record_row *row, bool self)
{
	struct findings *f = v->c->f;
	enum digest_kind kind = DIGEST_SHA256;
	bool empty = row->algorithm.len == 0 && !(row->problems & RECORD_BAD_HASH);

	check_syntax(v, row);
	if (leaves_wheel(row->path))
		findings_add(f, RULE_RECORD_PATH, row_place(v, row), "path %.*s",
		    (int)row->path.len, row->path.data);
	if (self) {
		if (row->algorithm.len > 0)
			findings_add(
			    f, RULE_RECORD_SELF, row_place(v, row), "RECORD has a hash of itself");
		return;
	}
	if ((empty || !row->has_size) && !(row->problems & (RECORD_BAD_SIZE | RECORD_FIELDS)) &&
	    !is_signature(v, row->path))
		findings_add(f, RULE_RECORD_NO_HASH, row_place(v, row), "%.*s has no %s",
		    (int)row->path.len, row->path.data, empty ? "hash" : "size");
	if (!empty && row->algorithm.len > 0 &&
	    (!digest_by_name(row->algorithm, &kind) || kind == DIGEST_MD5 || kind == DIGEST_SHA1))
		findings_add(f, RULE_RECORD_WEAK, row_place(v, row), "%.*s has a hash of kind %.*s",
		    (int)row->path.len, row->path.data, (int)row->algorithm.len,
		    row->algorithm.data);
}

/* Sorts the rows and looks at each by itself. */
static void
index_rows(struct verify *v)
{
	size_t count = v->record.count;
	struct row_item *items = mem_zalloc(count + 1, sizeof *items);

	v->order = mem_zalloc(count + 1, sizeof v->order[0]);
	v->used = mem_zalloc(count + 1, sizeof v->used[0]);
	for (size_t i = 0; i < count; i++)
		items[i] = (struct row_item) { .path = v->record.rows[i].path, .index = i };
	if (count > 1)
		qsort(items, count, sizeof items[0], compare_rows);
	for (size_t i = 0; i < count; i++) {
		const struct record_row *row = &v->record.rows[items[i].index];

		v->order[i] = items[i].index;
		check_row(
		    v, row, bytes_equal(row->path, archive_member(v->c->a, v->record_index)->name));
		if (i > 0 && row->path.len > 0 && bytes_equal(row->path, items[i - 1].path))
			findings_add(v->c->f, RULE_RECORD_TWICE, row_place(v, row),
			    "%.*s is listed twice", (int)row->path.len, row->path.data);
	}
	free(items);
}

/* The first row of that path; used ones are marked by the caller. record.count when there is none.
 */
static size_t
find_row(const struct verify *v, struct bytes path)
{
	struct row_item wanted = { .path = path, .index = 0 };
	size_t low = 0, high = v->record.count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		struct row_item item = { .path = v->record.rows[v->order[mid]].path, .index = 1 };

		if (compare_rows(&item, &wanted) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < v->record.count && bytes_equal(v->record.rows[v->order[low]].path, path))
		return low;
	return v->record.count;
}

/* Marks all rows of that path and gives the first one. */
static const struct record_row *
use_row(struct verify *v, struct bytes path)
{
	size_t at = find_row(v, path);

	if (at == v->record.count)
		return NULL;
	for (size_t i = at; i < v->record.count; i++) {
		if (!bytes_equal(v->record.rows[v->order[i]].path, path))
			break;
		v->used[v->order[i]] = true;
	}
	return &v->record.rows[v->order[at]];
}

static size_t
index_of(const struct verify *v, const struct member *m)
{
	return (size_t)(m - archive_member(v->c->a, 0));
}

static bool
begin_member(void *arg, const struct member *m)
{
	struct verify *v = arg;
	size_t index = index_of(v, m);
	enum digest_kind kind = DIGEST_SHA256;

	v->row = NULL;
	v->hashing = false;
	v->given = 0;
	if (m->kind == MEMBER_DIR || m->hidden)
		return false;
	if (!v->have_record || is_signature(v, m->name))
		return true;
	v->row = use_row(v, m->name);
	if (v->row == NULL) {
		findings_add(v->c->f, RULE_RECORD_NOT_LISTED, check_at(v->c, index, 0),
		    "RECORD has no row for it");
		return true;
	}
	/* A link or special file has its own finding. */
	if (m->kind != MEMBER_FILE)
		v->row = NULL;
	if (v->row == NULL || index == v->record_index || v->row->algorithm.len == 0 ||
	    !digest_by_name(v->row->algorithm, &kind))
		return true;
	digest_init(&v->digest, kind);
	v->hashing = true;
	return true;
}

static void
member_data(void *arg, const void *data, size_t len)
{
	struct verify *v = arg;

	v->given += len;
	if (v->hashing)
		digest_update(&v->digest, data, len);
}

static void
compare_digest(struct verify *v, size_t index)
{
	uint8_t raw[DIGEST_MAX];
	size_t size = digest_size(v->digest.kind);
	struct str text = STR_EMPTY;

	v->hashing = false;
	if (!digest_final(&v->digest, raw)) {
		findings_add(v->c->f, RULE_LIMIT, check_at(v->c, index, 0),
		    "this system cannot compute the kind of hash in RECORD");
		return;
	}
	digest_to_base64url(raw, size, &text);
	if (!bytes_is(v->row->digest, str_text(&text)))
		findings_add(v->c->f, RULE_RECORD_HASH, check_at(v->c, index, 0),
		    "the hash is %s, RECORD says %.*s (line %zu)", str_text(&text),
		    (int)v->row->digest.len, v->row->digest.data, v->row->line);
	str_fini(&text);
}

static void
end_member(void *arg, const struct member *m, enum err_code rc, const struct err *why)
{
	struct verify *v = arg;
	size_t index = index_of(v, m);
	struct finding_place at = check_at(v->c, index, 0);

	switch (rc) {
	case ERR_OK:
		if (v->hashing)
			compare_digest(v, index);
		if (v->row != NULL && v->row->has_size && v->row->size != v->given &&
		    index != v->record_index)
			findings_add(v->c->f, RULE_RECORD_SIZE, at,
			    "%llu bytes, RECORD says %llu (line %zu)", (unsigned long long)v->given,
			    (unsigned long long)v->row->size, v->row->line);
		break;
	case ERR_CONFLICT:
		findings_add(v->c->f, RULE_DATA_SIZE_LIES, at, "%s", why->message);
		break;
	case ERR_LIMIT:
		findings_add(v->c->f, RULE_LIMIT, at, "%s", why->message);
		break;
	case ERR_UNSUPPORTED:
		/* Encryption and methods were told by the walker. */
		findings_add(
		    v->c->f, RULE_LIMIT, at, "the content was not looked at: %s", why->message);
		break;
	case ERR_FAILED:
	case ERR_IO:
	case ERR_NOT_FOUND:
	case ERR_INVALID:
	case ERR_USAGE:
	case ERR_CONFIG:
	case ERR_EXISTS:
	case ERR_AUTH:
	case ERR_REFUSED:
	case ERR_NETWORK:
	case ERR_TIMEOUT:
	case ERR_BUSY:
	case ERR_CANCELLED:
	case ERR_COUNT:
		findings_add(v->c->f, RULE_DATA_DAMAGED, at, "%s", why->message);
		break;
	}
	if (v->hashing)
		digest_fini(&v->digest);
	v->hashing = false;
}

static void
read_record(struct verify *v)
{
	struct check *c = v->c;
	struct str text = STR_EMPTY;

	if (c->name.stem == NULL)
		return;
	v->record_index = check_find(c, "%s.dist-info/RECORD", c->name.stem);
	if (v->record_index == FINDING_NO_MEMBER) {
		findings_add(c->f, RULE_RECORD_MISSING, FINDING_WHOLE_FILE,
		    "no %s.dist-info/RECORD", c->name.stem);
	} else if (check_read(c, v->record_index, RECORD_MAX, &text)) {
		record_parse(str_text(&text), text.len, &v->record);
		v->have_record = true;
		index_rows(v);
	}
	str_fini(&text);
}

enum err_code
check_record(struct check *c, struct err *e)
{
	struct verify v = { .c = c, .record_index = FINDING_NO_MEMBER };
	struct archive_visitor visitor = { begin_member, member_data, end_member, &v };
	enum err_code rc;

	read_record(&v);
	rc = archive_each(c->a, &visitor, e);
	/* A pass that a limit ended is a finding of the archive. */
	for (size_t i = 0; rc == ERR_OK && i < v.record.count; i++) {
		const struct record_row *row = &v.record.rows[i];

		if (!v.used[i] && row->path.len > 0 && !is_signature(&v, row->path))
			findings_add(c->f, RULE_RECORD_NO_FILE, row_place(&v, row),
			    "%.*s is not there", (int)row->path.len, row->path.data);
	}
	record_fini(&v.record);
	free(v.order);
	free(v.used);
	return rc == ERR_LIMIT ? ERR_OK : rc;
}
