/* INI after RawConfigParser with its defaults: = and :, full-line comments, values continued by
 * indentation. */
#include "slipway/base/ini.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "slipway/base/mem.h"

#define INI_ENTRIES_MAX 10000 /* each is compared with all before it */

struct reader {
	struct ini *ini;
	const char *name;
	size_t line;
	struct bytes section;
	bool in_section;
	bool in_entry; /* the last entry may go on */
	struct err *e;
};

static bool
is_comment(struct bytes trimmed)
{
	return trimmed.len > 0 && (trimmed.data[0] == '#' || trimmed.data[0] == ';');
}

static bool
key_is(struct bytes key, const char *text, size_t len)
{
	return key.len == len && strncasecmp(key.data, text, len) == 0;
}

static const struct ini_entry *
find(const struct ini *ini, struct bytes section, const char *key, size_t len)
{
	for (size_t i = 0; i < ini->count; i++)
		if (bytes_equal(ini->entries[i].section, section) &&
		    key_is(ini->entries[i].key, key, len))
			return &ini->entries[i];
	return NULL;
}

static bool
has_section(const struct ini *ini, struct bytes section)
{
	for (size_t i = 0; i < ini->section_count; i++)
		if (bytes_equal(ini->sections[i], section))
			return true;
	return false;
}

static enum err_code
start_section(struct reader *r, struct bytes line)
{
	struct ini *ini = r->ini;
	const char *close = line.data + line.len - 1;

	/* Whatever follows the last bracket is passed over, as Python does. */
	while (*close != ']' && close > line.data)
		close--;
	if (close - line.data < 2)
		return err_set(r->e, ERR_INVALID, "%s:%zu: expected [section]", r->name, r->line);
	r->section = (struct bytes) { .data = line.data + 1,
		.len = (size_t)(close - line.data) - 1 };
	r->in_section = true;
	r->in_entry = false;
	if (has_section(ini, r->section))
		return err_set(
		    r->e, ERR_INVALID, "%s:%zu: a section is there twice", r->name, r->line);
	ini->sections = mem_grow(
	    ini->sections, &ini->section_cap, ini->section_count + 1, sizeof *ini->sections);
	ini->sections[ini->section_count++] = r->section;
	return ERR_OK;
}

static enum err_code
start_entry(struct reader *r, struct bytes line, size_t indent)
{
	struct ini *ini = r->ini;
	struct ini_entry entry = { .section = r->section, .line = r->line, .indent = indent };
	const struct ini_entry *before;
	size_t at = 0;

	while (at < line.len && line.data[at] != '=' && line.data[at] != ':')
		at++;
	if (at == line.len || at == 0)
		return err_set(r->e, ERR_INVALID, "%s:%zu: expected a section, or a key and \"=\"",
		    r->name, r->line);
	entry.key = bytes_trim((struct bytes) { .data = line.data, .len = at });
	entry.value = bytes_trim(
	    (struct bytes) { .data = line.data + at + 1, .len = line.len - at - 1 });
	before = find(ini, r->section, entry.key.data, entry.key.len);
	if (before != NULL)
		return err_set(r->e, ERR_INVALID, "%s:%zu: the key of line %zu is there twice",
		    r->name, r->line, before->line);
	if (ini->count == INI_ENTRIES_MAX)
		return err_set(r->e, ERR_LIMIT, "%s:%zu: more than %d keys", r->name, r->line,
		    INI_ENTRIES_MAX);
	ini->entries = mem_grow(ini->entries, &ini->cap, ini->count + 1, sizeof *ini->entries);
	ini->entries[ini->count++] = entry;
	r->in_entry = true;
	return ERR_OK;
}

static enum err_code
read_line(struct reader *r, struct bytes line)
{
	struct bytes trimmed = bytes_trim(line);
	size_t indent = (size_t)(trimmed.data - line.data);
	struct ini_entry *last = r->in_entry ? &r->ini->entries[r->ini->count - 1] : NULL;

	if (trimmed.len == 0 || is_comment(trimmed))
		return ERR_OK;
	if (last != NULL && indent > last->indent) {
		if (last->value.len == 0)
			last->value = trimmed;
		else
			last->value.len = (size_t)(trimmed.data + trimmed.len - last->value.data);
		return ERR_OK;
	}
	if (trimmed.data[0] == '[')
		return start_section(r, trimmed);
	if (!r->in_section)
		return err_set(r->e, ERR_INVALID, "%s:%zu: expected [section] before the first key",
		    r->name, r->line);
	return start_entry(r, trimmed, indent);
}

enum err_code
ini_parse(struct bytes text, const char *name, struct ini *out, struct err *e)
{
	struct ini ini = INI_EMPTY;
	struct reader r = { .ini = &ini, .name = name, .e = e };
	struct bytes rest = text, line;
	enum err_code rc = ERR_OK;

	if (rest.len >= 3 && memcmp(rest.data, "\xef\xbb\xbf", 3) == 0)
		rest = (struct bytes) { .data = rest.data + 3, .len = rest.len - 3 };
	while (rc == ERR_OK && bytes_line(&rest, &line)) {
		r.line++;
		rc = read_line(&r, line);
	}
	if (rc == ERR_OK)
		*out = ini;
	else
		ini_fini(&ini);
	return rc;
}

void
ini_fini(struct ini *ini)
{
	free(ini->entries);
	free(ini->sections);
	*ini = (struct ini)INI_EMPTY;
}

bool
ini_has_section(const struct ini *ini, const char *section)
{
	return has_section(ini, bytes_of(section));
}

const struct ini_entry *
ini_get(const struct ini *ini, const char *section, const char *key)
{
	const struct ini_entry *entry = find(ini, bytes_of(section), key, strlen(key));

	return entry != NULL ? entry : find(ini, bytes_of("DEFAULT"), key, strlen(key));
}

bool
ini_value_line(struct bytes *rest, struct bytes *line)
{
	while (bytes_line(rest, line)) {
		*line = bytes_trim(*line);
		if (line->len > 0 && !is_comment(*line))
			return true;
	}
	return false;
}
