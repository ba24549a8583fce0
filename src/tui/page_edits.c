/* Edits: what will change, place by place, and the file around the selected one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "patch_view.h"
#include "slipway/base/mem.h"
#include "slipway/project/edit.h"
#include "slipway/tui/widget.h"
#include "slipway/wizard/wizard.h"
#include "ui.h"

#define NO_PLACE SIZE_MAX
#define WHOLE_FILE (SIZE_MAX - 1) /* no place of a version: the configuration */
#define WHAT_MIN 16 /* columns for the name of a place */

/* A line of the list: a file, or one of its places. */
struct row {
	size_t place; /* NO_PLACE: the heading of FILE; or WHOLE_FILE */
	const char *file;
};

struct edits_page {
	struct list list;
	struct row *rows;
	size_t count, cap;
	const struct places *of; /* what the rows are of */
	struct patch_view patch;
	const struct edit_file *patch_of;
	const char *patch_after;
	size_t patch_place;
	bool in_diff; /* the keys that move go to the diff */
};

static void
edits_close(struct page *p)
{
	struct edits_page *st = p->state;

	patch_view_fini(&st->patch);
	free(st->rows);
}

/* --- the list --- */

static bool
is_place(void *arg, size_t index)
{
	const struct edits_page *st = arg;

	return st->rows[index].place != NO_PLACE;
}

static void
add(struct edits_page *st, size_t place, const char *file)
{
	st->rows = mem_grow(st->rows, &st->cap, st->count + 1, sizeof *st->rows);
	st->rows[st->count++] = (struct row) { place, file };
}

static bool
has_file(const struct edits_page *st, const char *file)
{
	for (size_t i = 0; i < st->count; i++)
		if (strcmp(st->rows[i].file, file) == 0)
			return true;
	return false;
}

static void
fill_rows(struct edits_page *st, const struct release *r)
{
	const struct places *places = r->places;

	st->count = 0;
	st->of = places;
	for (size_t i = 0; places != NULL && i < places->count; i++) {
		const char *file = places->items[i].file;

		if (has_file(st, file))
			continue;
		add(st, NO_PLACE, file);
		for (size_t k = i; k < places->count; k++)
			if (strcmp(places->items[k].file, file) == 0)
				add(st, k, file);
	}
	for (size_t i = 0; r->edits != NULL && i < r->edits->count; i++) {
		const char *file = r->edits->items[i].path;

		if (has_file(st, file))
			continue;
		add(st, NO_PLACE, file);
		add(st, WHOLE_FILE, file);
	}
	st->list.selectable = is_place;
	st->list.arg = st;
	list_set_count(&st->list, st->count);
}

static const struct place *
selected(const struct edits_page *st)
{
	size_t at = st->list.cursor;

	if (st->of == NULL || at >= st->count || st->rows[at].place >= WHOLE_FILE)
		return NULL;
	return &st->of->items[st->rows[at].place];
}

/* The one whose changes are shown; NULL: none is selected. */
static const char *
selected_file(const struct edits_page *st)
{
	size_t at = st->list.cursor;

	return st->of != NULL && at < st->count && st->rows[at].place != NO_PLACE
		   ? st->rows[at].file
		   : NULL;
}

static void
draw_role(const struct page *p, struct region row, int x, const struct place *k)
{
	const struct release *r = ui_release(page_ui(p));
	char text[128] = "";

	switch (k->role) {
	case PLACE_AUTHORITY:
		snprintf(text, sizeof text, "authority");
		break;
	case PLACE_MIRROR:
		snprintf(text, sizeof text, "repeats it");
		break;
	case PLACE_FOLLOWS:
		snprintf(text, sizeof text, "follows %s",
		    k->follows < r->package_count ? r->packages[k->follows].name
						  : "another package");
		break;
	case PLACE_MENTION:
		snprintf(text, sizeof text, "mentions it");
		break;
	}
	region_text_fit(row, x, 0, row.w - x, ROLE_DIM, text);
}

