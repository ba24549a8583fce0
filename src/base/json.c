/* JSON on jansson: a struct json is a json_t that nobody else may know to be one. */
#include "slipway/base/json.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include <jansson.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/utf8.h"

#define DEFAULT_SIZE ((size_t)64 << 20)
#define DEFAULT_DEPTH 64

static inline const json_t *
peek(const struct json *j)
{
	return (const json_t *)j;
}

static inline json_t *
hold(struct json *j)
{
	return (json_t *)j;
}

static inline struct json *
wrap(json_t *value)
{
	if (value == NULL)
		die("out of memory for a JSON value");
	return (struct json *)value;
}

/* Finds the bracket that opens level DEPTH + 1, if there is one; strings are skipped. jansson has a
 * bound of its own, but a fixed one, and recursion costs stack. */
static bool
find_too_deep(struct bytes text, size_t depth, size_t *pos)
{
	size_t level = 0;
	bool quoted = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (quoted) {
			if (c == '\\')
				i++;
			else if (c == '"')
				quoted = false;
		} else if (c == '"') {
			quoted = true;
		} else if (c == '[' || c == '{') {
			if (++level > depth) {
				*pos = i;
				return true;
			}
		} else if ((c == ']' || c == '}') && level > 0) {
			level--;
		}
	}
	return false;
}

static void
find_line(struct bytes text, size_t pos, size_t *line, size_t *column)
{
	*line = 1;
	*column = 1;
	for (size_t i = 0; i < pos; i++) {
		(*column)++;
		if (text.data[i] == '\n') {
			(*line)++;
			*column = 1;
		}
	}
}

enum err_code
json_parse(struct bytes text, const char *name, const struct json_limits *limits, struct json **out,
    struct err *e)
{
	size_t size_max = limits != NULL ? limits->size_bytes : 0;
	size_t depth_max = limits != NULL ? limits->depth : 0;
	size_t pos, line, column;
	json_error_t jerr;
	json_t *root;

	if (size_max == 0)
		size_max = DEFAULT_SIZE;
	if (depth_max == 0)
		depth_max = DEFAULT_DEPTH;
	if (text.len > size_max)
		return err_set(e, ERR_LIMIT, "%s: %zu bytes of JSON, the limit is %zu", name,
		    text.len, size_max);
	if (find_too_deep(text, depth_max, &pos)) {
		find_line(text, pos, &line, &column);
		return err_set(e, ERR_LIMIT, "%s:%zu:%zu: JSON nested more than %zu levels deep",
		    name, line, column, depth_max);
	}
	root = json_loadb(text.data != NULL ? text.data : "", text.len, JSON_DECODE_ANY, &jerr);
	if (root == NULL)
		return err_set(e, ERR_INVALID, "%s:%d:%d: not valid JSON: %s", name,
		    jerr.line > 0 ? jerr.line : 1, jerr.column > 0 ? jerr.column : 1, jerr.text);
	*out = wrap(root);
	return ERR_OK;
}

void
json_free(struct json *j)
{
	json_decref(hold(j));
}

struct json *
json_clone(const struct json *j)
{
	return j != NULL ? wrap(json_deep_copy(peek(j))) : NULL;
}

enum json_kind
json_kind(const struct json *j)
{
	if (j == NULL)
		return JSON_KIND_NULL;
	switch (json_typeof(peek(j))) {
	case JSON_OBJECT:
		return JSON_KIND_OBJECT;
	case JSON_ARRAY:
		return JSON_KIND_ARRAY;
	case JSON_STRING:
		return JSON_KIND_TEXT;
	case JSON_INTEGER:
		return JSON_KIND_INT;
	case JSON_REAL:
		return JSON_KIND_REAL;
	case JSON_TRUE:
	case JSON_FALSE:
		return JSON_KIND_BOOL;
	case JSON_NULL:
		break;
	}
	return JSON_KIND_NULL;
}

const char *
json_kind_name(enum json_kind kind)
{
	static const char *const names[] = {
		[JSON_KIND_NULL] = "null",
		[JSON_KIND_BOOL] = "boolean",
		[JSON_KIND_INT] = "integer",
		[JSON_KIND_REAL] = "real number",
		[JSON_KIND_TEXT] = "text",
		[JSON_KIND_ARRAY] = "array",
		[JSON_KIND_OBJECT] = "object",
	};
	_Static_assert(ARRAY_LEN(names) == JSON_KIND_COUNT, "one name per kind");

	assert(kind < JSON_KIND_COUNT);
	return names[kind];
}

size_t
json_count(const struct json *j)
{
	/* Each is 0 for a value of another kind. */
	return json_array_size(peek(j)) + json_object_size(peek(j));
}

const struct json *
json_at(const struct json *array, size_t i)
{
	return (const struct json *)json_array_get(peek(array), i);
}

const struct json *
json_get(const struct json *object, const char *key)
{
	return (const struct json *)json_object_get(peek(object), key);
}

const char *
json_text(const struct json *object, const char *key)
{
	return json_as_text(json_get(object, key));
}

const struct json *
json_get_array(const struct json *object, const char *key)
{
	const struct json *value = json_get(object, key);

	return json_kind(value) == JSON_KIND_ARRAY ? value : NULL;
}

const struct json *
json_get_object(const struct json *object, const char *key)
{
	const struct json *value = json_get(object, key);

	return json_kind(value) == JSON_KIND_OBJECT ? value : NULL;
}

int64_t
json_int(const struct json *object, const char *key, int64_t fallback)
{
	return json_as_int(json_get(object, key), fallback);
}

bool
json_bool(const struct json *object, const char *key, bool fallback)
{
	const struct json *value = json_get(object, key);

	return json_kind(value) == JSON_KIND_BOOL ? json_is_true(peek(value)) : fallback;
}

