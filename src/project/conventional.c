/* One commit message by the grammar of Conventional Commits. Squashed bodies quote other messages,
 * so words count only where the grammar puts them: a breaking footer in the footer block, nothing
 * in prose. */
#include "slipway/project/commits.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/str.h"

static bool
is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool
is_word(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static char *
lowered(const char *text, size_t len)
{
	char *copy = mem_strndup(text, len);

	for (char *p = copy; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return copy;
}

/* type [ "(" scope ")" ] [ "!" ] ":" SP description */
static bool
parse_header(struct bytes line, struct conventional *c)
{
	const char *p = line.data, *end = line.data + line.len, *type_end, *scope = NULL,
		   *scope_end = NULL;
	const char *description;
	bool breaking = false;

	if (p == end || !is_letter(*p))
		return false;
	while (p < end && is_word(*p))
		p++;
	type_end = p;
	if (p < end && *p == '(') {
		scope = ++p;
		while (p < end && *p != '(' && *p != ')')
			p++;
		scope_end = p;
		if (p == end || *p != ')' || scope == scope_end)
			return false;
		p++;
	}
	if (p < end && *p == '!') {
		breaking = true;
		p++;
	}
	if (p == end || *p++ != ':')
		return false;
	description = p;
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	if (p == end)
		return false;
	c->parsed = true;
	c->lenient = !(p - description == 1 && *description == ' ');
	c->type = lowered(line.data, (size_t)(type_end - line.data));
	c->scope = scope != NULL ? lowered(scope, (size_t)(scope_end - scope)) : NULL;
	c->description = mem_strndup(p, (size_t)(end - p));
	c->breaking = breaking;
	return true;
}

/* Behind the token and separator of a footer, or NULL: "Word-token: " or "Word-token #". */
static const char *
footer_value(struct bytes line, struct bytes *token)
{
	static const char *const breaking[] = { "BREAKING CHANGE", "BREAKING-CHANGE" };
	const char *p = line.data, *end = line.data + line.len;

	for (size_t i = 0; i < ARRAY_LEN(breaking); i++) {
		size_t len = strlen(breaking[i]);

		if (line.len > len && memcmp(p, breaking[i], len) == 0 && !is_word(p[len])) {
			p += len;
			break;
		}
	}
	while (p < end && is_word(*p))
		p++;
	*token = (struct bytes) { line.data, (size_t)(p - line.data) };
	if (token->len == 0 || end - p < 2)
		return NULL;
	if ((p[0] == ':' && p[1] == ' ') || (p[0] == ' ' && p[1] == '#'))
		return p + 2;
	return NULL;
}

static bool
is_breaking_token(struct bytes token)
{
	return bytes_is(token, "BREAKING CHANGE") || bytes_is(token, "BREAKING-CHANGE");
}

/* A line that cannot go on with the value of a footer: lists, headings, quotes. A rule of dashes
 * can: GitHub puts one before the Co-authored-by lines of a squash. */
static bool
is_structure(struct bytes line)
{
	size_t dashes = 0;

	while (dashes < line.len && line.data[dashes] == '-')
		dashes++;
	if (dashes >= 3 && dashes == line.len)
		return false;
	return line.len > 0 && strchr("*-+#>`=|", line.data[0]) != NULL;
}

/* Where the footers begin: the first paragraph opened by a footer from which on every paragraph is
 * opened by one or goes on in prose. BODY.len when there are none. */
static size_t
find_footers(struct bytes body)
{
	struct bytes rest = body, line, token;
	size_t start = body.len;
	bool open = true;

	while (bytes_line(&rest, &line)) {
		bool blank = bytes_trim(line).len == 0;

		if (open && !blank) {
			if (footer_value(line, &token) != NULL) {
				if (start == body.len)
					start = (size_t)(line.data - body.data);
			} else if (is_structure(line)) {
				start = body.len;
			}
		}
		open = blank;
	}
	return start;
}

static void
set_breaking(struct conventional *c, struct str *value)
{
	if (c->breaking_text == NULL) {
		struct bytes text = bytes_trim((struct bytes) { str_text(value), value->len });

		c->breaking_text = mem_strndup(text.data, text.len);
	}
	c->breaking = true;
	str_clear(value);
}

/* Adds the hexadecimal words of at least seven digits. */
static void
add_hashes(struct bytes text, struct strlist *out)
{
	size_t i = 0;

	while (i < text.len) {
		size_t from = i;

		while (i < text.len && text.data[i] != '\0' &&
		       strchr("0123456789abcdefABCDEF", text.data[i]) != NULL)
			i++;
		if (i - from >= 7 && i - from <= 64 && (i == text.len || !is_word(text.data[i])))
			strlist_take(out, lowered(text.data + from, i - from));
		while (i < text.len && is_word(text.data[i]))
			i++;
		if (i < text.len)
			i++;
	}
}

/* A footer stands in a paragraph that a footer opens; prose between them belongs to the value
 * before. */
static void
parse_footers(struct bytes text, struct conventional *c)
{
	struct bytes line, token;
	struct str value = STR_EMPTY;
	bool breaking = false, open = true, footers = false;

	while (bytes_line(&text, &line)) {
		bool blank = bytes_trim(line).len == 0;
		const char *v = footer_value(line, &token);

		if (open && !blank)
			footers = v != NULL;
		open = blank;
		if (v != NULL && footers) {
			if (breaking)
				set_breaking(c, &value);
			breaking = is_breaking_token(token);
			line.len -= (size_t)(v - line.data);
			line.data = v;
			if (c->revert && (bytes_is(token, "Refs") || bytes_is(token, "refs")))
				add_hashes(line, &c->reverted_hashes);
		}
		if (breaking) {
			str_append(&value, line.data, line.len);
			str_putc(&value, '\n');
		}
	}
	if (breaking)
		set_breaking(c, &value);
	str_fini(&value);
}

static bool
mentions(struct bytes text, const char *words)
{
	size_t len = strlen(words);

	for (size_t i = 0; i + len <= text.len; i++)
		if (memcmp(text.data + i, words, len) == 0)
			return true;
	return false;
}

/* git and GitHub write Revert "subject"; the specification recommends revert: subject. */
static void
parse_revert(const char *subject, struct bytes body, struct conventional *c)
{
	static const char *const openings[] = { "Revert \"", "Reapply \"" };
	static const char sentence[] = "This reverts commit ";
	struct bytes line;

	for (size_t i = 0; i < ARRAY_LEN(openings); i++) {
		const char *quoted = subject + strlen(openings[i]), *end = strrchr(subject, '"');

		if (text_starts(subject, openings[i]) && end >= quoted) {
			c->revert = true;
			mem_set(&c->reverted, NULL);
			c->reverted = mem_strndup(quoted, (size_t)(end - quoted));
		}
	}
	if (c->parsed && strcmp(c->type, "revert") == 0) {
		c->revert = true;
		mem_set(&c->reverted, c->description);
	}
	while (c->revert && bytes_line(&body, &line))
		if (line.len > sizeof sentence &&
		    memcmp(line.data, sentence, sizeof sentence - 1) == 0)
			add_hashes(line, &c->reverted_hashes);
}

void
conventional_parse(const char *subject, const char *body, struct conventional *out)
{
	struct conventional c = { .reverted_hashes = STRLIST_EMPTY };
	struct bytes text = bytes_of(body != NULL ? body : ""), prose;
	size_t footers;

	parse_header(bytes_trim(bytes_of(subject)), &c);
	parse_revert(subject, text, &c);
	footers = find_footers(text);
	parse_footers((struct bytes) { text.data + footers, text.len - footers }, &c);
	prose = (struct bytes) { text.data, c.breaking_text != NULL ? footers : text.len };
	c.maybe_breaking = !c.breaking && (mentions(prose, "BREAKING CHANGE") ||
					      mentions(prose, "BREAKING-CHANGE"));
	*out = c;
}

void
conventional_fini(struct conventional *c)
{
	mem_set(&c->type, NULL);
	mem_set(&c->scope, NULL);
	mem_set(&c->description, NULL);
	mem_set(&c->breaking_text, NULL);
	mem_set(&c->reverted, NULL);
	strlist_fini(&c->reverted_hashes);
	*c = (struct conventional) { .parsed = false };
}
