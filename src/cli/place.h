/* Where a command without a wizard runs: the root of the repository, and its configuration. */
#ifndef SLIPWAY_CLI_PLACE_H
#define SLIPWAY_CLI_PLACE_H

#include "slipway/base/err.h"
#include "slipway/project/config.h"

struct index_info;
struct options;

struct place {
	char *root; /* of the work tree; the current directory where there is none */
	struct config config;
};

#define PLACE_EMPTY                                                                                \
	{                                                                                          \
		.root = NULL                                                                       \
	}

/* The caller ends *OUT with place_fini(), after a failure too. */
enum err_code place_find(const struct options *o, struct place *out, struct err *e);
void place_fini(struct place *p);
/* The index that --index (required) and --simple name. OUT must be empty. */
enum err_code place_index(
    const struct place *p, const struct options *o, struct index_info *out, struct err *e);

#endif
