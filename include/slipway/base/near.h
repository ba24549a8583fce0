/* Words that were meant: for "did you mean" behind an unknown name. */
#ifndef SLIPWAY_BASE_NEAR_H
#define SLIPWAY_BASE_NEAR_H

#include <stddef.h>

/* The candidate that TEXT is nearest to, by letters that are missing, too many, wrong or swapped; a
 * word cut short means the whole one. NULL when none is near. Borrowed from CANDIDATES. */
const char *near_word(const char *text, const char *const *candidates, size_t count);

#endif
