/* BLAKE2b without a key (RFC 7693), any digest length. Here because OpenSSL before 3.2 offers 64
 * bytes only, and package indexes take 32, which is another function and not a prefix of it. */
#ifndef SLIPWAY_BASE_BLAKE2B_H
#define SLIPWAY_BASE_BLAKE2B_H

#include <stddef.h>
#include <stdint.h>

#define BLAKE2B_BLOCK 128
#define BLAKE2B_MAX 64

/* In place, nothing to free. */
struct blake2b {
	uint64_t h[8];
	uint64_t count[2]; /* bytes taken so far, low word first */
	uint8_t block[BLAKE2B_BLOCK];
	size_t fill; /* bytes waiting in block */
	size_t size; /* of the digest */
};

/* SIZE is 1 to BLAKE2B_MAX. */
void blake2b_init(struct blake2b *b, size_t size);
void blake2b_update(struct blake2b *b, const void *data, size_t len);
/* Writes the SIZE bytes given at the start; B needs a new init afterwards. */
void blake2b_final(struct blake2b *b, uint8_t *out);

#endif
