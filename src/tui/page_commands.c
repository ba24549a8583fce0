/* The log of commands: everything that was run, when, for how long, and how it ended. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "slipway/base/mem.h"
#include "slipway/os/clock.h"
#include "slipway/tui/list.h"
#include "slipway/tui/widget.h"
#include "ui.h"

struct commands_page {
	struct list list;
	bool looked; /* it starts at the newest */
	char needle[128];
};

static const struct release *
release_of(const struct page *p)
{
	return ui_release(p->data);
}

static bool
went_well(const char *result)
{
	return strcmp(result, "ok") == 0 || strcmp(result, "exited with 0") == 0;
}

static void
draw_command(void *arg, struct region row, size_t index, bool selected)
{
	const struct page *p = arg;
	const struct command_line *c = &release_of(p)->commands[index];
	enum sign sign = SIGN_RUNNING;
	char when[32] = "", span[32];
	int end = row.w - 8;

	(void)selected;
	if (c->result != NULL)
		sign = went_well(c->result) ? SIGN_OK : SIGN_BAD;
	clock_iso(c->when, when, sizeof when);
	widget_draw_sign(row, 0, 0, sign, shell_now(p->shell));
	region_bytes(row, 2, 0, ROLE_DIM, when + 11, 8);
	if (c->result != NULL)
		region_text_right(
		    row, row.w, 0, ROLE_DIM, clock_span(c->elapsed_ms, span, sizeof span));
	else
		shell_animate(p->shell);
	if (sign == SIGN_BAD) {
		int cells = text_cells(c->result, strlen(c->result));

		cells = cells < row.w / 3 ? cells : row.w / 3;
		end -= cells + 1;
		region_text_fit(row, end + 1, 0, cells, ROLE_BAD, c->result);
	}
	region_text_fit(row, 11, 0, end - 11, ROLE_TEXT, c->text);
}

static void
draw_details(const struct page *p, struct region r, const struct command_line *c)
{
	int y = 1;

	widget_rule(r, 0);
	y += widget_fact(r, y, 9, "in", ROLE_PATH, c->cwd != NULL ? c->cwd : "");
	y += widget_fact(
	    r, y, 9, "result", ROLE_VALUE, c->result != NULL ? c->result : "still running");
	region_wrap(region_below(r, y), 0, ROLE_TEXT, c->text);
	(void)p;
}

static void
commands_draw(struct page *p, struct region body)
{
	struct commands_page *st = p->state;
	const struct release *r = release_of(p);
	int details = body.h >= 14 ? 6 : 0;
	char count[48];

	list_set_count(&st->list, r->command_count);
	if (!st->looked && r->command_count > 0)
		list_select(&st->list, r->command_count - 1);
	st->looked = true;
	snprintf(count, sizeof count, "%zu run (times in UTC)", r->command_count);
	widget_title(body, "Commands", NULL, count);
	if (r->command_count == 0) {
		region_text(body, 0, 2, ROLE_DIM, "Nothing was run yet.");
		return;
	}
	list_draw(
	    &st->list, region_sub(body, 0, 2, body.w, body.h - 2 - details), true, draw_command, p);
	if (details > 0)
		draw_details(
		    p, region_below(body, body.h - details), &r->commands[st->list.cursor]);
}

static bool
find(struct commands_page *st, const struct release *r, size_t from, int way)
{
	for (size_t n = 0; n < r->command_count; n++) {
		size_t at = way > 0 ? (from + n) % r->command_count
				    : (from + r->command_count - n) % r->command_count;

		if (strstr(r->commands[at].text, st->needle) != NULL) {
			list_select(&st->list, at);
			return true;
		}
	}
	return false;
}

static bool
commands_search(struct page *p, const char *text)
{
	struct commands_page *st = p->state;

	snprintf(st->needle, sizeof st->needle, "%s", text);
	return text[0] == '\0' || find(st, release_of(p), st->list.cursor, 1);
}

static bool
commands_act(struct page *p, enum action a)
{
	struct commands_page *st = p->state;
	const struct release *r = release_of(p);
	size_t count = r->command_count;

	if ((a == ACT_MATCH_NEXT || a == ACT_MATCH_BACK) && st->needle[0] != '\0' && count > 0)
		return find(st, r,
		    a == ACT_MATCH_NEXT ? (st->list.cursor + 1) % count
					: (st->list.cursor + count - 1) % count,
		    a == ACT_MATCH_NEXT ? 1 : -1);
	if (a == ACT_NEXT)
		return true;
	return list_act(&st->list, a);
}

static const enum action commands_bar[] = { ACT_UP, ACT_DOWN, ACT_SEARCH, ACT_MATCH_NEXT,
	ACT_NONE };

const struct page_ops page_commands = {
	.context = KEYS_LOG,
	.state_size = sizeof(struct commands_page),
	.draw = commands_draw,
	.act = commands_act,
	.search = commands_search,
	.bar = commands_bar,
};
