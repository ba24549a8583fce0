/* The views beside the files: findings, metadata, comparison, raw entries. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "browser_priv.h"
#include "slipway/base/mem.h"
#include "slipway/dist/archive.h"
#include "slipway/os/clock.h"
#include "slipway/tui/widget.h"

#define DETAIL_ROWS 5

/* --- 2: findings --- */

static enum role
role_of(enum finding_severity s)
{
	return s == FINDING_ERROR ? ROLE_BAD : s == FINDING_WARN ? ROLE_WARN : ROLE_DIM;
}

static void
draw_finding(void *arg, struct region row, size_t index, bool selected)
{
	struct browser_tab *t = arg;
	const struct finding *f = browser_finding(t, index);
	const char *reason = browser_reason(t, f);
	int x = 2;

	if (selected)
		region_text(row, 0, 0, ROLE_KEY, "▸");
	x = region_printf(row, x, 0, reason != NULL ? ROLE_DIM : role_of(f->severity), "%-5s ",
	    reason != NULL ? "taken" : finding_severity_name(f->severity));
	x = region_text(row, x, 0, ROLE_BADGE, dist_rule(f->rule)->id) + 1;
	if (f->member != NULL) {
		x = region_path_fit(row, x, 0, row.w / 3, ROLE_PATH, f->member);
		if (f->line > 0)
			x = region_printf(row, x, 0, ROLE_LINE_NUMBER, ":%zu", f->line);
		x++;
	}
	region_text_fit(row, x, 0, row.w - x, reason != NULL ? ROLE_DIM : ROLE_TEXT,
	    reason != NULL ? reason : f->message);
}

static void
draw_findings(struct browser_tab *t, struct region r)
{
	const struct findings *f = browser_findings(t);
	int details = r.h >= 10 ? DETAIL_ROWS : 0, y = 1;
	const struct dist_rule *rule;
	struct region below;

	if (f == NULL) {
		region_text(r, 0, 0, ROLE_DIM, "The rules are still being tried…");
		shell_animate(t->b->page->shell);
		return;
	}
	if (t->b->o.depth > 0) {
		region_text(r, 0, 0, ROLE_DIM,
		    "What the rules say about it stands with the file around it: Esc.");
		return;
	}
	if (f->count == 0) {
		region_text(r, 0, 0, ROLE_TEXT,
		    archive_is_complete(browser_store_archive(t->store))
			? "Nothing was found."
			: "Nothing was found in the part that could be read.");
		return;
	}
	list_set_count(&t->findings_list, f->count);
	t->b->list_at = region_sub(r, 0, 0, r.w, r.h - details);
	list_draw(&t->findings_list, t->b->list_at, true, draw_finding, t);
	if (details == 0)
		return;
	below = region_below(r, r.h - details);
	rule = dist_rule(f->items[t->findings_list.cursor].rule);
	widget_rule(below, 0);
	y += region_wrap(
	    region_below(below, y), 0, ROLE_TEXT, f->items[t->findings_list.cursor].message);
	y += region_wrap(region_below(below, y), 0, ROLE_DIM, rule->meaning);
	region_wrap(region_below(below, y), 0, ROLE_VALUE, rule->fix);
}

/* --- 3: metadata --- */

static void
draw_metadata(struct browser_tab *t, struct region r)
{
	const struct str *text = browser_store_metadata(t->store);

	if (text == NULL) {
		region_text(r, 0, 0, ROLE_DIM, "reading…");
		shell_animate(t->b->page->shell);
		return;
	}
	if (!t->has_meta) {
		t->has_meta = true;
		pager_set_text(&t->meta_pager, &t->meta, str_text(text), text->len);
	}
	pager_draw(&t->meta_pager, r);
}

/* --- 4: comparison --- */

struct weighed {
	const struct browser_rows *rows;
	size_t item;
	int weight;
};

static int
compare_weighed(const void *a, const void *b)
{
	const struct weighed *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->item < y->item ? -1 : x->item > y->item;
}

static int
weight_of(const struct browser_tab *t, size_t item)
{
	int worst = t->rows.items[item].gone ? 1 : 0;

	for (int base = 0; base < COMPARE_BASE_COUNT; base++) {
		const struct comparison *c = browser_with(t, (enum compare_base)base);
		const struct compare_row *row = c != NULL && item < t->rows.members
						    ? comparison_of(c, item)
						    : NULL;
		int weight = row != NULL ? compare_weight((enum compare_base)base, row) : 0;

		worst = weight > worst ? weight : worst;
	}
	return worst;
}

