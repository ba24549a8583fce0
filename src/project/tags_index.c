/* Reads the tags of a repository once for all its packages. There may be many thousand: nothing
 * here looks at each tag for each package. */
#include "tags_index.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/project/name.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Where the version of a tag begins: the first number, with a dot in it, from which on all is a
 * version. */
static bool
split(const char *tag, size_t *at, struct version *v)
{
	for (*at = 0; tag[*at] != '\0'; ++*at) {
		bool starts = is_digit(tag[*at]) &&
			      (*at == 0 || !(is_digit(tag[*at - 1]) || tag[*at - 1] == '.'));

		if (!starts || version_parse(tag + *at, v, NULL) != ERR_OK)
			continue;
		if (version_release_len(v) > 1)
			return true;
		version_fini(v);
	}
	return false;
}

static int
compare_prefix(const struct tag_entry *a, const struct tag_entry *b)
{
	size_t len = a->prefix_len < b->prefix_len ? a->prefix_len : b->prefix_len;
	int diff = len > 0 ? memcmp(a->name, b->name, len) : 0;

	if (diff != 0)
		return diff;
	return (a->prefix_len > b->prefix_len) - (a->prefix_len < b->prefix_len);
}

static int
by_prefix_and_version(const void *x, const void *y)
{
	const struct tag_entry *a = x, *b = y;
	int diff = compare_prefix(a, b);

	if (diff == 0)
		diff = version_compare(&a->version, &b->version);
	return diff != 0 ? diff : (a->at < b->at) - (a->at > b->at);
}

static int
by_first(const void *x, const void *y)
{
	const struct tag_prefix *a = x, *b = y;

	return (a->first > b->first) - (a->first < b->first);
}

/* "hf-local-v" says "hf-local"; "v" and "" say nothing. */
static char *
said_by(const char *prefix)
{
	size_t len = strlen(prefix);
	struct str out = STR_EMPTY;

	if (len > 0 && (prefix[len - 1] == 'v' || prefix[len - 1] == 'V') &&
	    (len == 1 || strchr("-_/@.=", prefix[len - 2]) != NULL))
		len--;
	while (len > 0 && strchr("-_/@.=", prefix[len - 1]) != NULL)
		len--;
	name_normal((struct bytes) { prefix, len }, &out);
	return str_take(&out);
}

static void
group(struct tag_index *index)
{
	size_t cap = 0;

	for (size_t i = 0; i < index->entry_count; i++) {
		const struct tag_entry *e = &index->entries[i];
		struct tag_prefix *p;

		if (i == 0 || compare_prefix(e, e - 1) != 0) {
			index->prefixes = mem_grow(index->prefixes, &cap, index->prefix_count + 1,
			    sizeof index->prefixes[0]);
			p = &index->prefixes[index->prefix_count++];
			*p = (struct tag_prefix) { .text = mem_strndup(e->name, e->prefix_len),
				.entries = e,
				.first = e->at };
			p->said = said_by(p->text);
		}
		p = &index->prefixes[index->prefix_count - 1];
		p->count++;
		if (e->at < p->first)
			p->first = e->at;
	}
	if (index->prefix_count > 1)
		qsort(index->prefixes, index->prefix_count, sizeof index->prefixes[0], by_first);
}

struct tag_index *
tag_index_new(const struct strlist *names)
{
	struct tag_index *index = mem_zalloc(1, sizeof *index);

	index->names = names;
	index->entries = mem_zalloc(names->count + 1, sizeof index->entries[0]);
	for (size_t i = 0; i < names->count; i++) {
		struct tag_entry e = { .name = names->items[i], .at = i };

		if (split(e.name, &e.prefix_len, &e.version))
			index->entries[index->entry_count++] = e;
	}
	if (index->entry_count > 1)
		qsort(index->entries, index->entry_count, sizeof index->entries[0],
		    by_prefix_and_version);
	group(index);
	return index;
}

void
tag_index_free(struct tag_index *index)
{
	if (index == NULL)
		return;
	for (size_t i = 0; i < index->entry_count; i++)
		version_fini(&index->entries[i].version);
	for (size_t i = 0; i < index->prefix_count; i++) {
		free(index->prefixes[i].text);
		free(index->prefixes[i].said);
	}
	free(index->entries);
	free(index->prefixes);
	free(index);
}

const struct strlist *
tag_index_names(const struct tag_index *index)
{
	return index->names;
}
