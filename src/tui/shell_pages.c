/* Ready-made pages in front of others: help, palette, questions, texts. */
#include "shell_pages.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/strlist.h"
#include "slipway/tui/edit_line.h"
#include "slipway/tui/list.h"
#include "slipway/tui/pager.h"
#include "slipway/tui/widget.h"

#define CARD_WIDTH 62

static bool
is_key(const struct input_event *ev, uint32_t key)
{
	return ev->type == INPUT_KEY && ev->mods == 0 && ev->key == key;
}

/* A page may be asked about while one of its own cards lies over it: cards are about the page in
 * DATA. */
static struct page *
about(struct page *p)
{
	return p->data;
}

/* --- help and palette: a list of actions --- */

struct actions {
	struct palette palette;
	struct list list;
	struct edit_line filter;
};

static void
actions_fill(struct page *p)
{
	struct actions *st = p->state;

	palette_filter(&st->palette, str_text(&st->filter.text));
	st->list.cursor = 0;
	list_set_count(&st->list, st->palette.count);
}

static size_t
places_of(enum action a)
{
	size_t n = 0;

	for (uint32_t bits = action_info[a].contexts; bits != 0; bits &= bits - 1)
		n++;
	return n;
}

/* The help: what only few pages have comes first, and what this one has not is left out. */
static void
sort_help(struct palette *p, bool has_search)
{
	enum action found[KEYS_PALETTE_MAX];
	size_t n = 0;

	for (int few = 1; few >= 0; few--)
		for (size_t i = 0; i < p->count; i++) {
			enum action a = p->found[i];
			bool searches = a == ACT_SEARCH || a == ACT_MATCH_NEXT ||
					a == ACT_MATCH_BACK;

			if ((places_of(a) <= KEYS_CONTEXT_COUNT / 2) == (few == 1) &&
			    (has_search || !searches))
				found[n++] = a;
		}
	memcpy(p->found, found, n * sizeof found[0]);
	p->count = n;
}

static void
help_open(struct page *p)
{
	struct actions *st = p->state;

	st->palette.context = about(p)->ops->context;
	palette_filter(&st->palette, "");
	sort_help(&st->palette, about(p)->ops->search != NULL);
	list_set_count(&st->list, st->palette.count);
}

static void
actions_open(struct page *p)
{
	struct actions *st = p->state;

	st->palette.context = about(p)->ops->context;
	actions_fill(p);
}

static void
actions_close(struct page *p)
{
	struct actions *st = p->state;

	edit_line_fini(&st->filter);
}

static void
draw_action(void *arg, struct region row, size_t index, bool selected)
{
	struct page *p = arg;
	struct actions *st = p->state;
	enum action a = st->palette.found[index];
	const struct page *of = about(p);
	const char *off = of->ops->off != NULL ? of->ops->off(about(p), a) : NULL;
	int x;

	(void)selected;
	region_text_fit(row, 0, 0, 13, off != NULL ? ROLE_KEY_OFF : ROLE_KEY, action_info[a].keys);
	x = region_text_fit(
	    row, 14, 0, row.w - 14, off != NULL ? ROLE_KEY_OFF : ROLE_CARD, action_info[a].help);
	if (off != NULL)
		region_printf(row, x, 0, ROLE_WARN, " (%s)", off);
	else if (action_info[a].kind == ACTION_EFFECT)
		region_text(row, x, 0, ROLE_WARN, " (changes something)");
}

static void
help_draw(struct page *p, struct region body)
{
	struct actions *st = p->state;
	struct region in = widget_card(body, CARD_WIDTH, body.h, "Keys of this page");

	list_draw(&st->list, in, true, draw_action, p);
	widget_card_end(in);
}

static void
palette_draw(struct page *p, struct region body)
{
	struct actions *st = p->state;
	struct region in = widget_card(body, CARD_WIDTH, body.h < 14 ? body.h : 14, "Commands");

	region_text(in, 0, 0, ROLE_KEY, ":");
	edit_line_draw(&st->filter, region_sub(in, 2, 0, in.w - 2, 1), "type part of a name");
	widget_rule(in, 1);
	list_draw(&st->list, region_below(in, 2), true, draw_action, p);
	widget_card_end(in);
}

