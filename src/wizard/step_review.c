/* Review: the reviewer looks into the files; what was looked at is frozen by its sha256. */
#include <stdlib.h>
#include <string.h>

#include "effect.h"
#include "files.h"
#include "plan.h"
#include "review_marks.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/worker.h"

struct review {
	struct worker_job *job;
	char *note; /* what became of marks made before; NULL: nothing */
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
	static const struct question_option strict[] = {
		{ "accept", "these are the files to release", "all that changed was reviewed" },
		{ "leave", "stop here", "slipway resume comes back to the review" },
		{ "skip", "go on without the review, with a reason", "it is kept in the report" },
	};
	const struct review *v = s->priv;
	bool all = settings_require_review(s->w);
	const struct question q = {
		.id = ASK_REVIEW,
		.step = STEP_REVIEW,
		.kind = QUESTION_CHOICE,
		.title = "What was reviewed is what will be uploaded.",
		.text = v->note,
		.options = all ? strict : options,
		.option_count = all ? ARRAY_LEN(strict) : ARRAY_LEN(options),
		/* What was not looked at, no flag accepts. */
		.preset = all ? NULL : "accept",
		.undoable = !all,
		.reason_for = all ? "skip" : NULL,
		.flag = "--yes",
	};

	step_ask(s, &q);
}

static void
take_hash(struct step_run *s, struct release_file *f, const char *sha256)
{
	struct review *v = s->priv;

	memcpy(f->sha256, sha256, sizeof f->sha256);
	if (review_marks_bind(f))
		return;
	free(v->note);
	v->note = mem_printf("%s is not what was reviewed before: its marks are gone.", f->name);
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
				take_hash(s, &s->w->rel.files[i], f->sha256[i]);
			review_marks_save(s->w);
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

/* The first file of which not all was reviewed, NULL for none. */
static const struct release_file *
unreviewed(const struct release *r)
{
	for (size_t i = 0; i < r->file_count; i++) {
		const struct review_marks *m = &r->files[i].marks;

		if (!m->known || m->done < m->of)
			return &r->files[i];
	}
	return NULL;
}

static void
refuse(struct step_run *s, const struct release_file *f)
{
	char *text;

	if (f->marks.known)
		text = mem_printf("%s: %zu of %zu changed files were reviewed, and "
				  "[check] require-review wants all",
		    f->name, f->marks.done, f->marks.of);
	else
		text = mem_printf(
		    "%s was not looked into, and [check] require-review wants it", f->name);
	step_refuse(s, "%s", text);
	free(text);
}

static void
review_answer(struct step_run *s, const struct answer *a)
{
	const struct release_file *left =
	    settings_require_review(s->w) ? unreviewed(&s->w->rel) : NULL;
	bool skips = strcmp(a->text, "skip") == 0;
	char safe[400];

	if (left != NULL && !skips) {
		refuse(s, left);
		return;
	}
	if (skips && (a->reason == NULL || a->reason[strspn(a->reason, " \t\r\n")] == '\0')) {
		step_refuse(s, "going on without the review takes a reason");
		return;
	}
	plan_make(s->w);
	if (!skips || left == NULL) {
		step_done(s, "%zu files frozen by their sha256", s->w->rel.file_count);
		return;
	}
	sanitise_line(a->reason, strlen(a->reason), safe, sizeof safe);
	step_done(s, "%zu files frozen by their sha256; not reviewed: %s", s->w->rel.file_count,
	    safe);
}

static void
review_leave(struct step_run *s)
{
	struct review *v = s->priv;

	if (v->job != NULL)
		worker_cancel(s->w->worker, v->job);
	free(v->note);
	review_marks_save(s->w);
}

static void
save_marks(const struct review_marks *m, struct json *file)
{
	struct str text = STR_EMPTY;

	review_marks_text(m, &text);
	json_set_text(file, "members", str_text(&text));
	json_set_bool(file, "known", m->known);
	json_set_int(file, "done", (int64_t)m->done);
	json_set_int(file, "of", (int64_t)m->of);
	str_fini(&text);
}

static void
load_marks(struct review_marks *m, const struct json *file)
{
	review_marks_fini(m);
	review_marks_parse(m, json_text(file, "members"));
	m->known = json_bool(file, "known", false);
	m->done = (size_t)json_int(file, "done", 0);
	m->of = (size_t)json_int(file, "of", 0);
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
		save_marks(&w->rel.files[i].marks, file);
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
		load_marks(&r->files[i].marks, file);
	}
	return ERR_OK;
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
