/* Which places are edited when nobody is there to tick them. */
#include "slipway/project/places.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool
is_meant(const struct place *place, const char *pattern)
{
	size_t len = strlen(place->file), line;

	if (strncmp(pattern, place->file, len) != 0)
		return false;
	if (pattern[len] == '\0')
		return true;
	if (pattern[len] != ':')
		return false;
	if (text_to_size(pattern + len + 1, SIZE_MAX / 2, &line))
		return line == place->line;
	return strcmp(pattern + len + 1, place->what) == 0;
}

/* "FILE:LINE" rather than all that a file has. */
static bool
names_one(const struct place *place, const char *pattern)
{
	return pattern[strlen(place->file)] == ':';
}

enum err_code
places_choose(struct places *p, const struct place_choice *c, size_t *matched, struct err *e)
{
	*matched = 0;
	for (size_t i = 0; i < p->count; i++) {
		struct place *place = &p->items[i];

		if (!is_meant(place, c->pattern) || place->role == PLACE_MENTION)
			continue;
		++*matched;
		if (place->role == PLACE_AUTHORITY && !c->included)
			return err_set(e, ERR_REFUSED,
			    "%s:%zu decides the version: it cannot be left out", place->file,
			    place->line);
		if (c->included && place->new_text == NULL)
			return err_set(e, ERR_REFUSED, "%s:%zu cannot be edited: %s", place->file,
			    place->line, place->note != NULL ? place->note : place->what);
		place->included = c->included;
		place->partial = false;
		if (c->typed && names_one(place, c->pattern))
			place->question = false;
	}
	return ERR_OK;
}
