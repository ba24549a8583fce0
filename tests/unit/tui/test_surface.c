/* Surfaces and regions: cutting, wide characters, unsafe bytes, ASCII. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "screen.h"
#include "slipway/base/compiler.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/utf8.h"
#include "slipway/tui/surface.h"

Test(surface, every_role_has_a_name_a_letter_and_a_meaning_of_its_own, .fini = leak_gate)
{
	for (int i = 0; i < ROLE_COUNT; i++) {
		cr_expect_eq(role_find(role_info[i].name), (enum role)i);
		cr_expect_gt(strlen(role_info[i].meaning), 3);
		for (int k = 0; k < i; k++)
			cr_expect_neq(role_info[i].letter, role_info[k].letter, "%s and %s",
			    role_info[i].name, role_info[k].name);
	}
	cr_expect_eq(role_find("nonsense"), ROLE_COUNT);
}

Test(surface, text_is_cut_at_the_edges_of_its_region, .fini = leak_gate)
{
	static const struct {
		int x;
		const char *text, *row;
		int end;
	} row[] = {
		{ 0, "abcdef", ". abcd .", 6 },
		{ -2, "abcdef", ". cdef .", 4 },
		{ 3, "abc", ".    a .", 6 },
		{ 0, "漢字漢", ". 漢字 .", 6 },
		{ 1, "漢字", ".  漢  .", 5 },
		{ -1, "漢字", ".  字  .", 3 },
		{ 0,
		    "e\xcc\x81"
		    "x",
		    ". e\xcc\x81x   .", 2 },
		{ 0,
		    "\xcc\x81"
		    "x",
		    ". x    .", 1 },
		{ 0, "\x1b[m", ". \\x1b .", 6 },
		{ 0, "a\n", ". a\\n  .", 3 },
		{ 0, "\xff", ". \\xff .", 4 },
		{ 1, "\xe2\x80\xaexyz", ".  <U+ .", 12 },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct surface *s = surface_new(8, 1, false);
		struct region all = region_all(s);

		region_put(all, 0, 0, ROLE_RULE, ".");
		region_put(all, 7, 0, ROLE_RULE, ".");
		cr_expect_eq(
		    region_text(region_sub(all, 2, 0, 4, 1), row[i].x, 0, ROLE_TEXT, row[i].text),
		    row[i].end, "row %zu", i);
		screen_expect_row(s, 0, row[i].row, row[i].text);
		surface_free(s);
	}
}

Test(surface, half_a_wide_character_never_stays, .fini = leak_gate)
{
	struct surface *s = surface_new(6, 1, false);
	struct region r = region_all(s);

	region_text(r, 0, 0, ROLE_TEXT, "漢字漢");
	region_text(r, 1, 0, ROLE_TEXT, "x");
	screen_expect_row(s, 0, " x字漢", "over a right half");
	region_text(r, 2, 0, ROLE_TEXT, "y");
	screen_expect_row(s, 0, " xy 漢", "over a left half");
	region_text(r, 3, 0, ROLE_TEXT, "漢");
	screen_expect_row(s, 0, " xy漢", "over a space and a left half");
	surface_free(s);
}

Test(surface, signs_stay_different_in_ascii, .fini = leak_gate)
{
	struct surface *s = surface_new(20, 2, true);

	region_text(region_all(s), 0, 0, ROLE_TEXT, "✓✗!–◜·▸═│─█→…");
	region_text(region_all(s), 0, 1, ROLE_TEXT, "漢é e\xcc\x81 \x1b");
	screen_expect_row(s, 0, "+x!-o.>=|-#>~", "signs");
	screen_expect_row(s, 1, "??? e \\x1b", "foreign");
	surface_free(s);
}

Test(surface, cut_texts_say_so, .fini = leak_gate)
{
	struct surface *s = surface_new(12, 4, false);
	struct region r = region_all(s);

	cr_expect_eq(region_text_fit(r, 1, 0, 5, ROLE_TEXT, "abcdefgh"), 6);
	cr_expect_eq(region_text_fit(r, 1, 1, 4, ROLE_TEXT, "漢字漢"), 4);
	cr_expect_eq(region_path_fit(r, 0, 2, 10, ROLE_TEXT, "src/long/path/file.c"), 10);
	region_text_right(r, 12, 3, ROLE_TEXT, "end");
	screen_expect(s, " abcd…\n 漢…\nsrc…file.c\n         end\n", "fitting");
	surface_free(s);
}

Test(surface, words_wrap_at_spaces, .fini = leak_gate)
{
	static const char text[] = "one two three\n\nabcdefghijk x";
	struct surface *s = surface_new(8, 7, false);

	cr_expect_eq(region_wrap(region_all(s), 0, ROLE_TEXT, text), 5);
	cr_expect_eq(region_wrap_height(8, text), 5);
	cr_expect_eq(region_wrap_height(0, "漢字"), 2);
	screen_expect(s, "one two\nthree\n\nabcdefgh\nijk x\n\n\n", "wrapped");
	surface_free(s);
}

Test(surface, regions_never_leave_their_parent, .fini = leak_gate)
{
	struct surface *s = surface_new(10, 5, false);

	for (int x = -3; x < 14; x++) {
		for (int w = -2; w < 15; w++) {
			struct region r = region_sub(region_all(s), x, x, w, w);

			cr_expect(r.x >= 0 && r.y >= 0 && r.w >= 0 && r.h >= 0);
			cr_expect(r.x + r.w <= 10 && r.y + r.h <= 5);
			region_box(r, ROLE_RULE);
			region_fill(r, ROLE_TEXT);
			region_attr(r, -5, 0, 40, ATTR_BOLD);
			region_show_cursor(r, 3, 3);
		}
	}
	surface_free(s);
}

Test(surface, no_control_ever_gets_into_a_cell, .fini = leak_gate)
{
	struct surface *s = surface_new(40, 1, false);
	unsigned int seed = 7;

	for (int round = 0; round < 2000; round++) {
		char noise[24];

		for (size_t i = 0; i < sizeof noise; i++) {
			seed = seed * 1103515245U + 12345U;
			noise[i] = (char)(seed >> 16);
		}
		region_bytes(region_all(s), round % 8 - 4, 0, ROLE_TEXT, noise, sizeof noise);
		for (int x = 0; x < 40; x++) {
			const struct surface_cell *c = surface_cell(s, x, 0);
			uint32_t cp;

			for (size_t pos = 0; pos < strlen(c->text);) {
				size_t used = utf8_decode(
				    c->text + pos, strlen(c->text) - pos, &cp);

				cr_assert(used > 0 && !sanitise_is_unsafe(cp));
				pos += used;
			}
			cr_assert(c->width > 0 || (x > 0 && surface_cell(s, x - 1, 0)->width == 2));
		}
	}
	surface_free(s);
}
