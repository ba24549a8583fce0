/* One question to an index: what it lists of a project. */
#include "slipway/index/query.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/os/http.h"

#define BODY_MAX (64U << 20)
#define CONNECT_MS 10000
#define STALL_MS 30000
#define TOTAL_MS 120000

struct index_query {
	struct http_request *request;
	char *title;
	index_list_fn fn;
	void *arg;
};

static enum err_code
refused(const struct index_query *q, const struct http_answer *a, struct err *e)
{
	const char *reason = a->reason[0] != '\0' ? a->reason : "no reason given";

	switch (a->status) {
	case 401:
	case 403:
		err_set(e, ERR_AUTH, "%s does not let us read its list of files: %d %s", q->title,
		    a->status, reason);
		return err_hint(e, "check its simple URL, and whether reading needs a login");
	case 429:
	case 503:
		err_set(
		    e, ERR_BUSY, "%s asks to come back later: %d %s", q->title, a->status, reason);
		return err_hint(e, "wait a little and try again");
	default:
		break;
	}
	if (a->status >= 500)
		return err_set(e, ERR_FAILED, "%s failed: %d %s", q->title, a->status, reason);
	return err_set(e, ERR_REFUSED, "%s answered %d %s", q->title, a->status, reason);
}

static enum err_code
redirected(const struct http_answer *a, struct index_listing *l, struct err *e)
{
	const char *location = http_header(a, "location");
	char *to = location != NULL ? http_resolve(a->url, location) : NULL;
	enum err_code rc = ERR_OK;

	if (to == NULL)
		rc = err_set(e, ERR_INVALID, "%s redirects to nowhere", a->url);
	else if (index_same_host(to, a->url))
		rc = err_set(e, ERR_INVALID, "%s redirects in circles", a->url);
	else
		l->state = INDEX_ELSEWHERE;
	free(to);
	return rc;
}

static void
on_answer(void *arg, const struct http_answer *a)
{
	struct index_query *q = arg;
	struct index_listing l = INDEX_LISTING_EMPTY;
	struct err e = ERR_EMPTY;
	enum err_code rc = ERR_OK;

	if (a->failure != NULL) {
		e = *a->failure;
		rc = e.code;
		err_wrap(&e, "asking %s", q->title);
	} else if (a->status == 200) {
		rc = index_listing_parse(a->url, http_header(a, "content-type"), a->body, &l, &e);
	} else if (a->status == 404 || a->status == 410) {
		l.state = INDEX_NOT_FOUND;
	} else if (a->status >= 300 && a->status < 400) {
		rc = redirected(a, &l, &e);
	} else {
		rc = refused(q, a, &e);
	}
	q->fn(q->arg, rc == ERR_OK ? &l : NULL, rc == ERR_OK ? NULL : &e);
	index_listing_fini(&l);
	free(q->title);
	free(q);
}

enum err_code
index_list(struct http *h, const struct index_info *index, const char *project, index_list_fn fn,
    void *arg, struct index_query **out, struct err *e)
{
	static const char *const headers[] = {
		"Accept: application/vnd.pypi.simple.v1+json, "
		"application/vnd.pypi.simple.v1+html;q=0.2, "
		"text/html;q=0.1",
		"Cache-Control: no-cache",
		NULL,
	};
	struct index_query *q = mem_zalloc(1, sizeof *q);
	char *name = index_normal_name(project);
	char *url = mem_printf("%s%s/", index->simple_url, name);
	struct http_opts opts = {
		.url = url,
		.headers = headers,
		.connect_ms = CONNECT_MS,
		.stall_ms = STALL_MS,
		.total_ms = TOTAL_MS,
		.max_body = BODY_MAX,
		.follow = true,
		.on_done = on_answer,
		.arg = q,
	};
	enum err_code rc;

	q->title = mem_strdup(index->title);
	q->fn = fn;
	q->arg = arg;
	rc = http_send(h, &opts, &q->request, e);
	if (rc != ERR_OK) {
		free(q->title);
		free(q);
	} else {
		*out = q;
	}
	free(url);
	free(name);
	return rc;
}

void
index_list_cancel(struct index_query *q)
{
	if (q == NULL)
		return;
	http_cancel(q->request);
	free(q->title);
	free(q);
}
