/* Bytes of a terminal into events: UTF-8, the common sequences of xterm, VT, Linux and rxvt,
 * bracketed paste, SGR mouse. What it does not understand it drops; nothing that was typed is kept
 * or logged. */
#include "slipway/tui/input.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"
#include "slipway/os/secret.h"

#define PENDING_MAX 64
#define LEARNED_MAX 64
#define PASTE_END "\x1b[201~"

struct learned {
	char sequence[16];
	size_t len;
	uint32_t key;
	unsigned int mods;
};

struct input_decoder {
	input_fn fn;
	void *arg;
	char pending[PENDING_MAX];
	size_t len;
	bool pasting, cut;
	char *paste; /* of INPUT_PASTE_MAX + the end mark, while pasting */
	size_t paste_len;
	struct learned learned[LEARNED_MAX];
	size_t learned_count;
};

enum { NEED_MORE = 0 };

struct input_decoder *
input_decoder_new(input_fn fn, void *arg)
{
	struct input_decoder *d = mem_zalloc(1, sizeof *d);

	d->fn = fn;
	d->arg = arg;
	return d;
}

static void
paste_drop(struct input_decoder *d)
{
	if (d->paste != NULL)
		secret_wipe(d->paste, d->paste_len);
	free(d->paste);
	d->paste = NULL;
	d->paste_len = 0;
	d->pasting = d->cut = false;
}

void
input_decoder_free(struct input_decoder *d)
{
	if (d == NULL)
		return;
	paste_drop(d);
	secret_wipe(d, sizeof *d);
	free(d);
}

void
input_decoder_learn(struct input_decoder *d, const char *sequence, uint32_t key, unsigned int mods)
{
	struct learned *l = &d->learned[d->learned_count];
	size_t len = strlen(sequence);

	/* One byte is a character or control anyway; a sequence that does not start with Escape is
	 * rare enough. */
	if (len < 2 || len >= sizeof l->sequence || sequence[0] != '\x1b' ||
	    d->learned_count == LEARNED_MAX)
		return;
	memcpy(l->sequence, sequence, len);
	l->len = len;
	l->key = key;
	l->mods = mods;
	d->learned_count++;
}

static void
emit(struct input_decoder *d, struct input_event *ev)
{
	d->fn(d->arg, ev);
	secret_wipe(ev, sizeof *ev);
}

static void
emit_key(struct input_decoder *d, uint32_t key, unsigned int mods)
{
	struct input_event ev = { .type = INPUT_KEY, .key = key, .mods = mods };

	if (key < INPUT_KEY_NONE && (mods & (INPUT_ALT | INPUT_CTRL)) == 0)
		ev.text[utf8_encode(key, ev.text)] = '\0';
	emit(d, &ev);
}

static void
emit_control(struct input_decoder *d, unsigned char c, unsigned int mods)
{
	if (c == '\r' || c == '\n')
		emit_key(d, INPUT_KEY_ENTER, mods);
	else if (c == '\t')
		emit_key(d, INPUT_KEY_TAB, mods);
	else if (c == 0x7f || c == 0x08)
		emit_key(d, INPUT_KEY_BACKSPACE, mods);
	else if (c == 0x1b)
		emit_key(d, INPUT_KEY_ESCAPE, mods);
	else if (c == 0)
		emit_key(d, ' ', mods | INPUT_CTRL);
	else if (c <= 26)
		emit_key(d, (uint32_t)c + 'a' - 1, mods | INPUT_CTRL);
	else
		emit_key(d, (uint32_t)c + '@', mods | INPUT_CTRL);
}

/* One character, not Escape. */
static size_t
take_character(struct input_decoder *d, const char *data, size_t len, unsigned int mods, bool last)
{
	uint32_t cp;
	unsigned char first = (unsigned char)data[0];
	size_t used;

	if (first < 0x20 || first == 0x7f) {
		emit_control(d, first, mods);
		return 1;
	}
	used = utf8_decode(data, len, &cp);
	if (used == 0)
		return first >= 0xc2 && len < 4 && !last &&
			       (len < 2 || ((unsigned char)data[len - 1] & 0xc0) == 0x80)
			   ? NEED_MORE
			   : 1;
	if (cp >= 0xa0 || cp < 0x80)
		emit_key(d, cp, mods);
	return used;
}

