/* Values of one word: integers, floats, booleans, dates and times. Floats stay as written: nothing
 * here needs one, and strtod() would ask the locale. */
#include <string.h>

#include "toml_private.h"

/* One word under the cursor; every reader leaves POS behind what it took. */
struct word {
	struct toml_parser *p;
	uint32_t pos, end;
};

static inline char
look(const struct word *w)
{
	return w->pos < w->end ? w->p->text[w->pos] : '\0';
}

static enum err_code
expected(const struct word *w, const char *what)
{
	return toml_expected(w->p, w->pos, what);
}

static int
digit_value(char c)
{
	if (toml_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

/* Digits of BASE with single underscores between them; the value stays below LIMIT + 1 or *OVERFLOW
 * is set. */
static enum err_code
read_digits(struct word *w, int base, uint64_t limit, uint64_t *value, bool *overflow)
{
	const char *what = base == 10 ? "a digit" : "a digit of the number's base";
	uint64_t v = 0;

	*overflow = false;
	for (;;) {
		int digit = digit_value(look(w));

		if (digit >= base)
			return expected(w, what);
		for (; (digit = digit_value(look(w))) < base; w->pos++) {
			if (v > (limit - (uint64_t)digit) / (uint64_t)base)
				*overflow = true;
			else
				v = v * (uint64_t)base + (uint64_t)digit;
		}
		if (look(w) != '_')
			break;
		w->pos++;
	}
	*value = v;
	return ERR_OK;
}

static enum err_code
too_large(const struct word *w, uint32_t start)
{
	return toml_err_at(w->p->doc, start, ERR_INVALID, w->p->e,
	    "expected an integer of 64 bits, found a larger one");
}

/* Behind the "0x", "0o" or "0b". */
static enum err_code
read_prefixed(struct word *w, int base, struct toml_node *node)
{
	uint32_t start = w->pos;
	uint64_t value = 0;
	bool overflow;
	enum err_code rc;

	w->pos += 2;
	rc = read_digits(w, base, INT64_MAX, &value, &overflow);
	if (rc != ERR_OK)
		return rc;
	if (overflow)
		return too_large(w, start);
	node->kind = TOML_INTEGER;
	node->integer = (int64_t)value;
	return ERR_OK;
}

/* Fraction and exponent, when there are any. */
static enum err_code
read_float_tail(struct word *w, bool *is_float)
{
	uint64_t unused;
	bool overflow;
	enum err_code rc = ERR_OK;

	*is_float = false;
	if (look(w) == '.') {
		*is_float = true;
		w->pos++;
		rc = read_digits(w, 10, INT64_MAX, &unused, &overflow);
	}
	if (rc == ERR_OK && (look(w) == 'e' || look(w) == 'E')) {
		*is_float = true;
		w->pos++;
		if (look(w) == '+' || look(w) == '-')
			w->pos++;
		rc = read_digits(w, 10, INT64_MAX, &unused, &overflow);
	}
	return rc;
}

static bool
take(struct word *w, const char *text)
{
	size_t len = strlen(text);

	if (w->end - w->pos < len || memcmp(w->p->text + w->pos, text, len) != 0)
		return false;
	w->pos += (uint32_t)len;
	return true;
}

static enum err_code
read_number(struct word *w, struct toml_node *node)
{
	uint32_t start = w->pos, digits;
	bool negative = look(w) == '-', overflow, is_float;
	uint64_t value = 0;
	enum err_code rc;

	if (look(w) == '+' || look(w) == '-')
		w->pos++;
	digits = w->pos;
	if (take(w, "inf") || take(w, "nan")) {
		node->kind = TOML_FLOAT;
		return ERR_OK;
	}
	rc = read_digits(w, 10, negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX, &value, &overflow);
	if (rc != ERR_OK)
		return rc;
	if (w->p->text[digits] == '0' && w->pos > digits + 1)
		return toml_err_at(w->p->doc, digits, ERR_INVALID, w->p->e,
		    "expected a number without leading zeros");
	rc = read_float_tail(w, &is_float);
	if (rc != ERR_OK)
		return rc;
	node->kind = is_float ? TOML_FLOAT : TOML_INTEGER;
	if (is_float)
		return ERR_OK;
	if (overflow)
		return too_large(w, start);
	/* Negated without signs, since the lowest value has no positive twin. */
	node->integer = negative ? (int64_t)(0 - value) : (int64_t)value;
	return ERR_OK;
}

/* COUNT digits, the value from MIN to MAX. */
static enum err_code
read_field(struct word *w, int count, int min, int max, const char *what, int *out)
{
	uint32_t start = w->pos;
	int value = 0;

	for (int i = 0; i < count; i++, w->pos++) {
		if (!toml_is_digit(look(w)))
			return expected(w, what);
		value = value * 10 + (look(w) - '0');
	}
	if (value < min || value > max)
		return toml_err_at(w->p->doc, start, ERR_INVALID, w->p->e,
		    "expected %s from %02d to %02d, found %02d", what, min, max, value);
	*out = value;
	return ERR_OK;
}

static enum err_code
read_mark(struct word *w, char mark, const char *what)
{
	if (look(w) != mark)
		return expected(w, what);
	w->pos++;
	return ERR_OK;
}

static int
days_of(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static enum err_code
read_date(struct word *w)
{
	int year = 0, month = 1, day;
	enum err_code rc = read_field(w, 4, 0, 9999, "a year", &year);

	if (rc == ERR_OK)
		rc = read_mark(w, '-', "\"-\" and the month");
	if (rc == ERR_OK)
		rc = read_field(w, 2, 1, 12, "a month", &month);
	if (rc == ERR_OK)
		rc = read_mark(w, '-', "\"-\" and the day");
	if (rc == ERR_OK)
		rc = read_field(w, 2, 1, days_of(year, month), "a day", &day);
	return rc;
}

static enum err_code
read_time(struct word *w)
{
	int field;
	enum err_code rc = read_field(w, 2, 0, 23, "an hour", &field);

	if (rc == ERR_OK)
		rc = read_mark(w, ':', "\":\" and the minute");
	if (rc == ERR_OK)
		rc = read_field(w, 2, 0, 59, "a minute", &field);
	if (rc != ERR_OK)
		return rc;
	if (look(w) != ':') {
		toml_mark_1_1(w->p, w->pos);
		return ERR_OK;
	}
	w->pos++;
	rc = read_field(w, 2, 0, 60, "a second", &field);
	if (rc != ERR_OK || look(w) != '.')
		return rc;
	w->pos++;
	if (!toml_is_digit(look(w)))
		return expected(w, "a digit");
	while (toml_is_digit(look(w)))
		w->pos++;
	return ERR_OK;
}

static enum err_code
read_offset(struct word *w)
{
	int field;
	enum err_code rc;

	if (look(w) == 'Z' || look(w) == 'z') {
		w->pos++;
		return ERR_OK;
	}
	w->pos++;
	rc = read_field(w, 2, 0, 23, "hours of an offset", &field);
	if (rc == ERR_OK)
		rc = read_mark(w, ':', "\":\" and minutes of an offset");
	if (rc == ERR_OK)
		rc = read_field(w, 2, 0, 59, "minutes of an offset", &field);
	return rc;
}

static enum err_code
read_datetime(struct word *w, struct toml_node *node)
{
	enum err_code rc = read_date(w);
	char c = look(w);

	if (rc != ERR_OK)
		return rc;
	if (c != 'T' && c != 't' && c != ' ') {
		node->kind = TOML_DATE_LOCAL;
		return ERR_OK;
	}
	w->pos++;
	rc = read_time(w);
	if (rc != ERR_OK)
		return rc;
	c = look(w);
	node->kind = TOML_DATETIME_LOCAL;
	if (c != 'Z' && c != 'z' && c != '+' && c != '-')
		return ERR_OK;
	node->kind = TOML_DATETIME;
	return read_offset(w);
}

static bool
is_word_byte(char c)
{
	return toml_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       c == '+' || c == '-' || c == '.' || c == ':';
}

/* A date and a time may be parted by one space: the word goes on when a digit follows it. */
static uint32_t
find_word_end(const struct toml_parser *p)
{
	const char *start = p->text + p->pos;
	uint32_t len = 0;

	while (is_word_byte(start[len]))
		len++;
	if (len == 10 && start[4] == '-' && start[7] == '-' && start[len] == ' ' &&
	    toml_is_digit(start[len + 1]))
		for (len++; is_word_byte(start[len]);)
			len++;
	return p->pos + len;
}

/* How many digits the word starts with. */
static uint32_t
count_digits(const struct word *w)
{
	uint32_t n = 0;

	while (w->pos + n < w->end && toml_is_digit(w->p->text[w->pos + n]))
		n++;
	return n;
}

static enum err_code
read_word(struct word *w, struct toml_node *node)
{
	const char *start = w->p->text + w->pos;
	uint32_t len = w->end - w->pos, digits = count_digits(w);
	const char after = digits < len ? start[digits] : '\0';

	if (digits > 0 && after == '-')
		return read_datetime(w, node);
	if (digits > 0 && after == ':') {
		node->kind = TOML_TIME_LOCAL;
		return read_time(w);
	}
	if (digits == 1 && start[0] == '0' && after == 'x')
		return read_prefixed(w, 16, node);
	if (digits == 1 && start[0] == '0' && after == 'o')
		return read_prefixed(w, 8, node);
	if (digits == 1 && start[0] == '0' && after == 'b')
		return read_prefixed(w, 2, node);
	if (len > 0 && strchr("0123456789+-in", start[0]) != NULL)
		return read_number(w, node);
	node->kind = TOML_BOOL;
	node->integer = start[0] == 't';
	return take(w, "true") || take(w, "false")
		   ? ERR_OK
		   : expected(w, "a value (strings stand in quotes)");
}

enum err_code
toml_read_scalar(struct toml_parser *p, struct toml_node *node)
{
	struct word w = { .p = p, .pos = p->pos, .end = find_word_end(p) };
	enum err_code rc = read_word(&w, node);

	if (rc != ERR_OK)
		return rc;
	if (w.pos < w.end)
		return expected(&w, "the end of the value");
	node->span = node->content = (struct toml_span) { .start = p->pos, .end = w.pos };
	node->text_len = w.pos - p->pos;
	node->text = toml_alloc_text(p->doc, p->text + p->pos, node->text_len);
	p->pos = w.pos;
	return ERR_OK;
}
