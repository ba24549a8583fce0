/* Review: the files that will be uploaded, each to be opened and looked at. */
#include <stdio.h>
#include <string.h>

#include "browser.h"
#include "slipway/dist/finding.h"
#include "slipway/os/clock.h"
#include "slipway/tui/list.h"
#include "slipway/tui/widget.h"
#include "slipway/wizard/wizard.h"
#include "ui.h"

struct review_page {
	struct list list;
};

static void
draw_file(void *arg, struct region row, size_t index, bool selected)
{
	const struct page *p = arg;
	const struct release *r = ui_release(page_ui(p));
	const struct release_file *f = &r->files[index];
	size_t findings = f->findings != NULL ? f->findings->count : 0;
	char size[32];
	int name = row.w - 6 - 11 - 4;

	if (selected)
		region_text(row, 0, 0, ROLE_KEY, "▸");
	region_text(row, 2, 0, f->reviewed ? ROLE_GOOD : ROLE_DIM, f->reviewed ? "[✓]" : "[ ]");
	region_path_fit(row, 6, 0, name, ROLE_PATH, f->name);
	region_text_right(row, row.w - 4, 0, ROLE_VALUE, size_text(f->size, size, sizeof size));
	if (findings > 0)
		region_printf(row, row.w - 3, 0, ROLE_WARN, "!%zu", findings < 99 ? findings : 99);
}

static void
draw_details(const struct page *p, struct region r, size_t index)
{
	const struct release *rel = ui_release(page_ui(p));
	const struct release_file *f = &rel->files[index];
	int y = 1;

	widget_rule(r, 0);
	y += widget_fact(
	    r, y, 10, "sha256", ROLE_VALUE, f->sha256[0] != '\0' ? f->sha256 : "being computed…");
	y += widget_fact(r, y, 10, "kind", ROLE_TEXT, f->is_wheel ? "wheel" : "sdist");
	if (f->package < rel->package_count)
		y += widget_fact(r, y, 10, "package", ROLE_TEXT, rel->packages[f->package].name);
	widget_fact(r, y, 10, "findings", f->findings != NULL ? ROLE_TEXT : ROLE_UNKNOWN,
	    f->findings == NULL	      ? "not checked"
	    : f->findings->count == 0 ? "none"
				      : f->findings->items[0].message);
}

static void
review_draw(struct page *p, struct region body)
{
	struct review_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));
	struct region top = page_question(p, body);
	size_t reviewed = 0;
	char left[96];
	int rows = (int)r->file_count, most = top.h - 8;

	for (size_t i = 0; i < r->file_count; i++)
		reviewed += r->files[i].reviewed;
	snprintf(left, sizeof left, "what is really inside · %zu of %zu files reviewed", reviewed,
	    r->file_count);
	widget_title(top, step_title(STEP_REVIEW), left, NULL);
	list_set_count(&st->list, r->file_count);
	if (most < 3)
		most = top.h - 2;
	rows = rows < most ? rows : most;
	list_draw(&st->list, region_sub(top, 0, 2, top.w, rows), true, draw_file, p);
	if (r->file_count > 0)
		draw_details(p, region_below(top, 3 + rows), st->list.cursor);
}

/* --- keys --- */

static void
mark(struct page *p)
{
	struct review_page *st = p->state;
	struct ui *ui = page_ui(p);
	const struct release *r = ui_release(ui);
	size_t at = st->list.cursor;
	bool reviewed;

	if (at >= r->file_count)
		return;
	reviewed = !r->files[at].reviewed;
	wizard_mark_reviewed(ui->w, at, reviewed);
	for (size_t i = 1; reviewed && i <= r->file_count; i++)
		if (!r->files[(at + i) % r->file_count].reviewed) {
			list_select(&st->list, (at + i) % r->file_count);
			return;
		}
	/* All were looked at: what is left is to say so. */
	if (reviewed)
		shell_message(p->shell, ROLE_GOOD, "all files are marked: a accepts them");
}

static void
file_of(void *arg, size_t index, const char **path, const struct findings **findings)
{
	const struct release *r = ui_release(arg);

	*path = r->files[index].path;
	*findings = r->files[index].findings;
}

static const char *
read_only(void *arg)
{
	const struct ui *ui = arg;

	return wizard_step(ui->w) == STEP_REVIEW ? NULL : "the review is over";
}

static void
open_file(struct page *p)
{
	struct review_page *st = p->state;
	struct ui *ui = page_ui(p);
	struct browser_owner owner = { .loop = ui->loop,
		.reader = ui->reader,
		.worker = ui_worker(ui),
		.count = ui_release(ui)->file_count,
		.file = file_of,
		.read_only = read_only,
		.arg = ui };

	if (st->list.cursor >= owner.count)
		return;
	if (owner.worker == NULL)
		shell_message(p->shell, ROLE_BAD, "no thread can be started to read it");
	else
		browser_open(p->shell, &owner, st->list.cursor, true);
}

static bool
review_act(struct page *p, enum action a)
{
	struct review_page *st = p->state;
	struct ui *ui = page_ui(p);

	if (page_asks(p) && ui->ask.failed)
		return page_ask_act(p, a) || list_act(&st->list, a);
	if (a == ACT_REVIEWED)
		mark(p);
	else if (a == ACT_ACCEPT_ALL && page_asks(p))
		ask_choose(ui, "accept");
	else if (a == ACT_NEXT || a == ACT_RIGHT)
		open_file(p);
	else
		return list_act(&st->list, a);
	return true;
}

static const char *
review_off(struct page *p, enum action a)
{
	if (a == ACT_REVIEWED || a == ACT_ACCEPT_ALL) {
		if (page_read_only(p) != NULL)
			return page_read_only(p);
		if (a == ACT_ACCEPT_ALL && !page_asks(p))
			return "the hashes are being computed";
	}
	return NULL;
}

static const char *
review_label(struct page *p, enum action a)
{
	if (a == ACT_NEXT)
		return page_asks(p) && page_ui(p)->ask.failed ? "choose" : "look inside";
	return NULL;
}

static bool
review_event(struct page *p, const struct input_event *ev)
{
	struct review_page *st = p->state;
	size_t before = st->list.cursor;
	int x, y;

	if (page_ask_event(p, ev))
		return true;
	if (ev->type != INPUT_MOUSE || ev->mouse != INPUT_MOUSE_PRESS ||
	    !page_local(p, ev, &x, &y) || !list_click(&st->list, y - 2))
		return false;
	if (st->list.cursor == before)
		open_file(p);
	return true;
}

static const enum action review_bar[] = { ACT_NEXT, ACT_ACCEPT_ALL, ACT_REVIEWED, ACT_LOG,
	ACT_NONE };

const struct page_ops page_review = {
	.context = KEYS_REVIEW,
	.state_size = sizeof(struct review_page),
	.draw = review_draw,
	.act = review_act,
	.event = review_event,
	.off = review_off,
	.label = review_label,
	.bar = review_bar,
};
