/* libFuzzer: RECORD; every text lies inside the store, and rows are in the order of their lines. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "slipway/dist/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect_inside(const struct record *r, struct bytes b)
{
	const char *begin = str_text(&r->store);

	if (b.data < begin || b.data + b.len > begin + r->store.len)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record r = RECORD_EMPTY;

	record_parse((const char *)data, size, &r);
	for (size_t i = 0; i < r.count; i++) {
		expect_inside(&r, r.rows[i].path);
		expect_inside(&r, r.rows[i].algorithm);
		expect_inside(&r, r.rows[i].digest);
		if (i > 0 && r.rows[i].line <= r.rows[i - 1].line)
			abort();
	}
	record_fini(&r);
	return 0;
}
