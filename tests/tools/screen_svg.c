/* Draws a terminal's screen as a picture: screen_svg COLSxROWS [TITLE] < what the program printed >
 * screen.svg
 *
 * The bytes go through libvterm, so the picture is what a terminal shows. Lines and blocks are
 * drawn as shapes, because fonts disagree about them; everything else is text that can be selected.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/compiler.h"
#include "slipway/base/utf8.h"
#include "slipway/tui/theme.h"
#include "vt.h"

/* Pixels: a cell, and the margin of the window. */
#define CELL_W 8.4
#define CELL_H 18.0
#define MARGIN 14.0
#define TITLE_H 30.0

#define SIZE_MAX_CELLS 500

struct picture {
	int cols, rows;
	struct vt *vt;
	FILE *out;
	double top; /* of the first row */
};

struct style {
	int fg, bg;
	bool bold, italic, underline;
};

static int
colour(struct pty_colour c, int otherwise)
{
	if (c.kind == PTY_COLOUR_DEFAULT)
		return otherwise;
	if (c.kind == PTY_COLOUR_INDEXED)
		return theme_index_rgb(c.index);
	return c.red << 16 | c.green << 8 | c.blue;
}

static struct style
style_of(const struct pty_cell *c)
{
	struct style s = { .fg = colour(c->fg, 0xd8dce3),
		.bg = colour(c->bg, 0x15181e),
		.bold = c->bold,
		.italic = c->italic,
		.underline = c->underline };

	if (c->reverse) {
		int fg = s.fg;

		s.fg = s.bg;
		s.bg = fg;
	}
	return s;
}

/* 0 for a blank. */
static uint32_t
character(const struct pty_cell *c)
{
	uint32_t cp = 0;
	size_t len = strlen(c->text);

	if (len == 0 || strcmp(c->text, " ") == 0 || utf8_decode(c->text, len, &cp) == 0)
		return 0;
	return cp;
}

static bool
same_text_style(struct style a, struct style b)
{
	return a.fg == b.fg && a.bold == b.bold && a.italic == b.italic &&
	       a.underline == b.underline;
}

static struct pty_cell
cell_at(const struct picture *p, int row, int col)
{
	struct pty_cell cell;

	vt_cell(p->vt, row, col, &cell);
	return cell;
}

static double
x_of(int col)
{
	return MARGIN + col * CELL_W;
}

static double
y_of(const struct picture *p, int row)
{
	return p->top + row * CELL_H;
}

/* --- what is drawn as shapes --- */

enum { LEFT = 1, RIGHT = 2, UP = 4, DOWN = 8, DOUBLE = 16 };

static int
line_arms(uint32_t cp)
{
	static const struct {
		uint32_t cp;
		int arms;
	} row[] = {
		{ 0x2500, LEFT | RIGHT },
		{ 0x2502, UP | DOWN },
		{ 0x250c, RIGHT | DOWN },
		{ 0x2510, LEFT | DOWN },
		{ 0x2514, RIGHT | UP },
		{ 0x2518, LEFT | UP },
		{ 0x251c, RIGHT | UP | DOWN },
		{ 0x2524, LEFT | UP | DOWN },
		{ 0x252c, LEFT | RIGHT | DOWN },
		{ 0x2534, LEFT | RIGHT | UP },
		{ 0x253c, LEFT | RIGHT | UP | DOWN },
		{ 0x2550, LEFT | RIGHT | DOUBLE },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		if (row[i].cp == cp)
			return row[i].arms;
	return 0;
}

static bool
is_shape(uint32_t cp)
{
	return line_arms(cp) != 0 || (cp >= 0x2588 && cp <= 0x258f);
}

static void
rectangle(const struct picture *p, double x, double y, double w, double h, int fill)
{
	fprintf(p->out,
	    "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"#%06x\"/>\n", x, y,
	    w, h, (unsigned int)fill);
}

/* COUNT times the same, so that a rule is one shape. */
static void
draw_shape(const struct picture *p, int row, int col, int count, uint32_t cp, int fill)
{
	double x = x_of(col), y = y_of(p, row), w = CELL_W * count;
	double mx = x + CELL_W / 2, my = y + CELL_H / 2, thick = 1.2;
	int arms = line_arms(cp);

	if (cp >= 0x2588 && cp <= 0x258f) {
		if (cp != 0x2588)
			w = CELL_W * (0x2590 - (int)cp) / 8;
		rectangle(p, x, y + 3, w, CELL_H - 6, fill);
		return;
	}
	if ((arms & DOUBLE) != 0) {
		rectangle(p, x, my - 2.2, w, thick, fill);
		rectangle(p, x, my + 1.0, w, thick, fill);
		return;
	}
	if ((arms & (LEFT | RIGHT)) == (LEFT | RIGHT))
		rectangle(p, x, my - thick / 2, w, thick, fill);
	else if ((arms & LEFT) != 0)
		rectangle(p, x, my - thick / 2, CELL_W / 2, thick, fill);
	else if ((arms & RIGHT) != 0)
		rectangle(p, mx, my - thick / 2, CELL_W / 2, thick, fill);
	if ((arms & UP) != 0)
		rectangle(p, mx - thick / 2, y, thick, CELL_H / 2, fill);
	if ((arms & DOWN) != 0)
		rectangle(p, mx - thick / 2, my, thick, CELL_H / 2, fill);
}

/* --- rows --- */

static void
put_escaped(FILE *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '&')
			fputs("&amp;", out);
		else if (text[i] == '<')
			fputs("&lt;", out);
		else if (text[i] == '>')
			fputs("&gt;", out);
		else
			fputc(text[i], out);
	}
}

