/* Parsing RECORD. Python's csv module with its default dialect is what every reader uses. */
#include "slipway/dist/record.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"

#define FIELDS 3

struct reader {
	struct record *r;
	struct bytes rest;
	size_t line;
	size_t begin[FIELDS + 1]; /* of each field in the store */
	size_t fields;
	bool open_quote;
};

static bool
at_line_end(const struct reader *c)
{
	return c->rest.len == 0 || c->rest.data[0] == '\n' || c->rest.data[0] == '\r';
}

static char
take(struct reader *c)
{
	char byte = c->rest.data[0];

	c->rest.data++;
	c->rest.len--;
	/* A CRLF counts once, at its LF. */
	if (byte == '\n' || (byte == '\r' && (c->rest.len == 0 || c->rest.data[0] != '\n')))
		c->line++;
	return byte;
}

/* What stands between quotes, of which the first one was taken. */
static void
take_quoted(struct reader *c)
{
	while (c->rest.len > 0) {
		char byte = take(c);

		if (byte == '"') {
			if (c->rest.len == 0 || c->rest.data[0] != '"')
				return;
			take(c);
		}
		str_putc(&c->r->store, byte);
	}
	c->open_quote = true;
}

/* Up to the next comma or the end of the line. */
static void
take_plain(struct reader *c)
{
	size_t len = 0;

	while (len < c->rest.len && c->rest.data[len] != ',' && c->rest.data[len] != '\n' &&
	       c->rest.data[len] != '\r')
		len++;
	str_append(&c->r->store, c->rest.data, len);
	c->rest.data += len;
	c->rest.len -= len;
}

static void
take_field(struct reader *c)
{
	if (c->fields < FIELDS)
		c->begin[c->fields] = c->r->store.len;
	if (c->rest.len > 0 && c->rest.data[0] == '"') {
		take(c);
		take_quoted(c);
	}
	take_plain(c);
	/* Fields behind the third one are counted, not kept. */
	if (c->fields >= FIELDS)
		c->r->store.len = c->begin[FIELDS];
	c->fields++;
	if (c->fields <= FIELDS)
		c->begin[c->fields] = c->r->store.len;
}

static struct bytes
field(const struct reader *c, size_t i)
{
	if (i >= c->fields)
		return (struct bytes) { .data = NULL, .len = c->r->store.len };
	return (struct bytes) { .data = NULL, .len = c->begin[i] };
}

/* Texts are noted by where they begin, since the store moves; record_parse() makes pointers of it.
 */
static void
add_row(struct reader *c, size_t line)
{
	struct record *r = c->r;
	struct record_row row = {
		.path = field(c, 0), .algorithm = field(c, 1), .digest = field(c, 2), .line = line
	};

	if (c->fields != FIELDS)
		row.problems |= RECORD_FIELDS;
	if (c->open_quote)
		row.problems |= RECORD_OPEN_QUOTE;
	r->rows = mem_grow(r->rows, &r->cap, r->count + 1, sizeof r->rows[0]);
	r->rows[r->count++] = row;
}

static void
read_hash(struct record_row *row, struct bytes hash)
{
	const char *equals = hash.len > 0 ? memchr(hash.data, '=', hash.len) : NULL;

	row->algorithm = (struct bytes) { .data = hash.data, .len = 0 };
	row->digest = row->algorithm;
	if (hash.len == 0)
		return;
	if (equals == NULL || equals == hash.data) {
		row->problems |= RECORD_BAD_HASH;
		return;
	}
	row->algorithm.len = (size_t)(equals - hash.data);
	row->digest.data = equals + 1;
	row->digest.len = hash.len - row->algorithm.len - 1;
	for (size_t i = 0; i < row->digest.len; i++) {
		char c = row->digest.data[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			c == '-' || c == '_'))
			row->problems |= RECORD_BAD_HASH;
	}
	if (row->digest.len == 0)
		row->problems |= RECORD_BAD_HASH;
}

static void
read_size(struct record_row *row, struct bytes text)
{
	uint64_t size = 0;

	if (text.len == 0)
		return;
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9' || i >= 18) {
			row->problems |= RECORD_BAD_SIZE;
			return;
		}
		size = size * 10 + (uint64_t)(text.data[i] - '0');
	}
	row->size = size;
	row->has_size = true;
}

static struct bytes
between(const struct record *r, size_t begin, size_t end)
{
	return (struct bytes) { .data = str_text(&r->store) + begin, .len = end - begin };
}

static void
finish_row(struct record *r, size_t i)
{
	struct record_row *row = &r->rows[i];
	size_t end = i + 1 < r->count ? row[1].path.len : r->store.len;
	size_t hash = row->algorithm.len, size = row->digest.len;

	row->path = between(r, row->path.len, hash);
	read_hash(row, between(r, hash, size));
	read_size(row, between(r, size, end));
	if (row->path.len == 0)
		row->problems |= RECORD_NO_PATH;
	else if (!utf8_valid(row->path.data, row->path.len))
		row->problems |= RECORD_BAD_UTF8;
}

void
record_parse(const char *text, size_t len, struct record *out)
{
	struct record r = RECORD_EMPTY;
	struct reader c = { .r = &r, .rest = { .data = text, .len = len }, .line = 1 };

	while (c.rest.len > 0) {
		size_t line = c.line;

		if (at_line_end(&c)) {
			take(&c);
			continue;
		}
		c.fields = 0;
		take_field(&c);
		while (c.rest.len > 0 && c.rest.data[0] == ',') {
			take(&c);
			take_field(&c);
		}
		add_row(&c, line);
	}
	for (size_t i = 0; i < r.count; i++)
		finish_row(&r, i);
	*out = r;
}

void
record_fini(struct record *r)
{
	str_fini(&r->store);
	free(r->rows);
	*r = (struct record)RECORD_EMPTY;
}
