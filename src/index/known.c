/* PyPI and TestPyPI. Nothing else in the program may spell their addresses. */
#include "slipway/index/known.h"

#include <string.h>

#include "slipway/base/mem.h"

static const char *const known_names[] = { "pypi", "testpypi", NULL };

/* Names of variables as their users have them: the first are those of the release processes, the
 * last two are what twine and uv read. */
static const struct {
	const char *name, *title, *upload, *simple, *json, *web, *location;
	const char *token_env[6];
} known[] = {
	{ .name = "pypi",
	    .title = "PyPI",
	    .upload = "https://upload.pypi.org/legacy/",
	    .simple = "https://pypi.org/simple/",
	    .json = "https://pypi.org/pypi/",
	    .web = "https://pypi.org/project/",
	    .location = "pypi.org",
	    .token_env = { "PYPI_API_TOKEN", "PYPI_TOKEN", "TWINE_PASSWORD", "UV_PUBLISH_TOKEN" } },
	{ .name = "testpypi",
	    .title = "TestPyPI",
	    .upload = "https://test.pypi.org/legacy/",
	    .simple = "https://test.pypi.org/simple/",
	    .json = "https://test.pypi.org/pypi/",
	    .web = "https://test.pypi.org/project/",
	    .location = "test.pypi.org",
	    .token_env = { "PYPI_TEST_API_TOKEN", "TEST_PYPI_TOKEN" } },
};

_Static_assert(ARRAY_LEN(known) + 1 == ARRAY_LEN(known_names), "one name a row, and the end");

static void
known_fill(size_t row, struct index_info *out)
{
	*out = (struct index_info) {
		.name = mem_strdup(known[row].name),
		.title = mem_strdup(known[row].title),
		.upload_url = mem_strdup(known[row].upload),
		.simple_url = mem_strdup(known[row].simple),
		.json_url = mem_strdup(known[row].json),
		.web_url = mem_strdup(known[row].web),
		.is_production = row == 0,
		.is_test = row != 0,
	};
	strlist_add_all(&out->token_env, known[row].token_env);
}

bool
index_known(const char *name, struct index_info *out)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (strcmp(known[i].name, name) == 0) {
			known_fill(i, out);
			return true;
		}
	}
	return false;
}

static bool
same_url(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);

	la -= la > 0 && a[la - 1] == '/';
	lb -= lb > 0 && b[lb - 1] == '/';
	return la == lb && strncmp(a, b, la) == 0;
}

bool
index_known_by_url(const char *url, struct index_info *out)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (same_url(url, known[i].upload) || same_url(url, known[i].simple)) {
			if (out != NULL)
				known_fill(i, out);
			return true;
		}
	}
	return false;
}

const char *const *
index_known_names(void)
{
	return known_names;
}

const char *
index_known_by_location(const char *location)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (strcmp(known[i].location, location) == 0)
			return known[i].name;
	}
	return NULL;
}
