/* What changed since a release beyond single files: the facts that a reviewer asks for first. */
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "compare_priv.h"
#include "slipway/base/ini.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/toml.h"
#include "slipway/dist/metadata.h"
#include "slipway/os/clock.h"

#define TEXT_SHOWN 300
/* A hostile file may list more; the rest of it shows as a changed METADATA. */
#define LIST_MAX 1000
#define GROWTH_BYTES ((uint64_t)64 * 1024)

static char *
safe(const char *text, size_t len)
{
	char buf[TEXT_SHOWN];

	sanitise_line(text, len, buf, sizeof buf);
	return mem_strdup(buf);
}

/* BEFORE and AFTER are raw; NULL for none. */
static void
add(struct comparison *c, enum compare_topic topic, size_t member, const char *before,
    const char *after)
{
	c->facts = mem_grow(c->facts, &c->fact_cap, c->fact_count + 1, sizeof c->facts[0]);
	c->facts[c->fact_count++] = (struct compare_fact) { .topic = topic,
		.member = member,
		.before = before != NULL ? safe(before, strlen(before)) : NULL,
		.after = after != NULL ? safe(after, strlen(after)) : NULL };
}

/* The part that says what a line is about: up to " = ", or the name of a requirement. */
static size_t
key_len(const char *text)
{
	const char *equals = strstr(text, " = ");

	return equals != NULL ? (size_t)(equals - text) : strcspn(text, " <>=!~;[(@");
}

static bool
same_key(const char *a, const char *b)
{
	size_t len = key_len(a);

	return len > 0 && len == key_len(b) && strncmp(a, b, len) == 0;
}

/* Lines that are on one side alone, those about one thing as a change. */
static void
add_lists(struct comparison *c, enum compare_topic topic, struct strlist *before,
    struct strlist *after)
{
	for (size_t i = before->count; i-- > 0;) {
		size_t at = strlist_find(after, before->items[i]);

		if (at == after->count)
			continue;
		strlist_remove(after, at);
		strlist_remove(before, i);
	}
	for (size_t i = 0; i < before->count; i++) {
		size_t at = 0;

		while (at < after->count && !same_key(before->items[i], after->items[at]))
			at++;
		add(c, topic, FINDING_NO_MEMBER, before->items[i],
		    at < after->count ? after->items[at] : NULL);
		if (at < after->count)
			strlist_remove(after, at);
	}
	for (size_t i = 0; i < after->count; i++)
		add(c, topic, FINDING_NO_MEMBER, NULL, after->items[i]);
	strlist_fini(before);
	strlist_fini(after);
}

/* -- metadata -- */

static void
list_field(const struct metadata *m, enum metadata_key key, const char *prefix, struct strlist *out)
{
	const char *value;
	size_t at = 0;

	while (out->count < LIST_MAX && (value = metadata_next(m, key, &at)) != NULL)
		strlist_addf(out, "%s%s", prefix, value);
}

static void
add_metadata(
    const struct compare_table *t, const struct compare_table *before, struct comparison *c)
{
	static const struct {
		enum compare_topic topic;
		enum metadata_key key;
		const char *prefix;
	} fields[] = {
		{ COMPARE_DEPENDENCY, METADATA_REQUIRES_DIST, "" },
		{ COMPARE_REQUIRES_PYTHON, METADATA_REQUIRES_PYTHON, "" },
		{ COMPARE_AUTHOR, METADATA_AUTHOR, "Author = " },
		{ COMPARE_AUTHOR, METADATA_AUTHOR_EMAIL, "Author-email = " },
		{ COMPARE_AUTHOR, METADATA_MAINTAINER, "Maintainer = " },
		{ COMPARE_AUTHOR, METADATA_MAINTAINER_EMAIL, "Maintainer-email = " },
		{ COMPARE_URL, METADATA_HOME_PAGE, "Home-page = " },
		{ COMPARE_URL, METADATA_PROJECT_URL, "" },
		{ COMPARE_LICENSE, METADATA_LICENSE_EXPRESSION, "License-Expression = " },
		{ COMPARE_LICENSE, METADATA_LICENSE, "License = " },
	};
	const struct str *now = &t->kept[COMPARE_KEPT_METADATA];
	const struct str *then = &before->kept[COMPARE_KEPT_METADATA];
	struct metadata a = METADATA_EMPTY, b = METADATA_EMPTY;

	if (now->len == 0 || then->len == 0)
		return;
	metadata_parse(now->data, now->len, &a);
	metadata_parse(then->data, then->len, &b);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct strlist old = STRLIST_EMPTY, new = STRLIST_EMPTY;

		list_field(&b, fields[i].key, fields[i].prefix, &old);
		list_field(&a, fields[i].key, fields[i].prefix, &new);
		/* A single value is changed, whatever it says. */
		if (fields[i].key == METADATA_REQUIRES_PYTHON && old.count == 1 && new.count == 1 &&
		    strcmp(old.items[0], new.items[0]) != 0) {
			add(c, fields[i].topic, FINDING_NO_MEMBER, old.items[0], new.items[0]);
			strlist_fini(&old);
			strlist_fini(&new);
		}
		add_lists(c, fields[i].topic, &old, &new);
	}
	metadata_fini(&a);
	metadata_fini(&b);
}

