/* Versions that Python files keep as tuples and as packed numbers. Private to this layer. */
#ifndef SLIPWAY_PROJECT_PYTUPLE_H
#define SLIPWAY_PROJECT_PYTUPLE_H

#include <stdbool.h>

#include "slipway/base/str.h"
#include "slipway/project/pytoken.h"
#include "slipway/project/version.h"

/* What the tuple A of TEXT says: numbers, then words as in (1, 2, 0, "rc", 1); "final" and "" are
 * none. False when it is no version. The caller owns *OUT. */
bool py_tuple_version(struct bytes text, const struct py_assignment *a, struct version *out);
/* Its numbers are those of V, whatever V has beside them: all that a tuple of numbers can say. */
bool py_tuple_says(struct bytes text, const struct py_assignment *a, const struct version *v);
/* The elements for V, in the tuple's own words, owned by the caller. *EXACT: the new tuple reads as
 * V. False when it has no room for it; PARTS are untouched then. */
bool py_tuple_spell(struct bytes text, const struct py_assignment *a, const struct version *v,
    char *parts[PY_TUPLE_MAX], bool *exact);

/* 0x023101 is 2.31.1: two decimal digits a number. */
bool py_packed_says(struct bytes number, const struct version *v);
/* Of the same length; NULL when V does not fit. Owned by the caller. */
char *py_packed_spell(struct bytes number, const struct version *v);

#endif
