/* libvterm as the eyes of the end-to-end tests. The only file that knows it. */
#include "vt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vterm.h>

#define ROW_BYTES(cols) ((size_t)(cols) * VTERM_MAX_CHARS_PER_CELL * 4 + 1)

struct vt {
	VTerm	    *term;
	VTermScreen *cells;
	int	     rows, cols, bells;
	bool	     alternate, cursor, mouse;
	char	   **line; /* one buffer a row */
};

static const struct key_name {
	const char *name;
	VTermKey    key;
	uint32_t    cp; /* instead, when it is not 0 */
} key_names[] = {
	{ .name = "Enter", .key = VTERM_KEY_ENTER },
	{ .name = "Tab", .key = VTERM_KEY_TAB },
	{ .name = "Esc", .key = VTERM_KEY_ESCAPE },
	{ .name = "Backspace", .key = VTERM_KEY_BACKSPACE },
	{ .name = "Up", .key = VTERM_KEY_UP },
	{ .name = "Down", .key = VTERM_KEY_DOWN },
	{ .name = "Left", .key = VTERM_KEY_LEFT },
	{ .name = "Right", .key = VTERM_KEY_RIGHT },
	{ .name = "Ins", .key = VTERM_KEY_INS },
	{ .name = "Del", .key = VTERM_KEY_DEL },
	{ .name = "Home", .key = VTERM_KEY_HOME },
	{ .name = "End", .key = VTERM_KEY_END },
	{ .name = "PgUp", .key = VTERM_KEY_PAGEUP },
	{ .name = "PgDn", .key = VTERM_KEY_PAGEDOWN },
	{ .name = "Space", .cp = ' ' },
};

static int
on_prop(VTermProp prop, VTermValue *value, void *arg)
{
	struct vt *s = arg;

	if (prop == VTERM_PROP_CURSORVISIBLE)
		s->cursor = value->boolean != 0;
	else if (prop == VTERM_PROP_ALTSCREEN)
		s->alternate = value->boolean != 0;
	else if (prop == VTERM_PROP_MOUSE)
		s->mouse = value->number != VTERM_PROP_MOUSE_NONE;
	return 1;
}

static int
on_bell(void *arg)
{
	((struct vt *)arg)->bells++;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_prop, .bell = on_bell };

static void
lines_fini(struct vt *s)
{
	for (int i = 0; i < s->rows; i++)
		free(s->line[i]);
	free(s->line);
}

static void
lines_init(struct vt *s, int rows, int cols)
{
	s->rows = rows;
	s->cols = cols;
	s->line = calloc((size_t)rows, sizeof *s->line);
	for (int i = 0; i < rows; i++)
		s->line[i] = calloc(1, ROW_BYTES(cols));
}

struct vt *
vt_new(int rows, int cols, vt_output_fn output, void *arg)
{
	struct vt *s = calloc(1, sizeof *s);

	s->cursor = true;
	s->term = vterm_new(rows, cols);
	vterm_set_utf8(s->term, 1);
	vterm_output_set_callback(s->term, output, arg);
	s->cells = vterm_obtain_screen(s->term);
	vterm_screen_enable_altscreen(s->cells, 1);
	vterm_screen_set_callbacks(s->cells, &callbacks, s);
	vterm_screen_reset(s->cells, 1);
	lines_init(s, rows, cols);
	return s;
}

void
vt_free(struct vt *s)
{
	if (s == NULL)
		return;
	lines_fini(s);
	vterm_free(s->term);
	free(s);
}

void
vt_feed(struct vt *s, const char *data, size_t len)
{
	vterm_input_write(s->term, data, len);
	vterm_screen_flush_damage(s->cells);
}

void
vt_resize(struct vt *s, int rows, int cols)
{
	vterm_set_size(s->term, rows, cols);
	vterm_screen_flush_damage(s->cells);
	lines_fini(s);
	lines_init(s, rows, cols);
}

/* One well-formed character; the tests are our own text. */
static uint32_t
next_char(const char **at)
{
	const unsigned char *p = (const unsigned char *)*at;
	uint32_t	     cp = *p;
	int		     more = cp < 0xc0 ? 0 : cp < 0xe0 ? 1 : cp < 0xf0 ? 2 : 3;

	cp &= more == 0 ? 0x7f : 0x3fu >> more;
	for (p++; more > 0 && (*p & 0xc0) == 0x80; more--)
		cp = cp << 6 | (*p++ & 0x3f);
	*at = (const char *)p;
	return cp;
}

bool
vt_key(struct vt *s, const char *name, size_t len)
{
	VTermModifier mod = VTERM_MOD_NONE;
	const char   *at;
	uint32_t      cp;

	for (; len > 2 && name[1] == '-' && strchr("CMS", name[0]) != NULL; name += 2, len -= 2)
		mod |= name[0] == 'C' ? VTERM_MOD_CTRL :
		    name[0] == 'M'    ? VTERM_MOD_ALT :
					VTERM_MOD_SHIFT;
	for (size_t i = 0; i < sizeof key_names / sizeof key_names[0]; i++) {
		const struct key_name *k = &key_names[i];

		if (strlen(k->name) != len || strncmp(k->name, name, len) != 0)
			continue;
		if (k->cp != 0)
			vterm_keyboard_unichar(s->term, k->cp, mod);
		else
			vterm_keyboard_key(s->term, k->key, mod);
		return true;
	}
	if (len >= 2 && len <= 3 && name[0] == 'F' && atoi(name + 1) > 0) {
		vterm_keyboard_key(s->term, (VTermKey)VTERM_KEY_FUNCTION(atoi(name + 1)), mod);
		return true;
	}
	at = name;
	cp = next_char(&at);
	if (at != name + len)
		return false;
	vterm_keyboard_unichar(s->term, cp, mod);
	return true;
}

