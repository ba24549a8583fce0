/* Which version may come next: what the commits of the selected packages ask for, what is offered,
 * and what a word or a typed version leads to. */
#ifndef SLIPWAY_WIZARD_CHOICES_H
#define SLIPWAY_WIZARD_CHOICES_H

#include "engine.h"

/* The answer that tags a candidate and leaves the files at the final version. */
#define CHOICE_TAG_ALONE "tag-rc"
/* The answer that gives each package what its own commits ask for. */
#define CHOICE_SUGGESTED "suggested"

/* Readings of the commits, suggestions, choices and remarks for the selected packages; again when
 * the selection changed, or when the indexes have been asked. */
void choices_make(struct wizard *w);

/* The version of package P that WORD (a bump, a version, one of the answers above) leads to, and
 * that its tag names when that is another one (*CANDIDATE, else NULL). Both are the caller's.
 * ERR_INVALID or ERR_USAGE say what is wrong with it; *LOWER is set when nothing but the order is:
 * *OUT is there then. */
enum err_code choices_apply(const struct wizard *w, size_t package, const char *word, char **out,
    char **candidate, bool *lower, struct err *e);

/* The tag of package P in version VERSION, by its template. The caller owns *OUT. */
enum err_code choices_tag(
    const struct wizard *w, size_t package, const char *version, char **out, struct err *e);
/* A tag here that names that version, in whatever spelling; NULL when it is free. Borrowed. */
const char *choices_tag_taken(const struct wizard *w, size_t package, const char *version);

#endif
