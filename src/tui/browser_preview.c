/* The content of the selected member: text with line numbers, escaped, or hex. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "browser_priv.h"
#include "slipway/base/sanitise.h"
#include "slipway/dist/archive.h"
#include "slipway/os/clock.h"

/* Up to here a search looks at the rows themselves; beyond, the worker does. */
#define SMALL_BYTES ((uint64_t)2 * DOC_BLOCK)
#define NOTE_ROWS 2

static enum doc_view
view_of(struct browser_tab *t, const struct doc *d)
{
	return doc_view_of(d, t->views[d->index.binary ? SORT_BINARY : SORT_TEXT]);
}

/* --- rows --- */

/* The worst finding about LINE of the member shown, NULL for none. */
static const struct finding *
finding_at(const struct browser_tab *t, size_t line)
{
	const struct findings *f = browser_findings(t);

	for (size_t i = 0; line > 0 && f != NULL && i < f->count; i++)
		if (f->items[i].index == t->member && f->items[i].line == line)
			return &f->items[i];
	return NULL;
}

static void
line_at(void *arg, size_t index, struct pager_line *out)
{
	struct browser_tab *t = arg;
	struct doc *d = browser_store_doc(t->store);
	const struct finding *f;
	struct doc_line at;
	enum doc_view view;

	str_clear(&t->line);
	*out = (struct pager_line) { .role = ROLE_TEXT };
	if (d == NULL)
		return;
	view = view_of(t, d);
	if (!doc_row(d, view, index, &t->line, &at)) {
		out->role = ROLE_DIM;
		out->text = bytes_of("…");
		return;
	}
	out->text = (struct bytes) { str_text(&t->line), t->line.len };
	f = finding_at(t, at.line);
	if (view == DOC_HEX)
		snprintf(out->gutter, sizeof out->gutter, "%08" PRIx64, at.offset);
	else if (at.line > 0)
		snprintf(out->gutter, sizeof out->gutter, "%5zu%s", at.line, f != NULL ? "!" : " ");
	else
		snprintf(out->gutter, sizeof out->gutter, "      ");
	if (f != NULL)
		out->role = f->severity == FINDING_ERROR ? ROLE_BAD : ROLE_WARN;
}

void
browser_preview_begin(struct browser_tab *t)
{
	bool wrap = t->pager.wrap;

	t->pager = (struct pager) { .fn = line_at, .arg = t, .wrap = wrap };
}

static void
go(struct browser_tab *t, struct doc *d)
{
	enum doc_view view = view_of(t, d);
	bool whole = browser_store_is_whole(t->store);
	size_t row;

	/* What lies behind the rows that were found so far is waited for. */
	if (t->go_line > 0 && (whole || t->go_line < d->index.next.line) &&
	    doc_row_of_line(d, view, t->go_line, &row)) {
		pager_go_to(&t->pager, row);
		t->go_line = 0;
	}
	if (t->go_offset_set && (whole || t->go_offset < d->index.next.offset) &&
	    doc_row_of_offset(d, view, t->go_offset, &row)) {
		pager_go_to(&t->pager, row);
		t->pager.match = row;
		t->pager.found = true;
		t->go_offset_set = false;
	}
}

void
browser_preview_update(struct browser_tab *t)
{
	size_t member = browser_member(t);
	struct doc *d;
	uint64_t offset;

	if (member != t->member) {
		t->member = member;
		browser_preview_begin(t);
		browser_store_wish(t->store, member);
	}
	d = browser_store_doc(t->store);
	if (d == NULL)
		return;
	pager_set_count(&t->pager, doc_rows(d, view_of(t, d)));
	if (browser_store_found(t->store, &offset)) {
		if (offset == UINT64_MAX) {
			shell_message(t->b->page->shell, ROLE_WARN, "not found");
		} else {
			t->go_offset_set = true;
			t->go_offset = offset;
		}
	}
	go(t, d);
}

/* --- drawing --- */

const char *
browser_view_name(const struct browser_tab *t)
{
	struct doc *d = browser_store_doc(t->store);

	switch (d != NULL ? doc_view_of(d, t->views[d->index.binary ? SORT_BINARY : SORT_TEXT])
			  : DOC_AUTO) {
	case DOC_HEX:
		return "hex";
	case DOC_ESCAPED:
		return "escaped";
	case DOC_TEXT:
		return "text";
	case DOC_AUTO:
		break;
	}
	return "";
}

