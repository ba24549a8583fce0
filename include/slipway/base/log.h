/* The diagnostic log behind --verbose. Never a token, never raw foreign bytes: lines are made safe
 * here. */
#ifndef SLIPWAY_BASE_LOG_H
#define SLIPWAY_BASE_LOG_H

#include "slipway/base/compiler.h"

/* Lines go to FD from here on, each with seconds since the first call; -1 (the start) drops them.
 */
void log_to_fd(int fd);
void log_debug(const char *fmt, ...) PRINTF_LIKE(1, 2);

#endif
