/* A trial of what an index serves: download and compare, then install and try. Both smoke and live
 * are one. */
#ifndef SLIPWAY_WIZARD_TRIAL_H
#define SLIPWAY_WIZARD_TRIAL_H

#include "engine.h"

struct trial;
typedef void (*trial_fn)(void *arg, const struct err *e);
/* Fills rel.smokes (test) or rel.installs (production). Test: our verified files, dependencies from
 * the production index only. Production: by name from there. FN is never called before this
 * returns. */
struct trial *trial_start(
    struct step_run *s, enum index_role role, uint64_t deadline_ms, trial_fn fn, void *arg);
/* What a killed trial of this release left in the cache. */
void trial_remove_leftovers(const struct wizard *w);
void trial_free(struct trial *t); /* FN is not called any more; NULL is fine */

#endif
