/* Compares the files on the disk with what was frozen at the review. */
#include "frozen.h"

#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "slipway/base/mem.h"
#include "slipway/os/worker.h"

struct frozen {
	struct wizard *w;
	struct worker_job *job;
	struct strlist paths, sha256;
	struct err err;
	frozen_fn fn;
	void *arg;
};

static void
check_run(void *arg, const atomic_bool *cancelled)
{
	struct frozen *f = arg;

	for (size_t i = 0; i < f->paths.count && !atomic_load(cancelled); i++) {
		char hex[65];

		if (files_sha256(f->paths.items[i], cancelled, hex, &f->err) != ERR_OK)
			return;
		if (strcmp(hex, f->sha256.items[i]) != 0) {
			err_set(&f->err, ERR_CONFLICT, "%s was changed after the review",
			    f->paths.items[i]);
			err_hint(&f->err, "nothing of it was sent: slipway abort, then release "
					  "again and find out what wrote there");
			return;
		}
	}
}

static void
check_done(void *arg, bool cancelled)
{
	struct frozen *f = arg;

	if (!cancelled)
		f->fn(f->arg, f->err.code != ERR_OK ? &f->err : NULL);
	strlist_fini(&f->paths);
	strlist_fini(&f->sha256);
	free(f);
}

struct frozen *
frozen_check(struct wizard *w, frozen_fn fn, void *arg)
{
	struct frozen *f = mem_zalloc(1, sizeof *f);

	*f = (struct frozen) { .w = w, .fn = fn, .arg = arg };
	for (size_t i = 0; i < w->rel.file_count; i++) {
		strlist_add(&f->paths, w->rel.files[i].path);
		strlist_add(&f->sha256, w->rel.files[i].sha256);
	}
	f->job = worker_submit(w->worker, check_run, check_done, f);
	return f;
}

void
frozen_forget(struct frozen *f)
{
	if (f != NULL)
		worker_cancel(f->w->worker, f->job);
}
