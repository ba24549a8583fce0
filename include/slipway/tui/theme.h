/* Themes: what a role looks like at each depth of colour. A theme is a TOML file:
 *
 *   extends = "default"
 *   [palette]
 *   sea = { rgb = "#5fb3b3", x256 = 73, x16 = 6 }    x256 and x16 may be left out: the nearest is
 * taken [role] title = { fg = "sea", bg = "ground", attr = "bold underline" }
 *
 * The colour "default" is the terminal's own. A role that is not named looks like the one roles.def
 * says. */
#ifndef SLIPWAY_TUI_THEME_H
#define SLIPWAY_TUI_THEME_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/err.h"
#include "slipway/tui/role.h"

struct strlist;
struct theme;

enum theme_depth { THEME_MONO, THEME_16, THEME_256, THEME_RGB, THEME_DEPTH_COUNT };

#define THEME_DEFAULT_COLOUR (-1)

struct theme_style {
	int fg, bg;	   /* THEME_DEFAULT_COLOUR, an index, or 0xrrggbb at THEME_RGB */
	unsigned int attr; /* enum attr, without the grounds */
};

/* NAME as the user gave it: a file of his own (below env_config_dir()/themes), else one that is
 * compiled in. Warnings ("FILE:LINE: what") are added to WARNINGS and do no harm. ERR_NOT_FOUND
 * with a hint that names those there are. The caller owns *OUT: theme_free(). */
enum err_code theme_load(
    const char *name, struct strlist *warnings, struct theme **out, struct err *e);
/* As theme_load from a text; FILE is for warnings. */
enum err_code theme_parse(const char *file, const char *text, size_t len, struct strlist *warnings,
    struct theme **out, struct err *e);
void theme_free(struct theme *t);	       /* NULL is fine */
const char *theme_name(const struct theme *t); /* borrowed */
/* Names of all themes there are, compiled in and the user's, sorted. */
void theme_names(struct strlist *out);

/* ATTR may hold one of the grounds (ATTR_CURSOR, ATTR_CARD, ATTR_HEADER): its background lies under
 * a role that has none of its own. */
struct theme_style theme_style(
    const struct theme *t, enum theme_depth depth, enum role role, unsigned int attr);
/* Indexed colour to 0xrrggbb, as xterm shows it; the default colour gives -1. */
int theme_index_rgb(int index);

#endif
