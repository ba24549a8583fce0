/* The commits of a range. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "slipway/repo/log.h"

static struct repo_log
log_of(struct fixture *f, struct repo_log_opts o)
{
	struct repo_log l = REPO_LOG_EMPTY;

	fixture_open(f);
	cr_assert_eq(repo_log(f->repo, &o, &l, &f->e), ERR_OK, "%s", f->e.message);
	return l;
}

Test(log, tells_commits_down_to_a_tag, .fini = leak_gate)
{
	struct fixture	f = fixture_with_commits();
	struct repo_log l;

	gitrepo_git(f.path, "tag -a -m x v1 HEAD~2");
	l = log_of(&f, (struct repo_log_opts){ .until = "v1", .paths = true });
	cr_assert_eq(l.count, 2);
	cr_expect_not(l.more);
	cr_expect_str_eq(l.items[0].subject, "chore: third");
	cr_expect_str_eq(l.items[0].body, "");
	cr_expect_eq(l.items[0].paths.count, 1);
	cr_expect_str_eq(l.items[0].paths.items[0], "src/b.txt");
	cr_expect_str_eq(l.items[1].subject, "fix: second");
	cr_expect_str_eq(l.items[1].body, "Why it broke.\n\nRefs: #1");
	cr_expect_str_eq(l.items[1].author, "Ada Lovelace");
	cr_expect_str_eq(l.items[1].email, "ada@example.org");
	cr_expect_gt(l.items[0].when, l.items[1].when);
	cr_expect_eq(
	    strncmp(l.items[1].hash, l.items[1].short_hash, strlen(l.items[1].short_hash)), 0);
	repo_log_fini(&l);
	l = log_of(&f, (struct repo_log_opts){ .paths = true });
	cr_assert_eq(l.count, 3);
	cr_expect_eq(l.items[2].path_count, 1);
	cr_expect_str_eq(l.items[2].paths.items[0], "a.txt");
	repo_log_fini(&l);
	l = log_of(&f, (struct repo_log_opts){ .until = "HEAD" });
	cr_expect_eq(l.count, 0);
	repo_log_fini(&l);
	fixture_end(&f);
}

Test(log, leaves_out_what_lies_elsewhere, .fini = leak_gate)
{
	struct fixture	f = fixture_with_commits();
	struct strlist	under = STRLIST_EMPTY;
	struct repo_log l;

	gitrepo_commit(f.path, "src-more/c", "1\n", "not below src");
	strlist_add(&under, "src/");
	l = log_of(&f, (struct repo_log_opts){ .under = &under });
	cr_assert_eq(l.count, 1);
	cr_expect_str_eq(l.items[0].subject, "chore: third");
	cr_expect_eq(l.items[0].paths.count, 0);
	repo_log_fini(&l);
	strlist_add(&under, ".");
	l = log_of(&f, (struct repo_log_opts){ .under = &under });
	cr_expect_eq(l.count, 4);
	repo_log_fini(&l);
	strlist_fini(&under);
	fixture_end(&f);
}

Test(log, follows_first_parents_when_asked, .fini = leak_gate)
{
	struct fixture	f = fixture_with_commits();
	struct repo_log l;

	gitrepo_git(f.path, "tag base");
	gitrepo_git(f.path, "checkout -q -b topic");
	gitrepo_commit(f.path, "t1", "1\n", "topic 1");
	gitrepo_commit(f.path, "t2", "1\n", "topic 2");
	gitrepo_git(f.path, "checkout -q main");
	gitrepo_git(f.path, "merge -q --no-ff -m merged topic");
	l = log_of(&f, (struct repo_log_opts){ .until = "base" });
	cr_expect_eq(l.count, 3);
	repo_log_fini(&l);
	l = log_of(
	    &f, (struct repo_log_opts) { .until = "base", .first_parent = true, .paths = true });
	cr_assert_eq(l.count, 1);
	cr_expect_eq(l.items[0].parents, 2);
	cr_expect_eq(l.items[0].path_count, 2);
	repo_log_fini(&l);
	fixture_end(&f);
}

Test(log, an_unborn_head_has_no_history_and_a_bad_name_is_told, .fini = leak_gate)
{
	struct fixture	     f = fixture_empty();
	struct repo_log	     l = log_of(&f, (struct repo_log_opts){ .max = 1 });
	struct repo_log_opts o = { .until = "v9" };

	cr_expect_eq(l.count, 0);
	gitrepo_commit(f.path, "a", "1\n", "one");
	fixture_open(&f);
	cr_expect_eq(repo_log(f.repo, &o, &l, &f.e), ERR_NOT_FOUND);
	cr_expect(strstr(f.e.message, "v9") != NULL, "%s", f.e.message);
	fixture_end(&f);
}

Test(log, reads_a_range_of_a_long_history, .fini = leak_gate, .timeout = 60)
{
	struct fixture	f = fixture_empty();
	struct repo_log l;
	size_t		ahead = 0, behind = 0;

	gitrepo_history(f.path, 10000);
	gitrepo_git(f.path, "tag v1 HEAD~25");
	l = log_of(&f, (struct repo_log_opts){ .until = "v1", .paths = true });
	cr_expect_eq(l.count, 25);
	cr_expect_str_eq(l.items[0].subject, "fix: change 9999");
	cr_expect_str_eq(l.items[24].subject, "fix: change 9975");
	repo_log_fini(&l);
	l = log_of(&f, (struct repo_log_opts){ .max = 5 });
	cr_expect_eq(l.count, 5);
	cr_expect(l.more);
	repo_log_fini(&l);
	cr_expect_eq(repo_ahead_behind(f.repo, "HEAD", "HEAD~9999", &ahead, &behind, &f.e), ERR_OK);
	cr_expect(ahead == 9999 && behind == 0);
	fixture_end(&f);
}

Test(log, a_shallow_clone_ends_where_its_history_does, .fini = leak_gate)
{
	struct fixture	f = fixture_with_commits();
	char		args[512];
	struct repo_log l;

	gitrepo_git(f.path, "tag v1 HEAD~1");
	snprintf(args, sizeof args, "clone -q --depth 2 file://%s shallow", f.path);
	gitrepo_git(f.dir, args);
	free(f.path);
	f.path = path_of(f.dir, "shallow");
	l = log_of(&f, (struct repo_log_opts){ .paths = true });
	cr_assert_eq(l.count, 2);
	cr_expect_str_eq(l.items[1].subject, "fix: second");
	cr_expect(repo_is_shallow(f.repo));
	repo_log_fini(&l);
	l = log_of(&f, (struct repo_log_opts){ .until = "v1" });
	cr_assert_eq(l.count, 1);
	cr_expect_str_eq(l.items[0].subject, "chore: third");
	repo_log_fini(&l);
	fixture_end(&f);
}

Test(log, a_shallow_clone_with_merges_is_told_children_first, .fini = leak_gate)
{
	struct fixture	f = fixture_with_commits();
	char		args[512];
	struct repo_log l;

	gitrepo_git(f.path, "checkout -q -b topic HEAD~1");
	gitrepo_commit(f.path, "t1", "1\n", "topic");
	gitrepo_git(f.path, "checkout -q main");
	gitrepo_git(f.path, "merge -q --no-ff -m merged topic");
	snprintf(args, sizeof args, "clone -q --depth 3 file://%s shallow", f.path);
	gitrepo_git(f.dir, args);
	free(f.path);
	f.path = path_of(f.dir, "shallow");
	l = log_of(&f, (struct repo_log_opts){ .max = 10 });
	cr_assert_eq(l.count, 4);
	cr_expect_str_eq(l.items[0].subject, "merged");
	cr_expect_str_eq(l.items[3].subject, "fix: second");
	repo_log_fini(&l);
	l = log_of(&f, (struct repo_log_opts){ .until = "HEAD^2" });
	cr_assert_eq(l.count, 2);
	cr_expect_str_eq(l.items[1].subject, "chore: third");
	repo_log_fini(&l);
	fixture_end(&f);
}
