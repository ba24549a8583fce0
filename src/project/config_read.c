/* From a TOML document to a struct config, by the table of keys. */
#include "config_read.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "config_keys.h"
#include "slipway/base/mem.h"
#include "slipway/base/near.h"
#include "slipway/project/config.h"
#include "slipway/project/name.h"

/* The table of keys writes enums through unsigned int. */
_Static_assert(sizeof(enum config_mode) == sizeof(unsigned int), "enums are unsigned int");
_Static_assert(sizeof(enum config_switch) == sizeof(unsigned int), "enums are unsigned int");

#define WAIT_MAX_S (365u * 24 * 3600)

struct reader {
	const struct toml_doc *doc;
	struct err *e;
};

static enum err_code
wrong_type(const struct reader *r, const struct toml_node *node, const char *expected)
{
	struct str path = STR_EMPTY;

	toml_path(node, &path);
	toml_err_at(r->doc, node->span.start, ERR_CONFIG, r->e, "%s must be %s, found: %s",
	    str_text(&path), expected, toml_kind_name(node->kind));
	str_fini(&path);
	return ERR_CONFIG;
}

static enum err_code
wrong_value(const struct reader *r, const struct toml_node *node, const char *why)
{
	struct str path = STR_EMPTY;

	toml_path(node, &path);
	toml_err_at(r->doc, node->span.start, ERR_CONFIG, r->e, "%s %s", str_text(&path), why);
	str_fini(&path);
	return ERR_CONFIG;
}

static enum err_code
unknown(const struct reader *r, const struct toml_node *node, const char *what,
    const char *const *candidates, size_t count)
{
	const char *near = near_word(node->key, candidates, count);
	struct str path = STR_EMPTY, known = STR_EMPTY;

	toml_path(node, &path);
	toml_err_at(r->doc, node->key_span.start, ERR_CONFIG, r->e, "unknown %s %s%s%s%s", what,
	    str_text(&path), near != NULL ? ": did you mean \"" : "", near != NULL ? near : "",
	    near != NULL ? "\"?" : "");
	for (size_t i = 0; i < count; i++)
		str_printf(&known, "%s%s", i > 0 ? ", " : "", candidates[i]);
	err_hint(r->e, "known here: %s; see slipway help config", str_text(&known));
	str_fini(&path);
	str_fini(&known);
	return ERR_CONFIG;
}

static enum err_code
unknown_key(const struct reader *r, const struct toml_node *node, enum config_table table)
{
	const char *names[64] = { NULL };
	size_t count = 0;

	for (size_t i = 0; i < config_key_count; i++)
		if (config_keys[i].table == table && count < ARRAY_LEN(names))
			names[count++] = config_keys[i].name;
	return unknown(r, node, "key", names, count);
}

static enum err_code
unknown_table(const struct reader *r, const struct toml_node *node)
{
	const char *names[CONFIG_TABLE_COUNT];

	for (size_t i = 0; i < CONFIG_TABLE_COUNT; i++)
		names[i] = config_tables[i].name;
	return unknown(
	    r, node, node->kind == TOML_TABLE ? "table" : "key", names, CONFIG_TABLE_COUNT);
}

/* Every {word} must be one that can be filled in, and one of them the version. */
static enum err_code
check_template(const struct reader *r, const struct toml_node *node)
{
	static const char *const words[] = { "{name}", "{version}", "{dashed}", "{semver}" };
	bool versioned = false;

	for (const char *at = strchr(node->text, '{'); at != NULL; at = strchr(at + 1, '{')) {
		size_t i = 0;

		while (i < ARRAY_LEN(words) && !text_starts(at, words[i]))
			i++;
		if (i == ARRAY_LEN(words))
			return wrong_value(
			    r, node, "may hold {name}, {version}, {dashed} and {semver} only");
		versioned = versioned || i > 0;
	}
	if (!versioned && strcmp(node->key, "tag") == 0)
		return wrong_value(r, node, "must hold {version}, {dashed} or {semver}");
	return ERR_OK;
}

static enum err_code
check_path(const struct reader *r, const struct toml_node *node)
{
	const char *part = node->text;

	if (part[0] == '/')
		return wrong_value(r, node, "must be relative to the repository");
	while (part != NULL) {
		if (strcmp(part, "..") == 0 || text_starts(part, "../"))
			return wrong_value(r, node, "must not leave the repository");
		part = strchr(part, '/');
		part = part != NULL ? part + 1 : NULL;
	}
	return ERR_OK;
}

