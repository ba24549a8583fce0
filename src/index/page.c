/* The documents of the rehearsal index: PEP 503 as HTML, PEP 691 and 700 as JSON, and the project
 * JSON. Links are paths from the root, so that they hold behind a proxy too. */
#include "page.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/base/strlist.h"
#include "store.h"

static const char *const form_types[] = {
	[PAGE_HTML] = "text/html; charset=utf-8",
	[PAGE_SIMPLE_HTML] = "application/vnd.pypi.simple.v1+html",
	[PAGE_JSON] = "application/vnd.pypi.simple.v1+json",
};

_Static_assert(ARRAY_LEN(form_types) == PAGE_FORM_COUNT, "one type a form");

const char *
page_form_type(enum page_form form)
{
	return form_types[form];
}

/* Takes the next media range off *REST; Q in thousandths. */
static bool
next_range(struct bytes *rest, struct bytes *type, int *q)
{
	const char *comma;
	size_t len;

	if (rest->len == 0)
		return false;
	comma = memchr(rest->data, ',', rest->len);
	len = comma != NULL ? (size_t)(comma - rest->data) : rest->len;
	*type = (struct bytes) { .data = rest->data, .len = len };
	rest->data += len + (comma != NULL);
	rest->len -= len + (comma != NULL);
	*q = 1000;
	for (size_t i = 0; i < type->len; i++) {
		if (type->data[i] != ';')
			continue;
		struct bytes param = { .data = type->data + i + 1, .len = type->len - i - 1 };

		param = bytes_trim(param);
		if (param.len > 2 && (param.data[0] | 32) == 'q' && param.data[1] == '=') {
			int scale = 100;

			*q = param.data[2] == '1' ? 1000 : 0;
			for (size_t k = 4;
			     k < param.len && param.data[k] >= '0' && param.data[k] <= '9'; k++) {
				*q += (param.data[k] - '0') * scale;
				scale /= 10;
			}
		}
		type->len = i;
		break;
	}
	*type = bytes_trim(*type);
	return true;
}

enum page_form
page_form_of(const char *accept)
{
	static const struct {
		const char *type;
		enum page_form form;
	} row[] = {
		{ "application/vnd.pypi.simple.v1+json", PAGE_JSON },
		{ "application/vnd.pypi.simple.latest+json", PAGE_JSON },
		{ "application/vnd.pypi.simple.v1+html", PAGE_SIMPLE_HTML },
		{ "application/vnd.pypi.simple.latest+html", PAGE_SIMPLE_HTML },
		{ "text/html", PAGE_HTML },
		{ "text/*", PAGE_HTML },
		{ "*/*", PAGE_HTML },
	};
	struct bytes rest = bytes_of(accept != NULL ? accept : ""), type;
	enum page_form best = PAGE_HTML;
	int best_q = 0, q;

	while (next_range(&rest, &type, &q)) {
		for (size_t i = 0; i < ARRAY_LEN(row); i++) {
			if (q > best_q && strlen(row[i].type) == type.len &&
			    strncasecmp(row[i].type, type.data, type.len) == 0) {
				best = row[i].form;
				best_q = q;
			}
		}
	}
	return best;
}

bool
page_wants_json(const char *accept)
{
	return accept != NULL && strstr(accept, "application/json") != NULL;
}

static void
put_escaped(struct str *out, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '&':
			str_puts(out, "&amp;");
			break;
		case '<':
			str_puts(out, "&lt;");
			break;
		case '>':
			str_puts(out, "&gt;");
			break;
		case '"':
			str_puts(out, "&quot;");
			break;
		default:
			str_putc(out, *text);
		}
	}
}

/* File names are checked at upload; of what they may hold only + needs care in a URL path, and %
 * for good. */
static void
put_file_url(struct str *out, const struct store_project *p, const struct store_file *f)
{
	str_printf(out, "/files/%s/", p->name);
	for (const char *c = f->name; *c != '\0'; c++) {
		if (strchr("%#?+ \"<>&", *c) != NULL)
			str_printf(out, "%%%02X", (unsigned)(unsigned char)*c);
		else
			str_putc(out, *c);
	}
}

static void
html_head(struct str *out, const char *title)
{
	str_printf(out,
	    "<!DOCTYPE html>\n<html>\n<head>\n<meta name=\"pypi:repository-version\" "
	    "content=\"1.1\">\n"
	    "<title>%s</title>\n</head>\n<body>\n<h1>%s</h1>\n",
	    title, title);
}

