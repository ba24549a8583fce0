/* The rehearsal index: its directory, its token, its port and its routes. */
#include "slipway/index/server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "b64.h"
#include "httpd.h"
#include "page.h"
#include "receive.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/os/secret.h"
#include "store.h"

#define MAX_FILE (4ULL << 30)
#define TOKEN_BYTES 32
#define BODY_MAX_TEXT 4096

struct index_server {
	struct httpd *httpd;
	struct store *store;
	struct secret *token;
	char *title, *token_path, *url, *upload_url, *simple_url;
	uint64_t max_file;
};

static const char *
status_title(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 400:
		return "Bad Request";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 410:
		return "Gone";
	case 413:
		return "Request Entity Too Large";
	case 416:
		return "Range Not Satisfiable";
	default:
		return "Internal Server Error";
	}
}

/* MESSAGE as JSON or text, as the client likes. */
static void
answer_message(struct httpd_request *r, int status, const char *message)
{
	struct httpd_answer a = { .status = status, .fd = -1 };

	if (page_wants_json(httpd_header(r, "Accept"))) {
		a.type = "application/json";
		page_error_json(status, status_title(status), message, &a.body);
	} else {
		a.type = "text/plain; charset=utf-8";
		str_printf(&a.body, "%d %s\n\n%.*s\n", status, status_title(status), BODY_MAX_TEXT,
		    message);
	}
	httpd_answer(r, &a);
}

static void
answer_not_found(struct httpd_request *r)
{
	struct httpd_answer a = { .status = 404, .fd = -1, .type = "application/json" };

	str_puts(&a.body, "{\"message\":\"Not Found\"}");
	httpd_answer(r, &a);
}

static void
answer_moved(struct httpd_request *r, int status, const char *to)
{
	struct httpd_answer a = { .status = status, .fd = -1, .headers = { { "Location", to } } };

	httpd_answer(r, &a);
}

/* The same time for every wrong password of the right length. */
static bool
same_secret(const unsigned char *given, size_t len, const struct secret *token)
{
	const char *want = secret_text(token);
	unsigned char differ = 0;

	if (len != secret_len(token))
		return false;
	for (size_t i = 0; i < len; i++)
		differ |= (unsigned char)(given[i] ^ (unsigned char)want[i]);
	return differ == 0;
}

static bool
is_authorised(const struct index_server *s, const struct httpd_request *r)
{
	static const char user[] = "__token__:";
	const char *header = httpd_header(r, "Authorization");
	unsigned char plain[1024];
	size_t len, skip = sizeof user - 1;
	bool ok = false;

	if (header == NULL || strncasecmp(header, "Basic ", 6) != 0)
		return false;
	header += 6 + strspn(header + 6, " ");
	len = strlen(header);
	if (len > sizeof plain)
		return false;
	len = b64_decode(header, len, plain);
	if (len > skip && memcmp(plain, user, skip) == 0) {
		while (len > skip && strchr(" \t\r\n", plain[len - 1]) != NULL)
			len--;
		ok = same_secret(plain + skip, len - skip, s->token);
	}
	secret_wipe(plain, sizeof plain);
	return ok;
}

/* An answer goes out at once only here: a wrong token need not send its file first. */
static void *
on_begin(void *arg, struct httpd_request *r)
{
	struct index_server *s = arg;

	if (strcmp(httpd_path(r), "/legacy/") != 0 || strcmp(httpd_method(r), "POST") != 0)
		return NULL;
	if (!is_authorised(s, r)) {
		answer_message(r, 403,
		    "Invalid or non-existent authentication information. See /help/#invalid-auth "
		    "for more "
		    "information.");
		return NULL;
	}
	if (!httpd_is_form(r)) {
		answer_message(r, 400, "The body is not multipart/form-data.");
		return NULL;
	}
	return receive_new(s->store, s->max_file);
}

static bool
on_part(void *state, const struct httpd_part *p)
{
	return state != NULL && receive_part(state, p);
}

static void
on_end(void *state)
{
	receive_free(state);
}

static void
finish_upload(struct httpd_request *r, void *state)
{
	struct httpd_answer a = { .status = 200, .fd = -1, .type = "text/plain; charset=utf-8" };
	struct str text = STR_EMPTY;
	int status = receive_finish(state, &text);

	if (status == 200)
		httpd_answer(r, &a);
	else
		answer_message(r, status, str_text(&text));
	str_fini(&text);
}

