/* The tags of one package. */
#include "tagged.h"

#include <stdlib.h>

#include "slipway/base/mem.h"
#include "slipway/project/tags.h"

static void
find_template(const struct tag_index *tags, const struct tagged_opts *opts, struct tagged *out)
{
	struct tag_guess guess = { .text = NULL };

	if (opts->configured != NULL) {
		out->template = mem_strdup(opts->configured);
		return;
	}
	tags_guess(tags, opts->name, opts->current, opts->alone, &guess);
	out->template = mem_strdup(guess.text);
	if (guess.mixed)
		out->doubt = mem_printf("its pre-releases are tagged in more than one spelling; "
					"its newest tag is %s",
		    guess.example);
	else if (!guess.sure && guess.example != NULL)
		out->doubt = mem_printf("%s may be its tag, or another package's", guess.example);
	else if (!guess.sure)
		out->doubt = mem_strdup("no tag seems to be its own");
	out->others = guess.others;
	guess.others = (struct strlist)STRLIST_EMPTY;
	tag_guess_fini(&guess);
}

/* The release before is the greatest final version that is not above the one in the files, so that
 * a branch for fixes of an old release looks at its own tags. */
enum err_code
tagged_find(const struct tag_index *tags, const struct tagged_opts *opts, struct tagged *out,
    struct err *e)
{
	const struct strlist *names = tag_index_names(tags);
	struct tag_template made = TAG_TEMPLATE_EMPTY;
	size_t found;
	enum err_code rc;

	find_template(tags, opts, out);
	rc = tag_template_parse(out->template, opts->name, &made, e);
	if (rc != ERR_OK)
		return rc;
	found = tags_newest(&made, names, TAG_ANY, &out->newest);
	if (found < names->count)
		out->last = mem_strdup(names->items[found]);
	found = tags_newest_below(&made, names, opts->current);
	if (found < names->count)
		out->since = mem_strdup(names->items[found]);
	out->untagged =
	    opts->current != NULL && tags_find(&made, names, opts->current) == names->count;
	tag_template_fini(&made);
	return ERR_OK;
}

void
tagged_fini(struct tagged *t)
{
	free(t->template);
	free(t->last);
	free(t->since);
	free(t->doubt);
	strlist_fini(&t->others);
	version_fini(&t->newest);
	*t = (struct tagged) { .template = NULL };
}
