/* The memory of struct release, and the names of steps and signs. */
#include "slipway/wizard/release.h"

#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "review_marks.h"
#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"
#include "slipway/dist/finding.h"
#include "slipway/os/logstore.h"
#include "slipway/project/changelog.h"
#include "slipway/project/config.h"
#include "slipway/project/edit.h"
#include "slipway/project/notes.h"
#include "slipway/wizard/compare.h"

static const struct {
	const char *name, *title;
} steps[] = {
	[STEP_PREFLIGHT] = { "preflight", "Preflight" },
	[STEP_VERSION] = { "version", "Which version?" },
	[STEP_EDITS] = { "edits", "Edits" },
	[STEP_NOTES] = { "notes", "Notes" },
	[STEP_COMMIT] = { "commit", "Release commit" },
	[STEP_CHECKS] = { "checks", "Checks" },
	[STEP_BUILD] = { "build", "Build" },
	[STEP_VERIFY] = { "verify", "Verify" },
	[STEP_REVIEW] = { "review", "Review" },
	[STEP_REHEARSE] = { "rehearse", "Rehearse" },
	[STEP_SMOKE] = { "smoke", "Smoke test" },
	[STEP_CONFIRM] = { "confirm", "Confirm" },
	[STEP_PUBLISH] = { "publish", "Publish" },
	[STEP_LIVE] = { "live", "Live" },
	[STEP_SUMMARY] = { "summary", "Summary" },
};
_Static_assert(ARRAY_LEN(steps) == STEP_COUNT, "one row per step");

static const char *const sign_words[] = {
	[SIGN_TODO] = "to come",
	[SIGN_RUNNING] = "running",
	[SIGN_OK] = "ok",
	[SIGN_LOOK] = "look",
	[SIGN_BAD] = "failed",
	[SIGN_UNCHECKED] = "not checked",
};
_Static_assert(ARRAY_LEN(sign_words) == SIGN_COUNT, "one word per sign");

const char *
sign_word(enum sign s)
{
	return sign_words[s];
}

const char *
step_name(enum step_id s)
{
	return steps[s].name;
}

const char *
step_title(enum step_id s)
{
	return steps[s].title;
}

bool
step_from_name(const char *name, enum step_id *out)
{
	for (size_t i = 0; i < STEP_COUNT; i++)
		if (strcmp(steps[i].name, name) == 0) {
			*out = (enum step_id)i;
			return true;
		}
	return false;
}

const struct release_package *
release_main(const struct release *r)
{
	const struct release_package *best = NULL;

	/* The one that needs the others is what users install: the last in dependency order. */
	for (size_t i = 0; i < r->package_count; i++)
		if (r->packages[i].selected)
			best = &r->packages[i];
	return best;
}

bool
release_commit_touches(const struct release_commit *c, size_t package)
{
	for (size_t i = 0; i < c->package_count; i++)
		if (c->packages[i] == package)
			return true;
	return false;
}

size_t
release_selected(const struct release *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->package_count; i++)
		n += r->packages[i].selected;
	return n;
}

struct job *
job_new(const char *title, const char *command, const char *cwd)
{
	struct job *j = mem_zalloc(1, sizeof *j);

	j->title = mem_strdup(title);
	j->command = mem_strdup(command);
	j->cwd = mem_strdup(cwd);
	return j;
}

void
job_free(struct job *j)
{
	if (j == NULL)
		return;
	free(j->title);
	free(j->command);
	free(j->cwd);
	free(j->result);
	logstore_free(j->log);
	free(j);
}

void
jobs_clear(struct job ***jobs, size_t *count)
{
	for (size_t i = 0; i < *count; i++)
		job_free((*jobs)[i]);
	free(*jobs);
	*jobs = NULL;
	*count = 0;
}

void
release_clear_packages(struct release *r)
{
	for (size_t i = 0; i < r->package_count; i++) {
		struct release_package *p = &r->packages[i];

		free(p->name);
		free(p->normal);
		free(p->dir);
		free(p->version);
		free(p->version_new);
		free(p->tag_last);
		free(p->tag_since);
		free(p->suggestion);
		free(p->suggested);
		free(p->tag_new);
		strlist_fini(&p->needs);
		free(p->tag_template);
		free(p->tag_doubt);
		strlist_fini(&p->tag_others);
		free(p->authority);
		free(p->version_env);
	}
	free(r->packages);
	r->packages = NULL;
	r->package_count = 0;
	for (size_t i = 0; i < r->commit_count; i++) {
		free(r->commits[i].hash);
		free(r->commits[i].short_hash);
		free(r->commits[i].author);
		free(r->commits[i].subject);
		free(r->commits[i].body);
		free(r->commits[i].packages);
		free(r->commits[i].reason);
	}
	free(r->commits);
	r->commits = NULL;
	r->commit_count = 0;
	for (size_t i = 0; i < r->ignored_count; i++) {
		free(r->ignored[i].file);
		free(r->ignored[i].why);
	}
	free(r->ignored);
	r->ignored = NULL;
	r->ignored_count = 0;
	release_clear_choices(r);
}

