/* What Slipway knows about a package index: its URLs, what to call it, where its token may come
 * from. */
#ifndef SLIPWAY_INDEX_INDEX_H
#define SLIPWAY_INDEX_INDEX_H

#include <stdbool.h>

#include "slipway/base/err.h"
#include "slipway/base/strlist.h"

struct index_info {
	char *name;	  /* as in slipway.toml; the host and port when it came from a URL */
	char *title;	  /* for people: "TestPyPI" */
	char *upload_url; /* as configured, slash included */
	char *simple_url; /* ends in a slash */
	char *json_url;	  /* before NAME/json, ends in a slash; NULL when there is none */
	char *web_url; /* before NAME/VERSION/ on the pages for people; NULL when there is none */
	struct strlist token_env; /* variables to look at for this index, best first, conventional
				     ones included */
	bool is_production;	  /* what is accepted there is public and final */
	bool is_test;		  /* a public test index; tokens for it have names of their own */
};

#define INDEX_INFO_EMPTY                                                                           \
	{                                                                                          \
		.name = NULL                                                                       \
	}

void index_info_fini(struct index_info *i); /* empty is fine; empty afterwards */
void index_info_copy(struct index_info *to, const struct index_info *from); /* TO must be empty */

/* From the upload URL; SIMPLE NULL looks beside it (".../legacy/" gives ".../simple/"), for a known
 * index it gives that one. ERR_USAGE when the URL is not http(s), holds a user or password, or has
 * no "/legacy/" at its end while SIMPLE is NULL. Plain http is for loopback only. OUT must be
 * empty. */
enum err_code index_info_from_url(
    const char *upload, const char *simple, struct index_info *out, struct err *e);

/* Puts NAMES, from a configuration, before the variables that the index has. */
void index_info_prefer_env(struct index_info *i, const struct strlist *names);

/* The page of a project for people, owned by the caller; NULL when the index has none. VERSION may
 * be NULL. */
char *index_info_page(const struct index_info *i, const char *project, const char *version);

/* PEP 503: lower case, runs of - _ . as one dash. The caller owns the result. */
char *index_normal_name(const char *name) MUST_USE;
bool index_same_name(const char *a, const char *b);
/* Scheme, host and port are the same. */
bool index_same_host(const char *a, const char *b);

#endif