static void
fill_compare(struct browser_tab *t)
{
	struct weighed *all = mem_zalloc(t->rows.count + 1, sizeof *all);
	size_t n = 0;

	for (size_t i = 0; i < t->rows.tree.count; i++) {
		const struct dist_tree_node *node = &t->rows.tree.nodes[i];

		if (!node->is_dir && node->member < t->rows.count &&
		    browser_rows_passes(&t->rows, i))
			all[n++] = (struct weighed) { .rows = &t->rows,
				.item = node->member,
				.weight = weight_of(t, node->member) };
	}
	if (n > 1)
		qsort(all, n, sizeof all[0], compare_weighed);
	free(t->compare_rows);
	t->compare_rows = mem_zalloc(n + 1, sizeof t->compare_rows[0]);
	t->compare_count = n;
	for (size_t i = 0; i < n; i++)
		t->compare_rows[i] = all[i].item;
	free(all);
	list_set_count(&t->compare_list, n);
}

/* The word of one base for an item. */
static const char *
state_word(const struct browser_tab *t, enum compare_base base, size_t item, enum role *role)
{
	const struct comparison *c = browser_with(t, base);
	const struct browser_item *it = &t->rows.items[item];
	const struct compare_row *row;
	char badge = base == COMPARE_GIT ? it->badges.git : it->badges.change;

	*role = ROLE_UNKNOWN;
	if (c == NULL)
		return "not compared";
	if (it->gone) {
		*role = badge == '-' ? ROLE_REMOVED : ROLE_DIM;
		return badge == '-' ? compare_word(base, COMPARE_MISSING) : "–";
	}
	row = comparison_of(c, item);
	if (row == NULL)
		return "";
	switch (row->state) {
	case COMPARE_SAME:
	case COMPARE_GENERATED:
		*role = ROLE_DIM;
		break;
	case COMPARE_ADDED:
		*role = ROLE_ADDED;
		break;
	case COMPARE_MODIFIED:
	case COMPARE_MOVED:
		*role = ROLE_CHANGED;
		break;
	case COMPARE_MISSING:
		*role = ROLE_REMOVED;
		break;
	case COMPARE_NONE:
	case COMPARE_STATE_COUNT:
		break;
	}
	return compare_word(base, row->state);
}

static void
draw_compared(void *arg, struct region row, size_t index, bool selected)
{
	struct browser_tab *t = arg;
	size_t item = t->compare_rows[index];
	const struct browser_item *it = &t->rows.items[item];
	enum role role;
	const char *word;
	char size[32];

	if (selected)
		region_text(row, 0, 0, ROLE_KEY, "▸");
	word = state_word(t, COMPARE_GIT, item, &role);
	region_text_fit(row, 2, 0, 13, role, word);
	word = state_word(t, COMPARE_RELEASE, item, &role);
	region_text_fit(row, 16, 0, 13, role, word);
	region_text_right(row, 39, 0, it->gone ? ROLE_REMOVED : ROLE_VALUE,
	    it->gone ? "-" : size_text(it->size, size, sizeof size));
	if (it->reviewed)
		region_text(row, 40, 0, ROLE_GOOD, "✓");
	region_bytes(row, 42, 0, it->gone ? ROLE_DIM : ROLE_PATH, it->name.data, it->name.len);
}

bool
browser_compare_next(struct browser_tab *t, int way, bool unreviewed)
{
	struct list *l = &t->compare_list;
	size_t n = t->compare_count;

	for (size_t i = 1; i < n; i++) {
		size_t at = (l->cursor + (way > 0 ? i : n - i)) % n;
		const struct browser_item *item = &t->rows.items[t->compare_rows[at]];

		if (unreviewed ? item->changed && !item->reviewed : item->changed || item->gone) {
			list_select(l, at);
			return true;
		}
	}
	return false;
}

/* What it is compared with, and what differs beyond files. */
static int
draw_compare_head(struct browser_tab *t, struct region r)
{
	struct str text = STR_EMPTY;
	int y = 0, most = r.h / 3;

	for (int base = 0; base < COMPARE_BASE_COUNT; base++) {
		const struct comparison *c = browser_comparison(t, (enum compare_base)base);

		str_clear(&text);
		if (c == NULL)
			str_puts(&text, t->comparing ? "comparing…" : "not compared");
		else
			compare_summary(c, &text);
		region_printf(r, 0, y, (int)t->base == base ? ROLE_TITLE : ROLE_DIM, "%-5s",
		    base == COMPARE_GIT ? "git" : "index");
		if (c != NULL && c->with != NULL)
			str_printf(&text, " (%s)", c->with);
		region_text_fit(r, 6, y++, r.w - 6,
		    c != NULL && comparison_is_done(c) ? ROLE_TEXT : ROLE_UNKNOWN, str_text(&text));
		if (c != NULL && c->remark != NULL)
			region_text_fit(r, 6, y++, r.w - 6, ROLE_WARN, c->remark);
		for (size_t i = 0; c != NULL && i < c->fact_count && y < most; i++) {
			str_clear(&text);
			compare_fact_text(&c->facts[i], &text);
			region_text_fit(r, 6, y++, r.w - 6, ROLE_CHANGED, str_text(&text));
		}
	}
	str_fini(&text);
	if (t->comparing)
		shell_animate(t->b->page->shell);
	return y;
}

