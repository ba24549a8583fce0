/* Versions in Python files and in files that hold nothing else. */
#include "places_private.h"

#include <stdlib.h>
#include <string.h>

#include "authority.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/project/name.h"
#include "source.h"

static const char *const version_files[] = { "__init__.py", "_version.py", "version.py",
	"__about__.py", "__version__.py" };

/* In __init__.py only the dunder names: VERSION may be anything there. */
static const char *const all_names[] = { "__version__", "__version_info__", "VERSION",
	"version_info", "version", NULL };

static bool
is_dunder(const char *name)
{
	return text_starts(name, "__");
}

static void
add_files_of(const char *root, const char *dir, struct strlist *out)
{
	for (size_t i = 0; i < ARRAY_LEN(version_files); i++) {
		char *path = source_join(dir, version_files[i]), *full = fs_join(root, path);

		if (fs_is_file(full) && !strlist_has(out, path))
			strlist_add(out, path);
		free(path);
		free(full);
	}
}

static void
add_subdirs(const char *root, const char *dir, const struct strlist *nested, struct strlist *out)
{
	static const char *const foreign[] = { "tests", "test", "docs", "doc", "examples",
		"example", "scripts", "tools", "benchmarks", "build", "dist", "node_modules" };
	struct strlist names = STRLIST_EMPTY;
	char *full = fs_join(root, dir);

	if (fs_is_dir(full))
		fs_list(full, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		char *below = source_join(dir, names.items[i]);
		size_t k = 0;

		while (k < ARRAY_LEN(foreign) && strcmp(names.items[i], foreign[k]) != 0)
			k++;
		if (k == ARRAY_LEN(foreign) && names.items[i][0] != '.' &&
		    !strlist_has(nested, below))
			add_files_of(root, below, out);
		free(below);
	}
	strlist_fini(&names);
	free(full);
}

void
places_conventional(
    const char *root, const struct packages *packages, size_t at, struct strlist *out)
{
	const struct package *p = &packages->items[at];
	struct strlist nested = STRLIST_EMPTY;
	char *src = source_join(p->dir, "src");

	packages_nested(packages, at, &nested);
	add_subdirs(root, src, &nested, out);
	add_subdirs(root, p->dir, &nested, out);
	strlist_fini(&nested);
	free(src);
}

/* Another literal of the same file was taken already (a chain A = B = "1"). */
static bool
is_taken(const struct places *p, size_t file, size_t at)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].at->file == file && p->items[i].at->splice_count > 0 &&
		    p->items[i].at->splices[0].span.at == at)
			return true;
	return false;
}

static void
judge(struct place *place, const struct python_opts *o, const struct version *v)
{
	if (o->role == PLACE_AUTHORITY || o->current->normal == NULL ||
	    version_compare(v, o->current) == 0) {
		place->included = true;
		return;
	}
	place_note(place, mem_printf("stands at %s, not at %s: left alone unless you include it",
			      place->old_text, version_text(o->current)));
}

static void
add_string(
    struct places *p, const struct python_opts *o, size_t file, const struct py_assignment *a)
{
	const char *text = str_text(&p->files[file].text);
	struct version v = VERSION_EMPTY;
	struct place *place;
	char *old = mem_strndup(text + a->content.at, a->content.len);

	if (version_parse(old, &v, NULL) != ERR_OK && !o->named && o->role != PLACE_AUTHORITY) {
		free(old);
		return;
	}
	place = places_add(p, o->role, o->package, file);
	place->line = a->line;
	place->what = mem_strndup(text + a->name.at, a->name.len);
	place->old_text = old;
	if (v.normal == NULL) {
		place_note(place, mem_printf("\"%s\" is not a PEP 440 version", old));
		return;
	}
	place->new_text = mem_strdup(version_text(o->target));
	place->at->splices[0] = (struct place_splice) { a->content, mem_strdup(place->new_text) };
	place->at->splice_count = 1;
	judge(place, o, &v);
	version_fini(&v);
}

static void
put_tuple(const struct place *place, bool changed, const char *text, struct str *out)
{
	const struct place_at *at = place->at;

	for (size_t i = 0; i < at->splice_count; i++) {
		const struct place_splice *s = &at->splices[i];

		str_puts(out, i > 0 ? ", " : "(");
		if (changed)
			str_puts(out, s->text);
		else
			str_append(out, text + s->span.at, s->span.len);
	}
	str_puts(out, at->splice_count == 1 ? ",)" : ")");
}

/* (0, 2, 2): each number is replaced where it stands; what a tuple of numbers cannot say is noted.
 */
