/* Files and directories by path. Knows no loop: what is big or slow belongs on the worker. */
#include "slipway/os/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "slipway/base/mem.h"
#include "slipway/os/env.h"

#define COPY_CHUNK ((size_t)64 * 1024)
#define TEMP_TRIES 100
#define TREE_DEPTH 400 /* one descriptor a level: below the usual limit of 1024 */

/* A file being written beside its target. */
struct draft {
	char *target; /* with links resolved, so that a link stays one */
	char *temp;   /* NULL once it is in place */
	int fd;
};

#define DRAFT_EMPTY                                                                                \
	{                                                                                          \
		.target = NULL, .temp = NULL, .fd = -1                                             \
	}

static enum err_code
open_failed(const char *path, struct err *e)
{
	bool missing = errno == ENOENT || errno == ENOTDIR;

	return err_sys(e, missing ? ERR_NOT_FOUND : ERR_IO, "cannot open %s", path);
}

/* Non-blocking, so that a fifo in the place of a file cannot hang the program. */
static enum err_code
open_regular(const char *path, int *fd, struct stat *st, struct err *e)
{
	int got = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (got < 0)
		return open_failed(path, e);
	if (fstat(got, st) != 0) {
		err_sys(e, ERR_IO, "cannot look at %s", path);
		fd_close(&got);
		return ERR_IO;
	}
	if (!S_ISREG(st->st_mode)) {
		fd_close(&got);
		return err_set(e, ERR_INVALID, "%s is not a regular file", path);
	}
	*fd = got;
	return ERR_OK;
}

enum err_code
fs_read(const char *path, size_t max, struct str *out, struct err *e)
{
	struct stat st;
	enum err_code rc;
	size_t start = out->len;
	int fd = -1;

	rc = open_regular(path, &fd, &st, e);
	if (rc != ERR_OK)
		goto out;
	for (;;) {
		size_t left = max - (out->len - start);
		size_t want = left < COPY_CHUNK ? left + 1 : COPY_CHUNK;
		ssize_t got = read(fd, str_reserve(out, want), want);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			rc = err_sys(e, ERR_IO, "cannot read %s", path);
			goto out;
		}
		if (got == 0)
			break;
		if ((size_t)got > left) {
			rc = err_set(e, ERR_LIMIT, "%s is larger than %zu bytes", path, max);
			goto out;
		}
		out->len += (size_t)got;
		out->data[out->len] = '\0';
	}
out:
	if (rc != ERR_OK && out->data != NULL) {
		out->len = start;
		out->data[start] = '\0';
	}
	fd_close(&fd);
	return rc;
}

static void
draft_fini(struct draft *d)
{
	fd_close(&d->fd);
	if (d->temp != NULL)
		unlink(d->temp);
	free(d->temp);
	free(d->target);
}

