/* Checks, build and smoke: commands with their logs. */
#include <stdio.h>

#include "jobs_view.h"
#include "slipway/tui/widget.h"
#include "slipway/wizard/wizard.h"
#include "ui.h"

struct jobs_page {
	struct jobs_view view;
};

static void
jobs_open(struct page *p)
{
	struct jobs_page *st = p->state;

	jobs_view_open(&st->view, page_ui(p)->loop, p->shell);
}

static void
jobs_close(struct page *p)
{
	struct jobs_page *st = p->state;

	jobs_view_close(&st->view);
}

static void
jobs_of(const struct page *p, struct job *const **jobs, size_t *count)
{
	const struct release *r = ui_release(page_ui(p));
	bool checks = page_step(p) == STEP_CHECKS, build = page_step(p) == STEP_BUILD;

	*jobs = checks ? r->checks : build ? r->builds : r->smokes;
	*count = checks ? r->check_count : build ? r->build_count : r->smoke_count;
}

/* The smoke step waits for the index before it has anything to run. */
static int
draw_listed(struct page *p, struct region r)
{
	const struct release *rel = ui_release(page_ui(p));
	int y = 2;

	region_printf(r, 0, y++, ROLE_TEXT, "Waiting until %s lists every file with its sha256:",
	    rel->index[INDEX_TEST].title != NULL ? rel->index[INDEX_TEST].title : "the index");
	for (size_t i = 0; i < rel->file_count; i++, y++) {
		bool listed = rel->files[i].transfer[INDEX_TEST].listed;

		widget_draw_sign(r, 2, y, listed ? SIGN_OK : SIGN_RUNNING, shell_now(p->shell));
		region_path_fit(r, 4, y, r.w - 4, ROLE_PATH, rel->files[i].name);
	}
	return y;
}

static void
draw_empty(struct page *p, struct region r)
{
	enum sign sign = page_sign(p);
	struct ui *ui = page_ui(p);

	if (sign == SIGN_UNCHECKED)
		region_wrap(
		    region_below(r, 2), 0, ROLE_UNKNOWN, wizard_step_text(ui->w, page_step(p)));
	else if (sign == SIGN_RUNNING && page_step(p) == STEP_SMOKE)
		draw_listed(p, r);
	else if (sign == SIGN_RUNNING)
		region_text(r, 0, 2, ROLE_DIM, "Getting ready…");
	if (sign == SIGN_RUNNING)
		shell_animate(p->shell);
}

static void
jobs_draw(struct page *p, struct region body)
{
	struct jobs_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));
	struct region top = page_question(p, body);
	struct job *const *jobs;
	size_t count;
	char note[64] = "";

	jobs_of(p, &jobs, &count);
	if (r->commit != NULL && page_step(p) != STEP_SMOKE)
		snprintf(note, sizeof note, "from commit %.7s", r->commit);
	jobs_view_draw(&st->view, top, step_title(page_step(p)), jobs, count, note);
	if (count == 0)
		draw_empty(p, top);
}

static bool
jobs_act(struct page *p, enum action a)
{
	struct jobs_page *st = p->state;

	if (a == ACT_CANCEL) {
		wizard_cancel_jobs(page_ui(p)->w);
		shell_message(p->shell, ROLE_WARN, "stopping what runs");
		return true;
	}
	if (a == ACT_AGAIN && page_asks(p))
		return ask_choose(page_ui(p), "again");
	if (a == ACT_SKIP && page_asks(p))
		return ask_choose(page_ui(p), "go-on");
	return page_ask_act(p, a) || jobs_view_act(&st->view, a);
}

static const char *
jobs_off(struct page *p, enum action a)
{
	if (a == ACT_CANCEL || a == ACT_AGAIN || a == ACT_SKIP) {
		if (page_read_only(p) != NULL)
			return page_read_only(p);
		if (a == ACT_CANCEL && (page_asks(p) || page_sign(p) != SIGN_RUNNING))
			return "nothing runs";
		if (a != ACT_CANCEL && !page_asks(p))
			return "it still runs: c stops it";
	}
	return page_off_next(p, a);
}

static const char *
jobs_label(struct page *p, enum action a)
{
	const struct jobs_page *st = p->state;

	if (a == ACT_NEXT)
		return page_next_label(p);
	if (a == ACT_PANE)
		return jobs_view_tab_label(&st->view);
	if ((a == ACT_SEARCH || a == ACT_WARNINGS || a == ACT_FOLLOW) && st->view.count == 0)
		return "";
	if (a == ACT_CANCEL)
		return jobs_off(p, a) == NULL ? NULL : "";
	return a == ACT_AGAIN ? "again" : NULL;
}

static bool
jobs_search(struct page *p, const char *text)
{
	struct jobs_page *st = p->state;

	return jobs_view_search(&st->view, text);
}

static const enum action jobs_bar[] = { ACT_NEXT, ACT_PANE, ACT_CANCEL, ACT_WARNINGS, ACT_SEARCH,
	ACT_FOLLOW, ACT_NONE };

#define JOBS_PAGE(where)                                                                           \
	{                                                                                          \
		.context = (where), .state_size = sizeof(struct jobs_page), .open = jobs_open,     \
		.close = jobs_close, .draw = jobs_draw, .act = jobs_act, .event = page_ask_event,  \
		.off = jobs_off, .label = jobs_label, .search = jobs_search, .bar = jobs_bar,      \
	}

const struct page_ops page_checks = JOBS_PAGE(KEYS_CHECKS);
const struct page_ops page_build = JOBS_PAGE(KEYS_BUILD);
const struct page_ops page_smoke = JOBS_PAGE(KEYS_SMOKE);
