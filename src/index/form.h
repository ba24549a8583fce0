/* The upload form of one file: its own metadata, its digests. Blocks: for the worker. */
#ifndef SLIPWAY_INDEX_FORM_H
#define SLIPWAY_INDEX_FORM_H

#include <stdatomic.h>

#include "slipway/base/digest.h"
#include "slipway/base/err.h"
#include "slipway/base/strlist.h"

struct form {
	char *file_name;
	char *project;		      /* as the metadata spells it */
	struct strlist names, values; /* of the fields, in order, without the file */
	struct digest_hexes hexes;
};

#define FORM_EMPTY                                                                                 \
	{                                                                                          \
		.file_name = NULL                                                                  \
	}

/* REVIEWED is the sha256 that the file must have, NULL for any: ERR_CONFLICT. Its metadata is read
 * by a child of PROGRAM (dist/reader.h). The caller owns *OUT. Blocks. */
enum err_code form_read(const char *program, const char *path, const char *reviewed,
    const atomic_bool *cancelled, struct form *out, struct err *e);
void form_fini(struct form *f); /* empty is fine; empty afterwards */

#endif
