/* Editing: new text for strings, every other byte as it was, and the proof that nothing else
 * changed. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"
#include "toml_private.h"

/* An edit with its place in the file. */
struct place {
	const struct toml_edit *edit;
	struct toml_span raw;
};

static enum err_code
not_a_string(const struct toml_doc *doc, const struct toml_node *node, struct err *e)
{
	struct str path = STR_EMPTY;

	toml_path(node, &path);
	toml_err_at(doc, node->span.start, ERR_USAGE, e, "%s is not a string (type: %s)",
	    str_text(&path), toml_kind_name(node->kind));
	str_fini(&path);
	return ERR_USAGE;
}

/* A place in decoded text where no character is cut. */
static bool
is_boundary(const struct toml_node *node, uint32_t at)
{
	return at == node->text_len || ((unsigned char)node->text[at] & 0xc0) != 0x80;
}

enum err_code
toml_raw_span(const struct toml_doc *doc, const struct toml_node *node, struct toml_span part,
    struct toml_span *out, struct err *e)
{
	uint32_t pos = node->content.start, end = node->content.end, at = 0, start = 0;
	bool whole = part.start == 0 && part.end == node->text_len, started = false, folded = false;
	char bytes[4];
	size_t n;

	if (node->kind != TOML_STRING)
		return not_a_string(doc, node, e);
	assert(part.start <= part.end && part.end <= node->text_len);
	if (whole) {
		*out = node->content;
		return ERR_OK;
	}
	while (at < part.end) {
		uint32_t used = toml_decode_step(doc->text, pos, end, node->quote, bytes, &n);

		/* A fold gives no text: in front of the part it stays, within it is refused. */
		if (at == part.start && n > 0) {
			start = pos;
			started = true;
		}
		folded = folded || (started && n == 0);
		pos += used;
		at += (uint32_t)n;
	}
	if (part.start == part.end) {
		start = pos;
		started = true;
	}
	if (!started || at != part.end || !is_boundary(node, part.start) ||
	    !is_boundary(node, part.end))
		return toml_err_at(doc, node->span.start, ERR_UNSUPPORTED, e,
		    "the text to replace starts or ends within a character or its escape");
	if (folded)
		return toml_err_at(doc, start, ERR_UNSUPPORTED, e,
		    "the text to replace runs over a line that ends with a backslash");
	*out = (struct toml_span) { .start = start, .end = pos };
	return ERR_OK;
}

static enum err_code
encode_literal(
    const struct toml_doc *doc, const struct toml_edit *edit, struct str *out, struct err *e)
{
	bool multi = edit->node->quote == TOML_QUOTE_LITERAL_MULTI;

	for (size_t i = 0; i < edit->text.len; i++) {
		unsigned char c = (unsigned char)edit->text.data[i];

		if ((c < 0x20 && c != '\t' && !(multi && c == '\n')) || c == 0x7f ||
		    (c == '\'' && !multi))
			return toml_err_at(doc, edit->node->span.start, ERR_UNSUPPORTED, e,
			    "a string in single quotes cannot hold the new text");
	}
	str_append(out, edit->text.data, edit->text.len);
	return ERR_OK;
}

static void
encode_basic(const struct toml_edit *edit, struct str *out)
{
	static const char values[] = "\b\n\f\r\"\\", letters[] = "bnfr\"\\";

	for (size_t i = 0; i < edit->text.len; i++) {
		char c = edit->text.data[i];
		const char *found = c != '\0' ? strchr(values, c) : NULL;

		if (found != NULL)
			str_printf(out, "\\%c", letters[found - values]);
		else if (((unsigned char)c < 0x20 && c != '\t') || c == 0x7f)
			str_printf(out, "\\u%04X", (unsigned char)c);
		else
			str_putc(out, c);
	}
}

static enum err_code
encode(const struct toml_doc *doc, const struct toml_edit *edit, struct str *out, struct err *e)
{
	if (!utf8_valid(edit->text.data != NULL ? edit->text.data : "", edit->text.len))
		return toml_err_at(
		    doc, edit->node->span.start, ERR_INVALID, e, "the new text is not valid UTF-8");
	if (edit->node->quote == TOML_QUOTE_LITERAL ||
	    edit->node->quote == TOML_QUOTE_LITERAL_MULTI)
		return encode_literal(doc, edit, out, e);
	encode_basic(edit, out);
	return ERR_OK;
}

static int
compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->raw.start != y->raw.start)
		return x->raw.start < y->raw.start ? -1 : 1;
	return x->raw.end < y->raw.end ? -1 : x->raw.end > y->raw.end;
}

static bool
text_is(const struct toml_node *node, const char *text, size_t len)
{
	return node->text_len == len && memcmp(node->text, text, len) == 0;
}