const char *
json_as_text(const struct json *j)
{
	return json_string_value(peek(j));
}

int64_t
json_as_int(const struct json *j, int64_t fallback)
{
	return json_kind(j) == JSON_KIND_INT ? json_integer_value(peek(j)) : fallback;
}

double
json_as_real(const struct json *j, double fallback)
{
	return json_is_number(peek(j)) ? json_number_value(peek(j)) : fallback;
}

bool
json_next(const struct json *object, struct json_iter *it)
{
	/* The iterator functions take no const, yet change nothing. */
	union {
		const struct json *in;
		json_t *out;
	} map = { .in = object };

	if (json_kind(object) != JSON_KIND_OBJECT)
		return false;
	it->at = it->at == NULL ? json_object_iter(map.out)
				: json_object_iter_next(map.out, it->at);
	if (it->at == NULL)
		return false;
	it->key = json_object_iter_key(it->at);
	it->value = (const struct json *)json_object_iter_value(it->at);
	return true;
}

struct json *
json_object_new(void)
{
	return wrap(json_object());
}

struct json *
json_array_new(void)
{
	return wrap(json_array());
}

static struct json *
text_new(struct bytes text)
{
	struct str safe = STR_EMPTY;
	struct json *value;

	if (text.len == 0)
		text.data = "";
	if (!utf8_valid(text.data, text.len) || memchr(text.data, '\0', text.len) != NULL) {
		sanitise(text.data, text.len, &safe);
		text = (struct bytes) { .data = str_text(&safe), .len = safe.len };
	}
	value = wrap(json_stringn(text.data, text.len));
	str_fini(&safe);
	return value;
}

static struct json *
text_or_null(const char *text)
{
	return text != NULL ? text_new(bytes_of(text)) : NULL;
}

void
json_set(struct json *object, const char *key, struct json *value)
{
	struct str safe = STR_EMPTY;

	if (!utf8_valid(key, strlen(key))) {
		sanitise(key, strlen(key), &safe);
		key = str_text(&safe);
	}
	/* It fails only for lack of memory or when OBJECT is none: both are ours. */
	if (json_object_set_new(hold(object), key, value != NULL ? hold(value) : json_null()) != 0)
		die("cannot set \"%s\" of a JSON object", key);
	str_fini(&safe);
}

void
json_set_text(struct json *object, const char *key, const char *text)
{
	json_set(object, key, text_or_null(text));
}

void
json_set_bytes(struct json *object, const char *key, struct bytes text)
{
	json_set(object, key, text_new(text));
}

void
json_set_int(struct json *object, const char *key, int64_t value)
{
	json_set(object, key, wrap(json_integer(value)));
}

void
json_set_real(struct json *object, const char *key, double value)
{
	json_set(object, key, isfinite(value) ? wrap(json_real(value)) : NULL);
}

void
json_set_bool(struct json *object, const char *key, bool value)
{
	json_set(object, key, wrap(json_boolean(value)));
}

void
json_set_null(struct json *object, const char *key)
{
	json_set(object, key, NULL);
}

struct json *
json_set_object(struct json *object, const char *key)
{
	struct json *value = json_object_new();

	json_set(object, key, value);
	return value;
}

struct json *
json_set_array(struct json *object, const char *key)
{
	struct json *value = json_array_new();

	json_set(object, key, value);
	return value;
}

void
json_remove(struct json *object, const char *key)
{
	json_object_del(hold(object), key);
}

void
json_add(struct json *array, struct json *value)
{
	if (json_array_append_new(hold(array), value != NULL ? hold(value) : json_null()) != 0)
		die("cannot add to a JSON array");
}

void
json_add_text(struct json *array, const char *text)
{
	json_add(array, text_or_null(text));
}

void
json_add_int(struct json *array, int64_t value)
{
	json_add(array, wrap(json_integer(value)));
}

struct json *
json_add_object(struct json *array)
{
	struct json *value = json_object_new();

	json_add(array, value);
	return value;
}

struct json *
json_add_array(struct json *array)
{
	struct json *value = json_array_new();

	json_add(array, value);
	return value;
}

static int
append(const char *data, size_t len, void *out)
{
	str_append(out, data, len);
	return 0;
}

void
json_write(const struct json *j, enum json_style style, struct str *out)
{
	struct str raw = STR_EMPTY;
	size_t kept = 0, used;
	size_t flags = JSON_ENCODE_ANY |
		       (style == JSON_STYLE_INDENT ? JSON_INDENT(2) : JSON_COMPACT);

	if (json_dump_callback(j != NULL ? peek(j) : json_null(), append, &raw, flags) != 0)
		die("cannot write a JSON value");
	/* jansson escapes C0 only. Whatever else is unsafe lies inside a string, where \u means the
	 * same. */
	for (size_t i = 0; i < raw.len; i += used) {
		uint32_t cp = 0;

		used = 1;
		if (raw.data[i] >= ' ' && raw.data[i] <= '~') /* nearly all */
			continue;
		used = utf8_decode(raw.data + i, raw.len - i, &cp);
		assert(used > 0);
		if (cp == '\n' || !sanitise_is_unsafe(cp))
			continue;
		str_append(out, raw.data + kept, i - kept);
		kept = i + used;
		if (cp > 0xffff)
			str_printf(out, "\\u%04X\\u%04X", 0xd800 + (cp - 0x10000) / 0x400,
			    0xdc00 + (cp - 0x10000) % 0x400);
		else
			str_printf(out, "\\u%04X", cp);
	}
	str_append(out, raw.data + kept, raw.len - kept);
	str_fini(&raw);
}
