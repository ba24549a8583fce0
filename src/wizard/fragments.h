/* towncrier in a release: its draft for the notes, its build in the worktree of the release commit,
 * and whether the two agree. */
#ifndef SLIPWAY_WIZARD_FRAGMENTS_H
#define SLIPWAY_WIZARD_FRAGMENTS_H

#include "engine.h"

/* The way out where it is missing. */
#define FRAGMENTS_INSTALL                                                                          \
	"install it where PATH finds it: apt install towncrier, pipx install towncrier, or pip "   \
	"install towncrier in the environment you release from"

struct jobs;
struct jobs_end;
struct notes_doc;

struct fragments_draft;
typedef void (*fragments_fn)(void *arg, const struct err *e);
/* Asks towncrier for the draft of each of DOCS that needs one, into DOC->drafted; it writes
 * nothing. FN gets the first failure or NULL, never before this returns; DOCS stay until then. */
struct fragments_draft *fragments_draft_start(
    struct wizard *w, struct notes_doc *docs, size_t count, fragments_fn fn, void *arg);
/* FN does not come any more. NULL is fine. */
void fragments_draft_stop(struct fragments_draft *d);

/* How many changelogs of this release towncrier writes. */
size_t fragments_count(const struct wizard *w);
/* Runs it in the worktree, a job for each of them; as jobs_start(). */
void fragments_build(struct wizard *w, void (*fn)(void *arg, const struct jobs_end *end), void *arg,
    struct jobs **out);
/* What it wrote must be what was drafted (ERR_CONFLICT); where a person curated that, their words
 * take its place. */
enum err_code fragments_take(struct wizard *w, struct err *e);
/* The files that it wrote, below the root. */
void fragments_files(const struct wizard *w, struct strlist *out);
/* Appends "towncrier build --version 1.1.0 --yes in packages/x", for the plan. */
void fragments_text(const struct wizard *w, struct str *out);

#endif
