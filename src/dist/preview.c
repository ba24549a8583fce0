/* Previews: a bounded start of a member, decided to be text or not, in rows that are found when
 * needed. */
#include "slipway/dist/preview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/utf8.h"
#include "slipway/dist/archive.h"

#define LOOKED_AT ((size_t)8 * 1024)

static void
note(struct preview *p, const char *text)
{
	if (p->note.len > 0)
		str_puts(&p->note, "; ");
	str_puts(&p->note, text);
}

static bool
is_binary(const struct str *s)
{
	size_t len = s->len < LOOKED_AT ? s->len : LOOKED_AT, controls = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s->data[i];

		if (c == 0)
			return true;
		controls += (c < 0x20 && strchr("\t\n\r\f", c) == NULL) || c == 0x7f;
	}
	return controls * 100 > len * 30;
}

/* A byte order mark, or, in ten characters and more, a zero in every second byte and in no other.
 */
static bool
is_utf16(const struct str *s, bool *big)
{
	const unsigned char *p = (const unsigned char *)s->data;
	size_t len = s->len < 512 ? s->len & ~(size_t)1 : 512, even = 0, odd = 0;

	if (s->len >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff))) {
		*big = p[0] == 0xfe;
		return true;
	}
	for (size_t i = 0; i < len; i += 2) {
		even += p[i] == 0;
		odd += p[i + 1] == 0;
	}
	*big = even > 0;
	return len >= 20 && even + odd >= len * 2 / 5 && (even == 0 || odd == 0);
}

