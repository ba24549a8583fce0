/* The pass over all bytes of a document: where its rows begin, and what must not be shown as it is.
 */
#include <stdlib.h>
#include <string.h>

#include "browser_doc.h"
#include "browser_rowcut.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/utf8.h"

#define MARK_BYTES 16384
#define LOOK_BYTES 8192 /* in which text is told from binary */

/* --- rows --- */

static bool
cut_bytes(const char *data, size_t len, bool last, struct rowcut *out)
{
	size_t look = len < DOC_ROW_BYTES ? len : DOC_ROW_BYTES;
	const char *end = look > 0 ? memchr(data, '\n', look) : NULL;

	if (end != NULL) {
		*out = (struct rowcut) { .len = (size_t)(end - data), .eol = 1 };
		return true;
	}
	/* In front of the last character that begins near the bound. */
	if (len >= DOC_ROW_BYTES) {
		size_t at = DOC_ROW_BYTES;

		/* A line end right behind belongs to this row. */
		if (len > at && data[at] == '\n') {
			*out = (struct rowcut) { .len = at, .eol = 1 };
			return true;
		}
		if (len == at && !last)
			return false;
		while (len > at && at > DOC_ROW_BYTES - 4 &&
		       ((unsigned char)data[at] & 0xc0) == 0x80)
			at--;
		*out = (struct rowcut) { .len = at };
		return true;
	}
	*out = (struct rowcut) { .len = len };
	return last;
}

static bool
cut_utf16(const char *data, size_t len, bool big, bool last, struct rowcut *out)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2) {
		unsigned char high = (unsigned char)data[i + !big],
			      low = (unsigned char)data[i + big];

		if (high == 0 && low == '\n') {
			*out = (struct rowcut) { .len = i, .eol = 2 };
			return true;
		}
		if (i >= DOC_ROW_BYTES - 4 && (high & 0xfc) != 0xdc) {
			*out = (struct rowcut) { .len = i };
			return true;
		}
		if (i >= DOC_ROW_BYTES - 2) {
			*out = (struct rowcut) { .len = i };
			return true;
		}
	}
	*out = (struct rowcut) { .len = len };
	return last;
}

bool
rowcut(enum doc_encoding encoding, const char *data, size_t len, bool last, struct rowcut *out)
{
	if (encoding == DOC_BYTES)
		return cut_bytes(data, len, last, out);
	return cut_utf16(data, len, encoding == DOC_UTF16_BIG, last, out);
}

/* --- what it is --- */

static bool
is_binary(const char *s, size_t len)
{
	size_t look = len < LOOK_BYTES ? len : LOOK_BYTES, controls = 0;

	for (size_t i = 0; i < look; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == 0)
			return true;
		controls += (c < 0x20 && strchr("\t\n\r\f", c) == NULL) || c == 0x7f;
	}
	return controls * 100 > look * 30;
}

/* A byte order mark, or, in ten characters and more, a zero in every second byte and in no other.
 */
static enum doc_encoding
encoding_of(const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t look = len < 512 ? len & ~(size_t)1 : 512, even = 0, odd = 0;

	if (len >= 2 && p[0] == 0xff && p[1] == 0xfe)
		return DOC_UTF16_LITTLE;
	if (len >= 2 && p[0] == 0xfe && p[1] == 0xff)
		return DOC_UTF16_BIG;
	for (size_t i = 0; i < look; i += 2) {
		even += p[i] == 0;
		odd += p[i + 1] == 0;
	}
	if (look < 20 || even + odd < look * 2 / 5 || (even > 0 && odd > 0))
		return DOC_BYTES;
	return even > 0 ? DOC_UTF16_BIG : DOC_UTF16_LITTLE;
}

/* --- what is spelled out --- */

static bool
is_surrogate(unsigned int unit)
{
	return unit >= 0xd800 && unit < 0xe000;
}

