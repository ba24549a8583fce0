/* A terminal of one line. Knows neither who writes nor where it is shown. */
#include "slipway/base/termline.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/str.h"
#include "slipway/base/utf8.h"

#define COLUMNS ((size_t)TERMLINE_MAX)
#define MARKS 2	   /* combining marks of a cell; more are dropped */
#define STYLES 255 /* of a line; more are plain */
#define PARAMS 24
#define STRING_MAX                                                                                 \
	65536 /* of an OSC or DCS: one that never ends must not hide the rest of the log */

static const char ellipsis[] = "\xe2\x80\xa6";

enum state { GROUND, ESCAPE, ESCAPE_MORE, CSI, STRING, STRING_ESCAPE };

struct cell {
	uint32_t cp[1 + MARKS]; /* 0: none */
	uint8_t style;
	uint8_t width; /* 0: the second half of a wide one */
};

struct termline {
	termline_fn fn;
	void *arg;
	enum state state;
	struct cell *cells;
	size_t count, cap, column;
	bool cut;
	struct termline_style styles[STYLES + 1]; /* 0 is plain */
	size_t style_count;
	struct termline_style style; /* of what comes next; survives the line */
	uint8_t style_index;
	char utf8[4];
	size_t utf8_len;
	unsigned int params[PARAMS];
	size_t param_count, string_len;
	bool csi_private;
	struct str text;
	struct termline_run runs[TERMLINE_RUNS_MAX];
};

struct termline *
termline_new(termline_fn fn, void *arg)
{
	struct termline *t = mem_zalloc(1, sizeof *t);

	t->fn = fn;
	t->arg = arg;
	t->style_count = 1;
	return t;
}

void
termline_free(struct termline *t)
{
	if (t == NULL)
		return;
	free(t->cells);
	str_fini(&t->text);
	free(t);
}

static bool
same_style(const struct termline_style *a, const struct termline_style *b)
{
	return a->fg == b->fg && a->bg == b->bg && a->attrs == b->attrs;
}

/* The number of the current style in this line's table. */
static void
use_style(struct termline *t)
{
	for (size_t i = 0; i < t->style_count; i++)
		if (same_style(&t->styles[i], &t->style)) {
			t->style_index = (uint8_t)i;
			return;
		}
	t->style_index = 0;
	if (t->style_count <= STYLES) {
		t->styles[t->style_count] = t->style;
		t->style_index = (uint8_t)t->style_count++;
	}
}

static void
clear_line(struct termline *t)
{
	t->count = t->column = 0;
	t->cut = false;
	t->style_count = 1;
	use_style(t);
}

/* Makes cells up to column END exist. */
static void
extend(struct termline *t, size_t end)
{
	t->cells = mem_grow(t->cells, &t->cap, end, sizeof t->cells[0]);
	while (t->count < end)
		t->cells[t->count++] = (struct cell) { .cp = { ' ' }, .width = 1 };
}

static void
blank(struct termline *t, size_t at)
{
	if (at < t->count)
		t->cells[at] = (struct cell) { .cp = { ' ' }, .width = 1 };
}

/* What is left of a wide character when one half of it is overwritten is a space. */
static void
split_wide(struct termline *t, size_t at)
{
	if (at >= t->count)
		return;
	if (t->cells[at].width == 2)
		blank(t, at + 1);
	else if (t->cells[at].width == 0 && at > 0)
		blank(t, at - 1);
}

static void
put_mark(struct termline *t, uint32_t cp)
{
	size_t at = t->column;

	/* A mark without anything to sit on. */
	if (at == 0 || at > t->count)
		return;
	at--;
	if (t->cells[at].width == 0 && at > 0)
		at--;
	for (size_t i = 1; i <= MARKS; i++)
		if (t->cells[at].cp[i] == 0) {
			t->cells[at].cp[i] = cp;
			return;
		}
}

static void
put(struct termline *t, uint32_t cp)
{
	int width = cp < 0x300 ? 1 : utf8_cp_width(cp);

	if (width == 0) {
		put_mark(t, cp);
		return;
	}
	if (t->column + (size_t)width > COLUMNS) {
		t->cut = true;
		return;
	}
	if (t->column + (size_t)width > t->count) {
		split_wide(t, t->column);
		extend(t, t->column + (size_t)width);
	} else {
		split_wide(t, t->column);
		split_wide(t, t->column + (size_t)width - 1);
	}
	t->cells[t->column] = (struct cell) {
		.cp = { cp }, .style = t->style_index, .width = (uint8_t)width
	};
	if (width == 2)
		t->cells[t->column + 1] = (struct cell) { .style = t->style_index };
	t->column += (size_t)width;
}