static void
serve_simple(struct index_server *s, struct httpd_request *r, const char *rest)
{
	enum page_form form = page_form_of(httpd_header(r, "Accept"));
	struct httpd_answer a = { .status = 200,
		.fd = -1,
		.type = page_form_type(form),
		.headers = { { "Vary", "Accept" } } };
	size_t len = strcspn(rest, "/");
	char *name = mem_strndup(rest, len), *normal = index_normal_name(name), *to;
	const struct store_project *p;

	p = store_project(s->store, normal);
	if (len == 0)
		page_projects(s->store, form, &a.body);
	else if (p != NULL)
		page_files(s->store, p, form, &a.body);
	if (len > 0 && (rest[len] == '\0' || strcmp(name, normal) != 0) &&
	    strspn(normal, "-") == 0) {
		str_fini(&a.body);
		to = mem_printf("/simple/%s/", normal);
		answer_moved(r, 301, to);
		free(to);
	} else if (a.body.len == 0 || (len > 0 && strcmp(rest + len, "/") != 0)) {
		str_fini(&a.body);
		answer_not_found(r);
	} else {
		httpd_answer(r, &a);
	}
	free(name);
	free(normal);
}

/* NAME/json or NAME/VERSION/json */
static void
serve_project(struct index_server *s, struct httpd_request *r, const char *rest)
{
	struct httpd_answer a = { .status = 200, .fd = -1, .type = "application/json" };
	size_t name_len = strcspn(rest, "/");
	const char *tail = rest + name_len;
	char *name = mem_strndup(rest, name_len), *normal = index_normal_name(name);
	char *version = NULL;
	const struct store_project *p;
	bool found = false;

	if (strcmp(tail, "/json") != 0 && tail[0] == '/') {
		size_t len = strcspn(tail + 1, "/");

		version = mem_strndup(tail + 1, len);
		tail += 1 + len;
	}
	if (strcmp(tail, "/json") == 0) {
		p = store_project(s->store, normal);
		found = p != NULL && page_project_json(s->store, p, version, s->url, &a.body);
	}
	if (found)
		httpd_answer(r, &a);
	else
		answer_not_found(r);
	free(version);
	free(normal);
	free(name);
}

/* One range of "bytes=A-B", "bytes=A-" or "bytes=-N" within SIZE. Returns 200 when the header is to
 * be passed over, 206 with the range, 416 when it lies outside. */
static int
parse_range(const char *header, uint64_t size, uint64_t *offset, uint64_t *len)
{
	uint64_t first, last = size - 1;
	char *end;
	const char *p;

	*offset = 0;
	*len = size;
	if (header == NULL || strncasecmp(header, "bytes=", 6) != 0 || strchr(header, ',') != NULL)
		return 200;
	p = header + 6;
	if (*p == '-' && p[1] >= '0' && p[1] <= '9') {
		uint64_t n = strtoull(p + 1, &end, 10);

		if (*end != '\0')
			return 200;
		if (n == 0 || size == 0)
			return 416;
		first = n < size ? size - n : 0;
	} else if (*p >= '0' && *p <= '9') {
		first = strtoull(p, &end, 10);
		if (*end++ != '-')
			return 200;
		if (*end >= '0' && *end <= '9') {
			uint64_t to = strtoull(end, &end, 10);

			if (to < first)
				return 200;
			last = to < last ? to : last;
		}
		if (*end != '\0')
			return 200;
		if (first >= size)
			return 416;
	} else {
		return 200;
	}
	*offset = first;
	*len = last - first + 1;
	return 206;
}

static void
send_file(struct httpd_request *r, const char *path, uint64_t size, const char *sha256)
{
	char *etag = mem_printf("\"%s\"", sha256), range[80];
	const char *match = httpd_header(r, "If-None-Match"), *same = httpd_header(r, "If-Range");
	const char *asked = httpd_header(r, "Range");
	struct httpd_answer a = { .fd = -1,
		.type = "application/octet-stream",
		.headers = { { "ETag", etag }, { "Accept-Ranges", "bytes" },
		    { "Cache-Control", "max-age=365000000, immutable" } } };

	if (same != NULL && strcmp(same, etag) != 0)
		asked = NULL;
	a.status = parse_range(asked, size, &a.offset, &a.len);
	if (match != NULL && (strstr(match, etag) != NULL || strcmp(match, "*") == 0)) {
		a.status = 304;
		a.type = NULL;
	} else if (a.status == 416) {
		str_printf(&a.body, "the file has %llu bytes\n", (unsigned long long)size);
		snprintf(range, sizeof range, "bytes */%llu", (unsigned long long)size);
	} else {
		a.fd = open(path, O_RDONLY | O_CLOEXEC);
		snprintf(range, sizeof range, "bytes %llu-%llu/%llu", (unsigned long long)a.offset,
		    (unsigned long long)(a.offset + a.len - 1), (unsigned long long)size);
	}
	if (a.status == 206 || a.status == 416) {
		a.headers[3][0] = "Content-Range";
		a.headers[3][1] = range;
	}
	if (a.fd < 0 && a.status != 304 && a.status != 416)
		answer_message(r, 500, "the file cannot be read");
	else
		httpd_answer(r, &a);
	free(etag);
}

