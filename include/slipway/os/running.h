/* Other processes of this machine, as far as /proc tells. Where it does not tell, the careful
 * answer is given: somebody may be there. */
#ifndef SLIPWAY_OS_RUNNING_H
#define SLIPWAY_OS_RUNNING_H

#include <stdbool.h>

/* Whether a process whose name begins with PREFIX works in DIR or below it (absolute, without
 * links). */
bool running_in(const char *prefix, const char *dir);
/* Whether any process has the file PATH (absolute, without links) open. Processes of other users
 * cannot be looked into and do not count. */
bool running_has_open(const char *path);

#endif
