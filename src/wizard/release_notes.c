/* From the packages of a release to the text of their notes and the edits of their changelogs. */
#include "release_notes.h"

#include <stdlib.h>
#include <string.h>

#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/clock.h"
#include "slipway/os/fs.h"
#include "slipway/project/changelog.h"
#include "slipway/project/commits.h"
#include "slipway/project/edit.h"
#include "slipway/project/notes.h"
#include "slipway/project/tags.h"
#include "slipway/project/towncrier.h"
#include "slipway/project/version.h"

/* -- the changelogs -- */

static char *
prefix_of(const struct release_package *p)
{
	struct tag_template t = TAG_TEMPLATE_EMPTY;
	char *prefix = NULL;

	if (p->tag_template != NULL &&
	    tag_template_parse(p->tag_template, p->name, &t, NULL) == ERR_OK)
		prefix = mem_strdup(t.prefix);
	tag_template_fini(&t);
	return prefix;
}

struct notes_doc *
notes_docs_list(const struct wizard *w, size_t *count)
{
	const struct release *r = &w->rel;
	struct notes_doc *docs = mem_zalloc(r->package_count + 1, sizeof *docs);

	*count = 0;
	for (size_t i = 0; i < r->package_count; i++) {
		const struct release_package *p = &r->packages[i];

		if (!p->selected)
			continue;
		docs[*count] = (struct notes_doc) {
			.package = i,
			.configured = mem_strdup(settings_changelog(w, p->name)),
			.version = p->version_new,
			.fresh = settings_new_changelog(w),
			.dir = mem_strdup(p->dir),
			.shared = r->lockstep || r->package_count == 1,
			.prefix = prefix_of(p),
		};
		strlist_add(&docs[(*count)++].packages, p->normal);
	}
	return docs;
}

/* The file may be yet to come: towncrier makes it. */
static void
read_towncrier(struct notes_doc *doc, const char *root)
{
	struct bytes section;

	doc->path = towncrier_news(&doc->towncrier, doc->version);
	if (changelog_read(root, doc->path, &doc->text, &doc->err) == ERR_NOT_FOUND)
		err_clear(&doc->err);
	doc->there = towncrier_section((struct bytes) { str_text(&doc->text), doc->text.len },
	    doc->path, doc->version, &section);
}

/* As if it were there, with nothing in it. */
static void
begin_file(struct notes_doc *doc)
{
	if (doc->path == NULL)
		doc->path = doc->shared || doc->dir[0] == '\0'
				? mem_strdup("CHANGELOG.md")
				: mem_printf("%s/CHANGELOG.md", doc->dir);
	err_clear(&doc->err);
	str_puts(&doc->text, changelog_fresh_text(doc->fresh));
	doc->created = true;
}

void
notes_doc_read(struct notes_doc *doc, const char *root)
{
	/* A folder alone says little against a changelog that somebody named. */
	if (towncrier_find(
		root, doc->dir, doc->shared, doc->configured == NULL, &doc->towncrier)) {
		read_towncrier(doc, root);
		return;
	}
	if (doc->configured != NULL)
		doc->path = mem_strdup(doc->configured);
	else
		doc->path = changelog_find(root, doc->dir, doc->shared);
	if (doc->path != NULL &&
	    changelog_read(root, doc->path, &doc->text, &doc->err) == ERR_NOT_FOUND)
		err_hint(&doc->err,
		    "new-changelog = \"keep-a-changelog\" makes %s; or take it out of the "
		    "configuration",
		    doc->path);
	doc->lacking = doc->path == NULL || doc->err.code == ERR_NOT_FOUND;
	if (doc->lacking && doc->fresh != CHANGELOG_FRESH_NONE)
		begin_file(doc);
}

void
notes_docs_place(struct notes_doc *docs, size_t count)
{
	bool own = false;

	for (size_t i = 0; i < count; i++)
		own = own || (!docs[i].created && docs[i].path != NULL && docs[i].dir[0] != '\0' &&
				 text_starts(docs[i].path, docs[i].dir));
	for (size_t i = 0; own && i < count; i++)
		if (docs[i].created && docs[i].configured == NULL && docs[i].dir[0] != '\0') {
			free(docs[i].path);
			docs[i].path = fs_join(docs[i].dir, "CHANGELOG.md");
		}
}

