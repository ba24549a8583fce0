/* Verify: findings by file with what they mean, and the log of twine check. */
#include <stdio.h>
#include <stdlib.h>

#include "jobs_view.h"
#include "slipway/base/mem.h"
#include "slipway/dist/finding.h"
#include "slipway/tui/widget.h"
#include "slipway/wizard/wizard.h"
#include "ui.h"

#define HEADING SIZE_MAX
#define DETAIL_ROWS 5

struct row {
	size_t file, finding; /* HEADING: the file itself */
};

struct verify_page {
	struct jobs_view jobs;
	struct list list;
	struct row *rows;
	size_t count, cap;
	bool in_log;
	bool chosen; /* by hand */
};

static void
verify_open(struct page *p)
{
	struct verify_page *st = p->state;

	jobs_view_open(&st->jobs, page_ui(p)->loop, p->shell);
}

static void
verify_close(struct page *p)
{
	struct verify_page *st = p->state;

	jobs_view_close(&st->jobs);
	free(st->rows);
}

static bool
is_finding(void *arg, size_t index)
{
	const struct verify_page *st = arg;

	return st->rows[index].finding != HEADING;
}

static void
add(struct verify_page *st, size_t file, size_t finding)
{
	st->rows = mem_grow(st->rows, &st->cap, st->count + 1, sizeof *st->rows);
	st->rows[st->count++] = (struct row) { file, finding };
}

static void
fill_rows(struct verify_page *st, const struct release *r)
{
	st->count = 0;
	for (size_t i = 0; i < r->file_count; i++) {
		add(st, i, HEADING);
		for (size_t k = 0; r->files[i].findings != NULL && k < r->files[i].findings->count;
		     k++)
			add(st, i, k);
	}
	st->list.selectable = is_finding;
	st->list.arg = st;
	list_set_count(&st->list, st->count);
}

static const struct finding *
finding_of(const struct release *r, const struct row *row)
{
	return &r->files[row->file].findings->items[row->finding];
}

static enum sign
sign_of(enum finding_severity severity)
{
	switch (severity) {
	case FINDING_ERROR:
		return SIGN_BAD;
	case FINDING_WARN:
	case FINDING_INFO:
	case FINDING_SEVERITY_COUNT:
		break;
	}
	return SIGN_LOOK;
}

/* Nothing found is only good when somebody looked. */
static enum sign
sign_of_file(const struct page *p, const struct release_file *f)
{
	if (f->findings == NULL)
		return page_sign(p) == SIGN_RUNNING && !page_asks(p) ? SIGN_RUNNING
								     : SIGN_UNCHECKED;
	if (findings_at_least(f->findings, FINDING_ERROR) > 0)
		return SIGN_BAD;
	return findings_at_least(f->findings, FINDING_WARN) > 0 ? SIGN_LOOK : SIGN_OK;
}

static void
draw_file(const struct page *p, struct region row, const struct release_file *f)
{
	size_t n = f->findings != NULL ? f->findings->count : 0;
	char text[48] = "not checked";

	if (f->findings == NULL && sign_of_file(p, f) == SIGN_RUNNING && f->looked_at > 0)
		snprintf(text, sizeof text, "looking… %d %%", f->looked_at);
	else if (f->findings == NULL && sign_of_file(p, f) == SIGN_RUNNING)
		snprintf(text, sizeof text, "looking…");
	else if (f->findings != NULL && n == 0)
		snprintf(text, sizeof text, "nothing found");
	else if (f->findings != NULL)
		snprintf(text, sizeof text, "%zu finding%s", n, n == 1 ? "" : "s");
	widget_draw_sign(row, 0, 0, sign_of_file(p, f), shell_now(p->shell));
	region_path_fit(row, 2, 0, row.w - 18, ROLE_PATH, f->name);
	region_text_right(row, row.w, 0, ROLE_DIM, text);
}

static void
draw_row(void *arg, struct region row, size_t index, bool selected)
{
	const struct page *p = arg;
	const struct verify_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));
	const struct finding *f;
	int x;

	(void)selected;
	if (st->rows[index].finding == HEADING) {
		draw_file(p, row, &r->files[st->rows[index].file]);
		return;
	}
	f = finding_of(r, &st->rows[index]);
	x = widget_draw_sign(row, 4, 0, sign_of(f->severity), 0);
	x = region_text(row, x, 0, ROLE_BADGE, dist_rule(f->rule)->id) + 1;
	x = region_text(row, x, 0, ROLE_DIM, finding_severity_name(f->severity)) + 1;
	if (f->member != NULL)
		x = region_path_fit(row, x, 0, row.w / 3, ROLE_PATH, f->member) + 1;
	region_text_fit(row, x, 0, row.w - x, ROLE_TEXT, f->message);
}

static void
draw_details(struct region r, const struct finding *f)
{
	const struct dist_rule *rule = dist_rule(f->rule);
	int y = 1;

	widget_rule(r, 0);
	y += region_wrap(region_below(r, y), 0, ROLE_TEXT, f->message);
	y += region_wrap(region_below(r, y), 0, ROLE_DIM, rule->meaning);
	region_wrap(region_below(r, y), 0, ROLE_VALUE, rule->fix);
}