static uint32_t
key_of_number(unsigned int n)
{
	static const uint32_t key[] = {
		[1] = INPUT_KEY_HOME,
		[2] = INPUT_KEY_INSERT,
		[3] = INPUT_KEY_DELETE,
		[4] = INPUT_KEY_END,
		[5] = INPUT_KEY_PAGE_UP,
		[6] = INPUT_KEY_PAGE_DOWN,
		[7] = INPUT_KEY_HOME,
		[8] = INPUT_KEY_END,
		[11] = INPUT_KEY_F1,
		[12] = INPUT_KEY_F1 + 1,
		[13] = INPUT_KEY_F1 + 2,
		[14] = INPUT_KEY_F1 + 3,
		[15] = INPUT_KEY_F1 + 4,
		[17] = INPUT_KEY_F1 + 5,
		[18] = INPUT_KEY_F1 + 6,
		[19] = INPUT_KEY_F1 + 7,
		[20] = INPUT_KEY_F1 + 8,
		[21] = INPUT_KEY_F1 + 9,
		[23] = INPUT_KEY_F1 + 10,
		[24] = INPUT_KEY_F1 + 11,
	};

	return n < ARRAY_LEN(key) && key[n] != 0 ? key[n] : INPUT_KEY_NONE;
}

static uint32_t
key_of_letter(char c)
{
	switch (c) {
	case 'A':
		return INPUT_KEY_UP;
	case 'B':
		return INPUT_KEY_DOWN;
	case 'C':
		return INPUT_KEY_RIGHT;
	case 'D':
		return INPUT_KEY_LEFT;
	case 'F':
		return INPUT_KEY_END;
	case 'H':
		return INPUT_KEY_HOME;
	case 'M':
		return INPUT_KEY_ENTER; /* the keypad's, after SS3 */
	case 'P':
		return INPUT_KEY_F1;
	case 'Q':
		return INPUT_KEY_F1 + 1;
	case 'R':
		return INPUT_KEY_F1 + 2;
	case 'S':
		return INPUT_KEY_F1 + 3;
	case 'Z':
		return INPUT_KEY_TAB;
	default:
		return INPUT_KEY_NONE;
	}
}

/* Numbers between semicolons; returns how many. */
static size_t
numbers(const char *text, size_t len, unsigned int *out, size_t max)
{
	size_t count = 0;

	memset(out, 0, max * sizeof *out);
	for (size_t i = 0; i < len && count < max; i++) {
		if (text[i] == ';')
			count++;
		else if (text[i] >= '0' && text[i] <= '9' && out[count] < 100000)
			out[count] = out[count] * 10 + (unsigned int)(text[i] - '0');
	}
	return count < max ? count + 1 : max;
}

static void
take_mouse(struct input_decoder *d, const char *text, size_t len, bool press)
{
	unsigned int n[3];
	struct input_event ev = { .type = INPUT_MOUSE };

	if (numbers(text, len, n, 3) != 3 || n[1] == 0 || n[2] == 0 || !press)
		return;
	ev.x = (int)n[1] - 1;
	ev.y = (int)n[2] - 1;
	ev.mods = ((n[0] & 4) != 0 ? INPUT_SHIFT : 0U) | ((n[0] & 8) != 0 ? INPUT_ALT : 0U) |
		  ((n[0] & 16) != 0 ? INPUT_CTRL : 0U);
	if ((n[0] & 64) != 0)
		ev.mouse = (n[0] & 1) != 0 ? INPUT_MOUSE_WHEEL_DOWN : INPUT_MOUSE_WHEEL_UP;
	else if ((n[0] & (32 | 3)) == 0)
		ev.mouse = INPUT_MOUSE_PRESS;
	else
		return;
	emit(d, &ev);
}

/* A control sequence: TEXT lies between "ESC [" and FINAL. */
static void
take_csi(struct input_decoder *d, const char *text, size_t len, char final)
{
	unsigned int n[2];
	uint32_t key = INPUT_KEY_NONE;
	unsigned int mods;

	if (len > 0 && text[0] == '<' && (final == 'M' || final == 'm')) {
		take_mouse(d, text + 1, len - 1, final == 'M');
		return;
	}
	if (len > 0 && text[0] >= '<')
		return;
	numbers(text, len, n, 2);
	mods = n[1] > 0 ? (n[1] - 1) & (INPUT_SHIFT | INPUT_ALT | INPUT_CTRL) : 0;
	if (final == '~' && n[0] == 200) {
		d->pasting = true;
		d->paste = mem_alloc(INPUT_PASTE_MAX + sizeof PASTE_END);
		return;
	}
	if (final == '~' || final == '^')
		key = key_of_number(n[0]);
	else if (final != 'M')
		key = key_of_letter(final);
	if (final == 'Z')
		mods |= INPUT_SHIFT;
	if (final == '^')
		mods |= INPUT_CTRL;
	if (key != INPUT_KEY_NONE)
		emit_key(d, key, mods);
}

