/* The interpreter to build or try with: the first candidate that runs and has what is needed
 * (design, section 5: configured, $VIRTUAL_ENV, PATH, then the system's). */
#ifndef SLIPWAY_WIZARD_FIND_PYTHON_H
#define SLIPWAY_WIZARD_FIND_PYTHON_H

#include <stdbool.h>

#include "slipway/base/err.h"

struct find_python;
struct loop;
struct strlist;

struct find_python_opts {
	struct loop *loop;
	const char *configured;	    /* a name, or a path from ROOT; NULL: look for one */
	const char *root;
	const struct strlist *hide; /* variables that no child gets; may be NULL */
	bool builds;		    /* build and twine are needed too, not venv alone */
};

/* All borrowed until it returns. PATH is NULL when none serves, and FAILURE says why. FACTS: what
 * it has ("3.11.2, build 0.9.0"). PASSED: why others were not taken, NULL when none was. */
typedef void (*find_python_fn)(
    void *arg, const char *path, const char *facts, const char *passed, const struct err *failure);

/* FN is called once, never before this returns; F is gone then. */
struct find_python *find_python_start(
    const struct find_python_opts *opts, find_python_fn fn, void *arg);
void find_python_stop(struct find_python *f); /* FN is not called any more; NULL is fine */

#endif
