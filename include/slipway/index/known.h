/* The indexes that every installation knows. The only place for their addresses. */
#ifndef SLIPWAY_INDEX_KNOWN_H
#define SLIPWAY_INDEX_KNOWN_H

#include <stdbool.h>

#include "slipway/index/index.h"

/* "pypi" or "testpypi" into OUT, which must be empty; false for another name. */
bool index_known(const char *name, struct index_info *out);
/* By one of its upload or simple URLs, slash at the end or not. OUT may be NULL. */
bool index_known_by_url(const char *url, struct index_info *out);
/* NULL-terminated, static. */
const char *const *index_known_names(void);
/* The known index that a macaroon's location names ("pypi.org"), or NULL. Static. */
const char *index_known_by_location(const char *location);

#endif