static uint32_t
unit(const unsigned char *p, bool big)
{
	return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static void
decode_utf16(struct preview *p, bool big)
{
	const unsigned char *in = (const unsigned char *)p->text.data;
	size_t len = p->text.len;
	struct str out = STR_EMPTY;

	for (size_t i = 0; i + 1 < len; i += 2) {
		uint32_t cp = unit(in + i, big);
		char bytes[4];

		if (cp == 0xfeff && i == 0)
			continue;
		if (cp >= 0xd800 && cp < 0xdc00 && i + 3 < len) {
			uint32_t low = unit(in + i + 2, big);

			if (low >= 0xdc00 && low < 0xe000) {
				cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
				i += 2;
			}
		}
		if (cp >= 0xd800 && cp < 0xe000)
			cp = 0xfffd;
		str_append(&out, bytes, utf8_encode(cp, bytes));
	}
	str_fini(&p->text);
	p->text = out;
	note(p, big ? "decoded from UTF-16 (big endian)" : "decoded from UTF-16");
}

/* How much a terminal will not see as it is. */
static void
note_escaped(struct preview *p)
{
	const char *s = str_text(&p->text);
	size_t len = p->text.len, controls = 0, invisible = 0, invalid = 0, step;
	uint32_t cp = 0;
	char text[96];

	for (size_t i = 0; i < len; i += step) {
		step = utf8_decode(s + i, len - i, &cp);
		if (step == 0) {
			step = 1;
			invalid++;
		} else if (cp == '\n' || cp == '\t' ||
			   (cp == '\r' && i + 1 < len && s[i + 1] == '\n')) {
			continue;
		} else if (sanitise_is_unsafe(cp)) {
			controls += cp < 0xa0;
			invisible += cp >= 0xa0;
		}
	}
	if (controls + invisible + invalid == 0)
		return;
	snprintf(text, sizeof text, "escaped: %zu control, %zu invisible, %zu invalid", controls,
	    invisible, invalid);
	note(p, text);
}

static void
note_end(struct preview *p, enum err_code rc, const struct err *why)
{
	char text[96];

	if (rc == ERR_LIMIT) {
		snprintf(text, sizeof text, "first %zu of %llu bytes", p->text.len,
		    (unsigned long long)p->size);
		note(p, text);
	} else if (rc != ERR_OK) {
		note(p, why->message);
	}
}

static void
note_link(struct preview *p, const struct member *m)
{
	char target[512];

	if (m->kind == MEMBER_SYMLINK || m->kind == MEMBER_HARDLINK) {
		note(p, "link to ");
		sanitise_line(m->link.data, m->link.len, target, sizeof target);
		str_puts(&p->note, target);
	}
	if (m->hidden)
		note(p, "hidden from usual readers");
}

enum err_code
preview_load(struct archive *a, size_t index, enum preview_mode mode, size_t max,
    struct preview *out, struct err *e)
{
	const struct member *m = archive_member(a, index);
	struct preview p = PREVIEW_EMPTY;
	struct err why = ERR_EMPTY;
	enum err_code rc = ERR_OK;
	bool big = false;

	p.size = m->size;
	note_link(&p, m);
	if (m->kind == MEMBER_FILE)
		rc = archive_read_all(a, index, max > 0 ? max : PREVIEW_BYTES, &p.text, &why);
	if (rc == ERR_IO || rc == ERR_CANCELLED) {
		if (e != NULL)
			*e = why;
		preview_fini(&p);
		return rc;
	}
	note_end(&p, rc, &why);
	p.mode = mode;
	if (mode != PREVIEW_HEX && p.text.len > 0 && is_utf16(&p.text, &big)) {
		decode_utf16(&p, big);
		p.mode = PREVIEW_TEXT;
	} else if (mode == PREVIEW_AUTO) {
		p.mode = is_binary(&p.text) ? PREVIEW_HEX : PREVIEW_TEXT;
	}
	if (p.mode == PREVIEW_TEXT)
		note_escaped(&p);
	*out = p;
	return ERR_OK;
}

void
preview_fini(struct preview *p)
{
	str_fini(&p->text);
	str_fini(&p->note);
	free(p->rows);
	*p = (struct preview)PREVIEW_EMPTY;
}

/* Bytes of a row that is cut: never inside a character. */
static size_t
cut(const char *text, size_t len)
{
	size_t at = len;

	while (at > 0 && len - at < 4 && ((unsigned char)text[at] & 0xc0) == 0x80)
		at--;
	return at > 0 ? at : len;
}

/* The next row of the text, at p->indexed, which is not its end. */
static void
index_row(struct preview *p)
{
	const char *text = p->text.data + p->indexed;
	size_t left = p->text.len - p->indexed;
	size_t look = left < PREVIEW_ROW_BYTES ? left : PREVIEW_ROW_BYTES;
	const char *end = memchr(text, '\n', look);
	struct preview_row row = { .offset = p->indexed, .line = 1 };

	if (p->count > 0) {
		const struct preview_row *last = &p->rows[p->count - 1];

		row.continued = p->text.data[p->indexed - 1] != '\n';
		row.line = last->line + !row.continued;
	}
	if (end != NULL)
		row.len = (size_t)(end - text);
	else
		row.len = look < left ? cut(text, look) : look;
	p->rows = mem_grow(p->rows, &p->cap, p->count + 1, sizeof p->rows[0]);
	p->rows[p->count++] = row;
	p->indexed += row.len + (end != NULL);
}

bool
preview_has_row(struct preview *p, size_t row)
{
	if (p->mode == PREVIEW_HEX)
		return row < (p->text.len + PREVIEW_HEX_BYTES - 1) / PREVIEW_HEX_BYTES;
	while (p->count <= row && p->indexed < p->text.len)
		index_row(p);
	return row < p->count;
}

static void
hex_row(const struct preview *p, size_t row, struct str *out)
{
	size_t begin = row * PREVIEW_HEX_BYTES;
	size_t len = p->text.len - begin;
	const unsigned char *in = (const unsigned char *)p->text.data + begin;

	if (len > PREVIEW_HEX_BYTES)
		len = PREVIEW_HEX_BYTES;
	str_printf(out, "%08zx ", begin);
	for (size_t i = 0; i < PREVIEW_HEX_BYTES; i++) {
		if (i % 8 == 0)
			str_putc(out, ' ');
		if (i < len)
			str_printf(out, "%02x ", in[i]);
		else
			str_puts(out, "   ");
	}
	str_puts(out, " |");
	for (size_t i = 0; i < len; i++)
		str_putc(out, in[i] >= 0x20 && in[i] < 0x7f ? (char)in[i] : '.');
	str_putc(out, '|');
}

bool
preview_row(struct preview *p, size_t row, struct str *out, size_t *line)
{
	if (!preview_has_row(p, row))
		return false;
	if (line != NULL)
		*line = 0;
	if (p->mode == PREVIEW_HEX) {
		hex_row(p, row, out);
		return true;
	}
	if (line != NULL && !p->rows[row].continued)
		*line = p->rows[row].line;
	/* With the LF of the line, so that the CR of a CRLF is dropped; the LF itself goes again.
	 */
	sanitise_text(p->text.data + p->rows[row].offset,
	    p->rows[row].len + (p->rows[row].offset + p->rows[row].len < p->text.len &&
				   p->text.data[p->rows[row].offset + p->rows[row].len] == '\n'),
	    out);
	if (out->len > 0 && out->data[out->len - 1] == '\n')
		str_splice(out, out->len - 1, 1, NULL, 0);
	return true;
}

size_t
preview_row_of_line(struct preview *p, size_t line)
{
	size_t row = 0, found = 0;

	if (p->mode == PREVIEW_HEX)
		return 0;
	while (preview_has_row(p, row) && p->rows[row].line <= line) {
		if (!p->rows[row].continued)
			found = row;
		row++;
	}
	return found;
}