/* -- entry points -- */

static void
list_entry_points(const struct compare_table *t, struct strlist *out)
{
	const struct str *text = &t->kept[COMPARE_KEPT_ENTRY_POINTS];
	struct ini ini = INI_EMPTY;

	if (ini_parse((struct bytes) { str_text(text), text->len }, "entry_points.txt", &ini,
		NULL) != ERR_OK)
		return;
	for (size_t i = 0; i < ini.count && i < LIST_MAX; i++) {
		const struct ini_entry *e = &ini.entries[i];
		struct bytes value = bytes_trim(e->value);

		strlist_addf(out, "%.*s: %.*s = %.*s", (int)e->section.len, e->section.data,
		    (int)e->key.len, e->key.data, (int)value.len, value.data);
	}
	ini_fini(&ini);
}

static void
add_entry_points(
    const struct compare_table *t, const struct compare_table *before, struct comparison *c)
{
	struct strlist old = STRLIST_EMPTY, new = STRLIST_EMPTY;

	list_entry_points(before, &old);
	list_entry_points(t, &new);
	add_lists(c, COMPARE_ENTRY_POINT, &old, &new);
}

/* -- how it was built -- */

/* "Generator: setuptools (75.1.0)": the tool alone; each release may have another version of it. */
static char *
generator(const struct compare_table *t)
{
	const struct str *text = &t->kept[COMPARE_KEPT_WHEEL];
	struct bytes rest = { str_text(text), text->len }, line;

	while (bytes_line(&rest, &line))
		if (check_starts(line, "Generator:")) {
			struct bytes value = { line.data + strlen("Generator:"),
				line.len - strlen("Generator:") };
			size_t len = 0;

			value = bytes_trim(value);
			while (len < value.len && value.data[len] != ' ' && value.data[len] != '(')
				len++;
			return mem_strndup(value.data, len);
		}
	return NULL;
}

static void
list_build_system(const struct compare_table *t, struct strlist *out)
{
	const struct str *text = &t->kept[COMPARE_KEPT_PYPROJECT];
	struct toml_doc *doc = NULL;
	const struct toml_node *table;
	const char *backend;

	if (text->len == 0 || toml_parse((struct bytes) { text->data, text->len }, "pyproject.toml",
				  &doc, NULL) != ERR_OK)
		return;
	table = toml_get(toml_root(doc), "build-system");
	backend = toml_text(table, "build-backend");
	if (backend != NULL)
		strlist_addf(out, "build-backend = %s", backend);
	for (const struct toml_node *n = toml_first(toml_get(table, "requires")); n != NULL;
	     n = n->next)
		if (n->kind == TOML_STRING && out->count < LIST_MAX)
			strlist_add(out, n->text);
	for (const struct toml_node *n = toml_first(toml_get(table, "backend-path")); n != NULL;
	     n = n->next)
		if (n->kind == TOML_STRING && out->count < LIST_MAX)
			strlist_addf(out, "backend-path = %s", n->text);
	toml_free(doc);
}

static void
add_build(const struct compare_table *t, const struct compare_table *before, struct comparison *c)
{
	struct strlist old = STRLIST_EMPTY, new = STRLIST_EMPTY;
	char *was = generator(before), *is = generator(t);

	if (was != NULL && is != NULL && strcmp(was, is) != 0)
		add(c, COMPARE_GENERATOR, FINDING_NO_MEMBER, was, is);
	free(was);
	free(is);
	list_build_system(before, &old);
	list_build_system(t, &new);
	add_lists(c, COMPARE_BACKEND, &old, &new);
}

/* -- files -- */

static void
add_files(const struct compare_table *t, struct comparison *c)
{
	size_t told = 0;

	for (size_t i = 0; i < t->count && told < LIST_MAX; i++) {
		const struct compare_row *row = &c->rows[i];
		char *name;

		if (row->state != COMPARE_ADDED ||
		    (row->notes & (COMPARE_BINARY | COMPARE_RUNS)) == 0)
			continue;
		name = safe(row->path.data, row->path.len);
		add(c, row->notes & COMPARE_RUNS ? COMPARE_STARTS : COMPARE_NATIVE, i, NULL, name);
		free(name);
		told++;
	}
}

static void
add_growth(const struct compare_table *t, const struct compare_table *before, struct comparison *c)
{
	char was[32], is[32];

	if (t->size < before->size || t->size - before->size < GROWTH_BYTES ||
	    t->size - before->size < before->size / 2)
		return;
	add(c, COMPARE_GROWTH, FINDING_NO_MEMBER, size_text(before->size, was, sizeof was),
	    size_text(t->size, is, sizeof is));
}

void
compare_facts(
    const struct compare_table *t, const struct compare_table *before, struct comparison *c)
{
	add_files(t, c);
	add_metadata(t, before, c);
	add_entry_points(t, before, c);
	add_build(t, before, c);
	add_growth(t, before, c);
}
