/* TOML documents, read-only, with the place of every key and value: the one parser for projects,
 * configuration and themes. TOML 1.0 by the letter; the additions of 1.1 are read and reported.
 * An edit replaces the content of strings and nothing else: every other byte stays. */
#ifndef SLIPWAY_BASE_TOML_H
#define SLIPWAY_BASE_TOML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"

#define TOML_DEPTH_MAX 128		  /* tables, arrays and dotted keys together */
#define TOML_SIZE_MAX ((size_t)256 << 20) /* bytes of a document */

struct toml_doc;

enum toml_kind {
	TOML_STRING,
	TOML_INTEGER,
	TOML_FLOAT,
	TOML_BOOL,
	TOML_DATETIME, /* with an offset */
	TOML_DATETIME_LOCAL,
	TOML_DATE_LOCAL,
	TOML_TIME_LOCAL,
	TOML_ARRAY, /* also of tables */
	TOML_TABLE, /* also inline */
	TOML_KIND_COUNT
};

enum toml_quote {
	TOML_QUOTE_NONE,
	TOML_QUOTE_BASIC,	  /* "..." */
	TOML_QUOTE_LITERAL,	  /* '...' */
	TOML_QUOTE_BASIC_MULTI,	  /* """...""" */
	TOML_QUOTE_LITERAL_MULTI, /* '''...''' */
};

/* Bytes START up to, not with, END. */
struct toml_span {
	uint32_t start, end;
};

struct toml_index;

/* Read only; lives as long as its document. Fields below the line are the parser's. */
struct toml_node {
	const char *key; /* decoded, closed by a NUL; NULL for the root and for items of arrays */
	struct toml_node *parent, *next; /* NEXT: in the order of first mention */
	/* Strings: decoded, CRLF as LF, closed by a NUL. Other values: as written. NULL for
	 * containers. */
	const char *text;
	union {
		int64_t integer; /* of TOML_INTEGER; 0 or 1 of TOML_BOOL; else not to be read */
		struct toml_node *last; /* of containers */
	};
	struct toml_span key_span; /* with its quotes; of the first mention */
	struct toml_span span; /* the whole literal; of tables by header the header line's [...] */
	union {
		struct toml_span content; /* of strings: inside the quotes, behind a trimmed
					     newline; of other values: span */
		struct toml_node *first;  /* of containers; toml_first() asks */
	};
	uint32_t key_len;
	union {
		uint32_t text_len;
		uint32_t count; /* entries of a container */
	};
	uint32_t line; /* where the value starts, from 1 */
	enum toml_kind kind : 8;
	enum toml_quote quote : 8;

	unsigned int depth : 8;
	unsigned int flags : 8;
	struct toml_index *index;
};

/* Parses all of TEXT (a BOM may lead it). The message is "NAME:LINE:COLUMN: expected ..., found
 * ..." or names the rule. ERR_INVALID or ERR_LIMIT. *OUT keeps a copy of TEXT; the caller owns it:
 * toml_free(). */
enum err_code toml_parse(struct bytes text, const char *name, struct toml_doc **out, struct err *e);
void toml_free(struct toml_doc *doc); /* NULL is fine */

const struct toml_node *toml_root(const struct toml_doc *doc);
struct bytes toml_source(const struct toml_doc *doc); /* borrowed */
const char *toml_name(const struct toml_doc *doc);
/* True when the document needs TOML 1.1, which Python before 3.15 does not read; *POS (may be NULL)
 * is the first such place. */
bool toml_needs_1_1(const struct toml_doc *doc, uint32_t *pos);

/* Looking up. NULL for FROM is fine and gives NULL; so is a node of another kind. */
#define TOML_PATH(...) ((const char *const[]) { __VA_ARGS__, NULL })
const struct toml_node *toml_get(const struct toml_node *table, const char *key);
/* Follows keys through tables: toml_find(root, TOML_PATH("tool", "poetry", "version")). */
const struct toml_node *toml_find(const struct toml_node *from, const char *const *path);
/* The decoded string under KEY; NULL when there is none or it is of another kind. */
const char *toml_text(const struct toml_node *table, const char *key);
const struct toml_node *toml_first(const struct toml_node *container); /* go on with ->next */
const struct toml_node *toml_at(
    const struct toml_node *array, size_t i); /* walks: use toml_first to loop */

const char *toml_kind_name(enum toml_kind kind); /* "string", "local date" */
/* Appends the way from the root: tool."my app".list[2]. The root gives "". */
void toml_path(const struct toml_node *node, struct str *out);
/* Line and column (characters) of a byte, both from 1. */
void toml_locate(const struct toml_doc *doc, uint32_t pos, size_t *line, size_t *column);
/* Fills *E with "NAME:LINE:COLUMN: " and the message, for users that find fault with a value. */
enum err_code toml_err_at(const struct toml_doc *doc, uint32_t pos, enum err_code code,
    struct err *e, const char *fmt, ...) PRINTF_LIKE(5, 6);

/* The bytes that stand for PART (offsets into the text) of a string. ERR_UNSUPPORTED when PART cuts
 * an escape or a character, or reaches over a line fold: there is no single place for it. */
enum err_code toml_raw_span(const struct toml_doc *doc, const struct toml_node *node,
    struct toml_span part, struct toml_span *out, struct err *e);

/* One replacement: PART of the text of NODE, a string, becomes TEXT. */
struct toml_edit {
	const struct toml_node *node;
	struct toml_span part;
	struct bytes text; /* decoded; it is escaped as the quotes of NODE need */
};
#define TOML_WHOLE(node) ((struct toml_span) { 0, (node)->text_len })

/* Appends to OUT the document with these strings changed. The result is parsed again and compared:
 * it is given only when nothing but these values differs. Parts of one node must not overlap.
 * ERR_UNSUPPORTED when the quotes of a string cannot hold its new text; ERR_USAGE when NODE is not
 * a string. */
enum err_code toml_splice(const struct toml_doc *doc, const struct toml_edit *edits, size_t count,
    struct str *out, struct err *e);

/* Equal in keys, order, kinds and values; spans and spelling of strings do not count. */
bool toml_equal(const struct toml_node *a, const struct toml_node *b);

#endif
