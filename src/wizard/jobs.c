/* Runs commands side by side and keeps their logs in the model. */
#include "jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "slipway/os/logstore.h"
#include "slipway/os/process.h"

struct running {
	struct jobs *set;
	struct job *model;
	struct strlist argv, env;
	struct process *process;
	uint64_t timeout_ms;
	size_t log_line;
	bool started, ended;
};

struct jobs {
	struct loop *loop;
	struct step_run *s; /* NULL outside of a release */
	loop_fn changed;    /* then this instead, with CHANGED_ARG; may be NULL */
	void *changed_arg;
	struct running *items;
	size_t count, parallel, live;
	bool cancelled, orphaned; /* orphaned: freed while processes still end */
	struct jobs_end end;
	jobs_fn fn;
	void *arg;
};

void
jobs_quote(const char *text, struct str *out)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "-_./:=@%+,^~";

	if (text[0] != '\0' && strspn(text, plain) == strlen(text)) {
		str_puts(out, text);
		return;
	}
	str_putc(out, '\'');
	for (; *text != '\0'; text++)
		if (*text == '\'')
			str_puts(out, "'\\''");
		else
			str_putc(out, *text);
	str_putc(out, '\'');
}

void
jobs_command_text(const struct strlist *argv, struct str *out)
{
	for (size_t i = 0; i < argv->count; i++) {
		if (i > 0)
			str_putc(out, ' ');
		/* A script of many lines would drown the command. */
		if (strchr(argv->items[i], '\n') != NULL)
			str_puts(out, "'...'");
		else
			jobs_quote(argv->items[i], out);
	}
}

static void
set_free(struct jobs *j)
{
	for (size_t i = 0; i < j->count; i++) {
		strlist_fini(&j->items[i].argv);
		strlist_fini(&j->items[i].env);
	}
	free(j->items);
	free(j);
}

static void advance(struct jobs *j);

static void
tell(struct jobs *j)
{
	if (j->s != NULL)
		step_changed(j->s);
	else if (j->changed != NULL)
		j->changed(j->changed_arg);
}

static void
log_end(struct running *r, const char *result, uint64_t elapsed_ms)
{
	if (r->set->s != NULL)
		wizard_log_end(r->set->s->w, r->log_line, result, elapsed_ms);
}

/* What the user may cancel is that of the release. */
static void
be_current(struct jobs *j, struct jobs *current)
{
	if (j->s != NULL)
		j->s->w->jobs = current;
}

static void
note_failure(struct jobs *j, struct running *r, const struct err *e)
{
	if (!j->end.all_ok)
		return;
	j->end.all_ok = false;
	j->end.failed = (size_t)(r - j->items);
	j->end.err = *e;
}

static void
on_output(void *arg, enum process_stream stream, const char *data, size_t len)
{
	struct running *r = arg;

	(void)stream;
	if (r->set->orphaned)
		return;
	logstore_feed(r->model->log, data, len);
	r->model->elapsed_ms = loop_now_ms(r->set->loop) - r->model->started_ms;
	tell(r->set);
}

static void
on_end(void *arg, const struct process_end *end)
{
	struct running *r = arg;
	struct jobs *j = r->set;
	char text[64];
	struct err e = ERR_EMPTY;

	r->ended = true;
	r->process = NULL;
	j->live--;
	if (j->orphaned) {
		if (j->live == 0)
			set_free(j);
		return;
	}
	logstore_end(r->model->log);
	mem_set(&r->model->result, process_end_text(end, text, sizeof text));
	r->model->elapsed_ms = end->elapsed_ms;
	r->model->sign = process_end_ok(end) ? SIGN_OK : SIGN_BAD;
	log_end(r, r->model->result, end->elapsed_ms);
	if (!process_end_ok(end)) {
		/* All of it is in the log and among the commands. */
		sanitise_line(r->model->command, strlen(r->model->command), text, sizeof text);
		if (strcmp(r->model->title, r->model->command) == 0)
			err_set(&e, end->cancelled ? ERR_CANCELLED : ERR_FAILED, "%s %s", text,
			    r->model->result);
		else
			err_set(&e, end->cancelled ? ERR_CANCELLED : ERR_FAILED, "%s: %s %s",
			    r->model->title, text, r->model->result);
		if (logstore_path(r->model->log) != NULL)
			err_hint(&e, "its log is in %s", logstore_path(r->model->log));
		note_failure(j, r, &e);
	}
	advance(j);
}

static void
start_one(struct jobs *j, struct running *r)
{
	const struct process_opts opts = {
		.argv = (const char *const *)r->argv.items,
		.cwd = r->model->cwd,
		.env = (const char *const *)r->env.items,
		.mode = PROCESS_PTY,
		.rows = 24,
		.cols = 120,
		.timeout_ms = r->timeout_ms,
		.on_output = on_output,
		.on_end = on_end,
		.arg = r,
	};
	struct err e = ERR_EMPTY;

	r->started = true;
	r->model->sign = SIGN_RUNNING;
	r->model->started_ms = loop_now_ms(j->loop);
	if (j->s != NULL)
		r->log_line = wizard_log_begin(j->s->w, r->model->command, r->model->cwd);
	if (process_start(j->loop, &opts, &r->process, &e) == ERR_OK) {
		j->live++;
		return;
	}
	r->ended = true;
	r->model->sign = SIGN_BAD;
	mem_set(&r->model->result, e.message);
	log_end(r, e.message, 0);
	note_failure(j, r, &e);
}

