/* Rehearse and publish: tokens, uploads, and what goes with them. */
#include <stdio.h>
#include <string.h>

#include "slipway/tui/widget.h"
#include "slipway/wizard/wizard.h"
#include "transfers.h"
#include "ui.h"

struct upload_page {
	struct scroll scroll;
};

static bool
is_compact(const struct page *p, struct region r)
{
	const struct release *rel = ui_release(page_ui(p));

	return (int)rel->file_count * 2 + 2 > r.h;
}

static int
draw_token(struct region r, int y, const struct release_index *index)
{
	if (!index->token_loaded && index->token_source == NULL)
		return y;
	widget_draw_sign(r, 0, y, index->token_loaded ? SIGN_OK : SIGN_TODO, 0);
	region_printf(region_right(r, 2), 0, y, ROLE_TEXT, "token for %s: %s",
	    index->title != NULL ? index->title : "the index",
	    index->token_source != NULL ? index->token_source : "typed in");
	return y + 1;
}

static int
draw_files(const struct page *p, struct region r, int y, enum index_role role)
{
	const struct release *rel = ui_release(page_ui(p));
	char order[256];

	for (size_t i = 0; i < rel->file_count; i++)
		y = transfer_draw(p, r, y, &rel->files[i], role, is_compact(p, r));
	transfer_order(rel, order, sizeof order);
	if (order[0] != '\0')
		y += 1 + region_wrap(r, y + 1, ROLE_DIM, order);
	return y;
}

/* --- rehearse --- */

static void
draw_skipped(struct page *p, struct region r)
{
	region_text(r, 0, 0, ROLE_UNKNOWN, "–");
	region_wrap(
	    region_right(r, 2), 0, ROLE_UNKNOWN, wizard_step_text(page_ui(p)->w, page_step(p)));
}

static void
rehearse_draw(struct page *p, struct region body)
{
	struct upload_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));
	const struct release_index *index = &r->index[INDEX_TEST];
	struct region top = page_question(p, body), lines = region_below(top, 2);
	int y = -st->scroll.top;
	char title[96];

	snprintf(title, sizeof title, "Rehearse%s%s", index->title != NULL ? " on " : "",
	    index->title != NULL ? index->title : "");
	widget_title(top, title, NULL, NULL);
	region_text_fit(
	    top, 0, 1, top.w, ROLE_WARN, "cannot be undone: a file name is used up there for good");
	if (page_sign(p) == SIGN_UNCHECKED) {
		draw_skipped(p, lines);
		return;
	}
	y = draw_token(lines, y, index);
	y = draw_files(p, lines, y, INDEX_TEST);
	scroll_end(&st->scroll, lines, y + st->scroll.top);
}

/* --- publish --- */

static enum sign
sign_of(enum effect_status s)
{
	switch (s) {
	case EFFECT_PLANNED:
		return SIGN_TODO;
	case EFFECT_RUNNING:
		return SIGN_RUNNING;
	case EFFECT_DONE:
		return SIGN_OK;
	case EFFECT_FAILED:
		return SIGN_BAD;
	case EFFECT_UNDONE:
		return SIGN_LOOK;
	}
	return SIGN_TODO;
}

static int
draw_effect(struct page *p, struct region r, int y, const struct plan_line *line)
{
	widget_draw_sign(r, 0, y, sign_of(line->status), shell_now(p->shell));
	y += region_wrap(region_right(r, 2), y, ROLE_TEXT, line->does);
	if (line->status == EFFECT_RUNNING)
		shell_animate(p->shell);
	if (line->status == EFFECT_FAILED && line->failure != NULL)
		y += region_wrap(region_right(r, 4), y, ROLE_BAD, line->failure);
	return y;
}

