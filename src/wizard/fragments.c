/* Runs towncrier: for a draft in the user's tree, which stays as it is, and for good in the
 * worktree. */
#include "fragments.h"

#include <stdlib.h>
#include <string.h>

#include "jobs.h"
#include "release_notes.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/clock.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "slipway/os/process.h"
#include "slipway/project/changelog.h"
#include "slipway/project/edit.h"
#include "slipway/project/notes.h"

#define DRAFT_MAX_BYTES ((size_t)1 << 20)
#define TIMEOUT_MS (120 * 1000)

static void
arguments(const char *version, const char *mode, struct strlist *argv)
{
	char date[32];

	/* The day is that of the release in UTC, in the draft and in the build. */
	clock_iso(clock_now(), date, sizeof date);
	date[10] = '\0';
	strlist_add(argv, "towncrier");
	strlist_add(argv, "build");
	strlist_add(argv, "--version");
	strlist_add(argv, version);
	strlist_add(argv, "--date");
	strlist_add(argv, date);
	strlist_add(argv, mode);
}

/* It may import the package for its name: nothing is left in a tree by that. */
static void
environment(const struct wizard *w, struct strlist *env)
{
	env_child(&w->token_names, env);
	env_put(env, "PYTHONDONTWRITEBYTECODE", "1");
}

/* -- the draft -- */

struct fragments_draft {
	struct wizard *w; /* NULL: nobody waits any more */
	struct notes_doc *docs;
	size_t count, at;
	struct process *process;
	size_t log_line;
	fragments_fn fn;
	void *arg;
};

static void next_draft(struct fragments_draft *d);

static void
end_draft(struct fragments_draft *d, const struct err *e)
{
	fragments_fn fn = d->fn;
	void *arg = d->arg;

	free(d);
	fn(arg, e);
}

/* Its last line says why. */
static void
tell_failure(const struct process_result *r, const char *how, struct err *e)
{
	struct bytes words = bytes_trim(r->err.len > 0 ? r->err : r->out);
	const char *last = words.len > 0 ? words.data + words.len : NULL;
	char text[240] = "";

	while (last != NULL && last > words.data && last[-1] != '\n')
		last--;
	if (last != NULL)
		sanitise_line(last, words.len - (size_t)(last - words.data), text, sizeof text);
	err_set(e, ERR_FAILED, "towncrier build --draft %s: %s", how, text);
	err_hint(e, "run it by hand, mend what it says, or go on without notes");
}

static void
on_draft(void *arg, const struct process_result *r)
{
	struct fragments_draft *d = arg;
	struct err e = ERR_EMPTY;
	char text[64];

	if (d->w == NULL) {
		free(d);
		return;
	}
	d->process = NULL;
	process_end_text(&r->end, text, sizeof text);
	wizard_log_end(d->w, d->log_line, text, r->end.elapsed_ms);
	if (!process_end_ok(&r->end)) {
		tell_failure(r, text, &e);
	} else if (r->out.len == DRAFT_MAX_BYTES) {
		err_set(&e, ERR_LIMIT, "what towncrier drafts is longer than %zu KiB",
		    DRAFT_MAX_BYTES >> 10);
	} else {
		str_append(&d->docs[d->at].drafted, r->out.data, r->out.len);
		d->at++;
		next_draft(d);
		return;
	}
	end_draft(d, &e);
}

