/* Questions: how they look, and how keys become an answer. */
#include "ask.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/os/secret.h"
#include "slipway/tui/shell.h"
#include "slipway/tui/widget.h"
#include "slipway/wizard/wizard.h"
#include "ui.h"

#define BOX_ROWS 3

void
ask_fini(struct ask *a)
{
	edit_line_fini(&a->line);
	secret_free(a->secret);
	memset(a, 0, sizeof *a);
}

static size_t
row_count(const struct question *q)
{
	return q->option_count + (q->kind == QUESTION_TEXT ? 1 : 0);
}

const struct question_option *
ask_option(const struct ask *a, size_t row)
{
	if (a->q->kind == QUESTION_TEXT) {
		if (row == a->usual)
			return NULL;
		if (row > a->usual)
			row--;
	}
	return row < a->q->option_count ? &a->q->options[row] : NULL;
}

static void
select_preset(struct ask *a)
{
	for (size_t i = 0; i < a->list.count; i++) {
		const struct question_option *o = ask_option(a, i);

		if (o != NULL && a->q->preset != NULL && strcmp(o->id, a->q->preset) == 0)
			list_select(&a->list, i);
	}
}

void
ask_set(struct ask *a, const struct question *q, bool failed)
{
	bool again = q != NULL && q->error != NULL && q->id == a->last;

	a->q = q;
	a->note = a->words = NULL;
	a->mending = false;
	secret_free(a->secret);
	a->secret = NULL;
	a->rows = (struct region) { .surface = NULL };
	if (q == NULL)
		return;
	a->failed = failed;
	a->last = q->id;
	if (again)
		return;
	a->away = a->typing = false;
	a->usual = q->option_count;
	edit_line_set(&a->line, "");
	a->list = (struct list) { .count = 0 };
	list_set_count(&a->list, row_count(q));
	select_preset(a);
}

void
ask_set_usual(struct ask *a, size_t usual)
{
	if (a->usual == usual || usual > a->q->option_count)
		return;
	a->usual = usual;
	select_preset(a);
}

enum ask_form
ask_form(const struct ask *a)
{
	const struct question *q = a->q;

	if (q == NULL)
		return ASK_FORM_NONE;
	switch (q->kind) {
	case QUESTION_CHOICE:
		if (q->keyed && !a->failed)
			return ASK_FORM_SIMPLE;
		if (a->failed || q->preset == NULL || q->option_count > 2)
			return ASK_FORM_LIST;
		return q->option_count == 1 || strcmp(q->options[1].id, "leave") == 0
			   ? ASK_FORM_SIMPLE
			   : ASK_FORM_LIST;
	case QUESTION_TEXT:
		return a->typing ? ASK_FORM_LINE : ASK_FORM_LIST;
	case QUESTION_TYPED:
		return ASK_FORM_LINE;
	case QUESTION_SECRET:
		return ASK_FORM_HIDDEN;
	}
	return ASK_FORM_NONE;
}

/* --- looks --- */

static int
wrap_rows(int w, const char *text)
{
	return text != NULL && text[0] != '\0' ? region_wrap_height(w, text) : 0;
}

/* Columns of the labels; 0 when they leave too little for the details. */
static int
label_width(const struct ask *a, int w)
{
	int labels = 0;

	for (size_t i = 0; i < a->q->option_count; i++) {
		const struct question_option *o = &a->q->options[i];
		int label = text_cells(o->label, strlen(o->label));

		labels = label > labels ? label : labels;
	}
	return labels + 3 + 2 <= w / 2 ? labels + 3 : 0;
}

static bool
is_cut(const struct ask *a, int w, const struct question_option *o)
{
	int labels = label_width(a, w);

	return o->detail != NULL &&
	       (labels == 0 || labels + 2 + text_cells(o->detail, strlen(o->detail)) > w);
}

/* Some detail has no room beside its label: the whole of the selected one stands below. */
static bool
is_apart(const struct ask *a, int w)
{
	bool apart = false;

	for (size_t i = 0; i < a->q->option_count; i++)
		apart |= is_cut(a, w, &a->q->options[i]);
	return apart;
}

static int
form_height(const struct ask *a, int w)
{
	int rows = (int)a->list.count;

	switch (ask_form(a)) {
	case ASK_FORM_NONE:
	case ASK_FORM_SIMPLE:
		return 0;
	case ASK_FORM_LIST:
		return rows + (is_apart(a, w) ? 1 : 0);
	case ASK_FORM_LINE:
		return 1;
	case ASK_FORM_HIDDEN:
		return BOX_ROWS;
	}
	return 0;
}

static const char *
title_of(const struct ask *a)
{
	if (a->words != NULL)
		return a->words;
	/* In a line the title stands in front of what is typed. */
	return ask_form(a) == ASK_FORM_LINE ? NULL : a->q->title;
}

static const char *
text_of(const struct ask *a)
{
	return a->words != NULL ? NULL : a->q->text;
}

static const char *
refusal(const struct ask *a)
{
	return a->note != NULL ? a->note : a->mending ? NULL : a->q->error;
}

