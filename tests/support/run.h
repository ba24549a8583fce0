/* A program without a terminal, run to its end: what it printed, and how it ended. */
#ifndef SLIPWAY_TESTS_RUN_H
#define SLIPWAY_TESTS_RUN_H

#include <stdbool.h>
#include <stddef.h>

struct run_opts {
	const char *const *argv; /* argv[0] is looked for on PATH unless it holds a slash */
	/* "NAME=value" sets, "NAME" alone removes; over the environment of the test. NULL is fine.
	 */
	const char *const *env;
	const char	  *cwd; /* NULL: that of the test */
	const char	  *input; /* for its standard input; NULL: nothing */
	int		   deadline_ms; /* 0: 30 seconds, or $SLIPWAY_TEST_DEADLINE_S */
};

struct run_result {
	int    status; /* exit status, or 128 + signal */
	bool   timed_out; /* its group was killed then */
	char  *out, *err; /* C strings, never NULL */
	size_t out_len, err_len;
};

/* The caller owns *R: run_fini(). It never aborts for what the program does. */
void run_program(const struct run_opts *o, struct run_result *r);
void run_fini(struct run_result *r);
/* Both outputs and the status on standard error, for the message of a failed test. */
void run_dump(const struct run_result *r);

#endif
