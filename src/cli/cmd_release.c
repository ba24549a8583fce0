/* release, plan, status, resume and abort: one engine, and the front that fits where it runs. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "front_plain.h"
#include "options.h"
#include "release_json.h"
#include "run_release.h"
#include "slipway/dist/reader.h"
#include "slipway/os/env.h"
#include "slipway/os/loop.h"
#include "slipway/tui/app.h"
#include "slipway/wizard/wizard.h"

/* A person is at both ends of the terminal, and it can be drawn on. */
static bool
has_screen(const struct options *o, enum wizard_mode mode)
{
	const char *term = env_get("TERM");

	return (mode == WIZARD_RELEASE || mode == WIZARD_RESUME) && !o->plain && !o->json &&
	       isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term != NULL &&
	       strcmp(term, "dumb") != 0;
}

static bool
has_person(const struct options *o)
{
	return !o->json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static void
on_stop_signal(void *arg, int signo)
{
	(void)signo;
	wizard_cancel(arg);
}

/* A terminal that goes away, Ctrl-C and kill are one wish: stop, keep what resume needs. */
static enum err_code
watch_signals(struct loop *l, struct wizard *w, struct err *e)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < ARRAY_LEN(signals) && rc == ERR_OK; i++)
		rc = loop_signal(l, signals[i], on_stop_signal, w, e);
	return rc;
}

static void
print_outcome(
    const struct options *o, enum wizard_mode mode, const struct wizard *w, const struct err *e)
{
	struct str text = STR_EMPTY;

	if (o->json)
		release_json(w, e, &text);
	else if (mode == WIZARD_PLAN && wizard_release(w)->version != NULL)
		release_plan_text(w, wants_colour(o), &text);
	else if (mode == WIZARD_STATUS && e == NULL)
		release_status_text(w, &text);
	else if (mode == WIZARD_ABORT && e == NULL)
		str_puts(&text,
		    "The unfinished release was given up; your branch, index and files are as they "
		    "were.\n");
	fputs(str_text(&text), stdout);
	str_fini(&text);
}

/* To have nothing unfinished is an answer to status, and a good one. */
static bool
is_clear(enum wizard_mode mode, const struct wizard *w, const struct err *e)
{
	return mode == WIZARD_STATUS && e != NULL && e->code == ERR_NOT_FOUND &&
	       wizard_release(w)->root != NULL && wizard_release(w)->id == NULL;
}

static int
run_plain(const struct options *o, const struct wizard_opts *opts, struct loop *l)
{
	const struct front_plain_opts front_opts = {
		.interactive = !opts->unattended,
		.verbose = o->verbose,
		.colour = wants_colour(o),
		.ascii = !is_utf8_locale(),
		/* What is printed at the end says it all; a list of steps before it would only be
		   noise. */
		.quiet = o->json || opts->mode == WIZARD_STATUS,
	};
	struct front_plain *f = front_plain_new(l, &front_opts);
	struct wizard *w = NULL;
	const struct err *why;
	struct err e = ERR_EMPTY;
	int status = EXIT_DONE;
	bool looks = opts->mode == WIZARD_PLAN || opts->mode == WIZARD_STATUS;

	if (wizard_new(l, opts, &front_plain_ops, f, &w, &e) != ERR_OK ||
	    watch_signals(l, w, &e) != ERR_OK) {
		status = report_error(&e, false);
		goto out;
	}
	front_plain_attach(f, w);
	wizard_start(w);
	loop_run(l);
	why = is_clear(opts->mode, w, front_plain_error(f)) ? NULL : front_plain_error(f);
	print_outcome(o, opts->mode, w, why);
	fflush(stdout);
	if (why != NULL)
		status = report_error(why, looks || wizard_release(w)->root == NULL);
out:
	wizard_free(w);
	front_plain_free(f);
	return status;
}

static int
run_screen(const struct options *o, const struct wizard_opts *opts, struct loop *l)
{
	const struct app_opts app_opts = { .wizard = opts, .theme = o->theme };
	struct err e = ERR_EMPTY;

	if (app_run(l, &app_opts, &e) == ERR_OK)
		return EXIT_DONE;
	return report_error(&e, false);
}

int
run_release(const struct options *o, enum wizard_mode mode)
{
	struct wizard_opts opts = {
		.mode = mode,
		.reader = READER_SELF,
		.dir = o->dir,
		.config_path = o->config,
		.bump = o->args.count > 0 ? o->args.items[0] : NULL,
		.packages = &o->packages,
		.leave_out = &o->leave_out,
		.edit_also = &o->edit_also,
		.tags = &o->tags,
		.test_index = o->test_index,
		.confirm = o->confirm,
		.accept_findings = o->accept_findings,
		.dry_run = o->dry_run,
		.take_presets = o->yes,
		.no_notes = o->no_notes,
		.date_candidates = o->date_candidates,
		.new_changelog = o->new_changelog,
	};
	struct loop *l = NULL;
	struct err e = ERR_EMPTY;
	bool screen = has_screen(o, mode);
	int status;

	if (o->args.count > 1) {
		err_set(&e, ERR_USAGE, "one BUMP or version, not %zu arguments", o->args.count);
		return report_error(&e, false);
	}
	opts.unattended = !screen && (!has_person(o) || mode == WIZARD_PLAN);
	if (loop_new(&l, &e) != ERR_OK)
		return report_error(&e, false);
	status = screen ? run_screen(o, &opts, l) : run_plain(o, &opts, l);
	loop_free(l);
	return status;
}

int
cmd_release(const struct options *o)
{
	return run_release(o, WIZARD_RELEASE);
}

int
cmd_plan(const struct options *o)
{
	return run_release(o, WIZARD_PLAN);
}

int
cmd_status(const struct options *o)
{
	return run_release(o, WIZARD_STATUS);
}

int
cmd_resume(const struct options *o)
{
	return run_release(o, WIZARD_RESUME);
}

int
cmd_abort(const struct options *o)
{
	return run_release(o, WIZARD_ABORT);
}
