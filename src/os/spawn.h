/* fork and exec, done with care for signals, descriptors and terminals. For os/process alone. */
#ifndef SLIPWAY_OS_SPAWN_H
#define SLIPWAY_OS_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

#include "slipway/base/err.h"

enum spawn_group {
	SPAWN_SESSION,	  /* a session of its own, without any terminal */
	SPAWN_TERMINAL,	  /* a session of its own, whose controlling terminal is its standard output
			   */
	SPAWN_FOREGROUND, /* a group of its own in our session, put into the foreground of TTY */
};

struct spawn {
	const char *const *argv;
	const char *cwd; /* NULL: ours */
	const char *const *env;
	enum spawn_group group;
	int stdio[3]; /* what the child gets as 0, 1 and 2; -1: ours */
	int tty;      /* SPAWN_FOREGROUND; -1: there is none */
	bool no_mask; /* it blocks no signal, whatever this thread does */
};

/* Returns when the new program runs, or has been found not to. The child is the leader of group
 * *PID. */
enum err_code spawn_child(const struct spawn *s, pid_t *pid, struct err *e);
/* A pipe whose ends lie above 2 and are closed by exec. */
enum err_code spawn_pipe(int fds[2], struct err *e);
/* Makes GROUP the foreground group of TTY, also when we are in the background. */
void spawn_foreground(int tty, pid_t group);

#endif