static void
put_link(const struct member *m, struct str *out)
{
	if (m->link.len == 0)
		return;
	str_puts(out, m->kind == MEMBER_HARDLINK ? "hard link to " : "link to ");
	sanitise(m->link.data, m->link.len, out);
}

/* What was hidden, and why; returns the rows used. */
static int
draw_notes(struct browser_tab *t, struct region r, int y)
{
	const struct member *m = archive_member(browser_store_archive(t->store), t->member);
	const struct doc *d = browser_store_doc(t->store);
	struct str text = STR_EMPTY;
	int used = 0;

	put_link(m, &text);
	if (m->hidden)
		str_printf(&text, "%shidden from usual readers", text.len > 0 ? "; " : "");
	if (d != NULL)
		doc_note(d, view_of(t, d), &text);
	if (browser_store_doc_note(t->store)[0] != '\0')
		str_printf(&text, "%s%s", text.len > 0 ? "; " : "",
		    browser_store_doc_note(t->store));
	if (browser_store_doc_progress(t->store) >= 0) {
		str_printf(&text, "%sthe rest is being read: %d %%", text.len > 0 ? "; " : "",
		    browser_store_doc_progress(t->store));
		shell_animate(t->b->page->shell);
	}
	if (browser_store_find_progress(t->store) >= 0) {
		str_printf(&text, "%ssearching: %d %%", text.len > 0 ? "; " : "",
		    browser_store_find_progress(t->store));
		shell_animate(t->b->page->shell);
	}
	if (text.len > 0) {
		used = region_wrap_height(r.w, str_text(&text));
		used = used < NOTE_ROWS ? used : NOTE_ROWS;
		region_wrap(region_sub(r, 0, y, r.w, used), 0, ROLE_WARN, str_text(&text));
	}
	str_fini(&text);
	return used;
}

/* The findings about the member, worst first; returns the rows used. */
static int
draw_findings(struct browser_tab *t, struct region r, int y)
{
	const struct findings *f = browser_findings(t);
	int used = 0;

	for (size_t i = 0; f != NULL && i < f->count && used < NOTE_ROWS; i++) {
		const struct finding *found = &f->items[i];
		const char *reason;
		int x;

		if (found->index != t->member)
			continue;
		reason = browser_reason(t, found);
		x = region_text(r, 0, y + used, ROLE_BADGE, dist_rule(found->rule)->id) + 1;
		if (found->line > 0)
			x = region_printf(r, x, y + used, ROLE_DIM, "line %zu: ", found->line);
		region_text_fit(r, x, y + used, r.w - x,
		    reason != NULL			 ? ROLE_DIM
		    : found->severity == FINDING_ERROR ? ROLE_BAD
						       : ROLE_WARN,
		    reason != NULL ? reason : found->message);
		used++;
	}
	return used;
}

static void
draw_folder(const struct browser_tab *t, struct region r, const struct dist_tree_node *n)
{
	char size[32];

	(void)t;
	region_printf(r, 0, 1, ROLE_DIM, "%zu file%s, %s", n->files, n->files == 1 ? "" : "s",
	    size_text(n->size, size, sizeof size));
	if (n->findings > 0)
		region_printf(r, 0, 2, n->worst == FINDING_ERROR ? ROLE_BAD : ROLE_WARN,
		    "%zu finding%s below", n->findings, n->findings == 1 ? "" : "s");
}

