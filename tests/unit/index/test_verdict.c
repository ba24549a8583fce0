/* What answers mean: the real indexes' texts, and what is made of them. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/index/index.h"
#include "slipway/os/http.h"
#include "verdict.h"

#define JSON_TYPE "content-type: application/json"
#define HTML_TYPE "content-type: text/html; charset=UTF-8"

static void
judge(int status, const char *reason, const char *header, const char *body, struct verdict *out)
{
	struct index_info info = INDEX_INFO_EMPTY;
	struct verdict_file f = {
		.index = &info, .file_name = "demo-1.0.tar.gz", .project = "demo"
	};
	struct http_answer a = { .status = status,
		.reason = reason,
		.body = bytes_of(body),
		.url = "https://index.example/legacy" };

	cr_assert_eq(
	    index_info_from_url("https://index.example/legacy", NULL, &info, NULL), ERR_OK);
	if (header != NULL)
		strlist_add(&a.headers, header);
	verdict_of(&a, &f, 1000, out);
	strlist_fini(&a.headers);
	index_info_fini(&info);
}

static const struct {
	int status;
	const char *reason, *header, *body;
	enum verdict_kind kind;
	enum err_code code;
	const char *says, *hint;
} rows[] = {
	{ 200, "OK", NULL, "", VERDICT_ACCEPTED, ERR_OK, "", "" },
	{ 201, "Created", NULL, "", VERDICT_ACCEPTED, ERR_OK, "", "" },
	{ 400,
	    "File already exists ('demo-1.0.tar.gz', with blake2_256 hash 'x'). See "
	    "https://x",
	    NULL, "", VERDICT_EXISTS, ERR_CONFLICT, "File already exists", "" },
	{ 400, "Bad Request", JSON_TYPE,
	    "{\"message\":\"no\",\"code\":\"400 File already exists "
	    "('f')\",\"title\":\"Bad Request\"}",
	    VERDICT_EXISTS, ERR_CONFLICT, "File already exists", "" },
	{ 409, "Conflict", HTML_TYPE,
	    "<html><head><title>Error</title></head><body><pre>Package 'demo' already "
	    "exists!</pre>",
	    VERDICT_EXISTS, ERR_CONFLICT, "Package 'demo' already exists!", "" },
	{ 409, "The name 'x' conflicts with an existing project.", NULL, "", VERDICT_REFUSED,
	    ERR_REFUSED, "conflicts", "another name" },
	{ 400, "This filename was previously used by a file that has since been deleted.", NULL, "",
	    VERDICT_REFUSED, ERR_CONFLICT, "previously used", "next version" },
	{ 400, "The description failed to render for 'text/x-rst'.", NULL, "", VERDICT_REFUSED,
	    ERR_INVALID, "failed to render", "README" },
	{ 400, "'x' is not a valid classifier.", NULL, "", VERDICT_REFUSED, ERR_INVALID, "'x'",
	    "classifiers" },
	{ 400, "Bad Request", JSON_TYPE, "{\"detail\":\"odd \\u001b[31m thing\"}", VERDICT_REFUSED,
	    ERR_REFUSED, "odd \\x1b[31m thing", "" },
	{ 400, "Bad Request", NULL, "", VERDICT_REFUSED, ERR_REFUSED, "does not say why", "" },
	{ 403, "Invalid or non-existent authentication information.", NULL, "", VERDICT_REFUSED,
	    ERR_AUTH, "Invalid or non-existent", "another index" },
	{ 403, "The user 'u' isn't allowed to upload to project 'demo'.", NULL, "", VERDICT_REFUSED,
	    ERR_AUTH, "isn't allowed", "scope has demo" },
	{ 403, "Invalid API Token: token is expired", NULL, "", VERDICT_REFUSED, ERR_AUTH,
	    "expired", "new one" },
	{ 403, "Read-only mode: Uploads are temporarily disabled.", NULL, "", VERDICT_REFUSED,
	    ERR_BUSY, "temporarily disabled", "later" },
	{ 401, "Unauthorized", NULL, "", VERDICT_REFUSED, ERR_AUTH, "401", "token" },
	{ 308, "Permanent Redirect", "location: /legacy/", "", VERDICT_REFUSED, ERR_CONFIG,
	    "sends uploads elsewhere", "https://index.example/legacy/" },
	{ 302, "Found", "location: https://evil.example/", "", VERDICT_REFUSED, ERR_CONFIG,
	    "https://evil.example/", "if you trust" },
	{ 302, "Found", NULL, "", VERDICT_REFUSED, ERR_CONFIG, "302", "check the upload URL" },
	{ 405, "Method Not Allowed", NULL, "", VERDICT_REFUSED, ERR_CONFIG, "takes no uploads",
	    "URL" },
	{ 410, "Gone", NULL, "", VERDICT_REFUSED, ERR_CONFIG, "takes no uploads", "URL" },
	{ 413, "Request Entity Too Large", NULL, "", VERDICT_REFUSED, ERR_LIMIT, "too large",
	    "smaller" },
	{ 429, "Too Many Requests", "retry-after: 7", "", VERDICT_AGAIN, ERR_BUSY,
	    "come back later", "later" },
	{ 503, "Service Unavailable", "retry-after: 7", "", VERDICT_AGAIN, ERR_BUSY, "503", "" },
	{ 500, "Internal Server Error", HTML_TYPE,
	    "<html><head><title>x</title><style>b{}</style></head><body><h1>Oh  "
	    "no</h1>\n</body>",
	    VERDICT_AGAIN, ERR_FAILED, "500 Oh no", "" },
	{ 502, "Bad Gateway", NULL, "", VERDICT_AGAIN, ERR_FAILED, "502", "" },
	{ 418, "I'm a teapot", NULL, "", VERDICT_REFUSED, ERR_REFUSED, "418", "" },
};

Test(verdict, tells_each_answer_in_plain_words_with_the_way_out, .fini = leak_gate)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct verdict v;

		judge(rows[i].status, rows[i].reason, rows[i].header, rows[i].body, &v);
		cr_expect_eq(v.kind, rows[i].kind, "%d %s", rows[i].status, rows[i].reason);
		cr_expect_eq(v.why.code, rows[i].code, "%d %s: %s", rows[i].status, rows[i].reason,
		    v.why.message);
		cr_expect_not_null(
		    strstr(v.why.message, rows[i].says), "%s\nin %s", rows[i].says, v.why.message);
		cr_expect_not_null(
		    strstr(v.why.hint, rows[i].hint), "%s\nin %s", rows[i].hint, v.why.hint);
		cr_expect_eq(
		    v.wait_ms, rows[i].header != NULL && strstr(rows[i].header, ": 7") ? 7000 : 0);
	}
}
