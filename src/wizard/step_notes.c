/* Notes: a draft for each changelog from the commits, curated by a person; the text goes into the
 * file, the tag and the report. */
#include <stdlib.h>
#include <string.h>

#include "fragments.h"
#include "plan.h"
#include "release_notes.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "slipway/os/process.h"
#include "slipway/os/worker.h"
#include "slipway/project/changelog.h"
#include "slipway/project/notes.h"

#define OPTIONS_MAX 8
#define COMMAND_MAX_BYTES ((size_t)64 << 10)
#define COMMAND_TIMEOUT_MS (60 * 1000)
#define EDITED_MAX_BYTES ((size_t)1 << 20)
/* What stands behind it in the editor is for the person, not for the notes. */
#define SCISSORS "<!-- >8 slipway drops this line and all that follows -->"

/* A command of the user's own or the editor; it outlives the step when it has to. */
struct outside {
	struct step_run *s; /* NULL: nobody waits any more */
	struct process *process;
	size_t log_line;
	size_t doc;
	bool all;	/* the ones behind it come next */
	char *file;	/* what the editor has open */
	char *before;	/* and what stood there */
	bool lent;
};

struct notes_step {
	struct worker_job *reading;
	struct fragments_draft *fragments;
	struct outside *outside;
	struct notes_doc *docs; /* read, until they are drafted from */
	size_t doc_count;
	struct str lines; /* from the command and the file */
	bool without_lines;
	struct question_option options[OPTIONS_MAX];
};

static const struct question_option failed_options[] = {
	{ "without", "go on without notes", "the changelog stays as it is" },
};

static const struct question_option command_options[] = {
	{ "without-lines", "go on without its lines", NULL },
	{ "without", "go on without notes", "the changelog stays as it is" },
};

/* What can be chosen about the files, as they are. */
static size_t
add_ways(const struct step_run *s, struct question_option *out)
{
	const struct notes_doc *docs = s->w->note_docs;
	enum changelog_fresh fresh = settings_new_changelog(s->w);
	bool candidate = false, lacking = false;
	size_t n = 0;

	for (size_t i = 0; i < s->w->rel.note_count; i++) {
		candidate = candidate || (docs[i].candidate && s->w->rel.notes[i].path != NULL);
		lacking = lacking || docs[i].lacking;
	}
	if (candidate && settings_date_candidates(s->w))
		out[n++] = (struct question_option) { "wait", "let the changelog wait",
			"the final release dates what is unreleased" };
	else if (candidate)
		out[n++] = (struct question_option) { "date", "date the changelog now",
			"the candidate gets a section of its own" };
	if (lacking && fresh != CHANGELOG_FRESH_BRACKETS)
		out[n++] = (struct question_option) { "new-brackets", "begin a changelog",
			"as Keep a Changelog has it: ## [1.2.0] - 2026-01-31" };
	if (lacking && fresh != CHANGELOG_FRESH_DASH)
		out[n++] = (struct question_option) { "new-dash", "begin one with dashes",
			"## v1.2.0 \xe2\x80\x94 2026-01-31" };
	if (lacking && fresh != CHANGELOG_FRESH_NONE)
		out[n++] = (struct question_option) { "new-none", "begin none", NULL };
	return n;
}

static void
ask(struct step_run *s)
{
	struct question_option *o = ((struct notes_step *)s->priv)->options;
	size_t n = 0;
	struct question q = {
		.id = ASK_NOTES,
		.step = STEP_NOTES,
		.kind = QUESTION_CHOICE,
		.title = "The same text goes into the changelog, the tag and the report.",
		.options = o,
		.preset = "accept",
		.undoable = true,
		.keyed = true,
		.flag = "--yes or --no-notes",
	};

	o[n++] = (struct question_option) { "accept", "take these notes",
		"they go into the changelog, the tag and the report" };
	o[n++] = (struct question_option) { "editor", "write them in the editor",
		"$VISUAL or $EDITOR" };
	n += add_ways(s, o + n);
	o[n++] = (struct question_option) { "without", "no notes", "the changelog stays as it is" };
	o[n++] = (struct question_option) { "leave", "leave", "nothing has been changed" };
	q.option_count = n;
	step_ask(s, &q);
}

/* -- reading and drafting -- */

struct reading {
	struct step_run *s;
	char *root, *lines_path;
	struct notes_doc *docs;
	size_t count;
	struct str lines;
	struct err err;
};

