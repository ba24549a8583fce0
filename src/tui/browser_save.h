/* One member written to a file whose name a person typed; never to a name from the archive. */
#ifndef SLIPWAY_TUI_BROWSER_SAVE_H
#define SLIPWAY_TUI_BROWSER_SAVE_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/err.h"

struct browser_save;

/* ERR_CONFLICT when PATH is there and REPLACE is not set. The caller owns *OUT: browser_save_end().
 */
enum err_code browser_save_begin(
    const char *path, bool replace, struct browser_save **out, struct err *e);
void browser_save_take(struct browser_save *s, const void *data, size_t len);
/* Puts it in its place when all went well: WHY (may be NULL) is what went wrong outside. Else
 * nothing is left behind, and a file that was to be replaced stays as it was. Frees S. */
enum err_code browser_save_end(struct browser_save *s, const struct err *why, struct err *e);
const char *browser_save_path(const struct browser_save *s);

#endif
