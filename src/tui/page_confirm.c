/* Confirm: the plan with numbers, how each part would be undone, where no way leads back, and the
 * version to be typed. */
#include <stdio.h>
#include <string.h>

#include "slipway/os/clock.h"
#include "slipway/tui/widget.h"
#include "slipway/wizard/wizard.h"
#include "transfers.h"
#include "ui.h"

#define STOP " from here on there is no way back "

struct confirm_page {
	struct scroll scroll;
};

static bool
is_ahead(const struct plan_line *line)
{
	return line->step > STEP_CONFIRM;
}

static bool
is_upload(const struct plan_line *line)
{
	return strcmp(line->effect, "upload") == 0;
}

static int
draw_stop(struct region r, int y)
{
	int cells = text_cells(STOP, strlen(STOP)), left = (r.w - cells) / 2;

	region_hline(r, 0, y, r.w, ROLE_DANGER, "═");
	region_text(r, left > 0 ? left : 0, y, ROLE_DANGER, STOP);
	return y + 1;
}

/* "  3 push main …        undo: delete the tag": in one line when there is room for both. */
static int
draw_step(struct region r, int y, int number, const char *does, const struct plan_line *line)
{
	struct region text = region_right(r, 4);
	enum role role = line->reversible ? ROLE_DIM : ROLE_DANGER;
	int cells = line->undo != NULL ? text_cells(line->undo, strlen(line->undo)) : 0;

	region_printf(r, 0, y, ROLE_VALUE, "%3d", number);
	y += region_wrap(text, y, ROLE_TEXT, does);
	if (cells == 0)
		return y;
	if (text_cells(does, strlen(does)) + 2 + cells <= text.w)
		region_text_right(text, text.w, y - 1, role, line->undo);
	else if (cells <= text.w)
		region_text_right(text, text.w, y++, role, line->undo);
	else
		y += region_wrap(text, y, role, line->undo);
	return y;
}

static int
draw_file(struct region r, int y, const struct release_file *f)
{
	char size[32];
	int x;

	region_text_right(r, 13, y, ROLE_VALUE, size_text(f->size, size, sizeof size));
	x = region_printf(
	    r, 14, y, ROLE_DIM, "%.4s…%s", f->sha256, f->sha256[0] != '\0' ? f->sha256 + 60 : "");
	region_path_fit(r, x + 1, y, r.w - x - 1, ROLE_PATH, f->name);
	return y + 1;
}

static int
draw_uploads(struct page *p, struct region r, int y, int number, const struct plan_line *line)
{
	const struct release *rel = ui_release(page_ui(p));
	struct plan_line all = *line;
	char does[320], order[200];

	transfer_order(rel, order, sizeof order);
	snprintf(does, sizeof does, "upload %zu file%s to %s", rel->file_count,
	    rel->file_count == 1 ? "" : "s",
	    rel->index[INDEX_PRODUCTION].title != NULL ? rel->index[INDEX_PRODUCTION].title
						       : "the index");
	all.undo = line->reversible ? line->undo : "cannot be undone";
	y = draw_step(r, y, number, does, &all);
	for (size_t i = 0; i < rel->file_count; i++)
		y = draw_file(r, y, &rel->files[i]);
	if (order[0] != '\0')
		y += region_wrap(region_right(r, 4), y, ROLE_DIM, order);
	return y;
}

static int
draw_plan(struct page *p, struct region r, int y)
{
	const struct release *rel = ui_release(page_ui(p));
	bool stopped = false, uploads = false;
	int number = 1;

	for (size_t i = 0; i < rel->plan_count; i++) {
		const struct plan_line *line = &rel->plan[i];

		if (!is_ahead(line) || (is_upload(line) && uploads))
			continue;
		if (!line->reversible && !stopped)
			y = draw_stop(r, y);
		stopped |= !line->reversible;
		uploads |= is_upload(line);
		if (is_upload(line) && rel->file_count > 0)
			y = draw_uploads(p, r, y, number++, line);
		else
			y = draw_step(r, y, number++, line->does, line);
	}
	return y;
}

static void
confirm_draw(struct page *p, struct region body)
{
	struct confirm_page *st = p->state;
	struct region top = page_question(p, body), lines = region_below(top, 2);
	const struct release *r = ui_release(page_ui(p));
	size_t reviewed = 0;
	int y = -st->scroll.top;
	char left[96];

	for (size_t i = 0; i < r->file_count; i++)
		reviewed += r->files[i].reviewed;
	snprintf(left, sizeof left, "%zu of %zu files marked reviewed · %s", reviewed,
	    r->file_count,
	    wizard_step_sign(page_ui(p)->w, STEP_REHEARSE) == SIGN_OK ? "rehearsed"
								      : "not rehearsed");
	widget_title(top, "Confirm", left, NULL);
	y = draw_plan(p, lines, y);
	scroll_end(&st->scroll, lines, y + st->scroll.top);
}

static bool
confirm_act(struct page *p, enum action a)
{
	struct confirm_page *st = p->state;

	if (a == ACT_DIFF)
		ui_show_diff(page_ui(p));
	else if (a == ACT_REPORT)
		return ui_show_report(page_ui(p));
	else
		return page_ask_act(p, a) || scroll_act(&st->scroll, a);
	return true;
}

static const char *
confirm_off(struct page *p, enum action a)
{
	const struct confirm_page *st = p->state;

	if (a == ACT_PAGE_DOWN || a == ACT_PAGE_UP)
		return scroll_off(&st->scroll);
	if (a == ACT_DIFF && ui_release(page_ui(p))->edits == NULL)
		return "the edits are in the release commit: git show it";
	return page_off_next(p, a);
}

static bool
ask_typed(const struct page *p)
{
	return page_asks(p) && page_ui(p)->ask.line.text.len > 0;
}

static const char *
confirm_label(struct page *p, enum action a)
{
	if (a == ACT_NEXT)
		return page_asks(p) && ask_form(&page_ui(p)->ask) == ASK_FORM_LINE
			   ? "release"
			   : page_next_label(p);
	if (a == ACT_PAGE_DOWN)
		return scroll_off(&((const struct confirm_page *)p->state)->scroll) == NULL
			   ? "rest of the plan"
			   : "";
	if (a == ACT_CLEAR)
		return ask_typed(p) ? NULL : "";
	if (a == ACT_DIFF && !ask_typed(p))
		return "diff";
	return page_letter_label(p, a);
}

static const enum action confirm_bar[] = { ACT_NEXT, ACT_PAGE_DOWN, ACT_DIFF, ACT_REPORT, ACT_CLEAR,
	ACT_NONE };

const struct page_ops page_confirm = {
	.context = KEYS_CONFIRM,
	.state_size = sizeof(struct confirm_page),
	.draw = confirm_draw,
	.act = confirm_act,
	.event = page_ask_event,
	.off = confirm_off,
	.label = confirm_label,
	.bar = confirm_bar,
};
