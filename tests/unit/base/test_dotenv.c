/* .env files as python-dotenv reads them, with values left in place. */
#include <criterion/criterion.h>

#include "leak_gate.h"
#include "slipway/base/dotenv.h"

Test(dotenv, reads_assignments_in_order, .fini = leak_gate)
{
	static const char text[] =
	    "# c\n\nA=1\r\n export  B = two words # c\nC='x # y'# c\n"
	    "D=\"q\\\"r\"\nE=\nF=a#b\nbad line\nG='a\nb'\n'H'=h\nI='open\nJ=\"x\" y\n"
	    "=v\nK=$A\nexport\nA=last";
	static const struct {
		const char *key, *value;
		size_t line;
		bool escapes;
	} row[] = {
		{ "A", "1", 3, false },
		{ "B", "two words", 4, false },
		{ "C", "x # y", 5, false },
		{ "D", "q\\\"r", 6, true },
		{ "E", "", 7, false },
		{ "F", "a#b", 8, false },
		{ "G", "a\nb", 10, false },
		{ "H", "h", 12, false },
		{ "K", "$A", 16, false },
		{ "A", "last", 18, false },
	};
	struct dotenv d = dotenv_start(bytes_of(text));
	struct dotenv_entry entry;
	size_t n = 0;

	while (dotenv_next(&d, &entry)) {
		cr_assert_lt(n, ARRAY_LEN(row));
		cr_expect(bytes_is(entry.key, row[n].key), "row %zu: %.*s", n, (int)entry.key.len,
		    entry.key.data);
		cr_expect(bytes_is(entry.value, row[n].value), "row %zu: %.*s", n,
		    (int)entry.value.len, entry.value.data);
		cr_expect_eq(entry.line, row[n].line, "row %zu: %zu", n, entry.line);
		cr_expect_eq(entry.has_escapes, row[n].escapes, "row %zu", n);
		cr_expect(entry.value.data >= text && entry.value.data < text + sizeof text);
		n++;
	}
	cr_expect_eq(n, ARRAY_LEN(row));
	cr_expect_eq(d.bad_line, 17);
}

Test(dotenv, the_last_assignment_counts, .fini = leak_gate)
{
	struct dotenv_entry entry;

	cr_assert(dotenv_get(bytes_of("T=a\nU=b\nT=\"c\""), "T", &entry));
	cr_expect(bytes_is(entry.value, "c"));
	cr_expect_not(dotenv_get(bytes_of("T=a"), "t", &entry));
	cr_expect_not(dotenv_get(bytes_of(""), "T", &entry));
	cr_expect_not(dotenv_get((struct bytes) { NULL, 0 }, "T", &entry));
	cr_expect_not(dotenv_get(bytes_of("T='"), "T", &entry));
	cr_expect_not(dotenv_get(bytes_of("T='\\"), "T", &entry));
}