/* MODE is for a new file and meets the umask; an existing one keeps its own unless FORCE. */
static enum err_code
draft_open(struct draft *d, const char *path, mode_t mode, bool force, struct err *e)
{
	struct stat st;
	bool there = stat(path, &st) == 0;

	if (there && !S_ISREG(st.st_mode))
		return err_set(e, ERR_INVALID, "%s is not a regular file", path);
	if (there && !force)
		mode = st.st_mode & 07777;
	d->target = there ? fs_real(path) : NULL;
	if (d->target == NULL)
		d->target = mem_strdup(path);
	for (int try = 0; try < TEMP_TRIES; try++) {
		free(d->temp);
		d->temp = mem_printf("%s.%ld-%d.tmp", d->target, (long)getpid(), try);
		d->fd = open(d->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (d->fd >= 0 || errno != EEXIST)
			break;
	}
	if (d->fd < 0) {
		err_sys(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot write %s", path);
		free(d->temp);
		d->temp = NULL;
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
	}
	if ((there || force) && fchmod(d->fd, mode) != 0)
		return err_sys(e, ERR_IO, "cannot set the mode of %s", d->temp);
	return ERR_OK;
}

/* The rename is durable only when the directory is, too. */
static void
sync_dir_of(const char *path)
{
	char *dir = fs_dir(path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* Some file systems cannot sync a directory; the rename itself has worked. */
	if (fd >= 0)
		(void)fsync(fd);
	fd_close(&fd);
	free(dir);
}

static enum err_code
draft_commit(struct draft *d, bool sync, struct err *e)
{
	if (sync && fsync(d->fd) != 0)
		return err_sys(e, ERR_IO, "cannot write %s", d->target);
	if (rename(d->temp, d->target) != 0)
		return err_sys(e, ERR_IO, "cannot replace %s", d->target);
	free(d->temp);
	d->temp = NULL;
	if (sync)
		sync_dir_of(d->target);
	return ERR_OK;
}

static enum err_code
write_whole(
    const char *path, const void *data, size_t len, mode_t mode, bool sync, struct err *e)
{
	struct draft d = DRAFT_EMPTY;
	enum err_code rc;

	rc = draft_open(&d, path, mode, false, e);
	if (rc != ERR_OK)
		goto out;
	rc = fd_write_all(d.fd, data, len, e);
	if (rc != ERR_OK) {
		err_wrap(e, "cannot write %s", path);
		goto out;
	}
	rc = draft_commit(&d, sync, e);
out:
	draft_fini(&d);
	return rc;
}

enum err_code
fs_write(const char *path, const void *data, size_t len, mode_t mode, struct err *e)
{
	return write_whole(path, data, len, mode, true, e);
}

enum err_code
fs_write_loose(const char *path, const void *data, size_t len, mode_t mode, struct err *e)
{
	return write_whole(path, data, len, mode, false, e);
}

enum err_code
fs_copy(const char *from, const char *to, struct err *e)
{
	struct draft d = DRAFT_EMPTY;
	struct stat st;
	enum err_code rc;
	char *chunk = mem_alloc(COPY_CHUNK);
	int fd = -1;
	ssize_t got;

	rc = open_regular(from, &fd, &st, e);
	if (rc != ERR_OK)
		goto out;
	rc = draft_open(&d, to, st.st_mode & 07777, true, e);
	if (rc != ERR_OK)
		goto out;
	while ((got = read(fd, chunk, COPY_CHUNK)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			rc = err_sys(e, ERR_IO, "cannot read %s", from);
			goto out;
		}
		rc = fd_write_all(d.fd, chunk, (size_t)got, e);
		if (rc != ERR_OK) {
			err_wrap(e, "cannot write %s", to);
			goto out;
		}
	}
	rc = draft_commit(&d, true, e);
out:
	draft_fini(&d);
	fd_close(&fd);
	free(chunk);
	return rc;
}

/* Whether NAME is "BASE.PID-TRY.tmp", as draft_open() makes them. */
static bool
is_draft_of(const char *name, const char *base)
{
	size_t len = strlen(base), digits;

	if (strncmp(name, base, len) != 0 || name[len] != '.')
		return false;
	name += len + 1;
	digits = strspn(name, "0123456789");
	if (digits == 0 || name[digits] != '-')
		return false;
	name += digits + 1;
	digits = strspn(name, "0123456789");
	return digits > 0 && strcmp(name + digits, ".tmp") == 0;
}

enum err_code
fs_clear_drafts(const char *path, struct err *e)
{
	char *real = fs_real(path), *dir = fs_dir(real != NULL ? real : path);
	const char *base = fs_base(real != NULL ? real : path);
	struct strlist names = STRLIST_EMPTY;
	enum err_code rc = fs_is_dir(dir) ? fs_list(dir, &names, e) : ERR_OK;

	for (size_t i = 0; i < names.count && rc == ERR_OK; i++) {
		char *draft = fs_join(dir, names.items[i]);

		if (is_draft_of(names.items[i], base) && unlink(draft) != 0)
			rc = err_sys(e, ERR_IO, "cannot remove %s", draft);
		free(draft);
	}
	strlist_fini(&names);
	free(dir);
	free(real);
	return rc;
}

enum err_code
fs_mkdirs(const char *path, mode_t mode, struct err *e)
{
	char *copy = mem_strdup(path);
	enum err_code rc = ERR_OK;

	for (char *p = copy + 1; *copy != '\0'; p++) {
		bool last = *p == '\0';

		if (!last && *p != '/')
			continue;
		*p = '\0';
		if (mkdir(copy, mode) != 0 && !fs_is_dir(copy)) {
			rc = err_sys(e, ERR_IO, "cannot make the directory %s", copy);
			break;
		}
		if (last)
			break;
		*p = '/';
	}
	free(copy);
	return rc;
}

static enum err_code remove_entry(int dir, const char *name, int depth, struct err *e);

static enum err_code
remove_inside(int dir, const char *name, int depth, struct err *e)
{
	enum err_code rc = ERR_OK;
	struct dirent *entry;
	DIR *list;
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 && errno == EACCES && fchmodat(dir, name, 0700, 0) == 0)
		fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, ERR_IO, "cannot open the directory %s", name);
	list = fdopendir(fd);
	if (list == NULL) {
		rc = err_sys(e, ERR_IO, "cannot list the directory %s", name);
		fd_close(&fd);
		return rc;
	}
	while (rc == ERR_OK && (entry = readdir(list)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			rc = remove_entry(dirfd(list), entry->d_name, depth + 1, e);
	closedir(list);
	return rc;
}

/* NAME below the open directory DIR; links are removed, never followed. */
static enum err_code
remove_entry(int dir, const char *name, int depth, struct err *e)
{
	struct stat st;
	enum err_code rc;

	if (depth > TREE_DEPTH)
		return err_set(e, ERR_LIMIT, "cannot remove %s: nested too deeply", name);
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? ERR_OK : err_sys(e, ERR_IO, "cannot look at %s", name);
	if (!S_ISDIR(st.st_mode)) {
		/* A directory that is not writable keeps its entries: tools make such caches. */
		if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
			return ERR_OK;
		if (errno == EACCES && dir != AT_FDCWD && fchmod(dir, 0700) == 0 &&
		    unlinkat(dir, name, 0) == 0)
			return ERR_OK;
		return err_sys(e, ERR_IO, "cannot remove %s", name);
	}
	rc = remove_inside(dir, name, depth, e);
	if (rc != ERR_OK || unlinkat(dir, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return rc;
	if (errno == EACCES && dir != AT_FDCWD && fchmod(dir, 0700) == 0 &&
	    unlinkat(dir, name, AT_REMOVEDIR) == 0)
		return ERR_OK;
	return err_sys(e, ERR_IO, "cannot remove the directory %s", name);
}

enum err_code
fs_remove_tree(const char *path, struct err *e)
{
	enum err_code rc = remove_entry(AT_FDCWD, path, 0, e);

	if (rc != ERR_OK)
		err_wrap(e, "cannot remove %s", path);
	return rc;
}

enum err_code
fs_temp_dir(const char *prefix, char **out, struct err *e)
{
	const char *base = env_get("TMPDIR");
	char *path;

	if (base == NULL || base[0] != '/')
		base = "/tmp";
	path = mem_printf("%s/%s-XXXXXX", base, prefix);
	if (mkdtemp(path) == NULL) {
		enum err_code rc = err_sys(
		    e, ERR_IO, "cannot make a temporary directory in %s", base);

		free(path);
		return rc;
	}
	*out = path;
	return ERR_OK;
}

enum err_code
fs_list(const char *path, struct strlist *out, struct err *e)
{
	struct strlist names = STRLIST_EMPTY;
	struct dirent *entry;
	DIR *list = opendir(path);

	if (list == NULL)
		return open_failed(path, e);
	while ((entry = readdir(list)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			strlist_add(&names, entry->d_name);
	closedir(list);
	strlist_sort(&names);
	strlist_copy(out, &names);
	strlist_fini(&names);
	return ERR_OK;
}

bool
fs_is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool
fs_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool
fs_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

uint64_t
fs_size(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
}

bool
fs_is_shared(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && (st.st_mode & (S_IRGRP | S_IROTH)) != 0;
}

char *
fs_join(const char *dir, const char *name)
{
	size_t len = strlen(dir);

	if (name[0] == '/' || len == 0)
		return mem_strdup(name);
	return mem_printf("%s%s%s", dir, dir[len - 1] == '/' ? "" : "/", name);
}

const char *
fs_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

char *
fs_dir(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return mem_strdup(".");
	while (slash > path && slash[-1] == '/')
		slash--;
	return slash == path ? mem_strdup("/") : mem_strndup(path, (size_t)(slash - path));
}

char *
fs_real(const char *path)
{
	return realpath(path, NULL);
}

void
fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

enum err_code
fd_write_all(int fd, const void *data, size_t len, struct err *e)
{
	const char *at = data;

	while (len > 0) {
		ssize_t put = write(fd, at, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return err_sys(e, ERR_IO, "cannot write");
		at += put;
		len -= (size_t)put;
	}
	return ERR_OK;
}
