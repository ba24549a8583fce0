/* Asking an index what it has of a project: the simple API, as JSON (PEP 691) or HTML (PEP 503). */
#ifndef SLIPWAY_INDEX_QUERY_H
#define SLIPWAY_INDEX_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"
#include "slipway/base/strlist.h"
#include "slipway/index/index.h"

struct http;

enum index_state {
	INDEX_FOUND,
	INDEX_NOT_FOUND, /* no such project; not proof that the name is free to take */
	INDEX_ELSEWHERE, /* it sends clients to another host: not here */
	INDEX_STATE_COUNT
};

struct index_file {
	char *name;
	char *url;     /* absolute, without its fragment */
	char *sha256;  /* 64 lower-case hex digits; NULL when the index does not say */
	char *version; /* from the file name, as written there; NULL when it cannot be told */
	char *requires_python; /* NULL when it does not say, as the next two */
	char *upload_time;
	char *yanked_reason; /* NULL when not yanked, or without a reason */
	uint64_t size;	     /* 0: it does not say */
	bool is_yanked;
};

struct index_listing {
	enum index_state state;
	char *status; /* PEP 792, as "quarantined"; NULL when it does not say */
	struct index_file *files;
	size_t count, cap;
	struct strlist
	    versions; /* as the index gives them, else those of the file names, each once */
};

#define INDEX_LISTING_EMPTY                                                                        \
	{                                                                                          \
		.files = NULL                                                                      \
	}

void index_listing_fini(struct index_listing *l); /* empty is fine; empty afterwards */
void index_listing_copy(
    struct index_listing *to, const struct index_listing *from); /* TO must be empty */
/* By exact file name; NULL when it is not listed. Borrowed. */
const struct index_file *index_listing_find(const struct index_listing *l, const char *file_name);
/* URL is where BODY came from, for relative links. ERR_INVALID, in plain words, for what is no
 * listing; ERR_LIMIT for more than a sane one holds; ERR_UNSUPPORTED for a newer major version. OUT
 * must be empty and is left so on failure. */
enum err_code index_listing_parse(const char *url, const char *content_type, struct bytes body,
    struct index_listing *out, struct err *e);

struct index_query;
/* FAILURE is NULL when the index answered; L is NULL otherwise. Both borrowed until it returns. */
typedef void (*index_list_fn)(void *arg, const struct index_listing *l, const struct err *failure);
/* Asks past every cache. FN is never called before this returns; *OUT is borrowed until then.
 * Failures: ERR_NETWORK, ERR_TIMEOUT, ERR_AUTH, ERR_BUSY (429, 503), ERR_FAILED (other 5xx),
 * ERR_REFUSED, and those of index_listing_parse(). */
enum err_code index_list(struct http *h, const struct index_info *index, const char *project,
    index_list_fn fn, void *arg, struct index_query **out, struct err *e);
void index_list_cancel(struct index_query *q); /* FN is not called any more */

#endif
