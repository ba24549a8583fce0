/* Review: the files that will be uploaded, each to be opened and looked at. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "browser.h"
#include "slipway/base/mem.h"
#include "slipway/dist/finding.h"
#include "slipway/os/clock.h"
#include "slipway/tui/list.h"
#include "slipway/tui/widget.h"
#include "slipway/wizard/check_settings.h"
#include "slipway/wizard/compare.h"
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
	size_t findings = f->findings != NULL ? findings_at_least(f->findings, FINDING_INFO) : 0;
	char size[32];
	int name = row.w - 6 - 11 - 4 - (f->marks.known ? 8 : 0);

	if (selected)
		region_text(row, 0, 0, ROLE_KEY, "▸");
	region_text(row, 2, 0, f->reviewed ? ROLE_GOOD : ROLE_DIM, f->reviewed ? "[✓]" : "[ ]");
	region_path_fit(row, 6, 0, name, ROLE_PATH, f->name);
	region_text_right(row, row.w - 4, 0, ROLE_VALUE, size_text(f->size, size, sizeof size));
	if (f->marks.known && f->marks.of > 0) {
		snprintf(size, sizeof size, "%zu/%zu", f->marks.done, f->marks.of);
		region_text_right(
		    row, row.w - 14, 0, f->marks.done == f->marks.of ? ROLE_GOOD : ROLE_DIM, size);
	}
	if (findings > 0)
		region_printf(row, row.w - 3, 0, ROLE_WARN, "!%zu", findings < 99 ? findings : 99);
}

/* Those that count, and what the first of them says. */
static void
describe(const struct release_file *f, struct str *out)
{
	size_t open = f->findings != NULL ? findings_at_least(f->findings, FINDING_INFO) : 0,
	       first = 0;

	if (f->findings == NULL) {
		str_puts(out, "not checked");
		return;
	}
	while (first < f->findings->count && f->findings->items[first].reason != NULL)
		first++;
	if (f->findings->count > open)
		str_printf(out, "%zu acknowledged", f->findings->count - open);
	if (first < f->findings->count)
		str_printf(
		    out, "%s%s", out->len > 0 ? "; " : "", f->findings->items[first].message);
	if (out->len == 0)
		str_puts(out, "none");
}

