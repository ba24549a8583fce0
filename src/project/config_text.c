/* The configuration told to people: the help topic and the commented sample file, from the table of
 * keys. */
#include <string.h>

#include "config_keys.h"
#include "slipway/project/config.h"

void
config_put_text(const char *text, struct str *out)
{
	str_putc(out, '"');
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			str_printf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			str_printf(out, "\\u%04X", c);
		else
			str_putc(out, (char)c);
	}
	str_putc(out, '"');
}

static void
put_list(const struct config_list *list, struct str *out)
{
	str_putc(out, '[');
	for (size_t i = 0; i < list->items.count; i++) {
		str_puts(out, i > 0 ? ", " : "");
		config_put_text(list->items.items[i], out);
	}
	str_putc(out, ']');
}

static void
put_duration(uint32_t seconds, struct str *out)
{
	static const struct {
		uint32_t seconds;
		char unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	size_t i = 0;

	while (seconds % units[i].seconds != 0)
		i++;
	str_printf(out, "\"%u%c\"", (unsigned int)(seconds / units[i].seconds), units[i].unit);
}

/* The value that SOURCE, the struct of KEY's table, holds; false when it is not set. */
static bool
put_value(const struct config_key *key, const void *source, struct str *out)
{
	const char *place = (const char *)source + key->offset;
	const struct config_list *list = (const void *)place;
	unsigned int number;
	const char *text;

	switch (key->type) {
	case CONFIG_TEXT:
	case CONFIG_TEMPLATE:
	case CONFIG_PATH:
	case CONFIG_URL:
		memcpy(&text, place, sizeof text);
		if (text != NULL)
			config_put_text(text, out);
		return text != NULL;
	case CONFIG_CHOICE:
		memcpy(&number, place, sizeof number);
		if (number > 0)
			config_put_text(key->choices[number - 1], out);
		return number > 0;
	case CONFIG_SWITCH:
		memcpy(&number, place, sizeof number);
		if (number != CONFIG_SWITCH_UNSET)
			str_puts(out, number == CONFIG_SWITCH_ON ? "true" : "false");
		return number != CONFIG_SWITCH_UNSET;
	case CONFIG_COUNT:
	case CONFIG_DURATION:
		memcpy(&number, place, sizeof number);
		if (!*((const bool *)source + key->has_offset))
			return false;
		if (key->type == CONFIG_COUNT)
			str_printf(out, "%u", number);
		else
			put_duration(number, out);
		return true;
	case CONFIG_TEXTS:
	case CONFIG_PATHS:
	case CONFIG_ENV_NAMES:
		if (list->is_set)
			put_list(list, out);
		return list->is_set;
	case CONFIG_TYPE_COUNT:
		break;
	}
	return false;
}

static void
put_choices(const struct config_key *key, struct str *out)
{
	for (size_t i = 0; key->choices != NULL && key->choices[i] != NULL; i++)
		str_printf(out, "%s\"%s\"", i > 0 ? " or " : ": ", key->choices[i]);
}

void
config_put_header(enum config_table table, const char *name, struct str *out)
{
	static const char bare[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
	const struct config_table_info *info = &config_tables[table];

	str_printf(out, "[%s", info->name);
	if (info->sub != NULL && info->sub[0] != '\0')
		name = info->sub;
	if (info->sub == NULL) {
		str_puts(out, "]");
		return;
	}
	str_putc(out, '.');
	/* Bare, a name with a dot would be a table in a table. */
	if (name[strspn(name, bare)] != '\0')
		config_put_text(name, out);
	else
		str_puts(out, name);
	str_putc(out, ']');
}

void
config_help(struct str *out)
{
	str_puts(out,
	    "The configuration is slipway.toml, or [tool.slipway] in the root pyproject.toml\n"
	    "(tables are then called [tool.slipway.release] and so on). Everything has a\n"
	    "default found by looking; the file only overrides.\n");
	for (int t = 0; t < CONFIG_TABLE_COUNT; t++) {
		str_putc(out, '\n');
		config_put_header((enum config_table)t, "NAME", out);
		str_printf(out, "\n  %s\n", config_tables[t].doc);
		for (size_t i = 0; i < config_key_count; i++) {
			const struct config_key *key = &config_keys[i];

			if ((int)key->table != t)
				continue;
			str_printf(out, "\n  %s = %s\n      %s", key->name, key->example, key->doc);
			put_choices(key, out);
			str_printf(out, "\n      not set: %s\n", key->found);
		}
	}
}

/* One table of the sample. SOURCE is NULL when there is none yet: then its header is commented out
 * too. */
static void
put_table(enum config_table table, const char *name, const void *source, struct str *out)
{
	str_puts(out, source != NULL ? "" : "# ");
	config_put_header(table, name, out);
	str_putc(out, '\n');
	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *key = &config_keys[i];
		struct str value = STR_EMPTY;
		bool found;

		if (key->table != table)
			continue;
		found = source != NULL && put_value(key, source, &value);
		str_printf(out, "# %s", key->doc);
		put_choices(key, out);
		if (!found)
			str_printf(out, "; not set: %s", key->found);
		str_printf(out, "\n#%s = %s%s\n", key->name,
		    found ? str_text(&value) : key->example, found ? " # found" : "");
		str_fini(&value);
	}
	str_putc(out, '\n');
}

void
config_sample(const struct config *found, struct str *out)
{
	str_puts(out,
	    "# Slipway finds all of this by looking. Take the # off a line to override it;\n"
	    "# \"slipway help config\" tells more.\n\n");
	str_printf(out, "# %s\n", config_tables[CONFIG_TABLE_RELEASE].doc);
	put_table(CONFIG_TABLE_RELEASE, NULL, &found->release, out);
	str_printf(out, "# %s\n", config_tables[CONFIG_TABLE_PACKAGE].doc);
	for (size_t i = 0; i < found->package_count; i++)
		put_table(CONFIG_TABLE_PACKAGE, found->packages[i].name, &found->packages[i], out);
	if (found->package_count == 0)
		put_table(CONFIG_TABLE_PACKAGE, "NAME", NULL, out);
	str_printf(out, "# %s\n", config_tables[CONFIG_TABLE_INDEX].doc);
	for (size_t i = 0; i < found->index_count; i++)
		put_table(CONFIG_TABLE_INDEX, found->indexes[i].name, &found->indexes[i], out);
	if (found->index_count == 0)
		put_table(CONFIG_TABLE_INDEX, "NAME", NULL, out);
	str_printf(out, "# %s\n", config_tables[CONFIG_TABLE_GATE].doc);
	put_table(CONFIG_TABLE_GATE, NULL, &found->production, out);
	str_printf(out, "# %s\n", config_tables[CONFIG_TABLE_CHECK].doc);
	put_table(CONFIG_TABLE_CHECK, NULL, &found->check, out);
	while (out->len > 1 && out->data[out->len - 2] == '\n')
		str_splice(out, out->len - 1, 1, NULL, 0);
}
