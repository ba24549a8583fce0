/* Tabs, views and keys of the browser. */
#include "browser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "browser_priv.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/dist/archive.h"
#include "slipway/dist/check.h"
#include "slipway/os/fs.h"
#include "slipway/wizard/compare.h"

static struct browser *
browser_of(const struct page *p)
{
	return *(struct browser *const *)p->state;
}

struct browser_tab *
browser_tab(struct browser *b)
{
	return &b->tabs[b->here];
}

void
browser_redraw(struct browser *b)
{
	shell_redraw(b->page->shell);
}

static void
on_store(void *arg)
{
	browser_redraw(arg);
}

/* --- tabs --- */

/* When it is drawn: whoever only passes over it starts nothing. */
void
browser_tab_open(struct browser_tab *t)
{
	struct browser *b = t->b;
	const struct findings *findings = NULL;
	struct dist_check_opts check = { .limits = NULL };
	struct str shown = STR_EMPTY;
	const char *path = "";

	if (t->store != NULL)
		return;
	b->o.file(b->o.arg, t->file, &path, &findings);
	if (b->o.check != NULL)
		b->o.check(b->o.arg, t->file, &check);
	t->path = mem_strdup(path);
	sanitise(fs_base(path), strlen(fs_base(path)), &shown);
	t->shown = b->o.depth > 0 ? mem_strdup(b->o.shown) : str_take(&shown);
	str_fini(&shown);
	t->own_findings = findings == NULL;
	t->member = FINDING_NO_MEMBER;
	t->finding = SIZE_MAX;
	t->store = browser_store_open(&(struct browser_store_opts) { .loop = b->o.loop,
	    .program = b->o.reader,
	    .worker = b->o.worker,
	    .path = path,
	    .findings = findings,
	    .inside = b->o.inside,
	    .depth = b->o.depth,
	    .check = &check,
	    .changed = on_store,
	    .arg = b });
	browser_preview_begin(t);
	if (b->o.compare != NULL) {
		t->comparing = true;
		b->o.compare(b->o.arg, b, t->file, NULL, NULL);
	}
}

static void
tab_close(struct browser_tab *t)
{
	browser_store_drop(t->store);
	browser_rows_fini(&t->rows);
	findings_fini(&t->findings);
	browser_diff_drop(t);
	compared_free(t->compared);
	pager_text_fini(&t->meta);
	strlist_fini(&t->gone_names);
	strlist_fini(&t->acknowledged);
	strlist_fini(&t->reasons);
	str_fini(&t->line);
	free(t->compare_rows);
	free(t->path);
	free(t->shown);
}

static void
go_to_tab(struct browser *b, size_t file)
{
	if (b->tabs[b->here].store != NULL)
		browser_store_rest(b->tabs[b->here].store);
	b->here = file;
	b->in_preview = false;
	browser_redraw(b);
}

void
browser_compared(struct browser *b, size_t file, struct compared *c)
{
	struct browser_tab *t = &b->tabs[file];

	/* A difference under way reads the old one. */
	browser_diff_drop(t);
	compared_free(t->compared);
	t->compared = c;
	t->comparing = false;
	t->base = browser_with(t, COMPARE_RELEASE) != NULL ? COMPARE_RELEASE : COMPARE_GIT;
	t->stamp = 0;
	browser_redraw(b);
}

/* --- what is selected --- */

size_t
browser_node(const struct browser_tab *t)
{
	return t->list.cursor < t->rows.row_count ? t->rows.rows[t->list.cursor] : DIST_TREE_NONE;
}

size_t
browser_member(const struct browser_tab *t)
{
	size_t node = browser_node(t);
	const struct dist_tree_node *n;

	if (node == DIST_TREE_NONE)
		return FINDING_NO_MEMBER;
	n = &t->rows.tree.nodes[node];
	return !n->is_dir && n->member < t->rows.members ? n->member : FINDING_NO_MEMBER;
}

