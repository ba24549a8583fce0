/* The journal's side of the engine: a release that begins, goes on, is given up, or is only asked
 * about. */
#include <stdlib.h>
#include <string.h>

#include "effect.h"
#include "engine.h"
#include "journal.h"
#include "plan.h"
#include "policy.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/os/worker.h"
#include "slipway/project/config.h"
#include "slipway/repo/repo.h"

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

	for (size_t i = 0; i < w->packages.count; i++)
		json_add_text(names, w->packages.items[i]);
	json_set_text(j, "bump", w->bump);
	json_set_text(j, "config", w->config_path);
	json_set_text(j, "test-index", w->test_index);
	json_set_bool(j, "dry-run", w->dry_run);
	return j;
}

static void
load_options(struct wizard *w, const struct json *j)
{
	const struct json *names = json_get_array(j, "packages");

	strlist_fini(&w->packages);
	for (size_t i = 0; i < json_count(names); i++)
		strlist_add(&w->packages, json_as_text(json_at(names, i)));
	if (w->bump == NULL)
		mem_set(&w->bump, json_text(j, "bump"));
	if (w->test_index == NULL)
		mem_set(&w->test_index, json_text(j, "test-index"));
	w->dry_run = w->rel.dry_run = json_bool(j, "dry-run", false);
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
replay_effect(struct wizard *w, const struct json *record)
{
	const char *key = json_text(record, "key");
	struct effect *fx = key != NULL ? effects_find(w, key) : NULL;

	/* Begun is all that counts: whether it was done is asked of the world. */
	if (fx != NULL)
		fx->begun = true;
}

static enum err_code
replay(struct wizard *w, struct err *e)
{
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < journal_count(w->journal) && rc == ERR_OK; i++) {
		const struct json *record = journal_record(w->journal, i);
		const char *kind = json_text(record, "kind");

		if (kind == NULL)
			rc = err_set(e, ERR_INVALID, "record %zu has no kind", i + 1);
		else if (strcmp(kind, "begin") == 0)
			load_options(w, record);
		else if (strcmp(kind, "step") == 0)
			rc = replay_step(w, record, e);
	}
	if (rc != ERR_OK) {
		err_wrap(e, "cannot read the journal %s/journal", journal_dir(w->journal));
		err_hint(e, "slipway abort gives this release up; its files stay in %s",
		    journal_dir(w->journal));
		return rc;
	}
	plan_make(w);
	for (size_t i = 0; i < journal_count(w->journal); i++) {
		const struct json *record = journal_record(w->journal, i);

		if (strcmp(json_text(record, "kind"), "intent") == 0)
			replay_effect(w, record);
	}
	return ERR_OK;
}

static void
use_journal(struct wizard *w)
{
	struct release *r = &w->rel;

	mem_set(&r->id, journal_id(w->journal));
	mem_set(&r->state_dir, journal_dir(w->journal));
	free(r->files_dir);
	r->files_dir = fs_join(r->state_dir, "dist");
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

static void
on_undone(void *arg, const struct err *e)
{
	struct wizard *w = arg;
	struct json *j;
	struct err failure = ERR_EMPTY;

	if (e == NULL) {
		j = json_object_new();
		json_set_text(j, "result", "aborted");
		journal_write(w->journal, "end", j, &failure);
	}
	wizard_finish(w, e != NULL ? e : failure.code != ERR_OK ? &failure : NULL);
}

/* Undo only what the world says is there, and nothing once the production index has a file. */
static void
on_probed_for_abort(void *arg, const struct err *e)
{
	struct wizard *w = arg;
	struct err refusal = ERR_EMPTY;

	if (e != NULL) {
		wizard_finish(w, e);
		return;
	}
	for (size_t i = 0; i < w->effect_count; i++) {
		const struct effect *fx = w->effects[i];

		if (fx->ops == &effect_upload && fx->role == INDEX_PRODUCTION && fx->begun &&
		    fx->status != EFFECT_PLANNED)
			w->rel.accepted = true;
	}
	if (w->rel.accepted) {
		err_set(&refusal, ERR_REFUSED,
		    "%s has, or may have, files of %s: this release can only go forward",
		    w->rel.index[INDEX_PRODUCTION].title, w->rel.version);
		err_hint(&refusal,
		    "slipway resume finishes it; to withdraw it afterwards, yank the version "
		    "on the index and release the next one");
		wizard_finish(w, &refusal);
		return;
	}
	effects_undo(w, on_undone, w);
}

static void
begin_again(struct wizard *w)
{
	struct err e = ERR_EMPTY;

	if (journal_open(w->common_dir, &w->journal, &e) != ERR_OK) {
		wizard_finish(w, &e);
		return;
	}
	use_journal(w);
	w->rel.resumed = true;
	if (replay(w, &e) != ERR_OK && w->mode != WIZARD_ABORT) {
		wizard_finish(w, &e);
		return;
	}
	for (size_t i = 0; i < STEP_COUNT; i++)
		w->front->step(w->front_arg, (enum step_id)i);
	if (w->mode == WIZARD_STATUS) {
		w->step = step_to_resume(w);
		effects_probe_all(w, on_probed_for_status, w);
	} else if (w->mode == WIZARD_ABORT) {
		w->step = step_to_resume(w);
		effects_probe_all(w, on_probed_for_abort, w);
	} else {
		wizard_enter(w, step_to_resume(w));
	}
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

static bool
has_begun(const struct wizard *w)
{
	for (size_t i = 0; i < w->effect_count; i++)
		if (w->effects[i]->begun)
			return true;
	return false;
}

void
wizard_close_journal(struct wizard *w)
{
	/* Nothing was begun: nothing needs to be remembered. */
	if (w->journal != NULL && w->mode == WIZARD_RELEASE && !has_begun(w))
		journal_discard(w->journal);
	else
		journal_close(w->journal);
	w->journal = NULL;
}

void
wizard_cancel(struct wizard *w)
{
	struct err e = ERR_EMPTY;

	err_set(&e, ERR_CANCELLED, "cancelled in %s", step_name(w->step));
	if (has_begun(w))
		err_hint(&e, "slipway resume goes on, slipway abort undoes what can be undone");
	wizard_finish(w, &e);
}

char *
wizard_leaving(const struct wizard *w)
{
	const struct release *r = &w->rel;

	if (w->mode == WIZARD_PLAN || !has_begun(w))
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
	};

	if (w->finished || w->effect_run != NULL) {
		*why = "something is under way";
		return false;
	}
	if (w->step != STEP_VERSION && w->step != STEP_EDITS) {
		*why = "the release commit is made: leave with q and slipway abort to choose anew";
		return false;
	}
	w->question_open = false;
	w->front->ask(w->front_arg, NULL);
	for (size_t i = before[w->step]; i <= w->step; i++)
		w->steps[i].sign = SIGN_TODO;
	wizard_enter(w, before[w->step]);
	return true;
}
