/* Rules over the values of single metadata fields: addresses, classifiers, requirements, names. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check_priv.h"
#include "slipway/base/mem.h"
#include "tables.h"

static void
bad_value(struct check *c, const struct metadata_field *f, const char *why)
{
	findings_add(c->f, RULE_META_VALUE, check_at(c, c->meta_index, f->line), "%.*s: %s",
	    (int)f->name.len, f->name.data, why);
}

/* Labels of letters, digits and - with dots between; at least two of them. */
static bool
is_domain(struct bytes d)
{
	size_t labels = 0, len = 0;

	for (size_t i = 0; i <= d.len; i++) {
		unsigned char ch = i < d.len ? (unsigned char)d.data[i] : '.';

		if (ch != '.') {
			if (!isalnum(ch) && ch != '-' && ch < 0x80)
				return false;
			len++;
			continue;
		}
		if (len == 0 || len > 63 || d.data[i - 1] == '-' || d.data[i - len] == '-')
			return false;
		labels++;
		len = 0;
	}
	return labels >= 2;
}

static bool
is_mail(struct bytes m)
{
	const char *at = m.len > 0 ? memchr(m.data, '@', m.len) : NULL;
	size_t local = at != NULL ? (size_t)(at - m.data) : 0;

	if (local == 0 || local > 64 || m.data[0] == '.' || m.data[local - 1] == '.')
		return false;
	for (size_t i = 0; i < local; i++) {
		unsigned char ch = (unsigned char)m.data[i];

		if (ch < 0x80 && !isalnum(ch) && strchr("!#$%&'*+-/=?^_`{|}~.", ch) == NULL)
			return false;
		if (ch == '.' && m.data[i - 1] == '.')
			return false;
	}
	return is_domain((struct bytes) { .data = at + 1, .len = m.len - local - 1 });
}

/* The address in "Name <address>", or the whole text. Behind a comma outside of quotes and brackets
 * others follow: the index looks at the first one alone. */
static struct bytes
first_address(const char *text)
{
	bool quoted = false;
	const char *begin = text, *at = text;

	for (; *at != '\0' && (quoted || *at != ','); at++) {
		if (*at == '"')
			quoted = !quoted;
		else if (!quoted && *at == '<')
			begin = at + 1;
		else if (!quoted && *at == '>')
			break;
	}
	return bytes_trim((struct bytes) { .data = begin, .len = (size_t)(at - begin) });
}

static void
check_mail(struct check *c, const struct metadata_field *f)
{
	struct bytes address = first_address(f->value.data);

	/* "Name, Other <mail>" is how backends spell people without an address. */
	if (!is_mail(address))
		findings_add(c->f, RULE_META_VALUE, check_at(c, c->meta_index, f->line),
		    "%.*s: %.*s is no mail address", (int)f->name.len, f->name.data,
		    (int)address.len, address.data);
}

static void
check_classifier(struct check *c, const struct metadata_field *f)
{
	struct finding_place at = check_at(c, c->meta_index, f->line);
	const char *text = f->value.data, *instead = "";

	if (text_starts(text, "Private ::")) {
		findings_add(c->f, RULE_META_PRIVATE, at, "%s", text);
		return;
	}
	switch (table_classifier(text, &instead)) {
	case TABLE_KNOWN:
		break;
	case TABLE_DEPRECATED:
		findings_add(c->f, RULE_META_OLD_CLASSIFIER, at, "%s: use %s", text,
		    instead[0] != '\0' ? instead : "none in its place");
		break;
	case TABLE_UNKNOWN:
		findings_add(c->f, RULE_META_CLASSIFIER, at, "%s is unknown to the list of %s",
		    text, table_classifier_date());
		break;
	}
}

/* a.b.c, none of them a keyword, with "; private" behind it when PRIVATE may be. */
static bool
is_import_name(const char *text)
{
	const char *semicolon = strchr(text, ';');
	struct bytes name = bytes_trim((struct bytes) { .data = text,
		.len = semicolon != NULL ? (size_t)(semicolon - text) : strlen(text) });
	struct bytes part = { .data = name.data, .len = 0 };

	if (semicolon != NULL && !bytes_is(bytes_trim(bytes_of(semicolon + 1)), "private"))
		return false;
	for (size_t i = 0; i <= name.len; i++) {
		unsigned char ch = i < name.len ? (unsigned char)name.data[i] : '.';

		if (ch != '.') {
			if (!isalnum(ch) && ch != '_' && ch < 0x80)
				return false;
			part.len++;
			continue;
		}
		if (part.len == 0 || isdigit((unsigned char)part.data[0]) || table_is_keyword(part))
			return false;
		part = (struct bytes) { .data = name.data + i + 1, .len = 0 };
	}
	return true;
}

/* "a.b" of "a.b ; private". */
static struct bytes
import_name(const struct metadata_field *f)
{
	return bytes_trim(
	    (struct bytes) { .data = f->value.data, .len = strcspn(f->value.data, ";") });
}

