/* A world to release in: two lock-step packages with a quick build, a remote, two rehearsal indexes
 * that outlive what is killed, and a home, cache and temporary directory of their own. */
#ifndef SLIPWAY_TESTS_WORLD_H
#define SLIPWAY_TESTS_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "run.h"
#include "slipway/base/strlist.h"

struct index_server;

#define WORLD_FILES 4 /* wheel and sdist of each package */

struct world {
	char *dir;
	char *project, *remote, *config, *cache, *tmp;
	struct index_server *test, *production;
	char *production_url; /* in place of the server's own: a fault index before it */
};

struct world_opts {
	const char *release; /* more lines for [release] in slipway.toml; NULL: none */
	const char *tail;    /* more tables behind it; NULL: none */
	bool rehearse;	     /* else test-index = "none" */
	bool own_build;	     /* RELEASE says how to build */
	/* Fills the empty repository and commits; NULL: two packages in lock step. Tags made by it
	 * are pushed as well. */
	void (*make)(const char *project);
};

/* Sets HOME, TMPDIR, XDG_*, the tokens and the identity for the test and all that it starts. */
void world_init(struct world *w, const struct world_opts *opts);
void world_fini(struct world *w);
/* Writes slipway.toml anew. */
void world_configure(struct world *w, const struct world_opts *opts);

/* slipway with the words of ARGS (split at spaces, in the project), run to its end. */
void world_run(const struct world *w, const char *args, struct run_result *r);
/* The same with an expectation; what was printed is dropped, or shown when it fails. */
void world_expect(const struct world *w, const char *args, int status);

/* A run that can be looked at, and ended, on its way. */
struct world_child {
	pid_t pid;
	int out; /* both outputs; -1 at their end */
	struct str text;
	int status; /* as in run_result, once it ended */
};

/* Whether it is time; asked every millisecond and with all output read so far. */
typedef bool (*world_when_fn)(const struct world *w, const struct world_child *c, void *arg);

/* Runs slipway until WHEN says so, then sends SIGNO; returns false when it ended before. It is
 * reaped in either case; the caller owns C: world_child_fini(). */
bool world_run_until(const struct world *w, const char *args, world_when_fn when, void *arg,
    int signo, struct world_child *c);
void world_child_fini(struct world_child *c);

/* Ready-made moments: a line of the output is this text; a file is there; the journal has such a
 * record. */
bool world_at_line(const struct world *w, const struct world_child *c, void *text);
bool world_at_file(const struct world *w, const struct world_child *c, void *path);
bool world_at_record(const struct world *w, const struct world_child *c, void *record);

/* A record of the journal; what is NULL fits anything. */
struct world_record {
	const char *kind; /* "intent", "outcome" */
	const char *key;
	const char *result;
};

/* How many of them the newest release has. */
size_t world_records(const struct world *w, const struct world_record *like);
bool world_has_unfinished(const struct world *w);

/* Branch, HEAD, index and status, and every file with mode, size, time and sha256: two that are
 * equal mean that nothing was touched. The caller owns the text. */
char *world_snapshot(const struct world *w);
/* All is as in the snapshot BEFORE; WHAT was done is in the message. */
void world_expect_untouched(const struct world *w, const char *before, const char *what);
/* No worktree, no kept reference, nothing in the cache or the temporary directory. */
void world_expect_tidy(const struct world *w, const char *what);
/* VERSION is out, once and whole: 4 files on production (and test when REHEARSED) with the sha256
 * of those in dist/, the tag annotated on the commit that changed nothing but versions, branch and
 * tag here and there, no unfinished release. */
void world_expect_published(const struct world *w, const char *version, bool rehearsed);
/* No file of VERSION on production, no tag here or there, remote branch where it was. */
void world_expect_nothing_public(const struct world *w, const char *version);
size_t world_listed(const struct world *w, const char *index, const char *version);
size_t world_listed_of(
    const struct world *w, const char *index, const char *package, const char *version);

/* Processes whose environment names the world's directory, but for this one. */
size_t world_processes(const struct world *w);
void world_expect_no_process(const struct world *w, const char *what);

/* Whether a file below PATH holds TEXT; its name goes to standard error. */
bool world_tree_holds(const char *path, const char *text);

#endif