/* PROJECT/FILE */
static void
serve_file(struct index_server *s, struct httpd_request *r, const char *rest)
{
	size_t len = strcspn(rest, "/");
	char *name = mem_strndup(rest, len), *path = NULL, sha256[65] = "";
	const struct store_project *p;
	const struct store_file *f = NULL;
	uint64_t size = 0;

	p = store_project(s->store, name);
	if (p != NULL && rest[len] == '/')
		f = store_find(p, rest + len + 1);
	if (f != NULL) {
		path = store_path(s->store, p, f);
		size = f->size;
		memcpy(sha256, f->sha256, sizeof sha256);
	}
	if (path != NULL)
		send_file(r, path, size, sha256);
	else
		answer_not_found(r);
	free(path);
	free(name);
}

static void
serve_front(struct index_server *s, struct httpd_request *r)
{
	struct httpd_answer a = { .status = 200, .fd = -1, .type = "text/plain; charset=utf-8" };

	str_printf(&a.body, "%s, a package index of Slipway's\n\nupload  %s\nsimple  %s\n",
	    s->title, s->upload_url, s->simple_url);
	httpd_answer(r, &a);
}

static void
on_finish(void *arg, struct httpd_request *r, void *state)
{
	struct index_server *s = arg;
	const char *path = httpd_path(r), *method = httpd_method(r);

	if (state != NULL)
		finish_upload(r, state);
	else if (strcmp(path, "/legacy") == 0)
		answer_moved(r, 308, "/legacy/");
	else if (strcmp(path, "/simple") == 0)
		answer_moved(r, 301, "/simple/");
	else if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		answer_message(r, 405, "Uploads go to /legacy/.");
	else if (text_starts(path, "/simple/"))
		serve_simple(s, r, path + 8);
	else if (text_starts(path, "/pypi/"))
		serve_project(s, r, path + 6);
	else if (text_starts(path, "/files/"))
		serve_file(s, r, path + 7);
	else if (strcmp(path, "/legacy/") == 0)
		answer_message(r, 405, "This URL takes POST alone.");
	else if (strcmp(path, "/") == 0)
		serve_front(s, r);
	else
		answer_not_found(r);
}

static enum err_code
make_token(const char *path, struct secret *out, struct err *e)
{
	unsigned char raw[TOKEN_BYTES];
	char text[(TOKEN_BYTES + 2) / 3 * 4 + 1];
	int fd = -1;
	enum err_code rc = ERR_OK;

	if (getrandom(raw, sizeof raw, 0) != (ssize_t)sizeof raw)
		return err_sys(e, ERR_FAILED, "no random bytes for a token");
	b64_encode(raw, sizeof raw, text);
	secret_append(out, "pypi-", 5);
	secret_append(out, text, strlen(text));
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		rc = err_sys(e, ERR_IO, "cannot make %s", path);
	if (rc == ERR_OK)
		rc = fd_write_all(fd, secret_text(out), secret_len(out), e);
	if (rc == ERR_OK)
		rc = fd_write_all(fd, "\n", 1, e);
	if (rc == ERR_OK && fsync(fd) != 0)
		rc = err_sys(e, ERR_IO, "cannot write %s", path);
	fd_close(&fd);
	if (rc != ERR_OK)
		unlink(path);
	secret_wipe(raw, sizeof raw);
	secret_wipe(text, sizeof text);
	return rc;
}

