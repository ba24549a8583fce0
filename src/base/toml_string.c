/* Strings and keys: finding their end, decoding them, and mapping decoded bytes back to the file.
 */
#include <stdio.h>
#include <string.h>

#include "slipway/base/utf8.h"
#include "toml_private.h"

enum byte_class {
	STOP_BASIC = 1,	  /* a basic string cannot run over it */
	STOP_LITERAL = 2, /* nor a literal one */
	BARE_KEY = 4,
};

#define CONTROL (STOP_BASIC | STOP_LITERAL)

/* Tab is the one control character that strings may hold. */
static const uint8_t byte_class[256] = {
	[0x00] = CONTROL,
	[0x01] = CONTROL,
	[0x02] = CONTROL,
	[0x03] = CONTROL,
	[0x04] = CONTROL,
	[0x05] = CONTROL,
	[0x06] = CONTROL,
	[0x07] = CONTROL,
	[0x08] = CONTROL,
	[0x0a] = CONTROL,
	[0x0b] = CONTROL,
	[0x0c] = CONTROL,
	[0x0d] = CONTROL,
	[0x0e] = CONTROL,
	[0x0f] = CONTROL,
	[0x10] = CONTROL,
	[0x11] = CONTROL,
	[0x12] = CONTROL,
	[0x13] = CONTROL,
	[0x14] = CONTROL,
	[0x15] = CONTROL,
	[0x16] = CONTROL,
	[0x17] = CONTROL,
	[0x18] = CONTROL,
	[0x19] = CONTROL,
	[0x1a] = CONTROL,
	[0x1b] = CONTROL,
	[0x1c] = CONTROL,
	[0x1d] = CONTROL,
	[0x1e] = CONTROL,
	[0x1f] = CONTROL,
	[0x7f] = CONTROL,
	['"'] = STOP_BASIC,
	['\\'] = STOP_BASIC,
	['\''] = STOP_LITERAL,
	['-'] = BARE_KEY,
	['_'] = BARE_KEY,
	['0'] = BARE_KEY,
	['1'] = BARE_KEY,
	['2'] = BARE_KEY,
	['3'] = BARE_KEY,
	['4'] = BARE_KEY,
	['5'] = BARE_KEY,
	['6'] = BARE_KEY,
	['7'] = BARE_KEY,
	['8'] = BARE_KEY,
	['9'] = BARE_KEY,
	['A'] = BARE_KEY,
	['B'] = BARE_KEY,
	['C'] = BARE_KEY,
	['D'] = BARE_KEY,
	['E'] = BARE_KEY,
	['F'] = BARE_KEY,
	['G'] = BARE_KEY,
	['H'] = BARE_KEY,
	['I'] = BARE_KEY,
	['J'] = BARE_KEY,
	['K'] = BARE_KEY,
	['L'] = BARE_KEY,
	['M'] = BARE_KEY,
	['N'] = BARE_KEY,
	['O'] = BARE_KEY,
	['P'] = BARE_KEY,
	['Q'] = BARE_KEY,
	['R'] = BARE_KEY,
	['S'] = BARE_KEY,
	['T'] = BARE_KEY,
	['U'] = BARE_KEY,
	['V'] = BARE_KEY,
	['W'] = BARE_KEY,
	['X'] = BARE_KEY,
	['Y'] = BARE_KEY,
	['Z'] = BARE_KEY,
	['a'] = BARE_KEY,
	['b'] = BARE_KEY,
	['c'] = BARE_KEY,
	['d'] = BARE_KEY,
	['e'] = BARE_KEY,
	['f'] = BARE_KEY,
	['g'] = BARE_KEY,
	['h'] = BARE_KEY,
	['i'] = BARE_KEY,
	['j'] = BARE_KEY,
	['k'] = BARE_KEY,
	['l'] = BARE_KEY,
	['m'] = BARE_KEY,
	['n'] = BARE_KEY,
	['o'] = BARE_KEY,
	['p'] = BARE_KEY,
	['q'] = BARE_KEY,
	['r'] = BARE_KEY,
	['s'] = BARE_KEY,
	['t'] = BARE_KEY,
	['u'] = BARE_KEY,
	['v'] = BARE_KEY,
	['w'] = BARE_KEY,
	['x'] = BARE_KEY,
	['y'] = BARE_KEY,
	['z'] = BARE_KEY,
};

static inline bool
is_basic(enum toml_quote quote)
{
	return quote == TOML_QUOTE_BASIC || quote == TOML_QUOTE_BASIC_MULTI;
}

