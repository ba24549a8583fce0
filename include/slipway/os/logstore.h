/* The log of a command that may print without end: the newest lines in bounded memory with their
 * colours, all of them as plain text in a file, from which older ones are read back. Knows no
 * process and no screen. */
#ifndef SLIPWAY_OS_LOGSTORE_H
#define SLIPWAY_OS_LOGSTORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/termline.h"

struct logstore;

enum logstore_class { LOGSTORE_PLAIN, LOGSTORE_WARNING, LOGSTORE_ERROR };

struct logstore_line {
	const char *text; /* safe for a terminal, one line, closed by a NUL behind len */
	size_t len;
	const struct termline_run *runs; /* none for a line that was read back */
	size_t run_count;
	enum logstore_class class; /* by the words "warning" and "error", in any case */
};

struct logstore_opts {
	const char *path; /* the file, made anew with mode 0600; NULL: older lines are lost */
	size_t max_lines; /* kept in memory; 0: 100,000 */
	size_t max_bytes; /* of memory, about; 0: 16 MiB. The smaller bound holds */
};

/* The caller owns *OUT: logstore_free(). */
enum err_code logstore_new(const struct logstore_opts *opts, struct logstore **out, struct err *e);
void logstore_free(
    struct logstore *l); /* writes what is not in the file yet; NULL is fine; the file stays */

/* Output as it comes from a process: on_output of os/process.h can hand it on. */
void logstore_feed(struct logstore *l, const char *data, size_t len);
/* The output is at its end: a line without newline counts, and the file is up to date. */
void logstore_end(struct logstore *l);
/* A line of our own, such as the command that runs; its text is made safe. STYLE may be NULL. */
void logstore_add(struct logstore *l, const char *text, const struct termline_style *style);

size_t logstore_count(const struct logstore *l);
/* Line I (< count), from 0. Borrowed until the next call on L. One that is in memory no more and
 * could not be read back says so. */
void logstore_line(struct logstore *l, size_t i, struct logstore_line *out);
/* The line under way, as a progress bar is; false when there is none. Borrowed as a line is. */
bool logstore_partial(struct logstore *l, struct logstore_line *out);
/* The first line that has its colours and costs no reading. */
size_t logstore_first_in_memory(const struct logstore *l);
size_t logstore_class_count(const struct logstore *l, enum logstore_class class);
uint64_t logstore_bytes(const struct logstore *l);   /* that were fed */
const char *logstore_path(const struct logstore *l); /* NULL when there is no file */
/* Why the file is not whole (disk full), or NULL. Lines go on being kept in memory. */
const struct err *logstore_failure(const struct logstore *l);
/* Grows with every change that a screen could show. */
uint64_t logstore_version(const struct logstore *l);

/* A search in steps, so that a key press never waits for it. Upper case in the needle makes it
 * exact; otherwise ASCII case does not count. It wraps around once; lines added meanwhile are not
 * searched. */
enum logstore_found { LOGSTORE_FOUND, LOGSTORE_NONE, LOGSTORE_MORE };

struct logstore_search {
	size_t next, left, count; /* private */
	bool backwards, exact;	  /* private */
	char needle[256];
};

/* The line FROM is looked at first. A longer needle is cut. */
void logstore_search_begin(struct logstore_search *s, const struct logstore *l, const char *needle,
    size_t from, bool backwards);
/* Looks at a bounded number of lines. FOUND: *LINE has it, and another step goes on behind it.
 * MORE: call again in a later turn. */
enum logstore_found logstore_search_step(
    struct logstore_search *s, struct logstore *l, size_t *line);
/* Byte offset of the needle in TEXT at or after FROM, or SIZE_MAX: to mark matches. */
size_t logstore_search_match(
    const struct logstore_search *s, const char *text, size_t len, size_t from);

#endif
