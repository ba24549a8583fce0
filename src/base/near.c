/* The distance of words. */
#include "slipway/base/near.h"

#include <string.h>

#include "slipway/base/str.h"

#define WORD_MAX 40 /* longer words are near to nothing */

/* Insertions, removals, replacements and swaps of neighbours. */
static size_t
distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1], len_a = strlen(a), len_b = strlen(b);
	size_t *older = rows[0], *old = rows[1], *now = rows[2], *spare;

	if (len_a > WORD_MAX || len_b > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= len_b; j++)
		old[j] = j;
	for (size_t i = 1; i <= len_a; i++) {
		now[0] = i;
		for (size_t j = 1; j <= len_b; j++) {
			now[j] = old[j - 1] + (a[i - 1] != b[j - 1]);
			if (old[j] + 1 < now[j])
				now[j] = old[j] + 1;
			if (now[j - 1] + 1 < now[j])
				now[j] = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    older[j - 2] + 1 < now[j])
				now[j] = older[j - 2] + 1;
		}
		spare = older;
		older = old;
		old = now;
		now = spare;
	}
	return old[len_b];
}

const char *
near_word(const char *text, const char *const *candidates, size_t count)
{
	const char *best = NULL;
	size_t least = strlen(text) / 3 + 2;

	for (size_t i = 0; i < count; i++) {
		size_t d = distance(text, candidates[i]);

		/* A word cut short means the whole one, however much is missing. */
		if (strlen(text) > 2 && text_starts(candidates[i], text))
			d = 1;
		if (d < least && d < strlen(candidates[i])) {
			least = d;
			best = candidates[i];
		}
	}
	return best;
}