size_t
browser_member_here(const struct browser_tab *t)
{
	const struct finding *f;
	size_t at = FINDING_NO_MEMBER;

	switch (t->b->view) {
	case VIEW_COMPARE:
		if (t->compare_list.cursor < t->compare_count)
			at = t->compare_rows[t->compare_list.cursor];
		break;
	case VIEW_RAW:
		at = t->raw_list.cursor;
		break;
	case VIEW_FINDINGS:
		f = browser_finding_here(t);
		at = f != NULL ? f->index : FINDING_NO_MEMBER;
		break;
	case VIEW_FILES:
	case VIEW_METADATA:
	case VIEW_COUNT:
		return browser_member(t);
	}
	return at < t->rows.members && !t->rows.items[at].is_dir ? at : FINDING_NO_MEMBER;
}

void
browser_select_node(struct browser_tab *t, size_t node)
{
	size_t row = browser_rows_reveal(&t->rows, node);

	/* The filter hides it: what was asked for counts more. */
	if (row == t->rows.row_count && node < t->rows.tree.count) {
		t->rows.filter = FILTER_ALL;
		row = browser_rows_reveal(&t->rows, node);
	}
	list_set_count(&t->list, t->rows.row_count);
	list_select(&t->list, row);
}

void
browser_go(struct browser_tab *t, size_t member, size_t line)
{
	if (member >= t->rows.tree.members)
		return;
	t->b->view = VIEW_FILES;
	browser_select_node(t, t->rows.tree.by_member[member]);
	browser_preview_update(t);
	t->go_line = line;
}

static void
refill(struct browser_tab *t)
{
	size_t node = browser_node(t);

	browser_rows_update(&t->rows);
	list_set_count(&t->list, t->rows.row_count);
	for (size_t i = 0; i < t->rows.row_count; i++)
		if (t->rows.rows[i] == node)
			list_select(&t->list, i);
}

/* --- what moves in the tree --- */

static void
fold(struct browser_tab *t, bool open)
{
	size_t node = browser_node(t);
	struct dist_tree_node *n;

	if (node == DIST_TREE_NONE || t->rows.flat)
		return;
	n = &t->rows.tree.nodes[node];
	if (n->is_dir && n->open != open)
		n->open = open;
	else if (!open && n->parent != DIST_TREE_NONE)
		browser_select_node(t, n->parent);
	refill(t);
}

static void
fold_all(struct browser_tab *t, bool open)
{
	size_t node = browser_node(t), top = node;

	for (size_t i = 0; i < t->rows.tree.count; i++)
		t->rows.tree.nodes[i].open = open;
	/* The folder that hides it now. */
	while (!open && top != DIST_TREE_NONE &&
	       t->rows.tree.nodes[top].parent != DIST_TREE_NONE)
		top = t->rows.tree.nodes[top].parent;
	browser_rows_update(&t->rows);
	list_set_count(&t->list, t->rows.row_count);
	if (top != DIST_TREE_NONE)
		browser_select_node(t, top);
}

static void
choose(struct browser_tab *t)
{
	size_t node = browser_node(t);

	if (node == DIST_TREE_NONE)
		return;
	if (t->rows.tree.nodes[node].is_dir)
		fold(t, !t->rows.tree.nodes[node].open);
	else if (!browser_enter_archive(t))
		t->b->in_preview = true;
}

static void
filter(struct browser_tab *t)
{
	t->rows.filter = (enum browser_filter)((t->rows.filter + 1) % FILTER_COUNT);
	if (t->rows.filter != FILTER_ALL)
		for (size_t i = 0; i < t->rows.tree.count; i++)
			t->rows.tree.nodes[i].open = true;
	refill(t);
	t->stamp_view = 0;
	shell_message(t->b->page->shell, ROLE_TEXT, "%s: %zu line%s",
	    browser_filter_name(t->rows.filter), t->rows.row_count,
	    t->rows.row_count == 1 ? "" : "s");
}

