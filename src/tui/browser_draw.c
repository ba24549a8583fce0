/* The head, the tree and the status line. */
#include <stdio.h>
#include <string.h>

#include "browser_priv.h"
#include "slipway/base/mem.h"
#include "slipway/dist/archive.h"
#include "slipway/dist/facts.h"
#include "slipway/os/clock.h"
#include "slipway/tui/widget.h"

#define SIDE_BY_SIDE 84 /* columns of the body from which the preview has its own */
#define HEAD_ROWS 4
#define HEX_COLUMNS 79

/* --- what came in since --- */

static void
list_members(struct browser_tab *t)
{
	const struct archive *a = browser_store_archive(t->store);
	struct browser_rows *r = &t->rows;

	if (t->listed || a == NULL)
		return;
	t->listed = true;
	r->count = r->members = archive_count(a);
	r->cap = r->count + 1;
	r->items = mem_zalloc(r->cap, sizeof r->items[0]);
	for (size_t i = 0; i < r->count; i++) {
		const struct member *m = archive_member(a, i);

		r->items[i] = (struct browser_item) { .name = m->name,
			.size = m->size,
			.is_dir = m->kind == MEMBER_DIR,
			.reviewed = t->b->o.is_reviewed != NULL &&
				    t->b->o.is_reviewed(t->b->o.arg, t->file, i) };
	}
	t->stamp = 0;
}

/* What the content is counts more than what the name says. */
static void
set_facts(struct browser_tab *t)
{
	const struct archive_facts *facts = browser_store_facts(t->store);

	for (size_t i = 0; i < facts->count && i < t->rows.members; i++) {
		struct browser_badges *b = &t->rows.items[i].badges;
		unsigned int marks = facts->items[i].marks;

		if ((marks & MARK_RUNS) != 0)
			b->kind = 'N';
		else if ((marks & MARK_ARCHIVE) != 0)
			b->kind = 'Z';
		else if ((marks & (MARK_BINARY | MARK_PROGRAM | MARK_PYC)) != 0)
			b->kind = 'B';
		b->secret |= (marks & MARK_SECRET) != 0;
	}
}

static void
set_badges(struct browser_tab *t)
{
	const struct archive *a = browser_store_archive(t->store);
	const struct findings *f = browser_findings(t);
	struct browser_rows *r = &t->rows;

	for (size_t i = 0; i < r->members; i++) {
		const struct member *m = archive_member(a, i);

		r->items[i].changed = false;
		r->items[i].badges = (struct browser_badges) { .accepted = true,
			.kind = m->kind == MEMBER_DIR ? 0
						      : browser_kind_of(m->name, m->mode,
							    m->kind == MEMBER_SYMLINK ||
								m->kind == MEMBER_HARDLINK) };
	}
	set_facts(t);
	for (size_t i = 0; f != NULL && i < f->count; i++) {
		const struct finding *found = &f->items[i];
		struct browser_badges *b;

		if (found->index >= r->members)
			continue;
		b = &r->items[found->index].badges;
		if (browser_reason(t, found) == NULL)
			b->accepted = false;
		if (found->severity + 1 > b->severity)
			b->severity = (unsigned char)(found->severity + 1);
		b->secret |= text_starts(dist_rule(found->rule)->id, "SEC");
	}
	browser_states(t);
}

size_t
browser_reviewed(const struct browser_tab *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->rows.members; i++)
		n += t->rows.items[i].changed && t->rows.items[i].reviewed;
	return n;
}

void
browser_count(struct browser_tab *t)
{
	if (t->b->o.count != NULL && !t->comparing)
		t->b->o.count(t->b->o.arg, t->file, browser_reviewed(t), t->to_review);
}

/* All findings, those of the comparison too unless the owner had them in already. */
static void
join_findings(struct browser_tab *t)
{
	const struct findings *f = browser_store_findings(t->store), *known = NULL;
	const struct findings *more = browser_compare_findings(t);
	const char *path;

	findings_fini(&t->findings);
	if (f == NULL)
		return;
	/* The owner's own may have been acknowledged since. */
	if (!t->own_findings)
		t->b->o.file(t->b->o.arg, t->file, &path, &known);
	if (known != NULL)
		f = known;
	findings_copy(&t->findings, f);
	if (t->own_findings && more != NULL)
		findings_copy(&t->findings, more);
	if (t->own_findings && t->b->o.settle != NULL)
		t->b->o.settle(t->b->o.arg, &t->findings);
	findings_sort(&t->findings);
}

