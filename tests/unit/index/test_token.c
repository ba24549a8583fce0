/* Where tokens are found, and what is seen in them. The secrets here are made up. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/index/known.h"
#include "slipway/index/token.h"
#include "slipway/os/fs.h"
#include "slipway/os/loop.h"
#include "slipway/os/secret.h"
#include "temp.h"

struct fixture {
	char *dir;
	struct loop *loop;
	struct index_info index;
	struct token_source found;
	struct err failure;
	enum token_keyring keyring;
	struct secret *token;
	bool is_done;
};

static struct fixture
begin(const char *index)
{
	static const char *const names[] = { "PYPI_API_TOKEN", "PYPI_TOKEN", "PYPI_TEST_API_TOKEN",
		"TEST_PYPI_TOKEN", "TWINE_PASSWORD", "UV_PUBLISH_TOKEN" };
	struct fixture f = { .dir = temp_dir() };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unsetenv(names[i]);
	setenv("HOME", f.dir, 1);
	setenv("PATH", f.dir, 1);
	cr_assert(index_known(index, &f.index));
	cr_assert_eq(loop_new(&f.loop, NULL), ERR_OK);
	return f;
}

static void
end(struct fixture *f)
{
	token_source_fini(&f->found);
	secret_free(f->token);
	index_info_fini(&f->index);
	loop_free(f->loop);
	temp_remove(f->dir);
}

static void
on_found(void *arg, const struct token_source *source, const struct err *failure)
{
	struct fixture *f = arg;

	token_source_fini(&f->found);
	token_source_copy(&f->found, source);
	err_clear(&f->failure);
	if (failure != NULL)
		f->failure = *failure;
	f->is_done = true;
}

static void
on_loaded(void *arg, struct secret *token, const struct err *failure)
{
	struct fixture *f = arg;

	secret_free(f->token);
	f->token = token;
	err_clear(&f->failure);
	if (failure != NULL)
		f->failure = *failure;
	f->is_done = true;
}

static void
wait_for(struct fixture *f)
{
	for (int i = 0; i < 1000 && !f->is_done; i++)
		loop_turn(f->loop, 1000);
	cr_assert(f->is_done);
}

static void
find(struct fixture *f, const struct strlist *package_env)
{
	struct token_opts opts = { .index = &f->index,
		.package_env = package_env,
		.root = f->dir,
		.keyring = f->keyring };

	f->is_done = false;
	token_find(f->loop, &opts, on_found, f);
	cr_assert_not(f->is_done, "never before it returns");
	wait_for(f);
}

static const char *
load(struct fixture *f)
{
	f->is_done = false;
	token_load(f->loop, &f->found, &f->index, on_loaded, f);
	wait_for(f);
	return f->token != NULL ? secret_text(f->token) : "";
}

Test(token, places_are_tried_in_the_order_of_the_design, .fini = leak_gate)
{
	struct fixture f = begin("pypi");
	struct strlist own = STRLIST_EMPTY;
	char *tool = fs_join(f.dir, "keyring");

	strlist_add(&own, "MY_TOKEN");
	find(&f, &own);
	cr_expect_eq(f.found.kind, TOKEN_NONE);

	temp_puts(
	    f.dir, "keyring", "#!/bin/sh\n[ \"$1 $3\" = 'get __token__' ] && echo pypi-keyring\n");
	chmod(tool, 0755);
	find(&f, &own);
	cr_expect_eq(f.found.kind, TOKEN_KEYRING);
	cr_expect_str_eq(load(&f), "pypi-keyring");
	cr_expect_eq(token_keyring_known(TOKEN_KEYRING_UNASKED, &f.found), TOKEN_KEYRING_HOLDS);

	/* What is known of it is not asked again: it would say "gone" from here on. */
	temp_puts(f.dir, "keyring", "#!/bin/sh\nexit 1\n");
	f.keyring = TOKEN_KEYRING_HOLDS;
	find(&f, &own);
	cr_expect_eq(f.found.kind, TOKEN_KEYRING);
	f.keyring = TOKEN_KEYRING_UNASKED;
	find(&f, &own);
	cr_expect_eq(f.found.kind, TOKEN_NONE);
	cr_expect_eq(token_keyring_known(TOKEN_KEYRING_UNASKED, &f.found), TOKEN_KEYRING_EMPTY);
	temp_puts(f.dir, "keyring", "#!/bin/sh\necho pypi-keyring\n");
	f.keyring = TOKEN_KEYRING_EMPTY;
	find(&f, &own);
	cr_expect_eq(f.found.kind, TOKEN_NONE);

	temp_puts(f.dir, ".pypirc", "[pypi]\nusername = __token__\npassword = pypi-rc\n");
	find(&f, &own);
	cr_expect_eq(f.found.kind, TOKEN_PYPIRC);
	cr_expect_str_eq(f.found.text, "[pypi] in ~/.pypirc");
	cr_expect_str_eq(load(&f), "pypi-rc");

	temp_puts(f.dir, ".env",
	    "# a comment\nexport PYPI_TOKEN='pypi-env-file' # mine\nPYPI_API_TOKEN=\n");
	find(&f, &own);
	cr_expect_str_eq(f.found.text, "PYPI_TOKEN, from .env");
	cr_expect_str_eq(load(&f), "pypi-env-file");

	setenv("TWINE_PASSWORD", "pypi-twine", 1);
	find(&f, &own);
	cr_expect_str_eq(f.found.text, "TWINE_PASSWORD");
	setenv("PYPI_API_TOKEN", " pypi-first\n", 1);
	find(&f, &own);
	cr_expect_str_eq(f.found.text, "PYPI_API_TOKEN");
	cr_expect_str_eq(load(&f), "pypi-first");
	setenv("MY_TOKEN", "pypi-own", 1);
	find(&f, &own);
	cr_expect_str_eq(load(&f), "pypi-own");

	unsetenv("MY_TOKEN");
	load(&f);
	cr_expect_eq(f.failure.code, ERR_NOT_FOUND);
	cr_expect_null(f.token);
	strlist_fini(&own);
	free(tool);
	end(&f);
}