static void
sort(struct browser_tab *t)
{
	t->rows.order = (enum dist_tree_order)((t->rows.order + 1) % (DIST_TREE_BY_SEVERITY + 1));
	dist_tree_sort(&t->rows.tree, t->rows.order);
	refill(t);
	shell_message(
	    t->b->page->shell, ROLE_TEXT, "sorted %s", browser_order_name(t->rows.order));
}

/* --- jumps --- */

static bool
is_changed(void *arg, const struct browser_rows *r, size_t node)
{
	const struct browser_item *item = browser_rows_item(r, node);

	(void)arg;
	return item != NULL && !item->is_dir && (item->changed || item->gone);
}

static bool
is_unreviewed(void *arg, const struct browser_rows *r, size_t node)
{
	const struct browser_item *item = browser_rows_item(r, node);

	(void)arg;
	return item != NULL && item->changed && !item->reviewed;
}

static bool
matches(void *arg, const struct browser_rows *r, size_t node)
{
	const struct dist_tree_node *n = &r->tree.nodes[node];
	const struct browser_item *item = browser_rows_item(r, node);
	const struct doc_needle *needle = arg;
	struct bytes name = item != NULL && !n->is_dir ? item->name : n->name;

	return name.len > 0 && doc_needle_find(needle, name.data, name.len, 0) < name.len;
}

static bool
jump(struct browser_tab *t, int way, browser_test_fn test, void *arg)
{
	size_t node = browser_rows_find(&t->rows, browser_node(t), way, test, arg);

	if (node == DIST_TREE_NONE)
		return false;
	browser_select_node(t, node);
	return true;
}

static void
next_finding(struct browser_tab *t, int way)
{
	const struct findings *f = browser_findings(t);
	const struct finding *found;
	size_t n = f != NULL ? f->count : 0;

	if (n == 0) {
		shell_message(t->b->page->shell, ROLE_DIM,
		    f == NULL ? "the rules are still being tried" : "nothing was found");
		return;
	}
	if (t->finding >= n)
		t->finding = way > 0 ? 0 : n - 1;
	else
		t->finding = (t->finding + n + (size_t)(way + (way < 0 ? (int)n : 0)) % n) % n;
	found = &f->items[t->finding];
	list_select(&t->findings_list, t->finding);
	if (t->b->view != VIEW_FINDINGS && found->index < t->rows.members)
		browser_go(t, found->index, found->line);
	shell_message(t->b->page->shell,
	    found->severity == FINDING_ERROR ? ROLE_BAD : ROLE_WARN, "%zu of %zu: %s %s",
	    t->finding + 1, n, dist_rule(found->rule)->id, found->message);
}

bool
browser_next_changed(struct browser_tab *t, int way)
{
	bool moved = t->b->view == VIEW_COMPARE ? browser_compare_next(t, way, false)
						: jump(t, way, is_changed, NULL);

	if (!moved)
		shell_message(t->b->page->shell, ROLE_DIM, "no changed file here");
	return moved;
}

bool
browser_review(struct browser_tab *t)
{
	size_t member = browser_member_here(t);
	struct browser *b = t->b;
	struct browser_item *item;

	if (member == FINDING_NO_MEMBER) {
		shell_message(b->page->shell, ROLE_DIM, "choose a file of this package");
		return false;
	}
	item = &t->rows.items[member];
	item->reviewed = !item->reviewed;
	if (b->o.review != NULL)
		b->o.review(b->o.arg, t->file, member, item->reviewed);
	browser_count(t);
	if (!item->reviewed)
		return false;
	if (b->view == VIEW_COMPARE ? browser_compare_next(t, 1, true)
				    : jump(t, 1, is_unreviewed, NULL))
		return true;
	shell_message(b->page->shell, ROLE_GOOD, "all changed files of this package are reviewed");
	return false;
}

