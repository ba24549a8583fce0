/* Versions that other tools keep of a package: its own entry in lock files, and Cargo.toml. */
#include "places_private.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/project/name.h"
#include "source.h"

static void
add_string(struct places *p, const struct place_search *o, size_t file,
    const struct toml_node *node, enum place_style style)
{
	struct place *place;

	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].at->node == node)
			return;
	place = places_add_toml(p, o->role, o->package, file, node);
	place_fill(place, o, style, mem_strdup(node->text));
}

/* DIR of a package as its lock file in LOCK_DIR names it. */
static bool
is_same_dir(const char *lock_dir, const char *dir, const char *named)
{
	char *path = source_join(lock_dir, named);
	size_t len = strlen(path);
	bool same;

	while (len > 0 && path[len - 1] == '/')
		path[--len] = '\0';
	same = strcmp(named, ".") == 0 ? strcmp(lock_dir, dir) == 0 : strcmp(path, dir) == 0;
	free(path);
	return same;
}

/* Itself is what its own folder is the source of; one of the same name from an index is not. */
static bool
is_self(const struct toml_node *entry, const char *lock_dir, const char *dir)
{
	static const char *const kinds[] = { "editable", "virtual", "directory" };
	const struct toml_node *source = toml_get(entry, "source");
	const char *type = toml_text(source, "type"), *path = toml_text(entry, "path");

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const char *named = toml_text(source, kinds[i]);

		if (named != NULL)
			return is_same_dir(lock_dir, dir, named);
	}
	if (type != NULL && strcmp(type, "directory") == 0)
		return true; /* Poetry: its URL may be relative to anything */
	return path != NULL && is_same_dir(lock_dir, dir, path); /* PDM */
}

bool
lock_entry_is(const struct toml_node *entry, const char *lock, const char *normal, const char *dir)
{
	const char *name = toml_text(entry, "name");
	char *lock_dir = fs_dir(lock);
	/* fs_dir() says "." of what lies at the root. */
	bool same = name != NULL && name_equal(bytes_of(name), bytes_of(normal)) &&
		    is_self(entry, strcmp(lock_dir, ".") == 0 ? "" : lock_dir, dir);

	free(lock_dir);
	return same;
}

/* What other tools keep of a package in files of theirs; NULL where there is nothing to edit. */
static const struct {
	const char *file, *entries, *version;
} locks[] = {
	{ "uv.lock", "package", "version" },
	{ "poetry.lock", "package", "version" },
	{ "pdm.lock", "package", "version" },
	{ "pylock.toml", "packages", NULL },
};

/* Locked requirements of PEP 751 say where a package of the repository lies: shown, not edited. */
static void
tell_of_pylock(struct places *p, const struct place_search *o, const struct toml_node *entry,
    const char *normal)
{
	const char *name = toml_text(entry, "name");

	if (name != NULL && name_equal(bytes_of(name), bytes_of(normal)) &&
	    toml_get(entry, "directory") != NULL)
		places_add_note(p, o, entry->line, "packages",
		    mem_printf("it lists %s: lock again with the tool that wrote it", name));
}

void
places_lock(struct places *p, const struct place_search *o, const char *normal, const char *dir)
{
	const struct toml_node *entries;
	size_t file, kind = 0;

	while (!text_ends(o->path, locks[kind].file))
		kind++;
	if (!places_try(p, o, &file) || p->files[file].doc == NULL)
		return;
	entries = toml_get(toml_root(p->files[file].doc), locks[kind].entries);
	for (const struct toml_node *n = toml_first(entries); n != NULL; n = n->next) {
		const struct toml_node *version;

		if (locks[kind].version == NULL) {
			tell_of_pylock(p, o, n, normal);
			continue;
		}
		/* A package whose version is dynamic has none in uv.lock. */
		version = toml_get(n, locks[kind].version);
		if (version != NULL && version->kind == TOML_STRING &&
		    lock_entry_is(n, o->path, normal, dir))
			add_string(p, o, file, version, PLACE_PEP440);
	}
}

void
places_lock_files(const char *root, const struct packages *packages, struct strlist *out)
{
	struct strlist seen = STRLIST_EMPTY;

	for (size_t i = 0; i < packages->count; i++) {
		char *at = mem_strdup(packages->items[i].dir);

		/* The folders above as well; the repository itself is "". */
		while (!strlist_has(&seen, at)) {
			strlist_add(&seen, at);
			for (size_t k = 0; k < ARRAY_LEN(locks); k++) {
				char *path = source_join(at, locks[k].file);
				char *full = fs_join(root, path);

				if (fs_is_file(full))
					strlist_add(out, path);
				free(path);
				free(full);
			}
			if (strrchr(at, '/') != NULL)
				*strrchr(at, '/') = '\0';
			else
				at[0] = '\0';
		}
		free(at);
	}
	strlist_fini(&seen);
}

const struct toml_node *
cargo_version(const struct toml_doc *doc, bool *workspace)
{
	const struct toml_node *top = toml_root(doc);
	const struct toml_node *own = toml_find(top, TOML_PATH("package", "version"));
	const struct toml_node *shared = toml_find(
	    top, TOML_PATH("workspace", "package", "version"));

	*workspace = own != NULL && own->kind == TOML_TABLE;
	if (*workspace || own == NULL)
		own = shared;
	return own != NULL && own->kind == TOML_STRING ? own : NULL;
}

/* Cargo.lock beside the manifest names a crate without a source when it is one of the workspace. */
static void
add_cargo_lock(struct places *p, const struct place_search *o, const char *crate)
{
	char *dir = fs_dir(o->path);
	char *path = source_join(dir, "Cargo.lock");
	struct place_search lock = *o;
	const struct toml_node *entries;
	size_t file;

	lock.path = path;
	if (crate == NULL || !places_try(p, &lock, &file) || p->files[file].doc == NULL)
		goto out;
	entries = toml_get(toml_root(p->files[file].doc), "package");
	for (const struct toml_node *n = toml_first(entries); n != NULL; n = n->next) {
		const char *name = toml_text(n, "name");
		const struct toml_node *version = toml_get(n, "version");

		if (name != NULL && strcmp(name, crate) == 0 && toml_get(n, "source") == NULL &&
		    version != NULL && version->kind == TOML_STRING)
			add_string(p, &lock, file, version, PLACE_SEMVER);
	}
out:
	free(dir);
	free(path);
}

void
places_cargo(struct places *p, const struct place_search *o)
{
	const struct toml_node *version;
	struct place_search lock = *o;
	const char *crate;
	bool workspace;
	size_t file;

	if (!places_try(p, o, &file))
		return;
	version = cargo_version(p->files[file].doc, &workspace);
	crate = toml_text(toml_get(toml_root(p->files[file].doc), "package"), "name");
	if (version != NULL) {
		add_string(p, o, file, version, PLACE_SEMVER);
		lock.role = PLACE_MIRROR;
		add_cargo_lock(p, &lock, crate);
	}
}
