/* Authorities in Python files: an assignment, the tuple it is computed from, or an import of it
 * from the file beside. */
#include "authority_search.h"

#include <stdlib.h>
#include <string.h>

#include "pytuple.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "source.h"

/* A Python file while an authority is looked for in it. */
struct module {
	struct str text;
	struct bytes bytes;
	struct py_tokens tokens;
};

bool
authority_file_exists(const struct search *s, const char *path)
{
	char *full = fs_join(s->root, path);
	bool yes = fs_is_file(full);

	free(full);
	return yes;
}

static bool
word_is(const struct module *m, size_t i, const char *word)
{
	const struct py_token *t = i < m->tokens.count ? &m->tokens.items[i] : NULL;

	return t != NULL &&
	       bytes_is((struct bytes) { m->bytes.data + t->span.at, t->span.len }, word);
}

/* A tuple that the computed value A speaks of. */
static const struct py_assignment *
find_source(
    const struct module *m, const struct py_assignment *a, struct py_assignments *all)
{
	static const char *const names[] = { "version_info", "__version_info__", "VERSION",
		"__version_tuple__", NULL };

	py_find_assignments(m->bytes, &m->tokens, names, all);
	for (size_t i = 0; i < all->count; i++) {
		const struct py_assignment *t = &all->items[i];
		char *name = mem_strndup(m->bytes.data + t->name.at, t->name.len);
		bool used = false;

		for (size_t k = a->from; k < a->end && !used; k++)
			used = word_is(m, k, name);
		free(name);
		if (used && t->value == PY_VALUE_TUPLE)
			return t;
	}
	return NULL;
}

/* __version__ = ".".join(map(str, version_info[:3])): the tuple is the place. */
static bool
from_tuple(struct search *s, const struct module *m, const struct py_assignment *computed,
    const char *label)
{
	struct py_assignments all;
	const struct py_assignment *a = find_source(m, computed, &all);
	struct version v = VERSION_EMPTY;
	bool ok = a != NULL && py_tuple_version(m->bytes, a, &v);

	if (ok) {
		mem_set(&s->out->name, NULL);
		mem_set(&s->out->what, NULL);
		mem_set(&s->out->why, NULL);
		s->out->name = mem_strndup(m->bytes.data + a->name.at, a->name.len);
		s->out->what = mem_printf("%s (%s), from which %.*s on line %zu is computed",
		    s->out->name, label, (int)computed->name.len,
		    m->bytes.data + computed->name.at, computed->line);
		s->out->text = mem_strdup(version_text(&v));
	}
	version_fini(&v);
	py_assignments_fini(&all);
	return ok;
}

/* "from ._version import X [as NAME]": the file, relative to the repository, and the name there. */
static bool
find_import(const struct search *s, const struct module *m, const char *file, const char *name,
    char **path, char **original)
{
	const struct py_tokens *t = &m->tokens;

	for (size_t i = 0; i + 4 < t->count; i++) {
		struct bytes module = { m->bytes.data + t->items[i + 2].span.at,
			t->items[i + 2].span.len };
		char *dir, *below;

		if (!t->items[i].first || !t->items[i].top || !word_is(m, i, "from") ||
		    !word_is(m, i + 1, ".") || t->items[i + 2].kind != PY_NAME ||
		    !word_is(m, i + 3, "import"))
			continue;
		for (size_t k = i + 4; k < t->count && t->items[k].kind != PY_NEWLINE; k++) {
			bool renamed = word_is(m, k + 1, "as") && word_is(m, k + 2, name);

			if (!renamed && (!word_is(m, k, name) || word_is(m, k - 1, "as") ||
					    word_is(m, k + 1, "as")))
				continue;
			dir = fs_dir(file);
			below = mem_printf("%.*s.py", (int)module.len, module.data);
			*path = source_join(dir, below);
			*original = mem_strndup(
			    m->bytes.data + t->items[k].span.at, t->items[k].span.len);
			free(dir);
			free(below);
			if (authority_file_exists(s, *path))
				return true;
			free(*path);
			free(*original);
		}
	}
	return false;
}

