/* The built files: found in the release's folder, hashed, copied where users look for them. */
#ifndef SLIPWAY_WIZARD_FILES_H
#define SLIPWAY_WIZARD_FILES_H

#include <stdatomic.h>

#include "engine.h"

/* Folder of one package's files below the release's: owned by the caller. */
char *files_outdir(const struct wizard *w, size_t package);
/* Reads what the builds made into the model, dependency order, wheels first. ERR_NOT_FOUND when a
 * build left nothing, ERR_CONFLICT when a file is of another package or version. */
enum err_code files_collect(struct wizard *w, struct err *e);
/* Adds file NAME of PACKAGE, below files_outdir(), to the model; *CAP starts at 0. */
void files_add(struct wizard *w, size_t *cap, size_t package, const char *name, bool is_wheel);
/* Blocking; for the worker. */
enum err_code files_sha256(
    const char *path, const atomic_bool *cancelled, char out[65], struct err *e);

#endif
