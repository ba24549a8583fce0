/* Child processes on the loop: argument vectors only, an explicit environment, a process group of
 * their own. Output arrives as bytes; base/termline.h makes lines and colours of them. */
#ifndef SLIPWAY_OS_PROCESS_H
#define SLIPWAY_OS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/strlist.h"

struct loop;
struct process;

enum process_mode {
	PROCESS_PIPES, /* stdout and stderr by pipes, no terminal at all: setsid(2), stdin from
			  /dev/null */
	PROCESS_PTY,   /* both through a pseudo-terminal of its own, for colours and progress */
	PROCESS_FOREGROUND, /* the user's terminal, in the foreground; the front must have given it
			       over. With on_output its outputs come by pipes all the same: what
			       asks does so on /dev/tty */
};

enum process_stream { PROCESS_STDOUT, PROCESS_STDERR };

/* How it ended. Exactly one of: exited (status), signalled (signo), timed_out, cancelled. */
struct process_end {
	int status;	/* exit status, -1 when it did not exit by itself */
	int signo;	/* the signal that ended it, 0 when none */
	bool timed_out; /* the group was killed for that */
	bool cancelled; /* by process_cancel() */
	uint64_t elapsed_ms;
};

typedef void (*process_output_fn)(
    void *arg, enum process_stream stream, const char *data, size_t len);
/* The process is reaped and all of its output delivered; P is freed after this returns. */
typedef void (*process_end_fn)(void *arg, const struct process_end *end);

struct process_opts {
	const char *const *argv; /* argv[0] is looked for in the PATH of ENV */
	const char *cwd;	 /* absolute; NULL: ours */
	const char *const *env;	 /* the whole environment of the child: env_child() */
	enum process_mode mode;
	unsigned short rows, cols; /* of the pseudo-terminal; 0: 24 and 120 */
	uint64_t timeout_ms;	   /* 0: none */
	const char *input; /* bytes for its standard input (PROCESS_PIPES); NULL: /dev/null */
	size_t input_len;
	bool talk; /* standard input stays open for process_write() (PROCESS_PIPES) */
	process_output_fn on_output; /* may be NULL */
	process_end_fn on_end;	     /* required; never called before process_start() returned */
	void *arg;
};

/* Starts it; everything in OPTS is copied. An executable that cannot be run is ERR_NOT_FOUND here,
 * not an end. *OUT is borrowed: it is gone after on_end. Counts as busy on the loop. */
enum err_code process_start(
    struct loop *l, const struct process_opts *opts, struct process **out, struct err *e);
/* SIGTERM to the whole group, SIGKILL after two seconds. on_end still comes. */
void process_cancel(struct process *p);
/* Queues bytes for the standard input of a process that was started with TALK; they are dropped
 * when it reads no more. */
void process_write(struct process *p, const void *data, size_t len);
void process_resize(struct process *p, unsigned short rows, unsigned short cols);

/* Text of an unsuccessful end, for an error message: "exited with 2", "killed by SIGSEGV", "timed
 * out". */
const char *process_end_text(const struct process_end *end, char *buf, size_t size);
bool process_end_ok(const struct process_end *end);

/* Runs to the end and gives all output at once; each stream is cut at MAX bytes (kept from the
 * start). */
struct process_result {
	struct process_end end;
	struct bytes out, err; /* borrowed until the callback returns; closed by a NUL behind len */
};
typedef void (*process_result_fn)(void *arg, const struct process_result *result);
/* As process_start with OPTS' on_output and on_end ignored. */
enum err_code process_capture(struct loop *l, const struct process_opts *opts, size_t max,
    process_result_fn fn, void *arg, struct process **out, struct err *e);

#endif
