/* Typing into one line. */
#include "slipway/tui/edit_line.h"

#include <string.h>

#include "slipway/base/utf8.h"
#include "slipway/os/secret.h"

void
edit_line_fini(struct edit_line *l)
{
	str_fini(&l->text);
	memset(l, 0, sizeof *l);
}

void
edit_line_set(struct edit_line *l, const char *text)
{
	str_clear(&l->text);
	str_puts(&l->text, text);
	l->cursor = l->text.len;
	l->left = 0;
}

/* Only whole, printable characters. */
static void
insert(struct edit_line *l, const char *text, size_t len)
{
	for (size_t pos = 0; pos < len;) {
		uint32_t cp;
		size_t used = utf8_decode(text + pos, len - pos, &cp);

		if (used > 0 && cp >= 0x20 && cp != 0x7f && l->text.len + used <= EDIT_LINE_MAX) {
			str_splice(&l->text, l->cursor, 0, text + pos, used);
			l->cursor += used;
		}
		pos += used > 0 ? used : 1;
	}
}

static size_t
before(const struct edit_line *l, size_t at)
{
	while (at > 0 && ((unsigned char)l->text.data[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t
after(const struct edit_line *l, size_t at)
{
	if (at < l->text.len)
		at++;
	while (at < l->text.len && ((unsigned char)l->text.data[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static size_t
word_before(const struct edit_line *l, size_t at)
{
	while (at > 0 && l->text.data[at - 1] == ' ')
		at--;
	while (at > 0 && l->text.data[at - 1] != ' ')
		at--;
	return at;
}

/* Takes FROM up to TO away. */
static void
erase(struct edit_line *l, size_t from, size_t to)
{
	if (to > from)
		str_splice(&l->text, from, to - from, "", 0);
	l->cursor = from;
}

static bool
control(struct edit_line *l, uint32_t key)
{
	if (key == 'a')
		l->cursor = 0;
	else if (key == 'e')
		l->cursor = l->text.len;
	else if (key == 'u')
		erase(l, 0, l->text.len);
	else if (key == 'k')
		erase(l, l->cursor, l->text.len);
	else if (key == 'w')
		erase(l, word_before(l, l->cursor), l->cursor);
	else
		return false;
	return true;
}

static bool
key_event(struct edit_line *l, const struct input_event *ev)
{
	if (ev->mods == INPUT_CTRL)
		return control(l, ev->key);
	if (ev->text[0] != '\0') {
		insert(l, ev->text, strlen(ev->text));
		return true;
	}
	switch (ev->key) {
	case INPUT_KEY_BACKSPACE:
		erase(l, before(l, l->cursor), l->cursor);
		return true;
	case INPUT_KEY_DELETE:
		erase(l, l->cursor, after(l, l->cursor));
		return true;
	case INPUT_KEY_LEFT:
		l->cursor = before(l, l->cursor);
		return true;
	case INPUT_KEY_RIGHT:
		l->cursor = after(l, l->cursor);
		return true;
	case INPUT_KEY_HOME:
		l->cursor = 0;
		return true;
	case INPUT_KEY_END:
		l->cursor = l->text.len;
		return true;
	default:
		return false;
	}
}

/* Bytes of a paste up to its first line end; white space in front of it is not counted. */
static size_t
first_line(const char *data, size_t len)
{
	size_t end = 0;

	while (end < len && data[end] != '\n' && data[end] != '\r')
		end++;
	return end;
}

bool
edit_line_event(struct edit_line *l, const struct input_event *ev)
{
	if (ev->type == INPUT_KEY)
		return key_event(l, ev);
	if (ev->type != INPUT_PASTE)
		return false;
	insert(l, ev->paste, first_line(ev->paste, ev->paste_len));
	return true;
}

void
edit_line_draw(struct edit_line *l, struct region r, const char *hint)
{
	const char *text = str_text(&l->text);
	int at = text_cells(text, l->cursor);

	if (r.w < 1)
		return;
	if (at < l->left)
		l->left = at;
	if (at >= l->left + r.w)
		l->left = at - r.w + 1;
	if (l->text.len == 0 && hint != NULL)
		region_text_fit(r, 0, 0, r.w, ROLE_INPUT_HINT, hint);
	region_bytes(r, -l->left, 0, ROLE_INPUT, text, l->text.len);
	region_show_cursor(r, at - l->left, 0);
}

bool
edit_secret_event(struct secret *s, const struct input_event *ev)
{
	if (ev->type == INPUT_PASTE) {
		/* A paste too long for a secret is no token; what is there stays. */
		secret_append(s, ev->paste, ev->paste_len);
		return true;
	}
	if (ev->type != INPUT_KEY)
		return false;
	if (ev->mods == INPUT_CTRL && ev->key == 'u') {
		secret_clear(s);
		return true;
	}
	if (ev->key == INPUT_KEY_BACKSPACE) {
		secret_drop_last(s);
		return true;
	}
	if (ev->text[0] == '\0')
		return false;
	secret_append(s, ev->text, strlen(ev->text));
	return true;
}

void
edit_secret_draw(struct region r)
{
	region_text_fit(r, 0, 0, r.w, ROLE_INPUT_HINT, "nothing is shown while you type or paste");
}
