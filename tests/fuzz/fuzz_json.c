/* libFuzzer: what was read is written so that it reads as the same, and its text is safe to show.
 */
#include <stdlib.h>
#include <string.h>

#include "slipway/base/json.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect_safe(const struct str *text)
{
	uint32_t cp;

	for (size_t at = 0, used; at < text->len; at += used) {
		used = utf8_decode(text->data + at, text->len - at, &cp);
		if (used == 0 || (sanitise_is_unsafe(cp) && cp != '\n'))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_limits limits = { .size_bytes = 1 << 20, .depth = 32 };
	struct bytes	   text = { .data = (const char *)data, .len = size };
	struct json	  *j = NULL, *back = NULL;
	struct str	   first = STR_EMPTY, second = STR_EMPTY;
	struct err	   e = ERR_EMPTY;

	if (json_parse(text, "input", &limits, &j, &e) != ERR_OK)
		return 0;
	json_write(j, JSON_STYLE_LINE, &first);
	expect_safe(&first);
	text = (struct bytes){ .data = str_text(&first), .len = first.len };
	if (json_parse(text, "own", NULL, &back, &e) != ERR_OK)
		abort();
	json_write(back, JSON_STYLE_LINE, &second);
	if (strcmp(str_text(&first), str_text(&second)) != 0)
		abort();
	json_free(j);
	json_free(back);
	str_fini(&first);
	str_fini(&second);
	return 0;
}
