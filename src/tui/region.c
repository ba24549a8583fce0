/* Drawing through a rectangle: everything is cut here, and every text is made safe here. */
#include "slipway/tui/surface.h"

#include <stdarg.h>
#include <string.h>

#include "glyph.h"
#include "surface_put.h"

static int
larger(int a, int b)
{
	return a > b ? a : b;
}

static int
smaller(int a, int b)
{
	return a < b ? a : b;
}

struct region
region_all(struct surface *s)
{
	return (struct region) { .surface = s, .w = surface_width(s), .h = surface_height(s) };
}

struct region
region_sub(struct region r, int x, int y, int w, int h)
{
	int x0 = larger(x, 0), y0 = larger(y, 0);
	int x1 = smaller(x + w, r.w), y1 = smaller(y + h, r.h);

	return (struct region) {
		.surface = r.surface,
		.x = r.x + smaller(x0, r.w),
		.y = r.y + smaller(y0, r.h),
		.w = larger(x1 - x0, 0),
		.h = larger(y1 - y0, 0),
	};
}

struct region
region_row(struct region r, int y)
{
	return region_sub(r, 0, y, r.w, 1);
}

struct region
region_below(struct region r, int rows)
{
	return region_sub(r, 0, rows, r.w, larger(r.h - rows, 0));
}

struct region
region_right(struct region r, int cols)
{
	return region_sub(r, cols, 0, larger(r.w - cols, 0), r.h);
}

bool
region_is_empty(struct region r)
{
	return r.w <= 0 || r.h <= 0;
}

/* Draws one glyph at X; a wide one that does not fit whole becomes a space in the cell that is
 * left. */
static void
put_glyph(struct region r, int x, int y, enum role role, const struct glyph *g)
{
	if (g->kind == GLYPH_PLAIN) {
		if (x >= 0 && x + g->cells <= r.w)
			surface_put(r.surface, r.x + x, r.y + y, g->text, g->len, g->cells, role);
		else if (x + g->cells > 0 && x < r.w)
			surface_put(r.surface, r.x + (x < 0 ? 0 : x), r.y + y, " ", 1, 1, role);
		return;
	}
	for (size_t i = 0; i < g->len; i++) {
		int at = x + (int)i;

		if (at >= 0 && at < r.w)
			surface_put(r.surface, r.x + at, r.y + y, g->text + i, 1, 1, role);
	}
}

int
region_bytes(struct region r, int x, int y, enum role role, const char *text, size_t len)
{
	bool ascii = r.surface != NULL && surface_is_ascii(r.surface);
	bool visible = y >= 0 && y < r.h && r.w > 0;
	int last = -1; /* where a mark belongs to */

	for (size_t pos = 0; pos < len;) {
		struct glyph g;

		pos += glyph_next(text + pos, len - pos, &g);
		if (ascii) {
			bool spelled = g.kind == GLYPH_SPELLED;

			glyph_to_ascii(&g);
			if (visible && g.cells > 0)
				put_glyph(r, x, y, spelled ? ROLE_ESCAPE : role, &g);
		} else if (g.kind == GLYPH_MARK) {
			if (visible && last >= 0 && g.len > 0)
				surface_mark(r.surface, r.x + last, r.y + y, g.text, g.len);
		} else if (visible) {
			put_glyph(r, x, y, g.kind == GLYPH_SPELLED ? ROLE_ESCAPE : role, &g);
		}
		if (g.kind == GLYPH_PLAIN)
			last = x >= 0 && x + g.cells <= r.w ? x : -1;
		else if (g.kind == GLYPH_SPELLED)
			last = -1;
		x += g.cells;
	}
	return x;
}

int
region_text(struct region r, int x, int y, enum role role, const char *text)
{
	return region_bytes(r, x, y, role, text, strlen(text));
}

int
region_printf(struct region r, int x, int y, enum role role, const char *fmt, ...)
{
	struct str text = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_vprintf(&text, fmt, args);
	va_end(args);
	x = region_bytes(r, x, y, role, str_text(&text), text.len);
	str_fini(&text);
	return x;
}

int
text_cells(const char *text, size_t len)
{
	int cells = 0;

	for (size_t pos = 0; pos < len;) {
		struct glyph g;

		pos += glyph_next(text + pos, len - pos, &g);
		cells += g.cells;
	}
	return cells;
}

/* Bytes of the longest start of TEXT that takes at most CELLS; their cells in *USED. */
static size_t
fit_start(const char *text, size_t len, int cells, int *used)
{
	size_t pos = 0;

	*used = 0;
	while (pos < len) {
		struct glyph g;
		size_t step = glyph_next(text + pos, len - pos, &g);

		if (*used + g.cells > cells)
			break;
		*used += g.cells;
		pos += step;
	}
	return pos;
}

