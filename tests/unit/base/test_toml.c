/* Places of keys and values, the rules on definitions, and edits that touch nothing else. The
 * grammar itself is judged by the corpus (tests/toml_corpus.c). */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/toml.h"

static struct toml_doc *
parsed(const char *text)
{
	struct toml_doc *doc = NULL;
	struct err e = ERR_EMPTY;

	cr_assert_eq(toml_parse(bytes_of(text), "t.toml", &doc, &e), ERR_OK, "%s", e.message);
	return doc;
}

static bool
span_is(const struct toml_doc *doc, struct toml_span span, const char *text)
{
	struct bytes source = toml_source(doc);

	return bytes_is((struct bytes) { source.data + span.start, span.end - span.start }, text);
}

Test(toml, knows_the_place_of_every_key_and_value, .fini = leak_gate)
{
	static const struct {
		const char *path[4], *text, *key, *literal, *content;
		enum toml_quote quote;
		uint32_t line;
	} row[] = {
		{ { "a" }, "x", "a", "\"x\"", "x", TOML_QUOTE_BASIC, 1 },
		{ { "t", "b c" }, "y", "\"b c\"", "'y'", "y", TOML_QUOTE_LITERAL, 3 },
		{ { "t", "d", "e" }, "1\"2", "e", "\"1\\\"2\"", "1\\\"2", TOML_QUOTE_BASIC, 4 },
		{ { "t", "m" }, "one\n", "m", "\"\"\"\r\none\r\n\"\"\"", "one\r\n",
		    TOML_QUOTE_BASIC_MULTI, 5 },
		{ { "t", "i", "v" }, "3", "v", "'''3'''", "3", TOML_QUOTE_LITERAL_MULTI, 8 },
		{ { "t", "n" }, "0x1_0", "n", "0x1_0", "0x1_0", TOML_QUOTE_NONE, 9 },
	};
	struct toml_doc *doc = parsed(
	    "a = \"x\"\n[t]\r\n\"b c\" = 'y'\nd . e=\"1\\\"2\" # c\n"
	    "m = \"\"\"\r\none\r\n\"\"\"\ni = { v = '''3''' }\nn = 0x1_0");

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		const struct toml_node *n = toml_find(toml_root(doc), row[i].path);

		cr_assert_not_null(n, "row %zu", i);
		cr_expect_str_eq(n->text, row[i].text, "row %zu", i);
		cr_expect(span_is(doc, n->key_span, row[i].key), "row %zu", i);
		cr_expect(span_is(doc, n->span, row[i].literal), "row %zu", i);
		cr_expect(span_is(doc, n->content, row[i].content), "row %zu", i);
		cr_expect_eq(n->quote, row[i].quote, "row %zu", i);
		cr_expect_eq(n->line, row[i].line, "row %zu: line %u", i, n->line);
	}
	cr_expect_eq(toml_find(toml_root(doc), TOML_PATH("t", "n"))->integer, 16);
	cr_expect(span_is(doc, toml_get(toml_root(doc), "t")->span, "[t]"));
	cr_expect_null(toml_find(toml_root(doc), TOML_PATH("t", "none", "x")));
	cr_expect_null(toml_text(toml_get(toml_root(doc), "t"), "n"));
	toml_free(doc);
}

