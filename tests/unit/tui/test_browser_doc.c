/* Documents: rows by an index that a stream makes, in blocks that come and go. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "browser_doc.h"
#include "browser_rowcut.h"
#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"

/* DATA fed in pieces of STEP bytes; all blocks are there. */
static void
load(struct doc *d, const char *data, size_t len, size_t step)
{
	for (size_t at = 0; at < len; at += step)
		doc_index_feed(&d->index, data + at, len - at < step ? len - at : step, false);
	doc_index_feed(&d->index, NULL, 0, true);
	for (size_t at = 0; at < len && at / DOC_BLOCK < DOC_BLOCKS; at += DOC_BLOCK) {
		struct str block = STR_EMPTY;

		str_append(&block, data + at, len - at < DOC_BLOCK ? len - at : DOC_BLOCK);
		doc_take_block(d, at, &block);
	}
}

static char *
rows(struct doc *d, enum doc_view view)
{
	struct str out = STR_EMPTY;

	for (size_t i = 0; i < doc_rows(d, view); i++) {
		struct str row = STR_EMPTY;
		struct doc_line at;

		cr_assert(doc_row(d, view, i, &row, &at));
		str_printf(
		    &out, "%zu:%.60s%s\n", at.line, str_text(&row), row.len > 60 ? ".." : "");
		str_fini(&row);
	}
	return str_take(&out);
}

static const char tabs[] = "one\r\ntwo\tx \n\nfour";
static const char escapes[] = "a\x1b]52;c;x\x07"
			      "b\nc\xff" "d\xe2\x80\xae" "e";
static const char little[] = "\xff\xfeh\0\xef\0\n\0\x3d\xd8\x00\xde\n\0";
static const char big[] = "\0h\0e\0l\0l\0o\0,\0 \0w\0o\0r\0l\0d\0\n\0x";
static const char zeros[] = "\x7f" "ELF\0\1\2\3abcdefghijk";

Test(browser_doc, rows_and_what_was_hidden, .fini = leak_gate)
{
	static const struct {
		const char *data;
		size_t len;
		enum doc_view view;
		const char *rows, *note;
	} row[] = {
		{ tabs, sizeof tabs - 1, DOC_AUTO, "1:one\n2:two\tx \n3:\n4:four\n",
		    "CRLF ends 1 line" },
		{ tabs, sizeof tabs - 1, DOC_ESCAPED,
		    "1:one\\r\n2:two\\tx\\x20\n3:\n4:four\n", "CRLF ends 1 line" },
		{ escapes, sizeof escapes - 1, DOC_ESCAPED,
		    "1:a\\x1b]52;c;x\\x07b\n2:c\\xffd<U+202E>e\n",
		    "escaped 2 control characters; escaped 1 invisible character; "
		    "escaped 1 invalid byte" },
		{ little, sizeof little - 1, DOC_AUTO, "1:h\xc3\xaf\n2:\xf0\x9f\x98\x80\n",
		    "decoded from UTF-16" },
		{ big, sizeof big - 1, DOC_AUTO, "1:hello, world\n2:x\n",
		    "decoded from UTF-16 (big endian)" },
		{ zeros, sizeof zeros - 1, DOC_AUTO,
		    "0:7f 45 4c 46 00 01 02 03  61 62 63 64 65 66 67 68 |.ELF....ab..\n"
		    "0:69 6a 6b                                         |ijk|\n",
		    "" },
		{ "", 0, DOC_AUTO, "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		static const size_t steps[] = { 1, 7, 100000 };

		for (size_t k = 0; k < ARRAY_LEN(steps); k++) {
			struct doc d = { .wants = false };
			struct str note = STR_EMPTY;
			char *got;

			load(&d, row[i].data, row[i].len, steps[k]);
			got = rows(&d, row[i].view);
			cr_expect_str_eq(got, row[i].rows, "row %zu: %s", i, got);
			doc_note(&d, row[i].view, &note);
			cr_expect_str_eq(
			    str_text(&note), row[i].note, "row %zu: %s", i, str_text(&note));
			free(got);
			str_fini(&note);
			doc_fini(&d);
		}
	}
}

/* Short lines, long ones, characters of several bytes on every bound: by whatever pieces the bytes
 * come, all rows together are the text again, none is too long, and none splits a character. */
Test(browser_doc, rows_are_the_text_again, .fini = leak_gate)
{
	static const size_t steps[] = { 997, 65536, 1 << 20 };
	struct str text = STR_EMPTY;

	for (size_t i = 0; i < 40; i++) {
		for (size_t k = 0; k < i * 131; k++)
			str_puts(&text, k % 3 == 0 ? "\xe2\x82\xac" : "x");
		str_puts(&text, "\n");
	}
	for (size_t i = 0; i < 200000; i++)
		str_puts(&text, "\xc3\xbc");
	for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
		struct doc d = { .wants = false };
		struct str again = STR_EMPTY;
		size_t line = 1;

		load(&d, text.data, text.len, steps[s]);
		for (size_t i = 0; i < doc_rows(&d, DOC_TEXT); i++) {
			size_t before = again.len;
			struct doc_line at;

			cr_assert(doc_row(&d, DOC_TEXT, i, &again, &at));
			cr_assert_leq(again.len - before, DOC_ROW_BYTES);
			cr_assert((again.data[before] & 0xc0) != 0x80 || again.len == before);
			if (again.len < text.len && text.data[again.len] == '\n')
				str_putc(&again, '\n');
			if (at.line > 0)
				cr_assert_eq(at.line, line++);
		}
		cr_assert_eq(again.len, text.len);
		cr_assert(memcmp(again.data, text.data, text.len) == 0, "step %zu", steps[s]);
		cr_assert_eq(line, 42);
		str_fini(&again);
		doc_fini(&d);
	}
	str_fini(&text);
}

