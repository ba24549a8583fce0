/* Specifiers: which clauses are legal and what they admit, with Python's packaging as the oracle.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/project/specifier.h"
#include "temp.h"

Test(specifier, notes_where_each_version_stands, .fini = leak_gate)
{
	const char *text = " >= 1.0 ,<2,, ==1.1.* ,";
	struct specifiers s;

	cr_assert_eq(specifiers_parse(bytes_of(text), 100, &s, NULL), ERR_OK);
	cr_assert_eq(s.count, 3);
	cr_expect_eq(s.items[0].token.at, 104);
	cr_expect_eq(s.items[0].token.len, 3);
	cr_expect_eq(s.items[0].clause.at, 101);
	cr_expect_eq(s.items[1].op, SPECIFIER_BELOW);
	cr_expect(s.items[2].wildcard);
	cr_expect_eq(s.items[2].token.len, 5);
	specifiers_fini(&s);
}

static const char *const specs[] = { "==1.0", "==1.0.0", "==1.1.*", "!=1.1.*", "!=1.0", ">=1.0",
	"<=1.0", ">1.0", "<1.1", "<1.1rc2", ">1.0.post1", "~=1.4", "~=1.4.1", "~=2", ">=1.0.*",
	"^1.0", ">=v1.0", ">=1.0+l", "==1.1+local", "===1.1", "===1.1.0", ">=1.1.0", ">=1.1.0rc1",
	"==1!1.0", "==1!1.*", ">=1.0,<2,", "", "~=1.1rc1", "<=1.1.dev1", "==1.0.post1", "==1.1a1.*",
	"1.0", "==", ">=1.0, !=1.1", "~=1!1.2.0", "==1.*", ">1.1a1", "~=1.0.post1", "===1.1RC1",
	"<1.0.post1", "==1.0.*", "!=1.1+local", "==01.1", ">=1.0;", "==1.0.0.0.*", "==1.1.dev1",
	"= =1" };
static const char *const versions[] = { "1.0", "1.0.0", "1.0.post1", "1.0.post2", "1.0+l", "1.1",
	"1.1.0", "1.1+local", "1.1rc1", "1.1rc2", "1.1a1", "1.1.dev1", "1.1.0rc1", "1.1.1", "1.4",
	"1.4.1", "1.4.9", "1.5", "2.0", "2.0rc1", "1!1.0", "1!1.2.3", "0.9", "1", "1.1.post1",
	"1.0.1", "1.2.dev0", "1.0.post1.dev0" };

/* Rows of packaging's answers: "invalid", or one digit a version: 0 no, 1 with --pre, 3 also
 * without. */
static const char oracle[] =
    "from packaging.specifiers import SpecifierSet, InvalidSpecifier\n"
    "lines = open('in').read().split('\\n')[:-1]\n"
    "cut = lines.index('-')\n"
    "with open('out', 'w') as f:\n"
    "    for spec in lines[:cut]:\n"
    "        try: s = SpecifierSet(spec)\n"
    "        except InvalidSpecifier: print('invalid', file=f); continue\n"
    "        print(''.join(str(s.contains(v, prereleases=True) + 2 * s.contains(v))\n"
    "              for v in lines[cut + 1:]), file=f)\n";

Test(specifier, agrees_with_packaging, .fini = leak_gate)
{
	const char *const argv[] = { "/usr/bin/python3", "-c", oracle, NULL };
	char *dir = temp_dir(), *answer;
	struct str in = STR_EMPTY;
	struct bytes rest, line;

	for (size_t i = 0; i < ARRAY_LEN(specs); i++)
		str_printf(&in, "%s\n", specs[i]);
	str_puts(&in, "-\n");
	for (size_t k = 0; k < ARRAY_LEN(versions); k++)
		str_printf(&in, "%s\n", versions[k]);
	temp_puts(dir, "in", str_text(&in));
	cr_assert_eq(temp_run(dir, argv), 0, "python3-packaging is needed");
	answer = temp_read(dir, "out", NULL);
	rest = bytes_of(answer);
	for (size_t i = 0; i < ARRAY_LEN(specs); i++) {
		struct specifiers s = SPECIFIERS_EMPTY;
		struct bytes text = bytes_of(specs[i]);
		enum err_code rc = specifiers_parse(text, 0, &s, NULL);

		cr_assert(bytes_line(&rest, &line));
		cr_expect_eq(rc, bytes_is(line, "invalid") ? ERR_INVALID : ERR_OK, "%s", specs[i]);
		for (size_t k = 0; rc == ERR_OK && k < ARRAY_LEN(versions); k++) {
			struct version v;
			int got;

			cr_assert_eq(version_parse(versions[k], &v, NULL), ERR_OK);
			got = specifiers_contain(&s, text, &v, SPECIFIER_PRE_ALLOWED) +
			      2 * specifiers_contain(&s, text, &v, SPECIFIER_PRE_NAMED);
			cr_expect_eq(got, line.data[k] - '0', "%s in %s", versions[k], specs[i]);
			version_fini(&v);
		}
		specifiers_fini(&s);
	}
	str_fini(&in);
	free(answer);
	temp_remove(dir);
}

Test(specifier, says_what_is_wrong, .fini = leak_gate)
{
	static const struct {
		const char *text, *message;
	} row[] = {
		{ "^1.0", "must start with ==" },
		{ ">=1.0.*", "wildcard" },
		{ "~=2", "two numbers" },
		{ ">=1.0+l", "local" },
		{ ">=1.0,<x", "\"<x\" is not" },
		{ "===", "nothing behind" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct specifiers s = SPECIFIERS_EMPTY;
		struct err e = ERR_EMPTY;

		cr_expect_eq(specifiers_parse(bytes_of(row[i].text), 0, &s, &e), ERR_INVALID);
		cr_expect(strstr(e.message, row[i].message) != NULL, "%s", e.message);
		cr_expect_eq(s.count, 0);
	}
}