static void
reading_free(struct reading *k)
{
	notes_docs_free(k->docs, k->count);
	str_fini(&k->lines);
	free(k->root);
	free(k->lines_path);
	free(k);
}

static void
reading_run(void *arg, const atomic_bool *cancelled)
{
	struct reading *k = arg;

	for (size_t i = 0; i < k->count && !atomic_load(cancelled); i++)
		notes_doc_read(&k->docs[i], k->root);
	notes_docs_place(k->docs, k->count);
	if (k->lines_path != NULL &&
	    changelog_read(k->root, k->lines_path, &k->lines, &k->err) != ERR_OK)
		err_hint(&k->err, "it is notes-file of the configuration");
}

static void
make_draft(struct step_run *s)
{
	struct notes_step *v = s->priv;
	struct notes_doc *docs = v->docs;
	struct err e = ERR_EMPTY;
	bool something = false;

	v->docs = NULL;
	if (release_notes_draft(s->w, docs, v->doc_count,
		(struct bytes) { str_text(&v->lines), v->lines.len }, &e) != ERR_OK) {
		step_fail(s, &e, ASK_NOTES_FAILED, failed_options, ARRAY_LEN(failed_options));
		return;
	}
	for (size_t i = 0; i < s->w->rel.note_count; i++)
		something = something || s->w->rel.notes[i].path != NULL ||
			    s->w->rel.notes[i].draft->count > 0;
	step_changed(s);
	if (something)
		ask(s);
	else
		step_skip(s, "no changelog, and no commits to tell of");
}

static void
on_fragments(void *arg, const struct err *e)
{
	struct step_run *s = arg;

	((struct notes_step *)s->priv)->fragments = NULL;
	if (e != NULL)
		step_fail(s, e, ASK_NOTES_FAILED, failed_options, ARRAY_LEN(failed_options));
	else
		make_draft(s);
}

static void
draft(struct step_run *s)
{
	struct notes_step *v = s->priv;

	v->doc_count = notes_docs_merge(s->w, v->docs, v->doc_count);
	v->fragments = fragments_draft_start(s->w, v->docs, v->doc_count, on_fragments, s);
}

static void
on_command(void *arg, const struct process_result *r)
{
	struct outside *o = arg;
	struct step_run *s = o->s;
	char text[64];
	struct err e = ERR_EMPTY;

	if (s != NULL) {
		((struct notes_step *)s->priv)->outside = NULL;
		wizard_log_end(s->w, o->log_line, process_end_text(&r->end, text, sizeof text),
		    r->end.elapsed_ms);
		if (process_end_ok(&r->end)) {
			str_append(&((struct notes_step *)s->priv)->lines, r->out.data, r->out.len);
			draft(s);
		} else {
			err_set(&e, ERR_FAILED, "notes-command %s: %.300s", text, r->err.data);
			err_hint(&e, "mend it, or go on without its lines");
			step_fail(s, &e, ASK_NOTES_FAILED, command_options,
			    ARRAY_LEN(command_options));
		}
	}
	free(o);
}

/* A plan starts nothing that the repository brings along: who looks at a foreign one must be able
 * to. */
static void
tell_not_run(struct release *r, const char *line)
{
	struct str safe = STR_EMPTY;

	sanitise(line, strlen(line), &safe);
	strlist_addf(&r->remarks,
	    "A release asks \"%s\" for more lines of the notes; a plan runs no such command.",
	    str_text(&safe));
	str_fini(&safe);
}

/* The configured command, in the user's tree: it only prints. */
static void
run_command(struct step_run *s)
{
	struct notes_step *v = s->priv;
	char *line = settings_notes_command(s->w);
	const char *argv[] = { "/bin/sh", "-c", line, NULL };
	struct strlist env = STRLIST_EMPTY;
	struct process_opts opts = {
		.argv = argv, .cwd = s->w->rel.root, .timeout_ms = COMMAND_TIMEOUT_MS
	};
	struct outside *o;
	struct err e = ERR_EMPTY;

	if (line == NULL || v->without_lines || s->w->mode == WIZARD_PLAN) {
		if (line != NULL && s->w->mode == WIZARD_PLAN)
			tell_not_run(&s->w->rel, line);
		free(line);
		draft(s);
		return;
	}
	o = v->outside = mem_zalloc(1, sizeof *o);
	o->s = s;
	o->log_line = wizard_log_begin(s->w, line, s->w->rel.root);
	env_child(&s->w->token_names, &env);
	opts.env = (const char *const *)env.items;
	if (process_capture(s->w->loop, &opts, COMMAND_MAX_BYTES, on_command, o, &o->process, &e) !=
	    ERR_OK) {
		v->outside = NULL;
		wizard_log_end(s->w, o->log_line, e.message, 0);
		free(o);
		step_fail(s, &e, ASK_NOTES_FAILED, command_options, ARRAY_LEN(command_options));
	}
	strlist_fini(&env);
	free(line);
}

