/* The model of a release for programs and for people without a screen. */
#include "release_json.h"

#include <string.h>

#include "slipway/base/json.h"
#include "slipway/base/sanitise.h"
#include "slipway/project/edit.h"
#include "slipway/project/notes.h"
#include "slipway/project/places.h"
#include "slipway/repo/diff.h"
#include "slipway/wizard/wizard.h"

#define DIFF_CONTEXT 3
#define COMMITS_SHOWN 40

static const char *
status_word(enum effect_status s)
{
	switch (s) {
	case EFFECT_PLANNED:
		return "planned";
	case EFFECT_RUNNING:
		return "begun";
	case EFFECT_DONE:
		return "done";
	case EFFECT_FAILED:
		return "failed";
	case EFFECT_UNDONE:
		return "undone";
	}
	return "";
}

static const char *
role_word(enum place_role role)
{
	switch (role) {
	case PLACE_AUTHORITY:
		return "authority";
	case PLACE_MIRROR:
		return "mirror";
	case PLACE_FOLLOWS:
		return "follows";
	case PLACE_MENTION:
		return "mention";
	}
	return "";
}

/* -- JSON -- */

static void
add_checks(const struct release *r, struct json *out)
{
	struct json *list = json_set_array(out, "checks");

	for (size_t i = 0; i < r->line_count; i++) {
		struct json *o = json_add_object(list);

		json_set_text(o, "id", r->lines[i].id);
		json_set_text(o, "result", sign_word(r->lines[i].sign));
		json_set_text(o, "text", r->lines[i].text);
		json_set_text(o, "hint", r->lines[i].hint);
	}
}

static void
add_packages(const struct release *r, struct json *out)
{
	struct json *list = json_set_array(out, "packages");

	for (size_t i = 0; i < r->package_count; i++) {
		const struct release_package *p = &r->packages[i];
		struct json *o = json_add_object(list);

		json_set_text(o, "name", p->name);
		json_set_text(o, "directory", p->dir);
		json_set_text(o, "version", p->version);
		json_set_text(o, "new-version", p->version_new);
		json_set_text(o, "last-tag", p->tag_last);
		json_set_text(o, "since-tag", p->tag_since);
		json_set_text(o, "authority", p->authority);
		json_set_text(o, "tag-template", p->tag_template);
		json_set_text(o, "tag-doubt", p->tag_doubt);
		json_set_bool(o, "released", !p->untagged);
		json_set_text(o, "suggestion", p->suggestion);
		json_set_text(o, "suggested-version", p->suggested);
		json_set_text(o, "new-tag", p->tag_new);
		json_set_bool(o, "selected", p->selected);
	}
}

static void
add_ignored(const struct release *r, struct json *out)
{
	struct json *list = json_set_array(out, "ignored");

	for (size_t i = 0; i < r->ignored_count; i++) {
		struct json *o = json_add_object(list);

		json_set_text(o, "file", r->ignored[i].file);
		json_set_text(o, "why", r->ignored[i].why);
	}
}

static void
add_remarks(const struct release *r, struct json *out)
{
	struct json *list = json_set_array(out, "remarks");

	for (size_t i = 0; i < r->remarks.count; i++)
		json_add_text(list, r->remarks.items[i]);
}

static void
add_commits(const struct release *r, struct json *out)
{
	static const char *const weights[] = { "none", "patch", "minor", "major" };
	struct json *list = json_set_array(out, "commits");

	for (size_t i = 0; i < r->commit_count; i++) {
		const struct release_commit *c = &r->commits[i];
		struct json *o = json_add_object(list), *names;

		json_set_text(o, "hash", c->hash);
		json_set_text(o, "subject", c->subject);
		json_set_text(o, "author", c->author);
		json_set_text(o, "asks-for", weights[c->weight]);
		json_set_text(o, "reason", c->reason);
		json_set_bool(o, "cancelled", c->cancelled);
		json_set_bool(o, "confirm", c->confirm);
		names = json_set_array(o, "packages");
		for (size_t k = 0; k < c->package_count; k++)
			json_add_text(names, r->packages[c->packages[k]].name);
	}
}

static void
add_choices(const struct release *r, struct json *out)
{
	struct json *list = json_set_array(out, "choices");

	for (size_t i = 0; i < r->choice_count; i++) {
		struct json *o = json_add_object(list);

		json_set_text(o, "kind", r->choices[i].kind);
		json_set_text(o, "version", r->choices[i].version);
		json_set_text(o, "explanation", r->choices[i].explanation);
		json_set_bool(o, "suggested", r->choices[i].suggested);
		json_set_bool(o, "advanced", r->choices[i].advanced);
	}
	json_set_text(out, "suggestion", r->suggestion);
}

