/* Which member needs which, and the order of publishing. Private to this layer. */
#ifndef SLIPWAY_PROJECT_PACKAGES_ORDER_H
#define SLIPWAY_PROJECT_PACKAGES_ORDER_H

#include "slipway/base/err.h"
#include "slipway/base/toml.h"
#include "slipway/project/packages.h"

/* Fills needs and order from the documents, one a package, and the files beside them. ERR_INVALID
 * shows a circle. */
enum err_code packages_order(
    const char *root, struct packages *p, struct toml_doc *const *docs, struct err *e);

#endif
