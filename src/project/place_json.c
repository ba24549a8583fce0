/* package.json and its like: the top-level "version" by its bytes; indentation, order and all
 * deeper versions stay. */
#include "places_private.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/project/version.h"

struct scan {
	struct bytes text;
	size_t at;
	size_t depth;
	bool key;	/* a string here is a key of the root */
	bool in_version; /* the value of "version" follows */
	size_t found;
	struct span span;
	bool odd; /* it is no plain string */
};

/* From the opening quote; the content, and the cursor behind the closing one. */
static struct span
pass_string(struct scan *s)
{
	size_t from = ++s->at;
	struct span content;

	while (s->at < s->text.len && s->text.data[s->at] != '"')
		s->at += s->text.data[s->at] == '\\' ? 2 : 1;
	if (s->at > s->text.len)
		s->at = s->text.len;
	content = (struct span) { from, s->at - from };
	if (s->at < s->text.len)
		s->at++;
	return content;
}

static void
take_string(struct scan *s)
{
	struct span content = pass_string(s);
	struct bytes b = { s->text.data + content.at, content.len };

	if (s->depth != 1)
		return;
	if (s->key) {
		s->in_version = bytes_is(b, "version");
		s->found += s->in_version;
		s->odd = s->odd || s->in_version;
		s->key = false;
	} else if (s->in_version) {
		s->span = content;
		s->odd = memchr(b.data, '\\', b.len) != NULL;
		s->in_version = false;
	}
}

bool
json_version_span(struct bytes text, struct span *out, const char **why)
{
	struct scan s = { .text = text };

	while (s.at < text.len) {
		char c = text.data[s.at];

		if (c == '"') {
			take_string(&s);
			continue;
		}
		if (c == '{' || c == '[') {
			s.depth++;
			s.key = s.depth == 1 && c == '{';
		} else if (c == '}' || c == ']') {
			s.depth -= s.depth > 0;
		} else if (c == ',' && s.depth == 1) {
			s.key = true;
			s.in_version = false;
		}
		s.at++;
	}
	*why = s.found > 1 ? "\"version\" stands there twice"
	       : s.odd	   ? "\"version\" is no plain string"
			   : NULL;
	*out = s.span;
	return s.found == 1 && *why == NULL;
}

/* Entries of server.json that name a package of an index repeat its version. */
static void
tell_of_packages(struct places *p, const struct place_search *o, const struct json *doc)
{
	const struct json *list = json_get_array(doc, "packages");
	struct version v = VERSION_EMPTY;

	for (size_t i = 0; i < json_count(list); i++) {
		const char *text = json_text(json_at(list, i), "version");

		if (text == NULL || o->current->normal == NULL ||
		    version_parse(text, &v, NULL) != ERR_OK)
			continue;
		if (version_compare(&v, o->current) == 0)
			places_add_note(p, o, 1, "packages",
			    mem_printf("packages[%zu].version says %s too, and is not edited: see "
				       "whether it is this package's",
				i, version_text(&v)));
		version_fini(&v);
	}
}

static void
add_json(struct places *p, const struct place_search *o, enum place_style style)
{
	struct place_literal l = { .what = "version", .style = style };
	struct json *doc = NULL;
	struct err e = ERR_EMPTY;
	struct version v = VERSION_EMPTY;
	struct bytes text, old;
	const char *why;
	size_t file;

	if (!places_try(p, o, &file))
		return;
	text = (struct bytes) { str_text(&p->files[file].text), p->files[file].text.len };
	if (json_parse(text, o->path, NULL, &doc, &e) != ERR_OK) {
		places_add_note(p, o, 1, l.what, mem_printf("not read: %s", e.message));
		return;
	}
	if (json_kind(doc) == JSON_KIND_OBJECT && json_version_span(text, &l.span, &why)) {
		old = (struct bytes) { text.data + l.span.at, l.span.len };
		/* "0.0.0" is what private packages of npm say: nobody's version. */
		if (version_parse_bytes(old, &v, NULL) != ERR_OK || !version_is_placeholder(&v))
			places_add_literal(p, o, file, &l);
		version_fini(&v);
	} else if (json_kind(doc) == JSON_KIND_OBJECT && why != NULL) {
		places_add_note(p, o, 1, l.what, mem_strdup(why));
	}
	if (text_ends(o->path, "server.json"))
		tell_of_packages(p, o, doc);
	json_free(doc);
}

void
places_json_semver(struct places *p, const struct place_search *o)
{
	add_json(p, o, PLACE_SEMVER);
}

void
places_json(struct places *p, const struct place_search *o)
{
	add_json(p, o, PLACE_PEP440);
}
