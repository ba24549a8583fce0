/* The line-by-line front: what the screen shows, as lines, for logs, scripts and screen readers. */
#include "front_plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plain_ask.h"
#include "release_json.h"
#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "slipway/os/clock.h"
#include "slipway/os/logstore.h"
#include "slipway/os/loop.h"
#include "slipway/wizard/wizard.h"

#define LOG_TAIL 30
#define JOB_KINDS 6
#define JOBS_MAX 64
#define FILES_MAX 256

/* What was printed already, so that every line is printed once. */
struct front_plain {
	struct loop *loop;
	struct wizard *w;
	struct front_plain_opts opts;
	struct plain_ask *ask;
	bool line_done[JOBS_MAX];
	enum sign job_done[JOB_KINDS][JOBS_MAX];
	size_t log_printed[JOB_KINDS][JOBS_MAX];
	enum transfer_state transfer_done[INDEX_ROLE_COUNT][FILES_MAX];
	enum sign step_done[STEP_COUNT];
	struct err err;
	bool failed;
};

static const struct {
	const char *utf8, *ascii, *colour;
} signs[] = {
	[SIGN_TODO] = { "\xc2\xb7", ".", "" },
	[SIGN_RUNNING] = { "\xe2\x97\x9c", "o", "" },
	[SIGN_OK] = { "\xe2\x9c\x93", "+", "\x1b[32m" },
	[SIGN_LOOK] = { "!", "!", "\x1b[33m" },
	[SIGN_BAD] = { "\xe2\x9c\x97", "x", "\x1b[31m" },
	[SIGN_UNCHECKED] = { "\xe2\x80\x93", "-", "" },
};
_Static_assert(ARRAY_LEN(signs) == SIGN_COUNT, "one row per sign");

/* Texts of the model hold UTF-8; a terminal that cannot show it gets the nearest ASCII. */
static void
put(const struct front_plain *f, const char *text)
{
	struct str out = STR_EMPTY;

	if (!f->opts.ascii) {
		fputs(text, stdout);
		return;
	}
	plain_to_ascii(text, &out);
	fputs(str_text(&out), stdout);
	str_fini(&out);
}

static void
put_sign(const struct front_plain *f, enum sign s)
{
	const char *colour = f->opts.colour ? signs[s].colour : "";

	printf("%s%s%s", colour, f->opts.ascii ? signs[s].ascii : signs[s].utf8,
	    colour[0] != '\0' ? "\x1b[0m" : "");
}

static void
put_line(const struct front_plain *f, enum sign sign, const char *label, const char *text,
    const char *hint)
{
	fputs("  ", stdout);
	put_sign(f, sign);
	printf(" %-13s ", label);
	put(f, text);
	fputc('\n', stdout);
	if (hint != NULL && hint[0] != '\0' && sign != SIGN_OK) {
		fputs("                  ", stdout);
		put(f, hint);
		fputc('\n', stdout);
	}
}

static void
print_preflight(struct front_plain *f, const struct release *r)
{
	for (size_t i = 0; i < r->line_count && i < ARRAY_LEN(f->line_done); i++) {
		const struct check_line *line = &r->lines[i];

		if (line->sign == SIGN_TODO || line->sign == SIGN_RUNNING) {
			f->line_done[i] = false;
		} else if (!f->line_done[i]) {
			f->line_done[i] = true;
			put_line(f, line->sign, line->label, line->text, line->hint);
		}
	}
}

static void
print_log(struct front_plain *f, const struct job *j, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		struct logstore_line line;

		logstore_line(j->log, i, &line);
		fputs("    | ", stdout);
		put(f, line.text);
		fputc('\n', stdout);
	}
}

static void
print_jobs(struct front_plain *f, size_t kind, struct job *const *jobs, size_t count)
{
	for (size_t i = 0; i < count && i < JOBS_MAX; i++) {
		const struct job *j = jobs[i];
		size_t lines = j->log != NULL ? logstore_count(j->log) : 0;
		char span[32];

		if (j->sign == SIGN_TODO || j->sign == f->job_done[kind][i])
			goto log;
		f->job_done[kind][i] = j->sign;
		if (j->sign == SIGN_RUNNING) {
			f->log_printed[kind][i] = 0;
			put_line(f, j->sign, j->title, j->command, NULL);
		} else {
			put_line(f, j->sign, j->title, clock_span(j->elapsed_ms, span, sizeof span),
			    j->result);
			if (j->sign == SIGN_BAD && !f->opts.verbose)
				print_log(f, j, lines > LOG_TAIL ? lines - LOG_TAIL : 0, lines);
		}
	log:
		if (f->opts.verbose && lines > f->log_printed[kind][i]) {
			print_log(f, j, f->log_printed[kind][i], lines);
			f->log_printed[kind][i] = lines;
		}
	}
}

