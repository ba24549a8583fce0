/* What every page of a step does alike. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "slipway/tui/widget.h"
#include "slipway/wizard/wizard.h"
#include "ui.h"

struct ui *
page_ui(const struct page *p)
{
	return p->data;
}

enum step_id
page_step(const struct page *p)
{
	for (size_t i = 0; i < STEP_COUNT; i++)
		if (step_pages[i] == p->ops)
			return (enum step_id)i;
	return STEP_PREFLIGHT; /* the choice at an unfinished release */
}

enum sign
page_sign(const struct page *p)
{
	const struct ui *ui = page_ui(p);

	return ui->w != NULL ? wizard_step_sign(ui->w, page_step(p)) : SIGN_TODO;
}

bool
page_is_live(const struct page *p)
{
	const struct ui *ui = page_ui(p);

	return ui->w != NULL && wizard_step(ui->w) == page_step(p);
}

bool
page_asks(const struct page *p)
{
	const struct ui *ui = page_ui(p);

	return ui->ask.q != NULL && ui->ask.q->step == page_step(p);
}

const char *
page_read_only(const struct page *p)
{
	return page_is_live(p) ? NULL : "this step is over: > goes on, nothing can be changed here";
}

static struct region
above(struct region body, int rows)
{
	return region_sub(body, 0, 0, body.w, body.h - rows);
}

/* A step that ended badly, without a question: the release is over. */
static struct region
draw_error(struct region body, const struct err *e)
{
	int message = region_wrap_height(body.w - 2, e->message);
	int hint = e->hint[0] != '\0' ? region_wrap_height(body.w - 2, e->hint) : 0;
	int rows = 1 + message + hint;
	struct region r;

	if (rows > body.h - 3)
		rows = body.h - 3;
	r = region_below(body, body.h - rows);
	widget_rule(r, 0);
	region_text(r, 0, 1, ROLE_BAD, "✗");
	region_wrap(region_sub(r, 2, 1, r.w - 2, message), 0, ROLE_BAD, e->message);
	region_wrap(region_sub(r, 2, 1 + message, r.w - 2, r.h), 0, ROLE_TEXT, e->hint);
	return above(body, rows);
}

struct region
page_question(struct page *p, struct region body)
{
	struct ui *ui = page_ui(p);
	const struct err *e = ui->w != NULL ? wizard_step_error(ui->w, page_step(p)) : NULL;

	if (page_asks(p)) {
		int rows = ask_height(&ui->ask, body.w), most = body.h - body.h / 3;

		rows = rows < most ? rows : most;
		ask_draw(&ui->ask, region_below(body, body.h - rows));
		return above(body, rows);
	}
	if (e != NULL && page_sign(p) == SIGN_BAD)
		return draw_error(body, e);
	if (ui->w != NULL && !page_is_live(p) && body.h > 4) {
		region_text_fit(body, 0, body.h - 1, body.w, ROLE_DIM,
		    "This step is over; nothing can be changed here. > goes on.");
		return above(body, 1);
	}
	return body;
}

bool
page_ask_act(struct page *p, enum action a)
{
	return page_asks(p) && ask_act(page_ui(p), a);
}

bool
page_ask_event(struct page *p, const struct input_event *ev)
{
	return page_asks(p) && ask_event(page_ui(p), p->ops->context, ev);
}

const char *
page_next_label(const struct page *p)
{
	if (!page_asks(p))
		return "";
	switch (ask_form(&page_ui(p)->ask)) {
	case ASK_FORM_LIST:
		return "choose";
	case ASK_FORM_LINE:
	case ASK_FORM_HIDDEN:
		return "send";
	case ASK_FORM_SIMPLE:
	case ASK_FORM_NONE:
		break;
	}
	return NULL;
}

const char *
page_clear_label(const struct page *p)
{
	enum ask_form form = page_asks(p) ? ask_form(&page_ui(p)->ask) : ASK_FORM_NONE;

	return form == ASK_FORM_LINE || form == ASK_FORM_HIDDEN ? NULL : "";
}

const char *
page_letter_label(const struct page *p, enum action a)
{
	const struct ask *ask = &page_ui(p)->ask;
	enum ask_form form = page_asks(p) ? ask_form(ask) : ASK_FORM_NONE;
	/* A hidden prompt looks the same whether something was typed or not. */
	bool typing = form == ASK_FORM_HIDDEN ||
		      (form == ASK_FORM_LINE && (ask->typing || ask->line.text.len > 0));

	return typing && (a == ACT_HELP || a == ACT_QUIT || a == ACT_LOG || a == ACT_REPORT ||
			     a == ACT_DIFF || a == ACT_BACK || a == ACT_SEARCH || a == ACT_TOGGLE)
		   ? ""
		   : NULL;
}

bool
ui_matches(const char *text, const char *needle)
{
	size_t len = strlen(needle);
	bool exact = false;

	for (size_t i = 0; i < len; i++)
		exact |= isupper((unsigned char)needle[i]) != 0;
	for (; *text != '\0'; text++)
		if (exact ? strncmp(text, needle, len) == 0 : strncasecmp(text, needle, len) == 0)
			return true;
	return false;
}

const char *
page_off_next(const struct page *p, enum action a)
{
	if (a != ACT_NEXT || page_asks(p))
		return NULL;
	return page_is_live(p) ? "nothing is asked just now" : page_read_only(p);
}

/* --- scrolling --- */

bool
scroll_act(struct scroll *s, enum action a)
{
	int page = s->rows > 2 ? s->rows - 1 : 1, last = s->height - s->rows;

	if (a == ACT_UP)
		s->top--;
	else if (a == ACT_DOWN)
		s->top++;
	else if (a == ACT_PAGE_UP)
		s->top -= page;
	else if (a == ACT_PAGE_DOWN)
		s->top += page;
	else if (a == ACT_TOP)
		s->top = 0;
	else if (a == ACT_BOTTOM)
		s->top = last;
	else
		return false;
	s->top = s->top > last ? last : s->top;
	s->top = s->top < 0 ? 0 : s->top;
	return true;
}

void
scroll_end(struct scroll *s, struct region r, int height)
{
	s->height = height;
	s->rows = r.h;
	if (s->top > 0 && s->top > height - r.h)
		s->top = height > r.h ? height - r.h : 0;
	if (s->top > 0)
		region_text_right(r, r.w, 0, ROLE_DIM, "▲");
	if (s->top + r.h < height && r.h > 1) {
		struct region last = region_row(r, r.h - 1);
		char more[48];

		/* Its own line: what is cut in the middle of a list would be taken for its end. */
		region_fill(last, ROLE_TEXT);
		snprintf(more, sizeof more, "▼ %d more lines: PgDn", height - s->top - r.h + 1);
		region_text(last, 2, 0, ROLE_KEY_LABEL, more);
	}
}

const char *
scroll_off(const struct scroll *s)
{
	return s->height > s->rows ? NULL : "all of it is in sight";
}
