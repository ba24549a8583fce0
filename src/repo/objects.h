/* Raw commits and trees, for this layer alone: what a walk of many thousand commits needs of each.
 */
#ifndef SLIPWAY_REPO_OBJECTS_H
#define SLIPWAY_REPO_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"

#define OBJECT_ID_SIZE 20 /* SHA-1: libgit2 reads no other repository */

struct object_id {
	unsigned char bytes[OBJECT_ID_SIZE];
};

/* False when TEXT does not begin with a hash. */
bool object_id_read(struct bytes text, struct object_id *out);
void object_id_write(const struct object_id *id, char out[2 * OBJECT_ID_SIZE + 1]);

/* The head of a commit, read line by line: REST starts as the whole object. */
struct commit_head {
	struct object_id tree;
	int64_t when;	       /* the committer's date */
	struct bytes parents; /* the lines "parent HASH", one after the other */
};

/* False when it is no commit. OUT borrows from TEXT. */
bool commit_head_read(struct bytes text, struct commit_head *out);
/* Takes the next parent from the front of PARENTS; false at the end. */
bool commit_parent_next(struct bytes *parents, struct object_id *out);

struct tree_entry {
	struct bytes name;
	struct object_id id;
	bool is_tree;
	bool is_run; /* a file that its owner may execute */
};

/* Takes the next entry from the front of REST; false at the end and at what is no tree. */
bool tree_entry_next(struct bytes *rest, struct tree_entry *out);

#endif