static void
draw_row(void *arg, struct region row, size_t index, bool is_selected)
{
	const struct page *p = arg;
	const struct edits_page *st = p->state;
	int role_x = row.w - (row.w >= 90 ? 34 : 23), x, value, what;
	const struct place *k;

	if (st->rows[index].place == NO_PLACE) {
		region_path_fit(row, 1, 0, row.w - 1, ROLE_PATH, st->rows[index].file);
		return;
	}
	if (is_selected)
		region_text(row, 2, 0, ROLE_KEY, "▸");
	if (st->rows[index].place == WHOLE_FILE) {
		region_text_fit(row, 8, 0, row.w - 8, ROLE_TEXT, "keeps how tags are made");
		return;
	}
	k = &st->of->items[st->rows[index].place];
	if (k->new_text == NULL || (k->question && !k->included)) {
		region_text(row, 5, 0, k->question ? ROLE_WARN : ROLE_DIM, k->question ? "!" : "–");
		x = region_text_fit(row, 8, 0, row.w / 3, ROLE_TEXT, k->what);
		region_text_fit(row, x + 2, 0, row.w - x - 2, k->question ? ROLE_WARN : ROLE_DIM,
		    k->note != NULL ? k->note : "not offered");
		return;
	}
	region_text(row, 4, 0, ROLE_KEY, k->included ? "[x]" : "[ ]");
	/* What changes counts most, then what it is of, then what it is for. */
	value = (int)(strlen(k->old_text) + strlen(k->new_text)) + 3;
	if (role_x - 12 - value < WHAT_MIN)
		role_x = row.w;
	what = role_x - 12 - value;
	x = region_text_fit(row, 8, 0, what < WHAT_MIN ? WHAT_MIN : what, ROLE_TEXT, k->what);
	region_printf(row, x + 2, 0, ROLE_VALUE, "%s → %s", k->old_text, k->new_text);
	if (role_x < row.w)
		draw_role(p, row, role_x, k);
}

/* --- the file below --- */

static void
update_patch(struct edits_page *st, const struct release *r, int rows)
{
	const struct place *k = selected(st);
	const char *file = selected_file(st);
	const struct edit_file *found = NULL;
	size_t place = k != NULL ? (size_t)(k - st->of->items) : NO_PLACE;

	for (size_t i = 0; r->edits != NULL && file != NULL && i < r->edits->count; i++)
		if (strcmp(r->edits->items[i].path, file) == 0)
			found = &r->edits->items[i];
	/* The wizard makes the edits anew whenever a place is left out. */
	if (found != st->patch_of || (found != NULL && found->after.data != st->patch_after) ||
	    (found == NULL) != (st->patch.lines == NULL)) {
		patch_view_fini(&st->patch);
		if (found != NULL)
			patch_view_set(&st->patch,
			    (struct bytes) { str_text(&found->before), found->before.len },
			    (struct bytes) { str_text(&found->after), found->after.len });
		st->patch_of = found;
		st->patch_after = found != NULL ? found->after.data : NULL;
		st->patch_place = NO_PLACE;
	}
	if (place != st->patch_place && k != NULL)
		patch_view_go_to(&st->patch, k->line, rows);
	st->patch_place = place;
}

static void
draw_file(struct page *p, struct region r)
{
	struct edits_page *st = p->state;
	const struct place *k = selected(st);
	int note = 0;

	widget_rule(r, 0);
	r = region_below(r, 1);
	if (selected_file(st) == NULL)
		return;
	if (k != NULL && k->note != NULL)
		note = region_wrap(region_sub(r, 1, 0, r.w - 1, 2), 0,
		    k->question ? ROLE_WARN : ROLE_DIM, k->note);
	r = region_below(r, note > 2 ? 2 : note);
	update_patch(st, ui_release(page_ui(p)), r.h);
	patch_view_draw(&st->patch, r);
	if (st->in_diff)
		region_text_right(r, r.w, 0, ROLE_TAB_HERE, "Tab: places");
}

