/* The notes of a release while they are curated: entries in groups, each taken or left out, drafted
 * from commits. A model alone: it reads no file and runs nothing. Nothing that was left out is
 * lost; all texts are safe for a terminal. */
#ifndef SLIPWAY_PROJECT_NOTES_H
#define SLIPWAY_PROJECT_NOTES_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"
#include "slipway/base/strlist.h"
#include "slipway/project/changelog.h"
#include "slipway/project/commits.h"

struct json;

struct note {
	char *text;    /* one line, as it would stand in the file, without a bullet */
	char *source;  /* the short hash of its commit; NULL: a line from elsewhere */
	char *subject; /* of that commit; NULL likewise */
	char *why;     /* why it was left out at first; NULL when it was not */
	size_t group;
	bool taken;
	bool reworded;
	bool added; /* by the person: nothing drafts it again */
};

struct notes {
	struct strlist groups; /* titles in the order of the file; "" is no title */
	struct note *items;    /* by group, in the order of the file */
	size_t count, cap;
	char *whole; /* the whole section as a person wrote it, in place of all entries; NULL */
};

#define NOTES_EMPTY                                                                                \
	{                                                                                          \
		.items = NULL                                                                      \
	}

struct notes_opts {
	const struct changelog *changelog; /* its titles and style are followed */
	/* Lines "feat, perf: Title": which types of commits go where; "breaking" and "deps" are
	 * types too, "*" the rest. NULL or empty: by the titles of the changelog. */
	const struct strlist *categories;
};

/* ERR_CONFIG: a line of LINES is no "types: title". */
enum err_code notes_check_categories(const struct strlist *lines, struct err *e);
/* Entries from COMMITS (newest first) as READINGS has them, the oldest first; what stands under
 * Unreleased already, by its issue number or its words, is left out. The caller owns *OUT:
 * notes_fini(). */
void notes_draft(const struct commit_info *commits, const struct commit_reading *readings,
    size_t count, const struct notes_opts *opts, struct notes *out);
void notes_fini(struct notes *n);

/* Adds each line of TEXT that is not blank: "### Title" begins a group, bullets are dropped. What
 * comes first goes below TITLE. */
void notes_add_lines(struct notes *n, struct bytes text, const char *title);

/* What a person does. Each AT is an index into items; where an entry ends up is returned. */
void notes_take(struct notes *n, size_t at, bool taken);
size_t notes_move(struct notes *n, size_t at, int by); /* within its group */
size_t notes_regroup(struct notes *n, size_t at, size_t group);
/* One line; an empty TEXT is refused with false. */
bool notes_reword(struct notes *n, size_t at, const char *text);
/* One more entry, the last of GROUP (that of its first, where there is no such group); SIZE_MAX:
 * TEXT is empty. */
size_t notes_add(struct notes *n, size_t group, const char *text);
/* TEXT replaces all entries, without what is blank at its ends; NULL goes back to them. */
void notes_write(struct notes *n, const char *text);

size_t notes_taken(const struct notes *n);
/* Appends the body of the section: WHOLE, or the entries that are taken merged with what stands
 * under Unreleased in CHANGELOG. */
void notes_body(const struct notes *n, const struct changelog *changelog, struct str *out);

/* For the journal. notes_load() takes over what notes_save() of an equal draft had: entries are
 * known by their commit and drafted text. */
struct json *notes_save(const struct notes *n) MUST_USE;
void notes_load(struct notes *n, const struct json *saved);

#endif
