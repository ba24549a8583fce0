/* Review: the reviewer looks into the files; what was looked at is frozen by its sha256. */
#include <stdlib.h>
#include <string.h>

#include "effect.h"
#include "files.h"
#include "plan.h"
#include "slipway/base/mem.h"
#include "slipway/os/worker.h"

struct review {
	struct worker_job *job;
};

struct freeze {
	struct step_run *s;
	struct strlist paths;
	char (*sha256)[65];
	struct err err;
};

static void
freeze_run(void *arg, const atomic_bool *cancelled)
{
	struct freeze *f = arg;

	for (size_t i = 0; i < f->paths.count && !atomic_load(cancelled); i++)
		if (files_sha256(f->paths.items[i], cancelled, f->sha256[i], &f->err) != ERR_OK)
			return;
}

static void
ask_review(struct step_run *s)
{
	static const struct question_option options[] = {
		{ "accept", "these are the files to release", "their sha256 is frozen" },
		{ "leave", "stop here", "slipway resume comes back to the review" },
	};
	const struct question q = {
		.id = ASK_REVIEW,
		.step = STEP_REVIEW,
		.kind = QUESTION_CHOICE,
		.title = "What was reviewed is what will be uploaded.",
		.options = options,
		.option_count = ARRAY_LEN(options),
		.preset = "accept",
		.undoable = true,
		.flag = "--yes",
	};

	step_ask(s, &q);
}

static void
freeze_done(void *arg, bool cancelled)
{
	struct freeze *f = arg;
	struct step_run *s = f->s;

	if (!cancelled) {
		((struct review *)s->priv)->job = NULL;
		if (f->err.code != ERR_OK) {
			step_fail(s, &f->err, ASK_REVIEW, NULL, 0);
		} else {
			for (size_t i = 0; i < f->paths.count; i++)
				memcpy(
				    s->w->rel.files[i].sha256, f->sha256[i], sizeof f->sha256[i]);
			step_changed(s);
			ask_review(s);
		}
	}
	strlist_fini(&f->paths);
	free(f->sha256);
	free(f);
}

static void
review_enter(struct step_run *s)
{
	struct review *v = s->priv;
	struct release *r = &s->w->rel;
	struct freeze *f = mem_zalloc(1, sizeof *f);

	f->s = s;
	f->sha256 = mem_zalloc(r->file_count, sizeof f->sha256[0]);
	for (size_t i = 0; i < r->file_count; i++)
		strlist_add(&f->paths, r->files[i].path);
	v->job = worker_submit(s->w->worker, freeze_run, freeze_done, f);
}

static void
review_answer(struct step_run *s, const struct answer *a)
{
	(void)a;
	plan_make(s->w);
	step_done(s, "%zu files frozen by their sha256", s->w->rel.file_count);
}

static void
review_leave(struct step_run *s)
{
	struct review *v = s->priv;

	if (v->job != NULL)
		worker_cancel(s->w->worker, v->job);
}

static struct json *
review_save(const struct wizard *w)
{
	struct json *j = json_array_new();

	for (size_t i = 0; i < w->rel.file_count; i++) {
		struct json *file = json_add_object(j);

		json_set_text(file, "name", w->rel.files[i].name);
		json_set_text(file, "sha256", w->rel.files[i].sha256);
		json_set_bool(file, "reviewed", w->rel.files[i].reviewed);
	}
	return j;
}

/* The files on disk must still be those that were reviewed; else they are not what may be uploaded.
 */
static enum err_code
review_load(struct wizard *w, const struct json *data, struct err *e)
{
	struct release *r = &w->rel;

	if (json_count(data) != r->file_count)
		return err_set(e, ERR_INVALID, "the review is of %zu files, the build of %zu",
		    json_count(data), r->file_count);
	for (size_t i = 0; i < r->file_count; i++) {
		const struct json *file = json_at(data, i);
		const char *name = json_text(file, "name"), *sha256 = json_text(file, "sha256");

		if (name == NULL || strcmp(name, r->files[i].name) != 0 || sha256 == NULL ||
		    strlen(sha256) != 64)
			return err_set(e, ERR_INVALID, "the review does not fit the build");
		memcpy(r->files[i].sha256, sha256, 65);
		r->files[i].reviewed = json_bool(file, "reviewed", false);
	}
	return ERR_OK;
}

void
wizard_mark_reviewed(struct wizard *w, size_t file, bool reviewed)
{
	if (file >= w->rel.file_count)
		return;
	w->rel.files[file].reviewed = reviewed;
	w->front->changed(w->front_arg, STEP_REVIEW);
}

const struct step_ops step_review = {
	.id = STEP_REVIEW,
	.priv_size = sizeof(struct review),
	.enter = review_enter,
	.answer = review_answer,
	.leave = review_leave,
	.save = review_save,
	.load = review_load,
};