static enum err_code
take_token(const char *path, struct secret *out, struct err *e)
{
	char text[512];
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum err_code rc = ERR_OK;

	if (fd < 0 && errno == ENOENT)
		return make_token(path, out, e);
	if (fd < 0)
		return err_sys(e, ERR_IO, "cannot open %s", path);
	got = read(fd, text, sizeof text);
	if (got > 0)
		secret_append(out, text, (size_t)got);
	secret_trim(out);
	secret_wipe(text, sizeof text);
	if (got < 0)
		rc = err_sys(e, ERR_IO, "cannot read %s", path);
	else if (secret_len(out) < 16)
		rc = err_set(e, ERR_INVALID, "%s holds no token", path);
	else if (fs_is_shared(path) && fchmod(fd, 0600) != 0)
		rc = err_sys(e, ERR_IO, "cannot hide %s from others", path);
	fd_close(&fd);
	return rc;
}

/* The port of DIR's last run, 0 when there is none. */
static uint16_t
remembered_port(const char *path)
{
	struct str text = STR_EMPTY;
	size_t port = 0;

	if (fs_read(path, 16, &text, NULL) == ERR_OK) {
		text.len = strcspn(str_text(&text), "\n");
		if (text.data != NULL)
			text.data[text.len] = '\0';
		if (!text_to_size(str_text(&text), 65535, &port))
			port = 0;
	}
	str_fini(&text);
	return (uint16_t)port;
}

static enum err_code
listen_there(struct index_server *s, uint16_t port, const char *dir, struct err *e)
{
	char *path = fs_join(dir, "port"), *text = NULL;
	uint16_t before = port == 0 ? remembered_port(path) : port;
	enum err_code rc = httpd_open(before, &s->httpd, e);

	if (rc == ERR_BUSY && port == 0 && before != 0)
		rc = httpd_open(0, &s->httpd, e);
	if (rc == ERR_OK) {
		text = mem_printf("%u\n", (unsigned)httpd_port(s->httpd));
		rc = fs_write(path, text, strlen(text), 0644, e);
	} else if (rc == ERR_BUSY) {
		err_hint(e, "another program listens there: give another --port, or none");
	}
	free(text);
	free(path);
	return rc;
}

enum err_code
index_server_start(const struct index_server_opts *opts, struct index_server **out, struct err *e)
{
	static const struct httpd_ops ops = {
		.begin = on_begin, .part = on_part, .finish = on_finish, .end = on_end
	};
	struct index_server *s = mem_zalloc(1, sizeof *s);
	enum err_code rc;

	s->title = mem_strdup(opts->title != NULL ? opts->title : "rehearsal index");
	s->max_file = opts->max_file != 0 ? opts->max_file : MAX_FILE;
	s->token = secret_new();
	s->token_path = fs_join(opts->dir, "token");
	rc = store_open(opts->dir, &s->store, e);
	if (rc == ERR_OK)
		rc = take_token(s->token_path, s->token, e);
	if (rc == ERR_OK)
		rc = listen_there(s, opts->port, opts->dir, e);
	if (rc == ERR_OK) {
		s->url = mem_printf("http://127.0.0.1:%u/", (unsigned)httpd_port(s->httpd));
		s->upload_url = mem_printf("%slegacy/", s->url);
		s->simple_url = mem_printf("%ssimple/", s->url);
		rc = httpd_run(s->httpd, &ops, s, e);
	}
	if (rc != ERR_OK)
		index_server_stop(s);
	else
		*out = s;
	return rc;
}

void
index_server_stop(struct index_server *s)
{
	if (s == NULL)
		return;
	httpd_stop(s->httpd);
	store_close(s->store);
	secret_free(s->token);
	free(s->title);
	free(s->token_path);
	free(s->url);
	free(s->upload_url);
	free(s->simple_url);
	free(s);
}

const char *
index_server_url(const struct index_server *s)
{
	return s->url;
}

const char *
index_server_upload_url(const struct index_server *s)
{
	return s->upload_url;
}

const char *
index_server_simple_url(const struct index_server *s)
{
	return s->simple_url;
}

const char *
index_server_token_path(const struct index_server *s)
{
	return s->token_path;
}

const struct secret *
index_server_token(const struct index_server *s)
{
	return s->token;
}

void
index_server_info(const struct index_server *s, const char *name, struct index_info *out)
{
	*out = (struct index_info) {
		.name = mem_strdup(name),
		.title = mem_strdup(s->title),
		.upload_url = mem_strdup(s->upload_url),
		.simple_url = mem_strdup(s->simple_url),
		.json_url = mem_printf("%spypi/", s->url),
	};
}
