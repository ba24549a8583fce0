/* Asks LeakSanitizer, when the build has one, and aborts on a leak: only that fails a criterion
 * run. */
#include "leak_gate.h"

#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAS_LSAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_LSAN 1
#endif
#endif

#ifdef HAS_LSAN
#include <sanitizer/lsan_interface.h>
#endif

void
leak_gate(void)
{
#ifdef HAS_LSAN
	if (__lsan_do_recoverable_leak_check() != 0) {
		fputs("leak_gate: the test leaked\n", stderr);
		abort();
	}
#endif
}
