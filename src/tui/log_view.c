/* A pager over a logstore. */
#include "slipway/tui/log_view.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "slipway/os/logstore.h"
#include "slipway/os/loop.h"
#include "slipway/tui/pager.h"
#include "slipway/tui/theme.h"

/* Lines looked at for warnings in one frame. */
#define SCAN_LINES 5000

struct log_view {
	struct loop *loop;
	log_view_fn changed;
	void *arg;
	struct logstore *log;
	struct pager pager;
	struct pager_span spans[2 * TERMLINE_RUNS_MAX + 1];
	/* warnings alone: which lines, as far as they were looked at */
	bool only_warnings;
	size_t *shown, shown_count, shown_cap, scanned;
	/* the search under way */
	struct logstore_search search;
	struct loop_timer *search_timer;
	bool searching, not_found;
};

/* --- lines --- */

/* The nearest of the eight colours that a theme has for the output of others. */
static enum role
role_of_colour(uint32_t colour)
{
	uint32_t value = colour & TERMLINE_VALUE;
	int rgb, r, g, b, most;

	if ((colour & TERMLINE_INDEX) != 0 && value < 16)
		return (enum role)(ROLE_ANSI_BLACK + (int)(value % 8));
	rgb = (colour & TERMLINE_INDEX) != 0 ? theme_index_rgb((int)value) : (int)value;
	r = rgb >> 16 & 0xff;
	g = rgb >> 8 & 0xff;
	b = rgb & 0xff;
	most = r > g ? r : g;
	most = b > most ? b : most;
	if (most < 0x60)
		return ROLE_ANSI_BLACK;
	/* Each part that comes near the strongest one counts. */
	return (enum role)(
	    ROLE_ANSI_BLACK + (r * 3 > most * 2) + 2 * (g * 3 > most * 2) + 4 * (b * 3 > most * 2));
}

static struct pager_span
span_of(const struct termline_run *run, enum role plain)
{
	static const struct {
		unsigned int from, to;
	} attrs[] = { { TERMLINE_BOLD, ATTR_BOLD }, { TERMLINE_DIM, ATTR_DIM },
		{ TERMLINE_ITALIC, ATTR_ITALIC }, { TERMLINE_UNDERLINE, ATTR_UNDERLINE },
		{ TERMLINE_REVERSE, ATTR_REVERSE } };
	uint32_t fg = run->style.fg;
	struct pager_span out = { .at = run->start, .role = plain };

	if (fg != TERMLINE_DEFAULT)
		out.role = role_of_colour(fg);
	if ((fg & TERMLINE_INDEX) != 0 && (fg & TERMLINE_VALUE) >= 8 && (fg & TERMLINE_VALUE) < 16)
		out.attr |= ATTR_BOLD;
	for (size_t i = 0; i < ARRAY_LEN(attrs); i++)
		if ((run->style.attrs & attrs[i].from) != 0)
			out.attr |= attrs[i].to;
	return out;
}

static void
fill_line(struct log_view *v, const struct logstore_line *line, struct pager_line *out)
{
	size_t n = 0;

	out->text = (struct bytes) { line->text, line->len };
	if (line->class == LOGSTORE_ERROR)
		out->role = ROLE_BAD;
	else if (line->class == LOGSTORE_WARNING)
		out->role = ROLE_WARN;
	if (line->run_count == 0)
		return;
	out->role = ROLE_TEXT;
	for (size_t i = 0; i < line->run_count && i < TERMLINE_RUNS_MAX; i++) {
		const struct termline_run *run = &line->runs[i];
		size_t end = (size_t)run->start + run->len;

		v->spans[n++] = span_of(run, ROLE_TEXT);
		if (i + 1 == line->run_count || line->runs[i + 1].start > end)
			v->spans[n++] = (struct pager_span) { .at = end, .role = ROLE_TEXT };
	}
	out->spans = v->spans;
	out->span_count = n;
}

static void
line_at(void *arg, size_t index, struct pager_line *out)
{
	struct log_view *v = arg;
	struct logstore_line line = { .text = "" };

	if (v->only_warnings)
		logstore_line(v->log, v->shown[index], &line);
	else if (index < logstore_count(v->log))
		logstore_line(v->log, index, &line);
	else
		logstore_partial(v->log, &line);
	fill_line(v, &line, out);
}

/* --- life --- */

static void
stop_search(struct log_view *v)
{
	loop_cancel(v->loop, v->search_timer);
	v->search_timer = NULL;
	v->searching = false;
}

struct log_view *
log_view_new(struct loop *l, log_view_fn changed, void *arg)
{
	struct log_view *v = mem_zalloc(1, sizeof *v);

	v->loop = l;
	v->changed = changed;
	v->arg = arg;
	return v;
}

void
log_view_free(struct log_view *v)
{
	if (v == NULL)
		return;
	stop_search(v);
	free(v->shown);
	free(v);
}

void
log_view_set(struct log_view *v, struct logstore *log)
{
	stop_search(v);
	v->log = log;
	v->pager = (struct pager) { .fn = line_at, .arg = v, .follow = true };
	v->only_warnings = v->not_found = false;
	v->shown_count = v->scanned = 0;
}

struct logstore *
log_view_log(const struct log_view *v)
{
	return v->log;
}

/* --- searching --- */

