/* A regular file read at any place through one window of bounded size. Never mapped: a file that
 * shrinks while it is read must be an error, not a signal. */
#ifndef SLIPWAY_DIST_INPUT_H
#define SLIPWAY_DIST_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "slipway/base/err.h"

/* Room for a central entry at its largest: header, name, extra and comment of 64 KiB each. */
#define INPUT_WINDOW ((size_t)256 * 1024)

struct input {
	int fd;
	const unsigned char *memory; /* all bytes, borrowed: there is no file then */
	uint64_t size;
	struct timespec mtime;
	unsigned char *window;
	uint64_t at; /* where the window begins */
	size_t len;
	int failed; /* errno of the first read that failed, 0 for none */
};

#define INPUT_EMPTY                                                                                \
	{                                                                                          \
		.fd = -1                                                                           \
	}

/* ERR_NOT_FOUND, ERR_IO; ERR_INVALID for what is not a regular file (never opened, so that a FIFO
 * cannot block). */
enum err_code input_open(struct input *in, const char *path, struct err *e);
/* LEN bytes at DATA, which must outlive it. */
void input_open_memory(struct input *in, const void *data, size_t len);
bool input_is_open(const struct input *in);
void input_fini(struct input *in);
/* Gives a copy of an open input a window of its own; the descriptor stays the first one's. */
void input_again(struct input *copy);
/* LEN bytes at POS, at most INPUT_WINDOW; borrowed until the next call. NULL when the file has no
 * such bytes. */
const unsigned char *input_at(struct input *in, uint64_t pos, size_t len);
/* As many as there are, up to MAX (> 0); *LEN 0 at the end. */
const unsigned char *input_some(struct input *in, uint64_t pos, size_t max, size_t *len);
/* ERR_CONFLICT when size or time of the file are not what they were. */
enum err_code input_verify_unchanged(const struct input *in, const char *path, struct err *e);

static inline unsigned
le16(const unsigned char *p)
{
	return (unsigned)p[0] | (unsigned)p[1] << 8;
}

static inline uint32_t
le32(const unsigned char *p)
{
	return (uint32_t)le16(p) | (uint32_t)le16(p + 2) << 16;
}

static inline uint64_t
le64(const unsigned char *p)
{
	return (uint64_t)le32(p) | (uint64_t)le32(p + 4) << 32;
}

#endif