Test(browser_doc, lines_and_offsets_are_found, .fini = leak_gate)
{
	struct doc d = { .wants = false };
	struct str text = STR_EMPTY, out = STR_EMPTY;
	struct doc_line at;
	size_t row;

	for (int i = 1; i <= 50000; i++)
		str_printf(&text, "line %d%s\n", i, i % 1000 == 0 ? " *" : "");
	load(&d, text.data, text.len, 65536);
	for (size_t line = 1; line <= 50000; line += 4999) {
		cr_assert(doc_row_of_line(&d, DOC_TEXT, line, &row));
		cr_assert_eq(row, line - 1);
	}
	cr_assert(doc_row_of_line(&d, DOC_TEXT, 1000000, &row));
	cr_expect_eq(row, 49999, "the last one: %zu", row);
	cr_assert(doc_row_of_offset(&d, DOC_TEXT, (uint64_t)(strstr(text.data, "line 777\n") + 3 -
							     text.data), &row));
	cr_expect_eq(row, 776, "%zu", row);
	/* Backwards and forwards again. */
	for (size_t i = 0; i < 300; i++) {
		size_t wanted = i * 7919 % 50000;
		char expected[32];

		str_clear(&out);
		snprintf(expected, sizeof expected, "line %zu%s", wanted + 1,
		    (wanted + 1) % 1000 == 0 ? " *" : "");
		cr_assert(doc_row(&d, DOC_TEXT, wanted, &out, &at));
		cr_assert_str_eq(str_text(&out), expected);
		cr_assert_eq(at.line, wanted + 1);
	}
	str_fini(&out);
	str_fini(&text);
	doc_fini(&d);
}

/* Only a few blocks are kept; the others are asked for. */
Test(browser_doc, asks_for_what_is_not_here, .fini = leak_gate)
{
	const size_t size = DOC_BLOCK * (DOC_BLOCKS + 4);
	char *data = mem_alloc(size);
	struct doc d = { .wants = false };
	struct str row = STR_EMPTY, block = STR_EMPTY;
	struct doc_line at;
	size_t last;

	memset(data, 'x', size);
	memcpy(data + size - 6, "\nlast\n", 6);
	load(&d, data, size, 65536);
	last = doc_rows(&d, DOC_TEXT) - 1;
	cr_assert_not(doc_row(&d, DOC_TEXT, last, &row, &at));
	cr_assert(d.wants);
	cr_assert_eq(d.wanted_offset % DOC_BLOCK, 0);
	for (int i = 0; i < 3 && d.wants; i++) {
		str_append(&block, data + d.wanted_offset, DOC_BLOCK);
		doc_take_block(&d, d.wanted_offset, &block);
		str_clear(&row);
		if (doc_row(&d, DOC_TEXT, last, &row, &at))
			break;
	}
	cr_expect_str_eq(str_text(&row), "last");
	cr_expect_eq(at.line, 2);
	str_clear(&row);
	cr_assert_not(doc_row(&d, DOC_TEXT, 0, &row, &at), "the oldest one went");
	cr_expect_eq(d.wanted_offset, 0);
	str_fini(&row);
	doc_fini(&d);
	free(data);
}

Test(browser_doc, searches_in_the_encoding_of_the_text, .fini = leak_gate)
{
	static const struct {
		enum doc_encoding encoding;
		const char *needle, *data;
		size_t len, at;
	} row[] = {
		{ DOC_BYTES, "hello", "say HELLO hello", 15, 4 },
		{ DOC_BYTES, "Hello", "say HELLO hello", 15, 15 },
		{ DOC_BYTES, "", "abc", 3, 3 },
		{ DOC_BYTES, "abcd", "abc", 3, 3 },
		{ DOC_UTF16_LITTLE, "hi", "x\0H\0i\0", 6, 2 },
		{ DOC_UTF16_BIG, "hi", "\0x\0H\0i", 6, 2 },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct doc_needle n;

		doc_needle_init(&n, row[i].encoding, row[i].needle);
		cr_expect_eq(doc_needle_find(&n, row[i].data, row[i].len, 0), row[i].at,
		    "row %zu", i);
		doc_needle_fini(&n);
	}
}