static void
draw_details(const struct page *p, struct region r, size_t index)
{
	const struct release *rel = ui_release(page_ui(p));
	const struct release_file *f = &rel->files[index];
	struct str text = STR_EMPTY;
	int y = 1;

	widget_rule(r, 0);
	y += widget_fact(
	    r, y, 10, "sha256", ROLE_VALUE, f->sha256[0] != '\0' ? f->sha256 : "being computed…");
	y += widget_fact(r, y, 10, "kind", ROLE_TEXT, f->is_wheel ? "wheel" : "sdist");
	if (f->package < rel->package_count)
		y += widget_fact(r, y, 10, "package", ROLE_TEXT, rel->packages[f->package].name);
	describe(f, &text);
	widget_fact(
	    r, y, 10, "findings", f->findings != NULL ? ROLE_TEXT : ROLE_UNKNOWN, str_text(&text));
	str_fini(&text);
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

/* --- the browser's owner: a looker of its own, which outlives no browser --- */

struct looker {
	struct ui *ui;
	struct browser *browser;
	struct strlist paths;
	struct check_settings settings; /* for findings that verify does not have any more */
	struct lookup {
		struct looker *l;
		struct compare_run *run; /* NULL: none under way */
	} * files;
	size_t count;
};

/* NULL when the files are built anew meanwhile: somebody looks at a step that is over. */
static const struct release_file *
file_at(const struct looker *l, size_t index)
{
	const struct release *r = ui_release(l->ui);

	return index < r->file_count ? &r->files[index] : NULL;
}

static void
file_of(void *arg, size_t index, const char **path, const struct findings **findings)
{
	const struct release_file *f = file_at(arg, index);

	*path = f != NULL ? f->path : "";
	*findings = f != NULL ? f->findings : NULL;
}

static const char *
read_only(void *arg)
{
	const struct looker *l = arg;

	return wizard_step(l->ui->w) == STEP_REVIEW ? NULL : "the review is over";
}

static void
on_compared(void *arg, struct compared *c, const struct err *e)
{
	struct lookup *k = arg;

	/* Why the file could not be read, the browser says itself. */
	(void)e;
	k->run = NULL;
	browser_compared(k->l->browser, (size_t)(k - k->l->files), c);
}

static void
compare(void *arg, struct browser *b, size_t index, const char *rev, const char *against)
{
	struct looker *l = arg;
	struct lookup *k = &l->files[index];

	l->browser = b;
	compare_cancel(k->run);
	k->run = NULL;
	/* What verify found is not looked for again. */
	if (rev == NULL && against == NULL && file_at(l, index) != NULL &&
	    file_at(l, index)->compared != NULL)
		browser_compared(b, index, compared_share(file_at(l, index)->compared));
	else if (file_at(l, index) != NULL)
		k->run = wizard_compare(l->ui->w, index, rev, against, on_compared, k);
}

static bool
is_marked(void *arg, size_t index, size_t member)
{
	const struct release_file *f = file_at(arg, index);

	return f != NULL && release_file_is_marked(f, member);
}

static void
mark_member(void *arg, size_t index, size_t member, bool reviewed)
{
	struct looker *l = arg;

	wizard_mark_member(l->ui->w, index, member, reviewed);
}

/* When all that changed was looked at, so was the file. */
static void
count_members(void *arg, size_t index, size_t done, size_t of)
{
	struct looker *l = arg;

	if (read_only(l) != NULL || file_at(l, index) == NULL)
		return;
	wizard_count_members(l->ui->w, index, done, of);
	if (done == of && of > 0 && !file_at(l, index)->reviewed)
		wizard_mark_reviewed(l->ui->w, index, true);
}

static void
check(void *arg, size_t index, struct dist_check_opts *out)
{
	struct looker *l = arg;

	if (file_at(l, index) != NULL)
		wizard_check_opts(l->ui->w, &l->settings, &l->paths, index, out);
}

static void
settle(void *arg, struct findings *f)
{
	const struct looker *l = arg;

	wizard_settle_findings(l->ui->w, f);
}

static enum err_code
acknowledge(void *arg, size_t index, const struct finding *f, const char *reason, struct err *e)
{
	struct looker *l = arg;

	(void)index;
	return wizard_acknowledge(l->ui->w, f, reason, e);
}

static void
looker_free(void *arg)
{
	struct looker *l = arg;

	for (size_t i = 0; i < l->count; i++)
		compare_cancel(l->files[i].run);
	check_settings_fini(&l->settings);
	strlist_fini(&l->paths);
	free(l->files);
	free(l);
}

static void
open_file(struct page *p)
{
	struct review_page *st = p->state;
	struct ui *ui = page_ui(p);
	size_t count = ui_release(ui)->file_count;
	struct looker *l;

	if (st->list.cursor >= count)
		return;
	/* Marks are bound to it. */
	if (page_read_only(p) == NULL && !page_asks(p)) {
		shell_message(p->shell, ROLE_DIM, "a moment: the hashes are being computed");
		return;
	}
	if (ui_worker(ui) == NULL) {
		shell_message(p->shell, ROLE_BAD, "no thread can be started to read it");
		return;
	}
	l = mem_zalloc(1, sizeof *l);
	*l = (struct looker) { .ui = ui, .count = count };
	l->files = mem_zalloc(count, sizeof l->files[0]);
	for (size_t i = 0; i < count; i++) {
		l->files[i].l = l;
		strlist_add(&l->paths, ui_release(ui)->files[i].path);
	}
	/* What is wrong with them, verify has said. */
	if (ui_release(ui)->config != NULL)
		(void)check_settings_load(
		    ui_release(ui)->root, ui_release(ui)->config, &l->settings, NULL);
	browser_open(p->shell,
	    &(struct browser_owner) { .loop = ui->loop,
		.reader = ui->reader,
		.worker = ui_worker(ui),
		.files = count,
		.file = file_of,
		.compare = compare,
		.is_reviewed = is_marked,
		.review = mark_member,
		.count = count_members,
		.read_only = read_only,
		.check = check,
		.settle = settle,
		.acknowledge = acknowledge,
		.closed = looker_free,
		.arg = l },
	    st->list.cursor, true);
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
	else if (a == ACT_SKIP && page_asks(p) && !ask_choose(ui, "skip"))
		shell_message(p->shell, ROLE_DIM, "no review is required: a accepts the files");
	else if (a == ACT_SKIP)
		return true;
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
