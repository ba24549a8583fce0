/* What git prints for programs: ls-remote, push --porcelain, --version. */
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/repo/git.h"

static bool
is_hash(struct bytes b)
{
	if (b.len != 40 && b.len != 64)
		return false;
	for (size_t i = 0; i < b.len; i++)
		if (!((b.data[i] >= '0' && b.data[i] <= '9') ||
			(b.data[i] >= 'a' && b.data[i] <= 'f')))
			return false;
	return true;
}

/* The part before the next tab, taken off *REST with it. */
static bool
take_field(struct bytes *rest, struct bytes *field)
{
	const char *tab = rest->len > 0 ? memchr(rest->data, '\t', rest->len) : NULL;

	if (tab == NULL)
		return false;
	*field = (struct bytes){ rest->data, (size_t)(tab - rest->data) };
	rest->data = tab + 1;
	rest->len -= field->len + 1;
	return true;
}

bool
git_refs_find(struct bytes output, const char *ref, bool peeled, char out[REPO_HASH_SIZE])
{
	struct bytes line, hash;
	char	    *peeled_ref = mem_printf("%s^{}", ref);
	bool	     found = false, done = false;

	while (!done && bytes_line(&output, &line)) {
		if (!take_field(&line, &hash) || !is_hash(hash))
			continue;
		done = peeled && bytes_is(line, peeled_ref);
		if (!done && (found || !bytes_is(line, ref)))
			continue;
		memcpy(out, hash.data, hash.len);
		out[hash.len] = '\0';
		found = true;
		done = done || !peeled;
	}
	free(peeled_ref);
	return found;
}

bool
git_version_parse(struct bytes output, int *major, int *minor)
{
	static const char word[] = "git version ";
	char		 *text, *end;
	long		  first, second;
	bool		  ok = false;

	if (output.len < sizeof word - 1 || memcmp(output.data, word, sizeof word - 1) != 0)
		return false;
	text = mem_strndup(output.data + sizeof word - 1, output.len - (sizeof word - 1));
	first = strtol(text, &end, 10);
	if (end != text && *end == '.') {
		char *from = end + 1;

		second = strtol(from, &end, 10);
		ok = end != from && first >= 0 && first < 1000 && second >= 0 && second < 1000;
		if (ok) {
			*major = (int)first;
			*minor = (int)second;
		}
	}
	free(text);
	return ok;
}

void
git_push_parse(struct bytes output, struct git_push_refs *out)
{
	struct bytes line, flag, refs;

	while (bytes_line(&output, &line)) {
		const char *colon;

		if (!take_field(&line, &flag) || flag.len != 1 ||
		    strchr(" +-*!=", flag.data[0]) == NULL || !take_field(&line, &refs))
			continue;
		colon = memchr(refs.data, ':', refs.len);
		if (colon == NULL)
			continue;
		out->items = mem_grow(out->items, &out->cap, out->count + 1, sizeof out->items[0]);
		out->items[out->count++] = (struct git_push_ref){
			.flag = flag.data[0],
			.ref = mem_strndup(colon + 1, (size_t)(refs.data + refs.len - colon - 1)),
			.summary = mem_strndup(line.data, line.len),
		};
	}
}

void
git_push_refs_fini(struct git_push_refs *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free(r->items[i].ref);
		free(r->items[i].summary);
	}
	free(r->items);
	*r = (struct git_push_refs)GIT_PUSH_REFS_EMPTY;
}
