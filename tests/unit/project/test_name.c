/* Distribution names. */
#include <criterion/criterion.h>

#include "leak_gate.h"
#include "slipway/project/name.h"

Test(name, has_a_normal_form_and_a_file_form, .fini = leak_gate)
{
	static const struct {
		const char *name, *normal, *file;
	} row[] = {
		{ "rethink-llmhub", "rethink-llmhub", "rethink_llmhub" },
		{ "Zope.Interface", "zope-interface", "zope_interface" },
		{ "a-._b__C", "a-b-c", "a_b_c" },
		{ "x1", "x1", "x1" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct str normal = STR_EMPTY, file = STR_EMPTY;

		name_normal(bytes_of(row[i].name), &normal);
		name_file(bytes_of(row[i].name), &file);
		cr_expect_str_eq(str_text(&normal), row[i].normal);
		cr_expect_str_eq(str_text(&file), row[i].file);
		cr_expect(name_equal(bytes_of(row[i].name), bytes_of(row[i].file)));
		str_fini(&normal);
		str_fini(&file);
	}
}

Test(name, is_compared_whole, .fini = leak_gate)
{
	cr_expect_not(name_equal(bytes_of("rethink-llmhub"), bytes_of("rethink-llmhub-runtime")));
	cr_expect_not(name_equal(bytes_of("ab"), bytes_of("a-b")));
}

Test(name, begins_and_ends_with_letter_or_digit, .fini = leak_gate)
{
	static const char *const good[] = { "a", "A.b-c_d", "7zip", "x--y" };
	static const char *const bad[] = { "", "-a", "a-", ".a", "a b", "a\xc3\xa9", "a/b" };

	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		cr_expect(name_is_valid(bytes_of(good[i])), "%s", good[i]);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		cr_expect_not(name_is_valid(bytes_of(bad[i])), "%s", bad[i]);
}
