/* Growing byte strings, always closed by a NUL that does not count. Never for secrets: see
 * os/secret.h. */
#ifndef SLIPWAY_BASE_STR_H
#define SLIPWAY_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "slipway/base/compiler.h"

struct str {
	char *data; /* NULL while empty: read through str_text() */
	size_t len;
	size_t cap;
};

#define STR_EMPTY                                                                                  \
	{                                                                                          \
		.data = NULL, .len = 0, .cap = 0                                                   \
	}

/* Borrowed bytes, not closed by a NUL. */
struct bytes {
	const char *data;
	size_t len;
};

void str_fini(struct str *s);  /* empty is fine; empty afterwards */
void str_clear(struct str *s); /* keeps the room */
void str_append(struct str *s, const void *data, size_t len);
void str_puts(struct str *s, const char *text);
void str_printf(struct str *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
void str_vprintf(struct str *s, const char *fmt, va_list args) PRINTF_LIKE(2, 0);
/* Replaces LEN bytes at POS by the given ones; both ends must lie inside. */
void str_splice(struct str *s, size_t pos, size_t len, const void *data, size_t data_len);
/* Room for LEN more bytes behind the end; the caller writes there and raises len. */
char *str_reserve(struct str *s, size_t len);
static inline void
str_putc(struct str *s, char c)
{
	char *end = s->cap > s->len + 1 ? s->data + s->len : str_reserve(s, 1);

	end[0] = c;
	end[1] = '\0';
	s->len++;
}
/* Never NULL; borrowed until S changes. */
const char *str_text(const struct str *s);
/* The caller owns the result, a C string; S is empty afterwards. */
char *str_take(struct str *s) MUST_USE;

/* Inline, because loops over tables and names ask them millions of times. */
static inline struct bytes
bytes_of(const char *text)
{
	return (struct bytes) { text, strlen(text) };
}

static inline bool
bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool
bytes_is(struct bytes a, const char *text)
{
	/* Most differ in the first byte: then no length is counted. */
	return a.len == 0 ? text[0] == '\0'
			  : a.data[0] == text[0] && bytes_equal(a, bytes_of(text));
}

/* Below, at or above 0, as memcmp(); a text comes in front of its continuations. */
int bytes_order(struct bytes a, struct bytes b);
/* Without spaces, tabs, CR and LF at both ends. */
struct bytes bytes_trim(struct bytes b);
/* Takes the next line off *REST, without its LF or CRLF; false when nothing is left. */
bool bytes_line(struct bytes *rest, struct bytes *line);

bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);
/* A decimal number of digits alone, at most MAX; false leaves *OUT. */
bool text_to_size(const char *text, size_t max, size_t *out);

#endif