static void
edits_draw(struct page *p, struct region body)
{
	struct edits_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));
	struct region top = page_question(p, body);
	size_t included = 0, at = 0, all = 0;
	char left[64], right[32];
	int rows, most;

	if (r->places != st->of || r->places == NULL)
		fill_rows(st, r);
	for (size_t i = 0; i < st->count; i++) {
		all += st->rows[i].place < WHOLE_FILE;
		at += st->rows[i].place < WHOLE_FILE && i <= st->list.cursor;
		included += st->rows[i].place < WHOLE_FILE &&
			    st->of->items[st->rows[i].place].included;
	}
	snprintf(left, sizeof left, "%zu place%s in %zu file%s", included, included == 1 ? "" : "s",
	    r->edits != NULL ? r->edits->count : 0,
	    r->edits != NULL && r->edits->count == 1 ? "" : "s");
	snprintf(right, sizeof right, "%zu of %zu", at, all);
	widget_title(top, step_title(STEP_EDITS), left, right);
	if (st->count == 0)
		return;
	/* The list as far as it goes, but half is for the file. */
	most = top.h - 3 - (top.h - 3) / 2;
	rows = (int)st->count < most ? (int)st->count : most;
	list_draw(&st->list, region_sub(top, 0, 2, top.w, rows), !st->in_diff, draw_row, p);
	draw_file(p, region_below(top, 2 + rows));
}

/* --- keys --- */

static void
toggle(struct page *p)
{
	struct edits_page *st = p->state;
	const struct place *k = selected(st);

	if (k == NULL || k->new_text == NULL)
		shell_message(p->shell, ROLE_DIM, "%s",
		    k == NULL	      ? "go back, and answer what the tags are otherwise"
		    : k->note != NULL ? k->note
				      : "this place cannot be edited");
	else if (k->role == PLACE_AUTHORITY)
		shell_message(
		    p->shell, ROLE_WARN, "this place decides the version: it cannot be left out");
	else
		wizard_include_place(page_ui(p)->w, (size_t)(k - st->of->items), !k->included);
	/* The edits were made anew. */
	st->patch_of = NULL;
}

void
ui_show_diff(struct ui *ui)
{
	struct str text = STR_EMPTY;

	patch_unified(ui_release(ui)->edits, &text);
	shell_show_text(ui->shell, "The whole diff", str_text(&text), text.len, true);
	str_fini(&text);
}

static bool
edits_act(struct page *p, enum action a)
{
	struct edits_page *st = p->state;

	if (a == ACT_DIFF)
		ui_show_diff(page_ui(p));
	else if (a == ACT_TOGGLE)
		toggle(p);
	else if (a == ACT_PLACE_NEXT)
		list_act(&st->list, ACT_DOWN);
	else if (a == ACT_PLACE_BACK)
		list_act(&st->list, ACT_UP);
	else if (a == ACT_PANE || a == ACT_PANE_BACK)
		st->in_diff = !st->in_diff;
	else if (page_ask_act(p, a))
		return true;
	else if (st->in_diff || a == ACT_LEFT || a == ACT_RIGHT || a == ACT_WRAP)
		return pager_act(&st->patch.pager, a);
	else
		return list_act(&st->list, a);
	return true;
}

static const char *
edits_off(struct page *p, enum action a)
{
	if (a == ACT_TOGGLE)
		return page_read_only(p);
	if (a == ACT_EDITOR)
		return "the edits are made by Slipway: leave a place out and mend it by hand "
		       "afterwards";
	return page_off_next(p, a);
}

static const char *
edits_label(struct page *p, enum action a)
{
	const struct place *k = selected(p->state);

	if (a == ACT_NEXT)
		return page_asks(p) && ask_form(&page_ui(p)->ask) == ASK_FORM_SIMPLE
			   ? "accept"
			   : page_next_label(p);
	if (a == ACT_TOGGLE)
		return k == NULL || k->included || k->new_text == NULL ? "leave out" : "take in";
	return a == ACT_PLACE_NEXT ? "next place" : NULL;
}

static const enum action edits_bar[] = { ACT_NEXT, ACT_TOGGLE, ACT_PLACE_NEXT, ACT_DIFF, ACT_BACK,
	ACT_NONE };

const struct page_ops page_edits = {
	.context = KEYS_EDITS,
	.state_size = sizeof(struct edits_page),
	.close = edits_close,
	.draw = edits_draw,
	.act = edits_act,
	.event = page_ask_event,
	.off = edits_off,
	.label = edits_label,
	.bar = edits_bar,
};
