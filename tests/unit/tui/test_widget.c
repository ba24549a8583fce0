/* Lists, trees, pagers, lines that are typed, bars, tabs, the key line. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "screen.h"
#include "slipway/base/compiler.h"
#include "slipway/os/secret.h"
#include "slipway/tui/edit_line.h"
#include "slipway/tui/layout.h"
#include "slipway/tui/list.h"
#include "slipway/tui/pager.h"
#include "slipway/tui/widget.h"

static void
number_row(void *arg, struct region row, size_t index, bool selected)
{
	(void)arg;
	region_printf(row, 0, 0, ROLE_TEXT, "%s%zu", selected ? ">" : " ", index);
}

static bool
odd_only(void *arg, size_t index)
{
	(void)arg;
	return index % 2 == 1;
}

Test(list, moves_and_keeps_its_cursor_in_sight, .fini = leak_gate)
{
	static const struct {
		enum action action;
		size_t cursor, top;
	} row[] = {
		{ ACT_DOWN, 1, 0 },
		{ ACT_PAGE_DOWN, 3, 1 },
		{ ACT_BOTTOM, 9, 7 },
		{ ACT_DOWN, 9, 7 },
		{ ACT_UP, 8, 7 },
		{ ACT_PAGE_UP, 6, 6 },
		{ ACT_TOP, 0, 0 },
		{ ACT_UP, 0, 0 },
	};
	struct surface *s = surface_new(4, 3, false);
	struct list l = { .count = 0 };

	cr_expect(list_act(&l, ACT_DOWN));
	list_draw(&l, region_all(s), true, number_row, NULL);
	list_set_count(&l, 10);
	list_draw(&l, region_all(s), true, number_row, NULL);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		cr_expect(list_act(&l, row[i].action));
		list_draw(&l, region_all(s), true, number_row, NULL);
		cr_expect(l.cursor == row[i].cursor && l.top == row[i].top, "row %zu: %zu %zu", i,
		    l.cursor, l.top);
	}
	cr_expect_eq(surface_cell(s, 3, 0)->attr, ATTR_CURSOR);
	cr_expect_not(list_act(&l, ACT_HELP));
	list_set_count(&l, 0);
	cr_expect_eq(l.cursor, 0);
	surface_free(s);
}

Test(list, steps_over_headings, .fini = leak_gate)
{
	struct list l = { .selectable = odd_only, .rows = 3 };

	list_set_count(&l, 7);
	cr_expect_eq(l.cursor, 1);
	list_act(&l, ACT_DOWN);
	cr_expect_eq(l.cursor, 3);
	list_act(&l, ACT_BOTTOM);
	cr_expect_eq(l.cursor, 5);
	list_act(&l, ACT_DOWN);
	cr_expect_eq(l.cursor, 5);
	list_act(&l, ACT_TOP);
	cr_expect_eq(l.cursor, 1);
	cr_expect_not(list_click(&l, 0));
}

static void
node_row(void *arg, struct region row, size_t index, bool selected)
{
	const char *const *names = arg;

	(void)selected;
	region_text(row, 0, 0, ROLE_TEXT, names[index]);
}

Test(tree, folds_and_keeps_its_place, .fini = leak_gate)
{
	static const char *names[] = { "pkg", "a.py", "sub", "b.py", "info" };
	struct surface *s = surface_new(10, 5, false);
	struct tree t = { .count = 0 };

	tree_add(&t, 0, true, NULL);
	tree_add(&t, 1, false, NULL);
	tree_add(&t, 1, true, NULL);
	tree_add(&t, 2, false, NULL);
	tree_add(&t, 0, false, NULL);
	tree_update(&t);
	tree_draw(&t, region_all(s), true, node_row, names);
	screen_expect(s, "▾ pkg\n    a.py\n  ▾ sub\n      b.py\n  info\n", "open");
	tree_select(&t, 3);
	tree_act(&t, ACT_LEFT);
	cr_expect_eq(tree_selected(&t) - t.nodes, 2, "to the parent");
	tree_act(&t, ACT_LEFT);
	cr_expect(t.nodes[2].folded);
	cr_expect_eq(t.list.count, 4);
	tree_select(&t, 3);
	cr_expect_not(t.nodes[2].folded);
	tree_act(&t, ACT_FOLD_ALL);
	cr_expect_eq(tree_selected(&t) - t.nodes, 0, "what hides it is selected");
	surface_clear(s);
	tree_draw(&t, region_all(s), true, node_row, names);
	screen_expect(s, "▸ pkg\n  info\n\n\n\n", "folded");
	tree_act(&t, ACT_RIGHT);
	cr_expect_eq(t.list.count, 4);
	tree_fini(&t);
	surface_free(s);
}

Test(pager, shows_scrolls_and_searches, .fini = leak_gate)
{
	static const char text[] =
	    "one\ttab\nTwo \x1b[31mred\nlong line that is cut\nfour\nfive two\n";
	struct surface *s = surface_new(12, 3, false);
	struct pager p = { .top = 0 };
	struct pager_text t = { .count = 0 };

	pager_set_text(&p, &t, text, sizeof text - 1);
	cr_expect_eq(p.count, 5);
	pager_draw(&p, region_all(s));
	screen_expect(s, "one     tab\nTwo \\x1b[31…\nlong line t…\n", "start");
	cr_expect(pager_search(&p, "two"));
	cr_expect_eq(p.match, 1);
	pager_act(&p, ACT_MATCH_NEXT);
	cr_expect_eq(p.match, 4);
	cr_expect_eq(p.top, 2);
	surface_clear(s);
	pager_draw(&p, region_all(s));
	screen_expect_roles_row(s, 2, ".....mmm....", "match");
	pager_act(&p, ACT_MATCH_NEXT);
	cr_expect_eq(p.match, 1, "around the end");
	cr_expect_not(pager_search(&p, "TWO"), "capitals are meant");
	pager_search(&p, "");
	pager_act(&p, ACT_TOP);
	pager_act(&p, ACT_RIGHT);
	surface_clear(s);
	pager_draw(&p, region_all(s));
	screen_expect(s, "tab\n[31mred\ne that is c…\n", "to the right");
	pager_act(&p, ACT_WRAP);
	pager_act(&p, ACT_FOLLOW);
	surface_clear(s);
	pager_draw(&p, region_all(s));
	screen_expect(s, "four\nfive two\n\n", "wrapped end");
	pager_text_fini(&t);
	surface_free(s);
}

Test(pager, follows_until_somebody_moves_up, .fini = leak_gate)
{
	struct pager p = { .fn = NULL, .rows = 10, .follow = true };

	pager_set_count(&p, 100);
	cr_expect_eq(p.top, 90);
	pager_act(&p, ACT_UP);
	pager_set_count(&p, 200);
	cr_expect_eq(p.top, 89);
	pager_act(&p, ACT_FOLLOW);
	cr_expect_eq(p.top, 190);
}

static void
type(struct edit_line *l, const char *keys)
{
	for (; *keys != '\0'; keys++) {
		struct input_event ev = { .type = INPUT_KEY, .key = (unsigned char)*keys };

		ev.text[0] = *keys;
		edit_line_event(l, &ev);
	}
}

static bool
press(struct edit_line *l, uint32_t key, unsigned int mods)
{
	return edit_line_event(
	    l, &(struct input_event) { .type = INPUT_KEY, .key = key, .mods = mods });
}

Test(edit_line, edits_whole_characters, .fini = leak_gate)
{
	struct surface *s = surface_new(6, 1, false);
	struct edit_line l = { .cursor = 0 };
	struct input_event paste = { .type = INPUT_PASTE, .paste = "é漢\nrest", .paste_len = 10 };
	int x, y;

	edit_line_draw(&l, region_all(s), "hint");
	screen_expect_row(s, 0, "hint", "empty");
	type(&l, "ab cd");
	edit_line_event(&l, &paste);
	cr_expect_str_eq(str_text(&l.text), "ab cdé漢");
	surface_clear(s);
	edit_line_draw(&l, region_all(s), "hint");
	screen_expect_row(s, 0, "cdé漢", "scrolled");
	cr_assert(surface_cursor(s, &x, &y));
	cr_expect_eq(x, 5);
	press(&l, INPUT_KEY_BACKSPACE, 0);
	press(&l, INPUT_KEY_LEFT, 0);
	press(&l, INPUT_KEY_DELETE, 0);
	cr_expect_str_eq(str_text(&l.text), "ab cd");
	press(&l, 'w', INPUT_CTRL);
	cr_expect_str_eq(str_text(&l.text), "ab ");
	press(&l, INPUT_KEY_HOME, 0);
	type(&l, "x");
	cr_expect_str_eq(str_text(&l.text), "xab ");
	press(&l, 'u', INPUT_CTRL);
	cr_expect_str_eq(str_text(&l.text), "");
	press(&l, INPUT_KEY_BACKSPACE, 0);
	cr_expect_not(press(&l, INPUT_KEY_ENTER, 0));
	edit_line_fini(&l);
	surface_free(s);
}

Test(edit_line, a_secret_shows_nothing, .fini = leak_gate)
{
	struct surface *s = surface_new(50, 1, false);
	struct secret *token = secret_new();
	struct input_event ev = { .type = INPUT_PASTE, .paste = "pypi-abc", .paste_len = 8 };
	struct input_event drop = { .type = INPUT_KEY, .key = INPUT_KEY_BACKSPACE };
	struct input_event clear = { .type = INPUT_KEY, .key = 'u', .mods = INPUT_CTRL };
	char *before, *after;

	edit_secret_draw(region_all(s));
	before = screen_text(s);
	cr_expect(edit_secret_event(token, &ev));
	cr_expect(edit_secret_event(token, &drop));
	cr_expect_str_eq(secret_text(token), "pypi-ab");
	surface_clear(s);
	edit_secret_draw(region_all(s));
	after = screen_text(s);
	cr_expect_str_eq(before, after);
	cr_expect(edit_secret_event(token, &clear));
	cr_expect_eq(secret_len(token), 0);
	free(before);
	free(after);
	secret_free(token);
	surface_free(s);
}

Test(widget, bars_fill_by_eighths, .fini = leak_gate)
{
	static const struct {
		uint64_t done, total;
		bool ascii;
		const char *row;
	} row[] = {
		{ 0, 0, false, "" },
		{ 0, 100, false, "" },
		{ 50, 100, false, "████" },
		{ 53, 100, false, "████▏" },
		{ 100, 100, false, "████████" },
		{ 200, 100, false, "████████" },
		{ 50, 100, true, "####...." },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct surface *s = surface_new(10, 1, row[i].ascii);

		widget_bar(region_all(s), 0, 0, 8, row[i].done, row[i].total);
		screen_expect_row(s, 0, row[i].row, "bar");
		surface_free(s);
	}
}

Test(widget, the_tab_in_front_is_always_in_sight, .fini = leak_gate)
{
	static const struct widget_tab tabs[] = { { "alpha", SIGN_OK, "9 s" },
		{ "beta", SIGN_RUNNING, "12 s" }, { "gamma", SIGN_TODO, NULL } };
	static const struct {
		int w;
		size_t here;
		const char *row;
	} row[] = {
		{ 36, 0, "alpha ✓ 9 s │ beta ◜ 12 s │ gamma ·" },
		{ 31, 0, "alpha ✓ 9 s │ beta ◜ │ gamma ·" },
		{ 24, 0, "alpha ✓ 9 s │ beta ◜ ›" },
		{ 20, 2, "‹ beta ◜ │ gamma ·" },
		{ 10, 1, "‹ beta ◜ 1" },
	};
	struct surface *s;

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		s = surface_new(row[i].w, 1, false);
		widget_tabs(region_all(s), 0, 0, tabs, 3, row[i].here, 0);
		screen_expect_row(s, 0, row[i].row, "tabs");
		surface_free(s);
	}
	s = surface_new(20, 1, false);
	cr_expect_eq(widget_tab_at(region_all(s), 0, tabs, 3, 2, 12), 2);
	cr_expect_eq(widget_tab_at(region_all(s), 0, tabs, 3, 2, 9), 3);
	surface_free(s);
}

Test(widget, titles_of_tabs_are_shortened_in_the_middle, .fini = leak_gate)
{
	static const struct widget_tab tabs[] = {
		{ "rethink-llmhub-runtime wheel", SIGN_OK, "9 s" },
		{ "rethink-llmhub wheel", SIGN_RUNNING, "12 s" },
		{ "rethink-llmhub sdist", SIGN_TODO, NULL },
	};
	struct surface *s = surface_new(55, 1, false);

	widget_tabs(region_all(s), 0, 0, tabs, 3, 1, 0);
	screen_expect_row(s, 0, "ret…me wheel ✓ │ ret…ub wheel ◜ 12 s │ ret…ub sdist ·", "tabs");
	surface_free(s);
}

Test(widget, keys_that_do_not_fit_give_way_to_help_and_quit, .fini = leak_gate)
{
	static const struct layout_key keys[] = { { ACT_NEXT, "release", true },
		{ ACT_DIFF, NULL, false }, { ACT_SEARCH, NULL, false }, { ACT_HELP, NULL, false },
		{ ACT_QUIT, NULL, false } };
	struct surface *s = surface_new(46, 1, false);

	layout_keys(region_all(s), keys, 5);
	screen_expect_row(s, 0, " (Enter release)   / search   ? help   q quit", "narrow");
	cr_expect_eq(layout_key_at(region_all(s), keys, 5, 3), 0);
	cr_expect_eq(layout_key_at(region_all(s), keys, 5, 41), 4);
	cr_expect_eq(layout_key_at(region_all(s), keys, 5, 17), 5);
	surface_free(s);
}
