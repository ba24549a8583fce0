/* The browser of a built file. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "members.h"
#include "members_file.h"
#include "slipway/base/mem.h"
#include "slipway/dist/archive.h"
#include "slipway/os/clock.h"
#include "slipway/tui/list.h"
#include "slipway/tui/pager.h"
#include "slipway/tui/widget.h"
#include "slipway/wizard/wizard.h"
#include "ui.h"

#define SIDE_BY_SIDE 84 /* columns of the body from which the preview has its own */

struct members_page {
	struct ui *ui;
	size_t file;
	struct members_file *members;
	struct list list;
	size_t *visible; /* nodes of the tree */
	size_t cap;
	struct pager pager;
	struct preview *preview; /* what the pager shows */
	struct str line;
	enum preview_mode mode;
	bool in_preview; /* it has the keys, or (when narrow) the whole page */
	bool wide;
};

static struct members_page *
state_of(struct page *p)
{
	return p->state;
}

static const struct release_file *
file_of(const struct page *p)
{
	const struct members_page *st = p->state;
	const struct release *r = ui_release(st->ui);

	return st->file < r->file_count ? &r->files[st->file] : NULL;
}

static void
on_members(void *arg)
{
	shell_redraw(((struct page *)arg)->shell);
}

static void
members_close(struct page *p)
{
	struct members_page *st = state_of(p);

	members_file_drop(st->members);
	free(st->visible);
	str_fini(&st->line);
}

/* --- the tree --- */

static struct dist_tree_node *
node_at(struct members_page *st, size_t row)
{
	struct dist_tree *t = members_file_tree(st->members);

	return t != NULL && row < st->list.count ? &t->nodes[st->visible[row]] : NULL;
}

static void
fill_visible(struct members_page *st)
{
	struct dist_tree *t = members_file_tree(st->members);
	size_t n = 0;

	for (size_t i = t != NULL ? t->first : DIST_TREE_NONE; i != DIST_TREE_NONE;
	     i = dist_tree_next(t, i, true)) {
		st->visible = mem_grow(st->visible, &st->cap, n + 1, sizeof *st->visible);
		st->visible[n++] = i;
	}
	list_set_count(&st->list, n);
}

static void
draw_node(void *arg, struct region row, size_t index, bool selected)
{
	struct page *p = arg;
	struct members_page *st = state_of(p);
	const struct dist_tree_node *n = node_at(st, index);
	int x = 9 + (n->depth < 8 ? (int)n->depth : 8) * 2;
	char size[32];

	(void)selected;
	region_text_right(row, 7, 0, ROLE_VALUE, size_text(n->size, size, sizeof size));
	if (n->findings > 0)
		region_text(row, 8, 0, n->worst == FINDING_ERROR ? ROLE_BAD : ROLE_WARN,
		    n->worst == FINDING_ERROR ? "✗" : "!");
	if (n->is_dir)
		region_text(row, x + 1, 0, ROLE_DIM, n->open ? "▾" : "▸");
	x = region_bytes(
	    row, x + 3, 0, n->is_dir ? ROLE_TEXT : ROLE_PATH, n->name.data, n->name.len);
	if (n->is_dir)
		region_text(row, x, 0, ROLE_TEXT, "/");
}

/* --- the preview --- */

static void
line_at(void *arg, size_t index, struct pager_line *out)
{
	struct page *p = arg;
	struct members_page *st = state_of(p);
	size_t number = 0;

	str_clear(&st->line);
	*out = (struct pager_line) { .role = ROLE_TEXT };
	if (st->preview == NULL || !preview_row(st->preview, index, &st->line, &number))
		return;
	out->text = (struct bytes) { str_text(&st->line), st->line.len };
	if (number > 0)
		snprintf(out->gutter, sizeof out->gutter, "%5zu ", number);
	else if (st->preview->mode == PREVIEW_TEXT)
		snprintf(out->gutter, sizeof out->gutter, "      ");
}

/* Of a preview whose rows were all looked for; in hex they need no list. */
static size_t
row_count(const struct preview *v)
{
	if (v == NULL)
		return 0;
	return v->mode == PREVIEW_HEX ? (v->text.len + PREVIEW_HEX_BYTES - 1) / PREVIEW_HEX_BYTES
				      : v->count;
}

