/* A program for test_term: shows the last event on the full screen and does what single keys say.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "slipway/base/strlist.h"
#include "slipway/os/loop.h"
#include "slipway/tui/rescue.h"
#include "slipway/tui/surface.h"
#include "slipway/tui/term.h"

/* curses leaks a part of itself when it does not know the terminal; LeakSanitizer asks here. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libtinfo\n";
}

struct probe {
	struct loop *loop;
	struct term *term;
	struct surface *surface;
	char last[200];
	int events;
};

static void
draw(void *arg)
{
	struct probe *p = arg;
	struct region r = region_all(p->surface);
	int w, h;

	term_size(p->term, &w, &h);
	surface_clear(p->surface);
	region_printf(r, 0, 0, ROLE_TITLE, "probe %dx%d depth %d %s", w, h,
	    (int)term_depth(p->term), term_is_ascii(p->term) ? "ascii" : "utf8");
	region_text(r, 0, 1, ROLE_GOOD, "✓ 漢字 e\xcc\x81|");
	region_printf(r, 0, 2, ROLE_TEXT, "event %d: %s", p->events, p->last);
	region_text(r, 0, 3, ROLE_BAD, "bad");
	region_text_right(r, w, h - 1, ROLE_DIM, "corner");
	region_show_cursor(r, 3, 2);
	term_draw(p->term, p->surface);
}

static void
resumed(void *arg)
{
	struct probe *p = arg;

	term_resume(p->term);
}

static void
act(struct probe *p, uint32_t key)
{
	if (key == 'q') {
		loop_stop(p->loop);
	} else if (key == 'Z') {
		term_stop_job(p->term);
	} else if (key == 'S') {
		term_suspend(p->term);
		puts("somebody else was here");
		fflush(stdout);
		loop_after(p->loop, 1, resumed, p);
	} else if (key == 'C') {
		raise(SIGSEGV);
	} else if (key == 'D') {
		die("nothing to live for");
	}
}

static void
on_event(void *arg, const struct input_event *ev)
{
	struct probe *p = arg;
	char name[32];

	p->events++;
	switch (ev->type) {
	case INPUT_KEY:
		snprintf(p->last, sizeof p->last, "key %s.",
		    input_key_name(ev->key, ev->mods, name, sizeof name));
		break;
	case INPUT_PASTE:
		snprintf(p->last, sizeof p->last, "paste of %zu.", ev->paste_len);
		break;
	case INPUT_MOUSE:
		snprintf(p->last, sizeof p->last, "mouse %d,%d.", ev->x, ev->y);
		break;
	case INPUT_RESIZE:
		snprintf(p->last, sizeof p->last, "resize %dx%d.", ev->w, ev->h);
		surface_resize(p->surface, ev->w, ev->h);
		break;
	case INPUT_SIGNAL:
		snprintf(p->last, sizeof p->last, "signal %d.", ev->signo);
		if (ev->signo == SIGHUP)
			loop_stop(p->loop);
		break;
	}
	loop_dirty(p->loop);
	if (ev->type == INPUT_KEY)
		act(p, ev->key);
}

int
main(int argc, char **argv)
{
	struct probe p = { .events = 0 };
	struct strlist warnings = STRLIST_EMPTY;
	struct theme *theme = NULL;
	struct err e = ERR_EMPTY;
	struct term_opts opts = { .on_event = on_event, .arg = &p };
	int w, h, status = 0;

	if (theme_load(argc > 1 ? argv[1] : "default", &warnings, &theme, &e) != ERR_OK ||
	    loop_new(&p.loop, &e) != ERR_OK)
		return 2;
	opts.theme = theme;
	rescue_set_note("slipway resume goes on");
	if (term_start(p.loop, &opts, &p.term, &e) != ERR_OK) {
		fprintf(stderr, "%s; %s\n", e.message, e.hint);
		status = 3;
		goto out;
	}
	term_size(p.term, &w, &h);
	p.surface = surface_new(w, h, term_is_ascii(p.term));
	loop_on_frame(p.loop, draw, &p);
	loop_dirty(p.loop);
	loop_run(p.loop);
out:
	term_stop(p.term);
	surface_free(p.surface);
	theme_free(theme);
	strlist_fini(&warnings);
	loop_free(p.loop);
	return status;
}