/* Bytes that must not be shown as they are, spelled as everywhere else. */
static void
put_spelled(struct termline *t, const char *bytes, size_t len)
{
	struct str out = STR_EMPTY;

	sanitise(bytes, len, &out);
	for (size_t i = 0; i < out.len; i++)
		put(t, (unsigned char)out.data[i]);
	str_fini(&out);
}

static bool
is_blank(const struct termline *t, const struct cell *c)
{
	return c->cp[0] == ' ' && c->cp[1] == 0 && same_style(&t->styles[c->style], &t->styles[0]);
}

static size_t
cell_text(const struct cell *c, char out[4 * (1 + MARKS)])
{
	size_t len = 0;

	if (c->cp[0] < 0x80 && c->cp[1] == 0) {
		out[0] = (char)c->cp[0];
		return c->cp[0] != 0;
	}
	for (size_t i = 0; i <= MARKS && c->cp[i] != 0; i++)
		len += utf8_encode(c->cp[i], out + len);
	return len;
}

static size_t
add_run(struct termline *t, size_t count, size_t start, uint8_t style)
{
	size_t len = t->text.len - start;

	if (style == 0 || len == 0 || count == TERMLINE_RUNS_MAX)
		return count;
	t->runs[count] = (struct termline_run) {
		.start = (uint16_t)start, .len = (uint16_t)len, .style = t->styles[style]
	};
	return count + 1;
}

static void
render(struct termline *t, struct termline_line *out)
{
	size_t end = t->count, start = 0, runs = 0;
	bool cut = t->cut;
	uint8_t style = 0;

	/* Programs wipe a progress bar by writing spaces over it. */
	while (end > 0 && is_blank(t, &t->cells[end - 1]))
		end--;
	str_clear(&t->text);
	str_reserve(&t->text, TERMLINE_MAX);
	for (size_t i = 0; i < end; i++) {
		/* Room for the longest cell and for the mark of a cut stays. */
		if (t->text.len + 4 * (1 + MARKS) > TERMLINE_MAX - sizeof ellipsis) {
			cut = true;
			break;
		}
		if (t->cells[i].width > 0 && t->cells[i].style != style) {
			runs = add_run(t, runs, start, style);
			start = t->text.len;
			style = t->cells[i].style;
		}
		t->text.len += cell_text(&t->cells[i], t->text.data + t->text.len);
	}
	t->text.data[t->text.len] = '\0';
	runs = add_run(t, runs, start, style);
	if (cut)
		str_puts(&t->text, ellipsis);
	*out = (struct termline_line) {
		.text = str_text(&t->text), .len = t->text.len, .runs = t->runs, .run_count = runs
	};
}

static void
finish_line(struct termline *t)
{
	struct termline_line line;

	render(t, &line);
	clear_line(t);
	t->fn(t->arg, &line);
}

bool
termline_partial(struct termline *t, struct termline_line *out)
{
	if (t->count == 0)
		return false;
	render(t, out);
	out->partial = true;
	return out->len > 0;
}

/* 5;N or 2;R;G;B behind a 38 or 48 at AT; returns how many parameters it took. */
static size_t
extended_colour(const struct termline *t, size_t at, uint32_t *colour)
{
	size_t left = t->param_count - at;
	const unsigned int *p = t->params + at;

	if (left >= 2 && p[0] == 5) {
		*colour = TERMLINE_INDEX | (p[1] & 0xff);
		return 2;
	}
	if (left >= 4 && p[0] == 2) {
		*colour = TERMLINE_RGB | (p[1] & 0xff) << 16 | (p[2] & 0xff) << 8 | (p[3] & 0xff);
		return 4;
	}
	return left;
}

static void
set_attr(struct termline *t, unsigned int set, unsigned int clear)
{
	t->style.attrs = (uint8_t)((t->style.attrs & ~clear) | set);
}

static void
select_attr(struct termline *t, unsigned int p)
{
	static const uint8_t set[] = { [1] = TERMLINE_BOLD,
		[2] = TERMLINE_DIM,
		[3] = TERMLINE_ITALIC,
		[4] = TERMLINE_UNDERLINE,
		[7] = TERMLINE_REVERSE,
		[9] = TERMLINE_STRIKE };
	static const uint8_t clear[] = { [1] = TERMLINE_UNDERLINE,
		[2] = TERMLINE_BOLD | TERMLINE_DIM,
		[3] = TERMLINE_ITALIC,
		[4] = TERMLINE_UNDERLINE,
		[7] = TERMLINE_REVERSE,
		[9] = TERMLINE_STRIKE };

	if (p < 10)
		set_attr(t, set[p], 0);
	else if (p >= 20 && p < 30)
		set_attr(t, 0, clear[p - 20]);
}

