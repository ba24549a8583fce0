/* Finds what a wheel or sdist is compared with: the commit it was built from, and the release
 * before it, downloaded when an index may be asked. */
#ifndef SLIPWAY_WIZARD_COMPARE_H
#define SLIPWAY_WIZARD_COMPARE_H

#include <stdbool.h>

#include "slipway/dist/compare.h"
#include "slipway/repo/diff.h"

struct http;
struct index_info;
struct loop;
struct worker;

struct compared {
	const char *reader; /* the program that reads: dist/reader.h; static */
	char *path;	    /* of the file */
	struct compare_table table, before;
	struct comparison with[COMPARE_BASE_COUNT];
	struct findings findings; /* of the comparisons alone; closed and sorted */
	char *root, *commit;	  /* of the repository; NULL when not compared with git */
	char
	    *before_path; /* the released file, in the cache or as given; NULL when there is none */
	struct str git_names; /* what rows point into, and GIT_FILES */
	struct compare_git_file *git_files;
	unsigned shared; /* owners beside the first one */
};
/* One owner more, on the same thread. */
struct compared *compared_share(struct compared *c);
void compared_free(struct compared *c); /* one owner less; NULL is fine */
/* Of a file that could not be looked into, for the reason WHY. The caller owns it. */
struct compared *compared_none(const char *path, const char *why);

/* What an index answers to comparisons that share it: they ask it once for each project, and an
 * index that cannot be reached only once. The caller owns it; it outlives the runs that have it. */
struct compare_asked;
struct compare_asked *compare_asked_new(void);
void compare_asked_free(struct compare_asked *a); /* NULL is fine */

struct compare_opts {
	struct loop *loop;
	struct worker *worker;
	struct http *http;  /* NULL: no network */
	const char *reader; /* the program that reads: dist/reader.h; static */
	const char *path;   /* the wheel or sdist */
	/* What a reader said of it, taken over (empty afterwards); NULL: it is read for this. */
	struct compare_table *table;

	const char *dir;   /* in the repository; NULL: not compared with git */
	const char *rev;   /* NULL: the tag of the file's version, else HEAD */
	const char *under; /* the package's folder; NULL: found by the name of the project */

	/* A file, a version, or "none"; NULL: the newest older release, when INDEX is there. */
	const char *against;
	const struct index_info *index; /* NULL: none may be asked; copied */
	struct compare_asked *asked;	/* NULL: the index is asked in any case */
	const char *no_index;		/* why there is none, for people; NULL: a usual text */
};

struct compare_run;
/* C is the caller's, never NULL: what could not be compared says so in it. E is why the file itself
 * could not be read, NULL when it could; borrowed. */
typedef void (*compare_fn)(void *arg, struct compared *c, const struct err *e);
/* Looks on the worker, asks on the loop. OPTS is copied. FN is never called before this returns. */
struct compare_run *compare_start(const struct compare_opts *opts, compare_fn fn, void *arg);
void compare_cancel(struct compare_run *r); /* FN is not called any more; NULL is fine */

/* One file against one base, for a diff view. */
struct compared_diff {
	bool binary; /* no patch: see the summary and FIRST */
	bool cut;    /* texts were longer than COMPARE_DIFF_MAX: only their beginnings */
	struct repo_patch patch;
	struct str summary;	/* safe, one line: sizes, kinds, what was not shown */
	uint64_t first;		/* the first byte that differs */
	struct str here, there; /* raw: up to 256 bytes each, from FIRST rounded down to 16 */
	struct strlist facts_here, facts_there; /* binary_facts() of both sides */
};
#define COMPARED_DIFF_EMPTY                                                                        \
	{                                                                                          \
		.binary = false                                                                    \
	}
#define COMPARE_DIFF_MAX ((size_t)2 * 1024 * 1024)

/* ROW of C->with[BASE]: from the base to the file. A side that is not there is empty. ERR_NOT_FOUND
 * when the base is gone, others as reading_open() and repo_open(). Blocks: run it on the worker,
 * with C unchanged until then. */
enum err_code compared_diff(const struct compared *c, enum compare_base base, size_t row,
    struct compared_diff *out, struct err *e);
void compared_diff_fini(struct compared_diff *d);

#endif
