/* The journal's side of the engine: a release that begins, goes on, is given up, or is only asked
 * about. */
#include <stdlib.h>
#include <string.h>

#include "acknowledged.h"
#include "effect.h"
#include "engine.h"
#include "journal.h"
#include "plan.h"
#include "policy.h"
#include "review_marks.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/os/clock.h"
#include "slipway/os/fs.h"
#include "slipway/os/worker.h"
#include "slipway/project/config.h"
#include "slipway/repo/repo.h"
#include "stale_lock.h"
#include "trial.h"
#include "worktree.h"

/* Of what the journal says; one that is newer is left alone. */
#define JOURNAL_FORMAT 1
/* So long a file may be on its way into an index's listing after its upload was cut. */
#define UNSURE_S (10 * 60)

/* What the worker finds out before anything else. */
struct look {
	struct wizard *w;
	char *dir, *config_path;
	char *root, *common_dir;
	struct config *config;
	struct err err;
};

static void
look_run(void *arg, const atomic_bool *cancelled)
{
	struct look *k = arg;
	struct repo *repo = NULL;

	(void)cancelled;
	if (repo_open(k->dir, &repo, &k->err) != ERR_OK)
		return;
	k->root = mem_strdup(repo_root(repo));
	k->common_dir = mem_strdup(repo_common_dir(repo));
	repo_close(repo);
	config_load(k->root, k->config_path, k->config, &k->err);
}

static void
look_free(struct look *k)
{
	free(k->dir);
	free(k->config_path);
	free(k->root);
	free(k->common_dir);
	if (k->config != NULL)
		config_fini(k->config);
	free(k->config);
	free(k);
}

/* -- what a resumed release remembers -- */

static struct json *
save_options(const struct wizard *w)
{
	struct json *j = json_object_new(), *names = json_set_array(j, "packages");
	char *config = w->config_path != NULL ? fs_real(w->config_path) : NULL;

	json_set_int(j, "format", JOURNAL_FORMAT);
	for (size_t i = 0; i < w->packages.count; i++)
		json_add_text(names, w->packages.items[i]);
	json_set_text(j, "bump", w->bump);
	json_set_text(j, "config", config);
	free(config);
	json_set_text(j, "test-index", w->test_index);
	json_set_bool(j, "dry-run", w->dry_run);
	if (w->date_candidates_chosen)
		json_set_bool(j, "date-candidates", w->date_candidates);
	if (w->new_changelog_chosen)
		json_set_int(j, "new-changelog", w->new_changelog);
	return j;
}

/* The release goes on with the configuration that it began with. */
static enum err_code
load_config(struct wizard *w, const char *path, struct err *e)
{
	struct config fresh = CONFIG_EMPTY;
	enum err_code rc;

	if (path == NULL || w->config_path != NULL)
		return ERR_OK;
	rc = config_load(w->rel.root, path, &fresh, e);
	if (rc != ERR_OK)
		return rc;
	mem_set(&w->config_path, path);
	config_fini(w->rel.config);
	*w->rel.config = fresh;
	strlist_fini(&w->token_names);
	settings_token_names(w, &w->token_names);
	return settings_check(w, e);
}

/* About changelogs; what is said now comes first. */
static void
load_choices(struct wizard *w, const struct json *j)
{
	int64_t fresh = json_int(j, "new-changelog", -1);

	if (!w->date_candidates_chosen && json_get(j, "date-candidates") != NULL) {
		w->date_candidates_chosen = true;
		w->date_candidates = json_bool(j, "date-candidates", false);
	}
	if (!w->new_changelog_chosen && fresh >= CHANGELOG_FRESH_NONE &&
	    fresh <= CHANGELOG_FRESH_DASH) {
		w->new_changelog_chosen = true;
		w->new_changelog = (enum changelog_fresh)fresh;
	}
}

