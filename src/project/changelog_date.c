/* Dates in headings: 2026-08-11, 2026/08/11, August 11, 2026, 11 Aug 2026. */
#include <string.h>
#include <strings.h>

#include "changelog_private.h"
#include "slipway/base/compiler.h"

static const char *const months[] = { "January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December" };

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t
digits_at(struct bytes t, size_t at)
{
	size_t n = 0;

	while (at + n < t.len && is_digit(t.data[at + n]))
		n++;
	return n;
}

/* Bytes of a month's name at AT, its short form included; 0 for none. */
static size_t
month_at(struct bytes t, size_t at)
{
	size_t n = 0;

	while (at + n < t.len && is_letter(t.data[at + n]))
		n++;
	for (size_t i = 0; i < ARRAY_LEN(months); i++)
		if ((n == 3 || n == strlen(months[i])) &&
		    strncasecmp(t.data + at, months[i], n) == 0)
			return n;
	return 0;
}

/* YYYY-MM-DD with one of the separators. */
static size_t
numbers_at(struct bytes t, size_t at)
{
	char sep;

	if (digits_at(t, at) != 4 || at + 10 > t.len)
		return 0;
	sep = t.data[at + 4];
	if ((sep != '-' && sep != '/' && sep != '.') || digits_at(t, at + 5) != 2 ||
	    t.data[at + 7] != sep || digits_at(t, at + 8) != 2)
		return 0;
	return 10;
}

static size_t
skip_space(struct bytes t, size_t at)
{
	while (at < t.len && t.data[at] == ' ')
		at++;
	return at;
}

/* "August 11, 2026" and "11 August 2026". */
static size_t
words_at(struct bytes t, size_t at)
{
	size_t i = at, n = month_at(t, i);
	bool month_first = n > 0;

	if (!month_first) {
		n = digits_at(t, i);
		if (n == 0 || n > 2)
			return 0;
	}
	i = skip_space(t, i + n);
	n = month_first ? digits_at(t, i) : month_at(t, i);
	if (n == 0 || (month_first && n > 2))
		return 0;
	i += n;
	if (i < t.len && t.data[i] == ',')
		i++;
	i = skip_space(t, i);
	return digits_at(t, i) == 4 ? i + 4 - at : 0;
}

size_t
changelog_date_at(struct bytes text, size_t at)
{
	size_t n;

	if (at > 0 && (is_digit(text.data[at - 1]) || is_letter(text.data[at - 1])))
		return 0;
	n = numbers_at(text, at);
	if (n == 0)
		n = words_at(text, at);
	return n > 0 && at + n < text.len && is_digit(text.data[at + n]) ? 0 : n;
}

void
changelog_date_like(struct bytes model, const char *iso, struct str *out)
{
	bool month_first = is_letter(model.data[0]);
	size_t at = 0, n;
	int month = (iso[5] - '0') * 10 + iso[6] - '0';
	const char *name = months[month >= 1 && month <= 12 ? month - 1 : 0], *day;

	if (digits_at(model, 0) == 4) {
		str_printf(out, "%.4s%c%.2s%c%.2s", iso, model.data[4], iso + 5, model.data[4],
		    iso + 8);
		return;
	}
	if (!month_first)
		at = skip_space(model, digits_at(model, 0));
	n = month_at(model, at);
	day = iso[8] == '0' ? iso + 9 : iso + 8;
	if (!month_first)
		str_printf(out, "%s ", day);
	str_append(out, name, n == 3 ? 3 : strlen(name));
	if (month_first)
		str_printf(out, " %s", day);
	str_puts(out, memchr(model.data, ',', model.len) != NULL ? ", " : " ");
	str_append(out, iso, 4);
}
