/* Finding the configuration, and looking things up in it. */
#include "slipway/project/config.h"

#include <stdlib.h>
#include <string.h>

#include "config_read.h"
#include "slipway/base/mem.h"
#include "slipway/base/toml.h"
#include "slipway/os/fs.h"
#include "slipway/project/name.h"

#define CONFIG_MAX_BYTES ((size_t)4 << 20)

enum err_code
config_parse(
    struct bytes text, const char *name, enum config_kind kind, struct config *out, struct err *e)
{
	struct toml_doc *doc = NULL;
	const struct toml_node *root;
	struct config c = CONFIG_EMPTY;
	enum err_code rc = toml_parse(text, name, &doc, e);

	if (rc != ERR_OK) {
		if (e != NULL)
			e->code = ERR_CONFIG;
		return ERR_CONFIG;
	}
	root = toml_root(doc);
	if (kind == CONFIG_PYPROJECT)
		root = toml_find(root, TOML_PATH("tool", "slipway"));
	if (root != NULL) {
		rc = config_read(doc, root, &c, e);
		if (rc != ERR_OK)
			goto out;
		c.source = mem_strdup(name);
	}
	*out = c;
out:
	toml_free(doc);
	return rc;
}

/* Not there is fine and leaves OUT, unless REQUIRED. */
static enum err_code
load(const char *path, enum config_kind kind, struct config *out, struct err *e)
{
	struct str text = STR_EMPTY;
	enum err_code rc = fs_read(path, CONFIG_MAX_BYTES, &text, e);

	if (rc == ERR_OK)
		rc = config_parse((struct bytes) { text.data, text.len }, path, kind, out, e);
	str_fini(&text);
	return rc;
}

static enum err_code
load_named(const char *file, struct config *out, struct err *e)
{
	bool pyproject = strcmp(fs_base(file), "pyproject.toml") == 0;
	enum err_code rc = load(file, pyproject ? CONFIG_PYPROJECT : CONFIG_FILE, out, e);

	if (rc == ERR_OK && out->source == NULL)
		out->source = mem_strdup(file);
	if (rc == ERR_OK || rc == ERR_CONFIG)
		return rc;
	if (e != NULL)
		e->code = ERR_CONFIG;
	return ERR_CONFIG;
}

enum err_code
config_load(const char *root, const char *file, struct config *out, struct err *e)
{
	char *own = NULL, *project = NULL;
	struct config c = CONFIG_EMPTY, other = CONFIG_EMPTY;
	enum err_code rc, rc_project;

	if (file != NULL)
		return load_named(file, out, e);
	own = fs_join(root, "slipway.toml");
	project = fs_join(root, "pyproject.toml");
	rc = load(own, CONFIG_FILE, &c, e);
	if (rc == ERR_NOT_FOUND) {
		rc = load(project, CONFIG_PYPROJECT, &c, e);
		if (rc == ERR_NOT_FOUND)
			rc = ERR_OK;
	} else if (rc == ERR_OK) {
		/* Only to say that it is hidden: whatever is wrong with it is not asked for here.
		 */
		rc_project = load(project, CONFIG_PYPROJECT, &other, NULL);
		if (rc_project == ERR_OK && other.source != NULL)
			c.shadowed = mem_strdup(project);
	}
	if (rc == ERR_OK) {
		err_clear(e);
		*out = c;
	}
	config_fini(&other);
	free(own);
	free(project);
	return rc;
}

static void
list_fini(struct config_list *l)
{
	strlist_fini(&l->items);
}

static void
package_fini(struct config_package *p)
{
	free(p->name);
	free(p->path);
	free(p->tag);
	free(p->changelog);
	list_fini(&p->token_env);
	list_fini(&p->version_files);
	list_fini(&p->smoke);
}

static void
index_fini(struct config_index *i)
{
	free(i->name);
	free(i->upload);
	free(i->simple);
	list_fini(&i->token_env);
}

void
config_fini(struct config *c)
{
	struct config_release *r = &c->release;

	free(c->source);
	free(c->shadowed);
	free(r->branch);
	free(r->commit);
	free(r->tag);
	free(r->test_index);
	free(r->index);
	free(r->python);
	free(r->changelog);
	free(r->notes_command);
	free(r->notes_file);
	list_fini(&r->checks);
	list_fini(&r->carry);
	list_fini(&r->leave_out);
	list_fini(&r->edit_also);
	list_fini(&r->build);
	list_fini(&r->categories);
	list_fini(&c->check.ignore);
	list_fini(&c->check.toplevel);
	for (size_t i = 0; i < c->package_count; i++)
		package_fini(&c->packages[i]);
	for (size_t i = 0; i < c->index_count; i++)
		index_fini(&c->indexes[i]);
	free(c->packages);
	free(c->indexes);
	*c = (struct config)CONFIG_EMPTY;
}

const struct config_package *
config_find_package(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->package_count; i++)
		if (name_equal(bytes_of(c->packages[i].name), bytes_of(name)))
			return &c->packages[i];
	return NULL;
}

const struct config_index *
config_find_index(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->index_count; i++)
		if (strcmp(c->indexes[i].name, name) == 0)
			return &c->indexes[i];
	return NULL;
}

const char *
config_mode_name(enum config_mode mode)
{
	switch (mode) {
	case CONFIG_MODE_LOCKSTEP:
		return "lockstep";
	case CONFIG_MODE_INDEPENDENT:
		return "independent";
	case CONFIG_MODE_MIXED:
		return "mixed";
	case CONFIG_MODE_UNSET:
		break;
	}
	return "";
}

const char *
config_publish_name(enum config_publish publish)
{
	switch (publish) {
	case CONFIG_PUBLISH_LOCAL:
		return "local";
	case CONFIG_PUBLISH_CI:
		return "ci";
	case CONFIG_PUBLISH_UNSET:
		break;
	}
	return "";
}