static void
next_draft(struct fragments_draft *d)
{
	struct strlist argv = STRLIST_EMPTY, env = STRLIST_EMPTY;
	struct str text = STR_EMPTY;
	struct process_opts opts = { .timeout_ms = TIMEOUT_MS };
	struct err e = ERR_EMPTY;
	char *cwd;

	while (d->at < d->count && !notes_doc_needs_draft(&d->docs[d->at]))
		d->at++;
	if (d->at == d->count) {
		end_draft(d, NULL);
		return;
	}
	cwd = fs_join(d->w->rel.root, d->docs[d->at].towncrier.dir);
	arguments(d->docs[d->at].version, "--draft", &argv);
	jobs_command_text(&argv, &text);
	environment(d->w, &env);
	opts.argv = (const char *const *)argv.items;
	opts.env = (const char *const *)env.items;
	opts.cwd = cwd;
	d->log_line = wizard_log_begin(d->w, str_text(&text), cwd);
	if (process_capture(d->w->loop, &opts, DRAFT_MAX_BYTES, on_draft, d, &d->process, &e) !=
	    ERR_OK) {
		wizard_log_end(d->w, d->log_line, e.message, 0);
		err_hint(&e, FRAGMENTS_INSTALL);
		end_draft(d, &e);
	}
	strlist_fini(&argv);
	strlist_fini(&env);
	str_fini(&text);
	free(cwd);
}

static void
begin_draft(void *arg)
{
	struct fragments_draft *d = arg;

	if (d->w == NULL)
		free(d);
	else
		next_draft(d);
}

struct fragments_draft *
fragments_draft_start(
    struct wizard *w, struct notes_doc *docs, size_t count, fragments_fn fn, void *arg)
{
	struct fragments_draft *d = mem_zalloc(1, sizeof *d);

	*d = (struct fragments_draft) {
		.w = w, .docs = docs, .count = count, .fn = fn, .arg = arg
	};
	loop_defer(w->loop, begin_draft, d);
	return d;
}

void
fragments_draft_stop(struct fragments_draft *d)
{
	if (d == NULL)
		return;
	d->w = NULL;
	if (d->process != NULL)
		process_cancel(d->process);
}

/* -- the build -- */

/* The document that towncrier writes in this release, or NULL. */
static const struct notes_doc *
doc_at(const struct wizard *w, size_t at)
{
	const struct release_notes *n = &w->rel.notes[at];

	return w->note_docs != NULL && n->towncrier && n->why == NULL ? &w->note_docs[at] : NULL;
}

size_t
fragments_count(const struct wizard *w)
{
	size_t count = 0;

	for (size_t i = 0; i < w->rel.note_count; i++)
		count += doc_at(w, i) != NULL;
	return count;
}

void
fragments_build(struct wizard *w, void (*fn)(void *arg, const struct jobs_end *end), void *arg,
    struct jobs **out)
{
	struct job_spec *specs = mem_zalloc(w->rel.note_count + 1, sizeof *specs);
	struct strlist env = STRLIST_EMPTY;
	size_t count = 0;

	environment(w, &env);
	for (size_t i = 0; i < w->rel.note_count; i++) {
		const struct notes_doc *d = doc_at(w, i);
		struct job_spec *spec = &specs[count];

		if (d == NULL)
			continue;
		count++;
		*spec = (struct job_spec) { .title = w->rel.notes[i].title,
			.cwd = fs_join(w->rel.worktree, d->towncrier.dir),
			.env = &env,
			.timeout_ms = TIMEOUT_MS };
		arguments(d->version, "--yes", &spec->argv);
	}
	jobs_start(&w->steps[STEP_COMMIT], &w->rel.news, &w->rel.news_count, specs, count, 1, fn,
	    arg, out);
	for (size_t i = 0; i < count; i++) {
		strlist_fini(&specs[i].argv);
		free(specs[i].cwd);
	}
	strlist_fini(&env);
	free(specs);
}

static void
without_returns(struct bytes b, struct str *out)
{
	b = bytes_trim(b);
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] != '\r')
			str_putc(out, b.data[i]);
}

