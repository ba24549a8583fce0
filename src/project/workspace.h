/* Which folders a uv workspace takes for its packages. Private to this layer. */
#ifndef SLIPWAY_PROJECT_WORKSPACE_H
#define SLIPWAY_PROJECT_WORKSPACE_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/compiler.h"
#include "slipway/base/strlist.h"

struct workspace {
	char *dir; /* its root, relative to the repository */
	struct strlist members, exclude;
};

struct workspaces {
	struct workspace *items;
	size_t count, cap;
};

#define WORKSPACES_EMPTY { .items = NULL }

/* Reads [tool.uv.workspace] of the pyproject.toml files in DIRS. Broken ones are passed over: they
 * are told of by whoever reads them for their package. */
void workspaces_read(const char *root, const struct strlist *dirs, struct workspaces *out);
void workspaces_fini(struct workspaces *w);
/* DIR is listed as a member by the workspace around it, and not excluded. */
bool workspaces_has(const struct workspaces *w, const char *dir);
/* Why DIR is no package of the workspace around it, owned by the caller; NULL: it is one, or there
 * is no workspace around it. */
char *workspaces_refuse(const struct workspaces *w, const char *dir) MUST_USE;

#endif
