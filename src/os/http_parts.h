/* The parts of HTTP that need no curl: what comes in, what a file sends, and words for failures. */
#ifndef SLIPWAY_OS_HTTP_PARTS_H
#define SLIPWAY_OS_HTTP_PARTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"
#include "slipway/base/strlist.h"

struct http_url;
struct loop;

/* The sockets of connections under way, by descriptor. FN gets what of EVENTS may be tried. */
typedef void (*http_socket_fn)(void *arg, int fd, short events);
struct http_sockets {
	struct loop *loop;
	struct http_socket *first;
	http_socket_fn fn;
	void *arg;
};

/* EVENTS as for poll(2); 0 forgets FD. */
void http_sockets_set(struct http_sockets *s, int fd, short events);
void http_sockets_fini(struct http_sockets *s);

/* The answer so far. Empty is all zero. */
struct http_incoming {
	int status;
	struct str reason, body;
	struct strlist headers;
};

/* One line of a header; a status line begins a new answer. */
void http_incoming_header(struct http_incoming *in, const char *data, size_t len);
void http_incoming_reset(struct http_incoming *in);
void http_incoming_fini(struct http_incoming *in);
/* Where a redirect of URL leads, when it stays on the same scheme, host and port: credentials and
 * trust do not travel. NULL otherwise; the caller owns the result. */
char *http_incoming_redirect(const struct http_incoming *in, const char *url);

/* No line break or other control that could begin a header of its own. */
bool http_header_is_clean(const char *line);

/* A file that is streamed into a form. */
struct http_file {
	char *path;
	int fd;
	uint64_t size, offset;
	struct err *failure; /* where a failed read is told; borrowed */
};

enum err_code http_file_open(
    struct http_file *f, const char *path, struct err *failure, struct err *e);
void http_file_fini(struct http_file *f);
/* The next bytes, 0 at the end of the size it had when opened, -1 with *FAILURE filled. */
ssize_t http_file_read(struct http_file *f, char *buf, size_t len);

enum http_failed {
	HTTP_NO_HOST,
	HTTP_NO_CONNECTION,
	HTTP_NOT_CONNECTED_IN_TIME,
	HTTP_TOO_SLOW,
	HTTP_STALLED,
	HTTP_UNSAFE,
	HTTP_BROKE,
	HTTP_ODD,
};

struct http_failure {
	enum http_failed failed;
	const struct http_url *where;
	const char *text; /* of the library */
	int sys_errno;	  /* 0 when there was none */
	uint64_t limit_ms;
	bool has_body, body_sent, answering;
};

void http_failure_describe(const struct http_failure *f, struct err *e);

#endif
