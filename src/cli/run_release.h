/* Runs the engine in one of its modes, with the front that fits: for the commands and the demo. */
#ifndef SLIPWAY_CLI_RUN_RELEASE_H
#define SLIPWAY_CLI_RUN_RELEASE_H

#include "slipway/wizard/wizard.h"

struct options;

/* The exit status of the program. */
int run_release(const struct options *o, enum wizard_mode mode);

#endif
