/* Commands with a log each, some of them side by side: checks, builds, twine check, installs. */
#ifndef SLIPWAY_WIZARD_JOBS_H
#define SLIPWAY_WIZARD_JOBS_H

#include "engine.h"

struct job_spec {
	const char *title;	   /* also the name of its log file, made safe */
	struct strlist argv;	   /* the caller's; copied */
	const char *shell;	   /* or a shell line of the user's; NULL: ARGV */
	char *cwd;		   /* absolute; owned by who made the spec */
	const struct strlist *env; /* NULL: env_child() alone */
	uint64_t timeout_ms;	   /* 0: none */
};

struct jobs;

/* ALL_OK: every one exited with 0. CANCELLED: by jobs_cancel(). */
struct jobs_end {
	bool all_ok, cancelled;
	size_t failed;	/* index of the first that failed */
	struct err err; /* of that one, in plain words */
};
typedef void (*jobs_fn)(void *arg, const struct jobs_end *end);

/* Fills *MODEL with COUNT jobs and runs them, PARALLEL at once (0: all). After a failure nothing
 * new starts and what runs is left to end. Logs go to <state>/logs. *OUT is gone after FN. */
void jobs_start(struct step_run *s, struct job ***model, size_t *model_count,
    const struct job_spec *specs, size_t count, size_t parallel, jobs_fn fn, void *arg,
    struct jobs **out);

/* The same outside of a release, one after another. */
struct jobs_alone {
	struct loop *loop;
	const char *logs; /* what the paths of the log files begin with: "/tmp/x/logs/" */
	loop_fn changed;  /* something in the model changed; may be NULL */
	void *changed_arg;
};
struct jobs_model {
	struct job ***jobs;
	size_t *count;
};
void jobs_start_alone(const struct jobs_alone *alone, const struct jobs_model *model,
    const struct job_spec *specs, size_t count, jobs_fn fn, void *arg, struct jobs **out);

/* Ends the process groups; FN still comes. */
void jobs_cancel(struct jobs *j);
/* Ends them, and FN does not come. NULL is fine. */
void jobs_free(struct jobs *j);

/* Appends TEXT quoted for a shell where it needs to be. */
void jobs_quote(const char *text, struct str *out);
void jobs_command_text(const struct strlist *argv, struct str *out);

#endif
