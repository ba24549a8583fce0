/* The terminal of one line: what overwrites, what is coloured, what is swallowed, what is spelled
 * out. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/str.h"
#include "slipway/base/termline.h"

/* Lines as text, each closed by "|"; runs as "{start,len,fg,bg,attrs}" in front of it. */
static void
on_line(void *arg, const struct termline_line *line)
{
	struct str *out = arg;

	for (size_t i = 0; i < line->run_count; i++)
		str_printf(out, "{%u,%u,%x,%x,%x}", line->runs[i].start, line->runs[i].len,
		    (unsigned)line->runs[i].style.fg, (unsigned)line->runs[i].style.bg,
		    (unsigned)line->runs[i].style.attrs);
	str_append(out, line->text, line->len);
	str_putc(out, '|');
}

static void
check(const char *in, size_t len, const char *lines, const char *partial)
{
	/* In one piece, and byte by byte: the result must not depend on how it arrives. */
	for (int pass = 0; pass < 2; pass++) {
		struct str out = STR_EMPTY, rest = STR_EMPTY;
		struct termline *t = termline_new(on_line, &out);
		struct termline_line line;

		if (pass == 0)
			termline_feed(t, in, len);
		for (size_t i = 0; pass == 1 && i < len; i++)
			termline_feed(t, in + i, 1);
		if (termline_partial(t, &line)) {
			cr_expect(line.partial);
			str_append(&rest, line.text, line.len);
		}
		cr_expect_str_eq(str_text(&out), lines, "%s: %s", in, str_text(&out));
		cr_expect_str_eq(str_text(&rest), partial, "%s: %s", in, str_text(&rest));
		termline_free(t);
		str_fini(&out);
		str_fini(&rest);
	}
}

