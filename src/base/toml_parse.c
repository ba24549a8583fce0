/* The grammar of TOML documents and the rules on what may be defined where. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"
#include "toml_private.h"

#define AHEAD_MAX 64

static enum err_code read_value(struct toml_parser *p, struct toml_node *node);

enum err_code
toml_expected(struct toml_parser *p, uint32_t pos, const char *what)
{
	char found[48];
	uint32_t cp = 0;
	size_t used;

	if (pos >= p->len) {
		snprintf(found, sizeof found, "the end of the file");
	} else if (p->text[pos] == '\n' || (p->text[pos] == '\r' && p->text[pos + 1] == '\n')) {
		snprintf(found, sizeof found, "the end of the line");
	} else if (p->text[pos] == '\r') {
		snprintf(found, sizeof found, "a carriage return without a newline");
	} else {
		used = utf8_decode(p->text + pos, p->len - pos, &cp);
		if (used > 0 && cp >= 0x20 && cp != 0x7f)
			snprintf(found, sizeof found, "\"%.*s\"", (int)used, p->text + pos);
		else
			snprintf(found, sizeof found, "the control character U+%04X", cp);
	}
	return toml_err_at(p->doc, pos, ERR_INVALID, p->e, "expected %s, found %s", what, found);
}

void
toml_mark_1_1(struct toml_parser *p, uint32_t pos)
{
	if (pos < p->doc->pos_1_1)
		p->doc->pos_1_1 = pos;
}

static void
skip_blank(struct toml_parser *p)
{
	while (toml_peek(p) == ' ' || toml_peek(p) == '\t')
		p->pos++;
}

static bool
skip_newline(struct toml_parser *p)
{
	if (toml_peek(p) == '\r' && p->text[p->pos + 1] == '\n')
		p->pos++;
	if (toml_peek(p) != '\n')
		return false;
	p->pos++;
	p->line++;
	return true;
}

static enum err_code
skip_comment(struct toml_parser *p)
{
	if (toml_peek(p) != '#')
		return ERR_OK;
	for (p->pos++;; p->pos++) {
		unsigned char c = (unsigned char)toml_peek(p);

		if ((c >= 0x20 && c != 0x7f) || c == '\t')
			continue;
		if (toml_at_end(p) || c == '\n' || (c == '\r' && p->text[p->pos + 1] == '\n'))
			return ERR_OK;
		return toml_expected(p, p->pos, "text in a comment");
	}
}

/* Blanks, comments and newlines, as between the items of an array. */
static enum err_code
skip_space(struct toml_parser *p)
{
	enum err_code rc;

	do {
		skip_blank(p);
		rc = skip_comment(p);
		if (rc != ERR_OK)
			return rc;
	} while (skip_newline(p));
	return ERR_OK;
}

static enum err_code
end_line(struct toml_parser *p)
{
	enum err_code rc;

	skip_blank(p);
	rc = skip_comment(p);
	if (rc != ERR_OK || toml_at_end(p) || skip_newline(p))
		return rc;
	return toml_expected(p, p->pos, "the end of the line");
}

/* A key that is there already, and where. */
static enum err_code
already(struct toml_parser *p, const struct toml_node *there, uint32_t pos, const char *why)
{
	struct str path = STR_EMPTY;
	size_t line, column;

	toml_path(there, &path);
	toml_locate(
	    p->doc, there->key != NULL ? there->key_span.start : there->span.start, &line, &column);
	toml_err_at(p->doc, pos, ERR_INVALID, p->e, "%s %s (line %zu)", str_text(&path), why, line);
	str_fini(&path);
	return ERR_INVALID;
}

static enum err_code
add_node(struct toml_parser *p, struct toml_node *parent, const char *key, uint32_t key_len,
    struct toml_span span, struct toml_node **out)
{
	struct toml_node *node;

	if (parent->depth + 1u > TOML_DEPTH_MAX)
		return toml_err_at(p->doc, span.start, ERR_LIMIT, p->e,
		    "nested more than %d levels deep", TOML_DEPTH_MAX);
	node = toml_append(p->doc, parent, key, key_len);
	node->key_span = node->span = span;
	node->line = p->line;
	node->kind = TOML_TABLE;
	*out = node;
	return ERR_OK;
}

/* One step of a header like [a.b.c], but its last: into a table that is there or, undefined, made
 * here. */
