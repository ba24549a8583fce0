/* What a role looks like at a depth of colour. Knows no file and no terminal. */
#include "theme_private.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/strlist.h"

#define GROUNDS (ATTR_CURSOR | ATTR_CARD | ATTR_HEADER)

struct theme *
theme_new(const char *name)
{
	struct theme *t = mem_zalloc(1, sizeof *t);

	t->name = mem_strdup(name);
	for (size_t i = 0; i < ROLE_COUNT; i++)
		t->role[i].fg_at = t->role[i].bg_at = -1;
	return t;
}

static void
wish_fini(struct theme_wish *w)
{
	free(w->colour);
	free(w->file);
}

void
theme_free(struct theme *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < ROLE_COUNT; i++) {
		wish_fini(&t->role[i].fg);
		wish_fini(&t->role[i].bg);
	}
	for (size_t i = 0; i < t->palette_count; i++)
		free(t->palette[i].name);
	free(t->palette);
	free(t->name);
	free(t);
}

const char *
theme_name(const struct theme *t)
{
	return t->name;
}

/* --- colours --- */

int
theme_index_rgb(int index)
{
	static const int base[16] = { 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
		0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff,
		0x00ffff, 0xffffff };
	static const int level[6] = { 0x00, 0x5f, 0x87, 0xaf, 0xd7, 0xff };

	if (index < 0 || index > 255)
		return THEME_DEFAULT_COLOUR;
	if (index < 16)
		return base[index];
	if (index < 232) {
		index -= 16;
		return level[index / 36] << 16 | level[index / 6 % 6] << 8 | level[index % 6];
	}
	index = 8 + (index - 232) * 10;
	return index << 16 | index << 8 | index;
}

static long
distance(int a, int b)
{
	long r = (a >> 16 & 0xff) - (b >> 16 & 0xff);
	long g = (a >> 8 & 0xff) - (b >> 8 & 0xff);
	long l = (a & 0xff) - (b & 0xff);

	/* The eye is keenest for green. */
	return 3 * r * r + 6 * g * g + 2 * l * l;
}

static int
nearest(int rgb, int first, int count)
{
	int best = first;

	for (int i = first; i < first + count; i++)
		if (distance(rgb, theme_index_rgb(i)) < distance(rgb, theme_index_rgb(best)))
			best = i;
	return best;
}

void
theme_set_colour(struct theme *t, const char *name, int rgb, int x256, int x16)
{
	size_t i = 0;

	while (i < t->palette_count && strcmp(t->palette[i].name, name) != 0)
		i++;
	if (i == t->palette_count) {
		t->palette = mem_grow(t->palette, &t->palette_cap, i + 1, sizeof *t->palette);
		t->palette[i].name = mem_strdup(name);
		t->palette_count++;
	}
	t->palette[i].rgb = rgb;
	t->palette[i].x256 = x256 < 0 && rgb >= 0 ? nearest(rgb, 16, 240) : x256;
	t->palette[i].x16 = x16 < 0 && rgb >= 0 ? nearest(rgb, 0, 16) : x16;
}

static int
bind(const struct theme *t, const struct theme_wish *w, struct strlist *warnings)
{
	if (w->colour == NULL)
		return -1;
	for (size_t i = 0; i < t->palette_count; i++)
		if (strcmp(t->palette[i].name, w->colour) == 0)
			return (int)i;
	strlist_addf(warnings, "%s:%zu: no colour %s in the palette", w->file, w->line, w->colour);
	return -1;
}

void
theme_settle(struct theme *t, struct strlist *warnings)
{
	theme_set_colour(
	    t, "default", THEME_DEFAULT_COLOUR, THEME_DEFAULT_COLOUR, THEME_DEFAULT_COLOUR);
	for (size_t i = 0; i < ROLE_COUNT; i++) {
		t->role[i].fg_at = bind(t, &t->role[i].fg, warnings);
		t->role[i].bg_at = bind(t, &t->role[i].bg, warnings);
	}
}

static int
colour_at(const struct theme *t, int at, enum theme_depth depth)
{
	const struct theme_colour *c;

	if (at < 0)
		return THEME_DEFAULT_COLOUR;
	c = &t->palette[at];
	switch (depth) {
	case THEME_16:
		return c->x16;
	case THEME_256:
		return c->x256;
	case THEME_RGB:
		return c->rgb;
	case THEME_MONO:
	case THEME_DEPTH_COUNT:
		break;
	}
	return THEME_DEFAULT_COLOUR;
}

/* --- roles --- */

/* The palette entry of ROLE or of the first role it is like that has one; ROLE_TEXT answers only
 * when ROOT. */
static int
inherited(const struct theme *t, enum role role, bool background, bool root)
{
	for (;;) {
		const struct theme_role *r = &t->role[role];
		int at = background ? r->bg_at : r->fg_at;

		if (role == ROLE_TEXT)
			return root ? at : -1;
		if (at >= 0)
			return at;
		role = (enum role)role_info[role].like;
	}
}

static int
background(const struct theme *t, enum role role, unsigned int attr)
{
	int at = inherited(t, role, true, false);

	if (at < 0 && (attr & ATTR_CURSOR) != 0)
		at = inherited(t, ROLE_CURSOR, true, false);
	if (at < 0 && (attr & ATTR_CARD) != 0)
		at = inherited(t, ROLE_CARD, true, false);
	if (at < 0 && (attr & ATTR_HEADER) != 0)
		at = inherited(t, ROLE_HEADER, true, false);
	return at >= 0 ? at : t->role[ROLE_TEXT].bg_at;
}

struct theme_style
theme_style(const struct theme *t, enum theme_depth depth, enum role role, unsigned int attr)
{
	struct theme_style out = { .fg = THEME_DEFAULT_COLOUR, .bg = THEME_DEFAULT_COLOUR };
	bool few = depth == THEME_MONO || depth == THEME_16;

	out.attr = attr & ~(unsigned int)GROUNDS;
	if (depth == THEME_MONO)
		out.attr |= role_info[role].mono;
	else if (t->role[role].has_attr)
		out.attr |= t->role[role].attr;
	/* With few colours a ground would swallow some of the texts on it: the line is reversed. */
	if (few && (attr & ATTR_CURSOR) != 0) {
		out.attr ^= ATTR_REVERSE;
		attr &= ~(unsigned int)ATTR_CURSOR;
	}
	if (depth == THEME_MONO)
		return out;
	out.fg = colour_at(t, inherited(t, role, false, true), depth);
	out.bg = colour_at(t, background(t, role, attr), depth);
	return out;
}
