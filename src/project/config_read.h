/* Reading the tables of a configuration, wherever they stand in their document. */
#ifndef SLIPWAY_PROJECT_CONFIG_READ_H
#define SLIPWAY_PROJECT_CONFIG_READ_H

#include "slipway/base/toml.h"

struct config;

/* ROOT holds the tables release, package, index and gate. OUT is replaced, not ended. */
enum err_code config_read(
    const struct toml_doc *doc, const struct toml_node *root, struct config *out, struct err *e);

#endif
