/* Where hatch, PDM, flit, maturin and meson-python take a version from. */
#include "authority_search.h"

#include <stdlib.h>
#include <string.h>

#include "pattern.h"
#include "places_private.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "source.h"

/* What the tools themselves look for when the project gives no pattern. */
#define HATCH_PATTERN                                                                              \
	"(?i)^(__version__|VERSION)(?: ?: ?str)? *= *(['\"])v?(?P<version>.+?)\\2"

/* The first match of PATTERN in FILE; the group named version, or the first one. */
static void
set_pattern(struct search *s, const char *file, const char *pattern, const char *tool)
{
	struct pattern *compiled = NULL;
	struct str text = STR_EMPTY;
	struct err e = ERR_EMPTY;
	struct span span;
	struct bytes b;
	bool found = false;
	enum err_code rc = pattern_compile(pattern, &compiled, &e);

	if (rc == ERR_OK)
		rc = source_read(s->root, file, &text, &e);
	b = (struct bytes) { str_text(&text), text.len };
	if (rc == ERR_OK)
		rc = pattern_search(compiled, b, "version", &span, &found, &e);
	if (rc == ERR_OK && !found)
		rc = err_set(
		    &e, ERR_NOT_FOUND, "%s: the pattern of %s matches nothing", file, tool);
	if (rc == ERR_OK) {
		authority_set_span(s, file, b, span,
		    mem_printf("line %zu (pattern of %s)", place_line(b, span.at), tool));
	} else {
		authority_set_unknown(s, e.message);
	}
	pattern_free(compiled);
	str_fini(&text);
}

bool
authority_hatch(struct search *s)
{
	static const char *const names[] = { "__version__", "VERSION", "version", "Version", NULL };
	const struct toml_node *how = toml_find(s->top, TOML_PATH("tool", "hatch", "version"));
	const char *source = toml_text(how, "source"), *path = toml_text(how, "path");
	const char *pattern = toml_text(how, "pattern"), *variable = toml_text(how, "variable");
	char *file;

	if (how == NULL)
		return false;
	if (source != NULL && strcmp(source, "vcs") == 0) {
		authority_set_tag(
		    s, "hatch-vcs", AUTHORITY_ENV_SCM " SETUPTOOLS_SCM_PRETEND_VERSION");
	} else if (source != NULL && strcmp(source, "env") == 0 && variable != NULL) {
		authority_set_tag(s, "hatch takes the version from the environment", variable);
	} else if (source != NULL && strcmp(source, "code") == 0 && path != NULL) {
		/* An expression is run by hatch; a plain __version__ is what it mostly is. */
		file = source_join(s->dir, path);
		if (toml_text(how, "expression") != NULL)
			authority_set_unknown(s, "hatch computes the version by an expression");
		else
			authority_set_python(s, file, names, "hatch code");
		free(file);
	} else if ((source != NULL && strcmp(source, "regex") != 0) || path == NULL) {
		authority_set_unknown(s, source != NULL && strcmp(source, "env") == 0
					     ? "hatch takes the version from the environment, and "
					       "tool.hatch.version names no variable"
					     : "hatch computes the version");
	} else {
		file = source_join(s->dir, path);
		if (pattern != NULL)
			set_pattern(s, file, pattern, "hatch");
		else if (!text_ends(path, ".py"))
			set_pattern(s, file, HATCH_PATTERN, "hatch");
		else
			authority_set_python(s, file, names, "hatch");
		free(file);
	}
	return true;
}

bool
authority_pdm(struct search *s)
{
	static const char *const names[] = { "__version__", NULL };
	const struct toml_node *how = toml_find(s->top, TOML_PATH("tool", "pdm", "version"));
	const char *source = toml_text(how, "source"), *path = toml_text(how, "path");
	const char *pattern = toml_text(how, "pattern");
	char *file;

	if (source == NULL)
		return false;
	if (strcmp(source, "scm") == 0) {
		authority_set_tag(s, "pdm", "PDM_BUILD_SCM_VERSION");
	} else if (strcmp(source, "file") == 0 && path != NULL) {
		file = source_join(s->dir, path);
		if (pattern != NULL)
			set_pattern(s, file, pattern, "PDM");
		else
			authority_set_python(s, file, names, "pdm");
		free(file);
	} else {
		authority_set_unknown(s, "pdm computes the version");
	}
	return true;
}

