/* Digests by OpenSSL, and BLAKE2b by our own. */
#include "slipway/base/digest.h"

#include <assert.h>
#include <string.h>

#include <openssl/evp.h>

#include "slipway/base/mem.h"

static const struct {
	const char *name;
	size_t size;
	const EVP_MD *(*evp)(void);
} kinds[] = {
	[DIGEST_SHA256] = { .name = "sha256", .size = 32, .evp = EVP_sha256 },
	[DIGEST_BLAKE2B_256] = { .name = "blake2b", .size = 32, .evp = NULL },
	[DIGEST_MD5] = { .name = "md5", .size = 16, .evp = EVP_md5 },
	[DIGEST_SHA1] = { .name = "sha1", .size = 20, .evp = EVP_sha1 },
	[DIGEST_SHA384] = { .name = "sha384", .size = 48, .evp = EVP_sha384 },
	[DIGEST_SHA512] = { .name = "sha512", .size = 64, .evp = EVP_sha512 },
};
_Static_assert(ARRAY_LEN(kinds) == DIGEST_COUNT, "one row per kind");

void
digest_init(struct digest *d, enum digest_kind kind)
{
	assert(kind < DIGEST_COUNT);
	d->kind = kind;
	d->evp = NULL;
	if (kinds[kind].evp == NULL) {
		blake2b_init(&d->blake, kinds[kind].size);
		return;
	}
	d->evp = EVP_MD_CTX_new();
	if (d->evp == NULL)
		die("out of memory for a digest");
	if (EVP_DigestInit_ex(d->evp, kinds[kind].evp(), NULL) == 1)
		return;
	digest_fini(d);
	if (kind != DIGEST_MD5 && kind != DIGEST_SHA1)
		die("OpenSSL has no %s", kinds[kind].name);
}

void
digest_update(struct digest *d, const void *data, size_t len)
{
	if (kinds[d->kind].evp == NULL)
		blake2b_update(&d->blake, data, len);
	else if (d->evp != NULL && EVP_DigestUpdate(d->evp, data, len) != 1)
		die("OpenSSL failed in %s", kinds[d->kind].name);
}

static bool
finish(struct digest *d, uint8_t out[DIGEST_MAX])
{
	if (kinds[d->kind].evp == NULL)
		blake2b_final(&d->blake, out);
	else if (d->evp == NULL)
		return false;
	else if (EVP_DigestFinal_ex(d->evp, out, NULL) != 1)
		die("OpenSSL failed in %s", kinds[d->kind].name);
	return true;
}

bool
digest_final(struct digest *d, uint8_t out[DIGEST_MAX])
{
	bool done = finish(d, out);

	digest_fini(d);
	return done;
}

bool
digest_next(struct digest *d, uint8_t out[DIGEST_MAX])
{
	bool done = finish(d, out);

	if (kinds[d->kind].evp == NULL)
		blake2b_init(&d->blake, kinds[d->kind].size);
	else if (done && EVP_DigestInit_ex(d->evp, NULL, NULL) != 1)
		die("OpenSSL failed in %s", kinds[d->kind].name);
	return done;
}

void
digest_final_hex(struct digest *d, char out[DIGEST_HEX_SIZE])
{
	uint8_t raw[DIGEST_MAX];

	out[0] = '\0';
	if (digest_final(d, raw))
		digest_to_hex(raw, kinds[d->kind].size, out);
}

void
digest_fini(struct digest *d)
{
	EVP_MD_CTX_free(d->evp);
	d->evp = NULL;
}

size_t
digest_size(enum digest_kind kind)
{
	assert(kind < DIGEST_COUNT);
	return kinds[kind].size;
}

const char *
digest_name(enum digest_kind kind)
{
	assert(kind < DIGEST_COUNT);
	return kinds[kind].name;
}

bool
digest_by_name(struct bytes name, enum digest_kind *out)
{
	for (size_t i = 0; i < DIGEST_COUNT; i++)
		if (bytes_is(name, kinds[i].name)) {
			*out = (enum digest_kind)i;
			return true;
		}
	return false;
}

void
digest_hex(enum digest_kind kind, const void *data, size_t len, char out[DIGEST_HEX_SIZE])
{
	struct digest d;

	digest_init(&d, kind);
	digest_update(&d, data, len);
	digest_final_hex(&d, out);
}

void
digest_to_hex(const uint8_t *raw, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[raw[i] >> 4];
		out[2 * i + 1] = digits[raw[i] & 15];
	}
	out[2 * len] = '\0';
}

void
digest_to_base64url(const uint8_t *raw, size_t len, struct str *out)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char *at = str_reserve(out, len / 3 * 4 + 3);

	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		uint32_t group = (uint32_t)raw[i] << 16;

		if (left > 1)
			group |= (uint32_t)raw[i + 1] << 8;
		if (left > 2)
			group |= raw[i + 2];
		for (size_t c = 0; c < (left < 3 ? left + 1 : 4); c++)
			*at++ = digits[group >> (18 - 6 * c) & 63];
	}
	*at = '\0';
	out->len = (size_t)(at - out->data);
}

void
digest_set_init(struct digest_set *s)
{
	digest_init(&s->sha256, DIGEST_SHA256);
	digest_init(&s->blake2b, DIGEST_BLAKE2B_256);
	digest_init(&s->md5, DIGEST_MD5);
	s->size = 0;
}

void
digest_set_update(struct digest_set *s, const void *data, size_t len)
{
	digest_update(&s->sha256, data, len);
	digest_update(&s->blake2b, data, len);
	digest_update(&s->md5, data, len);
	s->size += len;
}

void
digest_set_final(struct digest_set *s, struct digest_hexes *out)
{
	char hex[DIGEST_HEX_SIZE];

	digest_final_hex(&s->sha256, hex);
	memcpy(out->sha256, hex, sizeof out->sha256);
	digest_final_hex(&s->blake2b, hex);
	memcpy(out->blake2b, hex, sizeof out->blake2b);
	digest_final_hex(&s->md5, hex);
	memcpy(out->md5, hex, sizeof out->md5);
	out->size = s->size;
}

void
digest_set_fini(struct digest_set *s)
{
	digest_fini(&s->sha256);
	digest_fini(&s->blake2b);
	digest_fini(&s->md5);
}
