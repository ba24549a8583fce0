/* A wheel or sdist against what it should come from: the tree of a commit, or the file that was
 * released before. The caller hands in both sides: no git, no network and no screen in here. */
#ifndef SLIPWAY_DIST_COMPARE_H
#define SLIPWAY_DIST_COMPARE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/strlist.h"
#include "slipway/dist/archive.h"
#include "slipway/dist/facts.h"
#include "slipway/dist/filename.h"
#include "slipway/dist/finding.h"

/* -- one side: what an archive holds -- */

struct compare_file {
	struct bytes name; /* raw, as in the archive; names are the table's own copies */
	struct bytes path; /* what is compared: without the top folder of an sdist; in a wheel
			      {name}-{version}.dist-info/X and .data/X are .dist-info/X, .data/X */
	struct bytes link; /* target of a link */
	uint64_t size;
	uint32_t mode; /* permission bits; 0: the archive says nothing */
	unsigned marks; /* enum compare_mark */
	enum member_kind kind;
	bool hidden;
	bool hashed; /* false: no file or symlink, or not to be read whole: it is not compared */
	uint8_t sha256[32];
	uint8_t blob[COMPARE_BLOB_MAX]; /* git's id of this content: blob_size bytes of it */
};

struct compare_table {
	enum dist_kind kind;
	char *file; /* its file name, safe */
	char *version; /* as in the file name; NULL when that is malformed */
	uint64_t packed, size; /* bytes of the file, and of all its contents */
	struct compare_file *files; /* files[i] is member i of the archive */
	size_t count;
	size_t blob_size; /* 20: SHA-1; 32: SHA-256 */
	bool complete;	  /* false: a limit or damage kept part of it away */
	struct str kept[COMPARE_KEPT_COUNT];
	char *names; /* behind all names */
};

#define COMPARE_TABLE_EMPTY                                                                        \
	{                                                                                          \
		.files = NULL                                                                      \
	}

/* Of the members of A, which was opened from PATH or listed by a reader, and of what FACTS says of
 * their contents; what it does not say leaves the table incomplete. OUT must be empty; it may
 * outlive both: compare_table_fini(). */
void compare_table_make(const struct archive *a, const struct archive_facts *facts,
    const char *path, struct compare_table *out);
void compare_table_fini(struct compare_table *t); /* empty is fine; empty afterwards */

/* -- the result -- */

enum compare_base { COMPARE_GIT, COMPARE_RELEASE, COMPARE_BASE_COUNT };

enum compare_state {
	COMPARE_NONE, /* not compared: never shown as fine; the reason says why */
	COMPARE_SAME,
	COMPARE_MODIFIED,
	COMPARE_ADDED,	   /* in the file alone: NOT IN GIT, or added since the release */
	COMPARE_MISSING,   /* in the base alone: MISSING, or removed since the release */
	COMPARE_MOVED,	   /* the same content, there under another path */
	COMPARE_GENERATED, /* other or new content, explained by the rule in the reason */
	COMPARE_STATE_COUNT
};

/* More about a state; any of them may be set. */
enum compare_note {
	COMPARE_LINE_ENDINGS = 1, /* MODIFIED in nothing but CRLF and LF */
	COMPARE_EXECUTABLE = 2,	  /* the executable bit differs; MODIFIED when nothing else does */
	COMPARE_LFS = 4,	  /* git has an LFS pointer; compared by its sha256 */
	COMPARE_POINTER = 8,	  /* this file is an LFS pointer itself */
	COMPARE_SUBMODULE = 16,	  /* below, or itself, a submodule: git here does not know it */
	COMPARE_SYMLINK = 32,	  /* a link on one side at least */
	COMPARE_LEFT_OUT = 64, /* MISSING, as projects usually leave it out: .github, .gitignore */
	COMPARE_RUNS = 128,    /* runs by itself: .pth, sitecustomize.py */
	COMPARE_CODE = 256,    /* Python or a script: runs when it is used */
	COMPARE_BINARY = 512,  /* not to be reviewed as text */
	COMPARE_BUILDS = 1024, /* runs when the package is built: setup.py, configure, *.m4 */
};

struct compare_row {
	size_t member; /* in the archive; FINDING_NO_MEMBER: in the base alone */
	struct bytes path; /* of the member as in the archive, else as in the base; raw */
	struct bytes other; /* in the base, from its root; len 0 when there is none; raw */
	enum compare_state state;
	unsigned notes; /* enum compare_note */
	uint64_t size, size_before; /* SIZE_BEFORE 0 for git, which does not say it */
	char *reason; /* safe, one line; NULL when the state says it all */
};

/* What differs beyond files, of the release before. */
enum compare_topic {
	COMPARE_DEPENDENCY, /* Requires-Dist */
	COMPARE_REQUIRES_PYTHON,
	COMPARE_ENTRY_POINT, /* "console_scripts: demo = demo:main" */
	COMPARE_AUTHOR,	     /* author and maintainer fields */
	COMPARE_URL,	     /* home page and project URLs */
	COMPARE_LICENSE,
	COMPARE_BACKEND,   /* build-backend and requires, of an sdist */
	COMPARE_GENERATOR, /* what wrote the wheel, without its version */
	COMPARE_NATIVE,	   /* a new file that cannot be reviewed as text */
	COMPARE_STARTS,	   /* a new file that runs by itself */
	COMPARE_GROWTH,	   /* unpacked size */
	COMPARE_TOPIC_COUNT
};

