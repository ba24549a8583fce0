/* The full-screen package inspector of slipway inspect. */
#ifndef SLIPWAY_TUI_INSPECT_H
#define SLIPWAY_TUI_INSPECT_H

#include "slipway/base/err.h"
#include "slipway/base/strlist.h"

struct check_settings;
struct compare_opts;
struct loop;

struct inspect_opts {
	const struct strlist *files; /* at least one */
	const char *theme;	     /* NULL: default */
	/* What each file is compared with: all but its path. The worker is used for more. */
	const struct compare_opts *compare;
	struct check_settings *settings; /* its acknowledgements follow the file */
};

/* Browses the files until the user leaves; the terminal is as before when it returns.
 * ERR_UNSUPPORTED: no terminal to draw on. What is acknowledged goes where the settings say. */
enum err_code inspect_run(struct loop *l, const struct inspect_opts *opts, struct err *e);

#endif
