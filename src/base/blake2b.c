/* BLAKE2b after RFC 7693, unkeyed and sequential. */
#include "slipway/base/blake2b.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static const uint64_t initial[8] = {
	0x6a09e667f3bcc908u,
	0xbb67ae8584caa73bu,
	0x3c6ef372fe94f82bu,
	0xa54ff53a5f1d36f1u,
	0x510e527fade682d1u,
	0x9b05688c2b3e6c1fu,
	0x1f83d9abfb41bd6bu,
	0x5be0cd19137e2179u,
};

/* Rounds 10 and 11 use rows 0 and 1 again. */
static const uint8_t sigma[12][16] = {
	{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
	{ 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4 },
	{ 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8 },
	{ 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13 },
	{ 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9 },
	{ 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11 },
	{ 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10 },
	{ 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5 },
	{ 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0 },
	{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
};

static inline uint64_t
load_le64(const uint8_t *p)
{
	/* Spelled out: compilers turn this, but not a loop, into one load. */
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
	       (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
	       (uint64_t)p[7] << 56;
}

static inline uint64_t
rotate_right(uint64_t word, unsigned int bits)
{
	return word >> bits | word << (64 - bits);
}

static inline void
mix(uint64_t *v, int a, int b, int c, int d, uint64_t x, uint64_t y)
{
	v[a] += v[b] + x;
	v[d] = rotate_right(v[d] ^ v[a], 32);
	v[c] += v[d];
	v[b] = rotate_right(v[b] ^ v[c], 24);
	v[a] += v[b] + y;
	v[d] = rotate_right(v[d] ^ v[a], 16);
	v[c] += v[d];
	v[b] = rotate_right(v[b] ^ v[c], 63);
}

static void
compress(struct blake2b *b, const uint8_t *block, bool last)
{
	uint64_t v[16], m[16];

	for (int i = 0; i < 16; i++)
		m[i] = load_le64(block + 8 * i);
	memcpy(v, b->h, sizeof b->h);
	memcpy(v + 8, initial, sizeof initial);
	v[12] ^= b->count[0];
	v[13] ^= b->count[1];
	if (last)
		v[14] = ~v[14];
	for (int r = 0; r < 12; r++) {
		const uint8_t *s = sigma[r];

		mix(v, 0, 4, 8, 12, m[s[0]], m[s[1]]);
		mix(v, 1, 5, 9, 13, m[s[2]], m[s[3]]);
		mix(v, 2, 6, 10, 14, m[s[4]], m[s[5]]);
		mix(v, 3, 7, 11, 15, m[s[6]], m[s[7]]);
		mix(v, 0, 5, 10, 15, m[s[8]], m[s[9]]);
		mix(v, 1, 6, 11, 12, m[s[10]], m[s[11]]);
		mix(v, 2, 7, 8, 13, m[s[12]], m[s[13]]);
		mix(v, 3, 4, 9, 14, m[s[14]], m[s[15]]);
	}
	for (int i = 0; i < 8; i++)
		b->h[i] ^= v[i] ^ v[i + 8];
}

static void
count_bytes(struct blake2b *b, size_t len)
{
	b->count[0] += len;
	if (b->count[0] < len)
		b->count[1]++;
}

void
blake2b_init(struct blake2b *b, size_t size)
{
	assert(size > 0 && size <= BLAKE2B_MAX);
	memset(b, 0, sizeof *b);
	memcpy(b->h, initial, sizeof initial);
	b->h[0] ^= 0x01010000u ^ size; /* fan-out 1, depth 1, no key */
	b->size = size;
}

void
blake2b_update(struct blake2b *b, const void *data, size_t len)
{
	const uint8_t *p = data;

	/* The last block is compressed with a flag, so a full one waits until more comes. */
	while (len > 0) {
		size_t room = BLAKE2B_BLOCK - b->fill, take = len < room ? len : room;

		if (b->fill == 0 && len > BLAKE2B_BLOCK) {
			count_bytes(b, BLAKE2B_BLOCK);
			compress(b, p, false);
			take = BLAKE2B_BLOCK;
		} else if (room == 0) {
			count_bytes(b, BLAKE2B_BLOCK);
			compress(b, b->block, false);
			b->fill = 0;
			take = 0;
		} else {
			memcpy(b->block + b->fill, p, take);
			b->fill += take;
		}
		p += take;
		len -= take;
	}
}

void
blake2b_final(struct blake2b *b, uint8_t *out)
{
	memset(b->block + b->fill, 0, BLAKE2B_BLOCK - b->fill);
	count_bytes(b, b->fill);
	compress(b, b->block, true);
	for (size_t i = 0; i < b->size; i++)
		out[i] = (uint8_t)(b->h[i / 8] >> (8 * (i % 8)));
}
