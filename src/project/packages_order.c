/* Dependencies first. What is needed to install or build decides; extras only as long as they make
 * no circle, for "all" extras that name their own dependants are common. */
#include "packages_order.h"

#include <stdlib.h>
#include <string.h>

#include "deps.h"
#include "deps_files.h"
#include "slipway/base/mem.h"
#include "slipway/project/name.h"

/* A square of marks: needs[a * count + b] says that A needs B, as the strongest kind found. */
enum edge { EDGE_NONE, EDGE_SOFT, EDGE_HARD };

struct graph {
	size_t count;
	enum edge *edges;
};

static size_t
member(const struct packages *p, struct bytes name)
{
	size_t i = 0;

	while (i < p->count && !name_equal(bytes_of(p->items[i].normal), name))
		i++;
	return i;
}

static void
add_edge(
    const struct packages *p, size_t from, struct bytes name, enum dep_kind dep, struct graph *g)
{
	size_t other = member(p, name);
	enum edge kind = dep == DEP_HARD   ? EDGE_HARD
			 : dep == DEP_SOFT ? EDGE_SOFT
					   : EDGE_NONE;

	if (other < p->count && other != from && g->edges[from * g->count + other] < kind)
		g->edges[from * g->count + other] = kind;
}

static void
read_edges(
    const char *root, const struct packages *p, struct toml_doc *const *docs, struct graph *g)
{
	for (size_t i = 0; i < p->count; i++) {
		struct deps_files files = DEPS_FILES_EMPTY;
		struct deps d;

		deps_collect(docs[i], &d);
		for (size_t k = 0; k < d.count; k++)
			add_edge(p, i, d.items[k].name, d.items[k].kind, g);
		deps_fini(&d);
		deps_files_read(root, p->items[i].dir, DEPS_SETUP, &files);
		for (size_t k = 0; k < files.count; k++)
			for (size_t n = 0; n < files.items[k].deps.count; n++) {
				const struct dep_text *t = &files.items[k].deps.items[n];

				add_edge(p, i, t->name, t->kind, g);
			}
		deps_files_fini(&files);
	}
}

static bool
is_free(const struct graph *g, size_t i, const bool *done, enum edge least)
{
	for (size_t k = 0; k < g->count; k++)
		if (!done[k] && g->edges[i * g->count + k] >= least)
			return false;
	return true;
}

/* Places every package whose needs are placed, the first by path first; returns how many it could
 * place. */
static size_t
sort(const struct graph *g, enum edge least, size_t *order, bool *done)
{
	size_t placed = 0, i = 0;

	memset(done, 0, g->count * sizeof done[0]);
	while (i < g->count) {
		if (!done[i] && is_free(g, i, done, least)) {
			done[i] = true;
			order[placed++] = i;
			i = 0;
		} else {
			i++;
		}
	}
	return placed;
}

/* Every package that is left has a need that is left: following them comes back to one of them. */
static enum err_code
show_circle(const struct packages *p, const struct graph *g, const bool *done, struct err *e)
{
	struct str path = STR_EMPTY;
	bool *seen = mem_zalloc(g->count, sizeof seen[0]);
	size_t at = 0, start;

	while (done[at])
		at++;
	while (!seen[at]) {
		size_t next = 0;

		seen[at] = true;
		while (done[next] || g->edges[at * g->count + next] != EDGE_HARD)
			next++;
		at = next;
	}
	start = at;
	do {
		size_t next = 0;

		str_printf(&path, "%s needs ", p->items[at].name);
		while (done[next] || g->edges[at * g->count + next] != EDGE_HARD)
			next++;
		at = next;
	} while (at != start);
	err_set(e, ERR_INVALID, "the packages need each other in a circle: %s%s", str_text(&path),
	    p->items[start].name);
	err_hint(e, "no order of publishing would work; move what both need into a third package");
	free(seen);
	str_fini(&path);
	return ERR_INVALID;
}

static void
write_needs(struct packages *p, const struct graph *g, enum edge least)
{
	for (size_t i = 0; i < p->count; i++) {
		struct package *one = &p->items[i];

		one->needs = mem_zalloc(p->count, sizeof one->needs[0]);
		for (size_t k = 0; k < p->count; k++)
			if (g->edges[i * g->count + k] >= least)
				one->needs[one->need_count++] = k;
	}
}

enum err_code
packages_order(
    const char *root, struct packages *p, struct toml_doc *const *docs, struct err *e)
{
	struct graph g = { p->count, mem_zalloc(p->count * p->count, sizeof g.edges[0]) };
	bool *done = mem_zalloc(p->count, sizeof done[0]);
	enum edge least = EDGE_SOFT;
	enum err_code rc = ERR_OK;

	p->order = mem_zalloc(p->count, sizeof p->order[0]);
	read_edges(root, p, docs, &g);
	if (sort(&g, least, p->order, done) < p->count) {
		least = EDGE_HARD;
		if (sort(&g, least, p->order, done) < p->count)
			rc = show_circle(p, &g, done, e);
	}
	if (rc == ERR_OK)
		write_needs(p, &g, least);
	free(g.edges);
	free(done);
	return rc;
}
