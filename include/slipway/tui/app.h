/* The full-screen wizard. */
#ifndef SLIPWAY_TUI_APP_H
#define SLIPWAY_TUI_APP_H

#include "slipway/base/err.h"

struct loop;
struct wizard_opts;

struct app_opts {
	const struct wizard_opts *wizard;
	const char *theme; /* NULL: default */
};

/* Runs the full-screen wizard on L until it ends; the terminal is as before when it returns. ERR_OK
 * when the release ended well, else how it ended (ERR_CANCELLED when the user left), with *E to be
 * printed by the caller; what stays is printed here. ERR_UNSUPPORTED: no terminal to draw on. */
enum err_code app_run(struct loop *l, const struct app_opts *opts, struct err *e);

#endif
