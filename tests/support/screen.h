/* Compares what was drawn on a surface. */
#ifndef SLIPWAY_TESTS_SCREEN_H
#define SLIPWAY_TESTS_SCREEN_H

#include <stdbool.h>

struct surface;

/* The dump of S, owned by the caller; screen_roles() has a letter of roles.def for each cell. */
char *screen_text(const struct surface *s);
char *screen_roles(const struct surface *s);
/* Fails the test, showing both, unless the text of S is EXPECTED: lines closed by LF. */
void screen_expect(const struct surface *s, const char *expected, const char *what);
/* One line of S (without spaces at its end), fails as above. */
void screen_expect_row(const struct surface *s, int y, const char *expected, const char *what);
void screen_expect_roles_row(
    const struct surface *s, int y, const char *expected, const char *what);
bool screen_has(const struct surface *s, const char *text);

#endif
