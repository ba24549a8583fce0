/* The order of the specification and of the build backends: [project], then what dynamic means to
 * the backend, then the tables of before PEP 621. */
#include "authority.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "source.h"

struct search {
	const char *root;
	const char *dir;
	const char *file;
	const struct toml_doc *doc;
	const struct toml_node *top;
	const char *backend; /* "" when the document names none */
	struct authority *out;
};

static void
set_unknown(struct search *s, const char *why)
{
	s->out->kind = AUTHORITY_UNKNOWN;
	mem_set(&s->out->why, why);
}

static void
set_tag(struct search *s, const char *tool)
{
	s->out->kind = AUTHORITY_TAG;
	s->out->what = mem_printf("the tag (%s)", tool);
}

static char *
tuple_text(struct bytes text, const struct py_assignment *a)
{
	struct str out = STR_EMPTY;

	for (size_t i = 0; i < a->elements; i++) {
		if (a->quoted[i]) {
			str_fini(&out);
			return NULL;
		}
		str_printf(&out, "%s%.*s", i > 0 ? "." : "", (int)a->element[i].len,
		    text.data + a->element[i].at);
	}
	return str_take(&out);
}

/* A call at run time (importlib.metadata) is no place; an f-string or two literals are one gone
 * wrong. */
const struct py_assignment *
authority_assignment(const struct py_assignments *all, struct bytes text, char **why)
{
	const struct py_assignment *found = NULL;

	*why = NULL;
	for (size_t i = 0; i < all->count; i++) {
		const struct py_assignment *a = &all->items[i];

		if (found != NULL && a->content.at == found->content.at && a->value == found->value)
			continue;
		if (found != NULL) {
			*why = mem_printf("%.*s is assigned twice, on lines %zu and %zu",
			    (int)a->name.len, text.data + a->name.at, found->line, a->line);
			return NULL;
		}
		found = a;
	}
	if (found == NULL || found->why == NULL)
		return found;
	*why = mem_printf("%.*s on line %zu cannot be edited: %s", (int)found->name.len,
	    text.data + found->name.at, found->line, found->why);
	return NULL;
}

/* FILE holds NAME = "1.0"; LABEL says whose rule that is. */
static void
set_python(struct search *s, const char *file, const char *const *names, const char *label)
{
	struct str text = STR_EMPTY;
	struct py_tokens tokens = PY_TOKENS_EMPTY;
	struct py_assignments all = PY_ASSIGNMENTS_EMPTY;
	struct err e = ERR_EMPTY;
	const struct py_assignment *a;
	struct bytes b;

	s->out->kind = AUTHORITY_PYTHON;
	mem_set(&s->out->file, file);
	mem_set(&s->out->name, names[0]);
	s->out->what = mem_printf("%s (%s)", names[0], label);
	if (source_read(s->root, file, &text, &e) != ERR_OK) {
		set_unknown(s, e.message);
		goto out;
	}
	b = (struct bytes) { str_text(&text), text.len };
	if (py_tokenise(b, file, &tokens, &e) != ERR_OK) {
		set_unknown(s, e.message);
		goto out;
	}
	py_find_assignments(b, &tokens, names, &all);
	a = authority_assignment(&all, b, &s->out->why);
	if (a != NULL) {
		mem_set(&s->out->name, NULL);
		s->out->name = mem_strndup(b.data + a->name.at, a->name.len);
		s->out->text = a->value == PY_VALUE_STRING
				   ? mem_strndup(b.data + a->content.at, a->content.len)
				   : tuple_text(b, a);
	} else if (s->out->why == NULL) {
		s->out->why = mem_printf("%s does not assign %s", file, names[0]);
	}
	if (s->out->text == NULL)
		s->out->kind = AUTHORITY_UNKNOWN;
out:
	py_assignments_fini(&all);
	py_tokens_fini(&tokens);
	str_fini(&text);
}

static void
set_text_file(struct search *s, const char *name)
{
	struct str text = STR_EMPTY;
	struct err e = ERR_EMPTY;
	struct bytes word;
	char *file = source_join(s->dir, name);

	s->out->kind = AUTHORITY_TEXT;
	s->out->what = mem_printf("%s (setuptools)", name);
	if (source_read(s->root, file, &text, &e) == ERR_OK) {
		word = bytes_trim((struct bytes) { str_text(&text), text.len });
		s->out->text = mem_strndup(word.data, word.len);
	} else {
		set_unknown(s, e.message);
	}
	mem_set(&s->out->file, file);
	free(file);
	str_fini(&text);
}

static bool
exists(const struct search *s, const char *path)
{
	char *full = fs_join(s->root, path);
	bool yes = fs_is_file(full);

	free(full);
	return yes;
}

