/* What a place says, how it will say the new version, and whether it is to be edited at all. */
#include "places_private.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/project/version.h"

static char *
spell_series(size_t count, const struct version *v)
{
	struct str out = STR_EMPTY;

	for (size_t i = 0; i < count; i++) {
		struct bytes number = version_release_at(v, i);

		str_printf(&out, "%s%.*s", i > 0 ? "." : "", (int)number.len, number.data);
	}
	return str_take(&out);
}

/* NULL with *NOTE when the style has no form for V. */
static char *
spell(enum place_style style, const struct version *old, const struct version *v, char **note)
{
	struct str out = STR_EMPTY;
	struct err e = ERR_EMPTY;

	switch (style) {
	case PLACE_SERIES:
		return spell_series(version_release_len(old), v);
	case PLACE_SEMVER:
		if (version_spell(v, VERSION_SEMVER, &out, &e) == ERR_OK)
			return str_take(&out);
		*note = mem_printf("left alone: %s", e.message);
		str_fini(&out);
		return NULL;
	case PLACE_PEP440:
		break;
	}
	if (version_is_padded(old)) {
		str_puts(&out, version_text(v));
		version_pad(v, old, 0, &out);
		return str_take(&out);
	}
	if (strcmp(version_written(old), version_text(old)) != 0)
		*note = mem_printf("%s is not the normal form of %s; %s is written in it",
		    version_written(old), version_text(old), version_text(v));
	return mem_strdup(version_text(v));
}

static bool
holds(enum place_style style, const struct version *v, const struct version *current)
{
	if (style != PLACE_SERIES)
		return version_compare(v, current) == 0;
	for (size_t i = 0; i < version_release_len(v); i++)
		if (!bytes_equal(version_release_at(v, i), version_release_at(current, i)))
			return false;
	return true;
}

bool
place_fill(struct place *place, const struct place_search *o, enum place_style style, char *old)
{
	struct version v = VERSION_EMPTY;
	char *note = NULL;

	place->old_text = old;
	if (version_parse(old, &v, NULL) != ERR_OK) {
		place_note(place, mem_printf("\"%s\" is not a PEP 440 version", old));
		return false;
	}
	place->new_text = spell(style, &v, o->target, &note);
	place->included = place->new_text != NULL;
	if (o->role != PLACE_AUTHORITY && o->current->normal != NULL &&
	    !holds(style, &v, o->current)) {
		free(note);
		place->included = false;
		note = mem_printf("stands at %s, not at %s: left alone unless you include it", old,
		    version_text(o->current));
	}
	if (note != NULL)
		place_note(place, note);
	version_fini(&v);
	return true;
}

size_t
place_line(struct bytes text, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at && i < text.len; i++)
		line += text.data[i] == '\n' ||
			(text.data[i] == '\r' && !(i + 1 < text.len && text.data[i + 1] == '\n'));
	return line;
}

bool
places_has(const struct places *p, size_t file, size_t at)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].at->file == file && p->items[i].at->splice_count > 0 &&
		    p->items[i].at->splices[0].span.at == at)
			return true;
	return false;
}

/* YAML takes 1.10 for the number 1.1. */
static bool
reads_as_number(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return text[digits] == '\0' ||
	       (text[digits] == '.' &&
		   text[digits + 1 + strspn(text + digits + 1, "0123456789")] == '\0');
}

struct place *
places_add_literal(
    struct places *p, const struct place_search *o, size_t file, const struct place_literal *l)
{
	struct bytes text = { str_text(&p->files[file].text), p->files[file].text.len };
	struct bytes old = { text.data + l->span.at, l->span.len };
	struct version v = VERSION_EMPTY;
	struct place *place;
	bool fine = version_parse_bytes(old, &v, NULL) == ERR_OK;

	version_fini(&v);
	if (places_has(p, file, l->span.at) || (!fine && !o->named && o->role != PLACE_AUTHORITY))
		return NULL;
	place = places_add(p, o->role, o->package, file);
	place->line = place_line(text, l->span.at);
	place->what = mem_strdup(l->what);
	place_fill(place, o, l->style, mem_strndup(old.data, old.len));
	if (place->new_text == NULL)
		return place;
	place->at->splice_count = 1;
	place->at->splices[0] = (struct place_splice) { l->span,
		mem_printf(l->yaml && reads_as_number(place->new_text) ? "\"%s\"" : "%s",
		    place->new_text) };
	return place;
}

struct place *
places_add_note(
    struct places *p, const struct place_search *o, size_t line, const char *what, char *note)
{
	struct place *place = places_add(p, o->role, o->package, SIZE_MAX);

	place->file = mem_strdup(o->path);
	place->line = line;
	place->what = mem_strdup(what);
	place->old_text = mem_strdup("");
	place_note(place, note);
	return place;
}

bool
places_try(struct places *p, const struct place_search *o, size_t *file)
{
	char *full = fs_join(o->root, o->path);
	struct err e = ERR_EMPTY;
	bool there = fs_is_file(full), ok = there;

	free(full);
	if (there && places_open(p, o->root, o->path, file, &e) != ERR_OK) {
		places_add_note(p, o, 1, "the whole file", mem_printf("not read: %s", e.message));
		ok = false;
	}
	return ok;
}
