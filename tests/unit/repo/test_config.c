/* Configuration and identity as git takes them. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "fixture.h"

static void
expect_identity(struct fixture *f, const char *name, const char *email)
{
	struct repo_identity i = REPO_IDENTITY_EMPTY;

	fixture_open(f);
	repo_identity(f->repo, &i);
	if (name == NULL)
		cr_expect_null(i.committer_name);
	else
		cr_expect_str_eq(i.committer_name, name);
	if (email == NULL)
		cr_expect_null(i.committer_email);
	else
		cr_expect_str_eq(i.committer_email, email);
	repo_identity_fini(&i);
}

Test(config, takes_the_identity_from_where_git_takes_it, .fini = leak_gate)
{
	struct fixture f = fixture_empty();

	expect_identity(&f, "Ada Lovelace", "ada@example.org");
	gitrepo_git(f.path, "config user.name Local");
	expect_identity(&f, "Local", "ada@example.org");
	gitrepo_git(f.path, "config committer.email release@example.org");
	expect_identity(&f, "Local", "release@example.org");
	setenv("GIT_COMMITTER_NAME", "Env", 1);
	expect_identity(&f, "Env", "release@example.org");
	unsetenv("GIT_COMMITTER_NAME");
	temp_puts(f.dir, "other", "[user]\n\tname = Other\n");
	{
		char *other = path_of(f.dir, "other");

		setenv("GIT_CONFIG_GLOBAL", other, 1);
		free(other);
	}
	gitrepo_git(f.path, "config --unset user.name");
	gitrepo_git(f.path, "config --unset committer.email");
	expect_identity(&f, "Other", NULL);
	setenv("EMAIL", "mail@example.org", 1);
	expect_identity(&f, "Other", "mail@example.org");
	setenv("GIT_CONFIG_COUNT", "1", 1);
	setenv("GIT_CONFIG_KEY_0", "USER.name", 1);
	setenv("GIT_CONFIG_VALUE_0", "Counted", 1);
	expect_identity(&f, "Counted", "mail@example.org");
	fixture_end(&f);
}

Test(config, tells_what_would_be_signed_and_how, .fini = leak_gate)
{
	struct fixture	     f = fixture_empty();
	struct repo_identity i = REPO_IDENTITY_EMPTY;

	fixture_open(&f);
	repo_identity(f.repo, &i);
	cr_expect_not(i.sign_commits);
	cr_expect_not(i.sign_tags);
	cr_expect_not(i.ssh_command);
	cr_expect_str_eq(i.format, "openpgp");
	cr_expect_null(i.key);
	repo_identity_fini(&i);
	temp_puts(f.path, ".git/config",
	    "[core]\n\trepositoryformatversion = 0\n\tsshCommand = ssh -v\n[commit]\n\tgpgsign\n"
	    "[tag]\n\tgpgSign = yes\n[gpg]\n\tformat = ssh\n[user]\n\tsigningKey = "
	    "~/.ssh/id.pub\n");
	fixture_open(&f);
	repo_identity(f.repo, &i);
	cr_expect(i.sign_commits);
	cr_expect(i.sign_tags);
	cr_expect(i.ssh_command);
	cr_expect_str_eq(i.format, "ssh");
	cr_expect_str_eq(i.key, "~/.ssh/id.pub");
	repo_identity_fini(&i);
	fixture_end(&f);
}

Test(config, reads_includes_and_the_file_of_a_work_tree, .fini = leak_gate)
{
	struct fixture f = fixture_with_commits();
	char	      *value;

	temp_puts(f.path, ".git/more", "[user]\n\tname = Included\n");
	gitrepo_git(f.path, "config include.path more");
	gitrepo_git(f.path, "config extensions.worktreeConfig true");
	gitrepo_git(f.path, "config --worktree slipway.test here");
	fixture_open(&f);
	value = repo_config(f.repo, "user.name");
	cr_expect_str_eq(value, "Included");
	free(value);
	value = repo_config(f.repo, "slipway.test");
	cr_expect_str_eq(value, "here");
	free(value);
	value = repo_config(f.repo, "slipway.none");
	cr_expect_null(value);
	cr_expect(repo_config_bool(f.repo, "slipway.none", true));
	fixture_end(&f);
}
