/* Preflight: every line with its sign, what was found, and the way out beside it. */
#include <stdio.h>
#include <string.h>

#include "slipway/tui/widget.h"
#include "slipway/wizard/wizard.h"
#include "ui.h"

#define LABEL_WIDTH 16
#define LABEL_X 2

struct preflight_page {
	struct scroll scroll;
	char words[96]; /* of the question; ask.words as long as the page is there */
};

static size_t
count(const struct release *r, enum sign sign)
{
	size_t n = 0;

	for (size_t i = 0; i < r->line_count; i++)
		n += r->lines[i].sign == sign;
	return n;
}

static int
draw_line(const struct page *p, struct region r, int y, const struct check_line *line)
{
	bool waits = line->sign == SIGN_RUNNING || line->sign == SIGN_TODO;
	const char *text = waits ? "looking…" : line->text;
	struct region right = region_right(r, LABEL_WIDTH + LABEL_X);
	enum role role = line->sign == SIGN_BAD	   ? ROLE_BAD
			 : line->sign == SIGN_LOOK ? ROLE_WARN
						   : ROLE_TEXT;
	int rows;

	if (waits || line->sign == SIGN_UNCHECKED)
		role = ROLE_DIM;
	widget_draw_sign(r, 0, y, line->sign, shell_now(p->shell));
	region_text_fit(r, LABEL_X, y, LABEL_WIDTH - 1, ROLE_TEXT, line->label);
	rows = region_wrap(right, y, role, text != NULL ? text : "");
	rows = rows > 0 ? rows : 1;
	if (line->hint != NULL && line->sign != SIGN_OK && !waits)
		rows += region_wrap(right, y + rows, ROLE_VALUE, line->hint);
	if (line->can_leave_out && line->sign == SIGN_BAD && page_is_live(p)) {
		int x = region_text(right, 0, y + rows, ROLE_KEY, "i");

		region_text_fit(right, x + 1, y + rows, right.w - x - 1, ROLE_KEY_LABEL,
		    "leave them out of the release, and go on");
		rows++;
	}
	return rows;
}

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* The lines above say what failed, and what to do about it. */
static void
set_words(struct page *p, const struct release *r)
{
	struct preflight_page *st = p->state;
	size_t bad = count(r, SIGN_BAD);

	if (!page_asks(p) || page_ui(p)->ask.q->id != ASK_PREFLIGHT || !page_ui(p)->ask.failed ||
	    bad == 0)
		return;
	snprintf(st->words, sizeof st->words,
	    "%zu problem%s stop%s the release. Nothing has been changed.", bad, plural(bad),
	    bad == 1 ? "s" : "");
	page_ui(p)->ask.words = st->words;
}

static void
preflight_draw(struct page *p, struct region body)
{
	struct preflight_page *st = p->state;
	const struct release *rel = ui_release(page_ui(p));
	struct region top, lines;
	size_t open = count(rel, SIGN_TODO) + count(rel, SIGN_RUNNING);
	char done[48] = "", stand[64] = "";
	int y = -st->scroll.top;

	set_words(p, rel);
	top = page_question(p, body);
	lines = region_below(top, 2);
	if (rel->line_count > 0)
		snprintf(
		    done, sizeof done, "%zu of %zu done", rel->line_count - open, rel->line_count);
	/* The last lines may be out of sight; how it stands is not. */
	if (rel->line_count > 0)
		snprintf(stand, sizeof stand, "%zu problem%s, %zu warning%s", count(rel, SIGN_BAD),
		    plural(count(rel, SIGN_BAD)), count(rel, SIGN_LOOK),
		    plural(count(rel, SIGN_LOOK)));
	widget_title(top, step_title(STEP_PREFLIGHT), stand, done);
	for (size_t i = 0; i < rel->line_count; i++)
		y += draw_line(p, lines, y, &rel->lines[i]);
	if (rel->line_count == 0)
		region_text(lines, 0, y++, ROLE_DIM, "Opening the repository…");
	else if (open > 0)
		region_text(lines, 0, ++y, ROLE_DIM, "Looking; nothing is changed.");
	scroll_end(&st->scroll, lines, y + st->scroll.top);
	if (open > 0)
		shell_animate(p->shell);
}

/* The line that "i" speaks of. */
static size_t
line_to_leave_out(const struct release *r)
{
	size_t i = 0;

	while (i < r->line_count && !(r->lines[i].can_leave_out && r->lines[i].sign == SIGN_BAD))
		i++;
	return i;
}

static bool
preflight_act(struct page *p, enum action a)
{
	struct preflight_page *st = p->state;
	struct ui *ui = page_ui(p);

	if (a == ACT_AGAIN)
		wizard_look_again(ui->w);
	else if (a == ACT_IGNORE)
		wizard_leave_out(ui->w, line_to_leave_out(ui_release(ui)));
	else
		return page_ask_act(p, a) || scroll_act(&st->scroll, a);
	return true;
}

static const char *
preflight_off(struct page *p, enum action a)
{
	const struct release *r = ui_release(page_ui(p));

	if ((a == ACT_AGAIN || a == ACT_IGNORE) && page_read_only(p) != NULL)
		return page_read_only(p);
	if (a == ACT_AGAIN && !page_asks(p))
		return "it is still looking";
	if (a == ACT_IGNORE && line_to_leave_out(r) == r->line_count)
		return "no changed files stop the release";
	return page_off_next(p, a);
}

static const char *
preflight_label(struct page *p, enum action a)
{
	return a == ACT_NEXT ? page_next_label(p) : NULL;
}

static void
preflight_close(struct page *p)
{
	page_ui(p)->ask.words = NULL;
}

static const enum action preflight_bar[] = { ACT_NEXT, ACT_AGAIN, ACT_LOG, ACT_NONE };

const struct page_ops page_preflight = {
	.context = KEYS_PREFLIGHT,
	.state_size = sizeof(struct preflight_page),
	.close = preflight_close,
	.draw = preflight_draw,
	.act = preflight_act,
	.event = page_ask_event,
	.off = preflight_off,
	.label = preflight_label,
	.bar = preflight_bar,
};
