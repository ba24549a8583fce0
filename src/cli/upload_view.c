/* Lines of an upload. Those of files under way are drawn over themselves, ten times a second. */
#include "upload_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "findings_out.h"
#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"
#include "slipway/os/clock.h"
#include "slipway/os/loop.h"

#define REDRAW_MS 100

struct row {
	enum upload_state state;
	enum upload_presence presence;
	uint64_t sent, total, rate, pause_ms;
	unsigned attempt;
	char *note;
	struct err failure;
	bool told; /* its last line was printed */
};

struct upload_view {
	struct loop *loop;
	struct upload_view_opts opts;
	struct row *rows;
	size_t drawn; /* lines on the screen that will be drawn over */
	struct loop_timer *timer;
};

static bool
is_over(enum upload_state s)
{
	return s == UPLOAD_DONE || s == UPLOAD_ALREADY_THERE || s == UPLOAD_FAILED;
}

static size_t
columns(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return 80;
	return size.ws_col;
}

static void
put_size(uint64_t bytes, struct str *out)
{
	char text[32];

	str_puts(out, size_text(bytes, text, sizeof text));
}

/* "name   41% 12 MB of 30 MB, 2.1 MB/s" */
static void
put_running(const struct upload_view *v, size_t file, struct str *out)
{
	const struct row *r = &v->rows[file];

	str_printf(out, "  %s  %s", v->opts.names[file], upload_state_name(r->state));
	if (r->state == UPLOAD_SENDING && r->total > 0) {
		str_printf(out, " %u%%, ", (unsigned)(r->sent * 100 / r->total));
		put_size(r->sent, out);
		str_puts(out, " of ");
		put_size(r->total, out);
		if (r->rate > 0) {
			str_puts(out, ", ");
			put_size(r->rate, out);
			str_puts(out, "/s");
		}
	}
	if (r->pause_ms > 0)
		str_printf(out, ", again in %u s", (unsigned)((r->pause_ms + 999) / 1000));
	if (r->note != NULL && r->note[0] != '\0')
		str_printf(out, ": %s", r->note);
}

static void
put_over(const struct upload_view *v, size_t file, struct str *out)
{
	const struct row *r = &v->rows[file];
	const char *on = !v->opts.colour ? "" : r->state == UPLOAD_FAILED ? "\x1b[31m" : "\x1b[32m";

	str_printf(out, "%s: %s%s%s", v->opts.names[file], on, upload_state_name(r->state),
	    v->opts.colour ? "\x1b[0m" : "");
	if (r->state == UPLOAD_FAILED)
		str_printf(out, ": %s", r->failure.message);
	if (r->state == UPLOAD_FAILED && r->failure.hint[0] != '\0')
		str_printf(out, "\n  %s", r->failure.hint);
	if (r->state == UPLOAD_FAILED && r->presence == UPLOAD_UNSURE)
		str_puts(out,
		    "\n  whether the index has it could not be told: ask it before another try");
	str_putc(out, '\n');
}

/* Of one line on the screen: longer ones would break the drawing over. */
static void
cut(struct str *line, size_t from, size_t width)
{
	size_t used = 0, pos = from;

	while (pos < line->len) {
		uint32_t cp = 0;
		size_t len = utf8_decode(line->data + pos, line->len - pos, &cp);

		if (len == 0)
			len = 1;
		if (++used >= width)
			break;
		pos += len;
	}
	str_splice(line, pos, line->len - pos, NULL, 0);
}

static void
clear(struct upload_view *v, struct str *out)
{
	if (v->drawn > 0)
		str_printf(out, "\x1b[%zuA\r\x1b[J", v->drawn);
	v->drawn = 0;
}

static void
draw(struct upload_view *v)
{
	struct str out = STR_EMPTY;
	size_t width = columns();

	clear(v, &out);
	for (size_t i = 0; i < v->opts.count; i++)
		if (is_over(v->rows[i].state) && !v->rows[i].told) {
			put_over(v, i, &out);
			v->rows[i].told = true;
		}
	for (size_t i = 0; v->opts.live && i < v->opts.count; i++) {
		size_t start = out.len;

		if (is_over(v->rows[i].state) || v->rows[i].state == UPLOAD_WAITING)
			continue;
		put_running(v, i, &out);
		cut(&out, start, width);
		str_putc(&out, '\n');
		v->drawn++;
	}
	fputs(str_text(&out), stdout);
	fflush(stdout);
	str_fini(&out);
}

static void
on_timer(void *arg)
{
	struct upload_view *v = arg;

	v->timer = NULL;
	draw(v);
}

struct upload_view *
upload_view_new(struct loop *l, const struct upload_view_opts *opts)
{
	struct upload_view *v = mem_zalloc(1, sizeof *v);

	v->loop = l;
	v->opts = *opts;
	v->rows = mem_zalloc(opts->count, sizeof v->rows[0]);
	return v;
}

void
upload_view_free(struct upload_view *v)
{
	if (v == NULL)
		return;
	loop_cancel(v->loop, v->timer);
	for (size_t i = 0; i < v->opts.count; i++)
		free(v->rows[i].note);
	free(v->rows);
	free(v);
}

void
upload_view_progress(struct upload_view *v, size_t file, const struct upload_progress *p)
{
	struct row *r = &v->rows[file];

	r->state = p->state;
	r->presence = p->presence;
	r->sent = p->sent;
	r->total = p->total;
	r->rate = p->rate;
	r->pause_ms = p->pause_ms;
	r->attempt = p->attempt;
	mem_set(&r->note, p->note);
	if (p->failure != NULL)
		r->failure = *p->failure;
	if (v->opts.quiet || (!v->opts.live && !is_over(p->state)))
		return;
	if (v->timer == NULL)
		v->timer = loop_after(v->loop, v->opts.live ? REDRAW_MS : 0, on_timer, v);
}

void
upload_view_end(struct upload_view *v)
{
	loop_cancel(v->loop, v->timer);
	v->timer = NULL;
	if (v->opts.quiet)
		return;
	v->opts.live = false;
	draw(v);
}

void
upload_view_json(const struct upload_view *v, struct json *list)
{
	static const char *const presence[] = { "absent", "present", "unsure" };

	for (size_t i = 0; i < v->opts.count; i++) {
		const struct row *r = &v->rows[i];
		struct json *file = json_add_object(list);

		json_set_text(file, "file", v->opts.names[i]);
		json_set_text(file, "state", upload_state_name(r->state));
		json_set_text(file, "on-index", presence[r->presence]);
		json_set_int(file, "attempts", r->attempt);
		json_set_null(file, "error");
		if (r->state != UPLOAD_FAILED)
			continue;
		failure_json(&r->failure, json_set_object(file, "error"));
	}
}
