/* The reader of dist/reader.h for who waits: the worker's thread, and commands without a loop. The
 * same child, the same limits, the same answers. */
#ifndef SLIPWAY_DIST_READING_H
#define SLIPWAY_DIST_READING_H

#include <stdatomic.h>

#include "slipway/dist/reader.h"

struct reading;

/* Starts a child and waits until its pass is over. OPTS' events are not looked at; its check may
 * have progress, which is called here, and cancelled. Errors are those of archive_open(), and of a
 * child that cannot be started. One that dies is the finding RULE_LIMIT; with OPTS->no_check, where
 * nobody wants findings, ERR_LIMIT. The caller owns *OUT: reading_close(). */
enum err_code reading_open(const struct reader_opts *opts, const atomic_bool *cancelled,
    struct reading **out, struct err *e);
void reading_close(struct reading *r); /* NULL is fine */

/* The child died: what is there is not all, and there are no facts. */
bool reading_is_broken(const struct reading *r);
/* As those of dist/reader.h; borrowed until reading_close(). */
const struct archive *reading_archive(const struct reading *r);
const struct findings *reading_findings(const struct reading *r);
const struct archive_facts *reading_facts(const struct reading *r);

/* archive_read() of the child. ERR_FAILED when it is gone. */
enum err_code reading_read(
    struct reading *r, size_t index, uint64_t max, archive_sink_fn sink, void *arg, struct err *e);
/* Gives V the files that are WANTED (by index), in one pass. Errors as archive_each(), and
 * ERR_FAILED likewise. */
enum err_code reading_each(
    struct reading *r, const bool *wanted, const struct member_visitor *v, struct err *e);

/* dist_check() in a child of PROGRAM. Of OPTS the functions are the child's own, but for progress.
 */
enum err_code reading_check(const char *program, const char *path,
    const struct dist_check_opts *opts, struct findings *findings, struct err *e);

#endif
