/* Blocks of a document and the way from a row to its bytes. */
#include "browser_doc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "browser_rowcut.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/utf8.h"

void
doc_fini(struct doc *d)
{
	doc_index_fini(&d->index);
	for (size_t i = 0; i < DOC_BLOCKS; i++)
		str_fini(&d->blocks[i].data);
	memset(d, 0, sizeof *d);
}

void
doc_rest(struct doc *d)
{
	for (size_t i = 0; i < DOC_BLOCKS; i++)
		str_fini(&d->blocks[i].data);
	d->wants = false;
}

/* --- blocks --- */

static struct doc_block *
block_at(struct doc *d, uint64_t start)
{
	for (size_t i = 0; i < DOC_BLOCKS; i++)
		if (d->blocks[i].data.len > 0 && d->blocks[i].start == start)
			return &d->blocks[i];
	return NULL;
}

/* The one for START: the same, an empty one, or the one that was not used for longest. */
static struct doc_block *
block_for(struct doc *d, uint64_t start)
{
	struct doc_block *found = block_at(d, start);

	for (size_t i = 0; found == NULL && i < DOC_BLOCKS; i++)
		if (d->blocks[i].data.len == 0)
			found = &d->blocks[i];
	if (found != NULL)
		return found;
	found = &d->blocks[0];
	for (size_t i = 1; i < DOC_BLOCKS; i++)
		if (d->blocks[i].used < found->used)
			found = &d->blocks[i];
	return found;
}

void
doc_take_block(struct doc *d, uint64_t start, struct str *data)
{
	struct doc_block *to = block_for(d, start);

	str_fini(&to->data);
	*to = (struct doc_block) { .start = start, .data = *data, .used = ++d->clock };
	*data = (struct str)STR_EMPTY;
	if (d->wants && d->wanted_offset == start)
		d->wants = false;
}

/* LEN bytes at OFFSET, or as many as there are, into TO; false when some are not here. */
static bool
fetch(struct doc *d, uint64_t offset, size_t len, struct str *to)
{
	str_clear(to);
	if (offset >= d->index.size)
		return true;
	if (len > d->index.size - offset)
		len = (size_t)(d->index.size - offset);
	while (len > 0) {
		uint64_t start = offset / DOC_BLOCK * DOC_BLOCK;
		struct doc_block *b = block_at(d, start);
		size_t skip = (size_t)(offset - start), part;

		if (b == NULL || b->data.len <= skip) {
			d->wants = true;
			d->wanted_offset = start;
			return false;
		}
		b->used = ++d->clock;
		part = b->data.len - skip < len ? b->data.len - skip : len;
		str_append(to, b->data.data + skip, part);
		offset += part;
		len -= part;
	}
	return true;
}

/* --- rows --- */

enum doc_view
doc_view_of(const struct doc *d, enum doc_view view)
{
	if (view != DOC_AUTO)
		return view;
	return d->index.binary ? DOC_HEX : DOC_TEXT;
}

size_t
doc_rows(const struct doc *d, enum doc_view view)
{
	if (doc_view_of(d, view) == DOC_HEX)
		return (size_t)((d->index.size + DOC_HEX_BYTES - 1) / DOC_HEX_BYTES);
	return d->index.rows;
}

/* The last mark for which KEY (of it) is at most WANTED. */
static const struct doc_mark *
mark_before(const struct doc *d, uint64_t (*key)(const struct doc_mark *), uint64_t wanted)
{
	size_t low = 0, high = d->index.count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (key(&d->index.marks[middle]) <= wanted)
			low = middle;
		else
			high = middle;
	}
	return &d->index.marks[low];
}

static uint64_t
row_key(const struct doc_mark *m)
{
	return m->row;
}

static uint64_t
line_key(const struct doc_mark *m)
{
	/* A line that began before this mark is found from the mark before. */
	return m->line + m->continued;
}

static uint64_t
offset_key(const struct doc_mark *m)
{
	return m->offset;
}

struct cut_row {
	struct rowcut cut;
	struct str bytes;
};

/* Cuts the row at *AT out of the document. */
static bool
cut_at(struct doc *d, const struct doc_mark *at, struct cut_row *out)
{
	if (!fetch(d, at->offset, ROWCUT_MAX, &out->bytes))
		return false;
	rowcut(d->index.encoding, out->bytes.data, out->bytes.len, true, &out->cut);
	return true;
}

static void
step(struct doc_mark *at, const struct rowcut *cut)
{
	at->offset += cut->len + cut->eol;
	at->row++;
	at->continued = cut->eol == 0;
	at->line += cut->eol > 0;
}

