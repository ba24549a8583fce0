/* The smoke test without a release: one version as an index serves it, downloaded, compared with
 * the listing, installed into a fresh virtual environment and tried. What it depends on comes from
 * the production index alone. */
#ifndef SLIPWAY_WIZARD_TRYOUT_H
#define SLIPWAY_WIZARD_TRYOUT_H

#include <stddef.h>

#include "slipway/base/err.h"

struct http;
struct index_info;
struct job;
struct loop;
struct strlist;
struct tryout;

struct tryout_opts {
	struct loop *loop;
	struct http *http;
	const char *reader; /* the program that reads wheels: dist/reader.h; static */
	const char *project, *version;	     /* copied */
	const struct index_info *index;	     /* borrowed, as the next one, until DONE */
	const struct index_info *production; /* where dependencies come from */
	const char *python;		     /* configured; NULL: look for one */
	const char *root;		     /* absolute; PYTHON may be relative to it */
	const struct strlist *lines;	     /* the user's smoke commands; copied */
	const struct strlist *hide;	     /* variables that no child gets; copied; may be NULL */
	void (*changed)(void *arg);	     /* something in the jobs changed; may be NULL */
	/* E is NULL when all went well. T may be read, and must be freed, afterwards. */
	void (*done)(void *arg, const struct err *e);
	void *arg;
};

/* DONE is never called before this returns. The caller owns the result: tryout_free(). */
struct tryout *tryout_start(const struct tryout_opts *opts);
void tryout_cancel(struct tryout *t); /* ends what runs; DONE comes */
void tryout_free(struct tryout *t);   /* DONE does not come any more; NULL is fine */

/* Borrowed until tryout_free(). */
struct job *const *tryout_jobs(const struct tryout *t, size_t *count); /* none before the install */
const struct strlist *tryout_files(const struct tryout *t);	       /* names of what was taken */
const char *tryout_python(const struct tryout *t);		       /* NULL: not found yet */

#endif
