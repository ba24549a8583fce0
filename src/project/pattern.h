/* Regular expressions as projects give them to hatch and PDM to find a version: a subset of
 * Python's, searched with MULTILINE. What lies outside the subset is refused, never guessed.
 * Private to this layer. */
#ifndef SLIPWAY_PROJECT_PATTERN_H
#define SLIPWAY_PROJECT_PATTERN_H

#include <stdbool.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"
#include "slipway/project/span.h"

struct pattern;

/* Literals, ".", classes, groups, named groups, "(?:", "(?i)" and "(?m)" in front, alternatives,
 * greedy and lazy repeats, "^ $ \b \A \Z", back references. ERR_UNSUPPORTED for the rest (looking
 * ahead or behind, conditions, possessive repeats), ERR_INVALID for what Python refuses too. The
 * caller owns *OUT: pattern_free(). */
enum err_code pattern_compile(const char *text, struct pattern **out, struct err *e);
void pattern_free(struct pattern *p); /* NULL is fine */
/* The first match in TEXT: the bytes of its group NAME, or of its first group when no group has
 * that name. ERR_LIMIT when it takes too long; ERR_CONFIG when there is no group. */
enum err_code pattern_search(const struct pattern *p, struct bytes text, const char *name,
    struct span *out, bool *found, struct err *e);

#endif
