/* Notes: the entries of each changelog to be curated, and the section that comes of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "patch_view.h"
#include "slipway/base/mem.h"
#include "slipway/project/edit.h"
#include "slipway/project/notes.h"
#include "slipway/tui/widget.h"
#include "slipway/wizard/wizard.h"
#include "ui.h"

#define HEADING SIZE_MAX
#define TABS_MAX 16
#define WAYS_MAX 8
/* From here on the section stands beside the entries, not below. */
#define WIDE 100

/* A line of the list: a category, or one of its entries. */
struct row {
	size_t entry; /* HEADING: the category */
	size_t group;
};

struct notes_page {
	struct list list;
	struct row *rows;
	size_t count, cap;
	size_t doc;
	const char *text_of; /* what the section was made of */
	struct patch_view patch;
	struct pager pager; /* where no file is changed: the text alone */
	struct pager_text text;
	bool patched;
	bool in_section; /* the keys that move go there */
};

static void
notes_close(struct page *p)
{
	struct notes_page *st = p->state;

	patch_view_fini(&st->patch);
	pager_text_fini(&st->text);
	free(st->rows);
}

static const struct release_notes *
shown(const struct page *p)
{
	const struct notes_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));

	return st->doc < r->note_count ? &r->notes[st->doc] : NULL;
}

/* -- the entries -- */

static bool
is_entry(void *arg, size_t index)
{
	const struct notes_page *st = arg;

	return st->rows[index].entry != HEADING;
}

static void
add(struct notes_page *st, size_t entry, size_t group)
{
	st->rows = mem_grow(st->rows, &st->cap, st->count + 1, sizeof *st->rows);
	st->rows[st->count++] = (struct row) { entry, group };
}

static void
fill_rows(struct notes_page *st, const struct release_notes *n)
{
	const struct notes *d = n != NULL ? n->draft : NULL;

	st->count = 0;
	for (size_t i = 0; d != NULL && i < d->count; i++) {
		if (i == 0 || d->items[i].group != d->items[i - 1].group)
			add(st, HEADING, d->items[i].group);
		add(st, i, d->items[i].group);
	}
	st->list.selectable = is_entry;
	st->list.arg = st;
	list_set_count(&st->list, st->count);
}

/* The selected entry, or HEADING. */
static size_t
selected(const struct notes_page *st)
{
	return st->list.cursor < st->count ? st->rows[st->list.cursor].entry : HEADING;
}

static void
select_entry(struct page *p, size_t entry)
{
	struct notes_page *st = p->state;

	fill_rows(st, shown(p));
	for (size_t i = 0; i < st->count; i++)
		if (st->rows[i].entry == entry)
			list_select(&st->list, i);
	shell_redraw(p->shell);
}

static void
draw_row(void *arg, struct region row, size_t index, bool is_selected)
{
	const struct page *p = arg;
	const struct notes_page *st = p->state;
	const struct notes *d = shown(p)->draft;
	const struct note *k;
	const char *title, *side;
	int width, room;
	bool live = d->whole == NULL;

	if (st->rows[index].entry == HEADING) {
		title = d->groups.items[st->rows[index].group];
		region_text_fit(row, 1, 0, row.w - 1, ROLE_TITLE,
		    title[0] != '\0' ? title : "Entries");
		return;
	}
	k = &d->items[st->rows[index].entry];
	if (is_selected)
		region_text(row, 1, 0, ROLE_KEY, "▸");
	region_text(row, 3, 0, live ? ROLE_KEY : ROLE_DIM, k->taken ? "[x]" : "[ ]");
	side = !k->taken && k->why != NULL ? k->why : k->source != NULL ? k->source : "";
	room = row.w - 8;
	width = text_cells(side, strlen(side));
	/* Why it is left out matters, but what it is comes first. */
	width = width > room / 2 ? room / 2 : width;
	region_text_fit(row, 7, 0, room - width, k->taken && live ? ROLE_TEXT : ROLE_DIM, k->text);
	region_text_fit(row, row.w - width, 0, width, ROLE_DIM, side);
}

/* -- the section -- */

static const struct edit_file *
edit_of(const struct release *r, const struct release_notes *n)
{
	for (size_t i = 0; r->edits != NULL && n->path != NULL && i < r->edits->count; i++)
		if (strcmp(r->edits->items[i].path, n->path) == 0)
			return &r->edits->items[i];
	return NULL;
}

