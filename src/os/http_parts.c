/* What comes in, what a file sends, and words for failures. Knows no curl. */
#include "http_parts.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http_url.h"

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/fs.h"
#include "slipway/os/http.h"
#include "slipway/os/loop.h"

#define MAX_HEADERS 500

struct http_socket {
	struct http_socket *next;
	struct http_sockets *list;
	int fd;
	short events;
	struct loop_watch *watch;
};

/* A hung-up socket may still hold the answer: that is found out by reading or writing. */
static void
on_socket(void *arg, short revents)
{
	struct http_socket *s = arg;

	if (revents & (POLLERR | POLLHUP | POLLNVAL))
		revents = s->events;
	s->list->fn(s->list->arg, s->fd, revents);
}

void
http_sockets_set(struct http_sockets *list, int fd, short events)
{
	struct http_socket **link = &list->first;
	struct http_socket *s;

	while (*link != NULL && (*link)->fd != fd)
		link = &(*link)->next;
	s = *link;
	if (s == NULL && events == 0)
		return;
	if (events == 0) {
		*link = s->next;
		loop_unwatch(list->loop, s->watch);
		free(s);
		return;
	}
	if (s == NULL) {
		s = *link = mem_zalloc(1, sizeof *s);
		s->list = list;
		s->fd = fd;
		s->watch = loop_watch(list->loop, fd, events, on_socket, s);
	}
	s->events = events;
	loop_watch_events(s->watch, events);
}

void
http_sockets_fini(struct http_sockets *list)
{
	while (list->first != NULL)
		http_sockets_set(list, list->first->fd, 0);
}

void
http_incoming_reset(struct http_incoming *in)
{
	in->status = 0;
	str_clear(&in->reason);
	str_clear(&in->body);
	strlist_fini(&in->headers);
}

void
http_incoming_fini(struct http_incoming *in)
{
	str_fini(&in->reason);
	str_fini(&in->body);
	strlist_fini(&in->headers);
}

/* "HTTP/1.1 403 Invalid authentication" */
static void
parse_status(struct http_incoming *in, struct bytes line)
{
	size_t pos = 0;

	http_incoming_reset(in);
	while (pos < line.len && line.data[pos] != ' ')
		pos++;
	while (pos < line.len && line.data[pos] == ' ')
		pos++;
	for (int i = 0; i < 3 && pos < line.len && isdigit((unsigned char)line.data[pos]); i++)
		in->status = in->status * 10 + (line.data[pos++] - '0');
	line = bytes_trim((struct bytes) { line.data + pos, line.len - pos });
	sanitise(line.data, line.len, &in->reason);
}

void
http_incoming_header(struct http_incoming *in, const char *data, size_t len)
{
	struct bytes line = bytes_trim((struct bytes) { data, len });
	struct bytes value;
	const char *colon;
	size_t name_len;
	char *text;

	if (line.len >= 5 && memcmp(line.data, "HTTP/", 5) == 0) {
		parse_status(in, line);
		return;
	}
	colon = line.len > 0 ? memchr(line.data, ':', line.len) : NULL;
	if (colon == NULL || in->headers.count >= MAX_HEADERS)
		return;
	name_len = (size_t)(colon - line.data);
	value = bytes_trim((struct bytes) { colon + 1, line.len - name_len - 1 });
	text = mem_printf("%.*s: %.*s", (int)name_len, line.data, (int)value.len, value.data);
	for (char *p = text; *p != '\0' && *p != ':'; p++)
		*p = (char)tolower((unsigned char)*p);
	strlist_take(&in->headers, text);
}

char *
http_incoming_redirect(const struct http_incoming *in, const char *url)
{
	const struct http_answer a = { .headers = in->headers };
	const char *location = http_header(&a, "location");
	struct http_url from = HTTP_URL_EMPTY, to = HTTP_URL_EMPTY;
	bool moved = in->status == 301 || in->status == 302 || in->status == 303 ||
		     in->status == 307 || in->status == 308;
	char *next = moved && location != NULL ? http_resolve(url, location) : NULL;

	if (next == NULL || http_url_parse(url, &from, NULL) != ERR_OK ||
	    http_url_parse(next, &to, NULL) != ERR_OK || !http_url_same_origin(&from, &to)) {
		free(next);
		next = NULL;
	}
	http_url_fini(&from);
	http_url_fini(&to);
	return next;
}

