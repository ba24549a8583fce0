/* Summary: the lines of the report, as they are in its file; and commit, and the choice at an
 * unfinished release, which have little to show. */
#include <stdio.h>
#include <string.h>

#include "jobs_view.h"
#include "slipway/base/str.h"
#include "slipway/tui/widget.h"
#include "slipway/wizard/wizard.h"
#include "ui.h"

struct summary_page {
	struct scroll scroll;
};

/* Columns of "- ", "  " and "    " in front of a line: what wraps goes on behind them. */
static int
indent_of(const char *line)
{
	int spaces = (int)strspn(line, " ");

	return strncmp(line + spaces, "- ", 2) == 0 ? spaces + 2 : spaces;
}

/* A word longer than a line: a hash, a path. Cut in the middle; the report has all of it. */
static bool
has_long_word(const char *text, int w)
{
	while (*text != '\0') {
		size_t len = strcspn(text, " ");

		if (text_cells(text, len) > w)
			return true;
		text += len;
		text += strspn(text, " ");
	}
	return false;
}

static int
draw_line(struct region r, int y, const char *line)
{
	int indent = indent_of(line), rows = 1;
	struct region right = region_right(r, indent);
	const char *text = line + indent;
	enum role role = ROLE_TEXT;

	if (indent > 0 && line[indent - 2] == '-')
		region_text(r, indent - 2, y, ROLE_DIM, "·");
	else if (indent > 0)
		role = ROLE_DIM;
	if (has_long_word(text, right.w))
		region_path_fit(right, 0, y, right.w, role, text);
	else
		rows = region_wrap(right, y, role, text);
	return y + (rows > 0 ? rows : 1);
}

/* Headings without their signs, and without the empty line that Markdown wants behind them. */
static int
draw_report(struct region r, int y, const struct strlist *report)
{
	for (size_t i = 0; i < report->count; i++) {
		const char *line = report->items[i];
		size_t hashes = strspn(line, "#");

		if (hashes > 0 && line[hashes] == ' ') {
			y += region_wrap(r, y, ROLE_TITLE, line + hashes + 1);
			i += i + 1 < report->count && report->items[i + 1][0] == '\0' ? 1 : 0;
		} else {
			y = draw_line(r, y, line);
		}
	}
	return y;
}

static void
summary_draw(struct page *p, struct region body)
{
	struct summary_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));
	struct region top = page_question(p, body), lines = region_below(top, 3);
	int y = -st->scroll.top;

	widget_title(top, step_title(STEP_SUMMARY),
	    r->dry_run ? "a dry run: nothing was published" : NULL, NULL);
	if (r->report_path != NULL) {
		int x = region_text(top, 0, 1, ROLE_DIM, "report: ");

		region_path_fit(top, x, 1, top.w - x, ROLE_PATH, r->report_path);
	}
	if (r->report.count == 0)
		region_text(lines, 0, 0, ROLE_DIM, "Writing the report…");
	y = draw_report(lines, y, &r->report);
	scroll_end(&st->scroll, lines, y + st->scroll.top);
}

static bool
summary_act(struct page *p, enum action a)
{
	struct summary_page *st = p->state;

	if (a == ACT_REPORT)
		return ui_show_report(page_ui(p));
	return page_ask_act(p, a) || scroll_act(&st->scroll, a);
}

static const char *
label(struct page *p, enum action a)
{
	if (a == ACT_NEXT && page_asks(p) && page_step(p) == STEP_SUMMARY)
		return "finish";
	return a == ACT_NEXT ? page_next_label(p) : NULL;
}

static const char *
summary_label(struct page *p, enum action a)
{
	if (a == ACT_PAGE_DOWN)
		return scroll_off(&((const struct summary_page *)p->state)->scroll) == NULL ? NULL
											    : "";
	return label(p, a);
}

static const char *
off(struct page *p, enum action a)
{
	return page_off_next(p, a);
}

static const enum action summary_bar[] = { ACT_NEXT, ACT_PAGE_DOWN, ACT_REPORT, ACT_LOG, ACT_NONE };

const struct page_ops page_summary = {
	.context = KEYS_SUMMARY,
	.state_size = sizeof(struct summary_page),
	.draw = summary_draw,
	.act = summary_act,
	.event = page_ask_event,
	.off = off,
	.label = summary_label,
	.bar = summary_bar,
};

