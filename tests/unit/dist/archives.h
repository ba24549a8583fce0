/* Archives for tests: made once a test by make_archives.py, and what opening them tells. */
#ifndef SLIPWAY_TESTS_DIST_ARCHIVES_H
#define SLIPWAY_TESTS_DIST_ARCHIVES_H

#include "slipway/base/str.h"
#include "slipway/dist/archive.h"

/* A new directory with all of them; the caller owns it: temp_remove(). */
char *archives_make(void);
/* Runs the system's python3 on SCRIPT (a path, or -c text) in DIR; fails the test when it fails. */
void archives_python(const char *dir, const char *script, const char *arg);
/* Opens DIR/NAME; fails the test when it does not open. */
struct archive *archives_open(const char *dir, const char *name, const struct archive_opts *opts);
/* Ids of all rules found, sorted, each once, with spaces between them. */
void archives_rules(const struct findings *f, struct str *out);

#endif