bool
http_header_is_clean(const char *line)
{
	for (; *line != '\0'; line++)
		if (((unsigned char)*line < 0x20 && *line != '\t') || *line == 0x7f)
			return false;
	return true;
}

enum err_code
http_file_open(struct http_file *f, const char *path, struct err *failure, struct err *e)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return err_sys(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open %s", path);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		fd_close(&fd);
		return err_set(e, ERR_INVALID, "%s is not a regular file", path);
	}
	*f = (struct http_file) {
		.path = mem_strdup(path), .fd = fd, .size = (uint64_t)st.st_size, .failure = failure
	};
	return ERR_OK;
}

void
http_file_fini(struct http_file *f)
{
	fd_close(&f->fd);
	free(f->path);
}

/* A file that became shorter must not be sent as if it were whole. */
ssize_t
http_file_read(struct http_file *f, char *buf, size_t len)
{
	uint64_t left = f->size - f->offset;
	ssize_t got;

	if (len > left)
		len = (size_t)left;
	if (len == 0)
		return 0;
	do
		got = pread(f->fd, buf, len, (off_t)f->offset);
	while (got < 0 && errno == EINTR);
	if (got > 0) {
		f->offset += (uint64_t)got;
		return got;
	}
	if (got < 0)
		err_sys(f->failure, ERR_IO, "cannot read %s", f->path);
	else
		err_set(f->failure, ERR_IO, "%s became shorter while it was sent", f->path);
	return -1;
}

static const char *
broken_where(const struct http_failure *f)
{
	if (f->answering)
		return "broke in the middle of the answer";
	if (f->has_body && !f->body_sent)
		return "broke while sending";
	return "was closed without an answer";
}

static const char *
stalled_where(const struct http_failure *f)
{
	if (!f->has_body)
		return "";
	return f->body_sent ? ", after everything was sent" : ", while sending";
}

void
http_failure_describe(const struct http_failure *f, struct err *e)
{
	const char *host = f->where->host, *port = f->where->port;
	unsigned long long ms = f->limit_ms;

	switch (f->failed) {
	case HTTP_NO_HOST:
		err_set(e, ERR_NETWORK, "cannot find the host %s (port %s)", host, port);
		err_hint(e, "check the address and the network connection");
		break;
	case HTTP_NO_CONNECTION:
		errno = f->sys_errno;
		if (f->sys_errno != 0)
			err_sys(e, ERR_NETWORK, "cannot connect to %s port %s", host, port);
		else
			err_set(e, ERR_NETWORK, "cannot connect to %s port %s", host, port);
		err_hint(e, "check that the address is right and the server is running");
		break;
	case HTTP_NOT_CONNECTED_IN_TIME:
		err_set(
		    e, ERR_TIMEOUT, "no connection to %s port %s within %llu ms", host, port, ms);
		break;
	case HTTP_TOO_SLOW:
		err_set(e, ERR_TIMEOUT, "%s port %s did not finish in time", host, port);
		break;
	case HTTP_STALLED:
		err_set(e, ERR_TIMEOUT, "nothing came from %s port %s for %llu ms%s", host, port,
		    ms, stalled_where(f));
		break;
	case HTTP_UNSAFE:
		err_set(
		    e, ERR_NETWORK, "no safe connection to %s port %s: %s", host, port, f->text);
		break;
	case HTTP_BROKE:
		err_set(
		    e, ERR_NETWORK, "the connection to %s port %s %s", host, port, broken_where(f));
		break;
	case HTTP_ODD:
		err_set(e, ERR_NETWORK, "%s port %s: %s", host, port, f->text);
		break;
	}
}
