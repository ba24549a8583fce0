/* HTTP over libcurl's multi interface, driven by the loop. No curl type, code or callback leaves
 * this file.
 *
 * curl keeps a copy of the password that it does not lock; it is freed with the request. */
#include "slipway/os/http.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "http_parts.h"
#include "http_url.h"

#include "slipway/base/log.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/os/loop.h"
#include "slipway/os/secret.h"

#define CONNECT_MS 20000
#define STALL_MS 60000
#define MAX_BODY ((size_t)32 * 1024 * 1024)
#define MAX_HOPS 5
#define BUFFER_SIZE 262144L

struct http {
	struct loop *loop;
	CURLM *multi;
	struct loop_timer *timer;
	struct http_request *requests;
	struct http_sockets sockets;
	bool in_curl; /* a request cannot be taken out meanwhile */
	bool in_done; /* we cannot be freed meanwhile */
	bool dead;
};

struct http_request {
	struct http_request *next;
	struct http *http;
	CURL *easy;
	curl_mime *mime;
	struct curl_slist *send_headers;
	struct http_file *files;
	size_t file_count;
	struct secret *password;
	char *url, *method;
	struct http_url where;
	uint64_t connect_ms, stall_ms, last_ms, sent, got;
	struct loop_timer *stall;
	size_t max_body;
	http_sink_fn sink;
	http_progress_fn on_progress;
	http_done_fn on_done;
	void *arg;
	int hops; /* redirects still to be followed */
	bool has_body, connected, body_sent, dead;
	struct http_incoming in;
	struct err err;
	char curl_text[CURL_ERROR_SIZE];
};

static void http_drain(struct http *h);

static void
act(struct http *h, curl_socket_t fd, int flags)
{
	int running;

	h->in_curl = true;
	curl_multi_socket_action(h->multi, fd, flags, &running);
	h->in_curl = false;
	http_drain(h);
}

static void
on_socket(void *arg, int fd, short events)
{
	act(arg, fd,
	    (events & POLLIN ? CURL_CSELECT_IN : 0) | (events & POLLOUT ? CURL_CSELECT_OUT : 0));
}

static int
curl_wants_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
	struct http *h = arg;
	short events = 0;

	(void)easy;
	(void)socket_arg;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= POLLIN;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= POLLOUT;
	http_sockets_set(&h->sockets, fd, events);
	return 0;
}

static void
on_timer(void *arg)
{
	struct http *h = arg;

	h->timer = NULL;
	act(h, CURL_SOCKET_TIMEOUT, 0);
}

/* Only arms: curl must not be entered again from its own callback. */
static int
curl_wants_timer(CURLM *multi, long timeout_ms, void *arg)
{
	struct http *h = arg;

	(void)multi;
	loop_cancel(h->loop, h->timer);
	h->timer = NULL;
	if (timeout_ms >= 0)
		h->timer = loop_after(h->loop, (uint64_t)timeout_ms, on_timer, h);
	return 0;
}

enum err_code
http_new(struct loop *l, struct http **out, struct err *e)
{
	struct http *h;

	/* Counted by curl, and done here so that a start without requests does not pay for it. */
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(e, ERR_FAILED, "cannot prepare HTTP");
	h = mem_zalloc(1, sizeof *h);
	h->loop = l;
	h->sockets = (struct http_sockets) { .loop = l, .fn = on_socket, .arg = h };
	h->multi = curl_multi_init();
	if (h->multi == NULL)
		die("out of memory for HTTP");
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, curl_wants_socket);
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, curl_wants_timer);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
	*out = h;
	return ERR_OK;
}

static void
request_free(struct http_request *r)
{
	curl_easy_cleanup(r->easy);
	curl_mime_free(r->mime);
	curl_slist_free_all(r->send_headers);
	for (size_t i = 0; i < r->file_count; i++)
		http_file_fini(&r->files[i]);
	free(r->files);
	secret_free(r->password);
	free(r->url);
	http_url_fini(&r->where);
	free(r->method);
	http_incoming_fini(&r->in);
	free(r);
}

