/* Promise 2: what was reviewed is what is uploaded. All files at once, before the first of them is
 * sent: one that changed must not be found when another is published already. */
#ifndef SLIPWAY_WIZARD_FROZEN_H
#define SLIPWAY_WIZARD_FROZEN_H

#include "engine.h"

struct frozen;
typedef void (*frozen_fn)(void *arg, const struct err *e);
/* Hashes every file on the worker and compares it with its review. FN is never called before this
 * returns. E: ERR_CONFLICT names the file that is another one now. */
struct frozen *frozen_check(struct wizard *w, frozen_fn fn, void *arg);
void frozen_forget(struct frozen *f); /* FN is not called any more; NULL is fine */

#endif
