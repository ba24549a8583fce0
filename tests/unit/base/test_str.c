/* Growing strings and the helpers on borrowed bytes. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "leak_gate.h"
#include "slipway/base/str.h"

Test(str, grows_splices_and_gives_itself_away, .fini = leak_gate)
{
	struct str s = STR_EMPTY;
	char *text;

	cr_assert_str_eq(str_text(&s), "");
	str_puts(&s, "version = 1.0.3");
	str_splice(&s, 10, 5, "10.20.30", 8);
	cr_assert_str_eq(str_text(&s), "version = 10.20.30");
	str_splice(&s, 10, 8, "2", 1);
	str_printf(&s, " # %s", "x");
	cr_assert_str_eq(str_text(&s), "version = 2 # x");
	text = str_take(&s);
	cr_assert_str_eq(text, "version = 2 # x");
	cr_assert_eq(s.len, 0);
	free(text);
}

Test(str, splits_lines_of_either_ending, .fini = leak_gate)
{
	static const char *const expected[] = { "a", "", "b\rc", "d" };
	struct bytes rest = bytes_of("a\r\n\nb\rc\nd"), line;
	size_t n = 0;

	while (bytes_line(&rest, &line)) {
		cr_assert_lt(n, 4);
		cr_expect(bytes_is(line, expected[n]), "line %zu", n);
		n++;
	}
	cr_assert_eq(n, 4);
}

Test(str, reads_numbers_with_a_bound, .fini = leak_gate)
{
	static const struct {
		const char *text;
		bool ok;
		size_t value;
	} row[] = {
		{ "0", true, 0 },
		{ "65535", true, 65535 },
		{ "65536", false, 0 },
		{ "", false, 0 },
		{ "+1", false, 0 },
		{ " 1", false, 0 },
		{ "99999999999999999999999", false, 0 },
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		size_t value = 7;

		cr_expect_eq(
		    text_to_size(row[i].text, 65535, &value), row[i].ok, "%s", row[i].text);
		cr_expect_eq(value, row[i].ok ? row[i].value : 7, "%s", row[i].text);
	}
}

Test(str, trims_and_compares, .fini = leak_gate)
{
	cr_assert(bytes_is(bytes_trim(bytes_of(" \t x y\r\n")), "x y"));
	cr_assert(text_starts("slipway", "slip"));
	cr_assert(text_ends("a.whl", ".whl"));
	cr_assert_not(text_ends("whl", ".whl"));
}

Test(str, orders_bytes_as_memcmp_and_by_length, .fini = leak_gate)
{
	static const char *const rising[] = { "", "\x01", "a", "a/b", "aa", "b", "\xc3\xbc" };

	for (size_t i = 0; i < ARRAY_LEN(rising); i++)
		for (size_t k = 0; k < ARRAY_LEN(rising); k++) {
			int order = bytes_order(bytes_of(rising[i]), bytes_of(rising[k]));

			cr_expect_eq(
			    (order > 0) - (order < 0), (i > k) - (i < k), "%zu, %zu", i, k);
			cr_expect_eq(bytes_is(bytes_of(rising[i]), rising[k]), i == k);
		}
	cr_expect_eq(bytes_order((struct bytes) { NULL, 0 }, (struct bytes) { NULL, 0 }), 0);
	cr_expect(bytes_is((struct bytes) { NULL, 0 }, ""));
}
