/* What an index says of a project, read from JSON or HTML. Foreign bytes: bounded, and never
 * believed. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "anchors.h"
#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/dist/filename.h"
#include "slipway/index/query.h"
#include "slipway/os/http.h"

#define FILES_MAX 100000
#define NAME_MAX_BYTES 512

static void
file_fini(struct index_file *f)
{
	free(f->name);
	free(f->url);
	free(f->sha256);
	free(f->version);
	free(f->requires_python);
	free(f->upload_time);
	free(f->yanked_reason);
}

void
index_listing_fini(struct index_listing *l)
{
	for (size_t i = 0; i < l->count; i++)
		file_fini(&l->files[i]);
	free(l->files);
	free(l->status);
	strlist_fini(&l->versions);
	*l = (struct index_listing)INDEX_LISTING_EMPTY;
}

void
index_listing_copy(struct index_listing *to, const struct index_listing *from)
{
	*to = (struct index_listing) { .state = from->state, .status = mem_strdup(from->status) };
	strlist_copy(&to->versions, &from->versions);
	to->files = mem_grow(NULL, &to->cap, from->count, sizeof *to->files);
	for (size_t i = 0; i < from->count; i++) {
		const struct index_file *f = &from->files[i];

		to->files[to->count++] = (struct index_file) {
			.name = mem_strdup(f->name),
			.url = mem_strdup(f->url),
			.sha256 = mem_strdup(f->sha256),
			.version = mem_strdup(f->version),
			.requires_python = mem_strdup(f->requires_python),
			.upload_time = mem_strdup(f->upload_time),
			.yanked_reason = mem_strdup(f->yanked_reason),
			.size = f->size,
			.is_yanked = f->is_yanked,
		};
	}
}

const struct index_file *
index_listing_find(const struct index_listing *l, const char *file_name)
{
	for (size_t i = 0; i < l->count; i++) {
		if (strcmp(l->files[i].name, file_name) == 0)
			return &l->files[i];
	}
	return NULL;
}

/* 64 hex digits in lower case, owned by the caller; NULL for anything else. */
static char *
clean_sha256(const char *hex, size_t len)
{
	char *out;

	if (hex == NULL || len != 64 || strspn(hex, "0123456789abcdefABCDEF") < len)
		return NULL;
	out = mem_strndup(hex, len);
	for (size_t i = 0; i < len; i++)
		out[i] = out[i] >= 'A' && out[i] <= 'F' ? (char)(out[i] | 32) : out[i];
	return out;
}

/* A name that a file of an index can have: nothing of a path in it. */
static bool
is_file_name(const char *name)
{
	size_t len = name != NULL ? strlen(name) : 0;

	return len > 0 && len <= NAME_MAX_BYTES && strpbrk(name, "/\\") == NULL && name[0] != '.';
}

/* A new file, borrowed; NULL when the name or the link will not do, or the bound is reached. */
static struct index_file *
add_file(struct index_listing *l, const char *base, const char *name, const char *link)
{
	struct index_file f = { .name = NULL };
	struct dist_name n = DIST_NAME_EMPTY;
	char *hash;

	if (!is_file_name(name) || link == NULL || l->count >= FILES_MAX)
		return NULL;
	f.url = http_resolve(base, link);
	if (f.url == NULL)
		return NULL;
	hash = strchr(f.url, '#');
	if (hash != NULL) {
		*hash++ = '\0';
		if (text_starts(hash, "sha256="))
			f.sha256 = clean_sha256(hash + 7, strcspn(hash + 7, "&"));
	}
	f.name = mem_strdup(name);
	if (dist_name_parse(name, &n, NULL) == ERR_OK)
		f.version = mem_strdup(n.version);
	dist_name_fini(&n);
	l->files = mem_grow(l->files, &l->cap, l->count + 1, sizeof *l->files);
	l->files[l->count] = f;
	return &l->files[l->count++];
}

static enum err_code
parse_json_files(const char *url, const struct json *files, struct index_listing *l, struct err *e)
{
	if (json_count(files) > FILES_MAX)
		return err_set(e, ERR_LIMIT, "%s lists more than %d files", url, FILES_MAX);
	for (size_t i = 0; i < json_count(files); i++) {
		const struct json *item = json_at(files, i);
		const struct json *yanked = json_get(item, "yanked");
		const char *hex = json_text(json_get_object(item, "hashes"), "sha256");
		struct index_file *f = add_file(
		    l, url, json_text(item, "filename"), json_text(item, "url"));
		int64_t size = json_int(item, "size", 0);

		if (f == NULL)
			return err_set(e, ERR_INVALID,
			    "%s: file %zu of the list has no usable name and URL", url, i + 1);
		if (hex != NULL) {
			free(f->sha256);
			f->sha256 = clean_sha256(hex, strlen(hex));
		}
		f->size = size > 0 ? (uint64_t)size : 0;
		f->requires_python = mem_strdup(json_text(item, "requires-python"));
		f->upload_time = mem_strdup(json_text(item, "upload-time"));
		f->is_yanked = json_as_text(yanked) != NULL || json_bool(item, "yanked", false);
		if (json_as_text(yanked) != NULL && json_as_text(yanked)[0] != '\0')
			f->yanked_reason = mem_strdup(json_as_text(yanked));
	}
	return ERR_OK;
}

