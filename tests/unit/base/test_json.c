/* JSON within limits, in order, and never a byte that a terminal acts on. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/json.h"

static struct json *
parsed(const char *text)
{
	struct json *j = NULL;
	struct err e = ERR_EMPTY;

	cr_assert_eq(json_parse(bytes_of(text), "t.json", NULL, &j, &e), ERR_OK, "%s", e.message);
	return j;
}

static void
expect_written(const struct json *j, enum json_style style, const char *expected)
{
	struct str out = STR_EMPTY;

	json_write(j, style, &out);
	cr_expect_str_eq(str_text(&out), expected);
	str_fini(&out);
}

Test(json, reads_by_key_with_fallbacks, .fini = leak_gate)
{
	struct json *j = parsed("{\"name\":\"a\\u00fc\",\"n\":-9007199254740993,\"t\":true,"
				"\"list\":[1,\"two\",null,2.5],\"o\":{\"k\":{}},\"nil\":null}");
	const struct json *list = json_get_array(j, "list");

	cr_expect_str_eq(json_text(j, "name"), "a\xc3\xbc");
	cr_expect_null(json_text(j, "n"));
	cr_expect_null(json_text(j, "none"));
	cr_expect_eq(json_int(j, "n", 1), -9007199254740993);
	cr_expect_eq(json_int(j, "name", 7), 7);
	cr_expect(json_bool(j, "t", false));
	cr_expect(json_bool(j, "n", true));
	cr_expect_eq(json_count(list), 4);
	cr_expect_eq(json_as_int(json_at(list, 0), 0), 1);
	cr_expect_str_eq(json_as_text(json_at(list, 1)), "two");
	cr_expect_eq(json_kind(json_at(list, 2)), JSON_KIND_NULL);
	cr_expect_eq(json_as_real(json_at(list, 3), 0), 2.5);
	cr_expect_null(json_at(list, 4));
	cr_expect_null(json_get_array(j, "o"));
	cr_expect_not_null(json_get_object(json_get_object(j, "o"), "k"));
	cr_expect_null(json_get(json_get(json_get(NULL, "a"), "b"), "c"));
	cr_expect_eq(json_count(NULL), 0);
	json_free(j);
	json_free(NULL);
}

Test(json, says_where_it_broke, .fini = leak_gate)
{
	static const struct {
		const char *text, *start;
		enum err_code code;
	} row[] = {
		{ "", "t.json:1:", ERR_INVALID },
		{ "{\"a\": 1,\n \"b\" 2}", "t.json:2:", ERR_INVALID },
		{ "[1] x", "t.json:1:", ERR_INVALID },
		{ "\"\xff\"", "t.json:1:", ERR_INVALID },
		{ "\"\\u0000\"", "t.json:1:", ERR_INVALID },
		{ "[1,\n [2,\n  [3]]]", "t.json:3:3: JSON nested more than 2", ERR_LIMIT },
		{ "[\"123456789012345678901234567890\"]", "t.json: 34 bytes", ERR_LIMIT },
	};
	const struct json_limits limits = { .size_bytes = 30, .depth = 2 };

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct json *j = NULL;
		struct err e = ERR_EMPTY;

		cr_expect_eq(json_parse(bytes_of(row[i].text), "t.json", &limits, &j, &e),
		    row[i].code, "row %zu", i);
		cr_expect(strncmp(e.message, row[i].start, strlen(row[i].start)) == 0,
		    "row %zu: %s", i, e.message);
		cr_expect_null(j);
	}
}

Test(json, brackets_in_strings_are_no_depth, .fini = leak_gate)
{
	const struct json_limits limits = { .depth = 1 };
	struct json *j = NULL;

	cr_assert_eq(
	    json_parse(bytes_of("[\"[[[{\\\"[[\", \"]\"]"), "t", &limits, &j, NULL), ERR_OK);
	json_free(j);
}

Test(json, refuses_a_bomb_of_brackets, .fini = leak_gate)
{
	size_t len = 1000000;
	char *text = malloc(len);
	struct json *j = NULL;
	struct err e = ERR_EMPTY;

	memset(text, '[', len);
	cr_assert_eq(
	    json_parse((struct bytes) { .data = text, .len = len }, "t", NULL, &j, &e), ERR_LIMIT);
	free(text);
}

Test(json, builds_and_writes_in_order, .fini = leak_gate)
{
	struct json *j = json_object_new(), *files;

	json_set_text(j, "zeta", "1");
	json_set_int(j, "alpha", INT64_MIN);
	json_set_bool(j, "mid", true);
	json_set_null(j, "none");
	json_set_text(j, "nil", NULL);
	json_set_real(j, "nan", NAN);
	files = json_set_array(j, "files");
	json_set_text(json_add_object(files), "name", "a\"b");
	json_add_text(files, "x");
	json_add_int(files, 3);
	json_add(json_add_array(files), NULL);
	json_set_text(j, "zeta", "2");
	json_set_text(j, "gone", "x");
	json_remove(j, "gone");
	json_remove(j, "gone");
	expect_written(j, JSON_STYLE_LINE,
	    "{\"zeta\":\"2\",\"alpha\":-9223372036854775808,\"mid\":true,\"none\":null,\"nil\":"
	    "null,"
	    "\"nan\":null,\"files\":[{\"name\":\"a\\\"b\"},\"x\",3,[null]]}");
	json_free(j);
	j = parsed("{\"b\":[1],\"a\":{}}");
	expect_written(j, JSON_STYLE_INDENT, "{\n  \"b\": [\n    1\n  ],\n  \"a\": {}\n}");
	json_free(j);
}

Test(json, written_text_is_safe_for_a_terminal_and_comes_back, .fini = leak_gate)
{
	static const struct {
		const char *in, *out, *back;
	} row[] = {
		{ "gr\xc3\xbc\xc3\x9f", "\"gr\xc3\xbc\xc3\x9f\"", "gr\xc3\xbc\xc3\x9f" },
		{ "\x1b[31m\x7f", "\"\\u001B[31m\\u007F\"", "\x1b[31m\x7f" },
		{ "\xc2\x9b!", "\"\\u009B!\"", "\xc2\x9b!" },
		{ "x\xe2\x80\xaey", "\"x\\u202Ey\"", "x\xe2\x80\xaey" },
		{ "\xf3\xa0\x81\x81", "\"\\uDB40\\uDC41\"", "\xf3\xa0\x81\x81" },
		{ "a\xff", "\"a\\\\xff\"", "a\\xff" },
		{ "", "\"\"", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct json *j = json_array_new(), *back;
		struct str out = STR_EMPTY;

		json_add_text(j, row[i].in);
		json_write(json_at(j, 0), JSON_STYLE_LINE, &out);
		cr_expect_str_eq(str_text(&out), row[i].out, "row %zu", i);
		back = parsed(str_text(&out));
		cr_expect_str_eq(json_as_text(back), row[i].back, "row %zu", i);
		json_free(back);
		json_free(j);
		str_fini(&out);
	}
}

Test(json, spells_out_a_nul_and_bad_keys, .fini = leak_gate)
{
	struct json *j = json_object_new();

	json_set_bytes(j, "k\xfe", (struct bytes) { .data = "a\0b", .len = 3 });
	json_set_bytes(j, "e", (struct bytes) { .data = NULL, .len = 0 });
	expect_written(j, JSON_STYLE_LINE, "{\"k\\\\xfe\":\"a\\\\x00b\",\"e\":\"\"}");
	json_free(j);
}

Test(json, walks_objects_in_order_and_clones_deeply, .fini = leak_gate)
{
	static const char *const keys[] = { "z", "a", "m" };
	struct json *j = parsed("{\"z\":1,\"a\":{\"x\":1},\"m\":3}"), *copy = json_clone(j);
	struct json_iter it = { 0 };
	size_t n = 0;

	json_free(j);
	while (json_next(copy, &it)) {
		cr_assert_lt(n, 3);
		cr_expect_str_eq(it.key, keys[n]);
		n++;
	}
	cr_expect_eq(n, 3);
	cr_expect_not(json_next(NULL, &(struct json_iter) { 0 }));
	json_free(copy);
}