/* Brings d->at to ROW and cuts it out. */
static bool
seek_row(struct doc *d, size_t row, struct cut_row *cut)
{
	const struct doc_mark *mark;

	if (d->index.count == 0 || row >= d->index.rows)
		return false;
	mark = mark_before(d, row_key, row);
	if (d->at.line == 0 || d->at.row > row || d->at.row < mark->row)
		d->at = *mark;
	while (d->at.row < row) {
		if (!cut_at(d, &d->at, cut))
			return false;
		step(&d->at, &cut->cut);
	}
	return cut_at(d, &d->at, cut);
}

bool
doc_row_of_line(struct doc *d, enum doc_view view, size_t line, size_t *row)
{
	struct cut_row cut = { .bytes = STR_EMPTY };
	struct doc_mark at;
	bool here = true;

	*row = 0;
	if (d->index.count == 0)
		return true;
	at = *mark_before(d, line_key, line);
	while (here && (at.line < line || at.continued) && at.row + 1 < d->index.rows) {
		here = cut_at(d, &at, &cut);
		if (here)
			step(&at, &cut.cut);
	}
	*row = doc_view_of(d, view) == DOC_HEX ? (size_t)(at.offset / DOC_HEX_BYTES) : at.row;
	str_fini(&cut.bytes);
	return here;
}

bool
doc_row_of_offset(struct doc *d, enum doc_view view, uint64_t offset, size_t *row)
{
	struct cut_row cut = { .bytes = STR_EMPTY };
	struct doc_mark at, next;
	bool here = true;

	*row = (size_t)(offset / DOC_HEX_BYTES);
	if (doc_view_of(d, view) == DOC_HEX)
		return true;
	*row = 0;
	if (d->index.count == 0)
		return true;
	next = at = *mark_before(d, offset_key, offset);
	while (here && next.offset <= offset && next.row < d->index.rows) {
		at = next;
		here = cut_at(d, &at, &cut);
		if (here)
			step(&next, &cut.cut);
	}
	*row = at.row;
	str_fini(&cut.bytes);
	return here;
}

/* --- what a row looks like --- */

static bool
hex_row(struct doc *d, size_t row, struct str *out)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t offset = (uint64_t)row * DOC_HEX_BYTES;
	struct str bytes = STR_EMPTY;
	char text[DOC_HEX_BYTES * 3 + 4 + DOC_HEX_BYTES + 2];
	size_t n = 0;
	bool here = fetch(d, offset, DOC_HEX_BYTES, &bytes);

	for (size_t i = 0; here && i < DOC_HEX_BYTES; i++) {
		unsigned char c = i < bytes.len ? (unsigned char)bytes.data[i] : 0;

		if (i == 8)
			text[n++] = ' ';
		text[n++] = i < bytes.len ? digits[c >> 4] : ' ';
		text[n++] = i < bytes.len ? digits[c & 15] : ' ';
		text[n++] = ' ';
	}
	text[n++] = '|';
	for (size_t i = 0; here && i < bytes.len && i < DOC_HEX_BYTES; i++)
		text[n++] =
		    bytes.data[i] >= 0x20 && bytes.data[i] < 0x7f ? bytes.data[i] : '.';
	text[n++] = '|';
	if (here)
		str_append(out, text, n);
	str_fini(&bytes);
	return here;
}

static uint32_t
unit(const char *p, bool big)
{
	const unsigned char *u = (const unsigned char *)p;

	return big ? (uint32_t)u[0] << 8 | u[1] : (uint32_t)u[1] << 8 | u[0];
}

static void
put_utf16(const char *p, size_t len, bool big, struct str *out)
{
	for (size_t i = 0; i + 1 < len; i += 2) {
		uint32_t cp = unit(p + i, big);
		char bytes[4];

		if (cp >= 0xd800 && cp < 0xdc00 && i + 3 < len) {
			uint32_t low = unit(p + i + 2, big);

			if (low >= 0xdc00 && low < 0xe000) {
				cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
				i += 2;
			}
		}
		if (cp >= 0xd800 && cp < 0xe000)
			cp = 0xfffd;
		str_append(out, bytes, utf8_encode(cp, bytes));
	}
}

/* Everything but printable ASCII spelled out, blanks at the end too: what looks alike does no more.
 */