static void
print_transfers(struct front_plain *f, const struct release *r, enum index_role role)
{
	for (size_t i = 0; i < r->file_count && i < ARRAY_LEN(f->transfer_done[role]); i++) {
		const struct transfer *t = &r->files[i].transfer[role];
		struct str text = STR_EMPTY;
		char size[32];

		if (t->state == f->transfer_done[role][i])
			continue;
		f->transfer_done[role][i] = t->state;
		if (t->state == TRANSFER_DONE || t->state == TRANSFER_THERE) {
			str_printf(&text, "%s, %s, %s", r->files[i].name,
			    size_text(r->files[i].size, size, sizeof size),
			    t->state == TRANSFER_DONE ? "listed with the reviewed sha256"
						      : "there already, with the same bytes");
			put_line(f, SIGN_OK, r->index[role].title, str_text(&text), NULL);
		} else if (t->state == TRANSFER_PAUSING || t->state == TRANSFER_FAILED) {
			str_printf(&text, "%s: %s", r->files[i].name,
			    t->message != NULL ? t->message : "");
			put_line(f, t->state == TRANSFER_FAILED ? SIGN_BAD : SIGN_LOOK,
			    r->index[role].title, str_text(&text), t->hint);
		}
		str_fini(&text);
	}
}

/* What is to be accepted, a line a file. */
static void
print_review(const struct front_plain *f, const struct release *r)
{
	for (size_t i = 0; i < r->file_count; i++) {
		struct str text = STR_EMPTY;

		str_printf(&text, "%s: ", r->files[i].name);
		release_file_line(&r->files[i], &text);
		put_line(f, release_file_sign(&r->files[i]),
		    r->files[i].is_wheel ? "wheel" : "sdist", str_text(&text), NULL);
		str_fini(&text);
	}
}

static void
on_changed(void *arg, enum step_id step)
{
	struct front_plain *f = arg;
	const struct release *r = wizard_release(f->w);

	(void)step;
	if (f->opts.quiet)
		return;
	print_preflight(f, r);
	print_jobs(f, 0, r->checks, r->check_count);
	print_jobs(f, 1, r->builds, r->build_count);
	print_jobs(f, 2, r->verifies, r->verify_count);
	print_jobs(f, 3, r->smokes, r->smoke_count);
	print_jobs(f, 4, r->installs, r->install_count);
	print_jobs(f, 5, r->news, r->news_count);
	print_transfers(f, r, INDEX_TEST);
	print_transfers(f, r, INDEX_PRODUCTION);
	fflush(stdout);
}

static void
on_step(void *arg, enum step_id step)
{
	struct front_plain *f = arg;
	enum sign sign = wizard_step_sign(f->w, step);

	if (f->opts.quiet || (sign == f->step_done[step] && sign != SIGN_RUNNING))
		return;
	on_changed(f, step);
	f->step_done[step] = sign;
	if (sign == SIGN_RUNNING) {
		printf("%s\n", step_name(step));
		if (step == STEP_REVIEW)
			print_review(f, wizard_release(f->w));
	} else if (sign != SIGN_TODO) {
		fputs("  ", stdout);
		put_sign(f, sign);
		fputc(' ', stdout);
		put(f, sign == SIGN_UNCHECKED ? "skipped: " : "");
		put(f, wizard_step_text(f->w, step));
		fputc('\n', stdout);
	}
	fflush(stdout);
}

/* What is to be accepted or confirmed is printed before the question. */
static void
put_subject(const struct front_plain *f, const struct question *q)
{
	struct str text = STR_EMPTY;

	if (q->error != NULL)
		return;
	if (q->id == ASK_EDITS)
		release_edits_text(f->w, f->opts.colour, &text);
	else if (q->id == ASK_NOTES)
		release_notes_text(f->w, &text);
	else if (q->id == ASK_CONFIRM)
		release_effects_text(f->w, &text);
	put(f, str_text(&text));
	str_fini(&text);
}

static void
on_ask(void *arg, const struct question *q)
{
	struct front_plain *f = arg;

	plain_ask_close(f->ask);
	if (q != NULL && f->opts.interactive) {
		put_subject(f, q);
		plain_ask_open(f->ask, f->w, q);
	}
}

static void
on_lend(void *arg, const char *reason)
{
	struct front_plain *f = arg;

	put(f, reason);
	fputc('\n', stdout);
	fflush(stdout);
	plain_ask_close(f->ask);
	wizard_terminal_given(f->w, f->opts.interactive);
}

static void
on_take_back(void *arg)
{
	(void)arg;
}

static void
on_finished(void *arg, const struct err *e)
{
	struct front_plain *f = arg;
	const struct release *r = wizard_release(f->w);

	plain_ask_close(f->ask);
	if (e != NULL) {
		f->err = *e;
		f->failed = true;
	} else if (!f->opts.quiet) {
		for (size_t i = 0; i < r->report.count; i++) {
			put(f, r->report.items[i]);
			fputc('\n', stdout);
		}
		if (r->report_path != NULL)
			printf("\nThis report is in %s\n", r->report_path);
	}
	fflush(stdout);
	loop_stop(f->loop);
}

const struct front_ops front_plain_ops = {
	.changed = on_changed,
	.step = on_step,
	.ask = on_ask,
	.lend = on_lend,
	.take_back = on_take_back,
	.finished = on_finished,
};

struct front_plain *
front_plain_new(struct loop *l, const struct front_plain_opts *opts)
{
	struct front_plain *f = mem_zalloc(1, sizeof *f);

	f->loop = l;
	f->opts = *opts;
	f->ask = plain_ask_new(l, opts->ascii);
	return f;
}

void
front_plain_free(struct front_plain *f)
{
	if (f == NULL)
		return;
	plain_ask_free(f->ask);
	free(f);
}

void
front_plain_attach(struct front_plain *f, struct wizard *w)
{
	f->w = w;
}

const struct err *
front_plain_error(const struct front_plain *f)
{
	return f->failed ? &f->err : NULL;
}
