/* libFuzzer: core metadata; every value is a C string inside its store. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/dist/metadata.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
take(void *arg, const char *field, const char *value)
{
	size_t *total = arg;

	*total += strlen(field) + strlen(value);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct metadata m = METADATA_EMPTY;
	size_t total = 0;

	metadata_parse((const char *)data, size, &m);
	for (size_t i = 0; i < m.count; i++) {
		struct bytes v = m.fields[i].value;

		if (v.data[v.len] != '\0' || m.fields[i].name.len == 0 || m.fields[i].line == 0)
			abort();
		if (v.data < m.values.data || v.data + v.len >= m.values.data + m.values.len)
			abort();
	}
	metadata_each_form_field(&m, take, &total);
	metadata_fini(&m);
	return 0;
}
