/* test-index = "rehearsal": an index of Slipway's own, on loopback, for the time of one release. It
 * lies in the release's folder and goes with it; nobody is asked for its token. */
#ifndef SLIPWAY_WIZARD_REHEARSAL_H
#define SLIPWAY_WIZARD_REHEARSAL_H

#include "engine.h"

#define REHEARSAL_NAME "rehearsal"

/* NAME means this index: unless the configuration has one of that name. */
bool rehearsal_is_meant(const struct wizard *w, const char *name);
/* Starts it, unless it runs or nothing will be sent to it (a plan, a dry run: then it only has its
 * name). OUT must be empty. */
enum err_code rehearsal_start(struct wizard *w, struct index_info *out, struct err *e);
/* Its token, borrowed; NULL while it does not run or INFO is another index. */
const struct secret *rehearsal_token(const struct wizard *w, const struct index_info *info);

#endif
