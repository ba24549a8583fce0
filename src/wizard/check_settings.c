/* Ignored rules and accepted findings of a repository. */
#include "slipway/wizard/check_settings.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check_tree.h"
#include "slipway/base/mem.h"
#include "slipway/base/near.h"
#include "slipway/base/toml.h"
#include "slipway/dist/check.h"
#include "slipway/os/fs.h"
#include "slipway/project/config.h"

#define PYPROJECT_MAX ((size_t)4 << 20)

static enum err_code
add_rules(const struct strlist *ids, struct strlist *out, struct err *e)
{
	const char *names[RULE_COUNT], *near;

	for (size_t r = 0; r < RULE_COUNT; r++)
		names[r] = dist_rule((enum rule_id)r)->id;
	for (size_t i = 0; i < ids->count; i++) {
		if (dist_rule_find(ids->items[i]) == NULL) {
			near = near_word(ids->items[i], names, RULE_COUNT);
			err_set(e, ERR_CONFIG, "[check] ignores \"%s\", which is no rule%s%s%s",
			    ids->items[i], near != NULL ? ": did you mean " : "",
			    near != NULL ? near : "", near != NULL ? "?" : "");
			return err_hint(e, "slipway help rules lists them");
		}
		strlist_add(out, ids->items[i]);
	}
	return ERR_OK;
}

/* A text with commas or a list of texts, as check-wheel-contents takes both. */
static void
read_words(const struct toml_node *node, struct strlist *out)
{
	if (node == NULL)
		return;
	if (node->kind == TOML_ARRAY) {
		for (const struct toml_node *n = toml_first(node); n != NULL; n = n->next)
			if (n->kind == TOML_STRING)
				strlist_add(out, n->text);
		return;
	}
	if (node->kind != TOML_STRING)
		return;
	for (const char *at = node->text; *at != '\0';) {
		size_t len = strcspn(at, ", ");

		if (len > 0)
			strlist_take(out, mem_strndup(at, len));
		at += len + strspn(at + len, ", ");
	}
}

/* Ids there may be cut: "W2" stands for W201 and W202. */
static bool
stands_for(const struct strlist *words, const char *id)
{
	for (size_t i = 0; i < words->count; i++)
		if (strncasecmp(words->items[i], id, strlen(words->items[i])) == 0)
			return true;
	return false;
}

/* The files of the packages that it names, and of the folders in which packages lie. */
static void
read_tree(const struct toml_node *table, const char *root, struct strlist *out)
{
	const struct toml_node *node = toml_get(table, "package_omit");
	struct strlist packages = STRLIST_EMPTY, folders = STRLIST_EMPTY, omit = STRLIST_EMPTY;

	read_words(toml_get(table, "package"), &packages);
	read_words(toml_get(table, "src_dir"), &folders);
	read_words(node, &omit);
	for (size_t i = 0; i < packages.count + folders.count; i++) {
		bool package = i < packages.count;
		char *given = package ? packages.items[i] : folders.items[i - packages.count];
		char *path = fs_join(root, given);
		const char *slash;

		while (text_ends(given, "/"))
			given[strlen(given) - 1] = '\0';
		slash = strrchr(given, '/');
		check_tree_add(path,
		    !package	    ? ""
		    : slash != NULL ? slash + 1
				    : given,
		    node != NULL ? &omit : NULL, out);
		free(path);
	}
	strlist_sort(out);
	strlist_fini(&packages);
	strlist_fini(&folders);
	strlist_fini(&omit);
}

static void
read_check_wheel_contents(
    const struct toml_node *table, const char *root, struct check_settings *out)
{
	static const char *const ids[] = { "W001", "W002", "W003", "W004", "W005", "W006", "W007",
		"W008", "W009", "W010", "W101", "W102", "W201", "W202" };
	struct strlist ignore = STRLIST_EMPTY, select = STRLIST_EMPTY;

	read_words(toml_get(table, "ignore"), &ignore);
	read_words(toml_get(table, "select"), &select);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		if (stands_for(&ignore, ids[i]) ||
		    (toml_get(table, "select") != NULL && !stands_for(&select, ids[i])))
			strlist_add(&out->ignore, ids[i]);
	if (out->toplevel.count == 0)
		read_words(toml_get(table, "toplevel"), &out->toplevel);
	/* They may be written as folders. */
	for (size_t i = 0; i < out->toplevel.count; i++) {
		char *name = out->toplevel.items[i];

		if (text_ends(name, "/"))
			name[strlen(name) - 1] = '\0';
	}
	read_tree(table, root, &out->tree);
	strlist_fini(&ignore);
	strlist_fini(&select);
}

/* What is wrong with that file is told where the project is read. */
static void
read_pyproject(const char *root, struct check_settings *out)
{
	char *path = fs_join(root, "pyproject.toml");
	struct toml_doc *doc = NULL;
	struct str text = STR_EMPTY;

	if (fs_read(path, PYPROJECT_MAX, &text, NULL) == ERR_OK &&
	    toml_parse((struct bytes) { str_text(&text), text.len }, path, &doc, NULL) == ERR_OK)
		read_check_wheel_contents(
		    toml_find(toml_root(doc), TOML_PATH("tool", "check-wheel-contents")), root,
		    out);
	toml_free(doc);
	str_fini(&text);
	free(path);
}

enum err_code
check_settings_load(
    const char *root, const struct config *c, struct check_settings *out, struct err *e)
{
	enum err_code rc;

	out->path = fs_join(root, ACKNOWLEDGED_FILE);
	rc = add_rules(&c->check.ignore.items, &out->ignore, e);
	if (rc != ERR_OK)
		return rc;
	strlist_copy(&out->toplevel, &c->check.toplevel.items);
	read_pyproject(root, out);
	return acknowledgements_load(out->path, &out->acknowledged, e);
}

void
check_settings_fini(struct check_settings *s)
{
	strlist_fini(&s->ignore);
	strlist_fini(&s->toplevel);
	strlist_fini(&s->tree);
	acknowledgements_fini(&s->acknowledged);
	free(s->path);
	*s = (struct check_settings)CHECK_SETTINGS_EMPTY;
}

void
check_settings_ask(const struct check_settings *s, struct dist_check_opts *opts)
{
	opts->toplevel = s->toplevel.count > 0 ? &s->toplevel : NULL;
	opts->tree = s->tree.count > 0 ? &s->tree : NULL;
}

void
check_settings_apply(const struct check_settings *s, struct findings *f)
{
	for (size_t i = 0; i < s->ignore.count; i++) {
		const struct dist_rule *rule = dist_rule_find(s->ignore.items[i]);

		if (rule != NULL)
			findings_ignore(f, dist_rule_index(rule));
	}
	acknowledgements_apply(&s->acknowledged, f);
}
