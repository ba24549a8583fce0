/* libFuzzer: license expressions; what is called an expression has identifiers that lie in it. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "slipway/base/mem.h"
#include "spdx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	struct bytes text;
	size_t ids;
};

static void
take_id(void *arg, struct bytes id, bool exception)
{
	struct seen *seen = arg;

	(void)exception;
	if (id.len == 0 || id.data < seen->text.data ||
	    id.data + id.len > seen->text.data + seen->text.len)
		abort();
	seen->ids++;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_strndup((const char *)data, size);
	struct seen seen = { .text = bytes_of(text) };

	if (spdx_parse(text, take_id, &seen) == NULL && seen.ids == 0)
		abort();
	free(text);
	return 0;
}
