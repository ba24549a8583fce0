/* Unpacking at once against unpacking piece by piece. */
#include <criterion/criterion.h>
#include <string.h>

#include "inflate.h"
#include "leak_gate.h"
#include "slipway/base/compiler.h"

/* A block with its own codes, by Python's zlib: 738 bytes whose CRC-32 is 0x557f46d2. */
#define SIZE 738
#define CRC 0x557f46d2u
static const unsigned char stream[] = {
	0x6d,
	0x52,
	0x41,
	0x0e,
	0x80,
	0x30,
	0x08,
	0xbb,
	0xfb,
	0x0a,
	0xbf,
	0x36,
	0xe2,
	0xa2,
	0x26,
	0x9b,
	0x9a,
	0xb8,
	0xd3,
	0x5e,
	0x6f,
	0x1c,
	0x89,
	0xb6,
	0xc0,
	0x65,
	0x02,
	0x16,
	0x5a,
	0xba,
	0x49,
	0x6e,
	0x69,
	0xce,
	0xd7,
	0xbd,
	0x97,
	0xf3,
	0xf8,
	0xbe,
	0xf2,
	0x16,
	0xd7,
	0x54,
	0xeb,
	0xff,
	0x6b,
	0xc9,
	0xa5,
	0xa5,
	0xa9,
	0x23,
	0x3a,
	0x95,
	0x6b,
	0xb3,
	0x99,
	0xc2,
	0xb8,
	0x75,
	0x4c,
	0x1b,
	0xc7,
	0x68,
	0x57,
	0x88,
	0xa5,
	0xd4,
	0x2a,
	0xb0,
	0x98,
	0x2e,
	0x41,
	0x66,
	0x80,
	0x29,
	0x2d,
	0x84,
	0xe2,
	0x25,
	0xaa,
	0x1c,
	0x8c,
	0x59,
	0x03,
	0xc8,
	0x82,
	0x30,
	0xd8,
	0x58,
	0x4b,
	0xe0,
	0x8e,
	0xce,
	0x04,
	0x62,
	0x87,
	0xb0,
	0xb3,
	0x23,
	0x7e,
	0xce,
	0xd8,
	0xbc,
	0x18,
	0x63,
	0x09,
	0x70,
	0x37,
	0xda,
	0xaa,
	0xb3,
	0x8b,
	0xf1,
	0x6c,
	0x76,
	0x2b,
	0xea,
	0x63,
	0x6d,
	0x7e,
	0x77,
	0x67,
	0x9e,
	0x37,
	0x1e,
	0x9c,
	0xf1,
	0x37,
	0x81,
	0x4d,
	0xfc,
	0xac,
	0xa2,
	0xe7,
	0x15,
	0x48,
	0x8a,
	0xb3,
	0xc1,
	0xf6,
	0x00,
};

/* The bytes that zlib gives for a stream that ends where it should; false for any other. */
static bool
unpacked(struct inflate *i, const unsigned char *in, size_t len, unsigned char *out, size_t room,
    size_t *size)
{
	enum inflate_status status;

	inflate_reset(i);
	status = inflate_run(i, &in, &len, out, room, size);
	return status == INFLATE_END && len == 0;
}

Test(inflate, gives_at_once_what_it_gives_in_pieces, .fini = leak_gate)
{
	struct inflate *i = inflate_new();
	unsigned char whole[SIZE], byte;
	const unsigned char *at = stream;
	size_t left = sizeof stream, got = 0;
	uint32_t crc = 0;

	cr_assert(inflate_whole(i, stream, sizeof stream, whole, SIZE));
	cr_expect_eq(inflate_crc32(0, whole, SIZE), CRC);
	inflate_reset(i);
	for (size_t n = 0; n < SIZE; n++) {
		inflate_run(i, &at, &left, &byte, 1, &got);
		cr_assert_eq(got, 1);
		crc = inflate_crc32(crc, &byte, 1);
	}
	cr_expect_eq(crc, CRC);
	inflate_free(i);
}

Test(inflate, whole_means_these_bytes_and_this_size, .fini = leak_gate)
{
	static const unsigned char nothing[] = { 0x03, 0x00 },
				   stored[] = { 1, 2, 0, 0xfd, 0xff, 'o', 'k', '!' };
	struct inflate *i = inflate_new();
	unsigned char out[SIZE + 1];

	cr_expect(inflate_whole(i, nothing, 2, out, 0));
	cr_expect_not(inflate_whole(i, nothing, 2, out, 1), "too short");
	cr_expect_not(inflate_whole(i, nothing, 1, out, 0), "broken off");
	cr_expect(inflate_whole(i, stored, 7, out, 2));
	cr_expect_not(inflate_whole(i, stored, 8, out, 2), "a byte behind it");
	cr_expect_not(inflate_whole(i, stream, sizeof stream, out, SIZE - 1));
	cr_expect_not(inflate_whole(i, stream, sizeof stream, out, SIZE + 1));
	cr_expect_not(inflate_whole(i, stream, sizeof stream - 1, out, SIZE));
	inflate_free(i);
}

/* With each bit of it turned over. */
Test(inflate, both_ways_agree_on_damaged_streams, .fini = leak_gate)
{
	struct inflate *i = inflate_new();
	unsigned char broken[sizeof stream], slow[8 * SIZE], fast[8 * SIZE];
	size_t good = 0;

	for (size_t bit = 0; bit < 8 * sizeof stream; bit++) {
		size_t size = 0;

		memcpy(broken, stream, sizeof stream);
		broken[bit / 8] ^= (unsigned char)(1u << bit % 8);
		if (!unpacked(i, broken, sizeof broken, slow, sizeof slow, &size))
			continue;
		good++;
		cr_expect(inflate_whole(i, broken, sizeof broken, fast, size), "bit %zu", bit);
		cr_expect_eq(memcmp(slow, fast, size), 0, "bit %zu", bit);
	}
	cr_expect_gt(good, 0);
	inflate_free(i);
}
