/* Raw deflate and CRC-32, so that no other file knows which library does it. */
#ifndef SLIPWAY_DIST_INFLATE_H
#define SLIPWAY_DIST_INFLATE_H

#include <stddef.h>
#include <stdint.h>

struct inflate;

enum inflate_status {
	INFLATE_MORE, /* wants more input or more room */
	INFLATE_END,  /* the stream ended; input behind it was left */
	INFLATE_BAD,  /* damaged */
};

struct inflate *inflate_new(void);    /* owned: inflate_free() */
void inflate_free(struct inflate *i); /* NULL is fine */
void inflate_reset(struct inflate *i);
/* Takes from *IN (moving both) and writes at most ROOM bytes to OUT; *GOT tells how many. */
enum inflate_status inflate_run(struct inflate *i, const unsigned char **in, size_t *in_len,
    unsigned char *out, size_t room, size_t *got);
/* 0 begins. */
uint32_t inflate_crc32(uint32_t crc, const void *data, size_t len);

#endif
