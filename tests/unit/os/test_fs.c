/* Files: bounded reads, writes that are whole, trees that are removed without following links. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "leak_gate.h"
#include "slipway/os/fs.h"
#include "temp.h"

static mode_t
mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

static size_t
entries(const char *dir)
{
	struct strlist names = STRLIST_EMPTY;
	size_t count;

	cr_assert_eq(fs_list(dir, &names, NULL), ERR_OK);
	count = names.count;
	strlist_fini(&names);
	return count;
}

Test(fs, reads_a_file_up_to_its_bound, .fini = leak_gate)
{
	char *dir = temp_dir(), *path = fs_join(dir, "a"), *fifo = fs_join(dir, "fifo");
	char *none = fs_join(dir, "none");
	const struct {
		const char *path;
		size_t max;
		enum err_code code;
	} row[] = {
		{ path, 5, ERR_OK },
		{ path, 100, ERR_OK },
		{ path, 4, ERR_LIMIT },
		{ path, 0, ERR_LIMIT },
		{ none, 100, ERR_NOT_FOUND },
		{ dir, 100, ERR_INVALID },
		{ fifo, 100, ERR_INVALID },
	};

	temp_puts(dir, "a", "hello");
	cr_assert_eq(mkfifo(fifo, 0600), 0);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct str text = STR_EMPTY;
		struct err e = ERR_EMPTY;

		str_puts(&text, "> ");
		cr_expect_eq(
		    fs_read(row[i].path, row[i].max, &text, &e), row[i].code, "row %zu", i);
		cr_expect_str_eq(
		    str_text(&text), row[i].code == ERR_OK ? "> hello" : "> ", "row %zu", i);
		cr_expect_eq(e.code, row[i].code, "row %zu", i);
		str_fini(&text);
	}
	free(path);
	free(fifo);
	free(none);
	temp_remove(dir);
}

Test(fs, a_write_replaces_the_file_behind_a_link_and_keeps_its_mode, .fini = leak_gate)
{
	char *dir = temp_dir(), *path = fs_join(dir, "real"), *link = fs_join(dir, "link");
	char *text;

	temp_puts(dir, "real", "old");
	cr_assert_eq(chmod(path, 0640), 0);
	cr_assert_eq(symlink("real", link), 0);
	cr_assert_eq(fs_write(link, "new text", 8, 0600, NULL), ERR_OK);
	text = temp_read(dir, "real", NULL);
	cr_expect_str_eq(text, "new text");
	free(text);
	cr_expect_eq(mode_of(path), 0640);
	cr_assert_eq(fs_write_loose(link, "newer", 5, 0600, NULL), ERR_OK);
	text = temp_read(dir, "real", NULL);
	cr_expect_str_eq(text, "newer");
	free(text);
	cr_expect_eq(mode_of(path), 0640);
	cr_expect_eq(entries(dir), 2, "no temporary file stays behind");
	free(path);
	free(link);
	temp_remove(dir);
}

Test(fs, a_new_file_gets_the_mode_and_a_failed_write_leaves_nothing, .fini = leak_gate)
{
	char *dir = temp_dir(), *path = fs_join(dir, "secret"), *deep = fs_join(dir, "no/file");
	struct err e = ERR_EMPTY;

	cr_assert_eq(fs_write(path, "x", 1, 0600, NULL), ERR_OK);
	cr_expect_eq(mode_of(path), 0600);
	cr_expect_not(fs_is_shared(path));
	cr_expect_eq(fs_write(deep, "x", 1, 0600, &e), ERR_NOT_FOUND);
	cr_expect_eq(e.code, ERR_NOT_FOUND);
	cr_expect_eq(fs_write(dir, "x", 1, 0600, &e), ERR_INVALID);
	cr_expect_eq(entries(dir), 1);
	free(path);
	free(deep);
	temp_remove(dir);
}

Test(fs, copies_bytes_and_mode, .fini = leak_gate)
{
	char *dir = temp_dir(), *from = fs_join(dir, "from"), *to = fs_join(dir, "to");
	size_t len = 300000, got = 0;
	char *data = malloc(len), *copy;

	for (size_t i = 0; i < len; i++)
		data[i] = (char)(i * 7 % 251);
	temp_write(dir, "from", data, len);
	cr_assert_eq(chmod(from, 0755), 0);
	temp_puts(dir, "to", "what was there");
	cr_assert_eq(fs_copy(from, to, NULL), ERR_OK);
	copy = temp_read(dir, "to", &got);
	cr_expect(got == len && memcmp(copy, data, len) == 0);
	cr_expect_eq(mode_of(to), 0755);
	cr_expect_eq(fs_size(to), len);
	cr_expect_eq(fs_copy(dir, to, NULL), ERR_INVALID);
	free(copy);
	free(data);
	free(from);
	free(to);
	temp_remove(dir);
}

Test(fs, makes_directories_and_says_when_a_file_is_in_the_way, .fini = leak_gate)
{
	char *dir = temp_dir(), *deep = fs_join(dir, "a/b//c/"), *bad = fs_join(dir, "f/x");

	cr_expect_eq(fs_mkdirs(deep, 0700, NULL), ERR_OK);
	cr_expect_eq(fs_mkdirs(deep, 0700, NULL), ERR_OK);
	cr_expect(fs_is_dir(deep));
	temp_puts(dir, "f", "");
	cr_expect_eq(fs_mkdirs(bad, 0700, NULL), ERR_IO);
	free(deep);
	free(bad);
	temp_remove(dir);
}

Test(fs, removes_a_tree_but_nothing_behind_its_links, .fini = leak_gate)
{
	char *dir = temp_dir(), *tree = fs_join(dir, "tree"), *locked = fs_join(dir, "tree/ro");
	char *link = fs_join(dir, "tree/link");

	temp_puts(dir, "keep/file", "kept");
	temp_puts(dir, "tree/a/b/c", "x");
	temp_puts(dir, "tree/ro/file", "x");
	cr_assert_eq(symlink("../keep", link), 0);
	cr_assert_eq(chmod(locked, 0500), 0);
	cr_expect_eq(fs_remove_tree(tree, NULL), ERR_OK);
	cr_expect_not(fs_exists(tree));
	cr_expect_eq(fs_remove_tree(tree, NULL), ERR_OK, "not there is fine");
	cr_assert_eq(symlink("keep", tree), 0);
	cr_expect_eq(fs_remove_tree(tree, NULL), ERR_OK);
	cr_expect_eq(entries(dir), 1);
	free(tree);
	free(locked);
	free(link);
	temp_remove(dir);
}

Test(fs, lists_names_in_byte_order, .fini = leak_gate)
{
	char *dir = temp_dir();
	struct strlist names = STRLIST_EMPTY;
	struct str all = STR_EMPTY;

	temp_puts(dir, "b", "");
	temp_puts(dir, "B", "");
	temp_puts(dir, ".a", "");
	cr_assert_eq(fs_list(dir, &names, NULL), ERR_OK);
	strlist_join(&names, " ", &all);
	cr_expect_str_eq(str_text(&all), ".a B b");
	str_fini(&all);
	strlist_fini(&names);
	cr_expect_eq(fs_list("/nowhere/at/all", &names, NULL), ERR_NOT_FOUND);
	temp_remove(dir);
}

Test(fs, takes_paths_apart_and_together, .fini = leak_gate)
{
	static const struct {
		const char *path, *dir, *base;
	} row[] = {
		{ "/a/b", "/a", "b" },
		{ "a", ".", "a" },
		{ "/a", "/", "a" },
		{ "a/b/c", "a/b", "c" },
		{ "a//b", "a", "b" },
	};
	static const struct {
		const char *dir, *name, *joined;
	} join[] = {
		{ "/a", "b", "/a/b" },
		{ "/a/", "b", "/a/b" },
		{ "/a", "/b", "/b" },
		{ "", "b", "b" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *dir = fs_dir(row[i].path);

		cr_expect_str_eq(dir, row[i].dir);
		cr_expect_str_eq(fs_base(row[i].path), row[i].base);
		free(dir);
	}
	for (size_t i = 0; i < ARRAY_LEN(join); i++) {
		char *got = fs_join(join[i].dir, join[i].name);

		cr_expect_str_eq(got, join[i].joined);
		free(got);
	}
}

Test(fs, a_temporary_directory_is_private, .fini = leak_gate)
{
	char *dir = NULL;

	cr_assert_eq(fs_temp_dir("slipway-test", &dir, NULL), ERR_OK);
	cr_expect_eq(mode_of(dir), 0700);
	cr_expect_eq(fs_remove_tree(dir, NULL), ERR_OK);
	free(dir);
}