static void
reading_done(void *arg, bool cancelled)
{
	struct reading *k = arg;
	struct step_run *s = k->s;
	struct notes_step *v = !cancelled ? s->priv : NULL;

	if (v != NULL) {
		v->reading = NULL;
		if (k->err.code != ERR_OK) {
			step_fail(s, &k->err, ASK_NOTES_FAILED, command_options,
			    ARRAY_LEN(command_options));
		} else {
			v->docs = k->docs;
			v->doc_count = k->count;
			k->docs = NULL;
			k->count = 0;
			str_append(&v->lines, str_text(&k->lines), k->lines.len);
			if (v->lines.len > 0 && v->lines.data[v->lines.len - 1] != '\n')
				str_putc(&v->lines, '\n');
			run_command(s);
		}
	}
	reading_free(k);
}

static void
read_all(struct step_run *s)
{
	struct notes_step *v = s->priv;
	struct reading *k = mem_zalloc(1, sizeof *k);

	k->s = s;
	k->root = mem_strdup(s->w->rel.root);
	k->lines_path = v->without_lines ? NULL : mem_strdup(settings_notes_file(s->w));
	k->docs = notes_docs_list(s->w, &k->count);
	v->reading = worker_submit(s->w->worker, reading_run, reading_done, k);
}

static void
notes_enter(struct step_run *s)
{
	release_notes_remember(s->w);
	release_notes_clear(s->w);
	if (!settings_notes(s->w))
		step_skip(s, "left out by the configuration");
	else
		read_all(s);
}

/* -- the editor -- */

static void
outside_free(struct outside *o)
{
	free(o->file);
	free(o->before);
	free(o);
}

/* What the person left in the file; NULL when nothing is to be changed, and why in *WHY. */
static char *
read_edited(const struct outside *o, const char **why, struct err *e)
{
	struct str text = STR_EMPTY;
	char *cut;

	*why = NULL;
	if (fs_read(o->file, EDITED_MAX_BYTES, &text, e) != ERR_OK) {
		*why = e->message;
		str_fini(&text);
		return NULL;
	}
	cut = strstr(str_text(&text), SCISSORS);
	if (cut != NULL) {
		*cut = '\0';
		text.len = (size_t)(cut - text.data);
	}
	if (bytes_trim((struct bytes) { str_text(&text), text.len }).len == 0)
		*why = "nothing was left in the editor: the notes are as before";
	else if (!bytes_equal(bytes_trim((struct bytes) { str_text(&text), text.len }),
		     bytes_trim(bytes_of(o->before))))
		return str_take(&text);
	str_fini(&text);
	return NULL;
}

static void open_editor(struct step_run *s, size_t doc, bool all);

static void
take_edited(struct step_run *s, const struct outside *o, const struct process_end *end)
{
	struct err e = ERR_EMPTY;
	const char *why = NULL;
	char text[64], *edited = NULL;

	if (!process_end_ok(end)) {
		step_refuse(s, "the editor %s: the notes are as before",
		    process_end_text(end, text, sizeof text));
		return;
	}
	edited = read_edited(o, &why, &e);
	if (why != NULL) {
		step_refuse(s, "%s", why);
		return;
	}
	if (edited != NULL) {
		notes_write(s->w->rel.notes[o->doc].draft, edited);
		release_notes_refresh(s->w, o->doc);
		step_changed(s);
	}
	free(edited);
	if (o->all && o->doc + 1 < s->w->rel.note_count)
		open_editor(s, o->doc + 1, true);
	else
		ask(s);
}

static void
on_editor_end(void *arg, const struct process_end *end)
{
	struct outside *o = arg;
	struct step_run *s = o->s;

	if (s != NULL) {
		((struct notes_step *)s->priv)->outside = NULL;
		wizard_log_end(s->w, o->log_line, process_end_ok(end) ? "ok" : "failed",
		    end->elapsed_ms);
		wizard_take_back(s->w);
		take_edited(s, o, end);
	}
	outside_free(o);
}

