/* UTF-8: decoding that never reads past the end, and the width of a character in terminal cells. */
#ifndef SLIPWAY_BASE_UTF8_H
#define SLIPWAY_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes one code point of LEN (> 0) bytes; returns the bytes used. An invalid byte, an overlong
 * form or a surrogate gives 0 and leaves *CP: the caller shows that byte and goes on one byte
 * further. */
size_t utf8_decode(const char *text, size_t len, uint32_t *cp);
/* Writes 1 to 4 bytes, no NUL; returns how many. CP must be a Unicode scalar value. */
size_t utf8_encode(uint32_t cp, char out[4]);
bool utf8_valid(const char *text, size_t len);
/* Cells of one code point: 0 for combining marks and joiners, 2 for wide ones, 1 otherwise; -1 for
 * controls. From tables of our own, so that it does not depend on the locale. */
int utf8_cp_width(uint32_t cp);
/* Cells of a text that holds no controls; an invalid byte counts 1. */
size_t utf8_width(const char *text, size_t len);
/* Bytes of the longest start of TEXT that fits into CELLS, never splitting a character from its
 * marks. */
size_t utf8_fit(const char *text, size_t len, size_t cells);

#endif