/* The plan in its order; all uploads stand where the first of them does. */
static int
draw_plan(struct page *p, struct region r, int y)
{
	const struct release *rel = ui_release(page_ui(p));
	bool uploads = false;

	for (size_t i = 0; i < rel->plan_count; i++) {
		const struct plan_line *line = &rel->plan[i];

		if (line->step != STEP_PUBLISH)
			continue;
		if (strcmp(line->effect, "upload") != 0)
			y = draw_effect(p, r, y, line);
		else if (!uploads)
			y = draw_files(p, r, y, INDEX_PRODUCTION) + 1;
		uploads |= strcmp(line->effect, "upload") == 0;
	}
	return y;
}

static void
publish_draw(struct page *p, struct region body)
{
	struct upload_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));
	struct region top = page_question(p, body), lines = region_below(top, 3);
	const struct release_index *index = &r->index[INDEX_PRODUCTION];
	int y = -st->scroll.top;
	char title[96];

	snprintf(title, sizeof title, "Publish%s%s", index->title != NULL ? " to " : "",
	    index->title != NULL ? index->title : "");
	widget_title(top, title, NULL, NULL);
	region_text_fit(top, 0, 1, top.w, r->accepted ? ROLE_DANGER : ROLE_WARN,
	    r->accepted ? "The index may have files of this version: only forward now."
			: "Everything can be undone until the index accepts a file.");
	y = draw_token(lines, y, index);
	y = draw_plan(p, lines, y);
	scroll_end(&st->scroll, lines, y + st->scroll.top);
}

/* --- both --- */

static bool
upload_act(struct page *p, enum action a)
{
	struct upload_page *st = p->state;
	struct ui *ui = page_ui(p);

	if (a == ACT_SKIP) {
		if (!page_asks(p) || !(ask_choose(ui, "skip") || ask_choose(ui, "none")))
			shell_message(p->shell, ROLE_WARN, "it cannot be left out now");
		return true;
	}
	if (a == ACT_REPORT)
		return ui_show_report(ui);
	return page_ask_act(p, a) || scroll_act(&st->scroll, a);
}

static const char *
upload_off(struct page *p, enum action a)
{
	if (a == ACT_OTHER_INDEX)
		return page_asks(p) && page_ui(p)->ask.q->id == ASK_TEST_INDEX
			   ? "choose it in the list"
			   : "the index is chosen already";
	if (a == ACT_SKIP)
		return page_read_only(p);
	return page_off_next(p, a);
}

static bool
can_skip(const struct page *p)
{
	const struct question *q = page_asks(p) ? page_ui(p)->ask.q : NULL;

	for (size_t i = 0; q != NULL && i < q->option_count; i++)
		if (strcmp(q->options[i].id, "skip") == 0 || strcmp(q->options[i].id, "none") == 0)
			return true;
	return false;
}

static const char *
upload_label(struct page *p, enum action a)
{
	if (a == ACT_NEXT)
		return page_next_label(p);
	if (a == ACT_CLEAR)
		return page_clear_label(p);
	return a == ACT_SKIP ? (can_skip(p) ? "skip" : "") : page_letter_label(p, a);
}

static const enum action rehearse_bar[] = { ACT_NEXT, ACT_CLEAR, ACT_SKIP, ACT_LOG, ACT_NONE };
static const enum action publish_bar[] = { ACT_NEXT, ACT_CLEAR, ACT_REPORT, ACT_LOG, ACT_NONE };

const struct page_ops page_rehearse = {
	.context = KEYS_REHEARSE,
	.state_size = sizeof(struct upload_page),
	.draw = rehearse_draw,
	.act = upload_act,
	.event = page_ask_event,
	.off = upload_off,
	.label = upload_label,
	.bar = rehearse_bar,
};

const struct page_ops page_publish = {
	.context = KEYS_PUBLISH,
	.state_size = sizeof(struct upload_page),
	.draw = publish_draw,
	.act = upload_act,
	.event = page_ask_event,
	.off = upload_off,
	.label = upload_label,
	.bar = publish_bar,
};
