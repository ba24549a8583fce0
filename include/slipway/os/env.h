/* The environment: the only reader of getenv, and the only maker of a child's environment. */
#ifndef SLIPWAY_OS_ENV_H
#define SLIPWAY_OS_ENV_H

#include "slipway/base/strlist.h"

/* NULL when unset or empty. Borrowed. */
const char *env_get(const char *name);
/* For the demo, which prepares the environment of its own process before anything runs. */
void env_set(const char *name, const char *value);

/* Our environment without any variable that can hold a token: the conventional names (design, section 5), all
 * TWINE_*, UV_PUBLISH_*, *_TOKEN, *_PASSWORD and the EXTRA names. The caller owns OUT. */
void env_child(const struct strlist *extra, struct strlist *out);
/* Sets or replaces NAME in a list of NAME=value; VALUE NULL removes it. */
void env_put(struct strlist *env, const char *name, const char *value);

/* Directories, absolute, not made; the caller owns the result. XDG base directory specification. */
char *env_home(void);
char *env_cache_dir(void);  /* $XDG_CACHE_HOME/slipway */
char *env_config_dir(void); /* $XDG_CONFIG_HOME/slipway */
/* Every executable NAME on PATH, in order, as absolute paths. */
void env_which_all(const char *name, struct strlist *out);

#endif
