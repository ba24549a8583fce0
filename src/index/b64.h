/* Base64, both alphabets. */
#ifndef SLIPWAY_INDEX_B64_H
#define SLIPWAY_INDEX_B64_H

#include <stddef.h>

/* Decodes TEXT of LEN bytes, standard or URL-safe, padded or not, into OUT (room for LEN bytes).
 * Returns the bytes written; stops at the first character that is none. */
size_t b64_decode(const char *text, size_t len, unsigned char *out);
/* URL-safe without padding; OUT has room for (LEN + 2) / 3 * 4 + 1. */
void b64_encode(const unsigned char *raw, size_t len, char *out);

#endif