static void
put_escaped(const char *p, size_t len, struct str *out)
{
	size_t end = len, step;

	while (end > 0 && p[end - 1] == ' ')
		end--;
	for (size_t i = 0; i < len; i += step) {
		uint32_t cp = 0;

		step = utf8_decode(p + i, len - i, &cp);
		if (step == 0 || cp < 0x80) {
			step = 1;
			if (i >= end && p[i] == ' ')
				str_puts(out, "\\x20");
			else
				sanitise(p + i, 1, out);
		} else {
			str_printf(out, "<U+%04X>", (unsigned int)cp);
		}
	}
}

bool
doc_row(struct doc *d, enum doc_view view, size_t row, struct str *out, struct doc_line *at)
{
	struct cut_row cut = { .bytes = STR_EMPTY };
	struct str utf8 = STR_EMPTY;
	bool here;

	*at = (struct doc_line) { .offset = (uint64_t)row * DOC_HEX_BYTES };
	view = doc_view_of(d, view);
	if (view == DOC_HEX)
		return hex_row(d, row, out);
	here = seek_row(d, row, &cut);
	if (here) {
		const char *p = str_text(&cut.bytes);
		size_t len = cut.cut.len;
		bool wide = d->index.encoding != DOC_BYTES;

		*at = (struct doc_line) { .line = d->at.continued ? 0 : d->at.line,
			.offset = d->at.offset };
		if (wide) {
			put_utf16(p, len, d->index.encoding == DOC_UTF16_BIG, &utf8);
			p = str_text(&utf8);
			len = utf8.len;
			if (d->at.offset == 0 && len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
				p += 3;
				len -= 3;
			}
		}
		/* The CR of a CRLF is said in the note; escaped, it is shown. */
		if (view == DOC_TEXT && cut.cut.eol > 0 && len > 0 && p[len - 1] == '\r')
			len--;
		if (view == DOC_TEXT)
			str_append(out, p, len);
		else
			put_escaped(p, len, out);
	}
	str_fini(&utf8);
	str_fini(&cut.bytes);
	return here;
}

/* --- what was hidden --- */

static void
note(struct str *out, const char *text)
{
	str_printf(out, "%s%s", out->len > 0 ? "; " : "", text);
}

static void
note_count(struct str *out, const char *what, size_t count, const char *unit_name)
{
	str_printf(out, "%s%s%zu %s%s", out->len > 0 ? "; " : "", what, count, unit_name,
	    count == 1 ? "" : "s");
}

void
doc_note(const struct doc *d, enum doc_view view, struct str *out)
{
	const struct doc_index *x = &d->index;

	view = doc_view_of(d, view);
	if (view == DOC_HEX)
		return;
	if (x->encoding != DOC_BYTES)
		note(out,
		    x->encoding == DOC_UTF16_BIG ? "decoded from UTF-16 (big endian)"
						 : "decoded from UTF-16");
	if (x->controls > 0)
		note_count(out, "escaped ", x->controls, "control character");
	if (x->invisible > 0)
		note_count(out, "escaped ", x->invisible, "invisible character");
	if (x->invalid > 0)
		note_count(out, "escaped ", x->invalid, "invalid byte");
	if (x->crlf > 0)
		note_count(out, "CRLF ends ", x->crlf, "line");
}

/* --- search --- */

void
doc_needle_init(struct doc_needle *n, enum doc_encoding encoding, const char *text)
{
	*n = (struct doc_needle) { .bytes = STR_EMPTY };
	for (const char *c = text; *c != '\0'; c++) {
		n->exact |= isupper((unsigned char)*c) != 0;
		if (encoding == DOC_UTF16_BIG)
			str_putc(&n->bytes, '\0');
		str_putc(&n->bytes, *c);
		if (encoding == DOC_UTF16_LITTLE)
			str_putc(&n->bytes, '\0');
	}
}

void
doc_needle_fini(struct doc_needle *n)
{
	str_fini(&n->bytes);
}

/* Of the content only capitals are made small: a needle without any is small already. */
static bool
equal_at(const struct doc_needle *n, const char *p)
{
	for (size_t i = 0; i < n->bytes.len; i++) {
		unsigned char a = (unsigned char)n->bytes.data[i], b = (unsigned char)p[i];

		if (a != b && (n->exact || tolower(b) != a))
			return false;
	}
	return true;
}

size_t
doc_needle_find(const struct doc_needle *n, const char *data, size_t len, size_t from)
{
	size_t wanted = n->bytes.len;

	if (wanted == 0 || len < wanted)
		return len;
	for (size_t i = from; i + wanted <= len; i++) {
		unsigned char c = (unsigned char)data[i], first = (unsigned char)n->bytes.data[0];

		if ((c == first || (!n->exact && tolower(c) == first)) && equal_at(n, data + i))
			return i;
	}
	return len;
}
