/* The last way out: gives the terminal back when the program crashes or dies. Its only state is
 * static, because a signal handler has no argument; it calls nothing but write(2), tcsetattr(3),
 * sigaction(2) and raise(3). */
#ifndef SLIPWAY_TUI_RESCUE_H
#define SLIPWAY_TUI_RESCUE_H

#include <stddef.h>

struct termios;

/* Handlers for SEGV, BUS, FPE, ILL and ABRT on a stack of their own, the die() hook, and atexit.
 * Once. */
void rescue_install(void);
/* From here on rescue_now() writes BYTES (at most 512) to FD and sets MODES. */
void rescue_arm(int fd, const struct termios *modes, const char *bytes, size_t len);
void rescue_disarm(void);
/* One line printed on standard error after a crash gave the terminal back: how to go on. NULL:
 * none. */
void rescue_set_note(const char *note);
/* Gives the terminal back if armed; async-signal-safe. */
void rescue_now(void);

#endif
