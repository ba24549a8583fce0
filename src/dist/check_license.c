/* Rules over licenses: the expression, its identifiers, and the files that metadata names. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check_priv.h"
#include "slipway/base/mem.h"
#include "spdx.h"
#include "tables.h"

struct expression {
	struct check *c;
	const struct metadata_field *field;
};

static void
take_id(void *arg, struct bytes id, bool exception)
{
	struct expression *x = arg;
	struct finding_place at = check_at(x->c, x->c->meta_index, x->field->line);
	enum table_answer answer;
	const char *spelling = NULL;

	/* A license of one's own needs no entry. */
	if (!exception && id.len > strlen("LicenseRef-") &&
	    strncasecmp(id.data, "LicenseRef-", strlen("LicenseRef-")) == 0)
		return;
	answer = exception ? table_spdx_exception(id) : table_spdx_license(id, &spelling);
	/* GPL-2.0+ is an entry, Apache-2.0+ is Apache-2.0 and later. */
	if (answer == TABLE_UNKNOWN && id.data[id.len - 1] == '+') {
		id.len--;
		answer = table_spdx_license(id, &spelling);
	}
	if (answer == TABLE_UNKNOWN)
		findings_add(x->c->f, RULE_LICENSE_UNKNOWN, at,
		    "%.*s is not in the SPDX list %s that Slipway knows", (int)id.len, id.data,
		    table_spdx_version());
	else if (answer == TABLE_DEPRECATED)
		findings_add(x->c->f, RULE_LICENSE_DEPRECATED, at, "SPDX has deprecated %.*s",
		    (int)id.len, id.data);
	else if (spelling != NULL && !bytes_is(id, spelling))
		findings_add(x->c->f, RULE_LICENSE_SPELLING, at, "SPDX spells it %s, not %.*s",
		    spelling, (int)id.len, id.data);
}

static void
check_expression(struct check *c, const struct metadata_field *f)
{
	struct expression x = { .c = c, .field = f };
	const char *wrong = spdx_parse(f->value.data, take_id, &x);

	if (wrong != NULL)
		findings_add(c->f, RULE_LICENSE_EXPRESSION, check_at(c, c->meta_index, f->line),
		    "%s: %s", f->value.data, wrong);
}

static bool
is_license_path(const char *path)
{
	struct bytes rest = bytes_of(path);

	if (path[0] == '/' || strpbrk(path, "*?\\") != NULL)
		return false;
	while (rest.len > 0) {
		const char *slash = memchr(rest.data, '/', rest.len);
		size_t len = slash != NULL ? (size_t)(slash - rest.data) : rest.len;

		if (len == 2 && memcmp(rest.data, "..", 2) == 0)
			return false;
		len += slash != NULL;
		rest.data += len;
		rest.len -= len;
	}
	return true;
}

static void
check_file(struct check *c, const struct metadata_field *f)
{
	struct finding_place at = check_at(c, c->meta_index, f->line);
	size_t index = FINDING_NO_MEMBER;

	if (!is_license_path(f->value.data)) {
		findings_add(c->f, RULE_LICENSE_PATH, at, "%s", f->value.data);
		return;
	}
	if (c->name.kind == DIST_WHEEL && c->name.stem != NULL)
		index = check_find(c, "%s.dist-info/licenses/%s", c->name.stem, f->value.data);
	else if (c->root != NULL)
		index = check_find(c, "%s/%s", c->root, f->value.data);
	if (index == FINDING_NO_MEMBER)
		findings_add(
		    c->f, RULE_LICENSE_MISSING, at, "%s is not in the package", f->value.data);
}

static bool
has_text(const char *text, const char *word)
{
	for (; *text != '\0'; text++)
		if (strncasecmp(text, word, strlen(word)) == 0)
			return true;
	return false;
}

/* What the classifiers of a family say in its License text, at least. */
static bool
text_fits(const char *text, const char *classifier)
{
	static const struct {
		const char *classifier, *text;
	} known[] = { { ":: MIT License", "MIT" }, { ":: BSD License", "BSD" },
		{ ":: Apache Software License", "Apache" }, { "(GPL", "GPL" }, { "(LGPL", "GPL" },
		{ "(AGPL", "GPL" }, { "GNU General Public License", "GPL" },
		{ "Mozilla Public License", "MPL" }, { "Python Software Foundation", "PSF" },
		{ ":: ISC License", "ISC" } };
	bool judged = false;

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (strstr(classifier, known[i].classifier) == NULL)
			continue;
		judged = true;
		if (has_text(text, known[i].text))
			return true;
	}
	return !judged;
}

static const char *
first_license_classifier(const struct metadata *m)
{
	const char *text;
	size_t at = 0;

	while ((text = metadata_next(m, METADATA_CLASSIFIER, &at)) != NULL)
		if (text_starts(text, "License :: "))
			return text;
	return NULL;
}

static void
check_given(struct check *c)
{
	const char *text = metadata_get(&c->meta, METADATA_LICENSE);
	const char *expression = metadata_get(&c->meta, METADATA_LICENSE_EXPRESSION);
	const char *classifier = first_license_classifier(&c->meta);
	struct finding_place at = check_at(c, c->meta_index, 0);

	if (text != NULL && strcmp(text, "UNKNOWN") == 0)
		text = NULL;
	if (text == NULL && expression == NULL && classifier == NULL)
		findings_add(
		    c->f, RULE_LICENSE_NONE, at, "no field says under which license it is");
	if (expression != NULL && classifier != NULL)
		findings_add(c->f, RULE_LICENSE_CLASSIFIER, at, "%s stands beside %s", classifier,
		    expression);
	/* A whole license text, or a name of one's own, says nothing. */
	if (text != NULL && classifier != NULL && strlen(text) < 64 &&
	    !text_fits(text, classifier))
		findings_add(c->f, RULE_LICENSE_DIFFERS, at, "License is %s, the classifier %s",
		    text, classifier);
}

void
check_licenses(struct check *c)
{
	/* Before 2.4 the field was setuptools' own, and its files lay elsewhere. */
	bool files = check_metadata_since(c, "2.4");

	for (size_t i = 0; i < c->meta.count; i++) {
		const struct metadata_field *f = &c->meta.fields[i];

		if (f->key == METADATA_LICENSE_EXPRESSION && f->value.len > 0)
			check_expression(c, f);
		else if (f->key == METADATA_LICENSE_FILE && f->value.len > 0 && files)
			check_file(c, f);
	}
	check_given(c);
}
