/* Names of keys, for the key table and the help. */
#include "slipway/tui/input.h"

#include <stdio.h>
#include <string.h>

#include "slipway/base/compiler.h"
#include "slipway/base/str.h"
#include "slipway/base/utf8.h"

static const struct {
	uint32_t key;
	const char *name;
} names[] = {
	{ INPUT_KEY_ENTER, "Enter" },
	{ INPUT_KEY_TAB, "Tab" },
	{ INPUT_KEY_ESCAPE, "Esc" },
	{ INPUT_KEY_BACKSPACE, "Backspace" },
	{ INPUT_KEY_INSERT, "Ins" },
	{ INPUT_KEY_DELETE, "Del" },
	{ INPUT_KEY_UP, "Up" },
	{ INPUT_KEY_DOWN, "Down" },
	{ INPUT_KEY_LEFT, "Left" },
	{ INPUT_KEY_RIGHT, "Right" },
	{ INPUT_KEY_HOME, "Home" },
	{ INPUT_KEY_END, "End" },
	{ INPUT_KEY_PAGE_UP, "PgUp" },
	{ INPUT_KEY_PAGE_DOWN, "PgDn" },
	{ INPUT_KEY_F1, "F1" },
	{ INPUT_KEY_F1 + 1, "F2" },
	{ INPUT_KEY_F1 + 2, "F3" },
	{ INPUT_KEY_F1 + 3, "F4" },
	{ INPUT_KEY_F1 + 4, "F5" },
	{ INPUT_KEY_F1 + 5, "F6" },
	{ INPUT_KEY_F1 + 6, "F7" },
	{ INPUT_KEY_F1 + 7, "F8" },
	{ INPUT_KEY_F1 + 8, "F9" },
	{ INPUT_KEY_F1 + 9, "F10" },
	{ INPUT_KEY_F1 + 10, "F11" },
	{ INPUT_KEY_F1 + 11, "F12" },
	{ ' ', "Space" },
};

bool
input_key_parse(const char *name, uint32_t *key, unsigned int *mods)
{
	size_t len, used;

	*mods = 0;
	for (;;) {
		if (text_starts(name, "Shift-")) {
			*mods |= INPUT_SHIFT;
			name += 6;
		} else if (text_starts(name, "Alt-")) {
			*mods |= INPUT_ALT;
			name += 4;
		} else if (name[0] == '^' && name[1] != '\0') {
			*mods |= INPUT_CTRL;
			name++;
		} else {
			break;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(names[i].name, name) == 0) {
			*key = names[i].key;
			return true;
		}
	}
	len = strlen(name);
	used = len > 0 ? utf8_decode(name, len, key) : 0;
	if (used == 0 || used != len)
		return false;
	if ((*mods & INPUT_CTRL) != 0 && *key >= 'A' && *key <= 'Z')
		*key += 'a' - 'A';
	return true;
}

const char *
input_key_name(uint32_t key, unsigned int mods, char *buf, size_t size)
{
	char character[5] = "";
	const char *name = NULL;

	for (size_t i = 0; i < ARRAY_LEN(names) && name == NULL; i++)
		if (names[i].key == key)
			name = names[i].name;
	if (name == NULL && key < INPUT_KEY_NONE) {
		bool lower = key >= 'a' && key <= 'z' && (mods & INPUT_CTRL) != 0;

		character[utf8_encode(lower ? key - ('a' - 'A') : key, character)] = '\0';
		name = character;
	}
	snprintf(buf, size, "%s%s%s%s", (mods & INPUT_ALT) != 0 ? "Alt-" : "",
	    (mods & INPUT_SHIFT) != 0 ? "Shift-" : "", (mods & INPUT_CTRL) != 0 ? "^" : "",
	    name != NULL ? name : "?");
	return buf;
}
