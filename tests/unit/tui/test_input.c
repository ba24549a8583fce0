/* Bytes into events, whole and cut at every place. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/base/str.h"
#include "slipway/tui/input.h"

/* Each event as a word. */
static void
note(void *arg, const struct input_event *ev)
{
	struct str *out = arg;
	char buf[32];

	if (out->len > 0)
		str_putc(out, ' ');
	switch (ev->type) {
	case INPUT_KEY:
		str_puts(out, input_key_name(ev->key, ev->mods, buf, sizeof buf));
		break;
	case INPUT_PASTE:
		str_printf(out, "paste:%zu%s:%.*s", ev->paste_len, ev->cut ? "+" : "",
		    (int)(ev->paste_len < 20 ? ev->paste_len : 20), ev->paste);
		break;
	case INPUT_MOUSE:
		str_printf(out, "mouse%d:%d,%d", (int)ev->mouse, ev->x, ev->y);
		break;
	case INPUT_RESIZE:
	case INPUT_SIGNAL:
		break;
	}
}

Test(input, bytes_become_events_wherever_they_are_cut, .fini = leak_gate)
{
	static const struct {
		const char *bytes, *events;
	} row[] = {
		{ "aé漢", "a é 漢" },
		{ "\r\t\x7f\x03", "Enter Tab Backspace ^C" },
		{ "\x1b[A\x1bOB\x1b[1;5C\x1b[Z", "Up Down ^Right Shift-Tab" },
		{ "\x1b[5~\x1b[6~\x1b[H\x1b[4~\x1b[3~", "PgUp PgDn Home End Del" },
		{ "\x1bOP\x1b[24~\x1b[[B", "F1 F12 F2" },
		{ "\x1bx\x1b\x1b[A", "Alt-x Esc Up" },
		{ "\x1b[<0;10;5M\x1b[<0;10;5m\x1b[<65;1;1M", "mouse0:9,4 mouse2:0,0" },
		{ "\x1b[200~a\x1b[A\nb\x1b[201~q", "paste:6:a\x1b[A\nb q" },
		{ "\x1b[200~\x1b[201~", "paste:0:" },
		{ "\x1b[?1;2c\x1b[Ix", "x" },
		{ "\xff\xc3(x", "( x" },
		{ "\x1b[99999999999999999999;1Ax", "Up x" },
		{ "\x1b*x", "Left x" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		size_t len = strlen(row[i].bytes);

		for (size_t cut = 0; cut <= len; cut++) {
			struct str got = STR_EMPTY;
			struct input_decoder *d = input_decoder_new(note, &got);

			input_decoder_learn(d, "\x1b*", INPUT_KEY_LEFT, 0);
			input_decoder_feed(d, row[i].bytes, cut);
			input_decoder_feed(d, row[i].bytes + cut, len - cut);
			cr_expect_str_eq(str_text(&got), row[i].events, "row %zu, cut %zu: %s", i,
			    cut, str_text(&got));
			cr_expect_not(input_decoder_waits(d));
			input_decoder_free(d);
			str_fini(&got);
		}
	}
}

Test(input, an_escape_alone_waits_for_what_may_follow, .fini = leak_gate)
{
	static const char *const row[][2] = {
		{ "\x1b", "Esc" },
		{ "\x1b[", "Alt-[" },
		{ "\x1bO", "Alt-O" },
		{ "\xc3", "" },
		{ "\x1b[1;", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct str got = STR_EMPTY;
		struct input_decoder *d = input_decoder_new(note, &got);

		input_decoder_feed(d, row[i][0], strlen(row[i][0]));
		cr_expect_eq(got.len, 0);
		cr_expect(input_decoder_waits(d));
		input_decoder_flush(d);
		cr_expect_str_eq(str_text(&got), row[i][1]);
		cr_expect_not(input_decoder_waits(d));
		input_decoder_free(d);
		str_fini(&got);
	}
}

Test(input, a_paste_is_bounded, .fini = leak_gate)
{
	struct str got = STR_EMPTY;
	struct input_decoder *d = input_decoder_new(note, &got);
	char *big = malloc(INPUT_PASTE_MAX + 100);

	cr_assert_not_null(big);
	memset(big, 'x', INPUT_PASTE_MAX + 100);
	input_decoder_feed(d, "\x1b[200~", 6);
	input_decoder_feed(d, big, INPUT_PASTE_MAX + 100);
	input_decoder_feed(d, "\x1b[201~k", 7);
	cr_expect_str_eq(str_text(&got), "paste:65536+:xxxxxxxxxxxxxxxxxxxx k");
	free(big);
	input_decoder_free(d);
	str_fini(&got);
}

Test(input, noise_is_survived, .fini = leak_gate)
{
	struct str got = STR_EMPTY;
	struct input_decoder *d = input_decoder_new(note, &got);
	unsigned int seed = 3;

	for (int i = 0; i < 200000; i++) {
		char c;

		seed = seed * 1103515245U + 12345U;
		c = "\x1b[O<;1209~Mm\xc3\xa9qA\x01"[(seed >> 16) % 17];
		input_decoder_feed(d, &c, 1);
		if (seed >> 30 == 0)
			input_decoder_flush(d);
		if (got.len > 4096)
			str_clear(&got);
	}
	input_decoder_free(d);
	str_fini(&got);
}

Test(input, names_of_keys_read_back, .fini = leak_gate)
{
	static const char *const name[] = { "Enter", "^C", "Shift-Tab", "PgDn", "Alt-x", "F10",
		"Space", "q", "?", "G", "^U", "Esc", "/" };

	for (size_t i = 0; i < ARRAY_LEN(name); i++) {
		uint32_t key;
		unsigned int mods;
		char buf[32];

		cr_assert(input_key_parse(name[i], &key, &mods), "%s", name[i]);
		cr_expect_str_eq(input_key_name(key, mods, buf, sizeof buf), name[i]);
	}
}
