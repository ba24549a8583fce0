/* libFuzzer: what a reader's child may say; whatever it is, the listing and the findings are sound.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/dist/reader_model.h"
#include "slipway/dist/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect_sound(const struct reader_model *m)
{
	struct dist_tree tree = DIST_TREE_EMPTY;

	for (size_t i = 0; i < m->findings.count; i++)
		if (strpbrk(m->findings.items[i].message, "\x1b\n\r") != NULL)
			abort();
	if (!m->listed)
		return;
	dist_tree_build(m->archive, &m->findings, &tree);
	dist_tree_fini(&tree);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct archive_limits limits = { .entries = 1000, .name_bytes = 4096 };
	struct reader_model m;
	struct wire w;
	enum wire_kind kind;
	size_t at = 0, used = 0;
	bool bad = false;

	reader_model_init(&m, &limits);
	while (wire_next((struct bytes) { .data = (const char *)data + at, .len = size - at },
	    &kind, &w, &used, &bad)) {
		at += used;
		if (!reader_model_take(&m, kind, &w))
			break;
	}
	expect_sound(&m);
	reader_model_fini(&m);
	return 0;
}
