/* slipway-reader: the child that reads one archive, as a program of its own. It is linked with what
 * reading needs, so that it starts in a fifth of slipway's time, and holds nothing else. */
#include <unistd.h>

#include "slipway/dist/reader.h"
#include "slipway/wizard/check_opts.h"

int
main(void)
{
	const struct dist_check_opts functions = check_opts();

	return reader_serve(STDIN_FILENO, STDOUT_FILENO, &functions);
}
