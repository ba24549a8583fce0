/* Versions in what is written for people: CITATION.cff, and mentions in a README, which are shown
 * and never edited. */
#include "places_private.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/project/version.h"

#define MENTIONS_MAX 10
#define EXCERPT_MAX 60 /* bytes of a line that are shown */

bool
places_yaml_value(struct bytes text, struct bytes line, const char *key, struct span *out)
{
	size_t len = strlen(key);
	struct bytes v;
	const char *hash;

	if (line.len <= len || memcmp(line.data, key, len) != 0 || line.data[len] != ':')
		return false;
	v = (struct bytes) { line.data + len + 1, line.len - len - 1 };
	if (v.len == 0 || (v.data[0] != ' ' && v.data[0] != '\t'))
		return false;
	v = bytes_trim(v);
	if (v.len > 1 && (v.data[0] == '"' || v.data[0] == '\'')) {
		const char *close = memchr(v.data + 1, v.data[0], v.len - 1);

		if (close == NULL)
			return false;
		v = (struct bytes) { v.data + 1, (size_t)(close - v.data) - 1 };
	} else {
		hash = memchr(v.data, '#', v.len);
		if (hash != NULL && hash > v.data && (hash[-1] == ' ' || hash[-1] == '\t'))
			v = bytes_trim((struct bytes) { v.data, (size_t)(hash - v.data) });
	}
	*out = (struct span) { (size_t)(v.data - text.data), v.len };
	return v.len > 0;
}

static bool
is_date(struct bytes b)
{
	static const char shape[] = "dddd-dd-dd";

	for (size_t i = 0; i < b.len && i < sizeof shape - 1; i++)
		if (shape[i] == 'd' ? b.data[i] < '0' || b.data[i] > '9' : b.data[i] != shape[i])
			return false;
	return b.len == sizeof shape - 1;
}

/* The date goes with the version: it moves only when that one does. */
static void
add_date(struct places *p, const struct place_search *o, size_t file, struct span span)
{
	const char *text = str_text(&p->files[file].text);
	struct bytes old = { text + span.at, span.len };
	struct place *place;

	if (o->today == NULL || !is_date(old) || bytes_is(old, o->today))
		return;
	place = places_add(p, o->role, o->package, file);
	place->line = place_line((struct bytes) { text, p->files[file].text.len }, span.at);
	place->what = mem_strdup("date-released");
	place->old_text = mem_strndup(old.data, old.len);
	place->new_text = mem_strdup(o->today);
	place->included = true;
	place->at->splice_count = 1;
	place->at->splices[0] = (struct place_splice) { span, mem_strdup(o->today) };
}

void
places_citation(struct places *p, const struct place_search *o)
{
	struct place_literal l = { .what = "version", .yaml = true };
	struct span date = { 0, 0 };
	const struct place *place;
	struct bytes text, rest, line;
	size_t file;

	if (!places_try(p, o, &file))
		return;
	text = rest = (struct bytes) { str_text(&p->files[file].text), p->files[file].text.len };
	while (bytes_line(&rest, &line)) {
		if (places_yaml_value(text, line, "version", &l.span))
			l.yaml = text.data[l.span.at - 1] != '"' &&
				 text.data[l.span.at - 1] != '\'';
		else
			places_yaml_value(text, line, "date-released", &date);
	}
	if (l.span.len == 0)
		return;
	place = places_add_literal(p, o, file, &l);
	if (place != NULL && place->included && date.len > 0)
		add_date(p, o, file, date);
}

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_' || c == '+' || c == '!';
}

/* The bytes at AT are the whole of a version: no other number, and not the start of another one. */
static bool
is_whole(struct bytes text, size_t at, size_t len, const struct version *current)
{
	size_t end = at + len, from = at;
	struct version v = VERSION_EMPTY;
	bool same = true;

	if (from > 0 && (text.data[from - 1] == 'v' || text.data[from - 1] == 'V'))
		from--;
	if (from > 0 && (is_word(text.data[from - 1]) || text.data[from - 1] == '.'))
		return false;
	while (end < text.len &&
	       (is_word(text.data[end]) || text.data[end] == '.' || text.data[end] == '-'))
		end++;
	while (end > at + len && (text.data[end - 1] == '.' || text.data[end - 1] == '-'))
		end--;
	if (end == at + len)
		return true;
	if (is_word(text.data[at + len]) && text.data[at + len] != '!')
		return false;
	if (version_parse_bytes((struct bytes) { text.data + at, end - at }, &v, NULL) == ERR_OK)
		same = version_compare(&v, current) == 0;
	version_fini(&v);
	return same && (text.data[at + len] == '-' || text.data[at + len] == '!');
}

static void
add_mention(struct places *p, const struct place_search *o, size_t file, size_t at)
{
	struct bytes text = { str_text(&p->files[file].text), p->files[file].text.len };
	size_t from = at, end = at;
	struct str excerpt = STR_EMPTY;
	struct place *place;
	struct bytes line;

	while (from > 0 && text.data[from - 1] != '\n' && at - from < EXCERPT_MAX / 2)
		from--;
	while (end < text.len && text.data[end] != '\n' && end - from < EXCERPT_MAX)
		end++;
	/* No half characters at either end. */
	while (from < at && ((unsigned char)text.data[from] & 0xc0) == 0x80)
		from++;
	while (end < text.len && end > at && ((unsigned char)text.data[end] & 0xc0) == 0x80)
		end--;
	line = bytes_trim((struct bytes) { text.data + from, end - from });
	sanitise(line.data, line.len, &excerpt);
	place = places_add(p, PLACE_MENTION, o->package, file);
	place->line = place_line(text, at);
	place->what = mem_strdup("mention");
	place->old_text = mem_strdup(version_text(o->current));
	place_note(place, mem_printf("mentions it, and is not edited: %s", str_text(&excerpt)));
	str_fini(&excerpt);
}

void
places_mentions(struct places *p, const struct place_search *o)
{
	const char *old = version_text(o->current);
	size_t len = strlen(old), count = 0, file, before = p->count;
	struct bytes text;

	/* One number alone stands everywhere. */
	if (o->current->normal == NULL || version_release_len(o->current) < 2)
		return;
	if (!places_try(p, o, &file)) {
		/* Nobody asked for it: what cannot be read is no news here. */
		if (p->count > before)
			places_drop_last(p);
		return;
	}
	text = (struct bytes) { str_text(&p->files[file].text), p->files[file].text.len };
	for (size_t at = 0; at + len <= text.len && count < MENTIONS_MAX; at++) {
		if (text.data[at] != old[0] || memcmp(text.data + at, old, len) != 0 ||
		    !is_whole(text, at, len, o->current))
			continue;
		add_mention(p, o, file, at);
		count++;
		while (at < text.len && text.data[at] != '\n')
			at++;
	}
}
