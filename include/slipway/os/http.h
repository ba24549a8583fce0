/* HTTP requests on the loop. The only user of curl. HTTP/1.1, so that the reason phrase of an
 * answer can be read (Warehouse puts its message there); no redirect is followed unless asked,
 * never to another host; no credentials, netrc or cookies but those given. http and https only. */
#ifndef SLIPWAY_OS_HTTP_H
#define SLIPWAY_OS_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"
#include "slipway/base/strlist.h"

struct http;
struct http_request;
struct loop;
struct secret;

/* Connections are kept. The caller owns *OUT: http_free(), which cancels what runs. */
enum err_code http_new(struct loop *l, struct http **out, struct err *e);
void http_free(struct http *h); /* NULL is fine */

struct http_field { /* one part of a multipart/form-data body, in order */
	const char *name;
	struct bytes value;    /* used when PATH is NULL */
	const char *path;      /* a file, streamed from disk */
	const char *file_name; /* sent as filename= */
	const char *type;      /* content type of a file part */
};

struct http_answer {
	int status;		   /* 0 when none came */
	const char *reason;	   /* reason phrase, "" when none; safe for a terminal */
	struct strlist headers;	   /* "name: value", name in lower case; of the last answer */
	struct bytes body;	   /* empty when a sink took it; closed by a NUL behind len */
	const char *url;	   /* the final URL */
	bool body_sent;		   /* the whole request body had left before a failure */
	const struct err *failure; /* NULL when an answer came whole, of whatever status */
};
/* Everything in A is borrowed until it returns; the request is gone afterwards. */
typedef void (*http_done_fn)(void *arg, const struct http_answer *a);
/* Bytes so far; totals are 0 while unknown. */
typedef void (*http_progress_fn)(
    void *arg, uint64_t sent, uint64_t send_total, uint64_t got, uint64_t get_total);
/* Takes a piece of a 2xx body; false ends the transfer with ERR_CANCELLED. */
typedef bool (*http_sink_fn)(void *arg, const char *data, size_t len);

struct http_opts {
	const char *method; /* NULL: GET, or POST with fields */
	const char *url;
	const char *const *headers; /* "Name: value", NULL-terminated; may be NULL */
	const char *user; /* basic authentication, with PASSWORD; copied into locked memory */
	const struct secret *password;
	const struct http_field *fields; /* copied, file contents not */
	size_t field_count;
	struct bytes body;   /* raw, instead of fields; copied; HEADERS name its Content-Type */
	uint64_t connect_ms; /* 0: 20 s */
	uint64_t stall_ms;   /* no byte either way for so long is ERR_TIMEOUT; 0: 60 s */
	uint64_t total_ms;   /* 0: none */
	size_t max_body;     /* 0: 32 MiB; more is ERR_LIMIT */
	bool follow;	     /* redirects of GET and HEAD, on the same host, at most 5 */
	http_sink_fn sink;   /* may be NULL */
	http_progress_fn on_progress;
	http_done_fn on_done; /* required; never called before http_send() returned */
	void *arg;
};

/* *OUT is borrowed until on_done. Counts as busy on the loop. */
enum err_code http_send(
    struct http *h, const struct http_opts *opts, struct http_request **out, struct err *e);
/* on_done is not called any more. */
void http_cancel(struct http_request *r);

/* Value of a header by its lower-case name, or NULL. Borrowed as A is. */
const char *http_header(const struct http_answer *a, const char *name);
/* Seconds that Retry-After (or t= of RateLimit) asks for, 0 when it says nothing. NOW in Unix
 * seconds. */
uint64_t http_retry_after(const struct http_answer *a, int64_t now);
/* BASE and a reference resolved against it, by RFC 3986; the caller owns the result, NULL when
 * invalid. */
char *http_resolve(const char *base, const char *ref);

#endif
