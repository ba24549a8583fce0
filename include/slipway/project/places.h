/* Where versions stand, what each place will say, and why some are left alone. Reads files only;
 * see edit.h for writing. */
#ifndef SLIPWAY_PROJECT_PLACES_H
#define SLIPWAY_PROJECT_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/err.h"
#include "slipway/base/strlist.h"
#include "slipway/project/packages.h"
#include "slipway/project/version.h"

enum place_role {
	PLACE_AUTHORITY, /* decides the version */
	PLACE_MIRROR,	 /* repeats it */
	PLACE_FOLLOWS,	 /* a floor or pin on another member */
	PLACE_MENTION	 /* text that names it; shown, never edited */
};

struct place_at;
struct place_file;

struct place {
	enum place_role role;
	size_t package; /* whose file it is, by index */
	size_t follows; /* with PLACE_FOLLOWS: the member it speaks of; else PACKAGE */
	char *file;	/* relative to the repository */
	size_t line;
	char *what;	/* "project.version", "project.dependencies[3] floor", "__version__" */
	char *old_text; /* the version as it stands there */
	char *new_text; /* NULL when it cannot be edited; NOTE says why */
	bool
	    included; /* it will be edited; a user may turn it off, and on when there is NEW_TEXT */
	bool question;	     /* left as it is, the release would be wrong: somebody must decide */
	bool partial;	     /* NEW_TEXT says the version in part: to be asked about once */
	char *note;	     /* a mismatch or a reason, for people; NULL */
	struct place_at *at; /* for edit.c */
};

struct places {
	struct place *items; /* by package, authority first, floors last */
	size_t count;
	size_t cap;
	struct place_file *files; /* for edit.c */
	size_t file_count;
	size_t file_cap;
};

#define PLACES_EMPTY                                                                               \
	{                                                                                          \
		.items = NULL, .count = 0, .cap = 0                                                \
	}

/* What becomes of a requirement on a member that is released as well. */
enum place_policy {
	PLACE_POLICY_FLOOR, /* its floor or pin moves along */
	PLACE_POLICY_PIN,   /* it asks for that very version */
	PLACE_POLICY_LEAVE, /* it stays, unless somebody includes it */
	PLACE_POLICY_ASK    /* somebody decides each time */
};

struct place_opts {
	/* The new version of each package; NULL for one that is not released: its files stay as
	 * they are. */
	const struct version *const *targets;
	/* The version-files of each package, relative to its directory; NULL, or NULL entries:
	 * none. */
	const struct strlist *const *version_files;
	/* Of each package, for what it requires; NULL: floors for all. */
	const enum place_policy *policies;
	const char *today; /* "YYYY-MM-DD" for dates beside versions; NULL: they stay */
};

/* Every place of the packages that are released. ERR_UNSUPPORTED when the version of one stands
 * nowhere that can be edited and no tag makes it; ERR_CONFIG for a version file that holds none.
 * The caller owns *OUT: places_fini(). */
enum err_code places_find(const char *root, const struct packages *packages,
    const struct place_opts *opts, struct places *out, struct err *e);
void places_fini(struct places *p);

/* A choice made beforehand: PATTERN is "FILE", "FILE:LINE" or "FILE:PLACE". */
struct place_choice {
	const char *pattern;
	bool included; /* take it in; else leave it out */
	bool typed;    /* for this release: it also decides what a place that it names asks */
};

/* Takes in or leaves out the places that C names; *MATCHED answers how many. A whole file decides
 * no question. ERR_REFUSED for an authority, and for one that cannot be edited. */
enum err_code places_choose(
    struct places *p, const struct place_choice *c, size_t *matched, struct err *e);

#endif