static enum err_code
enter_by_header(struct toml_parser *p, const char *key, uint32_t key_len, struct toml_span span,
    struct toml_node **table)
{
	struct toml_node *next = toml_child(p->doc, *table, key, key_len);

	if (next == NULL)
		return add_node(p, *table, key, key_len, span, table);
	if (next->kind == TOML_ARRAY && (next->flags & TOML_OF_TABLES))
		next = next->last;
	if (next->kind != TOML_TABLE)
		return already(p, next, span.start, "is not a table");
	if (next->flags & TOML_CLOSED)
		return already(p, next, span.start, "is an inline table, which cannot grow");
	*table = next;
	return ERR_OK;
}

/* The last step of [a.b.c]. */
static enum err_code
define_table(struct toml_parser *p, const char *key, uint32_t key_len, struct toml_span span,
    struct toml_node **table)
{
	struct toml_node *next = toml_child(p->doc, *table, key, key_len);
	enum err_code rc;

	if (next == NULL) {
		rc = add_node(p, *table, key, key_len, span, table);
		if (rc == ERR_OK)
			(*table)->flags = TOML_DEFINED;
		return rc;
	}
	if (next->kind != TOML_TABLE)
		return already(p, next, span.start, "is already defined, and not as a table");
	if (next->flags & (TOML_DEFINED | TOML_DOTTED | TOML_CLOSED))
		return already(p, next, span.start, "is already defined");
	next->flags |= TOML_DEFINED;
	*table = next;
	return ERR_OK;
}

/* The last step of [[a.b.c]]. */
static enum err_code
define_item(struct toml_parser *p, const char *key, uint32_t key_len, struct toml_span span,
    struct toml_node **table)
{
	struct toml_node *array = toml_child(p->doc, *table, key, key_len);
	enum err_code rc;

	if (array == NULL) {
		rc = add_node(p, *table, key, key_len, span, &array);
		if (rc != ERR_OK)
			return rc;
		array->kind = TOML_ARRAY;
		array->flags = TOML_OF_TABLES;
	}
	if (array->kind != TOML_ARRAY || !(array->flags & TOML_OF_TABLES))
		return already(
		    p, array, span.start, "is already defined, and not as an array of tables");
	rc = add_node(p, array, NULL, 0, span, table);
	if (rc == ERR_OK)
		(*table)->flags = TOML_DEFINED;
	return rc;
}

static enum err_code
read_header(struct toml_parser *p, struct toml_node **out)
{
	uint32_t start = p->pos, key_len;
	bool of_tables = p->text[start + 1] == '[';
	struct toml_node *table = p->doc->root;
	struct toml_span span;
	const char *key;
	enum err_code rc;

	p->pos += of_tables ? 2 : 1;
	for (;;) {
		skip_blank(p);
		rc = toml_read_key(p, &key, &key_len, &span);
		if (rc != ERR_OK)
			return rc;
		skip_blank(p);
		if (toml_peek(p) != '.')
			break;
		p->pos++;
		rc = enter_by_header(p, key, key_len, span, &table);
		if (rc != ERR_OK)
			return rc;
	}
	if (toml_peek(p) != ']')
		return toml_expected(p, p->pos, of_tables ? "\"]]\"" : "\"]\"");
	if (of_tables && p->text[p->pos + 1] != ']')
		return toml_expected(p, p->pos + 1, "a second \"]\"");
	p->pos += of_tables ? 2 : 1;
	rc = of_tables ? define_item(p, key, key_len, span, &table)
		       : define_table(p, key, key_len, span, &table);
	if (rc != ERR_OK)
		return rc;
	table->span = (struct toml_span) { .start = start, .end = p->pos };
	table->line = p->line;
	*out = table;
	return end_line(p);
}

/* One step of a dotted key, but its last. */
static enum err_code
enter_by_dot(struct toml_parser *p, const char *key, uint32_t key_len, struct toml_span span,
    struct toml_node **table)
{
	struct toml_node *next = toml_child(p->doc, *table, key, key_len);
	enum err_code rc;

	if (next == NULL) {
		rc = add_node(p, *table, key, key_len, span, &next);
		if (rc != ERR_OK)
			return rc;
	} else if (next->kind != TOML_TABLE) {
		return already(p, next, span.start, "is not a table");
	} else if (next->flags & TOML_CLOSED) {
		return already(p, next, span.start, "is an inline table, which cannot grow");
	} else if (next->flags & TOML_DEFINED) {
		return already(
		    p, next, span.start, "has a header of its own; its keys belong there");
	}
	next->flags |= TOML_DOTTED;
	*table = next;
	return ERR_OK;
}

