/* INI after RawConfigParser, whose answers the expectations are. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/ini.h"

static const char sample[] =
    "\xef\xbb\xbf# c\r\n[distutils]\r\nindex-servers =\r\n    pypi\r\n\r\n    # no\r\n"
    "    testpypi\r\n; c\r\n[pypi]\n"
    "UserName: __token__\n  password = pypi-a=b:c # kept\n[empty] x\n"
    "[DEFAULT]\nrepository: https://up\n[metadata]\nversion = 1.0\nnone =\n";

Test(ini, reads_keys_values_and_their_places, .fini = leak_gate)
{
	static const struct {
		const char *section, *key, *value; /* NULL: not there */
		size_t line;
	} row[] = {
		{ "pypi", "username", "__token__\n  password = pypi-a=b:c # kept", 10 },
		{ "distutils", "INDEX-servers", "pypi\r\n\r\n    # no\r\n    testpypi", 3 },
		{ "pypi", "repository", "https://up", 14 },
		{ "metadata", "version", "1.0", 16 },
		{ "metadata", "none", "", 17 },
		{ "metadata", "username", NULL, 0 },
		{ "Pypi", "username", NULL, 0 },
	};
	struct ini ini = INI_EMPTY;
	struct err e = ERR_EMPTY;
	struct bytes text = bytes_of(sample);

	cr_assert_eq(ini_parse(text, "setup.cfg", &ini, &e), ERR_OK, "%s", e.message);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		const struct ini_entry *entry = ini_get(&ini, row[i].section, row[i].key);

		cr_assert_eq(entry != NULL, row[i].value != NULL, "row %zu", i);
		if (entry == NULL)
			continue;
		cr_expect(bytes_is(entry->value, row[i].value), "row %zu: %.*s", i,
		    (int)entry->value.len, entry->value.data);
		cr_expect_eq(entry->line, row[i].line, "row %zu: %zu", i, entry->line);
		cr_expect(entry->value.data >= text.data &&
			      entry->value.data + entry->value.len <= text.data + text.len,
		    "row %zu is a copy", i);
	}
	cr_expect(ini_has_section(&ini, "empty"));
	cr_expect_not(ini_has_section(&ini, "EMPTY"));
	ini_fini(&ini);
}

Test(ini, indented_keys_are_keys_and_deeper_lines_belong_to_them, .fini = leak_gate)
{
	struct ini ini = INI_EMPTY;

	cr_assert_eq(
	    ini_parse(bytes_of("[a]\n  k = 1\n  l = 2\n   more = 3\n m = 4\n"), "f", &ini, NULL),
	    ERR_OK);
	cr_expect_eq(ini.count, 3);
	cr_expect(bytes_is(ini_get(&ini, "a", "k")->value, "1"));
	cr_expect(bytes_is(ini_get(&ini, "a", "l")->value, "2\n   more = 3"));
	cr_expect(bytes_is(ini_get(&ini, "a", "m")->value, "4"));
	ini_fini(&ini);
}

Test(ini, takes_continued_values_apart, .fini = leak_gate)
{
	struct bytes rest = bytes_of("a\n\n   # no\n  b c \r\n\t; no\n d"), line;
	static const char *const lines[] = { "a", "b c", "d" };

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		cr_assert(ini_value_line(&rest, &line));
		cr_expect(bytes_is(line, lines[i]), "line %zu", i);
	}
	cr_expect_not(ini_value_line(&rest, &line));
}

Test(ini, refuses_what_python_refuses_without_quoting_it, .fini = leak_gate)
{
	static const struct {
		const char *text, *message;
	} row[] = {
		{ "a = secret\n", "f:1: expected [section] before the first key" },
		{ "[a]\nsecret\n", "f:2: expected a section, or a key and \"=\"" },
		{ "[a]\n= secret\n", "f:2: expected a section, or a key and \"=\"" },
		{ "[a]\nk=1\n[b]\n[a]\n", "f:4: a section is there twice" },
		{ "[a]\nsecret=1\nx=2\nSecret=3", "f:4: the key of line 2 is there twice" },
		{ "[]\n", "f:1: expected [section]" },
		{ "[secret\n", "f:1: expected [section]" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct ini ini = INI_EMPTY;
		struct err e = ERR_EMPTY;

		cr_expect_eq(ini_parse(bytes_of(row[i].text), "f", &ini, &e), ERR_INVALID);
		cr_expect_str_eq(e.message, row[i].message);
		cr_expect_eq(ini.count, 0);
	}
}
