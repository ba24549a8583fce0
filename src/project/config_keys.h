/* The one table of what the configuration may hold. */
#ifndef SLIPWAY_PROJECT_CONFIG_KEYS_H
#define SLIPWAY_PROJECT_CONFIG_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "slipway/base/str.h"

enum config_table {
	CONFIG_TABLE_RELEASE,
	CONFIG_TABLE_PACKAGE,
	CONFIG_TABLE_INDEX,
	CONFIG_TABLE_GATE,
	CONFIG_TABLE_CHECK,
	CONFIG_TABLE_COUNT
};

enum config_type {
	CONFIG_TEXT,
	CONFIG_TEMPLATE, /* text with {version} and the like */
	CONFIG_PATH,	 /* relative, inside the repository */
	CONFIG_URL,
	CONFIG_CHOICE,	 /* an enum: 1 for the first of its choices */
	CONFIG_SWITCH,	 /* enum config_switch */
	CONFIG_COUNT,	 /* uint32_t, and the bool at has_offset */
	CONFIG_DURATION, /* seconds, likewise */
	CONFIG_TEXTS,	 /* struct config_list, as are the rest */
	CONFIG_PATHS,
	CONFIG_ENV_NAMES, /* one name may stand without a list */
	CONFIG_TYPE_COUNT
};

struct config_key {
	enum config_table table;
	const char *name;
	enum config_type type;
	size_t offset, has_offset;  /* into the struct of its table */
	const char *const *choices; /* closed by NULL */
	const char *example;	    /* a TOML literal */
	const char *doc;
	const char *found; /* what is taken when it is not set */
};

struct config_table_info {
	const char *name; /* the key at the root */
	const char *sub;  /* the only key below it, "" for any, NULL when the keys follow at once */
	const char *doc;
};

extern const struct config_key config_keys[];
extern const size_t config_key_count;
extern const struct config_table_info config_tables[CONFIG_TABLE_COUNT];

/* Append a TOML string in double quotes, and the header of a table: [release], [package.NAME]. NAME
 * counts where the table has one. config_text.c */
void config_put_text(const char *text, struct str *out);
void config_put_header(enum config_table table, const char *name, struct str *out);

/* NULL when there is none. */
const struct config_key *config_key_find(enum config_table table, const char *name);

#endif
