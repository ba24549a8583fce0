/* A wheel or sdist read by a child process with limits on memory, time, files and writing: what is
 * hostile in it can harm nothing but that child. The child is a program that calls reader_serve();
 * it opens the file, lists it, checks it, and then gives contents on request.
 *
 * Here the caller has a loop; dist/reading.h is for those that wait.
 *
 * A child that dies is the finding RULE_LIMIT, "not fully inspected"; never a clean result. What it
 * says is foreign: bounded and made safe here before anybody sees it. */
#ifndef SLIPWAY_DIST_READER_H
#define SLIPWAY_DIST_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/dist/archive.h"
#include "slipway/dist/check.h"
#include "slipway/dist/facts.h"

struct loop;
struct reader;

/* Behind the name of the program: what makes it call reader_serve(). */
#define READER_ARGUMENT "--internal-reader"
/* The program that runs is one that does (Linux). Where slipway-reader was built or installed with
 * it, that one is started instead. */
#define READER_SELF "/proc/self/exe"

/* All called on the loop, never from inside reader_open(); each may be NULL, and may close the
 * reader. */
struct reader_events {
	void (*listed)(void *arg);				    /* reader_archive() is there */
	void (*progress)(void *arg, uint64_t done, uint64_t total); /* bytes of the file */
	void (*found)(void *arg);				    /* more reader_findings() */
	/* The pass is over; WHY is NULL, or why the file could not be looked at, as archive_open()
	 * gives it. Findings are closed and sorted, facts are there. Comes exactly once. */
	void (*ended)(void *arg, const struct err *why);
	void *arg;
};

struct reader_opts {
	const char *path;
	const char *program; /* READER_SELF, or what a test names; required */
	/* Limits, and what to compare with; its functions are the child's own. NULL: defaults. */
	const struct dist_check_opts *check;
	uint64_t memory_bytes; /* of the child; 0: 1 GiB */
	bool no_list;	       /* members are not wanted: listed() does not come */
	bool no_check;	       /* no pass over the contents: ended() comes behind listed() */
	bool facts;	       /* archive_facts of all members, with blob ids */
	/* Not the file itself: the archive that its member inside[0] is, or member inside[1] of
	 * that, DEPTH of them, as archive_open_inside(). Needs no_check. */
	size_t inside[ARCHIVE_DEPTH_MAX];
	size_t depth;
	struct reader_events events;
};

/* Starts the child; OPTS is copied. The caller owns *OUT: reader_close(). Counts as busy on the
 * loop until the pass is over, and while something is read. */
enum err_code reader_open(
    struct loop *l, const struct reader_opts *opts, struct reader **out, struct err *e);
/* Ends the child; nothing is called afterwards. NULL is fine. The loop is busy until it is gone. */
void reader_close(struct reader *r);

/* The members as the child listed them, for archive_member(), archive_find() and the like and for
 * dist_tree_build(); not for archive_read(). NULL before listed(). Borrowed until reader_close().
 */
const struct archive *reader_archive(const struct reader *r);
/* Members that the pass is done with, as of the last progress(). */
size_t reader_passed(const struct reader *r);
const struct findings *reader_findings(const struct reader *r);	  /* so far; borrowed likewise */
const struct archive_facts *reader_facts(const struct reader *r); /* empty before ended() */

/* The content of member INDEX in pieces, at most MAX bytes of it. */
typedef void (*reader_data_fn)(void *arg, const void *data, size_t len);
/* RC and WHY as archive_read() has them; ERR_FAILED when the child is gone. */
typedef void (*reader_read_fn)(void *arg, enum err_code rc, const struct err *why);
/* Asks for it, also while the pass is under way; requests are answered in order. DONE comes on the
 * loop, exactly once unless the reader is closed. */
void reader_read(struct reader *r, size_t index, uint64_t max, reader_data_fn data,
    reader_read_fn done, void *arg);

/* The child's side: confines this process, then answers what comes by IN on OUT until IN ends. The
 * exit status. FUNCTIONS: those of dist_check_opts that this program has; may be NULL. */
int reader_serve(int in, int out, const struct dist_check_opts *functions);

#endif
