/* What the comparisons say about members: badges, what is gone, and what there is to review. */
#include <stdlib.h>
#include <string.h>

#include "browser_priv.h"
#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"
#include "slipway/dist/archive.h"
#include "slipway/wizard/compare.h"

const struct comparison *
browser_comparison(const struct browser_tab *t, enum compare_base base)
{
	return t->compared != NULL ? &t->compared->with[base] : NULL;
}

const struct comparison *
browser_with(const struct browser_tab *t, enum compare_base base)
{
	const struct comparison *c = browser_comparison(t, base);

	return c != NULL && comparison_is_done(c) ? c : NULL;
}

const struct findings *
browser_compare_findings(const struct browser_tab *t)
{
	return t->compared != NULL ? &t->compared->findings : NULL;
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

/* The item that is gone and has this name already: both bases can have it. */
static struct browser_item *
gone_item(struct browser_rows *r, struct bytes name)
{
	for (size_t i = r->members; i < r->count; i++)
		if (bytes_equal(r->items[i].name, name))
			return &r->items[i];
	r->items = mem_grow(r->items, &r->cap, r->count + 1, sizeof r->items[0]);
	r->items[r->count] = (struct browser_item) {
		.name = name, .gone = true, .there = { SIZE_MAX, SIZE_MAX }
	};
	return &r->items[r->count++];
}

static void
add_gone(struct browser_tab *t, enum compare_base base, size_t index)
{
	const struct compare_row *row = &browser_with(t, base)->rows[index];
	struct browser_item *item;

	if ((row->notes & COMPARE_LEFT_OUT) != 0)
		return;
	item = gone_item(&t->rows, place_of(t, base, row->path));
	item->there[base] = index;
	if (base == COMPARE_GIT) {
		item->badges.git = '-';
		return;
	}
	item->badges.change = '-';
	item->size = row->size_before;
	item->growth = -(int64_t)row->size_before;
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
}

size_t
browser_row_of(const struct browser_tab *t, enum compare_base base, size_t item)
{
	const struct comparison *c = browser_with(t, base);

	if (c == NULL || item >= t->rows.count)
		return SIZE_MAX;
	if (item >= t->rows.members)
		return t->rows.items[item].there[base];
	return item < c->members ? item : SIZE_MAX;
}

static bool
is_state(const struct comparison *c, size_t member, unsigned int states)
{
	const struct compare_row *row = c != NULL ? comparison_of(c, member) : NULL;

	return row != NULL && (states >> row->state & 1U) != 0;
}

/* Other than released, or not as in git. What a build makes is only new to the eye when there is no
 * release to hold against it. */
static bool
is_changed(const struct browser_tab *t, size_t member)
{
	static const unsigned int differs =
	    1U << COMPARE_MODIFIED | 1U << COMPARE_ADDED | 1U << COMPARE_MOVED;
	static const unsigned int made = 1U << COMPARE_GENERATED;
	const struct comparison *git = browser_with(t, COMPARE_GIT);
	const struct comparison *release = browser_with(t, COMPARE_RELEASE);

	if (git == NULL && release == NULL)
		return true;
	return is_state(release, member, differs | made) || is_state(git, member, differs) ||
	       (release == NULL && is_state(git, member, made));
}

void
browser_states(struct browser_tab *t)
{
	static const enum compare_base bases[] = { COMPARE_GIT, COMPARE_RELEASE };
	struct browser_rows *r = &t->rows;

	r->count = r->members;
	strlist_fini(&t->gone_names);
	for (size_t k = 0; k < ARRAY_LEN(bases); k++) {
		const struct comparison *c = browser_with(t, bases[k]);

		if (c == NULL)
			continue;
		for (size_t i = 0; i < r->members; i++)
			set_states(&r->items[i], bases[k], comparison_of(c, i));
		for (size_t i = c->members; i < c->count; i++)
			if (c->rows[i].state == COMPARE_MISSING)
				add_gone(t, bases[k], i);
	}
	/* Against nothing, all of it. */
	t->to_review = 0;
	for (size_t i = 0; i < r->members; i++) {
		r->items[i].changed = !r->items[i].is_dir && is_changed(t, i);
		t->to_review += r->items[i].changed;
	}
}