Test(termline, lines_overwrite_and_erase, .fini = leak_gate)
{
	static const struct {
		const char *in, *lines, *partial;
	} row[] = {
		{ "a\nb\n", "a|b|", "" },
		{ "a\r\nb\r\n", "a|b|", "" },
		{ "\n\n", "||", "" },
		{ "a\nb", "a|", "b" },
		{ "10%\r20%\r100%\n", "100%|", "" },
		{ "long text\rshort\n", "shorttext|", "" },
		{ "long text\r\x1b[Kshort\n", "short|", "" },
		{ "long text\r\x1b[2Kshort\n", "short|", "" },
		{ "long text\r         \rok\n", "ok|", "" },
		{ "abc\x1b[1Kd\n", "   d|", "" },
		{ "abc\b\bX\n", "aXc|", "" },
		{ "\b\bX\n", "X|", "" },
		{ "a\tb\n", "a       b|", "" },
		{ "12345678\tb\n", "12345678        b|", "" },
		{ "ab\x1b[2Dx\x1b[3Cy\x1b[1Gz\n", "zb  y|", "" },
		{ "\xe4\xb8\xad\xe6\x96\x87\rx\n", "x \xe6\x96\x87|", "" },
		{ "\xe4\xb8\xad\xe6\x96\x87\x1b[2Gx\n", " x\xe6\x96\x87|", "" },
		{ "\xe4\xb8\xad\bx\n", " x|", "" },
		{ "a\xe4\xb8\xad\r\xe6\x96\x87\n", "\xe6\x96\x87|", "" },
		{ "e\xcc\x81\xcc\x82\xcc\x83!\n", "e\xcc\x81\xcc\x82!|", "" },
		{ "\xcc\x81x\n", "x|", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		check(row[i].in, strlen(row[i].in), row[i].lines, row[i].partial);
}

Test(termline, colours_become_runs, .fini = leak_gate)
{
	static const struct {
		const char *in, *lines;
	} row[] = {
		{ "\x1b[31mred\x1b[0m plain\n", "{0,3,1000001,0,0}red plain|" },
		{ "a\x1b[1;92;44mb\x1b[mc\n", "{1,1,100000a,1000004,1}abc|" },
		{ "\x1b[38;5;200mx\x1b[48;2;1;2;3my\n",
		    "{0,1,10000c8,0,0}{1,1,10000c8,2010203,0}xy|" },
		{ "\x1b[38:5:9mx\n", "{0,1,1000009,0,0}x|" },
		{ "\x1b[1;2;3;4;7;9mx\x1b[22;23;24;27;29my\n", "{0,1,0,0,3f}xy|" },
		{ "\x1b[33ma\nb\x1b[39mc\n", "{0,1,1000003,0,0}a|{0,1,1000003,0,0}bc|" },
		{ "\x1b[32mgreen\x1b[0m\rG\n", "{1,4,1000002,0,0}Green|" },
		{ "\x1b[8mhidden\n", "hidden|" },
		{ "\x1b[41m  \x1b[0m  \n", "{0,2,0,1000001,0}  |" },
		{ "\x1b[38mx\x1b[38;5my\x1b[38;2;1mz\n", "xyz|" },
		{ "\x1b[31m\xc3\xa4\x1b[0m\n", "{0,2,1000001,0,0}\xc3\xa4|" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		check(row[i].in, strlen(row[i].in), row[i].lines, "");
}

Test(termline, what_a_terminal_would_act_on_is_swallowed_or_spelled_out, .fini = leak_gate)
{
	static const struct {
		const char *in, *lines;
	} row[] = {
		{ "a\x1b]0;title\x07"
		  "b\n",
		    "ab|" },
		{ "a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\b\n", "alinkb|" },
		{ "a\x1bPq#0\x1b\\b\x1b_x\x1b\\c\x1b^y\x1b\\d\n", "abcd|" },
		{ "a\x1b(Bb\x1b)0c\x0e"
		  "d\x0f"
		  "e\x1b"
		  "7f\x1b"
		  "8g\x1b=h\n",
		    "abcdefgh|" },
		{ "a\x1b[?25lb\x1b[2Jc\x1b[10;10Hd\x1b[5Ae\x1b[>4;1mf\x1b[0 qg\n", "abcdefg|" },
		{ "a\x1b]never ends\nb\n", "a|b|" },
		{ "a\x1b[31\nb\n", "a|b|" },
		{ "a\x1b\x1b[Kb\n", "ab|" },
		{ "a\x1b\xc3\xa4\n", "a\xc3\xa4|" },
		{ "a\x1b[\xc3\xa4\n", "a\xc3\xa4|" },
		{ "a\x1b[3\x18"
		  "b\n",
		    "ab|" },
		{ "bell\x07 del\x7f ff\x0c\n", "bell\\x07 del\\x7f ff\\x0c|" },
		{ "\xff\xfe"
		  "a\xc3\n",
		    "\\xff\\xfea\\xc3|" },
		{ "\xe2\x80"
		  "a\xf0\x9f\x98\n",
		    "\\xe2\\x80a\\xf0\\x9f\\x98|" },
		{ "\xc0\xaf\xed\xa0\x80\n", "\\xc0\\xaf\\xed\\xa0\\x80|" },
		{ "\xe2\x80\xae"
		  "abc\xc2\x9b"
		  "31m\n",
		    "<U+202E>abc<U+009B>31m|" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		check(row[i].in, strlen(row[i].in), row[i].lines, "");
	check("a\0b\n", 4, "a\\x00b|", "");
}

Test(termline, a_long_line_is_cut_and_a_long_string_does_not_hide_the_rest, .fini = leak_gate)
{
	struct str out = STR_EMPTY;
	struct termline *t = termline_new(on_line, &out);
	size_t size = 4000000; /* minutes, if each byte looked at those behind it */
	char *big = malloc(size);

	memset(big, 'x', size);
	termline_feed(t, big, size);
	termline_feed(t, "\n", 1);
	cr_expect_leq(out.len, TERMLINE_MAX + 1);
	cr_expect_gt(out.len, TERMLINE_MAX - 16);
	cr_expect(text_ends(str_text(&out), "x\xe2\x80\xa6|"));
	str_clear(&out);
	termline_feed(t, "short\n", 6);
	cr_expect_str_eq(str_text(&out), "short|");
	str_clear(&out);
	termline_feed(t, "\x1b]", 2);
	termline_feed(t, big, size);
	termline_feed(t, "\n", 1);
	cr_expect_gt(out.len, 1000);
	free(big);
	str_fini(&out);
	termline_free(t);
}

Test(termline, styles_and_runs_are_bounded, .fini = leak_gate)
{
	struct str out = STR_EMPTY;
	struct termline *t = termline_new(on_line, &out);
	size_t runs = 0;

	for (int i = 0; i < 1000; i++) {
		char text[64];
		int len = snprintf(text, sizeof text, "\x1b[38;2;%d;%d;0mx", i % 256, i / 256);

		termline_feed(t, text, (size_t)len);
	}
	termline_feed(t, "\n", 1);
	for (size_t i = 0; i < out.len; i++)
		runs += out.data[i] == '{';
	cr_expect(runs > 200 && runs <= TERMLINE_RUNS_MAX, "%zu", runs);
	str_fini(&out);
	termline_free(t);
}

Test(termline, the_end_gives_out_what_is_left, .fini = leak_gate)
{
	struct str out = STR_EMPTY;
	struct termline *t = termline_new(on_line, &out);

	termline_feed(t, "last\xc3", 5);
	termline_end(t);
	termline_end(t);
	cr_expect_str_eq(str_text(&out), "last\\xc3|");
	termline_free(t);
	termline_free(NULL);
	str_fini(&out);
}
