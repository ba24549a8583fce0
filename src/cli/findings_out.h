/* What was found in a file, for people and for programs: one form for check and inspect. */
#ifndef SLIPWAY_CLI_FINDINGS_OUT_H
#define SLIPWAY_CLI_FINDINGS_OUT_H

#include <stdbool.h>

#include "slipway/base/str.h"
#include "slipway/dist/finding.h"

struct err;
struct json;

/* Appends "ERROR ZIP07 [member] message (line N)". */
void finding_text(const struct finding *f, bool colour, struct str *out);
/* Fills OBJECT: severity rule title member line message fix sha256 acknowledged.
 */
void finding_json(const struct finding *f, struct json *object);
/* Fills OBJECT for a file that could not be looked at: code message hint. */
void failure_json(const struct err *e, struct json *object);
/* TEXT made safe, owned by the caller. */
char *safe_text(const char *text) MUST_USE;

#endif
