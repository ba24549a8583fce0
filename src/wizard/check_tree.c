/* Walking the folders that [tool.check-wheel-contents] names, for what a wheel should hold. */
#include "check_tree.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "slipway/base/mem.h"
#include "slipway/os/fs.h"

#define FILES_MAX 100000

static const char *const omitted[] = { ".*", "CVS", "RCS", "*.pyc", "*.pyo", "*.egg-info", NULL };

static bool
is_omitted(const char *name, const struct strlist *omit)
{
	for (size_t i = 0; omit != NULL && i < omit->count; i++)
		if (fnmatch(omit->items[i], name, 0) == 0)
			return true;
	for (size_t i = 0; omit == NULL && omitted[i] != NULL; i++)
		if (fnmatch(omitted[i], name, 0) == 0)
			return true;
	/* It is written by whoever imports the package from there. */
	return strcmp(name, "__pycache__") == 0;
}

struct folder {
	const char *path, *name; /* on disk, in the wheel */
	const struct strlist *omit;
};

/* Files go to OUT, folders to MORE; both by the name in the wheel. */
static void
list_folder(const struct folder *f, struct strlist *out, struct strlist *more)
{
	struct strlist names = STRLIST_EMPTY;

	/* One that cannot be read has no file. */
	(void)fs_list(f->path, &names, NULL);
	for (size_t i = 0; i < names.count && out->count < FILES_MAX; i++) {
		char *path = fs_join(f->path, names.items[i]);
		struct stat st;

		if (!is_omitted(names.items[i], f->omit) && lstat(path, &st) == 0) {
			struct strlist *to = S_ISDIR(st.st_mode) ? more : out;

			strlist_addf(
			    to, "%s%s%s", f->name, f->name[0] != '\0' ? "/" : "", names.items[i]);
		}
		free(path);
	}
	strlist_fini(&names);
}

void
check_tree_add(
    const char *folder, const char *name, const struct strlist *omit, struct strlist *out)
{
	struct strlist folders = STRLIST_EMPTY;
	size_t skip = strlen(name);

	if (fs_is_file(folder)) {
		strlist_add(out, name);
		return;
	}
	strlist_add(&folders, name);
	for (size_t i = 0; i < folders.count && folders.count < FILES_MAX; i++) {
		const char *rest = folders.items[i] + skip;
		char *path = fs_join(folder, rest[0] == '/' ? rest + 1 : rest);

		list_folder(&(struct folder) { path, folders.items[i], omit }, out, &folders);
		free(path);
	}
	strlist_fini(&folders);
}
