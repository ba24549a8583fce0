/* Walking a shallow clone. libgit2 1.5 does not read .git/shallow, and gives up at the first parent
 * that is missing. Such a history is short, so that it can be read whole before it is told. */
#include "shallow.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"

struct node {
	char hash[REPO_HASH_SIZE];
	size_t next_parent; /* from 1, as in HASH^1 */
};

/* Hashes in the order in which they were added, found by their first digits. */
struct set {
	struct node *items;
	size_t count, cap;
	size_t *slots; /* index + 1; 0 is free */
	size_t slot_count; /* a power of two */
};

static void
set_fini(struct set *s)
{
	free(s->items);
	free(s->slots);
}

static size_t *
set_slot(const struct set *s, const char *hash)
{
	char digits[16] = "";
	size_t at;

	memcpy(digits, hash, sizeof digits - 1);
	at = (size_t)strtoull(digits, NULL, 16);
	for (;; at++) {
		size_t *slot = &s->slots[at & (s->slot_count - 1)];

		if (*slot == 0 || strcmp(s->items[*slot - 1].hash, hash) == 0)
			return slot;
	}
}

static bool
set_has(const struct set *s, const char *hash)
{
	return s->slot_count > 0 && *set_slot(s, hash) != 0;
}

static void
set_add(struct set *s, const char *hash)
{
	if (2 * (s->count + 1) > s->slot_count) {
		s->slot_count = s->slot_count > 0 ? 2 * s->slot_count : 256;
		free(s->slots);
		s->slots = mem_zalloc(s->slot_count, sizeof s->slots[0]);
		for (size_t i = 0; i < s->count; i++)
			*set_slot(s, s->items[i].hash) = i + 1;
	}
	s->items = mem_grow(s->items, &s->cap, s->count + 1, sizeof s->items[0]);
	s->items[s->count] = (struct node){ .next_parent = 1 };
	memccpy(s->items[s->count].hash, hash, '\0', REPO_HASH_SIZE);
	s->count++;
	*set_slot(s, hash) = s->count;
}

/* False when there is no such parent, or it was never fetched. */
static bool
parent_of(struct git2 *g, const char *hash, size_t number, char out[REPO_HASH_SIZE])
{
	char *rev = mem_printf("%s^%zu", hash, number);
	struct err ignored = ERR_EMPTY;
	bool found = git2_resolve(g, rev, out, NULL, &ignored) == ERR_OK;

	free(rev);
	return found;
}

/* Adds what is reachable from FROM and not in HIDDEN to ORDER, parents before children. */
static void
collect(struct git2 *g, const char *from, const struct set *hidden, bool first_parent,
    struct set *order)
{
	struct set seen = { .items = NULL };
	struct node *stack = NULL;
	size_t depth = 0, cap = 0;
	char parent[REPO_HASH_SIZE];

	if (!set_has(hidden, from)) {
		stack = mem_grow(stack, &cap, 1, sizeof stack[0]);
		stack[depth] = (struct node){ .next_parent = 1 };
		memccpy(stack[depth++].hash, from, '\0', REPO_HASH_SIZE);
		set_add(&seen, from);
	}
	while (depth > 0) {
		struct node *top = &stack[depth - 1];
		size_t number = top->next_parent++;

		if ((first_parent && number > 1) || !parent_of(g, top->hash, number, parent)) {
			set_add(order, top->hash);
			depth--;
		} else if (!set_has(hidden, parent) && !set_has(&seen, parent)) {
			set_add(&seen, parent);
			stack = mem_grow(stack, &cap, depth + 1, sizeof stack[0]);
			stack[depth] = (struct node){ .next_parent = 1 };
			memccpy(stack[depth++].hash, parent, '\0', REPO_HASH_SIZE);
		}
	}
	set_fini(&seen);
	free(stack);
}

void
shallow_walk(struct git2 *g, const char *from, const char *until, bool first_parent,
    git2_walk_fn fn, void *arg)
{
	struct set none = { .items = NULL }, hidden = { .items = NULL }, order = { .items = NULL };
	bool go_on = true;

	if (until != NULL)
		collect(g, until, &none, false, &hidden);
	collect(g, from, &hidden, first_parent, &order);
	for (size_t i = order.count; go_on && i > 0; i--)
		go_on = fn(arg, order.items[i - 1].hash);
	set_fini(&hidden);
	set_fini(&order);
}
