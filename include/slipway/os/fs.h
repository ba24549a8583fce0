/* Files: whole reads with a bound, writes that are there whole or not at all, trees made and
 * removed. */
#ifndef SLIPWAY_OS_FS_H
#define SLIPWAY_OS_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"
#include "slipway/base/strlist.h"

/* Appends the whole regular file to OUT; ERR_LIMIT when it holds more than MAX bytes, ERR_NOT_FOUND
 * when it is not there, ERR_INVALID when it is not a regular file. */
enum err_code fs_read(const char *path, size_t max, struct str *out, struct err *e);
/* Written beside, synced, renamed over; keeps the mode of an existing file, else MODE. */
enum err_code fs_write(const char *path, const void *data, size_t len, mode_t mode, struct err *e);
/* The same without waiting for the disk: for what may be lost with the power. */
enum err_code fs_write_loose(
    const char *path, const void *data, size_t len, mode_t mode, struct err *e);
/* Copies a regular file as fs_write() does, mode included. */
enum err_code fs_copy(const char *from, const char *to, struct err *e);
/* Removes what fs_write() or fs_copy() to PATH left beside it when its process was killed. Only
 * where nobody else writes PATH now. */
enum err_code fs_clear_drafts(const char *path, struct err *e);
/* Copies a file, a link as a link, or a folder with all below it. ERR_UNSUPPORTED for devices and
 * the like. */
enum err_code fs_copy_tree(const char *from, const char *to, struct err *e);
enum err_code fs_mkdirs(const char *path, mode_t mode, struct err *e); /* there already is fine */
/* Removes a tree without following links. Not there is fine. */
enum err_code fs_remove_tree(const char *path, struct err *e);
/* A new private directory (0700) in $TMPDIR; the caller owns *OUT. */
enum err_code fs_temp_dir(const char *prefix, char **out, struct err *e);
/* Names in a directory, sorted bytewise, without . and .. */
enum err_code fs_list(const char *path, struct strlist *out, struct err *e);

bool fs_is_file(const char *path); /* follows links */
bool fs_is_dir(const char *path);
bool fs_exists(const char *path);   /* links count, dangling ones too */
uint64_t fs_size(const char *path); /* 0 when it is not there */
/* Others than the owner may read it. */
bool fs_is_shared(const char *path);

/* DIR/NAME, owned by the caller; an absolute NAME stands alone. */
char *fs_join(const char *dir, const char *name) MUST_USE;
/* Borrowed tail of PATH. */
const char *fs_base(const char *path);
char *fs_dir(const char *path) MUST_USE;
/* Absolute and without links; NULL when it is not there. */
char *fs_real(const char *path) MUST_USE;

void fd_close(int *fd); /* -1 is fine; -1 afterwards */
enum err_code fd_write_all(int fd, const void *data, size_t len, struct err *e);

#endif
