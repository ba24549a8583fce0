/* The last listing of each project, so that twenty wheels of one project are one question before
 * they are sent. Never used to read back. */
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "transfer.h"

struct listing_cache {
	struct entry {
		char *project; /* normal form */
		struct index_listing listing;
	} * entries;
	size_t count, cap;
};

struct listing_cache *
listing_cache_new(void)
{
	return mem_zalloc(1, sizeof(struct listing_cache));
}

void
listing_cache_free(struct listing_cache *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->count; i++) {
		free(c->entries[i].project);
		index_listing_fini(&c->entries[i].listing);
	}
	free(c->entries);
	free(c);
}

const struct index_listing *
listing_cache_get(const struct listing_cache *c, const char *project)
{
	for (size_t i = 0; i < c->count; i++) {
		if (index_same_name(c->entries[i].project, project))
			return &c->entries[i].listing;
	}
	return NULL;
}

void
listing_cache_put(struct listing_cache *c, const char *project, const struct index_listing *l)
{
	size_t at = 0;

	while (at < c->count && !index_same_name(c->entries[at].project, project))
		at++;
	if (at == c->count) {
		c->entries = mem_grow(c->entries, &c->cap, c->count + 1, sizeof *c->entries);
		c->entries[c->count++] = (struct entry) { .project = index_normal_name(project) };
	} else {
		index_listing_fini(&c->entries[at].listing);
	}
	index_listing_copy(&c->entries[at].listing, l);
}
