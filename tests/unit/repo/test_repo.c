/* Opening repositories of every kind, and what their references say. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"

/* libgit2 1.5 leaks while it checks the extensions of a repository of format 1: one match of a
 * pattern for each other key. Nothing here matches patterns itself. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libpcre2";
}

Test(repo, opens_from_a_folder_inside_and_tells_its_head, .fini = leak_gate)
{
	struct fixture	 f = fixture_with_commits();
	struct repo_head head = REPO_HEAD_EMPTY;
	char *inside = path_of(f.path, "src"), *hash = gitrepo_output(f.path, "rev-parse HEAD");
	char		*short_hash = gitrepo_output(f.path, "rev-parse --short HEAD");

	cr_assert_eq(repo_open(inside, &f.repo, &f.e), ERR_OK, "%s", f.e.message);
	cr_expect_str_eq(repo_root(f.repo), f.path);
	cr_expect_not(repo_is_worktree(f.repo));
	cr_expect_eq(repo_state(f.repo), REPO_CLEAR);
	cr_assert_eq(repo_head(f.repo, &head, &f.e), ERR_OK);
	cr_expect_str_eq(head.branch, "main");
	cr_expect_not(head.unborn);
	cr_expect_str_eq(head.hash, hash);
	cr_expect_str_eq(head.short_hash, short_hash);
	repo_head_fini(&head);
	free(inside);
	free(hash);
	free(short_hash);
	fixture_end(&f);
}

Test(repo, tells_an_unborn_and_a_detached_head, .fini = leak_gate)
{
	struct fixture	 f = fixture_empty();
	struct repo_head head = REPO_HEAD_EMPTY;

	fixture_open(&f);
	cr_assert_eq(repo_head(f.repo, &head, &f.e), ERR_OK, "%s", f.e.message);
	cr_expect(head.unborn);
	cr_expect_str_eq(head.branch, "main");
	cr_expect_str_eq(head.hash, "");
	repo_head_fini(&head);
	gitrepo_commit(f.path, "a", "1\n", "one");
	gitrepo_git(f.path, "checkout -q --detach");
	cr_assert_eq(repo_head(f.repo, &head, &f.e), ERR_OK, "%s", f.e.message);
	cr_expect_null(head.branch);
	cr_expect_not(head.unborn);
	cr_expect_eq(strlen(head.hash), 40);
	repo_head_fini(&head);
	fixture_end(&f);
}

struct broken {
	const char   *name;
	const char   *init;   /* git words, run in the temp directory; NULL: a plain folder */
	const char   *config; /* appended to the repository's configuration; NULL: nothing */
	enum err_code code;
	const char   *message, *hint; /* parts */
};

