/* libFuzzer: an sdist is walked, read, shown and checked. Bytes that begin as a gzip file are one;
 * others are put into stored blocks, so that the tar walker is reached without guessing a
 * compressed stream. */
#include "archive_file.h"

#include <stdlib.h>

#include "slipway/base/mem.h"
#include "slipway/base/str.h"

#define STORED_MAX 65535

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
put16(struct str *out, size_t value)
{
	str_putc(out, (char)(value & 0xff));
	str_putc(out, (char)(value >> 8));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str out = STR_EMPTY;

	if (size == 0 || data[0] == 0x1f) {
		archive_exercise(archive_file("demo-1.0.tar.gz", data, size));
		return 0;
	}
	str_append(&out, "\x1f\x8b\x08\0\0\0\0\0\0\0", 10);
	for (size_t at = 0; at < size; at += STORED_MAX) {
		size_t len = size - at < STORED_MAX ? size - at : STORED_MAX;

		str_putc(&out, 0);
		put16(&out, len);
		put16(&out, ~len & 0xffff);
		str_append(&out, data + at, len);
	}
	/* An empty last block and a trailer whose checksum is wrong, which is a finding and no
	 * more. */
	str_append(&out, "\x01\0\0\xff\xff\0\0\0\0\0\0\0\0", 13);
	archive_exercise(archive_file("demo-1.0.tar.gz", (const uint8_t *)str_text(&out), out.len));
	str_fini(&out);
	return 0;
}
