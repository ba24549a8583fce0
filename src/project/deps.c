/* The tables of pyproject.toml in which requirements stand, standard ones and those of the tools.
 */
#include "deps.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/project/requirement.h"

static void
add(struct deps *d, struct dep dep)
{
	d->items = mem_grow(d->items, &d->cap, d->count + 1, sizeof d->items[0]);
	d->items[d->count++] = dep;
}

/* An array of PEP 508 strings; {include-group = ...} and other values are passed over. */
static void
add_array(struct deps *d, const struct toml_node *array, enum dep_kind kind)
{
	if (array == NULL || array->kind != TOML_ARRAY)
		return;
	for (const struct toml_node *n = toml_first(array); n != NULL; n = n->next) {
		struct requirement r = REQUIREMENT_EMPTY;

		if (n->kind != TOML_STRING ||
		    requirement_parse((struct bytes) { n->text, n->text_len }, &r, NULL) != ERR_OK)
			continue;
		add(d, (struct dep) {
			   .name = { n->text + r.name.at, r.name.len }, .node = n, .kind = kind });
		requirement_fini(&r);
	}
}

/* A table whose values are such arrays. */
static void
add_arrays(struct deps *d, const struct toml_node *table, enum dep_kind kind)
{
	if (table == NULL || table->kind != TOML_TABLE)
		return;
	for (const struct toml_node *n = toml_first(table); n != NULL; n = n->next)
		add_array(d, n, kind);
}

/* name = "^1.0", name = {version = "^1.0", ...} or an array of such tables. */
static void
add_poetry(struct deps *d, const struct toml_node *table, enum dep_kind kind)
{
	if (table == NULL || table->kind != TOML_TABLE)
		return;
	for (const struct toml_node *n = toml_first(table); n != NULL; n = n->next) {
		struct bytes name = { n->key, n->key_len };

		if (bytes_is(name, "python"))
			continue;
		if (n->kind == TOML_ARRAY) {
			for (const struct toml_node *t = toml_first(n); t != NULL; t = t->next)
				add(d, (struct dep) { name, toml_get(t, "version"), true, kind });
			continue;
		}
		add(d, (struct dep) {
			   name, n->kind == TOML_STRING ? n : toml_get(n, "version"), true, kind });
	}
}

void
deps_collect(const struct toml_doc *doc, struct deps *out)
{
	const struct toml_node *root = toml_root(doc), *tool = toml_get(root, "tool");
	const struct toml_node *poetry = toml_get(tool, "poetry"), *uv = toml_get(tool, "uv");
	const struct toml_node *envs = toml_find(tool, TOML_PATH("hatch", "envs"));
	const struct toml_node *flit = toml_find(tool, TOML_PATH("flit", "metadata"));
	const struct toml_node *groups = toml_get(poetry, "group");
	struct deps d = DEPS_EMPTY;

	add_array(&d, toml_find(root, TOML_PATH("project", "dependencies")), DEP_HARD);
	add_arrays(&d, toml_find(root, TOML_PATH("project", "optional-dependencies")), DEP_SOFT);
	add_array(&d, toml_find(root, TOML_PATH("build-system", "requires")), DEP_HARD);
	add_arrays(&d, toml_get(root, "dependency-groups"), DEP_DEV);
	add_array(&d, toml_get(uv, "dev-dependencies"), DEP_DEV);
	add_arrays(&d, toml_find(tool, TOML_PATH("pdm", "dev-dependencies")), DEP_DEV);
	add_array(&d, toml_get(flit, "requires"), DEP_HARD);
	add_arrays(&d, toml_get(flit, "requires-extra"), DEP_SOFT);
	for (const struct toml_node *n = toml_first(envs); n != NULL; n = n->next) {
		add_array(&d, toml_get(n, "dependencies"), DEP_DEV);
		add_array(&d, toml_get(n, "extra-dependencies"), DEP_DEV);
	}
	add_poetry(&d, toml_get(poetry, "dependencies"), DEP_HARD);
	add_poetry(&d, toml_get(poetry, "dev-dependencies"), DEP_DEV);
	for (const struct toml_node *n = toml_first(groups); n != NULL; n = n->next)
		add_poetry(&d, toml_get(n, "dependencies"), DEP_DEV);
	*out = d;
}

void
deps_fini(struct deps *d)
{
	free(d->items);
	*d = (struct deps)DEPS_EMPTY;
}