/* key = value, without what follows it. */
static enum err_code
read_pair(struct toml_parser *p, struct toml_node *table)
{
	struct toml_span span;
	struct toml_node *node;
	const char *key;
	uint32_t key_len;
	enum err_code rc;

	for (;;) {
		rc = toml_read_key(p, &key, &key_len, &span);
		if (rc != ERR_OK)
			return rc;
		skip_blank(p);
		if (toml_peek(p) != '.')
			break;
		p->pos++;
		skip_blank(p);
		rc = enter_by_dot(p, key, key_len, span, &table);
		if (rc != ERR_OK)
			return rc;
	}
	if (toml_peek(p) != '=')
		return toml_expected(p, p->pos, "\"=\" behind the key");
	p->pos++;
	node = toml_child(p->doc, table, key, key_len);
	if (node != NULL)
		return already(p, node, span.start, "is already defined");
	rc = add_node(p, table, key, key_len, span, &node);
	if (rc != ERR_OK)
		return rc;
	skip_blank(p);
	node->line = p->line;
	return read_value(p, node);
}

static enum err_code
read_array(struct toml_parser *p, struct toml_node *node)
{
	uint32_t start = p->pos++;
	struct toml_node *item = NULL;
	enum err_code rc;

	node->kind = TOML_ARRAY;
	node->flags = TOML_CLOSED;
	for (;;) {
		rc = skip_space(p);
		if (rc != ERR_OK)
			return rc;
		if (toml_peek(p) == ']')
			break;
		rc = add_node(p, node, NULL, 0, (struct toml_span) { p->pos, p->pos }, &item);
		if (rc == ERR_OK)
			rc = read_value(p, item);
		if (rc == ERR_OK)
			rc = skip_space(p);
		if (rc != ERR_OK)
			return rc;
		if (toml_peek(p) == ']')
			break;
		if (toml_peek(p) != ',')
			return toml_expected(p, p->pos, "\",\" or \"]\"");
		p->pos++;
	}
	p->pos++;
	node->span = (struct toml_span) { .start = start, .end = p->pos };
	return ERR_OK;
}

/* White space inside an inline table: 1.0 has blanks only. */
static enum err_code
skip_inline(struct toml_parser *p)
{
	uint32_t start;

	skip_blank(p);
	start = p->pos;
	if (toml_peek(p) != '#' && toml_peek(p) != '\n' && toml_peek(p) != '\r')
		return ERR_OK;
	toml_mark_1_1(p, start);
	return skip_space(p);
}

static enum err_code
read_inline(struct toml_parser *p, struct toml_node *node)
{
	uint32_t start = p->pos++, comma;
	enum err_code rc;

	rc = skip_inline(p);
	if (rc != ERR_OK)
		return rc;
	while (toml_peek(p) != '}') {
		rc = read_pair(p, node);
		if (rc == ERR_OK)
			rc = skip_inline(p);
		if (rc != ERR_OK)
			return rc;
		if (toml_peek(p) == '}')
			break;
		if (toml_peek(p) != ',')
			return toml_expected(p, p->pos, "\",\" or \"}\"");
		comma = p->pos++;
		rc = skip_inline(p);
		if (rc != ERR_OK)
			return rc;
		if (toml_peek(p) == '}')
			toml_mark_1_1(p, comma);
	}
	p->pos++;
	node->flags = TOML_CLOSED;
	node->span = (struct toml_span) { .start = start, .end = p->pos };
	return ERR_OK;
}

static enum err_code
read_value(struct toml_parser *p, struct toml_node *node)
{
	switch (toml_peek(p)) {
	case '"':
	case '\'':
		return toml_read_string(p, node);
	case '[':
		return read_array(p, node);
	case '{':
		return read_inline(p, node);
	}
	return toml_read_scalar(p, node);
}

static bool
is_bare(char c)
{
	return toml_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       c == '-';
}

/* The first byte behind the next newline that is near; NULL when there is none. */
static const char *
next_line(const struct toml_parser *p, const char *from)
{
	size_t room = (size_t)(p->text + p->len - from);
	const char *lf = memchr(from, '\n', room < AHEAD_MAX ? room : AHEAD_MAX);

	return lf != NULL ? lf + 1 : NULL;
}

