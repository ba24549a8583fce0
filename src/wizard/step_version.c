/* Version: which packages and which bump; then every edit that follows from it. */
#include <stdlib.h>
#include <string.h>

#include "choices.h"
#include "effect.h"
#include "git_task.h"
#include "indexes.h"
#include "keep_tag.h"
#include "plan.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/os/clock.h"
#include "slipway/os/worker.h"
#include "slipway/project/edit.h"
#include "slipway/project/name.h"

struct version_step {
	struct git_task *asking; /* whether the tags are free on the remote */
	struct worker_job *computing;
	struct question_option *options;
	char *title;
	char *lower; /* the answer that was refused for being lower; NULL */
};

static struct version_step *
priv(struct step_run *s)
{
	return s->priv;
}

/* -- the question -- */

static bool
is_placeholder(const struct release_package *p)
{
	struct version v = VERSION_EMPTY;
	bool placeholder = version_parse(p->version, &v, NULL) == ERR_OK &&
			   version_is_placeholder(&v);

	version_fini(&v);
	return placeholder;
}

static char *
title_of(const struct release_package *p)
{
	if (p->version[0] == '\0')
		return mem_printf("Which version? %s has no tag yet: type one", p->name);
	if (is_placeholder(p))
		return mem_printf("Which version? %s of %s is a placeholder that the build "
				  "replaces: type one",
		    p->version, p->name);
	return mem_printf("Which version? %s is at %s", p->name, p->version);
}

static void
ask(struct step_run *s)
{
	struct version_step *v = s->priv;
	struct release *r = &s->w->rel;
	struct question q = {
		.id = ASK_VERSION,
		.step = STEP_VERSION,
		.kind = QUESTION_TEXT,
		.undoable = true,
		.flag = "BUMP, such as \"slipway patch\"",
	};
	const struct release_package *main = release_main(r);

	free(v->options);
	free(v->title);
	v->options = mem_zalloc(r->choice_count, sizeof v->options[0]);
	v->title = title_of(main);
	/* There is nothing that a bump could count from. */
	if (main->version[0] == '\0' || is_placeholder(main))
		q.flag = "the version itself, such as \"slipway 1.0.0\"";
	q.preset = NULL;
	for (size_t i = 0; i < r->choice_count; i++) {
		v->options[i] = (struct question_option) { r->choices[i].kind,
			r->choices[i].version, r->choices[i].explanation };
		if (r->choices[i].suggested)
			q.preset = r->choices[i].kind;
	}
	q.title = v->title;
	q.text = r->suggestion;
	q.options = v->options;
	q.option_count = r->choice_count;
	step_ask(s, &q);
}

static void
version_enter(struct step_run *s)
{
	struct err e = ERR_EMPTY;

	release_clear_edits(&s->w->rel);
	effects_drop(s->w, STEP_COMMIT);
	mem_set(&s->w->rel.version, NULL);
	mem_set(&s->w->rel.candidate, NULL);
	/* By now the indexes have said what they have. */
	choices_make(s->w);
	if (release_main(&s->w->rel) == NULL) {
		err_set(&e, ERR_USAGE, "no package is selected");
		step_fail(s, &e, ASK_VERSION, NULL, 0);
		return;
	}
	ask(s);
}

/* -- the answer -- */

/* Local tags by value: v1.1.0rc1 and v1.1.0-rc1 are one version. */
static enum err_code
check_taken(struct wizard *w, size_t package, const char *candidate, struct err *e)
{
	const struct release_package *p = &w->rel.packages[package];
	const char *same =
	    choices_tag_taken(w, package, candidate != NULL ? candidate : p->version_new);
	enum err_code rc = ERR_OK;

	if (same != NULL) {
		rc = err_set(e, ERR_EXISTS, "the tag %s exists: %s %s is released already", same,
		    p->name, candidate != NULL ? candidate : p->version_new);
		err_hint(e, "choose a higher version");
	} else if (indexes_has_version(w, INDEX_PRODUCTION, package, p->version_new)) {
		rc = err_set(e, ERR_EXISTS, "%s has %s %s already",
		    w->rel.index[INDEX_PRODUCTION].title, p->name, p->version_new);
		err_hint(e, "a version can be published once: choose a higher one");
	}
	return rc;
}

