/* What a wheel should hold, by the folders of the project. */
#ifndef SLIPWAY_WIZARD_CHECK_TREE_H
#define SLIPWAY_WIZARD_CHECK_TREE_H

#include "slipway/base/strlist.h"

/* Appends the files below FOLDER as they lie in the wheel, below NAME ("" for its root); FOLDER may
 * be a file. Names that match one of OMIT are left out, NULL: those that check-wheel-contents
 * leaves out. Links are not followed. */
void check_tree_add(
    const char *folder, const char *name, const struct strlist *omit, struct strlist *out);

#endif
