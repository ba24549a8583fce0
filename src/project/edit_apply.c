/* Writing a plan: every new file lies beside its old one, synced, before the first is put in place;
 * when one cannot be, those before it get their old bytes back. */
#include "slipway/project/edit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "source.h"

/* One file on its way. */
struct change {
	const struct edit_file *file;
	char *target; /* its real path, through links inside the directory */
	char *beside; /* the new bytes; NULL when they are not there (any more) */
	mode_t mode;
};

/* A file is replaced, never written into: its folder must take the new one. */
static enum err_code
check_folder(const struct change *c, struct err *e)
{
	char *dir = fs_dir(c->target), *shown = fs_dir(c->file->path);
	struct stat st;
	enum err_code rc = ERR_OK;

	if (stat(dir, &st) != 0) {
		rc = err_sys(e, ERR_IO, "cannot look at %s", shown);
	} else if ((st.st_mode & S_IWUSR) == 0 || access(dir, W_OK) != 0) {
		rc = err_set(e, ERR_REFUSED, "the folder %s is read-only, and %s in it changes",
		    shown, fs_base(c->file->path));
		err_hint(e, "chmod u+w %s, or see who owns it", shown);
	}
	free(dir);
	free(shown);
	return rc;
}

static enum err_code
check_new(struct change *c, const char *dir, struct err *e)
{
	c->target = fs_join(dir, c->file->path);
	c->mode = 0644;
	if (!fs_exists(c->target))
		return ERR_OK;
	err_set(e, ERR_CONFLICT, "%s is there already; nothing was written", c->file->path);
	return err_hint(e, "go back to the edits to read it");
}

static enum err_code
check(struct change *c, const char *dir, struct err *e)
{
	struct str now = STR_EMPTY;
	struct stat st;
	enum err_code rc;

	if (c->file->created)
		return check_new(c, dir, e);
	rc = source_resolve(dir, c->file->path, &c->target, e);
	if (rc != ERR_OK)
		return rc;
	if (stat(c->target, &st) != 0)
		return err_sys(e, ERR_IO, "cannot look at %s", c->file->path);
	c->mode = st.st_mode & 07777;
	if ((c->mode & S_IWUSR) == 0) {
		err_set(e, ERR_REFUSED, "%s is read-only", c->file->path);
		err_hint(e, "chmod u+w %s, or leave its place out", c->file->path);
		return ERR_REFUSED;
	}
	rc = check_folder(c, e);
	if (rc == ERR_OK)
		rc = fs_read(c->target, SOURCE_MAX_BYTES, &now, e);
	if (rc == ERR_OK &&
	    !bytes_equal((struct bytes) { str_text(&now), now.len },
		(struct bytes) { str_text(&c->file->before), c->file->before.len })) {
		err_set(e, ERR_CONFLICT, "%s was changed since it was read; nothing was written",
		    c->file->path);
		err_hint(e, "begin anew to read it again");
		rc = ERR_CONFLICT;
	}
	str_fini(&now);
	return rc;
}

static enum err_code
lay_beside(struct change *c, struct err *e)
{
	char *path = mem_printf("%s.slipway-XXXXXX", c->target);
	int fd = mkstemp(path);
	enum err_code rc;

	if (fd < 0) {
		rc = err_sys(e, ERR_IO, "cannot write beside %s", c->file->path);
		goto out;
	}
	c->beside = path;
	path = NULL;
	rc = fd_write_all(fd, str_text(&c->file->after), c->file->after.len, e);
	if (rc != ERR_OK)
		err_wrap(e, "cannot write %s", c->file->path);
	else if (fchmod(fd, c->mode) != 0 || fsync(fd) != 0)
		rc = err_sys(e, ERR_IO, "cannot write %s", c->file->path);
out:
	free(path);
	fd_close(&fd);
	return rc;
}

static void
sync_dir(const char *path)
{
	char *dir = fs_dir(path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		fsync(fd);
	fd_close(&fd);
	free(dir);
}

/* Puts the first COUNT files back; what fails here is told beside the first error. */
static void
undo(const struct change *changes, size_t count, struct err *e)
{
	for (size_t i = 0; i < count; i++) {
		const struct edit_file *f = changes[i].file;

		if (f->created) {
			unlink(changes[i].target);
			continue;
		}
		if (fs_write(changes[i].target, str_text(&f->before), f->before.len,
			changes[i].mode, NULL) != ERR_OK)
			err_hint(
			    e, "%s could not be put back: git checkout -- %s", f->path, f->path);
	}
}

enum err_code
edit_target(const char *dir, const char *path, char **out, struct err *e)
{
	return source_canonical(dir, path, out, e);
}

enum err_code
edit_check(const struct edit_plan *plan, const char *dir, struct err *e)
{
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < plan->count && rc == ERR_OK; i++) {
		struct change c = { .file = &plan->items[i] };

		rc = check(&c, dir, e);
		free(c.target);
	}
	return rc;
}

enum err_code
edit_apply(const struct edit_plan *plan, const char *dir, struct err *e)
{
	struct change *changes = mem_zalloc(plan->count, sizeof changes[0]);
	size_t placed = 0;
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < plan->count && rc == ERR_OK; i++) {
		changes[i].file = &plan->items[i];
		rc = check(&changes[i], dir, e);
	}
	for (size_t i = 0; i < plan->count && rc == ERR_OK; i++)
		rc = lay_beside(&changes[i], e);
	for (; placed < plan->count && rc == ERR_OK; placed++) {
		struct change *c = &changes[placed];

		if (rename(c->beside, c->target) != 0) {
			rc = err_sys(e, ERR_IO, "cannot replace %s", c->file->path);
			undo(changes, placed, e);
			break;
		}
		mem_set(&c->beside, NULL);
	}
	for (size_t i = 0; i < plan->count; i++) {
		if (changes[i].beside != NULL)
			unlink(changes[i].beside);
		else if (rc == ERR_OK)
			sync_dir(changes[i].target);
		free(changes[i].beside);
		free(changes[i].target);
	}
	free(changes);
	return rc;
}
