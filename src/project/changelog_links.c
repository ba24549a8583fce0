/* Link references and compare links, and what one more release makes of them. */
#include <string.h>
#include <strings.h>

#include "changelog_private.h"

bool
changelog_ref_at(struct bytes text, const struct changelog_line *l, struct changelog_ref *out)
{
	const char *p = text.data + l->at, *end = p + l->len, *label, *label_end, *url;

	for (int i = 0; i < 3 && p < end && *p == ' '; i++)
		p++;
	if (p == end || *p != '[')
		return false;
	label = ++p;
	while (p < end && *p != ']' && *p != '[')
		p++;
	label_end = p;
	if (p == end || *p != ']' || label == label_end || ++p == end || *p != ':')
		return false;
	p++;
	while (p < end && (*p == ' ' || *p == '\t' || *p == '<'))
		p++;
	url = p;
	while (p < end && *p != ' ' && *p != '\t' && *p != '>')
		p++;
	if (p == url)
		return false;
	*out = (struct changelog_ref) { .at = l->at,
		.next = l->next,
		.label = (size_t)(label - text.data),
		.label_len = (size_t)(label_end - label),
		.url = (size_t)(url - text.data),
		.url_len = (size_t)(p - url) };
	return true;
}

static struct bytes
without_v(struct bytes b)
{
	if (b.len > 1 && (b.data[0] == 'v' || b.data[0] == 'V') && b.data[1] >= '0' &&
	    b.data[1] <= '9') {
		b.data++;
		b.len--;
	}
	return b;
}

bool
changelog_find_ref(
    const struct changelog *c, size_t from, struct bytes label, struct changelog_ref *out)
{
	struct bytes wanted = without_v(label);

	for (size_t at = from; at < c->text.len;) {
		struct changelog_line l = changelog_line_at(c->text, at);
		struct changelog_ref ref;

		if (changelog_ref_at(c->text, &l, &ref)) {
			struct bytes found = without_v(
			    (struct bytes) { c->text.data + ref.label, ref.label_len });

			if (found.len == wanted.len &&
			    strncasecmp(found.data, wanted.data, wanted.len) == 0) {
				*out = ref;
				return true;
			}
		}
		at = l.next;
	}
	return false;
}

static bool
ends_url(char c)
{
	return c == '\0' || strchr(" \t\r\n)>]\"'", c) != NULL;
}

static const char *
find(struct bytes b, size_t from, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = from; i + len <= b.len; i++)
		if (memcmp(b.data + i, text, len) == 0)
			return b.data + i;
	return NULL;
}

bool
changelog_compare_in(struct bytes url, struct changelog_compare *out)
{
	const char *start = find(url, 0, "compare/"), *dots;
	struct changelog_compare k = { .from = 0 };

	if (start == NULL)
		return false;
	k.from = (size_t)(start - url.data) + strlen("compare/");
	dots = find(url, k.from, "..");
	if (dots == NULL)
		return false;
	k.from_len = (size_t)(dots - url.data) - k.from;
	k.sep_len = (size_t)(url.data + url.len - dots) > 2 && dots[2] == '.' ? 3 : 2;
	k.to = k.from + k.from_len + k.sep_len;
	while (k.to + k.to_len < url.len && !ends_url(url.data[k.to + k.to_len]))
		k.to_len++;
	for (size_t i = 0; i < k.from_len; i++)
		if (ends_url(url.data[k.from + i]))
			return false;
	if (k.from_len == 0 || k.to_len == 0)
		return false;
	*out = k;
	return true;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* VERSION stands at AT as a whole: not 1.0.3 in 11.0.3, 1.0.31, 1.0.3rc1 or 1.0.3.1. */
static bool
version_at(struct bytes t, size_t at, struct bytes version)
{
	size_t end = at + version.len;

	if (version.len == 0 || end > t.len ||
	    memcmp(t.data + at, version.data, version.len) != 0)
		return false;
	if (at > 0 && (is_digit(t.data[at - 1]) ||
			  (at > 1 && t.data[at - 1] == '.' && is_digit(t.data[at - 2]))))
		return false;
	if (end < t.len && (is_digit(t.data[end]) || (t.data[end] >= 'a' && t.data[end] <= 'z')))
		return false;
	return !(end + 1 < t.len && t.data[end] == '.' && is_digit(t.data[end + 1]));
}

bool
changelog_has_version(struct bytes t, struct bytes version)
{
	for (size_t i = 0; i < t.len; i++)
		if (version_at(t, i, version))
			return true;
	return false;
}

/* "compare/v1.0.2...v1.0.3" at AT becomes "compare/v1.0.3...v1.1.0"; the bytes used, or 0. */
static size_t
shift_compare(struct bytes text, size_t at, struct bytes version_old,
    const struct changelog_release *r, struct str *out)
{
	struct bytes rest = { text.data + at, text.len - at }, to;
	struct changelog_compare k;

	if (rest.len < 8 || memcmp(rest.data, "compare/", 8) != 0 ||
	    !changelog_compare_in(rest, &k) || k.from != 8)
		return 0;
	to = (struct bytes) { rest.data + k.to, k.to_len };
	if (!changelog_has_version(to, version_old))
		return 0;
	str_append(out, rest.data, k.from);
	str_append(out, to.data, to.len);
	str_append(out, rest.data + k.from + k.from_len, k.sep_len);
	if (r->tag != NULL)
		str_puts(out, r->tag);
	else
		changelog_shift(to, version_old, r, out);
	return k.to + k.to_len;
}

void
changelog_shift(struct bytes text, struct bytes version_old, const struct changelog_release *r,
    struct str *out)
{
	size_t i = 0;

	while (i < text.len) {
		size_t used = shift_compare(text, i, version_old, r, out), date;

		if (used > 0) {
			i += used;
		} else if (version_at(text, i, version_old)) {
			str_puts(out, r->version);
			i += version_old.len;
		} else if ((date = changelog_date_at(text, i)) > 0) {
			changelog_date_like(
			    (struct bytes) { text.data + i, date }, r->date, out);
			i += date;
		} else {
			str_putc(out, text.data[i++]);
		}
	}
}
