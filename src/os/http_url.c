/* URLs: where they lead, and references resolved as RFC 3986, section 5.2, says. Knows no curl. */
#include "http_url.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "slipway/os/http.h"

/* The five parts of RFC 3986, appendix B. A part that is absent has a NULL pointer. */
struct parts {
	struct bytes scheme, authority, path, query, fragment;
};

static bool
is_scheme(const char *text, size_t len)
{
	if (len == 0 || !isalpha((unsigned char)text[0]))
		return false;
	for (size_t i = 1; i < len; i++)
		if (!isalnum((unsigned char)text[i]) && strchr("+-.", text[i]) == NULL)
			return false;
	return true;
}

static void
split(const char *text, struct parts *p)
{
	size_t len = strcspn(text, ":/?#");

	*p = (struct parts) { .scheme = { NULL, 0 } };
	if (text[len] == ':' && is_scheme(text, len)) {
		p->scheme = (struct bytes) { text, len };
		text += len + 1;
	}
	if (text_starts(text, "//")) {
		len = strcspn(text + 2, "/?#");
		p->authority = (struct bytes) { text + 2, len };
		text += 2 + len;
	}
	len = strcspn(text, "?#");
	p->path = (struct bytes) { text, len };
	text += len;
	if (*text == '?') {
		len = strcspn(text + 1, "#");
		p->query = (struct bytes) { text + 1, len };
		text += 1 + len;
	}
	if (*text == '#')
		p->fragment = (struct bytes) { text + 1, strlen(text + 1) };
}

static void
lower(char *text)
{
	for (; *text != '\0'; text++)
		*text = (char)tolower((unsigned char)*text);
}

static bool
is_clean(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text <= 0x20 || *text == 0x7f || *text == '\\')
			return false;
	return true;
}

static bool
is_host(struct bytes host)
{
	bool bracket = host.len > 2 && host.data[0] == '[' && host.data[host.len - 1] == ']';

	for (size_t i = 0; i < host.len; i++) {
		unsigned char c = (unsigned char)host.data[i];

		if (bracket ? !isxdigit(c) && strchr("[]:.", c) == NULL
			    : !isalnum(c) && c != '-' && c != '.' && c != '_' && c < 0x80)
			return false;
	}
	return host.len > 0;
}

/* Takes host and port out of an authority; the port of SCHEME when it names none. */
static bool
read_authority(struct bytes authority, const char *scheme, struct http_url *out)
{
	size_t host_len = authority.len, port;
	const char *text = authority.data;
	char *digits;
	bool good;

	for (size_t i = 0; i < authority.len; i++) {
		if (text[i] == ']')
			host_len = authority.len;
		else if (text[i] == ':' && host_len == authority.len)
			host_len = i;
	}
	if (authority.len > 0 && text[0] == '[') {
		const char *end = memchr(text, ']', authority.len);

		host_len = end != NULL ? (size_t)(end - text) + 1 : 0;
	}
	if (!is_host((struct bytes) { text, host_len }))
		return false;
	if (host_len == authority.len || host_len + 1 == authority.len) {
		out->port = mem_strdup(strcmp(scheme, "https") == 0 ? "443" : "80");
		good = host_len == authority.len;
	} else {
		digits = mem_strndup(text + host_len + 1, authority.len - host_len - 1);
		good = text[host_len] == ':' && text_to_size(digits, 65535, &port) && port > 0;
		out->port = good ? mem_printf("%zu", port) : NULL;
		free(digits);
	}
	if (!good)
		return false;
	out->host = mem_strndup(text, host_len);
	lower(out->host);
	return true;
}

enum err_code
http_url_parse(const char *text, struct http_url *out, struct err *e)
{
	struct http_url u = HTTP_URL_EMPTY;
	struct parts p;

	split(text, &p);
	if (p.authority.len > 0 && memchr(p.authority.data, '@', p.authority.len) != NULL) {
		err_set(e, ERR_INVALID, "a URL must not hold a user name or password");
		err_hint(e, "take it out; tokens come from the environment, .pypirc or the prompt");
		return ERR_INVALID;
	}
	u.scheme = mem_strndup(p.scheme.len > 0 ? p.scheme.data : "", p.scheme.len);
	lower(u.scheme);
	if (!is_clean(text) || (strcmp(u.scheme, "http") != 0 && strcmp(u.scheme, "https") != 0) ||
	    p.authority.data == NULL || !read_authority(p.authority, u.scheme, &u)) {
		http_url_fini(&u);
		return err_set(e, ERR_INVALID, "%s is not an http or https URL", text);
	}
	*out = u;
	return ERR_OK;
}

