/* What towncrier would do: read from its configuration and from what it printed. */
#include "slipway/project/towncrier.h"

#include <stdlib.h>
#include <string.h>

#include "changelog_private.h"
#include "slipway/base/mem.h"
#include "slipway/base/toml.h"
#include "slipway/os/fs.h"
#include "source.h"

/* -- fragments -- */

static bool
is_type(const struct strlist *types, struct bytes word)
{
	for (size_t i = 0; i < types->count; i++)
		if (bytes_is(word, types->items[i]))
			return true;
	return false;
}

/* "12.feature", "12.feature.1.rst", "+x.bugfix.md": the type is looked for from the right, as the
 * name of an issue may have dots. */
static bool
is_fragment(const struct strlist *types, const char *file)
{
	size_t end = strlen(file);

	while (end > 0) {
		size_t dot = end;

		while (dot > 0 && file[dot - 1] != '.')
			dot--;
		if (dot > 1 && is_type(types, (struct bytes) { file + dot, end - dot }))
			return true;
		end = dot > 0 ? dot - 1 : 0;
	}
	return false;
}

static size_t
count_fragments(const char *root, const char *dir, const struct strlist *types)
{
	char *path = fs_join(root, dir);
	struct strlist names = STRLIST_EMPTY;
	size_t count = 0;

	if (fs_is_dir(path) && fs_list(path, &names, NULL) == ERR_OK)
		for (size_t i = 0; i < names.count; i++)
			count += is_fragment(types, names.items[i]);
	strlist_fini(&names);
	free(path);
	return count;
}

/* -- the configuration -- */

/* [[tool.towncrier.type]] with its directory, [tool.towncrier.fragment.X], or what is built in. */
static void
read_types(const struct toml_node *table, struct strlist *out)
{
	static const char *const built_in[] = { "feature", "bugfix", "doc", "removal", "misc",
		NULL };
	const struct toml_node *types = table != NULL ? toml_get(table, "type") : NULL;
	const struct toml_node *named = table != NULL ? toml_get(table, "fragment") : NULL;

	if (types != NULL && types->kind == TOML_ARRAY)
		for (const struct toml_node *k = toml_first(types); k != NULL; k = k->next) {
			const char *dir = k->kind == TOML_TABLE ? toml_text(k, "directory") : NULL;

			if (dir != NULL)
				strlist_add(out, dir);
		}
	if (named != NULL && named->kind == TOML_TABLE)
		for (const struct toml_node *k = toml_first(named); k != NULL; k = k->next)
			strlist_add(out, k->key);
	if (out->count == 0)
		strlist_add_all(out, built_in);
}

static const char *
text_or(const struct toml_node *table, const char *key, const char *otherwise)
{
	const char *text = toml_text(table, key);

	return text != NULL ? text : otherwise;
}

static char *
join(const char *dir, const char *name)
{
	while (strncmp(name, "./", 2) == 0)
		name += 2;
	return name[0] == '\0' || strcmp(name, ".") == 0 ? mem_strdup(dir) : source_join(dir, name);
}

/* The fragments of one section, below DIR. */
static size_t
count_section(const char *root, const char *dir, const struct toml_node *table, const char *section,
    const struct strlist *types)
{
	const char *folder = toml_text(table, "directory");
	char *base, *below, *at;
	size_t count;

	if (folder != NULL) {
		base = join(dir, folder);
		at = join(base, section);
	} else {
		base = join(dir, text_or(table, "package_dir", "."));
		below = join(base, text_or(table, "package", ""));
		free(base);
		base = join(below, section);
		at = source_join(base, "newsfragments");
		free(below);
	}
	count = count_fragments(root, at, types);
	free(base);
	free(at);
	return count;
}

static void
read_table(const char *root, const struct toml_node *table, struct towncrier *t)
{
	const struct toml_node *sections = toml_get(table, "section");
	struct strlist types = STRLIST_EMPTY;

	read_types(table, &types);
	t->news = join(t->dir, text_or(table, "filename", "NEWS.rst"));
	t->name = mem_strdup(toml_text(table, "name"));
	if (sections != NULL && sections->kind == TOML_ARRAY) {
		for (const struct toml_node *k = toml_first(sections); k != NULL; k = k->next)
			if (k->kind == TOML_TABLE)
				t->fragments += count_section(
				    root, t->dir, table, text_or(k, "path", ""), &types);
	} else {
		t->fragments = count_section(root, t->dir, table, "", &types);
	}
	strlist_fini(&types);
}

