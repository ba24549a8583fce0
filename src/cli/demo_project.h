/* The made-up project of slipway demo: two lock-step packages with a history, and a bare remote. */
#ifndef SLIPWAY_CLI_DEMO_PROJECT_H
#define SLIPWAY_CLI_DEMO_PROJECT_H

#include <stdbool.h>

#include "slipway/base/err.h"

struct loop;

/* Makes DIR/project and DIR/remote.git with real git when they are not there; *MADE says whether it
 * did. With them there it adds one commit, so that there is something to release again. Runs L for
 * each command. */
enum err_code demo_project_make(struct loop *l, const char *dir, bool *made, struct err *e);

#endif
