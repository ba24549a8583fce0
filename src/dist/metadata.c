/* Parsing core metadata. After Lib/email/feedparser.py with the compat32 policy: whatever that
 * makes of a file is what indexes and installers see. */
#include "slipway/dist/metadata.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"

#define BOM "\xef\xbb\xbf"

/* Takes a line with its end off *REST; a lone CR ends a line too. False when nothing is left. */
static bool
take_line(struct bytes *rest, struct bytes *line, bool *lone_cr)
{
	size_t len = 0;

	if (rest->len == 0)
		return false;
	while (len < rest->len && rest->data[len] != '\n' && rest->data[len] != '\r')
		len++;
	if (len < rest->len) {
		if (rest->data[len] == '\r' && len + 1 < rest->len && rest->data[len + 1] == '\n')
			len++;
		else if (rest->data[len] == '\r')
			*lone_cr = true;
		len++;
	}
	*line = (struct bytes) { .data = rest->data, .len = len };
	rest->data += len;
	rest->len -= len;
	return true;
}

static bool
is_blank(struct bytes line)
{
	return line.len > 0 && (line.data[0] == '\n' || line.data[0] == '\r');
}

/* Bytes of the name before the colon; 0 when the line is no header. A name may be empty for the
 * parser, which then passes over the line. */
static bool
header_name(struct bytes line, size_t *len)
{
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.data[i];

		if (c == ':') {
			*len = i;
			return true;
		}
		if (c < 0x21 || c > 0x7e)
			return false;
	}
	return false;
}

/* Names and values are noted by place, since the store moves while it grows. */
static void
add_field(struct metadata *m, struct bytes name, size_t line)
{
	m->fields = mem_grow(m->fields, &m->cap, m->count + 1, sizeof m->fields[0]);
	m->fields[m->count++] = (struct metadata_field) {
		.key = metadata_key_find(name),
		.name = name,
		.value = { .data = NULL, .len = m->values.len },
		.line = line,
	};
}

/* Closes the value that runs to the end of the store. */
static void
close_value(struct metadata *m)
{
	if (m->count == 0)
		return;
	while (m->values.len > m->fields[m->count - 1].value.len &&
	       strchr("\r\n", m->values.data[m->values.len - 1]) != NULL &&
	       m->values.data[m->values.len - 1] != '\0')
		m->values.len--;
	str_putc(&m->values, '\0');
}

static void
fix_values(struct metadata *m)
{
	for (size_t i = 0; i < m->count; i++) {
		size_t begin = m->fields[i].value.len;
		size_t end = i + 1 < m->count ? m->fields[i + 1].value.len : m->values.len;

		m->fields[i].value = (struct bytes) { .data = m->values.data + begin,
			.len = end - begin - 1 };
	}
}

static void
bad_line(struct metadata *m, size_t line)
{
	if (!(m->defects & METADATA_BAD_LINE))
		m->bad_line = line;
	m->defects |= METADATA_BAD_LINE;
}

/* One line of the headers. */
static void
take_header(struct metadata *m, struct bytes line, size_t name, size_t number)
{
	struct bytes value = { .data = line.data + name + 1, .len = line.len - name - 1 };

	if (name == 0) {
		bad_line(m, number);
		return;
	}
	close_value(m);
	while (value.len > 0 && (value.data[0] == ' ' || value.data[0] == '\t')) {
		value.data++;
		value.len--;
	}
	add_field(m, (struct bytes) { .data = line.data, .len = name }, number);
	str_append(&m->values, value.data, value.len);
}

/* The headers; *REST is the body afterwards. */
static void
parse_headers(struct metadata *m, struct bytes *rest)
{
	struct bytes line, before = *rest;
	size_t number = 0, name = 0;
	bool lone_cr = false, in_field = false;

	while (take_line(rest, &line, &lone_cr)) {
		number++;
		if (is_blank(line)) {
			m->body_line = number + 1;
			break;
		}
		if (line.data[0] == ' ' || line.data[0] == '\t') {
			if (!in_field)
				bad_line(m, number);
			else
				str_append(&m->values, line.data, line.len);
		} else if (header_name(line, &name)) {
			take_header(m, line, name, number);
			in_field = name > 0;
		} else {
			/* Everything from here on is the body. */
			bad_line(m, number);
			*rest = before;
			m->body_line = number;
			break;
		}
		before = *rest;
	}
	close_value(m);
	if (lone_cr)
		m->defects |= METADATA_LONE_CR;
}

