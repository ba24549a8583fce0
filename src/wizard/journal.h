/* The journal of a release: one JSON object a line, appended and synced before what it announces.
 * <git common dir>/slipway/lock     held while a release runs in this repository
 * <git common dir>/slipway/<id>/    journal, logs/, dist/
 * A torn last line (power lost while it was written) is dropped when it is read. */
#ifndef SLIPWAY_WIZARD_JOURNAL_H
#define SLIPWAY_WIZARD_JOURNAL_H

#include <stdbool.h>

#include "slipway/base/err.h"
#include "slipway/base/json.h"
#include "slipway/base/strlist.h"

struct journal;

/* Makes a new release's directory below COMMON_DIR and takes the lock. ERR_BUSY when another
 * process holds it (its pid in the message), ERR_EXISTS when an unfinished release lies there. The
 * caller owns *OUT. */
enum err_code journal_create(const char *common_dir, struct journal **out, struct err *e);
/* Opens the unfinished release and takes the lock; ERR_NOT_FOUND when there is none. */
enum err_code journal_open(const char *common_dir, struct journal **out, struct err *e);
/* As journal_open(), only to be read: takes no lock, and may lie in a release that is under way.
 * *HOLDER is then the process that has it, else NULL; the caller's. */
enum err_code journal_look(
    const char *common_dir, struct journal **out, char **holder, struct err *e);
/* Whether an unfinished release lies there; *ID (may be NULL) is the caller's. Takes no lock. */
bool journal_unfinished(const char *common_dir, char **id);
void journal_close(struct journal *j); /* NULL is fine; gives the lock back */
/* Closes and removes the directory, for a release that never began anything. */
void journal_discard(struct journal *j);

const char *journal_id(const struct journal *j);
const char *journal_dir(const struct journal *j); /* absolute */

/* Appends RECORD (taken over) with its "kind" and "time"; durable on return. */
enum err_code journal_write(
    struct journal *j, const char *kind, struct json *record, struct err *e);
/* The records in order, as read by journal_open() and written since. Borrowed. */
size_t journal_count(const struct journal *j);
const struct json *journal_record(const struct journal *j, size_t at);
/* Newest record of KIND whose text member KEY is VALUE; NULL when there is none. */
const struct json *journal_last(
    const struct journal *j, const char *kind, const char *key, const char *value);

#endif
