/* What two versions of a binary are compared by before their bytes are. */
#ifndef SLIPWAY_DIST_BINARY_H
#define SLIPWAY_DIST_BINARY_H

#include "slipway/base/str.h"
#include "slipway/base/strlist.h"

#define BINARY_FACTS_MAX 64 /* of each kind; the rest is counted */

/* Adds to FACTS, safe and a line each: the kind ("ELF, 64 bits, x86-64"), and of ELF the libraries
 * that it needs, the versions of symbols that it wants of them, where it looks for them, and how
 * many symbols others must bring. Nothing when the kind is not known. DATA may be cut: what is
 * missing then is told. For bytes that were already bounded; blocks for no longer than reading them
 * does. */
void binary_facts(struct bytes data, struct strlist *facts);

#endif