/* Closes the card, then does what was chosen on the page that is in front then. */
static void
run_selected(struct page *p)
{
	struct actions *st = p->state;
	struct shell *s = p->shell;
	enum action a = ACT_NONE;

	if (st->list.cursor < st->palette.count)
		a = st->palette.found[st->list.cursor];
	shell_pop(s);
	shell_act(s, a);
}

static bool
actions_act(struct page *p, enum action a)
{
	struct actions *st = p->state;

	if (a == ACT_NEXT) {
		run_selected(p);
		return true;
	}
	return list_act(&st->list, a);
}

static bool
palette_event(struct page *p, const struct input_event *ev)
{
	struct actions *st = p->state;

	if (is_key(ev, INPUT_KEY_UP) || is_key(ev, INPUT_KEY_DOWN) || is_key(ev, INPUT_KEY_ENTER) ||
	    is_key(ev, INPUT_KEY_ESCAPE))
		return false;
	if (!edit_line_event(&st->filter, ev))
		return false;
	actions_fill(p);
	return true;
}

static const enum action actions_bar[] = { ACT_NEXT, ACT_UP, ACT_DOWN, ACT_NONE };

static const char *
actions_label(struct page *p, enum action a)
{
	/* The palette types, the help is there. */
	(void)p;
	return a == ACT_NEXT ? "do it" : a == ACT_HELP ? "" : NULL;
}

const struct page_ops shell_help_page = {
	.context = KEYS_CARD,
	.state_size = sizeof(struct actions),
	.is_card = true,
	.open = help_open,
	.close = actions_close,
	.draw = help_draw,
	.act = actions_act,
	.label = actions_label,
	.bar = actions_bar,
};

const struct page_ops shell_palette_page = {
	.context = KEYS_CARD,
	.state_size = sizeof(struct actions),
	.is_card = true,
	.open = actions_open,
	.close = actions_close,
	.draw = palette_draw,
	.act = actions_act,
	.event = palette_event,
	.label = actions_label,
	.bar = actions_bar,
};

/* --- a question --- */

struct question_card {
	char *title, *text;
	struct strlist options;
	struct list list;
	struct edit_line line;
	bool danger, answered;
	shell_choice_fn on_choice;
	shell_text_fn on_text;
	void *arg;
};

static void
question_close(struct page *p)
{
	struct question_card *q = p->state;

	if (!q->answered) {
		q->answered = true;
		if (q->on_choice != NULL)
			q->on_choice(q->arg, SIZE_MAX);
		else if (q->on_text != NULL)
			q->on_text(q->arg, NULL);
	}
	free(q->title);
	free(q->text);
	strlist_fini(&q->options);
	edit_line_fini(&q->line);
}

static void
draw_option(void *arg, struct region row, size_t index, bool selected)
{
	const struct question_card *q = arg;

	region_text(row, 0, 0, ROLE_KEY, selected ? "▸" : " ");
	region_text_fit(row, 2, 0, row.w - 2, ROLE_CARD, q->options.items[index]);
}

static void
question_draw(struct page *p, struct region body)
{
	struct question_card *q = p->state;
	int width = body.w < CARD_WIDTH ? body.w : CARD_WIDTH;
	int lines = q->text != NULL ? region_wrap_height(width - 4, q->text) : 0;
	int rows = q->on_choice != NULL ? (int)q->options.count : 1;
	int y;
	struct region in = widget_card(body, width, lines + rows + 3, q->title);

	y = q->text != NULL ? region_wrap(in, 0, q->danger ? ROLE_DANGER : ROLE_CARD, q->text) + 1
			    : 0;
	/* A long text gives way to the choice. */
	if (y > in.h - rows)
		y = in.h > rows ? in.h - rows : 0;
	if (q->on_choice != NULL)
		list_draw(&q->list, region_below(in, y), true, draw_option, q);
	else
		edit_line_draw(&q->line, region_row(in, y), NULL);
	widget_card_end(in);
}