/* Takes R out of curl and of the list; it is the caller's then. Not from inside of curl. */
static void
request_detach(struct http_request *r)
{
	struct http *h = r->http;
	struct http_request **link = &h->requests;

	while (*link != r)
		link = &(*link)->next;
	*link = r->next;
	loop_cancel(h->loop, r->stall);
	r->stall = NULL;
	curl_multi_remove_handle(h->multi, r->easy);
}

static void
request_drop(struct http_request *r)
{
	struct loop *l = r->http->loop;

	request_detach(r);
	request_free(r);
	loop_busy_end(l);
}

/* Hands the answer over. The callback may free everything but R. */
static void
request_deliver(struct http_request *r)
{
	struct loop *l = r->http->loop;
	const struct http_answer answer = {
		.status = r->in.status,
		.reason = str_text(&r->in.reason),
		.headers = r->in.headers,
		.body = { str_text(&r->in.body), r->in.body.len },
		.url = r->url,
		.body_sent = r->body_sent,
		.failure = r->err.code != ERR_OK ? &r->err : NULL,
	};

	log_debug("%s %s: %d %s", r->method, r->url, r->in.status,
	    r->err.code != ERR_OK ? r->err.message : str_text(&r->in.reason));
	request_detach(r);
	r->on_done(r->arg, &answer);
	request_free(r);
	loop_busy_end(l);
}

static void
http_destroy(struct http *h)
{
	while (h->requests != NULL)
		request_drop(h->requests);
	/* Closes kept connections and calls curl_wants_socket() for them. */
	curl_multi_cleanup(h->multi);
	http_sockets_fini(&h->sockets);
	loop_cancel(h->loop, h->timer);
	free(h);
	curl_global_cleanup();
}

void
http_free(struct http *h)
{
	if (h == NULL)
		return;
	for (struct http_request *r = h->requests; r != NULL; r = r->next)
		r->dead = true;
	h->dead = true;
	if (!h->in_curl && !h->in_done)
		http_destroy(h);
}

void
http_cancel(struct http_request *r)
{
	r->dead = true; /* inside of curl: swept when it has returned */
	if (!r->http->in_curl)
		request_drop(r);
}

static enum http_failed
failed_of(const struct http_request *r, CURLcode code)
{
	static const struct {
		CURLcode code;
		enum http_failed failed;
	} map[] = {
		{ CURLE_COULDNT_RESOLVE_HOST, HTTP_NO_HOST },
		{ CURLE_COULDNT_RESOLVE_PROXY, HTTP_NO_HOST },
		{ CURLE_COULDNT_CONNECT, HTTP_NO_CONNECTION },
		{ CURLE_OPERATION_TIMEDOUT, HTTP_TOO_SLOW },
		{ CURLE_PARTIAL_FILE, HTTP_BROKE },
		{ CURLE_GOT_NOTHING, HTTP_BROKE },
		{ CURLE_SEND_ERROR, HTTP_BROKE },
		{ CURLE_RECV_ERROR, HTTP_BROKE },
		{ CURLE_SEND_FAIL_REWIND, HTTP_BROKE },
		{ CURLE_SSL_CONNECT_ERROR, HTTP_UNSAFE },
		{ CURLE_PEER_FAILED_VERIFICATION, HTTP_UNSAFE },
		{ CURLE_SSL_CERTPROBLEM, HTTP_UNSAFE },
		{ CURLE_SSL_CIPHER, HTTP_UNSAFE },
		{ CURLE_SSL_CACERT_BADFILE, HTTP_UNSAFE },
		{ CURLE_SSL_ISSUER_ERROR, HTTP_UNSAFE },
	};

	if (code == CURLE_OPERATION_TIMEDOUT && !r->connected)
		return HTTP_NOT_CONNECTED_IN_TIME;
	for (size_t i = 0; i < ARRAY_LEN(map); i++)
		if (map[i].code == code)
			return map[i].failed;
	return HTTP_ODD;
}

/* Fills r->err, unless a callback of ours has said why already. */
static void
describe_failure(
    struct http_request *r, enum http_failed failed, const char *text, uint64_t limit_ms)
{
	struct http_failure f = { .failed = failed,
		.where = &r->where,
		.text = text,
		.limit_ms = limit_ms,
		.has_body = r->has_body,
		.body_sent = r->body_sent,
		.answering = r->in.status != 0 };
	long error = 0;