void
release_clear_choices(struct release *r)
{
	for (size_t i = 0; i < r->choice_count; i++) {
		free(r->choices[i].kind);
		free(r->choices[i].label);
		free(r->choices[i].version);
		free(r->choices[i].explanation);
	}
	free(r->choices);
	r->choices = NULL;
	r->choice_count = 0;
	mem_set(&r->suggestion, NULL);
	strlist_fini(&r->remarks);
}

void
release_clear_lines(struct release *r)
{
	for (size_t i = 0; i < r->line_count; i++) {
		free(r->lines[i].text);
		free(r->lines[i].hint);
	}
	free(r->lines);
	r->lines = NULL;
	r->line_count = 0;
}

void
release_clear_files(struct release *r)
{
	for (size_t i = 0; i < r->file_count; i++) {
		struct release_file *f = &r->files[i];

		free(f->name);
		free(f->path);
		if (f->findings != NULL)
			findings_fini(f->findings);
		free(f->findings);
		review_marks_fini(&f->marks);
		compared_free(f->compared);
		for (size_t k = 0; k < INDEX_ROLE_COUNT; k++) {
			free(f->transfer[k].message);
			free(f->transfer[k].hint);
		}
	}
	free(r->files);
	r->files = NULL;
	r->file_count = 0;
}

void
release_clear_plan(struct release *r)
{
	for (size_t i = 0; i < r->plan_count; i++) {
		free(r->plan[i].does);
		free(r->plan[i].undo);
		free(r->plan[i].failure);
	}
	free(r->plan);
	r->plan = NULL;
	r->plan_count = 0;
}

void
release_clear_edits(struct release *r)
{
	if (r->edits != NULL)
		edit_plan_fini(r->edits);
	if (r->places != NULL)
		places_fini(r->places);
	free(r->edits);
	free(r->places);
	r->edits = NULL;
	r->places = NULL;
}

void
release_clear_notes(struct release *r)
{
	for (size_t i = 0; i < r->note_count; i++) {
		struct release_notes *n = &r->notes[i];

		if (n->draft != NULL)
			notes_fini(n->draft);
		if (n->changelog != NULL)
			changelog_fini(n->changelog);
		free(n->draft);
		free(n->changelog);
		strlist_fini(&n->packages);
		free(n->title);
		free(n->path);
		free(n->why);
		free(n->remark);
		free(n->text);
	}
	free(r->notes);
	r->notes = NULL;
	r->note_count = 0;
}

static void
clear_commands(struct release *r)
{
	for (size_t i = 0; i < r->command_count; i++) {
		free(r->commands[i].text);
		free(r->commands[i].cwd);
		free(r->commands[i].result);
	}
	free(r->commands);
}

void
release_fini(struct release *r)
{
	char *texts[] = { r->id, r->root, r->state_dir, r->files_dir, r->worktree, r->branch,
		r->head, r->remote, r->python, r->python_why, r->version, r->commit,
		r->commit_subject, r->report_path, r->held_by, r->candidate };

	release_clear_lines(r);
	release_clear_packages(r);
	release_clear_files(r);
	release_clear_plan(r);
	clear_commands(r);
	jobs_clear(&r->news, &r->news_count);
	jobs_clear(&r->checks, &r->check_count);
	jobs_clear(&r->builds, &r->build_count);
	jobs_clear(&r->verifies, &r->verify_count);
	jobs_clear(&r->smokes, &r->smoke_count);
	jobs_clear(&r->installs, &r->install_count);
	for (size_t i = 0; i < INDEX_ROLE_COUNT; i++) {
		free(r->index[i].name);
		free(r->index[i].title);
		free(r->index[i].upload_url);
		free(r->index[i].simple_url);
		free(r->index[i].token_source);
	}
	release_clear_edits(r);
	release_clear_notes(r);
	if (r->config != NULL)
		config_fini(r->config);
	free(r->config);
	strlist_fini(&r->report);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		free(texts[i]);
	*r = (struct release) { 0 };
}
