/* URLs and answers: pure functions, against the tables of the RFCs. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/os/http.h"

Test(http_url, resolves_as_rfc_3986_says, .fini = leak_gate)
{
	static const char base[] = "http://a/b/c/d;p?q";
	static const struct {
		const char *ref, *url;
	} row[] = {
		/* RFC 3986, 5.4.1 and 5.4.2 */
		{ "g", "http://a/b/c/g" },
		{ "./g", "http://a/b/c/g" },
		{ "g/", "http://a/b/c/g/" },
		{ "/g", "http://a/g" },
		{ "//g", "http://g" },
		{ "?y", "http://a/b/c/d;p?y" },
		{ "g?y", "http://a/b/c/g?y" },
		{ "#s", "http://a/b/c/d;p?q#s" },
		{ "g#s", "http://a/b/c/g#s" },
		{ "g?y#s", "http://a/b/c/g?y#s" },
		{ ";x", "http://a/b/c/;x" },
		{ "g;x", "http://a/b/c/g;x" },
		{ "g;x?y#s", "http://a/b/c/g;x?y#s" },
		{ "", "http://a/b/c/d;p?q" },
		{ ".", "http://a/b/c/" },
		{ "./", "http://a/b/c/" },
		{ "..", "http://a/b/" },
		{ "../", "http://a/b/" },
		{ "../g", "http://a/b/g" },
		{ "../..", "http://a/" },
		{ "../../", "http://a/" },
		{ "../../g", "http://a/g" },
		{ "../../../g", "http://a/g" },
		{ "../../../../g", "http://a/g" },
		{ "/./g", "http://a/g" },
		{ "/../g", "http://a/g" },
		{ "g.", "http://a/b/c/g." },
		{ ".g", "http://a/b/c/.g" },
		{ "g..", "http://a/b/c/g.." },
		{ "..g", "http://a/b/c/..g" },
		{ "./../g", "http://a/b/g" },
		{ "./g/.", "http://a/b/c/g/" },
		{ "g/./h", "http://a/b/c/g/h" },
		{ "g/../h", "http://a/b/c/h" },
		{ "g;x=1/./y", "http://a/b/c/g;x=1/y" },
		{ "g;x=1/../y", "http://a/b/c/y" },
		{ "g?y/./x", "http://a/b/c/g?y/./x" },
		{ "g#s/../x", "http://a/b/c/g#s/../x" },
		/* and what an index may hold */
		{ "https://files.example/x.whl#sha256=00",
		    "https://files.example/x.whl#sha256=00" },
		{ "a b.whl", "http://a/b/c/a%20b.whl" },
		{ "javascript:alert(1)", NULL },
		{ "file:///etc/passwd", NULL },
		{ "http:g", NULL },
		{ "//u:p@h/", NULL },
		{ "\\\\evil/", NULL },
		{ "a\nb", NULL },
		{ "http://", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *got = http_resolve(base, row[i].ref);

		if (row[i].url == NULL)
			cr_expect_null(got, "%s: %s", row[i].ref, got);
		else
			cr_expect(got != NULL && strcmp(got, row[i].url) == 0, "%s: %s", row[i].ref,
			    got != NULL ? got : "invalid");
		free(got);
	}
	cr_expect_null(http_resolve("nonsense", "g"));
}

Test(http_url, resolves_below_a_bare_host, .fini = leak_gate)
{
	static const struct {
		const char *base, *ref, *url;
	} row[] = {
		{ "http://h", "g", "http://h/g" },
		{ "http://h:81", "", "http://h:81" },
		{ "HTTPS://H/x/", "../../f", "HTTPS://H/f" },
		{ "http://[::1]:5/a", "b", "http://[::1]:5/b" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *got = http_resolve(row[i].base, row[i].ref);

		cr_expect(
		    got != NULL && strcmp(got, row[i].url) == 0, "%s", got != NULL ? got : "NULL");
		free(got);
	}
	cr_expect_null(http_resolve("http://h:0/", "g"));
	cr_expect_null(http_resolve("http://h:65536/", "g"));
	cr_expect_null(http_resolve("http://h:8x/", "g"));
	cr_expect_null(http_resolve("http://[::1/", "g"));
	cr_expect_null(http_resolve("http://a%2fb/", "g"));
}

Test(http_url, tells_when_to_come_back, .fini = leak_gate)
{
	static const struct {
		const char *header;
		uint64_t seconds;
	} row[] = {
		{ "retry-after: 120", 120 },
		{ "retry-after: 0", 0 },
		{ "retry-after: -5", 0 },
		{ "retry-after: soon", 0 },
		{ "retry-after: 99999999999999999999", 0 },
		{ "retry-after: Sun, 06 Nov 1994 08:49:37 GMT", 37 },
		{ "retry-after: Sunday, 06-Nov-94 08:49:37 GMT", 37 },
		{ "retry-after: Sun Nov  6 08:49:37 1994", 37 },
		{ "retry-after: Sun, 06 Nov 1994 08:48:00 GMT", 0 },
		{ "retry-after: Sun, 06 Xxx 1994 08:49:37 GMT", 0 },
		{ "retry-after: Sun, 06 anF 1994 08:49:37 GMT", 0 },
		{ "ratelimit: \"default\";r=0;t=30", 30 },
		{ "ratelimit: limit=10, remaining=0, t=5", 5 },
		{ "ratelimit: reset=5", 0 },
		{ "other: 5", 0 },
		{ "retry-after-x: 5", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct http_answer a = { .status = 503 };

		strlist_add(&a.headers, row[i].header);
		/* 784111777 is 1994-11-06T08:49:37Z */
		cr_expect_eq(http_retry_after(&a, 784111740), row[i].seconds, "%s: %lu",
		    row[i].header, (unsigned long)http_retry_after(&a, 784111740));
		strlist_fini(&a.headers);
	}
}