static void
update_preview(struct page *p)
{
	struct members_page *st = state_of(p);
	const struct dist_tree_node *n = node_at(st, st->list.cursor);
	struct preview *now = NULL;

	if (n != NULL && !n->is_dir && n->member != FINDING_NO_MEMBER) {
		members_file_wish(st->members, n->member, st->mode);
		now = members_file_preview(st->members, n->member);
	}
	if (now != st->preview || row_count(now) != st->pager.count)
		st->pager = (struct pager) { .fn = line_at, .arg = p };
	st->preview = now;
	pager_set_count(&st->pager, row_count(now));
}

static void
draw_preview(struct page *p, struct region r)
{
	struct members_page *st = state_of(p);
	const struct dist_tree_node *n = node_at(st, st->list.cursor);
	char size[32];
	int y = 1;

	if (n == NULL)
		return;
	region_bytes(region_sub(r, 0, 0, r.w - 16, 1), 0, 0,
	    st->in_preview ? ROLE_TAB_HERE : ROLE_TITLE, n->name.data, n->name.len);
	if (n->is_dir) {
		region_printf(r, 0, 1, ROLE_DIM, "%zu file%s, %s", n->files,
		    n->files == 1 ? "" : "s", size_text(n->size, size, sizeof size));
		return;
	}
	if (st->preview == NULL) {
		region_text(r, 0, 1, ROLE_DIM, "reading…");
		return;
	}
	snprintf(size, sizeof size, "%" PRIu64 " B %s", st->preview->size,
	    st->preview->mode == PREVIEW_HEX ? "hex" : "text");
	region_text_right(r, r.w, 0, ROLE_DIM, size);
	if (st->preview->note.len > 0)
		y += region_wrap(
		    region_sub(r, 0, y, r.w, 3), 0, ROLE_WARN, str_text(&st->preview->note));
	pager_draw(&st->pager, region_below(r, y > 4 ? 4 : y));
}

/* --- the whole --- */

static void
draw_body(struct page *p, struct region r)
{
	struct members_page *st = state_of(p);
	int left = r.w / 2 < 60 ? r.w / 2 : 60;

	st->wide = r.w >= SIDE_BY_SIDE;
	fill_visible(st);
	update_preview(p);
	if (!st->wide) {
		if (st->in_preview)
			draw_preview(p, r);
		else
			list_draw(&st->list, r, true, draw_node, p);
		return;
	}
	list_draw(&st->list, region_sub(r, 0, 0, left - 1, r.h), !st->in_preview, draw_node, p);
	region_vline(r, left, 0, r.h, ROLE_RULE, "│");
	draw_preview(p, region_right(r, left + 2));
}

static void
members_draw(struct page *p, struct region body)
{
	struct members_page *st = state_of(p);
	const struct release_file *f = file_of(p);
	const struct err *e = st->members != NULL ? members_file_error(st->members) : NULL;
	struct region r = region_below(body, 3);
	char size[32];
	int x;

	if (f == NULL)
		return;
	region_path_fit(body, 0, 0, body.w - 12, ROLE_TITLE, f->name);
	region_text_right(
	    body, body.w, 0, f->reviewed ? ROLE_GOOD : ROLE_DIM, f->reviewed ? "✓ reviewed" : "");
	widget_rule(body, 2);
	if (e != NULL) {
		region_wrap(r, 0, ROLE_BAD, e->message);
	} else if (members_file_tree(st->members) == NULL) {
		region_text(r, 0, 0, ROLE_DIM, "Reading the archive…");
		shell_animate(p->shell);
	} else {
		const struct archive *a = members_file_archive(st->members);

		x = region_printf(body, 0, 1, ROLE_TEXT, "%zu members, %s", archive_count(a),
		    size_text(f->size, size, sizeof size));
		if (!archive_is_complete(a))
			region_text(body, x + 2, 1, ROLE_BAD, "✗ not all of it could be listed");
		else if (f->findings != NULL)
			region_printf(body, x + 2, 1, f->findings->count > 0 ? ROLE_WARN : ROLE_DIM,
			    "· %zu finding%s", f->findings->count,
			    f->findings->count == 1 ? "" : "s");
		draw_body(p, r);
	}
}

/* --- keys --- */

static void
fold(struct members_page *st, bool open)
{
	struct dist_tree *t = members_file_tree(st->members);
	struct dist_tree_node *n = node_at(st, st->list.cursor);

	if (n == NULL)
		return;
	if (n->is_dir && n->open != open) {
		n->open = open;
	} else if (!open && n->parent != DIST_TREE_NONE) {
		for (size_t i = 0; i < st->list.count; i++)
			if (&t->nodes[st->visible[i]] == &t->nodes[n->parent])
				list_select(&st->list, i);
	}
	fill_visible(st);
}

