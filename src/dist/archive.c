/* What wheels and sdists have in common: opening, the list of members, limits. Formats are walked
 * elsewhere. */
#include "archive_priv.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"

#define BLOCK_SIZE ((size_t)64 * 1024)

struct name_block {
	struct name_block *next;
	size_t used, size;
	char data[];
};

const struct archive_limits archive_default_limits = {
	.entries = 200000,
	.name_bytes = 4096,
	.member_bytes = (uint64_t)256 * 1024 * 1024,
	.total_bytes = (uint64_t)2 * 1024 * 1024 * 1024,
	.ratio = 200,
	.wall_ms = 60000,
};

struct bytes
archive_keep(struct archive *a, const void *data, size_t len)
{
	struct name_block *b = a->names;
	char *copy;

	if (b == NULL || b->size - b->used < len) {
		size_t size = len > BLOCK_SIZE ? len : BLOCK_SIZE;

		b = mem_alloc(sizeof *b + size);
		b->next = a->names;
		b->used = 0;
		b->size = size;
		a->names = b;
	}
	copy = b->data + b->used;
	if (len > 0)
		memcpy(copy, data, len);
	b->used += len;
	return (struct bytes) { .data = copy, .len = len };
}

void
archive_limit(struct archive *a, const char *fmt, ...)
{
	struct str text = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_vprintf(&text, fmt, args);
	va_end(args);
	findings_add(&a->findings, RULE_LIMIT, FINDING_WHOLE_FILE, "%s", str_text(&text));
	a->incomplete = true;
	str_fini(&text);
}

bool
archive_add(struct archive *a, struct member m)
{
	if (a->count >= a->limits.entries) {
		archive_limit(a, "more than %zu entries", a->limits.entries);
		return false;
	}
	a->members = mem_grow(a->members, &a->cap, a->count + 1, sizeof a->members[0]);
	a->members[a->count++] = m;
	return true;
}

static uint64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

void
archive_begin_pass(struct archive *a)
{
	a->deadline_ms = now_ms() + a->limits.wall_ms;
	if (a->latest_ms > 0 && a->deadline_ms > a->latest_ms)
		a->deadline_ms = a->latest_ms;
}

bool
archive_go_on(struct archive *a, uint64_t done)
{
	if (a->opts.cancelled != NULL && atomic_load(a->opts.cancelled))
		a->cancelled = true;
	if (a->cancelled)
		return false;
	if (a->opts.progress != NULL)
		a->opts.progress(a->opts.progress_arg, done, a->in.size);
	if (now_ms() > a->deadline_ms) {
		archive_limit(a, "stopped after %llu seconds",
		    (unsigned long long)(a->limits.wall_ms / 1000));
		return false;
	}
	return true;
}

struct finding_place
archive_place_named(struct bytes name)
{
	return (struct finding_place) {
		.index = FINDING_NO_MEMBER, .name = name.data, .name_len = name.len
	};
}

struct finding_place
archive_place(const struct archive *a, size_t index, size_t line)
{
	if (index == FINDING_NO_MEMBER)
		return FINDING_WHOLE_FILE;
	assert(index < a->count);
	return (struct finding_place) { .index = index,
		.name = a->members[index].name.data,
		.name_len = a->members[index].name.len,
		.line = line };
}

struct sort_item {
	struct bytes name;
	size_t index;
};

static int
compare_items(const void *a, const void *b)
{
	const struct sort_item *x = a, *y = b;
	int order = bytes_order(x->name, y->name);

	if (order != 0)
		return order;
	return x->index < y->index ? -1 : x->index > y->index;
}

void
archive_sort_names(struct archive *a, bool tell)
{
	struct sort_item *items = mem_zalloc(a->count + 1, sizeof *items);
	size_t count = 0;

	for (size_t i = 0; i < a->count; i++)
		if (!a->members[i].hidden)
			items[count++] = (struct sort_item) { .name = a->members[i].name,
				.index = i };
	if (count > 1)
		qsort(items, count, sizeof items[0], compare_items);
	a->by_name = mem_zalloc(count + 1, sizeof a->by_name[0]);
	for (size_t i = 0; i < count; i++) {
		a->by_name[i] = items[i].index;
		if (tell && i > 0 && bytes_equal(items[i].name, items[i - 1].name))
			findings_add(&a->findings, RULE_NAME_TWICE,
			    archive_place(a, items[i].index, 0),
			    "the name is given more than once: entries %zu and %zu",
			    items[i - 1].index + 1, items[i].index + 1);
	}
	a->visible = count;
	free(items);
}

static enum err_code
format_of(const char *path, const char *shown, enum archive_format *out, struct err *e)
{
	if (text_ends(path, ".whl") || text_ends(path, ".zip")) {
		*out = ARCHIVE_ZIP;
	} else if (text_ends(path, ".tar.gz") || text_ends(path, ".tgz")) {
		*out = ARCHIVE_TAR_GZ;
	} else {
		err_set(
		    e, ERR_UNSUPPORTED, "%s: neither a wheel (.whl) nor an sdist (.tar.gz)", shown);
		err_hint(e, "build both with: python -m build");
		return ERR_UNSUPPORTED;
	}
	return ERR_OK;
}

