/* Growing byte strings and the few helpers on borrowed bytes that parsers share. */
#include "slipway/base/str.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"

void
str_fini(struct str *s)
{
	free(s->data);
	*s = (struct str)STR_EMPTY;
}

void
str_clear(struct str *s)
{
	s->len = 0;
	if (s->data != NULL)
		s->data[0] = '\0';
}

char *
str_reserve(struct str *s, size_t len)
{
	if (len > SIZE_MAX - s->len - 1)
		die("out of memory for a string of %zu bytes", len);
	s->data = mem_grow(s->data, &s->cap, s->len + len + 1, 1);
	return s->data + s->len;
}

void
str_append(struct str *s, const void *data, size_t len)
{
	char *end = str_reserve(s, len);

	if (len > 0)
		memcpy(end, data, len);
	s->len += len;
	s->data[s->len] = '\0';
}

void
str_puts(struct str *s, const char *text)
{
	str_append(s, text, strlen(text));
}

void
str_printf(struct str *s, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	str_vprintf(s, fmt, args);
	va_end(args);
}

void
str_vprintf(struct str *s, const char *fmt, va_list args)
{
	va_list again;
	int	len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	if (len < 0)
		die("cannot format \"%s\"", fmt);
	vsnprintf(str_reserve(s, (size_t)len), (size_t)len + 1, fmt, again);
	va_end(again);
	s->len += (size_t)len;
}

void
str_splice(struct str *s, size_t pos, size_t len, const void *data, size_t data_len)
{
	size_t tail;

	assert(pos <= s->len && len <= s->len - pos);
	tail = s->len - pos - len;
	if (data_len > len)
		str_reserve(s, data_len - len);
	if (s->data == NULL)
		return;
	memmove(s->data + pos + data_len, s->data + pos + len, tail);
	if (data_len > 0)
		memcpy(s->data + pos, data, data_len);
	s->len = pos + data_len + tail;
	s->data[s->len] = '\0';
}

const char *
str_text(const struct str *s)
{
	return s->data != NULL ? s->data : "";
}

char *
str_take(struct str *s)
{
	char *text = s->data != NULL ? s->data : mem_strdup("");

	*s = (struct str)STR_EMPTY;
	return text;
}

int
bytes_order(struct bytes a, struct bytes b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common > 0 ? memcmp(a.data, b.data, common) : 0;

	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct bytes
bytes_trim(struct bytes b)
{
	while (b.len > 0 && is_space(b.data[0])) {
		b.data++;
		b.len--;
	}
	while (b.len > 0 && is_space(b.data[b.len - 1]))
		b.len--;
	return b;
}

bool
bytes_line(struct bytes *rest, struct bytes *line)
{
	const char *lf;
	size_t	    used;

	if (rest->len == 0)
		return false;
	lf = memchr(rest->data, '\n', rest->len);
	used = lf != NULL ? (size_t)(lf - rest->data) + 1 : rest->len;
	*line = (struct bytes){ rest->data, lf != NULL ? used - 1 : used };
	if (lf != NULL && line->len > 0 && line->data[line->len - 1] == '\r')
		line->len--;
	rest->data += used;
	rest->len -= used;
	return true;
}

bool
text_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
text_ends(const char *text, const char *suffix)
{
	size_t len = strlen(text), suffix_len = strlen(suffix);

	return len >= suffix_len && memcmp(text + len - suffix_len, suffix, suffix_len) == 0;
}

bool
text_to_size(const char *text, size_t max, size_t *out)
{
	size_t value = 0;

	if (text[0] == '\0')
		return false;
	for (; *text != '\0'; text++) {
		size_t digit;

		if (*text < '0' || *text > '9')
			return false;
		digit = (size_t)(*text - '0');
		if (value > (SIZE_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (value > max)
		return false;
	*out = value;
	return true;
}
