/* .env lines, read the way python-dotenv does, without its expansion of variables. */
#include "slipway/base/dotenv.h"

#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct bytes
skip_blanks(struct bytes b)
{
	while (b.len > 0 && is_blank(b.data[0])) {
		b.data++;
		b.len--;
	}
	return b;
}

static struct bytes
drop(struct bytes b, size_t len)
{
	return (struct bytes) { .data = b.data + len, .len = b.len - len };
}

/* B starts with a quote. Finds the one that closes it, over line ends; 0 when there is none. */
static size_t
find_close(struct bytes b, bool *has_escapes)
{
	*has_escapes = false;
	for (size_t i = 1; i < b.len; i++) {
		if (b.data[i] == b.data[0])
			return i;
		if (b.data[i] == '\\') {
			*has_escapes = true;
			i++;
		}
	}
	return 0;
}

/* Up to the end of the line or a comment, which a blank must precede. */
static struct bytes
plain_value(struct bytes line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.data[i] == '#' && (i == 0 || is_blank(line.data[i - 1])))
			line.len = i;
	return bytes_trim(line);
}

/* LINE starts the assignment and D->rest is what follows it; false when it is none. */
static bool
read_assignment(struct dotenv *d, struct bytes line, struct dotenv_entry *out)
{
	const char *equals;
	struct bytes value, whole, tail;
	size_t close;

	if (line.len > 7 && memcmp(line.data, "export", 6) == 0 && is_blank(line.data[6]))
		line = skip_blanks(drop(line, 6));
	equals = memchr(line.data, '=', line.len);
	if (equals == NULL || equals == line.data)
		return false;
	out->key = bytes_trim((struct bytes) { line.data, (size_t)(equals - line.data) });
	if (out->key.len > 2 && out->key.data[0] == '\'' && out->key.data[out->key.len - 1] == '\'')
		out->key = (struct bytes) { out->key.data + 1, out->key.len - 2 };
	for (size_t i = 0; i < out->key.len; i++)
		if (is_blank(out->key.data[i]))
			return false;
	value = skip_blanks(drop(line, out->key.len > 0 ? (size_t)(equals - line.data) + 1 : 0));
	out->has_escapes = false;
	if (value.len == 0 || (value.data[0] != '"' && value.data[0] != '\'')) {
		out->value = plain_value(value);
		return out->key.len > 0;
	}
	/* A quoted value may go on behind its line. */
	whole = (struct bytes) { value.data, (size_t)(d->rest.data + d->rest.len - value.data) };
	close = find_close(whole, &out->has_escapes);
	if (close == 0)
		return false;
	out->value = (struct bytes) { value.data + 1, close - 1 };
	tail = drop(whole, close + 1);
	for (size_t i = 1; i < close; i++)
		d->line += value.data[i] == '\n';
	d->rest = tail;
	if (!bytes_line(&d->rest, &line))
		return true;
	line = skip_blanks(line);
	return line.len == 0 || line.data[0] == '#';
}

struct dotenv
dotenv_start(struct bytes text)
{
	if (text.len == 0)
		text.data = "";
	if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
		text = drop(text, 3);
	return (struct dotenv) { .rest = text };
}

bool
dotenv_next(struct dotenv *d, struct dotenv_entry *out)
{
	struct bytes line;

	while (bytes_line(&d->rest, &line)) {
		d->line++;
		line = bytes_trim(line);
		if (line.len == 0 || line.data[0] == '#')
			continue;
		out->line = d->line;
		if (read_assignment(d, line, out))
			return true;
		d->bad_line = out->line;
	}
	return false;
}

bool
dotenv_get(struct bytes text, const char *key, struct dotenv_entry *out)
{
	struct dotenv d = dotenv_start(text);
	struct dotenv_entry entry;
	bool found = false;

	while (dotenv_next(&d, &entry))
		if (bytes_is(entry.key, key)) {
			*out = entry;
			found = true;
		}
	return found;
}
