/* The model of a release as JSON (names documented in slipway help plan) and as text, for plan and
 * status. */
#ifndef SLIPWAY_CLI_RELEASE_JSON_H
#define SLIPWAY_CLI_RELEASE_JSON_H

#include <stdbool.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"

struct wizard;

/* E: how it ended, NULL when well. Appends one object and a newline. */
void release_json(const struct wizard *w, const struct err *e, struct str *out);
void release_plan_text(const struct wizard *w, bool colour, struct str *out);
/* The parts of it that the plain front shows before it asks; the notes with what was left out. */
void release_notes_text(const struct wizard *w, struct str *out);
void release_edits_text(const struct wizard *w, bool colour, struct str *out);
void release_effects_text(const struct wizard *w, struct str *out);
void release_status_text(const struct wizard *w, struct str *out);

#endif