	if (r->err.code != ERR_OK)
		return;
	curl_easy_getinfo(r->easy, CURLINFO_OS_ERRNO, &error);
	f.sys_errno = (int)error;
	http_failure_describe(&f, &r->err);
}

static void
on_stall(void *arg)
{
	struct http_request *r = arg;
	struct http *h = r->http;
	uint64_t idle = loop_now_ms(h->loop) - r->last_ms;

	r->stall = NULL;
	if (!r->connected)
		idle = 0; /* curl's own limit holds until there is a connection */
	if (idle < r->stall_ms) {
		r->stall = loop_after(h->loop, r->stall_ms - idle, on_stall, r);
		return;
	}
	describe_failure(r, HTTP_STALLED, NULL, r->stall_ms);
	h->in_done = true;
	request_deliver(r);
	h->in_done = false;
	if (h->dead)
		http_destroy(h);
}

static size_t
on_header(char *data, size_t size, size_t count, void *arg)
{
	struct http_request *r = arg;

	r->last_ms = loop_now_ms(r->http->loop);
	http_incoming_header(&r->in, data, size * count);
	return size * count;
}

/* Any other return value than the size ends the transfer. */
static size_t
on_body(char *data, size_t size, size_t count, void *arg)
{
	struct http_request *r = arg;
	size_t len = size * count;

	r->last_ms = loop_now_ms(r->http->loop);
	if (r->dead)
		return len + 1;
	if (r->sink != NULL && r->in.status >= 200 && r->in.status <= 299) {
		if (r->sink(r->arg, data, len) && !r->dead)
			return len;
		err_set(&r->err, ERR_CANCELLED, "the transfer from %s was stopped", r->where.host);
		return len + 1;
	}
	if (len > r->max_body - r->in.body.len) {
		err_set(&r->err, ERR_LIMIT, "the answer of %s port %s is larger than %zu bytes",
		    r->where.host, r->where.port, r->max_body);
		return len + 1;
	}
	str_append(&r->in.body, data, len);
	return len;
}

static int
on_connected(void *arg, char *ip, char *local_ip, int port, int local_port)
{
	struct http_request *r = arg;

	(void)ip;
	(void)local_ip;
	(void)port;
	(void)local_port;
	r->connected = true;
	r->last_ms = loop_now_ms(r->http->loop);
	/* Without a body all is said with the header. */
	if (!r->has_body)
		r->body_sent = true;
	return CURL_PREREQFUNC_OK;
}

static int
on_progress(void *arg, curl_off_t get_total, curl_off_t got, curl_off_t send_total, curl_off_t sent)
{
	struct http_request *r = arg;
	bool news = false;

	/* Never lowered: curl counts from zero again when it tries another connection. */
	if (sent > 0 && (uint64_t)sent > r->sent) {
		r->sent = (uint64_t)sent;
		news = true;
	}
	if (got > 0 && (uint64_t)got > r->got) {
		r->got = (uint64_t)got;
		news = true;
	}
	if (r->has_body && send_total > 0 && sent >= send_total)
		r->body_sent = true;
	if (!news || r->dead)
		return r->dead;
	r->last_ms = loop_now_ms(r->http->loop);
	if (r->on_progress != NULL)
		r->on_progress(r->arg, r->sent, send_total > 0 ? (uint64_t)send_total : 0, r->got,
		    get_total > 0 ? (uint64_t)get_total : 0);
	return r->dead;
}

static size_t
on_file_read(char *buf, size_t size, size_t count, void *arg)
{
	ssize_t got = http_file_read(arg, buf, size * count);

	return got < 0 ? CURL_READFUNC_ABORT : (size_t)got;
}

/* curl would send the form again when a kept connection dies before the answer. Whether the server
 * took the first one is for the caller to ask, so a second one is refused. */
static int
on_file_seek(void *arg, curl_off_t offset, int origin)
{
	const struct http_file *f = arg;

	if (origin == SEEK_SET && offset == 0 && f->offset == 0)
		return CURL_SEEKFUNC_OK;
	return CURL_SEEKFUNC_FAIL;
}

