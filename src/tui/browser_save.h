/* One member written to a file whose name a person typed; never to a name from the archive. */
#ifndef SLIPWAY_TUI_BROWSER_SAVE_H
#define SLIPWAY_TUI_BROWSER_SAVE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/err.h"

struct archive;

/* Streams it. ERR_CONFLICT when PATH is there and REPLACE is not set; nothing is left behind after
 * an error, and a file that was to be replaced stays as it was. Blocks: run it on the worker. */
enum err_code browser_save(struct archive *a, size_t member, const char *path, bool replace,
    const atomic_bool *cancelled, struct err *e);

#endif