void
http_url_fini(struct http_url *u)
{
	free(u->scheme);
	free(u->host);
	free(u->port);
	*u = (struct http_url)HTTP_URL_EMPTY;
}

bool
http_url_same_origin(const struct http_url *a, const struct http_url *b)
{
	return strcmp(a->scheme, b->scheme) == 0 && strcmp(a->host, b->host) == 0 &&
	       strcmp(a->port, b->port) == 0;
}

bool
http_url_is_loopback(const struct http_url *u)
{
	return strcmp(u->host, "localhost") == 0 || strcmp(u->host, "[::1]") == 0 ||
	       (text_starts(u->host, "127.") && strspn(u->host, "0123456789.") == strlen(u->host));
}

/* Appends PATH without its "." and ".." segments, never above the root (RFC 3986, 5.2.4). */
static void
append_path(struct str *out, const char *path, size_t len)
{
	size_t root = out->len;

	for (size_t pos = 0; pos < len;) {
		size_t next = pos + 1;
		bool last;

		while (next < len && path[next] != '/')
			next++;
		last = next == len;
		if (next - pos == 2 && memcmp(path + pos, "/.", 2) == 0) {
			if (last)
				str_putc(out, '/');
		} else if (next - pos == 3 && memcmp(path + pos, "/..", 3) == 0) {
			size_t end = out->len;

			while (end > root && out->data[end - 1] != '/')
				end--;
			if (end > root)
				end--;
			str_splice(out, end, out->len - end, "", 0);
			if (last)
				str_putc(out, '/');
		} else {
			str_append(out, path + pos, next - pos);
		}
		pos = next;
	}
}

/* The path of a reference: its own, or merged with the folder of the base's. */
static void
merge_path(const struct parts *base, const struct parts *ref, struct str *out)
{
	size_t folder = base->path.len;

	if (ref->path.len > 0 && ref->path.data[0] == '/') {
		append_path(out, ref->path.data, ref->path.len);
		return;
	}
	if (ref->path.len > 0) {
		struct str merged = STR_EMPTY;

		while (folder > 0 && base->path.data[folder - 1] != '/')
			folder--;
		if (folder == 0)
			str_putc(&merged, '/');
		str_append(&merged, base->path.data, folder);
		str_append(&merged, ref->path.data, ref->path.len);
		append_path(out, merged.data, merged.len);
		str_fini(&merged);
		return;
	}
	str_append(out, base->path.data, base->path.len);
}

static char *
escape_spaces(const char *text)
{
	struct str out = STR_EMPTY;

	for (; *text != '\0'; text++) {
		if (*text == ' ')
			str_puts(&out, "%20");
		else
			str_putc(&out, *text);
	}
	return str_take(&out);
}

static void
append_part(struct str *out, char mark, struct bytes part)
{
	if (part.data == NULL)
		return;
	str_putc(out, mark);
	str_append(out, part.data, part.len);
}

static void
resolve(const struct parts *base, const struct parts *ref, struct str *out)
{
	struct bytes scheme = ref->scheme.data != NULL ? ref->scheme : base->scheme;

	str_append(out, scheme.data, scheme.len);
	str_puts(out, "://");
	if (ref->scheme.data != NULL || ref->authority.data != NULL) {
		str_append(out, ref->authority.data, ref->authority.len);
		append_path(out, ref->path.data, ref->path.len);
		append_part(out, '?', ref->query);
	} else {
		str_append(out, base->authority.data, base->authority.len);
		merge_path(base, ref, out);
		append_part(out, '?',
		    ref->path.len > 0 || ref->query.data != NULL ? ref->query : base->query);
	}
	append_part(out, '#', ref->fragment);
}

char *
http_resolve(const char *base_text, const char *ref_text)
{
	struct http_url url = HTTP_URL_EMPTY;
	struct parts base, ref;
	struct str out = STR_EMPTY;
	char *escaped = escape_spaces(ref_text);

	split(base_text, &base);
	split(escaped, &ref);
	if (http_url_parse(base_text, &url, NULL) == ERR_OK &&
	    (ref.scheme.data == NULL || ref.authority.data != NULL))
		resolve(&base, &ref, &out);
	http_url_fini(&url);
	free(escaped);
	if (out.len == 0 || http_url_parse(str_text(&out), &url, NULL) != ERR_OK) {
		str_fini(&out);
		return NULL;
	}
	http_url_fini(&url);
	return str_take(&out);
}
