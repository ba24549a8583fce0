/* Tabs of commands over a log. */
#include "jobs_view.h"

#include <stdio.h>
#include <string.h>

#include "slipway/os/clock.h"
#include "slipway/os/logstore.h"
#include "slipway/tui/widget.h"

#define TABS_MAX 64

static void
on_log(void *arg)
{
	struct jobs_view *v = arg;

	shell_redraw(v->shell);
}

void
jobs_view_open(struct jobs_view *v, struct loop *l, struct shell *s)
{
	v->shell = s;
	v->log = log_view_new(l, on_log, v);
}

void
jobs_view_close(struct jobs_view *v)
{
	log_view_free(v->log);
	memset(v, 0, sizeof *v);
}

static uint64_t
elapsed(const struct jobs_view *v, const struct job *j)
{
	uint64_t now = shell_now(v->shell);

	if (j->sign != SIGN_RUNNING)
		return j->elapsed_ms;
	return now > j->started_ms ? now - j->started_ms : 0;
}

/* The one that runs or failed is looked at, until somebody chooses. */
static void
follow_jobs(struct jobs_view *v, struct job *const *jobs, size_t count)
{
	size_t busy = count, failed = count;

	v->count = count;
	if (v->here >= count)
		v->here = 0;
	if (v->chosen)
		return;
	for (size_t i = count; i-- > 0;) {
		if (jobs[i]->sign == SIGN_RUNNING)
			busy = i;
		if (jobs[i]->sign == SIGN_BAD)
			failed = i;
	}
	if (failed < count)
		v->here = failed;
	else if (busy < count && jobs[v->here]->sign != SIGN_RUNNING)
		v->here = busy;
}

static void
draw_tabs(const struct jobs_view *v, struct region r, int x, struct job *const *jobs, size_t count)
{
	struct widget_tab tabs[TABS_MAX];
	char notes[TABS_MAX][24];
	size_t first = v->here >= TABS_MAX ? v->here - TABS_MAX + 1 : 0;
	size_t n = count - first < TABS_MAX ? count - first : TABS_MAX;

	for (size_t i = 0; i < n; i++) {
		const struct job *j = jobs[first + i];
		uint64_t ms = elapsed(v, j);

		tabs[i] = (struct widget_tab) { .title = j->title, .sign = j->sign };
		if (j->sign == SIGN_TODO)
			continue;
		if (ms < 60000)
			snprintf(notes[i], sizeof notes[i], "%d s", (int)(ms / 1000));
		else
			clock_span(ms, notes[i], sizeof notes[i]);
		tabs[i].note = notes[i];
	}
	widget_tabs(region_right(r, x), 0, 0, tabs, n, v->here - first, shell_now(v->shell));
}

static bool
is_silent(const struct job *j)
{
	struct logstore_line line;

	return j->log == NULL || (logstore_count(j->log) == 0 && !logstore_partial(j->log, &line));
}

/* In place of a log without a line: what is awaited. */
static const char *
silence(const struct job *j)
{
	if (j->sign == SIGN_TODO)
		return "to come: it waits for what stands before it";
	return j->sign == SIGN_RUNNING ? "It runs, and has printed nothing yet."
				       : "It printed nothing.";
}

void
jobs_view_draw(struct jobs_view *v, struct region r, const char *title, struct job *const *jobs,
    size_t count, const char *note)
{
	const struct job *j;
	int x = region_text(r, 0, 0, ROLE_TITLE, title);

	follow_jobs(v, jobs, count);
	if (count == 0) {
		log_view_set(v->log, NULL);
		return;
	}
	x = x < 8 ? 9 : x + 2;
	draw_tabs(v, r, x, jobs, count);
	j = jobs[v->here];
	if (log_view_log(v->log) != j->log)
		log_view_set(v->log, j->log);
	region_text(r, 0, 1, ROLE_DIM, "$");
	region_text_fit(r, 2, 1, r.w - 2, ROLE_DIM, j->command != NULL ? j->command : j->title);
	if (j->result != NULL && j->sign == SIGN_BAD)
		note = j->result;
	if (j->log != NULL)
		log_view_draw(v->log, region_below(r, 2), note);
	if (is_silent(j))
		region_text(r, 0, 3, ROLE_DIM, silence(j));
	if (j->sign == SIGN_RUNNING)
		shell_animate(v->shell);
}

bool
jobs_view_act(struct jobs_view *v, enum action a)
{
	if (a == ACT_PANE || a == ACT_PANE_BACK) {
		if (v->count > 0)
			v->here = (v->here + (a == ACT_PANE ? 1 : v->count - 1)) % v->count;
		v->chosen = true;
		return true;
	}
	return log_view_act(v->log, a);
}

const char *
jobs_view_tab_label(const struct jobs_view *v)
{
	return v->count > 1 ? "next tab" : "";
}

bool
jobs_view_search(struct jobs_view *v, const char *text)
{
	return log_view_search(v->log, text);
}
