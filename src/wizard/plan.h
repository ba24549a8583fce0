/* The plan: which effects a release has, in their order. */
#ifndef SLIPWAY_WIZARD_PLAN_H
#define SLIPWAY_WIZARD_PLAN_H

#include "engine.h"

/* Adds the effects that the model asks for and does not have yet; call when it has changed. Before
 * the files are built, their uploads stand in the plan by package. */
void plan_make(struct wizard *w);
/* Pre-releases go to the test index only (design, section 3). */
bool plan_publishes(const struct wizard *w);

/* The copies to dist/: part of the plan of a release, only on request after a dry run. */
void plan_add_copies(struct wizard *w);

#endif