void
browser_mark(struct browser_tab *t)
{
	size_t node = browser_node(t);
	size_t item = node != DIST_TREE_NONE ? t->rows.tree.nodes[node].member : FINDING_NO_MEMBER;
	size_t folder = item == FINDING_NO_MEMBER ? node : DIST_TREE_NONE;
	size_t nodes = t->rows.tree.count;

	join_findings(t);
	set_badges(t);
	if (t->rows.built != t->rows.count || t->rows.count > t->rows.members)
		browser_rows_build(&t->rows);
	browser_rows_mark(&t->rows, browser_findings(t));
	if (t->rows.order == DIST_TREE_BY_SEVERITY || t->rows.order == DIST_TREE_BY_GROWTH)
		dist_tree_sort(&t->rows.tree, t->rows.order);
	browser_rows_update(&t->rows);
	list_set_count(&t->list, t->rows.row_count);
	if (item < t->rows.tree.members)
		node = t->rows.tree.by_member[item];
	else
		node = nodes == t->rows.tree.count ? folder : DIST_TREE_NONE;
	for (size_t i = 0; i < t->rows.row_count; i++)
		if (t->rows.rows[i] == node)
			list_select(&t->list, i);
	browser_count(t);
}

void
browser_update(struct browser_tab *t)
{
	unsigned int stamp;

	list_members(t);
	if (!t->listed)
		return;
	stamp = 1 + (browser_store_findings(t->store) != NULL ? 2U : 0U) +
		(t->compared != NULL ? 4U : 0U);
	if (stamp != t->stamp) {
		t->stamp = stamp;
		t->stamp_view = 0;
		browser_mark(t);
	}
	list_set_count(&t->list, t->rows.row_count);
	browser_preview_update(t);
	browser_view_update(t);
}

const struct findings *
browser_findings(const struct browser_tab *t)
{
	return browser_store_findings(t->store) != NULL ? &t->findings : NULL;
}

/* --- the head --- */

static size_t
open_findings(const struct browser_tab *t, enum finding_severity severity)
{
	const struct findings *f = browser_findings(t);
	size_t n = 0;

	for (size_t i = 0; f != NULL && i < f->count; i++)
		n += f->items[i].severity == severity && browser_reason(t, &f->items[i]) == NULL;
	return n;
}

/* Green only when every pass has ended and the listing is whole. */
static int
draw_verdict(struct browser_tab *t, struct region r, int x)
{
	const struct findings *f = browser_findings(t);
	size_t errors = open_findings(t, FINDING_ERROR), warnings = open_findings(t, FINDING_WARN);

	if (browser_store_error(t->store) != NULL && f == NULL)
		return region_text(r, x, 0, ROLE_BAD, "✗ could not be checked");
	if (f == NULL) {
		shell_animate(t->b->page->shell);
		return region_printf(r, x, 0, ROLE_RUNNING, "%s scanning %zu/%zu",
		    widget_sign(SIGN_RUNNING, shell_now(t->b->page->shell)),
		    browser_store_passed(t->store, t->rows.members), t->rows.members);
	}
	if (!archive_is_complete(browser_store_archive(t->store)))
		return region_text(r, x, 0, ROLE_BAD, "✗ not fully inspected");
	if (t->b->o.depth > 0)
		return region_text(
		    r, x, 0, ROLE_UNKNOWN, "inside: the file around it has the findings");
	if (errors > 0)
		return region_printf(
		    r, x, 0, ROLE_BAD, "✗ %zu error%s", errors, errors == 1 ? "" : "s");
	if (warnings > 0)
		return region_printf(
		    r, x, 0, ROLE_WARN, "! %zu warning%s", warnings, warnings == 1 ? "" : "s");
	if (t->comparing)
		return region_text(r, x, 0, ROLE_TEXT, "no errors");
	return region_text(r, x, 0, ROLE_GOOD, "✓ no errors");
}

static void
draw_summary(struct browser_tab *t, struct region r)
{
	const struct archive *a = browser_store_archive(t->store);
	struct str text = STR_EMPTY;
	char size[32];
	int x;

	x = region_printf(r, 0, 0, ROLE_TEXT, "%zu file%s %s · ", archive_count(a),
	    archive_count(a) == 1 ? "" : "s", size_text(archive_file_size(a), size, sizeof size));
	x = draw_verdict(t, r, x);
	for (int base = 0; base < COMPARE_BASE_COUNT; base++) {
		const struct comparison *c = browser_with(t, (enum compare_base)base);

		if (c == NULL)
			continue;
		str_puts(&text, " · ");
		compare_short(c, &text);
	}
	if (text.len > 0)
		region_text_fit(r, x, 0, r.w - x, ROLE_TEXT, str_text(&text));
	else if (t->comparing)
		region_text_fit(r, x, 0, r.w - x, ROLE_RUNNING, " · comparing…");
	else if (t->b->o.depth == 0)
		region_text_fit(r, x, 0, r.w - x, ROLE_UNKNOWN, " · not compared");
	str_fini(&text);
}