Test(repo, says_why_it_cannot_open_and_what_to_do, .fini = leak_gate)
{
	static const struct broken row[] = {
		{ "plain", NULL, NULL, ERR_NOT_FOUND, "not in a git repository", "git init" },
		{ "bare", "init -q --bare bare", NULL, ERR_UNSUPPORTED, "is bare", "git clone" },
		{ "sha256", "init -q --object-format=sha256 sha256", NULL, ERR_UNSUPPORTED,
		    "objectformat=sha256", "SHA-1" },
		{ "reftable", "init -q reftable",
		    "[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = "
		    "reftable\n",
		    ERR_UNSUPPORTED, "refstorage=reftable", "git refs migrate" },
		{ "future", "init -q future",
		    "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tflux = true\n",
		    ERR_UNSUPPORTED, "flux=true", "fresh clone" },
		{ "version", "init -q version", "[core]\n\trepositoryformatversion = 7\n",
		    ERR_UNSUPPORTED, "format version 7", "fresh clone" },
		{ "config", "init -q config", "[core\n", ERR_CONFIG, "cannot be read",
		    "git config --list" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct fixture f = fixture_empty();
		char *path = path_of(f.dir, row[i].name), *config = path_of(path, ".git/config");
		FILE	      *file;

		temp_puts(f.dir, "home/unused", "");
		if (row[i].init != NULL)
			gitrepo_git(f.dir, row[i].init);
		else
			temp_puts(f.dir, "plain/file", "");
		if (row[i].config != NULL) {
			file = fopen(config, "a");
			cr_assert_not_null(file);
			fputs(row[i].config, file);
			fclose(file);
		}
		cr_expect_eq(repo_open(path, &f.repo, &f.e), row[i].code, "%s: %s", row[i].name,
		    f.e.message);
		cr_expect_null(f.repo, "%s", row[i].name);
		cr_expect(strstr(f.e.message, row[i].message) != NULL, "%s: %s", row[i].name,
		    f.e.message);
		cr_expect(strstr(f.e.hint, row[i].hint) != NULL, "%s: %s", row[i].name, f.e.hint);
		free(config);
		free(path);
		fixture_end(&f);
	}
}

Test(repo, reads_repositories_whose_extensions_do_no_harm, .fini = leak_gate)
{
	static const char *const row[] = {
		"extensions.worktreeConfig true", "extensions.partialClone origin",
		"extensions.preciousObjects true", "extensions.relativeWorktrees true",
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct fixture f = fixture_with_commits();
		char	       args[128];

		gitrepo_git(f.path, "config core.repositoryformatversion 1");
		snprintf(args, sizeof args, "config %s", row[i]);
		gitrepo_git(f.path, args);
		cr_expect_eq(
		    repo_open(f.path, &f.repo, &f.e), ERR_OK, "%s: %s", row[i], f.e.message);
		fixture_end(&f);
	}
}

Test(repo, refuses_a_repository_of_another_user, .fini = leak_gate)
{
	struct fixture f = fixture_with_commits();
	const char    *chown[] = { "chown", "-R", "12345:12345", f.path, NULL };
	char	       args[512];

	if (geteuid() != 0) {
		fixture_end(&f);
		cr_skip_test("needs root to give a repository away");
	}
	cr_assert_eq(temp_run("/", chown), 0);
	cr_assert_eq(repo_open(f.path, &f.repo, &f.e), ERR_REFUSED, "%s", f.e.message);
	cr_expect(strstr(f.e.message, "another user") != NULL, "%s", f.e.message);
	snprintf(args, sizeof args, "git config --global --add safe.directory '%s'", f.path);
	cr_expect(strstr(f.e.hint, args) != NULL, "%s", f.e.hint);
	snprintf(args, sizeof args, "config --global --add safe.directory %s", f.path);
	gitrepo_git(f.dir, args);
	cr_expect_eq(repo_open(f.path, &f.repo, &f.e), ERR_OK, "%s", f.e.message);
	fixture_end(&f);
}

Test(repo, tells_what_is_in_progress, .fini = leak_gate)
{
	static const struct {
		const char	*args;
		enum repo_state	 state;
	} row[] = {
		{ "merge other", REPO_MERGE },
		{ "rebase other", REPO_REBASE },
		{ "cherry-pick other", REPO_CHERRY_PICK },
		{ "revert HEAD~2", REPO_REVERT },
		{ "bisect start", REPO_BISECT },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct fixture f = fixture_with_commits();

		gitrepo_git(f.path, "checkout -q -b other HEAD~1");
		gitrepo_commit(f.path, "a.txt", "theirs\n", "theirs");
		gitrepo_git(f.path, "checkout -q main");
		gitrepo_commit(f.path, "a.txt", "ours\n", "ours");
		gitrepo_try(f.path, row[i].args);
		fixture_open(&f);
		cr_expect_eq(repo_state(f.repo), row[i].state, "%s: %s", row[i].args,
		    repo_state_text(repo_state(f.repo)));
		cr_expect_neq(repo_state_way_out(row[i].state)[0], '\0');
		fixture_end(&f);
	}
}

Test(repo, knows_a_linked_work_tree_and_where_branches_are_checked_out, .fini = leak_gate)
{
	struct fixture f = fixture_with_commits();
	char *linked = path_of(f.dir, "linked"), *common = path_of(f.path, ".git"), *at = NULL;

	gitrepo_git(f.path, "branch elsewhere");
	gitrepo_git(f.path, "worktree add -q -b topic ../linked");
	cr_assert_eq(repo_open(linked, &f.repo, &f.e), ERR_OK, "%s", f.e.message);
	cr_expect(repo_is_worktree(f.repo));
	cr_expect_str_eq(repo_root(f.repo), linked);
	cr_expect_str_eq(repo_common_dir(f.repo), common);
	cr_expect_str_neq(repo_git_dir(f.repo), common);
	cr_assert_eq(repo_checked_out_at(f.repo, "main", &at, &f.e), ERR_OK);
	cr_expect_str_eq(at, f.path);
	free(at);
	cr_assert_eq(repo_checked_out_at(f.repo, "elsewhere", &at, &f.e), ERR_OK);
	cr_expect_null(at);
	fixture_open(&f);
	cr_assert_eq(repo_checked_out_at(f.repo, "topic", &at, &f.e), ERR_OK);
	cr_expect_str_eq(at, linked);
	free(at);
	free(linked);
	free(common);
	fixture_end(&f);
}

