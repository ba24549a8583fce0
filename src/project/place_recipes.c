/* Recipes of other packagers that name the version: conda's and Helm's. */
#include "places_private.h"

#include <stdlib.h>
#include <string.h>

#include "pattern.h"
#include "slipway/base/mem.h"

#define SET_VERSION "^[ \\t]*\\{%[-+]?[ \\t]*set[ \\t]+version[ \\t]*=[ \\t]*[\"']([^\"']+)[\"']"

static struct bytes
text_of(const struct places *p, size_t file)
{
	return (struct bytes) { str_text(&p->files[file].text), p->files[file].text.len };
}

static void
add_recipe(
    struct places *p, const struct place_search *o, size_t file, const struct place_literal *l)
{
	struct place *place = places_add_literal(p, o, file, l);

	if (place != NULL && place->included && place->note == NULL)
		place_note(place,
		    mem_strdup("conda: the sha256 there is of the old sdist; it can be set when "
			       "the new one is uploaded"));
}

/* {% set version = "1.0" %} */
void
places_meta_yaml(struct places *p, const struct place_search *o)
{
	struct place_literal l = { .what = "set version" };
	struct pattern *pattern = NULL;
	bool found = false;
	size_t file;

	if (!places_try(p, o, &file))
		return;
	if (pattern_compile(SET_VERSION, &pattern, NULL) == ERR_OK &&
	    pattern_search(pattern, text_of(p, file), "version", &l.span, &found, NULL) == ERR_OK &&
	    found)
		add_recipe(p, o, file, &l);
	pattern_free(pattern);
}

static bool
starts_unquoted(struct bytes text, struct span s)
{
	return text.data[s.at - 1] != '"' && text.data[s.at - 1] != '\'';
}

/* context: with "version" directly below it. */
void
places_recipe_yaml(struct places *p, const struct place_search *o)
{
	struct place_literal l = { .what = "context.version" };
	struct bytes text, rest, line;
	bool inside = false;
	size_t file, indent, level = 0;

	if (!places_try(p, o, &file))
		return;
	text = rest = text_of(p, file);
	while (l.span.len == 0 && bytes_line(&rest, &line)) {
		for (indent = 0; indent < line.len && line.data[indent] == ' ';)
			indent++;
		if (indent == line.len || line.data[indent] == '#')
			continue;
		if (indent == 0) {
			inside = line.len >= 8 && memcmp(line.data, "context:", 8) == 0;
			level = 0;
			continue;
		}
		if (level == 0)
			level = indent;
		line.data += indent;
		line.len -= indent;
		if (inside && indent == level)
			places_yaml_value(text, line, "version", &l.span);
	}
	if (l.span.len == 0)
		return;
	l.yaml = starts_unquoted(text, l.span);
	add_recipe(p, o, file, &l);
}

/* appVersion; the version of the chart is its own. */
void
places_chart(struct places *p, const struct place_search *o)
{
	struct place_literal l = { .what = "appVersion" };
	struct bytes text, rest, line;
	size_t file;

	if (!places_try(p, o, &file))
		return;
	text = rest = text_of(p, file);
	while (bytes_line(&rest, &line))
		places_yaml_value(text, line, "appVersion", &l.span);
	if (l.span.len == 0)
		return;
	l.yaml = starts_unquoted(text, l.span);
	/* A "v" before it stays. */
	if (text.data[l.span.at] == 'v') {
		l.span.at++;
		l.span.len--;
		l.yaml = false;
	}
	places_add_literal(p, o, file, &l);
}