static void
draw_compare(struct browser_tab *t, struct region r)
{
	int y = draw_compare_head(t, r);

	widget_rule(r, y);
	region_text(r, 2, y + 1, ROLE_DIM, "git");
	region_text(r, 16, y + 1, ROLE_DIM, "release before");
	region_text_right(r, 39, y + 1, ROLE_DIM, "this");
	t->b->list_at = region_below(r, y + 2);
	list_draw(&t->compare_list, t->b->list_at, true, draw_compared, t);
}

/* --- 5: raw --- */

static const char *
method_name(const struct archive *a, const struct member *m, char *buf, size_t size)
{
	if (archive_format(a) == ARCHIVE_GZ)
		return "gzip";
	if (archive_format(a) != ARCHIVE_ZIP)
		return m->kind == MEMBER_FILE ? "tar" : "-";
	if (m->method == 0)
		return "stored";
	if (m->method == 8)
		return "deflate";
	snprintf(buf, size, "method %u", m->method);
	return buf;
}

static void
draw_raw_row(void *arg, struct region row, size_t index, bool selected)
{
	struct browser_tab *t = arg;
	const struct archive *a = browser_store_archive(t->store);
	const struct member *m = archive_member(a, index);
	char method[24];

	if (selected)
		region_text(row, 0, 0, ROLE_KEY, "▸");
	region_printf(row, 1, 0, ROLE_LINE_NUMBER, "%10" PRIx64, m->offset);
	region_printf(row, 12, 0, ROLE_VALUE, "%10" PRIu64, m->packed);
	region_printf(row, 23, 0, ROLE_VALUE, "%10" PRIu64, m->size);
	region_text_fit(row, 34, 0, 9, ROLE_TEXT, method_name(a, m, method, sizeof method));
	region_printf(row, 44, 0, ROLE_DIM, "%04x %06o", m->flags, m->mode);
	region_bytes(row, 56, 0, m->hidden ? ROLE_BAD : ROLE_PATH, m->name.data, m->name.len);
}

static void
draw_raw(struct browser_tab *t, struct region r)
{
	const struct archive *a = browser_store_archive(t->store);
	static const char *const formats[ARCHIVE_FORMAT_COUNT] = { [ARCHIVE_ZIP] = "zip",
		[ARCHIVE_TAR_GZ] = "tar.gz",
		[ARCHIVE_TAR] = "tar",
		[ARCHIVE_GZ] = "gzip" };
	const char *sha256 = browser_store_sha256(t->store);
	int x;

	x = region_printf(r, 0, 0, ROLE_TEXT, "%s, %" PRIu64 " bytes, ", formats[archive_format(a)],
	    archive_file_size(a));
	if (archive_findings(a)->count > 0)
		region_printf(r, x, 0, ROLE_WARN, "%zu things odd about its framing: 2 has them",
		    archive_findings(a)->count);
	else
		region_text(r, x, 0, ROLE_TEXT, "nothing odd about its framing");
	if (t->b->o.depth == 0)
		region_printf(
		    r, 0, 1, ROLE_DIM, "sha256 %s", sha256[0] != '\0' ? sha256 : "computing…");
	region_text(
	    r, 1, 2, ROLE_DIM, "    offset     packed       size method   flags mode   name");
	list_set_count(&t->raw_list, archive_count(a));
	t->b->list_at = region_below(r, 3);
	list_draw(&t->raw_list, t->b->list_at, true, draw_raw_row, t);
}

/* --- all of them --- */

void
browser_view_update(struct browser_tab *t)
{
	if (t->b->view != VIEW_COMPARE || t->stamp_view == t->stamp)
		return;
	t->stamp_view = t->stamp;
	fill_compare(t);
}

