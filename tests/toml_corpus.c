/* Case 27. Runs the toml-test corpus in the directory given: every valid file has the values of its
 * tagged JSON and survives an edit of each of its strings, every invalid one is refused with a
 * place. Exit status 77, a skip for meson, when the directory is not there. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/base/toml.h"

#define SENTINEL "9.8.7rc6"

struct corpus {
	const char *dir;
	const char *file; /* the one at hand */
	bool newer;	  /* the lists of TOML 1.1 */
	size_t valid, invalid, edits, failures;
	size_t sentinels; /* strings met that hold the sentinel; each equals anything */
};

static void
fail(struct corpus *c, const char *what)
{
	fprintf(stderr, "FAIL %s: %s\n", c->file, what);
	c->failures++;
}

static bool
slurp(const char *dir, const char *name, struct str *out)
{
	char *path = mem_printf("%s/%s", dir, name);
	FILE *f = fopen(path, "rb");
	size_t got;

	free(path);
	if (f == NULL)
		return false;
	while ((got = fread(str_reserve(out, 65536), 1, 65536, f)) > 0)
		out->len += got;
	fclose(f);
	str_reserve(out, 0)[0] = '\0';
	return true;
}

/* Our JSON holds no NUL: a private character stands for it on both sides. */
static void
replace_nul_escapes(struct str *json)
{
	for (size_t i = 0; i + 6 <= json->len; i++) {
		if (json->data[i] != '\\')
			continue;
		if (memcmp(json->data + i, "\\u0000", 6) == 0)
			memcpy(json->data + i + 2, "e000", 4);
		i++;
	}
}

static char *
without_nul(const char *text, size_t len)
{
	struct str out = STR_EMPTY;

	for (size_t i = 0; i < len; i++)
		if (text[i] == '\0')
			str_puts(&out, "\xee\x80\x80");
		else
			str_putc(&out, text[i]);
	return str_take(&out);
}

static bool
float_equal(const char *ours, const char *theirs)
{
	struct str plain = STR_EMPTY;
	double a, b = strtod(theirs, NULL);

	for (; *ours != '\0'; ours++)
		if (*ours != '_')
			str_putc(&plain, *ours);
	a = strtod(str_text(&plain), NULL);
	str_fini(&plain);
	return (a != a && b != b) || (!(a < b) && !(a > b));
}

/* One spelling for each moment: T and Z, seconds, no zeros behind a fraction. */
static void
normal_time(const char *text, struct str *out)
{
	size_t colons = 0;
	bool fraction = false;

	for (const char *c = text; *c != '\0'; c++) {
		bool ends = *c == 'Z' || *c == 'z' || *c == '+' || (*c == '-' && colons > 0);

		if (ends && colons == 1)
			str_puts(out, ":00");
		if (ends && fraction) {
			while (out->len > 0 && out->data[out->len - 1] == '0')
				str_splice(out, out->len - 1, 1, NULL, 0);
			fraction = false;
		}
		if (ends)
			colons = 9;
		colons += *c == ':';
		fraction = fraction || *c == '.';
		str_putc(out, *c == ' ' || *c == 't' ? 'T' : *c == 'z' ? 'Z' : *c);
	}
	if (colons == 1)
		str_puts(out, ":00");
	while (fraction && out->data[out->len - 1] == '0')
		str_splice(out, out->len - 1, 1, NULL, 0);
}

static bool
time_equal(const char *ours, const char *theirs)
{
	struct str a = STR_EMPTY, b = STR_EMPTY;
	bool same;

	normal_time(ours, &a);
	normal_time(theirs, &b);
	same = strcmp(str_text(&a), str_text(&b)) == 0;
	str_fini(&a);
	str_fini(&b);
	return same;
}

