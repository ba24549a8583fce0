/* Where a member of a wheel or sdist may come from in the repository: the same path, below src/, or
 * where pyproject.toml says. */
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "compare_priv.h"
#include "slipway/base/mem.h"

struct placing {
	struct compare_places *p;
	const char *under;
};

/* REST below the folder FROM, which holds packages or is one. */
static void
add(struct placing *k, const char *from, struct bytes rest, bool holds)
{
	const char *slash = rest.len > 0 ? memchr(rest.data, '/', rest.len) : NULL;
	const char *gap = k->under[0] != '\0' ? "/" : "";
	size_t source = strlen(k->under) + strlen(gap), base = source + strlen(from);
	struct compare_places *p = k->p;
	struct compare_place place = { .source = source };

	if (p->count == ARRAY_LEN(p->items))
		return;
	place.path = mem_printf("%s%s%s%.*s", k->under, gap, from, (int)rest.len, rest.data);
	if (!holds)
		place.root = base;
	else if (slash != NULL)
		place.root = base + (size_t)(slash - rest.data) + 1;
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->items[i].path, place.path) == 0) {
			free(place.path);
			return;
		}
	p->items[p->count++] = place;
}

static struct bytes
behind(struct bytes b, const char *head)
{
	return (struct bytes) { b.data + strlen(head), b.len - strlen(head) };
}

/* Copies of files that lie beside pyproject.toml: PEP 639, and what came before it. */
static bool
add_license(struct placing *k, struct bytes path)
{
	static const char *const folders[] = { ".dist-info/licenses/",
		".dist-info/license_files/", ".dist-info/LICENSES/", ".dist-info/" };

	for (size_t i = 0; i < ARRAY_LEN(folders); i++)
		if (check_starts(path, folders[i])) {
			add(k, "", behind(path, folders[i]), true);
			k->p->items[0].root = 0;
			return true;
		}
	return false;
}

static void
in_wheel(struct placing *k, struct bytes path, const struct compare_project *project)
{
	static const char *const same[] = { ".data/purelib/", ".data/platlib/" };

	if (add_license(k, path))
		return;
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		if (check_starts(path, same[i]))
			path = behind(path, same[i]);
	for (size_t i = 0; i < project->map_count; i++) {
		const struct compare_map *m = &project->maps[i];

		if (check_starts(path, m->to))
			add(k, m->from, behind(path, m->to), m->to[0] == '\0');
	}
	add(k, "", path, true);
	add(k, "src/", path, true);
}

void
compare_places_find(struct compare_places *p, const struct compare_table *t,
    const struct compare_file *f, const struct compare_project *project, const char *under)
{
	struct placing k = { .p = p, .under = under };

	p->count = 0;
	if (f->path.len == 0 || memchr(f->path.data, '\0', f->path.len) != NULL)
		return;
	if (t->kind == DIST_SDIST)
		add(&k, "", f->path, true);
	else
		in_wheel(&k, f->path, project);
}

void
compare_places_fini(struct compare_places *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->items[i].path);
	p->count = 0;
}