Test(token, a_test_index_never_takes_a_production_name, .fini = leak_gate)
{
	struct fixture f = begin("testpypi");

	setenv("PYPI_API_TOKEN", "pypi-production", 1);
	setenv("TWINE_PASSWORD", "pypi-production", 1);
	temp_puts(f.dir, ".pypirc", "[pypi]\npassword = pypi-production\n");
	find(&f, NULL);
	cr_expect_eq(f.found.kind, TOKEN_NONE);
	setenv("TEST_PYPI_TOKEN", "pypi-test", 1);
	find(&f, NULL);
	cr_expect_str_eq(f.found.text, "TEST_PYPI_TOKEN");
	end(&f);
}

Test(token, a_file_that_others_can_read_is_a_finding, .fini = leak_gate)
{
	struct fixture f = begin("pypi");
	char *path = fs_join(f.dir, ".env");

	temp_puts(f.dir, ".env", "PYPI_API_TOKEN=pypi-x\n");
	chmod(path, 0644);
	find(&f, NULL);
	cr_expect(f.found.is_shared);
	cr_expect_str_eq(f.found.path, path);
	chmod(path, 0600);
	find(&f, NULL);
	cr_expect_not(f.found.is_shared);
	free(path);
	end(&f);
}

Test(token, pypirc_follows_raw_config_parser, .fini = leak_gate)
{
	static const struct {
		const char *text, *token;
		enum err_code rc;
	} row[] = {
		{ "[distutils]\nindex-servers =\n    pypi\n    other\n\n[pypi]\npassword: "
		  "pypi-%(a)s\n",
		    "pypi-%(a)s", ERR_OK },
		{ "[distutils]\nindex-servers = other\n[pypi]\npassword = pypi-a\n", "", ERR_OK },
		{ "[other]\nrepository = UPLOAD\npassword = pypi-b\n", "pypi-b", ERR_OK },
		{ "[pypi]\nrepository = https://elsewhere.example/\npassword = pypi-c\n", "",
		    ERR_OK },
		{ "; c\n# c\n[pypi]\nPassWord=pypi-d;e\n", "pypi-d;e", ERR_OK },
		{ "\xef\xbb\xbf[pypi]\r\npassword = pypi-f\r\n", "pypi-f", ERR_OK },
		{ "[pypi]\nusername = me\n", "", ERR_OK },
		{ "password = pypi-g\n", "", ERR_CONFIG },
		{ "[pypi]\npassword pypi-secret\n", "", ERR_CONFIG },
		{ "[pypi\npassword = pypi-secret\n", "", ERR_CONFIG },
		{ "", "", ERR_OK },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct fixture f = begin("pypi");
		const char *at = strstr(row[i].text, "UPLOAD");
		char *text = at == NULL ? mem_strdup(row[i].text)
					: mem_printf("%.*s%s%s", (int)(at - row[i].text),
					      row[i].text, f.index.upload_url, at + 6);

		temp_puts(f.dir, ".pypirc", text);
		find(&f, NULL);
		cr_expect_eq(f.failure.code, row[i].rc, "%s: %s", row[i].text, f.failure.message);
		cr_expect_null(strstr(f.failure.message, "secret"), "%s", f.failure.message);
		cr_expect_eq(f.found.kind, row[i].token[0] != '\0' ? TOKEN_PYPIRC : TOKEN_NONE,
		    "%s", row[i].text);
		if (f.found.kind == TOKEN_PYPIRC)
			cr_expect_str_eq(load(&f), row[i].token, "%s", row[i].text);
		free(text);
		end(&f);
	}
}

