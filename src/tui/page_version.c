/* Version: what each choice gives and why one is suggested, for which packages, since which
 * commits. */
#include <stdio.h>
#include <string.h>

#include "slipway/base/compiler.h"
#include "slipway/tui/widget.h"
#include "slipway/wizard/wizard.h"
#include "ui.h"

#define PACKAGE_ROWS_MAX 5
#define COLUMN_MAX 12
#define COMMIT_ROWS 4 /* wanted */

enum pane { PANE_CHOICES, PANE_PACKAGES, PANE_COMMITS, PANE_COUNT };

struct version_page {
	enum pane pane;
	struct list packages, commits;
	char needle[128];
};

/* Columns of a choice: at 80 the reason for the suggested one has just its room. */
static int
kind_width(struct region row)
{
	return row.w >= 80 ? 10 : 8;
}

static int
version_width(struct region row)
{
	return row.w >= 80 ? 14 : 11;
}

static struct ask *
ask_of(const struct page *p)
{
	return &page_ui(p)->ask;
}

/* Else it is a failure, with a form of its own. */
static bool
chooses(const struct page *p)
{
	return page_asks(p) && ask_of(p)->q->kind == QUESTION_TEXT;
}

static size_t
usual_count(const struct release *r)
{
	size_t n = 0;

	while (n < r->choice_count && !r->choices[n].advanced)
		n++;
	return n;
}

/* --- choices --- */

static const struct release_choice *
choice_of(const struct release *r, size_t row)
{
	size_t usual = usual_count(r);

	if (row == usual)
		return NULL;
	row -= row > usual ? 1 : 0;
	return row < r->choice_count ? &r->choices[row] : NULL;
}

static void
draw_other(struct page *p, struct region row, bool selected)
{
	struct ask *a = ask_of(p);

	region_text(row, 2, 0, ROLE_TEXT, "other…");
	if (chooses(p) && a->typing && selected)
		edit_line_draw(&a->line,
		    region_sub(row, 2 + kind_width(row), 0, row.w - 2 - kind_width(row), 1),
		    "a version: 1.2.0, 2.0.0rc1");
	else
		region_text_fit(row, 2 + kind_width(row), 0, row.w - 2 - kind_width(row), ROLE_DIM,
		    "type a version");
}

static void
draw_choice(void *arg, struct region row, size_t index, bool selected)
{
	struct page *p = arg;
	const struct version_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));
	const struct release_choice *c = choice_of(r, index);
	int x = 2 + kind_width(row) + version_width(row);
	char text[256];

	if (selected)
		region_text(row, 0, 0, st->pane == PANE_CHOICES ? ROLE_KEY : ROLE_DIM, "▸");
	if (c == NULL) {
		draw_other(p, row, selected);
		return;
	}
	region_text_fit(row, 2, 0, kind_width(row) - 1, c->advanced ? ROLE_DIM : ROLE_TEXT,
	    c->label != NULL ? c->label : c->kind);
	region_text_fit(
	    row, 2 + kind_width(row), 0, version_width(row) - 1, ROLE_VALUE, c->version);
	if (c->suggested && r->suggestion != NULL)
		snprintf(text, sizeof text, "suggested: %s", r->suggestion);
	else
		snprintf(text, sizeof text, "%s%s", c->suggested ? "suggested: " : "",
		    c->explanation != NULL ? c->explanation : "");
	region_text_fit(row, x, 0, row.w - x, c->suggested ? ROLE_GOOD : ROLE_DIM, text);
}

/* --- packages --- */

static void
draw_package(void *arg, struct region row, size_t index, bool selected)
{
	const struct page *p = arg;
	const struct release_package *k = &ui_release(page_ui(p))->packages[index];
	int x;

	if (selected && ((const struct version_page *)p->state)->pane == PANE_PACKAGES)
		region_text(row, 0, 0, ROLE_KEY, "▸");
	region_text(row, 2, 0, ROLE_KEY, k->selected ? "[x]" : "[ ]");
	x = region_text_fit(row, 6, 0, row.w / 2, ROLE_TEXT, k->name);
	x = region_text(row, x + 2, 0, ROLE_VALUE, k->version);
	if (k->version_new != NULL && k->selected)
		x = region_printf(row, x, 0, ROLE_VALUE, " → %s", k->version_new);
	region_text_fit(row, x + 2, 0, row.w - x - 2, ROLE_DIM,
	    k->tag_last != NULL ? k->tag_last : "no tag yet");
}