static enum err_code
load_options(struct wizard *w, const struct json *j, struct err *e)
{
	const struct json *names = json_get_array(j, "packages");

	if (json_int(j, "format", 0) > JOURNAL_FORMAT) {
		err_set(e, ERR_UNSUPPORTED, "it was written by a newer Slipway");
		return err_hint(e, "go on, or give it up, with that one");
	}
	strlist_fini(&w->packages);
	for (size_t i = 0; i < json_count(names); i++)
		strlist_add(&w->packages, json_as_text(json_at(names, i)));
	if (w->bump == NULL)
		mem_set(&w->bump, json_text(j, "bump"));
	if (w->test_index == NULL)
		mem_set(&w->test_index, json_text(j, "test-index"));
	w->dry_run = w->rel.dry_run = json_bool(j, "dry-run", false);
	load_choices(w, j);
	return load_config(w, json_text(j, "config"), e);
}

enum err_code
wizard_record_step(struct wizard *w, const struct step_run *s, struct err *e)
{
	struct json *j;

	if (w->journal == NULL)
		return ERR_OK;
	j = json_object_new();
	json_set_text(j, "step", step_name(s->ops->id));
	json_set_text(j, "result", s->sign == SIGN_OK ? "done" : "skipped");
	json_set_text(j, "text", s->text);
	if (s->ops->save != NULL)
		json_set(j, "data", s->ops->save(w));
	return journal_write(w->journal, "step", j, e);
}

static enum err_code
replay_step(struct wizard *w, const struct json *record, struct err *e)
{
	const char *name = json_text(record, "step");
	const char *result = json_text(record, "result");
	const struct json *data = json_get(record, "data");
	enum step_id id;
	struct step_run *s;

	if (name == NULL || result == NULL || !step_from_name(name, &id))
		return err_set(e, ERR_INVALID, "the journal names no step of this version");
	for (size_t i = id; i < STEP_COUNT; i++) {
		w->steps[i].sign = SIGN_TODO;
		mem_set(&w->steps[i].text, NULL);
	}
	s = &w->steps[id];
	s->sign = strcmp(result, "done") == 0 ? SIGN_OK : SIGN_UNCHECKED;
	mem_set(&s->text, json_text(record, "text"));
	if (data != NULL && s->ops->load != NULL)
		return s->ops->load(w, data, e);
	return ERR_OK;
}

static void
replay_effect(struct wizard *w, const struct json *record, bool outcome)
{
	const char *key = json_text(record, "key"), *result = json_text(record, "result");
	struct effect *fx = key != NULL ? effects_find(w, key) : NULL;

	if (fx == NULL) {
		w->lost_upload |= key == NULL || text_starts(key, "upload production");
		return;
	}
	/* Whether it was done is asked of the world; this only says what to ask for. */
	fx->begun = !outcome || result == NULL || strcmp(result, "undone") != 0;
	fx->recorded = outcome && result != NULL && strcmp(result, "done") == 0;
	fx->unsure_at = outcome ? json_int(record, "unsure", 0) : json_int(record, "at", 0);
}

/* What cannot be read stops a release that goes on; asking and giving up use what can be. */
static enum err_code
replay(struct wizard *w, struct err *e)
{
	bool lenient = w->mode != WIZARD_RESUME;
	struct err first = ERR_EMPTY;

	for (size_t i = 0; i < journal_count(w->journal); i++) {
		const struct json *record = journal_record(w->journal, i);
		const char *kind = json_text(record, "kind");
		struct err failure = ERR_EMPTY;

		if (kind == NULL)
			err_set(&failure, ERR_INVALID, "record %zu has no kind", i + 1);
		else if (strcmp(kind, "begin") == 0)
			load_options(w, record, &failure);
		else if (strcmp(kind, "step") == 0)
			replay_step(w, record, &failure);
		else if (strcmp(kind, "mark") == 0)
			review_marks_replay(w, record);
		if (failure.code != ERR_OK && first.code == ERR_OK)
			first = failure;
		if (first.code == ERR_UNSUPPORTED || (first.code != ERR_OK && !lenient))
			break;
	}
	if (first.code == ERR_OK || lenient) {
		plan_make(w);
		for (size_t i = 0; i < journal_count(w->journal); i++) {
			const struct json *record = journal_record(w->journal, i);
			const char *kind = json_text(record, "kind");

			if (kind != NULL &&
			    (strcmp(kind, "intent") == 0 || strcmp(kind, "outcome") == 0))
				replay_effect(w, record, strcmp(kind, "outcome") == 0);
		}
	}
	w->replayed = first.code == ERR_OK;
	if (first.code == ERR_OK)
		return ERR_OK;
	*e = first;
	err_wrap(e, "cannot read the journal %s/journal", journal_dir(w->journal));
	if (e->hint[0] == '\0')
		err_hint(e, "slipway abort gives this release up");
	return e->code;
}

