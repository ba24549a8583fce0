/* Copies of whole trees. */
#include "slipway/os/fs.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err_code
copy_link(const char *from, const char *to, struct err *e)
{
	char target[PATH_MAX];
	ssize_t len = readlink(from, target, sizeof target - 1);

	if (len < 0)
		return err_sys(e, ERR_IO, "cannot read the link %s", from);
	target[len] = '\0';
	if (symlink(target, to) != 0)
		return err_sys(e, ERR_IO, "cannot make the link %s", to);
	return ERR_OK;
}

static enum err_code
copy_below(const char *from, const char *to, struct err *e)
{
	struct strlist names = STRLIST_EMPTY;
	enum err_code rc = fs_list(from, &names, e);

	for (size_t i = 0; i < names.count && rc == ERR_OK; i++) {
		char *a = fs_join(from, names.items[i]), *b = fs_join(to, names.items[i]);

		rc = fs_copy_tree(a, b, e);
		free(a);
		free(b);
	}
	strlist_fini(&names);
	return rc;
}

enum err_code
fs_copy_tree(const char *from, const char *to, struct err *e)
{
	struct stat st;
	char *parent;
	enum err_code rc;

	if (lstat(from, &st) != 0)
		return err_sys(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot read %s", from);
	parent = fs_dir(to);
	rc = fs_mkdirs(parent, 0777, e);
	free(parent);
	if (rc != ERR_OK)
		return rc;
	if (S_ISLNK(st.st_mode))
		return copy_link(from, to, e);
	if (S_ISREG(st.st_mode))
		return fs_copy(from, to, e);
	if (!S_ISDIR(st.st_mode))
		return err_set(e, ERR_UNSUPPORTED,
		    "cannot copy %s: it is neither file, link nor folder", from);
	rc = fs_mkdirs(to, st.st_mode & 0777, e);
	return rc == ERR_OK ? copy_below(from, to, e) : rc;
}