/* --- commits --- */

/* "cli" for packages/cli: what tells packages apart in a narrow column. */
static const char *
short_name(const struct release_package *k)
{
	const char *slash = strrchr(k->dir, '/');

	if (k->dir[0] == '\0')
		return k->name;
	return slash != NULL ? slash + 1 : k->dir;
}

static int
column_width(const struct release_package *k)
{
	int cells = text_cells(short_name(k), strlen(short_name(k)));

	cells = cells < 3 ? 3 : cells;
	return (cells > COLUMN_MAX ? COLUMN_MAX : cells) + 1;
}

static bool
has_columns(const struct release *r)
{
	return r->package_count > 1 && r->package_count <= 6;
}

static const struct {
	const char *sign;
	enum role role;
} weights[] = {
	[WEIGHT_NONE] = { "·", ROLE_DIM },
	[WEIGHT_PATCH] = { "●", ROLE_TEXT },
	[WEIGHT_MINOR] = { "+", ROLE_GOOD },
	[WEIGHT_MAJOR] = { "!", ROLE_BAD },
};

static void
draw_commit(void *arg, struct region row, size_t index, bool selected)
{
	const struct page *p = arg;
	const struct release *r = ui_release(page_ui(p));
	const struct release_commit *c = &r->commits[index];
	bool here = selected && ((const struct version_page *)p->state)->pane == PANE_COMMITS;
	/* Why it counts as it does, for the one that is looked at. */
	const char *reason = here ? c->reason : NULL;
	int x = 2, author = row.w >= 80 ? 18 : 0, end;

	if (reason != NULL) {
		author = text_cells(reason, strlen(reason)) + 1;
		author = author < row.w / 2 ? author : row.w / 2;
	}
	end = row.w - 8 - author;
	if (here)
		region_text(row, 0, 0, ROLE_KEY, "▸");
	for (size_t i = 0; has_columns(r) && i < r->package_count; i++) {
		bool touches = release_commit_touches(c, i);

		region_text(row, x, 0, touches ? weights[c->weight].role : ROLE_DIM,
		    touches ? weights[c->weight].sign : " ");
		x += column_width(&r->packages[i]);
	}
	if (!has_columns(r)) {
		region_text(row, x, 0, weights[c->weight].role, weights[c->weight].sign);
		x += 2;
	}
	region_text_fit(
	    row, x, 0, end - x - 1, c->weight == WEIGHT_NONE ? ROLE_DIM : ROLE_TEXT, c->subject);
	region_text_fit(row, end, 0, 8, ROLE_VALUE, c->short_hash);
	if (reason != NULL)
		region_text_fit(row, end + 9, 0, author - 1, ROLE_KEY_LABEL, reason);
	else if (author > 0)
		region_text_fit(row, end + 9, 0, author - 1, ROLE_DIM, c->author);
}

static void
draw_commits(struct page *p, struct region r)
{
	struct version_page *st = p->state;
	const struct release *rel = ui_release(page_ui(p));
	const struct release_package *k = release_main(rel);
	int x;

	x = region_printf(r, 0, 0, st->pane == PANE_COMMITS ? ROLE_TAB_HERE : ROLE_TITLE,
	    "Since %s: %zu commit%s",
	    k != NULL && k->tag_since != NULL ? k->tag_since : "the beginning", rel->commit_count,
	    rel->commit_count == 1 ? "" : "s");
	region_text_right(
	    r, r.w, 0, ROLE_DIM, x + 44 < r.w ? "● fix   + feature   ! breaking   · neither" : "");
	r = region_below(r, 1);
	if (has_columns(rel)) {
		x = 2;
		for (size_t i = 0; i < rel->package_count; i++) {
			int w = column_width(&rel->packages[i]);

			region_text_fit(r, x, 0, w - 1, ROLE_DIM, short_name(&rel->packages[i]));
			x += w;
		}
		r = region_below(r, 1);
	}
	list_set_count(&st->commits, rel->commit_count);
	list_draw(&st->commits, r, st->pane == PANE_COMMITS, draw_commit, p);
}

/* --- the whole --- */

