/* The lexical rules of Python as far as finding the extent of each token needs them. */
#include "slipway/project/pytoken.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"

#define DEPTH_MAX 200  /* brackets; CPython stops there too */
#define FSTRING_MAX 16 /* f-strings inside f-strings */

struct lexer {
	struct bytes text;
	const char *name;
	struct py_tokens *out;
	size_t at;
	size_t line;
	unsigned depth;
	bool first; /* the next token begins a logical line */
	bool top;
	struct err *e;
};

static char
at(const struct lexer *l, size_t pos)
{
	return pos < l->text.len ? l->text.data[pos] : '\0';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* All bytes above ASCII are taken as letters: names are not judged here. */
static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

static bool
is_quote(char c)
{
	return c == '"' || c == '\'';
}

static struct py_token *
add(struct lexer *l, enum py_kind kind, size_t from)
{
	struct py_tokens *t = l->out;

	t->items = mem_grow(t->items, &t->cap, t->count + 1, sizeof t->items[0]);
	t->items[t->count] = (struct py_token) { .kind = kind,
		.span = { from, l->at - from },
		.line = l->line,
		.depth = l->depth,
		.first = l->first,
		.top = l->top };
	l->first = kind == PY_NEWLINE;
	return &t->items[t->count++];
}

/* Passes one line end of any kind at the cursor; false when there is none. */
static bool
pass_line_end(struct lexer *l)
{
	if (at(l, l->at) == '\r') {
		l->at += at(l, l->at + 1) == '\n' ? 2 : 1;
	} else if (at(l, l->at) == '\n') {
		l->at++;
	} else {
		return false;
	}
	l->line++;
	return true;
}

static enum err_code
open_string(struct lexer *l, size_t line)
{
	return err_set(l->e, ERR_INVALID, "%s:%zu: a string is not closed", l->name, line);
}

static bool
closes(const struct lexer *l, char quote, size_t width)
{
	for (size_t i = 0; i < width; i++)
		if (at(l, l->at + i) != quote)
			return false;
	return true;
}

static enum err_code pass_string(struct lexer *l, bool format, unsigned nesting);

/* {expression!r:format} inside an f-string: nested strings and brackets first, then the format as
 * text. */
static enum err_code
pass_field(struct lexer *l, size_t line, unsigned nesting)
{
	unsigned open = 0;
	bool in_format = false;
	enum err_code rc;

	for (l->at++; l->at < l->text.len;) {
		char c = at(l, l->at);

		if (c == '}' && open == 0) {
			l->at++;
			return ERR_OK;
		}
		if (!in_format && is_quote(c)) {
			rc = pass_string(
			    l, at(l, l->at - 1) == 'f' || at(l, l->at - 1) == 'F', nesting + 1);
			if (rc != ERR_OK)
				return rc;
			continue;
		}
		if (in_format && c == '{') {
			rc = nesting < FSTRING_MAX ? pass_field(l, line, nesting + 1)
						   : open_string(l, line);
			if (rc != ERR_OK)
				return rc;
			continue;
		}
		if (!in_format && strchr("([{", c) != NULL && c != '\0')
			open++;
		else if (!in_format && strchr(")]}", c) != NULL && c != '\0' && open > 0)
			open--;
		else if (c == ':' && open == 0)
			in_format = true;
		if (!pass_line_end(l))
			l->at++;
	}
	return open_string(l, line);
}

/* From the opening quote to behind the closing one. */
static enum err_code
pass_string(struct lexer *l, bool format, unsigned nesting)
{
	size_t line = l->line;
	char quote = at(l, l->at);
	size_t width = at(l, l->at + 1) == quote && at(l, l->at + 2) == quote ? 3 : 1;
	enum err_code rc;

	if (nesting > FSTRING_MAX)
		return open_string(l, line);
	l->at += width;
	while (l->at < l->text.len) {
		char c = at(l, l->at);

		if (closes(l, quote, width)) {
			l->at += width;
			return ERR_OK;
		}
		if (c == '\\') {
			l->at++;
			if (l->at < l->text.len && !pass_line_end(l))
				l->at++;
		} else if (format && c == '{' && at(l, l->at + 1) == '{') {
			l->at += 2;
		} else if (format && c == '{') {
			rc = pass_field(l, line, nesting);
			if (rc != ERR_OK)
				return rc;
		} else if (c == '\n' || c == '\r') {
			if (width == 1)
				return open_string(l, line);
			pass_line_end(l);
		} else {
			l->at++;
		}
	}
	return open_string(l, line);
}

/* A string whose prefix has LEN letters. */
static enum err_code
lex_string(struct lexer *l, size_t len)
{
	size_t from = l->at, line = l->line, opener, width;
	bool raw = false, format = false, bytes = false;
	struct py_token *t;
	enum err_code rc;

	for (size_t i = 0; i < len; i++) {
		char c = at(l, from + i);

		raw = raw || c == 'r' || c == 'R';
		format = format || strchr("fFtT", c) != NULL;
		bytes = bytes || c == 'b' || c == 'B';
	}
	l->at += len;
	opener = l->at;
	rc = pass_string(l, format, 0);
	if (rc != ERR_OK)
		return rc;
	width = l->at - opener >= 6 && at(l, opener + 1) == at(l, opener) &&
			at(l, opener + 2) == at(l, opener)
		    ? 3
		    : 1;
	t = add(l, format ? PY_FSTRING : bytes ? PY_BYTES : PY_STRING, from);
	t->line = line;
	t->raw = raw;
	t->content = (struct span) { opener + width, l->at - opener - 2 * width };
	return ERR_OK;
}

/* Length of a string prefix at the cursor when a quote follows it; SIZE_MAX when there is no
 * string. */
static size_t
string_prefix(const struct lexer *l)
{
	size_t len = 0;

	while (len < 3 && at(l, l->at + len) != '\0' &&
	       strchr("rRbBuUfFtT", at(l, l->at + len)) != NULL)
		len++;
	return len < 3 && is_quote(at(l, l->at + len)) ? len : SIZE_MAX;
}

static void
lex_word(struct lexer *l)
{
	size_t from = l->at;
	bool number = is_digit(at(l, from)) || at(l, from) == '.';

	while (
	    is_letter(at(l, l->at)) || is_digit(at(l, l->at)) || (number && at(l, l->at) == '.')) {
		char c = at(l, l->at++);

		if (number && (c == 'e' || c == 'E') && at(l, from + 1) != 'x' &&
		    (at(l, l->at) == '+' || at(l, l->at) == '-'))
			l->at++;
	}
	add(l, number ? PY_NUMBER : PY_NAME, from);
}

static enum err_code
lex_operator(struct lexer *l)
{
	size_t from = l->at;
	char c = at(l, l->at++);
	unsigned depth = l->depth;

	/* Comparisons must not look like assignments; ":=" and "+=" are told apart by their parts.
	 */
	if (strchr("=!<>", c) != NULL && at(l, l->at) == '=')
		l->at++;
	if (strchr("([{", c) != NULL) {
		if (depth == DEPTH_MAX)
			return err_set(l->e, ERR_LIMIT, "%s:%zu: brackets are nested too deeply",
			    l->name, l->line);
		add(l, PY_OPERATOR, from);
		l->depth++;
		return ERR_OK;
	}
	if (strchr(")]}", c) != NULL) {
		if (depth == 0)
			return err_set(l->e, ERR_INVALID, "%s:%zu: \"%c\" closes nothing", l->name,
			    l->line, c);
		l->depth--;
	}
	add(l, PY_OPERATOR, from);
	return ERR_OK;
}

/* At the start of a line: measures the margin. A form feed starts the count anew, as in CPython. */
static void
pass_margin(struct lexer *l)
{
	bool top = true;

	for (;; l->at++) {
		char c = at(l, l->at);

		if (c == '\f')
			top = true;
		else if (c == ' ' || c == '\t')
			top = false;
		else
			break;
	}
	l->top = top;
}

static enum err_code
lex_one(struct lexer *l)
{
	char c = at(l, l->at);
	size_t prefix, before = l->at, line = l->line;

	if (c == '#') {
		while (l->at < l->text.len && at(l, l->at) != '\n' && at(l, l->at) != '\r')
			l->at++;
		return ERR_OK;
	}
	if (c == '\\') {
		l->at++;
		if (!pass_line_end(l))
			return err_set(l->e, ERR_INVALID,
			    "%s:%zu: a backslash not at the end of its line", l->name, l->line);
		return ERR_OK;
	}
	if (pass_line_end(l)) {
		if (l->depth == 0 && !l->first)
			add(l, PY_NEWLINE, before)->line = line;
		if (l->depth == 0)
			pass_margin(l);
		return ERR_OK;
	}
	if (c == ' ' || c == '\t' || c == '\f') {
		l->at++;
		return ERR_OK;
	}
	prefix = string_prefix(l);
	if (prefix != SIZE_MAX)
		return lex_string(l, prefix);
	if (is_letter(c) || is_digit(c) || (c == '.' && is_digit(at(l, l->at + 1)))) {
		lex_word(l);
		return ERR_OK;
	}
	if (c == '\0')
		return err_set(l->e, ERR_INVALID, "%s:%zu: a NUL byte", l->name, l->line);
	return lex_operator(l);
}

enum err_code
py_tokenise(struct bytes text, const char *name, struct py_tokens *out, struct err *e)
{
	struct py_tokens tokens = PY_TOKENS_EMPTY;
	struct lexer l = {
		.text = text, .name = name, .out = &tokens, .line = 1, .first = true, .e = e
	};
	enum err_code rc = ERR_OK;

	if (!utf8_valid(text.data, text.len)) {
		rc = err_set(e, ERR_INVALID, "%s is not UTF-8", name);
		goto out;
	}
	if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
		l.at = 3;
	pass_margin(&l);
	while (l.at < text.len && rc == ERR_OK)
		rc = lex_one(&l);
	if (rc == ERR_OK && l.depth > 0)
		rc = err_set(e, ERR_INVALID, "%s:%zu: the file ends inside brackets", name, l.line);
	if (rc != ERR_OK)
		goto out;
	if (!l.first)
		add(&l, PY_NEWLINE, l.at);
	*out = tokens;
	tokens = (struct py_tokens)PY_TOKENS_EMPTY;
out:
	py_tokens_fini(&tokens);
	return rc;
}

void
py_tokens_fini(struct py_tokens *t)
{
	free(t->items);
	*t = (struct py_tokens)PY_TOKENS_EMPTY;
}