/* The part of ANSWER that speaks of package AT: "minor", or of "minor,NAME=1.2.0,..." the one that
 * names it or, in mixed mode, one that shares its version. The caller owns it. */
static char *
word_for(const struct wizard *w, const char *answer, size_t at)
{
	const struct release_package *packages = w->rel.packages;
	size_t len = strcspn(answer, ",");
	char *word = memchr(answer, '=', len) != NULL ? mem_strdup(CHOICE_SUGGESTED)
						       : mem_strndup(answer, len);

	for (const char *part = answer; *part != '\0'; part += len + (part[len] == ',')) {
		const char *equals;

		len = strcspn(part, ",");
		equals = memchr(part, '=', len);
		for (size_t i = 0; equals != NULL && i < w->rel.package_count; i++) {
			bool same = i == at || (settings_mixed(w) && strcmp(packages[i].version,
								     packages[at].version) == 0);

			if (same && name_equal(bytes_of(packages[i].normal),
					(struct bytes) { part, (size_t)(equals - part) })) {
				free(word);
				word = mem_strndup(
				    equals + 1, (size_t)(part + len - equals - 1));
			}
		}
	}
	return word;
}

/* Every name in "NAME=VERSION,..." must be a package that is part of the release. */
static enum err_code
check_names(const struct wizard *w, const char *answer, struct err *e)
{
	size_t len;

	for (const char *part = answer; *part != '\0'; part += len + (part[len] == ',')) {
		const char *equals;
		bool known = false;

		len = strcspn(part, ",");
		equals = memchr(part, '=', len);
		if (equals == NULL)
			continue;
		if (w->rel.lockstep)
			return err_set(e, ERR_INVALID,
			    "the packages are in lock step: one version for all of them");
		for (size_t i = 0; i < w->rel.package_count && !known; i++)
			known = w->rel.packages[i].selected &&
				name_equal(bytes_of(w->rel.packages[i].normal),
				    (struct bytes) { part, (size_t)(equals - part) });
		if (!known)
			return err_set(e, ERR_INVALID, "%.*s is no package of this release",
			    (int)(equals - part), part);
	}
	return ERR_OK;
}

/* A lower version is taken when it is typed a second time, and never from a flag. */
static enum err_code
refuse_lower(struct step_run *s, const char *answer, const char *version, struct err *e)
{
	struct version_step *v = s->priv;

	if (v->lower != NULL && strcmp(v->lower, answer) == 0) {
		err_clear(e);
		return ERR_OK;
	}
	mem_set(&v->lower, answer);
	if (s->w->unattended || s->w->flag_answers)
		return err_hint(e, "a lower one is only released by a person who asks twice");
	return err_hint(e, "answer it once more to release %s all the same", version);
}

/* The version and the tag of package AT. */
static enum err_code
choose_for(struct step_run *s, size_t at, const char *answer, const char *locked, struct err *e)
{
	struct wizard *w = s->w;
	struct release_package *p = &w->rel.packages[at];
	char *word = locked != NULL ? mem_strdup(locked) : word_for(w, answer, at);
	char *next = NULL, *candidate = NULL;
	bool lower = false;
	enum err_code rc = choices_apply(w, at, word, &next, &candidate, &lower, e);

	if (rc != ERR_OK && lower)
		rc = refuse_lower(s, answer, next, e);
	if (rc == ERR_OK) {
		mem_set(&p->version_new, next);
		mem_set(&w->rel.candidate, candidate);
		rc = choices_tag(w, at, candidate != NULL ? candidate : next, &p->tag_new, e);
	}
	if (rc == ERR_OK)
		rc = check_taken(w, at, candidate, e);
	free(word);
	free(next);
	free(candidate);
	return rc;
}