static void
patch_text(const struct edit_file *f, struct str *out)
{
	struct repo_patch patch = REPO_PATCH_EMPTY;

	if (repo_diff_text((struct bytes) { f->before.data, f->before.len },
		(struct bytes) { f->after.data, f->after.len }, DIFF_CONTEXT, &patch,
		NULL) == ERR_OK)
		repo_patch_unified(&patch, f->path, out);
	repo_patch_fini(&patch);
}

static void
add_edits(const struct release *r, struct json *out)
{
	struct json *places = json_set_array(out, "places"), *files = json_set_array(out, "edits");

	for (size_t i = 0; r->places != NULL && i < r->places->count; i++) {
		const struct place *p = &r->places->items[i];
		struct json *o = json_add_object(places);

		json_set_text(o, "file", p->file);
		json_set_int(o, "line", (int64_t)p->line);
		json_set_text(o, "place", p->what);
		json_set_text(o, "role", role_word(p->role));
		json_set_text(o, "old", p->old_text);
		json_set_text(o, "new", p->new_text);
		json_set_bool(o, "included", p->included);
		json_set_bool(o, "question", p->question && !p->included);
		json_set_text(o, "note", p->note);
	}
	for (size_t i = 0; r->edits != NULL && i < r->edits->count; i++) {
		struct json *o = json_add_object(files);
		struct str diff = STR_EMPTY;

		patch_text(&r->edits->items[i], &diff);
		json_set_text(o, "file", r->edits->items[i].path);
		json_set_bytes(o, "diff", (struct bytes) { str_text(&diff), diff.len });
		str_fini(&diff);
	}
}

static void
add_entries(const struct notes *n, struct json *out)
{
	struct json *list = json_set_array(out, "entries");

	for (size_t i = 0; i < n->count; i++) {
		const struct note *k = &n->items[i];
		struct json *o = json_add_object(list);

		json_set_text(o, "category", n->groups.items[k->group]);
		json_set_text(o, "text", k->text);
		json_set_text(o, "commit", k->source);
		json_set_bool(o, "taken", k->taken);
		json_set_text(o, "why-not", k->why);
	}
}

static void
add_notes(const struct release *r, struct json *out)
{
	struct json *list = json_set_array(out, "notes");

	for (size_t i = 0; i < r->note_count; i++) {
		const struct release_notes *n = &r->notes[i];
		struct json *o = json_add_object(list), *names = json_set_array(o, "packages");

		for (size_t k = 0; k < r->package_count; k++)
			if (strlist_has(&n->packages, r->packages[k].normal))
				json_add_text(names, r->packages[k].name);
		json_set_text(o, "changelog", n->path);
		json_set_text(o, "left-alone", n->why);
		json_set_text(o, "remark", n->remark);
		json_set_bool(o, "towncrier", n->towncrier);
		json_set_text(o, "text", n->text);
		if (n->draft != NULL)
			add_entries(n->draft, o);
	}
}

static void
add_plan(const struct release *r, struct json *out)
{
	struct json *list = json_set_array(out, "effects");

	for (size_t i = 0; i < r->plan_count; i++) {
		const struct plan_line *p = &r->plan[i];
		struct json *o = json_add_object(list);

		json_set_text(o, "effect", p->effect);
		json_set_text(o, "step", step_name(p->step));
		json_set_text(o, "does", p->does);
		json_set_text(o, "undo", p->undo);
		json_set_bool(o, "reversible", p->reversible);
		json_set_text(o, "status", status_word(p->status));
	}
}

static void
add_files(const struct release *r, struct json *out)
{
	struct json *list = json_set_array(out, "files");

	for (size_t i = 0; i < r->file_count; i++) {
		struct json *o = json_add_object(list), *on;

		json_set_text(o, "name", r->files[i].name);
		json_set_int(o, "size", (int64_t)r->files[i].size);
		json_set_text(o, "sha256", r->files[i].sha256);
		on = json_set_array(o, "listed-on");
		for (size_t k = 0; k < INDEX_ROLE_COUNT; k++)
			if (r->files[i].transfer[k].listed)
				json_add_text(on, r->index[k].name);
	}
}

