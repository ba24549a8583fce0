/* Marks of a reviewer, kept in the journal. */
#ifndef SLIPWAY_WIZARD_REVIEW_MARKS_H
#define SLIPWAY_WIZARD_REVIEW_MARKS_H

#include "slipway/base/str.h"
#include "slipway/wizard/release.h"

void review_marks_add(struct review_marks *m, size_t member);
/* "0 4 17", appended; and back: what is no number ends it. */
void review_marks_text(const struct review_marks *m, struct str *out);
void review_marks_parse(struct review_marks *m, const char *text);

#endif