/* --- keys --- */

static bool
act_on_tree(struct browser_tab *t, enum action a)
{
	if (a == ACT_RIGHT && browser_member(t) != FINDING_NO_MEMBER)
		t->b->in_preview = true;
	else if (a == ACT_RIGHT || a == ACT_LEFT)
		fold(t, a == ACT_RIGHT);
	else if (a == ACT_NEXT)
		choose(t);
	else
		return list_act(&t->list, a);
	return true;
}

static bool
act_on_any_view(struct browser_tab *t, enum action a)
{
	if (a >= ACT_VIEW_1 && a <= ACT_VIEW_5) {
		t->b->view = (enum browser_view)(a - ACT_VIEW_1);
		t->b->in_preview = false;
	} else if (a == ACT_FILE_NEXT || a == ACT_FILE_BACK) {
		go_to_tab(t->b,
		    (t->b->here + (a == ACT_FILE_NEXT ? 1 : t->b->o.files - 1)) % t->b->o.files);
	} else if (a == ACT_FINDING_NEXT || a == ACT_FINDING_BACK) {
		next_finding(t, a == ACT_FINDING_NEXT ? 1 : -1);
	} else if (a == ACT_CHANGED_NEXT || a == ACT_CHANGED_BACK) {
		browser_next_changed(t, a == ACT_CHANGED_NEXT ? 1 : -1);
	} else if (a == ACT_REVIEWED) {
		browser_review(t);
	} else if (a == ACT_WHY) {
		browser_why(t);
	} else if (a == ACT_ACCEPT) {
		browser_acknowledge(t);
	} else if (a == ACT_ADDRESS) {
		browser_address(t);
	} else if (a == ACT_BASE) {
		browser_ask_base(t);
	} else if (a == ACT_COMPARE) {
		browser_diff(t);
	} else if (a == ACT_FILTER) {
		filter(t);
	} else {
		return false;
	}
	return true;
}

static bool
act_on_files(struct browser_tab *t, enum action a)
{
	struct doc_needle needle;

	if (a == ACT_HEX) {
		browser_preview_cycle(t);
	} else if (a == ACT_PANE || a == ACT_PANE_BACK) {
		t->b->in_preview = !t->b->in_preview;
	} else if (a == ACT_SAVE) {
		browser_ask_save(t);
	} else if (a == ACT_PLACE) {
		browser_ask_place(t);
	} else if (a == ACT_WRAP) {
		pager_act(&t->pager, a);
	} else if (t->b->in_preview) {
		return browser_preview_act(t, a);
	} else if (a == ACT_SORT) {
		sort(t);
	} else if (a == ACT_FLAT) {
		t->rows.flat = !t->rows.flat;
		refill(t);
	} else if (a == ACT_FOLD_ALL || a == ACT_UNFOLD_ALL) {
		fold_all(t, a == ACT_UNFOLD_ALL);
	} else if ((a == ACT_MATCH_NEXT || a == ACT_MATCH_BACK) && t->b->needle[0] != '\0') {
		doc_needle_init(&needle, DOC_BYTES, t->b->needle);
		jump(t, a == ACT_MATCH_NEXT ? 1 : -1, matches, &needle);
		doc_needle_fini(&needle);
	} else {
		return act_on_tree(t, a);
	}
	return true;
}

static bool
one_back(struct browser *b)
{
	if (b->in_preview)
		b->in_preview = false;
	else if (b->view != VIEW_FILES)
		b->view = VIEW_FILES;
	else
		return false;
	return true;
}

static void choose_bar(struct browser *b);

