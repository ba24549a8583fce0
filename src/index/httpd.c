/* The HTTP server behind the rehearsal index, on libmicrohttpd. Knows requests and answers, not
 * packages. */
#include "httpd.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "slipway/base/mem.h"
#include "slipway/os/fs.h"

#define CONNECTION_MEMORY (64 * 1024)
#define FORM_MEMORY (16 * 1024)
#define IDLE_SECONDS 120
#define CONNECTIONS 64

struct httpd {
	struct MHD_Daemon *daemon;
	struct httpd_ops ops;
	void *arg;
	uint16_t port;
	int listen_fd; /* -1 once it runs */
};

struct httpd_request {
	struct httpd *daemon;
	struct MHD_Connection *connection;
	struct MHD_PostProcessor *form;
	const char *method, *path;
	void *state;
	bool is_discarding;	     /* the body is of no interest any more */
	struct MHD_Response *answer; /* waits for the end of the body */
	unsigned status;
	bool is_answered;
};

uint16_t
httpd_port(const struct httpd *d)
{
	return d->port;
}

const char *
httpd_method(const struct httpd_request *r)
{
	return r->method;
}

const char *
httpd_path(const struct httpd_request *r)
{
	return r->path;
}

const char *
httpd_header(const struct httpd_request *r, const char *name)
{
	return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

const char *
httpd_query(const struct httpd_request *r, const char *name)
{
	return MHD_lookup_connection_value(r->connection, MHD_GET_ARGUMENT_KIND, name);
}

bool
httpd_is_form(const struct httpd_request *r)
{
	return r->form != NULL;
}

void
httpd_answer(struct httpd_request *r, struct httpd_answer *a)
{
	if (a->fd >= 0) {
		r->answer = MHD_create_response_from_fd_at_offset64(a->len, a->fd, a->offset);
		a->fd = -1;
	} else {
		size_t len = a->body.len;

		r->answer = MHD_create_response_from_buffer(
		    len, str_take(&a->body), MHD_RESPMEM_MUST_FREE);
	}
	if (r->answer == NULL)
		die("httpd: no answer could be made");
	if (a->type != NULL)
		MHD_add_response_header(r->answer, "Content-Type", a->type);
	for (size_t i = 0; i < HTTPD_HEADERS_MAX && a->headers[i][0] != NULL; i++)
		MHD_add_response_header(r->answer, a->headers[i][0], a->headers[i][1]);
	r->status = (unsigned)a->status;
	r->is_discarding = true;
}

static enum MHD_Result
queue(struct httpd_request *r)
{
	enum MHD_Result ok = MHD_queue_response(r->connection, r->status, r->answer);

	MHD_destroy_response(r->answer);
	r->answer = NULL;
	r->is_answered = true;
	return ok;
}

static enum MHD_Result
on_part(void *arg, enum MHD_ValueKind kind, const char *key, const char *file_name,
    const char *type, const char *encoding, const char *data, uint64_t offset, size_t len)
{
	struct httpd_request *r = arg;
	struct httpd_part part = {
		.name = key != NULL ? key : "",
		.file_name = file_name,
		.type = type,
		.data = data,
		.len = len,
		.offset = offset,
	};

	(void)kind;
	(void)encoding;
	if (!r->is_discarding && !r->daemon->ops.part(r->state, &part))
		r->is_discarding = true;
	return MHD_YES;
}

static enum MHD_Result
on_head(struct httpd *d, struct httpd_request *r)
{
	const char *type = httpd_header(r, "Content-Type");
	const char *expect = httpd_header(r, "Expect");

	if (type != NULL && strncasecmp(type, "multipart/form-data", 19) == 0)
		r->form = MHD_create_post_processor(r->connection, FORM_MEMORY, on_part, r);
	r->state = d->ops.begin(d->arg, r);
	/* A client that asked before it sends hears a refusal now. One that did not ask is still
	 * sending, and would see a broken connection instead of the answer: it is heard out. */
	if (r->answer != NULL && expect != NULL)
		return queue(r);
	return MHD_YES;
}

static enum MHD_Result
on_request(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *len, void **slot)
{
	struct httpd *d = arg;
	struct httpd_request *r = *slot;

	(void)version;
	if (r == NULL) {
		r = mem_zalloc(1, sizeof *r);
		*r = (struct httpd_request) {
			.daemon = d, .connection = connection, .method = method, .path = url
		};
		*slot = r;
		return on_head(d, r);
	}
	r->path = url;
	r->method = method;
	if (*len > 0) {
		if (!r->is_discarding && r->form != NULL &&
		    MHD_post_process(r->form, data, *len) != MHD_YES)
			r->is_discarding = true;
		*len = 0;
		return MHD_YES;
	}
	if (r->is_answered)
		return MHD_YES;
	if (r->form != NULL) {
		MHD_destroy_post_processor(r->form); /* delivers what it still holds */
		r->form = NULL;
	}
	if (r->answer == NULL)
		d->ops.finish(d->arg, r, r->state);
	return queue(r);
}

static void
on_completed(
    void *arg, struct MHD_Connection *connection, void **slot, enum MHD_RequestTerminationCode why)
{
	struct httpd_request *r = *slot;

	(void)arg;
	(void)connection;
	(void)why;
	if (r == NULL)
		return;
	r->is_discarding = true;
	if (r->form != NULL)
		MHD_destroy_post_processor(r->form);
	if (r->answer != NULL)
		MHD_destroy_response(r->answer);
	r->daemon->ops.end(r->state);
	free(r);
	*slot = NULL;
}

static enum err_code
listen_on(uint16_t port, int *out, uint16_t *got, struct err *e)
{
	struct sockaddr_in where = { .sin_family = AF_INET, .sin_port = htons(port) };
	socklen_t len = sizeof where;
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	enum err_code rc = ERR_OK;

	where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0) {
		rc = err_sys(e, ERR_FAILED, "cannot make a socket");
		goto out;
	}
	/* A restart takes its port again while old connections linger. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (const struct sockaddr *)&where, sizeof where) != 0 ||
	    listen(fd, CONNECTIONS) != 0 || getsockname(fd, (struct sockaddr *)&where, &len) != 0) {
		rc = err_sys(e, errno == EADDRINUSE ? ERR_BUSY : ERR_FAILED,
		    "cannot listen on 127.0.0.1:%u", (unsigned)port);
		goto out;
	}
	*got = ntohs(where.sin_port);
	*out = fd;
	fd = -1;
out:
	fd_close(&fd);
	return rc;
}

enum err_code
httpd_open(uint16_t port, struct httpd **out, struct err *e)
{
	uint16_t got = 0;
	int fd = -1;
	enum err_code rc = listen_on(port, &fd, &got, e);

	if (rc != ERR_OK)
		return rc;
	*out = mem_zalloc(1, sizeof **out);
	(*out)->listen_fd = fd;
	(*out)->port = got;
	return ERR_OK;
}

enum err_code
httpd_run(struct httpd *d, const struct httpd_ops *ops, void *arg, struct err *e)
{
	d->ops = *ops;
	d->arg = arg;
	d->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL,
	    on_request, d, MHD_OPTION_LISTEN_SOCKET, d->listen_fd,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
	    MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)(CONNECTION_MEMORY / 4),
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned)IDLE_SECONDS, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
	    MHD_OPTION_END);
	if (d->daemon == NULL)
		return err_set(e, ERR_FAILED, "cannot start the HTTP server");
	d->listen_fd = -1; /* the daemon's now */
	return ERR_OK;
}

void
httpd_stop(struct httpd *d)
{
	if (d == NULL)
		return;
	if (d->daemon != NULL)
		MHD_stop_daemon(d->daemon);
	fd_close(&d->listen_fd);
	free(d);
}
