/* Which place decides a package's version, by its build backend and tables. Private to this layer.
 */
#ifndef SLIPWAY_PROJECT_AUTHORITY_H
#define SLIPWAY_PROJECT_AUTHORITY_H

#include <stddef.h>

#include "slipway/base/err.h"
#include "slipway/base/toml.h"
#include "slipway/project/packages.h"
#include "slipway/project/pytoken.h"

#define AUTHORITY_EMPTY                                                                            \
	{                                                                                          \
		.kind = AUTHORITY_UNKNOWN                                                          \
	}

/* DIR is the package's, FILE its pyproject.toml, both relative to ROOT; DOC its document.
 * ERR_INVALID when the tables contradict the specification. The caller owns *OUT: authority_fini().
 */
enum err_code authority_find(const char *root, const char *dir, const char *file,
    const struct toml_doc *doc, struct authority *out, struct err *e);
void authority_fini(struct authority *a);
/* The string that holds the version, for AUTHORITY_TOML. */
const struct toml_node *authority_node(const struct authority *a, const struct toml_doc *doc);

/* The one assignment of these names that can be edited. NULL with *WHY (the caller's) when there is
 * none to edit; both NULL when the names are not assigned at all, or only by a call. */
const struct py_assignment *authority_assignment(
    const struct py_assignments *all, struct bytes text, char **why);

#endif
