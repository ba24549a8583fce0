/* Reading an answer that has come: headers, and when to come back. Knows no curl. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/os/http.h"

#define MAX_WAIT_S 1000000000

const char *
http_header(const struct http_answer *a, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < a->headers.count; i++) {
		const char *line = a->headers.items[i];

		if (strncmp(line, name, len) == 0 && text_starts(line + len, ": "))
			return line + len + 2;
	}
	return NULL;
}

/* Days from 1970-01-01 in the Gregorian calendar, for years from 1600 on. */
static int64_t
days_of(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t m = (month + 9) % 12; /* March is 0, so that the leap day comes last */

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1 - 719468;
}

/* RFC 9110, 5.6.7: the fixed form, and the two that old servers send. False leaves *OUT. */
static bool
parse_date(const char *text, int64_t *out)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int year, day, hour, minute, second;
	char name[4];
	const char *at;

	if (sscanf(text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT", &day, name, &year,
		&hour, &minute, &second) != 6 &&
	    sscanf(text, "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d", name, &day, &hour, &minute,
		&second, &year) != 6) {
		if (sscanf(text, "%*9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT", &day, name,
			&year, &hour, &minute, &second) != 6)
			return false;
		year += year < 70 ? 2000 : 1900;
	}
	at = strlen(name) == 3 ? strstr(months, name) : NULL;
	if (at == NULL || (at - months) % 3 != 0 || year < 1970 || day < 1 || day > 31 ||
	    hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
		return false;
	*out = days_of(year, (int)(at - months) / 3 + 1, day) * 86400 + hour * 3600 + minute * 60 +
	       second;
	return true;
}

/* The t parameter of a RateLimit header: `"default";r=0;t=30`, or `limit=10, remaining=0, t=5`. */
static uint64_t
rate_limit(const char *value)
{
	for (const char *p = value; (p = strstr(p, "t=")) != NULL; p++) {
		char digits[12];
		size_t wait, len = strspn(p + 2, "0123456789");

		if (p > value && strchr("; ,", p[-1]) == NULL)
			continue;
		if (len == 0 || len >= sizeof digits)
			continue;
		memcpy(digits, p + 2, len);
		digits[len] = '\0';
		if (text_to_size(digits, MAX_WAIT_S, &wait))
			return wait;
	}
	return 0;
}

uint64_t
http_retry_after(const struct http_answer *a, int64_t now)
{
	const char *value = http_header(a, "retry-after");
	size_t seconds;
	int64_t when;

	if (value != NULL && text_to_size(value, MAX_WAIT_S, &seconds))
		return seconds;
	if (value != NULL && parse_date(value, &when))
		return when > now ? (uint64_t)(when - now) : 0;
	value = http_header(a, "ratelimit");
	return value != NULL ? rate_limit(value) : 0;
}
