/* The files of a commit. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"
#include "slipway/repo/tree.h"

Test(tree, lists_files_with_modes_and_odd_names, .fini = leak_gate)
{
	struct fixture		f = fixture_with_commits();
	struct repo_tree	t = REPO_TREE_EMPTY;
	const struct repo_file *file;
	char		       *link = path_of(f.path, "link"), *hash;

	cr_assert_eq(symlink("a.txt", link), 0);
	temp_puts(f.path, "src/odd \xff\n\x1b.txt", "odd\n");
	temp_puts(f.path, "src.txt", "between src and src/\n");
	gitrepo_git(f.path, "add -A");
	gitrepo_git(f.path, "update-index --chmod=+x src/b.txt");
	gitrepo_git(f.path, "commit -q -m files");
	hash = gitrepo_output(f.path, "rev-parse HEAD:src/b.txt");
	fixture_open(&f);
	cr_assert_eq(repo_tree_list(f.repo, "HEAD", NULL, &t, &f.e), ERR_OK, "%s", f.e.message);
	cr_assert_eq(t.count, 5);
	file = repo_tree_find(&t, "src/b.txt");
	cr_assert_not_null(file);
	cr_expect_eq(file->mode, 0100755);
	cr_expect_str_eq(file->hash, hash);
	file = repo_tree_find(&t, "link");
	cr_assert_not_null(file);
	cr_expect_eq(file->mode, 0120000);
	cr_expect_not_null(repo_tree_find(&t, "src/odd \xff\n\x1b.txt"));
	cr_expect_null(repo_tree_find(&t, "src"));
	for (size_t i = 1; i < t.count; i++)
		cr_expect_lt(strcmp(t.items[i - 1].path, t.items[i].path), 0);
	repo_tree_fini(&t);
	cr_assert_eq(repo_tree_list(f.repo, "HEAD", "src/", &t, &f.e), ERR_OK, "%s", f.e.message);
	cr_assert_eq(t.count, 2);
	cr_expect_str_eq(t.items[0].path, "src/b.txt");
	repo_tree_fini(&t);
	cr_expect_eq(repo_tree_list(f.repo, "HEAD", "none", &t, &f.e), ERR_NOT_FOUND);
	cr_expect_eq(repo_tree_list(f.repo, "HEAD", "a.txt", &t, &f.e), ERR_NOT_FOUND);
	cr_expect_eq(repo_tree_list(f.repo, "v9", NULL, &t, &f.e), ERR_NOT_FOUND);
	free(link);
	free(hash);
	fixture_end(&f);
}

Test(tree, reads_a_file_at_a_commit_within_bounds, .fini = leak_gate)
{
	struct fixture f = fixture_with_commits();
	struct str     text = STR_EMPTY;

	fixture_open(&f);
	cr_assert_eq(
	    repo_blob(f.repo, "HEAD~2", "a.txt", 100, &text, &f.e), ERR_OK, "%s", f.e.message);
	cr_expect_str_eq(str_text(&text), "one\n");
	cr_expect_eq(repo_blob(f.repo, "HEAD", "a.txt", 3, &text, &f.e), ERR_LIMIT);
	cr_expect_eq(text.len, 4);
	cr_expect_eq(repo_blob(f.repo, "HEAD", "src", 100, &text, &f.e), ERR_NOT_FOUND);
	cr_expect_eq(repo_blob(f.repo, "HEAD", "none", 100, &text, &f.e), ERR_NOT_FOUND);
	cr_expect(strstr(f.e.message, "none") != NULL, "%s", f.e.message);
	str_fini(&text);
	fixture_end(&f);
}
