/* libFuzzer: an index may answer anything. The first byte chooses what it calls its answer. */
#include <stdlib.h>
#include <string.h>

#include "slipway/index/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = { "text/html", "application/vnd.pypi.simple.v1+json",
		NULL };
	struct index_listing l = INDEX_LISTING_EMPTY, copy = INDEX_LISTING_EMPTY;
	struct err e = ERR_EMPTY;

	if (size == 0)
		return 0;
	if (index_listing_parse("https://index.example/simple/demo/", types[data[0] % 3],
		(struct bytes) { .data = (const char *)data + 1, .len = size - 1 }, &l,
		&e) != ERR_OK) {
		if (l.files != NULL || e.message[0] == '\0')
			abort();
		return 0;
	}
	for (size_t i = 0; i < l.count; i++) {
		if (strpbrk(l.files[i].name, "/\\") != NULL || l.files[i].url == NULL)
			abort();
		if (l.files[i].sha256 != NULL && strlen(l.files[i].sha256) != 64)
			abort();
	}
	index_listing_copy(&copy, &l);
	index_listing_fini(&l);
	index_listing_fini(&copy);
	return 0;
}