static void
announce(const struct toml_parser *p, const struct toml_node *table, const char *key)
{
	const char *end = key;

	while (is_bare(*end))
		end++;
	toml_announce(p->doc, table, key, (size_t)(end - key));
}

/* Announces the next header, or the next key of TABLE (NULL: this line is a header). In a document
 * of very many tables or keys, waiting for memory would be most of the work. It is a hint alone,
 * and nothing when lines are long. */
static void
look_ahead(const struct toml_parser *p, const struct toml_node *table)
{
	const char *line = p->text + p->pos;

	if (!toml_is_large(table != NULL ? table : p->doc->root))
		return;
	line = next_line(p, line);
	for (int i = 0; table == NULL && line != NULL && *line != '[' && i < 3; i++)
		line = next_line(p, line);
	if (line == NULL || (*line == '[') != (table == NULL))
		return;
	if (table == NULL)
		announce(p, p->doc->root, line + (line[1] == '[' ? 2 : 1));
	else
		announce(p, table, line);
}

static enum err_code
read_document(struct toml_parser *p)
{
	struct toml_node *table = p->doc->root;
	enum err_code rc = skip_space(p);

	while (rc == ERR_OK && !toml_at_end(p)) {
		if (toml_peek(p) == '[') {
			look_ahead(p, NULL);
			rc = read_header(p, &table);
		} else {
			look_ahead(p, table);
			rc = read_pair(p, table);
			if (rc == ERR_OK)
				rc = end_line(p);
		}
		if (rc == ERR_OK)
			rc = skip_space(p);
	}
	return rc;
}

/* The first byte that is not UTF-8, or LEN. Most of a document is ASCII, eight bytes a step. */
static size_t
find_bad_utf8(const char *text, size_t len)
{
	uint64_t word;
	uint32_t cp;
	size_t pos = 0, used;

	while (pos < len) {
		if (len - pos >= 8) {
			memcpy(&word, text + pos, 8);
			if ((word & 0x8080808080808080u) == 0) {
				pos += 8;
				continue;
			}
		}
		used = (unsigned char)text[pos] < 0x80 ? 1
						       : utf8_decode(text + pos, len - pos, &cp);
		if (used == 0)
			return pos;
		pos += used;
	}
	return len;
}

static enum err_code
parse(struct toml_doc *doc, struct err *e)
{
	struct toml_parser p = {
		.doc = doc, .text = doc->text, .len = (uint32_t)doc->len, .line = 1, .e = e
	};
	size_t bad = find_bad_utf8(doc->text, doc->len);

	if (bad < doc->len)
		return toml_err_at(doc, (uint32_t)bad, ERR_INVALID, e,
		    "expected UTF-8, found the byte 0x%02x", (unsigned char)doc->text[bad]);
	if (doc->len >= 3 && memcmp(doc->text, "\xef\xbb\xbf", 3) == 0)
		p.pos = 3;
	doc->root = toml_append(doc, NULL, NULL, 0);
	doc->root->kind = TOML_TABLE;
	doc->root->flags = TOML_DEFINED;
	doc->root->line = 1;
	doc->root->span = (struct toml_span) { .start = 0, .end = p.len };
	return read_document(&p);
}

enum err_code
toml_parse(struct bytes text, const char *name, struct toml_doc **out, struct err *e)
{
	struct toml_doc *doc;
	enum err_code rc;

	if (text.len > TOML_SIZE_MAX)
		return err_set(e, ERR_LIMIT, "%s: %zu bytes of TOML, the limit is %zu", name,
		    text.len, TOML_SIZE_MAX);
	doc = mem_zalloc(1, sizeof *doc);
	doc->name = mem_strdup(name);
	doc->text = mem_strndup(text.data, text.len);
	doc->len = text.len;
	doc->pos_1_1 = UINT32_MAX;
	/* Where things lie in memory differs from run to run, which is all that the hash needs. */
	doc->seed = ((uint64_t)(uintptr_t)doc ^ (uint64_t)(uintptr_t)&rc) * 0x9e3779b97f4a7c15u;
	rc = parse(doc, e);
	if (rc == ERR_OK)
		*out = doc;
	else
		toml_free(doc);
	return rc;
}
