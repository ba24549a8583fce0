/* Dumps of surfaces, compared with a message that shows both. */
#include "screen.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "slipway/tui/surface.h"

static char *
dump(const struct surface *s, bool roles)
{
	struct str text = STR_EMPTY, map = STR_EMPTY;
	char *out;

	surface_dump(s, &text, &map);
	out = mem_strdup(str_text(roles ? &map : &text));
	str_fini(&text);
	str_fini(&map);
	return out;
}

char *
screen_text(const struct surface *s)
{
	return dump(s, false);
}

char *
screen_roles(const struct surface *s)
{
	return dump(s, true);
}

void
screen_expect(const struct surface *s, const char *expected, const char *what)
{
	char *got = screen_text(s);

	cr_expect(strcmp(got, expected) == 0, "%s\nexpected:\n%s\ngot:\n%s", what, expected, got);
	free(got);
}

static void
expect_row(char *dump_text, int y, const char *expected, const char *what)
{
	char *line = dump_text;

	for (int i = 0; i < y && line != NULL; i++) {
		line = strchr(line, '\n');
		line = line != NULL ? line + 1 : NULL;
	}
	cr_assert_not_null(line, "%s: there is no line %d", what, y);
	line[strcspn(line, "\n")] = '\0';
	cr_expect(strcmp(line, expected) == 0, "%s, line %d\nexpected: %s\n     got: %s", what, y,
	    expected, line);
	free(dump_text);
}

void
screen_expect_row(const struct surface *s, int y, const char *expected, const char *what)
{
	expect_row(screen_text(s), y, expected, what);
}

void
screen_expect_roles_row(const struct surface *s, int y, const char *expected, const char *what)
{
	expect_row(screen_roles(s), y, expected, what);
}

bool
screen_has(const struct surface *s, const char *text)
{
	char *got = screen_text(s);
	bool found = strstr(got, text) != NULL;

	free(got);
	return found;
}
