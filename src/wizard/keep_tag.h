/* Answers about tags are asked for once: they become lines of the configuration, seen among the
 * edits and made by the release commit. */
#ifndef SLIPWAY_WIZARD_KEEP_TAG_H
#define SLIPWAY_WIZARD_KEEP_TAG_H

#include "engine.h"

struct edit_plan;

/* The configuration's file, relative to the repository, there or not; NULL when it lies elsewhere.
 */
const char *keep_tag_file(const struct wizard *w);
/* Adds the edit of the configuration to PLAN, when there are answers that it does not hold yet.
 * Where the file cannot be part of the commit, W's tag_hint says which lines to add.
 * Reads one small file. */
void keep_tag(struct wizard *w, struct edit_plan *plan);

#endif