static bool
open_module(struct search *s, const char *file, struct module *m)
{
	struct err e = ERR_EMPTY;

	*m = (struct module) { .tokens = PY_TOKENS_EMPTY };
	if (source_read(s->root, file, &m->text, &e) == ERR_OK) {
		m->bytes = (struct bytes) { str_text(&m->text), m->text.len };
		if (py_tokenise(m->bytes, file, &m->tokens, &e) == ERR_OK)
			return true;
	}
	str_fini(&m->text);
	authority_set_unknown(s, e.message);
	return false;
}

static void
take_value(struct search *s, const struct module *m, const struct py_assignment *a)
{
	struct version v = VERSION_EMPTY;

	mem_set(&s->out->name, NULL);
	s->out->name = mem_strndup(m->bytes.data + a->name.at, a->name.len);
	if (a->value == PY_VALUE_STRING) {
		s->out->text = mem_strndup(m->bytes.data + a->content.at, a->content.len);
	} else if (py_tuple_version(m->bytes, a, &v)) {
		s->out->text = mem_strdup(version_text(&v));
		version_fini(&v);
	} else {
		s->out->why = mem_printf("%s:%zu: the tuple %s is no version", s->out->file,
		    a->line, s->out->name);
	}
}

/* HOPS more imports may be followed. */
static void
set_python(struct search *s, const char *file, const char *const *names, const char *label,
    unsigned hops)
{
	struct module m;
	struct py_assignments all = PY_ASSIGNMENTS_EMPTY;
	const struct py_assignment *a;
	char *why = NULL, *path = NULL, *original = NULL;

	s->out->kind = AUTHORITY_PYTHON;
	mem_set(&s->out->file, file);
	mem_set(&s->out->name, names[0]);
	mem_set(&s->out->what, NULL);
	s->out->what = mem_printf("%s (%s)", names[0], label);
	if (!open_module(s, file, &m))
		return;
	py_find_assignments(m.bytes, &m.tokens, names, &all);
	a = authority_assignment(&all, m.bytes, &why);
	if (a != NULL) {
		take_value(s, &m, a);
	} else if (all.count == 1 && from_tuple(s, &m, &all.items[0], label)) {
		free(why);
	} else if (all.count == 0 && hops > 0 &&
		   find_import(s, &m, file, names[0], &path, &original)) {
		const char *const there[] = { original, NULL };
		char *via = mem_printf("%s, by way of %s", label, file);

		set_python(s, path, there, via, hops - 1);
		free(via);
	} else {
		mem_set(&s->out->why, NULL);
		s->out->why = why != NULL ? mem_printf("%s: %s", file, why)
					  : mem_printf("%s does not assign %s", file, names[0]);
		free(why);
	}
	if (s->out->text == NULL)
		s->out->kind = AUTHORITY_UNKNOWN;
	free(path);
	free(original);
	py_assignments_fini(&all);
	py_tokens_fini(&m.tokens);
	str_fini(&m.text);
}

void
authority_set_python(
    struct search *s, const char *file, const char *const *names, const char *label)
{
	set_python(s, file, names, label, 1);
}

void
authority_set_text(struct search *s, const char *name, const char *label)
{
	struct str text = STR_EMPTY;
	struct err e = ERR_EMPTY;
	struct bytes word;
	char *file = source_join(s->dir, name);

	s->out->kind = AUTHORITY_TEXT;
	s->out->what = mem_printf("%s (%s)", name, label);
	if (source_read(s->root, file, &text, &e) == ERR_OK) {
		word = bytes_trim((struct bytes) { str_text(&text), text.len });
		s->out->text = mem_strndup(word.data, word.len);
	} else {
		authority_set_unknown(s, e.message);
	}
	mem_set(&s->out->file, file);
	free(file);
	str_fini(&text);
}

void
authority_set_span(
    struct search *s, const char *file, struct bytes text, struct span span, char *what)
{
	s->out->kind = AUTHORITY_SPAN;
	mem_set(&s->out->file, file);
	mem_set(&s->out->what, NULL);
	s->out->what = what;
	s->out->text = mem_strndup(text.data + span.at, span.len);
	s->out->at = span.at;
}
