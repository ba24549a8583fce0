/* A walk over the <a> tags of a page. One pass, no tree; whatever is not understood is passed over.
 */
#include "anchors.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"

#define TEXT_MAX 4096 /* bytes of one attribute or link text; more is cut */

enum attr { ATTR_HREF, ATTR_REQUIRES_PYTHON, ATTR_YANKED, ATTR_COUNT };

static const char *const attr_names[] = {
	[ATTR_HREF] = "href",
	[ATTR_REQUIRES_PYTHON] = "data-requires-python",
	[ATTR_YANKED] = "data-yanked",
};

_Static_assert(ARRAY_LEN(attr_names) == ATTR_COUNT, "one name an attribute");

struct tag {
	struct str value[ATTR_COUNT];
	bool has[ATTR_COUNT];
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
starts_with(struct bytes b, const char *word)
{
	size_t len = strlen(word);

	return b.len >= len && strncasecmp(b.data, word, len) == 0;
}

static void
skip(struct bytes *b, size_t n)
{
	b->data += n;
	b->len -= n;
}

/* Bytes before NEEDLE, or all when it is not there. */
static size_t
span_to(struct bytes b, const char *needle)
{
	size_t len = strlen(needle);

	for (size_t i = 0; i + len <= b.len; i++) {
		const char *at = memchr(b.data + i, needle[0], b.len - i - len + 1);

		if (at == NULL)
			return b.len;
		i = (size_t)(at - b.data);
		if (strncasecmp(at, needle, len) == 0)
			return i;
	}
	return b.len;
}

/* The code point of "#39" or "#x27"; 0 when it is none. */
static uint32_t
numeric_entity(struct bytes name)
{
	uint32_t cp = 0;
	unsigned base = name.len > 1 && (name.data[1] | 32) == 'x' ? 16 : 10;

	for (size_t i = base == 16 ? 2 : 1; i < name.len; i++) {
		char c = name.data[i];
		unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0')
				 : (c | 32) >= 'a' && (c | 32) <= 'f'
				     ? (unsigned)((c | 32) - 'a' + 10)
				     : 99;

		if (digit >= base || cp > 0x10ffff)
			return 0;
		cp = cp * base + digit;
	}
	return cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000) ? 0 : cp;
}

/* The bytes of the entity at the start of B (an ampersand), appended; 0 when it is none. */
static size_t
put_entity(struct bytes b, struct str *out)
{
	static const struct {
		const char *name;
		char c;
	} named[] = { { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' },
		{ "apos", '\'' }, { "nbsp", ' ' } };
	struct bytes name = { .data = b.data + 1, .len = 0 };
	char utf8[4];

	while (name.len + 1 < b.len && name.len < 10 && name.data[name.len] != ';')
		name.len++;
	if (name.len + 1 >= b.len || name.data[name.len] != ';')
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(named); i++) {
		if (bytes_is(name, named[i].name)) {
			str_putc(out, named[i].c);
			return name.len + 2;
		}
	}
	if (name.len < 2 || name.data[0] != '#')
		return 0;
	uint32_t cp = numeric_entity(name);

	if (cp == 0)
		return 0;
	str_append(out, utf8, utf8_encode(cp, utf8));
	return name.len + 2;
}

static void
put_decoded(struct bytes b, struct str *out)
{
	while (b.len > 0 && out->len < TEXT_MAX) {
		size_t used = b.data[0] == '&' ? put_entity(b, out) : 0;

		if (used == 0) {
			str_putc(out, b.data[0] != '\0' ? b.data[0] : ' ');
			used = 1;
		}
		skip(&b, used);
	}
}

/* The value behind "=", quoted or not. */
static struct bytes
attr_value(struct bytes *b)
{
	struct bytes v;
	char quote = b->len > 0 ? b->data[0] : '\0';

	if (quote == '"' || quote == '\'') {
		const char *end;

		skip(b, 1);
		end = b->len > 0 ? memchr(b->data, quote, b->len) : NULL;
		v = (struct bytes) { .data = b->data,
			.len = end != NULL ? (size_t)(end - b->data) : b->len };
		skip(b, v.len + (end != NULL));
		return v;
	}
	v = (struct bytes) { .data = b->data, .len = 0 };
	while (v.len < b->len && !is_space(b->data[v.len]) && b->data[v.len] != '>')
		v.len++;
	skip(b, v.len);
	return v;
}