static void
check_import_name(struct check *c, const struct metadata_field *f)
{
	struct bytes name = import_name(f);

	if (!is_import_name(f->value.data))
		bad_value(c, f, "it must be names with dots between, and ; private at most");
	else if (c->name.kind == DIST_WHEEL && c->name.stem != NULL && !check_has_module(c, name))
		findings_add(c->f, RULE_META_IMPORT, check_at(c, c->meta_index, f->line),
		    "%.*s is not in the wheel", (int)name.len, name.data);
}

static bool
is_name(struct bytes v)
{
	if (v.len == 0 || !isalnum((unsigned char)v.data[0]) ||
	    !isalnum((unsigned char)v.data[v.len - 1]))
		return false;
	for (size_t i = 0; i < v.len; i++)
		if (!isalnum((unsigned char)v.data[i]) &&
		    (v.data[i] == '\0' || strchr("-_.", v.data[i]) == NULL))
			return false;
	return true;
}

static void
check_extra(struct check *c, const struct metadata_field *f)
{
	char *normal;

	if (!is_name(f->value)) {
		bad_value(c, f, "it must be letters, digits, - _ and .");
		return;
	}
	normal = dist_normalise(f->value.data, '-');
	if (check_metadata_since(c, "2.3") && strcmp(normal, f->value.data) != 0)
		findings_add(c->f, RULE_META_NOT_NORMAL, check_at(c, c->meta_index, f->line),
		    "extra %s should be spelled %s", f->value.data, normal);
	free(normal);
}

/* Requirements without their address: that one has a finding of its own. */
static void
check_requirement(struct check *c, const struct metadata_field *f)
{
	if (c->opts->is_requirement != NULL && !c->opts->is_requirement(f->value.data))
		bad_value(c, f, "it is no requirement as PEP 508 has them");
}

void
check_value_more(struct check *c, const struct metadata_field *f)
{
	bool unknown = strcmp(f->value.data, "UNKNOWN") == 0;

	if (f->value.len == 0 || unknown)
		return;
	if (f->key == METADATA_AUTHOR_EMAIL || f->key == METADATA_MAINTAINER_EMAIL)
		check_mail(c, f);
	else if (f->key == METADATA_CLASSIFIER)
		check_classifier(c, f);
	else if (f->key == METADATA_IMPORT_NAME || f->key == METADATA_IMPORT_NAMESPACE)
		check_import_name(c, f);
	else if (f->key == METADATA_PROVIDES_EXTRA)
		check_extra(c, f);
	else if (f->key == METADATA_REQUIRES_DIST)
		check_requirement(c, f);
	else if (f->key == METADATA_VERSION && c->opts->normal_version != NULL) {
		char *normal = c->opts->normal_version(f->value.data);

		if (normal == NULL)
			bad_value(c, f, "it is no version as PEP 440 has them");
		free(normal);
	} else if (f->key == METADATA_REQUIRES_PYTHON && c->opts->is_specifier_set != NULL &&
		   !c->opts->is_specifier_set(f->value.data))
		bad_value(c, f, "it is no set of version specifiers as PEP 440 has them");
}

void
check_labels(struct check *c)
{
	struct strlist labels = STRLIST_EMPTY;

	for (size_t i = 0; i < c->meta.count && labels.count < 1000; i++) {
		const struct metadata_field *f = &c->meta.fields[i];
		char *label;

		if (f->key != METADATA_PROJECT_URL || strchr(f->value.data, ',') == NULL)
			continue;
		label = mem_strndup(f->value.data, strcspn(f->value.data, ","));
		if (strlist_has(&labels, label))
			bad_value(c, f, "another address has the same label");
		strlist_take(&labels, label);
	}
	strlist_fini(&labels);
}

static bool
is_import(const struct metadata_field *f)
{
	return f->key == METADATA_IMPORT_NAME || f->key == METADATA_IMPORT_NAMESPACE;
}

/* Each is compared with all others. */
#define IMPORTS_MAX 500

void
check_import_names(struct check *c)
{
	const struct metadata_field *seen[IMPORTS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < c->meta.count && count < IMPORTS_MAX; i++) {
		const struct metadata_field *f = &c->meta.fields[i];
		struct finding_place at = check_at(c, c->meta_index, f->line);

		if (!is_import(f))
			continue;
		if (count > 0 && (import_name(f).len == 0 || import_name(seen[count - 1]).len == 0))
			findings_add(
			    c->f, RULE_META_IMPORT_ODD, at, "an empty name stands beside others");
		for (size_t j = 0; j < count; j++)
			if (import_name(f).len > 0 &&
			    bytes_equal(import_name(f), import_name(seen[j])))
				findings_add(c->f, RULE_META_IMPORT_ODD, at,
				    "%.*s is given in line %zu too", (int)import_name(f).len,
				    import_name(f).data, seen[j]->line);
		seen[count++] = f;
	}
}
