/* Findings accepted during a release, in a file of its state directory: they outlive a crash, and
 * each is bound to the content that it is about. wizard_acknowledge() adds to them. */
#ifndef SLIPWAY_WIZARD_ACKNOWLEDGED_H
#define SLIPWAY_WIZARD_ACKNOWLEDGED_H

#include "slipway/base/strlist.h"

struct findings;
struct wizard;

char *acknowledged_path(const struct wizard *w); /* the caller's */
void acknowledged_load(struct wizard *w); /* what the state directory has */
void acknowledged_apply(const struct wizard *w, struct findings *f); /* F may be NULL */
void acknowledged_report(const struct wizard *w, struct strlist *out); /* nothing for none */

#endif
