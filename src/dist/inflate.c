/* The one file that knows zlib, which reads piece by piece, and libdeflate, which is fast. */
#include "inflate.h"

#include <stdlib.h>

#define ZLIB_CONST /* its input pointers are const then */
#include <libdeflate.h>
#include <zlib.h>

#include "slipway/base/mem.h"

struct inflate {
	z_stream z;
	struct libdeflate_decompressor *fast;
};

struct inflate *
inflate_new(void)
{
	struct inflate *i = mem_zalloc(1, sizeof *i);

	if (inflateInit2(&i->z, -MAX_WBITS) != Z_OK)
		die("zlib cannot start: out of memory");
	i->fast = libdeflate_alloc_decompressor();
	if (i->fast == NULL)
		die("libdeflate cannot start: out of memory");
	return i;
}

void
inflate_free(struct inflate *i)
{
	if (i == NULL)
		return;
	inflateEnd(&i->z);
	libdeflate_free_decompressor(i->fast);
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
	return len > 1u << 30 ? 1u << 30 : (uInt)len;
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

bool
inflate_whole(
    struct inflate *i, const unsigned char *in, size_t in_len, unsigned char *out, size_t size)
{
	size_t used = 0;

	return libdeflate_deflate_decompress_ex(i->fast, in, in_len, out, size, &used, NULL) ==
		   LIBDEFLATE_SUCCESS &&
	       used == in_len;
}

uint32_t
inflate_crc32(uint32_t crc, const void *data, size_t len)
{
	return libdeflate_crc32(crc, data, len);
}
