/* libFuzzer: INI and .env readers; every text they give lies inside the bytes they got. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "slipway/base/dotenv.h"
#include "slipway/base/ini.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect_inside(struct bytes text, struct bytes part)
{
	if (part.len > 0 && (part.data < text.data || part.data + part.len > text.data + text.len))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { (const char *)data, size };
	struct ini ini = INI_EMPTY;
	struct err e = ERR_EMPTY;
	struct dotenv d = dotenv_start(text);
	struct dotenv_entry entry;

	if (ini_parse(text, "fuzz", &ini, &e) == ERR_OK)
		for (size_t i = 0; i < ini.count; i++) {
			struct bytes rest = ini.entries[i].value, line;

			expect_inside(text, ini.entries[i].section);
			expect_inside(text, ini.entries[i].key);
			expect_inside(text, rest);
			while (ini_value_line(&rest, &line))
				expect_inside(ini.entries[i].value, line);
		}
	ini_fini(&ini);
	while (dotenv_next(&d, &entry)) {
		if (entry.key.len == 0)
			abort();
		expect_inside(text, entry.key);
		expect_inside(text, entry.value);
	}
	return 0;
}