static void
draw_backgrounds(const struct picture *p, int row, int ground)
{
	for (int col = 0; col < p->cols;) {
		struct pty_cell first = cell_at(p, row, col);
		int bg = style_of(&first).bg, end = col + 1;

		while (end < p->cols) {
			struct pty_cell next = cell_at(p, row, end);

			/* The right half of a wide character belongs to the left one. */
			if (next.text[0] != '\0' && style_of(&next).bg != bg)
				break;
			end++;
		}
		if (bg != ground)
			rectangle(p, x_of(col), y_of(p, row), (end - col) * CELL_W, CELL_H, bg);
		col = end;
	}
}

/* A run of text of one style from COL on, ended by two blanks, a shape or another style; returns
 * its end. */
static int
draw_run(const struct picture *p, int row, int col)
{
	struct pty_cell first = cell_at(p, row, col);
	struct style style = style_of(&first);
	int end = col, used = col;
	bool ascii = true;

	while (end < p->cols) {
		struct pty_cell c = cell_at(p, row, end);

		if (!same_text_style(style_of(&c), style) || is_shape(character(&c)))
			break;
		/* What is not ASCII may be of another width in the reader's font: it stands alone.
		 */
		if (character(&c) != 0 && character(&c) >= 0x80) {
			if (end > col)
				break;
			ascii = false;
		}
		if (character(&c) == 0 && !style.underline && end > used)
			break;
		end += c.width > 1 ? c.width : 1;
		if (character(&c) != 0)
			used = end;
		if (!ascii)
			break;
	}
	fprintf(p->out, "<text x=\"%.2f\" y=\"%.2f\" fill=\"#%06x\"%s%s%s", x_of(col),
	    y_of(p, row) + CELL_H * 0.74, (unsigned int)style.fg,
	    style.bold ? " font-weight=\"bold\"" : "", style.italic ? " font-style=\"italic\"" : "",
	    style.underline ? " text-decoration=\"underline\"" : "");
	fprintf(p->out, " textLength=\"%.2f\" lengthAdjust=\"spacingAndGlyphs\">",
	    (used - col) * CELL_W);
	for (int at = col; at < used;) {
		struct pty_cell c = cell_at(p, row, at);

		put_escaped(p->out, c.text, strlen(c.text));
		at += c.width > 1 ? c.width : 1;
	}
	fputs("</text>\n", p->out);
	return used;
}

static void
draw_row(const struct picture *p, int row)
{
	for (int col = 0; col < p->cols;) {
		struct pty_cell c = cell_at(p, row, col);
		uint32_t shape = character(&c);
		int count = 1;

		if (character(&c) == 0) {
			col++;
			continue;
		}
		if (!is_shape(character(&c))) {
			col = draw_run(p, row, col);
			continue;
		}
		while (col + count < p->cols) {
			struct pty_cell next = cell_at(p, row, col + count);

			if (character(&next) != shape ||
			    !same_text_style(style_of(&next), style_of(&c)) ||
			    (shape != 0x2500 && shape != 0x2550 && shape != 0x2588))
				break;
			count++;
		}
		draw_shape(p, row, col, count, shape, style_of(&c).fg);
		col += count;
	}
}

static void
draw(const struct picture *p, const char *title)
{
	struct pty_cell middle = cell_at(p, p->rows / 2, p->cols - 1);
	int ground = style_of(&middle).bg;
	double w = p->cols * CELL_W + 2 * MARGIN, h = p->top + p->rows * CELL_H + MARGIN;
	static const char *const button[] = { "#ff6159", "#ffbd2e", "#28c941" };

	fprintf(p->out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" "
	    "height=\"%.0f\" "
	    "font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" "
	    "font-size=\"14\">\n",
	    w, h, w, h);
	fprintf(p->out, "<title>");
	put_escaped(p->out, title, strlen(title));
	fprintf(p->out,
	    "</title>\n<rect width=\"%.0f\" height=\"%.0f\" rx=\"9\" fill=\"#%06x\"/>\n", w, h,
	    (unsigned int)ground);
	for (size_t i = 0; i < ARRAY_LEN(button); i++)
		fprintf(p->out, "<circle cx=\"%.1f\" cy=\"16\" r=\"5.5\" fill=\"%s\"/>\n",
		    MARGIN + 6 + 19.0 * (double)i, button[i]);
	for (int row = 0; row < p->rows; row++)
		draw_backgrounds(p, row, ground);
	for (int row = 0; row < p->rows; row++)
		draw_row(p, row);
	fputs("</svg>\n", p->out);
}

static bool
parse_size(const char *text, int *cols, int *rows)
{
	char *end;
	long w = strtol(text, &end, 10), h;

	if (*end != 'x')
		return false;
	h = strtol(end + 1, &end, 10);
	if (*end != '\0' || w < 1 || h < 1 || w > SIZE_MAX_CELLS || h > SIZE_MAX_CELLS)
		return false;
	*cols = (int)w;
	*rows = (int)h;
	return true;
}

/* Nobody is there to hear what the terminal answers. */
static void
answer(const char *data, size_t len, void *arg)
{
	(void)data;
	(void)len;
	(void)arg;
}

int
main(int argc, char **argv)
{
	struct picture p = { .out = stdout, .top = TITLE_H };
	char buf[4096];
	size_t n;

	if (argc < 2 || !parse_size(argv[1], &p.cols, &p.rows)) {
		fputs("usage: screen_svg COLSxROWS [TITLE] < bytes > screen.svg\n", stderr);
		return 2;
	}
	p.vt = vt_new(p.rows, p.cols, answer, NULL);
	while ((n = fread(buf, 1, sizeof buf, stdin)) > 0)
		vt_feed(p.vt, buf, n);
	draw(&p, argc > 2 ? argv[2] : "slipway");
	vt_free(p.vt);
	return fflush(stdout) == 0 ? 0 : 1;
}
