/* Index addresses and the normal form of project names. Knows no transport. */
#include "slipway/index/index.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/index/known.h"

void
index_info_fini(struct index_info *i)
{
	char *owned[] = { i->name, i->title, i->upload_url, i->simple_url, i->json_url,
		i->web_url };

	for (size_t n = 0; n < ARRAY_LEN(owned); n++)
		free(owned[n]);
	strlist_fini(&i->token_env);
	*i = (struct index_info)INDEX_INFO_EMPTY;
}

void
index_info_copy(struct index_info *to, const struct index_info *from)
{
	*to = (struct index_info) {
		.name = mem_strdup(from->name),
		.title = mem_strdup(from->title),
		.upload_url = mem_strdup(from->upload_url),
		.simple_url = mem_strdup(from->simple_url),
		.json_url = mem_strdup(from->json_url),
		.web_url = mem_strdup(from->web_url),
		.is_production = from->is_production,
		.is_test = from->is_test,
	};
	strlist_copy(&to->token_env, &from->token_env);
}

/* "scheme://authority" of an http(s) URL; empty for anything else. */
static struct bytes
url_origin(const char *url)
{
	struct bytes none = { .data = url, .len = 0 };
	size_t start = text_starts(url, "https://") ? 8 : text_starts(url, "http://") ? 7 : 0;
	size_t len = start > 0 ? strcspn(url + start, "/?#") : 0;

	if (len == 0)
		return none;
	return (struct bytes) { .data = url, .len = start + len };
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Without a port that the scheme implies. */
static struct bytes
url_plain_origin(const char *url)
{
	struct bytes o = url_origin(url);

	if (text_starts(url, "https://") && o.len > 4 && memcmp(o.data + o.len - 4, ":443", 4) == 0)
		o.len -= 4;
	else if (text_starts(url, "http://") && o.len > 3 &&
		 memcmp(o.data + o.len - 3, ":80", 3) == 0)
		o.len -= 3;
	return o;
}

bool
index_same_host(const char *a, const char *b)
{
	struct bytes x = url_plain_origin(a), y = url_plain_origin(b);

	if (x.len == 0 || x.len != y.len)
		return false;
	for (size_t i = 0; i < x.len; i++) {
		if (lower(x.data[i]) != lower(y.data[i]))
			return false;
	}
	return true;
}

static bool
is_loopback(const char *url)
{
	static const char *const hosts[] = { "http://127.0.0.1", "http://localhost",
		"http://[::1]" };

	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		size_t n = strlen(hosts[i]);

		if (text_starts(url, hosts[i]) &&
		    (url[n] == '\0' || url[n] == '/' || url[n] == ':'))
			return true;
	}
	return false;
}

static enum err_code
check_url(const char *url, struct err *e)
{
	char shown[256];
	struct bytes origin = url_origin(url);

	/* The text may hold a password, so nothing of it is shown then. */
	if (origin.len > 0 && memchr(origin.data, '@', origin.len) != NULL) {
		err_set(e, ERR_USAGE, "the index URL holds a user or password");
		return err_hint(e, "leave it out of the URL and give the token in the environment, "
				   ".env or .pypirc");
	}
	sanitise_line(url, strlen(url), shown, sizeof shown);
	if (origin.len == 0) {
		err_set(e, ERR_USAGE, "%s is not the URL of an index", shown);
		return err_hint(
		    e, "give pypi, testpypi, an [index.NAME] of slipway.toml, or an http(s) URL");
	}
	if (text_starts(url, "http://") && !is_loopback(url)) {
		err_set(e, ERR_USAGE, "%s would send the token unencrypted", shown);
		return err_hint(e, "use https; plain http is for an index on this machine");
	}
	if (strpbrk(url, " \t\r\n") != NULL || strcmp(shown, url) != 0)
		return err_set(e, ERR_USAGE, "%s is not a valid URL", shown);
	return ERR_OK;
}

/* URL with TAIL at its end ("legacy") replaced; NULL when it has another end. */
static char *
beside(const char *url, const char *with)
{
	static const char tail[] = "/legacy";
	size_t len = strlen(url);

	len -= len > 0 && url[len - 1] == '/';
	if (len < sizeof tail - 1 ||
	    strncmp(url + len - (sizeof tail - 1), tail, sizeof tail - 1) != 0)
		return NULL;
	return mem_printf("%.*s/%s/", (int)(len - (sizeof tail - 1)), url, with);
}

static char *
with_slash(const char *url)
{
	return mem_printf("%s%s", url, text_ends(url, "/") ? "" : "/");
}

enum err_code
index_info_from_url(const char *upload, const char *simple, struct index_info *out, struct err *e)
{
	static const char *const names[] = { "TWINE_PASSWORD", "UV_PUBLISH_TOKEN", NULL };
	struct bytes origin;
	enum err_code rc = check_url(upload, e);

	if (rc == ERR_OK && simple != NULL)
		rc = check_url(simple, e);
	if (rc != ERR_OK)
		return rc;
	if (index_known_by_url(upload, out)) {
		if (simple != NULL) {
			free(out->simple_url);
			out->simple_url = with_slash(simple);
		}
		return ERR_OK;
	}
	if (simple == NULL && (out->simple_url = beside(upload, "simple")) == NULL) {
		err_set(e, ERR_USAGE, "cannot tell where %s lists its files", upload);
		return err_hint(e, "give the URL of its simple API with --simple");
	}
	if (simple != NULL)
		out->simple_url = with_slash(simple);
	origin = url_origin(upload);
	out->upload_url = mem_strdup(upload);
	out->json_url = beside(upload, "pypi");
	out->name = mem_strndup(
	    strstr(upload, "://") + 3, origin.len - (size_t)(strstr(upload, "://") + 3 - upload));
	out->title = mem_strdup(out->name);
	strlist_add_all(&out->token_env, names);
	return ERR_OK;
}

void
index_info_prefer_env(struct index_info *i, const struct strlist *names)
{
	struct strlist all = STRLIST_EMPTY;

	strlist_copy(&all, names);
	for (size_t n = 0; n < i->token_env.count; n++) {
		if (!strlist_has(&all, i->token_env.items[n]))
			strlist_add(&all, i->token_env.items[n]);
	}
	strlist_fini(&i->token_env);
	i->token_env = all;
}

char *
index_info_page(const struct index_info *i, const char *project, const char *version)
{
	char *name, *page;

	if (i->web_url == NULL)
		return NULL;
	name = index_normal_name(project);
	page = version == NULL ? mem_printf("%s%s/", i->web_url, name)
			       : mem_printf("%s%s/%s/", i->web_url, name, version);
	free(name);
	return page;
}

char *
index_normal_name(const char *name)
{
	struct str out = STR_EMPTY;

	for (const char *p = name; *p != '\0'; p++) {
		if (*p != '-' && *p != '_' && *p != '.')
			str_putc(&out, lower(*p));
		else if (p == name || strchr("-_.", p[-1]) == NULL)
			str_putc(&out, '-');
	}
	return str_take(&out);
}

bool
index_same_name(const char *a, const char *b)
{
	char *x = index_normal_name(a), *y = index_normal_name(b);
	bool same = strcmp(x, y) == 0;

	free(x);
	free(y);
	return same;
}