/* The first line that is new. */
static size_t
first_change(const struct edit_file *f)
{
	const char *a = str_text(&f->before), *b = str_text(&f->after);
	size_t line = 1;

	for (size_t i = 0; i < f->before.len && i < f->after.len && a[i] == b[i]; i++)
		line += a[i] == '\n';
	return line;
}

static void
update_section(struct page *p, int rows)
{
	struct notes_page *st = p->state;
	const struct release_notes *n = shown(p);
	const struct edit_file *f;

	if (n == NULL || n->text == st->text_of)
		return;
	patch_view_fini(&st->patch);
	pager_text_fini(&st->text);
	f = edit_of(ui_release(page_ui(p)), n);
	st->patched = f != NULL;
	if (f != NULL) {
		patch_view_set(&st->patch, (struct bytes) { str_text(&f->before), f->before.len },
		    (struct bytes) { str_text(&f->after), f->after.len });
		patch_view_go_to(
		    &st->patch, first_change(f) + (size_t)(rows > 4 ? rows / 2 - 2 : 0), rows);
	} else {
		pager_set_text(&st->pager, &st->text, n->text, strlen(n->text));
	}
	st->text_of = n->text;
}

/* The options of the question that are about files, in their order. */
static size_t
list_ways(const struct page *p, const struct question_option **out)
{
	const struct question *q = wizard_question(page_ui(p)->w);
	size_t n = 0;

	for (size_t i = 0; q != NULL && i < q->option_count && n < WAYS_MAX; i++)
		if (strcmp(q->options[i].id, "accept") != 0 &&
		    strcmp(q->options[i].id, "editor") != 0 &&
		    strcmp(q->options[i].id, "leave") != 0)
			out[n++] = &q->options[i];
	return n;
}

static void
draw_section(struct page *p, struct region r)
{
	struct notes_page *st = p->state;
	const struct release_notes *n = shown(p);
	const struct question_option *ways[WAYS_MAX];
	char why[400];
	int used = 0;

	if (n == NULL)
		return;
	if (n->why != NULL) {
		/* "without" is always there. */
		snprintf(why, sizeof why, "%s%s", n->why,
		    page_asks(p) && list_ways(p, ways) > 1 ? " (o: other ways)" : "");
		used = region_wrap(region_sub(r, 1, 0, r.w - 1, 2), 0, ROLE_WARN, why);
	}
	else if (n->remark != NULL)
		used = region_wrap(region_sub(r, 1, 0, r.w - 1, 2), 0, ROLE_DIM, n->remark);
	else if (n->draft != NULL && n->draft->whole != NULL)
		used = region_wrap(region_sub(r, 1, 0, r.w - 1, 2), 0, ROLE_DIM,
		    "Written in the editor. u goes back to the entries.");
	r = region_below(r, used > 2 ? 2 : used);
	update_section(p, r.h);
	if (st->patched)
		patch_view_draw(&st->patch, r);
	else if (n->text != NULL && n->text[0] != '\0')
		pager_draw(&st->pager, region_sub(r, 1, 0, r.w - 1, r.h));
	else
		region_text(r, 1, 0, ROLE_DIM, "Nothing to tell.");
}

static size_t
count_taken(const struct notes *d)
{
	size_t taken = 0;

	for (size_t i = 0; i < d->count; i++)
		taken += d->items[i].taken;
	return taken;
}

static struct region
draw_tabs(struct page *p, struct region top)
{
	const struct notes_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));
	struct widget_tab tabs[TABS_MAX] = { { .title = NULL } };
	size_t count = r->note_count < TABS_MAX ? r->note_count : TABS_MAX;

	if (count < 2)
		return region_below(top, 2);
	for (size_t i = 0; i < count; i++)
		tabs[i] = (struct widget_tab) { .title = r->notes[i].title,
			.sign = r->notes[i].why != NULL ? SIGN_LOOK : SIGN_OK };
	widget_tabs(top, 0, 1, tabs, count, st->doc, shell_now(p->shell));
	return region_below(top, 3);
}