int
ask_height(const struct ask *a, int w)
{
	if (a->q == NULL)
		return 0;
	return 1 + wrap_rows(w - 2, title_of(a)) + wrap_rows(w - 2, text_of(a)) +
	       wrap_rows(w - 2, refusal(a)) + form_height(a, w);
}

static void
draw_option(void *arg, struct region row, size_t index, bool selected)
{
	const struct ask *a = arg;
	const struct question_option *o = ask_option(a, index);
	int labels = label_width(a, row.w);

	region_text(row, 0, 0, ROLE_KEY, selected ? "▸" : " ");
	region_text_fit(row, 2, 0, row.w - 2, ROLE_TEXT, o != NULL ? o->label : "other… (type it)");
	if (o != NULL && o->detail != NULL && labels > 0)
		region_text_fit(row, labels + 2, 0, row.w - labels - 2, ROLE_DIM, o->detail);
}

static void
draw_list(struct ask *a, struct region r)
{
	bool apart = is_apart(a, r.w) && r.h > 1;
	const struct question_option *o = ask_option(a, a->list.cursor);

	a->rows = region_sub(r, 0, 0, r.w, apart ? r.h - 1 : r.h);
	list_draw(&a->list, a->rows, !a->away, draw_option, a);
	if (apart && o != NULL && o->detail != NULL && is_cut(a, r.w, o))
		region_text_fit(r, 2, a->rows.h, r.w - 2, ROLE_DIM, o->detail);
}

int
ask_draw_error(const struct ask *a, struct region r, int y)
{
	const char *text = a->q != NULL ? refusal(a) : NULL;

	if (text == NULL || text[0] == '\0')
		return y;
	region_text(r, 0, y, ROLE_BAD, "✗");
	return y + region_wrap(region_sub(r, 2, y, r.w - 2, r.h - y), 0, ROLE_BAD, text);
}

int
ask_draw_line(struct ask *a, struct region r, int y)
{
	struct region box;
	int x;

	if (ask_form(a) == ASK_FORM_HIDDEN) {
		box = region_sub(r, 0, y, r.w, BOX_ROWS);
		region_box(box, ROLE_RULE);
		edit_secret_draw(region_sub(box, 2, 1, box.w - 4, 1));
		region_show_cursor(box, 2, 1);
		return y + BOX_ROWS;
	}
	x = region_text_fit(r, 0, y, r.w / 2, ROLE_TITLE, a->q->title);
	x = region_text(r, x, y, ROLE_TITLE, ": ");
	edit_line_draw(&a->line, region_sub(r, x, y, r.w - x, 1), NULL);
	return y + 1;
}

/* As many lines of TEXT as leave KEEP rows free. */
static int
draw_wrapped(struct region r, int y, int keep, enum role role, const char *text)
{
	int room = r.h - y - keep, rows = wrap_rows(r.w - 2, text);

	if (rows == 0 || room <= 0)
		return y;
	rows = rows < room ? rows : room;
	region_wrap(region_sub(r, 2, y, r.w - 2, rows), 0, role, text);
	return y + rows;
}

void
ask_draw(struct ask *a, struct region r)
{
	int form = form_height(a, r.w), y = 1, title = y;
	enum role role = a->failed			  ? ROLE_BAD
			 : ask_form(a) == ASK_FORM_SIMPLE ? ROLE_TEXT
							  : ROLE_TITLE;

	if (a->q == NULL || r.h <= 0)
		return;
	widget_rule(r, 0);
	y = draw_wrapped(r, y, form, role, title_of(a));
	if (y > title && ask_form(a) != ASK_FORM_SIMPLE)
		region_text(r, 0, title, role, a->failed ? "✗" : "?");
	y = draw_wrapped(r, y, form, ROLE_TEXT, text_of(a));
	if (r.h - y > form)
		y = ask_draw_error(a, region_sub(r, 0, 0, r.w, r.h - form), y);
	if (ask_form(a) == ASK_FORM_LIST)
		draw_list(a, region_below(r, y));
	else if (form > 0)
		ask_draw_line(a, r, y);
}

/* --- answers --- */

static void
send_text(struct ui *ui, const char *text, const char *reason)
{
	/* The question may be gone before the answer was read. */
	char *copy = mem_strdup(text), *why = mem_strdup(reason);
	const struct answer answer = { .id = ui->ask.q->id, .text = copy, .reason = why };

	wizard_answer(ui->w, &answer);
	free(copy);
	free(why);
	shell_redraw(ui->shell);
}

static bool
takes_reason(const struct question *q, const char *id)
{
	return q->reason_for != NULL && strcmp(id, q->reason_for) == 0;
}

static void
on_reason(void *arg, const char *text)
{
	struct ui *ui = arg;

	if (text == NULL || ui->ask.q == NULL || ui->ask.q->reason_for == NULL)
		return;
	if (text[strspn(text, " ")] == '\0')
		shell_message(ui->shell, ROLE_WARN,
		    "without a reason it does not go on: nothing was accepted");
	else
		send_text(ui, ui->ask.q->reason_for, text);
}