Test(toml, says_what_was_expected_and_where, .fini = leak_gate)
{
	static const struct {
		const char *text, *message;
	} row[] = {
		{ "a = 1\nb = \n", "t.toml:2:5: expected a value" },
		{ "a = \"x", "t.toml:1:7: expected the closing quote, found the end of the file" },
		{ "\xef\xbb\xbf"
		  "a",
		    "t.toml:1:2: expected \"=\" behind the key, found the end of the file" },
		{ "\xc3\xbc = 1", "t.toml:1:1: expected a key, found \"\xc3\xbc\"" },
		{ "\"\xc3\xbc\" 1", "t.toml:1:5: expected \"=\"" },
		{ "a = 1\r\nb = 2\rc",
		    "t.toml:2:6: expected the end of the line, found a carriage return" },
		{ "a = 1\na = 2", "t.toml:2:1: a is already defined (line 1)" },
		{ "[a.\"b c\"]\n[a]\n[a.'b c']",
		    "t.toml:3:4: a.\"b c\" is already defined (line 1)" },
		{ "a = \"\x1b\"",
		    "t.toml:1:6: expected the closing quote, found the control character U+001B" },
		{ "a = \"\xff\"", "t.toml:1:6: expected UTF-8, found the byte 0xff" },
		{ "\na = '''x\ny\n", "t.toml:4:1: expected three closing quotes for the string "
				     "that starts in line 2" },
		{ "a = 9223372036854775808", "t.toml:1:5: expected an integer of 64 bits" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct toml_doc *doc = NULL;
		struct err e = ERR_EMPTY;

		cr_expect_eq(toml_parse(bytes_of(row[i].text), "t.toml", &doc, &e), ERR_INVALID,
		    "row %zu", i);
		cr_expect(text_starts(e.message, row[i].message), "row %zu: %s", i, e.message);
		cr_expect_null(doc);
	}
}

Test(toml, reads_the_additions_of_1_1_and_reports_the_first, .fini = leak_gate)
{
	static const struct {
		const char *text;
		int64_t pos; /* -1: plain 1.0 */
	} row[] = {
		{ "a = {b = 1}", -1 },
		{ "a = {b = 1,}", 10 },
		{ "a = {\nb = 1}", 5 },
		{ "a = {b = 1 # c\n}", 11 },
		{ "a = \"\\e\"", 5 },
		{ "a = \"\\x41\"", 5 },
		{ "a = 12:30", 9 },
		{ "a = 2026-01-01T12:30Z", 20 },
		{ "a = [\n1,\n]", -1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct toml_doc *doc = parsed(row[i].text);
		uint32_t pos = 0;

		cr_expect_eq(toml_needs_1_1(doc, &pos), row[i].pos >= 0, "row %zu", i);
		cr_expect_eq(pos, row[i].pos >= 0 ? row[i].pos : 0, "row %zu: %u", i, pos);
		toml_free(doc);
	}
}

Test(toml, keeps_the_order_and_finds_among_many, .fini = leak_gate)
{
	struct str text = STR_EMPTY;
	struct toml_doc *doc;
	uint32_t at = 0;
	char key[32];

	for (int i = 0; i < 5000; i++)
		str_printf(&text, "key%d = %d\n", i, i);
	doc = parsed(str_text(&text));
	for (const struct toml_node *n = toml_first(toml_root(doc)); n != NULL; n = n->next)
		cr_assert_eq(n->integer, at++);
	cr_assert_eq(at, 5000);
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof key, "key%d", i);
		cr_assert_eq(toml_get(toml_root(doc), key)->integer, i);
	}
	cr_expect_null(toml_get(toml_root(doc), "key5000"));
	toml_free(doc);
	str_puts(&text, "key2500 = 1\n");
	cr_expect_eq(toml_parse(bytes_of(str_text(&text)), "t", &doc, NULL), ERR_INVALID);
	str_fini(&text);
}

