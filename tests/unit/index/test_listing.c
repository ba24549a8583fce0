/* Listings read from JSON and HTML, good, old and broken. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/index/query.h"

#define URL "https://index.example/simple/demo/"
#define SHA "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define META "{\"meta\":{\"api-version\":\"1.1\"},\"name\":\"demo\","

static enum err_code
parse(const char *type, const char *text, struct index_listing *out, struct err *e)
{
	return index_listing_parse(URL, type, bytes_of(text), out, e);
}

Test(listing, reads_what_the_json_says, .fini = leak_gate)
{
	static const char text[] = META
	    "\"versions\":[\"1.0\",\"2.0\"],\"project-status\":{\"status\":\"archived\"},\"files\":"
	    "["
	    "{\"filename\":\"demo-1.0-py3-none-any.whl\",\"url\":\"../../files/"
	    "demo-1.0-py3-none-any.whl\","
	    "\"hashes\":{\"sha256\":"
	    "\"BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"},"
	    "\"size\":12,\"requires-python\":\">=3.8\",\"upload-time\":\"2026-01-01T00:00:00Z\","
	    "\"yanked\":\"broken\"},"
	    "{\"filename\":\"demo-2.0.tar.gz\",\"url\":\"https://files.example/d.tar.gz#sha256=" SHA
	    "\","
	    "\"hashes\":{},\"yanked\":true}]}";
	struct index_listing l = INDEX_LISTING_EMPTY, copy = INDEX_LISTING_EMPTY;
	struct err e = ERR_EMPTY;
	const struct index_file *f;

	cr_assert_eq(
	    parse("application/vnd.pypi.simple.v1+json", text, &l, &e), ERR_OK, "%s", e.message);
	index_listing_copy(&copy, &l);
	index_listing_fini(&l);
	cr_assert_eq(copy.count, 2);
	cr_expect_str_eq(copy.status, "archived");
	cr_expect_eq(copy.versions.count, 2);
	f = index_listing_find(&copy, "demo-1.0-py3-none-any.whl");
	cr_assert_not_null(f);
	cr_expect_str_eq(f->url, "https://index.example/files/demo-1.0-py3-none-any.whl");
	cr_expect_str_eq(f->sha256, SHA);
	cr_expect_str_eq(f->version, "1.0");
	cr_expect_str_eq(f->yanked_reason, "broken");
	cr_expect(f->is_yanked && f->size == 12);
	f = index_listing_find(&copy, "demo-2.0.tar.gz");
	cr_assert_not_null(f);
	cr_expect_str_eq(f->url, "https://files.example/d.tar.gz");
	cr_expect_str_eq(f->sha256, SHA);
	cr_expect(f->is_yanked && f->yanked_reason == NULL);
	cr_expect_null(index_listing_find(&copy, "demo-3.0.tar.gz"));
	index_listing_fini(&copy);
}

Test(listing, reads_html_pages_as_they_are_found, .fini = leak_gate)
{
	static const struct {
		const char *html, *name, *url, *sha256, *python, *yanked;
	} row[] = {
		{ "<!DOCTYPE html><html><body><a href=\"/f/demo-1.0.tar.gz#sha256=" SHA "\" "
		  "data-requires-python=\"&gt;=3.8,&#60;4\" data-yanked=\"\">demo-1.0.tar.gz</a>",
		    "demo-1.0.tar.gz", "https://index.example/f/demo-1.0.tar.gz", SHA, ">=3.8,<4",
		    "" },
		{ "<A HREF='demo-1.0.zip'>\n demo-1.0.zip </A>", "demo-1.0.zip",
		    "https://index.example/simple/demo/demo-1.0.zip", NULL, NULL, NULL },
		{ "<base href=\"https://cdn.example/x/\"><a class=x href=demo-1.0.tar.gz>&darr; "
		  "<b>get</b></a>",
		    "demo-1.0.tar.gz", "https://cdn.example/x/demo-1.0.tar.gz", NULL, NULL, NULL },
		{ "<!-- <a href='no.whl'>no.whl</a> --><abbr href='n.whl'>n.whl</abbr>"
		  "<a rel='x' href='demo-1.0.tar.gz#md5=00' data-yanked='bad &amp; "
		  "old'>demo-1.0.tar.gz",
		    "demo-1.0.tar.gz", "https://index.example/simple/demo/demo-1.0.tar.gz", NULL,
		    NULL, "bad & old" },
		{ "<a href=\"/\">home</a><a href='demo-1.0.tar.gz?x=1'>x</a>", "demo-1.0.tar.gz",
		    "https://index.example/simple/demo/demo-1.0.tar.gz?x=1", NULL, NULL, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct index_listing l = INDEX_LISTING_EMPTY;
		struct err e = ERR_EMPTY;
		const struct index_file *f;

		cr_assert_eq(parse("text/html", row[i].html, &l, &e), ERR_OK, "%s: %s", row[i].html,
		    e.message);
		cr_assert_eq(l.count, 1, "%s", row[i].html);
		f = &l.files[0];
		cr_expect_str_eq(f->name, row[i].name);
		cr_expect_str_eq(f->url, row[i].url);
		cr_expect((f->sha256 == NULL) == (row[i].sha256 == NULL), "%s", row[i].html);
		cr_expect((f->requires_python == NULL) == (row[i].python == NULL));
		if (f->requires_python != NULL && row[i].python != NULL)
			cr_expect_str_eq(f->requires_python, row[i].python);
		cr_expect_eq(f->is_yanked, row[i].yanked != NULL);
		if (f->yanked_reason != NULL)
			cr_expect_str_eq(f->yanked_reason, row[i].yanked);
		index_listing_fini(&l);
	}
}

Test(listing, tells_garbage_from_an_empty_list, .fini = leak_gate)
{
	static const struct {
		const char *type, *text;
		enum err_code rc;
	} row[] = {
		{ "text/html", "<!DOCTYPE html><html><body></body></html>", ERR_OK },
		{ "text/html; charset=utf-8", "<html><a href='/login'>log in</a>", ERR_INVALID },
		{ "text/html", "", ERR_INVALID },
		{ "text/html", "hello", ERR_INVALID },
		{ NULL, META "\"files\":[]}", ERR_OK },
		{ "text/plain", META "\"files\":[]}", ERR_OK },
		{ "application/json", "{}", ERR_INVALID },
		{ "application/json", "[]", ERR_INVALID },
		{ "application/json",
		    "{\"meta\":{\"api-version\":\"1.0\"},\"files\":", ERR_INVALID },
		{ "application/json", "\xff\xfe", ERR_INVALID },
		{ "application/json", "{\"meta\":{\"api-version\":\"2.0\"},\"files\":[]}",
		    ERR_UNSUPPORTED },
		{ "application/json", "{\"meta\":{\"api-version\":\"10.0\"},\"files\":[]}",
		    ERR_UNSUPPORTED },
		{ "application/json", META "\"files\":[{\"filename\":\"a.whl\"}]}", ERR_INVALID },
		{ "application/json", META "\"files\":[{\"filename\":\"../a.whl\",\"url\":\"a\"}]}",
		    ERR_INVALID },
		{ "application/json", META "\"files\":[3]}", ERR_INVALID },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct index_listing l = INDEX_LISTING_EMPTY;
		struct err e = ERR_EMPTY;

		cr_expect_eq(parse(row[i].type, row[i].text, &l, &e), row[i].rc, "%s: %s",
		    row[i].text, e.message);
		cr_expect(row[i].rc == ERR_OK || (e.message[0] != '\0' && l.files == NULL));
		index_listing_fini(&l);
	}
}

Test(listing, hostile_pages_stay_bounded, .fini = leak_gate)
{
	struct index_listing l = INDEX_LISTING_EMPTY;
	struct str page = STR_EMPTY;
	struct err e = ERR_EMPTY;

	for (int i = 0; i < 200000; i++)
		str_puts(&page, "<a <a href=");
	index_listing_parse(URL, "text/html", (struct bytes) { page.data, page.len }, &l, &e);
	index_listing_fini(&l);
	str_clear(&page);
	for (int i = 0; i < 100001; i++)
		str_printf(&page, "<a href=x-%d.zip>", i);
	cr_expect_eq(
	    index_listing_parse(URL, "text/html", (struct bytes) { page.data, page.len }, &l, &e),
	    ERR_LIMIT);
	str_fini(&page);
}
