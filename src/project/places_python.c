/* Versions in Python files and in files that hold nothing else. */
#include "places_private.h"

#include <stdlib.h>
#include <string.h>

#include "authority.h"
#include "pytuple.h"
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

static void
add_string(struct places *p, const struct place_search *o, size_t file,
    const struct py_assignment *a, enum place_style style)
{
	const char *text = str_text(&p->files[file].text);
	char *what = mem_strndup(text + a->name.at, a->name.len);
	struct place_literal l = { .span = a->content, .what = what, .style = style };

	places_add_literal(p, o, file, &l);
	free(what);
}

static void
put_tuple(const struct place *place, const struct py_assignment *a, const char *text, bool changed,
    struct str *out)
{
	const struct place_at *at = place->at;

	for (size_t i = 0; i < a->elements; i++) {
		str_printf(out, "%s%s", i > 0 ? ", " : "(", a->quoted[i] ? "\"" : "");
		if (changed)
			str_puts(out, at->splices[i].text);
		else
			str_append(out, text + a->element[i].at, a->element[i].len);
		str_puts(out, a->quoted[i] ? "\"" : "");
	}
	str_puts(out, a->elements == 1 ? ",)" : ")");
}

/* What is told of a tuple that will be edited. */
static char *
tuple_note(const struct place_search *o, const struct py_assignment *a, bool exact)
{
	bool words = memchr(a->quoted, true, a->elements) != NULL;

	if (!exact)
		return mem_printf("a tuple of numbers cannot say %s; it gets the numbers alone",
		    version_text(o->target));
	if (words)
		return mem_printf("read together it says %s; the build shows whether what is "
				  "computed from it does",
		    version_text(o->target));
	return NULL;
}

/* (0, 2, 2) and (4, 2, 2, "alpha", 0): each element is replaced where it stands. */
static void
add_tuple(
    struct places *p, const struct place_search *o, size_t file, const struct py_assignment *a)
{
	struct bytes text = { str_text(&p->files[file].text), p->files[file].text.len };
	char *parts[PY_TUPLE_MAX] = { NULL };
	struct str shown = STR_EMPTY;
	struct version v = VERSION_EMPTY;
	struct place *place;
	bool same, exact;
	char *note;

	if (!py_tuple_version(text, a, &v))
		return;
	same = o->current->normal == NULL || version_compare(&v, o->current) == 0 ||
	       py_tuple_says(text, a, o->current);
	place = places_add(p, o->role, o->package, file);
	place->line = a->line;
	place->what = mem_strndup(text.data + a->name.at, a->name.len);
	put_tuple(place, a, text.data, false, &shown);
	place->old_text = str_take(&shown);
	if (!py_tuple_spell(text, a, o->target, parts, &exact)) {
		place_note(place, mem_printf("a tuple of this shape cannot say %s",
				      version_text(o->target)));
		goto out;
	}
	for (size_t i = 0; i < a->elements; i++)
		place->at->splices[i] = (struct place_splice) { a->element[i], parts[i] };
	place->at->splice_count = a->elements;
	put_tuple(place, a, text.data, true, &shown);
	place->new_text = str_take(&shown);
	place->included = same || o->role == PLACE_AUTHORITY;
	place->partial = !exact;
	note = !place->included
		   ? mem_printf("stands at %s, not at %s: left alone unless you include it",
			 version_text(&v), version_text(o->current))
		   : tuple_note(o, a, exact);
	if (note != NULL)
		place_note(place, note);
out:
	str_fini(&shown);
	version_fini(&v);
}

/* 0x023101 for 2.31.1: found numbers of the same digits, changed only when somebody asks for it. */
static void
add_packed(struct places *p, const struct place_search *o, size_t file)
{
	const struct py_tokens *t = &p->files[file].tokens;
	struct bytes text = { str_text(&p->files[file].text), p->files[file].text.len };

	for (size_t i = 0; i + 3 < t->count; i++) {
		const struct py_token *name = &t->items[i], *number = &t->items[i + 2];
		struct bytes old = { text.data + number->span.at, number->span.len };
		struct place *place;
		char *next;

		if (!name->first || !name->top || name->kind != PY_NAME ||
		    number->kind != PY_NUMBER || t->items[i + 3].kind != PY_NEWLINE ||
		    text.data[t->items[i + 1].span.at] != '=' ||
		    !py_packed_says(old, o->current) || places_has(p, file, number->span.at))
			continue;
		next = py_packed_spell(old, o->target);
		place = places_add(p, o->role, o->package, file);
		place->line = number->line;
		place->what = mem_strndup(text.data + name->span.at, name->span.len);
		place->old_text = mem_strndup(old.data, old.len);
		place->new_text = next;
		place_note(place, mem_strdup("a number of the same digits: left alone unless you "
					     "include it"));
		if (next == NULL)
			continue;
		place->at->splice_count = 1;
		place->at->splices[0] = (struct place_splice) { number->span, mem_strdup(next) };
	}
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
add_name(struct places *p, const struct place_search *o, size_t file, const char *name,
    enum place_style style)
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
	    !places_has(p, file, a->value == PY_VALUE_STRING ? a->content.at : a->element[0].at)) {
		if (a->value == PY_VALUE_STRING)
			add_string(p, o, file, a, style);
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
add_plain(struct places *p, const struct place_search *o, size_t file)
{
	const char *text = str_text(&p->files[file].text);
	struct bytes word = { text, p->files[file].text.len };
	struct place_literal l = { .what = "the whole file" };
	struct version v = VERSION_EMPTY;

	if (word.len >= 3 && memcmp(word.data, "\xef\xbb\xbf", 3) == 0) {
		word.data += 3;
		word.len -= 3;
	}
	word = bytes_trim(word);
	if (version_parse_bytes(word, &v, NULL) != ERR_OK)
		return;
	version_fini(&v);
	l.span = (struct span) { (size_t)(word.data - text), word.len };
	places_add_literal(p, o, file, &l);
}

void
places_plain(struct places *p, const struct place_search *o)
{
	size_t file;

	if (places_try(p, o, &file))
		add_plain(p, o, file);
}

/* Sphinx: release is the whole version, version often the first two numbers of it. */
void
places_conf_py(struct places *p, const struct place_search *o)
{
	size_t file, before;

	if (!places_try(p, o, &file))
		return;
	add_name(p, o, file, "release", PLACE_PEP440);
	before = p->count;
	add_name(p, o, file, "version", PLACE_SERIES);
	/* A series that stays as it is needs no edit, and nobody's eyes. */
	if (p->count > before && p->items[before].new_text != NULL &&
	    p->items[before].included &&
	    strcmp(p->items[before].old_text, p->items[before].new_text) == 0)
		places_drop_last(p);
}

enum err_code
places_python(struct places *p, const struct place_search *o, struct err *e)
{
	bool init = strcmp(fs_base(o->path), "__init__.py") == 0;
	size_t file, before = p->count;
	bool python;
	enum err_code rc = places_open(p, o->root, o->path, &file, e);

	if (rc != ERR_OK)
		return rc;
	python = p->files[file].form == PLACE_FORM_PYTHON;
	if (!python)
		add_plain(p, o, file);
	else if (o->only != NULL)
		add_name(p, o, file, o->only, PLACE_PEP440);
	for (size_t i = 0; python && o->only == NULL && all_names[i] != NULL; i++)
		if (o->named || !init || is_dunder(all_names[i]))
			add_name(p, o, file, all_names[i], PLACE_PEP440);
	if (python && o->only == NULL && o->current->normal != NULL)
		add_packed(p, o, file);
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
