/* Templates of tags, and the tags that fit one. */
#include "slipway/project/tags.h"

#include <string.h>

#include "slipway/base/mem.h"

static const struct {
	const char *field;
	enum version_spelling spelling;
} fields[] = {
	{ "{version}", VERSION_PEP440 },
	{ "{dashed}", VERSION_DASHED },
	{ "{semver}", VERSION_SEMVER },
};
_Static_assert(ARRAY_LEN(fields) == VERSION_SPELLING_COUNT, "one field per spelling");

static enum err_code
refuse(const char *text, const char *why, struct err *e)
{
	err_set(e, ERR_CONFIG, "the tag template \"%s\" %s", text, why);
	err_hint(e,
	    "a template looks like v{version} or {name}-v{version}; {dashed} and {semver} are the "
	    "other spellings");
	return ERR_CONFIG;
}

/* What git allows in a tag name, as far as a template can break it. */
static bool
is_legal(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f || strchr("~^:?*[\\{}", *p) != NULL)
			return false;
	return text[0] != '-' && text[0] != '/' && text[0] != '.' && strstr(text, "..") == NULL &&
	       strstr(text, "//") == NULL && strstr(text, "/.") == NULL &&
	       !text_ends(text, ".lock") && !text_ends(text, "/") && !text_ends(text, ".");
}

static char *
with_name(const char *text, size_t len, const char *name)
{
	static const char field[] = "{name}";
	struct str out = STR_EMPTY;
	size_t i = 0;

	while (i < len) {
		if (len - i >= sizeof field - 1 && memcmp(text + i, field, sizeof field - 1) == 0) {
			str_puts(&out, name);
			i += sizeof field - 1;
		} else {
			str_putc(&out, text[i++]);
		}
	}
	return str_take(&out);
}

enum err_code
tag_template_parse(const char *text, const char *name, struct tag_template *out, struct err *e)
{
	struct tag_template t = TAG_TEMPLATE_EMPTY;
	const char *at = NULL;
	char *whole = NULL;
	size_t len = 0;
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const char *found = strstr(text, fields[i].field);

		if (found == NULL)
			continue;
		if (at != NULL || strstr(found + 1, fields[i].field) != NULL)
			return refuse(text, "names the version more than once", e);
		at = found;
		len = strlen(fields[i].field);
		t.spelling = fields[i].spelling;
	}
	if (at == NULL)
		return refuse(text, "has no {version}", e);
	t.prefix = with_name(text, (size_t)(at - text), name);
	t.suffix = with_name(at + len, strlen(at + len), name);
	whole = mem_printf("%s1.0%s", t.prefix, t.suffix);
	if (!is_legal(whole)) {
		rc = refuse(text, "makes names that git does not allow", e);
		goto out;
	}
	*out = t;
	t = (struct tag_template)TAG_TEMPLATE_EMPTY;
out:
	mem_set(&whole, NULL);
	tag_template_fini(&t);
	return rc;
}

void
tag_template_fini(struct tag_template *t)
{
	mem_set(&t->prefix, NULL);
	mem_set(&t->suffix, NULL);
	*t = (struct tag_template)TAG_TEMPLATE_EMPTY;
}

enum err_code
tag_render(const struct tag_template *t, const struct version *v, struct str *out, struct err *e)
{
	struct str text = STR_EMPTY;
	enum err_code rc = version_spell(v, t->spelling, &text, e);

	if (rc == ERR_OK)
		str_printf(out, "%s%s%s", t->prefix, str_text(&text), t->suffix);
	str_fini(&text);
	return rc;
}

bool
tag_read(const struct tag_template *t, const char *tag, struct version *out)
{
	size_t prefix = strlen(t->prefix), suffix = strlen(t->suffix), len = strlen(tag);
	struct bytes rest;

	if (len < prefix + suffix + 1 || memcmp(tag, t->prefix, prefix) != 0 ||
	    !text_ends(tag, t->suffix))
		return false;
	rest = (struct bytes) { tag + prefix, len - prefix - suffix };
	if (rest.data[0] < '0' || rest.data[0] > '9')
		return false;
	return version_parse_bytes(rest, out, NULL) == ERR_OK;
}

static size_t
newest(const struct tag_template *t, const struct strlist *names, enum tag_wanted wanted,
    const struct version *limit, struct version *out)
{
	struct version best = VERSION_EMPTY, v;
	size_t found = names->count;

	for (size_t i = 0; i < names->count; i++) {
		if (!tag_read(t, names->items[i], &v))
			continue;
		if ((wanted == TAG_FINAL && version_is_pre(&v)) ||
		    (limit != NULL && version_compare(&v, limit) > 0) ||
		    (found < names->count && version_compare(&v, &best) <= 0)) {
			version_fini(&v);
			continue;
		}
		version_fini(&best);
		best = v;
		found = i;
	}
	if (out != NULL && found < names->count)
		*out = best;
	else
		version_fini(&best);
	return found;
}

/* The newest tag with a padded number, unless a newer one has the same number without zeros. */
static bool
find_padded(const struct tag_template *t, const struct strlist *names, struct version *like)
{
	struct version newest = VERSION_EMPTY, v;
	bool padded = false;

	for (size_t i = 0; i < names->count; i++) {
		if (!tag_read(t, names->items[i], &v))
			continue;
		if (version_is_padded(&v) && (!padded || version_compare(&v, like) > 0)) {
			version_fini(like);
			*like = v;
			padded = true;
		} else {
			version_fini(&v);
		}
	}
	if (padded && tags_newest(t, names, TAG_ANY, &newest) < names->count) {
		/* What would still get a zero was written without it. */
		if (!version_is_padded(&newest)) {
			struct str again = STR_EMPTY;

			str_puts(&again, version_text(&newest));
			version_pad(&newest, like, 0, &again);
			padded = strcmp(str_text(&again), version_text(&newest)) == 0;
			str_fini(&again);
		}
	}
	version_fini(&newest);
	return padded;
}

enum err_code
tag_render_like(const struct tag_template *t, const struct strlist *names, const struct version *v,
    struct str *out, struct err *e)
{
	struct version like = VERSION_EMPTY;
	size_t at = out->len + strlen(t->prefix);
	enum err_code rc = tag_render(t, v, out, e);

	if (rc == ERR_OK && find_padded(t, names, &like))
		version_pad(v, &like, at, out);
	version_fini(&like);
	return rc;
}

size_t
tags_newest(const struct tag_template *t, const struct strlist *names, enum tag_wanted wanted,
    struct version *out)
{
	return newest(t, names, wanted, NULL, out);
}

size_t
tags_newest_below(
    const struct tag_template *t, const struct strlist *names, const struct version *limit)
{
	return newest(t, names, TAG_FINAL, limit, NULL);
}

size_t
tags_find(const struct tag_template *t, const struct strlist *names, const struct version *v)
{
	struct version one;

	for (size_t i = 0; i < names->count; i++) {
		bool same;

		if (!tag_read(t, names->items[i], &one))
			continue;
		same = version_compare(&one, v) == 0;
		version_fini(&one);
		if (same)
			return i;
	}
	return names->count;
}
