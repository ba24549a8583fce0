/* Themes: each that is shipped can be read at every depth; mistakes are warnings. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/base/strlist.h"
#include "slipway/os/env.h"
#include "slipway/tui/theme.h"
#include "temp.h"

static const char *const shipped[] = { "contrast", "dark", "default", "harbour", "light" };

/* WCAG 2.1: relative luminance and contrast. */
static double
luminance(int rgb)
{
	static const double weight[3] = { 0.2126, 0.7152, 0.0722 };
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		double c = (rgb >> (16 - 8 * i) & 0xff) / 255.0;

		sum += weight[i] * (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double
contrast(int a, int b)
{
	double x = luminance(a), y = luminance(b);

	return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

static bool
is_line(enum role r)
{
	return r == ROLE_RULE || r == ROLE_CARD_RULE || r == ROLE_BAR_REST;
}

static void
check_style(const char *name, const struct theme *t, enum theme_depth depth, enum role r,
    unsigned int ground)
{
	struct theme_style s = theme_style(t, depth, r, ground);
	double enough = is_line(r) ? 1.2 : 4.5;
	double c;

	cr_assert(s.fg >= 0 && s.bg >= 0, "%s: %s has no colour at depth %d", name,
	    role_info[r].name, (int)depth);
	c = depth == THEME_RGB ? contrast(s.fg, s.bg)
			       : contrast(theme_index_rgb(s.fg), theme_index_rgb(s.bg));
	cr_expect(c >= enough, "%s: %s at depth %d on ground %u has contrast %.2f", name,
	    role_info[r].name, (int)depth, ground, c);
}

Test(theme, shipped_themes_can_be_read_at_every_depth, .fini = leak_gate)
{
	static const unsigned int ground[] = { 0, ATTR_CURSOR, ATTR_CARD, ATTR_HEADER };

	for (size_t i = 0; i < ARRAY_LEN(shipped); i++) {
		struct strlist warnings = STRLIST_EMPTY;
		struct theme *t = NULL;
		struct err e = ERR_EMPTY;

		cr_assert_eq(theme_load(shipped[i], &warnings, &t, &e), ERR_OK, "%s", e.message);
		cr_expect_eq(warnings.count, 0, "%s", warnings.count > 0 ? warnings.items[0] : "");
		for (int depth = THEME_16; depth < THEME_DEPTH_COUNT; depth++)
			for (int r = 0; r < ROLE_COUNT; r++)
				for (size_t g = 0; g < ARRAY_LEN(ground); g++)
					check_style(shipped[i], t, (enum theme_depth)depth,
					    (enum role)r, ground[g]);
		theme_free(t);
		strlist_fini(&warnings);
	}
}

Test(theme, without_colours_attributes_remain, .fini = leak_gate)
{
	struct strlist warnings = STRLIST_EMPTY;
	struct theme *t = NULL;
	struct theme_style s;

	cr_assert_eq(theme_load("default", &warnings, &t, NULL), ERR_OK);
	s = theme_style(t, THEME_MONO, ROLE_TITLE, 0);
	cr_expect(s.fg == -1 && s.bg == -1 && s.attr == ATTR_BOLD);
	s = theme_style(t, THEME_MONO, ROLE_TEXT, ATTR_CURSOR);
	cr_expect_eq(s.attr, ATTR_REVERSE);
	theme_free(t);
	strlist_fini(&warnings);
}

Test(theme, mistakes_are_warnings_with_their_line, .fini = leak_gate)
{
	static const char text[] = "extends = \"harbour\"\n"
				   "[palette]\n"
				   "accent = { rgb = \"#12345\" }\n"
				   "good = { rgb = \"#00ff00\", x256 = 300 }\n"
				   "mine = \"#ff00ff\"\n"
				   "[role]\n"
				   "nonsense = { fg = \"good\" }\n"
				   "title = { fg = \"nowhere\", attr = \"bold blink\" }\n"
				   "bad = { fg = \"mine\", speed = 3 }\n";
	static const char *const expected[] = {
		"x.toml:3:", "x.toml:4:", "x.toml:7:", "x.toml:8:", "x.toml:9:", "x.toml:8:"
	};
	struct strlist warnings = STRLIST_EMPTY;
	struct theme *t = NULL;
	struct err e = ERR_EMPTY;

	cr_assert_eq(theme_parse("x.toml", text, sizeof text - 1, &warnings, &t, &e), ERR_OK, "%s",
	    e.message);
	cr_assert_eq(warnings.count, ARRAY_LEN(expected), "%zu", warnings.count);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		cr_expect(text_starts(warnings.items[i], expected[i]), "%s", warnings.items[i]);
	cr_expect_eq(theme_style(t, THEME_RGB, ROLE_GOOD, 0).fg, 0x00ff00);
	cr_expect_eq(theme_style(t, THEME_256, ROLE_GOOD, 0).fg, 46);
	cr_expect_eq(theme_style(t, THEME_RGB, ROLE_BAD, 0).fg, 0xff00ff);
	cr_expect_eq(theme_style(t, THEME_RGB, ROLE_TEXT, 0).fg, 0xece6d6);
	theme_free(t);
	strlist_fini(&warnings);
}

Test(theme, users_own_come_first_and_may_extend_their_namesake, .fini = leak_gate)
{
	char *dir = temp_dir();
	struct strlist warnings = STRLIST_EMPTY, names = STRLIST_EMPTY;
	struct theme *t = NULL;
	struct err e = ERR_EMPTY;

	env_set("XDG_CONFIG_HOME", dir);
	temp_puts(dir, "slipway/themes/dark.toml",
	    "extends = \"dark\"\n[palette]\ntext = { rgb = \"#abcdef\" }\n");
	temp_puts(dir, "slipway/themes/loop.toml", "extends = \"pool\"\n");
	temp_puts(dir, "slipway/themes/pool.toml", "extends = \"loop\"\n");
	temp_puts(dir, "slipway/themes/broken.toml", "[palette\n");
	cr_assert_eq(theme_load("dark", &warnings, &t, &e), ERR_OK, "%s", e.message);
	cr_expect_eq(warnings.count, 0);
	cr_expect_eq(theme_style(t, THEME_RGB, ROLE_TEXT, 0).fg, 0xabcdef);
	cr_expect_eq(theme_style(t, THEME_RGB, ROLE_TEXT, 0).bg, 0x0f1012);
	theme_free(t);
	t = NULL;
	cr_expect_eq(theme_load("loop", &warnings, &t, &e), ERR_OK);
	cr_expect_gt(warnings.count, 0);
	theme_free(t);
	t = NULL;
	cr_expect_eq(theme_load("broken", &warnings, &t, &e), ERR_INVALID);
	cr_expect_eq(theme_load("../dark", &warnings, &t, &e), ERR_NOT_FOUND);
	cr_expect_eq(theme_load("nobody", &warnings, &t, &e), ERR_NOT_FOUND);
	cr_expect_not_null(strstr(e.hint, "harbour"));
	theme_names(&names);
	cr_expect(strlist_has(&names, "loop") && strlist_has(&names, "contrast"));
	strlist_fini(&names);
	strlist_fini(&warnings);
	temp_remove(dir);
}