static enum err_code
add_file(struct http_request *r, curl_mimepart *part, const struct http_field *field, struct err *e)
{
	struct http_file *f = &r->files[r->file_count];
	enum err_code rc = http_file_open(f, field->path, &r->err, e);

	if (rc != ERR_OK)
		return rc;
	r->file_count++;
	curl_mime_filename(
	    part, field->file_name != NULL ? field->file_name : fs_base(field->path));
	curl_mime_type(part, field->type != NULL ? field->type : "application/octet-stream");
	curl_mime_data_cb(part, (curl_off_t)f->size, on_file_read, on_file_seek, NULL, f);
	return ERR_OK;
}

static enum err_code
add_fields(struct http_request *r, const struct http_opts *o, struct err *e)
{
	r->files = mem_zalloc(o->field_count, sizeof r->files[0]);
	r->mime = curl_mime_init(r->easy);
	for (size_t i = 0; i < o->field_count; i++) {
		const struct http_field *field = &o->fields[i];
		curl_mimepart *part = curl_mime_addpart(r->mime);
		enum err_code rc;

		curl_mime_name(part, field->name);
		if (field->path == NULL) {
			curl_mime_data(
			    part, field->value.len > 0 ? field->value.data : "", field->value.len);
			continue;
		}
		rc = add_file(r, part, field, e);
		if (rc != ERR_OK)
			return rc;
	}
	curl_easy_setopt(r->easy, CURLOPT_MIMEPOST, r->mime);
	return ERR_OK;
}

static enum err_code
add_body(struct http_request *r, const struct http_opts *o, struct err *e)
{
	enum err_code rc = ERR_OK;

	r->has_body = o->field_count > 0 || o->body.len > 0;
	if (o->field_count > 0) {
		rc = add_fields(r, o, e);
	} else if (o->body.len > 0 || strcmp(r->method, "POST") == 0 ||
		   strcmp(r->method, "PUT") == 0) {
		curl_easy_setopt(r->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)o->body.len);
		curl_easy_setopt(
		    r->easy, CURLOPT_COPYPOSTFIELDS, o->body.len > 0 ? o->body.data : "");
	}
	/* What changes the server and has no file whose re-sending on_file_seek() refuses gets a
	 * connection of its own: curl repeats a request only on a kept one. */
	if (r->file_count == 0 && strcmp(r->method, "GET") != 0 && strcmp(r->method, "HEAD") != 0)
		curl_easy_setopt(r->easy, CURLOPT_FRESH_CONNECT, 1L);
	if (strcmp(r->method, "HEAD") == 0)
		curl_easy_setopt(r->easy, CURLOPT_NOBODY, 1L);
	else
		curl_easy_setopt(r->easy, CURLOPT_CUSTOMREQUEST, r->method);
	return rc;
}

static enum err_code
add_headers(struct http_request *r, const struct http_opts *o, struct err *e)
{
	/* "Expect: 100-continue" would cost a second where the server does not know it. */
	r->send_headers = curl_slist_append(NULL, "Expect:");
	for (const char *const *h = o->headers; h != NULL && *h != NULL; h++) {
		if (!http_header_is_clean(*h))
			return err_set(e, ERR_INVALID, "a header holds a control character");
		r->send_headers = curl_slist_append(r->send_headers, *h);
	}
	curl_easy_setopt(r->easy, CURLOPT_HTTPHEADER, r->send_headers);
	curl_easy_setopt(r->easy, CURLOPT_USERAGENT, "slipway/" SLIPWAY_VERSION);
	return ERR_OK;
}

static void
set_callbacks(struct http_request *r)
{
	CURL *c = r->easy;

	curl_easy_setopt(c, CURLOPT_PRIVATE, r);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, r->curl_text);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, r);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, r);
	curl_easy_setopt(c, CURLOPT_PREREQFUNCTION, on_connected);
	curl_easy_setopt(c, CURLOPT_PREREQDATA, r);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, r);
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
}

static void
set_limits(struct http_request *r, const struct http_opts *o)
{
	CURL *c = r->easy;

	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(c, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	curl_easy_setopt(c, CURLOPT_BUFFERSIZE, BUFFER_SIZE);
	curl_easy_setopt(c, CURLOPT_UPLOAD_BUFFERSIZE, BUFFER_SIZE);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)r->connect_ms);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)o->total_ms);
	/* The usual proxy variables hold, but a rehearsal index on loopback is never behind a
	 * proxy. */
	if (http_url_is_loopback(&r->where))
		curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
}

