/* The environment. Knows which variables may hold a token, and not what a token is for. */
#include "slipway/os/env.h"

#include <ctype.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"
#include "slipway/base/str.h"

/* POSIX says that the program declares it. */
extern char **environ;

enum name_match {
	MATCH_EXACT,
	MATCH_START,
	MATCH_END
};

/* The table that env.h documents. A name in any case: some tools read theirs in lower case. */
static const struct token_name {
	enum name_match match;
	bool		secret; /* the value itself is one, and not a setting beside it */
	const char     *text;
} token_names[] = {
	{ .match = MATCH_EXACT, .secret = true, .text = "TOKEN" },
	{ .match = MATCH_EXACT, .secret = true, .text = "PASSWORD" },
	{ .match = MATCH_EXACT, .secret = true, .text = "HATCH_INDEX_AUTH" },
	{ .match = MATCH_EXACT, .secret = true, .text = "CARGO_HTTP_USER_AGENT_TOKEN" },
	{ .match = MATCH_START, .secret = true, .text = "PYPI_API_TOKEN" },
	{ .match = MATCH_START, .secret = true, .text = "PYPI_TOKEN" },
	{ .match = MATCH_START, .secret = true, .text = "PYPI_TEST_API_TOKEN" },
	{ .match = MATCH_START, .secret = true, .text = "TEST_PYPI_TOKEN" },
	{ .match = MATCH_START, .secret = true, .text = "TESTPYPI_TOKEN" },
	{ .match = MATCH_START, .secret = true, .text = "POETRY_PYPI_TOKEN_" },
	{ .match = MATCH_END, .secret = true, .text = "_TOKEN" },
	{ .match = MATCH_END, .secret = true, .text = "_PASSWORD" },
	{ .match = MATCH_START, .secret = false, .text = "TWINE_" },
	{ .match = MATCH_START, .secret = false, .text = "UV_PUBLISH_" },
};

/* Shorter values are left alone when they turn up under another name: "admin" is also a user. */
#define COPY_MIN_BYTES 12
/* Every token of PyPI and TestPyPI starts like this: a macaroon of version 2. */
#define PYPI_TOKEN_START "pypi-AgE"

const char *
env_get(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

void
env_set(const char *name, const char *value)
{
	if (value == NULL)
		unsetenv(name);
	else if (setenv(name, value, 1) != 0)
		die("cannot set the environment variable %s", name);
}

static bool
name_matches(const struct token_name *t, const char *name, size_t len)
{
	size_t want = strlen(t->text);

	if (len < want)
		return false;
	switch (t->match) {
	case MATCH_EXACT:
		return len == want && strncasecmp(name, t->text, want) == 0;
	case MATCH_START:
		return strncasecmp(name, t->text, want) == 0;
	case MATCH_END:
		return strncasecmp(name + len - want, t->text, want) == 0;
	}
	return false;
}

static bool
is_extra(const struct strlist *extra, const char *name, size_t len)
{
	for (size_t i = 0; extra != NULL && i < extra->count; i++)
		if (strlen(extra->items[i]) == len && strncmp(extra->items[i], name, len) == 0)
			return true;
	return false;
}

/* Whether the NAME=value ENTRY goes by its name; *SECRET says whether its value is a token. */
static bool
is_dropped(const struct strlist *extra, const char *entry, bool *secret)
{
	size_t len = strcspn(entry, "=");

	*secret = is_extra(extra, entry, len);
	if (*secret)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(token_names); i++) {
		if (name_matches(&token_names[i], entry, len)) {
			*secret = token_names[i].secret || len < 4 ||
			    strncasecmp(entry + len - 4, "auth", 4) == 0;
			return true;
		}
	}
	return false;
}

static const char *
value_of(const char *entry)
{
	return entry + strcspn(entry, "=") + (strchr(entry, '=') != NULL ? 1 : 0);
}

/* A token that was also put under a name that says nothing: found by its value. */
static bool
holds_token(const struct strlist *extra, const char *entry)
{
	const char *value = value_of(entry);
	bool	    secret;

	if (strstr(value, PYPI_TOKEN_START) != NULL)
		return true;
	for (char **e = environ; *e != NULL; e++) {
		const char *token = value_of(*e);

		if (is_dropped(extra, *e, &secret) && secret && strlen(token) >= COPY_MIN_BYTES &&
		    strstr(value, token) != NULL)
			return true;
	}
	return false;
}

void
env_child(const struct strlist *extra, struct strlist *out)
{
	bool secret;

	for (char **e = environ; e != NULL && *e != NULL; e++)
		if (!is_dropped(extra, *e, &secret) && !holds_token(extra, *e))
			strlist_add(out, *e);
}

void
env_put(struct strlist *env, const char *name, const char *value)
{
	size_t len = strlen(name);

	for (size_t i = env->count; i-- > 0;)
		if (strncmp(env->items[i], name, len) == 0 && env->items[i][len] == '=')
			strlist_remove(env, i);
	if (value != NULL)
		strlist_addf(env, "%s=%s", name, value);
}

char *
env_home(void)
{
	const char    *home = env_get("HOME");
	struct passwd  entry, *found = NULL;
	char	       room[16384];

	if (home != NULL && home[0] == '/')
		return mem_strdup(home);
	if (getpwuid_r(getuid(), &entry, room, sizeof room, &found) == 0 && found != NULL &&
	    found->pw_dir[0] == '/')
		return mem_strdup(found->pw_dir);
	return mem_strdup("/");
}

/* The specification says that a relative path counts as unset. */
static char *
xdg_dir(const char *name, const char *below_home)
{
	const char *base = env_get(name);
	char	   *home, *dir;

	if (base != NULL && base[0] == '/')
		return mem_printf("%s/slipway", base);
	home = env_home();
	dir = mem_printf("%s/%s/slipway", strcmp(home, "/") == 0 ? "" : home, below_home);
	free(home);
	return dir;
}

char *
env_cache_dir(void)
{
	return xdg_dir("XDG_CACHE_HOME", ".cache");
}

char *
env_config_dir(void)
{
	return xdg_dir("XDG_CONFIG_HOME", ".config");
}

static bool
is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

void
env_which_all(const char *name, struct strlist *out)
{
	const char *at = env_get("PATH");

	if (at == NULL)
		at = "/usr/local/bin:/usr/bin:/bin";
	while (name[0] != '\0' && strchr(name, '/') == NULL) {
		size_t len = strcspn(at, ":");

		/* A relative entry would run what lies in the repository being released. */
		if (at[0] == '/') {
			char *path = mem_printf("%.*s/%s", (int)len, at, name);

			if (is_program(path) && !strlist_has(out, path))
				strlist_add(out, path);
			free(path);
		}
		if (at[len] == '\0')
			break;
		at += len + 1;
	}
}
