/* Trees are copied with their links and modes, and nothing is followed. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "leak_gate.h"
#include "slipway/os/fs.h"
#include "temp.h"

Test(fs_copy, keeps_links_modes_and_depth, .fini = leak_gate)
{
	char *dir = temp_dir(), *from = fs_join(dir, "a"), *to = fs_join(dir, "x/b"), *text, *path;
	char target[64] = "";
	struct stat st;

	temp_puts(dir, "a/deep/er/file", "text");
	path = fs_join(dir, "a/link");
	cr_assert_eq(symlink("deep/er/file", path), 0);
	free(path);
	path = fs_join(dir, "a/deep/er/file");
	cr_assert_eq(chmod(path, 0750), 0);
	free(path);
	cr_assert_eq(fs_copy_tree(from, to, NULL), ERR_OK);
	text = temp_read(dir, "x/b/deep/er/file", NULL);
	cr_assert_str_eq(text, "text");
	free(text);
	path = fs_join(dir, "x/b/deep/er/file");
	cr_assert_eq(stat(path, &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0750);
	free(path);
	path = fs_join(dir, "x/b/link");
	cr_assert_gt(readlink(path, target, sizeof target - 1), 0);
	cr_assert_str_eq(target, "deep/er/file");
	free(path);
	free(from);
	free(to);
	temp_remove(dir);
}

Test(fs_copy, says_what_is_not_there_and_refuses_devices, .fini = leak_gate)
{
	char *dir = temp_dir(), *to = fs_join(dir, "b"), *from = fs_join(dir, "none");
	struct err e = ERR_EMPTY;

	cr_assert_eq(fs_copy_tree(from, to, &e), ERR_NOT_FOUND);
	cr_assert_eq(fs_copy_tree("/dev/null", to, &e), ERR_UNSUPPORTED);
	cr_assert_not(fs_exists(to));
	free(from);
	free(to);
	temp_remove(dir);
}

/* What a killed copy leaves is cleared; what only looks like it, or is of another file, stays. */
Test(fs_copy, clears_what_a_killed_copy_left, .fini = leak_gate)
{
	static const char *const stay[] = { "a.whl", "a.whl.1-0.tmp.bak", "a.whl.x-0.tmp",
		"a.whl.12-.tmp", "a.whl.12.tmp", "b.whl.12-0.tmp", "xa.whl.12-0.tmp" };
	char *dir = temp_dir(), *path = fs_join(dir, "a.whl"), *none = fs_join(dir, "no/a.whl");
	struct strlist names = STRLIST_EMPTY;

	for (size_t i = 0; i < sizeof stay / sizeof *stay; i++)
		temp_puts(dir, stay[i], "x");
	temp_puts(dir, "a.whl.12-0.tmp", "half");
	temp_puts(dir, "a.whl.4711-99.tmp", "half");
	cr_assert_eq(fs_clear_drafts(path, NULL), ERR_OK);
	cr_assert_eq(fs_list(dir, &names, NULL), ERR_OK);
	cr_expect_eq(names.count, sizeof stay / sizeof *stay, "%zu", names.count);
	for (size_t i = 0; i < sizeof stay / sizeof *stay; i++)
		cr_expect(strlist_has(&names, stay[i]), "%s", stay[i]);
	cr_expect_eq(fs_clear_drafts(none, NULL), ERR_OK);
	strlist_fini(&names);
	free(path);
	free(none);
	temp_remove(dir);
}
