/* A file against the one that was released before: by path, then by content for what moved. */
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "compare_priv.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"

/* Files of the earlier table in two orders; folders are left out. */
struct earlier {
	const struct compare_table *t;
	const struct compare_file **by_path, **by_content;
	size_t count;
	bool *used; /* by position in the table */
};

static int
by_path(const void *a, const void *b)
{
	const struct compare_file *const *x = a, *const *y = b;
	int order = bytes_order((*x)->path, (*y)->path);

	return order != 0 ? order : *x < *y ? -1 : *x > *y;
}

static int
by_content(const void *a, const void *b)
{
	const struct compare_file *const *x = a, *const *y = b;
	int order = memcmp((*x)->sha256, (*y)->sha256, sizeof(*x)->sha256);

	return order != 0 ? order : *x < *y ? -1 : *x > *y;
}

static void
earlier_init(struct earlier *k, const struct compare_table *t)
{
	*k = (struct earlier) { .t = t };
	k->by_path = mem_zalloc(t->count + 1, sizeof k->by_path[0]);
	k->by_content = mem_zalloc(t->count + 1, sizeof k->by_content[0]);
	k->used = mem_zalloc(t->count + 1, sizeof k->used[0]);
	for (size_t i = 0; i < t->count; i++)
		if (t->files[i].kind != MEMBER_DIR) {
			k->by_path[k->count] = &t->files[i];
			k->by_content[k->count++] = &t->files[i];
		}
	if (k->count > 1) {
		qsort(k->by_path, k->count, sizeof k->by_path[0], by_path);
		qsort(k->by_content, k->count, sizeof k->by_content[0], by_content);
	}
}

static void
earlier_fini(struct earlier *k)
{
	free(k->by_path);
	free(k->by_content);
	free(k->used);
}

/* Of several of one path the last one, as installers leave it behind. */
static const struct compare_file *
find_path(const struct earlier *k, struct bytes path)
{
	size_t low = 0, high = k->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (bytes_order(k->by_path[mid]->path, path) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low > 0 && bytes_equal(k->by_path[low - 1]->path, path) ? k->by_path[low - 1] : NULL;
}

/* One of this content that is not there any more. */
static const struct compare_file *
find_gone(const struct earlier *k, const struct compare_file *f)
{
	size_t low = 0, high = k->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (memcmp(k->by_content[mid]->sha256, f->sha256, sizeof f->sha256) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (size_t i = low; i < k->count && i - low < 64; i++) {
		const struct compare_file *old = k->by_content[i];

		if (memcmp(old->sha256, f->sha256, sizeof f->sha256) != 0)
			break;
		if (old->hashed && old->kind == f->kind && !k->used[old - k->t->files])
			return old;
	}
	return NULL;
}

/* Lists of the others' hashes: different whenever anything is. */
static bool
follows_from_others(const struct compare_file *f)
{
	return bytes_is(f->path, ".dist-info/RECORD") ||
	       bytes_is(f->path, ".dist-info/RECORD.jws") ||
	       bytes_is(f->path, ".dist-info/RECORD.p7s");
}

static void
compare_pair(const struct compare_file *f, const struct compare_file *old, struct compare_row *row)
{
	bool here = (f->mode & 0100) != 0, there = (old->mode & 0100) != 0;

	row->other = old->name;
	row->size_before = old->size;
	if (!old->hashed) {
		row->reason = mem_strdup("the released one could not be read");
	} else if (f->kind != old->kind) {
		row->state = COMPARE_MODIFIED;
		row->reason = mem_strdup("another kind of entry than in the release");
	} else if (memcmp(f->sha256, old->sha256, sizeof f->sha256) != 0) {
		row->state = COMPARE_MODIFIED;
		if (follows_from_others(f)) {
			row->state = COMPARE_GENERATED;
			row->reason = mem_strdup("lists the hashes of the other files");
		}
	} else if (f->kind == MEMBER_FILE && f->mode != 0 && old->mode != 0 && here != there) {
		row->state = COMPARE_MODIFIED;
		row->notes |= COMPARE_EXECUTABLE;
		row->reason = mem_strdup(here ? "the same content; executable now"
					      : "the same content; not executable any more");
	} else {
		row->state = COMPARE_SAME;
	}
}

static void
compare_paths(const struct compare_table *t, struct earlier *k, struct comparison *c)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct compare_file *f = &t->files[i], *old;
		struct compare_row *row = &c->rows[i];

		*row = (struct compare_row) { .member = i,
			.path = f->name,
			.notes = compare_notes_of(t->kind, f),
			.size = f->size };
		if (f->kind == MEMBER_DIR)
			continue;
		old = find_path(k, f->path);
		if (old != NULL)
			k->used[old - k->t->files] = true;
		if (!f->hashed)
			row->reason = mem_strdup("its content could not be read");
		else if (old != NULL)
			compare_pair(f, old, row);
		else
			row->state = COMPARE_ADDED;
	}
}

static void
find_moved(const struct compare_table *t, struct earlier *k, struct comparison *c)
{
	for (size_t i = 0; i < t->count; i++) {
		struct compare_row *row = &c->rows[i];
		const struct compare_file *old;
		struct str reason = STR_EMPTY;

		if (row->state != COMPARE_ADDED || t->files[i].size == 0)
			continue;
		old = find_gone(k, &t->files[i]);
		if (old == NULL)
			continue;
		k->used[old - k->t->files] = true;
		row->state = COMPARE_MOVED;
		row->other = old->name;
		row->size_before = old->size;
		str_puts(&reason, "was ");
		sanitise(old->name.data, old->name.len, &reason);
		row->reason = str_take(&reason);
	}
}

static void
add_removed(const struct earlier *k, struct comparison *c)
{
	for (size_t i = 0; i < k->count; i++) {
		const struct compare_file *old = k->by_path[i];

		if (k->used[old - k->t->files])
			continue;
		c->rows = mem_grow(c->rows, &c->cap, c->count + 1, sizeof c->rows[0]);
		c->rows[c->count++] = (struct compare_row) { .member = FINDING_NO_MEMBER,
			.path = old->name,
			.other = old->name,
			.state = COMPARE_MISSING,
			.notes = compare_notes_of(k->t->kind, old),
			.size_before = old->size };
	}
}

void
compare_release(const struct compare_table *t, const struct compare_table *before,
    const char *label, struct comparison *out)
{
	struct comparison c = { .base = COMPARE_RELEASE, .members = t->count, .count = t->count };
	struct str safe = STR_EMPTY;
	struct earlier k;

	if (t->kind != before->kind) {
		comparison_not_done(out, COMPARE_RELEASE, "%s is %s: a wheel is compared with a "
							  "wheel, an sdist with an sdist",
		    before->file, before->kind == DIST_WHEEL ? "a wheel" : "an sdist");
		return;
	}
	c.cap = t->count + 1;
	c.rows = mem_zalloc(c.cap, sizeof c.rows[0]);
	earlier_init(&k, before);
	compare_paths(t, &k, &c);
	find_moved(t, &k, &c);
	add_removed(&k, &c);
	earlier_fini(&k);
	compare_count(t, &c);
	c.size_before = before->size;
	c.with = mem_strdup(before->file);
	sanitise(label, strlen(label), &safe);
	c.label = str_take(&safe);
	if (!before->complete)
		c.remark = mem_printf("%s could not be read whole", before->file);
	compare_facts(t, before, &c);
	*out = c;
}