void
metadata_parse(const char *text, size_t len, struct metadata *out)
{
	struct metadata m = METADATA_EMPTY;
	struct bytes rest;

	str_append(&m.text, text, len);
	rest = (struct bytes) { .data = str_text(&m.text), .len = len };
	if (len > 0 && !utf8_valid(text, len))
		m.defects |= METADATA_BAD_UTF8;
	if (len > 0 && memchr(text, '\0', len) != NULL)
		m.defects |= METADATA_HAS_NUL;
	if (len >= strlen(BOM) && memcmp(text, BOM, strlen(BOM)) == 0) {
		m.defects |= METADATA_HAS_BOM;
		rest.data += strlen(BOM);
		rest.len -= strlen(BOM);
	}
	parse_headers(&m, &rest);
	fix_values(&m);
	m.body = rest;
	*out = m;
}

void
metadata_fini(struct metadata *m)
{
	str_fini(&m->text);
	str_fini(&m->values);
	free(m->fields);
	*m = (struct metadata)METADATA_EMPTY;
}

const char *
metadata_next(const struct metadata *m, enum metadata_key key, size_t *at)
{
	while (*at < m->count) {
		const struct metadata_field *f = &m->fields[(*at)++];

		if (f->key == key && f->value.len > 0)
			return f->value.data;
	}
	return NULL;
}

const char *
metadata_get(const struct metadata *m, enum metadata_key key)
{
	size_t at = 0;

	return metadata_next(m, key, &at);
}

/* Folded lines of an old Description field begin with eight spaces, or seven and a bar. */
static char *
unfold(const char *value)
{
	struct str out = STR_EMPTY;
	struct bytes rest = bytes_of(value), line;
	bool first = true;

	while (bytes_line(&rest, &line)) {
		size_t skip = 0;

		if (!first)
			str_putc(&out, '\n');
		if (!first && line.len >= 8 &&
		    (memcmp(line.data, "        ", 8) == 0 ||
			memcmp(line.data, "       |", 8) == 0))
			skip = 8;
		first = false;
		str_append(&out, line.data + skip, line.len - skip);
	}
	return str_take(&out);
}

char *
metadata_description(const struct metadata *m)
{
	const char *field = metadata_get(m, METADATA_DESCRIPTION);

	if (field != NULL)
		return unfold(field);
	if (bytes_trim(m->body).len == 0)
		return NULL;
	return mem_strndup(m->body.data, m->body.len);
}

/* 2.4 and later, by text: every version with License-File has one digit behind "2.", or two. */
static bool
has_license_files(const struct metadata *m)
{
	const char *version = metadata_get(m, METADATA_VERSION_);

	if (version == NULL)
		return false;
	return strtol(version, NULL, 10) > 2 ||
	       (text_starts(version, "2.") && strtol(version + 2, NULL, 10) >= 4);
}

void
metadata_each_form_field(const struct metadata *m, metadata_form_fn fn, void *arg)
{
	char *description = metadata_description(m);
	bool license_files = has_license_files(m);

	for (size_t i = 0; i < m->count; i++) {
		const struct metadata_field *f = &m->fields[i];

		if (f->key == METADATA_KEY_COUNT || f->key == METADATA_DESCRIPTION ||
		    f->value.len == 0)
			continue;
		if (f->key == METADATA_LICENSE_FILE && !license_files)
			continue;
		fn(arg, metadata_key_info(f->key)->form, f->value.data);
	}
	if (description != NULL)
		fn(arg, metadata_key_info(METADATA_DESCRIPTION)->form, description);
	free(description);
}