static void
draw_tabs(struct browser_tab *t, struct region r)
{
	static const char *const names[VIEW_COUNT] = { "files", "findings", "metadata", "compare",
		"raw" };
	struct browser *b = t->b;
	const struct findings *f = browser_findings(t);
	char text[48];
	int x = 0;

	b->tabs_at = r;
	for (int i = 0; i < VIEW_COUNT; i++) {
		b->view_at[i] = x;
		if (i == VIEW_FINDINGS && f != NULL && f->count > 0)
			snprintf(text, sizeof text, "%d %s (%zu)", i + 1, names[i], f->count);
		else
			snprintf(text, sizeof text, "%d %s", i + 1, names[i]);
		x = region_text(r, x, 0, (int)b->view == i ? ROLE_TAB_HERE : ROLE_TAB, text) + 2;
	}
	b->view_at[VIEW_COUNT] = x;
	if (b->view != VIEW_FILES)
		return;
	snprintf(text, sizeof text, "%s, %s%s", browser_filter_name(t->rows.filter),
	    browser_order_name(t->rows.order), t->rows.flat ? ", flat" : "");
	if (x + (int)strlen(text) <= r.w)
		region_text_right(
		    r, r.w, 0, t->rows.filter != FILTER_ALL ? ROLE_WARN : ROLE_DIM, text);
}

static void
draw_head(struct browser_tab *t, struct region r)
{
	char right[48] = "";

	if (t->b->o.files > 1)
		snprintf(right, sizeof right, "file %zu of %zu", t->b->here + 1, t->b->o.files);
	region_text_right(r, r.w, 0, ROLE_DIM, right);
	region_path_fit(r, 0, 0, r.w - (int)strlen(right) - 1, ROLE_TITLE, t->shown);
	if (t->listed)
		draw_summary(t, region_row(r, 1));
	draw_tabs(t, region_row(r, 2));
	widget_rule(r, 3);
}

/* --- the tree --- */

static enum role
role_of_state(char state)
{
	switch (state) {
	case '+':
	case 'G':
		return ROLE_ADDED;
	case '-':
		return ROLE_REMOVED;
	case '~':
	case 'g':
	case 'M':
		return ROLE_CHANGED;
	default:
		return ROLE_DIM;
	}
}

static void
put_badge(struct region row, int x, enum role role, char letter)
{
	const char text[2] = { letter, '\0' };

	if (letter != 0)
		region_put(row, x, 0, role, text);
}

static void
draw_badges(struct region row, int x, const struct browser_badges *b)
{
	if (b->severity > 0 && b->accepted)
		put_badge(row, x, ROLE_DIM, 'a');
	else if (b->severity > 0)
		put_badge(row, x,
		    b->severity == 1 + FINDING_ERROR  ? ROLE_BAD
		    : b->severity == 1 + FINDING_WARN ? ROLE_WARN
						      : ROLE_DIM,
		    b->severity == 1 + FINDING_ERROR  ? '!'
		    : b->severity == 1 + FINDING_WARN ? '?'
						      : 'i');
	put_badge(row, x + 1, role_of_state(b->change), b->change);
	put_badge(row, x + 2, role_of_state(b->git), b->git);
	put_badge(row, x + 3, b->kind == 'N' ? ROLE_BAD : ROLE_BADGE, b->kind);
	if (b->secret)
		put_badge(row, x + 4, ROLE_BAD, 'S');
}

static void
draw_size(const struct browser_tab *t, struct region row, const struct dist_tree_node *n,
    const struct browser_item *item)
{
	char size[32];
	uint64_t growth;

	if (item != NULL && item->gone) {
		region_text_right(row, 9, 0, ROLE_REMOVED, "-");
	} else if (t->rows.order == DIST_TREE_BY_GROWTH && n->growth != 0) {
		growth = n->growth < 0 ? 0 - (uint64_t)n->growth : (uint64_t)n->growth;
		size_text(growth, size + 1, sizeof size - 1);
		size[0] = n->growth < 0 ? '-' : '+';
		region_text_right(row, 9, 0, ROLE_VALUE, size);
	} else {
		region_text_right(row, 9, 0, ROLE_VALUE, size_text(n->size, size, sizeof size));
	}
}