static size_t
take_learned(struct input_decoder *d, const char *data, size_t len, bool last, bool *more)
{
	*more = false;
	for (size_t i = 0; i < d->learned_count; i++) {
		const struct learned *l = &d->learned[i];
		size_t common = len < l->len ? len : l->len;

		if (memcmp(data, l->sequence, common) != 0)
			continue;
		if (len >= l->len) {
			emit_key(d, l->key, l->mods);
			return l->len;
		}
		*more = !last;
	}
	return 0;
}

/* What follows an Escape. Returns the bytes used, or NEED_MORE. */
static size_t
take_escape(struct input_decoder *d, const char *data, size_t len, bool last)
{
	bool more;
	size_t used = take_learned(d, data, len, last, &more);

	if (used > 0)
		return used;
	if (more || (len == 1 && !last))
		return NEED_MORE;
	if (len == 1 || data[1] == '\x1b') {
		emit_key(d, INPUT_KEY_ESCAPE, 0);
		return 1;
	}
	if (data[1] == 'O') {
		if (len == 2) {
			if (last)
				emit_key(d, 'O', INPUT_ALT);
			return last ? 2 : NEED_MORE;
		}
		if (key_of_letter(data[2]) != INPUT_KEY_NONE)
			emit_key(d, key_of_letter(data[2]), 0);
		return 3;
	}
	if (data[1] == '[') {
		size_t at = 2;

		if (len > 2 && data[2] == '[') /* the Linux console's F1 to F5 */
			at = 3;
		while (at < len && data[at] >= 0x20 && data[at] < 0x40)
			at++;
		if (at == len) {
			if (last && len == 2)
				emit_key(d, '[', INPUT_ALT);
			return last ? len : NEED_MORE;
		}
		if (data[2] == '[' && data[at] >= 'A' && data[at] <= 'E')
			emit_key(d, (uint32_t)(INPUT_KEY_F1 + (data[at] - 'A')), 0);
		else if (data[2] != '[')
			take_csi(d, data + 2, at - 2, data[at]);
		return at + 1;
	}
	used = take_character(d, data + 1, len - 1, INPUT_ALT, last);
	return used > 0 ? used + 1 : NEED_MORE;
}

static void
take_paste_byte(struct input_decoder *d, char c)
{
	const size_t end = sizeof PASTE_END - 1;

	if (d->paste_len < INPUT_PASTE_MAX + end) {
		d->paste[d->paste_len++] = c;
	} else {
		/* Full: the last bytes only watch for the end mark. */
		memmove(d->paste + INPUT_PASTE_MAX, d->paste + INPUT_PASTE_MAX + 1, end - 1);
		d->paste[d->paste_len - 1] = c;
		d->cut = true;
	}
	if (d->paste_len >= end && memcmp(d->paste + d->paste_len - end, PASTE_END, end) == 0) {
		struct input_event ev = { .type = INPUT_PASTE,
			.paste = d->paste,
			.paste_len = d->paste_len - end,
			.cut = d->cut };

		emit(d, &ev);
		paste_drop(d);
	}
}

/* Takes whole events off the pending bytes. */
static void
drain(struct input_decoder *d, bool last)
{
	size_t pos = 0;

	while (pos < d->len && !d->pasting) {
		const char *data = d->pending + pos;
		size_t used;

		if (data[0] == '\x1b')
			used = take_escape(d, data, d->len - pos, last);
		else
			used = take_character(d, data, d->len - pos, 0, last);
		if (used == NEED_MORE)
			break;
		pos += used;
	}
	d->len -= pos;
	memmove(d->pending, d->pending + pos, d->len);
	secret_wipe(d->pending + d->len, pos);
	if (d->len == PENDING_MAX) /* a sequence longer than any that is sent */
		d->len = 0;
}

void
input_decoder_feed(struct input_decoder *d, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (d->pasting) {
			take_paste_byte(d, data[i]);
		} else {
			d->pending[d->len++] = data[i];
			drain(d, false);
		}
	}
}

bool
input_decoder_waits(const struct input_decoder *d)
{
	return d->len > 0 && !d->pasting;
}

void
input_decoder_flush(struct input_decoder *d)
{
	if (!d->pasting)
		drain(d, true);
}
