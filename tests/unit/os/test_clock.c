/* Times, spans and sizes as people read them, and the edges where a unit changes. */
#include <criterion/criterion.h>
#include <stdint.h>

#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/os/clock.h"

Test(clock, iso_is_utc_and_survives_any_number, .fini = leak_gate)
{
	static const struct {
		int64_t	    when;
		const char *want;
	} row[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 1772359499, "2026-03-01T10:04:59Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ 253402300799, "9999-12-31T23:59:59Z" },
		{ 253402300800, "unknown time" },
		{ INT64_MAX, "unknown time" },
		{ INT64_MIN, "unknown time" },
	};
	char buf[21];

	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		cr_expect_str_eq(clock_iso(row[i].when, buf, sizeof buf), row[i].want);
	cr_expect_gt(clock_now(), 1700000000);
}

Test(clock, ago_takes_the_largest_whole_unit, .fini = leak_gate)
{
	static const struct {
		int64_t	    age;
		const char *want;
	} row[] = {
		{ 0, "just now" },
		{ 59, "just now" },
		{ 60, "1 minute ago" },
		{ 3599, "59 minutes ago" },
		{ 3600, "1 hour ago" },
		{ 86399, "23 hours ago" },
		{ 9 * 86400, "9 days ago" },
		{ 31 * 86400, "1 month ago" },
		{ 364 * 86400, "12 months ago" },
		{ 800 * 86400, "2 years ago" },
		{ -30, "just now" },
		{ -4000, "in the future" },
	};
	int64_t now = 1772359499;
	char	buf[32];

	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		cr_expect_str_eq(clock_ago(now - row[i].age, now, buf, sizeof buf), row[i].want);
	clock_ago(INT64_MIN, INT64_MAX, buf, sizeof buf);
	clock_ago(INT64_MAX, INT64_MIN, buf, sizeof buf);
}

Test(clock, spans_and_sizes, .fini = leak_gate)
{
	static const struct {
		uint64_t    value;
		const char *want;
	} span[] = {
		{ 0, "00:00" },
		{ 41999, "00:41" },
		{ 3599999, "59:59" },
		{ 3723000, "1:02:03" },
		{ 360000000, "100:00:00" },
	}, size[] = {
		{ 0, "0 B" },
		{ 999, "999 B" },
		{ 1000, "1.0 KB" },
		{ 9949, "9.9 KB" },
		{ 9950, "10 KB" },
		{ 41200, "41 KB" },
		{ 999499, "999 KB" },
		{ 999500, "1.0 MB" },
		{ 1234567, "1.2 MB" },
		{ 500000000, "500.0 MB" },
		{ 999949999, "999.9 MB" },
		{ 999950000, "1.0 GB" },
		{ UINT64_MAX, "18.4 EB" },
	};
	char buf[32];

	for (size_t i = 0; i < ARRAY_LEN(span); i++)
		cr_expect_str_eq(clock_span(span[i].value, buf, sizeof buf), span[i].want);
	for (size_t i = 0; i < ARRAY_LEN(size); i++)
		cr_expect_str_eq(size_text(size[i].value, buf, sizeof buf), size[i].want);
}
