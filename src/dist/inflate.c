/* The one file that knows zlib. libdeflate is faster, but takes streams that zlib, and so pip and
 * the indexes, refuse: what is read here must be what they read. */
#include "inflate.h"

#include <stdlib.h>

#define ZLIB_CONST /* its input pointers are const then */
#include <zlib.h>

#include "slipway/base/mem.h"

#define MOST (1u << 30) /* bytes in one call */

struct inflate {
	z_stream z;
};

struct inflate *
inflate_new(void)
{
	struct inflate *i = mem_zalloc(1, sizeof *i);

	if (inflateInit2(&i->z, -MAX_WBITS) != Z_OK)
		die("zlib cannot start: out of memory");
	return i;
}

void
inflate_free(struct inflate *i)
{
	if (i == NULL)
		return;
	inflateEnd(&i->z);
	free(i);
}

void
inflate_reset(struct inflate *i)
{
	inflateReset(&i->z);
}

static uInt
fit(size_t len)
{
	return len > MOST ? MOST : (uInt)len;
}

enum inflate_status
inflate_run(struct inflate *i, const unsigned char **in, size_t *in_len, unsigned char *out,
    size_t room, size_t *got)
{
	uInt given = fit(*in_len), space = fit(room);
	int rc;

	i->z.next_in = *in;
	i->z.avail_in = given;
	i->z.next_out = out;
	i->z.avail_out = space;
	rc = inflate(&i->z, Z_NO_FLUSH);
	*in_len -= given - i->z.avail_in;
	if (given > 0)
		*in += given - i->z.avail_in;
	*got = space - i->z.avail_out;
	if (rc == Z_MEM_ERROR)
		die("zlib: out of memory");
	if (rc == Z_STREAM_END)
		return INFLATE_END;
	/* Z_BUF_ERROR: no progress with what was given, which is not damage. */
	return rc == Z_OK || rc == Z_BUF_ERROR ? INFLATE_MORE : INFLATE_BAD;
}

uint32_t
inflate_crc32(uint32_t crc, const void *data, size_t len)
{
	const unsigned char *at = data;
	uint32_t sum = crc;

	for (size_t n; len > 0; at += n, len -= n) {
		n = fit(len);
		sum = (uint32_t)crc32(sum, at, (uInt)n);
	}
	return sum;
}