/* A token put here by mistake must not be repeated in the message, so no value is. */
static enum err_code
check_env_name(const struct reader *r, const struct toml_node *node)
{
	static const char allowed[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
	const char *text = node->text;

	if (text[strspn(text, allowed)] == '\0' && (text[0] < '0' || text[0] > '9'))
		return ERR_OK;
	wrong_value(r, node, "must be the name of an environment variable, not its value");
	err_hint(r->e, "if a token stands there, take it out and revoke it");
	return ERR_CONFIG;
}

/* A string that its type allows. */
static enum err_code
check_text(const struct reader *r, const struct toml_node *node, enum config_type type)
{
	if (node->kind != TOML_STRING)
		return wrong_type(r, node, "a string");
	if (node->text_len == 0)
		return wrong_value(r, node, "must not be empty");
	if (strlen(node->text) != node->text_len)
		return wrong_value(r, node, "must not hold a NUL");
	if (type == CONFIG_TEMPLATE)
		return check_template(r, node);
	if (type == CONFIG_PATH || type == CONFIG_PATHS)
		return check_path(r, node);
	if (type == CONFIG_ENV_NAMES)
		return check_env_name(r, node);
	if (type == CONFIG_URL && !text_starts(node->text, "https://") &&
	    !text_starts(node->text, "http://"))
		return wrong_value(r, node, "must be a URL that starts with https:// or http://");
	return ERR_OK;
}

static enum err_code
read_choice(const struct reader *r, const struct toml_node *node, const char *const *choices,
    unsigned int *out)
{
	struct str expected = STR_EMPTY;
	enum err_code rc;

	if (node->kind == TOML_STRING)
		for (unsigned int i = 0; choices[i] != NULL; i++)
			if (strcmp(node->text, choices[i]) == 0) {
				*out = i + 1;
				return ERR_OK;
			}
	for (unsigned int i = 0; choices[i] != NULL; i++)
		str_printf(&expected, "%s\"%s\"", i > 0 ? " or " : "must be ", choices[i]);
	if (node->kind == TOML_STRING)
		str_printf(&expected, ", found \"%s\"", node->text);
	else
		str_printf(&expected, ", found: %s", toml_kind_name(node->kind));
	rc = wrong_value(r, node, str_text(&expected));
	str_fini(&expected);
	return rc;
}

static enum err_code
read_list(const struct reader *r, const struct toml_node *node, enum config_type type,
    struct config_list *out)
{
	enum err_code rc = ERR_OK;

	out->is_set = true;
	if (type == CONFIG_ENV_NAMES && node->kind == TOML_STRING) {
		rc = check_text(r, node, type);
		if (rc == ERR_OK)
			strlist_add(&out->items, node->text);
		return rc;
	}
	if (node->kind != TOML_ARRAY)
		return wrong_type(r, node,
		    type == CONFIG_ENV_NAMES ? "a string or a list of strings"
					     : "a list of strings");
	for (const struct toml_node *n = toml_first(node); n != NULL && rc == ERR_OK; n = n->next) {
		rc = check_text(r, n, type);
		if (rc == ERR_OK)
			strlist_add(&out->items, n->text);
	}
	return rc;
}

static enum err_code
read_count(const struct reader *r, const struct toml_node *node, uint32_t *out)
{
	if (node->kind != TOML_INTEGER)
		return wrong_type(r, node, "a number");
	if (node->integer < 0 || node->integer > 1000)
		return wrong_value(r, node, "must be from 0 to 1000");
	*out = (uint32_t)node->integer;
	return ERR_OK;
}

static enum err_code
read_duration(const struct reader *r, const struct toml_node *node, uint32_t *out)
{
	static const char units[] = "smhd";
	static const uint32_t seconds[] = { 1, 60, 3600, 86400 };
	const char *unit;
	char *digits;
	size_t n = 0;
	bool valid;

	if (node->kind != TOML_STRING)
		return wrong_type(r, node, "a duration like \"30m\"");
	unit = node->text_len > 1 ? strchr(units, node->text[node->text_len - 1]) : NULL;
	if (unit == NULL || *unit == '\0')
		return wrong_value(
		    r, node, "must be a duration like \"90s\", \"30m\", \"2h\" or \"1d\"");
	digits = mem_strndup(node->text, node->text_len - 1);
	valid = text_to_size(digits, WAIT_MAX_S / seconds[unit - units], &n);
	free(digits);
	if (!valid)
		return wrong_value(r, node,
		    "must be a duration like \"90s\", \"30m\", \"2h\" or \"1d\", at most a year");
	*out = (uint32_t)n * seconds[unit - units];
	return ERR_OK;
}

/* Puts the value of NODE where KEY says, within TARGET. */
static enum err_code
read_value(const struct reader *r, const struct toml_node *node, const struct config_key *key,
    void *target)
{
	char *place = (char *)target + key->offset;
	unsigned int choice = 0;
	uint32_t number = 0;
	enum err_code rc;

	switch (key->type) {
	case CONFIG_TEXT:
	case CONFIG_TEMPLATE:
	case CONFIG_PATH:
	case CONFIG_URL:
		rc = check_text(r, node, key->type);
		if (rc == ERR_OK)
			mem_set((char **)(void *)place, node->text);
		return rc;
	case CONFIG_CHOICE:
		rc = read_choice(r, node, key->choices, &choice);
		memcpy(place, &choice, sizeof choice);
		return rc;
	case CONFIG_SWITCH:
		if (node->kind != TOML_BOOL)
			return wrong_type(r, node, "true or false");
		choice = node->integer ? CONFIG_SWITCH_ON : CONFIG_SWITCH_OFF;
		memcpy(place, &choice, sizeof choice);
		return ERR_OK;
	case CONFIG_COUNT:
	case CONFIG_DURATION:
		rc = key->type == CONFIG_COUNT ? read_count(r, node, &number)
					       : read_duration(r, node, &number);
		memcpy(place, &number, sizeof number);
		*((bool *)target + key->has_offset) = rc == ERR_OK;
		return rc;
	case CONFIG_TEXTS:
	case CONFIG_PATHS:
	case CONFIG_ENV_NAMES:
		return read_list(r, node, key->type, (struct config_list *)(void *)place);
	case CONFIG_TYPE_COUNT:
		break;
	}
	assert(false);
	return ERR_CONFIG;
}

static enum err_code
read_keys(
    const struct reader *r, const struct toml_node *table, enum config_table which, void *target)
{
	enum err_code rc = ERR_OK;

	if (table->kind != TOML_TABLE)
		return wrong_type(r, table, "a table");
	for (const struct toml_node *n = toml_first(table); n != NULL && rc == ERR_OK;
	     n = n->next) {
		const struct config_key *key = config_key_find(which, n->key);

		rc = key != NULL ? read_value(r, n, key, target) : unknown_key(r, n, which);
	}
	return rc;
}

static enum err_code
read_packages(const struct reader *r, const struct toml_node *table, struct config *c)
{
	enum err_code rc = ERR_OK;

	c->packages = mem_zalloc(table->count, sizeof *c->packages);
	for (const struct toml_node *n = toml_first(table); n != NULL && rc == ERR_OK;
	     n = n->next) {
		if (!name_is_valid((struct bytes) { n->key, n->key_len }))
			return wrong_value(r, n, "is not a name that a distribution can have");
		if (config_find_package(c, n->key) != NULL)
			return wrong_value(r, n, "names a package that has a table already");
		c->packages[c->package_count].name = mem_strdup(n->key);
		rc = read_keys(r, n, CONFIG_TABLE_PACKAGE, &c->packages[c->package_count++]);
	}
	return rc;
}

static enum err_code
read_indexes(const struct reader *r, const struct toml_node *table, struct config *c)
{
	enum err_code rc = ERR_OK;

	c->indexes = mem_zalloc(table->count, sizeof *c->indexes);
	for (const struct toml_node *n = toml_first(table); n != NULL && rc == ERR_OK;
	     n = n->next) {
		if (n->key_len == 0 || strlen(n->key) != n->key_len ||
		    strcmp(n->key, "none") == 0 || strcmp(n->key, "rehearsal") == 0)
			return wrong_value(r, n, "is not a name that an index can have");
		c->indexes[c->index_count].name = mem_strdup(n->key);
		rc = read_keys(r, n, CONFIG_TABLE_INDEX, &c->indexes[c->index_count++]);
	}
	return rc;
}

static enum err_code
read_gates(const struct reader *r, const struct toml_node *table, struct config *c)
{
	const char *only = config_tables[CONFIG_TABLE_GATE].sub;
	enum err_code rc = ERR_OK;

	for (const struct toml_node *n = toml_first(table); n != NULL && rc == ERR_OK; n = n->next)
		rc = strcmp(n->key, only) == 0 ? read_keys(r, n, CONFIG_TABLE_GATE, &c->production)
					       : unknown(r, n, "gate", &only, 1);
	return rc;
}

static enum err_code
read_table(const struct reader *r, const struct toml_node *table, struct config *c)
{
	size_t which = 0;

	while (which < CONFIG_TABLE_COUNT && strcmp(table->key, config_tables[which].name) != 0)
		which++;
	if (which == CONFIG_TABLE_COUNT)
		return unknown_table(r, table);
	if (table->kind != TOML_TABLE)
		return wrong_type(r, table, "a table");
	switch ((enum config_table)which) {
	case CONFIG_TABLE_RELEASE:
		return read_keys(r, table, CONFIG_TABLE_RELEASE, &c->release);
	case CONFIG_TABLE_PACKAGE:
		return read_packages(r, table, c);
	case CONFIG_TABLE_INDEX:
		return read_indexes(r, table, c);
	case CONFIG_TABLE_GATE:
		return read_gates(r, table, c);
	case CONFIG_TABLE_CHECK:
		return read_keys(r, table, CONFIG_TABLE_CHECK, &c->check);
	case CONFIG_TABLE_COUNT:
		break;
	}
	assert(false);
	return ERR_CONFIG;
}

enum err_code
config_read(
    const struct toml_doc *doc, const struct toml_node *root, struct config *out, struct err *e)
{
	struct reader r = { .doc = doc, .e = e };
	struct config c = CONFIG_EMPTY;
	enum err_code rc = ERR_OK;

	if (root->kind != TOML_TABLE)
		return wrong_type(&r, root, "a table");
	for (const struct toml_node *n = toml_first(root); n != NULL && rc == ERR_OK; n = n->next)
		rc = read_table(&r, n, &c);
	if (rc == ERR_OK)
		*out = c;
	else
		config_fini(&c);
	return rc;
}
