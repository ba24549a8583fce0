/* Edits of files: computed and proved in memory first, then written all or none. */
#ifndef SLIPWAY_PROJECT_EDIT_H
#define SLIPWAY_PROJECT_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"
#include "slipway/project/places.h"

struct edit_file {
	char *path; /* relative to the repository */
	struct str before;
	struct str after;
	size_t places; /* how many changed in it */
	bool created;  /* it is not there yet: BEFORE is empty */
};

struct edit_plan {
	struct edit_file *items;
	size_t count;
	size_t cap;
};

#define EDIT_PLAN_EMPTY                                                                            \
	{                                                                                          \
		.items = NULL, .count = 0, .cap = 0                                                \
	}

/* The files that the included places change. Each result is read again: all but the versions must
 * be as before. The caller owns *OUT: edit_plan_fini(). */
enum err_code edit_plan_make(const struct places *places, struct edit_plan *out, struct err *e);
/* Adds one file with its old and new bytes: for changelogs and the like. */
void edit_plan_add(
    struct edit_plan *plan, const char *path, struct bytes before, struct bytes after);
/* The same for a file that is not there yet: ERR_CONFLICT when it is written and somebody made one
 * meanwhile. */
void edit_plan_add_new(struct edit_plan *plan, const char *path, struct bytes text);
/* The file as the plan leaves it, to be changed further; NULL when it is not in it. Borrowed. */
struct edit_file *edit_plan_find(const struct edit_plan *plan, const char *path);
/* Takes the file out again; not there is fine. */
void edit_plan_drop(struct edit_plan *plan, const char *path);
void edit_plan_fini(struct edit_plan *plan);

/* Whether the files below DIR are still as they were read, and may be replaced: errors as
 * edit_apply(). */
enum err_code edit_check(const struct edit_plan *plan, const char *dir, struct err *e);
/* Writes the plan below DIR, a repository or a linked worktree of it: all files, or none.
 * ERR_CONFLICT when a file is no longer as it was read, ERR_REFUSED when it is read-only or a link
 * leads out of DIR. Modes stay. */
enum err_code edit_apply(const struct edit_plan *plan, const char *dir, struct err *e);

/* The file that an edit of PATH changes, relative to DIR: through links. ERR_REFUSED for one that
 * leads out, ERR_NOT_FOUND. The caller owns *OUT. */
enum err_code edit_target(const char *dir, const char *path, char **out, struct err *e);

#endif
