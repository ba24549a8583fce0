/* Floors and pins on siblings, wherever they stand, as places. Private to this layer. */
#ifndef SLIPWAY_PROJECT_FLOORS_H
#define SLIPWAY_PROJECT_FLOORS_H

#include "places_private.h"

struct floors_search {
	const char *root;
	const struct packages *packages;
	const struct version *const *targets; /* NULL for a package that is not released */
	struct places *out;
	size_t package; /* whose files they are */
	enum place_policy policy;
};

/* Those of the opened pyproject.toml FILE. */
void floors_pyproject(const struct floors_search *s, size_t file);
/* Those that LOCK, when it is a uv.lock, repeats of the package's own requirements. */
void floors_uv_lock(const struct floors_search *s, const char *lock);
/* Those of setup.cfg, setup.py and the requirements files in DIR. */
void floors_files(const struct floors_search *s, const char *dir);

#endif