/* Select graphic rendition. Concealed text (8) stays visible: a log hides nothing. */
static void
select_style(struct termline *t)
{
	if (t->param_count == 0)
		t->style = t->styles[0];
	for (size_t i = 0; i < t->param_count; i++) {
		unsigned int p = t->params[i];

		if (p == 0)
			t->style = t->styles[0];
		else if (p < 30)
			select_attr(t, p);
		else if (p < 38)
			t->style.fg = TERMLINE_INDEX | (p - 30);
		else if (p == 38)
			i += extended_colour(t, i + 1, &t->style.fg);
		else if (p == 39)
			t->style.fg = TERMLINE_DEFAULT;
		else if (p >= 40 && p < 48)
			t->style.bg = TERMLINE_INDEX | (p - 40);
		else if (p == 48)
			i += extended_colour(t, i + 1, &t->style.bg);
		else if (p == 49)
			t->style.bg = TERMLINE_DEFAULT;
		else if (p >= 90 && p < 98)
			t->style.fg = TERMLINE_INDEX | (p - 90 + 8);
		else if (p >= 100 && p < 108)
			t->style.bg = TERMLINE_INDEX | (p - 100 + 8);
	}
	use_style(t);
}

static void
erase(struct termline *t)
{
	unsigned int what = t->param_count > 0 ? t->params[0] : 0;

	if (what == 0 && t->column < t->count) {
		split_wide(t, t->column);
		t->count = t->column;
	} else if (what == 1) {
		split_wide(t, t->column);
		for (size_t i = 0; i <= t->column && i < t->count; i++)
			blank(t, i);
	} else if (what == 2) {
		t->count = 0;
	}
	if (what != 1)
		t->cut = false;
}

static void
move_to(struct termline *t, size_t column)
{
	t->column = column < COLUMNS ? column : COLUMNS - 1;
}

/* A control sequence with its final byte: what moves within the line and colours is obeyed. */
static void
control(struct termline *t, char final)
{
	size_t by = t->param_count > 0 && t->params[0] > 0 ? t->params[0] : 1;

	if (t->csi_private)
		return;
	if (final == 'm')
		select_style(t);
	else if (final == 'K')
		erase(t);
	else if (final == 'C')
		move_to(t, t->column + by);
	else if (final == 'D')
		move_to(t, t->column > by ? t->column - by : 0);
	else if (final == 'G')
		move_to(t, by - 1);
}

static void
csi_byte(struct termline *t, unsigned char c)
{
	if (c >= '0' && c <= '9') {
		unsigned int *p;

		if (t->param_count == 0)
			t->params[t->param_count++] = 0;
		p = &t->params[t->param_count - 1];
		if (*p < 100000)
			*p = *p * 10 + (c - '0');
	} else if (c == ';' || c == ':') {
		if (t->param_count == 0)
			t->params[t->param_count++] = 0;
		if (t->param_count < PARAMS)
			t->params[t->param_count++] = 0;
	} else if (c < 0x40) {
		t->csi_private = true; /* ? > = < and intermediates: never one that is obeyed */
	} else {
		t->state = GROUND;
		control(t, (char)c);
	}
}

