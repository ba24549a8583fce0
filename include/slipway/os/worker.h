/* The one worker thread, for hashing, libgit2 and archive scans. Only the loop's thread changes the
 * model: a job computes into its own argument and hands it back. */
#ifndef SLIPWAY_OS_WORKER_H
#define SLIPWAY_OS_WORKER_H

#include <stdatomic.h>
#include <stdbool.h>

#include "slipway/base/err.h"

struct loop;
struct worker;

/* The thread starts with the first job. The caller owns *OUT: worker_free(). */
enum err_code worker_new(struct loop *l, struct worker **out, struct err *e);
/* Asks the running job to stop, waits for it, drops the others; their DONE is still called. NULL is
 * fine. */
void worker_free(struct worker *w);

/* On the worker's thread. Looks at *CANCELLED now and then. */
typedef void (*worker_run_fn)(void *arg, const atomic_bool *cancelled);
/* On the loop. CANCELLED jobs may not have run. */
typedef void (*worker_done_fn)(void *arg, bool cancelled);

struct worker_job;
/* Jobs run in order. ARG belongs to the job until DONE. Counts as busy on the loop. Borrowed until
 * DONE. */
struct worker_job *worker_submit(
    struct worker *w, worker_run_fn run, worker_done_fn done, void *arg);
void worker_cancel(struct worker *w, struct worker_job *job);

#endif