/* "pkg.mod.NAME" below the folders in which setuptools looks. */
static void
set_attr(struct search *s, const char *attr)
{
	const struct toml_node *tool = toml_find(s->top, TOML_PATH("tool", "setuptools"));
	const char *const bases[] = { toml_text(toml_get(tool, "package-dir"), ""), "src", "" };
	const char *dot = strrchr(attr, '.');
	char *module = mem_strndup(attr, dot != NULL ? (size_t)(dot - attr) : 0);
	const char *const names[] = { dot != NULL ? dot + 1 : attr, NULL };

	for (char *p = module; *p != '\0'; p++)
		if (*p == '.')
			*p = '/';
	for (size_t i = 0; i < 2 * ARRAY_LEN(bases) && s->out->kind == AUTHORITY_UNKNOWN; i++) {
		const char *base = bases[i / 2];
		char *below, *in, *path;

		if (base == NULL)
			continue;
		below = mem_printf("%s%s", module, i % 2 == 0 ? ".py" : "/__init__.py");
		in = source_join(base, below);
		path = source_join(s->dir, in);
		if (exists(s, path)) {
			mem_set(&s->out->why, NULL);
			set_python(s, path, names, "setuptools attr");
			i = 2 * ARRAY_LEN(bases);
		}
		free(below);
		free(in);
		free(path);
	}
	if (s->out->file == NULL) {
		mem_set(&s->out->why, NULL);
		s->out->why = mem_printf("setuptools attr %s: its file was not found", attr);
	}
	free(module);
}

static bool
from_setuptools(struct search *s)
{
	const struct toml_node *tool = toml_find(s->top, TOML_PATH("tool", "setuptools"));
	const struct toml_node *how = toml_find(tool, TOML_PATH("dynamic", "version"));
	const struct toml_node *file = toml_get(how, "file");
	const char *attr = toml_text(how, "attr");

	if (file != NULL && file->kind == TOML_ARRAY && file->count == 1)
		file = toml_first(file);
	if (attr != NULL)
		set_attr(s, attr);
	else if (file != NULL && file->kind == TOML_STRING)
		set_text_file(s, file->text);
	else
		return false;
	return true;
}

/* Hatch's own pattern matches these names at the margin; patterns of the project's own are not
 * read. */
static bool
from_hatch(struct search *s)
{
	static const char *const names[] = { "__version__", "VERSION", "version", "Version", NULL };
	const struct toml_node *how = toml_find(s->top, TOML_PATH("tool", "hatch", "version"));
	const char *source = toml_text(how, "source"), *path = toml_text(how, "path");
	char *file;

	if (how == NULL)
		return false;
	if (source != NULL && strcmp(source, "vcs") == 0) {
		set_tag(s, "hatch-vcs");
	} else if (source != NULL && strcmp(source, "regex") != 0) {
		set_unknown(s, strcmp(source, "env") == 0
				   ? "hatch takes the version from the environment"
				   : "hatch computes the version");
	} else if (path == NULL || toml_get(how, "pattern") != NULL) {
		set_unknown(s, "hatch finds the version by a pattern of the project's own");
	} else {
		file = source_join(s->dir, path);
		set_python(s, file, names, "hatch");
		free(file);
	}
	return true;
}

static bool
from_pdm(struct search *s)
{
	static const char *const names[] = { "__version__", NULL };
	const struct toml_node *how = toml_find(s->top, TOML_PATH("tool", "pdm", "version"));
	const char *source = toml_text(how, "source"), *path = toml_text(how, "path");
	char *file;

	if (source == NULL)
		return false;
	if (strcmp(source, "scm") == 0) {
		set_tag(s, "pdm");
	} else if (strcmp(source, "file") == 0 && path != NULL &&
		   toml_get(how, "pattern") == NULL) {
		file = source_join(s->dir, path);
		set_python(s, file, names, "pdm");
		free(file);
	} else {
		set_unknown(s, "pdm computes the version");
	}
	return true;
}

/* The file of flit's list that assigns a version; a later one wins, as in flit. */
static bool
from_flit(struct search *s)
{
	static const char *const names[] = { "__version__", NULL };
	static const char *const files[] = { "__init__.py", "version.py", "_version.py",
		"__version__.py" };
	const char *module = toml_text(
	    toml_find(s->top, TOML_PATH("tool", "flit", "module")), "name");
	const char *name = toml_text(toml_get(s->top, "project"), "name");
	struct str dir = STR_EMPTY;

	if (strncmp(s->backend, "flit", 4) != 0 || (module == NULL && name == NULL))
		return false;
	for (size_t k = 0; k < 2 && s->out->text == NULL; k++) {
		for (size_t i = 0; i < ARRAY_LEN(files) && s->out->text == NULL; i++) {
			char *path;

			str_clear(&dir);
			str_printf(&dir, "%s%s/%s", k == 0 ? "" : "src/",
			    module != NULL ? module : name, files[i]);
			for (size_t c = 0; c < dir.len; c++)
				if (dir.data[c] == '-')
					dir.data[c] = '_';
			path = source_join(s->dir, str_text(&dir));
			if (exists(s, path)) {
				authority_fini(s->out);
				set_python(s, path, names, "flit");
			}
			free(path);
		}
	}
	str_fini(&dir);
	return s->out->what != NULL;
}

