/* An HTTP server on loopback, in threads of its own: requests in, answers out. The only door to
 * libmicrohttpd. The functions of an ops table are called from several threads, those of one
 * request from one at a time. */
#ifndef SLIPWAY_INDEX_HTTPD_H
#define SLIPWAY_INDEX_HTTPD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"

struct httpd;
struct httpd_request;

struct httpd_part { /* a piece of one part of a multipart/form-data body */
	const char *name;
	const char *file_name; /* NULL when the part has none, as the next */
	const char *type;
	const char *data;
	size_t len;
	uint64_t offset; /* 0 begins a part */
};

struct httpd_ops {
	/* The head is there. May answer at once (the body is thrown away then); may return state of
	 * its own. */
	void *(*begin)(void *arg, struct httpd_request *r);
	/* false: the rest of the body is read and thrown away. */
	bool (*part)(void *state, const struct httpd_part *p);
	/* The body is there too. Must answer unless begin did. */
	void (*finish)(void *arg, struct httpd_request *r, void *state);
	/* After the answer, or when the client went away. STATE may be NULL. */
	void (*end)(void *state);
};

/* Listens on 127.0.0.1; PORT 0 takes any. ERR_BUSY when the port is taken. */
enum err_code httpd_open(uint16_t port, struct httpd **out, struct err *e);
/* Answers from here on. Once. */
enum err_code httpd_run(struct httpd *d, const struct httpd_ops *ops, void *arg, struct err *e);
void httpd_stop(struct httpd *d); /* NULL is fine; no ops function runs afterwards */
uint16_t httpd_port(const struct httpd *d);

/* Borrowed while the request lives. */
const char *httpd_method(const struct httpd_request *r);
const char *httpd_path(const struct httpd_request *r); /* decoded, without the query */
/* NULL when it is not there. */
const char *httpd_header(const struct httpd_request *r, const char *name);
const char *httpd_query(const struct httpd_request *r, const char *name);
/* The body is multipart/form-data and its parts are delivered. */
bool httpd_is_form(const struct httpd_request *r);

#define HTTPD_HEADERS_MAX 8

struct httpd_answer {
	int status;
	const char *type;
	const char *headers[HTTPD_HEADERS_MAX][2]; /* name, value; the first NULL name ends them */
	struct str body;			   /* moved out of the struct; FD < 0 */
	int fd;		      /* a file to send, closed by the server; -1: none */
	uint64_t offset, len; /* of the file */
};

/* Once a request. HEAD is answered without the body by itself. */
void httpd_answer(struct httpd_request *r, struct httpd_answer *a);

#endif
