/* The comparison of a release's own files: with its commit, and with what production serves. */
#include "engine.h"
#include "slipway/index/index.h"
#include "slipway/wizard/compare.h"

struct compare_run *
wizard_compare(struct wizard *w, size_t file, const char *rev, const char *against, compare_fn fn,
    void *arg)
{
	const struct release *r = &w->rel;
	const struct release_file *f = &r->files[file];
	const struct index_info *index = &w->index_info[INDEX_PRODUCTION];
	const struct compare_opts opts = { .loop = w->loop,
		.worker = w->worker,
		.http = w->http,
		.path = f->path,
		.dir = r->root,
		.rev = rev != NULL ? rev : r->commit,
		.against = against,
		.index = index->simple_url != NULL ? index : NULL };

	return compare_start(&opts, fn, arg);
}
