/* Wall-clock time and its texts. The monotonic clock is the loop's. */
#ifndef SLIPWAY_OS_CLOCK_H
#define SLIPWAY_OS_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/* Unix seconds; SOURCE_DATE_EPOCH does not change it. */
int64_t clock_now(void);
/* "2026-03-01T10:04:59Z" in UTC into BUF (at least 21 bytes), which is returned. */
const char *clock_iso(int64_t when, char *buf, size_t size);
/* "9 days ago", "just now"; relative to NOW. */
const char *clock_ago(int64_t when, int64_t now, char *buf, size_t size);
/* "00:41", "1:02:03" from milliseconds. */
const char *clock_span(uint64_t ms, char *buf, size_t size);
/* "41 KB", "1.2 MB": decimal units, as pip and PyPI show them. */
const char *size_text(uint64_t bytes, char *buf, size_t size);

#endif
