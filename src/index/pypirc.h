/* Files that hold tokens, read where they lie in a buffer that is wiped afterwards: .env and
 * .pypirc. Values are spans into that buffer, so that no secret is copied on the way. */
#ifndef SLIPWAY_INDEX_PYPIRC_H
#define SLIPWAY_INDEX_PYPIRC_H

#include <stddef.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"
#include "slipway/index/index.h"

#define SECRET_FILE_MAX (256U << 10)

/* Reads PATH whole; ERR_NOT_FOUND when it is not there. End it with secret_file_free(). */
struct secret_file {
	char *data;
	size_t len;
};
enum err_code secret_file_read(const char *path, struct secret_file *out, struct err *e);
void secret_file_free(struct secret_file *f); /* wipes; empty is fine */

/* The value of NAME in a .env file, empty when there is none. */
struct bytes dotenv_value(const struct secret_file *f, const char *name);

struct pypirc_entry {
	struct bytes section, user, password;
};
/* The section of a .pypirc that is for INDEX and has a password; OUT's section is empty when there
 * is none. ERR_CONFIG names the line that breaks the rules of RawConfigParser, never its text. */
enum err_code pypirc_find(const struct secret_file *f, const char *path,
    const struct index_info *index, struct pypirc_entry *out, struct err *e);

#endif
