/* What of a URL decides where a request goes. Stricter than curl on purpose: a text that two
 * parsers could read in two ways is refused. */
#ifndef SLIPWAY_OS_HTTP_URL_H
#define SLIPWAY_OS_HTTP_URL_H

#include <stdbool.h>

#include "slipway/base/err.h"

struct http_url {
	char *scheme, *host, *port; /* in lower case; the port also when it is the usual one */
};

#define HTTP_URL_EMPTY                                                                             \
	{                                                                                          \
		.scheme = NULL, .host = NULL, .port = NULL                                         \
	}

/* http and https only, without a user. The message never holds a password. */
enum err_code http_url_parse(const char *text, struct http_url *out, struct err *e);
void http_url_fini(struct http_url *u);
bool http_url_same_origin(const struct http_url *a, const struct http_url *b);
bool http_url_is_loopback(const struct http_url *u);

#endif