void
vt_type(struct vt *s, const char *text)
{
	while (*text != '\0')
		vterm_keyboard_unichar(s->term, next_char(&text), VTERM_MOD_NONE);
}

void
vt_paste(struct vt *s, const char *text)
{
	vterm_keyboard_start_paste(s->term);
	vt_type(s, text);
	vterm_keyboard_end_paste(s->term);
}

void
vt_click(struct vt *s, int row, int col)
{
	vterm_mouse_move(s->term, row, col, VTERM_MOD_NONE);
	vterm_mouse_button(s->term, 1, true, VTERM_MOD_NONE);
	vterm_mouse_button(s->term, 1, false, VTERM_MOD_NONE);
}

static size_t
put_char(char *out, uint32_t cp)
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

static size_t
put_cell(char *out, const VTermScreenCell *cell)
{
	size_t len = 0;

	/* The right half of a wide character. */
	if (cell->chars[0] == UINT32_MAX)
		return 0;
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i] != 0; i++)
		len += put_char(out + len, cell->chars[i]);
	if (len == 0)
		out[len++] = ' ';
	return len;
}

const char *
vt_row(struct vt *s, int row)
{
	VTermScreenCell cell;
	size_t		len = 0;
	char	       *out;

	if (row < 0 || row >= s->rows)
		return "";
	out = s->line[row];
	for (int col = 0; col < s->cols; col++)
		if (vterm_screen_get_cell(s->cells, (VTermPos){ .row = row, .col = col }, &cell))
			len += put_cell(out + len, &cell);
	while (len > 0 && out[len - 1] == ' ')
		len--;
	out[len] = '\0';
	return out;
}

static struct pty_colour
colour_of(const VTermColor *c, VTermColorType standard)
{
	struct pty_colour out = { .kind = PTY_COLOUR_DEFAULT };

	if ((c->type & standard) != 0)
		return out;
	if (VTERM_COLOR_IS_INDEXED(c))
		return (struct pty_colour){ .kind = PTY_COLOUR_INDEXED, .index = c->indexed.idx };
	return (struct pty_colour){ .kind = PTY_COLOUR_RGB, .red = c->rgb.red,
		.green = c->rgb.green, .blue = c->rgb.blue };
}

void
vt_cell(struct vt *s, int row, int col, struct pty_cell *out)
{
	VTermScreenCell cell;
	size_t		len;

	memset(out, 0, sizeof *out);
	if (!vterm_screen_get_cell(s->cells, (VTermPos){ .row = row, .col = col }, &cell))
		return;
	len = put_cell(out->text, &cell);
	out->text[len] = '\0';
	out->width = cell.chars[0] == UINT32_MAX ? 0 : cell.width;
	out->bold = cell.attrs.bold != 0;
	out->underline = cell.attrs.underline != VTERM_UNDERLINE_OFF;
	out->italic = cell.attrs.italic != 0;
	out->blink = cell.attrs.blink != 0;
	out->reverse = cell.attrs.reverse != 0;
	out->strike = cell.attrs.strike != 0;
	out->fg = colour_of(&cell.fg, VTERM_COLOR_DEFAULT_FG);
	out->bg = colour_of(&cell.bg, VTERM_COLOR_DEFAULT_BG);
}

void
vt_cursor(struct vt *s, int *row, int *col)
{
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(s->term), &at);
	*row = at.row;
	*col = at.col;
}

void
vt_size(struct vt *s, int *rows, int *cols)
{
	*rows = s->rows;
	*cols = s->cols;
}

bool
vt_is_alternate(const struct vt *s)
{
	return s->alternate;
}

bool
vt_is_cursor_visible(const struct vt *s)
{
	return s->cursor;
}

bool
vt_has_mouse(const struct vt *s)
{
	return s->mouse;
}

bool
vt_has_pen(struct vt *s)
{
	static const VTermAttr attr[] = { VTERM_ATTR_BOLD, VTERM_ATTR_UNDERLINE, VTERM_ATTR_ITALIC,
		VTERM_ATTR_BLINK, VTERM_ATTR_REVERSE, VTERM_ATTR_STRIKE };
	VTermState	      *state = vterm_obtain_state(s->term);
	VTermValue	       value;

	for (size_t i = 0; i < sizeof attr / sizeof attr[0]; i++) {
		memset(&value, 0, sizeof value);
		if (vterm_state_get_penattr(state, attr[i], &value) && value.number != 0)
			return true;
	}
	vterm_state_get_penattr(state, VTERM_ATTR_FOREGROUND, &value);
	if (!VTERM_COLOR_IS_DEFAULT_FG(&value.color))
		return true;
	vterm_state_get_penattr(state, VTERM_ATTR_BACKGROUND, &value);
	return !VTERM_COLOR_IS_DEFAULT_BG(&value.color);
}

int
vt_bells(const struct vt *s)
{
	return s->bells;
}