/* Where a line of the log is in what is shown; with warnings alone, the next one. */
static size_t
shown_at(const struct log_view *v, size_t line)
{
	size_t at = 0;

	if (!v->only_warnings)
		return line;
	while (at < v->shown_count && v->shown[at] < line)
		at++;
	return at;
}

static void
on_search(void *arg)
{
	struct log_view *v = arg;
	size_t line = 0;

	v->search_timer = NULL;
	switch (logstore_search_step(&v->search, v->log, &line)) {
	case LOGSTORE_MORE:
		v->search_timer = loop_after(v->loop, 0, on_search, v);
		return;
	case LOGSTORE_FOUND:
		v->pager.match = line;
		v->pager.found = true;
		pager_go_to(&v->pager, shown_at(v, line));
		break;
	case LOGSTORE_NONE:
		v->not_found = true;
		break;
	}
	v->searching = false;
	v->changed(v->arg);
}

static void
search_from(struct log_view *v, size_t line, bool back)
{
	size_t count = logstore_count(v->log);

	stop_search(v);
	v->not_found = false;
	if (v->pager.search[0] == '\0' || count == 0)
		return;
	logstore_search_begin(&v->search, v->log, v->pager.search, line % count, back);
	v->searching = true;
	v->search_timer = loop_after(v->loop, 0, on_search, v);
}

bool
log_view_search(struct log_view *v, const char *text)
{
	size_t top = v->pager.top;

	if (v->log == NULL)
		return false;
	snprintf(v->pager.search, sizeof v->pager.search, "%s", text);
	v->pager.found = false;
	if (v->only_warnings)
		top = top < v->shown_count ? v->shown[top] : 0;
	search_from(v, top, false);
	return true;
}

static void
search_again(struct log_view *v, bool back)
{
	size_t count = logstore_count(v->log);
	size_t from = v->pager.found ? v->pager.match : v->pager.top;

	if (count > 0)
		search_from(v, back ? (from + count - 1) % count : from + 1, back);
}

/* --- acting and drawing --- */

/* Looks at some more lines for warnings. True when there are still others. */
static bool
scan(struct log_view *v)
{
	size_t count = logstore_count(v->log);

	for (size_t n = 0; v->scanned < count && n < SCAN_LINES; n++, v->scanned++) {
		struct logstore_line line;

		logstore_line(v->log, v->scanned, &line);
		if (line.class == LOGSTORE_PLAIN)
			continue;
		v->shown = mem_grow(v->shown, &v->shown_cap, v->shown_count + 1, sizeof *v->shown);
		v->shown[v->shown_count++] = v->scanned;
	}
	return v->scanned < count;
}

bool
log_view_act(struct log_view *v, enum action a)
{
	if (v->log == NULL)
		return false;
	if (a == ACT_WARNINGS) {
		v->only_warnings = !v->only_warnings;
		v->pager.top = 0;
		v->pager.follow = !v->only_warnings;
		return true;
	}
	if (a == ACT_MATCH_NEXT || a == ACT_MATCH_BACK) {
		search_again(v, a == ACT_MATCH_BACK);
		return true;
	}
	return pager_act(&v->pager, a);
}

static void
add_count(struct str *out, size_t count, const char *word)
{
	if (count > 0)
		str_printf(out, "%zu %s%s · ", count, word, count == 1 ? "" : "s");
}

static void
draw_status(struct log_view *v, struct region row, const char *note)
{
	size_t errors = logstore_class_count(v->log, LOGSTORE_ERROR);
	size_t warnings = logstore_class_count(v->log, LOGSTORE_WARNING);
	size_t lines = logstore_count(v->log);
	struct str text = STR_EMPTY;
	int end = row.w;

	add_count(&text, errors, "error");
	add_count(&text, warnings, "warning");
	if (lines > 0)
		str_printf(&text, "%zu line%s", lines, lines == 1 ? "" : "s");
	if (v->only_warnings)
		str_puts(&text, " · warnings alone");
	if (v->searching)
		str_puts(&text, " · searching");
	else if (v->not_found)
		str_puts(&text, " · not found");
	if (lines > 0)
		str_puts(&text, v->pager.follow ? " · following ▼" : " · f follows");
	if (logstore_failure(v->log) != NULL)
		str_puts(&text, " · its file is not whole");
	if (note != NULL && text_cells(note, strlen(note)) < row.w / 2) {
		region_text_right(row, row.w, 0, ROLE_DIM, note);
		end -= text_cells(note, strlen(note)) + 1;
	}
	region_text_fit(row, 0, 0, end,
	    errors > 0	   ? ROLE_BAD
	    : warnings > 0 ? ROLE_WARN
			   : ROLE_DIM,
	    str_text(&text));
	str_fini(&text);
}

void
log_view_draw(struct log_view *v, struct region r, const char *note)
{
	struct logstore_line partial;
	size_t count;

	if (v->log == NULL || r.h < 2)
		return;
	if (v->only_warnings) {
		if (scan(v))
			v->changed(v->arg);
		count = v->shown_count;
	} else {
		count = logstore_count(v->log) + (logstore_partial(v->log, &partial) ? 1 : 0);
	}
	pager_set_count(&v->pager, count);
	pager_draw(&v->pager, region_sub(r, 0, 0, r.w, r.h - 1));
	draw_status(v, region_row(r, r.h - 1), note);
}
