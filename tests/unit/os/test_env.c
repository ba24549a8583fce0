/* The environment: no token reaches a child under any name, and directories are where XDG says. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/os/env.h"
#include "temp.h"

#define TOKEN "an-upload-token-0123456789"

static bool
has_name(const struct strlist *env, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < env->count; i++)
		if (strncmp(env->items[i], name, len) == 0 && env->items[i][len] == '=')
			return true;
	return false;
}

Test(env, a_child_gets_no_variable_that_can_hold_a_token, .fini = leak_gate)
{
	static const char *const dropped[] = {
		"PYPI_API_TOKEN", "PYPI_TOKEN", "PYPI_TEST_API_TOKEN", "TEST_PYPI_TOKEN",
		"TWINE_PASSWORD", "TWINE_USERNAME", "UV_PUBLISH_TOKEN", "UV_PUBLISH_PASSWORD",
		"GITHUB_TOKEN", "GH_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "FLIT_PASSWORD",
		"PYPI_API_TOKEN_CLI", "HATCH_INDEX_AUTH", "POETRY_PYPI_TOKEN_PYPI", "pypi_token",
		"TOKEN", "OUR_OWN", "Mixed_Token",
	};
	static const char *const kept[] = { "PATH", "A_PLAIN_ONE", "TOKENISER", "MY_TOKEN_COUNT" };
	struct strlist extra = STRLIST_EMPTY, out = STRLIST_EMPTY;

	for (size_t i = 0; i < ARRAY_LEN(dropped); i++)
		env_set(dropped[i], TOKEN);
	env_set("A_PLAIN_ONE", "plain");
	env_set("TOKENISER", "words");
	env_set("MY_TOKEN_COUNT", "3");
	env_set("INNOCENT", TOKEN);
	env_set("INSIDE", "user:" TOKEN "@host");
	strlist_add(&extra, "OUR_OWN");
	env_child(&extra, &out);
	for (size_t i = 0; i < ARRAY_LEN(dropped); i++)
		cr_expect(!has_name(&out, dropped[i]), "%s", dropped[i]);
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		cr_expect(has_name(&out, kept[i]), "%s", kept[i]);
	for (size_t i = 0; i < out.count; i++)
		cr_expect(strstr(out.items[i], TOKEN) == NULL, "%s", out.items[i]);
	strlist_fini(&extra);
	strlist_fini(&out);
}

Test(env, a_pypi_token_is_known_by_its_start, .fini = leak_gate)
{
	struct strlist out = STRLIST_EMPTY;

	env_set("NOTHING_SAID", "pypi-AgEIcHlwaS5vcmcCJDAw");
	env_child(NULL, &out);
	cr_assert(!has_name(&out, "NOTHING_SAID"));
	strlist_fini(&out);
}

Test(env, settings_of_uploaders_and_short_passwords_take_no_others_with_them, .fini = leak_gate)
{
	struct strlist out = STRLIST_EMPTY;

	env_set("TWINE_CERT", "/etc/ssl/certs/ca-certificates.crt");
	env_set("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt");
	env_set("DB_PASSWORD", "admin");
	env_set("DB_USER", "admin");
	env_set("EMPTY_TOKEN", "");
	env_child(NULL, &out);
	cr_expect(has_name(&out, "SSL_CERT_FILE"));
	cr_expect(has_name(&out, "DB_USER"));
	cr_expect(has_name(&out, "PATH"));
	strlist_fini(&out);
}

Test(env, put_replaces_adds_and_removes, .fini = leak_gate)
{
	struct strlist env = STRLIST_EMPTY;

	strlist_add(&env, "A=1");
	strlist_add(&env, "AB=2");
	strlist_add(&env, "A=3");
	env_put(&env, "A", "4");
	cr_assert_eq(env.count, 2);
	cr_assert(strlist_has(&env, "A=4") && strlist_has(&env, "AB=2"));
	env_put(&env, "A", NULL);
	env_put(&env, "NONE", NULL);
	cr_assert_eq(env.count, 1);
	strlist_fini(&env);
}

static void
expect_dir(char *dir, const char *want)
{
	cr_expect_str_eq(dir, want);
	free(dir);
}

Test(env, directories_follow_xdg_and_relative_ones_do_not_count, .fini = leak_gate)
{
	env_set("HOME", "/home/somebody");
	env_set("XDG_CACHE_HOME", "/var/cache/mine");
	env_set("XDG_CONFIG_HOME", "relative");
	expect_dir(env_home(), "/home/somebody");
	expect_dir(env_cache_dir(), "/var/cache/mine/slipway");
	expect_dir(env_config_dir(), "/home/somebody/.config/slipway");
	env_set("XDG_CACHE_HOME", "");
	env_set("HOME", "/");
	cr_expect_null(env_get("XDG_CACHE_HOME"));
	expect_dir(env_cache_dir(), "/.cache/slipway");
}

Test(env, which_finds_every_program_in_order_and_nothing_else, .fini = leak_gate)
{
	struct strlist out = STRLIST_EMPTY;
	char	      *dir = temp_dir(), path[4096], want[4096];

	temp_puts(dir, "one/tool", "#!/bin/sh\n");
	temp_puts(dir, "two/tool", "#!/bin/sh\n");
	temp_puts(dir, "three/tool", "not executable\n");
	temp_puts(dir, "four/tool/file", "a folder\n");
	snprintf(path, sizeof path, "%s/one/tool", dir);
	chmod(path, 0700);
	snprintf(path, sizeof path, "%s/two/tool", dir);
	chmod(path, 0700);
	snprintf(path, sizeof path, "%s/three:%s/two::relative:%s/one:%s/two:%s/four:", dir, dir,
	    dir, dir, dir);
	env_set("PATH", path);
	env_which_all("tool", &out);
	cr_assert_eq(out.count, 2);
	snprintf(want, sizeof want, "%s/two/tool", dir);
	cr_expect_str_eq(out.items[0], want);
	snprintf(want, sizeof want, "%s/one/tool", dir);
	cr_expect_str_eq(out.items[1], want);
	env_which_all("", &out);
	env_which_all("../one/tool", &out);
	cr_expect_eq(out.count, 2);
	strlist_fini(&out);
	env_set("PATH", "/usr/bin:/bin");
	temp_remove(dir);
}