/* Attributes up to and with ">"; B stands behind the tag's name. */
static void
read_attributes(struct bytes *b, struct tag *t)
{
	for (int i = 0; i < ATTR_COUNT; i++) {
		str_clear(&t->value[i]);
		t->has[i] = false;
	}
	while (b->len > 0 && b->data[0] != '>') {
		struct bytes name = { .data = b->data, .len = 0 }, value = { .data = "", .len = 0 };

		while (name.len < b->len && !is_space(name.data[name.len]) &&
		       strchr("=>/", name.data[name.len]) == NULL)
			name.len++;
		if (name.len == 0) {
			skip(b, 1);
			continue;
		}
		skip(b, name.len);
		while (b->len > 0 && is_space(b->data[0]))
			skip(b, 1);
		if (b->len > 0 && b->data[0] == '=') {
			skip(b, 1);
			while (b->len > 0 && is_space(b->data[0]))
				skip(b, 1);
			value = attr_value(b);
		}
		for (int i = 0; i < ATTR_COUNT; i++) {
			if (!t->has[i] && name.len == strlen(attr_names[i]) &&
			    starts_with(name, attr_names[i])) {
				t->has[i] = true;
				put_decoded(bytes_trim(value), &t->value[i]);
			}
		}
	}
	if (b->len > 0)
		skip(b, 1);
}

/* The text of a link, without the tags inside it: up to its end, or to the next link as browsers
 * do. */
static void
read_text(struct bytes *b, struct str *out)
{
	str_clear(out);
	while (b->len > 0) {
		struct bytes plain = { .data = b->data, .len = span_to(*b, "<") };
		size_t len;

		put_decoded(plain, out);
		skip(b, plain.len);
		if (starts_with(*b, "</a") ||
		    (starts_with(*b, "<a") && b->len > 2 && is_space(b->data[2])))
			return;
		len = span_to(*b, ">");
		skip(b, len < b->len ? len + 1 : len);
	}
}

static const char *
value_of(const struct tag *t, enum attr a)
{
	return t->has[a] ? str_text(&t->value[a]) : NULL;
}

/* B stands on "<". False when the callback wants no more. */
static bool
read_tag(struct bytes *b, struct tag *t, struct str *text, anchor_fn fn, void *arg)
{
	struct anchor a = { .text = "" };
	struct bytes trimmed;
	size_t name_len;
	bool more;
	char *shown;

	if (starts_with(*b, "<!--")) {
		size_t len = span_to(*b, "-->");

		skip(b, len < b->len ? len + 3 : len);
		return true;
	}
	a.is_base = starts_with(*b, "<base");
	name_len = a.is_base ? 5 : 2;
	if ((!a.is_base && !starts_with(*b, "<a")) || b->len <= name_len ||
	    !is_space(b->data[name_len])) {
		skip(b, 1);
		return true;
	}
	skip(b, name_len);
	read_attributes(b, t);
	a.href = value_of(t, ATTR_HREF);
	a.requires_python = value_of(t, ATTR_REQUIRES_PYTHON);
	a.yanked = value_of(t, ATTR_YANKED);
	str_clear(text);
	if (!a.is_base)
		read_text(b, text);
	trimmed = bytes_trim((struct bytes) { .data = str_text(text), .len = text->len });
	shown = mem_strndup(trimmed.data, trimmed.len);
	a.text = shown;
	more = a.href == NULL || fn(arg, &a);
	free(shown);
	return more;
}

void
anchors_walk(struct bytes page, anchor_fn fn, void *arg)
{
	struct tag t = { .has = { false } };
	struct str text = STR_EMPTY;
	bool more = true;

	while (more) {
		skip(&page, span_to(page, "<"));
		if (page.len == 0)
			break;
		more = read_tag(&page, &t, &text, fn, arg);
	}
	for (int i = 0; i < ATTR_COUNT; i++)
		str_fini(&t.value[i]);
	str_fini(&text);
}