static void
draw_title(struct page *p, struct region r)
{
	const struct release *rel = ui_release(page_ui(p));
	const struct release_package *k = release_main(rel);
	char text[160] = "";

	if (k != NULL && rel->package_count > 1)
		snprintf(text, sizeof text, "%zu of %zu packages%s · now %s", release_selected(rel),
		    rel->package_count, rel->lockstep ? ", in lock step" : "", k->version);
	else if (k != NULL)
		snprintf(text, sizeof text, "%s · now %s", k->name, k->version);
	widget_title(r, step_title(STEP_VERSION), text, NULL);
}

/* Rows of packages and commits that the choices leave free when there are that many. */
static int
rows_below(const struct release *r)
{
	int packages = r->package_count > 1 ? (int)r->package_count : 0;
	int commits = (int)r->commit_count;

	packages = packages < PACKAGE_ROWS_MAX ? packages : PACKAGE_ROWS_MAX;
	return 2 + packages + (packages > 0 ? 1 : 0) + 2 +
	       (commits < COMMIT_ROWS ? commits : COMMIT_ROWS);
}

static int
draw_choices(struct page *p, struct region r)
{
	struct version_page *st = p->state;
	const struct release *rel = ui_release(page_ui(p));
	struct ask *a = ask_of(p);
	size_t all = rel->choice_count + 1;
	int rows = (int)usual_count(rel) + 1, room = r.h - rows_below(rel);

	/* Those that few need come into sight when the cursor goes there, or when there is room. */
	rows = rows > room ? rows : room;
	rows = rows > (int)all ? (int)all : rows;
	rows = rows > r.h ? r.h : rows;
	if (chooses(p)) {
		ask_set_usual(a, usual_count(rel));
		a->away = st->pane != PANE_CHOICES;
		a->rows = region_sub(r, 0, 0, r.w, rows);
		list_draw(&a->list, a->rows, !a->away, draw_choice, p);
		if (rows < (int)all && a->list.top + (size_t)rows < all)
			region_text_right(r, r.w, rows - 1, ROLE_KEY_LABEL, "more ▼");
	} else {
		for (int i = 0; i < rows; i++)
			draw_choice(p, region_row(r, i), (size_t)i, false);
	}
	return rows;
}

static void
version_draw(struct page *p, struct region body)
{
	struct version_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));
	struct region top = chooses(p) ? body : page_question(p, body);
	int y = 2, packages = r->package_count > 1 ? (int)r->package_count : 0;

	draw_title(p, top);
	if (r->choice_count == 0) {
		region_text(top, 0, 2, ROLE_DIM, "Looking at tags and commits…");
		return;
	}
	y += draw_choices(p, region_below(top, y));
	if (chooses(p))
		y = ask_draw_error(ask_of(p), top, y);
	else if (page_sign(p) == SIGN_RUNNING && !page_asks(p))
		region_text(top, 0, 1, ROLE_DIM, "Working out the edits…");
	for (size_t i = 0; i < r->remarks.count && y + 6 < top.h; i++)
		y += region_wrap(top, y, ROLE_WARN, r->remarks.items[i]);
	y += top.h >= 18 ? 1 : 0;
	if (packages > PACKAGE_ROWS_MAX)
		packages = PACKAGE_ROWS_MAX;
	list_set_count(&st->packages, r->package_count);
	if (packages > 0)
		list_draw(&st->packages, region_sub(top, 0, y, top.w, packages),
		    st->pane == PANE_PACKAGES, draw_package, p);
	y += packages > 0 ? packages + (top.h >= 18 ? 1 : 0) : 0;
	draw_commits(p, region_below(top, y));
}

/* --- keys --- */

static void
next_pane(struct page *p, int way)
{
	struct version_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));

	do
		st->pane = (enum pane)(((int)st->pane + way + PANE_COUNT) % PANE_COUNT);
	while ((st->pane == PANE_PACKAGES && r->package_count < 2) ||
	       (st->pane == PANE_COMMITS && r->commit_count == 0));
	ask_of(p)->away = st->pane != PANE_CHOICES;
}

