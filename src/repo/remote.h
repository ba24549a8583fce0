/* Remotes, read from the configuration by git's rules (git-config(1)), for this layer alone. */
#ifndef SLIPWAY_REPO_REMOTE_H
#define SLIPWAY_REPO_REMOTE_H

#include <stdbool.h>

#include "slipway/base/strlist.h"

/* PAIRS are keys and values in turn: git2_config_all(). Results are the caller's. */

void remote_names(const struct strlist *pairs, struct strlist *out); /* sorted */
/* With url.*.insteadOf and pushInsteadOf applied; NULL when the remote has none. */
char *remote_url(const struct strlist *pairs, const char *remote, bool push);
/* Where fetching from REMOTE puts its REF ("refs/heads/main"); NULL when nowhere. */
char *remote_tracking(const struct strlist *pairs, const char *remote, const char *ref);

#endif
