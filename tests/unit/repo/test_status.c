/* The state of the work tree, as git status has it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fixture.h"
#include "slipway/repo/status.h"

static const struct repo_status_entry *
find(const struct repo_status *s, const char *path)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->items[i].path, path) == 0)
			return &s->items[i];
	return NULL;
}

Test(status, tells_staged_unstaged_and_untracked_but_not_ignored, .fini = leak_gate)
{
	struct fixture		        f = fixture_with_commits();
	struct repo_status	        s = REPO_STATUS_EMPTY;
	const struct repo_status_entry *entry;
	struct stat			before, after;
	char			       *index = path_of(f.path, ".git/index");

	gitrepo_commit(f.path, ".gitignore", "*.log\nbuild/\n", "ignore");
	gitrepo_commit(f.path, "gone", "1\n", "gone");
	gitrepo_commit(f.path, "moved", "a file long enough to be found again\n", "moved");
	fixture_open(&f);
	cr_assert_eq(repo_status(f.repo, 0, &s, &f.e), ERR_OK, "%s", f.e.message);
	cr_expect_eq(s.total, 0);
	repo_status_fini(&s);

	temp_puts(f.path, "a.txt", "changed\n");
	temp_puts(f.path, "x.log", "");
	temp_puts(f.path, "build/x", "");
	temp_puts(f.path, "new\xff\n.txt", "");
	temp_puts(f.path, "folder/1", "");
	temp_puts(f.path, "folder/2", "");
	temp_puts(f.path, "src/b.txt", "staged\n");
	gitrepo_git(f.path, "add src/b.txt");
	temp_puts(f.path, "src/b.txt", "and again\n");
	gitrepo_git(f.path, "rm -q gone");
	gitrepo_git(f.path, "mv moved there");
	stat(index, &before);
	fixture_open(&f);
	cr_assert_eq(repo_status(f.repo, 0, &s, &f.e), ERR_OK, "%s", f.e.message);
	stat(index, &after);
	cr_expect(before.st_ino == after.st_ino && before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
	cr_expect_eq(s.total, 6, "%zu", s.total);
	cr_expect_eq(s.staged, 3, "%zu", s.staged);
	cr_expect_eq(s.unstaged, 2, "%zu", s.unstaged);
	cr_expect_eq(s.untracked, 2, "%zu", s.untracked);
	entry = find(&s, "src/b.txt");
	cr_assert_not_null(entry);
	cr_expect(entry->staged == REPO_MODIFIED && entry->unstaged == REPO_MODIFIED);
	cr_expect_not_null(find(&s, "new\xff\n.txt"));
	cr_expect_not_null(find(&s, "folder/"));
	entry = find(&s, "there");
	cr_assert_not_null(entry);
	cr_expect_eq(repo_change_letter(entry->staged), 'R');
	entry = find(&s, "gone");
	cr_assert_not_null(entry);
	cr_expect_eq(entry->staged, REPO_DELETED);
	repo_status_fini(&s);
	free(index);
	fixture_end(&f);
}

Test(status, bounds_the_list_and_counts_all, .fini = leak_gate)
{
	struct fixture	   f = fixture_with_commits();
	struct repo_status s = REPO_STATUS_EMPTY;
	char		   name[32];

	for (int i = 0; i < 50; i++) {
		snprintf(name, sizeof name, "new-%d", i);
		temp_puts(f.path, name, "");
	}
	fixture_open(&f);
	cr_assert_eq(repo_status(f.repo, 10, &s, &f.e), ERR_OK);
	cr_expect_eq(s.count, 10);
	cr_expect_eq(s.total, 50);
	cr_expect_eq(s.untracked, 50);
	repo_status_fini(&s);
	fixture_end(&f);
}

Test(status, tells_conflicts_and_filters, .fini = leak_gate)
{
	struct fixture		        f = fixture_with_commits();
	struct repo_status	        s = REPO_STATUS_EMPTY;
	const struct repo_status_entry *entry;

	gitrepo_git(f.path, "checkout -q -b other HEAD~1");
	gitrepo_commit(f.path, "a.txt", "theirs\n", "theirs");
	gitrepo_git(f.path, "checkout -q main");
	gitrepo_commit(f.path, "a.txt", "ours\n", "ours");
	gitrepo_commit(f.path, "big.bin", "1\n", "big");
	gitrepo_try(f.path, "merge other");
	temp_puts(f.path, ".git/info/attributes", "*.bin filter=lfs\n");
	temp_puts(f.path, "big.bin", "22\n");
	fixture_open(&f);
	cr_expect_eq(repo_state(f.repo), REPO_MERGE);
	cr_assert_eq(repo_status(f.repo, 0, &s, &f.e), ERR_OK);
	cr_expect_eq(s.conflicted, 1);
	entry = find(&s, "big.bin");
	cr_assert_not_null(entry);
	cr_expect(entry->filtered);
	cr_expect_eq(s.filtered, 1);
	repo_status_fini(&s);
	fixture_end(&f);
}

Test(status, tells_ignored_paths, .fini = leak_gate)
{
	struct fixture f = fixture_with_commits();
	bool	       ignored = false;

	temp_puts(f.path, ".gitignore", "dist/\n");
	fixture_open(&f);
	cr_expect_eq(repo_is_ignored(f.repo, "dist/x.whl", &ignored, &f.e), ERR_OK);
	cr_expect(ignored);
	cr_expect_eq(repo_is_ignored(f.repo, "src/x", &ignored, &f.e), ERR_OK);
	cr_expect_not(ignored);
	fixture_end(&f);
}