static struct json *
json_head(const struct store *s)
{
	struct json *doc = json_object_new(), *meta = json_set_object(doc, "meta");

	json_set_text(meta, "api-version", "1.1");
	json_set_int(meta, "_last-serial", (int64_t)store_serial(s));
	return doc;
}

void
page_projects(const struct store *s, enum page_form form, struct str *out)
{
	struct json *doc, *list;

	if (form != PAGE_JSON) {
		html_head(out, "Simple index");
		for (size_t i = 0; i < store_count(s); i++)
			str_printf(out, "<a href=\"/simple/%s/\">%s</a><br>\n",
			    store_at(s, i)->name, store_at(s, i)->display);
		str_puts(out, "</body>\n</html>\n");
		return;
	}
	doc = json_head(s);
	list = json_set_array(doc, "projects");
	for (size_t i = 0; i < store_count(s); i++)
		json_set_text(json_add_object(list), "name", store_at(s, i)->display);
	json_write(doc, JSON_STYLE_LINE, out);
	json_free(doc);
}

static void
versions_of(const struct store_project *p, struct strlist *out)
{
	for (size_t i = 0; i < p->count; i++) {
		if (!strlist_has(out, p->files[i]->version))
			strlist_add(out, p->files[i]->version);
	}
}

static void
html_file(const struct store_project *p, const struct store_file *f, struct str *out)
{
	str_puts(out, "<a href=\"");
	put_file_url(out, p, f);
	str_printf(out, "#sha256=%s\"", f->sha256);
	if (f->requires_python != NULL) {
		str_puts(out, " data-requires-python=\"");
		put_escaped(out, f->requires_python);
		str_putc(out, '"');
	}
	if (f->is_yanked) {
		str_puts(out, " data-yanked=\"");
		put_escaped(out, f->yanked_reason != NULL ? f->yanked_reason : "");
		str_putc(out, '"');
	}
	str_putc(out, '>');
	put_escaped(out, f->name);
	str_puts(out, "</a><br>\n");
}

static void
json_file(const struct store_project *p, const struct store_file *f, struct json *out)
{
	struct str url = STR_EMPTY;

	put_file_url(&url, p, f);
	json_set_text(out, "filename", f->name);
	json_set_text(out, "url", str_text(&url));
	json_set_text(json_set_object(out, "hashes"), "sha256", f->sha256);
	if (f->requires_python != NULL)
		json_set_text(out, "requires-python", f->requires_python);
	json_set_int(out, "size", (int64_t)f->size);
	json_set_text(out, "upload-time", f->uploaded);
	if (f->yanked_reason != NULL)
		json_set_text(out, "yanked", f->yanked_reason);
	else
		json_set_bool(out, "yanked", f->is_yanked);
	json_set_bool(out, "core-metadata", false);
	str_fini(&url);
}

void
page_files(
    const struct store *s, const struct store_project *p, enum page_form form, struct str *out)
{
	struct strlist versions = STRLIST_EMPTY;
	struct json *doc, *list;
	char *title;

	if (form != PAGE_JSON) {
		title = mem_printf("Links for %s", p->display);
		html_head(out, title);
		for (size_t i = 0; i < p->count; i++)
			html_file(p, p->files[i], out);
		str_puts(out, "</body>\n</html>\n");
		free(title);
		return;
	}
	doc = json_head(s);
	json_set_text(doc, "name", p->name);
	list = json_set_array(doc, "versions");
	versions_of(p, &versions);
	for (size_t i = 0; i < versions.count; i++)
		json_add_text(list, versions.items[i]);
	list = json_set_array(doc, "files");
	for (size_t i = 0; i < p->count; i++)
		json_file(p, p->files[i], json_add_object(list));
	json_write(doc, JSON_STYLE_LINE, out);
	json_free(doc);
	strlist_fini(&versions);
}

const char *
page_latest(const struct store_project *p)
{
	for (size_t i = p->count; i-- > 0;) {
		if (p->files[i]->version[strspn(p->files[i]->version, "0123456789.!")] == '\0')
			return p->files[i]->version;
	}
	return p->files[p->count - 1]->version;
}

