/* Index addresses, names and the built-in indexes. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/index/known.h"

Test(index, finds_the_simple_api_beside_the_upload_url, .fini = leak_gate)
{
	static const struct {
		const char *upload, *simple;
		enum err_code rc;
		const char *name, *found;
	} row[] = {
		{ "http://127.0.0.1:8011/legacy/", NULL, ERR_OK, "127.0.0.1:8011",
		    "http://127.0.0.1:8011/simple/" },
		{ "https://index.example/a/legacy", NULL, ERR_OK, "index.example",
		    "https://index.example/a/simple/" },
		{ "https://index.example/up", "https://index.example/simple", ERR_OK,
		    "index.example", "https://index.example/simple/" },
		{ "https://index.example/up", NULL, ERR_USAGE, NULL, NULL },
		{ "https://upload.pypi.org/legacy", NULL, ERR_OK, "pypi",
		    "https://pypi.org/simple/" },
		{ "https://test.pypi.org/legacy/", NULL, ERR_OK, "testpypi",
		    "https://test.pypi.org/simple/" },
		{ "http://index.example/legacy/", NULL, ERR_USAGE, NULL, NULL },
		{ "http://127.0.0.1.example/legacy/", NULL, ERR_USAGE, NULL, NULL },
		{ "http://localhost:80/legacy/", NULL, ERR_OK, "localhost:80",
		    "http://localhost:80/simple/" },
		{ "https://me:secret@index.example/legacy/", NULL, ERR_USAGE, NULL, NULL },
		{ "ftp://index.example/legacy/", NULL, ERR_USAGE, NULL, NULL },
		{ "https:///legacy/", NULL, ERR_USAGE, NULL, NULL },
		{ "https://index.example/le gacy/", "https://index.example/simple/", ERR_USAGE,
		    NULL, NULL },
		{ "", NULL, ERR_USAGE, NULL, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct index_info info = INDEX_INFO_EMPTY;
		struct err e = ERR_EMPTY;
		enum err_code rc = index_info_from_url(row[i].upload, row[i].simple, &info, &e);

		cr_expect_eq(rc, row[i].rc, "%s: %s", row[i].upload, e.message);
		cr_expect_null(strstr(e.message, "secret"), "%s", e.message);
		if (rc == ERR_OK && row[i].rc == ERR_OK) {
			cr_expect_str_eq(info.name, row[i].name);
			cr_expect_str_eq(info.simple_url, row[i].found);
		} else {
			cr_expect(rc == ERR_OK || e.hint[0] != '\0' || strchr(row[i].upload, ' '));
		}
		index_info_fini(&info);
	}
}

Test(index, normal_names_follow_pep_503, .fini = leak_gate)
{
	static const struct {
		const char *name, *normal;
	} row[] = {
		{ "Foo.Bar__baz-_.q", "foo-bar-baz-q" },
		{ "plain", "plain" },
		{ "A", "a" },
		{ "", "" },
		{ "_x_", "-x-" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *got = index_normal_name(row[i].name);

		cr_expect_str_eq(got, row[i].normal);
		free(got);
	}
	cr_expect(index_same_name("a.b", "A_B"));
	cr_expect_not(index_same_name("a.b", "ab"));
}

Test(index, same_host_means_scheme_host_and_port, .fini = leak_gate)
{
	static const struct {
		const char *a, *b;
		bool same;
	} row[] = {
		{ "https://A.example/x", "https://a.example/y", true },
		{ "https://a.example:443/x", "https://a.example", true },
		{ "http://a.example/x", "https://a.example/x", false },
		{ "http://a.example:80/", "http://a.example:8080/", false },
		{ "https://a.example/", "https://a.example.evil/", false },
		{ "nonsense", "nonsense", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		cr_expect_eq(
		    index_same_host(row[i].a, row[i].b), row[i].same, "%s %s", row[i].a, row[i].b);
}

Test(index, known_indexes_have_token_names_of_their_own, .fini = leak_gate)
{
	struct index_info pypi = INDEX_INFO_EMPTY, test = INDEX_INFO_EMPTY, copy = INDEX_INFO_EMPTY;
	char *page;

	cr_assert(index_known("pypi", &pypi));
	cr_assert(index_known("testpypi", &test));
	cr_expect_not(index_known("nowhere", &copy));
	for (size_t i = 0; i < test.token_env.count; i++)
		cr_expect_not(strlist_has(&pypi.token_env, test.token_env.items[i]));
	cr_expect(pypi.is_production && !pypi.is_test && !test.is_production && test.is_test);
	index_info_copy(&copy, &test);
	page = index_info_page(&copy, "A.b", "1.0");
	cr_expect(text_ends(page, "/project/a-b/1.0/"), "%s", page);
	free(page);
	index_info_fini(&copy);
	index_info_fini(&pypi);
	index_info_fini(&test);
	cr_expect_str_eq(index_known_by_location("test.pypi.org"), "testpypi");
	cr_expect_null(index_known_by_location("pypi.org.evil"));
}
