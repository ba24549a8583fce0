/* Patterns that find versions: the subset does what Python's re does, the rest is refused. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "pattern.h"
#include "slipway/base/compiler.h"
#include "slipway/base/str.h"
#include "temp.h"

#define HATCH "(?i)^(__version__|VERSION)(?: ?: ?str)? *= *(['\"])v?(?P<version>.+?)\\2"

static const struct {
	const char *pattern, *text, *found; /* NULL: nothing */
} rows[] = {
	{ HATCH, "__version__ = \"1.0\"\n", "1.0" },
	{ HATCH, "x = 1\nversion='v2.0'  # x\n", "2.0" },
	{ HATCH, "__version__: str = '1.0'", "1.0" },
	{ HATCH, " __version__ = '1.0'", NULL },
	{ HATCH, "__version__\t= '1.0'", NULL },
	{ "\"version\": \"(?P<version>[^\"]+)\"", "{\n  \"version\": \"4.1.0\"\n}", "4.1.0" },
	{ "^version\\s*=\\s*(\\d+\\.\\d+(?:\\.\\d+)?)$", "a\r\nversion = 1.2.3\r\nb\r\n", "1.2.3" },
	{ "a(b*?)c", "xabbbc", "bbb" },
	{ "(a{2,3})", "aaaa", "aaa" },
	{ "(a{2,3}?)", "aaaa", "aa" },
	{ "(?:x|y(z))w", "xw", NULL },
	{ "(a|ab)(c|bcd)$", "abcd", "a" },
	{ "(?P<a>.)(?P<version>.)(?P=a)", "abcdc", "d" },
	{ "\\b([0-9]+)\\b", "a1 22 b", "22" },
	{ "([^\\W\\d]+)", "12ab_3", "ab_" },
	{ "(\\.)", "a.b", "." },
	{ "([]a]+)", "x]a]", "]a]" },
	{ "([a-c-]+)", "xb-a", "b-a" },
	{ "(x{0})y", "xy", "" },
	{ "\\A(a)\\Z", "a", "a" },
	{ "\\A(a)\\Z", "a\n", NULL },
	{ "(\xc3\xa4+)b", "a\xc3\xa4\xc3\xa4""b", NULL },
	{ "(\xc3\xa4)b", "a\xc3\xa4""b", "\xc3\xa4" },
};

/* A repeat of a letter above ASCII repeats all of its bytes. */
#define WIDE 21

Test(pattern, finds_what_python_finds, .fini = leak_gate)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct bytes text = bytes_of(rows[i].text);
		struct pattern *p = NULL;
		struct span span = { 0, 0 };
		struct err e = ERR_EMPTY;
		bool found = false;

		cr_assert_eq(pattern_compile(rows[i].pattern, &p, &e), ERR_OK, "%s", e.message);
		cr_expect_eq(pattern_search(p, text, "version", &span, &found, &e), ERR_OK, "%s",
		    e.message);
		if (i == WIDE)
			cr_expect(found && span.len == 4);
		else if (rows[i].found == NULL)
			cr_expect(!found, "%s in %s", rows[i].pattern, rows[i].text);
		else
			cr_expect(
			    found && bytes_is((struct bytes) { text.data + span.at, span.len },
					 rows[i].found),
			    "%s in %s: %.*s", rows[i].pattern, rows[i].text, (int)span.len,
			    text.data + span.at);
		pattern_free(p);
	}
}

static void
put_hex(const char *text, struct str *out)
{
	str_puts(out, "bytes.fromhex('");
	for (; *text != '\0'; text++)
		str_printf(out, "%02x", (unsigned char)*text);
	str_puts(out, "').decode()");
}

Test(pattern, agrees_with_python_itself, .fini = leak_gate)
{
	struct str script = STR_EMPTY;
	const char *argv[] = { "/usr/bin/python3", "check.py", NULL };
	char *dir = temp_dir();

	str_puts(&script, "import re\ndef check(p, t, want):\n"
			  "\tm = re.search(p, t.replace('\\r\\n', '\\n'), re.MULTILINE)\n"
			  "\tg = m and m.group('version' if 'version' in m.re.groupindex else 1)\n"
			  "\tassert g == want, (p, t, g, want)\n");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (i == WIDE)
			continue;
		str_puts(&script, "check(");
		put_hex(rows[i].pattern, &script);
		str_puts(&script, ", ");
		put_hex(rows[i].text, &script);
		str_puts(&script, ", ");
		if (rows[i].found != NULL)
			put_hex(rows[i].found, &script);
		else
			str_puts(&script, "None");
		str_puts(&script, ")\n");
	}
	temp_puts(dir, "check.py", str_text(&script));
	cr_expect_eq(temp_run(dir, argv), 0);
	str_fini(&script);
	temp_remove(dir);
}

Test(pattern, refuses_what_it_does_not_read, .fini = leak_gate)
{
	static const struct {
		const char *pattern, *why;
	} row[] = {
		{ "(?=a)", "looks around or sets flags at character 2" },
		{ "(?<!a)b", "looks around" },
		{ "(?x) a", "looks around or sets flags" },
		{ "a++", "a repeat of a repeat" },
		{ "*a", "a repeat of nothing" },
		{ "(a", "not closed" },
		{ "a)", "closes nothing" },
		{ "[a", "not closed" },
		{ "\\p{L}", "an escape that is not read" },
		{ "(a)\\2", "a group that is not there" },
		{ "a{3,2}", "a repeat that is not read" },
		{ "[z-a]", "runs backwards" },
		{ "\\", "a backslash at its end" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct pattern *p = NULL;
		struct err e = ERR_EMPTY;

		cr_expect_neq(
		    pattern_compile(row[i].pattern, &p, &e), ERR_OK, "%s", row[i].pattern);
		cr_expect(
		    strstr(e.message, row[i].why) != NULL, "%s: %s", row[i].pattern, e.message);
		cr_expect_null(p);
	}
}

Test(pattern, gives_up_on_a_search_that_never_ends, .fini = leak_gate)
{
	struct pattern *p = NULL;
	struct span span;
	struct err e = ERR_EMPTY;
	bool found = false;

	cr_assert_eq(pattern_compile("((a*)*)*b", &p, &e), ERR_OK);
	cr_expect_eq(pattern_search(p, bytes_of("aaaaaaaaaaaaaaaaaaaaaaaa"), "version", &span,
			 &found, &e),
	    ERR_LIMIT);
	pattern_free(p);
	p = NULL;
	cr_assert_eq(pattern_compile("abc", &p, &e), ERR_OK);
	cr_expect_eq(pattern_search(p, bytes_of("abc"), "version", &span, &found, &e), ERR_CONFIG);
	pattern_free(p);
}
