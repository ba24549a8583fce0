/* Runs the built program without a terminal, away from the user's own files. */
#ifndef SLIPWAY_TESTS_PROGRAM_H
#define SLIPWAY_TESTS_PROGRAM_H

#include "run.h"

#define ARGS(...) ((const char *const[]) { __VA_ARGS__, NULL })

struct program_opts {
	const char *cwd;	/* NULL: / */
	const char *home;	/* NULL: a directory that is not there */
	const char *input;	/* NULL: nothing */
	const char *const *env; /* "NAME=value", a few more; NULL is fine */
};

/* ARGS follow the program's name. The caller owns *R: run_fini(). OPTS may be NULL. */
void program_run(const struct program_opts *opts, const char *const *args, struct run_result *r);
/* The argument vector for starting it another way; the caller frees the array alone. */
const char **program_argv(const char *const *args);

#endif