static void
notes_draw(struct page *p, struct region body)
{
	struct notes_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));
	struct region top = page_question(p, body);
	const struct release_notes *n;
	char left[160] = "", right[48] = "";
	int rows, half;

	if (st->doc >= r->note_count)
		st->doc = 0;
	n = shown(p);
	if (n != NULL && n->draft != NULL) {
		snprintf(left, sizeof left, "%s", n->path != NULL ? n->path : n->title);
		snprintf(right, sizeof right, "%zu of %zu taken", count_taken(n->draft),
		    n->draft->count);
	}
	widget_title(top, step_title(STEP_NOTES), left, right);
	top = draw_tabs(p, top);
	fill_rows(st, n);
	if (n == NULL)
		return;
	if (body.w >= WIDE) {
		half = top.w / 2;
		list_draw(&st->list, region_sub(top, 0, 0, half - 1, top.h), !st->in_section,
		    draw_row, p);
		region_vline(top, half, 0, top.h, ROLE_RULE, "│");
		draw_section(p, region_right(top, half + 1));
		return;
	}
	half = top.h - 1 - (top.h - 1) / 2;
	rows = (int)st->count < half ? (int)st->count : half;
	list_draw(&st->list, region_sub(top, 0, 0, top.w, rows), !st->in_section, draw_row, p);
	if (st->count > 0)
		widget_rule(top, rows);
	draw_section(p, region_below(top, st->count > 0 ? rows + 1 : 0));
}

/* -- keys -- */

static void
curate(struct page *p, enum note_wish wish, size_t group)
{
	const struct notes_page *st = p->state;
	size_t at = selected(st);

	if (at != HEADING)
		select_entry(p, wizard_curate(page_ui(p)->w, st->doc, at, wish, group));
}

static void
on_reworded(void *arg, const char *text)
{
	struct page *p = arg;
	struct notes_page *st = p->state;

	if (text != NULL && selected(st) != HEADING &&
	    !wizard_reword(page_ui(p)->w, st->doc, selected(st), text))
		shell_message(p->shell, ROLE_WARN, "an entry needs words: Space leaves it out");
	shell_redraw(p->shell);
}

static void
on_group(void *arg, size_t chosen)
{
	if (chosen != SIZE_MAX)
		curate(arg, NOTE_REGROUP, chosen);
}

static void
ask_group(struct page *p)
{
	const struct notes_page *st = p->state;
	const struct notes *d = shown(p)->draft;
	const struct shell_question q = { .title = "Which category?",
		.text = d->items[selected(st)].text,
		.options = (const char *const *)d->groups.items,
		.count = d->groups.count,
		.preset = d->items[selected(st)].group };

	shell_ask(p->shell, &q, on_group, p);
}

static void
on_added(void *arg, const char *text)
{
	struct page *p = arg;
	struct notes_page *st = p->state;
	size_t at, group = st->list.cursor < st->count ? st->rows[st->list.cursor].group : 0;

	if (text == NULL)
		return;
	at = wizard_add_note(page_ui(p)->w, st->doc, group, text);
	if (at == SIZE_MAX)
		shell_message(p->shell, ROLE_WARN, "an entry needs words");
	else
		select_entry(p, at);
}

static void
on_way(void *arg, size_t chosen)
{
	struct page *p = arg;
	const struct question_option *ways[WAYS_MAX];

	if (chosen < list_ways(p, ways))
		ask_choose(page_ui(p), ways[chosen]->id);
}

static void
ask_way(struct page *p)
{
	const struct question_option *ways[WAYS_MAX];
	const char *labels[WAYS_MAX];
	size_t count = list_ways(p, ways);
	const struct shell_question q = { .title = "What becomes of the changelog?",
		.text = "What was curated so far is kept.",
		.options = labels,
		.count = count };

	for (size_t i = 0; i < count; i++)
		labels[i] = ways[i]->label;
	shell_ask(p->shell, &q, on_way, p);
}

/* What needs a selected entry. */
static bool
act_on_entry(struct page *p, enum action a)
{
	const struct notes_page *st = p->state;
	const struct notes *d = shown(p)->draft;
	const struct note *k = &d->items[selected(st)];

	if (a == ACT_TOGGLE)
		curate(p, k->taken ? NOTE_DROP : NOTE_TAKE, 0);
	else if (a == ACT_MOVE_UP || a == ACT_MOVE_DOWN)
		curate(p, a == ACT_MOVE_UP ? NOTE_UP : NOTE_DOWN, 0);
	else if (a == ACT_REWORD)
		shell_ask_text(p->shell, "Reword", k->subject, k->text, on_reworded, p);
	else if (a == ACT_REGROUP)
		ask_group(p);
	else
		return false;
	return true;
}

