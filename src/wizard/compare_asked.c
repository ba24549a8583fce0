/* What an index said of projects, for the files of one release: it is asked once for each, and not
 * again when it cannot be reached. */
#include <stdlib.h>

#include "compare_parts.h"
#include "slipway/base/mem.h"
#include "slipway/index/index.h"
#include "slipway/index/query.h"

struct compare_asked {
	struct answer_kept {
		char *project;
		struct index_listing listing;
	} * items;
	size_t count, cap;
	struct err unreachable; /* holds for every project */
};

struct compare_asked *
compare_asked_new(void)
{
	return mem_zalloc(1, sizeof(struct compare_asked));
}

void
compare_asked_free(struct compare_asked *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->count; i++) {
		free(a->items[i].project);
		index_listing_fini(&a->items[i].listing);
	}
	free(a->items);
	free(a);
}

bool
compare_asked_get(const struct compare_asked *a, const char *project,
    const struct index_listing **listing, const struct err **failure)
{
	*listing = NULL;
	*failure = a != NULL && a->unreachable.code != ERR_OK ? &a->unreachable : NULL;
	for (size_t i = 0; a != NULL && *listing == NULL && i < a->count; i++)
		if (index_same_name(a->items[i].project, project)) {
			*listing = &a->items[i].listing;
			*failure = NULL;
		}
	return *listing != NULL || *failure != NULL;
}

void
compare_asked_put(struct compare_asked *a, const char *project, const struct index_listing *listing,
    const struct err *failure)
{
	struct answer_kept *k;

	if (a == NULL)
		return;
	if (failure != NULL) {
		if (failure->code == ERR_NETWORK || failure->code == ERR_TIMEOUT)
			a->unreachable = *failure;
		return;
	}
	a->items = mem_grow(a->items, &a->cap, a->count + 1, sizeof a->items[0]);
	k = &a->items[a->count++];
	*k = (struct answer_kept) { .project = mem_strdup(project) };
	index_listing_copy(&k->listing, listing);
}