Test(token, reads_env_files_as_other_tools_do, .fini = leak_gate)
{
	static const struct {
		const char *text, *token;
	} row[] = {
		{ "PYPI_API_TOKEN=pypi-a", "pypi-a" },
		{ "PYPI_API_TOKEN = \"pypi-a b#c\"\r\n", "pypi-a b#c" },
		{ "PYPI_API_TOKEN=pypi-a#b # c\n", "pypi-a#b" },
		{ "PYPI_API_TOKEN=pypi-a\nPYPI_API_TOKEN=pypi-b\n", "pypi-b" },
		{ "#PYPI_API_TOKEN=pypi-a\nXPYPI_API_TOKEN=pypi-b\n", "" },
		{ "PYPI_API_TOKEN=\n", "" },
		{ "PYPI_API_TOKEN=\"\"\n", "" },
		{ "junk\n=\n\n", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct fixture f = begin("pypi");

		temp_puts(f.dir, ".env", row[i].text);
		find(&f, NULL);
		if (row[i].token[0] == '\0')
			cr_expect_eq(f.found.kind, TOKEN_NONE, "%s", row[i].text);
		else
			cr_expect_str_eq(load(&f), row[i].token, "%s", row[i].text);
		end(&f);
	}
}

/* A macaroon as pypi's, its parts in hex: written once with pymacaroons. */
static struct secret *
macaroon(const char *location, const char *const *caveats)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	struct str raw = STR_EMPTY;
	struct secret *s = secret_new();

	str_append(&raw, "\2\1", 2);
	str_putc(&raw, (char)strlen(location));
	str_puts(&raw, location);
	str_append(&raw, "\2\3key\0", 6);
	for (; *caveats != NULL; caveats++) {
		str_putc(&raw, 2);
		str_putc(&raw, (char)strlen(*caveats));
		str_puts(&raw, *caveats);
		str_putc(&raw, 0);
	}
	str_append(&raw, "\0\6\4abcd", 7);
	while (raw.len % 3 != 0)
		str_putc(&raw, 'z');
	secret_append(s, "pypi-", 5);
	for (size_t i = 0; i < raw.len; i += 3) {
		unsigned v = (unsigned)(unsigned char)raw.data[i] << 16 |
			     (unsigned)(unsigned char)raw.data[i + 1] << 8 |
			     (unsigned char)raw.data[i + 2];
		char four[4] = { alphabet[v >> 18], alphabet[v >> 12 & 63], alphabet[v >> 6 & 63],
			alphabet[v & 63] };

		secret_append(s, four, 4);
	}
	str_fini(&raw);
	return s;
}

