/* Previews of text, long lines, UTF-16, binaries and things that want to act on a terminal. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "archives.h"
#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/dist/preview.h"
#include "temp.h"

static const char script[] =
    "import zipfile\n"
    "m = {'text': b'one\\r\\ntwo\\tx\\n\\nfour', 'esc': "
    "b'a\\x1b]52;c;x\\x07b\\nc\\xffd\\xe2\\x80\\xaee',\n"
    "     'long': b'x' * 4500 + b'\\nend\\n', 'wide': b'a' * 1999 + '\\u00fc'.encode() + b'z',\n"
    "     'utf16': 'h\\u00efa\\U0001f600\\nb'.encode('utf-16'), 'utf16be': 'hello, "
    "world'.encode('utf-16-be'),\n"
    "     'binary': bytes(range(40)), 'controls': b'\\x01\\x02ab', 'empty': b'', 'big': b'line\\n' "
    "* 60000}\n"
    "with zipfile.ZipFile('p.whl', 'w', zipfile.ZIP_DEFLATED) as z:\n"
    "    [z.writestr(n, d) for n, d in m.items()]\n";

static struct preview
loaded(struct archive *a, const char *name, enum preview_mode mode)
{
	struct preview p = PREVIEW_EMPTY;
	size_t index = archive_find(a, name, strlen(name));

	cr_assert_neq(index, FINDING_NO_MEMBER, "%s", name);
	cr_assert_eq(preview_load(a, index, mode, 0, &p, NULL), ERR_OK);
	return p;
}

/* Rows with their line numbers, the first 40 bytes of each. */
static char *
drawn(struct preview *p, size_t max)
{
	struct str out = STR_EMPTY;

	for (size_t i = 0; i < max && preview_has_row(p, i); i++) {
		struct str row = STR_EMPTY;
		size_t line;

		preview_row(p, i, &row, &line);
		str_printf(&out, "%zu:%.40s%s\n", line, str_text(&row), row.len > 40 ? ".." : "");
		str_fini(&row);
	}
	return str_take(&out);
}

Test(preview, shows_rows_of_safe_text, .fini = leak_gate)
{
	static const struct {
		const char *name;
		enum preview_mode mode;
		const char *rows, *note;
	} row[] = {
		{ "text", PREVIEW_AUTO, "1:one\n2:two     x\n3:\n4:four\n", "" },
		{ "esc", PREVIEW_AUTO, "1:a\\x1b]52;c;x\\x07b\n2:c\\xffd<U+202E>e\n",
		    "escaped: 2 control, 1 invisible, 1 invalid" },
		{ "long", PREVIEW_AUTO,
		    "1:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..\n0:"
		    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..\n"
		    "0:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..\n2:end\n",
		    "" },
		{ "wide", PREVIEW_AUTO,
		    "1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa..\n0:\xc3\xbcz\n", "" },
		{ "utf16", PREVIEW_AUTO,
		    "1:h\xc3\xaf"
		    "a\xf0\x9f\x98\x80\n2:b\n",
		    "decoded from UTF-16" },
		{ "utf16be", PREVIEW_AUTO, "1:hello, world\n", "decoded from UTF-16 (big endian)" },
		{ "binary", PREVIEW_TEXT,
		    "1:\\x00\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08    \n"
		    "2:\\x0b\\x0c\\r\\x0e\\x0f\\x10\\x11\\x12\\x13\\x14\\x..\n",
		    "escaped: 30 control, 0 invisible, 0 invalid" },
		{ "empty", PREVIEW_AUTO, "", "" },
	};
	char *dir = temp_dir();
	struct archive *a;

	archives_python(dir, script, NULL);
	a = archives_open(dir, "p.whl", NULL);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct preview p = loaded(a, row[i].name, row[i].mode);
		char *rows = drawn(&p, 10);

		cr_expect_str_eq(rows, row[i].rows, "%s:\n%s", row[i].name, rows);
		cr_expect_str_eq(
		    str_text(&p.note), row[i].note, "%s: %s", row[i].name, str_text(&p.note));
		free(rows);
		preview_fini(&p);
	}
	archive_close(a);
	temp_remove(dir);
}

Test(preview, binaries_are_shown_in_hex, .fini = leak_gate)
{
	char *dir = temp_dir();
	struct archive *a;
	struct preview p;
	struct str row = STR_EMPTY;

	archives_python(dir, script, NULL);
	a = archives_open(dir, "p.whl", NULL);
	p = loaded(a, "controls", PREVIEW_AUTO);
	cr_expect_eq(p.mode, PREVIEW_HEX);
	preview_fini(&p);
	p = loaded(a, "binary", PREVIEW_AUTO);
	cr_expect_eq(p.mode, PREVIEW_HEX);
	cr_expect(preview_has_row(&p, 2));
	cr_expect_not(preview_has_row(&p, 3));
	preview_row(&p, 2, &row, NULL);
	cr_expect_str_eq(str_text(&row),
	    "00000020  20 21 22 23 24 25 26 27                           | !\"#$%&'|");
	preview_fini(&p);
	str_fini(&row);
	archive_close(a);
	temp_remove(dir);
}

Test(preview, large_members_are_cut_and_say_so, .fini = leak_gate)
{
	char *dir = temp_dir();
	struct archive *a;
	struct preview p;

	archives_python(dir, script, NULL);
	a = archives_open(dir, "p.whl", NULL);
	p = loaded(a, "big", PREVIEW_AUTO);
	cr_expect_eq(p.count, 0, "rows are found when they are asked for");
	cr_expect_str_eq(str_text(&p.note), "first 262144 of 300000 bytes");
	cr_expect_eq(preview_row_of_line(&p, 1000), 999);
	cr_expect_eq(p.count, 1001);
	cr_expect_eq(preview_row_of_line(&p, 999999), 52428);
	preview_fini(&p);
	archive_close(a);
	temp_remove(dir);
}