static void
draw_node(void *arg, struct region row, size_t index, bool selected)
{
	struct browser_tab *t = arg;
	size_t node = t->rows.rows[index];
	const struct dist_tree_node *n = &t->rows.tree.nodes[node];
	const struct browser_item *item = browser_rows_item(&t->rows, node);
	struct bytes name = t->rows.flat && item != NULL ? item->name : n->name;
	int depth = t->rows.flat ? 0 : n->depth < 8 ? (int)n->depth : 8;
	enum role role = n->is_dir ? ROLE_TEXT : ROLE_PATH;
	int x = 17 + depth * 2;

	if (selected)
		region_text(row, 0, 0, ROLE_KEY, "▸");
	draw_size(t, row, n, item);
	draw_badges(row, 10, &t->rows.badges[node]);
	if (item != NULL && item->reviewed)
		region_text(row, 15, 0, ROLE_GOOD, "✓");
	if (n->is_dir)
		region_text(row, x, 0, ROLE_DIM, n->open ? "▾" : "▸");
	if (item != NULL && item->gone)
		role = ROLE_DIM;
	x = region_bytes(row, n->is_dir || !t->rows.flat ? x + 2 : x, 0, role, name.data, name.len);
	if (n->is_dir)
		x = region_text(row, x, 0, ROLE_TEXT, "/");
	if (n->is_dir && !n->open && n->findings > 0)
		region_printf(row, x + 1, 0, n->worst == FINDING_ERROR ? ROLE_BAD : ROLE_WARN,
		    "%zu", n->findings);
}

static void
draw_files(struct browser_tab *t, struct region r)
{
	struct browser *b = t->b;
	int left = r.w * 2 / 5 > 42 ? r.w * 2 / 5 : 42;
	struct region list = r;
	bool beside = b->wide;

	/* Who reads in hex wants to see all of a row. */
	if (b->in_preview && r.w - left - 2 < HEX_COLUMNS &&
	    strcmp(browser_view_name(t), "hex") == 0)
		beside = false;
	b->preview_at = (struct region) { .surface = r.surface };
	b->list_at = b->preview_at;
	if (beside)
		list = region_sub(r, 0, 0, left - 1, r.h);
	if (!beside && b->in_preview) {
		b->preview_at = r;
		browser_preview_draw(t, r, false);
		return;
	}
	b->list_at = list;
	list_draw(&t->list, list, !b->in_preview, draw_node, t);
	if (t->rows.row_count == 0)
		region_printf(list, 2, 0, ROLE_DIM, "nothing here is \"%s\": f shows others",
		    browser_filter_name(t->rows.filter));
	if (!beside)
		return;
	region_vline(r, left, 0, r.h, ROLE_RULE, "│");
	b->preview_at = region_right(r, left + 2);
	browser_preview_draw(t, b->preview_at, b->in_preview);
}

/* --- the status line --- */

static void
draw_status(struct browser_tab *t, struct region row)
{
	size_t reviewed = browser_reviewed(t);
	const struct finding *f = browser_finding_here(t);
	int x;

	if (t->b->o.depth > 0) {
		region_printf(row, 0, 0, ROLE_DIM, "inside, %zu of %d deep", t->b->o.depth,
		    ARCHIVE_DEPTH_MAX);
		return;
	}
	x = region_printf(row, 0, 0,
	    reviewed == t->to_review && t->to_review > 0 ? ROLE_GOOD : ROLE_TEXT,
	    "reviewed %zu of %zu%s files", reviewed, t->to_review,
	    browser_with(t, COMPARE_GIT) != NULL || browser_with(t, COMPARE_RELEASE) != NULL
		? " changed"
		: "");
	if (f == NULL)
		return;
	x = region_text(row, x, 0, ROLE_DIM, " · ");
	x = region_text(row, x, 0, ROLE_BADGE, dist_rule(f->rule)->id) + 1;
	region_text_fit(
	    row, x, 0, row.w - x, f->severity == FINDING_ERROR ? ROLE_BAD : ROLE_WARN, f->message);
}

void
browser_draw(struct page *p, struct region body)
{
	struct browser *b = *(struct browser **)p->state;
	struct browser_tab *t = browser_tab(b);
	struct region r = region_sub(body, 0, HEAD_ROWS, body.w, body.h - HEAD_ROWS - 1);
	const struct err *e;

	browser_tab_open(t);
	e = browser_store_error(t->store);
	b->wide = body.w >= SIDE_BY_SIDE;
	browser_update(t);
	draw_head(t, body);
	if (e != NULL && !t->listed) {
		region_wrap(r, 0, ROLE_BAD, e->message);
		region_wrap(
		    region_below(r, region_wrap_height(r.w, e->message)), 0, ROLE_TEXT, e->hint);
		return;
	}
	if (!t->listed) {
		region_text(r, 0, 0, ROLE_DIM, "Reading the archive…");
		shell_animate(p->shell);
		return;
	}
	if (b->view == VIEW_FILES)
		draw_files(t, r);
	else
		browser_view_draw(t, r);
	draw_status(t, region_row(body, body.h - 1));
}