static enum err_code
choose(struct step_run *s, const char *answer, struct err *e)
{
	struct wizard *w = s->w;
	struct release *r = &w->rel;
	const char *locked = NULL;
	enum err_code rc = check_names(w, answer, e);

	for (size_t i = 0; i < r->package_count && rc == ERR_OK; i++) {
		struct release_package *p = &r->packages[i];

		mem_set(&p->version_new, NULL);
		mem_set(&p->tag_new, NULL);
		if (!p->selected)
			continue;
		rc = choose_for(s, i, answer, locked, e);
		/* In lock step the first one decides; a tag alone is a word of its own. */
		if (r->lockstep && locked == NULL)
			locked = r->candidate != NULL ? answer : p->version_new;
	}
	/* A confirmation of another version is found out now, not behind the rehearsal. */
	if (rc == ERR_OK && w->confirm != NULL && !w->dry_run && w->mode != WIZARD_PLAN &&
	    strcmp(w->confirm, release_main(r)->version_new) != 0)
		rc = err_set(e, ERR_USAGE, "--confirm %s is not the version to release, %s",
		    w->confirm, release_main(r)->version_new);
	if (rc == ERR_OK)
		mem_set(&r->version, release_main(r)->version_new);
	return rc;
}

/* -- computing the edits, on the worker -- */

struct computing {
	struct step_run *s;
	char *root;
	const struct packages *found; /* not changed while the step runs */
	struct version *targets;
	const struct version **target_of;
	const struct strlist **version_files;
	enum place_policy *policies;
	const struct wizard *w; /* for the places chosen by flags and configuration, which stay */
	char today[11];
	struct places places;
	struct edit_plan plan;
	struct err err;
};

static void
computing_free(struct computing *k)
{
	for (size_t i = 0; i < k->found->count; i++)
		version_fini(&k->targets[i]);
	free(k->targets);
	free(k->target_of);
	free(k->version_files);
	free(k->policies);
	edit_plan_fini(&k->plan);
	places_fini(&k->places);
	free(k->root);
	free(k);
}

static size_t
model_index(const struct release *r, const struct packages *found, size_t at)
{
	size_t i = 0;

	while (i < r->package_count &&
	       strcmp(r->packages[i].normal, found->items[at].normal) != 0)
		i++;
	return i;
}

/* LIST is the user's, and one that names no place is a mistake when it was TYPED; a configuration
 * speaks of all releases. */
static enum err_code
choose_all(struct computing *k, const struct strlist *list, bool included, const char *typed)
{
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < list->count && rc == ERR_OK; i++) {
		struct place_choice c = { list->items[i], included, typed != NULL };
		size_t matched;

		rc = places_choose(&k->places, &c, &matched, &k->err);
		if (rc == ERR_OK && matched == 0 && typed != NULL) {
			rc = err_set(&k->err, ERR_USAGE, "%s %s: there is no such place", typed,
			    list->items[i]);
			err_hint(&k->err,
			    "slipway plan shows them: FILE, FILE:LINE or FILE:PLACE");
		}
	}
	return rc;
}

static enum err_code
choose_places(struct computing *k)
{
	enum err_code rc = choose_all(k, settings_leave_out(k->w), false, NULL);

	if (rc == ERR_OK)
		rc = choose_all(k, settings_edit_also(k->w), true, NULL);
	if (rc == ERR_OK)
		rc = choose_all(k, &k->w->leave_out, false, "--leave-out");
	if (rc == ERR_OK)
		rc = choose_all(k, &k->w->edit_also, true, "--edit-also");
	return rc;
}

static void
computing_run(void *arg, const atomic_bool *cancelled)
{
	struct computing *k = arg;
	const struct place_opts opts = { .targets = k->target_of,
		.version_files = k->version_files,
		.policies = k->policies,
		.today = k->today };

	(void)cancelled;
	if (places_find(k->root, k->found, &opts, &k->places, &k->err) == ERR_OK &&
	    choose_places(k) == ERR_OK)
		edit_plan_make(&k->places, &k->plan, &k->err);
}

/* Places count packages as they were found, the model in the order of their needs. */
static void
renumber(const struct computing *k, const struct release *r)
{
	for (size_t i = 0; i < k->places.count; i++) {
		struct place *place = &k->places.items[i];

		place->package = model_index(r, k->found, place->package);
		place->follows = model_index(r, k->found, place->follows);
	}
}