struct compare_fact {
	enum compare_topic topic;
	size_t member; /* FINDING_NO_MEMBER: none */
	char *before, *after; /* safe; NULL: it was not there, it is not there any more */
};

/* Rows 0 to members - 1 are the members of the archive, by index; what is in the base alone
 * follows, by path. Folders are COMPARE_NONE and count nowhere. */
struct comparison {
	enum compare_base base;
	char *with;    /* safe: "v1.1.0 (9d1e77a)", "demo-1.0.3.tar.gz"; NULL when not compared */
	char *label;   /* safe, short: "git", "1.0.3" */
	char *why_not; /* safe: why it was not compared; NULL when it was */
	char *remark;  /* safe: what to know first, as "the work tree has changes"; NULL */
	struct compare_row *rows;
	size_t members, count, cap;
	size_t counts[COMPARE_STATE_COUNT]; /* files alone; MISSING without those left out */
	size_t left_out;		    /* MISSING with COMPARE_LEFT_OUT */
	struct compare_fact *facts;
	size_t fact_count, fact_cap;
	uint64_t size, size_before; /* of all contents; SIZE_BEFORE 0 for git */
};

#define COMPARISON_EMPTY                                                                           \
	{                                                                                          \
		.rows = NULL                                                                       \
	}

/* Both tables must outlive *C, and what compare_git() was given too: rows point into them. */
void comparison_fini(struct comparison *c); /* empty is fine; empty afterwards */
/* Makes *C (empty before) say why there is nothing to compare with. */
void comparison_not_done(
    struct comparison *c, enum compare_base base, const char *fmt, ...) PRINTF_LIKE(3, 4);
bool comparison_is_done(const struct comparison *c); /* false for an empty one too */
/* Row of a member; NULL when nothing was compared. */
const struct compare_row *comparison_of(const struct comparison *c, size_t member);

/* "NOT IN GIT", "added"; for COMPARE_NONE "not compared". */
const char *compare_word(enum compare_base base, enum compare_state state);
/* The letter of the badge column, ' ' for none: + ~ M - since the release; G (not in git), g
 * (differs from git), M and - of git; '.' for generated. */
char compare_badge(enum compare_base base, enum compare_state state);
/* How much a reviewer wants to see it, 0 for nothing: a folder shows the worst below it. */
int compare_weight(enum compare_base base, const struct compare_row *row);
/* "dependency", "build backend" */
const char *compare_topic_word(enum compare_topic topic);
/* Appends "1.0.3: +3 −1 ~9", "git ~1 +2", "git ✓", "git: not compared". */
void compare_short(const struct comparison *c, struct str *out);
/* Appends "3 added, 1 removed, 9 changed, 12 % larger", "2 not in git, 1 modified, 40 same", or why
 * it was not compared. */
void compare_summary(const struct comparison *c, struct str *out);
/* Appends one line: "dependency added: requests>=3". */
void compare_fact_text(const struct compare_fact *f, struct str *out);

/* -- against git -- */

struct compare_git_file {
	const char *path; /* from the repository's root; sorted bytewise */
	const char *hash; /* hexadecimal */
	unsigned mode;	  /* as git keeps it: 0100644, 0100755, 0120000, 0160000 */
};

struct compare_git_opts {
	const struct compare_git_file *files; /* of the whole commit, sorted by path */
	size_t count;
	const char *under; /* the package's folder, "" for the root */
	const struct strlist *nested; /* folders of other packages below it; NULL: none */
	const char *with;  /* "v1.1.0 (9d1e77a)" */
	const char *remark; /* NULL: none */
	/* Appends the content of FILE when it has at most MAX bytes; false when it cannot be had.
	 * Asked for pyproject.toml and setup.cfg, and for files that differ (LFS pointers, links).
	 */
	bool (*blob)(void *arg, const struct compare_git_file *file, size_t max, struct str *out);
	/* Gives V the contents of the members that are WANTED: those that may differ in nothing
	 * but line endings. NULL: that is not looked at. ERR_CANCELLED; after another error they
	 * stay what they are. */
	enum err_code (*contents)(
	    void *arg, const bool *wanted, const struct member_visitor *v, struct err *e);
	void *arg;
	const atomic_bool *cancelled; /* NULL, or looked at now and then */
};

/* Blocks. ERR_CANCELLED. *OUT must be empty. */
enum err_code compare_git(const struct compare_table *t, const struct compare_git_opts *opts,
    struct comparison *out, struct err *e);

/* -- against a release -- */

/* BEFORE is the table of the file that was released. LABEL is its version. *OUT must be empty. */
void compare_release(const struct compare_table *t, const struct compare_table *before,
    const char *label, struct comparison *out);

/* -- findings -- */

/* Adds what a reviewer should look at, of both or one of them (NULL or not done: none). The caller
 * closes and sorts. */
void compare_findings(const struct compare_table *t, const struct comparison *git,
    const struct comparison *release, struct findings *out);

#endif
