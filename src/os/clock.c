/* Wall-clock time, spans and sizes as texts. Knows no locale and no time zone but UTC. */
#include "slipway/os/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "slipway/base/compiler.h"

int64_t
clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec;
}

const char *
clock_iso(int64_t when, char *buf, size_t size)
{
	time_t	  seconds = (time_t)when;
	struct tm tm;

	/* Times come from outside too (zip, HTTP): no year may break anything. */
	if (gmtime_r(&seconds, &tm) == NULL || tm.tm_year < -1900 ||
	    tm.tm_year > 9999 - 1900 ||
	    strftime(buf, size, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		snprintf(buf, size, "unknown time");
	return buf;
}

const char *
clock_ago(int64_t when, int64_t now, char *buf, size_t size)
{
	static const struct {
		int64_t	    seconds;
		const char *name;
	} unit[] = {
		{ 365 * 86400, "year" },
		{ 30 * 86400, "month" },
		{ 86400, "day" },
		{ 3600, "hour" },
		{ 60, "minute" },
	};
	int64_t age;

	/* Clocks of two machines differ by a little; a time far ahead is told as such. */
	if (when > now) {
		snprintf(buf, size, "%s", when - 300 > now ? "in the future" : "just now");
		return buf;
	}
	age = when < 0 && now > INT64_MAX + when ? INT64_MAX : now - when;
	for (size_t i = 0; i < ARRAY_LEN(unit); i++) {
		int64_t count = age / unit[i].seconds;

		if (count > 0) {
			snprintf(buf, size, "%" PRId64 " %s%s ago", count, unit[i].name,
			    count == 1 ? "" : "s");
			return buf;
		}
	}
	snprintf(buf, size, "just now");
	return buf;
}

const char *
clock_span(uint64_t ms, char *buf, size_t size)
{
	uint64_t s = ms / 1000;

	if (s < 3600)
		snprintf(buf, size, "%02u:%02u", (unsigned)(s / 60), (unsigned)(s % 60));
	else
		snprintf(buf, size, "%" PRIu64 ":%02u:%02u", s / 3600, (unsigned)(s / 60 % 60),
		    (unsigned)(s % 60));
	return buf;
}

const char *
size_text(uint64_t bytes, char *buf, size_t size)
{
	static const char *const unit[] = { "KB", "MB", "GB", "TB", "PB", "EB" };
	uint64_t		 scale = 1000;
	size_t			 i = 0;

	if (bytes < 1000) {
		snprintf(buf, size, "%u B", (unsigned)bytes);
		return buf;
	}
	/* 999,500 is 1.0 MB and not 1000 KB: the step up is where rounding shows four digits. */
	while (i + 1 < ARRAY_LEN(unit) && bytes >= scale * 1000 - scale / (i == 0 ? 2 : 20)) {
		scale *= 1000;
		i++;
	}
	if (i == 0 && bytes >= 9950) {
		snprintf(buf, size, "%" PRIu64 " KB", (bytes + 500) / 1000);
	} else {
		uint64_t tenth = scale / 10;
		uint64_t tenths = bytes / tenth + (bytes % tenth >= tenth / 2);

		snprintf(buf, size, "%" PRIu64 ".%u %s", tenths / 10, (unsigned)(tenths % 10),
		    unit[i]);
	}
	return buf;
}
