/* Tags by what stands before their version. Private to this layer. */
#ifndef SLIPWAY_PROJECT_TAGS_INDEX_H
#define SLIPWAY_PROJECT_TAGS_INDEX_H

#include "slipway/project/tags.h"

struct tag_entry {
	const char *name; /* borrowed from the names */
	size_t at;	  /* its place among them */
	size_t prefix_len;
	struct version version;
};

/* Tags that begin alike. */
struct tag_prefix {
	char *text;
	char *said; /* the name that it says, by PEP 503: "hf-local" for "hf-local-v", "" for "v" */
	const struct tag_entry *entries; /* by version, the greatest last; of equal ones the first
					    of the names last */
	size_t count;
	size_t first; /* the place of the first of them among the names */
};

struct tag_index {
	const struct strlist *names;
	struct tag_entry *entries;
	size_t entry_count;
	struct tag_prefix *prefixes; /* in the order of the names */
	size_t prefix_count;
};

#endif
