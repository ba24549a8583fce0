/* The session leader of a pseudo-terminal: it plays the shell. It starts the program in a
 * foreground group, waits, reports, and keeps the terminal alive afterwards. */
#ifndef SLIPWAY_TESTS_PTY_LEADER_H
#define SLIPWAY_TESTS_PTY_LEADER_H

#include "pty.h"

/* The leader prints this when the program ended or stopped: once it was read, so was all before it.
 */
#define PTY_MARK  "\033_end of output\033\\"
#define PTY_MARK_LEN (sizeof PTY_MARK - 1)

enum pty_event_kind {
	PTY_EVENT_STARTED, /* value: the process id */
	PTY_EVENT_ENDED,   /* value: as of waitpid() */
	PTY_EVENT_STOPPED
};

struct pty_event {
	enum pty_event_kind kind;
	int		value;
};

/* In the leader's process; does not return. Events go to EVENTS; a byte from ORDERS continues a
 * stopped program, its end ends the leader. TERMINAL is the path of the slave. */
void pty_lead(const struct pty_opts *o, char **env, const char *terminal, int events, int orders);

#endif
