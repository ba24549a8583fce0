/* From the wizard to the pages and back. */
#include "ui.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"
#include "slipway/dist/reader.h"
#include "slipway/os/clock.h"
#include "slipway/os/loop.h"
#include "slipway/os/worker.h"
#include "slipway/tui/widget.h"
#include "slipway/wizard/wizard.h"

const struct page_ops *const step_pages[STEP_COUNT] = {
	[STEP_PREFLIGHT] = &page_preflight,
	[STEP_VERSION] = &page_version,
	[STEP_EDITS] = &page_edits,
	[STEP_NOTES] = &page_notes,
	[STEP_COMMIT] = &page_commit,
	[STEP_CHECKS] = &page_checks,
	[STEP_BUILD] = &page_build,
	[STEP_VERIFY] = &page_verify,
	[STEP_REVIEW] = &page_review,
	[STEP_REHEARSE] = &page_rehearse,
	[STEP_SMOKE] = &page_smoke,
	[STEP_CONFIRM] = &page_confirm,
	[STEP_PUBLISH] = &page_publish,
	[STEP_LIVE] = &page_live,
	[STEP_SUMMARY] = &page_summary,
};

const struct release *
ui_release(const struct ui *ui)
{
	static const struct release nothing_yet = { .id = NULL };

	return ui->w != NULL ? wizard_release(ui->w) : &nothing_yet;
}

/* --- the frame --- */

/* Where the branch is now: it stays where it was until the release moves it. */
static const char *
branch_at(const struct release *r)
{
	for (size_t i = 0; i < r->plan_count; i++)
		if (strcmp(r->plan[i].effect, "branch") == 0 && r->plan[i].status == EFFECT_DONE)
			return r->commit;
	return r->head;
}

static void
header(void *arg, struct layout_header *out)
{
	struct ui *ui = arg;
	const struct release *r = ui_release(ui);
	const struct release_package *package = release_main(r);
	char span[32];

	str_clear(&ui->project);
	str_clear(&ui->version);
	str_clear(&ui->right);
	if (package != NULL) {
		str_puts(&ui->project, package->name);
		if (release_selected(r) > 1)
			str_printf(&ui->project, " +%zu", release_selected(r) - 1);
		str_puts(&ui->version, package->version);
		if (package->version_new != NULL)
			str_printf(&ui->version, " → %s", package->version_new);
	}
	if (r->branch != NULL)
		str_printf(&ui->right, "%s ", r->branch);
	if (branch_at(r) != NULL)
		str_printf(&ui->right, "%.7s ", branch_at(r));
	if (ui->w != NULL)
		str_printf(
		    &ui->right, "◷ %s", clock_span(wizard_elapsed_ms(ui->w), span, sizeof span));
	out->project = str_text(&ui->project);
	out->version = str_text(&ui->version);
	out->right = str_text(&ui->right);
}

static size_t
rail(void *arg, struct layout_rail_item *out, size_t max)
{
	struct ui *ui = arg;
	size_t count = STEP_COUNT < max ? STEP_COUNT : max;

	for (size_t i = 0; i < count; i++) {
		enum sign sign = SIGN_TODO;

		if (ui->w != NULL)
			sign = wizard_step_sign(ui->w, (enum step_id)i);
		/* It is the person that is waited for, not the machine. */
		if (sign == SIGN_RUNNING && ui->ask.q != NULL)
			sign = SIGN_TODO;
		out[i] = (struct layout_rail_item) { .name = step_name((enum step_id)i),
			.sign = sign,
			.here = i == (size_t)ui->shown,
			.no_return = i == STEP_CONFIRM };
	}
	return count;
}

/* --- leaving --- */

static void
on_leave(void *arg, size_t chosen)
{
	struct ui *ui = arg;

	ui->leaving = false;
	if (chosen == 1)
		wizard_cancel(ui->w);
}

static void
leave(struct ui *ui)
{
	static const char *const options[] = { "stay", "leave" };
	struct shell_question q = { .title = "Leave?", .options = options, .count = 2 };
	char *text;

	if (ui->w == NULL) {
		ui->host->ended(ui->host_arg, NULL);
		return;
	}
	/* Asked for a second time, over the card that asks. */
	if (ui->leaving) {
		wizard_cancel(ui->w);
		return;
	}
	text = wizard_leaving(ui->w);
	q.text = text;
	ui->leaving = true;
	shell_ask(ui->shell, &q, on_leave, ui);
	free(text);
}

static bool
runs_jobs(const struct ui *ui)
{
	enum step_id step = wizard_step(ui->w);

	return (step == STEP_CHECKS || step == STEP_BUILD || step == STEP_VERIFY ||
		   step == STEP_SMOKE || step == STEP_LIVE) &&
	       wizard_step_sign(ui->w, step) == SIGN_RUNNING && ui->ask.q == NULL;
}

static void
interrupt(struct ui *ui)
{
	if (ui->w != NULL && runs_jobs(ui)) {
		wizard_cancel_jobs(ui->w);
		shell_message(ui->shell, ROLE_WARN, "stopping what runs");
	} else {
		leave(ui);
	}
}

/* --- pages --- */

