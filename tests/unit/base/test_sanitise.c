/* Nothing that a terminal acts on, and nothing that fools a reader, passes. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/utf8.h"

Test(sanitise, spells_out_what_acts_or_hides, .fini = leak_gate)
{
	static const struct {
		const char *in, *out;
	} row[] = {
		{ "plain", "plain" },
		{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
		{ "\x1b]52;c;x\x07", "\\x1b]52;c;x\\x07" },
		{ "a\tb\nc\rd", "a\\tb\\nc\\rd" },
		{ "\x7f", "\\x7f" },
		{ "\xc2\x9b" "31m", "<U+009B>31m" },
		{ "x\xe2\x80\xaey", "x<U+202E>y" },
		{ "\xe2\x80\x8b", "<U+200B>" },
		{ "\xff\xfe", "\\xff\\xfe" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },
		{ "\xc0\xaf", "\\xc0\\xaf" },
		{ "\xf3\xa0\x81\x81", "<U+E0041>" },
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct str out = STR_EMPTY;

		sanitise(row[i].in, strlen(row[i].in), &out);
		cr_expect_str_eq(str_text(&out), row[i].out, "row %zu: %s", i, str_text(&out));
		str_fini(&out);
	}
}

Test(sanitise, keeps_lines_and_expands_tabs_of_texts, .fini = leak_gate)
{
	struct str out = STR_EMPTY;

	sanitise_text("a\tb\r\n\xe6\xbc\xa2\tc\rd", 12, &out);
	cr_assert_str_eq(str_text(&out), "a       b\n\xe6\xbc\xa2      c\\rd");
	str_fini(&out);
}

Test(sanitise, never_lets_a_single_byte_sequence_through, .fini = leak_gate)
{
	for (unsigned int a = 0; a < 256; a++)
		for (unsigned int b = 0; b < 256; b++) {
			char	   in[2] = { (char)a, (char)b };
			struct str out = STR_EMPTY;
			uint32_t   cp;

			sanitise(in, 2, &out);
			for (size_t pos = 0; pos < out.len;) {
				size_t used = utf8_decode(out.data + pos, out.len - pos, &cp);

				cr_assert(used > 0 && !sanitise_is_unsafe(cp), "%02x %02x", a, b);
				pos += used;
			}
			str_fini(&out);
		}
}

Test(sanitise, cuts_lines_at_their_buffer, .fini = leak_gate)
{
	char out[8];

	sanitise_line("abcdefg", 7, out, sizeof out);
	cr_assert_str_eq(out, "abcdefg");
	sanitise_line("abcdefgh", 8, out, sizeof out);
	cr_assert_str_eq(out, "abcd\xe2\x80\xa6");
	sanitise_line("abc\x1b[0m", 7, out, sizeof out);
	cr_assert(strchr(out, '\x1b') == NULL);
	cr_assert(strlen(out) < sizeof out);
}
