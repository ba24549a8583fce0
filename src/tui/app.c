/* The full-screen front: one terminal, one wizard, until it ends. */
#include "slipway/tui/app.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "slipway/base/strlist.h"
#include "slipway/os/loop.h"
#include "slipway/tui/rescue.h"
#include "slipway/tui/term.h"
#include "slipway/tui/theme.h"
#include "slipway/wizard/wizard.h"
#include "ui.h"

struct app {
	struct loop *loop;
	const struct app_opts *opts;
	struct theme *theme;
	struct term *term;
	struct ui *ui;
	struct wizard *w;
	struct err result;
	bool ended;
};

/* --- what the ui asks of the terminal --- */

static bool
lend(void *arg, const char *reason)
{
	struct app *a = arg;

	if (term_is_suspended(a->term))
		return false;
	term_suspend(a->term);
	printf("\nslipway: %s\n", reason);
	fflush(stdout);
	return true;
}

static void
take_back(void *arg)
{
	struct app *a = arg;

	if (term_is_suspended(a->term))
		term_resume(a->term);
	loop_dirty(a->loop);
}

static void
stop_job(void *arg)
{
	struct app *a = arg;

	term_stop_job(a->term);
}

static void
repaint(void *arg)
{
	struct app *a = arg;

	term_repaint(a->term);
	loop_dirty(a->loop);
}

static void
ended(void *arg, const struct err *e)
{
	struct app *a = arg;

	if (e != NULL)
		a->result = *e;
	else if (a->w == NULL)
		err_set(&a->result, ERR_CANCELLED, "left before anything was looked at");
	a->ended = true;
	loop_stop(a->loop);
}

static const struct ui_host host = { .lend = lend,
	.take_back = take_back,
	.stop_job = stop_job,
	.repaint = repaint,
	.ended = ended };

/* --- the loop's side --- */

static void
draw(void *arg)
{
	struct app *a = arg;

	term_draw(a->term, shell_draw(a->ui->shell));
}

static void
on_event(void *arg, const struct input_event *ev)
{
	struct app *a = arg;
	/* The terminal is gone, or somebody wants an end: nobody is left to be asked. */
	bool over = ev->type == INPUT_SIGNAL && (ev->signo == SIGTERM || ev->signo == SIGHUP);

	if (a->ui == NULL || a->ended)
		return;
	if (!over)
		ui_event(a->ui, ev);
	else if (a->w != NULL)
		wizard_cancel(a->w);
	else
		ended(a, NULL);
}

static void
begin(void *arg)
{
	struct app *a = arg;

	if (a->ended)
		return;
	if (wizard_new(a->loop, a->opts->wizard, &ui_front, a->ui, &a->w, &a->result) != ERR_OK) {
		a->ended = true;
		loop_stop(a->loop);
		return;
	}
	a->ui->w = a->w;
	wizard_start(a->w);
}

/* --- the way in and out --- */

static enum err_code
open_screen(struct app *a, struct err *e)
{
	struct term_opts opts = { .on_event = on_event, .arg = a };
	struct strlist warnings = STRLIST_EMPTY;
	const char *theme = a->opts->theme != NULL ? a->opts->theme : "default";
	enum err_code rc = theme_load(theme, &warnings, &a->theme, e);
	int w, h;

	if (rc != ERR_OK)
		goto out;
	opts.theme = a->theme;
	rc = term_start(a->loop, &opts, &a->term, e);
	if (rc != ERR_OK)
		goto out;
	term_size(a->term, &w, &h);
	a->ui = ui_new(a->loop, &host, a, w, h, term_is_ascii(a->term));
	if (warnings.count > 0)
		shell_message(a->ui->shell, ROLE_WARN, "%s", warnings.items[0]);
	rescue_set_note("slipway: if a release was under way, slipway resume goes on with it");
	loop_on_frame(a->loop, draw, a);
	/* Before anything slow: whoever waits sees what is waited for. */
	draw(a);
out:
	strlist_fini(&warnings);
	return rc;
}

/* What the screen showed last is gone with it: one line says how it ended. */
static void
print_outcome(const struct app *a)
{
	const struct release *r;
	char *text;

	if (a->w == NULL)
		return;
	r = wizard_release(a->w);
	if (a->result.code == ERR_OK) {
		if (r->report_path != NULL)
			printf("slipway: done; the report is in %s\n", r->report_path);
		return;
	}
	/* Its hint says it already. */
	if (a->result.code == ERR_CANCELLED && a->result.hint[0] != '\0')
		return;
	text = wizard_leaving(a->w);
	fprintf(stderr, "slipway: %s\n", text);
	free(text);
}

enum err_code
app_run(struct loop *l, const struct app_opts *opts, struct err *e)
{
	struct app a = { .loop = l, .opts = opts };
	enum err_code rc = open_screen(&a, e);

	if (rc != ERR_OK)
		goto out;
	loop_defer(l, begin, &a);
	loop_run(l);
	rc = a.result.code;
	if (rc != ERR_OK && e != NULL)
		*e = a.result;
out:
	loop_on_frame(l, NULL, NULL);
	term_stop(a.term);
	print_outcome(&a);
	ui_free(a.ui);
	wizard_free(a.w);
	theme_free(a.theme);
	rescue_set_note(NULL);
	return rc;
}
