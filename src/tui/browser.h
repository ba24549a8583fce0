/* The package inspector: files as tabs; of each a tree, its findings, metadata, comparison and raw
 * entries. A page, the same for the review of a release and for slipway inspect. */
#ifndef SLIPWAY_TUI_BROWSER_H
#define SLIPWAY_TUI_BROWSER_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/err.h"
#include "slipway/dist/archive.h"
#include "slipway/tui/shell.h"

struct browser;
struct dist_check_opts;
struct compared;
struct findings;
struct finding;
struct loop;
struct worker;

/* What the owner of a browser knows and keeps. Functions get ARG and the number of the file; all
 * but FILE may be NULL. */
struct browser_owner {
	struct loop *loop;
	const char *reader; /* the program that reads: see dist/reader.h; static */
	struct worker *worker;
	size_t files;
	/* Not the one file itself but an archive inside of it: see struct reader_opts. SHOWN is its
	 * address, safe and borrowed. */
	size_t inside[ARCHIVE_DEPTH_MAX];
	size_t depth;
	const char *shown;
	/* Path, and findings when they were looked for (NULL: not yet). Borrowed for the call. */
	void (*file)(void *arg, size_t file, const char **path, const struct findings **findings);
	/* How to look for findings; NULL: as dist_check() does by itself. */
	void (*check)(void *arg, size_t file, struct dist_check_opts *out);
	/* Begins a comparison with what C (may be NULL) says; browser_compared() brings it. */
	void (*compare)(void *arg, struct browser *b, size_t file, const char *rev,
	    const char *against);
	/* Marks of the reviewer; NULL: they last as long as the browser. Changed ones only. */
	bool (*is_reviewed)(void *arg, size_t file, size_t member);
	void (*review)(void *arg, size_t file, size_t member, bool reviewed);
	/* How many members were reviewed of those that are to be; told when that is known. */
	void (*count)(void *arg, size_t file, size_t done, size_t of);
	/* Why marks and acknowledgements cannot be changed; NULL: they can. */
	const char *(*read_only)(void *arg);
	/* Takes out findings that are ignored and marks those that were acknowledged. */
	void (*settle)(void *arg, struct findings *f);
	/* Keeps an acknowledgement, or (REASON NULL) takes it back, so that file() or settle() know
	 * it from here on; NULL: they last as long as the browser. */
	enum err_code (*acknowledge)(void *arg, size_t file, const struct finding *f,
	    const char *reason, struct err *e);
	/* Nothing more is asked of it: comparisons under way are its own to end. */
	void (*closed)(void *arg);
	void *arg;
};

/* OWNER is copied. With PUSH in front of what is there, else at the bottom. */
struct browser *browser_open(
    struct shell *s, const struct browser_owner *owner, size_t file, bool push);
/* The answer to owner.compare: C is the browser's from here on. */
void browser_compared(struct browser *b, size_t file, struct compared *c);
void browser_redraw(struct browser *b);

#endif
