/* All places of the packages to be released: the authority, its mirrors, and the floors of their
 * siblings. */
#include "slipway/project/places.h"

#include <stdlib.h>
#include <string.h>

#include "authority.h"
#include "floors.h"
#include "places_private.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "source.h"

static enum place_form
form_of(const char *path)
{
	static const struct {
		const char *end;
		enum place_form form;
	} table[] = {
		{ ".py", PLACE_FORM_PYTHON },
		{ "meson.build", PLACE_FORM_PYTHON },
		{ ".toml", PLACE_FORM_TOML },
		{ "uv.lock", PLACE_FORM_TOML },
		{ "poetry.lock", PLACE_FORM_TOML },
		{ "pdm.lock", PLACE_FORM_TOML },
		{ "Cargo.lock", PLACE_FORM_TOML },
		{ "setup.cfg", PLACE_FORM_INI },
		{ ".json", PLACE_FORM_JSON },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (text_ends(path, table[i].end))
			return table[i].form;
	return PLACE_FORM_TEXT;
}

static bool
is_open(const struct places *p, const char *path, size_t *index)
{
	for (size_t i = 0; i < p->file_count; i++) {
		if (strcmp(p->files[i].path, path) == 0) {
			*index = i;
			return true;
		}
	}
	return false;
}

enum err_code
places_open(struct places *p, const char *root, const char *path, size_t *index, struct err *e)
{
	struct place_file f = { .tokens = PY_TOKENS_EMPTY, .form = form_of(path) };
	struct bytes text;
	enum err_code rc;

	if (is_open(p, path, index))
		return ERR_OK;
	/* By the name that git knows it by, and once, however many links lead to it. */
	rc = source_canonical(root, path, &f.path, e);
	if (rc != ERR_OK)
		return rc;
	if (is_open(p, f.path, index)) {
		free(f.path);
		return ERR_OK;
	}
	rc = source_read(root, path, &f.text, e);
	text = (struct bytes) { str_text(&f.text), f.text.len };
	if (rc == ERR_OK && f.form == PLACE_FORM_PYTHON)
		rc = py_tokenise(text, path, &f.tokens, e);
	else if (rc == ERR_OK && f.form == PLACE_FORM_TOML)
		rc = toml_parse(text, path, &f.doc, e);
	if (rc != ERR_OK) {
		str_fini(&f.text);
		free(f.path);
		return rc;
	}
	p->files = mem_grow(p->files, &p->file_cap, p->file_count + 1, sizeof p->files[0]);
	p->files[p->file_count] = f;
	*index = p->file_count++;
	return ERR_OK;
}

struct place *
places_add(struct places *p, enum place_role role, size_t package, size_t file)
{
	struct place *place;

	p->items = mem_grow(p->items, &p->cap, p->count + 1, sizeof p->items[0]);
	place = &p->items[p->count++];
	*place = (struct place) { .role = role,
		.package = package,
		.follows = package,
		.file = file < p->file_count ? mem_strdup(p->files[file].path) : NULL,
		.at = mem_zalloc(1, sizeof *place->at) };
	place->at->file = file;
	return place;
}

static void
place_fini(struct place *p)
{
	mem_set(&p->file, NULL);
	mem_set(&p->what, NULL);
	mem_set(&p->old_text, NULL);
	mem_set(&p->new_text, NULL);
	mem_set(&p->note, NULL);
	for (size_t i = 0; i < ARRAY_LEN(p->at->splices); i++)
		mem_set(&p->at->splices[i].text, NULL);
	free(p->at);
}

void
places_drop_last(struct places *p)
{
	place_fini(&p->items[--p->count]);
}

void
place_note(struct place *place, char *text)
{
	mem_set(&place->note, NULL);
	place->note = text;
}

struct place *
places_add_toml(struct places *p, enum place_role role, size_t package, size_t file,
    const struct toml_node *node)
{
	struct place *place = places_add(p, role, package, file);
	struct str path = STR_EMPTY;

	toml_path(node, &path);
	place->line = node->line;
	place->what = str_take(&path);
	place->at->node = node;
	place->at->part = (struct span) { 0, node->text_len };
	return place;
}

struct finder {
	const char *root;
	const struct packages *packages;
	const struct place_opts *opts;
	struct places *out;
	const struct strlist *locks; /* paths of lock files */
};

static struct place_search
search_of(const struct finder *f, size_t at, enum place_role role)
{
	return (struct place_search) { .root = f->root,
		.package = at,
		.role = role,
		.current = &f->packages->items[at].version,
		.target = f->opts->targets[at],
		.today = f->opts->today };
}

/* The bytes that the authority named when it was read must still stand there. */
static enum err_code
add_span(struct finder *f, const struct place_search *o, const struct authority *a, struct err *e)
{
	struct place_literal l = { .span = { a->at, strlen(a->text) },
		.what = a->what,
		.style = text_ends(a->file, ".json") ? PLACE_SEMVER : PLACE_PEP440 };
	size_t file;
	enum err_code rc = places_open(f->out, f->root, a->file, &file, e);

	if (rc != ERR_OK)
		return rc;
	if (a->at + l.span.len > f->out->files[file].text.len ||
	    memcmp(str_text(&f->out->files[file].text) + a->at, a->text, l.span.len) != 0) {
		err_set(e, ERR_CONFLICT, "%s was changed since it was read", a->file);
		return err_hint(e, "look again: leave Slipway and start it anew");
	}
	places_add_literal(f->out, o, file, &l);
	return ERR_OK;
}

static enum err_code
cannot_edit(const struct finder *f, size_t at, struct err *e)
{
	const struct package *pkg = &f->packages->items[at];

	if (f->opts->version_files != NULL && f->opts->version_files[at] != NULL &&
	    f->opts->version_files[at]->count > 0)
		return ERR_OK;
	err_set(e, ERR_UNSUPPORTED, "the version of %s cannot be edited: %s", pkg->name,
	    pkg->authority.why != NULL ? pkg->authority.why : "it was not found");
	err_hint(e,
	    "name the file that holds it in slipway.toml: [package.%s] version-files = [\"...\"]",
	    pkg->normal);
	return ERR_UNSUPPORTED;
}

/* One file cannot hold the different versions of two packages. */
static enum err_code
check_claim(const struct finder *f, size_t at, const char *path, struct err *e)
{
	char *file = NULL;
	enum err_code rc = ERR_OK;

	/* One that is not there is told by who opens it. */
	if (source_canonical(f->root, path, &file, NULL) != ERR_OK)
		return ERR_OK;
	for (size_t i = 0; i < f->out->count && rc == ERR_OK; i++) {
		const struct place *p = &f->out->items[i];
		const char *other = f->packages->items[p->package].name;

		if (p->package == at || strcmp(p->file, file) != 0 || p->role == PLACE_FOLLOWS ||
		    version_compare(f->opts->targets[p->package], f->opts->targets[at]) == 0)
			continue;
		rc = err_set(e, ERR_CONFIG,
		    "%s is claimed by two packages, %s and %s, which get %s and %s", file, other,
		    f->packages->items[at].name, version_text(f->opts->targets[p->package]),
		    version_text(f->opts->targets[at]));
		err_hint(e, "name it in version-files of one of them alone");
	}
	free(file);
	return rc;
}

/* What decides the version must be able to say the new one, to the end. */
static enum err_code
check_says_it(const struct place *p, struct err *e)
{
	if (p->new_text != NULL && !p->partial)
		return ERR_OK;
	err_set(e, ERR_UNSUPPORTED, "%s:%zu: %s decides the version, and %s", p->file, p->line,
	    p->what, p->note != NULL ? p->note : "it cannot be edited");
	return err_hint(e, "release a version that it can say, or keep the version elsewhere");
}

static enum err_code
add_authority(struct finder *f, size_t at, size_t file, struct err *e)
{
	const struct authority *a = &f->packages->items[at].authority;
	struct place_search o = search_of(f, at, PLACE_AUTHORITY);
	struct place *place;
	size_t before = f->out->count;
	enum err_code rc;

	o.path = a->file;
	o.only = a->name;
	rc = a->file != NULL ? check_claim(f, at, a->file, e) : ERR_OK;
	if (rc != ERR_OK)
		return rc;
	switch (a->kind) {
	case AUTHORITY_TOML:
		place = places_add_toml(
		    f->out, PLACE_AUTHORITY, at, file, authority_node(a, f->out->files[file].doc));
		place_fill(place, &o, PLACE_PEP440, mem_strdup(place->at->node->text));
		return ERR_OK;
	case AUTHORITY_PYTHON:
	case AUTHORITY_TEXT:
		rc = places_python(f->out, &o, e);
		if (rc == ERR_OK && f->out->count == before)
			rc = err_set(
			    e, ERR_UNSUPPORTED, "%s in %s cannot be edited", a->what, a->file);
		return rc == ERR_OK ? check_says_it(&f->out->items[before], e) : rc;
	case AUTHORITY_SPAN:
		return add_span(f, &o, a, e);
	case AUTHORITY_CARGO:
		places_cargo(f->out, &o);
		return f->out->count > before ? ERR_OK : cannot_edit(f, at, e);
	case AUTHORITY_TAG:
		o.path = f->packages->items[at].file;
		if (a->env == NULL)
			places_add_note(f->out, &o, 1, a->what,
			    mem_printf("%s: see that the build is told %s", a->why,
				version_text(o.target)))
			    ->question = true;
		return ERR_OK;
	case AUTHORITY_UNKNOWN:
		break;
	}
	return cannot_edit(f, at, e);
}

/* Poetry 2 knows both tables and writes both. */
static void
add_poetry_mirror(struct finder *f, size_t at, size_t file)
{
	const struct package *pkg = &f->packages->items[at];
	const struct toml_node *top = toml_root(f->out->files[file].doc);
	const struct toml_node *node = toml_find(top, TOML_PATH("tool", "poetry", "version"));
	struct place_search o = search_of(f, at, PLACE_MIRROR);
	struct place *place;

	if (node == NULL || node->kind != TOML_STRING || pkg->authority.kind != AUTHORITY_TOML ||
	    strcmp(pkg->authority.name, "project.version") != 0)
		return;
	place = places_add_toml(f->out, PLACE_MIRROR, at, file, node);
	place_fill(place, &o, PLACE_PEP440, mem_strdup(node->text));
	if (!place->included) {
		place->question = true;
		place_note(place,
		    mem_printf("project.version says %s, tool.poetry.version says %s: include "
			       "it to align them",
			version_text(&pkg->version), node->text));
	}
}

static enum err_code
add_python(struct finder *f, size_t at, struct err *e)
{
	const struct package *pkg = &f->packages->items[at];
	const struct strlist *named = f->opts->version_files != NULL ? f->opts->version_files[at]
								     : NULL;
	struct strlist files = STRLIST_EMPTY, seen = STRLIST_EMPTY;
	struct place_search o = search_of(f, at, PLACE_MIRROR);
	enum err_code rc = ERR_OK;

	for (size_t i = 0; named != NULL && i < named->count && rc == ERR_OK; i++) {
		char *path = source_join(pkg->dir, named->items[i]);

		o.path = path;
		o.named = true;
		rc = check_claim(f, at, path, e);
		if (rc == ERR_OK)
			rc = places_python(f->out, &o, e);
		strlist_take(&seen, path);
	}
	if (pkg->authority.kind != AUTHORITY_TAG)
		places_conventional(f->root, f->packages, at, &files);
	o.named = false;
	/* A file that nobody named and that does not even parse is not ours to judge. */
	for (size_t i = 0; i < files.count && rc == ERR_OK; i++) {
		o.path = files.items[i];
		if (!strlist_has(&seen, o.path))
			places_python(f->out, &o, NULL);
	}
	strlist_fini(&files);
	strlist_fini(&seen);
	return rc;
}

/* Files that repeat a version by convention, looked for in each folder of a package. */
static const struct {
	const char *name;
	void (*find)(struct places *p, const struct place_search *o);
} mirrors[] = {
	{ "setup.cfg", places_setup_cfg },
	{ "setup.py", places_setup_py },
	{ "VERSION", places_plain },
	{ "VERSION.txt", places_plain },
	{ "version.txt", places_plain },
	{ "VERSION.md", places_plain },
	{ "version.md", places_plain },
	{ "docs/conf.py", places_conf_py },
	{ "docs/source/conf.py", places_conf_py },
	{ "doc/conf.py", places_conf_py },
	{ "doc/source/conf.py", places_conf_py },
	{ "CITATION.cff", places_citation },
	{ "package.json", places_json_semver },
	{ "tauri.conf.json", places_json_semver },
	{ "src-tauri/tauri.conf.json", places_json_semver },
	{ "server.json", places_json_semver },
	{ "codemeta.json", places_json },
	{ ".zenodo.json", places_json },
	{ "Cargo.toml", places_cargo },
	{ "src-tauri/Cargo.toml", places_cargo },
	{ "meson.build", places_meson },
	{ "meta.yaml", places_meta_yaml },
	{ "recipe/meta.yaml", places_meta_yaml },
	{ "conda/meta.yaml", places_meta_yaml },
	{ "conda.recipe/meta.yaml", places_meta_yaml },
	{ "recipe.yaml", places_recipe_yaml },
	{ "recipe/recipe.yaml", places_recipe_yaml },
	{ "conda.recipe/recipe.yaml", places_recipe_yaml },
	{ "Chart.yaml", places_chart },
	{ "chart/Chart.yaml", places_chart },
	{ "helm/Chart.yaml", places_chart },
	{ "README.md", places_mentions },
	{ "README.rst", places_mentions },
	{ "README.txt", places_mentions },
	{ "README", places_mentions },
};

static void
add_mirrors_in(struct finder *f, size_t at, const char *dir)
{
	struct place_search o = search_of(f, at, PLACE_MIRROR);

	for (size_t i = 0; i < ARRAY_LEN(mirrors); i++) {
		char *path = source_join(dir, mirrors[i].name);

		o.path = path;
		mirrors[i].find(f->out, &o);
		free(path);
	}
}

/* What stands at the root of a repository belongs to the package there; without one, to all of a
 * lock step, and then it is told once. */
static bool
owns_root(const struct finder *f, size_t at)
{
	for (size_t i = 0; i < f->packages->count; i++)
		if ((f->packages->items[i].dir[0] == '\0' && i != at) ||
		    (i < at && f->opts->targets[i] != NULL))
			return false;
	return f->packages->lockstep || f->packages->count == 1;
}

static void
add_mirrors(struct finder *f, size_t at)
{
	const struct package *pkg = &f->packages->items[at];
	struct place_search o = search_of(f, at, PLACE_MIRROR);

	add_mirrors_in(f, at, pkg->dir);
	if (owns_root(f, at) && pkg->dir[0] != '\0')
		add_mirrors_in(f, at, "");
	for (size_t i = 0; i < f->locks->count; i++) {
		o.path = f->locks->items[i];
		places_lock(f->out, &o, pkg->normal, pkg->dir);
	}
}

/* An edit of a requirement makes the fingerprint in some lock files stale. */
static void
note_stale_locks(struct finder *f, size_t at, size_t first)
{
	static const struct {
		const char *file, *what, *command;
	} table[] = {
		{ "poetry.lock", "content-hash", "poetry lock" },
		{ "pdm.lock", "content_hash", "pdm lock" },
	};
	const struct package *pkg = &f->packages->items[at];
	struct place_search o = search_of(f, at, PLACE_MIRROR);
	bool changed = false;

	for (size_t i = first; i < f->out->count; i++)
		changed = changed || (strcmp(f->out->items[i].file, pkg->file) == 0 &&
					 f->out->items[i].included);
	for (size_t i = 0; changed && i < ARRAY_LEN(table); i++) {
		char *lock = source_join(pkg->dir, table[i].file);

		o.path = lock;
		if (strlist_has(f->locks, lock))
			places_add_note(f->out, &o, 1, table[i].what,
			    mem_printf("it covers the requirements, which change: run %s",
				table[i].command));
		free(lock);
	}
}

static void
add_floors(struct finder *f, size_t at, size_t file)
{
	struct floors_search o = { f->root, f->packages, f->opts->targets, f->out, at,
		f->opts->policies != NULL ? f->opts->policies[at] : PLACE_POLICY_FLOOR };
	const char *dir = f->packages->items[at].dir;
	size_t first = f->out->count;

	if (f->out->files[file].doc != NULL)
		floors_pyproject(&o, file);
	note_stale_locks(f, at, first);
	for (size_t i = 0; i < f->locks->count; i++)
		floors_uv_lock(&o, f->locks->items[i]);
	floors_files(&o, dir);
	if (owns_root(f, at) && dir[0] != '\0')
		floors_files(&o, "");
}

enum err_code
places_find(const char *root, const struct packages *packages, const struct place_opts *opts,
    struct places *out, struct err *e)
{
	struct places p = PLACES_EMPTY;
	struct strlist locks = STRLIST_EMPTY;
	struct finder f = { root, packages, opts, &p, &locks };
	enum err_code rc = ERR_OK;

	places_lock_files(root, packages, &locks);
	for (size_t i = 0; i < packages->count; i++) {
		size_t file;

		if (opts->targets[i] == NULL)
			continue;
		rc = places_open(&p, root, packages->items[i].file, &file, e);
		if (rc == ERR_OK)
			rc = add_authority(&f, i, file, e);
		if (rc != ERR_OK)
			goto out;
		if (p.files[file].doc != NULL)
			add_poetry_mirror(&f, i, file);
		rc = add_python(&f, i, e);
		if (rc != ERR_OK)
			goto out;
		add_mirrors(&f, i);
		add_floors(&f, i, file);
	}
	*out = p;
	p = (struct places)PLACES_EMPTY;
out:
	strlist_fini(&locks);
	places_fini(&p);
	return rc;
}

void
places_fini(struct places *p)
{
	for (size_t i = 0; i < p->count; i++)
		place_fini(&p->items[i]);
	for (size_t i = 0; i < p->file_count; i++) {
		free(p->files[i].path);
		str_fini(&p->files[i].text);
		toml_free(p->files[i].doc);
		py_tokens_fini(&p->files[i].tokens);
	}
	free(p->items);
	free(p->files);
	*p = (struct places)PLACES_EMPTY;
}
