/* The environment: the only reader of getenv, and the only maker of a child's environment. */
#ifndef SLIPWAY_OS_ENV_H
#define SLIPWAY_OS_ENV_H

#include "slipway/base/strlist.h"

/* NULL when unset or empty. Borrowed. */
const char *env_get(const char *name);
/* For the demo, which prepares the environment of its own process before anything runs. VALUE NULL
 * unsets. */
void env_set(const char *name, const char *value);

/* Our environment without any variable that can hold a token. Dropped are, in any case:
 *   TOKEN, PASSWORD, HATCH_INDEX_AUTH          these names
 *   *_TOKEN, *_PASSWORD                        GITHUB_TOKEN, FLIT_PASSWORD, ...
 *   PYPI_API_TOKEN*, PYPI_TOKEN*, PYPI_TEST_API_TOKEN*, TEST_PYPI_TOKEN*, TESTPYPI_TOKEN*,
 *   POETRY_PYPI_TOKEN_*                        a token for each package or index
 *   TWINE_*, UV_PUBLISH_*                      settings of the uploaders, their tokens among them
 *   the names in EXTRA (NULL is fine)          token-env of the configuration
 * and, whatever its name, a variable whose value holds the value of such a token (12 bytes or
 * more), or the start of a PyPI token. The caller owns OUT. */
void env_child(const struct strlist *extra, struct strlist *out);
/* Sets or replaces NAME in a list of NAME=value; VALUE NULL removes it. */
void env_put(struct strlist *env, const char *name, const char *value);

/* Directories, absolute, not made; the caller owns the result. XDG base directory specification. */
char *env_home(void);
char *env_cache_dir(void);  /* $XDG_CACHE_HOME/slipway */
char *env_config_dir(void); /* $XDG_CONFIG_HOME/slipway */
/* Every executable NAME on PATH, in order, once each, as absolute paths. Relative entries of PATH
 * do not count. */
void env_which_all(const char *name, struct strlist *out);

#endif
