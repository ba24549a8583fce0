/* What a repository says about the rules over wheels and sdists: those it ignores, and the findings
 * that were accepted. */
#ifndef SLIPWAY_WIZARD_CHECK_SETTINGS_H
#define SLIPWAY_WIZARD_CHECK_SETTINGS_H

#include "slipway/base/err.h"
#include "slipway/base/strlist.h"
#include "slipway/dist/acknowledge.h"

struct config;
struct dist_check_opts;

struct check_settings {
	struct strlist ignore;	 /* ids of rules */
	struct strlist toplevel; /* for dist_check(); none: anything */
	struct strlist tree;	 /* likewise: package and src_dir of check-wheel-contents */
	struct acknowledgements acknowledged;
	char *path; /* of the file that keeps them */
};

#define CHECK_SETTINGS_EMPTY                                                                       \
	{                                                                                          \
		.path = NULL                                                                       \
	}

/* From [check] of C, [tool.check-wheel-contents] of ROOT/pyproject.toml, and the acknowledgements
 * in ROOT. ERR_CONFIG, for a rule that does not exist too. Fills *OUT (empty before) in any case:
 * check_settings_fini(). */
enum err_code check_settings_load(
    const char *root, const struct config *c, struct check_settings *out, struct err *e);
void check_settings_fini(struct check_settings *s); /* empty is fine; empty afterwards */
/* Fills in what S, which must outlive *OPTS, has to say about a check. */
void check_settings_ask(const struct check_settings *s, struct dist_check_opts *opts);
/* Takes out what is ignored and marks what was accepted. F has hashes if there is any of that. */
void check_settings_apply(const struct check_settings *s, struct findings *f);

#endif