Test(token, a_macaroon_says_which_index_it_is_for, .fini = leak_gate)
{
	static const struct {
		const char *location, *caveats[3], *text, *index;
		enum err_code rc;
	} row[] = {
		{ "pypi.org", { "{\"version\": 1, \"permissions\": \"user\"}" }, "for PyPI", "pypi",
		    ERR_OK },
		{ "test.pypi.org", { NULL }, "for TestPyPI", "testpypi", ERR_AUTH },
		{ "pypi.org", { "[1, [\"demo\\u001b\"]]" }, "for PyPI, for project demo\\x1b only",
		    "pypi", ERR_OK },
		{ "pypi.org",
		    { "{\"version\": 1, \"permissions\": {\"projects\": [\"a\", \"b\"]}}" },
		    "for PyPI, for projects a, b only", "pypi", ERR_OK },
		{ "pypi.org", { "[0, 1000, 1]" }, "for PyPI, expired on 1970-01-01", "pypi",
		    ERR_AUTH },
		{ "pypi.org", { "[0, 90000, 1]", "[2, [\"id\"]]" },
		    "for PyPI, until 1970-01-02, for certain projects only", "pypi", ERR_OK },
		{ "elsewhere.example", { "not json" }, "", NULL, ERR_OK },
	};
	struct index_info pypi = INDEX_INFO_EMPTY;

	cr_assert(index_known("pypi", &pypi));
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct secret *s = macaroon(row[i].location, row[i].caveats);
		struct token_glance g;
		struct err e = ERR_EMPTY;

		token_glance(s, 2000, &g);
		cr_expect_str_eq(g.text, row[i].text);
		cr_expect((g.index_name == NULL) == (row[i].index == NULL));
		if (g.index_name != NULL && row[i].index != NULL)
			cr_expect_str_eq(g.index_name, row[i].index);
		cr_expect_eq(
		    token_check(s, &pypi, 2000, &e), row[i].rc, "%s: %s", row[i].text, e.message);
		cr_expect(row[i].rc == ERR_OK || e.hint[0] != '\0');
		token_glance_fini(&g);
		secret_free(s);
	}
	index_info_fini(&pypi);
}

Test(token, slips_are_found_before_an_upload, .fini = leak_gate)
{
	static const struct {
		const char *token, *index;
		enum err_code rc;
	} row[] = {
		{ "hunter2", "pypi", ERR_AUTH },
		{ "", "pypi", ERR_AUTH },
		{ "pypi-\x16", "pypi", ERR_AUTH },
		{ "pypi-a b", "pypi", ERR_AUTH },
		{ "pypi-AgEIcHlwaS5vcmc", "pypi", ERR_OK },
		{ "pypi-AgEIcHlwaS5vcmc", "testpypi", ERR_AUTH },
		{ "pypi-AgENdGVzdC5weXBpLm9yZw", "testpypi", ERR_OK },
		{ "pypi-AgEIcHlwaS5vcmc", "http://127.0.0.1:1/legacy/", ERR_AUTH },
		{ "anything", "http://127.0.0.1:1/legacy/", ERR_OK },
		{ "pypi-AgH//////", "pypi", ERR_OK },
		{ "pypi-", "pypi", ERR_OK },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct index_info info = INDEX_INFO_EMPTY;
		struct secret *s = secret_new();
		struct err e = ERR_EMPTY;

		if (!index_known(row[i].index, &info))
			cr_assert_eq(index_info_from_url(row[i].index, NULL, &info, NULL), ERR_OK);
		secret_append(s, row[i].token, strlen(row[i].token));
		cr_expect_eq(
		    token_check(s, &info, 0, &e), row[i].rc, "%s %s", row[i].token, row[i].index);
		cr_expect(row[i].token[0] == '\0' || strstr(e.message, row[i].token) == NULL);
		secret_free(s);
		index_info_fini(&info);
	}
}
