/* One wheel or sdist, read by a child process for as long as a browser is open: the listing at
 * once, the content of the member that is looked at, and behind them metadata, rules and hash. */
#ifndef SLIPWAY_TUI_BROWSER_STORE_H
#define SLIPWAY_TUI_BROWSER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "browser_doc.h"
#include "slipway/base/err.h"
#include "slipway/dist/finding.h"

struct archive;
struct archive_facts;
struct browser_store;
struct dist_check_opts;
struct loop;
struct worker;

struct browser_store_opts {
	struct loop *loop;
	const char *program;   /* see dist/reader.h; static */
	struct worker *worker; /* hashes the file */
	const char *path;
	const struct findings *findings; /* those known already, copied; NULL: look for them */
	const size_t *inside; /* DEPTH of them: see struct reader_opts; with FINDINGS alone */
	size_t depth;
	const struct dist_check_opts *check; /* how to look for them; not kept */
	void (*changed)(void *arg);	     /* on the loop, when something is there */
	void *arg;
};

/* Begins to read. The caller lets go of it: browser_store_drop(). */
struct browser_store *browser_store_open(const struct browser_store_opts *opts);
/* Stops what runs for it; nothing is called afterwards. NULL is fine. */
void browser_store_drop(struct browser_store *s);

/* NULL while it is listed, and when that failed. */
const struct archive *browser_store_archive(const struct browser_store *s);
const struct err *browser_store_error(const struct browser_store *s); /* NULL: none */
/* NULL until all rules were tried: nothing found so far is no verdict. */
const struct findings *browser_store_findings(const struct browser_store *s);
/* What the contents are; empty until all of them were read. */
const struct archive_facts *browser_store_facts(const struct browser_store *s);
const char *browser_store_sha256(const struct browser_store *s); /* "" until it is known */
/* Raw lines of METADATA, WHEEL and entry points; NULL until they were read. */
const struct str *browser_store_metadata(const struct browser_store *s);
/* How many members the pass over all contents is done with; at most COUNT. */
size_t browser_store_passed(const struct browser_store *s, size_t count);

/* The newest wish is read when the one before is done or dropped. */
void browser_store_wish(struct browser_store *s, size_t member);
/* Nobody looks at it for now: what was read of the member goes, and who reads it.
 * browser_store_fill() begins again. */
void browser_store_rest(struct browser_store *s);
/* What is there of the member wished for, NULL until then. Borrowed until the next wish. */
struct doc *browser_store_doc(struct browser_store *s);
/* Why not all of it can be shown, safe; "" when it can. */
const char *browser_store_doc_note(const struct browser_store *s);
/* Reads what d->wants says. */
void browser_store_fill(struct browser_store *s);
/* All rows of it were found. */
bool browser_store_is_whole(const struct browser_store *s);
/* Percent of the pass that finds them; -1 when it is done. */
int browser_store_doc_progress(const struct browser_store *s);

/* Looks for TEXT in the member, from offset FROM on or (BACK) before it, around the end. The answer
 * is there when browser_store_found() says so. */
void browser_store_find(struct browser_store *s, const char *text, uint64_t from, bool back);
/* Percent of the pass that looks; -1 when none does. */
int browser_store_find_progress(const struct browser_store *s);
/* True once for each search that ended: *OFFSET, UINT64_MAX when there is no match. */
bool browser_store_found(struct browser_store *s, uint64_t *offset);

/* Writes the member to PATH, a new file unless REPLACE. FN is called on the loop, E NULL: done;
 * nothing is left behind when the store is dropped before. */
typedef void (*browser_saved_fn)(void *arg, const char *path, const struct err *e);
void browser_store_save(struct browser_store *s, size_t member, const char *path, bool replace,
    browser_saved_fn fn, void *arg);

#endif
