/* The worker's side of the browser: one reader at a time, the loop's thread keeps the counts. */
#include "members_file.h"

#include <stdint.h>
#include <stdlib.h>

#include "slipway/base/mem.h"
#include "slipway/dist/archive.h"
#include "slipway/os/worker.h"

struct wish {
	size_t member;
	enum preview_mode mode;
};

struct members_file {
	unsigned int refs; /* the page's, and one for each job */
	struct worker *worker;
	char *path;
	struct findings findings;
	members_fn fn; /* NULL: the page is gone */
	void *arg;
	struct archive *archive;
	struct dist_tree tree;
	struct err err;
	bool opened, reading;
	struct wish wanted, shown;
	struct preview preview;
};

/* A preview under way, in memory of its own. */
struct job {
	struct members_file *file;
	struct wish wish;
	struct preview preview;
	struct err err;
};

static void
unref(struct members_file *f)
{
	if (--f->refs > 0)
		return;
	dist_tree_fini(&f->tree);
	archive_close(f->archive);
	preview_fini(&f->preview);
	findings_fini(&f->findings);
	free(f->path);
	free(f);
}

static void
tell(struct members_file *f)
{
	if (f->fn != NULL)
		f->fn(f->arg);
}

static void
open_run(void *arg, const atomic_bool *cancelled)
{
	struct members_file *f = arg;

	if (atomic_load(cancelled) || archive_open(f->path, NULL, &f->archive, &f->err) != ERR_OK)
		return;
	dist_tree_build(f->archive, &f->findings, &f->tree);
}

static void
open_done(void *arg, bool cancelled)
{
	struct members_file *f = arg;

	f->opened = !cancelled && f->archive != NULL;
	for (size_t i = 0; f->opened && i < f->tree.count; i++)
		f->tree.nodes[i].open = f->tree.count < 200 || f->tree.nodes[i].depth == 0;
	tell(f);
	unref(f);
}

struct members_file *
members_file_open(
    struct worker *w, const char *path, const struct findings *findings, members_fn fn, void *arg)
{
	struct members_file *f;

	if (w == NULL)
		return NULL;
	f = mem_zalloc(1, sizeof *f);
	*f = (struct members_file) { .refs = 2,
		.worker = w,
		.path = mem_strdup(path),
		.fn = fn,
		.arg = arg,
		.tree = DIST_TREE_EMPTY,
		.preview = PREVIEW_EMPTY,
		.wanted = { .member = FINDING_NO_MEMBER },
		.shown = { .member = FINDING_NO_MEMBER } };
	if (findings != NULL)
		findings_copy(&f->findings, findings);
	worker_submit(w, open_run, open_done, f);
	return f;
}

void
members_file_drop(struct members_file *f)
{
	if (f == NULL)
		return;
	f->fn = NULL;
	unref(f);
}

struct dist_tree *
members_file_tree(struct members_file *f)
{
	return f != NULL && f->opened ? &f->tree : NULL;
}

const struct archive *
members_file_archive(const struct members_file *f)
{
	return f->archive;
}

const struct err *
members_file_error(const struct members_file *f)
{
	return f->err.code != ERR_OK ? &f->err : NULL;
}

/* --- previews --- */

static void
preview_run(void *arg, const atomic_bool *cancelled)
{
	struct job *j = arg;

	if (atomic_load(cancelled) || preview_load(j->file->archive, j->wish.member, j->wish.mode,
					  0, &j->preview, &j->err) != ERR_OK)
		return;
	/* All rows are found here, not while somebody scrolls. */
	preview_has_row(&j->preview, SIZE_MAX - 1);
}

static void start(struct members_file *f);

static void
preview_done(void *arg, bool cancelled)
{
	struct job *j = arg;
	struct members_file *f = j->file;

	f->reading = false;
	if (!cancelled) {
		preview_fini(&f->preview);
		f->preview = j->preview;
		f->shown = j->wish;
		j->preview = (struct preview)PREVIEW_EMPTY;
		if (j->err.code != ERR_OK)
			str_puts(&f->preview.note, j->err.message);
	}
	preview_fini(&j->preview);
	free(j);
	if (f->fn != NULL && !cancelled)
		start(f);
	tell(f);
	unref(f);
}

static void
start(struct members_file *f)
{
	struct job *j;

	if (f->reading || !f->opened || f->wanted.member == FINDING_NO_MEMBER ||
	    (f->wanted.member == f->shown.member && f->wanted.mode == f->shown.mode))
		return;
	j = mem_zalloc(1, sizeof *j);
	*j = (struct job) { .file = f, .wish = f->wanted, .preview = PREVIEW_EMPTY };
	f->refs++;
	f->reading = true;
	worker_submit(f->worker, preview_run, preview_done, j);
}

void
members_file_wish(struct members_file *f, size_t member, enum preview_mode mode)
{
	f->wanted = (struct wish) { member, mode };
	start(f);
}

struct preview *
members_file_preview(struct members_file *f, size_t member)
{
	return member != FINDING_NO_MEMBER && f->shown.member == member ? &f->preview : NULL;
}