static struct http_request *
request_new(struct http *h, const struct http_opts *o)
{
	struct http_request *r = mem_zalloc(1, sizeof *r);

	r->http = h;
	r->easy = curl_easy_init();
	if (r->easy == NULL)
		die("out of memory for a request");
	r->method = mem_strdup(o->method != NULL ? o->method : o->field_count > 0 ? "POST" : "GET");
	r->connect_ms = o->connect_ms != 0 ? o->connect_ms : CONNECT_MS;
	r->stall_ms = o->stall_ms != 0 ? o->stall_ms : STALL_MS;
	r->max_body = o->max_body != 0 ? o->max_body : MAX_BODY;
	r->sink = o->sink;
	r->on_progress = o->on_progress;
	r->on_done = o->on_done;
	r->arg = o->arg;
	if (o->follow && (strcmp(r->method, "GET") == 0 || strcmp(r->method, "HEAD") == 0))
		r->hops = MAX_HOPS;
	return r;
}

/* Hands R to curl; nothing is called back before the next turn. */
static void
request_begin(struct http_request *r)
{
	r->connected = false;
	r->last_ms = loop_now_ms(r->http->loop);
	curl_easy_setopt(r->easy, CURLOPT_URL, r->url);
	curl_multi_add_handle(r->http->multi, r->easy);
}

enum err_code
http_send(struct http *h, const struct http_opts *o, struct http_request **out, struct err *e)
{
	struct http_request *r = request_new(h, o);
	enum err_code rc;

	assert(o->on_done != NULL && !h->dead && !h->in_curl);
	rc = http_url_parse(o->url, &r->where, e);
	if (rc != ERR_OK)
		goto out;
	r->url = mem_strdup(o->url);
	set_callbacks(r);
	set_limits(r, o);
	if (o->user != NULL && o->password != NULL) {
		r->password = secret_copy(o->password);
		curl_easy_setopt(r->easy, CURLOPT_USERNAME, o->user);
		curl_easy_setopt(r->easy, CURLOPT_PASSWORD, secret_text(r->password));
	}
	rc = add_headers(r, o, e);
	if (rc == ERR_OK)
		rc = add_body(r, o, e);
	if (rc != ERR_OK)
		goto out;
	r->next = h->requests;
	h->requests = r;
	r->stall = loop_after(h->loop, r->stall_ms, on_stall, r);
	loop_busy_begin(h->loop);
	request_begin(r);
	if (out != NULL)
		*out = r;
	r = NULL;
out:
	if (r != NULL)
		request_free(r);
	return rc;
}

/* True when R is on its way to where the answer points. */
static bool
follow_redirect(struct http_request *r)
{
	char *next = r->hops > 0 ? http_incoming_redirect(&r->in, r->url) : NULL;

	if (next == NULL)
		return false;
	r->hops--;
	free(r->url);
	r->url = next;
	http_incoming_reset(&r->in);
	curl_multi_remove_handle(r->http->multi, r->easy);
	request_begin(r);
	return true;
}

static void
request_ended(struct http_request *r, CURLcode code)
{
	if (r->dead) {
		request_drop(r);
		return;
	}
	if (code != CURLE_OK)
		describe_failure(r, failed_of(r, code),
		    r->curl_text[0] != '\0' ? r->curl_text : curl_easy_strerror(code),
		    r->connect_ms);
	else if (follow_redirect(r))
		return;
	request_deliver(r);
}

static void
sweep_dead(struct http *h)
{
	struct http_request *r = h->requests;

	while (r != NULL) {
		struct http_request *next = r->next;

		if (r->dead)
			request_drop(r);
		r = next;
	}
}

/* Ends what curl has finished. Done callbacks may send, cancel and free us. */
static void
http_drain(struct http *h)
{
	CURLMsg *m;
	int left;

	h->in_done = true;
	sweep_dead(h);
	while (!h->dead && (m = curl_multi_info_read(h->multi, &left)) != NULL) {
		struct http_request *r = NULL;

		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&r);
		if (m->msg == CURLMSG_DONE && r != NULL)
			request_ended(r, m->data.result);
	}
	h->in_done = false;
	if (h->dead)
		http_destroy(h);
}
