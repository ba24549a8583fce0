/* Assignments of names in a token list: which of them hold a literal that can be edited, and why
 * others do not. */
#include "slipway/project/pytoken.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"

struct finder {
	struct bytes text;
	const struct py_tokens *tokens;
	const char *const *names;
	struct py_assignments *out;
};

static struct bytes
text_of(const struct finder *f, const struct py_token *t)
{
	return (struct bytes) { f->text.data + t->span.at, t->span.len };
}

static bool
is_op(const struct finder *f, size_t i, const char *op)
{
	const struct py_tokens *t = f->tokens;

	return i < t->count && t->items[i].kind == PY_OPERATOR &&
	       bytes_is(text_of(f, &t->items[i]), op);
}

static bool
is_wanted(const struct finder *f, size_t i)
{
	const struct py_token *t = &f->tokens->items[i];

	for (size_t n = 0; t->kind == PY_NAME && f->names[n] != NULL; n++)
		if (bytes_is(text_of(f, t), f->names[n]))
			return true;
	return false;
}

/* The end of the simple statement that begins at I: its NEWLINE or semicolon. */
static size_t
statement_end(const struct finder *f, size_t i)
{
	const struct py_tokens *t = f->tokens;
	unsigned depth = t->items[i].depth;

	while (i < t->count && t->items[i].kind != PY_NEWLINE &&
	       !(t->items[i].depth == depth && is_op(f, i, ";")))
		i++;
	return i;
}

static void
classify_string(const struct finder *f, size_t at, size_t count, struct py_assignment *a)
{
	const struct py_token *t = &f->tokens->items[at];

	a->value = PY_VALUE_COMPUTED;
	if (t->kind == PY_FSTRING) {
		a->why = "it is an f-string";
	} else if (t->kind == PY_BYTES) {
		a->why = "it is a bytes literal";
	} else if (count > 1) {
		a->why = "it is put together from several strings";
	} else if (!t->raw && memchr(f->text.data + t->content.at, '\\', t->content.len) != NULL) {
		a->why = "it holds an escape";
	} else {
		a->value = PY_VALUE_STRING;
		a->content = t->content;
	}
}

/* Elements between FROM and END, not the parentheses: literal, comma, ... */
static bool
read_tuple(const struct finder *f, size_t from, size_t end, struct py_assignment *a)
{
	size_t count = 0;

	for (size_t i = from; i < end; i += 2) {
		const struct py_token *t = &f->tokens->items[i];

		if (count == PY_TUPLE_MAX || (t->kind != PY_NUMBER && t->kind != PY_STRING))
			return false;
		if (i + 1 < end && !is_op(f, i + 1, ","))
			return false;
		a->quoted[count] = t->kind == PY_STRING;
		a->element[count++] = t->kind == PY_STRING ? t->content : t->span;
	}
	a->elements = count;
	return count > 1 || (count == 1 && is_op(f, end - 1, ","));
}

/* One pair of parentheses around all of it. */
static bool
is_wrapped(const struct finder *f, size_t from, size_t end)
{
	const struct py_token *t = f->tokens->items;

	if (end - from < 3 || !is_op(f, from, "(") || !is_op(f, end - 1, ")"))
		return false;
	for (size_t i = from + 1; i + 1 < end; i++)
		if (t[i].depth == t[from].depth)
			return false;
	return true;
}

static bool
has_strings_only(const struct finder *f, size_t from, size_t end)
{
	for (size_t i = from; i < end; i++) {
		enum py_kind kind = f->tokens->items[i].kind;

		if (kind != PY_STRING && kind != PY_FSTRING && kind != PY_BYTES)
			return false;
	}
	return from < end;
}

static void
classify(const struct finder *f, size_t from, size_t end, struct py_assignment *a)
{
	while (is_wrapped(f, from, end) &&
	       (has_strings_only(f, from + 1, end - 1) || is_wrapped(f, from + 1, end - 1))) {
		from++;
		end--;
	}
	if (has_strings_only(f, from, end)) {
		classify_string(f, from, end - from, a);
		return;
	}
	if (is_wrapped(f, from, end)) {
		from++;
		end--;
	}
	if (read_tuple(f, from, end, a)) {
		a->value = PY_VALUE_TUPLE;
	} else {
		a->value = PY_VALUE_COMPUTED;
		a->why = "it is computed";
	}
}

/* A statement NAME [: annotation] = [NAME =]... value from FROM to END. */
static void
read_statement(struct finder *f, size_t from, size_t end, bool nested)
{
	const struct py_token *t = f->tokens->items;
	struct py_assignments *out = f->out;
	size_t value = from, first = out->count;
	unsigned depth = t[from].depth;

	for (size_t i = from; i < end; i++)
		if (t[i].depth == depth && is_op(f, i, "="))
			value = i + 1;
	if (value == from)
		return;
	for (size_t i = from; i + 1 < value; i++) {
		bool starts = i == from || (t[i].depth == depth && is_op(f, i - 1, "="));

		if (!starts || !is_wanted(f, i))
			continue;
		out->items = mem_grow(out->items, &out->cap, out->count + 1, sizeof out->items[0]);
		out->items[out->count++] = (struct py_assignment) { .name = t[i].span,
			.line = t[i].line };
		if (!is_op(f, i + 1, "=") && !is_op(f, i + 1, ":")) {
			out->items[out->count - 1].value = PY_VALUE_COMPUTED;
			out->items[out->count - 1].why = "it is changed in place";
		}
	}
	for (size_t i = first; i < out->count; i++) {
		if (out->items[i].why != NULL)
			continue;
		classify(f, value, end, &out->items[i]);
		out->items[i].from = value;
		out->items[i].end = end;
		if (nested) {
			out->items[i].value = PY_VALUE_NESTED;
			out->items[i].why = "it stands inside a block";
		}
	}
}

