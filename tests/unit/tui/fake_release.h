/* A release of two packages, filled as the wizard would. */
#ifndef SLIPWAY_TESTS_FAKE_RELEASE_H
#define SLIPWAY_TESTS_FAKE_RELEASE_H

#include "fake_wizard.h"

/* W is zeroed and filled with static texts and logs up to STEP, which asks QUESTION (may be NULL).
 */
void fake_fill(struct wizard *w, enum step_id step);
void fake_fini(struct wizard *w);
/* The usual question of a step, NULL when it has none. */
const struct question *fake_question(enum step_id step);
/* What a step asks when it failed. */
extern const struct question fake_failure;

#endif
