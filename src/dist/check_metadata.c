/* Rules over METADATA and PKG-INFO: those that an index applies to the form that is filled from
 * them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check_priv.h"
#include "slipway/base/mem.h"

/* What indexes take, oldest first (2.0 was never taken). */
static const char *const versions[] = { "1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5" };

#define SUMMARY_MAX 512
#define LABEL_MAX 32

static size_t
version_rank(const char *version)
{
	size_t i = 0;

	while (i < ARRAY_LEN(versions) && strcmp(versions[i], version) != 0)
		i++;
	return i;
}

bool
check_metadata_since(const struct check *c, const char *version)
{
	const char *own = metadata_get(&c->meta, METADATA_VERSION_);

	return own != NULL && version_rank(own) >= version_rank(version) &&
	       version_rank(own) < ARRAY_LEN(versions);
}

static struct finding_place
at_field(const struct check *c, const struct metadata_field *f)
{
	return check_at(c, c->meta_index, f != NULL ? f->line : 0);
}

static const struct metadata_field *
find_field(const struct check *c, enum metadata_key key)
{
	for (size_t i = 0; i < c->meta.count; i++)
		if (c->meta.fields[i].key == key)
			return &c->meta.fields[i];
	return NULL;
}

static void
check_defects(struct check *c)
{
	static const struct {
		unsigned defect;
		enum rule_id rule;
		const char *text;
	} row[] = {
		{ METADATA_HAS_BOM, RULE_META_SYNTAX, "it begins with a byte order mark" },
		{ METADATA_HAS_NUL, RULE_META_SYNTAX, "it holds NUL bytes" },
		{ METADATA_LONE_CR, RULE_META_SYNTAX, "a line ends with CR alone" },
		{ METADATA_BAD_UTF8, RULE_META_ENCODING, "it is not UTF-8" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		if (c->meta.defects & row[i].defect)
			findings_add(
			    c->f, row[i].rule, check_at(c, c->meta_index, 0), "%s", row[i].text);
	if (c->meta.defects & METADATA_BAD_LINE)
		findings_add(c->f, RULE_META_SYNTAX, check_at(c, c->meta_index, c->meta.bad_line),
		    "the line is no header");
}

static void
check_required(struct check *c)
{
	static const enum metadata_key required[] = { METADATA_VERSION_, METADATA_NAME,
		METADATA_VERSION };

	for (size_t i = 0; i < ARRAY_LEN(required); i++)
		if (metadata_get(&c->meta, required[i]) == NULL)
			findings_add(c->f, RULE_META_REQUIRED, check_at(c, c->meta_index, 0),
			    "%s is missing", metadata_key_info(required[i])->header);
}

/* One field against the table. RANK is that of the Metadata-Version. */
static void
check_field(struct check *c, const struct metadata_field *f, size_t rank, unsigned *seen)
{
	const struct metadata_key_info *info;

	if (f->key == METADATA_KEY_COUNT) {
		findings_add(c->f, RULE_META_UNKNOWN, at_field(c, f),
		    "%.*s is no field of core metadata", (int)f->name.len, f->name.data);
		return;
	}
	info = metadata_key_info(f->key);
	if (seen[f->key]++ == 1 && !info->multiple)
		findings_add(c->f, RULE_META_TWICE, at_field(c, f),
		    "%s is given more than once: %s and %s", info->header,
		    metadata_get(&c->meta, f->key) != NULL ? metadata_get(&c->meta, f->key)
							   : "nothing",
		    f->value.data);
	/* twine leaves License-File out of the form below 2.4, since setuptools wrote it long
	 * before. */
	if (rank < ARRAY_LEN(versions) && version_rank(info->since) > rank &&
	    f->key != METADATA_LICENSE_FILE)
		findings_add(c->f, RULE_META_TOO_NEW, at_field(c, f),
		    "%s came with %s, not with %s", info->header, info->since, versions[rank]);
	if (info->deprecated != NULL && f->value.len > 0 && rank >= version_rank("1.2"))
		findings_add(c->f, RULE_META_DEPRECATED, at_field(c, f), "%s is replaced by %s",
		    info->header, info->deprecated);
}

static void
bad_value(struct check *c, const struct metadata_field *f, const char *why)
{
	findings_add(
	    c->f, RULE_META_VALUE, at_field(c, f), "%.*s: %s", (int)f->name.len, f->name.data, why);
}

static bool
is_project_name(struct bytes v)
{
	if (v.len == 0 || !isalnum((unsigned char)v.data[0]) ||
	    !isalnum((unsigned char)v.data[v.len - 1]))
		return false;
	for (size_t i = 0; i < v.len; i++)
		if (!isalnum((unsigned char)v.data[i]) && strchr("-_.", v.data[i]) == NULL)
			return false;
	return memchr(v.data, '\0', v.len) == NULL;
}

static bool
is_web_address(const char *text)
{
	size_t skip = strncasecmp(text, "https://", 8) == 0  ? 8
		      : strncasecmp(text, "http://", 7) == 0 ? 7
							     : 0;

	return skip > 0 && text[skip] != '\0' && strpbrk(text, " \t\r\n") == NULL;
}

/* The index counts characters, not bytes. */
static size_t
characters(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

static void
check_project_url(struct check *c, const struct metadata_field *f)
{
	const char *comma = strchr(f->value.data, ',');
	size_t label = comma != NULL ? (size_t)(comma - f->value.data) : 0;

	if (comma == NULL)
		bad_value(c, f, "it must be a label, a comma and an address");
	else if (label == 0 || characters(f->value.data, label) > LABEL_MAX)
		bad_value(c, f, "the label must have 1 to 32 characters");
	else if (!is_web_address(comma + 1 + strspn(comma + 1, " \t")))
		bad_value(c, f, "the address must begin with http:// or https://");
}

/* name [extras] @ address; markers follow a semicolon. */
static bool
has_address(const char *requirement)
{
	return requirement[strcspn(requirement, "@;")] == '@';
}

static void
check_dynamic(struct check *c, const struct metadata_field *f)
{
	enum metadata_key key = metadata_key_find(f->value);

	if (key == METADATA_KEY_COUNT || key == METADATA_NAME || key == METADATA_VERSION ||
	    key == METADATA_VERSION_)
		bad_value(c, f, "no field of this name can be dynamic");
}

static void
check_value(struct check *c, const struct metadata_field *f)
{
	if (f->value.len == 0)
		return;
	if (f->key == METADATA_NAME && !is_project_name(f->value))
		bad_value(c, f,
		    "it must be letters, digits, - _ and . with a letter or digit at both ends");
	if (f->key == METADATA_SUMMARY && characters(f->value.data, f->value.len) > SUMMARY_MAX)
		bad_value(c, f, "it must have 512 characters or less");
	if (f->key == METADATA_SUMMARY && memchr(f->value.data, '\n', f->value.len) != NULL)
		bad_value(c, f, "it must be a single line");
	if ((f->key == METADATA_HOME_PAGE || f->key == METADATA_DOWNLOAD_URL) &&
	    strcmp(f->value.data, "UNKNOWN") != 0 && !is_web_address(f->value.data))
		bad_value(c, f, "the address must begin with http:// or https://");
	if (f->key == METADATA_PROJECT_URL)
		check_project_url(c, f);
	if (f->key == METADATA_DYNAMIC)
		check_dynamic(c, f);
	if (f->key == METADATA_REQUIRES_DIST && has_address(f->value.data))
		findings_add(c->f, RULE_META_DIRECT_URL, at_field(c, f), "%s", f->value.data);
}

/* The value of parameter NAME in a content type, as far as a space or semicolon; NULL when it is
 * not there. */
static char *
parameter(const char *type, const char *name)
{
	const char *at = type;

	while ((at = strchr(at, ';')) != NULL) {
		at += 1 + strspn(at + 1, " \t");
		if (strncasecmp(at, name, strlen(name)) != 0)
			continue;
		at += strlen(name);
		at += strspn(at, " \t");
		if (*at != '=')
			continue;
		at += 1 + strspn(at + 1, " \t\"");
		return mem_strndup(at, strcspn(at, " \t;\""));
	}
	return NULL;
}

static void
check_content_type(struct check *c)
{
	static const char *const types[] = { "text/plain", "text/x-rst", "text/markdown" };
	const struct metadata_field *f = find_field(c, METADATA_DESCRIPTION_CONTENT_TYPE);
	const char *type = f != NULL ? f->value.data : NULL;
	size_t len = type != NULL ? strcspn(type, "; \t") : 0, i = 0;
	char *charset, *variant;

	if (type == NULL || len == 0)
		return;
	while (i < ARRAY_LEN(types) &&
	       (strlen(types[i]) != len || strncasecmp(types[i], type, len) != 0))
		i++;
	if (i == ARRAY_LEN(types))
		findings_add(c->f, RULE_META_CONTENT_TYPE, at_field(c, f), "content type %s", type);
	charset = parameter(type, "charset");
	variant = parameter(type, "variant");
	if (charset != NULL && strcasecmp(charset, "UTF-8") != 0)
		findings_add(c->f, RULE_META_CONTENT_TYPE, at_field(c, f), "charset %s", charset);
	if (variant != NULL && i == 2 && strcmp(variant, "GFM") != 0 &&
	    strcmp(variant, "CommonMark") != 0)
		findings_add(c->f, RULE_META_CONTENT_TYPE, at_field(c, f), "variant %s", variant);
	free(charset);
	free(variant);
}

static void
check_description(struct check *c)
{
	char *text = metadata_description(&c->meta);

	if (text == NULL || bytes_is(bytes_trim(bytes_of(text)), "UNKNOWN") ||
	    bytes_trim(bytes_of(text)).len == 0)
		findings_add(c->f, RULE_META_NO_DESCRIPTION, check_at(c, c->meta_index, 0),
		    "the description is empty");
	else if (metadata_get(&c->meta, METADATA_DESCRIPTION_CONTENT_TYPE) == NULL)
		findings_add(c->f, RULE_META_NO_CONTENT_TYPE, check_at(c, c->meta_index, 0),
		    "Description-Content-Type is missing");
	if (find_field(c, METADATA_DESCRIPTION) != NULL && bytes_trim(c->meta.body).len > 0)
		findings_add(c->f, RULE_META_TWICE,
		    at_field(c, find_field(c, METADATA_DESCRIPTION)),
		    "there is a Description field, and a description below the headers");
	free(text);
}

void
check_metadata(struct check *c)
{
	const char *version = metadata_get(&c->meta, METADATA_VERSION_);
	size_t rank = version != NULL ? version_rank(version) : ARRAY_LEN(versions);
	unsigned seen[METADATA_KEY_COUNT] = { 0 };
	const struct metadata_field *expression = find_field(c, METADATA_LICENSE_EXPRESSION);
	const struct metadata_field *license = find_field(c, METADATA_LICENSE);

	check_defects(c);
	check_required(c);
	if (version != NULL && rank == ARRAY_LEN(versions))
		findings_add(c->f, RULE_META_VERSION, at_field(c, find_field(c, METADATA_VERSION_)),
		    "Metadata-Version is %s", version);
	if (c->name.kind == DIST_SDIST && rank < version_rank("2.2"))
		findings_add(c->f, RULE_SDIST_OLD_METADATA,
		    at_field(c, find_field(c, METADATA_VERSION_)), "Metadata-Version is %s",
		    version);
	for (size_t i = 0; i < c->meta.count; i++) {
		check_field(c, &c->meta.fields[i], rank, seen);
		check_value(c, &c->meta.fields[i]);
		check_value_more(c, &c->meta.fields[i]);
	}
	check_labels(c);
	check_import_names(c);
	if (expression != NULL && expression->value.len > 0 && license != NULL &&
	    license->value.len > 0)
		bad_value(c, license, "it must not be given beside License-Expression");
	if (license != NULL && license->value.len > 0 && expression == NULL &&
	    check_metadata_since(c, "2.4"))
		findings_add(c->f, RULE_META_DEPRECATED, at_field(c, license),
		    "License is replaced by License-Expression");
	check_content_type(c);
	check_description(c);
	check_project(c);
}