Test(toml, bounds_the_nesting, .fini = leak_gate)
{
	static const struct {
		const char *open, *between;
		size_t fits;
	} row[] = {
		{ "[", "", 127 },
		{ "{a=", "", 127 },
		{ "", "a.", 127 },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		for (size_t extra = 0; extra < 2; extra++) {
			struct str text = STR_EMPTY;
			struct toml_doc *doc = NULL;
			enum err_code rc;

			for (size_t k = 0; k < row[i].fits + extra; k++)
				str_puts(&text, row[i].between);
			str_puts(&text, "a=");
			for (size_t k = 0; k < row[i].fits + extra; k++)
				str_puts(&text, row[i].open);
			str_puts(&text, row[i].open[0] == '[' ? "" : "1");
			for (size_t k = 0; k < row[i].fits + extra; k++)
				str_puts(&text, row[i].open[0] == '['	? "]"
						: row[i].open[0] == '{' ? "}"
									: "");
			rc = toml_parse(bytes_of(str_text(&text)), "t", &doc, NULL);
			/* An empty array inmost is one level less than a value inmost. */
			cr_expect_eq(rc, extra == 0 || row[i].open[0] == '[' ? ERR_OK : ERR_LIMIT,
			    "row %zu + %zu", i, extra);
			if (rc == ERR_OK)
				toml_free(doc);
			str_fini(&text);
		}
}

/* Tables with an index, grown many times: every key is found, no other, and none twice. */
Test(toml, finds_each_of_very_many_keys, .fini = leak_gate)
{
	struct str text = STR_EMPTY;
	struct toml_doc *doc = NULL;
	struct err e = ERR_EMPTY;
	const size_t tables = 9000, keys = 40;
	char key[32];

	for (size_t i = 0; i < tables; i++)
		str_printf(&text, "[%st%zu]\na=%zu\n", i % 3 == 0 ? "sub." : "", i, i);
	str_puts(&text, "[many]\n");
	for (size_t i = 0; i < tables; i++)
		str_printf(&text, "%s%zu = %zu\n", i % 2 == 0 ? "k" : "'k' . n", i, i);
	for (size_t i = 0; i < keys; i++)
		str_printf(&text, "[[list]]\nk%zu = 1\n", i);
	cr_assert_eq(toml_parse((struct bytes) { str_text(&text), text.len }, "t", &doc, &e),
	    ERR_OK, "%s", e.message);
	for (size_t i = 0; i < tables + 10; i++) {
		const struct toml_node *root = toml_root(doc), *t;

		snprintf(key, sizeof key, "t%zu", i);
		t = toml_get(i % 3 == 0 ? toml_get(root, "sub") : root, key);
		t = toml_get(t, "a");
		cr_assert_eq(t != NULL, i < tables, "%s", key);
		cr_assert(t == NULL || t->integer == (int64_t)i, "%s", key);
		snprintf(key, sizeof key, "%s%zu", i % 2 == 0 ? "k" : "n", i);
		t = toml_get(root, "many");
		t = toml_get(i % 2 == 0 ? t : toml_get(t, "k"), key);
		cr_assert_eq(t != NULL, i < tables, "%s", key);
		cr_assert(t == NULL || t->integer == (int64_t)i, "%s", key);
	}
	cr_expect_null(toml_get(toml_root(doc), "t"));
	cr_expect_eq(toml_get(toml_root(doc), "list")->count, keys);
	toml_free(doc);
	doc = NULL;
	str_puts(&text, "[t7]\n");
	cr_expect_eq(
	    toml_parse((struct bytes) { str_text(&text), text.len }, "t", &doc, &e), ERR_INVALID);
	cr_expect(strstr(e.message, "t7 is already defined (line 15)") != NULL, "%s", e.message);
	str_fini(&text);
}

Test(toml, survives_a_bomb_of_brackets, .fini = leak_gate)
{
	struct toml_doc *doc = NULL;
	size_t len = 1000000;
	char *text = malloc(len);

	memset(text, '[', len);
	text[0] = 'a';
	text[1] = '=';
	cr_expect_eq(toml_parse((struct bytes) { text, len }, "t", &doc, NULL), ERR_LIMIT);
	free(text);
}

Test(toml, changes_one_string_and_no_other_byte, .fini = leak_gate)
{
	static const struct {
		const char *before, *text, *after; /* NULL: refused */
	} row[] = {
		{ "v='1.0' # '1.0'\r\nw='1.0'", "1.1", "v='1.1' # '1.0'\r\nw='1.0'" },
		{ "\xef\xbb\xbfv = \"1.0\"\n", "1.1", "\xef\xbb\xbfv = \"1.1\"\n" },
		{ "v=\"\"\"\n1.0\"\"\"", "1.1", "v=\"\"\"\n1.1\"\"\"" },
		{ "v='''1.0'''", "1.1", "v='''1.1'''" },
		{ "a={b=1, c.d=[2]}\nv=''", "x", "a={b=1, c.d=[2]}\nv='x'" },
		{ "v=\"x\"", "a\"b\\c\n\x01\t\xc3\xbc", "v=\"a\\\"b\\\\c\\n\\u0001\t\xc3\xbc\"" },
		{ "v=\"\"\"x\"\"\"", "\"\"\"", "v=\"\"\"\\\"\\\"\\\"\"\"\"" },
		{ "v='x'", "it's", NULL },
		{ "v='x'", "a\nb", NULL },
		{ "v='''x'''", "it's", "v='''it's'''" },
		{ "v='''x'''", "a'''b", NULL },
		{ "v='''x'''", "\nb", NULL },
		{ "v='x'", "\xff", NULL },
		{ "v=\"\\u0041\"", "A", "v=\"\\u0041\"" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct toml_doc *doc = parsed(row[i].before);
		const struct toml_node *v = toml_get(toml_root(doc), "v");
		const struct toml_edit edit = { v, TOML_WHOLE(v), bytes_of(row[i].text) };
		struct str out = STR_EMPTY;
		enum err_code rc = toml_splice(doc, &edit, 1, &out, NULL);

		cr_expect_eq(rc == ERR_OK, row[i].after != NULL, "row %zu", i);
		cr_expect_str_eq(
		    str_text(&out), row[i].after != NULL ? row[i].after : "", "row %zu", i);
		str_fini(&out);
		toml_free(doc);
	}
}

Test(toml, changes_a_part_of_a_string_through_its_escapes, .fini = leak_gate)
{
	static const struct {
		const char *before;
		uint32_t from, to;
		const char *after; /* NULL: refused */
	} row[] = {
		{ "v=\"rt>=1.0; x\"", 4, 7, "v=\"rt>=2.0.1; x\"" },
		{ "v=\"\\u0061>=1.0\"", 3, 6, "v=\"\\u0061>=2.0.1\"" },
		{ "v=\"a\\tb\"", 1, 2, "v=\"a2.0.1b\"" },
		{ "v=\"a\\u00fcb\"", 1, 3, "v=\"a2.0.1b\"" },
		{ "v=\"a\\u00fcb\"", 1, 2, NULL },
		{ "v=\"a\xc3\xbc"
		  "b\"",
		    2, 3, NULL },
		{ "v=\"\"\"a\\\n  bcd\"\"\"", 1, 2, "v=\"\"\"a\\\n  2.0.1cd\"\"\"" },
		{ "v=\"\"\"a\\\n  bcd\"\"\"", 0, 1, "v=\"\"\"2.0.1\\\n  bcd\"\"\"" },
		{ "v=\"\"\"a\\\n  bcd\"\"\"", 0, 2, NULL },
		{ "v=\"\"\"\r\na\r\nb\"\"\"", 2, 3, "v=\"\"\"\r\na\r\n2.0.1\"\"\"" },
		{ "v='abc'", 1, 1, "v='a2.0.1bc'" },
		{ "v='abc'", 3, 3, "v='abc2.0.1'" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct toml_doc *doc = parsed(row[i].before);
		const struct toml_edit edit = { toml_get(toml_root(doc), "v"),
			{ row[i].from, row[i].to }, bytes_of("2.0.1") };
		struct str out = STR_EMPTY;
		enum err_code rc = toml_splice(doc, &edit, 1, &out, NULL);

		cr_expect_eq(rc, row[i].after != NULL ? ERR_OK : ERR_UNSUPPORTED, "row %zu", i);
		cr_expect_str_eq(
		    str_text(&out), row[i].after != NULL ? row[i].after : "", "row %zu", i);
		str_fini(&out);
		toml_free(doc);
	}
}

Test(toml, makes_several_changes_at_once_in_any_order, .fini = leak_gate)
{
	struct toml_doc *doc = parsed("b = \"1.0 and 1.0\"\n[t]\na = '1.0'\nn = 1\n");
	const struct toml_node *a = toml_find(toml_root(doc), TOML_PATH("t", "a"));
	const struct toml_node *b = toml_get(toml_root(doc), "b");
	const struct toml_node *n = toml_find(toml_root(doc), TOML_PATH("t", "n"));
	struct toml_edit edits[] = {
		{ a, TOML_WHOLE(a), bytes_of("2") },
		{ b, { 8, 11 }, bytes_of("2") },
		{ b, { 0, 3 }, bytes_of("10.0") },
	};
	struct str out = STR_EMPTY;
	struct err e = ERR_EMPTY;

	cr_expect_eq(toml_splice(doc, edits, 3, &out, &e), ERR_OK, "%s", e.message);
	cr_expect_str_eq(str_text(&out), "b = \"10.0 and 2\"\n[t]\na = '2'\nn = 1\n");
	edits[2].part.end = 9;
	cr_expect_eq(toml_splice(doc, edits, 3, &out, &e), ERR_USAGE);
	edits[0].node = n;
	cr_expect_eq(toml_splice(doc, edits, 1, &out, &e), ERR_USAGE);
	cr_expect_str_eq(e.message, "t.toml:4:5: t.n is not a string (type: integer)");
	str_clear(&out);
	cr_expect_eq(toml_splice(doc, edits, 0, &out, &e), ERR_OK);
	cr_expect_eq(out.len, toml_source(doc).len);
	str_fini(&out);
	toml_free(doc);
}

Test(toml, writes_the_path_of_a_node, .fini = leak_gate)
{
	struct toml_doc *doc = parsed(
	    "[[tool.\"my app\".x]]\n[[tool.\"my app\".x]]\n\"\" = [1, {b = 2}]");
	struct str path = STR_EMPTY;
	const struct toml_node *x = toml_find(toml_root(doc), TOML_PATH("tool", "my app", "x"));

	toml_path(toml_get(toml_at(toml_get(toml_at(x, 1), ""), 1), "b"), &path);
	cr_expect_str_eq(str_text(&path), "tool.\"my app\".x[1].\"\"[1].b");
	str_fini(&path);
	toml_free(doc);
}

Test(toml, compares_values_and_not_their_spelling, .fini = leak_gate)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} row[] = {
		{ "a='x'\nb=16", "a = \"\\u0078\"\nb=0x10", true },
		{ "a={b=1}", "[a]\nb=1", true },
		{ "a=1\nb=2", "b=2\na=1", false },
		{ "a=1", "a='1'", false },
		{ "a=[1,2]", "a=[1,2,3]", false },
		{ "a=true", "a=false", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct toml_doc *a = parsed(row[i].a), *b = parsed(row[i].b);

		cr_expect_eq(toml_equal(toml_root(a), toml_root(b)), row[i].equal, "row %zu", i);
		toml_free(a);
		toml_free(b);
	}
}
