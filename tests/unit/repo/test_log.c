/* The commits of one range, and of several at once. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "slipway/base/mem.h"
#include "slipway/repo/log.h"

static void
note_path(void *arg, size_t commit, const char *path)
{
	str_printf(arg, "%zu %s;", commit, path);
}

/* The log since UNTIL, words between spaces; "-" reaches nothing. */
static struct repo_log
log_of(struct fixture *f, const char *until, size_t max, struct str *paths)
{
	struct repo_log	     l = REPO_LOG_EMPTY;
	struct strlist	     ends = STRLIST_EMPTY;
	struct repo_log_opts o = { .until = &ends, .max = max, .arg = paths };

	for (size_t len; *until != '\0'; until += len + (until[len] == ' ')) {
		len = strcspn(until, " ");
		strlist_addf(&ends, "%.*s", (int)len, *until == '-' ? "" : until);
	}
	if (paths != NULL)
		o.path = note_path;
	fixture_open(f);
	cr_assert_eq(repo_log(f->repo, &o, &l, &f->e), ERR_OK, "%s", f->e.message);
	strlist_fini(&ends);
	return l;
}

static void
expect_subjects(const struct repo_log *l, const char *want)
{
	struct str all = STR_EMPTY;

	for (size_t i = 0; i < l->count; i++)
		str_printf(&all, "%s%s", i > 0 ? "|" : "", l->items[i].subject);
	cr_expect_str_eq(str_text(&all), want);
	str_fini(&all);
}

Test(log, tells_commits_down_to_a_tag, .fini = leak_gate)
{
	struct fixture	f = fixture_with_commits();
	struct str	paths = STR_EMPTY;
	struct repo_log l;

	gitrepo_git(f.path, "tag -a -m x v1 HEAD~2");
	l = log_of(&f, "v1", 0, &paths);
	cr_assert_eq(l.count, 2);
	cr_expect_not(l.more);
	cr_expect(l.ours[0]);
	cr_expect_str_eq(l.items[0].subject, "chore: third");
	cr_expect_str_eq(l.items[0].body, "");
	cr_expect_str_eq(str_text(&paths), "0 src/b.txt;1 a.txt;");
	cr_expect_str_eq(l.items[1].subject, "fix: second");
	cr_expect_str_eq(l.items[1].body, "Why it broke.\n\nRefs: #1");
	cr_expect_str_eq(l.items[1].author, "Ada Lovelace");
	cr_expect_str_eq(l.items[1].email, "ada@example.org");
	cr_expect_gt(l.items[0].when, l.items[1].when);
	cr_expect_eq(
	    strncmp(l.items[1].hash, l.items[1].short_hash, strlen(l.items[1].short_hash)), 0);
	repo_log_fini(&l);
	str_clear(&paths);
	l = log_of(&f, "", 0, &paths);
	cr_assert_eq(l.count, 3);
	cr_expect_str_eq(str_text(&paths), "0 src/b.txt;1 a.txt;2 a.txt;");
	repo_log_fini(&l);
	l = log_of(&f, "HEAD", 0, NULL);
	cr_expect_eq(l.count, 0);
	repo_log_fini(&l);
	str_fini(&paths);
	fixture_end(&f);
}

Test(log, marks_each_commit_with_the_ranges_that_it_is_not_in, .fini = leak_gate)
{
	static const struct {
		const char *until, *reached; /* a letter an end, a word a commit */
		bool ours;		     /* the second end is in the history of HEAD */
	} row[] = {
		{ "HEAD~2 HEAD~1", "-- -b", true },
		{ "HEAD~1 HEAD~2", "-- a-", true },
		{ "HEAD~1 HEAD~1", "--", true },
		{ "HEAD~1 -", "-- a- a-", false },
		{ "- HEAD", "-b -b -b", true },
		{ "HEAD~1 side", "--", false },
		{ "HEAD~2 side", "-- -b", false },
	};

	struct fixture f = fixture_with_commits();

	gitrepo_git(f.path, "checkout -q -b side HEAD~1");
	gitrepo_commit(f.path, "s", "1\n", "aside");
	gitrepo_git(f.path, "checkout -q main");
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct repo_log l;
		struct str	text = STR_EMPTY;

		l = log_of(&f, row[i].until, 0, NULL);
		for (size_t k = 0; k < l.count; k++)
			str_printf(&text, "%s%c%c", k > 0 ? " " : "",
			    repo_log_reaches(&l.items[k], 0) ? 'a' : '-',
			    repo_log_reaches(&l.items[k], 1) ? 'b' : '-');
		cr_expect_str_eq(str_text(&text), row[i].reached, "%s", row[i].until);
		cr_expect_eq(l.ours[1], row[i].ours, "%s", row[i].until);
		str_fini(&text);
		repo_log_fini(&l);
	}
	fixture_end(&f);
}