static void
send_option(struct ui *ui, const char *id)
{
	if (takes_reason(ui->ask.q, id))
		shell_ask_text(ui->shell, "Go on all the same",
		    "Why is that right? The reason is kept in the journal and in the report.", NULL,
		    on_reason, ui);
	else
		send_text(ui, id, NULL);
}

bool
ask_choose(struct ui *ui, const char *id)
{
	const struct question *q = ui->ask.q;

	for (size_t i = 0; q != NULL && i < q->option_count; i++)
		if (strcmp(q->options[i].id, id) == 0) {
			send_option(ui, id);
			return true;
		}
	return false;
}

static void
send_secret(struct ui *ui)
{
	struct ask *a = &ui->ask;
	struct answer answer = { .id = a->q->id };

	if (a->secret == NULL || secret_len(a->secret) == 0) {
		a->note = "nothing was typed or pasted yet";
		return;
	}
	answer.secret = a->secret;
	a->secret = NULL;
	wizard_answer(ui->w, &answer);
	shell_redraw(ui->shell);
}

static void
answer_row(struct ui *ui)
{
	struct ask *a = &ui->ask;
	const struct question_option *o = ask_option(a, a->list.cursor);

	if (o != NULL) {
		send_option(ui, o->id);
	} else if (a->q->kind == QUESTION_TEXT) {
		a->typing = true;
		a->away = false;
	}
}

static bool
next(struct ui *ui)
{
	struct ask *a = &ui->ask;

	switch (ask_form(a)) {
	case ASK_FORM_NONE:
		return false;
	case ASK_FORM_SIMPLE:
		send_option(ui, a->q->preset);
		return true;
	case ASK_FORM_LIST:
		if (a->away)
			return false;
		answer_row(ui);
		return true;
	case ASK_FORM_LINE:
		if (a->line.text.len == 0)
			a->note = "nothing was typed yet";
		else
			send_text(ui, str_text(&a->line.text), NULL);
		return true;
	case ASK_FORM_HIDDEN:
		send_secret(ui);
		return true;
	}
	return false;
}

bool
ask_act(struct ui *ui, enum action act)
{
	struct ask *a = &ui->ask;

	if (act == ACT_NEXT)
		return next(ui);
	if (act == ACT_CLEAR && a->q != NULL) {
		edit_line_set(&a->line, "");
		if (a->secret != NULL)
			secret_clear(a->secret);
		a->note = NULL;
		return true;
	}
	if (act == ACT_CLOSE && a->q != NULL && a->typing) {
		a->typing = false;
		return true;
	}
	/* Pages of a long text above are turned with PgUp and PgDn. */
	if ((act == ACT_UP || act == ACT_DOWN) && ask_form(a) == ASK_FORM_LIST && !a->away)
		return list_act(&a->list, act);
	return false;
}

/* --- typing --- */

/* While nothing is typed yet, keys that cannot begin the answer are keys. */
static bool
is_key(const struct ask *a, enum keys_context context, const struct input_event *ev)
{
	if (ev->type != INPUT_KEY || ev->text[0] == '\0')
		return false;
	if (a->q->kind == QUESTION_SECRET)
		return (a->secret == NULL || secret_len(a->secret) == 0) &&
		       (ev->key == 'q' || ev->key == '?');
	return a->q->kind == QUESTION_TYPED && a->line.text.len == 0 &&
	       (a->q->expected == NULL || ev->text[0] != a->q->expected[0]) &&
	       keys_lookup(context, ev->key, ev->mods) != ACT_NONE;
}

static bool
secret_event(struct ask *a, const struct input_event *ev)
{
	if (a->secret == NULL)
		a->secret = secret_new();
	if (ev->type == INPUT_PASTE &&
	    (ev->cut || secret_len(a->secret) + ev->paste_len > SECRET_MAX)) {
		a->note = "that paste is longer than any token: nothing of it was taken";
		return true;
	}
	return edit_secret_event(a->secret, ev);
}

static bool
click(struct ui *ui, const struct input_event *ev)
{
	struct ask *a = &ui->ask;
	size_t before = a->list.cursor;
	int y = ev->y - a->rows.y;

	if (ask_form(a) != ASK_FORM_LIST || ev->mouse != INPUT_MOUSE_PRESS || ev->x < a->rows.x ||
	    ev->x >= a->rows.x + a->rows.w || !list_click(&a->list, y))
		return false;
	/* The first click shows what would be chosen, the second chooses. */
	if (!a->away && a->list.cursor == before)
		answer_row(ui);
	a->away = false;
	return true;
}

bool
ask_event(struct ui *ui, enum keys_context context, const struct input_event *ev)
{
	struct ask *a = &ui->ask;
	enum ask_form form = ask_form(a);

	if (ev->type == INPUT_MOUSE)
		return click(ui, ev);
	if ((form != ASK_FORM_LINE && form != ASK_FORM_HIDDEN) || is_key(a, context, ev))
		return false;
	if (form == ASK_FORM_HIDDEN ? !secret_event(a, ev) : !edit_line_event(&a->line, ev))
		return false;
	/* A hidden paste has its note from just now. */
	if (form == ASK_FORM_LINE || ev->type == INPUT_KEY)
		a->note = NULL;
	a->mending = true;
	return true;
}
