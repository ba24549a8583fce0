/* Between theme.c (what a role looks like) and theme_load.c (files). */
#ifndef SLIPWAY_TUI_THEME_PRIVATE_H
#define SLIPWAY_TUI_THEME_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/tui/theme.h"

struct theme_colour {
	char *name;
	int rgb, x256, x16; /* THEME_DEFAULT_COLOUR in all: the terminal's own */
};

/* Which colour a role asks for, by name, and where that stands for a warning. */
struct theme_wish {
	char *colour; /* NULL: none */
	char *file;
	size_t line;
};

struct theme_role {
	struct theme_wish fg, bg;
	int fg_at, bg_at; /* into the palette, -1: not set; after theme_settle() */
	unsigned int attr;
	bool has_attr;
};

struct theme {
	char *name;
	struct theme_colour *palette;
	size_t palette_count, palette_cap;
	struct theme_role role[ROLE_COUNT];
};

/* A theme that is compiled in; the table is made from themes/ by the build. */
struct theme_builtin {
	const char *name;
	const unsigned char *text;
	size_t len;
};
extern const struct theme_builtin theme_builtin[];
extern const size_t theme_builtin_count;

struct theme *theme_new(const char *name);
/* Adds or replaces; -1 for what is to be found from RGB. */
void theme_set_colour(struct theme *t, const char *name, int rgb, int x256, int x16);
/* Binds the wishes to the palette; an unknown name is a warning. */
void theme_settle(struct theme *t, struct strlist *warnings);

#endif