void
browser_view_draw(struct browser_tab *t, struct region r)
{
	t->b->preview_at = t->b->list_at = (struct region) { .surface = r.surface };
	switch (t->b->view) {
	case VIEW_FINDINGS:
		draw_findings(t, r);
		break;
	case VIEW_METADATA:
		draw_metadata(t, r);
		break;
	case VIEW_COMPARE:
		draw_compare(t, r);
		break;
	case VIEW_RAW:
		draw_raw(t, r);
		break;
	case VIEW_FILES:
	case VIEW_COUNT:
		break;
	}
}

static struct list *
list_of(struct browser_tab *t)
{
	switch (t->b->view) {
	case VIEW_FINDINGS:
		return &t->findings_list;
	case VIEW_COMPARE:
		return &t->compare_list;
	case VIEW_RAW:
		return &t->raw_list;
	case VIEW_FILES:
	case VIEW_METADATA:
	case VIEW_COUNT:
		break;
	}
	return NULL;
}

static bool find(struct browser_tab *t, struct list *l, size_t from, int way);

static void
go_there(struct browser_tab *t)
{
	struct list *l = list_of(t);
	const struct finding *f;

	if (l == NULL || l->cursor >= l->count)
		return;
	if (t->b->view == VIEW_RAW) {
		browser_go(t, l->cursor, 0);
	} else if (t->b->view == VIEW_COMPARE) {
		browser_diff(t);
	} else {
		f = browser_finding(t, l->cursor);
		if (f->index >= t->rows.members) {
			browser_why(t);
			return;
		}
		browser_go(t, f->index, f->line);
		t->b->in_preview = true;
	}
}

bool
browser_view_act(struct browser_tab *t, enum action a)
{
	struct list *l = list_of(t);

	if (t->b->view == VIEW_METADATA)
		return pager_act(&t->meta_pager, a) || a == ACT_NEXT;
	if (a == ACT_NEXT || a == ACT_RIGHT) {
		go_there(t);
		return true;
	}
	if (a == ACT_MATCH_NEXT || a == ACT_MATCH_BACK) {
		if (t->b->view_needle[0] != '\0')
			find(t, l, 1, a == ACT_MATCH_NEXT ? 1 : -1);
		return true;
	}
	if (l != NULL && list_act(l, a)) {
		if (t->b->view == VIEW_FINDINGS)
			t->finding = l->cursor;
		return true;
	}
	return false;
}

bool
browser_view_click(struct browser_tab *t, int y)
{
	struct list *l = list_of(t);
	size_t before = l != NULL ? l->cursor : 0;

	if (l == NULL || !list_click(l, y))
		return false;
	if (l->cursor == before)
		go_there(t);
	return true;
}

/* What a search in the view in front looks at. */
static struct bytes
text_of(struct browser_tab *t, size_t index)
{
	if (t->b->view == VIEW_RAW)
		return archive_member(browser_store_archive(t->store), index)->name;
	if (t->b->view == VIEW_COMPARE)
		return t->rows.items[t->compare_rows[index]].name;
	return bytes_of(browser_finding(t, index)->message);
}

static bool
is_match(struct browser_tab *t, const struct doc_needle *needle, size_t index)
{
	struct bytes text = text_of(t, index);
	const struct finding *f;

	if (text.len > 0 && doc_needle_find(needle, text.data, text.len, 0) < text.len)
		return true;
	if (t->b->view != VIEW_FINDINGS)
		return false;
	/* By its rule and its file as well. */
	f = browser_finding(t, index);
	text = bytes_of(dist_rule(f->rule)->id);
	if (doc_needle_find(needle, text.data, text.len, 0) < text.len)
		return true;
	text = bytes_of(f->member != NULL ? f->member : "");
	return doc_needle_find(needle, text.data, text.len, 0) < text.len;
}

/* The first match from FROM rows behind the cursor on, around the end. */
static bool
find(struct browser_tab *t, struct list *l, size_t from, int way)
{
	struct doc_needle needle;
	bool found = false;

	doc_needle_init(&needle, DOC_BYTES, t->b->view_needle);
	for (size_t i = from; l != NULL && i < l->count + from && !found; i++) {
		size_t at = (l->cursor + (way > 0 ? i : l->count * 2 - i)) % l->count;

		found = is_match(t, &needle, at);
		if (found)
			list_select(l, at);
	}
	doc_needle_fini(&needle);
	return found;
}

bool
browser_view_search(struct browser_tab *t, const char *text)
{
	if (t->b->view == VIEW_METADATA)
		return pager_search(&t->meta_pager, text);
	snprintf(t->b->view_needle, sizeof t->b->view_needle, "%s", text);
	return text[0] == '\0' || find(t, list_of(t), 0, 1);
}
