/* libFuzzer: tokens and assignments of any bytes stay inside them. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "slipway/project/pytoken.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "__version__", "V", NULL };
	struct bytes text = { (const char *)data, size };
	struct py_tokens t = PY_TOKENS_EMPTY;
	struct py_assignments a;
	struct err e = ERR_EMPTY;

	if (py_tokenise(text, "fuzz", &t, &e) != ERR_OK)
		return 0;
	for (size_t i = 0; i < t.count; i++)
		if (t.items[i].span.at + t.items[i].span.len > size ||
		    t.items[i].content.at + t.items[i].content.len > size)
			abort();
	py_find_assignments(text, &t, names, &a);
	for (size_t i = 0; i < a.count; i++)
		if (a.items[i].content.at + a.items[i].content.len > size)
			abort();
	py_assignments_fini(&a);
	py_tokens_fini(&t);
	return 0;
}
