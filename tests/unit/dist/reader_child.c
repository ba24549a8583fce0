/* What the reader's tests run as its child. With SLIPWAY_TEST_READER it first fails in one way. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "slipway/dist/reader.h"
#include "slipway/os/env.h"

int
main(void)
{
	const char *how = env_get("SLIPWAY_TEST_READER");

	if (how != NULL && strcmp(how, "killed") == 0)
		raise(SIGKILL);
	if (how != NULL && strcmp(how, "talks") == 0) {
		fputs("no \x1b[31mmessage", stdout);
		fflush(stdout);
		pause();
	}
	if (how != NULL && strcmp(how, "sleeps") == 0)
		pause();
	return reader_serve(STDIN_FILENO, STDOUT_FILENO, NULL);
}