static struct json *
url_json(const struct store_project *p, const struct store_file *f, const char *base)
{
	struct json *out = json_object_new(), *digests;
	struct str url = STR_EMPTY;

	str_puts(&url, base);
	put_file_url(&url, p, f);
	str_splice(&url, strlen(base), 1, NULL, 0); /* BASE has the slash */
	json_set_text(out, "filename", f->name);
	json_set_text(out, "url", str_text(&url));
	json_set_int(out, "size", (int64_t)f->size);
	json_set_text(out, "packagetype", f->is_sdist ? "sdist" : "bdist_wheel");
	json_set_text(out, "upload_time_iso_8601", f->uploaded);
	json_set_text(out, "requires_python", f->requires_python);
	json_set_bool(out, "yanked", f->is_yanked);
	json_set_text(out, "yanked_reason", f->yanked_reason);
	digests = json_set_object(out, "digests");
	json_set_text(digests, "sha256", f->sha256);
	json_set_text(digests, "blake2b_256", f->blake2b);
	if (f->md5[0] != '\0')
		json_set_text(digests, "md5", f->md5);
	str_fini(&url);
	return out;
}

/* Form fields under the names that the project JSON has for them. */
static void
info_json(const struct json *fields, const struct store_project *p, const char *version,
    struct json *info)
{
	static const char *const plain[] = {
		"summary",
		"description",
		"description_content_type",
		"author",
		"author_email",
		"maintainer",
		"maintainer_email",
		"license",
		"license_expression",
		"keywords",
		"home_page",
		"download_url",
		"requires_python",
	};
	static const char *const lists[] = { "classifiers", "requires_dist", "provides_extra",
		"dynamic" };
	const struct json *urls = json_get_array(fields, "project_urls");
	struct json *object;

	json_set_text(info, "name", p->display);
	json_set_text(info, "version", version);
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		json_set_text(info, plain[i], json_text(fields, plain[i]));
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		json_set(info, lists[i], json_clone(json_get_array(fields, lists[i])));
	object = json_set_object(info, "project_urls");
	for (size_t i = 0; i < json_count(urls); i++) {
		const char *pair = json_as_text(json_at(urls, i));
		const char *comma = pair != NULL ? strchr(pair, ',') : NULL;
		char *label;

		if (comma == NULL)
			continue;
		label = mem_strndup(pair, (size_t)(comma - pair));
		json_set_text(object, label, comma + 1 + strspn(comma + 1, " "));
		free(label);
	}
}

static void
add_urls(const struct store_project *p, const char *version, const char *base, struct json *list)
{
	for (size_t i = 0; i < p->count; i++) {
		if (strcmp(p->files[i]->version, version) == 0)
			json_add(list, url_json(p, p->files[i], base));
	}
}

bool
page_project_json(const struct store *s, const struct store_project *p, const char *version,
    const char *base, struct str *out)
{
	const struct store_file *first = NULL;
	struct strlist versions = STRLIST_EMPTY;
	struct json *doc, *info, *releases, *fields;

	for (size_t i = 0; i < p->count && first == NULL; i++)
		first = version == NULL || strcmp(p->files[i]->version, version) == 0 ? p->files[i]
										      : NULL;
	if (first == NULL)
		return false;
	if (version == NULL) {
		version = page_latest(p);
		for (size_t i = 0; strcmp(first->version, version) != 0; i++)
			first = p->files[i];
	}
	doc = json_object_new();
	info = json_set_object(doc, "info");
	fields = store_fields(s, p, first);
	info_json(fields, p, version, info);
	json_free(fields);
	json_set_bool(info, "yanked", first->is_yanked);
	json_set_text(info, "yanked_reason", first->yanked_reason);
	json_set_int(doc, "last_serial", (int64_t)store_serial(s));
	releases = json_set_object(doc, "releases");
	versions_of(p, &versions);
	for (size_t i = 0; i < versions.count; i++)
		add_urls(p, versions.items[i], base, json_set_array(releases, versions.items[i]));
	add_urls(p, version, base, json_set_array(doc, "urls"));
	strlist_fini(&versions);
	json_set_array(doc, "vulnerabilities");
	json_write(doc, JSON_STYLE_LINE, out);
	json_free(doc);
	return true;
}

void
page_error_json(int status, const char *title, const char *message, struct str *out)
{
	struct json *doc = json_object_new();
	char *code = mem_printf("%d %s", status, message[0] != '\0' ? message : title);

	json_set_text(doc, "message", message);
	json_set_text(doc, "code", code);
	json_set_text(doc, "title", title);
	json_write(doc, JSON_STYLE_LINE, out);
	json_free(doc);
	free(code);
}
