/* libFuzzer: raw commits and trees of git; what is given lies inside the bytes that were read. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "objects.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { (const char *)data, size }, rest = text;
	struct commit_head head;
	struct object_id id;
	struct tree_entry entry;

	if (commit_head_read(text, &head)) {
		if (head.parents.data < text.data ||
		    head.parents.data + head.parents.len > text.data + text.len)
			abort();
		while (commit_parent_next(&head.parents, &id))
			continue;
	}
	while (tree_entry_next(&rest, &entry))
		if (entry.name.len == 0 || entry.name.data < text.data ||
		    rest.data + rest.len != text.data + text.len)
			abort();
	return 0;
}