static void
toggle(struct page *p)
{
	struct version_page *st = p->state;
	struct ui *ui = page_ui(p);
	const struct release *r = ui_release(ui);
	size_t at = st->packages.cursor;

	if (r->package_count < 2) {
		shell_message(p->shell, ROLE_DIM, "there is one package");
	} else if (st->pane != PANE_PACKAGES) {
		/* The first press shows what the second will change. */
		st->pane = PANE_PACKAGES;
		ask_of(p)->away = true;
	} else if (r->packages[at].selected && release_selected(r) == 1) {
		shell_message(p->shell, ROLE_WARN, "one package at least is released");
	} else {
		wizard_select_package(ui->w, at, !r->packages[at].selected);
	}
}

static bool
find(struct page *p, size_t from, int way)
{
	struct version_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));
	size_t n = r->commit_count;

	for (size_t i = 0; i < n; i++) {
		size_t at = way > 0 ? (from + i) % n : (from + n - i) % n;

		if (ui_matches(r->commits[at].subject, st->needle) ||
		    ui_matches(r->commits[at].short_hash, st->needle)) {
			list_select(&st->commits, at);
			return true;
		}
	}
	return false;
}

static bool
version_search(struct page *p, const char *text)
{
	struct version_page *st = p->state;

	snprintf(st->needle, sizeof st->needle, "%s", text);
	if (text[0] == '\0')
		return true;
	st->pane = PANE_COMMITS;
	ask_of(p)->away = true;
	return find(p, st->commits.cursor, 1);
}

static void
show_commit(struct page *p, const struct release_commit *c)
{
	struct str text = STR_EMPTY;

	if (c->reason != NULL)
		str_printf(&text, "%s %s\n\n", weights[c->weight].sign, c->reason);
	str_puts(&text, c->body != NULL ? c->body : "");
	shell_show_text(p->shell, c->subject, str_text(&text), text.len, false);
	str_fini(&text);
}

static bool
act_on_commits(struct page *p, enum action a)
{
	struct version_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));
	size_t n = r->commit_count, at = st->commits.cursor;

	if (n == 0)
		return false;
	if ((a == ACT_MATCH_NEXT || a == ACT_MATCH_BACK) && st->needle[0] != '\0') {
		find(p, a == ACT_MATCH_NEXT ? at + 1 : at + n - 1, a == ACT_MATCH_NEXT ? 1 : -1);
		return true;
	}
	if (a == ACT_NEXT && st->pane == PANE_COMMITS) {
		show_commit(p, &r->commits[at]);
		return true;
	}
	return st->pane == PANE_COMMITS && list_act(&st->commits, a);
}

static bool
version_act(struct page *p, enum action a)
{
	struct version_page *st = p->state;

	if (page_asks(p) && !chooses(p))
		return page_ask_act(p, a) || list_act(&st->commits, a);
	if (a == ACT_PANE || a == ACT_PANE_BACK)
		next_pane(p, a == ACT_PANE ? 1 : -1);
	else if (a == ACT_TOGGLE)
		toggle(p);
	else if (act_on_commits(p, a))
		return true;
	else if (st->pane == PANE_PACKAGES && a == ACT_NEXT)
		next_pane(p, -1);
	else if (st->pane == PANE_PACKAGES)
		return list_act(&st->packages, a);
	else if (page_ask_act(p, a))
		return true;
	else
		return chooses(p) && list_act(&ask_of(p)->list, a);
	return true;
}

static const char *
version_off(struct page *p, enum action a)
{
	return a == ACT_TOGGLE && !chooses(p) ? "nothing can be chosen here now" : NULL;
}

static const char *
version_label(struct page *p, enum action a)
{
	struct version_page *st = p->state;

	if (a == ACT_NEXT && chooses(p))
		return st->pane == PANE_COMMITS ? "whole message" : "choose";
	if (a == ACT_NEXT)
		return page_next_label(p);
	if (a == ACT_CLOSE)
		return chooses(p) && ask_of(p)->typing ? "choices" : "";
	if (page_letter_label(p, a) != NULL)
		return "";
	return a == ACT_TOGGLE ? "package" : NULL;
}

static const enum action version_bar[] = { ACT_NEXT, ACT_CLOSE, ACT_TOGGLE, ACT_PANE, ACT_SEARCH,
	ACT_BACK, ACT_NONE };

const struct page_ops page_version = {
	.context = KEYS_VERSION,
	.state_size = sizeof(struct version_page),
	.draw = version_draw,
	.act = version_act,
	.event = page_ask_event,
	.off = version_off,
	.label = version_label,
	.search = version_search,
	.bar = version_bar,
};
