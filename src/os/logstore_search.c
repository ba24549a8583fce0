/* Searching a log in steps. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "slipway/os/logstore.h"

/* About a millisecond's worth. */
#define STEP_LINES 1000
#define STEP_BYTES ((size_t)128 * 1024)

static char
fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

void
logstore_search_begin(struct logstore_search *s, const struct logstore *l, const char *needle,
    size_t from, bool backwards)
{
	*s = (struct logstore_search) { .count = logstore_count(l), .backwards = backwards };
	snprintf(s->needle, sizeof s->needle, "%s", needle);
	for (const char *p = s->needle; *p != '\0'; p++)
		if (fold(*p) != *p)
			s->exact = true;
	s->left = s->needle[0] != '\0' ? s->count : 0;
	s->next = from < s->count ? from : 0;
}

size_t
logstore_search_match(const struct logstore_search *s, const char *text, size_t len, size_t from)
{
	size_t needle_len = strlen(s->needle);

	for (size_t i = from; needle_len > 0 && i + needle_len <= len; i++) {
		size_t j = 0;

		/* Most places fail at their first byte; an exact needle begins with that very one.
		 */
		if (text[i] != s->needle[0] && (s->exact || fold(text[i]) != s->needle[0]))
			continue;
		while (
		    j < needle_len && (s->exact ? text[i + j] : fold(text[i + j])) == s->needle[j])
			j++;
		if (j == needle_len)
			return i;
	}
	return SIZE_MAX;
}

static void
advance(struct logstore_search *s)
{
	s->left--;
	if (s->backwards)
		s->next = s->next > 0 ? s->next - 1 : s->count - 1;
	else
		s->next = s->next + 1 < s->count ? s->next + 1 : 0;
}

enum logstore_found
logstore_search_step(struct logstore_search *s, struct logstore *l, size_t *line)
{
	size_t lines = 0, bytes = 0;

	while (s->left > 0 && lines < STEP_LINES && bytes < STEP_BYTES) {
		struct logstore_line text;
		size_t at = s->next;

		logstore_line(l, at, &text);
		advance(s);
		lines++;
		bytes += text.len;
		if (logstore_search_match(s, text.text, text.len, 0) != SIZE_MAX) {
			*line = at;
			return LOGSTORE_FOUND;
		}
	}
	return s->left > 0 ? LOGSTORE_MORE : LOGSTORE_NONE;
}
