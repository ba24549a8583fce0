/* The notes of a release: which changelogs there are, what is drafted for each, and where the text
 * goes. The step asks; this knows. */
#ifndef SLIPWAY_WIZARD_RELEASE_NOTES_H
#define SLIPWAY_WIZARD_RELEASE_NOTES_H

#include "engine.h"
#include "slipway/project/changelog.h"
#include "slipway/project/towncrier.h"

/* One changelog, as it is read on the worker and kept beside rel.notes. */
struct notes_doc {
	struct strlist packages; /* normal names */
	size_t package;	  /* the first of them: its tag and its prefix */
	char *configured; /* the path that the configuration names; NULL */
	char *dir;
	bool shared; /* the repository's will do */
	const char *version; /* that is released; borrowed from the package */
	char *path;  /* NULL: none */
	char *prefix;
	struct str text; /* the file; the changelog points into it */
	struct towncrier towncrier; /* makes its sections, when it is used */
	bool there;		    /* the section of VERSION is in the file already */
	enum changelog_fresh fresh; /* what begins one where there is none */
	bool lacking;		    /* there is none, or none that has a version */
	bool created;		    /* and FRESH begins it */
	bool candidate;		    /* VERSION is one: the file may wait */
	struct str drafted; /* what towncrier prints; fragments.c */
	struct str standin; /* of that, for the changelog to point into */
	struct err err;
};

/* Where others have a changelog of their own, a new one is not the repository's. */
void notes_docs_place(struct notes_doc *docs, size_t count);
/* One for each selected package, not read yet. The caller owns the array: notes_docs_free(). */
struct notes_doc *notes_docs_list(const struct wizard *w, size_t *count);
/* Finds and reads the file; for the worker. Trouble is in DOC->err. */
void notes_doc_read(struct notes_doc *doc, const char *root);
void notes_docs_free(struct notes_doc *docs, size_t count);
/* Packages that share a changelog share their notes: what is left of COUNT documents. */
size_t notes_docs_merge(const struct wizard *w, struct notes_doc *docs, size_t count);
/* towncrier has to be asked. */
bool notes_doc_needs_draft(const struct notes_doc *doc);
/* The section that towncrier drafted, without its title; borrowed. */
struct bytes notes_doc_drafted(const struct notes_doc *doc);

/* Takes DOCS over, merged, and drafts from the commits or what towncrier drafted; LINES joins the
 * notes of the main package. What a journal had is taken over. ERR_CONFIG, or what reading gave. */
enum err_code release_notes_draft(struct wizard *w, struct notes_doc *docs, size_t count,
    struct bytes lines, struct err *e);
/* Makes the text of DOC and the edit of its file anew. */
void release_notes_refresh(struct wizard *w, size_t doc);
/* Takes the changelogs out of the edits. */
void release_notes_withdraw(struct wizard *w);
void release_notes_clear(struct wizard *w); /* withdraws and forgets */
/* What was curated so far, for when it is drafted again. */
void release_notes_remember(struct wizard *w);
void release_notes_free(struct wizard *w);

/* Appends the notes of all packages that have TAG. */
void release_notes_of_tag(const struct wizard *w, const char *tag, struct str *out);
/* Appends the lines of all notes, each changelog under its title when there are several. */
void release_notes_lines(const struct wizard *w, struct strlist *out);
/* Where the notes are kept in the release's folder; owned by the caller. */
char *release_notes_path(const struct wizard *w);
enum err_code release_notes_write(const struct wizard *w, struct err *e);

struct json *release_notes_save(const struct wizard *w);
enum err_code release_notes_load(struct wizard *w, const struct json *data, struct err *e);

#endif