static inline bool
is_multi(enum toml_quote quote)
{
	return quote == TOML_QUOTE_BASIC_MULTI || quote == TOML_QUOTE_LITERAL_MULTI;
}

static int
hex_digit(char c)
{
	if (toml_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Hex digits behind the letter of an escape. */
static uint32_t
escape_digits(char letter)
{
	return letter == 'u' ? 4 : letter == 'U' ? 8 : letter == 'x' ? 2 : 0;
}

/* Stands on the backslash; moves behind the escape. Folds are for scan_fold(). */
static enum err_code
scan_escape(struct toml_parser *p)
{
	uint32_t at = p->pos, digits, cp = 0;
	char letter = p->text[at + 1];

	digits = escape_digits(letter);
	if (at + 1 >= p->len || letter == '\0' || strchr("btnfr\"\\euUx", letter) == NULL)
		return toml_expected(p, at + 1, "one of b t n f r \" \\ u U behind a backslash");
	if (letter == 'e' || letter == 'x')
		toml_mark_1_1(p, at);
	for (uint32_t i = 0; i < digits; i++) {
		int value = hex_digit(p->text[at + 2 + i]);

		if (value < 0)
			return toml_expected(p, at + 2 + i, "a hexadecimal digit");
		cp = cp << 4 | (uint32_t)value;
	}
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return toml_err_at(p->doc, at, ERR_INVALID, p->e,
		    "expected a Unicode character, found U+%04X, which is none", cp);
	p->pos = at + 2 + digits;
	return ERR_OK;
}

/* A backslash that ends its line swallows all white space up to the next character. */
static uint32_t
fold_end(const char *text, uint32_t pos, uint32_t end)
{
	bool newline = false;

	for (pos++; pos < end; pos++) {
		if (text[pos] == '\n')
			newline = true;
		else if (text[pos] == '\r' && pos + 1 < end && text[pos + 1] == '\n')
			continue;
		else if (text[pos] != ' ' && text[pos] != '\t')
			break;
	}
	return newline ? pos : 0;
}

static bool
scan_fold(struct toml_parser *p)
{
	uint32_t end = fold_end(p->text, p->pos, p->len);

	if (end == 0)
		return false;
	for (; p->pos < end; p->pos++)
		if (p->text[p->pos] == '\n')
			p->line++;
	return true;
}

/* A newline at the current place: LF or CRLF. */
static bool
scan_newline(struct toml_parser *p)
{
	uint32_t len = toml_peek(p) == '\r' && p->text[p->pos + 1] == '\n' ? 2
									   : toml_peek(p) == '\n';

	p->pos += len;
	p->line += len > 0;
	return len > 0;
}

/* Counts equal quotes at POS, no more than five: three close, two may stand before them. */
static uint32_t
count_quotes(const struct toml_parser *p, char quote)
{
	uint32_t n = 0;

	while (n < 5 && p->text[p->pos + n] == quote)
		n++;
	return n;
}

/* A string of many lines that never ends is found at the end of the file: say where it started. */
static enum err_code
not_closed(struct toml_parser *p, enum toml_quote quote, uint32_t first_line)
{
	char what[80];

	if (!is_multi(quote))
		return toml_expected(p, p->pos, "the closing quote");
	snprintf(what, sizeof what, "three closing quotes for the string that starts in line %u",
	    (unsigned int)first_line);
	return toml_expected(p, p->pos, what);
}

/* Runs to the closing quotes of a string that starts in FIRST_LINE; leaves the parser behind them.
 */
static enum err_code
scan_content(
    struct toml_parser *p, enum toml_quote quote, uint32_t first_line, struct toml_span *content)
{
	uint8_t stop = is_basic(quote) ? STOP_BASIC : STOP_LITERAL;
	char mark = is_basic(quote) ? '"' : '\'';
	enum err_code rc;
	uint32_t n;

	content->start = p->pos;
	for (;;) {
		while (!(byte_class[(unsigned char)toml_peek(p)] & stop))
			p->pos++;
		if (toml_at_end(p))
			return not_closed(p, quote, first_line);
		if (toml_peek(p) == mark) {
			n = is_multi(quote) ? count_quotes(p, mark) : 1;
			p->pos += n;
			if (is_multi(quote) && n < 3)
				continue;
			content->end = p->pos - (is_multi(quote) ? 3 : 1);
			return ERR_OK;
		}
		if (toml_peek(p) == '\\') {
			if (is_multi(quote) && scan_fold(p))
				continue;
			rc = scan_escape(p);
			if (rc != ERR_OK)
				return rc;
		} else if (!is_multi(quote) || !scan_newline(p)) {
			return not_closed(p, quote, first_line);
		}
	}
}

uint32_t
toml_decode_step(
    const char *text, uint32_t pos, uint32_t end, enum toml_quote quote, char out[4], size_t *n)
{
	static const char letters[] = "btnfre\"\\", values[] = "\b\t\n\f\r\x1b\"\\";
	uint32_t digits, cp = 0, fold;

	*n = 1;
	if (text[pos] == '\r') { /* only as CRLF, only in strings of many lines */
		out[0] = '\n';
		return 2;
	}
	if (text[pos] != '\\' || !is_basic(quote)) {
		out[0] = text[pos];
		return 1;
	}
	fold = is_multi(quote) ? fold_end(text, pos, end) : 0;
	if (fold > 0) {
		*n = 0;
		return fold - pos;
	}
	digits = escape_digits(text[pos + 1]);
	if (digits == 0) {
		out[0] = values[strchr(letters, text[pos + 1]) - letters];
		return 2;
	}
	for (uint32_t i = 0; i < digits; i++)
		cp = cp << 4 | (uint32_t)hex_digit(text[pos + 2 + i]);
	*n = utf8_encode(cp, out);
	return 2 + digits;
}

/* Decoding never makes text longer, so the raw length is room enough. */
static const char *
decode(struct toml_parser *p, struct toml_span content, enum toml_quote quote, uint32_t *len)
{
	uint32_t raw_len = content.end - content.start;
	const char *raw = p->text + content.start;
	char *text, *end;

	if ((quote == TOML_QUOTE_LITERAL || memchr(raw, '\\', raw_len) == NULL) &&
	    (!is_multi(quote) || memchr(raw, '\r', raw_len) == NULL)) {
		*len = raw_len;
		return toml_alloc_text(p->doc, raw, raw_len);
	}
	text = end = toml_alloc_text(p->doc, NULL, raw_len);
	for (uint32_t pos = content.start; pos < content.end;) {
		char out[4];
		size_t n;

		pos += toml_decode_step(p->text, pos, content.end, quote, out, &n);
		memcpy(end, out, n);
		end += n;
	}
	*end = '\0';
	*len = (uint32_t)(end - text);
	return text;
}

enum err_code
toml_read_string(struct toml_parser *p, struct toml_node *node)
{
	uint32_t start = p->pos;
	char mark = toml_peek(p);
	uint32_t first_line = p->line;
	bool multi = p->text[start + 1] == mark && p->text[start + 2] == mark;
	enum err_code rc;

	node->kind = TOML_STRING;
	if (mark == '"')
		node->quote = multi ? TOML_QUOTE_BASIC_MULTI : TOML_QUOTE_BASIC;
	else
		node->quote = multi ? TOML_QUOTE_LITERAL_MULTI : TOML_QUOTE_LITERAL;
	p->pos += multi ? 3 : 1;
	if (multi)
		scan_newline(p);
	rc = scan_content(p, node->quote, first_line, &node->content);
	if (rc != ERR_OK)
		return rc;
	node->span = (struct toml_span) { .start = start, .end = p->pos };
	node->text = decode(p, node->content, node->quote, &node->text_len);
	return ERR_OK;
}

enum err_code
toml_read_key(struct toml_parser *p, const char **key, uint32_t *key_len, struct toml_span *span)
{
	char mark = toml_peek(p);
	enum toml_quote quote = mark == '"' ? TOML_QUOTE_BASIC : TOML_QUOTE_LITERAL;
	struct toml_span content;
	enum err_code rc;

	span->start = p->pos;
	if (mark != '"' && mark != '\'') {
		while (byte_class[(unsigned char)toml_peek(p)] & BARE_KEY)
			p->pos++;
		if (p->pos == span->start)
			return toml_expected(p, p->pos, "a key");
		span->end = p->pos;
		*key_len = span->end - span->start;
		*key = toml_alloc_text(p->doc, p->text + span->start, *key_len);
		return ERR_OK;
	}
	p->pos++;
	rc = scan_content(p, quote, p->line, &content);
	if (rc != ERR_OK)
		return rc;
	span->end = p->pos;
	*key = decode(p, content, quote, key_len);
	return ERR_OK;
}