Test(log, tells_what_a_merge_brought, .fini = leak_gate)
{
	struct fixture	f = fixture_with_commits();
	struct str	paths = STR_EMPTY;
	struct repo_log l;

	gitrepo_git(f.path, "tag base");
	gitrepo_git(f.path, "checkout -q -b topic");
	gitrepo_commit(f.path, "t1", "1\n", "topic 1");
	gitrepo_commit(f.path, "d/t2", "1\n", "topic 2");
	gitrepo_git(f.path, "checkout -q main");
	gitrepo_git(f.path, "merge -q --no-ff -m merged topic");
	l = log_of(&f, "base", 0, &paths);
	expect_subjects(&l, "merged|topic 2|topic 1");
	cr_expect_eq(l.items[0].parents, 2);
	cr_expect_str_eq(str_text(&paths), "0 d/t2;0 t1;1 d/t2;2 t1;");
	repo_log_fini(&l);
	str_fini(&paths);
	fixture_end(&f);
}

Test(log, names_every_file_of_a_folder_that_came_or_went, .fini = leak_gate)
{
	struct fixture	f = fixture_with_commits();
	struct str	paths = STR_EMPTY;
	struct repo_log l;

	gitrepo_git(f.path, "tag base");
	gitrepo_commit(f.path, "a/b/c", "1\n", "one");
	gitrepo_commit(f.path, "a.b", "1\n", "two");
	gitrepo_git(f.path, "mv a x");
	gitrepo_git(f.path, "commit -q -m moved");
	gitrepo_git(f.path, "rm -q -r x");
	gitrepo_commit(f.path, "x", "now a file\n", "changed kind");
	l = log_of(&f, "base", 0, &paths);
	cr_expect_eq(l.count, 4);
	cr_expect_str_eq(
	    str_text(&paths), "0 x;0 x/b/c;1 a/b/c;1 x/b/c;2 a.b;3 a/b/c;");
	repo_log_fini(&l);
	str_fini(&paths);
	fixture_end(&f);
}

static bool
is_wanted(void *arg, const char *folder)
{
	(void)arg;
	return strcmp(folder, "a") == 0;
}

Test(log, names_folders_that_nobody_wants_to_enter, .fini = leak_gate)
{
	struct fixture	f = fixture_with_commits();
	struct strlist	ends = STRLIST_EMPTY;
	struct str	paths = STR_EMPTY;
	struct repo_log_opts o = {
		.until = &ends, .path = note_path, .enter = is_wanted, .arg = &paths
	};
	struct repo_log l;

	gitrepo_git(f.path, "tag base");
	strlist_add(&ends, "base");
	gitrepo_commit(f.path, "a/b/c", "1\n", "one");
	gitrepo_commit(f.path, "b/a/c", "1\n", "two");
	gitrepo_git(f.path, "mv a/b/c a/d");
	gitrepo_git(f.path, "rm -q -r b");
	gitrepo_commit(f.path, "b", "now a file\n", "changed kind");
	gitrepo_git(f.path, "update-index --chmod=+x b");
	gitrepo_git(f.path, "commit -q -m run");
	fixture_open(&f);
	cr_assert_eq(repo_log(f.repo, &o, &l, &f.e), ERR_OK, "%s", f.e.message);
	cr_expect_eq(l.count, 4);
	cr_expect_str_eq(str_text(&paths), "0 b;1 a/b/;1 a/d;1 b;1 b/;2 b/;3 a/b/;");
	repo_log_fini(&l);
	strlist_fini(&ends);
	str_fini(&paths);
	fixture_end(&f);
}