static void
computing_done(void *arg, bool cancelled)
{
	struct computing *k = arg;
	struct step_run *s = k->s;
	struct release *r = &s->w->rel;

	if (!cancelled) {
		priv(s)->computing = NULL;
		if (k->err.code != ERR_OK) {
			step_fail(s, &k->err, ASK_VERSION, NULL, 0);
		} else {
			release_clear_edits(r);
			renumber(k, r);
			r->places = mem_zalloc(1, sizeof *r->places);
			r->edits = mem_zalloc(1, sizeof *r->edits);
			*r->places = k->places;
			*r->edits = k->plan;
			k->places = (struct places)PLACES_EMPTY;
			k->plan = (struct edit_plan)EDIT_PLAN_EMPTY;
			keep_tag(s->w, r->edits);
			plan_make(s->w);
			if (release_main(r)->version[0] == '\0')
				step_done(s, "%s, the first", r->version);
			else
				step_done(s, "%s → %s", release_main(r)->version, r->version);
		}
	}
	computing_free(k);
}

static void
compute(struct step_run *s)
{
	struct wizard *w = s->w;
	struct computing *k = mem_zalloc(1, sizeof *k);
	char iso[32];

	k->s = s;
	k->root = mem_strdup(w->rel.root);
	k->found = &w->found;
	k->w = w;
	clock_iso(clock_now(), iso, sizeof iso);
	memcpy(k->today, iso, sizeof k->today - 1);
	k->targets = mem_zalloc(w->found.count, sizeof k->targets[0]);
	k->target_of = mem_zalloc(w->found.count, sizeof k->target_of[0]);
	k->version_files = mem_zalloc(w->found.count, sizeof k->version_files[0]);
	k->policies = mem_zalloc(w->found.count, sizeof k->policies[0]);
	for (size_t i = 0; i < w->rel.package_count; i++) {
		size_t at = packages_index(&w->found, w->rel.packages[i].normal);

		k->version_files[at] = settings_version_files(w, w->rel.packages[i].name);
		k->policies[at] = settings_constraints(w, w->rel.packages[i].name);
		if (w->rel.packages[i].version_new != NULL &&
		    version_parse(w->rel.packages[i].version_new, &k->targets[at], NULL) == ERR_OK)
			k->target_of[at] = &k->targets[at];
	}
	priv(s)->computing = worker_submit(w->worker, computing_run, computing_done, k);
}

/* -- are the tags free on the remote? -- */

static void
on_remote_tags(void *arg, const struct git_result *r)
{
	struct step_run *s = arg;
	struct wizard *w = s->w;
	struct err e = ERR_EMPTY;

	priv(s)->asking = NULL;
	if (r->failure != NULL && w->mode == WIZARD_PLAN) {
		/* It shows what it can, and fails at its end. */
		if (w->plan_err.code == ERR_OK)
			w->plan_err = *r->failure;
		compute(s);
		return;
	}
	if (r->failure != NULL) {
		step_fail(s, r->failure, ASK_VERSION, NULL, 0);
		return;
	}
	for (size_t i = 0; i < w->rel.package_count && e.code == ERR_OK; i++) {
		const struct release_package *p = &w->rel.packages[i];
		char hash[REPO_HASH_SIZE], *ref;

		if (p->tag_new == NULL)
			continue;
		ref = mem_printf("refs/tags/%s", p->tag_new);
		if (git_refs_find(r->out, ref, false, hash))
			err_set(
			    &e, ERR_EXISTS, "the tag %s exists on %s", p->tag_new, w->rel.remote);
		free(ref);
	}
	if (e.code != ERR_OK)
		step_refuse(s, "%s", e.message);
	else
		compute(s);
}

static void
version_answer(struct step_run *s, const struct answer *a)
{
	struct wizard *w = s->w;
	struct err e = ERR_EMPTY;
	struct strlist refs = STRLIST_EMPTY;
	struct git_place at = git_place_of(w, NULL);

	if (choose(s, a->text, &e) != ERR_OK) {
		mem_set(&w->rel.version, NULL);
		if (e.hint[0] != '\0')
			step_refuse(s, "%s: %s", e.message, e.hint);
		else
			step_refuse(s, "%s", e.message);
		return;
	}
	if (w->rel.remote == NULL) {
		compute(s);
		return;
	}
	for (size_t i = 0; i < w->rel.package_count; i++)
		if (w->rel.packages[i].tag_new != NULL)
			strlist_addf(&refs, "refs/tags/%s", w->rel.packages[i].tag_new);
	priv(s)->asking = git_task_start(
	    w, git_cmd_ls_remote(&at, w->rel.remote, &refs), on_remote_tags, s);
	strlist_fini(&refs);
}