enum err_code
archive_walk(struct archive *a, struct err *e)
{
	enum err_code rc;

	archive_begin_pass(a);
	rc = a->format == ARCHIVE_ZIP ? zip_walk(a, e) : tar_walk(a, e);
	if (rc == ERR_OK)
		archive_sort_names(a, true);
	return rc;
}

enum err_code
archive_open(const char *path, const struct archive_opts *opts, struct archive **out, struct err *e)
{
	struct archive *a = mem_zalloc(1, sizeof *a);
	char shown[512];
	enum err_code rc;

	a->in = (struct input)INPUT_EMPTY;
	if (opts != NULL)
		a->opts = *opts;
	a->limits = a->opts.limits != NULL ? *a->opts.limits : archive_default_limits;
	sanitise_line(path, strlen(path), shown, sizeof shown);
	a->path = mem_strdup(shown);
	rc = format_of(path, shown, &a->format, e);
	if (rc == ERR_OK)
		rc = input_open(&a->in, path, e);
	if (rc == ERR_OK && a->in.size == 0)
		rc = err_set(e, ERR_INVALID, "%s is empty", shown);
	if (rc != ERR_OK)
		goto out;
	a->root_size = a->in.size;
	rc = archive_walk(a, e);
	if (rc != ERR_OK)
		goto out;
	if (a->format == ARCHIVE_ZIP && a->opts.visitor != NULL)
		rc = archive_each(a, a->opts.visitor, e);
	if (rc == ERR_LIMIT)
		rc = ERR_OK;
	if (rc != ERR_OK)
		goto out;
	*out = a;
	a = NULL;
out:
	archive_close(a);
	return rc;
}

void
archive_close(struct archive *a)
{
	if (a == NULL)
		return;
	while (a->names != NULL) {
		struct name_block *next = a->names->next;

		free(a->names);
		a->names = next;
	}
	input_fini(&a->in);
	findings_fini(&a->findings);
	free(a->members);
	free(a->by_name);
	free(a->path);
	str_fini(&a->held);
	free(a);
}

struct archive *
archive_new_model(const struct archive_limits *limits)
{
	struct archive *a = mem_zalloc(1, sizeof *a);

	a->in = (struct input)INPUT_EMPTY;
	a->limits = limits != NULL ? *limits : archive_default_limits;
	return a;
}

enum archive_format
archive_format(const struct archive *a)
{
	return a->format;
}

uint64_t
archive_file_size(const struct archive *a)
{
	return a->in.size;
}

size_t
archive_count(const struct archive *a)
{
	return a->count;
}

const struct member *
archive_member(const struct archive *a, size_t index)
{
	assert(index < a->count);
	return &a->members[index];
}

const struct findings *
archive_findings(const struct archive *a)
{
	return &a->findings;
}

bool
archive_is_complete(const struct archive *a)
{
	return !a->incomplete;
}

size_t
archive_find(const struct archive *a, const char *name, size_t len)
{
	struct bytes wanted = { .data = name, .len = len };
	size_t low = 0, high = a->visible;

	/* The first one behind all of that name. */
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (bytes_order(a->members[a->by_name[mid]].name, wanted) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0 || !bytes_equal(a->members[a->by_name[low - 1]].name, wanted))
		return FINDING_NO_MEMBER;
	return a->by_name[low - 1];
}

enum err_code
archive_verify_unchanged(const struct archive *a, struct err *e)
{
	return input_verify_unchanged(&a->in, a->path, e);
}

enum err_code
archive_settle(struct archive *a, enum err_code rc, struct err *e)
{
	if (a->cancelled) {
		a->cancelled = false;
		return err_set(e, ERR_CANCELLED, "reading %s was cancelled", a->path);
	}
	if (a->in.failed != 0) {
		errno = a->in.failed;
		return err_sys(e, ERR_IO, "cannot read %s", a->path);
	}
	return rc;
}

enum err_code
archive_read(
    struct archive *a, size_t index, uint64_t max, archive_sink_fn sink, void *arg, struct err *e)
{
	const struct member *m = archive_member(a, index);
	enum err_code rc;

	if (!input_is_open(&a->in))
		return err_set(e, ERR_UNSUPPORTED, "only its list is here");
	if (m->kind != MEMBER_FILE && m->kind != MEMBER_DIR && !(a->format == ARCHIVE_ZIP))
		return err_set(e, ERR_UNSUPPORTED, "a link or special file has no content");
	if (max > a->limits.member_bytes)
		max = a->limits.member_bytes;
	archive_begin_pass(a);
	rc = a->format == ARCHIVE_ZIP ? zip_read(a, m, max, sink, arg, e)
				      : tar_read(a, m, max, sink, arg, e);
	return archive_settle(a, rc, e);
}

static bool
append(void *arg, const void *data, size_t len)
{
	str_append(arg, data, len);
	return true;
}

enum err_code
archive_read_all(struct archive *a, size_t index, size_t max, struct str *out, struct err *e)
{
	return archive_read(a, index, max, append, out, e);
}

enum err_code
archive_each(struct archive *a, const struct archive_visitor *v, struct err *e)
{
	return archive_each_lane(a, v, 1, e);
}
