/* One terminal, one browser, no wizard. */
#include "slipway/tui/inspect.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "browser.h"
#include "slipway/base/mem.h"
#include "slipway/dist/filename.h"
#include "slipway/dist/reader.h"
#include "slipway/os/fs.h"
#include "slipway/os/loop.h"
#include "slipway/tui/term.h"
#include "slipway/tui/theme.h"
#include "slipway/wizard/check_opts.h"
#include "slipway/wizard/check_settings.h"
#include "slipway/wizard/compare.h"

#define ENDING_TURNS 200

/* A comparison under way. */
struct run {
	struct compare_run *run;
	struct browser *browser;
	size_t file;
};

struct inspect {
	struct loop *loop;
	const struct inspect_opts *opts;
	struct theme *theme;
	struct term *term;
	struct shell *shell;
	struct run *runs; /* of each file */
	struct str title;
};

/* --- what the browser asks --- */

static void
file(void *arg, size_t index, const char **path, const struct findings **findings)
{
	struct inspect *in = arg;

	*path = in->opts->files->items[index];
	*findings = NULL;
}

static void
check(void *arg, size_t index, struct dist_check_opts *out)
{
	struct inspect *in = arg;

	*out = check_opts();
	out->sdist = dist_name_sdist_of(in->opts->files->items[index], in->opts->files);
	check_settings_ask(in->opts->settings, out);
}

static void
on_compared(void *arg, struct compared *c, const struct err *e)
{
	struct run *r = arg;

	/* Why the file could not be read is known from the rules already. */
	(void)e;
	r->run = NULL;
	browser_compared(r->browser, r->file, c);
}

static void
compare(void *arg, struct browser *b, size_t index, const char *rev, const char *against)
{
	struct inspect *in = arg;
	struct run *r = &in->runs[index];
	struct compare_opts opts = *in->opts->compare;

	opts.path = in->opts->files->items[index];
	if (rev != NULL)
		opts.rev = rev;
	if (against != NULL)
		opts.against = against;
	r->browser = b;
	r->file = index;
	compare_cancel(r->run);
	r->run = compare_start(&opts, on_compared, r);
}

static void
settle(void *arg, struct findings *f)
{
	struct inspect *in = arg;

	check_settings_apply(in->opts->settings, f);
}

static enum err_code
acknowledge(
    void *arg, size_t index, const struct finding *f, const char *reason, struct err *e)
{
	struct inspect *in = arg;

	struct check_settings *settings = in->opts->settings;
	enum err_code rc;

	(void)index;
	if (reason != NULL)
		rc = acknowledgements_add(settings->path, f, reason, e);
	else
		rc = acknowledgements_remove(settings->path, f, e);
	if (rc == ERR_OK) {
		acknowledgements_fini(&settings->acknowledged);
		rc = acknowledgements_load(settings->path, &settings->acknowledged, e);
	}
	return rc;
}

static void
closed(void *arg)
{
	struct inspect *in = arg;

	for (size_t i = 0; i < in->opts->files->count; i++)
		compare_cancel(in->runs[i].run);
}

/* --- the frame --- */

static void
header(void *arg, struct layout_header *out)
{
	struct inspect *in = arg;

	out->project = "inspect";
	str_clear(&in->title);
	str_printf(&in->title, "%zu file%s", in->opts->files->count,
	    in->opts->files->count == 1 ? "" : "s");
	out->right = str_text(&in->title);
}

static bool
act(void *arg, enum action a)
{
	struct inspect *in = arg;

	if (a == ACT_QUIT || a == ACT_QUIT_ALL || a == ACT_INTERRUPT)
		loop_stop(in->loop);
	else if (a == ACT_SUSPEND)
		term_stop_job(in->term);
	else if (a == ACT_REPAINT)
		term_repaint(in->term);
	else
		return false;
	return true;
}

static const struct shell_ops shell_ops = { .header = header, .act = act };

static void
draw(void *arg)
{
	struct inspect *in = arg;

	term_draw(in->term, shell_draw(in->shell));
}

static void
on_event(void *arg, const struct input_event *ev)
{
	struct inspect *in = arg;

	if (ev->type == INPUT_SIGNAL)
		loop_stop(in->loop);
	else if (in->shell != NULL)
		shell_event(in->shell, ev);
}

/* --- the way in and out --- */

static enum err_code
open_screen(struct inspect *in, struct err *e)
{
	const struct browser_owner owner = { .files = in->opts->files->count,
		.loop = in->loop,
		.reader = READER_SELF,
		.worker = in->opts->compare->worker,
		.file = file,
		.check = check,
		.compare = compare,
		.settle = settle,
		.acknowledge = in->opts->settings->path != NULL ? acknowledge : NULL,
		.closed = closed,
		.arg = in };
	struct term_opts opts = { .on_event = on_event, .arg = in };
	struct strlist warnings = STRLIST_EMPTY;
	const char *theme = in->opts->theme != NULL ? in->opts->theme : "default";
	enum err_code rc = theme_load(theme, &warnings, &in->theme, e);
	int w, h;

	if (rc != ERR_OK)
		goto out;
	opts.theme = in->theme;
	rc = term_start(in->loop, &opts, &in->term, e);
	if (rc != ERR_OK)
		goto out;
	term_size(in->term, &w, &h);
	in->shell = shell_new(in->loop, &shell_ops, in, w, h, term_is_ascii(in->term));
	browser_open(in->shell, &owner, 0, false);
	if (warnings.count > 0)
		shell_message(in->shell, ROLE_WARN, "%s", warnings.items[0]);
	loop_on_frame(in->loop, draw, in);
	draw(in);
out:
	strlist_fini(&warnings);
	return rc;
}

enum err_code
inspect_run(struct loop *l, const struct inspect_opts *opts, struct err *e)
{
	struct inspect in = { .loop = l, .opts = opts };
	enum err_code rc;

	in.runs = mem_zalloc(opts->files->count, sizeof in.runs[0]);
	rc = open_screen(&in, e);
	if (rc == ERR_OK)
		loop_run(l);
	loop_on_frame(l, NULL, NULL);
	term_stop(in.term);
	shell_free(in.shell);
	/* What reads and compares is stopped by now, and ends on the loop. */
	for (int i = 0; i < ENDING_TURNS && loop_has_work(l); i++)
		loop_turn(l, 10);
	theme_free(in.theme);
	str_fini(&in.title);
	free(in.runs);
	return rc;
}