bool
ui_show_report(struct ui *ui)
{
	const struct release *r = ui_release(ui);
	struct str text = STR_EMPTY;

	strlist_join(&r->report, "\n", &text);
	for (size_t i = 0; r->report.count == 0 && i < STEP_COUNT; i++) {
		enum sign sign = wizard_step_sign(ui->w, (enum step_id)i);

		if (sign != SIGN_TODO)
			str_printf(&text, "%s %-10s %s\n", widget_sign(sign, 0),
			    step_name((enum step_id)i), wizard_step_text(ui->w, (enum step_id)i));
	}
	for (size_t i = 0; r->report.count == 0 && i < r->plan_count; i++)
		str_printf(&text, "%s%s\n", i == 0 ? "\nThe plan:\n" : "", r->plan[i].does);
	shell_show_text(ui->shell, "Report so far", str_text(&text), text.len, false);
	str_fini(&text);
	return true;
}

/* --- commit --- */

struct commit_page {
	struct jobs_view news;
};

static void
commit_open(struct page *p)
{
	struct commit_page *st = p->state;

	jobs_view_open(&st->news, page_ui(p)->loop, p->shell);
}

static void
commit_close(struct page *p)
{
	struct commit_page *st = p->state;

	jobs_view_close(&st->news);
}

static void
commit_draw(struct page *p, struct region body)
{
	struct commit_page *st = p->state;
	struct region top = page_question(p, body);
	const struct release *r = ui_release(page_ui(p));
	int y = 2;

	widget_title(top, step_title(STEP_COMMIT), NULL, NULL);
	if (r->commit != NULL) {
		y += widget_fact(top, y, 11, "commit", ROLE_VALUE, r->commit);
		if (r->commit_subject != NULL)
			y += widget_fact(top, y, 11, "message", ROLE_TEXT, r->commit_subject);
	} else if (page_sign(p) == SIGN_RUNNING && !page_asks(p)) {
		region_text(
		    top, 0, y++, ROLE_RUNNING, "git is at work; your hooks and signing apply.");
		shell_animate(p->shell);
	}
	if (r->worktree != NULL)
		y += widget_fact(top, y, 11, "worktree", ROLE_PATH, r->worktree);
	y += 1 + region_wrap(region_below(top, y + 1), 0, ROLE_DIM,
		     "It lies off your branch: branch, index and files stay as they are until you "
		     "confirm the release.");
	if (r->news_count > 0 && top.h > y + 4) {
		widget_rule(top, y + 1);
		jobs_view_draw(&st->news, region_below(top, y + 2), "towncrier", r->news,
		    r->news_count, NULL);
	}
}

static bool
commit_act(struct page *p, enum action a)
{
	struct commit_page *st = p->state;

	if (a == ACT_DIFF)
		ui_show_diff(page_ui(p));
	else if (!page_ask_act(p, a))
		return st->news.count > 0 && jobs_view_act(&st->news, a);
	return true;
}

static const enum action plain_bar[] = { ACT_NEXT, ACT_LOG, ACT_NONE };

const struct page_ops page_commit = {
	.context = KEYS_COMMIT,
	.state_size = sizeof(struct commit_page),
	.open = commit_open,
	.close = commit_close,
	.draw = commit_draw,
	.act = commit_act,
	.event = page_ask_event,
	.off = off,
	.label = label,
	.bar = plain_bar,
};

/* --- an unfinished release --- */

static void
resume_draw(struct page *p, struct region body)
{
	struct region top = page_question(p, body);
	const struct ui *ui = page_ui(p);

	widget_title(top, "Unfinished release", NULL, NULL);
	region_wrap(region_below(top, 2), 0, ROLE_TEXT,
	    "A release of this repository was begun and has not ended. Going on asks git and the "
	    "indexes what really happened before anything is done; no file is published twice.");
	if (ui->w != NULL && !page_asks(p))
		region_text(top, 0, top.h - 1, ROLE_RUNNING, "Asking git and the indexes…");
}

static bool
resume_act(struct page *p, enum action a)
{
	return page_ask_act(p, a);
}

const struct page_ops page_resume = {
	.context = KEYS_RESUME,
	.draw = resume_draw,
	.act = resume_act,
	.event = page_ask_event,
	.label = label,
	.bar = plain_bar,
};