static enum err_code
parse_json(const char *url, struct bytes body, struct index_listing *l, struct err *e)
{
	struct json *doc = NULL;
	const struct json *versions;
	const char *api;
	enum err_code rc = json_parse(body, url, NULL, &doc, e);

	if (rc != ERR_OK)
		goto out;
	api = json_text(json_get_object(doc, "meta"), "api-version");
	if (api == NULL || json_get_array(doc, "files") == NULL) {
		rc = err_set(e, ERR_INVALID, "%s answered JSON that is no list of files", url);
		goto out;
	}
	if (strcmp(api, "1") != 0 && !text_starts(api, "1.")) {
		char shown[32];

		sanitise_line(api, strlen(api), shown, sizeof shown);
		rc = err_set(e, ERR_UNSUPPORTED,
		    "%s speaks version %s of the simple API, which is newer", url, shown);
		goto out;
	}
	l->status = mem_strdup(json_text(json_get_object(doc, "project-status"), "status"));
	versions = json_get_array(doc, "versions");
	for (size_t i = 0; i < json_count(versions); i++) {
		if (json_as_text(json_at(versions, i)) != NULL)
			strlist_add(&l->versions, json_as_text(json_at(versions, i)));
	}
	rc = parse_json_files(url, json_get_array(doc, "files"), l, e);
out:
	json_free(doc);
	return rc;
}

struct page {
	struct index_listing *l;
	char *base;
	size_t links;
	bool has_base;
};

static bool
is_dist(const char *name)
{
	static const char *const ends[] = { ".whl", ".tar.gz", ".zip", ".egg", ".tar.bz2", ".tgz",
		".tar.xz", ".exe", ".rpm", ".msi", ".deb", ".dmg" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		if (text_ends(name, ends[i]))
			return true;
	}
	return false;
}

static bool
on_anchor(void *arg, const struct anchor *a)
{
	struct page *p = arg;
	struct index_file *f;
	const char *slash;
	char *name;

	if (a->is_base) {
		char *base = p->has_base ? NULL : http_resolve(p->base, a->href);

		if (base != NULL) {
			free(p->base);
			p->base = base;
			p->has_base = true;
		}
		return true;
	}
	p->links++;
	name = mem_strndup(a->href, strcspn(a->href, "?#"));
	slash = strrchr(name, '/');
	f = is_dist(a->text) ? add_file(p->l, p->base, a->text, a->href)
	    : is_dist(name)  ? add_file(p->l, p->base, slash != NULL ? slash + 1 : name, a->href)
			     : NULL;
	free(name);
	if (f != NULL) {
		f->requires_python = mem_strdup(a->requires_python);
		f->is_yanked = a->yanked != NULL;
		f->yanked_reason = a->yanked != NULL && a->yanked[0] != '\0' ? mem_strdup(a->yanked)
									     : NULL;
	}
	return p->l->count < FILES_MAX;
}

static bool
is_html(struct bytes body)
{
	body = bytes_trim(body);
	return body.len >= 5 && body.data[0] == '<' &&
	       (strncasecmp(body.data, "<html", 5) == 0 ||
		   strncasecmp(body.data, "<!doc", 5) == 0 ||
		   strncasecmp(body.data, "<head", 5) == 0 ||
		   strncasecmp(body.data, "<body", 5) == 0);
}

static enum err_code
parse_html(const char *url, struct bytes body, struct index_listing *l, struct err *e)
{
	struct page p = { .l = l, .base = mem_strdup(url) };

	anchors_walk(body, on_anchor, &p);
	free(p.base);
	if (l->count >= FILES_MAX)
		return err_set(e, ERR_LIMIT, "%s lists %d files or more", url, FILES_MAX);
	if (l->count == 0 && (p.links > 0 || !is_html(body))) {
		err_set(e, ERR_INVALID, "%s answered something that is no list of files", url);
		return err_hint(e, "check the simple URL of the index: it may be another page, or "
				   "ask for a login");
	}
	return ERR_OK;
}

static void
fill_versions(struct index_listing *l)
{
	if (l->versions.count > 0)
		return;
	for (size_t i = 0; i < l->count; i++) {
		if (l->files[i].version != NULL && !strlist_has(&l->versions, l->files[i].version))
			strlist_add(&l->versions, l->files[i].version);
	}
}

enum err_code
index_listing_parse(const char *url, const char *content_type, struct bytes body,
    struct index_listing *out, struct err *e)
{
	struct index_listing l = { .state = INDEX_FOUND };
	struct bytes start = bytes_trim(body);
	bool is_json = start.len > 0 && start.data[0] == '{';
	enum err_code rc;

	/* A declared type rules, but old servers call JSON text/plain or nothing at all. */
	if (content_type != NULL && strstr(content_type, "html") != NULL)
		is_json = false;
	else if (content_type != NULL && strstr(content_type, "json") != NULL)
		is_json = true;
	rc = is_json ? parse_json(url, body, &l, e) : parse_html(url, body, &l, e);
	if (rc != ERR_OK) {
		index_listing_fini(&l);
		return rc;
	}
	fill_versions(&l);
	*out = l;
	return ERR_OK;
}