static bool
is_plain(unsigned char c)
{
	return (c >= 0x20 && c < 0x7f) || c == '\t';
}

static void
count_utf16(struct doc_index *x, const char *s, size_t len, bool ends_line)
{
	bool big = x->encoding == DOC_UTF16_BIG;

	for (size_t i = 0; i + 1 < len; i += 2) {
		unsigned int cp = (unsigned char)s[i + !big] << 8 | (unsigned char)s[i + big];

		if (is_surrogate(cp) || cp == '\t' || (cp == 0xfeff && x->next.offset + i == 0))
			continue;
		if (cp == '\r' && ends_line && i + 3 >= len) {
			x->crlf++;
		} else if (sanitise_is_unsafe(cp)) {
			x->controls += cp < 0xa0;
			x->invisible += cp >= 0xa0;
		}
	}
}

static void
count_bytes(struct doc_index *x, const char *s, size_t len, bool ends_line)
{
	size_t step;

	for (size_t i = 0; i < len; i += step) {
		uint32_t cp = 0;

		step = 1;
		if (is_plain((unsigned char)s[i]))
			continue;
		if (s[i] == '\r' && ends_line && i + 1 == len) {
			x->crlf++;
			continue;
		}
		step = utf8_decode(s + i, len - i, &cp);
		if (step == 0) {
			step = 1;
			x->invalid++;
		} else if (sanitise_is_unsafe(cp)) {
			x->controls += cp < 0xa0;
			x->invisible += cp >= 0xa0;
		}
	}
}

/* --- the pass --- */

static void
add_row(struct doc_index *x, const struct rowcut *cut)
{
	const struct doc_mark *last = x->count > 0 ? &x->marks[x->count - 1] : NULL;

	if (last == NULL || x->next.offset - last->offset >= MARK_BYTES) {
		x->marks = mem_grow(x->marks, &x->cap, x->count + 1, sizeof x->marks[0]);
		x->marks[x->count++] = x->next;
	}
	x->next.offset += cut->len + cut->eol;
	x->next.row++;
	x->next.continued = cut->eol == 0;
	x->next.line += cut->eol > 0;
	x->rows = x->next.row;
}

static void
take_rows(struct doc_index *x, bool last)
{
	const char *p = str_text(&x->rest);
	size_t left = x->rest.len;
	struct rowcut cut;

	while (left > 0 && rowcut(x->encoding, p, left, last, &cut)) {
		if (x->encoding == DOC_BYTES)
			count_bytes(x, p, cut.len, cut.eol > 0);
		else
			count_utf16(x, p, cut.len, cut.eol > 0);
		add_row(x, &cut);
		p += cut.len + cut.eol;
		left -= cut.len + cut.eol;
	}
	str_splice(&x->rest, 0, x->rest.len - left, NULL, 0);
}

static void
begin(struct doc_index *x)
{
	x->begun = true;
	x->encoding = encoding_of(str_text(&x->rest), x->rest.len);
	x->binary = x->encoding == DOC_BYTES && is_binary(str_text(&x->rest), x->rest.len);
	x->next = (struct doc_mark) { .line = 1 };
}

void
doc_index_feed(struct doc_index *x, const void *data, size_t len, bool last)
{
	const char *p = data;

	if (len > 0)
		x->size += len;
	do {
		size_t part = len < DOC_BLOCK ? len : DOC_BLOCK;

		if (part > 0)
			str_append(&x->rest, p, part);
		p = part > 0 ? p + part : p;
		len -= part;
		if (!x->begun && (x->rest.len >= LOOK_BYTES || (last && len == 0)))
			begin(x);
		if (x->begun)
			take_rows(x, last && len == 0);
	} while (len > 0);
	x->complete = last;
	if (last)
		str_fini(&x->rest);
}

void
doc_index_fini(struct doc_index *x)
{
	free(x->marks);
	str_fini(&x->rest);
	memset(x, 0, sizeof *x);
}
