/* A child that a thread talks to and waits for: the worker's, or that of a command without a loop.
 * Bytes go in and come out; every wait has an end. The loop has os/process.h. */
#ifndef SLIPWAY_OS_TALK_H
#define SLIPWAY_OS_TALK_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"

struct process_end;
struct talk;

/* ARGV and ENV as in struct process_opts. CANCELLED may be NULL, and must outlive *OUT, which the
 * caller ends: talk_end(). Errors as process_start(). */
enum err_code talk_start(const char *const *argv, const char *const *env,
    const atomic_bool *cancelled, struct talk **out, struct err *e);
/* From now on reads and writes have MS milliseconds in all: then they are ERR_TIMEOUT. */
void talk_allow(struct talk *t, uint64_t ms);
/* Blocks until all of it is taken. ERR_FAILED when the child takes no more, ERR_TIMEOUT,
 * ERR_CANCELLED. */
enum err_code talk_write(struct talk *t, const void *data, size_t len, struct err *e);
/* Blocks until there is something; *GOT is 0 at the end of the output. ERR_TIMEOUT, ERR_CANCELLED.
 */
enum err_code talk_read(struct talk *t, void *data, size_t size, size_t *got, struct err *e);
/* Closes its input, gives it a moment to end by itself, and ends it. END (may be NULL) tells how;
 * SAID (SIZE bytes, may be NULL) gets the start of its standard error, raw, closed by a NUL. NULL
 * is fine. */
void talk_end(struct talk *t, struct process_end *end, char *said, size_t size);

#endif
