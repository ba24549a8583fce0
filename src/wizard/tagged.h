/* What the tags of a repository say about one package. */
#ifndef SLIPWAY_WIZARD_TAGGED_H
#define SLIPWAY_WIZARD_TAGGED_H

#include <stdbool.h>

#include "slipway/base/strlist.h"
#include "slipway/project/version.h"

struct tag_index;

struct tagged {
	char *template;
	char *last;  /* of the greatest version; NULL: none */
	char *since; /* of the release before: where its commits count from; NULL: the beginning */
	char *doubt; /* what about the template a person should look at; NULL: it is sure */
	struct strlist others; /* templates that may be meant instead */
	bool untagged; /* no tag names the current version */
	struct version newest; /* of LAST */
};

struct tagged_opts {
	const char *name;
	const char *configured; /* its template; NULL: to be guessed */
	const struct version *current; /* in the files; NULL: none */
	bool alone; /* no package of another version shares the repository */
};

/* ERR_CONFIG: the template cannot work. OUT must be zero; the caller owns it in any case:
 * tagged_fini(). */
enum err_code tagged_find(const struct tag_index *tags, const struct tagged_opts *opts,
    struct tagged *out, struct err *e);
void tagged_fini(struct tagged *t);

#endif
