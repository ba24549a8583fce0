/* The grid of cells and its dump. */
#include "slipway/tui/surface.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "surface_put.h"

struct surface {
	int w, h;
	bool ascii;
	int cursor_x, cursor_y; /* -1: hidden */
	struct surface_cell *cells;
};

static int
bounded(int size)
{
	if (size < 0)
		return 0;
	return size > SURFACE_MAX ? SURFACE_MAX : size;
}

struct surface *
surface_new(int w, int h, bool ascii)
{
	struct surface *s = mem_zalloc(1, sizeof *s);

	s->ascii = ascii;
	surface_resize(s, w, h);
	return s;
}

void
surface_free(struct surface *s)
{
	if (s == NULL)
		return;
	free(s->cells);
	free(s);
}

void
surface_resize(struct surface *s, int w, int h)
{
	w = bounded(w);
	h = bounded(h);
	if (w != s->w || h != s->h || s->cells == NULL) {
		free(s->cells);
		s->w = w;
		s->h = h;
		s->cells = mem_zalloc((size_t)w * (size_t)h + 1, sizeof *s->cells);
	}
	surface_clear(s);
}

void
surface_clear(struct surface *s)
{
	static const struct surface_cell blank = { .text = " ", .width = 1, .role = ROLE_TEXT };

	for (size_t i = 0; i < (size_t)s->w * (size_t)s->h; i++)
		s->cells[i] = blank;
	s->cursor_x = s->cursor_y = -1;
}

int
surface_width(const struct surface *s)
{
	return s->w;
}

int
surface_height(const struct surface *s)
{
	return s->h;
}

bool
surface_is_ascii(const struct surface *s)
{
	return s->ascii;
}

struct surface_cell *
surface_at(struct surface *s, int x, int y)
{
	assert(x >= 0 && x < s->w && y >= 0 && y < s->h);
	return &s->cells[(size_t)y * (size_t)s->w + (size_t)x];
}

const struct surface_cell *
surface_cell(const struct surface *s, int x, int y)
{
	assert(x >= 0 && x < s->w && y >= 0 && y < s->h);
	return &s->cells[(size_t)y * (size_t)s->w + (size_t)x];
}

bool
surface_cursor(const struct surface *s, int *x, int *y)
{
	if (s->cursor_x < 0)
		return false;
	*x = s->cursor_x;
	*y = s->cursor_y;
	return true;
}

void
surface_set_cursor(struct surface *s, int x, int y)
{
	s->cursor_x = x;
	s->cursor_y = y;
}

void
surface_hide_cursor(struct surface *s)
{
	surface_set_cursor(s, -1, -1);
}

static void
blank_text(struct surface_cell *c)
{
	memset(c->text, 0, sizeof c->text);
	c->text[0] = ' ';
	c->width = 1;
}

void
surface_put(
    struct surface *s, int x, int y, const char *text, size_t len, int width, enum role role)
{
	struct surface_cell *c = surface_at(s, x, y);

	assert(x + width <= s->w && len < sizeof c->text);
	if (c->width == 0)
		blank_text(c - 1);
	if (x + width < s->w && c[width].width == 0)
		blank_text(c + width);
	memset(c, 0, (size_t)width * sizeof *c);
	memcpy(c->text, text, len);
	c->width = (uint8_t)width;
	c->role = (uint8_t)role;
	if (width == 2)
		c[1].role = (uint8_t)role;
}

void
surface_mark(struct surface *s, int x, int y, const char *text, size_t len)
{
	struct surface_cell *c = surface_at(s, x, y);
	size_t used = strlen(c->text);

	if (used + len < sizeof c->text)
		memcpy(c->text + used, text, len);
}

void
surface_dump(const struct surface *s, struct str *text, struct str *roles)
{
	for (int y = 0; y < s->h; y++) {
		for (int x = 0; x < s->w; x++) {
			const struct surface_cell *c = surface_cell(s, x, y);

			str_puts(text, c->text);
			if (roles != NULL)
				str_putc(roles, role_info[c->role].letter);
		}
		while (text->len > 0 && text->data[text->len - 1] == ' ')
			text->data[--text->len] = '\0';
		str_putc(text, '\n');
		if (roles != NULL)
			str_putc(roles, '\n');
	}
}
