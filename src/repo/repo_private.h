/* What a handle holds, for this layer alone. */
#ifndef SLIPWAY_REPO_REPO_PRIVATE_H
#define SLIPWAY_REPO_REPO_PRIVATE_H

#include <stdbool.h>

struct git2;

struct repo {
	struct git2 *git2;
	char	    *root, *git_dir, *common_dir; /* absolute, no slash at the end */
	bool	     linked;
};

#endif
