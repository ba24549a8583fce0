/* libFuzzer: a pattern, a NUL, a text. What is found lies inside the text. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pattern.h"
#include "slipway/base/mem.h"

#define TEXT_MAX 200 /* bytes: a search may take long, which is not what is looked for here */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *all = (const char *)data, *end = size > 0 ? memchr(all, '\0', size) : NULL;
	struct pattern *p = NULL;
	struct bytes text;
	struct span found = { 0, 0 };
	struct err e = ERR_EMPTY;
	bool is_found = false;
	char *source;

	if (end == NULL || size > TEXT_MAX)
		return 0;
	source = mem_strndup(all, (size_t)(end - all));
	text = (struct bytes) { end + 1, size - (size_t)(end - all) - 1 };
	if (pattern_compile(source, &p, &e) == ERR_OK &&
	    pattern_search(p, text, "version", &found, &is_found, &e) == ERR_OK && is_found &&
	    (found.at > text.len || found.len > text.len - found.at))
		abort();
	pattern_free(p);
	free(source);
	return 0;
}
