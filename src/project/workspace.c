/* The globs of uv workspaces, matched as uv does: those of members folder by folder, "**" for any
 * number of them; in those of exclude a star crosses folders. */
#include "workspace.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/toml.h"
#include "source.h"

#define STARS_MAX 6 /* fnmatch() tries every place for each of them */

static void
add_texts(const struct toml_node *list, struct strlist *out)
{
	for (const struct toml_node *n = toml_first(list); n != NULL; n = n->next) {
		const char *text = n->kind == TOML_STRING ? n->text : "";
		size_t len;

		while (text_starts(text, "./"))
			text += 2;
		len = strlen(text);
		while (len > 0 && text[len - 1] == '/')
			len--;
		if (len > 0)
			strlist_addf(out, "%.*s", (int)len, text);
	}
}

static void
add_workspace(struct workspaces *w, const char *dir, const struct toml_doc *doc)
{
	const struct toml_node *table = toml_find(
	    toml_root(doc), TOML_PATH("tool", "uv", "workspace"));
	struct workspace *one;

	if (table == NULL || table->kind != TOML_TABLE)
		return;
	w->items = mem_grow(w->items, &w->cap, w->count + 1, sizeof w->items[0]);
	one = &w->items[w->count++];
	*one = (struct workspace) { .dir = mem_strdup(dir) };
	add_texts(toml_get(table, "members"), &one->members);
	add_texts(toml_get(table, "exclude"), &one->exclude);
}

void
workspaces_read(const char *root, const struct strlist *dirs, struct workspaces *out)
{
	for (size_t i = 0; i < dirs->count; i++) {
		char *file = source_join(dirs->items[i], "pyproject.toml");
		struct toml_doc *doc = NULL;
		struct str text = STR_EMPTY;

		if (source_read(root, file, &text, NULL) == ERR_OK &&
		    strstr(str_text(&text), "workspace") != NULL &&
		    toml_parse((struct bytes) { str_text(&text), text.len }, file, &doc, NULL) ==
			ERR_OK)
			add_workspace(out, dirs->items[i], doc);
		toml_free(doc);
		str_fini(&text);
		free(file);
	}
}

void
workspaces_fini(struct workspaces *w)
{
	for (size_t i = 0; i < w->count; i++) {
		free(w->items[i].dir);
		strlist_fini(&w->items[i].members);
		strlist_fini(&w->items[i].exclude);
	}
	free(w->items);
	*w = (struct workspaces)WORKSPACES_EMPTY;
}

static bool
is_wild(const char *pattern, const char *text)
{
	size_t stars = 0;

	for (const char *c = pattern; *c != '\0'; c++)
		stars += *c == '*';
	return stars <= STARS_MAX && fnmatch(pattern, text, 0) == 0;
}

static const char *
behind_part(const char *path)
{
	path += strcspn(path, "/");
	return path + (*path == '/');
}

static bool
matches(const char *pattern, const char *path, unsigned int any)
{
	char *part, *name;
	bool same;

	if (*pattern == '\0' || *path == '\0')
		return *pattern == *path || (strcmp(pattern, "**") == 0 && *path == '\0');
	if (strcmp(pattern, "**") == 0 || text_starts(pattern, "**/")) {
		if (any == STARS_MAX)
			return false;
		if (matches(behind_part(pattern), path, any + 1))
			return true;
		return matches(pattern, behind_part(path), any + 1);
	}
	part = mem_strndup(pattern, strcspn(pattern, "/"));
	name = mem_strndup(path, strcspn(path, "/"));
	same = is_wild(part, name);
	free(part);
	free(name);
	return same && matches(behind_part(pattern), behind_part(path), any);
}

/* The innermost workspace around DIR, and the way from there; NULL when there is none, or when DIR
 * is the root of one. */
static const struct workspace *
around(const struct workspaces *w, const char *dir, const char **path)
{
	const struct workspace *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < w->count; i++) {
		size_t len = strlen(w->items[i].dir);

		if (strcmp(w->items[i].dir, dir) == 0)
			return NULL;
		if ((len > 0 && (strncmp(dir, w->items[i].dir, len) != 0 || dir[len] != '/')) ||
		    (best != NULL && len < most))
			continue;
		best = &w->items[i];
		most = len;
		*path = dir + len + (len > 0);
	}
	return best;
}

static bool
is_excluded(const struct workspace *w, const char *path)
{
	for (size_t i = 0; i < w->exclude.count; i++)
		if (is_wild(w->exclude.items[i], path))
			return true;
	return false;
}

static bool
is_member(const struct workspace *w, const char *path)
{
	for (size_t i = 0; i < w->members.count; i++)
		if (matches(w->members.items[i], path, 0))
			return true;
	return false;
}

bool
workspaces_has(const struct workspaces *w, const char *dir)
{
	const char *path = NULL;
	const struct workspace *one = around(w, dir, &path);

	return one != NULL && is_member(one, path) && !is_excluded(one, path);
}

char *
workspaces_refuse(const struct workspaces *w, const char *dir)
{
	const char *path = NULL;
	const struct workspace *one = around(w, dir, &path);
	char *file, *why = NULL;

	if (one == NULL)
		return NULL;
	file = source_join(one->dir, "pyproject.toml");
	if (is_excluded(one, path))
		why = mem_printf("the uv workspace of %s excludes it", file);
	else if (!is_member(one, path))
		why = mem_printf("it is no member of the uv workspace of %s", file);
	free(file);
	return why;
}