static bool
question_act(struct page *p, enum action a)
{
	struct question_card *q = p->state;

	if (a != ACT_NEXT)
		return q->on_choice != NULL && list_act(&q->list, a);
	q->answered = true;
	if (q->on_choice != NULL) {
		shell_choice_fn fn = q->on_choice;
		void *arg = q->arg;
		size_t chosen = q->list.cursor;

		shell_pop(p->shell);
		fn(arg, chosen);
	} else {
		shell_text_fn fn = q->on_text;
		void *arg = q->arg;
		char *text = mem_strdup(str_text(&q->line.text));

		shell_pop(p->shell);
		fn(arg, text);
		free(text);
	}
	return true;
}

static bool
question_event(struct page *p, const struct input_event *ev)
{
	struct question_card *q = p->state;

	if (q->on_text == NULL)
		return false;
	return edit_line_event(&q->line, ev);
}

static const enum action question_bar[] = { ACT_NEXT, ACT_NONE };

static const char *
question_label(struct page *p, enum action a)
{
	const struct question_card *q = p->state;

	if (a == ACT_HELP)
		return q->on_choice != NULL ? NULL : "";
	return a != ACT_NEXT ? NULL : q->on_choice != NULL ? "choose" : "accept";
}

static const struct page_ops question_page = {
	.context = KEYS_CARD,
	.state_size = sizeof(struct question_card),
	.is_card = true,
	.close = question_close,
	.draw = question_draw,
	.act = question_act,
	.event = question_event,
	.label = question_label,
	.bar = question_bar,
};

void
shell_ask(struct shell *s, const struct shell_question *q, shell_choice_fn fn, void *arg)
{
	struct question_card *card = shell_push(s, &question_page, NULL)->state;

	card->title = mem_strdup(q->title);
	card->text = mem_strdup(q->text);
	card->danger = q->danger;
	card->on_choice = fn;
	card->arg = arg;
	for (size_t i = 0; i < q->count; i++)
		strlist_add(&card->options, q->options[i]);
	list_set_count(&card->list, q->count);
	list_select(&card->list, q->preset);
}

void
shell_ask_text(struct shell *s, const char *title, const char *text, const char *preset,
    shell_text_fn fn, void *arg)
{
	struct question_card *card = shell_push(s, &question_page, NULL)->state;

	card->title = mem_strdup(title);
	card->text = mem_strdup(text);
	card->on_text = fn;
	card->arg = arg;
	edit_line_set(&card->line, preset != NULL ? preset : "");
}

/* --- a text --- */

struct text_page {
	char *title;
	struct pager pager;
	struct pager_text text;
};

static void
text_close(struct page *p)
{
	struct text_page *t = p->state;

	free(t->title);
	pager_text_fini(&t->text);
}

static void
text_draw(struct page *p, struct region body)
{
	struct text_page *t = p->state;
	char where[64];

	pager_draw(&t->pager, region_below(body, 2));
	snprintf(where, sizeof where, "%zu of %zu lines", t->pager.count > 0 ? t->pager.top + 1 : 0,
	    t->pager.count);
	widget_title(body, t->title, NULL, where);
}

static bool
text_act(struct page *p, enum action a)
{
	struct text_page *t = p->state;

	return pager_act(&t->pager, a);
}

static bool
text_search(struct page *p, const char *text)
{
	struct text_page *t = p->state;

	return pager_search(&t->pager, text);
}

static const enum action text_bar[] = { ACT_SEARCH, ACT_MATCH_NEXT, ACT_WRAP, ACT_TOP, ACT_BOTTOM,
	ACT_NONE };

static const struct page_ops text_page = {
	.context = KEYS_PAGER,
	.state_size = sizeof(struct text_page),
	.close = text_close,
	.draw = text_draw,
	.act = text_act,
	.search = text_search,
	.bar = text_bar,
};

void
shell_show_text(struct shell *s, const char *title, const char *text, size_t len, bool diff)
{
	struct text_page *t = shell_push(s, &text_page, NULL)->state;

	t->title = mem_strdup(title);
	t->text.diff = diff;
	pager_set_text(&t->pager, &t->text, text, len);
}
