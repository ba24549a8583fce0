/* The order of the specification and of the build backends: [project], then what dynamic means to
 * the backend, then the tables of before PEP 621. */
#include "authority_search.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "source.h"

void
authority_set_unknown(struct search *s, const char *why)
{
	s->out->kind = AUTHORITY_UNKNOWN;
	mem_set(&s->out->why, why);
}

void
authority_set_tag(struct search *s, const char *tool, const char *env)
{
	s->out->kind = AUTHORITY_TAG;
	mem_set(&s->out->what, NULL);
	s->out->what = mem_printf("the tag (%s)", tool);
	mem_set(&s->out->env, env);
	if (env == NULL) {
		mem_set(&s->out->why, NULL);
		s->out->why = mem_printf("%s reads the tag, which is made after the build", tool);
	}
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

static bool
requires_tool(const struct search *s, const char *tool)
{
	const struct toml_node *list = toml_find(s->top, TOML_PATH("build-system", "requires"));

	for (const struct toml_node *n = toml_first(list); n != NULL; n = n->next)
		if (n->kind == TOML_STRING && text_starts(n->text, tool))
			return true;
	return false;
}

/* Tools that make the version from the tag, and the variables that tell them one before it exists.
 */
static const struct {
	const char *name, *env;
} scm[] = {
	{ "setuptools-scm", AUTHORITY_ENV_SCM },
	{ "setuptools_scm", AUTHORITY_ENV_SCM },
	{ "hatch-vcs", AUTHORITY_ENV_SCM " SETUPTOOLS_SCM_PRETEND_VERSION" },
	{ "flit-scm", AUTHORITY_ENV_SCM " SETUPTOOLS_SCM_PRETEND_VERSION" },
	{ "flit_scm", AUTHORITY_ENV_SCM " SETUPTOOLS_SCM_PRETEND_VERSION" },
	{ "poetry-dynamic-versioning", "POETRY_DYNAMIC_VERSIONING_BYPASS" },
	{ "versioningit", NULL },
	{ "setuptools-git-versioning", NULL },
	{ "versioneer", NULL },
};

static bool
from_scm(struct search *s)
{
	for (size_t i = 0; i < ARRAY_LEN(scm); i++) {
		if (requires_tool(s, scm[i].name)) {
			authority_set_tag(s, scm[i].name, scm[i].env);
			return true;
		}
	}
	if (toml_find(s->top, TOML_PATH("tool", "setuptools_scm")) == NULL)
		return false;
	authority_set_tag(s, "setuptools-scm", AUTHORITY_ENV_SCM);
	return true;
}

static void
from_backend(struct search *s)
{
	const struct toml_node *poetry = toml_find(s->top, TOML_PATH("tool", "poetry", "version"));

	if (authority_setuptools(s) || authority_hatch(s) || authority_pdm(s) || from_scm(s))
		return;
	if (strncmp(s->backend, "maturin", 7) == 0) {
		authority_maturin(s);
		return;
	}
	if (strcmp(s->backend, "mesonpy") == 0) {
		authority_meson(s);
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
	if (!authority_flit(s) && !authority_setup_files(s) && s->out->why == NULL)
		authority_set_unknown(s, "the build backend computes the version");
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
	mem_set(&a->env, NULL);
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
