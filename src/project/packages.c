/* From pyproject.toml files to packages with names, versions and needs. */
#include "slipway/project/packages.h"

#include <stdlib.h>
#include <string.h>

#include "authority.h"
#include "deps.h"
#include "packages_order.h"
#include "packages_walk.h"
#include "slipway/base/mem.h"
#include "slipway/base/toml.h"
#include "slipway/os/fs.h"
#include "slipway/project/name.h"
#include "setup.h"
#include "source.h"
#include "workspace.h"

static void
ignore(struct packages *p, const char *file, const char *why)
{
	p->ignored = mem_grow(
	    p->ignored, &p->ignored_cap, p->ignored_count + 1, sizeof p->ignored[0]);
	p->ignored[p->ignored_count++] = (struct package_ignored) { mem_strdup(file),
		mem_strdup(why) };
}

static bool
is_false(const struct toml_node *table, const char *key)
{
	const struct toml_node *n = toml_get(table, key);

	return n != NULL && n->kind == TOML_BOOL && n->integer == 0;
}

static bool
is_private(const struct toml_node *project)
{
	for (const struct toml_node *n = toml_first(toml_get(project, "classifiers")); n != NULL;
	     n = n->next)
		if (n->kind == TOML_STRING && text_starts(n->text, "Private ::"))
			return true;
	return false;
}

/* Why a document makes no package to release; NULL when it does. FILE is not pyproject.toml where
 * that is missing. */
static const char *
why_no_package(const struct toml_node *top, const char *older_name, const char *file)
{
	const struct toml_node *project = toml_get(top, "project"), *tool = toml_get(top, "tool");
	const struct toml_node *poetry = toml_get(tool, "poetry");

	/* Neither python -m build nor pip takes it for a project. */
	if (text_ends(file, ".cfg"))
		return "setup.cfg alone cannot be built: a pyproject.toml or a setup.py has to lie "
		       "beside it";
	if (project == NULL && toml_text(poetry, "name") == NULL && older_name == NULL)
		return text_ends(file, ".toml") ? "it has no [project] table"
						: "it gives no name that can be read";
	if (is_false(poetry, "package-mode"))
		return "tool.poetry.package-mode is false";
	if (is_false(toml_get(tool, "uv"), "package"))
		return "tool.uv.package is false";
	if (is_private(project))
		return "it is classified as private";
	return NULL;
}

/* The name that flit's own table, setup.cfg or setup.py gives, from before [project]; NULL: none.
 */
static char *
older_name(const char *root, const char *dir, const struct toml_node *top)
{
	const struct toml_node *tool = toml_get(top, "tool");
	const struct toml_node *flit = toml_find(tool, TOML_PATH("flit", "metadata"));
	const char *name = toml_text(flit, "dist-name");
	char *found;

	if (toml_get(top, "project") != NULL || toml_get(tool, "poetry") != NULL)
		return NULL;
	if (name == NULL)
		name = toml_text(flit, "module");
	found = name != NULL ? mem_strdup(name) : setup_name(root, dir);
	if (found != NULL && !name_is_valid(bytes_of(found))) {
		free(found);
		found = NULL;
	}
	return found;
}

static enum err_code
read_name(const struct toml_doc *doc, struct package *p, struct err *e)
{
	const struct toml_node *top = toml_root(doc), *project = toml_get(top, "project");
	const struct toml_node *name = project != NULL
					   ? toml_get(project, "name")
					   : toml_find(top, TOML_PATH("tool", "poetry", "name"));
	struct str normal = STR_EMPTY;

	if (p->name != NULL) {
		name_normal(bytes_of(p->name), &normal);
		p->normal = str_take(&normal);
		return ERR_OK;
	}
	if (name == NULL) {
		toml_err_at(doc, project->span.start, ERR_INVALID, e, "[project] has no name");
		err_hint(e, "add name = \"...\" below [project]");
		return ERR_INVALID;
	}
	if (name->kind != TOML_STRING ||
	    !name_is_valid((struct bytes) { name->text, name->text_len }))
		return toml_err_at(doc, name->span.start, ERR_INVALID, e,
		    "the name of a package must be a string of letters, digits, \".\", \"-\" and "
		    "\"_\"");
	p->name = mem_strdup(name->text);
	name_normal((struct bytes) { name->text, name->text_len }, &normal);
	p->normal = str_take(&normal);
	return ERR_OK;
}

