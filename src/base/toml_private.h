/* What the files of the TOML parser share. */
#ifndef SLIPWAY_BASE_TOML_PRIVATE_H
#define SLIPWAY_BASE_TOML_PRIVATE_H

#include "slipway/base/toml.h"

/* How a table or array came to be decides who may add to it. */
enum toml_flag {
	TOML_DEFINED = 1, /* by a header of its own, or an item of an array of tables */
	TOML_DOTTED =
	    2, /* by a dotted key, so never by a header; the section of its parent adds to it */
	TOML_CLOSED = 4,    /* an inline table or array: never grows once it is read */
	TOML_OF_TABLES = 8, /* an array made by [[...]] */
};

#define TOML_BLOCKS_MAX 27 /* each twice as large: more nodes than a document has bytes */

struct toml_chunk;

struct toml_doc {
	char *name;
	char *text; /* closed by a NUL, so that the parser may look at text[len] */
	size_t len;
	struct toml_node *root;
	struct toml_chunk *chunks; /* arena, newest first */
	char *free, *free_end;
	struct toml_node *nodes[TOML_BLOCKS_MAX]; /* numbered through: node_at() */
	struct toml_node *node_next;		  /* in the newest block */
	uint32_t node_left, node_count;
	unsigned int block_count;
	uint64_t seed;
	const char
	    *hashed;	  /* the key that was looked up last in an index, to be added most often */
	uint32_t hash;	  /* its hash */
	uint32_t pos_1_1; /* UINT32_MAX: it is plain 1.0 */
};

struct toml_parser {
	struct toml_doc *doc;
	const char *text;
	uint32_t len, pos;
	uint32_t line;
	struct err *e;
};

/* From the arena; aligned for nodes, pointers and numbers of 64 bits, not zeroed. */
void *toml_alloc(struct toml_doc *doc, size_t size);
char *toml_alloc_text(struct toml_doc *doc, const char *text, size_t len); /* with a NUL */

/* Children. toml_append takes KEY as it is; NULL for an item of an array. */
struct toml_node *toml_child(
    struct toml_doc *doc, const struct toml_node *table, const char *key, size_t len);
bool toml_is_large(const struct toml_node *table); /* more than the nearest cache holds */
/* KEY of TABLE, a large one, will be looked up soon: its place is fetched meanwhile. */
void toml_announce(
    const struct toml_doc *doc, const struct toml_node *table, const char *key, size_t len);
struct toml_node *toml_append(
    struct toml_doc *doc, struct toml_node *parent, const char *key, size_t key_len);

/* "expected WHAT, found ..." at POS. */
enum err_code toml_expected(struct toml_parser *p, uint32_t pos, const char *what);
void toml_mark_1_1(struct toml_parser *p, uint32_t pos);

/* Strings: the parser stands on the quote; fills text, spans and quote. */
enum err_code toml_read_string(struct toml_parser *p, struct toml_node *node);
/* One segment of a key, bare or quoted. */
enum err_code toml_read_key(
    struct toml_parser *p, const char **key, uint32_t *key_len, struct toml_span *span);
/* One step of decoding: the bytes of the string literal's content at POS give *N bytes of OUT;
 * returns how many were used. A line fold gives none. */
uint32_t toml_decode_step(
    const char *text, uint32_t pos, uint32_t end, enum toml_quote quote, char out[4], size_t *n);
/* Integers, floats, booleans, dates and times. */
enum err_code toml_read_scalar(struct toml_parser *p, struct toml_node *node);

static inline char
toml_peek(const struct toml_parser *p)
{
	return p->text[p->pos];
}

static inline bool
toml_at_end(const struct toml_parser *p)
{
	return p->pos >= p->len;
}

static inline bool
toml_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

#endif