void
release_json(const struct wizard *w, const struct err *e, struct str *out)
{
	const struct release *r = wizard_release(w);
	struct json *j = json_object_new();

	json_set_text(j, "release", r->id);
	json_set_text(j, "held-by", r->held_by);
	json_set_text(j, "root", r->root);
	json_set_text(j, "version", r->version);
	json_set_text(j, "candidate", r->candidate);
	json_set_bool(j, "lockstep", r->lockstep);
	json_set_text(j, "step", step_name(wizard_step(w)));
	json_set_text(j, "branch", r->branch);
	json_set_text(j, "head", r->head);
	json_set_text(j, "commit", r->commit);
	json_set_text(j, "python", r->python);
	add_checks(r, j);
	add_packages(r, j);
	add_ignored(r, j);
	add_remarks(r, j);
	add_commits(r, j);
	add_choices(r, j);
	add_edits(r, j);
	add_notes(r, j);
	add_plan(r, j);
	add_files(r, j);
	json_set_text(j, "report", r->report_path);
	if (e != NULL) {
		struct json *o = json_set_object(j, "error");

		json_set_text(o, "code", err_code_name(e->code));
		json_set_text(o, "message", e->message);
		json_set_text(o, "hint", e->hint);
	} else {
		json_set_null(j, "error");
	}
	json_write(j, JSON_STYLE_INDENT, out);
	str_putc(out, '\n');
	json_free(j);
}

/* -- text -- */

static void
put_diff(const struct edit_file *f, bool colour, struct str *out)
{
	struct str raw = STR_EMPTY, safe = STR_EMPTY;
	struct bytes rest, line;

	patch_text(f, &raw);
	sanitise_text(str_text(&raw), raw.len, &safe);
	rest = (struct bytes) { str_text(&safe), safe.len };
	while (bytes_line(&rest, &line)) {
		const char *on = !colour || line.len == 0 ? ""
				 : line.data[0] == '+'	  ? "\x1b[32m"
				 : line.data[0] == '-'	  ? "\x1b[31m"
				 : line.data[0] == '@'	  ? "\x1b[36m"
							  : "";

		str_printf(out, "  %s%.*s%s\n", on, (int)line.len, line.data,
		    on[0] != '\0' ? "\x1b[0m" : "");
	}
	str_fini(&raw);
	str_fini(&safe);
}

static void
put_safe(const char *text, struct str *out)
{
	sanitise(text, strlen(text), out);
}

/* Why a place stays as it is, with what it would say otherwise; or what to know of its edit. */
static void
put_note(const struct place *p, struct str *out)
{
	str_printf(out, "  %s: line %zu of ",
	    p->included	  ? "edited"
	    : p->question ? "to be decided"
			  : "left alone",
	    p->line);
	put_safe(p->file, out);
	if (!p->included && p->new_text != NULL) {
		str_puts(out, ", ");
		put_safe(p->what, out);
		str_putc(out, ' ');
		put_safe(p->old_text, out);
		str_puts(out, " -> ");
		put_safe(p->new_text, out);
	}
	str_puts(out, ": ");
	put_safe(p->note, out);
	str_putc(out, '\n');
}

void
release_edits_text(const struct wizard *w, bool colour, struct str *out)
{
	const struct release *r = wizard_release(w);

	for (size_t i = 0; r->edits != NULL && i < r->edits->count; i++)
		put_diff(&r->edits->items[i], colour, out);
	for (size_t i = 0; r->places != NULL && i < r->places->count; i++)
		if (r->places->items[i].note != NULL)
			put_note(&r->places->items[i], out);
}

void
release_notes_text(const struct wizard *w, struct str *out)
{
	const struct release *r = wizard_release(w);

	for (size_t i = 0; i < r->note_count; i++) {
		const struct release_notes *n = &r->notes[i];
		struct bytes text = bytes_of(n->text != NULL ? n->text : ""), line;

		str_printf(out, "  %s%s%s%s%s%s%s\n", n->title, n->path != NULL ? ": " : "",
		    n->path != NULL ? n->path : "", n->why != NULL ? "; " : "",
		    n->why != NULL ? n->why : "", n->remark != NULL ? "; " : "",
		    n->remark != NULL ? n->remark : "");
		if (text.len == 0)
			str_puts(out, "    (nothing to tell)\n");
		while (bytes_line(&text, &line))
			str_printf(
			    out, "%s%.*s\n", line.len > 0 ? "    " : "", (int)line.len, line.data);
		for (size_t k = 0; n->draft != NULL && k < n->draft->count; k++)
			if (!n->draft->items[k].taken)
				str_printf(out, "  left out: %s %s (%s)\n",
				    n->draft->items[k].source != NULL ? n->draft->items[k].source
								      : "",
				    n->draft->items[k].subject != NULL ? n->draft->items[k].subject
								       : n->draft->items[k].text,
				    n->draft->items[k].why != NULL ? n->draft->items[k].why
								   : "by you");
	}
}

void
release_effects_text(const struct wizard *w, struct str *out)
{
	const struct release *r = wizard_release(w);
	size_t n = 0;
	bool behind = false;

	for (size_t i = 0; i < r->plan_count; i++) {
		const struct plan_line *p = &r->plan[i];

		if (p->step == STEP_PUBLISH && !p->reversible && !behind) {
			str_puts(out, "  ---- from here on there is no way back ----\n");
			behind = true;
		}
		str_printf(out, "  %zu %s\n      undo: %s\n", ++n, p->does, p->undo);
	}
}

