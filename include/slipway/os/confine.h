/* Limits that a process puts on itself before it touches what is hostile. */
#ifndef SLIPWAY_OS_CONFINE_H
#define SLIPWAY_OS_CONFINE_H

#include <stdint.h>

#include "slipway/base/err.h"

struct confine {
	uint64_t memory_bytes; /* address space; not limited under AddressSanitizer */
	uint64_t files;	       /* descriptors */
};

/* For the rest of this process' life. It also writes no file any more (RLIMIT_FSIZE 0; pipes go
 * on), leaves no core and gains no privileges; where Linux filters system calls (x86-64, ARM64) it
 * also opens no socket and runs no other program. ERR_FAILED names the limit that was refused.
 */
enum err_code confine_self(const struct confine *c, struct err *e);
/* From now on this process may use so much processor time, then SIGXCPU ends it. To be called again
 * for each piece of work. */
enum err_code confine_cpu(uint64_t seconds, struct err *e);

#endif