static void
doc_fini(struct notes_doc *d)
{
	strlist_fini(&d->packages);
	free(d->configured);
	free(d->dir);
	free(d->path);
	free(d->prefix);
	str_fini(&d->text);
	str_fini(&d->drafted);
	str_fini(&d->standin);
	towncrier_fini(&d->towncrier);
}

bool
notes_doc_needs_draft(const struct notes_doc *doc)
{
	return doc->towncrier.dir != NULL && doc->err.code == ERR_OK && !doc->there;
}

struct bytes
notes_doc_drafted(const struct notes_doc *doc)
{
	return towncrier_body((struct bytes) { str_text(&doc->drafted), doc->drafted.len },
	    doc->path, doc->version);
}

void
notes_docs_free(struct notes_doc *docs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		doc_fini(&docs[i]);
	free(docs);
}

static bool
same_file(const struct wizard *w, const struct notes_doc *a, const struct notes_doc *b)
{
	if (a->path == NULL || b->path == NULL)
		return a->path == b->path && w->rel.lockstep;
	return strcmp(a->path, b->path) == 0;
}

size_t
notes_docs_merge(const struct wizard *w, struct notes_doc *docs, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		size_t k = 0;

		while (k < kept && !same_file(w, &docs[k], &docs[i]))
			k++;
		if (k < kept) {
			strlist_copy(&docs[k].packages, &docs[i].packages);
			doc_fini(&docs[i]);
		} else {
			docs[kept++] = docs[i];
		}
	}
	return kept;
}

/* -- drafting -- */

static char *
title_of(const struct wizard *w, const struct strlist *packages)
{
	const struct release_package *best = NULL;
	size_t more = 0;

	/* As release_main(): the one that needs the others. */
	for (size_t i = 0; i < w->rel.package_count; i++)
		if (strlist_has(packages, w->rel.packages[i].normal)) {
			more += best != NULL;
			best = &w->rel.packages[i];
		}
	if (best == NULL)
		return mem_strdup("");
	return more > 0 ? mem_printf("%s +%zu", best->name, more) : mem_strdup(best->name);
}

static bool
touches(const struct release *r, const struct release_commit *c, const struct release_notes *n)
{
	for (size_t i = 0; i < c->package_count; i++)
		if (strlist_has(&n->packages, r->packages[c->packages[i]].normal))
			return true;
	return false;
}

static void
draft(const struct wizard *w, struct release_notes *n)
{
	const struct release *r = &w->rel;
	struct commit_info *infos = mem_zalloc(r->commit_count + 1, sizeof *infos);
	struct suggest_opts suggest = { .policy = ZERO_MINOR };
	const struct notes_opts opts = { .changelog = n->changelog,
		.categories = settings_categories(w) };
	struct suggestion s;
	size_t count = 0;

	for (size_t i = 0; i < r->commit_count; i++)
		if (touches(r, &r->commits[i], n))
			infos[count++] = (struct commit_info) { .hash = r->commits[i].hash,
				.author = r->commits[i].author,
				.date = r->commits[i].time,
				.subject = r->commits[i].subject,
				.body = r->commits[i].body };
	commits_suggest(infos, count, &suggest, &s);
	notes_draft(infos, s.readings, count, &opts, n->draft);
	suggestion_fini(&s);
	free(infos);
}

static bool
is_candidate(const char *version)
{
	struct version v = VERSION_EMPTY;
	bool pre = version_parse(version, &v, NULL) == ERR_OK && version_is_pre(&v);

	version_fini(&v);
	return pre;
}

/* The newest section, when it is that of a candidate of VERSION; owned by the caller. */
static char *
section_of_candidate(const struct release_notes *n, const char *version)
{
	const struct changelog *c = n->changelog;
	struct version found = VERSION_EMPTY, base = VERSION_EMPTY, final = VERSION_EMPTY;
	struct str text = STR_EMPTY;
	char *word = NULL;

	if (c->newest == CHANGELOG_NONE)
		return NULL;
	word = mem_strndup(c->text.data + c->items[c->newest].word, c->items[c->newest].wlen);
	if (version_parse(word, &found, NULL) == ERR_OK)
		version_base(&found, &text);
	if (!version_is_pre(&found) || version_parse(str_text(&text), &base, NULL) != ERR_OK ||
	    version_parse(version, &final, NULL) != ERR_OK || version_compare(&base, &final) != 0)
		mem_set(&word, NULL);
	version_fini(&found);
	version_fini(&base);
	version_fini(&final);
	str_fini(&text);
	return word;
}

