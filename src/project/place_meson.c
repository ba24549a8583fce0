/* The version of project() in meson.build, whose words are cut as Python's are. */
#include "places_private.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"

static bool
word_is(struct bytes text, const struct py_tokens *t, size_t i, const char *word)
{
	return i < t->count &&
	       bytes_is(
		   (struct bytes) { text.data + t->items[i].span.at, t->items[i].span.len }, word);
}

/* The value behind "version:" among the arguments of the call whose bracket stands at OPEN. */
static size_t
find_value(struct bytes text, const struct py_tokens *t, size_t open)
{
	unsigned depth = t->items[open].depth + 1;

	for (size_t i = open + 1; i + 2 < t->count && t->items[i].depth >= depth; i++)
		if (t->items[i].depth == depth && t->items[i].kind == PY_NAME &&
		    word_is(text, t, i, "version") && word_is(text, t, i + 1, ":"))
			return i + 2;
	return t->count;
}

bool
meson_version(struct bytes text, const struct py_tokens *t, struct span *out, size_t *line)
{
	size_t i = 0, at;
	const struct py_token *value;

	*line = 0;
	while (i + 1 < t->count && !(t->items[i].first && word_is(text, t, i, "project") &&
				       word_is(text, t, i + 1, "(")))
		i++;
	if (i + 1 >= t->count)
		return false;
	at = find_value(text, t, i + 1);
	if (at == t->count)
		return false;
	value = &t->items[at];
	*line = value->line;
	*out = value->content;
	return value->kind == PY_STRING &&
	       (word_is(text, t, at + 1, ",") || word_is(text, t, at + 1, ")")) &&
	       memchr(text.data + value->content.at, '\\', value->content.len) == NULL;
}

void
places_meson(struct places *p, const struct place_search *o)
{
	struct place_literal l = { .what = "project(version:)" };
	size_t file, line;
	struct bytes text;

	if (!places_try(p, o, &file))
		return;
	text = (struct bytes) { str_text(&p->files[file].text), p->files[file].text.len };
	/* What is computed there is read from elsewhere: most often from another place. */
	if (meson_version(text, &p->files[file].tokens, &l.span, &line))
		places_add_literal(p, o, file, &l);
}
