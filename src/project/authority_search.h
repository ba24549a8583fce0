/* One search for the place that decides a version, and the build backends that it asks. Private to
 * this layer. */
#ifndef SLIPWAY_PROJECT_AUTHORITY_SEARCH_H
#define SLIPWAY_PROJECT_AUTHORITY_SEARCH_H

#include <stdbool.h>

#include "authority.h"

struct search {
	const char *root;
	const char *dir;
	const char *file;
	const struct toml_doc *doc;
	const struct toml_node *top;
	const char *backend; /* "" when the document names none */
	struct authority *out;
};

/* {DIST} is the name of the distribution in capitals and with underscores, {NAME} the one as
 * written in capitals: setuptools-scm before version 8 takes that. */
#define AUTHORITY_ENV_SCM                                                                          \
	"SETUPTOOLS_SCM_PRETEND_VERSION_FOR_{DIST} SETUPTOOLS_SCM_PRETEND_VERSION_FOR_{NAME}"

void authority_set_unknown(struct search *s, const char *why);
/* ENV: the variables that tell TOOL the version before the tag exists; NULL: there are none. */
void authority_set_tag(struct search *s, const char *tool, const char *env);
/* FILE (relative to the repository) assigns one of NAMES; LABEL says whose rule that is. */
void authority_set_python(
    struct search *s, const char *file, const char *const *names, const char *label);
/* FILE (relative to the package) holds the version alone. */
void authority_set_text(struct search *s, const char *file, const char *label);
/* The bytes at AT of FILE (relative to the repository). */
void authority_set_span(
    struct search *s, const char *file, struct bytes text, struct span span, char *what);
bool authority_file_exists(const struct search *s, const char *path);

/* Each answers whether its tables or files say anything at all. */
bool authority_setuptools(struct search *s);  /* [tool.setuptools.dynamic] */
bool authority_setup_files(struct search *s); /* setup.cfg, setup.py */
bool authority_hatch(struct search *s);
bool authority_pdm(struct search *s);
bool authority_flit(struct search *s);
void authority_maturin(struct search *s);
void authority_meson(struct search *s);

#endif
