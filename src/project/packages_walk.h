/* The walk through a tree for pyproject.toml files. Private to this layer. */
#ifndef SLIPWAY_PROJECT_PACKAGES_WALK_H
#define SLIPWAY_PROJECT_PACKAGES_WALK_H

#include "slipway/base/err.h"
#include "slipway/base/strlist.h"

/* Why packages in a folder of that name are nobody's to release; NULL for most names. */
const char *packages_walk_mark(const char *name);
/* Adds the directories (relative to ROOT, "" itself) that hold a pyproject.toml, or a setup.py or
 * setup.cfg where that is missing, sorted, to FOUND. Those with a pyproject.toml in folders of
 * tests, templates and the like go to PASSED, each followed by the reason. */
enum err_code packages_walk(
    const char *root, struct strlist *found, struct strlist *passed, struct err *e);

#endif
