/* Whether the branch is still what the release was made from, here and on the remote. */
#ifndef SLIPWAY_WIZARD_LEVEL_H
#define SLIPWAY_WIZARD_LEVEL_H

#include "engine.h"

struct level;
typedef void (*level_fn)(void *arg, const struct err *e);
/* Fetches, then compares: HEAD of the branch is still the release commit's parent, and the remote's
 * branch has nothing that we lack, and no local change is in the way of moving the branch. FN is
 * never called before this returns. */
struct level *level_check(struct wizard *w, level_fn fn, void *arg);
void level_forget(struct level *l); /* FN is not called any more; NULL is fine */

#endif
