/* The diagnostic log: one line a call, to one descriptor. */
#include "slipway/base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "slipway/base/sanitise.h"

/* Static because every layer logs and none of them should carry a logger around. */
static int	       sink_fd = -1;
static struct timespec sink_start;

void
log_to_fd(int fd)
{
	sink_fd = fd;
	clock_gettime(CLOCK_MONOTONIC, &sink_start);
}

void
log_debug(const char *fmt, ...)
{
	struct timespec now;
	va_list		args;
	char		raw[900], line[1000];
	int		len, head;

	if (sink_fd < 0)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	head = snprintf(line, sizeof line, "%9.3f ",
	    (double)(now.tv_sec - sink_start.tv_sec) +
		(double)(now.tv_nsec - sink_start.tv_nsec) / 1e9);
	va_start(args, fmt);
	len = vsnprintf(raw, sizeof raw, fmt, args);
	va_end(args);
	if (len < 0)
		return;
	if ((size_t)len >= sizeof raw)
		len = sizeof raw - 1;
	sanitise_line(raw, (size_t)len, line + head, sizeof line - (size_t)head - 1);
	len = (int)strlen(line);
	line[len++] = '\n';
	if (write(sink_fd, line, (size_t)len) < 0)
		sink_fd = -1;
}