static bool
requires_tool(const struct search *s, const char *tool)
{
	const struct toml_node *list = toml_find(s->top, TOML_PATH("build-system", "requires"));

	for (const struct toml_node *n = toml_first(list); n != NULL; n = n->next)
		if (n->kind == TOML_STRING && text_starts(n->text, tool))
			return true;
	return false;
}

static void
from_backend(struct search *s)
{
	static const char *const scm[] = { "setuptools-scm", "setuptools_scm", "hatch-vcs",
		"versioningit", "poetry-dynamic-versioning", "flit-scm", "flit_scm" };
	const struct toml_node *poetry = toml_find(s->top, TOML_PATH("tool", "poetry", "version"));

	if (from_setuptools(s) || from_hatch(s) || from_pdm(s))
		return;
	for (size_t i = 0; i < ARRAY_LEN(scm); i++) {
		if (requires_tool(s, scm[i])) {
			set_tag(s, scm[i]);
			return;
		}
	}
	if (toml_find(s->top, TOML_PATH("tool", "setuptools_scm")) != NULL) {
		set_tag(s, "setuptools-scm");
		return;
	}
	if (poetry != NULL && poetry->kind == TOML_STRING) {
		s->out->kind = AUTHORITY_TOML;
		s->out->file = mem_strdup(s->file);
		s->out->name = mem_strdup("tool.poetry.version");
		s->out->what = mem_strdup("tool.poetry.version");
		s->out->text = mem_strdup(poetry->text);
		return;
	}
	if (!from_flit(s))
		set_unknown(s, "the build backend computes the version");
}

static bool
lists_version(const struct toml_node *dynamic)
{
	for (const struct toml_node *n = toml_first(dynamic); n != NULL; n = n->next)
		if (n->kind == TOML_STRING && strcmp(n->text, "version") == 0)
			return true;
	return false;
}

static enum err_code
from_project(struct search *s, const struct toml_node *project, struct err *e)
{
	const struct toml_node *version = toml_get(project, "version");
	const struct toml_node *dynamic = toml_get(project, "dynamic");

	if (version != NULL && version->kind != TOML_STRING)
		return toml_err_at(s->doc, version->span.start, ERR_INVALID, e,
		    "project.version must be a string, found a value of kind %s",
		    toml_kind_name(version->kind));
	if (version != NULL && lists_version(dynamic))
		return toml_err_at(s->doc, dynamic->span.start, ERR_INVALID, e,
		    "version is listed in project.dynamic and given as project.version: only one "
		    "is allowed");
	if (version == NULL && !lists_version(dynamic)) {
		toml_err_at(s->doc, project->span.start, ERR_INVALID, e,
		    "[project] has no version, and project.dynamic does not list it");
		err_hint(e, "add version = \"0.1.0\" below [project]");
		return ERR_INVALID;
	}
	if (version == NULL) {
		from_backend(s);
		return ERR_OK;
	}
	s->out->kind = AUTHORITY_TOML;
	s->out->file = mem_strdup(s->file);
	s->out->name = mem_strdup("project.version");
	s->out->what = mem_strdup("project.version");
	s->out->text = mem_strdup(version->text);
	return ERR_OK;
}

enum err_code
authority_find(const char *root, const char *dir, const char *file, const struct toml_doc *doc,
    struct authority *out, struct err *e)
{
	const struct toml_node *top = toml_root(doc), *project = toml_get(top, "project");
	const char *backend = toml_text(toml_get(top, "build-system"), "build-backend");
	struct authority a = AUTHORITY_EMPTY;
	struct search s = { root, dir, file, doc, top, backend != NULL ? backend : "", &a };
	enum err_code rc = ERR_OK;

	if (project != NULL)
		rc = from_project(&s, project, e);
	else
		from_backend(&s);
	if (rc != ERR_OK) {
		authority_fini(&a);
		return rc;
	}
	*out = a;
	return ERR_OK;
}

void
authority_fini(struct authority *a)
{
	mem_set(&a->file, NULL);
	mem_set(&a->name, NULL);
	mem_set(&a->what, NULL);
	mem_set(&a->text, NULL);
	mem_set(&a->why, NULL);
	*a = (struct authority)AUTHORITY_EMPTY;
}

const struct toml_node *
authority_node(const struct authority *a, const struct toml_doc *doc)
{
	const struct toml_node *top = toml_root(doc);

	return strcmp(a->name, "project.version") == 0
		   ? toml_find(top, TOML_PATH("project", "version"))
		   : toml_find(top, TOML_PATH("tool", "poetry", "version"));
}
