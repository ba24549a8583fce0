/* libFuzzer: whatever comes in, what comes out is one line of UTF-8 that no terminal acts on. */
#include <stdlib.h>
#include <string.h>

#include "slipway/base/sanitise.h"
#include "slipway/base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect_safe(const char *text, size_t len, bool lines)
{
	uint32_t cp;

	for (size_t at = 0, used; at < len; at += used) {
		used = utf8_decode(text + at, len - at, &cp);
		if (used == 0)
			abort();
		if (sanitise_is_unsafe(cp) && !(lines && cp == '\n'))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct str  out = STR_EMPTY;
	char	    line[64];

	sanitise(text, size, &out);
	expect_safe(str_text(&out), out.len, false);
	str_clear(&out);
	sanitise_text(text, size, &out);
	expect_safe(str_text(&out), out.len, true);
	str_fini(&out);
	for (size_t room = 1; room <= sizeof line; room++) {
		memset(line, 'x', sizeof line);
		sanitise_line(text, size, line, room);
		if (memchr(line, '\0', room) == NULL)
			abort();
		expect_safe(line, strlen(line), false);
	}
	return 0;
}
