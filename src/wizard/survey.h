/* What the repository holds: its packages, their tags and the commits since. */
#ifndef SLIPWAY_WIZARD_SURVEY_H
#define SLIPWAY_WIZARD_SURVEY_H

#include "engine.h"

struct repo;
struct survey;

/* What the worker needs to know beforehand; copied from the settings on the loop. */
struct survey *survey_new(const struct wizard *w);
void survey_free(struct survey *s); /* NULL is fine */
/* On the worker. */
void survey_run(struct survey *s, struct repo *repo, struct err *e);
/* On the loop: fills packages, commits and the rest of the model. ERR_USAGE when --package names
 * none. */
enum err_code survey_apply(struct survey *s, struct wizard *w, struct err *e);
/* One line for the preflight: "packages/cli, packages/runtime". Appended. */
void survey_text(const struct survey *s, struct str *out);

#endif