static void
on_terminal(void *arg, bool given)
{
	struct step_run *s = arg;
	struct notes_step *v = s->priv;
	struct outside *o = v->outside;
	const char *editor = env_get("VISUAL");
	char *shell;
	struct strlist env = STRLIST_EMPTY;
	struct process_opts opts = { .cwd = s->w->rel.root, .mode = PROCESS_FOREGROUND };
	struct err e = ERR_EMPTY;

	if (!given) {
		v->outside = NULL;
		outside_free(o);
		step_refuse(s, "there is no terminal for an editor");
		return;
	}
	if (editor == NULL)
		editor = env_get("EDITOR");
	/* As git does it: the value may have arguments of its own. */
	shell = mem_printf("%s \"$1\"", editor != NULL ? editor : "vi");
	opts.argv = (const char *const[]) { "/bin/sh", "-c", shell, "sh", o->file, NULL };
	o->log_line = wizard_log_begin(s->w, shell, s->w->rel.root);
	o->lent = true;
	env_child(&s->w->token_names, &env);
	opts.env = (const char *const *)env.items;
	opts.on_end = on_editor_end;
	opts.arg = o;
	if (process_start(s->w->loop, &opts, &o->process, &e) != ERR_OK) {
		v->outside = NULL;
		outside_free(o);
		wizard_take_back(s->w);
		step_refuse(s, "%s", e.message);
	}
	strlist_fini(&env);
	free(shell);
}

static enum err_code
write_for_editor(const struct release_notes *n, const struct outside *o, struct err *e)
{
	struct str text = STR_EMPTY;
	enum err_code rc;

	str_printf(&text, "%s\n\n%s\n", o->before, SCISSORS);
	str_printf(&text, "The notes of %s%s%s. An empty text changes nothing.\n", n->title,
	    n->path != NULL ? ", for " : "", n->path != NULL ? n->path : "");
	for (size_t i = 0; i < n->draft->count; i++)
		if (!n->draft->items[i].taken)
			str_printf(&text, "\nleft out: %s\n  %s %s%s%s\n", n->draft->items[i].text,
			    n->draft->items[i].source != NULL ? n->draft->items[i].source : "",
			    n->draft->items[i].subject != NULL ? n->draft->items[i].subject : "",
			    n->draft->items[i].why != NULL ? ": " : "",
			    n->draft->items[i].why != NULL ? n->draft->items[i].why : "");
	rc = fs_write(o->file, text.data, text.len, 0600, e);
	str_fini(&text);
	return rc;
}

static void
open_editor(struct step_run *s, size_t doc, bool all)
{
	struct notes_step *v = s->priv;
	struct wizard *w = s->w;
	struct outside *o;
	struct err e = ERR_EMPTY;

	if (w->rel.state_dir == NULL || v->outside != NULL)
		return;
	o = mem_zalloc(1, sizeof *o);
	o->s = s;
	o->doc = doc;
	o->all = all;
	o->file = fs_join(w->rel.state_dir, "notes-edit.md");
	o->before = mem_strdup(w->rel.notes[doc].text);
	if (write_for_editor(&w->rel.notes[doc], o, &e) != ERR_OK) {
		outside_free(o);
		step_refuse(s, "%s", e.message);
		return;
	}
	v->outside = o;
	wizard_lend(w, "the editor has the notes", on_terminal, s);
}

static void
notes_leave(struct step_run *s)
{
	struct notes_step *v = s->priv;

	if (v->reading != NULL)
		worker_cancel(s->w->worker, v->reading);
	fragments_draft_stop(v->fragments);
	if (v->outside != NULL && v->outside->process == NULL) {
		wizard_lend_withdraw(s->w, s);
		outside_free(v->outside);
	} else if (v->outside != NULL) {
		if (v->outside->lent)
			wizard_take_back(s->w);
		v->outside->s = NULL;
		process_cancel(v->outside->process);
	}
	if (v->docs != NULL)
		notes_docs_free(v->docs, v->doc_count);
	str_fini(&v->lines);
}

/* -- the answer -- */

static void
finish(struct step_run *s)
{
	struct release *r = &s->w->rel;
	struct str files = STR_EMPTY;
	struct err e = ERR_EMPTY;

	if (release_notes_write(s->w, &e) != ERR_OK) {
		step_fail(s, &e, ASK_NOTES_FAILED, failed_options, ARRAY_LEN(failed_options));
		return;
	}
	for (size_t i = 0; i < r->note_count; i++)
		if (r->notes[i].path != NULL && r->notes[i].why == NULL)
			str_printf(&files, "%s%s", files.len > 0 ? ", " : "", r->notes[i].path);
	/* The commit has what towncrier writes. */
	plan_make(s->w);
	if (files.len > 0)
		step_done(s, "%s", str_text(&files));
	else
		step_done(s, "for the tag and the report; no changelog is changed");
	str_fini(&files);
}

