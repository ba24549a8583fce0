/* Distribution names: which are legal, their normal form (PEP 503) and the form in file names. */
#ifndef SLIPWAY_PROJECT_NAME_H
#define SLIPWAY_PROJECT_NAME_H

#include <stdbool.h>

#include "slipway/base/str.h"

/* Letters, digits, dots, dashes and underscores; a letter or digit at both ends. */
bool name_is_valid(struct bytes name);
/* Appends the form to compare by: lower case, each run of [-_.] one dash. */
void name_normal(struct bytes name, struct str *out);
/* The form in file names of wheels and sdists: as the normal one, with underscores. */
void name_file(struct bytes name, struct str *out);
/* One distribution, however it is spelled. */
bool name_equal(struct bytes a, struct bytes b);

#endif
