/* libFuzzer: a document of a browser. The first byte says in which pieces the rest comes; however
 * that is, all rows are found again, and what is shown escaped holds nothing that acts. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "browser_doc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect_rows(struct doc *d, enum doc_view view)
{
	size_t rows = doc_rows(d, view), line = 0;

	for (size_t i = 0; i < rows; i++) {
		struct str row = STR_EMPTY;
		struct doc_line at;

		if (!doc_row(d, view, i, &row, &at) || (at.line > 0 && at.line != ++line))
			abort();
		for (size_t k = 0; view != DOC_TEXT && k < row.len; k++)
			if ((unsigned char)row.data[k] < 0x20 || row.data[k] == 0x7f)
				abort();
		str_fini(&row);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct doc d = { .wants = false };
	struct str block = STR_EMPTY, note = STR_EMPTY;
	size_t step = size > 0 ? (size_t)data[0] * 16 + 1 : 1, row;

	if (size == 0 || size > DOC_BLOCK)
		return 0;
	data++;
	size--;
	for (size_t at = 0; at < size; at += step)
		doc_index_feed(&d.index, data + at, size - at < step ? size - at : step, false);
	doc_index_feed(&d.index, NULL, 0, true);
	str_append(&block, data, size);
	doc_take_block(&d, 0, &block);
	expect_rows(&d, DOC_TEXT);
	expect_rows(&d, DOC_ESCAPED);
	expect_rows(&d, DOC_HEX);
	if (!doc_row_of_line(&d, DOC_TEXT, size / 3, &row) ||
	    !doc_row_of_offset(&d, DOC_TEXT, size / 2, &row))
		abort();
	doc_note(&d, DOC_AUTO, &note);
	str_fini(&note);
	str_fini(&block);
	doc_fini(&d);
	return 0;
}