static void
add_tuple(struct places *p, const struct python_opts *o, size_t file, const struct py_assignment *a)
{
	const char *text = str_text(&p->files[file].text);
	struct str joined = STR_EMPTY, shown = STR_EMPTY;
	struct version v = VERSION_EMPTY;
	struct place *place;
	bool same;

	for (size_t i = 0; i < a->elements; i++)
		str_printf(&joined, "%s%.*s", i > 0 ? "." : "", (int)a->element[i].len,
		    text + a->element[i].at);
	if (memchr(a->quoted, true, a->elements) != NULL ||
	    version_parse(str_text(&joined), &v, NULL) != ERR_OK)
		goto out;
	place = places_add(p, o->role, o->package, file);
	place->line = a->line;
	place->what = mem_strndup(text + a->name.at, a->name.len);
	same = o->current->normal != NULL;
	for (size_t i = 0; i < a->elements; i++) {
		struct bytes number = version_release_at(o->target, i);

		same = same &&
		       bytes_equal(version_release_at(&v, i), version_release_at(o->current, i));
		place->at->splices[i] = (struct place_splice) { a->element[i],
			mem_strndup(number.data, number.len) };
	}
	place->at->splice_count = a->elements;
	put_tuple(place, false, text, &shown);
	place->old_text = str_take(&shown);
	put_tuple(place, true, text, &shown);
	place->new_text = str_take(&shown);
	place->included = same || o->role == PLACE_AUTHORITY;
	if (!place->included)
		place_note(
		    place, mem_printf("stands at %s, not at %s: left alone unless you include it",
			       str_text(&joined), version_text(o->current)));
	else if (version_is_pre(o->target) || version_is_post(o->target))
		place_note(
		    place, mem_printf("a tuple of numbers cannot say %s; it gets the numbers alone",
			       version_text(o->target)));
out:
	str_fini(&joined);
	str_fini(&shown);
	version_fini(&v);
}

/* A call or a block is how most projects read their own metadata: worth a word only when it was
 * named. */
static bool
is_ordinary(const struct py_assignments *all)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->items[i].value != PY_VALUE_NESTED &&
		    !(all->items[i].value == PY_VALUE_COMPUTED &&
			strcmp(all->items[i].why, "it is computed") == 0))
			return false;
	return true;
}

static void
add_name(struct places *p, const struct python_opts *o, size_t file, const char *name)
{
	const char *const names[] = { name, NULL };
	const struct place_file *f = &p->files[file];
	struct bytes text = { str_text(&f->text), f->text.len };
	struct py_assignments all;
	const struct py_assignment *a;
	struct place *place;
	char *why;

	py_find_assignments(text, &f->tokens, names, &all);
	a = authority_assignment(&all, text, &why);
	if (a != NULL &&
	    !is_taken(p, file, a->value == PY_VALUE_STRING ? a->content.at : a->element[0].at)) {
		if (a->value == PY_VALUE_STRING)
			add_string(p, o, file, a);
		else
			add_tuple(p, o, file, a);
	} else if (why != NULL && (o->named || !is_ordinary(&all))) {
		place = places_add(p, o->role, o->package, file);
		place->line = all.items[0].line;
		place->what = mem_strdup(name);
		place->old_text = mem_strdup("");
		place_note(place, why);
		why = NULL;
	}
	free(why);
	py_assignments_fini(&all);
}

/* A file that holds a version and nothing else. */
static void
add_plain(struct places *p, const struct python_opts *o, size_t file)
{
	const char *text = str_text(&p->files[file].text);
	struct bytes word = { text, p->files[file].text.len };
	struct version v = VERSION_EMPTY;
	struct place *place;

	if (word.len >= 3 && memcmp(word.data, "\xef\xbb\xbf", 3) == 0) {
		word.data += 3;
		word.len -= 3;
	}
	word = bytes_trim(word);
	if (version_parse_bytes(word, &v, NULL) != ERR_OK)
		return;
	place = places_add(p, o->role, o->package, file);
	place->line = 1;
	for (const char *c = text; c < word.data; c++)
		place->line += *c == '\n';
	place->what = mem_strdup("the whole file");
	place->old_text = mem_strndup(word.data, word.len);
	place->new_text = mem_strdup(version_text(o->target));
	place->at->splices[0] = (struct place_splice) { { (size_t)(word.data - text), word.len },
		mem_strdup(place->new_text) };
	place->at->splice_count = 1;
	judge(place, o, &v);
	version_fini(&v);
}

enum err_code
places_python(struct places *p, const struct python_opts *o, struct err *e)
{
	bool init = strcmp(fs_base(o->path), "__init__.py") == 0;
	size_t file, before = p->count;
	enum err_code rc = places_open(p, o->root, o->path, &file, e);

	if (rc != ERR_OK)
		return rc;
	if (!p->files[file].python)
		add_plain(p, o, file);
	else if (o->only != NULL)
		add_name(p, o, file, o->only);
	for (size_t i = 0; p->files[file].python && o->only == NULL && all_names[i] != NULL; i++)
		if (o->named || !init || is_dunder(all_names[i]))
			add_name(p, o, file, all_names[i]);
	for (size_t i = 0; o->named && i < p->count; i++)
		if (p->items[i].at->file == file)
			return ERR_OK;
	if (!o->named || p->count > before)
		return ERR_OK;
	err_set(e, ERR_CONFIG, "%s is one of version-files, but it holds no version", o->path);
	err_hint(e, "Slipway edits __version__ = \"1.0\" in Python files, and files that hold the "
		    "version alone");
	return ERR_CONFIG;
}
