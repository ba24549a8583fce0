/* One small repository before and after a release: shared by the tests of places and of edits. */
#ifndef SLIPWAY_TESTS_EDIT_CASE_H
#define SLIPWAY_TESTS_EDIT_CASE_H

#include "slipway/project/edit.h"

#define EDIT_CASE_FILES 6
#define EDIT_CASE_PACKAGES 4
#define EDIT_CASE_TODAY "2026-11-20"

struct edit_case {
	const char *name;
	struct {
		const char *path, *before, *after; /* AFTER NULL: unchanged */
	} file[EDIT_CASE_FILES];
	const char *target[EDIT_CASE_PACKAGES]; /* by path of the packages; NULL: not released */
	const char *places; /* "FILE:LINE what old>new" with ; between; "-" left out, "?" a
			       question, "~" a note; NULL: not compared */
	const char *version_file; /* of the first package */
	const char *current;	  /* of the first package, where its files do not say it */
};

/* Makes the repository, plans, compares the places, applies, compares every file byte by byte. */
void edit_case_run(const struct edit_case *c);
/* The same with a policy for the requirements of all packages. */
void edit_case_run_by(const struct edit_case *c, enum place_policy policy);
/* The plan alone, for the files in DIR. */
void edit_case_plan(const struct edit_case *c, const char *dir, struct edit_plan *plan);
/* The message and hint of the one step that fails; "" when none does. Owned by the caller. */
char *edit_case_error(const struct edit_case *c);
/* The notes of all places, "FILE:LINE note" with a newline behind each. Owned by the caller. */
char *edit_case_notes(const struct edit_case *c);

#endif