/* The file of flit's list that assigns a version; a later one wins, as in flit. */
bool
authority_flit(struct search *s)
{
	static const char *const names[] = { "__version__", NULL };
	static const char *const files[] = { "/__init__.py", "/version.py", "/_version.py",
		"/__version__.py", ".py" };
	const char *module = toml_text(
	    toml_find(s->top, TOML_PATH("tool", "flit", "module")), "name");
	const char *old = toml_text(
	    toml_find(s->top, TOML_PATH("tool", "flit", "metadata")), "module");
	const char *name = toml_text(toml_get(s->top, "project"), "name");
	struct str dir = STR_EMPTY;

	if (module == NULL)
		module = old != NULL ? old : name;
	if (strncmp(s->backend, "flit", 4) != 0 || module == NULL)
		return false;
	for (size_t i = 0; i < 2 * ARRAY_LEN(files) && s->out->text == NULL; i++) {
		char *path;

		str_clear(&dir);
		str_printf(&dir, "%s%s%s", i < ARRAY_LEN(files) ? "" : "src/", module,
		    files[i % ARRAY_LEN(files)]);
		for (size_t c = 0; c < dir.len; c++)
			if (dir.data[c] == '-')
				dir.data[c] = '_';
		path = source_join(s->dir, str_text(&dir));
		if (authority_file_exists(s, path)) {
			authority_fini(s->out);
			authority_set_python(s, path, names, "flit");
		}
		free(path);
	}
	str_fini(&dir);
	return s->out->what != NULL;
}

/* The manifest of the crate; a workspace's version stands in a folder above. */
void
authority_maturin(struct search *s)
{
	const char *manifest = toml_text(
	    toml_find(s->top, TOML_PATH("tool", "maturin")), "manifest-path");
	char *file = source_join(s->dir, manifest != NULL ? manifest : "Cargo.toml");
	struct str text = STR_EMPTY;
	struct toml_doc *doc = NULL;
	struct err e = ERR_EMPTY;
	const struct toml_node *version = NULL;
	bool workspace = false;

	if (source_read(s->root, file, &text, &e) == ERR_OK &&
	    toml_parse((struct bytes) { str_text(&text), text.len }, file, &doc, &e) == ERR_OK)
		version = cargo_version(doc, &workspace);
	if (version != NULL) {
		s->out->kind = AUTHORITY_CARGO;
		s->out->file = mem_strdup(file);
		s->out->what = mem_printf("%spackage.version of Cargo.toml (maturin)",
		    workspace ? "workspace." : "");
		s->out->text = mem_strdup(version->text);
	} else {
		authority_set_unknown(s, e.code != ERR_OK
					     ? e.message
					     : "maturin takes the version from Cargo.toml, which "
					       "gives none that Slipway can edit");
	}
	toml_free(doc);
	free(file);
	str_fini(&text);
}

/* The version of project(), which may be computed. */
void
authority_meson(struct search *s)
{
	char *file = source_join(s->dir, "meson.build"), *why;
	struct str text = STR_EMPTY;
	struct py_tokens tokens = PY_TOKENS_EMPTY;
	struct err e = ERR_EMPTY;
	struct span span;
	struct bytes b;
	size_t line;

	if (source_read(s->root, file, &text, &e) != ERR_OK) {
		authority_set_unknown(s, e.message);
		goto out;
	}
	b = (struct bytes) { str_text(&text), text.len };
	if (py_tokenise(b, file, &tokens, &e) != ERR_OK) {
		authority_set_unknown(s, e.message);
	} else if (meson_version(b, &tokens, &span, &line)) {
		authority_set_span(s, file, b, span, mem_strdup("project(version:) (meson)"));
	} else {
		why = line == 0
			  ? mem_printf("%s: project() has no version", file)
			  : mem_printf("%s:%zu: the version of project() is computed", file, line);
		authority_set_unknown(s, why);
		free(why);
	}
out:
	free(file);
	str_fini(&text);
	py_tokens_fini(&tokens);
}
