/* The index that a name or a URL means: what is built in, under what the configuration says. */
#ifndef SLIPWAY_WIZARD_FIND_INDEX_H
#define SLIPWAY_WIZARD_FIND_INDEX_H

#include "slipway/base/err.h"

struct config;
struct index_info;

/* NAME as in [index.NAME] of C (NULL: no configuration). ERR_CONFIG for a name that nobody knows,
 * or a table that says too little. OUT must be empty. */
enum err_code find_index(
    const struct config *c, const char *name, struct index_info *out, struct err *e);
/* TEXT is a name or an upload URL; SIMPLE (may be NULL) is the URL of its simple API. */
enum err_code find_index_or_url(const struct config *c, const char *text, const char *simple,
    struct index_info *out, struct err *e);

#endif
