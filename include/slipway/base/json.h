/* JSON values: parsing within limits, reading by key, building and writing. jansson stays behind
 * it. A value belongs to its parent; only the root is freed. Texts are UTF-8 without NUL. */
#ifndef SLIPWAY_BASE_JSON_H
#define SLIPWAY_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"

struct json;

enum json_kind {
	JSON_KIND_NULL,
	JSON_KIND_BOOL,
	JSON_KIND_INT,
	JSON_KIND_REAL,
	JSON_KIND_TEXT,
	JSON_KIND_ARRAY,
	JSON_KIND_OBJECT,
	JSON_KIND_COUNT
};

/* Zero means the default. */
struct json_limits {
	size_t size_bytes; /* 64 MiB */
	size_t depth;	   /* 64 levels of arrays and objects */
};

/* Parses all of TEXT, any kind at the root. NAME (a file, a URL) starts the message
 * "NAME:LINE:COLUMN: ...". ERR_INVALID or ERR_LIMIT; the caller owns *OUT: json_free(). LIMITS may
 * be NULL. Of equal keys the last one stays. */
enum err_code json_parse(struct bytes text, const char *name, const struct json_limits *limits,
    struct json **out, struct err *e);
void json_free(struct json *j);				/* a root; NULL is fine */
struct json *json_clone(const struct json *j) MUST_USE; /* deep; NULL gives NULL */

/* Reading. Every function takes NULL for a value that is not there; results are borrowed from the
 * root. */

enum json_kind json_kind(const struct json *j);	 /* NULL is JSON_KIND_NULL */
const char *json_kind_name(enum json_kind kind); /* "array" */
size_t json_count(const struct json *j);	 /* items of an array or object, else 0 */
const struct json *json_at(const struct json *array, size_t i); /* NULL past the end */
const struct json *json_get(const struct json *object, const char *key);
/* The text, array or object under KEY; NULL when there is none or it is of another kind. */
const char *json_text(const struct json *object, const char *key);
const struct json *json_get_array(const struct json *object, const char *key);
const struct json *json_get_object(const struct json *object, const char *key);
int64_t json_int(const struct json *object, const char *key, int64_t fallback);
bool json_bool(const struct json *object, const char *key, bool fallback);
/* The value itself, an array's item say. */
const char *json_as_text(const struct json *j); /* NULL for other kinds */
int64_t json_as_int(const struct json *j, int64_t fallback);
double json_as_real(const struct json *j, double fallback); /* integers too */

/* The entries of an object in their order: start with a zeroed iterator. OBJECT must not change
 * meanwhile. */
struct json_iter {
	const char *key;
	const struct json *value;
	void *at;
};
bool json_next(const struct json *object, struct json_iter *it);

/* Building. Setting a key again replaces its value in place. Text that is not valid UTF-8, or holds
 * a NUL, is spelled out by sanitise() first. */

struct json *json_object_new(void) MUST_USE;
struct json *json_array_new(void) MUST_USE;
void json_set(
    struct json *object, const char *key, struct json *value); /* owns VALUE; NULL is null */
void json_set_text(struct json *object, const char *key, const char *text); /* NULL is null */
void json_set_bytes(struct json *object, const char *key, struct bytes text);
void json_set_int(struct json *object, const char *key, int64_t value);
void json_set_real(struct json *object, const char *key, double value); /* not finite is null */
void json_set_bool(struct json *object, const char *key, bool value);
void json_set_null(struct json *object, const char *key);
/* A new empty value under KEY, borrowed: fill it. */
struct json *json_set_object(struct json *object, const char *key);
struct json *json_set_array(struct json *object, const char *key);
void json_remove(struct json *object, const char *key); /* fine when it is not there */
void json_add(struct json *array, struct json *value);	/* owns VALUE; NULL is null */
void json_add_text(struct json *array, const char *text);
void json_add_int(struct json *array, int64_t value);
struct json *json_add_object(struct json *array); /* borrowed */
struct json *json_add_array(struct json *array);  /* borrowed */

enum json_style {
	JSON_STYLE_LINE,   /* one line without spaces, for journals and requests */
	JSON_STYLE_INDENT, /* two spaces a level, for people */
};
/* Appends J in order of insertion, without a newline behind it. What a terminal could act on is
 * written as \uXXXX, so the result may be shown as it is. */
void json_write(const struct json *j, enum json_style style, struct str *out);

#endif
