/* The links of an HTML page, for simple API pages: tolerant as browsers are, bounded, nothing kept.
 */
#ifndef SLIPWAY_INDEX_ANCHORS_H
#define SLIPWAY_INDEX_ANCHORS_H

#include <stdbool.h>

#include "slipway/base/str.h"

struct anchor { /* borrowed until the callback returns; entities are resolved, NULL is absent */
	const char *href;
	const char *text; /* without tags, trimmed; "" when there is none */
	const char *requires_python;
	const char *yanked;
	bool is_base; /* <base href>, not a link */
};

/* False stops the walk. */
typedef bool (*anchor_fn)(void *arg, const struct anchor *a);
void anchors_walk(struct bytes page, anchor_fn fn, void *arg);

#endif