static void
draw_findings(struct page *p, struct region r)
{
	struct verify_page *st = p->state;
	const struct release *rel = ui_release(page_ui(p));
	int details = r.h >= 10 ? DETAIL_ROWS : 0;
	bool found;

	fill_rows(st, rel);
	found = st->count > 0 && is_finding(st, st->list.cursor);
	if (!found)
		details = 0;
	list_draw(&st->list, region_sub(r, 0, 0, r.w, r.h - details), true, draw_row, p);
	if (details > 0)
		draw_details(
		    region_below(r, r.h - details), finding_of(rel, &st->rows[st->list.cursor]));
}

static void
verify_draw(struct page *p, struct region body)
{
	struct verify_page *st = p->state;
	const struct release *r = ui_release(page_ui(p));
	struct region top = page_question(p, body);
	struct widget_tab tabs[2] = { { .title = "findings", .sign = SIGN_OK },
		{ .title = "twine check", .sign = SIGN_TODO } };
	enum sign worst = SIGN_OK;

	for (size_t i = 0; i < r->file_count; i++) {
		enum sign s = sign_of_file(p, &r->files[i]);

		if (s == SIGN_BAD || (s != SIGN_OK && worst != SIGN_BAD))
			worst = s;
	}
	tabs[0].sign = worst;
	/* What stops the release is looked at, until somebody chooses. */
	if (!st->chosen && worst != SIGN_BAD && page_asks(p) && r->verify_count > 0 &&
	    r->verifies[0]->sign == SIGN_BAD)
		st->in_log = st->chosen = true;
	if (r->verify_count > 0)
		tabs[1].sign = r->verifies[0]->sign;
	if (st->in_log) {
		jobs_view_draw(
		    &st->jobs, region_below(top, 1), "", r->verifies, r->verify_count, NULL);
		region_fill(region_row(top, 1), ROLE_TEXT);
	} else {
		draw_findings(p, region_below(top, 2));
	}
	region_text(top, 0, 0, ROLE_TITLE, step_title(STEP_VERIFY));
	widget_tabs(region_right(top, 9), 0, 0, tabs, 2, st->in_log ? 1 : 0, shell_now(p->shell));
}

static void
show_why(struct page *p)
{
	struct verify_page *st = p->state;
	const struct dist_rule *rule;
	struct str text = STR_EMPTY;
	const struct finding *f;

	if (st->count == 0 || !is_finding(st, st->list.cursor))
		return;
	f = finding_of(ui_release(page_ui(p)), &st->rows[st->list.cursor]);
	rule = dist_rule(f->rule);
	str_printf(&text, "%s\n\n%s\n\n%s\n\nWhat to do: %s\n", f->message, rule->title,
	    rule->meaning, rule->fix);
	shell_show_text(p->shell, rule->id, str_text(&text), text.len, false);
	str_fini(&text);
}

static bool
verify_act(struct page *p, enum action a)
{
	struct verify_page *st = p->state;

	if (a == ACT_PANE || a == ACT_PANE_BACK) {
		st->in_log = !st->in_log;
		st->chosen = true;
	} else if (a == ACT_ACCEPT) {
		if (!page_asks(p) || !ask_choose(page_ui(p), "go-on"))
			shell_message(p->shell, ROLE_DIM, "nothing has to be accepted");
	} else if (a == ACT_AGAIN) {
		if (!page_asks(p) || !ask_choose(page_ui(p), "again"))
			shell_message(p->shell, ROLE_DIM, "it still looks, or all is well");
	} else if (a == ACT_WHY && !st->in_log) {
		show_why(p);
	} else if (a == ACT_FINDING_NEXT || a == ACT_FINDING_BACK) {
		st->in_log = false;
		st->chosen = true;
		list_act(&st->list, a == ACT_FINDING_NEXT ? ACT_DOWN : ACT_UP);
	} else if (!page_ask_act(p, a)) {
		return st->in_log ? jobs_view_act(&st->jobs, a) : list_act(&st->list, a);
	}
	return true;
}

static const char *
verify_off(struct page *p, enum action a)
{
	return a == ACT_ACCEPT || a == ACT_AGAIN ? page_read_only(p) : page_off_next(p, a);
}

static const char *
verify_label(struct page *p, enum action a)
{
	const struct verify_page *st = p->state;
	const struct release *rel = ui_release(page_ui(p));

	if (a == ACT_NEXT)
		return page_next_label(p);
	if (a == ACT_ACCEPT || a == ACT_AGAIN)
		return !page_asks(p) ? "" : a == ACT_AGAIN ? "again" : "accept";
	if (a == ACT_WHY || a == ACT_FINDING_NEXT)
		return st->in_log || st->count == rel->file_count ? "" : NULL;
	return a == ACT_PANE ? (st->in_log ? "findings" : "twine") : NULL;
}

static bool
verify_search(struct page *p, const char *text)
{
	struct verify_page *st = p->state;

	st->in_log = true;
	return jobs_view_search(&st->jobs, text);
}

static const enum action verify_bar[] = { ACT_NEXT, ACT_PANE, ACT_FINDING_NEXT, ACT_WHY, ACT_ACCEPT,
	ACT_AGAIN, ACT_NONE };

const struct page_ops page_verify = {
	.context = KEYS_VERIFY,
	.state_size = sizeof(struct verify_page),
	.open = verify_open,
	.close = verify_close,
	.draw = verify_draw,
	.act = verify_act,
	.event = page_ask_event,
	.off = verify_off,
	.label = verify_label,
	.search = verify_search,
	.bar = verify_bar,
};