static bool
browser_act(struct page *p, enum action a)
{
	struct browser *b = browser_of(p);
	struct browser_tab *t = browser_tab(b);
	bool done;

	/* Keys may come faster than frames. */
	if (a != ACT_FILE_NEXT && a != ACT_FILE_BACK)
		browser_tab_open(t);
	if (a == ACT_CLOSE || a == ACT_BACK || a == ACT_QUIT)
		done = one_back(b);
	else
		done = act_on_any_view(t, a) ||
		       (b->view == VIEW_FILES ? act_on_files(t, a) : browser_view_act(t, a));
	choose_bar(b);
	return done;
}

static bool
browser_search(struct page *p, const char *text)
{
	struct browser *b = browser_of(p);
	struct browser_tab *t = browser_tab(b);
	struct doc_needle needle;
	bool found;

	browser_tab_open(t);
	if (b->view != VIEW_FILES)
		return browser_view_search(t, text);
	if (b->in_preview)
		return browser_preview_search(t, text);
	snprintf(b->needle, sizeof b->needle, "%s", text);
	if (text[0] == '\0')
		return true;
	doc_needle_init(&needle, DOC_BYTES, text);
	found = (browser_node(t) != DIST_TREE_NONE &&
		    matches(&needle, &t->rows, browser_node(t))) ||
		jump(t, 1, matches, &needle);
	doc_needle_fini(&needle);
	return found;
}

static const char *
browser_off(struct page *p, enum action a)
{
	struct browser *b = browser_of(p);
	struct browser_tab *t = browser_tab(b);
	bool changes = a == ACT_REVIEWED || a == ACT_ACCEPT;

	if (changes && b->o.read_only != NULL && b->o.read_only(b->o.arg) != NULL)
		return b->o.read_only(b->o.arg);
	if ((a == ACT_BASE || a == ACT_COMPARE) && b->o.compare == NULL)
		return "there is nothing to compare it with";
	if ((a == ACT_COMPARE || a == ACT_CHANGED_NEXT || a == ACT_CHANGED_BACK) && t->comparing)
		return "it is still being compared";
	if ((a == ACT_COMPARE || a == ACT_CHANGED_NEXT || a == ACT_CHANGED_BACK) &&
	    browser_with(t, COMPARE_GIT) == NULL && browser_with(t, COMPARE_RELEASE) == NULL)
		return "not compared: c chooses with what";
	if ((a == ACT_FILE_NEXT || a == ACT_FILE_BACK) && b->o.files < 2)
		return "this is the only file";
	return NULL;
}

static const char *
browser_label(struct page *p, enum action a)
{
	const struct browser *b = browser_of(p);

	if (a == ACT_NEXT && b->view == VIEW_FILES)
		return b->in_preview ? "down" : "open";
	if (a == ACT_NEXT)
		return b->view == VIEW_COMPARE ? "diff" : "go there";
	if (a == ACT_PANE)
		return b->in_preview ? "files" : "preview";
	return NULL;
}

/* --- the mouse --- */

static bool
inside(struct region r, const struct input_event *ev)
{
	return ev->x >= r.x && ev->x < r.x + r.w && ev->y >= r.y && ev->y < r.y + r.h;
}

static bool
press(struct browser *b, const struct input_event *ev)
{
	struct browser_tab *t = browser_tab(b);
	size_t before = t->list.cursor;

	if (inside(b->tabs_at, ev)) {
		for (int i = 0; i < VIEW_COUNT; i++)
			if (ev->x - b->tabs_at.x >= b->view_at[i] &&
			    ev->x - b->tabs_at.x < b->view_at[i + 1]) {
				b->view = (enum browser_view)i;
				b->in_preview = false;
			}
		return true;
	}
	if (inside(b->preview_at, ev)) {
		b->in_preview = true;
		return true;
	}
	if (!inside(b->list_at, ev))
		return false;
	if (b->view != VIEW_FILES)
		return browser_view_click(t, ev->y - b->list_at.y);
	b->in_preview = false;
	if (list_click(&t->list, ev->y - b->list_at.y) && t->list.cursor == before)
		choose(t);
	return true;
}