static void
fold_all(struct members_page *st, bool open)
{
	struct dist_tree *t = members_file_tree(st->members);

	for (size_t i = 0; t != NULL && i < t->count; i++)
		t->nodes[i].open = open;
	fill_visible(st);
}

static void
next_finding(struct page *p, int way)
{
	struct members_page *st = state_of(p);
	size_t n = st->list.count;

	for (size_t i = 1; i <= n; i++) {
		size_t at = way > 0 ? (st->list.cursor + i) % n : (st->list.cursor + n - i) % n;

		if (node_at(st, at)->findings > 0) {
			list_select(&st->list, at);
			return;
		}
	}
	shell_message(p->shell, ROLE_DIM, "no findings in this file");
}

static void
choose(struct members_page *st)
{
	struct dist_tree_node *n = node_at(st, st->list.cursor);

	if (n == NULL)
		return;
	if (n->is_dir)
		fold(st, !n->open);
	else
		st->in_preview = true;
}

static void
change_mode(struct members_page *st)
{
	bool hex = st->preview != NULL && st->preview->mode == PREVIEW_HEX;

	st->mode = hex ? PREVIEW_TEXT : PREVIEW_HEX;
}

static void
mark(struct page *p)
{
	struct members_page *st = state_of(p);
	const struct release_file *f = file_of(p);

	if (f != NULL && wizard_step(st->ui->w) == STEP_REVIEW)
		wizard_mark_reviewed(st->ui->w, st->file, !f->reviewed);
	else
		shell_message(p->shell, ROLE_WARN, "the review is over");
}

static bool
act_on_tree(struct page *p, enum action a)
{
	struct members_page *st = state_of(p);

	if (a == ACT_RIGHT)
		fold(st, true);
	else if (a == ACT_LEFT)
		fold(st, false);
	else if (a == ACT_FOLD_ALL || a == ACT_UNFOLD_ALL)
		fold_all(st, a == ACT_UNFOLD_ALL);
	else if (a == ACT_NEXT)
		choose(st);
	else
		return list_act(&st->list, a);
	/* Another member begins as it is, not as the one before was looked at. */
	return true;
}

static bool
members_act(struct page *p, enum action a)
{
	struct members_page *st = state_of(p);
	size_t before = st->list.cursor;
	bool taken = true;

	if (a == ACT_REVIEWED)
		mark(p);
	else if (a == ACT_HEX)
		change_mode(st);
	else if (a == ACT_PANE || a == ACT_PANE_BACK)
		st->in_preview = !st->in_preview;
	else if (a == ACT_FINDING_NEXT || a == ACT_FINDING_BACK)
		next_finding(p, a == ACT_FINDING_NEXT ? 1 : -1);
	else if ((a == ACT_CLOSE || a == ACT_BACK || a == ACT_QUIT) && st->in_preview)
		st->in_preview = false;
	else if (st->in_preview)
		taken = pager_act(&st->pager, a) || a == ACT_NEXT;
	else
		taken = act_on_tree(p, a);
	if (st->list.cursor != before)
		st->mode = PREVIEW_AUTO;
	return taken;
}

static bool
members_search(struct page *p, const char *text)
{
	return pager_search(&state_of(p)->pager, text);
}

static const char *
members_label(struct page *p, enum action a)
{
	(void)p;
	return a == ACT_NEXT ? "open" : a == ACT_PANE ? "preview" : NULL;
}

static const enum action members_bar[] = { ACT_NEXT, ACT_PANE, ACT_HEX, ACT_FINDING_NEXT,
	ACT_REVIEWED, ACT_SEARCH, ACT_NONE };

static const struct page_ops page_members = {
	.context = KEYS_REVIEW,
	.state_size = sizeof(struct members_page),
	.close = members_close,
	.draw = members_draw,
	.act = members_act,
	.label = members_label,
	.search = members_search,
	.bar = members_bar,
};

void
members_show(struct ui *ui, size_t file)
{
	struct page *p = shell_push(ui->shell, &page_members, ui);
	struct members_page *st = state_of(p);
	const struct release_file *f = &ui_release(ui)->files[file];

	st->ui = ui;
	st->file = file;
	st->members = members_file_open(ui_worker(ui), f->path, f->findings, on_members, p);
	st->pager = (struct pager) { .fn = line_at, .arg = p };
}
