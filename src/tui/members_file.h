/* An archive that is open for as long as a page or a job of the worker needs it. */
#ifndef SLIPWAY_TUI_MEMBERS_FILE_H
#define SLIPWAY_TUI_MEMBERS_FILE_H

#include <stdbool.h>

#include "slipway/dist/preview.h"
#include "slipway/dist/tree.h"

struct archive;
struct members_file;
struct worker;

/* Called on the loop when the tree, or a preview, is there. */
typedef void (*members_fn)(void *arg);

/* NULL when there is no worker. The caller lets go of it: members_file_drop(). */
struct members_file *members_file_open(
    struct worker *w, const char *path, const struct findings *findings, members_fn fn, void *arg);
void members_file_drop(struct members_file *f); /* NULL is fine; nothing is called afterwards */
/* NULL while it is being read, and when that failed: members_file_error(). */
struct dist_tree *members_file_tree(struct members_file *f);
const struct archive *members_file_archive(const struct members_file *f);
const struct err *members_file_error(const struct members_file *f); /* NULL: none */

/* The newest wish is loaded when the one before is done. */
void members_file_wish(struct members_file *f, size_t member, enum preview_mode mode);
/* The preview of that member, with all its rows; NULL until it is there. */
struct preview *members_file_preview(struct members_file *f, size_t member);

#endif
