/* A log on the screen. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "screen.h"
#include "slipway/os/logstore.h"
#include "slipway/os/loop.h"
#include "slipway/tui/log_view.h"

struct fixture {
	struct loop *loop;
	struct logstore *log;
	struct log_view *view;
	struct surface *surface;
	int changes;
};

static void
changed(void *arg)
{
	((struct fixture *)arg)->changes++;
}

static void
start(struct fixture *f)
{
	*f = (struct fixture) { .surface = surface_new(50, 4, false) };
	cr_assert_eq(loop_new(&f->loop, NULL), ERR_OK);
	cr_assert_eq(logstore_new(&(struct logstore_opts) { .path = NULL }, &f->log, NULL), ERR_OK);
	f->view = log_view_new(f->loop, changed, f);
	log_view_set(f->view, f->log);
}

static void
stop(struct fixture *f)
{
	log_view_free(f->view);
	logstore_free(f->log);
	surface_free(f->surface);
	loop_free(f->loop);
}

static void
feed(struct fixture *f, const char *text)
{
	logstore_feed(f->log, text, strlen(text));
}

static const struct surface *
draw(struct fixture *f)
{
	surface_clear(f->surface);
	log_view_draw(f->view, region_all(f->surface), "note");
	return f->surface;
}

Test(log_view, follows_keeps_colours_and_counts_warnings, .fini = leak_gate)
{
	struct fixture f;

	start(&f);
	feed(&f, "one\ntwo \x1b[31mred\x1b[0m x\nWarning: look\n10%\r50%");
	screen_expect(draw(&f),
	    "two red x\nWarning: look\n50%\n"
	    "1 warning · 3 lines · following ▼             note\n",
	    "following");
	screen_expect_roles_row(
	    f.surface, 0, "....111...........................................", "colours");
	log_view_act(f.view, ACT_UP);
	feed(&f, "\nfive\nsix\n");
	screen_expect_row(draw(&f), 0, "one", "stays");
	log_view_act(f.view, ACT_WARNINGS);
	screen_expect_row(draw(&f), 0, "Warning: look", "alone");
	screen_expect_row(draw(&f), 1, "", "alone");
	stop(&f);
}

Test(log_view, searches_in_turns_of_the_loop, .fini = leak_gate)
{
	struct fixture f;

	start(&f);
	for (int i = 0; i < 3000; i++)
		feed(&f, i == 17 ? "needle\n" : "hay\n");
	draw(&f);
	cr_expect(log_view_search(f.view, "NEEDLE"));
	for (int i = 0; i < 1000 && f.changes == 0; i++)
		loop_turn(f.loop, 10);
	cr_expect(screen_has(draw(&f), "not found"), "capitals are meant");
	f.changes = 0;
	log_view_search(f.view, "needle");
	for (int i = 0; i < 1000 && f.changes == 0; i++)
		loop_turn(f.loop, 10);
	cr_expect(screen_has(draw(&f), "needle"));
	stop(&f);
}
