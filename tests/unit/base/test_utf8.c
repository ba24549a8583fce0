/* Decoding after RFC 3629, and cells. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/utf8.h"

Test(utf8, round_trips_every_scalar_value, .fini = leak_gate)
{
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		char buf[4];
		uint32_t back = 0;
		size_t len;

		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		len = utf8_encode(cp, buf);
		cr_assert_eq(utf8_decode(buf, len, &back), len, "U+%04X", cp);
		cr_assert_eq(back, cp);
		if (len > 1)
			cr_assert_eq(utf8_decode(buf, len - 1, &back), 0, "cut U+%04X", cp);
	}
}

Test(utf8, counts_cells, .fini = leak_gate)
{
	static const struct {
		const char *text;
		size_t cells;
	} row[] = {
		{ "abc", 3 },
		{ "\xe6\xbc\xa2\xe5\xad\x97", 4 },
		{ "e\xcc\x81", 1 },
		{ "\xf0\x9f\x98\x80", 2 },
		{ "\xe2\x9c\x93", 1 },
		{ "\xff", 1 },
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		cr_expect_eq(
		    utf8_width(row[i].text, strlen(row[i].text)), row[i].cells, "row %zu", i);
}

Test(utf8, fits_whole_characters_with_their_marks, .fini = leak_gate)
{
	cr_assert_eq(utf8_fit("\xe6\xbc\xa2x", 4, 1), 0);
	cr_assert_eq(utf8_fit("\xe6\xbc\xa2x", 4, 2), 3);
	cr_assert_eq(utf8_fit("e\xcc\x81x", 4, 1), 3);
	cr_assert_eq(utf8_fit("abc", 3, 9), 3);
}
