/* The full-screen package inspector of slipway inspect. */
#ifndef SLIPWAY_TUI_INSPECT_H
#define SLIPWAY_TUI_INSPECT_H

#include "slipway/base/err.h"
#include "slipway/base/strlist.h"

struct loop;

struct inspect_opts {
	const struct strlist *files; /* at least one */
	const char *theme;	     /* NULL: default */
};

/* Browses the files until the user leaves; the terminal is as before when it returns.
 * ERR_UNSUPPORTED: no terminal to draw on. */
enum err_code inspect_run(struct loop *l, const struct inspect_opts *opts, struct err *e);

#endif