/* True when B is what A and the edits on it promise. */
static bool
is_expected_text(
    const struct toml_node *a, const struct toml_node *b, const struct place *places, size_t count)
{
	struct str expected = STR_EMPTY;
	uint32_t from = 0;
	bool same;

	for (size_t i = 0; i < count; i++) {
		const struct toml_edit *edit = places[i].edit;

		if (edit->node != a)
			continue;
		str_append(&expected, a->text + from, edit->part.start - from);
		str_append(&expected, edit->text.data, edit->text.len);
		from = edit->part.end;
	}
	str_append(&expected, a->text + from, a->text_len - from);
	same = text_is(b, str_text(&expected), expected.len);
	str_fini(&expected);
	return same;
}

/* Walks both trees side by side; the first node of A that B does not match, or NULL. Recursion is
 * bounded by TOML_DEPTH_MAX. */
static const struct toml_node *
find_difference(
    const struct toml_node *a, const struct toml_node *b, const struct place *places, size_t count)
{
	const struct toml_node *x = toml_first(a), *y = toml_first(b), *found;

	if (a->kind != b->kind || a->quote != b->quote ||
	    (a->text == NULL && a->count != b->count) || a->key_len != b->key_len ||
	    (a->key == NULL) != (b->key == NULL) ||
	    (a->key != NULL && memcmp(a->key, b->key, a->key_len) != 0))
		return a;
	if (a->text != NULL && !is_expected_text(a, b, places, count))
		return a;
	for (; x != NULL && y != NULL; x = x->next, y = y->next) {
		found = find_difference(x, y, places, count);
		if (found != NULL)
			return found;
	}
	return NULL;
}

static enum err_code
verify(const struct toml_doc *doc, const struct place *places, size_t count, struct bytes text,
    struct err *e)
{
	struct toml_doc *now = NULL;
	const struct toml_node *changed;
	struct str path = STR_EMPTY;
	enum err_code rc = toml_parse(text, doc->name, &now, NULL);

	changed = rc == ERR_OK ? find_difference(doc->root, now->root, places, count)
			       : places[0].edit->node;
	if (changed != NULL) {
		toml_path(changed, &path);
		rc = toml_err_at(doc, changed->span.start, ERR_UNSUPPORTED, e,
		    "%s cannot be edited in place: the quotes do not fit the new text",
		    str_text(&path));
	}
	str_fini(&path);
	toml_free(now);
	return rc;
}

/* Text put onto itself keeps its spelling, escapes and folds included. */
static bool
is_same_text(const struct toml_edit *edit)
{
	return bytes_equal((struct bytes) { .data = edit->node->text + edit->part.start,
			       .len = edit->part.end - edit->part.start },
	    edit->text);
}

static enum err_code
build(const struct toml_doc *doc, const struct place *places, size_t count, struct str *out,
    struct err *e)
{
	uint32_t from = 0;
	enum err_code rc;

	for (size_t i = 0; i < count; i++) {
		if (places[i].raw.start < from)
			return toml_err_at(
			    doc, places[i].raw.start, ERR_USAGE, e, "two edits of the same text");
		str_append(out, doc->text + from, places[i].raw.start - from);
		from = places[i].raw.start;
		if (is_same_text(places[i].edit))
			continue;
		rc = encode(doc, places[i].edit, out, e);
		if (rc != ERR_OK)
			return rc;
		from = places[i].raw.end;
	}
	str_append(out, doc->text + from, doc->len - from);
	return ERR_OK;
}

enum err_code
toml_splice(const struct toml_doc *doc, const struct toml_edit *edits, size_t count,
    struct str *out, struct err *e)
{
	struct place *places = mem_zalloc(count, sizeof *places);
	struct str text = STR_EMPTY;
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < count && rc == ERR_OK; i++) {
		places[i].edit = &edits[i];
		rc = toml_raw_span(doc, edits[i].node, edits[i].part, &places[i].raw, e);
	}
	if (rc != ERR_OK)
		goto out;
	qsort(places, count, sizeof *places, compare_places);
	rc = build(doc, places, count, &text, e);
	if (rc == ERR_OK && count > 0)
		rc = verify(doc, places, count, (struct bytes) { str_text(&text), text.len }, e);
	if (rc == ERR_OK)
		str_append(out, str_text(&text), text.len);
out:
	str_fini(&text);
	free(places);
	return rc;
}

bool
toml_equal(const struct toml_node *a, const struct toml_node *b)
{
	const struct toml_node *x = toml_first(a), *y = toml_first(b);

	if (a->kind != b->kind || (a->text == NULL && a->count != b->count) ||
	    a->key_len != b->key_len || (a->key == NULL) != (b->key == NULL) ||
	    (a->key != NULL && memcmp(a->key, b->key, a->key_len) != 0))
		return false;
	if (a->text != NULL && a->integer != b->integer)
		return false;
	if (a->text != NULL && a->kind != TOML_INTEGER && !text_is(a, b->text, b->text_len))
		return false;
	for (; x != NULL && y != NULL; x = x->next, y = y->next)
		if (!toml_equal(x, y))
			return false;
	return true;
}