static bool
leaf_equal(struct corpus *c, const struct toml_node *node, const struct json *json)
{
	static const char *const types[] = {
		[TOML_STRING] = "string",
		[TOML_INTEGER] = "integer",
		[TOML_FLOAT] = "float",
		[TOML_BOOL] = "bool",
		[TOML_DATETIME] = "datetime",
		[TOML_DATETIME_LOCAL] = "datetime-local",
		[TOML_DATE_LOCAL] = "date-local",
		[TOML_TIME_LOCAL] = "time-local",
	};
	const char *type = json_text(json, "type"), *value = json_text(json, "value");
	char *text;
	bool same;

	if (type == NULL || value == NULL || node->kind >= ARRAY_LEN(types) ||
	    strcmp(type, types[node->kind]) != 0)
		return false;
	if (node->kind == TOML_INTEGER)
		return strtoll(value, NULL, 10) == node->integer;
	if (node->kind == TOML_BOOL)
		return (strcmp(value, "true") == 0) == (node->integer == 1);
	if (node->kind == TOML_FLOAT)
		return float_equal(node->text, value);
	if (node->kind != TOML_STRING)
		return time_equal(node->text, value);
	if (strcmp(node->text, SENTINEL) == 0) {
		c->sentinels++;
		return true;
	}
	text = without_nul(node->text, node->text_len);
	same = strcmp(text, value) == 0;
	free(text);
	return same;
}

static bool
equal(struct corpus *c, const struct toml_node *node, const struct json *json)
{
	size_t at = 0;

	if (node->kind != TOML_ARRAY && node->kind != TOML_TABLE)
		return leaf_equal(c, node, json);
	if (json_kind(json) != (node->kind == TOML_ARRAY ? JSON_KIND_ARRAY : JSON_KIND_OBJECT) ||
	    json_count(json) != node->count)
		return false;
	for (const struct toml_node *n = toml_first(node); n != NULL; n = n->next) {
		const struct json *other;
		char *key;

		if (node->kind == TOML_ARRAY) {
			other = json_at(json, at++);
		} else {
			key = without_nul(n->key, n->key_len);
			other = json_get(json, key);
			free(key);
		}
		if (other == NULL || !equal(c, n, other))
			return false;
	}
	return true;
}

/* The sentinel in place of one string: the bytes around it stay, and only its value differs. */
static void
try_sentinel(struct corpus *c, const struct toml_doc *doc, const struct toml_node *node,
    const struct json *json)
{
	struct bytes source = toml_source(doc);
	const struct toml_edit edit = { node, TOML_WHOLE(node), bytes_of(SENTINEL) };
	struct str out = STR_EMPTY, expected = STR_EMPTY;
	struct toml_doc *now = NULL;
	struct err e = ERR_EMPTY;

	c->edits++;
	str_append(&expected, source.data, node->content.start);
	str_puts(&expected, SENTINEL);
	str_append(&expected, source.data + node->content.end, source.len - node->content.end);
	c->sentinels = 0;
	if (toml_splice(doc, &edit, 1, &out, &e) != ERR_OK)
		fail(c, e.message);
	else if (out.len != expected.len || memcmp(out.data, expected.data, out.len) != 0)
		fail(c, "an edit touched other bytes");
	else if (toml_parse((struct bytes) { out.data, out.len }, c->file, &now, &e) != ERR_OK ||
		 !equal(c, toml_root(now), json) || c->sentinels != 1)
		fail(c, "an edit changed another value");
	toml_free(now);
	str_fini(&out);
	str_fini(&expected);
}

/* The text put onto itself: the value stays; where nothing is escaped, so does every byte. Then
 * each part of it, for short texts: splice() checks the value, or refuses. */
static void
try_itself(struct corpus *c, const struct toml_doc *doc, const struct toml_node *node)
{
	struct bytes source = toml_source(doc), text = { node->text, node->text_len };
	struct toml_edit edit = { node, TOML_WHOLE(node), text };
	struct str out = STR_EMPTY;
	struct err e = ERR_EMPTY;
	bool plain = text.len == node->content.end - node->content.start &&
		     memcmp(text.data, source.data + node->content.start, text.len) == 0;

	if (toml_splice(doc, &edit, 1, &out, &e) != ERR_OK)
		fail(c, e.message);
	else if (out.len != source.len || memcmp(out.data, source.data, out.len) != 0)
		fail(c, "the same text made other bytes");
	for (uint32_t from = 0; from <= text.len && text.len <= 24; from++)
		for (uint32_t to = from; to <= text.len; to++) {
			enum err_code rc;

			edit.part = (struct toml_span) { from, to };
			edit.text = bytes_of("1!2.0");
			str_clear(&out);
			rc = toml_splice(doc, &edit, 1, &out, &e);
			c->edits++;
			if (rc != ERR_OK && (rc != ERR_UNSUPPORTED || plain) &&
			    strstr(e.message, "within a character") == NULL)
				fail(c, e.message);
		}
	str_fini(&out);
}

