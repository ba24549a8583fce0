/* The comparison of a release's own files: with its commit, and with what production serves. */
#include "compare_parts.h"
#include "engine.h"
#include "slipway/index/index.h"

static struct compare_opts
opts_of(struct wizard *w, size_t file)
{
	const struct release *r = &w->rel;
	const struct index_info *index = &w->index_info[INDEX_PRODUCTION];

	return (struct compare_opts) { .loop = w->loop,
		.worker = w->worker,
		.http = w->http,
		.reader = w->reader,
		.path = r->files[file].path,
		.dir = r->root,
		.rev = r->commit,
		.index = index->simple_url != NULL ? index : NULL };
}

struct compare_run *
wizard_compare(struct wizard *w, size_t file, const char *rev, const char *against, compare_fn fn,
    void *arg)
{
	struct compare_opts opts = opts_of(w, file);

	if (rev != NULL)
		opts.rev = rev;
	opts.against = against;
	return compare_start(&opts, fn, arg);
}

struct compare_run *
compare_built(struct wizard *w, size_t file, struct compare_table *table,
    struct compare_asked *asked, compare_fn fn, void *arg)
{
	struct compare_opts opts = opts_of(w, file);

	opts.table = table;
	opts.asked = asked;
	return compare_start(&opts, fn, arg);
}
