/* The list of a browser: the members of a file (and what is gone from it) as a tree or flat, with
 * badges, filtered and sorted. Knows no archive and no screen. */
#ifndef SLIPWAY_TUI_BROWSER_ROWS_H
#define SLIPWAY_TUI_BROWSER_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/dist/tree.h"

enum browser_filter {
	FILTER_ALL,
	FILTER_CHANGED,
	FILTER_NOT_IN_GIT,
	FILTER_FINDINGS,
	FILTER_BINARIES,
	FILTER_COUNT
};

/* One column each; 0 where there is nothing to say. Of a folder: the worst below it. */
struct browser_badges {
	unsigned char severity; /* 1 + enum finding_severity */
	char change;		/* since the release before: + ~ M - . */
	char git;		/* G not there, g differs, M - . */
	char kind;		/* N runs by itself, X executable, B binary, Z archive, L link */
	bool secret;
	bool accepted; /* all its findings were acknowledged */
};

/* One member, or something that only the base has. */
struct browser_item {
	struct bytes name; /* raw; borrowed from the archive or the comparison */
	uint64_t size;
	int64_t growth;
	bool is_dir;
	bool gone;	/* not in this file */
	size_t there[2]; /* then: its rows in the comparisons, SIZE_MAX for none */
	bool changed;  /* to be reviewed */
	bool reviewed; /* marked */
	struct browser_badges badges;
};

struct browser_rows {
	struct browser_item *items; /* members first, by index */
	size_t count, cap;
	size_t members;
	size_t built; /* items in the tree */
	struct dist_tree tree; /* of all items */
	struct browser_badges *badges; /* of each node */
	size_t *rows;		       /* nodes that are visible, in their order */
	size_t row_count, row_cap;
	enum browser_filter filter;
	enum dist_tree_order order;
	bool flat;
};

void browser_rows_fini(struct browser_rows *r); /* all zero is empty; empty afterwards */
/* Items were set: builds the tree. Folders that were open stay so when their number stays. */
void browser_rows_build(struct browser_rows *r);
/* Badges of items, their findings or growth changed. FINDINGS may be NULL. */
void browser_rows_mark(struct browser_rows *r, const struct findings *findings);
/* After folding, filtering, sorting or changing between tree and flat. */
void browser_rows_update(struct browser_rows *r);
const char *browser_filter_name(enum browser_filter f);
const char *browser_order_name(enum dist_tree_order order);

/* The item of a node; NULL for a folder without an entry of its own. */
const struct browser_item *browser_rows_item(const struct browser_rows *r, size_t node);
bool browser_rows_passes(const struct browser_rows *r, size_t node); /* of a leaf: the filter */
/* The row of NODE after its folders were opened; row_count when the filter hides it. */
size_t browser_rows_reveal(struct browser_rows *r, size_t node);
/* The next leaf from NODE on (DIST_TREE_NONE: from the start) for which TEST says yes, around the
 * end, whatever is folded; DIST_TREE_NONE: none. */
typedef bool (*browser_test_fn)(void *arg, const struct browser_rows *r, size_t node);
size_t browser_rows_find(
    const struct browser_rows *r, size_t node, int way, browser_test_fn test, void *arg);
/* By its name alone, which may be raw. */
char browser_kind_of(struct bytes name, uint32_t mode, bool is_link);

#endif