static enum err_code
read_version(const char *root, const struct toml_doc *doc, struct package *p, struct err *e)
{
	enum err_code rc = authority_find(root, p->dir, p->file, doc, &p->authority, e);
	struct err why = ERR_EMPTY;

	if (rc != ERR_OK)
		return rc;
	p->dynamic = p->authority.kind != AUTHORITY_TOML;
	if (p->authority.text == NULL ||
	    version_parse(p->authority.text, &p->version, &why) == ERR_OK)
		return ERR_OK;
	if (p->authority.kind == AUTHORITY_TOML) {
		toml_err_at(doc, authority_node(&p->authority, doc)->span.start, ERR_INVALID, e,
		    "%s", why.message);
		err_hint(e, "%s", why.hint);
		return ERR_INVALID;
	}
	err_set(e, ERR_INVALID, "%s: %s", p->authority.file, why.message);
	err_hint(e, "%s", why.hint);
	return ERR_INVALID;
}

static void
package_fini(struct package *p)
{
	mem_set(&p->name, NULL);
	mem_set(&p->normal, NULL);
	mem_set(&p->dir, NULL);
	mem_set(&p->file, NULL);
	authority_fini(&p->authority);
	version_fini(&p->version);
	free(p->needs);
	p->needs = NULL;
}

/* What a package is found by: pyproject.toml, or one of setuptools' own where that is missing. */
static char *
project_file(const char *root, const char *dir)
{
	static const char *const files[] = { "pyproject.toml", "setup.py", "setup.cfg" };

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char *file = source_join(dir, files[i]), *path = fs_join(root, file);
		bool there = fs_is_file(path);

		free(path);
		if (there)
			return file;
		free(file);
	}
	return source_join(dir, files[0]);
}

/* Adds the package in DIR, or the reason why there is none. Its document goes to DOCS, by index. */
static enum err_code
add_package(
    const char *root, const char *dir, struct packages *out, struct toml_doc **doc, struct err *e)
{
	struct package p = { .dir = mem_strdup(dir) };
	struct str text = STR_EMPTY;
	const char *why;
	enum err_code rc = ERR_OK;

	p.file = project_file(root, dir);
	/* The two older files say nothing in TOML. */
	if (text_ends(p.file, ".toml"))
		rc = source_read(root, p.file, &text, e);
	if (rc == ERR_OK)
		rc = toml_parse((struct bytes) { str_text(&text), text.len }, p.file, doc, e);
	if (rc != ERR_OK)
		goto out;
	p.name = older_name(root, dir, toml_root(*doc));
	why = why_no_package(toml_root(*doc), p.name, p.file);
	if (why != NULL) {
		ignore(out, p.file, why);
		toml_free(*doc);
		*doc = NULL;
		goto out;
	}
	rc = read_name(*doc, &p, e);
	if (rc == ERR_OK)
		rc = read_version(root, *doc, &p, e);
	if (rc != ERR_OK)
		goto out;
	out->items = mem_grow(out->items, &out->cap, out->count + 1, sizeof out->items[0]);
	out->items[out->count++] = p;
	p = (struct package) { .name = NULL };
out:
	package_fini(&p);
	str_fini(&text);
	return rc;
}

static bool
is_named(const struct strlist *named, const struct package *p)
{
	return strlist_has(named, p->dir);
}

/* Takes the package AT out, because the one KEPT was named for the same name. */
static void
give_way(struct packages *p, struct toml_doc **docs, size_t at, size_t kept)
{
	char *why = mem_printf("the configuration takes %s for that name", p->items[kept].file);

	ignore(p, p->items[at].file, why);
	free(why);
	package_fini(&p->items[at]);
	toml_free(docs[at]);
	memmove(&p->items[at], &p->items[at + 1], (p->count - at - 1) * sizeof p->items[0]);
	memmove(&docs[at], &docs[at + 1], (p->count - at - 1) * sizeof docs[0]);
	docs[--p->count] = NULL;
}

/* Two files of one name: one that the user named wins; else nobody can tell which is meant. */
static enum err_code
check_names(struct packages *p, struct toml_doc **docs, const struct strlist *named, struct err *e)
{
	for (size_t i = 0; i < p->count; i++) {
		for (size_t k = 0; k < i; k++) {
			bool a = is_named(named, &p->items[i]), b = is_named(named, &p->items[k]);

			if (strcmp(p->items[i].normal, p->items[k].normal) != 0)
				continue;
			if (a != b) {
				give_way(p, docs, a ? k : i, a ? i : k);
				i = 0;
				break;
			}
			err_set(e, ERR_INVALID, "%s and %s are both named \"%s\"", p->items[k].file,
			    p->items[i].file, p->items[i].name);
			err_hint(e,
			    "rename one, or say in slipway.toml which is meant: [package.%s] path "
			    "= "
			    "\"%s\"",
			    p->items[i].normal, p->items[k].dir);
			return ERR_INVALID;
		}
	}
	return ERR_OK;
}