static void
escape_byte(struct termline *t, unsigned char c)
{
	t->param_count = t->string_len = 0;
	t->csi_private = false;
	if (c == '[')
		t->state = CSI;
	else if (c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_')
		t->state = STRING;
	else if (c >= 0x20 && c < 0x30)
		t->state = ESCAPE_MORE;
	else
		t->state = c == 0x1b ? ESCAPE : GROUND;
}

static void
string_byte(struct termline *t, unsigned char c)
{
	if (c == 0x1b)
		t->state = STRING_ESCAPE;
	else if (c == 0x07 || ++t->string_len >= STRING_MAX)
		t->state = GROUND;
}

static void
tab(struct termline *t)
{
	size_t next = t->column + 8 - t->column % 8;

	if (next > COLUMNS) {
		t->cut = true;
		return;
	}
	extend(t, next > t->count ? next : t->count);
	t->column = next;
}

static void
ground_control(struct termline *t, char c)
{
	switch (c) {
	case '\n':
		finish_line(t);
		break;
	case '\r':
		t->column = 0;
		break;
	case '\b':
		t->column -= t->column > 0;
		break;
	case '\t':
		tab(t);
		break;
	case '\x1b':
		t->state = ESCAPE;
		break;
	case '\x0e':
	case '\x0f':
		break; /* other character sets */
	default:
		put_spelled(t, &c, 1);
	}
}

static size_t
utf8_need(unsigned char first)
{
	return first >= 0xf0 && first <= 0xf4	? 4
	       : first >= 0xe0 && first <= 0xef ? 3
	       : first >= 0xc2 && first <= 0xdf ? 2
						: 1;
}

/* Shows the bytes collected so far: a character, or the first of them as invalid and the rest
 * again. */
static void
settle(struct termline *t, bool at_end)
{
	while (t->utf8_len > 0) {
		uint32_t cp;
		size_t used = utf8_decode(t->utf8, t->utf8_len, &cp);
		size_t need = utf8_need((unsigned char)t->utf8[0]);
		bool waiting = used == 0 && t->utf8_len < need && !at_end;

		for (size_t i = 1; waiting && i < t->utf8_len; i++)
			waiting = ((unsigned char)t->utf8[i] & 0xc0) == 0x80;
		if (waiting)
			return;
		if (used > 0 && !sanitise_is_unsafe(cp))
			put(t, cp);
		else
			put_spelled(t, t->utf8, used > 0 ? used : 1);
		used = used > 0 ? used : 1;
		t->utf8_len -= used;
		memmove(t->utf8, t->utf8 + used, t->utf8_len);
	}
}

static void
ground_byte(struct termline *t, unsigned char c)
{
	if (c >= 0x80) {
		t->utf8[t->utf8_len++] = (char)c;
		settle(t, false);
		return;
	}
	if (t->utf8_len > 0)
		settle(t, true);
	if (c >= 0x20 && c < 0x7f)
		put(t, c);
	else
		ground_control(t, (char)c);
}

static void
feed_byte(struct termline *t, unsigned char c)
{
	/* Sequences are ASCII; other text behind a lone ESC is text. */
	if ((t->state == ESCAPE || t->state == ESCAPE_MORE || t->state == CSI) && c >= 0x80)
		t->state = GROUND;
	/* A line's end, and CAN and SUB, end any sequence: a broken one must not swallow lines. */
	if (t->state != GROUND && (c == '\n' || c == '\r' || c == 0x18 || c == 0x1a)) {
		t->state = GROUND;
		if (c == 0x18 || c == 0x1a)
			return;
	}
	switch (t->state) {
	case GROUND:
		ground_byte(t, c);
		break;
	case ESCAPE:
		escape_byte(t, c);
		break;
	case ESCAPE_MORE:
		if (c < 0x20 || c >= 0x30)
			t->state = GROUND;
		break;
	case CSI:
		if (c == 0x1b)
			t->state = ESCAPE;
		else
			csi_byte(t, c);
		break;
	case STRING:
		string_byte(t, c);
		break;
	case STRING_ESCAPE:
		/* ESC \ ends it; another ESC begins a new sequence. */
		if (c == '\\')
			t->state = GROUND;
		else
			escape_byte(t, c);
		break;
	}
}

/* The common case, plain text at the end of a line, without the machinery. Returns the bytes taken.
 */
static size_t
feed_plain(struct termline *t, const char *data, size_t len)
{
	size_t used = 0;

	if (t->state != GROUND || t->utf8_len > 0 || t->column != t->count)
		return 0;
	/* What a full line has no room for is not counted again for each byte. */
	if (len > COLUMNS - t->count)
		len = COLUMNS - t->count;
	while (used < len && data[used] >= 0x20 && data[used] < 0x7f)
		used++;
	if (used == 0)
		return 0;
	t->cells = mem_grow(t->cells, &t->cap, t->count + used, sizeof t->cells[0]);
	for (size_t i = 0; i < used; i++)
		t->cells[t->count + i] = (struct cell) {
			.cp = { (unsigned char)data[i] }, .style = t->style_index, .width = 1
		};
	t->count += used;
	t->column = t->count;
	return used;
}

void
termline_feed(struct termline *t, const char *data, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t used = feed_plain(t, data + i, len - i);

		if (used == 0)
			feed_byte(t, (unsigned char)data[i]);
		i += used > 0 ? used : 1;
	}
}

void
termline_end(struct termline *t)
{
	settle(t, true);
	t->state = GROUND;
	if (t->count > 0)
		finish_line(t);
}
