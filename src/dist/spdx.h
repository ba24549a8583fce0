/* License expressions (PEP 639, SPDX 2.2.1): syntax, and which of their identifiers the list has.
 */
#ifndef SLIPWAY_DIST_SPDX_H
#define SLIPWAY_DIST_SPDX_H

#include "slipway/base/str.h"

typedef void (*spdx_id_fn)(void *arg, struct bytes id, bool exception);

/* NULL when TEXT is an expression: calls FN for each license and exception in it. Else what is
 * wrong with it, a text that lives for ever. */
const char *spdx_parse(const char *text, spdx_id_fn fn, void *arg);

#endif