int
region_text_fit(struct region r, int x, int y, int w, enum role role, const char *text)
{
	size_t len = strlen(text);
	size_t bytes;
	int used;

	if (text_cells(text, len) <= w)
		return region_bytes(r, x, y, role, text, len);
	if (w <= 0)
		return x;
	bytes = fit_start(text, len, w - 1, &used);
	x = region_bytes(r, x, y, role, text, bytes);
	return region_text(r, x, y, role, "…");
}

int
region_path_fit(struct region r, int x, int y, int w, enum role role, const char *text)
{
	size_t len = strlen(text);
	size_t head, tail = 0;
	int total = text_cells(text, len);
	int used, drop;

	if (total <= w)
		return region_bytes(r, x, y, role, text, len);
	if (w <= 0)
		return x;
	/* A third in front, the rest for the end. */
	head = fit_start(text, len, (w - 1) / 3, &used);
	drop = total - (w - 1);
	x = region_bytes(r, x, y, role, text, head);
	x = region_text(r, x, y, role, "…");
	tail = head;
	for (int gone = 0; tail < len && gone < drop;) {
		struct glyph g;

		tail += glyph_next(text + tail, len - tail, &g);
		gone += g.cells;
	}
	return region_bytes(r, x, y, role, text + tail, len - tail);
}

void
region_text_right(struct region r, int x, int y, enum role role, const char *text)
{
	region_text(r, x - text_cells(text, strlen(text)), y, role, text);
}

/* Takes the next line of at most W cells off *TEXT; its bytes in *LEN. False when nothing is left.
 */
static bool
wrap_next(const char **text, int w, const char **line, size_t *len)
{
	const char *start = *text;
	const char *end = start + strcspn(start, "\n");
	size_t bytes;
	int used;

	if (*start == '\0')
		return false;
	*line = start;
	bytes = fit_start(start, (size_t)(end - start), w < 1 ? 1 : w, &used);
	if (start + bytes < end) {
		size_t cut = bytes;

		while (cut > 0 && start[cut] != ' ')
			cut--;
		if (cut > 0)
			bytes = cut;
		else if (bytes == 0) { /* wider than the region: step over it rather than stay */
			struct glyph g;

			bytes = glyph_next(start, (size_t)(end - start), &g);
		}
	}
	*len = bytes;
	start += bytes;
	if (*start == '\n' && start == end)
		start++;
	else
		while (*start == ' ')
			start++;
	*text = start;
	return true;
}

int
region_wrap(struct region r, int y, enum role role, const char *text)
{
	const char *line;
	size_t len;
	int lines = 0;

	while (wrap_next(&text, r.w, &line, &len))
		region_bytes(r, 0, y + lines++, role, line, len);
	return lines;
}

int
region_wrap_height(int w, const char *text)
{
	return region_wrap((struct region) { .w = w }, 0, ROLE_TEXT, text);
}

void
region_put(struct region r, int x, int y, enum role role, const char *character)
{
	if (x >= 0 && x < r.w)
		region_text(r, x, y, role, character);
}

void
region_fill(struct region r, enum role role)
{
	for (int y = 0; y < r.h; y++)
		for (int x = 0; x < r.w; x++)
			surface_put(r.surface, r.x + x, r.y + y, " ", 1, 1, role);
}

void
region_hline(struct region r, int x, int y, int w, enum role role, const char *character)
{
	for (int i = larger(0, -x); i < w && x + i < r.w; i++)
		region_put(r, x + i, y, role, character);
}

void
region_vline(struct region r, int x, int y, int h, enum role role, const char *character)
{
	for (int i = larger(0, -y); i < h && y + i < r.h; i++)
		region_put(r, x, y + i, role, character);
}

void
region_box(struct region r, enum role role)
{
	if (r.w < 2 || r.h < 2)
		return;
	region_hline(r, 1, 0, r.w - 2, role, "─");
	region_hline(r, 1, r.h - 1, r.w - 2, role, "─");
	region_vline(r, 0, 1, r.h - 2, role, "│");
	region_vline(r, r.w - 1, 1, r.h - 2, role, "│");
	region_put(r, 0, 0, role, "┌");
	region_put(r, r.w - 1, 0, role, "┐");
	region_put(r, 0, r.h - 1, role, "└");
	region_put(r, r.w - 1, r.h - 1, role, "┘");
}

void
region_attr(struct region r, int x, int y, int w, unsigned int attr)
{
	for (int i = larger(x, 0); i < x + w && i < r.w; i++)
		if (y >= 0 && y < r.h)
			surface_at(r.surface, r.x + i, r.y + y)->attr |= (uint8_t)attr;
}

void
region_role(struct region r, int x, int y, int w, enum role role)
{
	for (int i = larger(x, 0); i < x + w && i < r.w; i++)
		if (y >= 0 && y < r.h)
			surface_at(r.surface, r.x + i, r.y + y)->role = (uint8_t)role;
}

void
region_show_cursor(struct region r, int x, int y)
{
	if (x >= 0 && x < r.w && y >= 0 && y < r.h)
		surface_set_cursor(r.surface, r.x + x, r.y + y);
}
