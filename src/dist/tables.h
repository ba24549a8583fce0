/* Lists that the world keeps and that grow: each is of a date, so not being in one is no mistake by
 * itself. */
#ifndef SLIPWAY_DIST_TABLES_H
#define SLIPWAY_DIST_TABLES_H

#include <stdbool.h>

#include "slipway/base/str.h"

enum table_answer { TABLE_UNKNOWN, TABLE_KNOWN, TABLE_DEPRECATED };

/* Classifiers of PyPI. A version number below a known one is taken as known: those come every year.
 * *INSTEAD (may be NULL) is what replaces a deprecated one, "" for nothing. */
enum table_answer table_classifier(const char *text, const char **instead);
const char *table_classifier_date(void); /* "2023-04-18" */

/* Identifiers of the SPDX license list, any case; *ID (may be NULL) gets the spelling of the list.
 */
enum table_answer table_spdx_license(struct bytes id, const char **spelling);
enum table_answer table_spdx_exception(struct bytes id);
const char *table_spdx_version(void); /* "3.25.0" */

/* A public top-level module of the standard library. */
bool table_is_stdlib(struct bytes module);
bool table_is_keyword(struct bytes word); /* of Python 3 */

/* Appends NAME with its letters decomposed (NFD, but for the order of several marks): names that
 * are equal then, but for the case of ASCII, collide on some file systems. */
void table_decompose(struct bytes name, struct str *out);

#endif
