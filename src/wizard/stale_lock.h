/* Locks that a git of ours left behind when it was killed together with Slipway. */
#ifndef SLIPWAY_WIZARD_STALE_LOCK_H
#define SLIPWAY_WIZARD_STALE_LOCK_H

#include "engine.h"

/* Before a release goes on or is given up: removes the lock files that an effect without an outcome
 * may have left, and says so in the command log. One that is older than that effect, that some
 * process has open, or in whose repository a git is at work, stays: git then tells of it. */
void stale_locks_clear(struct wizard *w);

#endif
