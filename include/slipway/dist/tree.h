/* The members of an archive as a tree of folders, for a browser. Nothing here draws. */
#ifndef SLIPWAY_DIST_TREE_H
#define SLIPWAY_DIST_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/str.h"
#include "slipway/dist/finding.h"

struct archive;

#define DIST_TREE_NONE SIZE_MAX

enum dist_tree_order {
	DIST_TREE_BY_NAME,
	DIST_TREE_BY_SIZE,
	DIST_TREE_BY_GROWTH,
	DIST_TREE_BY_SEVERITY
};

/* What becomes a leaf, or a folder: a member, or what a comparison says is gone. */
struct dist_tree_item {
	struct bytes name; /* raw, with slashes */
	uint64_t size;
	bool is_dir;
};

/* Numbers are positions in the list of nodes. Folders sum up what is below them. */
struct dist_tree_node {
	struct bytes name; /* the last part, raw: borrowed from the archive */
	size_t member;	   /* FINDING_NO_MEMBER for a folder that has no entry of its own */
	size_t parent, child, next; /* DIST_TREE_NONE for none */
	size_t depth;		    /* 0 at the top */
	size_t rank;		    /* among its siblings by name: folders first */
	uint64_t size;
	int64_t growth; /* the browser's: since the release before */
	size_t files;	/* 1 for a file */
	size_t findings;
	enum finding_severity worst; /* when there are findings */
	bool is_dir;
	bool open; /* the browser's: unfolded */
};

struct dist_tree {
	struct dist_tree_node *nodes;
	size_t count, cap;
	size_t first;	   /* the first node at the top */
	size_t *by_member; /* node of each member */
	size_t members;
	bool ranked; /* names were compared: no other order does so again */
};

#define DIST_TREE_EMPTY                                                                            \
	{                                                                                          \
		.nodes = NULL, .first = DIST_TREE_NONE                                             \
	}

/* Of all members, hidden ones too; folders first, by name. FINDINGS may be NULL. The archive must
 * outlive *OUT, which the caller owns. Parts of a hostile archive's names beyond a bound stay one
 * name. */
void dist_tree_build(
    const struct archive *a, const struct findings *findings, struct dist_tree *out);
/* Of any list: node->member is the position in it. The names must outlive *OUT. */
void dist_tree_build_items(
    const struct dist_tree_item *items, size_t count, struct dist_tree *out);
void dist_tree_fini(struct dist_tree *t); /* empty is fine; empty afterwards */
/* Counts the findings of a later check anew. */
void dist_tree_mark(struct dist_tree *t, const struct findings *findings);
void dist_tree_sort(
    struct dist_tree *t, enum dist_tree_order order); /* folders stay first, but by severity */
/* The node behind NODE in reading order, DIST_TREE_NONE behind the last one; folded folders are
 * passed over when OPEN_ONLY. */
size_t dist_tree_next(const struct dist_tree *t, size_t node, bool open_only);
/* Unfolds every folder above NODE. */
void dist_tree_reveal(struct dist_tree *t, size_t node);

#endif
