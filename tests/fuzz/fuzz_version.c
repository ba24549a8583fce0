/* libFuzzer: a version that is read must read its own normal form as itself, and its spellings too.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/project/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect_same(const struct version *v, const char *text)
{
	struct version back = VERSION_EMPTY;

	if (version_parse(text, &back, NULL) != ERR_OK || version_compare(v, &back) != 0)
		abort();
	version_fini(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct version v = VERSION_EMPTY;
	struct err e = ERR_EMPTY;

	if (version_parse_bytes((struct bytes) { (const char *)data, size }, &v, &e) != ERR_OK)
		return 0;
	expect_same(&v, version_text(&v));
	for (int s = 0; s < VERSION_SPELLING_COUNT; s++) {
		struct str text = STR_EMPTY;

		if (version_spell(&v, (enum version_spelling)s, &text, NULL) == ERR_OK)
			expect_same(&v, str_text(&text));
		str_fini(&text);
	}
	for (int b = 0; b < BUMP_COUNT; b++) {
		struct version next = VERSION_EMPTY;

		if (version_next(&v, (enum version_bump)b, &next, NULL) == ERR_OK &&
		    version_compare(&next, &v) <= 0)
			abort();
		version_fini(&next);
	}
	version_fini(&v);
	return 0;
}
