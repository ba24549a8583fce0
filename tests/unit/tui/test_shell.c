/* The frame at every size, and the way of an event to a page. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "leak_gate.h"
#include "screen.h"
#include "slipway/base/compiler.h"
#include "slipway/os/loop.h"
#include "slipway/tui/list.h"
#include "slipway/tui/shell.h"
#include "slipway/tui/widget.h"

struct fixture {
	struct loop *loop;
	struct shell *shell;
	char did[200];
	size_t chosen;
	char typed[64];
};

static void
header(void *arg, struct layout_header *out)
{
	(void)arg;
	*out = (struct layout_header) { .project = "rethink-llmhub +1",
		.version = "1.0.3 → 1.1.0",
		.right = "main 3f2a9c1 ◷ 00:41" };
}

static size_t
rail(void *arg, struct layout_rail_item *out, size_t max)
{
	static const char *const names[] = { "preflight", "version", "edits", "commit", "checks",
		"build", "verify", "review", "rehearse", "smoke", "confirm", "publish", "live",
		"summary" };

	(void)arg;
	for (size_t i = 0; i < ARRAY_LEN(names) && i < max; i++)
		out[i] = (struct layout_rail_item) { .name = names[i],
			.sign = i < 2 ? SIGN_OK : SIGN_TODO,
			.here = i == 2,
			.no_return = i == 10 };
	return ARRAY_LEN(names);
}

static bool
top_act(void *arg, enum action a)
{
	struct fixture *f = arg;

	snprintf(
	    f->did + strlen(f->did), sizeof f->did - strlen(f->did), "[%s]", action_info[a].name);
	return true;
}

static const struct shell_ops ops = { .header = header, .rail = rail, .act = top_act };

struct demo_state {
	struct list list;
};

static void
demo_row(void *arg, struct region row, size_t index, bool selected)
{
	(void)arg;
	(void)selected;
	widget_draw_sign(row, 0, 0, index % 2 == 0 ? SIGN_OK : SIGN_BAD, 0);
	region_printf(row, 2, 0, ROLE_TEXT, "line %zu of the page with 漢字", index);
}

static void
demo_draw(struct page *p, struct region body)
{
	struct demo_state *st = p->state;

	list_set_count(&st->list, 30);
	widget_title(body, "Edits", "3 places in 2 files", "2 of 3");
	list_draw(&st->list, region_below(body, 2), true, demo_row, NULL);
	region_show_cursor(body, 1, 1);
}

static bool
demo_act(struct page *p, enum action a)
{
	struct demo_state *st = p->state;

	return list_act(&st->list, a);
}

static const char *
demo_off(struct page *p, enum action a)
{
	(void)p;
	return a == ACT_NEXT ? "one place is not looked at" : NULL;
}

static bool
demo_search(struct page *p, const char *text)
{
	struct fixture *f = p->data;

	snprintf(f->typed, sizeof f->typed, "%s", text);
	return strcmp(text, "ab") != 0;
}

static const enum action demo_bar[] = { ACT_NEXT, ACT_TOGGLE, ACT_PLACE_NEXT, ACT_DIFF, ACT_BACK,
	ACT_NONE };

static const struct page_ops demo_page = { .context = KEYS_EDITS,
	.state_size = sizeof(struct demo_state),
	.draw = demo_draw,
	.act = demo_act,
	.off = demo_off,
	.search = demo_search,
	.bar = demo_bar };

static void
start(struct fixture *f, int w, int h, bool ascii)
{
	memset(f, 0, sizeof *f);
	cr_assert_eq(loop_new(&f->loop, NULL), ERR_OK);
	f->shell = shell_new(f->loop, &ops, f, w, h, ascii);
	shell_show(f->shell, &demo_page, f);
}

static void
stop(struct fixture *f)
{
	shell_free(f->shell);
	loop_free(f->loop);
}

static void
press(struct fixture *f, const char *name)
{
	struct input_event ev = { .type = INPUT_KEY };

	cr_assert(input_key_parse(name, &ev.key, &ev.mods), "%s", name);
	if (ev.key < 0x80 && ev.mods == 0)
		ev.text[0] = (char)ev.key;
	shell_event(f->shell, &ev);
}

static void
resize(struct fixture *f, int w, int h)
{
	shell_event(f->shell, &(struct input_event) { .type = INPUT_RESIZE, .w = w, .h = h });
}

Test(shell, draws_its_frame, .fini = leak_gate)
{
	struct fixture f;

	start(&f, 80, 24, false);
	shell_draw(f.shell);
	screen_expect_row(shell_draw(f.shell), 0,
	    " slipway  rethink-llmhub +1  1.0.3 → 1.1.0                 main 3f2a9c1 ◷ 00:41",
	    "header");
	screen_expect_row(shell_draw(f.shell), 1,
	    "─────────────┬──────────────────────────────────────────────────────────────────",
	    "rule");
	screen_expect_row(shell_draw(f.shell), 2,
	    " ✓ preflight │ Edits    3 places in 2 files                              2 of 3",
	    "title");
	screen_expect_row(
	    shell_draw(f.shell), 4, " ▸ edits     │ ✓ line 0 of the page with 漢字", "here");
	screen_expect_row(
	    shell_draw(f.shell), 12, " ═ confirm   │ ✓ line 8 of the page with 漢字", "no return");
	screen_expect_row(shell_draw(f.shell), 23,
	    " (Enter go on)   Space choose   n place   v whole diff   ? help   q quit", "keys");
	stop(&f);
}

Test(shell, stays_inside_at_every_size, .fini = leak_gate)
{
	static const char *const keys[] = { "?", "Esc", ":", "x", "Esc", "/", "a", "Esc" };
	struct fixture f;

	start(&f, 80, 24, false);
	for (size_t i = 0; i <= ARRAY_LEN(keys); i++) {
		for (int w = 1; w <= 300; w += w < 70 ? 1 : 23)
			for (int h = 1; h <= 100; h += h < 30 ? 1 : 17) {
				const struct surface *s;
				int x, y;

				resize(&f, w, h);
				s = shell_draw(f.shell);
				cr_assert(surface_width(s) == w && surface_height(s) == h);
				if (surface_cursor(s, &x, &y))
					cr_assert(x >= 0 && x < w && y >= 0 && y < h);
				if (w >= LAYOUT_MIN_W && h >= LAYOUT_MIN_H)
					cr_assert_str_eq(
					    surface_cell(s, LAYOUT_RAIL, 2)->text, "│");
			}
		resize(&f, 80, 24);
		shell_draw(f.shell);
		if (i < ARRAY_LEN(keys))
			press(&f, keys[i]);
	}
	stop(&f);
}

Test(shell, says_when_the_terminal_is_too_small, .fini = leak_gate)
{
	struct fixture f;

	start(&f, 59, 24, false);
	cr_expect(screen_has(shell_draw(f.shell), "terminal too small"));
	press(&f, "v");
	cr_expect_str_eq(f.did, "", "nothing is done that cannot be seen");
	press(&f, "q");
	cr_expect_str_eq(f.did, "[quit]");
	stop(&f);
}

Test(shell, keys_reach_page_shell_and_wizard, .fini = leak_gate)
{
	struct fixture f;

	start(&f, 80, 24, false);
	press(&f, "j");
	cr_expect_eq(((struct demo_state *)shell_front(f.shell)->state)->list.cursor, 0);
	shell_draw(f.shell);
	press(&f, "j");
	cr_expect_eq(((struct demo_state *)shell_front(f.shell)->state)->list.cursor, 1);
	press(&f, "v");
	press(&f, "b");
	cr_expect_str_eq(f.did, "[diff][back]");
	press(&f, "Enter");
	cr_expect_str_eq(f.did, "[diff][back]", "off");
	cr_expect(screen_has(shell_draw(f.shell), " one place is not looked at"));
	press(&f, "k");
	cr_expect_not(screen_has(shell_draw(f.shell), "not looked at"));
	shell_event(f.shell, &(struct input_event) { .type = INPUT_SIGNAL, .signo = SIGTERM });
	cr_expect_str_eq(f.did, "[diff][back][interrupt]", "signal");
	stop(&f);
}

Test(shell, help_and_palette_come_from_the_table, .fini = leak_gate)
{
	struct fixture f;

	start(&f, 80, 24, false);
	press(&f, "?");
	cr_expect(screen_has(shell_draw(f.shell), "Keys of this page"));
	cr_expect(screen_has(shell_draw(f.shell), "one line up"));
	press(&f, "b");
	cr_expect_not(screen_has(shell_draw(f.shell), "Keys of this page"));
	cr_expect_str_eq(f.did, "");
	press(&f, ":");
	for (const char *c = "whole"; *c != '\0'; c++)
		press(&f, (char[]) { *c, '\0' });
	cr_expect(screen_has(shell_draw(f.shell), "show the whole diff"));
	press(&f, "Enter");
	cr_expect_str_eq(f.did, "[diff]");
	stop(&f);
}

Test(shell, search_is_typed_in_the_bottom_line, .fini = leak_gate)
{
	struct fixture f;

	start(&f, 80, 24, false);
	press(&f, "/");
	press(&f, "a");
	cr_expect_str_eq(f.typed, "a");
	press(&f, "b");
	cr_expect(screen_has(shell_draw(f.shell), "not found"));
	press(&f, "Enter");
	cr_expect_str_eq(f.typed, "ab");
	press(&f, "/");
	press(&f, "Esc");
	cr_expect_str_eq(f.typed, "");
	stop(&f);
}

static void
on_choice(void *arg, size_t chosen)
{
	((struct fixture *)arg)->chosen = chosen;
}

static void
on_text(void *arg, const char *text)
{
	struct fixture *f = arg;

	snprintf(f->typed, sizeof f->typed, "%s", text != NULL ? text : "closed");
}

Test(shell, questions_answer_once, .fini = leak_gate)
{
	static const char *const options[] = { "stay", "leave" };
	const struct shell_question q = { .title = "Leave?",
		.text = "Nothing has been changed.",
		.options = options,
		.count = 2 };
	struct fixture f;

	start(&f, 80, 24, true);
	shell_ask(f.shell, &q, on_choice, &f);
	cr_expect(screen_has(shell_draw(f.shell), "> stay"));
	press(&f, "Down");
	press(&f, "Enter");
	cr_expect_eq(f.chosen, 1);
	shell_ask(f.shell, &q, on_choice, &f);
	press(&f, "Esc");
	cr_expect_eq(f.chosen, SIZE_MAX);
	shell_ask_text(f.shell, "Why?", "A reason is kept with the file.", "te", on_text, &f);
	press(&f, "s");
	press(&f, "t");
	press(&f, "Enter");
	cr_expect_str_eq(f.typed, "test");
	shell_ask_text(f.shell, "Why?", "Again.", NULL, on_text, &f);
	press(&f, "Esc");
	cr_expect_str_eq(f.typed, "closed");
	shell_show_text(f.shell, "Diff", "+new\n-old\n", 10, true);
	cr_expect(screen_has(shell_draw(f.shell), "+new"));
	press(&f, "q");
	cr_expect(screen_has(shell_draw(f.shell), "line 0"));
	stop(&f);
}

Test(shell, a_click_on_a_key_is_the_key, .fini = leak_gate)
{
	struct fixture f;
	struct input_event click = { .type = INPUT_MOUSE, .mouse = INPUT_MOUSE_PRESS, .y = 23 };

	start(&f, 120, 24, false);
	shell_draw(f.shell);
	for (int x = 0; x < 120 && f.did[0] == '\0'; x++) {
		click.x = x;
		shell_event(f.shell, &click);
	}
	cr_expect_str_eq(f.did, "[toggle]");
	stop(&f);
}