/* DIR/FILE configures it; the whole of towncrier.toml is about it. */
static bool
read_file(const char *root, const char *dir, const char *file, bool own, struct towncrier *out)
{
	char *path = source_join(dir, file);
	struct str text = STR_EMPTY;
	struct toml_doc *doc = NULL;
	const struct toml_node *table = NULL;
	bool found = false;

	if (source_read(root, path, &text, NULL) == ERR_OK) {
		if (toml_parse((struct bytes) { str_text(&text), text.len }, path, &doc, NULL) ==
		    ERR_OK)
			table = toml_find(toml_root(doc), TOML_PATH("tool", "towncrier"));
		found = own || table != NULL;
	}
	if (found) {
		*out = (struct towncrier) { .dir = mem_strdup(dir), .configured = true };
		if (table != NULL)
			read_table(root, table, out);
		else
			out->news = source_join(dir, "NEWS.rst");
	}
	toml_free(doc);
	str_fini(&text);
	free(path);
	return found;
}

static bool
find_folder(const char *root, const char *dir, struct towncrier *out)
{
	char *folder = source_join(dir, "newsfragments");
	struct strlist types = STRLIST_EMPTY;
	size_t count;

	read_types(NULL, &types);
	count = count_fragments(root, folder, &types);
	if (count > 0)
		*out = (struct towncrier) { .dir = mem_strdup(dir),
			.news = source_join(dir, "NEWS.rst"),
			.fragments = count };
	strlist_fini(&types);
	free(folder);
	return count > 0;
}

bool
towncrier_find(const char *root, const char *dir, bool shared, bool bare, struct towncrier *out)
{
	bool found = read_file(root, dir, "towncrier.toml", true, out) ||
		     read_file(root, dir, "pyproject.toml", false, out) ||
		     (bare && find_folder(root, dir, out));

	if (!found && shared && dir[0] != '\0')
		found = towncrier_find(root, "", false, bare, out);
	return found;
}

void
towncrier_fini(struct towncrier *t)
{
	free(t->dir);
	free(t->news);
	free(t->name);
	*t = (struct towncrier)TOWNCRIER_EMPTY;
}

char *
towncrier_news(const struct towncrier *t, const char *version)
{
	struct str out = STR_EMPTY;

	for (const char *p = t->news; *p != '\0';) {
		if (text_starts(p, "{version}")) {
			str_puts(&out, version);
			p += strlen("{version}");
		} else if (text_starts(p, "{name}")) {
			str_puts(&out, t->name != NULL ? t->name : "");
			p += strlen("{name}");
		} else {
			str_putc(&out, *p++);
		}
	}
	return str_take(&out);
}

/* -- what it prints and writes -- */

/* The heading that names VERSION, with the project's name before it or not, from the first AT
 * headings; CHANGELOG_NONE. */
static size_t
heading_of(const struct changelog *c, const char *version, size_t among)
{
	for (size_t i = 0; i < c->count && i < among; i++)
		if (changelog_has_version(
			(struct bytes) { c->text.data + c->items[i].text, c->items[i].len },
			bytes_of(version)))
			return i;
	return CHANGELOG_NONE;
}

struct bytes
towncrier_body(struct bytes draft, const char *news, const char *version)
{
	struct changelog c = CHANGELOG_EMPTY;
	struct bytes out = draft;

	if (changelog_parse(draft, news, NULL, &c, NULL) != ERR_OK)
		return out;
	if (heading_of(&c, version, 1) == 0) {
		out.data += c.items[0].end;
		out.len -= c.items[0].end;
	}
	changelog_fini(&c);
	return out;
}

bool
towncrier_section(struct bytes text, const char *news, const char *version, struct bytes *out)
{
	struct changelog c = CHANGELOG_EMPTY;
	size_t at, next, end = text.len;

	if (changelog_parse(text, news, NULL, &c, NULL) != ERR_OK)
		return false;
	at = heading_of(&c, version, SIZE_MAX);
	if (at != CHANGELOG_NONE) {
		for (next = at + 1; next < c.count && c.items[next].level > c.items[at].level;)
			next++;
		if (next < c.count)
			end = c.items[next].at;
		*out = (struct bytes) { text.data + c.items[at].end, end - c.items[at].end };
	}
	changelog_fini(&c);
	return at != CHANGELOG_NONE;
}