Test(log, an_unborn_head_has_no_history_and_a_bad_name_is_told, .fini = leak_gate)
{
	struct fixture	     f = fixture_empty();
	struct repo_log	     l = log_of(&f, "", 1, NULL);
	struct strlist	     until = STRLIST_EMPTY;
	struct repo_log_opts o = { .until = &until };

	cr_expect_eq(l.count, 0);
	repo_log_fini(&l);
	strlist_add(&until, "v9");
	gitrepo_commit(f.path, "a", "1\n", "one");
	fixture_open(&f);
	cr_expect_eq(repo_log(f.repo, &o, &l, &f.e), ERR_NOT_FOUND);
	cr_expect(strstr(f.e.message, "v9") != NULL, "%s", f.e.message);
	strlist_fini(&until);
	fixture_end(&f);
}

Test(log, reads_a_range_of_a_long_history, .fini = leak_gate, .timeout = 60)
{
	struct fixture	f = fixture_empty();
	struct repo_log l;
	size_t		ahead = 0, behind = 0;

	gitrepo_history(f.path, 10000);
	gitrepo_git(f.path, "tag v1 HEAD~25");
	l = log_of(&f, "v1", 0, NULL);
	cr_expect_eq(l.count, 25);
	cr_expect_str_eq(l.items[0].subject, "fix: change 9999");
	cr_expect_str_eq(l.items[24].subject, "fix: change 9975");
	repo_log_fini(&l);
	l = log_of(&f, "", 5, NULL);
	cr_expect_eq(l.count, 5);
	cr_expect(l.more);
	repo_log_fini(&l);
	l = log_of(&f, "v1 -", 5, NULL);
	cr_expect_eq(l.count, 30);
	cr_expect(l.more);
	repo_log_fini(&l);
	cr_expect_eq(repo_ahead_behind(f.repo, "HEAD", "HEAD~9999", &ahead, &behind, &f.e), ERR_OK);
	cr_expect(ahead == 9999 && behind == 0);
	fixture_end(&f);
}

static void
clone_shallow(struct fixture *f, int depth)
{
	char args[512];

	snprintf(args, sizeof args, "clone -q --depth %d file://%s shallow", depth, f->path);
	gitrepo_git(f->dir, args);
	free(f->path);
	f->path = path_of(f->dir, "shallow");
}

Test(log, a_shallow_clone_ends_where_its_history_does, .fini = leak_gate)
{
	struct fixture	f = fixture_with_commits();
	struct repo_log l;

	gitrepo_git(f.path, "tag v1 HEAD~1");
	clone_shallow(&f, 2);
	l = log_of(&f, "", 0, NULL);
	expect_subjects(&l, "chore: third|fix: second");
	cr_expect(repo_is_shallow(f.repo));
	repo_log_fini(&l);
	l = log_of(&f, "v1", 0, NULL);
	expect_subjects(&l, "chore: third");
	repo_log_fini(&l);
	fixture_end(&f);
}

Test(log, a_shallow_clone_with_merges_is_told_children_first, .fini = leak_gate)
{
	struct fixture	f = fixture_with_commits();
	struct repo_log l;

	gitrepo_git(f.path, "checkout -q -b topic HEAD~1");
	gitrepo_commit(f.path, "t1", "1\n", "topic");
	gitrepo_git(f.path, "checkout -q main");
	gitrepo_git(f.path, "merge -q --no-ff -m merged topic");
	clone_shallow(&f, 3);
	l = log_of(&f, "", 10, NULL);
	cr_assert_eq(l.count, 4);
	cr_expect_str_eq(l.items[0].subject, "merged");
	cr_expect_str_eq(l.items[3].subject, "fix: second");
	repo_log_fini(&l);
	l = log_of(&f, "HEAD^2", 0, NULL);
	cr_assert_eq(l.count, 2);
	cr_expect_str_eq(l.items[1].subject, "chore: third");
	repo_log_fini(&l);
	fixture_end(&f);
}
