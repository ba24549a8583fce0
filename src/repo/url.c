/* Credentials taken out of URLs, wherever they stand in a text. */
#include "slipway/repo/repo.h"

#include <string.h>
#include <strings.h>

static bool
is_scheme(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '+' || c == '-' || c == '.';
}

static bool
ends_authority(char c)
{
	return c == '/' || c == '?' || c == '#' || c == '\'' || c == '"' || c == '<' || c == '>' ||
	    (unsigned char)c <= ' ';
}

static bool
is_http(const char *scheme, size_t len)
{
	return (len == 4 && strncasecmp(scheme, "http", 4) == 0) ||
	    (len == 5 && strncasecmp(scheme, "https", 5) == 0);
}

/* A token is often given as the user of an https URL, so nothing before the @ is kept there. */
static void
mask_user(const char *scheme, size_t scheme_len, const char *user, size_t len, struct str *out)
{
	const char *colon = memchr(user, ':', len);

	if (is_http(scheme, scheme_len)) {
		str_puts(out, "***");
	} else if (colon != NULL) {
		str_append(out, user, (size_t)(colon - user));
		str_puts(out, ":***");
	} else {
		str_append(out, user, len);
	}
}

void
repo_mask_urls(const char *text, size_t len, struct str *out)
{
	size_t done = 0;

	for (size_t i = 0; i + 3 <= len; i++) {
		size_t start = i, end, at = 0;

		if (memcmp(text + i, "://", 3) != 0)
			continue;
		while (start > done && is_scheme(text[start - 1]))
			start--;
		/* The last @ of the authority: a password may hold one that nobody escaped. */
		for (end = i + 3; end < len && !ends_authority(text[end]); end++)
			if (text[end] == '@')
				at = end;
		if (at == 0)
			continue;
		str_append(out, text + done, i + 3 - done);
		mask_user(text + start, i - start, text + i + 3, at - (i + 3), out);
		done = at;
		i = at;
	}
	str_append(out, text + done, len - done);
}