static void
show_step(struct ui *ui, enum step_id step)
{
	ui->shown = step;
	ui->behind = ui->w != NULL && step != wizard_step(ui->w);
	shell_show(ui->shell, step_pages[step], ui);
}

static void
look_at(struct ui *ui, int way)
{
	int step = (int)ui->shown + way;

	if (step < 0 || step >= STEP_COUNT ||
	    (step > (int)wizard_step(ui->w) &&
		wizard_step_sign(ui->w, (enum step_id)step) == SIGN_TODO))
		shell_message(ui->shell, ROLE_WARN,
		    way < 0 ? "this is the first step" : "the rest is to come");
	else
		show_step(ui, (enum step_id)step);
}

static void
back(struct ui *ui)
{
	const char *why = NULL;

	if (!wizard_back(ui->w, &why))
		shell_message(ui->shell, ROLE_WARN, "%s", why != NULL ? why : "not from here");
}

static bool
act(void *arg, enum action a)
{
	struct ui *ui = arg;

	if (a == ACT_QUIT)
		leave(ui);
	else if (a == ACT_QUIT_ALL && !ui->leaving)
		leave(ui);
	else if (a == ACT_INTERRUPT)
		interrupt(ui);
	else if (a == ACT_SUSPEND)
		ui->host->stop_job(ui->host_arg);
	else if (a == ACT_REPAINT)
		ui->host->repaint(ui->host_arg);
	else if (a == ACT_LOG)
		shell_push(ui->shell, &page_commands, ui);
	else if (ui->w == NULL)
		return false;
	else if (a == ACT_BACK)
		back(ui);
	else if (a == ACT_STEP_BACK || a == ACT_STEP_AHEAD)
		look_at(ui, a == ACT_STEP_BACK ? -1 : 1);
	else if (a == ACT_NEXT)
		shell_message(ui->shell, ROLE_DIM, "nothing is asked here just now");
	else
		return false;
	return true;
}

static const struct shell_ops shell_ops = { .header = header, .rail = rail, .act = act };

/* --- front --- */

static void
on_changed(void *front, enum step_id step)
{
	struct ui *ui = front;

	(void)step;
	shell_redraw(ui->shell);
}

static void
on_step(void *front, enum step_id step)
{
	struct ui *ui = front;
	bool entered = step == wizard_step(ui->w) && wizard_step_sign(ui->w, step) == SIGN_RUNNING;

	shell_redraw(ui->shell);
	if (!entered)
		return;
	/* The page of a step that begins anew holds what is freed now. Someone who looks at an
	 * older one is left there. */
	if (!ui->behind || ui->shown == step)
		show_step(ui, step);
	else
		shell_message(ui->shell, ROLE_DIM, "%s has begun; > goes there", step_name(step));
}

static void
on_ask(void *front, const struct question *q)
{
	struct ui *ui = front;
	bool failed = q != NULL && wizard_step_sign(ui->w, q->step) == SIGN_BAD;

	ask_set(&ui->ask, q, failed);
	if (q != NULL && q->id == ASK_UNFINISHED && shell_bottom(ui->shell)->ops != &page_resume)
		shell_show(ui->shell, &page_resume, ui);
	else if (q != NULL && q->step == ui->shown)
		/* What was said while it ran is old. */
		shell_message(ui->shell, ROLE_TEXT, "%s", "");
	else if (q != NULL && q->id != ASK_UNFINISHED)
		shell_message(
		    ui->shell, ROLE_WARN, "%s asks something; > goes there", step_name(q->step));
	shell_redraw(ui->shell);
}

static void
on_lend(void *front, const char *reason)
{
	struct ui *ui = front;

	wizard_terminal_given(ui->w, ui->host->lend(ui->host_arg, reason));
}

static void
on_take_back(void *front)
{
	struct ui *ui = front;

	ui->host->take_back(ui->host_arg);
}

static void
on_finished(void *front, const struct err *e)
{
	struct ui *ui = front;

	ui->host->ended(ui->host_arg, e);
}

const struct front_ops ui_front = {
	.changed = on_changed,
	.step = on_step,
	.ask = on_ask,
	.lend = on_lend,
	.take_back = on_take_back,
	.finished = on_finished,
};

/* --- life --- */

struct ui *
ui_new(struct loop *l, const struct ui_host *host, void *arg, int w, int h, bool ascii)
{
	struct ui *ui = mem_zalloc(1, sizeof *ui);

	ui->loop = l;
	ui->host = host;
	ui->host_arg = arg;
	ui->reader = READER_SELF;
	ui->shell = shell_new(l, &shell_ops, ui, w, h, ascii);
	shell_show(ui->shell, &page_preflight, ui);
	return ui;
}

void
ui_free(struct ui *ui)
{
	if (ui == NULL)
		return;
	shell_free(ui->shell);
	worker_free(ui->worker);
	ask_fini(&ui->ask);
	str_fini(&ui->project);
	str_fini(&ui->version);
	str_fini(&ui->right);
	free(ui);
}

struct worker *
ui_worker(struct ui *ui)
{
	if (ui->worker == NULL && worker_new(ui->loop, &ui->worker, NULL) != ERR_OK)
		ui->worker = NULL;
	return ui->worker;
}

void
ui_event(struct ui *ui, const struct input_event *ev)
{
	shell_event(ui->shell, ev);
}
