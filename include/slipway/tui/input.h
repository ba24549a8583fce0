/* What a person does at the terminal, as events; and the decoder that makes them of the terminal's
 * bytes. It reads no descriptor and knows no clock, so tests feed it bytes. */
#ifndef SLIPWAY_TUI_INPUT_H
#define SLIPWAY_TUI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Keys without a character lie above Unicode; all others are their code point ('a', 0xe9). */
enum input_key {
	INPUT_KEY_NONE = 0x110000,
	INPUT_KEY_ENTER,
	INPUT_KEY_TAB, /* with INPUT_SHIFT for the other direction */
	INPUT_KEY_ESCAPE,
	INPUT_KEY_BACKSPACE,
	INPUT_KEY_INSERT,
	INPUT_KEY_DELETE,
	INPUT_KEY_UP,
	INPUT_KEY_DOWN,
	INPUT_KEY_LEFT,
	INPUT_KEY_RIGHT,
	INPUT_KEY_HOME,
	INPUT_KEY_END,
	INPUT_KEY_PAGE_UP,
	INPUT_KEY_PAGE_DOWN,
	INPUT_KEY_F1, /* F2 to F12 follow */
	INPUT_KEY_LAST = INPUT_KEY_F1 + 11,
};

/* Shift is only told for keys without a character. */
enum input_mod { INPUT_SHIFT = 1, INPUT_ALT = 2, INPUT_CTRL = 4 };

enum input_type {
	INPUT_KEY,    /* key, mods, text */
	INPUT_PASTE,  /* paste, paste_len, cut: one event, however long */
	INPUT_MOUSE,  /* mouse, x, y, mods */
	INPUT_RESIZE, /* w, h */
	INPUT_SIGNAL, /* signo: SIGINT, SIGTERM or SIGHUP; from the terminal, not the decoder */
};

enum input_mouse { INPUT_MOUSE_PRESS, INPUT_MOUSE_WHEEL_UP, INPUT_MOUSE_WHEEL_DOWN };

#define INPUT_PASTE_MAX 65536

/* Borrowed for the call that hands it over, and wiped after it: it may be part of a token. */
struct input_event {
	enum input_type type;
	uint32_t key;
	unsigned int mods;
	char text[5];	   /* UTF-8 of a character without Ctrl and Alt; else empty */
	const char *paste; /* raw bytes, not closed by a NUL */
	size_t paste_len;
	bool cut; /* more than INPUT_PASTE_MAX was pasted */
	enum input_mouse mouse;
	int x, y; /* cells from the top left, 0 */
	int w, h;
	int signo;
};

typedef void (*input_fn)(void *arg, const struct input_event *ev);

struct input_decoder;

/* The caller owns it: input_decoder_free(). */
struct input_decoder *input_decoder_new(input_fn fn, void *arg);
void input_decoder_free(struct input_decoder *d); /* NULL is fine */
/* A sequence that this terminal sends for KEY, known before the common ones. */
void input_decoder_learn(
    struct input_decoder *d, const char *sequence, uint32_t key, unsigned int mods);
/* FN is called for each whole event. */
void input_decoder_feed(struct input_decoder *d, const char *data, size_t len);
/* Bytes wait that may be a lone Escape or the start of more: call input_decoder_flush() 25 ms
 * later. */
bool input_decoder_waits(const struct input_decoder *d);
void input_decoder_flush(struct input_decoder *d);

/* "Enter", "^C", "Shift-Tab", "PgDn", "Alt-x", "F1", "Space", "q". False when NAME names no key. */
bool input_key_parse(const char *name, uint32_t *key, unsigned int *mods);
const char *input_key_name(uint32_t key, unsigned int mods, char *buf, size_t size);

#endif