static void
use_journal(struct wizard *w)
{
	struct release *r = &w->rel;

	mem_set(&r->id, journal_id(w->journal));
	mem_set(&r->state_dir, journal_dir(w->journal));
	free(r->files_dir);
	r->files_dir = fs_join(r->state_dir, "dist");
	acknowledged_load(w);
}

/* -- the ways to begin -- */

static void
begin_new(struct wizard *w)
{
	struct err e = ERR_EMPTY;

	if (journal_create(w->common_dir, &w->journal, &e) != ERR_OK ||
	    journal_write(w->journal, "begin", save_options(w), &e) != ERR_OK) {
		wizard_finish(w, &e);
		return;
	}
	use_journal(w);
	wizard_enter(w, STEP_PREFLIGHT);
}

/* Steps before the commit leave nothing behind: they are gone through again, with the answers kept.
 */
static enum step_id
step_to_resume(const struct wizard *w)
{
	if (w->steps[STEP_COMMIT].sign != SIGN_OK)
		return STEP_PREFLIGHT;
	for (enum step_id i = STEP_CHECKS; i < STEP_SUMMARY; i = policy_next_step(w, i))
		if (w->steps[i].sign != SIGN_OK && w->steps[i].sign != SIGN_UNCHECKED)
			return i;
	return STEP_SUMMARY;
}

static void
on_probed_for_status(void *arg, const struct err *e)
{
	wizard_finish(arg, e);
}

/* -- going on -- */

static void
on_cleared_for_resume(void *arg, const struct err *e)
{
	struct wizard *w = arg;

	if (e != NULL)
		wizard_finish(w, e);
	else
		wizard_enter(w, STEP_PREFLIGHT);
}

static void
on_probed_for_resume(void *arg, const struct err *e)
{
	struct wizard *w = arg;
	enum step_id step = step_to_resume(w);

	(void)e; /* what could not be asked now is asked again by its step */
	/* A commit that was made but not recorded may be of another version than the one chosen
	 * now: it is made again. */
	if (step == STEP_PREFLIGHT) {
		effects_undo(w, on_cleared_for_resume, w);
		return;
	}
	for (size_t i = 0; i < w->effect_count; i++) {
		struct effect *fx = w->effects[i];

		if (fx->step < step && fx->recorded && fx->status != EFFECT_DONE) {
			fx->status = EFFECT_DONE;
			err_clear(&fx->failure);
		}
	}
	effects_publish_plan(w);
	wizard_enter(w, step);
}

/* -- giving up -- */

static void
on_cleared(void *arg, const struct err *e)
{
	struct wizard *w = arg;
	struct json *j;
	struct err failure = ERR_EMPTY;

	w->clearing = NULL;
	if (e != NULL) {
		wizard_finish(w, e);
		return;
	}
	j = json_object_new();
	json_set_text(j, "result", "aborted");
	if (journal_write(w->journal, "end", j, &failure) == ERR_OK) {
		journal_discard(w->journal);
		w->journal = NULL;
	}
	wizard_finish(w, failure.code != ERR_OK ? &failure : NULL);
}

static void
on_undone(void *arg, const struct err *e)
{
	struct wizard *w = arg;

	if (e != NULL) {
		wizard_finish(w, e);
		return;
	}
	/* Also where the journal could not be read: their names follow from the release's. */
	trial_remove_leftovers(w);
	w->clearing = worktree_remove(w, on_cleared, w);
}

/* A file of FX may still come up in the listing. */
static bool
is_unsure(const struct effect *fx)
{
	return fx->unsure_at > 0 && clock_now() - fx->unsure_at < UNSURE_S;
}

