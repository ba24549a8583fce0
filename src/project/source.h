/* Reading the files of a project: bounded, inside the repository, UTF-8. Private to this layer. */
#ifndef SLIPWAY_PROJECT_SOURCE_H
#define SLIPWAY_PROJECT_SOURCE_H

#include "slipway/base/err.h"
#include "slipway/base/str.h"

#define SOURCE_MAX_BYTES ((size_t)16 << 20)

/* Appends ROOT/PATH to OUT. ERR_REFUSED when a link leads out of ROOT, ERR_INVALID when it is not
 * UTF-8. */
enum err_code source_read(const char *root, const char *path, struct str *out, struct err *e);
/* The same checks without reading; the real path, owned by the caller, through links inside ROOT.
 */
enum err_code source_resolve(const char *root, const char *path, char **out, struct err *e);
/* That path relative to ROOT: the one name of a file that links give several. */
enum err_code source_canonical(const char *root, const char *path, char **out, struct err *e);
/* DIR/NAME relative to the repository; DIR "" is the root. Owned by the caller. */
char *source_join(const char *dir, const char *name) MUST_USE;

#endif