static void
put_packages(const struct release *r, struct str *out)
{
	for (size_t i = 0; i < r->package_count; i++) {
		const struct release_package *p = &r->packages[i];

		if (!p->selected)
			continue;
		str_printf(
		    out, "%s %s -> %s, tag %s\n", p->name, p->version, p->version_new, p->tag_new);
		if (p->authority != NULL && p->authority[0] != '\0')
			str_printf(out, "  version from %s\n", p->authority);
		if (!r->lockstep && p->suggestion != NULL)
			str_printf(out, "  commits since %s: %s\n",
			    p->tag_since != NULL ? p->tag_since : "the beginning", p->suggestion);
	}
	if (r->lockstep && r->suggestion != NULL)
		str_printf(out, "commits since %s: %s\n",
		    release_main(r)->tag_since != NULL ? release_main(r)->tag_since
						       : "the beginning",
		    r->suggestion);
	for (size_t i = 0; i < r->remarks.count; i++)
		str_printf(out, "! %s\n", r->remarks.items[i]);
}

static bool
is_of_selected(const struct release *r, const struct release_commit *c)
{
	for (size_t i = 0; i < c->package_count; i++)
		if (r->packages[c->packages[i]].selected)
			return true;
	return false;
}

/* Each commit with what it asks for and why. */
static void
put_commits(const struct release *r, struct str *out)
{
	static const char *const weights[] = { "-", "fix", "feature", "breaking" };
	size_t shown = 0, left = 0;

	for (size_t i = 0; i < r->commit_count; i++) {
		const struct release_commit *c = &r->commits[i];

		if (!is_of_selected(r, c) || shown == COMMITS_SHOWN) {
			left += is_of_selected(r, c);
			continue;
		}
		if (shown++ == 0)
			str_puts(out, "\nCommits\n");
		str_printf(out, "  %-8s %s %s", weights[c->weight], c->short_hash, c->subject);
		if (c->reason != NULL && strcmp(c->reason, weights[c->weight]) != 0)
			str_printf(out, "  (%s)", c->reason);
		str_putc(out, '\n');
	}
	if (left > 0)
		str_printf(out, "  and %zu more; --json has them all\n", left);
}

static void
put_ignored(const struct release *r, struct str *out)
{
	if (r->ignored_count > 0)
		str_puts(out, "\nPassed over\n");
	for (size_t i = 0; i < r->ignored_count; i++)
		str_printf(out, "  %s: %s\n", r->ignored[i].file, r->ignored[i].why);
}

void
release_plan_text(const struct wizard *w, bool colour, struct str *out)
{
	const struct release *r = wizard_release(w);

	str_puts(out, "\n");
	put_packages(r, out);
	put_commits(r, out);
	put_ignored(r, out);
	str_puts(out, "\nEdits\n");
	release_edits_text(w, colour, out);
	if (r->note_count > 0) {
		str_puts(out, "\nNotes\n");
		release_notes_text(w, out);
	}
	str_puts(out, "\nEffects, in order\n");
	release_effects_text(w, out);
}

void
release_status_text(const struct wizard *w, struct str *out)
{
	const struct release *r = wizard_release(w);

	if (r->id == NULL) {
		str_puts(out, "No release is unfinished here.\n");
		return;
	}
	str_printf(out, "The release %s%s%s is ", r->version != NULL ? "of " : "",
	    r->version != NULL ? r->version : r->id, r->dry_run ? " (a dry run)" : "");
	if (r->held_by != NULL)
		str_printf(
		    out, "under way in process %s, in %s.", r->held_by, step_name(wizard_step(w)));
	else
		str_printf(out, "unfinished; it stopped in %s.", step_name(wizard_step(w)));
	str_puts(out, "\n\nAsked just now:\n");
	for (size_t i = 0; i < r->plan_count; i++)
		str_printf(out, "  %-8s %s%s%s\n", status_word(r->plan[i].status), r->plan[i].does,
		    r->plan[i].failure != NULL ? ": " : "",
		    r->plan[i].failure != NULL ? r->plan[i].failure : "");
	if (r->accepted)
		str_printf(out, "\n%s has files of %s, so this can only go forward.\n",
		    r->index[INDEX_PRODUCTION].title, r->version);
	if (r->held_by != NULL)
		return;
	str_puts(out, r->accepted
			  ? "slipway resume finishes it.\n"
			  : "slipway resume goes on; slipway abort undoes what can be undone.\n");
}