void
browser_preview_draw(struct browser_tab *t, struct region r, bool focused)
{
	size_t node = browser_node(t);
	const struct dist_tree_node *n = node != DIST_TREE_NONE ? &t->rows.tree.nodes[node] : NULL;
	const struct doc *d;
	char right[64], size[32];
	int y = 1;

	if (n == NULL)
		return;
	d = browser_store_doc(t->store);
	right[0] = '\0';
	if (d != NULL && t->member != FINDING_NO_MEMBER)
		snprintf(right, sizeof right, "%s %s",
		    size_text(
			archive_member(browser_store_archive(t->store), t->member)->size, size,
			sizeof size),
		    browser_view_name(t));
	region_text_right(r, r.w, 0, ROLE_DIM, right);
	region_bytes(region_sub(r, 0, 0, r.w - (int)strlen(right) - 1, 1), 0, 0,
	    focused ? ROLE_TAB_HERE : ROLE_TITLE, n->name.data, n->name.len);
	if (t->member == FINDING_NO_MEMBER) {
		if (browser_is_gone(t, n->member))
			region_text(r, 0, 1, ROLE_REMOVED,
			    "not in this file: d shows what it was");
		else
			draw_folder(t, r, n);
		return;
	}
	y += draw_findings(t, r, y);
	if (d == NULL) {
		region_text(r, 0, y, ROLE_DIM, "reading…");
		browser_store_fill(t->store);
		return;
	}
	y += draw_notes(t, r, y);
	pager_draw(&t->pager, region_below(r, y));
	browser_store_fill(t->store);
}

/* --- keys --- */

void
browser_preview_cycle(struct browser_tab *t)
{
	struct doc *d = browser_store_doc(t->store);
	enum doc_view next[] = { [DOC_TEXT] = DOC_ESCAPED,
		[DOC_ESCAPED] = DOC_HEX,
		[DOC_HEX] = DOC_TEXT,
		[DOC_AUTO] = DOC_TEXT };
	struct doc_line at = { .line = 0 };
	struct str row = STR_EMPTY;

	if (d == NULL)
		return;
	/* What was at the top stays there. */
	if (doc_row(d, view_of(t, d), t->pager.top, &row, &at)) {
		t->go_offset_set = at.offset > 0;
		t->go_offset = at.offset;
	}
	str_fini(&row);
	t->views[d->index.binary ? SORT_BINARY : SORT_TEXT] = next[view_of(t, d)];
	browser_preview_begin(t);
}

size_t
browser_preview_line(struct browser_tab *t)
{
	struct doc *d = browser_store_doc(t->store);
	struct doc_line at = { .line = 0 };
	struct str row = STR_EMPTY;
	size_t top = t->pager.found ? t->pager.match : t->pager.top;

	if (d != NULL && view_of(t, d) != DOC_HEX)
		for (bool here = true; here && at.line == 0; top--) {
			here = doc_row(d, view_of(t, d), top, &row, &at);
			if (top == 0)
				break;
		}
	str_fini(&row);
	return at.line;
}

static uint64_t
offset_of_row(struct browser_tab *t, struct doc *d, size_t index)
{
	struct doc_line at = { .line = 0 };
	struct str row = STR_EMPTY;

	doc_row(d, view_of(t, d), index, &row, &at);
	str_fini(&row);
	return at.offset;
}

static bool
is_small(const struct doc *d)
{
	return d->index.complete && d->index.size <= SMALL_BYTES;
}

bool
browser_preview_act(struct browser_tab *t, enum action a)
{
	struct doc *d = browser_store_doc(t->store);
	bool again = a == ACT_MATCH_NEXT || a == ACT_MATCH_BACK;
	size_t row = t->pager.found ? t->pager.match : t->pager.top;

	if (again && d != NULL && (!is_small(d) || view_of(t, d) == DOC_HEX)) {
		if (t->pager.search[0] != '\0')
			browser_store_find(t->store, t->pager.search,
			    offset_of_row(t, d, row + (a == ACT_MATCH_NEXT)), a == ACT_MATCH_BACK);
		return true;
	}
	if (a == ACT_NEXT)
		a = ACT_DOWN;
	if (!pager_act(&t->pager, a))
		return false;
	/* The end is where it will be. */
	t->pager.follow |= a == ACT_BOTTOM && !browser_store_is_whole(t->store);
	return true;
}

bool
browser_preview_search(struct browser_tab *t, const char *text)
{
	struct doc *d = browser_store_doc(t->store);

	if (d == NULL)
		return false;
	if (is_small(d) && view_of(t, d) != DOC_HEX)
		return pager_search(&t->pager, text);
	snprintf(t->pager.search, sizeof t->pager.search, "%s", text);
	t->pager.found = false;
	browser_store_find(t->store, text, offset_of_row(t, d, t->pager.top), false);
	return true;
}