static bool
browser_event(struct page *p, const struct input_event *ev)
{
	struct browser *b = browser_of(p);
	struct browser_tab *t = browser_tab(b);
	int lines = ev->mouse == INPUT_MOUSE_WHEEL_UP ? -3 : 3;
	bool done = false;

	if (ev->type != INPUT_MOUSE)
		return false;
	browser_tab_open(t);
	if (ev->mouse == INPUT_MOUSE_PRESS)
		done = press(b, ev);
	else if (inside(b->preview_at, ev) && b->view == VIEW_FILES)
		done = pager_scroll(&t->pager, lines) || true;
	else if (inside(b->list_at, ev) && b->view == VIEW_FILES)
		done = list_scroll(&t->list, lines) || true;
	choose_bar(b);
	return done;
}

/* --- the page --- */

static void
browser_close(struct page *p)
{
	struct browser *b = browser_of(p);

	for (size_t i = 0; i < b->o.files; i++)
		tab_close(&b->tabs[i]);
	if (b->o.closed != NULL)
		b->o.closed(b->o.arg);
	free(b->tabs);
	free(b);
}

static const enum action bar_files[] = { ACT_NEXT, ACT_FINDING_NEXT, ACT_CHANGED_NEXT,
	ACT_REVIEWED, ACT_COMPARE, ACT_FILTER, ACT_SORT, ACT_FILE_NEXT, ACT_NONE };
static const enum action bar_preview[] = { ACT_PANE, ACT_HEX, ACT_WRAP, ACT_SEARCH,
	ACT_FINDING_NEXT, ACT_REVIEWED, ACT_COMPARE, ACT_NONE };
static const enum action bar_findings[] = { ACT_NEXT, ACT_WHY, ACT_ACCEPT, ACT_VIEW_1, ACT_NONE };
static const enum action bar_text[] = { ACT_SEARCH, ACT_WRAP, ACT_VIEW_1, ACT_NONE };
static const enum action bar_compare[] = { ACT_NEXT, ACT_BASE, ACT_FILTER, ACT_VIEW_1, ACT_NONE };
static const enum action bar_raw[] = { ACT_NEXT, ACT_SEARCH, ACT_VIEW_1, ACT_NONE };

#define OPS(keys)                                                                                  \
	{                                                                                          \
		.context = KEYS_INSPECT, .state_size = sizeof(struct browser *),                   \
		.close = browser_close, .draw = browser_draw, .act = browser_act,                  \
		.event = browser_event, .off = browser_off, .label = browser_label,                \
		.search = browser_search, .bar = (keys)                                            \
	}

/* The same page with the bottom line of what has the keys. */
static const struct page_ops pages[VIEW_COUNT] = {
	[VIEW_FILES] = OPS(bar_files),
	[VIEW_FINDINGS] = OPS(bar_findings),
	[VIEW_METADATA] = OPS(bar_text),
	[VIEW_COMPARE] = OPS(bar_compare),
	[VIEW_RAW] = OPS(bar_raw),
};
static const struct page_ops page_preview = OPS(bar_preview);

static void
choose_bar(struct browser *b)
{
	b->page->ops =
	    b->view == VIEW_FILES && b->in_preview ? &page_preview : &pages[b->view];
}

struct browser *
browser_open(struct shell *s, const struct browser_owner *owner, size_t file, bool push)
{
	struct browser *b = mem_zalloc(1, sizeof *b);

	b->o = *owner;
	b->tabs = mem_zalloc(owner->files, sizeof b->tabs[0]);
	for (size_t i = 0; i < owner->files; i++) {
		b->tabs[i].b = b;
		b->tabs[i].file = i;
	}
	b->page = push ? shell_push(s, &pages[VIEW_FILES], NULL)
		       : shell_show(s, &pages[VIEW_FILES], NULL);
	*(struct browser **)b->page->state = b;
	go_to_tab(b, file);
	return b;
}
