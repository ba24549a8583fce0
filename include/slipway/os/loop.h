/* The one event loop. Everything else hands callbacks to it; nothing blocks and nothing nests.
 *
 * A turn: poll (until the nearest timer), signals, timers, descriptors, then deferred calls until
 * there are none, then the idle hook when nothing is under way, then one frame if dirty (at most
 * 60 a second, but for those that answer a key). A callback may remove any source, its own
 * included: it is only marked, and swept after the turn. */
#ifndef SLIPWAY_OS_LOOP_H
#define SLIPWAY_OS_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "slipway/base/err.h"

struct loop;
struct loop_watch;
struct loop_timer;

typedef void (*loop_fn)(void *arg);
typedef void (*loop_fd_fn)(void *arg, short revents);
typedef void (*loop_signal_fn)(void *arg, int signo);
typedef void (*loop_child_fn)(void *arg, pid_t pid, int wait_status);

/* The caller owns *OUT: loop_free(). One a process while signals or children are watched. SIGPIPE
 * is ignored while it lives: writers see EPIPE. */
enum err_code loop_new(struct loop **out, struct err *e);
void loop_free(struct loop *l); /* NULL is fine */

void loop_run(struct loop *l); /* returns after loop_stop() */
void loop_stop(struct loop *l);
/* One turn that waits at most WAIT_MS (-1: until something happens). For tests. */
void loop_turn(struct loop *l, int wait_ms);

/* EVENTS as for poll(2). The descriptor stays the caller's; unwatch it before closing it. */
struct loop_watch *loop_watch(struct loop *l, int fd, short events, loop_fd_fn fn, void *arg);
void loop_watch_events(struct loop_watch *w, short events);
void loop_unwatch(struct loop *l, struct loop_watch *w); /* NULL is fine */

/* Fires once, after MS milliseconds of the monotonic clock, and is gone then. */
struct loop_timer *loop_after(struct loop *l, uint64_t ms, loop_fn fn, void *arg);
/* Not after it fired: callers forget the timer in its callback. NULL is fine. */
void loop_cancel(struct loop *l, struct loop_timer *t);

/* Runs FN in this turn, after the callbacks under way. */
void loop_defer(struct loop *l, loop_fn fn, void *arg);

/* Drops the deferred calls that have ARG, for one that is being freed. */
void loop_forget(struct loop *l, const void *arg);

/* One handler a signal; FN NULL gives the signal back to what it did before. */
enum err_code loop_signal(struct loop *l, int signo, loop_signal_fn fn, void *arg, struct err *e);
/* Called once when PID, a child of ours, has ended; it is reaped then. Installs SIGCHLD. */
void loop_child(struct loop *l, pid_t pid, loop_child_fn fn, void *arg);
/* FN is called, with the ARG of loop_child(), whenever that child is stopped by a signal. It must
 * not free L. */
void loop_child_stops(struct loop *l, pid_t pid, loop_fn fn);

/* Work that will call back counts from begin to end; the loop is idle when none is under way, no
 * deferred call waits and no frame is due. */
void loop_busy_begin(struct loop *l);
void loop_busy_end(struct loop *l);
bool loop_is_busy(const struct loop *l);
bool loop_has_work(const struct loop *l); /* some is under way: begun and not ended */
/* Called at the end of each turn that leaves the loop idle. NULL removes it. */
void loop_on_idle(struct loop *l, loop_fn fn, void *arg);

/* FN draws; it is called once for any number of loop_dirty() calls. */
void loop_on_frame(struct loop *l, loop_fn fn, void *arg);
void loop_dirty(struct loop *l);
/* A person waits for it: at the end of this turn, however short ago the last one was. */
void loop_dirty_now(struct loop *l);

/* Milliseconds of the monotonic clock, as of this turn. */
uint64_t loop_now_ms(const struct loop *l);

#endif
