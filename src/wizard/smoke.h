/* The install smoke test: fresh virtual environment, our verified files, everything else from the
 * production index only. A stranger's package of the same name on the test index is never installed
 * (reference: the dependency confusion that --extra-index-url invites). */
#ifndef SLIPWAY_WIZARD_SMOKE_H
#define SLIPWAY_WIZARD_SMOKE_H

#include "jobs.h"

struct smoke_opts {
	const char *python; /* the interpreter to make the environment with */
	const char *dir;    /* a private directory, made fresh: venv, home, files/ below it */
	const char *simple; /* where dependencies come from: the production index */
	const struct strlist *projects; /* NAME==VERSION, installed from DIR/files */
	const struct strlist *requires; /* requirements of theirs that are not among them */
	const struct strlist *lines;	/* the user's smoke commands */
	const struct strlist *hide; /* names of further variables that hold tokens; may be NULL */
};

/* The commands in their order: environment, dependencies, install, pip check, imports and scripts,
 * the user's lines. Specs are the caller's: smoke_specs_free(). *ENV is what they run in, to be
 * kept until then. */
void smoke_specs(
    const struct smoke_opts *opts, struct strlist *env, struct job_spec **specs, size_t *count);
/* The same for an installation by name from an index whose files are the reviewed ones already. */
void smoke_live_specs(
    const struct smoke_opts *opts, struct strlist *env, struct job_spec **specs, size_t *count);
void smoke_specs_free(struct job_spec *specs, size_t count);
/* Adds to OUT what WHEEL requires and is not among OURS (names); what only extras need is left out.
 * A child of PROGRAM (dist/reader.h) reads it, and the loop waits for that: ten seconds at most. */
enum err_code smoke_add_requires(const char *program, const char *wheel,
    const struct strlist *ours, struct strlist *out, struct err *e);
/* Makes DIR and what the commands need below it, empty. */
enum err_code smoke_prepare(const char *dir, struct err *e);

#endif