/* The colon that opens a block on the line that begins at I: what follows it on that line is
 * inside.
 */
static bool
opens_block(const struct finder *f, size_t i, size_t *colon)
{
	static const char *const words[] = { "if", "elif", "else", "for", "while", "try", "except",
		"finally", "with", "def", "class", "async" };
	const struct py_token *t = f->tokens->items;
	size_t w = 0, k;

	while (w < ARRAY_LEN(words) && !bytes_is(text_of(f, &t[i]), words[w]))
		w++;
	if (w == ARRAY_LEN(words) || t[i].kind != PY_NAME)
		return false;
	for (k = i + 1; k < f->tokens->count && t[k].kind != PY_NEWLINE; k++) {
		bool walrus = is_op(f, k + 1, "=") && t[k + 1].span.at == t[k].span.at + 1;

		if (t[k].depth == t[i].depth && is_op(f, k, ":") && !walrus) {
			*colon = k;
			return true;
		}
	}
	return false;
}

void
py_find_assignments(struct bytes text, const struct py_tokens *tokens, const char *const *names,
    struct py_assignments *out)
{
	struct finder f = { text, tokens, names, out };
	bool nested = false;

	*out = (struct py_assignments)PY_ASSIGNMENTS_EMPTY;
	for (size_t i = 0; i < tokens->count;) {
		size_t end, colon;

		if (tokens->items[i].first) {
			nested = !tokens->items[i].top;
			if (opens_block(&f, i, &colon)) {
				nested = true;
				i = colon + 1;
			}
		}
		end = i < tokens->count ? statement_end(&f, i) : i;
		if (end > i)
			read_statement(&f, i, end, nested);
		i = end + 1;
	}
}

void
py_assignments_fini(struct py_assignments *a)
{
	free(a->items);
	*a = (struct py_assignments)PY_ASSIGNMENTS_EMPTY;
}

/* The value from FROM to the comma or bracket that ends it. */
static size_t
argument_end(const struct finder *f, size_t from, unsigned depth)
{
	const struct py_tokens *t = f->tokens;
	size_t i = from;

	while (i < t->count && !(t->items[i].depth == depth && is_op(f, i, ",")) &&
	       !(t->items[i].depth + 1 == depth && is_op(f, i, ")")))
		i++;
	return i;
}

/* Inside the call whose bracket stands at OPEN. */
static bool
find_keyword(const struct finder *f, size_t open, const char *keyword, struct py_argument *out)
{
	const struct py_tokens *t = f->tokens;
	unsigned depth = t->items[open].depth + 1;

	for (size_t i = open + 1; i + 2 < t->count; i++) {
		const struct py_token *k = &t->items[i];
		bool starts = i == open + 1 ||
			      (t->items[i - 1].depth == depth && is_op(f, i - 1, ","));

		if (k->depth < depth && is_op(f, i, ")"))
			return false;
		if (!starts || k->depth != depth || k->kind != PY_NAME ||
		    !bytes_is(text_of(f, k), keyword) || !is_op(f, i + 1, "="))
			continue;
		*out = (struct py_argument) { .from = i + 2, .line = k->line };
		out->end = argument_end(f, i + 2, depth);
		if (out->end == out->from + 1 && t->items[out->from].kind == PY_NAME)
			out->name = t->items[out->from].span;
		if (out->end > out->from)
			classify(f, out->from, out->end, &out->value);
		return true;
	}
	return false;
}

bool
py_find_argument(struct bytes text, const struct py_tokens *tokens, const char *call,
    const char *keyword, struct py_argument *out)
{
	struct finder f = { text, tokens, NULL, NULL };
	struct py_argument found;
	size_t count = 0;

	for (size_t i = 0; i + 1 < tokens->count; i++) {
		if (tokens->items[i].kind != PY_NAME ||
		    !bytes_is(text_of(&f, &tokens->items[i]), call) || !is_op(&f, i + 1, "(") ||
		    (i > 0 && bytes_is(text_of(&f, &tokens->items[i - 1]), "def")))
			continue;
		if (find_keyword(&f, i + 1, keyword, &found) && count++ == 0)
			*out = found;
	}
	if (count > 1) {
		out->value.value = PY_VALUE_COMPUTED;
		out->value.why = "it is given more than once";
		out->name = (struct span) { 0, 0 };
	}
	return count > 0;
}

bool
py_list_item(const struct py_tokens *tokens, struct bytes text, size_t i)
{
	struct finder f = { text, tokens, NULL, NULL };
	const struct py_token *t = &tokens->items[i];
	bool before = i > 0 && (is_op(&f, i - 1, "[") || is_op(&f, i - 1, "(") ||
				   is_op(&f, i - 1, ",") || is_op(&f, i - 1, ":"));
	bool after = is_op(&f, i + 1, "]") || is_op(&f, i + 1, ")") || is_op(&f, i + 1, ",") ||
		     is_op(&f, i + 1, "}");

	return t->kind == PY_STRING && before && after &&
	       (t->raw || memchr(text.data + t->content.at, '\\', t->content.len) == NULL);
}
