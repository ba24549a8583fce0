/* The functions of wizard.h over a model that stands still. */
#include "fake_wizard.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"
#include "slipway/dist/check.h"
#include "slipway/dist/finding.h"
#include "slipway/os/secret.h"
#include "slipway/project/notes.h"
#include "slipway/wizard/check_settings.h"
#include "slipway/wizard/compare.h"

static void did(struct wizard *w, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void
did(struct wizard *w, const char *fmt, ...)
{
	size_t len = strlen(w->did);
	va_list args;

	va_start(args, fmt);
	vsnprintf(w->did + len, sizeof w->did - len, fmt, args);
	va_end(args);
}

void
wizard_answer(struct wizard *w, const struct answer *a)
{
	did(w, "answer %s%s%s; ", a->text != NULL ? a->text : "",
	    a->reason != NULL ? " because " : "", a->reason != NULL ? a->reason : "");
	if (a->secret != NULL)
		did(w, "secret of %zu; ", secret_len(a->secret));
	secret_free(a->secret);
}

void
wizard_terminal_given(struct wizard *w, bool given)
{
	did(w, "given %d; ", given);
}

bool
wizard_back(struct wizard *w, const char **why)
{
	did(w, "back; ");
	*why = "the release commit is made";
	return false;
}

void
wizard_cancel(struct wizard *w)
{
	did(w, "cancel; ");
}

char *
wizard_leaving(const struct wizard *w)
{
	(void)w;
	return mem_strdup("Nothing has been changed.");
}

void
wizard_look_again(struct wizard *w)
{
	did(w, "look again; ");
}

void
wizard_leave_out(struct wizard *w, size_t line)
{
	did(w, "leave out %zu; ", line);
}

void
wizard_select_package(struct wizard *w, size_t package, bool selected)
{
	w->rel.packages[package].selected = selected;
	did(w, "package %zu %d; ", package, selected);
}

void
wizard_include_place(struct wizard *w, size_t place, bool included)
{
	did(w, "place %zu %d; ", place, included);
}

size_t
wizard_curate(struct wizard *w, size_t doc, size_t at, enum note_wish wish, size_t group)
{
	static const char *const words[] = { "take", "drop", "up", "down", "regroup" };
	struct note *k = &w->rel.notes[doc].draft->items[at];

	if (wish == NOTE_TAKE || wish == NOTE_DROP)
		k->taken = wish == NOTE_TAKE;
	did(w, "note %zu %zu %s %zu; ", doc, at, words[wish], group);
	return at;
}

bool
wizard_reword(struct wizard *w, size_t doc, size_t at, const char *text)
{
	did(w, "reword %zu %zu %s; ", doc, at, text);
	return text[0] != '\0';
}

size_t
wizard_add_note(struct wizard *w, size_t doc, size_t group, const char *text)
{
	did(w, "add %zu %zu %s; ", doc, group, text);
	return text[0] != '\0' ? 0 : SIZE_MAX;
}

void
wizard_edit_notes(struct wizard *w, size_t doc)
{
	did(w, "editor %zu; ", doc);
}

void
wizard_entries_again(struct wizard *w, size_t doc)
{
	w->rel.notes[doc].draft->whole = NULL;
	did(w, "entries %zu; ", doc);
}

void
wizard_mark_reviewed(struct wizard *w, size_t file, bool reviewed)
{
	w->rel.files[file].reviewed = reviewed;
	did(w, "reviewed %zu %d; ", file, reviewed);
}

bool
release_file_is_marked(const struct release_file *f, size_t member)
{
	(void)f;
	(void)member;
	return false;
}

void
wizard_mark_member(struct wizard *w, size_t file, size_t member, bool reviewed)
{
	did(w, "member %zu %zu %d; ", file, member, reviewed);
}

void
wizard_count_members(struct wizard *w, size_t file, size_t done, size_t of)
{
	w->rel.files[file].marks =
	    (struct review_marks) { .known = true, .done = done, .of = of };
}

enum err_code
wizard_acknowledge(
    struct wizard *w, const struct finding *f, const char *reason, struct err *e)
{
	(void)e;
	did(w, "acknowledge %s %s; ", dist_rule(f->rule)->id, reason != NULL ? reason : "(back)");
	for (size_t i = 0; i < w->rel.file_count; i++)
		for (size_t k = 0; w->rel.files[i].findings != NULL &&
				   k < w->rel.files[i].findings->count;
		     k++)
			if (w->rel.files[i].findings->items[k].rule == f->rule)
				findings_acknowledge(w->rel.files[i].findings, k, reason);
	return ERR_OK;
}

enum err_code
check_settings_load(
    const char *root, const struct config *c, struct check_settings *out, struct err *e)
{
	(void)root;
	(void)c;
	(void)out;
	(void)e;
	return ERR_OK;
}

void
check_settings_fini(struct check_settings *s)
{
	(void)s;
}

void
wizard_check_opts(const struct wizard *w, const struct check_settings *settings,
    const struct strlist *paths, size_t file, struct dist_check_opts *out)
{
	(void)w;
	(void)settings;
	(void)paths;
	(void)file;
	*out = (struct dist_check_opts) { .limits = NULL };
}

void
wizard_settle_findings(const struct wizard *w, struct findings *f)
{
	(void)w;
	(void)f;
}

void
wizard_cancel_jobs(struct wizard *w)
{
	did(w, "cancel jobs; ");
}

const struct release *
wizard_release(const struct wizard *w)
{
	return &w->rel;
}

const struct question *
wizard_question(const struct wizard *w)
{
	return w->question;
}

enum step_id
wizard_step(const struct wizard *w)
{
	return w->step;
}

enum sign
wizard_step_sign(const struct wizard *w, enum step_id step)
{
	return w->signs[step];
}

const char *
wizard_step_text(const struct wizard *w, enum step_id step)
{
	return w->texts[step] != NULL ? w->texts[step] : "";
}

const struct err *
wizard_step_error(const struct wizard *w, enum step_id step)
{
	return w->errors[step].code != ERR_OK ? &w->errors[step] : NULL;
}

uint64_t
wizard_elapsed_ms(const struct wizard *w)
{
	(void)w;
	return 41000;
}

/* --- words of the model --- */

static const char *const names[STEP_COUNT] = { "preflight", "version", "edits", "notes", "commit",
	"checks",
	"build", "verify", "review", "rehearse", "smoke", "confirm", "publish", "live", "summary" };
static const char *const titles[STEP_COUNT] = { "Preflight", "Which version?", "Edits", "Notes",
	"Release commit", "Checks", "Build", "Verify", "Review", "Rehearse", "Smoke test",
	"Confirm", "Publish", "Live", "Summary" };

const char *
sign_word(enum sign s)
{
	return s == SIGN_OK ? "ok" : "failed";
}

const char *
step_name(enum step_id s)
{
	return names[s];
}

const char *
step_title(enum step_id s)
{
	return titles[s];
}

const struct release_package *
release_main(const struct release *r)
{
	const struct release_package *best = NULL;

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

/* --- comparisons: nothing is compared with anything --- */

struct compare_run *
wizard_compare(struct wizard *w, size_t file, const char *rev, const char *against, compare_fn fn,
    void *arg)
{
	(void)w;
	(void)file;
	(void)rev;
	(void)against;
	(void)fn;
	(void)arg;
	return NULL;
}

void
compare_cancel(struct compare_run *r)
{
	(void)r;
}

struct compared *
compared_share(struct compared *c)
{
	return c;
}

void
compared_free(struct compared *c)
{
	(void)c;
}

enum err_code
compared_diff(const struct compared *c, enum compare_base base, size_t row,
    struct compared_diff *out, struct err *e)
{
	(void)c;
	(void)base;
	(void)row;
	(void)out;
	return err_set(e, ERR_NOT_FOUND, "not compared");
}

void
compared_diff_fini(struct compared_diff *d)
{
	(void)d;
}
