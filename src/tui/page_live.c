/* Live: whether the index lists every file with the reviewed sha256, and the installs from there.
 */
#include <stdio.h>
#include <string.h>

#include "jobs_view.h"
#include "slipway/tui/widget.h"
#include "slipway/wizard/wizard.h"
#include "ui.h"

struct live_page {
	struct jobs_view view;
};

static void
live_open(struct page *p)
{
	struct live_page *st = p->state;

	jobs_view_open(&st->view, page_ui(p)->loop, p->shell);
}

static void
live_close(struct page *p)
{
	struct live_page *st = p->state;

	jobs_view_close(&st->view);
}

static void
draw_file(const struct page *p, struct region row, const struct release_file *f)
{
	bool listed = f->transfer[INDEX_PRODUCTION].listed;
	enum sign sign = listed ? SIGN_OK : SIGN_UNCHECKED;
	char text[64];
	int cells;

	if (!listed && page_sign(p) == SIGN_RUNNING && !page_asks(p))
		sign = SIGN_RUNNING;
	snprintf(
	    text, sizeof text, "%s %.4s…", listed ? "listed, sha256" : "not listed yet", f->sha256);
	if (!listed)
		text[sizeof "not listed yet" - 1] = '\0';
	cells = text_cells(text, strlen(text));
	widget_draw_sign(row, 0, 0, sign, shell_now(p->shell));
	region_path_fit(row, 2, 0, row.w - cells - 4, ROLE_PATH, f->name);
	region_text_right(row, row.w, 0, ROLE_DIM, text);
}

static void
live_draw(struct page *p, struct region body)
{
	struct live_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));
	struct region top = page_question(p, body);
	int files = (int)r->file_count, most = r->install_count > 0 ? top.h / 3 : top.h - 4;
	const char *title = r->index[INDEX_PRODUCTION].title;

	widget_title(top, step_title(STEP_LIVE), title, NULL);
	if (page_sign(p) == SIGN_UNCHECKED) {
		region_wrap(region_below(top, 2), 0, ROLE_UNKNOWN,
		    wizard_step_text(page_ui(p)->w, STEP_LIVE));
		return;
	}
	files = files < most ? files : most;
	for (int i = 0; i < files; i++)
		draw_file(p, region_row(top, 2 + i), &r->files[i]);
	if ((size_t)files < r->file_count)
		region_printf(top, 2, 1, ROLE_DIM, "%d of %zu files", files, r->file_count);
	if (r->install_count > 0) {
		widget_rule(top, 2 + files);
		jobs_view_draw(&st->view, region_below(top, 3 + files), "Install", r->installs,
		    r->install_count, NULL);
	} else if (page_sign(p) == SIGN_RUNNING && !page_asks(p)) {
		region_text(top, 0, 3 + files, ROLE_DIM, "Asking until every file is listed…");
		shell_animate(p->shell);
	}
}

static bool
live_act(struct page *p, enum action a)
{
	struct live_page *st = p->state;

	if (a == ACT_AGAIN)
		return page_asks(p) && ask_choose(page_ui(p), "again");
	if (a == ACT_REPORT)
		return ui_show_report(page_ui(p));
	return page_ask_act(p, a) || jobs_view_act(&st->view, a);
}

static const char *
live_off(struct page *p, enum action a)
{
	if (a == ACT_AGAIN && !page_asks(p))
		return "it is still asking, or all is well";
	return page_off_next(p, a);
}

static const char *
live_label(struct page *p, enum action a)
{
	const struct live_page *st = p->state;

	if (a == ACT_NEXT)
		return page_next_label(p);
	if (a == ACT_PANE)
		return jobs_view_tab_label(&st->view);
	if (a == ACT_SEARCH)
		return st->view.count > 0 ? NULL : "";
	return a == ACT_AGAIN && !page_asks(p) ? "" : NULL;
}

static bool
live_search(struct page *p, const char *text)
{
	struct live_page *st = p->state;

	return jobs_view_search(&st->view, text);
}

static const enum action live_bar[] = { ACT_NEXT, ACT_PANE, ACT_SEARCH, ACT_AGAIN, ACT_REPORT,
	ACT_NONE };

const struct page_ops page_live = {
	.context = KEYS_LIVE,
	.state_size = sizeof(struct live_page),
	.open = live_open,
	.close = live_close,
	.draw = live_draw,
	.act = live_act,
	.event = page_ask_event,
	.off = live_off,
	.label = live_label,
	.search = live_search,
	.bar = live_bar,
};
