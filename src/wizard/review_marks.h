/* Marks of a reviewer, kept in the journal as they are made. */
#ifndef SLIPWAY_WIZARD_REVIEW_MARKS_H
#define SLIPWAY_WIZARD_REVIEW_MARKS_H

#include "slipway/base/str.h"
#include "slipway/wizard/release.h"

struct json;
struct wizard;

void review_marks_fini(struct review_marks *m); /* all zero is empty; empty afterwards */
void review_marks_set(struct review_marks *m, size_t member, bool reviewed);
/* "0 4 17", appended; and back: what is no number ends it. */
void review_marks_text(const struct review_marks *m, struct str *out);
void review_marks_parse(struct review_marks *m, const char *text);

/* Writes what changed since the last time, for files whose sha256 is known; ARG is the wizard. */
void review_marks_save(void *arg);
/* The marks of one record, of a file that was built in the records before. */
void review_marks_replay(struct wizard *w, const struct json *record);
/* To the sha256 that was computed just now. False when they were about other bytes: they are gone.
 */
bool review_marks_bind(struct release_file *f);

#endif
