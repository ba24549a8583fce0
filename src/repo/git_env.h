/* The environments that git runs with, for this layer alone. */
#ifndef SLIPWAY_REPO_GIT_ENV_H
#define SLIPWAY_REPO_GIT_ENV_H

#include "slipway/base/strlist.h"

/* The user's environment without tokens and without what points git at another repository. */
void git_env_base(const struct strlist *hide, struct strlist *out);

#endif