static bool
in_lockstep(const struct packages *p)
{
	const struct version *first = NULL;

	for (size_t i = 0; i < p->count; i++) {
		const struct version *v = &p->items[i].version;

		if (v->normal == NULL)
			continue;
		if (first != NULL && version_compare(first, v) != 0)
			return false;
		first = v;
	}
	return true;
}

static enum err_code
none_found(const char *root, const struct packages *p, struct err *e)
{
	err_set(e, ERR_NOT_FOUND,
	    "no package found in %s: no pyproject.toml with a [project] table, and no setup.py",
	    root);
	if (p->ignored_count > 0 && text_ends(p->ignored[0].file, ".cfg"))
		err_hint(e, "%s", p->ignored[0].why);
	else if (p->ignored_count > 0)
		err_hint(e,
		    "%s was passed over: %s; name it in slipway.toml with [package.NAME] path = "
		    "\"...\" if it is one to release",
		    p->ignored[0].file, p->ignored[0].why);
	else
		err_hint(e, "run it in a repository of Python packages, or give one with -C DIR");
	return ERR_NOT_FOUND;
}

/* A path that a user gave must be a package: what would be passed over elsewhere is an error here.
 */
static enum err_code
add_all(const char *root, const struct strlist *dirs, const struct strlist *named,
    struct packages *out, struct toml_doc **docs, struct err *e)
{
	for (size_t i = 0; i < dirs->count; i++) {
		size_t before = out->count;
		enum err_code rc = add_package(root, dirs->items[i], out, &docs[before], e);

		if (rc != ERR_OK)
			return rc;
		if (out->count == before && strlist_has(named, dirs->items[i]))
			return err_set(e, ERR_CONFIG, "%s is named as a package, but %s",
			    out->ignored[out->ignored_count - 1].file,
			    out->ignored[out->ignored_count - 1].why);
	}
	return ERR_OK;
}

/* "./packages/cli/" is "packages/cli", "." is "". */
static void
add_clean(const char *path, struct strlist *out)
{
	size_t len = strlen(path);

	while (len >= 2 && path[0] == '.' && path[1] == '/') {
		path += 2;
		len -= 2;
	}
	while (len > 0 && path[len - 1] == '/')
		len--;
	if (len == 1 && path[0] == '.')
		len = 0;
	strlist_addf(out, "%.*s", (int)len, path);
}

/* A member of a workspace in folders that are not marked themselves: packages/testing. */
static bool
is_marked_member(const struct workspaces *w, const char *file)
{
	char *dir = fs_dir(file), *rest = dir;
	bool member = workspaces_has(w, dir);

	for (char *slash; member && (slash = strchr(rest, '/')) != NULL; rest = slash + 1) {
		*slash = '\0';
		member = packages_walk_mark(rest) == NULL;
		*slash = '/';
	}
	free(dir);
	return member;
}

/* setup.cfg is mostly there for other tools, and any module may be called setup.py. */
static bool
is_by_chance(const char *root, const char *dir, const char *file)
{
	struct str text = STR_EMPTY;
	char *name = NULL;
	bool calls = false;

	if (text_ends(file, ".toml"))
		return false;
	name = setup_name(root, dir);
	if (name == NULL && text_ends(file, ".py") &&
	    source_read(root, file, &text, NULL) == ERR_OK)
		calls = strstr(str_text(&text), "setup(") != NULL;
	calls = calls || name != NULL;
	str_fini(&text);
	free(name);
	return !calls;
}

/* A workspace says what its packages are. */
static void
sift(const char *root, const struct strlist *named, const struct workspaces *spaces,
    struct strlist *dirs, struct packages *p)
{
	for (size_t i = dirs->count; i-- > 0;) {
		const char *dir = dirs->items[i];
		char *file, *why;

		if (strlist_has(named, dir))
			continue;
		file = project_file(root, dir);
		why = workspaces_refuse(spaces, dir);
		if (is_by_chance(root, dir, file)) {
			strlist_remove(dirs, i);
		} else if (why != NULL) {
			ignore(p, file, why);
			strlist_remove(dirs, i);
		}
		free(why);
		free(file);
	}
}