/* True when the notes are to be drafted anew for it; what was curated so far is kept. */
static bool
choose_way(struct wizard *w, const char *way)
{
	static const struct {
		const char *id;
		enum changelog_fresh fresh;
	} news[] = {
		{ "new-brackets", CHANGELOG_FRESH_BRACKETS },
		{ "new-dash", CHANGELOG_FRESH_DASH },
		{ "new-none", CHANGELOG_FRESH_NONE },
	};

	if (strcmp(way, "date") == 0 || strcmp(way, "wait") == 0) {
		w->date_candidates = strcmp(way, "date") == 0;
		return w->date_candidates_chosen = true;
	}
	for (size_t i = 0; i < ARRAY_LEN(news); i++)
		if (strcmp(way, news[i].id) == 0) {
			w->new_changelog = news[i].fresh;
			return w->new_changelog_chosen = true;
		}
	return false;
}

static void
notes_answer(struct step_run *s, const struct answer *a)
{
	struct notes_step *v = s->priv;

	if (choose_way(s->w, a->text)) {
		step_again(s);
	} else if (strcmp(a->text, "without") == 0) {
		release_notes_clear(s->w);
		plan_make(s->w);
		step_skip(s, "the changelog stays as it is");
	} else if (strcmp(a->text, "without-lines") == 0) {
		str_clear(&v->lines);
		v->without_lines = true;
		if (v->docs != NULL)
			draft(s);
		else
			read_all(s);
	} else if (strcmp(a->text, "editor") == 0) {
		open_editor(s, 0, true);
	} else {
		finish(s);
	}
}

/* -- wishes -- */

static struct notes *
draft_of(struct wizard *w, size_t doc)
{
	return w->step == STEP_NOTES && w->question_open && doc < w->rel.note_count
		   ? w->rel.notes[doc].draft
		   : NULL;
}

static void
changed(struct wizard *w, size_t doc)
{
	release_notes_refresh(w, doc);
	w->front->changed(w->front_arg, STEP_NOTES);
}

size_t
wizard_curate(struct wizard *w, size_t doc, size_t at, enum note_wish wish, size_t group)
{
	struct notes *n = draft_of(w, doc);

	if (n == NULL || n->whole != NULL || at >= n->count)
		return at;
	switch (wish) {
	case NOTE_TAKE:
	case NOTE_DROP:
		notes_take(n, at, wish == NOTE_TAKE);
		break;
	case NOTE_UP:
	case NOTE_DOWN:
		at = notes_move(n, at, wish == NOTE_UP ? -1 : 1);
		break;
	case NOTE_REGROUP:
		at = notes_regroup(n, at, group);
		break;
	}
	changed(w, doc);
	return at;
}

bool
wizard_reword(struct wizard *w, size_t doc, size_t at, const char *text)
{
	struct notes *n = draft_of(w, doc);

	if (n == NULL || n->whole != NULL || !notes_reword(n, at, text))
		return false;
	changed(w, doc);
	return true;
}

size_t
wizard_add_note(struct wizard *w, size_t doc, size_t group, const char *text)
{
	struct notes *n = draft_of(w, doc);
	size_t at = n != NULL && n->whole == NULL ? notes_add(n, group, text) : SIZE_MAX;

	if (at != SIZE_MAX)
		changed(w, doc);
	return at;
}

void
wizard_entries_again(struct wizard *w, size_t doc)
{
	struct notes *n = draft_of(w, doc);

	if (n == NULL || n->whole == NULL)
		return;
	notes_write(n, NULL);
	changed(w, doc);
}

void
wizard_edit_notes(struct wizard *w, size_t doc)
{
	if (draft_of(w, doc) == NULL)
		return;
	w->question_open = false;
	w->front->ask(w->front_arg, NULL);
	open_editor(&w->steps[STEP_NOTES], doc, false);
}

const struct step_ops step_notes = {
	.id = STEP_NOTES,
	.priv_size = sizeof(struct notes_step),
	.enter = notes_enter,
	.answer = notes_answer,
	.leave = notes_leave,
	.save = release_notes_save,
	.load = release_notes_load,
};
