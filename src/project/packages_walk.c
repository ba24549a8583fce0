/* Which folders of a tree may hold packages to release, and which hold other people's or pretended
 * ones. */
#define _DEFAULT_SOURCE 1 /* d_type of struct dirent, statfs() */
#include "packages_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/vfs.h>
#endif

#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "source.h"

#define DEPTH_MAX 24
#define SETUP_DEPTH_MAX 3 /* deeper, a folder of files alone is not asked for setup.py */

/* statfs(2); <linux/magic.h> is not everywhere. */
#define FS_EXT 0xef53
#define FS_TMPFS 0x01021994
#define FS_XFS 0x58465342

struct walk {
	struct strlist *found;
	struct strlist *passed;
	dev_t device; /* of the root */
	bool counted; /* and its file system counts folders: see counts_folders() */
};

static const struct {
	const char *name;
	const char *why;
} marked[] = {
	{ "build", "build output" },
	{ "cookiecutter", "a template" },
	{ "demo", "an example" },
	{ "demos", "an example" },
	{ "dist", "build output" },
	{ "doc", "documentation" },
	{ "docs", "documentation" },
	{ "example", "an example" },
	{ "examples", "an example" },
	{ "extern", "vendored code" },
	{ "external", "vendored code" },
	{ "fixture", "a fixture of tests" },
	{ "fixtures", "a fixture of tests" },
	{ "sample", "an example" },
	{ "samples", "an example" },
	{ "template", "a template" },
	{ "templates", "a template" },
	{ "test", "a fixture of tests" },
	{ "test-crates", "a fixture of tests" },
	{ "test-data", "a fixture of tests" },
	{ "test-packages", "a fixture of tests" },
	{ "test_data", "a fixture of tests" },
	{ "test_packages", "a fixture of tests" },
	{ "testdata", "a fixture of tests" },
	{ "testing", "a fixture of tests" },
	{ "tests", "a fixture of tests" },
	{ "third-party", "vendored code" },
	{ "third_party", "vendored code" },
	{ "_vendor", "vendored code" },
	{ "vendor", "vendored code" },
	{ "vendored", "vendored code" },
};

/* Never entered: large, and nobody's sources. */
static bool
is_closed(const char *name)
{
	static const char *const names[] = { "node_modules", "__pycache__", "site-packages", "venv",
		"virtualenv", "target" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return name[0] == '.' || text_ends(name, ".egg-info");
}

const char *
packages_walk_mark(const char *name)
{
	if (strstr(name, "{{") != NULL)
		return "a template";
	for (size_t i = 0; i < ARRAY_LEN(marked); i++)
		if (strcmp(name, marked[i].name) == 0)
			return marked[i].why;
	return NULL;
}

static void
note(struct walk *w, const char *dir, const char *why)
{
	if (why == NULL) {
		strlist_add(w->found, dir);
		return;
	}
	strlist_take(w->passed, source_join(dir, "pyproject.toml"));
	strlist_add(w->passed, why);
}

/* Subfolders and whether a project file, a virtual environment or a repository of its own lies
 * here. */
struct listing {
	struct strlist dirs;
	bool project;
	bool setup; /* setup.py or setup.cfg */
	bool environment;
	bool repository;
};

/* Most file systems say of themselves what an entry is: a question for each of 200,000 files would
 * take longer than all the rest. */
static bool
is_folder(DIR *d, const struct dirent *entry)
{
	struct stat st;

#ifdef DT_UNKNOWN
	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_DIR;
#endif
	return fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(st.st_mode);
}

/* Takes FD. */
static void
list_dir(int fd, struct listing *out)
{
	DIR *d = fdopendir(fd);
	struct dirent *entry;

	if (d == NULL) {
		fd_close(&fd);
		return;
	}
	while ((entry = readdir(d)) != NULL) {
		const char *name = entry->d_name;

		if (strcmp(name, "pyproject.toml") == 0)
			out->project = true;
		else if (strcmp(name, "setup.py") == 0 || strcmp(name, "setup.cfg") == 0)
			out->setup = true;
		else if (strcmp(name, "pyvenv.cfg") == 0)
			out->environment = true;
		else if (strcmp(name, ".git") == 0)
			out->repository = true;
		else if (is_folder(d, entry) && !is_closed(name))
			strlist_add(&out->dirs, name);
	}
	closedir(d);
	strlist_sort(&out->dirs);
}

/* File systems of which it is known that a folder has one link more for each folder in it: two
 * links mean that there is none. Others always say one, or count in their own way. */
static bool
counts_folders(int fd)
{
#ifdef __linux__
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 &&
	       (fs.f_type == FS_EXT || fs.f_type == FS_TMPFS || fs.f_type == FS_XFS);
#else
	(void)fd;
	return false;
#endif
}

static bool
has(int parent, const char *folder, const char *name, bool *sure)
{
	char *path = source_join(folder, name);
	struct stat st;
	int rc = fstatat(parent, path, &st, AT_SYMLINK_NOFOLLOW);

	*sure = *sure && (rc == 0 || errno == ENOENT);
	free(path);
	return rc == 0;
}

/* A folder without folders, as most are, need not be read: three questions take a quarter of the
 * time. False when it must be. */
static bool
ask_leaf(
    const struct walk *w, int parent, const char *name, unsigned depth, struct listing *out)
{
	struct stat st;
	bool sure = true;

	if (!w->counted || fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISDIR(st.st_mode) || st.st_dev != w->device || st.st_nlink != 2)
		return false;
	out->project = has(parent, name, "pyproject.toml", &sure);
	if (!out->project && depth <= SETUP_DEPTH_MAX)
		out->setup = has(parent, name, "setup.py", &sure);
	out->environment = has(parent, name, "pyvenv.cfg", &sure);
	out->repository = has(parent, name, ".git", &sure);
	return sure;
}

/* The folder NAME of PARENT, which is DIR from the root. */
static void
enter(
    struct walk *w, int parent, const char *name, const char *dir, const char *why, unsigned depth)
{
	struct listing l = { .dirs = STRLIST_EMPTY };
	int fd = -1;

	if (!ask_leaf(w, parent, name, depth, &l)) {
		l = (struct listing) { .dirs = STRLIST_EMPTY };
		fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0)
			list_dir(fcntl(fd, F_DUPFD_CLOEXEC, 0), &l);
	}
	if (l.environment)
		goto out;
	if (l.repository && depth > 0)
		why = "in a repository of its own";
	if (l.project || (l.setup && why == NULL))
		note(w, dir, why);
	for (size_t i = 0; i < l.dirs.count && depth < DEPTH_MAX; i++) {
		const char *mark = packages_walk_mark(l.dirs.items[i]);
		char *below = source_join(dir, l.dirs.items[i]);

		enter(w, fd, l.dirs.items[i], below, why != NULL ? why : mark, depth + 1);
		free(below);
	}
out:
	fd_close(&fd);
	strlist_fini(&l.dirs);
}

enum err_code
packages_walk(const char *root, struct strlist *found, struct strlist *passed, struct err *e)
{
	struct walk w = { .found = found, .passed = passed };
	struct stat st;
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && !fs_is_dir(root))
		return err_set(e, ERR_NOT_FOUND, "%s is not a directory", root);
	if (fd >= 0 && fstat(fd, &st) == 0) {
		w.device = st.st_dev;
		w.counted = counts_folders(fd);
	}
	enter(&w, fd, ".", "", NULL, 0);
	fd_close(&fd);
	strlist_sort(found);
	return ERR_OK;
}
