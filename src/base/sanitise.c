/* Spells out what a terminal, a log reader or a reviewer could be fooled by. Must not know where it
 * goes. */
#include "slipway/base/sanitise.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "slipway/base/compiler.h"
#include "slipway/base/utf8.h"

/* Invisible or reordering characters: they change what a reader believes to have read. */
static const struct {
	uint32_t first, last;
} hidden[] = {
	{ 0x00ad, 0x00ad },
	{ 0x034f, 0x034f },
	{ 0x061c, 0x061c },
	{ 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 },
	{ 0x180b, 0x180f },
	{ 0x200b, 0x200f },
	{ 0x2028, 0x202e },
	{ 0x2060, 0x206f },
	{ 0x3164, 0x3164 },
	{ 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 },
	{ 0xfff0, 0xfffb },
	{ 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff },
};

bool
sanitise_is_unsafe(unsigned int cp)
{
	if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
		return true;
	if (cp < 0xad)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
		if (cp >= hidden[i].first && cp <= hidden[i].last)
			return true;
	return (cp >= 0xe000 && cp <= 0xf8ff) || (cp & 0xfffe) == 0xfffe || cp >= 0xf0000;
}

/* Spells the character at TEXT into OUT (room for 16); returns the bytes used, *LEN_OUT those
 * written. */
static size_t
spell(const char *text, size_t len, char out[16], size_t *len_out)
{
	uint32_t cp = 0;
	size_t used = utf8_decode(text, len, &cp);
	int n;

	if (used > 0 && !sanitise_is_unsafe(cp)) {
		memcpy(out, text, used);
		*len_out = used;
		return used;
	}
	if (used == 0)
		n = snprintf(out, 16, "\\x%02x", (unsigned char)text[0]);
	else if (cp == '\n')
		n = snprintf(out, 16, "\\n");
	else if (cp == '\t')
		n = snprintf(out, 16, "\\t");
	else if (cp == '\r')
		n = snprintf(out, 16, "\\r");
	else if (cp < 0x80)
		n = snprintf(out, 16, "\\x%02x", (unsigned int)cp);
	else
		n = snprintf(out, 16, "<U+%04X>", (unsigned int)cp);
	*len_out = (size_t)n;
	return used > 0 ? used : 1;
}

void
sanitise(const char *text, size_t len, struct str *out)
{
	for (size_t pos = 0; pos < len;) {
		char piece[16];
		size_t piece_len;

		pos += spell(text + pos, len - pos, piece, &piece_len);
		str_append(out, piece, piece_len);
	}
}

void
sanitise_text(const char *text, size_t len, struct str *out)
{
	size_t column = 0;

	for (size_t pos = 0; pos < len;) {
		char piece[16];
		size_t piece_len;

		if (text[pos] == '\n' ||
		    (text[pos] == '\r' && pos + 1 < len && text[pos + 1] == '\n')) {
			pos += text[pos] == '\n' ? 1 : 2;
			str_putc(out, '\n');
			column = 0;
		} else if (text[pos] == '\t') {
			size_t spaces = 8 - column % 8;

			str_append(out, "        ", spaces);
			column += spaces;
			pos++;
		} else {
			pos += spell(text + pos, len - pos, piece, &piece_len);
			str_append(out, piece, piece_len);
			column += utf8_width(piece, piece_len);
		}
	}
}

void
sanitise_line(const char *text, size_t len, char *out, size_t size)
{
	static const char ellipsis[] = "\xe2\x80\xa6";
	size_t used = 0, cut = 0;

	for (size_t pos = 0; pos < len;) {
		char piece[16];
		size_t piece_len;

		pos += spell(text + pos, len - pos, piece, &piece_len);
		if (used + piece_len + 1 > size) {
			used = cut;
			if (used + sizeof ellipsis <= size) {
				memcpy(out + used, ellipsis, sizeof ellipsis - 1);
				used += sizeof ellipsis - 1;
			}
			break;
		}
		memcpy(out + used, piece, piece_len);
		used += piece_len;
		if (used + sizeof ellipsis <= size)
			cut = used;
	}
	out[used] = '\0';
}
