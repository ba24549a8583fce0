/* INI files after Python's RawConfigParser: setup.cfg, .pypirc. Nothing is copied, because a value
 * may be a token: every text is borrowed from the caller's bytes, and wiping those wipes all.
 * Messages show a line number and never the line. */
#ifndef SLIPWAY_BASE_INI_H
#define SLIPWAY_BASE_INI_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"

struct ini_entry {
	struct bytes section;
	struct bytes key; /* as written; looked up without regard to case */
	/* From the first to the last character, line ends, indentation and comments between
	 * continued lines included: take such a value apart with ini_value_line(). Its offset in
	 * the file is value.data - text.data. No interpolation. */
	struct bytes value;
	size_t line; /* of the key, from 1 */
	size_t indent;
};

struct ini {
	struct ini_entry *entries; /* in the order of the file */
	struct bytes *sections;	   /* each once, empty ones too */
	size_t count, section_count;
	size_t cap, section_cap;
};

#define INI_EMPTY                                                                                  \
	{                                                                                          \
		.entries = NULL, .count = 0                                                        \
	}

/* Refuses what RawConfigParser refuses: a key twice in a section, a section twice, a key outside
 * one, a line that is neither. "NAME:LINE: ...", ERR_INVALID. OUT must be empty; the caller ends it
 * with ini_fini(). */
enum err_code ini_parse(struct bytes text, const char *name, struct ini *out, struct err *e);
void ini_fini(struct ini *ini); /* empty is fine */

bool ini_has_section(const struct ini *ini, const char *section);
/* Falls back to [DEFAULT]; NULL when neither has KEY. Borrowed until ini_fini(). */
const struct ini_entry *ini_get(const struct ini *ini, const char *section, const char *key);
/* Takes the next line off a value, trimmed; empty ones and comments are passed over. */
bool ini_value_line(struct bytes *rest, struct bytes *line);

#endif
