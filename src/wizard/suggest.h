/* What the commits since the last release ask for, package by package or for all at once. */
#ifndef SLIPWAY_WIZARD_SUGGEST_H
#define SLIPWAY_WIZARD_SUGGEST_H

#include "engine.h"
#include "slipway/project/version.h"

/* Reads the commits that touch a package for which WANTED is true, and says in each what it weighs
 * and why. CURRENT (NULL: 1.x) and LAST_FINAL (NULL: none) as in suggest_opts. *REASON is the
 * caller's. BUMP_COUNT: nothing to release. */
enum version_bump suggest_for(struct wizard *w, const bool *wanted, const struct version *current,
    const struct version *last_final, char **reason);

#endif