static void
try_edits(struct corpus *c, const struct toml_doc *doc, const struct toml_node *node,
    const struct json *json)
{
	if (node->kind == TOML_STRING && strcmp(node->text, SENTINEL) != 0) {
		try_sentinel(c, doc, node, json);
		try_itself(c, doc, node);
	}
	for (const struct toml_node *n = toml_first(node); n != NULL; n = n->next)
		try_edits(c, doc, n, json);
}

static void
run_valid(struct corpus *c, struct bytes text)
{
	char *name = mem_printf("%.*s.json", (int)(strlen(c->file) - 5), c->file);
	struct str expected = STR_EMPTY;
	struct toml_doc *doc = NULL;
	struct json *json = NULL;
	struct err e = ERR_EMPTY;

	c->valid++;
	if (!slurp(c->dir, name, &expected)) {
		fail(c, "has no JSON");
		goto out;
	}
	replace_nul_escapes(&expected);
	if (json_parse((struct bytes) { expected.data, expected.len }, name, NULL, &json, &e) !=
		ERR_OK ||
	    toml_parse(text, c->file, &doc, &e) != ERR_OK) {
		fail(c, e.message);
		goto out;
	}
	if (toml_needs_1_1(doc, NULL) && !c->newer)
		fail(c, "is said to need TOML 1.1");
	if (!equal(c, toml_root(doc), json))
		fail(c, "has other values");
	else
		try_edits(c, doc, toml_root(doc), json);
out:
	toml_free(doc);
	json_free(json);
	str_fini(&expected);
	free(name);
}

static void
run_invalid(struct corpus *c, struct bytes text)
{
	struct toml_doc *doc = NULL;
	struct err e = ERR_EMPTY;
	size_t len = strlen(c->file);

	c->invalid++;
	if (toml_parse(text, c->file, &doc, &e) == ERR_OK) {
		if (c->newer || !toml_needs_1_1(doc, NULL))
			fail(c, "was accepted");
	} else if (strncmp(e.message, c->file, len) != 0 || e.message[len] != ':' ||
		   strstr(e.message + len + 1, ": ") == NULL) {
		fail(c, "was refused without a place");
	}
	if (getenv("SLIPWAY_TOML_SHOW") != NULL)
		printf("%s\n", e.message);
	toml_free(doc);
}

static void
run_list(struct corpus *c, const char *list)
{
	struct str names = STR_EMPTY, text = STR_EMPTY;
	struct bytes rest, line;

	if (!slurp(c->dir, list, &names)) {
		c->file = list;
		fail(c, "cannot be read");
	}
	rest = (struct bytes) { names.data, names.len };
	while (bytes_line(&rest, &line)) {
		char *name = mem_strndup(line.data, line.len);

		c->file = name;
		str_clear(&text);
		if (text_ends(name, ".toml")) {
			if (!slurp(c->dir, name, &text))
				fail(c, "cannot be read");
			else if (text_starts(name, "valid/"))
				run_valid(c, (struct bytes) { text.data, text.len });
			else
				run_invalid(c, (struct bytes) { text.data, text.len });
		}
		free(name);
	}
	str_fini(&text);
	str_fini(&names);
}

int
main(int argc, char **argv)
{
	struct corpus c = { .dir = argc > 1 ? argv[1] : "." };
	DIR *dir = opendir(c.dir);

	if (dir == NULL) {
		fprintf(stderr, "skipped: no corpus at %s\n", c.dir);
		return 77;
	}
	closedir(dir);
	run_list(&c, "files-toml-1.0.0");
	printf("1.0: %zu valid, %zu invalid, %zu edits, %zu failures\n", c.valid, c.invalid,
	    c.edits, c.failures);
	c.file = "files-toml-1.0.0";
	if (c.valid != 210 || c.invalid != 499)
		fail(&c, "the list is not the one this test was written for");
	c.newer = true;
	c.valid = c.invalid = c.edits = 0;
	run_list(&c, "files-toml-1.1.0");
	printf("1.1: %zu valid, %zu invalid, %zu edits, %zu failures\n", c.valid, c.invalid,
	    c.edits, c.failures);
	return c.failures == 0 ? 0 : 1;
}
