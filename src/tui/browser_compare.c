/* What the comparisons say about members: badges, what is gone, and what there is to review. */
#include <stdlib.h>
#include <string.h>

#include "browser_priv.h"
#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"
#include "slipway/dist/archive.h"

const struct comparison *
browser_with(const struct browser_tab *t, enum compare_base base)
{
	(void)t;
	(void)base;
	return NULL;
}

const struct comparison *
browser_comparison(const struct browser_tab *t, enum compare_base base)
{
	return browser_with(t, base);
}

void
browser_diff(struct browser_tab *t)
{
	(void)t;
}

void
browser_ask_base(struct browser_tab *t)
{
	(void)t;
}

void
browser_drop_compared(struct browser_tab *t)
{
	t->compared = NULL;
}

const struct findings *
browser_compare_findings(const struct browser_tab *t)
{
	(void)t;
	return NULL;
}

bool
browser_is_gone(const struct browser_tab *t, size_t item)
{
	return item < t->rows.count && t->rows.items[item].gone;
}

/* --- what is gone --- */

static size_t
part_end(struct bytes path)
{
	const char *slash = path.len > 0 ? memchr(path.data, '/', path.len) : NULL;

	return slash != NULL ? (size_t)(slash - path.data) + 1 : 0;
}

/* Where it would lie in this file: below the top folder of an sdist. */
static struct bytes
place_of(struct browser_tab *t, enum compare_base base, struct bytes path)
{
	const struct archive *a = browser_store_archive(t->store);
	struct bytes top = { "", 0 };
	size_t skip = base == COMPARE_RELEASE ? part_end(path) : 0;
	char *name;

	if (archive_format(a) != ARCHIVE_TAR_GZ || archive_count(a) == 0)
		return path;
	top = archive_member(a, 0)->name;
	top.len = part_end(top);
	if (top.len <= path.len && top.len > 0 && memcmp(top.data, path.data, top.len) == 0)
		return path;
	name = mem_alloc(top.len + path.len - skip + 1);
	memcpy(name, top.data, top.len);
	memcpy(name + top.len, path.data + skip, path.len - skip);
	name[top.len + path.len - skip] = '\0';
	strlist_take(&t->gone_names, name);
	return (struct bytes) { name, top.len + path.len - skip };
}

static bool
is_there(const struct browser_tab *t, struct bytes name)
{
	for (size_t i = t->rows.members; i < t->rows.count; i++)
		if (bytes_equal(t->rows.items[i].name, name))
			return true;
	return false;
}

static void
add_gone(struct browser_tab *t, enum compare_base base, const struct compare_row *row)
{
	struct bytes name = place_of(t, base, row->path);
	struct browser_rows *r = &t->rows;

	if ((row->notes & COMPARE_LEFT_OUT) != 0)
		return;
	if (is_there(t, name))
		return;
	r->items = mem_grow(r->items, &r->cap, r->count + 1, sizeof r->items[0]);
	r->items[r->count] = (struct browser_item) { .name = name,
		.size = row->size_before,
		.growth = -(int64_t)row->size_before,
		.gone = true };
	if (base == COMPARE_GIT)
		r->items[r->count].badges.git = '-';
	else
		r->items[r->count].badges.change = '-';
	r->count++;
}

/* --- states --- */

static void
set_states(struct browser_item *item, enum compare_base base, const struct compare_row *row)
{
	char badge;

	if (row == NULL || row->state == COMPARE_NONE)
		return;
	badge = compare_badge(base, row->state);
	if (base == COMPARE_GIT)
		item->badges.git = badge != ' ' ? badge : 0;
	else
		item->badges.change = badge != ' ' ? badge : 0;
	if (base == COMPARE_RELEASE)
		item->growth = (int64_t)row->size - (int64_t)row->size_before;
	if ((row->notes & COMPARE_RUNS) != 0)
		item->badges.kind = 'N';
	else if ((row->notes & COMPARE_BINARY) != 0 && item->badges.kind != 'Z')
		item->badges.kind = 'B';
	item->changed |= row->state != COMPARE_SAME;
}

void
browser_states(struct browser_tab *t)
{
	static const enum compare_base bases[] = { COMPARE_GIT, COMPARE_RELEASE };
	struct browser_rows *r = &t->rows;
	bool any = false;

	r->count = r->members;
	strlist_fini(&t->gone_names);
	for (size_t k = 0; k < ARRAY_LEN(bases); k++) {
		const struct comparison *c = browser_with(t, bases[k]);

		if (c == NULL)
			continue;
		any = true;
		for (size_t i = 0; i < r->members; i++)
			set_states(&r->items[i], bases[k], comparison_of(c, i));
		for (size_t i = c->members; i < c->count; i++)
			if (c->rows[i].state == COMPARE_MISSING)
				add_gone(t, bases[k], &c->rows[i]);
	}
	/* Against nothing, all of it is to be looked at. */
	t->to_review = 0;
	for (size_t i = 0; i < r->members; i++) {
		r->items[i].changed = !r->items[i].is_dir && (r->items[i].changed || !any);
		t->to_review += r->items[i].changed;
	}
}
