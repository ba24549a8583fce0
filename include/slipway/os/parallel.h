/* A few pieces of one computation at the same time. For work that the worker has already taken off
 * the loop: it blocks. */
#ifndef SLIPWAY_OS_PARALLEL_H
#define SLIPWAY_OS_PARALLEL_H

#include <stddef.h>

typedef void (*parallel_fn)(void *arg);

#define PARALLEL_MAX 8

/* Calls FN with each of COUNT (at most PARALLEL_MAX) arguments, the first one on this thread and
 * the others on threads of their own, as far as the system gives them; returns when all are done.
 * Nothing but what is atomic or only read may be shared. */
void parallel_run(parallel_fn fn, void *const *args, size_t count);

#endif