static void
version_leave(struct step_run *s)
{
	struct version_step *v = s->priv;

	git_task_stop(v->asking);
	if (v->computing != NULL)
		worker_cancel(s->w->worker, v->computing);
	free(v->options);
	free(v->title);
	free(v->lower);
}

/* -- the journal -- */

static struct json *
version_save(const struct wizard *w)
{
	const struct release *r = &w->rel;
	struct json *j = json_object_new(), *list;

	json_set_text(j, "version", r->version);
	json_set_text(j, "candidate", r->candidate);
	json_set_bool(j, "lockstep", r->lockstep);
	list = json_set_array(j, "packages");
	for (size_t i = 0; i < r->package_count; i++) {
		const struct release_package *p = &r->packages[i];
		struct json *o = json_add_object(list), *needs;

		json_set_text(o, "name", p->name);
		json_set_text(o, "normal", p->normal);
		json_set_text(o, "dir", p->dir);
		json_set_text(o, "version", p->version);
		json_set_text(o, "new", p->version_new);
		json_set_text(o, "tag", p->tag_new);
		json_set_text(o, "tag-template", p->tag_template);
		json_set_text(o, "tag-last", p->tag_last);
		json_set_text(o, "version-env", p->version_env);
		json_set_bool(o, "selected", p->selected);
		needs = json_set_array(o, "needs");
		for (size_t k = 0; k < p->needs.count; k++)
			json_add_text(needs, p->needs.items[k]);
	}
	return j;
}

static enum err_code
load_package(struct release_package *p, const struct json *o, struct err *e)
{
	const struct json *needs = json_get_array(o, "needs");

	*p = (struct release_package) {
		.name = mem_strdup(json_text(o, "name")),
		.normal = mem_strdup(json_text(o, "normal")),
		.dir = mem_strdup(json_text(o, "dir")),
		.version = mem_strdup(json_text(o, "version")),
		.version_new = mem_strdup(json_text(o, "new")),
		.tag_new = mem_strdup(json_text(o, "tag")),
		.tag_template = mem_strdup(json_text(o, "tag-template")),
		.tag_last = mem_strdup(json_text(o, "tag-last")),
		.version_env = mem_strdup(json_text(o, "version-env")),
		.selected = json_bool(o, "selected", false),
	};
	for (size_t i = 0; i < json_count(needs); i++)
		strlist_add(&p->needs, json_as_text(json_at(needs, i)));
	if (p->name == NULL || p->normal == NULL || p->dir == NULL || p->version == NULL)
		return err_set(e, ERR_INVALID, "the record of a package is not whole");
	return ERR_OK;
}

static enum err_code
version_load(struct wizard *w, const struct json *data, struct err *e)
{
	struct release *r = &w->rel;
	const struct json *list = json_get_array(data, "packages");
	enum err_code rc = ERR_OK;

	release_clear_packages(r);
	mem_set(&r->version, json_text(data, "version"));
	mem_set(&r->candidate, json_text(data, "candidate"));
	r->lockstep = json_bool(data, "lockstep", true);
	r->packages = mem_zalloc(json_count(list), sizeof r->packages[0]);
	for (size_t i = 0; i < json_count(list) && rc == ERR_OK; i++) {
		rc = load_package(&r->packages[i], json_at(list, i), e);
		r->package_count++;
	}
	return rc;
}

void
wizard_select_package(struct wizard *w, size_t package, bool selected)
{
	struct release *r = &w->rel;

	if (w->step != STEP_VERSION || package >= r->package_count || !w->question_open)
		return;
	/* The last one stays: a release is of something. */
	if (!selected && release_selected(r) == 1 && r->packages[package].selected)
		return;
	r->packages[package].selected = selected;
	choices_make(w);
	w->question_open = false;
	w->front->ask(w->front_arg, NULL);
	w->front->changed(w->front_arg, STEP_VERSION);
	step_again(&w->steps[STEP_VERSION]);
}

const struct step_ops step_version = {
	.id = STEP_VERSION,
	.priv_size = sizeof(struct version_step),
	.enter = version_enter,
	.answer = version_answer,
	.leave = version_leave,
	.save = version_save,
	.load = version_load,
};
