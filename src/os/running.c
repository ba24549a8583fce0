/* Who else is at work: /proc, read one process at a time. */
#include "slipway/os/running.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "slipway/os/fs.h"

/* The kernel cuts names at 15 bytes. */
#define NAME_MAX_LEN 64

/* Whether the process in /proc/PID counts. */
typedef bool (*look_fn)(const char *pid, const char *what, const char *where);

static bool
any_process(look_fn look, const char *what, const char *where)
{
	DIR *list = opendir("/proc");
	struct dirent *entry;
	bool found = list == NULL;

	while (!found && (entry = readdir(list)) != NULL)
		found = isdigit((unsigned char)entry->d_name[0]) &&
		    look(entry->d_name, what, where);
	if (list != NULL)
		closedir(list);
	return found;
}

/* The target of the link PATH, or NULL with errno; owned by the caller. */
static char *
read_link(const char *path)
{
	char buf[PATH_MAX];
	ssize_t len = readlink(path, buf, sizeof buf);

	if (len < 0 || (size_t)len == sizeof buf)
		return NULL;
	return mem_strndup(buf, (size_t)len);
}

static bool
is_in(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

static bool
works_in(const char *pid, const char *prefix, const char *dir)
{
	char *path = mem_printf("/proc/%s/comm", pid), *cwd;
	struct str name = STR_EMPTY;
	bool ours = fs_read(path, NAME_MAX_LEN, &name, NULL) == ERR_OK &&
	    text_starts(str_text(&name), prefix);

	free(path);
	str_fini(&name);
	if (!ours)
		return false;
	path = mem_printf("/proc/%s/cwd", pid);
	cwd = read_link(path);
	/* One that ended while it was looked at works nowhere; one of another user may. */
	ours = cwd != NULL ? is_in(cwd, dir) : errno != ENOENT && errno != ESRCH;
	free(cwd);
	free(path);
	return ours;
}

bool
running_in(const char *prefix, const char *dir)
{
	return any_process(works_in, prefix, dir);
}

static bool
has_open(const char *pid, const char *file, const char *unused)
{
	char *dir = mem_printf("/proc/%s/fd", pid);
	DIR *list = opendir(dir);
	struct dirent *entry;
	bool found = false;

	(void)unused;
	while (!found && list != NULL && (entry = readdir(list)) != NULL) {
		char *path = fs_join(dir, entry->d_name), *target = read_link(path);

		found = target != NULL && strcmp(target, file) == 0;
		free(target);
		free(path);
	}
	if (list != NULL)
		closedir(list);
	free(dir);
	return found;
}

bool
running_has_open(const char *path)
{
	return any_process(has_open, path, NULL);
}
