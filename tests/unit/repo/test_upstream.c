/* Where a branch comes from and goes to. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static struct repo_upstream
upstream_of(struct fixture *f, const char *branch)
{
	struct repo_upstream u = REPO_UPSTREAM_EMPTY;

	fixture_open(f);
	cr_assert_eq(repo_upstream(f->repo, branch, &u, &f->e), ERR_OK, "%s", f->e.message);
	return u;
}

Test(upstream, counts_commits_ahead_and_behind, .fini = leak_gate)
{
	struct fixture	     f = fixture_with_commits();
	char		    *remote = gitrepo_remote(f.path, f.dir, "remote.git");
	struct repo_upstream u = upstream_of(&f, NULL);

	cr_expect_str_eq(u.remote, "origin");
	cr_expect_str_eq(u.url, remote);
	cr_expect_str_eq(u.push_url, remote);
	cr_expect_str_eq(u.branch, "main");
	cr_expect_str_eq(u.tracking, "refs/remotes/origin/main");
	cr_expect_str_eq(u.default_branch, "main");
	cr_expect(u.ahead == 0 && u.behind == 0 && !u.gone);
	repo_upstream_fini(&u);
	gitrepo_git(f.path, "reset -q --hard HEAD~2");
	gitrepo_commit(f.path, "c.txt", "c\n", "ours");
	u = upstream_of(&f, "main");
	cr_expect_eq(u.ahead, 1);
	cr_expect_eq(u.behind, 2);
	repo_upstream_fini(&u);
	gitrepo_git(f.path, "update-ref -d refs/remotes/origin/main");
	u = upstream_of(&f, NULL);
	cr_expect(u.gone);
	cr_expect_null(u.default_branch);
	repo_upstream_fini(&u);
	free(remote);
	fixture_end(&f);
}

Test(upstream, a_branch_that_tracks_nothing_still_has_a_remote, .fini = leak_gate)
{
	struct fixture	     f = fixture_with_commits();
	struct repo_upstream u = upstream_of(&f, NULL);

	cr_expect_null(u.remote);
	cr_expect_null(u.tracking);
	cr_expect_eq(u.remotes.count, 0);
	repo_upstream_fini(&u);
	gitrepo_git(f.path, "remote add upstream https://user:secret@example.org/a.git");
	u = upstream_of(&f, NULL);
	cr_expect_str_eq(u.remote, "upstream");
	cr_expect_str_eq(u.url, "https://***@example.org/a.git");
	cr_expect_null(u.branch);
	repo_upstream_fini(&u);
	gitrepo_git(f.path, "remote add fork https://example.org/b.git");
	gitrepo_git(f.path, "remote set-url --push fork https://example.org/push.git");
	u = upstream_of(&f, NULL);
	cr_expect_null(u.remote);
	cr_expect_eq(u.remotes.count, 2);
	repo_upstream_fini(&u);
	gitrepo_git(f.path, "config remote.pushDefault fork");
	gitrepo_git(f.path, "config branch.main.remote .");
	gitrepo_git(
	    f.path, "config url.https://mirror.example.org/.insteadOf https://example.org/");
	u = upstream_of(&f, NULL);
	cr_expect_str_eq(u.remote, "fork");
	cr_expect_str_eq(u.url, "https://mirror.example.org/b.git");
	cr_expect(strstr(u.push_url, "push.git") != NULL, "%s", u.push_url);
	repo_upstream_fini(&u);
	fixture_end(&f);
}

Test(upstream, the_default_branch_is_what_the_remote_said, .fini = leak_gate)
{
	struct fixture	     f = fixture_with_commits();
	char		    *remote = gitrepo_remote(f.path, f.dir, "remote.git");
	struct repo_upstream u;

	gitrepo_git(f.path, "push -q origin main:trunk");
	gitrepo_git(f.path, "symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/trunk");
	gitrepo_git(f.path, "checkout -q --detach");
	u = upstream_of(&f, NULL);
	cr_expect_str_eq(u.default_branch, "trunk");
	cr_expect_str_eq(u.remote, "origin");
	cr_expect_null(u.tracking);
	repo_upstream_fini(&u);
	free(remote);
	fixture_end(&f);
}

Test(upstream, an_unborn_branch_is_not_compared, .fini = leak_gate)
{
	struct fixture	     f = fixture_empty();
	struct repo_upstream u;

	gitrepo_git(f.path, "remote add origin /nonexistent");
	gitrepo_git(f.path, "config branch.main.remote origin");
	gitrepo_git(f.path, "config branch.main.merge refs/heads/main");
	u = upstream_of(&f, NULL);
	cr_expect_str_eq(u.remote, "origin");
	cr_expect(u.gone);
	repo_upstream_fini(&u);
	fixture_end(&f);
}

Test(upstream, follows_the_refspec_of_the_remote, .fini = leak_gate)
{
	struct fixture	     f = fixture_with_commits();
	char		    *remote = gitrepo_remote(f.path, f.dir, "remote.git");
	struct repo_upstream u;

	gitrepo_git(f.path, "config --unset-all remote.origin.fetch");
	gitrepo_git(
	    f.path, "config --add remote.origin.fetch +refs/heads/release/*:refs/mine/*/end");
	gitrepo_git(
	    f.path, "config --add remote.origin.fetch refs/heads/main:refs/remotes/there/trunk");
	gitrepo_git(f.path, "update-ref refs/remotes/there/trunk HEAD~1");
	u = upstream_of(&f, "main");
	cr_expect_str_eq(u.tracking, "refs/remotes/there/trunk");
	cr_expect_eq(u.ahead, 1);
	repo_upstream_fini(&u);
	gitrepo_git(f.path, "config branch.main.merge refs/heads/release/1.0");
	u = upstream_of(&f, "main");
	cr_expect_str_eq(u.tracking, "refs/mine/1.0/end");
	cr_expect(u.gone);
	repo_upstream_fini(&u);
	gitrepo_git(f.path, "config branch.main.merge refs/heads/other");
	u = upstream_of(&f, "main");
	cr_expect_null(u.tracking);
	cr_expect_str_eq(u.remote, "origin");
	repo_upstream_fini(&u);
	free(remote);
	fixture_end(&f);
}

Test(upstream, pushes_where_push_instead_of_says, .fini = leak_gate)
{
	struct fixture	     f = fixture_with_commits();
	struct repo_upstream u;

	gitrepo_git(f.path, "remote add origin https://example.org/a/b.git");
	gitrepo_git(f.path, "config url.git@example.org:.pushInsteadOf https://example.org/");
	gitrepo_git(f.path, "config url.https://short/.insteadOf https://example.org/");
	gitrepo_git(f.path, "config url.https://long/.insteadOf https://example.org/a/");
	u = upstream_of(&f, NULL);
	cr_expect_str_eq(u.url, "https://long/b.git");
	cr_expect_str_eq(u.push_url, "git@example.org:a/b.git");
	repo_upstream_fini(&u);
	fixture_end(&f);
}