/* Why the file stays as it is, from what it holds and what is released. */
static void
look_at_section(
    const struct wizard *w, struct release_notes *n, struct notes_doc *d, const char *version)
{
	size_t there = changelog_section_of(n->changelog, version);
	bool bare = n->changelog->newest == CHANGELOG_NONE && !d->created;

	char *of_candidate = NULL;

	d->candidate = is_candidate(version);
	d->lacking = d->lacking || bare;
	if (n->path == NULL) {
		n->why = mem_strdup("no changelog was found: the notes go into the tag");
	} else if (bare && n->changelog->unreleased == CHANGELOG_NONE && d->configured == NULL &&
		   d->fresh == CHANGELOG_FRESH_NONE &&
		   bytes_trim(n->changelog->text).len > 0) {
		n->why = mem_printf("%s has no section of a version: changelog = \"%s\" in the "
				    "configuration makes it one",
		    n->path, n->path);
	} else if (there != CHANGELOG_NONE) {
		struct bytes body = changelog_body(n->changelog, there);
		char *text = mem_strndup(body.data, body.len);

		n->why = mem_printf("%s has a section of %s already", n->path, version);
		notes_write(n->draft, text);
		free(text);
	} else if (!d->candidate && (of_candidate = section_of_candidate(n, version)) != NULL) {
		n->remark = mem_printf("the section of %s stays as it is; this one has all since "
				       "the last final version",
		    of_candidate);
	} else if (d->candidate && !settings_date_candidates(w)) {
		n->why = mem_printf(
		    "%s waits for the final release: %s is a candidate", n->path, version);
	}
	free(of_candidate);
}

/* What towncrier drafted stands where a person's own text would; the commits can be added to it. */
static void
look_at_fragments(const struct wizard *w, struct release_notes *n, struct notes_doc *d)
{
	struct bytes section;
	char *text;

	d->candidate = is_candidate(d->version);
	for (size_t i = 0; i < n->draft->count; i++) {
		struct note *k = &n->draft->items[i];

		k->taken = false;
		if (k->why == NULL)
			k->why = mem_strdup("the news fragments tell of it, or nothing does");
	}
	if (d->there && towncrier_section((struct bytes) { str_text(&d->text), d->text.len },
			    d->path, d->version, &section)) {
		n->why = mem_printf("%s has a section of %s already", n->path, d->version);
		text = mem_strndup(section.data, section.len);
		notes_write(n->draft, text);
		free(text);
		return;
	}
	n->towncrier = true;
	if (d->candidate && !settings_date_candidates(w))
		n->why = mem_printf("%s and the news fragments wait for the final release: %s is a "
				    "candidate",
		    n->path, d->version);
	else if (d->towncrier.fragments == 0)
		n->remark = mem_strdup("there are no news fragments: this is what towncrier writes "
				       "all the same");
	else
		n->remark = mem_printf("towncrier writes this, and removes %zu news fragment%s",
		    d->towncrier.fragments, d->towncrier.fragments == 1 ? "" : "s");
}

static const struct json *
curated_of(const struct wizard *w, const char *title)
{
	const struct json *list = json_get_array(w->curated, "notes");

	const char *version = json_text(w->curated, "version");
	bool same = version != NULL && w->rel.version != NULL &&
		    strcmp(version, w->rel.version) == 0;

	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *o = json_at(list, i);
		const char *name = json_text(o, "title");

		/* A text that the file had for another version is not for this one. */
		if (name != NULL && strcmp(name, title) == 0 &&
		    (same || json_text(o, "why") == NULL))
			return json_get_object(o, "draft");
	}
	return NULL;
}

static enum err_code
draft_doc(struct wizard *w, struct notes_doc *d, struct release_notes *n, struct bytes lines,
    struct err *e)
{
	const char *name = d->path != NULL ? d->path : "CHANGELOG.md";
	struct bytes text = { str_text(&d->text), d->text.len }, section;
	bool fragments = d->towncrier.dir != NULL;
	const struct json *curated;
	enum err_code rc;

