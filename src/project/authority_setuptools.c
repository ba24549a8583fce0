/* Where setuptools takes a version from: attr and file in pyproject.toml and setup.cfg, literals in
 * setup.cfg and setup.py. */
#include "authority_search.h"

#include <stdlib.h>
#include <string.h>

#include "setup.h"
#include "slipway/base/mem.h"
#include "slipway/base/strlist.h"
#include "source.h"

/* The folders below which setuptools may look for modules, the configured ones first. */
static void
add_bases(const struct search *s, struct strlist *out)
{
	const struct toml_node *tool = toml_find(s->top, TOML_PATH("tool", "setuptools"));
	const char *dir = toml_text(toml_get(tool, "package-dir"), "");
	const struct toml_node *where = toml_find(tool, TOML_PATH("packages", "find", "where"));

	if (dir != NULL)
		strlist_add(out, dir);
	for (const struct toml_node *n = toml_first(where); n != NULL; n = n->next)
		if (n->kind == TOML_STRING)
			strlist_add(out, n->text);
	strlist_add(out, "src");
	strlist_add(out, "");
}

/* MODULE as a path, or as the folder that package-dir gives its first part. */
static char *
module_path(const struct search *s, const char *module, const char *base)
{
	const struct toml_node *dirs = toml_find(
	    s->top, TOML_PATH("tool", "setuptools", "package-dir"));
	size_t first = strcspn(module, "/");
	char *name = mem_strndup(module, first), *path;
	const char *mapped = name[0] != '\0' ? toml_text(dirs, name) : NULL;

	path = mapped != NULL ? mem_printf("%s%s", mapped, module + first)
			      : source_join(base, module);
	free(name);
	return path;
}

/* "pkg.mod.NAME" below the folders in which setuptools looks. */
static void
set_attr(struct search *s, const char *attr)
{
	const char *dot = strrchr(attr, '.');
	char *module = mem_strndup(attr, dot != NULL ? (size_t)(dot - attr) : 0);
	const char *const names[] = { dot != NULL ? dot + 1 : attr, NULL };
	struct strlist bases = STRLIST_EMPTY;
	bool found = false;

	for (char *p = module; *p != '\0'; p++)
		if (*p == '.')
			*p = '/';
	add_bases(s, &bases);
	for (size_t i = 0; i < 2 * bases.count && !found; i++) {
		char *below = module_path(s, module, bases.items[i / 2]);
		char *in = mem_printf("%s%s", below, i % 2 == 0 ? ".py" : "/__init__.py");
		char *path = source_join(s->dir, in);

		found = authority_file_exists(s, path);
		if (found)
			authority_set_python(s, path, names, "setuptools attr");
		free(below);
		free(in);
		free(path);
	}
	if (!found) {
		mem_set(&s->out->why, NULL);
		s->out->why = mem_printf("setuptools attr %s: its file was not found", attr);
	}
	strlist_fini(&bases);
	free(module);
}

bool
authority_setuptools(struct search *s)
{
	const struct toml_node *tool = toml_find(s->top, TOML_PATH("tool", "setuptools"));
	const struct toml_node *how = toml_find(tool, TOML_PATH("dynamic", "version"));
	const struct toml_node *file = toml_get(how, "file");
	const char *attr = toml_text(how, "attr");

	if (file != NULL && file->kind == TOML_ARRAY && file->count > 1) {
		authority_set_unknown(
		    s, "setuptools puts the version together from several files");
		return true;
	}
	if (file != NULL && file->kind == TOML_ARRAY && file->count == 1)
		file = toml_first(file);
	if (attr != NULL)
		set_attr(s, attr);
	else if (file != NULL && file->kind == TOML_STRING)
		authority_set_text(s, file->text, "setuptools");
	else
		return false;
	return true;
}

static bool
from_setup_cfg(struct search *s)
{
	char *file = source_join(s->dir, "setup.cfg");
	struct setup_value v = SETUP_VALUE_EMPTY;
	struct str text = STR_EMPTY;
	struct err e = ERR_EMPTY;
	struct bytes b;

	if (authority_file_exists(s, file) && source_read(s->root, file, &text, &e) != ERR_OK)
		authority_set_unknown(s, e.message);
	b = (struct bytes) { str_text(&text), text.len };
	setup_cfg_version(b, file, &v);
	switch (v.kind) {
	case SETUP_LITERAL:
		authority_set_span(s, file, b, v.span, mem_strdup("metadata.version"));
		break;
	case SETUP_ATTR:
		set_attr(s, v.name);
		break;
	case SETUP_FILE:
		authority_set_text(s, v.name, "setuptools");
		break;
	case SETUP_REFUSED:
		authority_set_unknown(s, v.why);
		break;
	case SETUP_TAG:
	case SETUP_NONE:
		break;
	}
	free(file);
	str_fini(&text);
	setup_value_fini(&v);
	return s->out->what != NULL || s->out->why != NULL;
}

static bool
from_setup_py(struct search *s)
{
	char *file = source_join(s->dir, "setup.py");
	struct setup_value v = SETUP_VALUE_EMPTY;
	struct py_tokens tokens = PY_TOKENS_EMPTY;
	struct str text = STR_EMPTY;
	struct err e = ERR_EMPTY;
	struct bytes b;

	if (!authority_file_exists(s, file))
		goto out;
	if (source_read(s->root, file, &text, &e) != ERR_OK) {
		authority_set_unknown(s, e.message);
		goto out;
	}
	b = (struct bytes) { str_text(&text), text.len };
	if (py_tokenise(b, file, &tokens, &e) != ERR_OK) {
		authority_set_unknown(s, e.message);
		goto out;
	}
	setup_py_version(b, &tokens, &v);
	if (v.kind == SETUP_TAG) {
		authority_set_tag(s, "setuptools-scm", AUTHORITY_ENV_SCM);
	} else if (v.kind == SETUP_LITERAL) {
		authority_set_span(s, file, b, v.span,
		    mem_printf("%s (setup.py)", v.name != NULL ? v.name : "version="));
	} else if (v.kind == SETUP_REFUSED) {
		char *why = mem_printf("%s: %s", file, v.why);

		authority_set_unknown(s, why);
		free(why);
	}
out:
	free(file);
	str_fini(&text);
	py_tokens_fini(&tokens);
	setup_value_fini(&v);
	return s->out->what != NULL || s->out->why != NULL;
}

bool
authority_setup_files(struct search *s)
{
	if (s->backend[0] != '\0' && strncmp(s->backend, "setuptools", 10) != 0)
		return false;
	return from_setup_cfg(s) || from_setup_py(s);
}
