/* Tags, the work trees that have a branch, and hooks. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fixture.h"

Test(tags, reads_tags_of_both_kinds_and_references_as_git_does, .fini = leak_gate)
{
	struct fixture	 f = fixture_with_commits();
	struct repo_tags tags = REPO_TAGS_EMPTY;
	char		*tag = NULL, *commit = NULL, hash[REPO_HASH_SIZE];
	bool		 is = false;

	gitrepo_git(f.path, "tag light HEAD~2");
	gitrepo_git(f.path, "tag -a -m text v1.0 HEAD~1");
	gitrepo_git(f.path, "tag -a -m nested nested v1.0");
	gitrepo_git(f.path, "tag tree HEAD^{tree}");
	gitrepo_git(f.path, "pack-refs --all");
	gitrepo_git(f.path, "tag dir/new");
	tag = gitrepo_output(f.path, "rev-parse refs/tags/v1.0");
	commit = gitrepo_output(f.path, "rev-parse HEAD~1");
	fixture_open(&f);
	cr_assert_eq(repo_tags(f.repo, &tags, &f.e), ERR_OK, "%s", f.e.message);
	cr_assert_eq(tags.count, 4);
	cr_expect_str_eq(tags.items[0].name, "dir/new");
	cr_expect_not(tags.items[0].annotated);
	cr_expect_str_eq(tags.items[1].name, "v1.0");
	cr_expect(tags.items[1].annotated);
	cr_expect_str_eq(tags.items[1].hash, commit);
	cr_expect_str_eq(tags.items[2].name, "nested");
	cr_expect_str_eq(tags.items[2].hash, commit);
	cr_expect_str_eq(tags.items[3].name, "light");
	cr_expect_gt(tags.items[0].when, tags.items[3].when);
	cr_expect_eq(repo_ref_hash(f.repo, "refs/tags/v1.0", hash, &f.e), ERR_OK);
	cr_expect_str_eq(hash, tag);
	cr_expect_eq(repo_resolve(f.repo, "v1.0", hash, &f.e), ERR_OK);
	cr_expect_str_eq(hash, commit);
	cr_expect_eq(repo_ref_hash(f.repo, "refs/tags/v2", hash, &f.e), ERR_NOT_FOUND);
	cr_expect_eq(repo_resolve(f.repo, "v2", hash, &f.e), ERR_NOT_FOUND);
	cr_expect_eq(repo_is_ancestor(f.repo, "v1.0", "HEAD", &is, &f.e), ERR_OK);
	cr_expect(is);
	cr_expect_eq(repo_is_ancestor(f.repo, "HEAD", "v1.0", &is, &f.e), ERR_OK);
	cr_expect_not(is);
	repo_tags_fini(&tags);
	free(tag);
	free(commit);
	fixture_end(&f);
}

Test(tags, a_repository_without_tags_has_none, .fini = leak_gate)
{
	struct fixture	 f = fixture_empty();
	struct repo_tags tags = REPO_TAGS_EMPTY;

	fixture_open(&f);
	cr_assert_eq(repo_tags(f.repo, &tags, &f.e), ERR_OK);
	cr_expect_eq(tags.count, 0);
	repo_tags_fini(&tags);
	fixture_end(&f);
}

Test(tags, lists_the_hooks_that_would_run, .fini = leak_gate)
{
	struct fixture f = fixture_empty();
	struct strlist hooks = STRLIST_EMPTY;
	char *file = path_of(f.path, ".git/hooks/pre-commit"),
	     *set = path_of(f.path, "mine/pre-push");

	temp_puts(f.path, ".git/hooks/pre-commit", "#!/bin/sh\n");
	temp_puts(f.path, ".git/hooks/commit-msg", "not executable\n");
	temp_puts(f.path, "mine/pre-push", "#!/bin/sh\n");
	cr_assert_eq(chmod(file, 0755) | chmod(set, 0755), 0);
	fixture_open(&f);
	cr_assert_eq(repo_hooks(f.repo, &hooks, &f.e), ERR_OK);
	cr_assert_eq(hooks.count, 1);
	cr_expect_str_eq(hooks.items[0], "pre-commit");
	strlist_fini(&hooks);
	gitrepo_git(f.path, "config core.hooksPath mine");
	fixture_open(&f);
	cr_assert_eq(repo_hooks(f.repo, &hooks, &f.e), ERR_OK);
	cr_assert_eq(hooks.count, 1);
	cr_expect_str_eq(hooks.items[0], "pre-push");
	strlist_fini(&hooks);
	free(file);
	free(set);
	fixture_end(&f);
}
