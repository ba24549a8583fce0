/* RECORD against Python's csv module. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "archives.h"
#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/dist/record.h"
#include "temp.h"

static struct record
parsed(const char *text)
{
	struct record r = RECORD_EMPTY;

	record_parse(text, strlen(text), &r);
	return r;
}

Test(record, splits_rows_as_python_does, .fini = leak_gate)
{
	static const char *const texts[] = {
		"a,sha256=x,1\r\nb,,\r\n",
		"a,sha256=x,1\nb,,",
		"\"a,b\",sha256=x,1\n",
		"\"a\"\"b\",h=x,1\n",
		"\"a\nb\",h=x,1\nc,,\n",
		"a,h=x,1\r\rb,h=y,2\r",
		"\n\na,h=x,1\n\n",
		"a\"b\",h=x,1\n",
		"\"a\"b,h=x,1\n",
		",,\n",
		"\xc3\xbc/\xff,h=x,1\n",
		"a,\"h=x\",\"1\"\n",
	};
	static const char oracle[] =
	    "import csv\n"
	    "with open('RECORD', encoding='utf-8', errors='surrogateescape', newline='') as f:\n"
	    "    rows = [r for r in csv.reader(f) if r]\n"
	    "hexed = lambda s: s.encode('utf-8', 'surrogateescape').hex()\n"
	    "open('oracle', 'w').write(''.join('%s %s %s\\n' % tuple(hexed(x) for x in r) for r in "
	    "rows))\n";
	char *dir = temp_dir();

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct record r = parsed(texts[i]);
		struct str ours = STR_EMPTY;
		char *theirs;

		for (size_t j = 0; j < r.count; j++) {
			struct record_row *row = &r.rows[j];

			for (size_t k = 0; k < row->path.len; k++)
				str_printf(&ours, "%02x", (unsigned char)row->path.data[k]);
			str_putc(&ours, ' ');
			for (size_t k = 0; k < row->algorithm.len; k++)
				str_printf(&ours, "%02x", (unsigned char)row->algorithm.data[k]);
			if (row->algorithm.len > 0)
				str_puts(&ours, "3d");
			for (size_t k = 0; k < row->digest.len; k++)
				str_printf(&ours, "%02x", (unsigned char)row->digest.data[k]);
			str_putc(&ours, ' ');
			if (row->has_size)
				str_printf(&ours, "%02x", '0' + (int)row->size);
			str_putc(&ours, '\n');
		}
		temp_puts(dir, "RECORD", texts[i]);
		archives_python(dir, oracle, NULL);
		theirs = temp_read(dir, "oracle", NULL);
		cr_expect_str_eq(str_text(&ours), theirs, "row %zu", i);
		free(theirs);
		str_fini(&ours);
		record_fini(&r);
	}
	temp_remove(dir);
}

Test(record, notes_what_is_wrong_with_a_row, .fini = leak_gate)
{
	static const struct {
		const char *text;
		unsigned problems;
		size_t line;
	} row[] = {
		{ "a,sha256=x_-1,1", 0, 1 },
		{ "a,,", 0, 1 },
		{ "a,b", RECORD_FIELDS | RECORD_BAD_HASH, 1 },
		{ "a", RECORD_FIELDS, 1 },
		{ "a,h=x,1,more,\"and more\"", RECORD_FIELDS, 1 },
		{ "\n\na,h=x=,1", RECORD_BAD_HASH, 3 },
		{ "a,=x,1", RECORD_BAD_HASH, 1 },
		{ "a,h=,1", RECORD_BAD_HASH, 1 },
		{ "a,h=x,-1", RECORD_BAD_SIZE, 1 },
		{ "a,h=x,1e9", RECORD_BAD_SIZE, 1 },
		{ "a,h=x,99999999999999999999", RECORD_BAD_SIZE, 1 },
		{ ",h=x,1", RECORD_NO_PATH, 1 },
		{ "\"a,h=x,1", RECORD_FIELDS | RECORD_OPEN_QUOTE, 1 },
		{ "\xff,h=x,1", RECORD_BAD_UTF8, 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct record r = parsed(row[i].text);

		cr_assert_eq(r.count, 1, "%s", row[i].text);
		cr_expect_eq(
		    r.rows[0].problems, row[i].problems, "%s: %u", row[i].text, r.rows[0].problems);
		cr_expect_eq(r.rows[0].line, row[i].line, "%s", row[i].text);
		record_fini(&r);
	}
}