static enum err_code
may_undo(struct wizard *w, struct err *e)
{
	const char *title = w->rel.index[INDEX_PRODUCTION].title;
	bool unsure = w->lost_upload;

	for (size_t i = 0; i < w->effect_count; i++) {
		const struct effect *fx = w->effects[i];

		if (!fx->begun)
			continue;
		if (fx->ops == &effect_upload && fx->role == INDEX_PRODUCTION) {
			w->rel.accepted |= fx->status != EFFECT_PLANNED;
			unsure |= is_unsure(fx);
		} else if ((fx->ops == &effect_push || fx->ops == &effect_branch) &&
			   fx->status != EFFECT_PLANNED) {
			err_set(e, ERR_REFUSED, "%s is done, or may be: %s can only go forward",
			    fx->ops == &effect_push ? "the push" : "moving the branch",
			    w->rel.version);
			return err_hint(e, "slipway resume finishes it");
		}
	}
	if (w->rel.accepted || w->lost_upload) {
		err_set(e, ERR_REFUSED,
		    "%s has, or may have, files of %s: this release can only go forward",
		    title != NULL ? title : "the production index",
		    w->rel.version != NULL ? w->rel.version : "this version");
		return err_hint(e,
		    "slipway resume finishes it; to withdraw it afterwards, yank the "
		    "version on the index and release the next one");
	}
	if (unsure) {
		err_set(e, ERR_REFUSED,
		    "%s was being sent a file of %s some minutes ago, and may still list it", title,
		    w->rel.version);
		return err_hint(e,
		    "slipway resume finishes it; or try slipway abort again in %d "
		    "minutes",
		    UNSURE_S / 60);
	}
	return ERR_OK;
}

/* Undo only what the world says is there, and nothing once the production index has a file. */
static void
on_probed_for_abort(void *arg, const struct err *e)
{
	struct wizard *w = arg;
	struct err refusal = ERR_EMPTY;

	if (e != NULL)
		refusal = *e;
	else
		may_undo(w, &refusal);
	if (refusal.code != ERR_OK)
		wizard_finish(w, &refusal);
	else
		effects_undo(w, on_undone, w);
}

static void
begin_again(struct wizard *w)
{
	struct err e = ERR_EMPTY;

	/* That nothing is unfinished is an answer, to who only asks. */
	if (w->mode == WIZARD_STATUS && !journal_unfinished(w->common_dir, NULL)) {
		wizard_finish(w, NULL);
		return;
	}
	if (w->mode == WIZARD_STATUS)
		journal_look(w->common_dir, &w->journal, &w->rel.held_by, &e);
	else
		journal_open(w->common_dir, &w->journal, &e);
	if (e.code != ERR_OK) {
		wizard_finish(w, &e);
		return;
	}
	use_journal(w);
	w->rel.resumed = true;
	if (replay(w, &e) != ERR_OK && (w->mode == WIZARD_RESUME || e.code == ERR_UNSUPPORTED)) {
		wizard_finish(w, &e);
		return;
	}
	for (size_t i = 0; i < STEP_COUNT; i++)
		w->front->step(w->front_arg, (enum step_id)i);
	w->step = step_to_resume(w);
	if (w->mode != WIZARD_STATUS)
		stale_locks_clear(w);
	effects_probe_all(w,
	    w->mode == WIZARD_STATUS  ? on_probed_for_status
	    : w->mode == WIZARD_ABORT ? on_probed_for_abort
				      : on_probed_for_resume,
	    w);
}

static void
look_done(void *arg, bool cancelled)
{
	struct look *k = arg;
	struct wizard *w = k->w;
	struct err e = ERR_EMPTY;

	if (cancelled || w->finished) {
		look_free(k);
		return;
	}
	if (k->err.code != ERR_OK) {
		wizard_finish(w, &k->err);
		look_free(k);
		return;
	}
	mem_set(&w->rel.root, k->root);
	mem_set(&w->common_dir, k->common_dir);
	w->rel.config = k->config;
	k->config = NULL;
	look_free(k);
	if (settings_check(w, &e) != ERR_OK) {
		wizard_finish(w, &e);
		return;
	}
	settings_token_names(w, &w->token_names);
	switch (w->mode) {
	case WIZARD_PLAN:
		wizard_enter(w, STEP_PREFLIGHT);
		return;
	case WIZARD_RELEASE:
		if (journal_unfinished(w->common_dir, NULL))
			resume_ask(w);
		else
			begin_new(w);
		return;
	case WIZARD_RESUME:
	case WIZARD_ABORT:
	case WIZARD_STATUS:
		begin_again(w);
		return;
	}
}