/* The section that towncrier WROTE with a person's words in it, as line ends are there. */
static void
put_curated(const struct release_notes *n, struct bytes drafted, bool crlf, struct str *out)
{
	struct bytes base = bytes_trim(changelog_body(n->changelog, n->changelog->unreleased));
	struct str body = STR_EMPTY, all = STR_EMPTY;

	notes_body(n->draft, n->changelog, &body);
	without_returns((struct bytes) { str_text(&body), body.len }, &all);
	/* Links that it put behind its text stay. */
	if (drafted.len > base.len)
		str_append(&all, drafted.data + base.len, drafted.len - base.len);
	for (size_t i = 0; i < all.len; i++) {
		if (crlf && all.data[i] == '\n')
			str_putc(out, '\r');
		str_putc(out, all.data[i]);
	}
	str_fini(&body);
	str_fini(&all);
}

static enum err_code
take_one(
    const struct wizard *w, const struct release_notes *n, const struct notes_doc *d, struct err *e)
{
	struct bytes drafted = bytes_trim(notes_doc_drafted(d)), section = { "", 0 }, core;
	struct str file = STR_EMPTY, wrote = STR_EMPTY, expected = STR_EMPTY, after = STR_EMPTY;
	struct edit_plan plan = EDIT_PLAN_EMPTY;
	struct towncrier left = TOWNCRIER_EMPTY;
	size_t at;
	enum err_code rc = changelog_read(w->rel.worktree, n->path, &file, e);

	if (rc != ERR_OK)
		goto out;
	towncrier_section(
	    (struct bytes) { str_text(&file), file.len }, n->path, d->version, &section);
	core = bytes_trim(section);
	without_returns(core, &wrote);
	without_returns(drafted, &expected);
	if (strcmp(str_text(&wrote), str_text(&expected)) != 0) {
		rc = err_set(e, ERR_CONFLICT,
		    "what towncrier wrote into %s is not what it drafted for the notes", n->path);
		err_hint(e, "commit all news fragments, or remove those that are not in git");
		goto out;
	}
	if (towncrier_find(w->rel.worktree, d->towncrier.dir, false, true, &left) &&
	    left.fragments > 0 && left.fragments >= d->towncrier.fragments) {
		rc = err_set(
		    e, ERR_FAILED, "towncrier left %zu news fragments in place", left.fragments);
		err_hint(e, "L has what it said");
		goto out;
	}
	at = (size_t)(core.data - str_text(&file));
	str_append(&after, file.data, at);
	put_curated(n, (struct bytes) { str_text(&expected), expected.len },
	    memchr(core.data, '\r', core.len) != NULL, &after);
	str_append(&after, file.data + at + core.len, file.len - at - core.len);
	edit_plan_add(&plan, n->path, (struct bytes) { str_text(&file), file.len },
	    (struct bytes) { str_text(&after), after.len });
	if (!bytes_equal((struct bytes) { str_text(&file), file.len },
		(struct bytes) { str_text(&after), after.len }))
		rc = edit_apply(&plan, w->rel.worktree, e);
out:
	edit_plan_fini(&plan);
	towncrier_fini(&left);
	str_fini(&file);
	str_fini(&wrote);
	str_fini(&expected);
	str_fini(&after);
	return rc;
}

enum err_code
fragments_take(struct wizard *w, struct err *e)
{
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < w->rel.note_count && rc == ERR_OK; i++)
		if (doc_at(w, i) != NULL)
			rc = take_one(w, &w->rel.notes[i], doc_at(w, i), e);
	return rc;
}

void
fragments_files(const struct wizard *w, struct strlist *out)
{
	for (size_t i = 0; i < w->rel.note_count; i++)
		if (doc_at(w, i) != NULL)
			strlist_add(out, w->rel.notes[i].path);
}

void
fragments_text(const struct wizard *w, struct str *out)
{
	for (size_t i = 0; i < w->rel.note_count; i++) {
		const struct notes_doc *d = doc_at(w, i);

		if (d != NULL)
			str_printf(out, "%stowncrier build --version %s --yes%s%s",
			    out->len > 0 ? " and " : "", d->version,
			    d->towncrier.dir[0] != '\0' ? " in " : "", d->towncrier.dir);
	}
}
