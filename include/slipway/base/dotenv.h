/* .env files: KEY=VALUE a line, nothing expanded, nothing copied: a value is most often a token, so
 * it stays in the caller's bytes, which the caller wipes. */
#ifndef SLIPWAY_BASE_DOTENV_H
#define SLIPWAY_BASE_DOTENV_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/str.h"

struct dotenv {
	struct bytes rest;
	size_t line;	 /* lines taken so far */
	size_t bad_line; /* the last line that was neither an assignment nor a comment, or 0 */
};

struct dotenv_entry {
	struct bytes key;
	struct bytes value; /* without its quotes */
	size_t line;	    /* of the key, from 1 */
	bool has_escapes;   /* quoted, with a backslash in it: VALUE is as written, not decoded */
};

struct dotenv dotenv_start(struct bytes text);
/* The next assignment: blanks, "export ", single or double quotes (which may hold newlines) and
 * comments as python-dotenv reads them. Lines that are none of this are passed over. */
bool dotenv_next(struct dotenv *d, struct dotenv_entry *out);
/* The last assignment of KEY, which is the one that counts. */
bool dotenv_get(struct bytes text, const char *key, struct dotenv_entry *out);

#endif