void
wizard_begin(struct wizard *w)
{
	struct look *k = mem_zalloc(1, sizeof *k);

	k->w = w;
	k->config = mem_zalloc(1, sizeof *k->config);
	k->dir = fs_real(w->dir);
	if (k->dir == NULL)
		k->dir = mem_strdup(w->dir);
	k->config_path = mem_strdup(w->config_path);
	worker_submit(w->worker, look_run, look_done, k);
}

/* -- an unfinished release is in the way -- */

void
resume_ask(struct wizard *w)
{
	static const struct question_option options[] = {
		{ "resume", "go on with it", "asks git and the indexes what has really happened" },
		{ "abort", "give it up", "undoes what can be undone" },
		{ "leave", "leave it", "your tree stays as it is; slipway resume comes back here" },
	};
	const struct question q = {
		.id = ASK_UNFINISHED,
		.step = STEP_PREFLIGHT,
		.kind = QUESTION_CHOICE,
		.title = "A release of this repository is unfinished.",
		.text = "Only one can be under way at a time.",
		.options = options,
		.option_count = ARRAY_LEN(options),
		.preset = "resume",
		.flag = "slipway resume or slipway abort",
	};

	w->step = STEP_PREFLIGHT;
	step_ask(&w->steps[STEP_PREFLIGHT], &q);
}

void
resume_answer(struct wizard *w, const struct answer *a)
{
	w->mode = strcmp(a->text, "abort") == 0 ? WIZARD_ABORT : WIZARD_RESUME;
	begin_again(w);
}

/* -- the end -- */

void
wizard_close_journal(struct wizard *w)
{
	bool ours = w->mode == WIZARD_RELEASE || (w->mode == WIZARD_RESUME && w->replayed);

	/* Nothing was begun: nothing needs to be remembered. */
	if (w->journal != NULL && ours && !effects_any_begun(w))
		journal_discard(w->journal);
	else
		journal_close(w->journal);
	w->journal = NULL;
}

void
wizard_cancel(struct wizard *w)
{
	struct step_run *s = &w->steps[w->step];
	struct err e = ERR_EMPTY;

	if (w->finished)
		return;
	/* What others may see is not cut in the middle; asked a second time, it is. */
	if (!w->cancelling && effects_stop_soon(w)) {
		mem_set(&s->text, "stops when what is under way has ended; again stops it now");
		w->front->step(w->front_arg, w->step);
		return;
	}
	err_set(&e, ERR_CANCELLED, "cancelled in %s", step_name(w->step));
	if (effects_any_begun(w))
		err_hint(&e, "slipway resume goes on, slipway abort undoes what can be undone");
	wizard_finish(w, &e);
}

char *
wizard_leaving(const struct wizard *w)
{
	const struct release *r = &w->rel;

	if (w->mode == WIZARD_PLAN || !effects_any_begun(w))
		return mem_strdup("Nothing has been changed.");
	if (r->accepted)
		return mem_printf("%s has files of %s, so this release can only go forward: "
				  "slipway resume finishes it.",
		    r->index[INDEX_PRODUCTION].title, r->version);
	return mem_printf(
	    "Your branch, index and files are as they were. The release commit and the built "
	    "files stay in %s; slipway resume goes on, slipway abort removes them.",
	    r->state_dir);
}

bool
wizard_back(struct wizard *w, const char **why)
{
	static const enum step_id before[STEP_COUNT] = {
		[STEP_VERSION] = STEP_PREFLIGHT,
		[STEP_EDITS] = STEP_VERSION,
		[STEP_NOTES] = STEP_EDITS,
	};

	if (w->finished || w->effect_run != NULL) {
		*why = "something is under way";
		return false;
	}
	if (w->step < STEP_VERSION || w->step > STEP_NOTES) {
		*why = "the release commit is made: leave with q and slipway abort to choose anew";
		return false;
	}
	w->question_open = false;
	w->went_back = true;
	w->front->ask(w->front_arg, NULL);
	for (size_t i = before[w->step]; i <= w->step; i++)
		w->steps[i].sign = SIGN_TODO;
	wizard_enter(w, before[w->step]);
	return true;
}
