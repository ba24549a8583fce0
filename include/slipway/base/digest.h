/* Digests of streams: what package indexes, RECORD files and the review freeze. OpenSSL stays
 * behind it. */
#ifndef SLIPWAY_BASE_DIGEST_H
#define SLIPWAY_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/blake2b.h"
#include "slipway/base/str.h"

enum digest_kind {
	DIGEST_SHA256,
	DIGEST_BLAKE2B_256, /* 32 bytes, the blake2_256_digest of package indexes */
	DIGEST_MD5,	    /* for old indexes only; a system in FIPS mode may not have it */
	DIGEST_SHA1,
	DIGEST_SHA384,
	DIGEST_SHA512,
	DIGEST_COUNT
};

#define DIGEST_MAX 64			     /* bytes of the longest digest */
#define DIGEST_HEX_SIZE (2 * DIGEST_MAX + 1) /* room for any digest in hex and its NUL */

/* In place; usable from any thread, one thread at a time. */
struct digest {
	enum digest_kind kind;
	struct evp_md_ctx_st *evp; /* NULL for BLAKE2b, and when the kind is not available */
	struct blake2b blake;
};

/* Each init is ended by a final or a fini. */
void digest_init(struct digest *d, enum digest_kind kind);
void digest_update(struct digest *d, const void *data, size_t len);
/* Writes digest_size(kind) bytes and ends D. False, with nothing written, when the system refuses
 * the kind (MD5 in FIPS mode); never for the SHA-2 family and BLAKE2b. */
bool digest_final(struct digest *d, uint8_t out[DIGEST_MAX]);
/* The same as lower-case hex, closed by a NUL; "" when it is not available. */
void digest_final_hex(struct digest *d, char out[DIGEST_HEX_SIZE]);
/* As digest_final(), but D is at the beginning again: cheaper than to end it and begin another. */
bool digest_next(struct digest *d, uint8_t out[DIGEST_MAX]);
void digest_fini(struct digest *d); /* fine after a final, and on zeroed memory */

size_t digest_size(enum digest_kind kind);
const char *digest_name(enum digest_kind kind); /* as in hashlib: "sha256" */
/* The kind of that hashlib name; false leaves *OUT. */
bool digest_by_name(struct bytes name, enum digest_kind *out);
/* All of DATA in one call, as hex. */
void digest_hex(enum digest_kind kind, const void *data, size_t len, char out[DIGEST_HEX_SIZE]);
/* LEN bytes as lower-case hex and a NUL: OUT has room for 2 * LEN + 1. */
void digest_to_hex(const uint8_t *raw, size_t len, char *out);
/* Appends URL-safe base64 without padding, the form that RECORD files use. */
void digest_to_base64url(const uint8_t *raw, size_t len, struct str *out);

/* What one upload declares, of one stream in one pass. */
struct digest_set {
	struct digest sha256, blake2b, md5;
	uint64_t size; /* bytes taken */
};

struct digest_hexes {
	char sha256[65];
	char blake2b[65];
	char md5[33]; /* "" when the system refuses MD5: then it is left out of the upload */
	uint64_t size;
};

void digest_set_init(struct digest_set *s);
void digest_set_update(struct digest_set *s, const void *data, size_t len);
void digest_set_final(struct digest_set *s, struct digest_hexes *out); /* ends S */
void digest_set_fini(struct digest_set *s); /* for giving up half-way; fine after a final */

#endif