static void
turn_tab(struct page *p, enum action a)
{
	struct notes_page *st = p->state;
	size_t count = ui_release(page_ui(p))->note_count;

	if (count > 0)
		st->doc = (st->doc + (a == ACT_RIGHT ? 1 : count - 1)) % count;
	st->list.cursor = st->list.top = 0;
	st->text_of = NULL;
}

static const char *notes_off(struct page *p, enum action a);

static bool
notes_act(struct page *p, enum action a)
{
	struct notes_page *st = p->state;
	size_t count = ui_release(page_ui(p))->note_count;

	if (notes_off(p, a) == NULL && count > 0 && selected(st) != HEADING && act_on_entry(p, a))
		return true;
	if (a == ACT_EDITOR)
		wizard_edit_notes(page_ui(p)->w, st->doc);
	else if (a == ACT_ENTRIES)
		wizard_entries_again(page_ui(p)->w, st->doc);
	else if (a == ACT_SKIP)
		ask_choose(page_ui(p), "without");
	else if (a == ACT_ADD)
		shell_ask_text(p->shell, "Add", "A line of your own", NULL, on_added, p);
	else if (a == ACT_WAYS)
		ask_way(p);
	else if (a == ACT_DIFF)
		ui_show_diff(page_ui(p));
	else if (a == ACT_PANE || a == ACT_PANE_BACK)
		st->in_section = !st->in_section;
	else if ((a == ACT_LEFT || a == ACT_RIGHT) && !st->in_section)
		turn_tab(p, a);
	else if (page_ask_act(p, a))
		return true;
	else if (st->in_section || a == ACT_WRAP)
		return pager_act(st->patched ? &st->patch.pager : &st->pager, a);
	else
		return list_act(&st->list, a);
	return true;
}

static const char *
notes_off(struct page *p, enum action a)
{
	const struct notes_page *st = p->state;
	const struct release_notes *n = shown(p);
	bool whole = n != NULL && n->draft != NULL && n->draft->whole != NULL;

	switch ((int)a) {
	case ACT_TOGGLE:
	case ACT_MOVE_UP:
	case ACT_MOVE_DOWN:
	case ACT_REWORD:
	case ACT_REGROUP:
		if (!page_asks(p))
			return page_is_live(p) ? "nothing is asked just now" : page_read_only(p);
		if (whole)
			return "the section was written in the editor: u goes back to the entries";
		return n == NULL || selected(st) == HEADING ? "there are no entries" : NULL;
	case ACT_EDITOR:
	case ACT_SKIP:
	case ACT_WAYS:
	case ACT_ADD:
	case ACT_ENTRIES:
		if (!page_asks(p))
			return page_is_live(p) ? "nothing is asked just now" : page_read_only(p);
		if (a == ACT_ADD && whole)
			return "the section was written in the editor: u goes back to the entries";
		return a == ACT_ENTRIES && !whole ? "these are the entries" : NULL;
	default:
		return page_off_next(p, a);
	}
}

static const char *
notes_label(struct page *p, enum action a)
{
	const struct notes_page *st = p->state;
	const struct release_notes *n = shown(p);
	size_t at = selected(st);

	if (a == ACT_NEXT)
		return page_asks(p) && ask_form(&page_ui(p)->ask) == ASK_FORM_SIMPLE
			   ? "accept"
			   : page_next_label(p);
	if (a == ACT_TOGGLE)
		return n != NULL && n->draft != NULL && at < n->draft->count &&
			       !n->draft->items[at].taken
			   ? "take"
			   : "drop";
	return NULL;
}

static const enum action notes_bar[] = { ACT_NEXT, ACT_TOGGLE, ACT_REWORD, ACT_REGROUP,
	ACT_MOVE_DOWN, ACT_EDITOR, ACT_BACK, ACT_NONE };

const struct page_ops page_notes = {
	.context = KEYS_NOTES,
	.state_size = sizeof(struct notes_page),
	.close = notes_close,
	.draw = notes_draw,
	.act = notes_act,
	.event = page_ask_event,
	.off = notes_off,
	.label = notes_label,
	.bar = notes_bar,
};