static void
finish(struct jobs *j)
{
	struct jobs_end end = j->end;
	jobs_fn fn = j->fn;
	void *arg = j->arg;

	/* Those that never ran have not passed. */
	for (size_t i = 0; i < j->count && end.all_ok; i++)
		if (!j->items[i].started) {
			end.all_ok = false;
			end.failed = i;
			err_set(&end.err, ERR_CANCELLED, "%s: cancelled before it began",
			    j->items[i].model->title);
		}
	end.cancelled = j->cancelled;
	be_current(j, NULL);
	set_free(j);
	fn(arg, &end);
}

static void
advance(struct jobs *j)
{
	bool waiting = false;

	for (size_t i = 0; i < j->count; i++) {
		struct running *r = &j->items[i];

		if (r->started)
			continue;
		if (!j->end.all_ok || j->cancelled)
			break;
		if (j->parallel > 0 && j->live >= j->parallel) {
			waiting = true;
			break;
		}
		start_one(j, r);
	}
	tell(j);
	if (j->live == 0 && !waiting)
		finish(j);
}

static void
advance_later(void *arg)
{
	struct jobs *j = arg;

	if (j->orphaned)
		set_free(j);
	else
		advance(j);
}

/* LOGS, then TITLE with nothing in it that a file name cannot hold. */
static char *
log_path(const char *logs, const char *title)
{
	struct str path = STR_EMPTY;
	size_t start;

	str_puts(&path, logs);
	start = path.len;
	str_puts(&path, title);
	if (path.len > start + 80)
		path.len = start + 80;
	for (size_t i = start; i < path.len; i++)
		if (strchr(" /\\:*?\"<>|'`$&;(){}[]!#", path.data[i]) != NULL ||
		    (unsigned char)path.data[i] < 0x20)
			path.data[i] = '_';
	path.data[path.len] = '\0';
	str_puts(&path, ".log");
	return str_take(&path);
}

static void
prepare(struct jobs *j, struct running *r, const char *logs, const struct job_spec *spec)
{
	struct str text = STR_EMPTY;
	char *path = log_path(logs, spec->title), *dir = fs_dir(path);

	r->set = j;
	r->timeout_ms = spec->timeout_ms;
	if (spec->shell != NULL) {
		strlist_add(&r->argv, "/bin/sh");
		strlist_add(&r->argv, "-c");
		strlist_add(&r->argv, spec->shell);
		str_puts(&text, spec->shell);
	} else {
		strlist_copy(&r->argv, &spec->argv);
		jobs_command_text(&spec->argv, &text);
	}
	if (spec->env != NULL)
		strlist_copy(&r->env, spec->env);
	else
		env_child(j->s != NULL ? &j->s->w->token_names : NULL, &r->env);
	r->model = job_new(spec->title, str_text(&text), spec->cwd);
	fs_mkdirs(dir, 0700, NULL);
	/* Without its file a log still serves the screen. */
	if (logstore_new(&(struct logstore_opts) { .path = path }, &r->model->log, NULL) !=
		ERR_OK &&
	    logstore_new(&(struct logstore_opts) { .path = NULL }, &r->model->log, NULL) != ERR_OK)
		die("cannot keep a log");
	str_fini(&text);
	free(dir);
	free(path);
}

/* Takes over what BASE holds. */
static void
start(const struct jobs *base, const char *logs, const struct jobs_model *model,
    const struct job_spec *specs, struct jobs **out)
{
	struct jobs *j = mem_zalloc(1, sizeof *j);

	*j = *base;
	j->end.all_ok = true;
	j->items = mem_zalloc(j->count, sizeof j->items[0]);
	jobs_clear(model->jobs, model->count);
	*model->jobs = mem_zalloc(j->count, sizeof **model->jobs);
	*model->count = j->count;
	for (size_t i = 0; i < j->count; i++) {
		prepare(j, &j->items[i], logs, &specs[i]);
		(*model->jobs)[i] = j->items[i].model;
	}
	*out = j;
	be_current(j, j);
	loop_defer(j->loop, advance_later, j);
}

void
jobs_start(struct step_run *s, struct job ***model, size_t *model_count,
    const struct job_spec *specs, size_t count, size_t parallel, jobs_fn fn, void *arg,
    struct jobs **out)
{
	const struct jobs base = { .loop = s->w->loop,
		.s = s,
		.count = count,
		.parallel = parallel,
		.fn = fn,
		.arg = arg };
	char *logs = mem_printf("%s/logs/%s-", s->w->rel.state_dir, step_name(s->ops->id));

	start(&base, logs, &(struct jobs_model) { model, model_count }, specs, out);
	free(logs);
}

void
jobs_start_alone(const struct jobs_alone *alone, const struct jobs_model *model,
    const struct job_spec *specs, size_t count, jobs_fn fn, void *arg, struct jobs **out)
{
	const struct jobs base = { .loop = alone->loop,
		.changed = alone->changed,
		.changed_arg = alone->changed_arg,
		.count = count,
		.parallel = 1,
		.fn = fn,
		.arg = arg };

	start(&base, alone->logs, model, specs, out);
}

void
jobs_cancel(struct jobs *j)
{
	j->cancelled = true;
	for (size_t i = 0; i < j->count; i++)
		if (j->items[i].process != NULL)
			process_cancel(j->items[i].process);
}

void
jobs_free(struct jobs *j)
{
	bool begun = false;

	if (j == NULL)
		return;
	be_current(j, NULL);
	j->orphaned = true;
	for (size_t i = 0; i < j->count; i++)
		begun |= j->items[i].started;
	jobs_cancel(j);
	/* Not begun: advance_later() is still to come and frees it. Begun: the last process that
	 * ends does. */
	if (begun && j->live == 0)
		set_free(j);
}

void
wizard_cancel_jobs(struct wizard *w)
{
	if (w->jobs != NULL)
		jobs_cancel(w->jobs);
}