/* The folders that were named and those that a walk finds, each once, sorted. */
static enum err_code
gather(const char *root, const struct strlist *named, struct strlist *dirs, struct packages *p,
    struct err *e)
{
	struct strlist passed = STRLIST_EMPTY;
	struct workspaces spaces = WORKSPACES_EMPTY;
	enum err_code rc = packages_walk(root, dirs, &passed, e);

	workspaces_read(root, dirs, &spaces);
	sift(root, named, &spaces, dirs, p);
	for (size_t i = 0; i + 1 < passed.count; i += 2) {
		char *file = passed.items[i];
		bool wanted = false;

		if (is_marked_member(&spaces, file)) {
			strlist_take(dirs, fs_dir(file));
			continue;
		}

		for (size_t k = 0; k < named->count && !wanted; k++) {
			char *path = source_join(named->items[k], "pyproject.toml");

			wanted = strcmp(path, file) == 0;
			free(path);
		}
		if (!wanted)
			ignore(p, file, passed.items[i + 1]);
	}
	for (size_t i = 0; i < named->count; i++)
		if (!strlist_has(dirs, named->items[i]))
			strlist_add(dirs, named->items[i]);
	strlist_sort(dirs);
	strlist_fini(&passed);
	workspaces_fini(&spaces);
	return rc;
}

enum err_code
packages_find(const char *root, const struct strlist *paths, struct packages *out, struct err *e)
{
	struct packages p = PACKAGES_EMPTY;
	struct strlist dirs = STRLIST_EMPTY, named = STRLIST_EMPTY;
	struct toml_doc **docs = NULL;
	enum err_code rc;

	for (size_t i = 0; paths != NULL && i < paths->count; i++)
		add_clean(paths->items[i], &named);
	rc = gather(root, &named, &dirs, &p, e);
	if (rc != ERR_OK)
		goto out;
	docs = mem_zalloc(dirs.count + 1, sizeof docs[0]);
	rc = add_all(root, &dirs, &named, &p, docs, e);
	if (rc == ERR_OK && p.count == 0)
		rc = none_found(root, &p, e);
	if (rc == ERR_OK)
		rc = check_names(&p, docs, &named, e);
	if (rc == ERR_OK)
		rc = packages_order(root, &p, docs, e);
	if (rc != ERR_OK)
		goto out;
	p.lockstep = in_lockstep(&p);
	*out = p;
	p = (struct packages)PACKAGES_EMPTY;
out:
	for (size_t i = 0; docs != NULL && i <= dirs.count; i++)
		toml_free(docs[i]);
	free(docs);
	packages_fini(&p);
	strlist_fini(&dirs);
	strlist_fini(&named);
	return rc;
}

void
packages_fini(struct packages *p)
{
	for (size_t i = 0; i < p->count; i++)
		package_fini(&p->items[i]);
	for (size_t i = 0; i < p->ignored_count; i++) {
		free(p->ignored[i].file);
		free(p->ignored[i].why);
	}
	free(p->items);
	free(p->ignored);
	free(p->order);
	*p = (struct packages)PACKAGES_EMPTY;
}

size_t
packages_index(const struct packages *p, const char *name)
{
	size_t i = 0;

	while (i < p->count && !name_equal(bytes_of(p->items[i].normal), bytes_of(name)))
		i++;
	return i;
}

/* Items are in the order of their paths. */
static size_t
find_dir(const struct packages *p, const char *path, size_t len)
{
	size_t low = 0, high = p->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int diff = strncmp(p->items[mid].dir, path, len);

		if (diff == 0 && p->items[mid].dir[len] == '\0')
			return mid;
		if (diff < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return p->count;
}

size_t
packages_owner(const struct packages *p, const char *path)
{
	size_t len = strlen(path), at;

	do {
		while (len > 0 && path[len] != '/')
			len--;
		at = find_dir(p, path, len);
	} while (at == p->count && len-- > 0);
	return at;
}

bool
packages_below(const struct packages *p, const char *folder)
{
	size_t len = strlen(folder), low = 0, high = p->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const char *dir = p->items[mid].dir;
		int diff = strncmp(dir, folder, len);

		if (diff == 0 && dir[len] == '/')
			return true;
		if (diff < 0 || (diff == 0 && (unsigned char)dir[len] < '/'))
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

void
packages_nested(const struct packages *p, size_t at, struct strlist *out)
{
	const char *dir = p->items[at].dir;
	size_t len = strlen(dir);

	for (size_t i = 0; i < p->count; i++) {
		const char *other = p->items[i].dir;

		if (i != at && (len == 0 || (strncmp(other, dir, len) == 0 && other[len] == '/')))
			strlist_add(out, other);
	}
}
