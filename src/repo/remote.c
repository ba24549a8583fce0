/* Remotes, read from the configuration by git's rules. Not with libgit2: version 1.5 leaks some
 * twenty kilobytes for each entry of the configuration whenever it looks up a remote. */
#include "remote.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/str.h"

/* The part between SECTION and NAME of a key, owned by the caller; NULL when it is another one. */
static char *
middle(const char *key, const char *section, const char *name)
{
	size_t len = strlen(key), before = strlen(section), after = strlen(name);

	if (len <= before + after || !text_starts(key, section) || !text_ends(key, name))
		return NULL;
	return mem_strndup(key + before, len - before - after);
}

void
remote_names(const struct strlist *pairs, struct strlist *out)
{
	static const char *const keys[] = { ".url", ".pushurl", ".fetch" };

	for (size_t i = 0; i + 1 < pairs->count; i += 2) {
		char *name = NULL;

		for (size_t k = 0; name == NULL && k < ARRAY_LEN(keys); k++)
			name = middle(pairs->items[i], "remote.", keys[k]);
		if (name != NULL && !strlist_has(out, name))
			strlist_add(out, name);
		free(name);
	}
	strlist_sort(out);
}

/* The first value of remote.REMOTE.NAME, borrowed; NULL when there is none. */
static const char *
first_value(const struct strlist *pairs, const char *remote, const char *name)
{
	char *key = mem_printf("remote.%s.%s", remote, name);
	const char *value = NULL;

	for (size_t i = 0; value == NULL && i + 1 < pairs->count; i += 2)
		if (strcmp(pairs->items[i], key) == 0)
			value = pairs->items[i + 1];
	free(key);
	return value;
}

/* The longest prefix wins. NULL when none fits. */
static char *
replaced(const struct strlist *pairs, const char *url, const char *name)
{
	char *best = NULL;
	size_t best_len = 0;

	for (size_t i = 0; i + 1 < pairs->count; i += 2) {
		const char *prefix = pairs->items[i + 1];
		char *base = middle(pairs->items[i], "url.", name);

		if (base != NULL && text_starts(url, prefix) && strlen(prefix) > best_len) {
			best_len = strlen(prefix);
			free(best);
			best = mem_strdup(base);
		}
		free(base);
	}
	if (best != NULL) {
		char *whole = mem_printf("%s%s", best, url + best_len);

		free(best);
		best = whole;
	}
	return best;
}

char *
remote_url(const struct strlist *pairs, const char *remote, bool push)
{
	const char *url = push ? first_value(pairs, remote, "pushurl") : NULL;
	char *other = NULL;

	if (url == NULL) {
		url = first_value(pairs, remote, "url");
		if (url != NULL && push)
			other = replaced(pairs, url, ".pushinsteadof");
	}
	if (url != NULL && other == NULL)
		other = replaced(pairs, url, ".insteadof");
	return other != NULL ? other : mem_strdup(url);
}

/* One refspec, "+refs/heads/X*:refs/remotes/origin/X*" or without stars; NULL when REF does not
 * fit. */
static char *
apply(const char *refspec, const char *ref)
{
	const char *colon, *star, *to_star, *tail;
	size_t head, kept;

	if (*refspec == '+')
		refspec++;
	colon = strchr(refspec, ':');
	if (colon == NULL || *refspec == '^' || colon[1] == '\0')
		return NULL;
	star = memchr(refspec, '*', (size_t)(colon - refspec));
	to_star = strchr(colon, '*');
	if (star == NULL || to_star == NULL) {
		if (strlen(ref) == (size_t)(colon - refspec) &&
		    strncmp(ref, refspec, strlen(ref)) == 0)
			return mem_strdup(colon + 1);
		return NULL;
	}
	head = (size_t)(star - refspec);
	tail = star + 1;
	kept = strlen(ref);
	if (kept < head + (size_t)(colon - tail) || strncmp(ref, refspec, head) != 0 ||
	    strncmp(ref + kept - (colon - tail), tail, (size_t)(colon - tail)) != 0)
		return NULL;
	kept -= head + (size_t)(colon - tail);
	return mem_printf("%.*s%.*s%s", (int)(to_star - colon - 1), colon + 1, (int)kept,
	    ref + head, to_star + 1);
}

char *
remote_tracking(const struct strlist *pairs, const char *remote, const char *ref)
{
	char *key = mem_printf("remote.%s.fetch", remote), *found = NULL;

	for (size_t i = 0; found == NULL && i + 1 < pairs->count; i += 2)
		if (strcmp(pairs->items[i], key) == 0)
			found = apply(pairs->items[i + 1], ref);
	free(key);
	return found;
}
