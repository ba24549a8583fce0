/* Every requirement that a pyproject.toml states, with the table it stands in. Private to this
 * layer. */
#ifndef SLIPWAY_PROJECT_DEPS_H
#define SLIPWAY_PROJECT_DEPS_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/str.h"
#include "slipway/base/toml.h"

enum dep_kind {
	DEP_HARD, /* needed to install or to build: decides the order of publishing */
	DEP_SOFT, /* extras: the order, as long as they make no cycle */
	DEP_DEV	  /* groups and tools' environments: no order */
};

struct dep {
	struct bytes name; /* as written; borrowed from the document */
	const struct toml_node
	    *node;   /* the string with the requirement; NULL when a table gives no version */
	bool poetry; /* the string is a constraint of Poetry, without the name */
	enum dep_kind kind;
};

struct deps {
	struct dep *items;
	size_t count;
	size_t cap;
};

#define DEPS_EMPTY                                                                                 \
	{                                                                                          \
		.items = NULL, .count = 0, .cap = 0                                                \
	}

/* Strings that are no requirement are left out. The caller owns *OUT: deps_fini(); it borrows from
 * DOC. */
void deps_collect(const struct toml_doc *doc, struct deps *out);
void deps_fini(struct deps *d);

#endif