	if (d->err.code != ERR_OK) {
		*e = d->err;
		return e->code;
	}
	*n = (struct release_notes) { .title = title_of(w, &d->packages),
		.path = mem_strdup(d->path),
		.draft = mem_zalloc(1, sizeof *n->draft),
		.changelog = mem_zalloc(1, sizeof *n->changelog) };
	strlist_copy(&n->packages, &d->packages);
	if (fragments) {
		section = notes_doc_drafted(d);
		str_puts(&d->standin, text_ends(name, ".md") ? "# Unreleased\n\n"
							      : "Unreleased\n==========\n\n");
		str_append(&d->standin, section.data, section.len);
		text = (struct bytes) { str_text(&d->standin), d->standin.len };
	}
	rc = changelog_parse(text, name, d->prefix, n->changelog, e);
	if (rc != ERR_OK)
		return rc;
	draft(w, n);
	if (fragments)
		look_at_fragments(w, n, d);
	if (strlist_has(&d->packages, release_main(&w->rel)->normal))
		notes_add_lines(n->draft, lines, n->changelog->style.categories ? "Also" : "");
	if (!fragments)
		look_at_section(w, n, d, d->version);
	curated = curated_of(w, n->title);
	if (curated != NULL)
		notes_load(n->draft, curated);
	return ERR_OK;
}

enum err_code
release_notes_draft(struct wizard *w, struct notes_doc *docs, size_t count, struct bytes lines,
    struct err *e)
{
	struct release *r = &w->rel;
	enum err_code rc = ERR_OK;

	release_notes_clear(w);
	w->note_docs = docs;
	r->notes = mem_zalloc(count + 1, sizeof *r->notes);
	r->note_count = count;
	for (size_t i = 0; i < count && rc == ERR_OK; i++)
		rc = draft_doc(w, &docs[i], &r->notes[i], lines, e);
	for (size_t i = 0; i < count && rc == ERR_OK; i++)
		release_notes_refresh(w, i);
	return rc;
}

/* -- the text and the edit -- */

/* The body without blank lines at its ends, with LF alone: for people, tags and files. */
static char *
plain_text(struct bytes body)
{
	struct str safe = STR_EMPTY;

	while (body.len > 0 && strchr("\r\n", body.data[0]) != NULL) {
		body.data++;
		body.len--;
	}
	while (body.len > 0 && strchr(" \t\r\n", body.data[body.len - 1]) != NULL)
		body.len--;
	sanitise_text(body.data, body.len, &safe);
	return str_take(&safe);
}

static void
edit_file(struct wizard *w, size_t doc, struct bytes body)
{
	const struct notes_doc *d = &w->note_docs[doc];
	struct release_notes *n = &w->rel.notes[doc];
	const struct release_package *p = &w->rel.packages[d->package];
	char date[32];
	struct changelog_release release = { .version = p->version_new,
		.tag = p->tag_new,
		.tag_before = p->tag_last,
		.date = date,
		.fresh = d->fresh,
		.body = body };
	struct str after = STR_EMPTY;
	struct err e = ERR_EMPTY;

	clock_iso(clock_now(), date, sizeof date);
	date[10] = '\0';
	edit_plan_drop(w->rel.edits, n->path);
	if (changelog_insert(n->changelog, &release, &after, &e) != ERR_OK)
		mem_set(&n->why, e.message);
	else if (d->created)
		edit_plan_add_new(
		    w->rel.edits, n->path, (struct bytes) { str_text(&after), after.len });
	else
		edit_plan_add(w->rel.edits, n->path,
		    (struct bytes) { str_text(&d->text), d->text.len },
		    (struct bytes) { str_text(&after), after.len });
	str_fini(&after);
}

void
release_notes_refresh(struct wizard *w, size_t doc)
{
	struct release_notes *n = &w->rel.notes[doc];
	struct str body = STR_EMPTY;

	notes_body(n->draft, n->changelog, &body);
	free(n->text);
	n->text = plain_text((struct bytes) { str_text(&body), body.len });
	if (n->path != NULL && n->why == NULL && !n->towncrier && w->rel.edits != NULL)
		edit_file(w, doc, (struct bytes) { str_text(&body), body.len });
	str_fini(&body);
}

void
release_notes_withdraw(struct wizard *w)
{
	for (size_t i = 0; i < w->rel.note_count && w->rel.edits != NULL; i++)
		if (w->rel.notes[i].path != NULL)
			edit_plan_drop(w->rel.edits, w->rel.notes[i].path);
}

void
release_notes_clear(struct wizard *w)
{
	size_t count = w->rel.note_count;

	release_notes_withdraw(w);
	release_clear_notes(&w->rel);
	if (w->note_docs != NULL)
		notes_docs_free(w->note_docs, count);
	w->note_docs = NULL;
}

void
release_notes_remember(struct wizard *w)
{
	if (w->rel.note_count == 0 || w->rel.notes[0].draft == NULL)
		return;
	json_free(w->curated);
	w->curated = release_notes_save(w);
}

