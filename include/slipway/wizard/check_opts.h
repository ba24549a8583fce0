/* The options with which dist_check() is called from everywhere: what versions and requirements
 * mean is known to the project layer, which dist does not know. */
#ifndef SLIPWAY_WIZARD_CHECK_OPTS_H
#define SLIPWAY_WIZARD_CHECK_OPTS_H

#include "slipway/dist/check.h"

struct dist_check_opts check_opts(void);

#endif