void
release_notes_free(struct wizard *w)
{
	release_notes_clear(w);
	json_free(w->curated);
	w->curated = NULL;
}

/* -- where it goes -- */

void
release_notes_of_tag(const struct wizard *w, const char *tag, struct str *out)
{
	const struct release *r = &w->rel;
	size_t shown = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < r->note_count; i++) {
			bool ours = false;

			for (size_t k = 0; k < r->package_count; k++)
				ours = ours || (strlist_has(&r->notes[i].packages,
						    r->packages[k].normal) &&
						   r->packages[k].tag_new != NULL &&
						   strcmp(r->packages[k].tag_new, tag) == 0);
			if (!ours || r->notes[i].text == NULL || r->notes[i].text[0] == '\0')
				continue;
			if (pass == 0)
				shown++;
			else if (shown > 1)
				str_printf(out, "%s%s\n\n%s\n", out->len > 0 ? "\n" : "",
				    r->notes[i].title, r->notes[i].text);
			else
				str_printf(out, "%s\n", r->notes[i].text);
		}
}

void
release_notes_lines(const struct wizard *w, struct strlist *out)
{
	const struct release *r = &w->rel;

	for (size_t i = 0; i < r->note_count; i++) {
		struct bytes text = bytes_of(r->notes[i].text != NULL ? r->notes[i].text : ""),
			     line;

		if (text.len == 0)
			continue;
		if (out->count > 0)
			strlist_add(out, "");
		if (r->note_count > 1) {
			strlist_addf(out, "## %s", r->notes[i].title);
			strlist_add(out, "");
		}
		while (bytes_line(&text, &line))
			strlist_take(out, mem_strndup(line.data, line.len));
	}
}

char *
release_notes_path(const struct wizard *w)
{
	return fs_join(w->rel.state_dir, "notes.md");
}

enum err_code
release_notes_write(const struct wizard *w, struct err *e)
{
	struct strlist lines = STRLIST_EMPTY;
	struct str text = STR_EMPTY;
	char *path;
	enum err_code rc;

	if (w->rel.state_dir == NULL)
		return ERR_OK;
	path = release_notes_path(w);
	release_notes_lines(w, &lines);
	strlist_join(&lines, "\n", &text);
	str_puts(&text, "\n");
	rc = fs_write(path, text.data, text.len, 0600, e);
	strlist_fini(&lines);
	str_fini(&text);
	free(path);
	return rc;
}

/* -- the journal -- */

struct json *
release_notes_save(const struct wizard *w)
{
	struct json *j = json_object_new(), *list = json_set_array(j, "notes");

	json_set_text(j, "version", w->rel.version);
	for (size_t i = 0; i < w->rel.note_count; i++) {
		const struct release_notes *n = &w->rel.notes[i];
		struct json *o = json_add_object(list), *names = json_set_array(o, "packages");

		for (size_t k = 0; k < n->packages.count; k++)
			json_add_text(names, n->packages.items[k]);
		json_set_text(o, "title", n->title);
		json_set_text(o, "path", n->path);
		json_set_text(o, "why", n->why);
		json_set_text(o, "text", n->text);
		json_set_bool(o, "towncrier", n->towncrier);
		if (n->draft != NULL)
			json_set(o, "draft", notes_save(n->draft));
	}
	return j;
}

enum err_code
release_notes_load(struct wizard *w, const struct json *data, struct err *e)
{
	struct release *r = &w->rel;
	const struct json *list = json_get_array(data, "notes");

	release_notes_free(w);
	w->curated = json_clone(data);
	r->notes = mem_zalloc(json_count(list) + 1, sizeof *r->notes);
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *o = json_at(list, i), *names = json_get_array(o, "packages");
		struct release_notes *n = &r->notes[r->note_count++];

		*n = (struct release_notes) { .title = mem_strdup(json_text(o, "title")),
			.path = mem_strdup(json_text(o, "path")),
			.why = mem_strdup(json_text(o, "why")),
			.text = mem_strdup(json_text(o, "text")),
			.towncrier = json_bool(o, "towncrier", false) };
		for (size_t k = 0; k < json_count(names); k++)
			if (json_as_text(json_at(names, k)) != NULL)
				strlist_add(&n->packages, json_as_text(json_at(names, k)));
		if (n->title == NULL || n->text == NULL)
			return err_set(e, ERR_INVALID, "the record of the notes is not whole");
	}
	return ERR_OK;
}
