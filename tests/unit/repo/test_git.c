/* The git commands of a release, run for real on the loop. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gitrepo.h"
#include "leak_gate.h"
#include "slipway/os/loop.h"
#include "slipway/repo/git_run.h"
#include "temp.h"

struct fixture {
	char		*dir, *path, *remote;
	struct loop	*loop;
	struct git_place at;
	struct err	 e;
	/* Of the last command. */
	bool	   ok, needs_terminal, hook, done;
	struct err failure;
	char	  *out, *err;
};

static struct fixture
begin(void)
{
	struct fixture f = { .dir = temp_dir() };

	gitrepo_environment(f.dir);
	f.path = gitrepo_new(f.dir, "work");
	gitrepo_commit(f.path, "a.txt", "one\n", "feat: first");
	f.remote = gitrepo_remote(f.path, f.dir, "remote.git");
	f.at = (struct git_place){ .cwd = f.path };
	cr_assert_eq(loop_new(&f.loop, &f.e), ERR_OK);
	return f;
}

static void
end(struct fixture *f)
{
	free(f->out);
	free(f->err);
	free(f->path);
	free(f->remote);
	loop_free(f->loop);
	temp_remove(f->dir);
}

static void
on_done(void *arg, const struct git_result *r)
{
	struct fixture *f = arg;

	free(f->out);
	free(f->err);
	f->done = true;
	f->ok = r->failure == NULL;
	f->needs_terminal = r->needs_terminal;
	f->hook = r->hook;
	f->failure = r->failure != NULL ? *r->failure : (struct err)ERR_EMPTY;
	f->out = malloc(r->out.len + 1);
	f->err = malloc(r->err.len + 1);
	memcpy(f->out, r->out.data, r->out.len + 1);
	memcpy(f->err, r->err.data, r->err.len + 1);
}

static void
run_with(struct fixture *f, struct git_cmd c, struct git_run_opts o)
{
	struct git_run *run = NULL;

	o.on_done = on_done;
	o.arg = f;
	f->done = false;
	cr_assert_eq(git_run_start(f->loop, &c, &o, &run, &f->e), ERR_OK, "%s", f->e.message);
	while (!f->done)
		loop_turn(f->loop, -1);
	git_cmd_fini(&c);
}

static void
run(struct fixture *f, struct git_cmd c)
{
	run_with(f, c, (struct git_run_opts){ .timeout_ms = 60000 });
}

/* It must succeed. */
static void
expect_ok(struct fixture *f, struct git_cmd c)
{
	run(f, c);
	cr_assert(f->ok, "%s\n%s", f->failure.message, f->err);
}

static void
expect_failure(struct fixture *f, struct git_cmd c, enum err_code code, const char *words)
{
	run(f, c);
	cr_assert_not(f->ok);
	cr_expect_eq(f->failure.code, code, "%s: %s", words, f->failure.message);
	cr_expect(strstr(f->failure.message, words) != NULL, "%s: %s", words, f->failure.message);
}

static char *
head_of(const char *dir)
{
	return gitrepo_output(dir, "rev-parse HEAD");
}

static void
add_hook(const char *path, const char *name, const char *script)
{
	char file[4096], full[8192];

	snprintf(file, sizeof file, ".git/hooks/%s", name);
	temp_puts(path, file, script);
	snprintf(full, sizeof full, "%s/%s", path, file);
	cr_assert_eq(chmod(full, 0755), 0);
}

Test(git, releases_from_a_linked_work_tree_to_a_remote, .fini = leak_gate)
{
	struct fixture	 f = begin();
	char		 linked[4096], *head = head_of(f.path), *commit, *there, *text;
	struct strlist	 files = STRLIST_EMPTY, tags = STRLIST_EMPTY, refs = STRLIST_EMPTY;
	char		 hash[REPO_HASH_SIZE];
	struct git_place tree = { .cwd = linked };

	snprintf(linked, sizeof linked, "%s/linked", f.dir);
	expect_ok(&f, git_cmd_worktree_add(&f.at, linked, head));
	temp_puts(linked, "a *.txt", "two\n");
	strlist_add(&files, "a *.txt");
	expect_ok(&f, git_cmd_add(&tree, &files));
	expect_ok(&f, git_cmd_commit(&tree, "Release version 1.1.0\n\n# Not a comment\n",
	    GIT_SIGN_AS_CONFIGURED, false));
	commit = head_of(linked);
	text = gitrepo_output(linked, "log -1 --format=%B");
	cr_expect(strstr(text, "# Not a comment") != NULL, "%s", text);
	free(text);
	expect_ok(&f, git_cmd_update_ref(&f.at, "refs/slipway/1", commit, ""));
	expect_ok(&f, git_cmd_tag(&f.at, "v1.1.0", commit, "Version 1.1.0\n\n# Changes\n",
	    GIT_SIGN_AS_CONFIGURED));
	text = gitrepo_output(f.path, "cat-file tag v1.1.0");
	cr_expect(strstr(text, "# Changes") != NULL, "%s", text);
	free(text);
	strlist_add(&tags, "v1.1.0");
	expect_ok(&f, git_cmd_push(&f.at, &(struct git_push_opts) { .remote = "origin",
					      .commit = commit,
					      .branch = "main",
					      .tags = &tags,
					      .dry_run = true }));
	there = gitrepo_output(f.remote, "rev-parse main");
	cr_expect_str_eq(there, head);
	free(there);
	expect_ok(
	    &f, git_cmd_push(&f.at,
		    &(struct git_push_opts) {
			.remote = "origin", .commit = commit, .branch = "main", .tags = &tags }));
	strlist_add(&refs, "refs/heads/main");
	strlist_add(&refs, "refs/tags/v1.1.0");
	strlist_add(&refs, "refs/tags/v9");
	expect_ok(&f, git_cmd_ls_remote(&f.at, "origin", &refs));
	cr_expect(git_refs_find(bytes_of(f.out), "refs/tags/v1.1.0", true, hash));
	cr_expect_str_eq(hash, commit);
	cr_expect(git_refs_find(bytes_of(f.out), "refs/tags/v1.1.0", false, hash));
	cr_expect_str_neq(hash, commit);
	cr_expect_not(git_refs_find(bytes_of(f.out), "refs/tags/v9", true, hash));
	/* Deleted there only while it is what we think it is. */
	expect_failure(&f, git_cmd_push_delete_tag(&f.at, "origin", "v1.1.0", head), ERR_CONFLICT,
	    "something else");
	expect_ok(&f, git_cmd_push_delete_tag(&f.at, "origin", "v1.1.0", hash));
	expect_ok(&f, git_cmd_merge_ff(&f.at, commit));
	there = head_of(f.path);
	cr_expect_str_eq(there, commit);
	free(there);
	expect_ok(&f, git_cmd_tag_delete(&f.at, "v1.1.0"));
	expect_ok(&f, git_cmd_delete_ref(&f.at, "refs/slipway/1", commit));
	expect_ok(&f, git_cmd_worktree_remove(&f.at, linked));
	expect_ok(&f, git_cmd_worktree_prune(&f.at));
	expect_ok(&f, git_cmd_fetch(&f.at, "origin"));
	strlist_fini(&files);
	strlist_fini(&tags);
	strlist_fini(&refs);
	free(commit);
	free(head);
	end(&f);
}

Test(git, a_lost_work_tree_is_made_again, .fini = leak_gate)
{
	struct fixture f = begin();
	char	       linked[4096];
	const char    *rm[] = { "rm", "-rf", linked, NULL };

	snprintf(linked, sizeof linked, "%s/linked", f.dir);
	expect_ok(&f, git_cmd_worktree_add(&f.at, linked, "HEAD"));
	temp_run("/", rm);
	expect_ok(&f, git_cmd_worktree_add(&f.at, linked, "HEAD"));
	end(&f);
}

Test(git, leaves_the_users_tree_clean_by_a_stash, .fini = leak_gate)
{
	struct fixture f = begin();

	temp_puts(f.path, "a.txt", "changed\n");
	temp_puts(f.path, "new.txt", "new\n");
	expect_ok(&f, git_cmd_stash(&f.at, "before release"));
	expect_ok(&f, git_cmd_status(&f.at));
	cr_expect_str_eq(f.out, "");
	end(&f);
}

Test(git, names_a_remote_that_moved_on, .fini = leak_gate)
{
	struct fixture f = begin();
	char	      *head;

	gitrepo_git(f.dir, "clone -q remote.git other");
	head = malloc(4096);
	snprintf(head, 4096, "%s/other", f.dir);
	gitrepo_commit(head, "b.txt", "b\n", "theirs");
	gitrepo_git(head, "push -q");
	free(head);
	gitrepo_commit(f.path, "c.txt", "c\n", "ours");
	head = head_of(f.path);
	expect_failure(&f,
	    git_cmd_push(&f.at,
		&(struct git_push_opts) {
		    .remote = "origin", .commit = head, .branch = "main", .dry_run = true }),
	    ERR_CONFLICT, "commits that are not here");
	cr_expect(strstr(f.failure.hint, "git pull") != NULL, "%s", f.failure.hint);
	expect_ok(&f, git_cmd_fetch(&f.at, "origin"));
	expect_failure(&f, git_cmd_merge_ff(&f.at, "origin/main"), ERR_CONFLICT, "moved on");
	free(head);
	end(&f);
}

Test(git, tells_hooks_of_the_user_from_refusals_of_the_remote, .fini = leak_gate)
{
	struct fixture f = begin();
	char	      *head;
	struct strlist files = STRLIST_EMPTY;

	strlist_add(&files, "b.txt");
	temp_puts(f.path, "b.txt", "b\n");
	expect_ok(&f, git_cmd_add(&f.at, &files));
	add_hook(f.path, "pre-commit", "#!/bin/sh\necho 'line too long' >&2\nexit 1\n");
	expect_failure(&f, git_cmd_commit(&f.at, "x", GIT_SIGN_AS_CONFIGURED, false), ERR_FAILED,
	    "a git hook of yours stopped it (line too long)");
	cr_expect(f.hook);
	expect_ok(&f, git_cmd_commit(&f.at, "x", GIT_SIGN_AS_CONFIGURED, true));
	expect_failure(&f, git_cmd_commit(&f.at, "x", GIT_SIGN_AS_CONFIGURED, true), ERR_FAILED,
	    "nothing to commit");
	cr_expect_not(f.hook);

	head = head_of(f.path);
	add_hook(f.path, "pre-push", "#!/bin/sh\necho 'tests are red' >&2\nexit 1\n");
	expect_failure(&f, git_cmd_push(&f.at, &(struct git_push_opts){ .remote = "origin",
	    .commit = head, .branch = "main" }), ERR_FAILED, "a git hook of yours");
	cr_expect(f.hook);
	temp_puts(f.remote, "hooks/pre-receive",
	    "#!/bin/sh\necho 'error: GH006: Protected branch update failed' >&2\nexit 1\n");
	{
		char hook[4096];

		snprintf(hook, sizeof hook, "%s/hooks/pre-receive", f.remote);
		chmod(hook, 0755);
	}
	expect_failure(&f, git_cmd_push(&f.at, &(struct git_push_opts){ .remote = "origin",
	    .commit = head, .branch = "main", .without_hooks = true }), ERR_REFUSED, "protected");
	cr_expect_not(f.hook);
	strlist_fini(&files);
	free(head);
	end(&f);
}

Test(git, says_what_is_missing_or_in_the_way, .fini = leak_gate)
{
	struct fixture f = begin();
	struct strlist tags = STRLIST_EMPTY, files = STRLIST_EMPTY;

	expect_ok(&f, git_cmd_tag(&f.at, "v1", "HEAD", "one", GIT_SIGN_NOT));
	expect_failure(&f, git_cmd_tag(&f.at, "v1", "HEAD", "one", GIT_SIGN_NOT), ERR_CONFLICT,
	    "is there already");
	expect_failure(&f, git_cmd_tag_delete(&f.at, "v2"), ERR_NOT_FOUND, "no tag");
	expect_failure(&f, git_cmd_fetch(&f.at, "nowhere"), ERR_NOT_FOUND, "no git repository");
	expect_failure(
	    &f, git_cmd_worktree_add(&f.at, f.remote, "HEAD"), ERR_EXISTS, "is there already");
	temp_puts(f.path, ".git/index.lock", "");
	strlist_add(&files, "a.txt");
	expect_failure(&f, git_cmd_add(&f.at, &files), ERR_BUSY, "another git command");
	strlist_add(&tags, "v1");
	expect_ok(
	    &f, git_cmd_push(&f.at, &(struct git_push_opts) { .remote = "origin", .tags = &tags }));
	gitrepo_git(f.path, "tag -f -a -m other v1 HEAD");
	expect_failure(&f, git_cmd_push(&f.at, &(struct git_push_opts){ .remote = "origin",
	    .tags = &tags }), ERR_CONFLICT, "a tag of this name is on the remote");
	strlist_fini(&tags);
	strlist_fini(&files);
	end(&f);
}

Test(git, an_unset_identity_and_a_signing_key_that_asks_are_told, .fini = leak_gate)
{
	struct fixture f = begin();

	gitrepo_git(f.path, "config user.useConfigOnly true");
	gitrepo_git(f.path, "config --global --unset user.email");
	expect_failure(&f, git_cmd_tag(&f.at, "v1", "HEAD", "one", GIT_SIGN_NOT), ERR_CONFIG,
	    "mail address");
	cr_expect(strstr(f.failure.hint, "git config --global user.email") != NULL);
	gitrepo_git(f.path, "config --global user.email ada@example.org");
	temp_puts(f.dir, "gpg",
	    "#!/bin/sh\necho 'gpg: signing failed: Inappropriate ioctl for device' >&2\n"
	    "exit 2\n");
	{
		char gpg[4096], args[8192];

		snprintf(gpg, sizeof gpg, "%s/gpg", f.dir);
		chmod(gpg, 0755);
		snprintf(args, sizeof args, "config gpg.program %s", gpg);
		gitrepo_git(f.path, args);
	}
	gitrepo_git(f.path, "config tag.gpgsign true");
	expect_failure(&f, git_cmd_tag(&f.at, "v1", "HEAD", "one", GIT_SIGN_AS_CONFIGURED),
	    ERR_AUTH, "passphrase");
	cr_expect(f.needs_terminal);
	expect_ok(&f, git_cmd_tag(&f.at, "v1", "HEAD", "one", GIT_SIGN_NOT));
	end(&f);
}

Test(git, nothing_can_ask_in_a_quiet_run, .fini = leak_gate)
{
	struct fixture f = begin();

	setenv("GPG_TTY", "/dev/pts/0", 1);
	setenv("SSH_ASKPASS", "/bin/true", 1);
	setenv("GIT_DIR", "/nonexistent", 1);
	setenv("LC_ALL", "de_DE.UTF-8", 1);
	setenv("PYPI_TOKEN", "pypi-secret", 1);
	gitrepo_git("/", "--version");
	unsetenv("GIT_DIR");
	{
		struct strlist env = STRLIST_EMPTY;
		struct git_cmd c;

		setenv("GIT_DIR", "/nonexistent", 1);
		c = git_cmd_fetch(&f.at, "origin");
		unsetenv("GIT_DIR");
		git_cmd_quiet_env(&c, &env);
		cr_expect(strlist_has(&env, "GIT_TERMINAL_PROMPT=0"));
		cr_expect(strlist_has(&env, "GIT_SSH_COMMAND=ssh -o BatchMode=yes"));
		cr_expect(strlist_has(&env, "LC_MESSAGES=C"));
		cr_expect(strlist_has(&env, "LC_CTYPE=de_DE.UTF-8"));
		cr_expect_not(strlist_has(&env, "LC_ALL=de_DE.UTF-8"));
		cr_expect_not(strlist_has(&env, "GPG_TTY=/dev/pts/0"));
		cr_expect_not(strlist_has(&env, "SSH_ASKPASS=/bin/true"));
		cr_expect_not(strlist_has(&env, "GIT_DIR=/nonexistent"));
		cr_expect(strlist_has(&c.env, "GPG_TTY=/dev/pts/0"));
		cr_expect(strlist_has(&c.env, "SSH_ASKPASS=/bin/true"));
		cr_expect_not(strlist_has(&c.env, "PYPI_TOKEN=pypi-secret"));
		strlist_fini(&env);
		git_cmd_lent_env(&c, &env);
		cr_expect(strlist_has(&env, "GPG_TTY=/dev/pts/0"), "the user's own stays");
		cr_expect_not(strlist_has(&env, "GIT_TERMINAL_PROMPT=0"));
		strlist_fini(&env);
		c.ssh_command = true;
		git_cmd_quiet_env(&c, &env);
		cr_expect_not(strlist_has(&env, "GIT_SSH_COMMAND=ssh -o BatchMode=yes"));
		strlist_fini(&env);
		git_cmd_fini(&c);
	}
	unsetenv("LC_ALL");
	end(&f);
}

Test(git, a_cancelled_run_still_ends, .fini = leak_gate)
{
	struct fixture	    f = begin();
	struct git_run	   *run_handle = NULL;
	struct git_cmd	    c;
	struct git_run_opts o = { .on_done = on_done, .arg = &f };

	add_hook(f.path, "pre-commit", "#!/bin/sh\nsleep 600\n");
	c = git_cmd_commit(&f.at, "x", GIT_SIGN_NOT, false);
	temp_puts(f.path, "a.txt", "two\n");
	gitrepo_git(f.path, "add a.txt");
	cr_assert_eq(git_run_start(f.loop, &c, &o, &run_handle, &f.e), ERR_OK);
	git_run_cancel(run_handle);
	while (!f.done)
		loop_turn(f.loop, -1);
	cr_expect_eq(f.failure.code, ERR_CANCELLED, "%s", f.failure.message);
	git_cmd_fini(&c);
	end(&f);
}

Test(git, a_git_that_is_not_there_is_named, .fini = leak_gate)
{
	struct fixture	    f = begin();
	struct git_run	   *handle = NULL;
	struct git_run_opts o = { .on_done = on_done, .arg = &f };
	struct git_cmd	    c;

	f.at.git = "/nonexistent/git";
	c = git_cmd_version(&f.at);
	cr_expect_eq(git_run_start(f.loop, &c, &o, &handle, &f.e), ERR_NOT_FOUND);
	cr_expect(strstr(f.e.hint, "install git") != NULL, "%s", f.e.hint);
	git_cmd_fini(&c);
	end(&f);
}

Test(git, takes_the_message_from_a_file_when_the_terminal_is_lent, .fini = leak_gate)
{
	struct fixture f = begin();
	char *text;

	setenv("TMPDIR", f.dir, 1);
	temp_puts(f.path, "a.txt", "two\n");
	gitrepo_git(f.path, "add a.txt");
	run_with(&f, git_cmd_commit(&f.at, "Release 1.1.0\n\n# Heading\n", GIT_SIGN_NOT, false),
	    (struct git_run_opts){ .foreground = true });
	cr_assert(f.ok, "%s", f.failure.message);
	cr_expect_not_null(strstr(f.out, "Release 1.1.0"), "%s", f.out);
	text = gitrepo_output(f.path, "log -1 --format=%B");
	cr_expect_str_eq(text, "Release 1.1.0\n\n# Heading\n");
	free(text);
	end(&f);
}

/* What it says decides: a list of tags that went to the terminal would look like none. */
Test(git, is_heard_when_the_terminal_is_lent, .fini = leak_gate)
{
	struct fixture f = begin();
	struct strlist refs = STRLIST_EMPTY;
	char hash[REPO_HASH_SIZE];

	gitrepo_git(f.path, "push -q origin HEAD:refs/heads/seen");
	strlist_add(&refs, "refs/heads/seen");
	run_with(&f, git_cmd_ls_remote(&f.at, "origin", &refs),
	    (struct git_run_opts) { .foreground = true });
	cr_assert(f.ok, "%s", f.failure.message);
	cr_expect(git_refs_find(bytes_of(f.out), "refs/heads/seen", false, hash));
	run_with(&f, git_cmd_ls_remote(&f.at, "nowhere", &refs),
	    (struct git_run_opts) { .foreground = true });
	cr_expect(!f.ok);
	cr_expect_not_null(strstr(f.failure.message, "nowhere"), "%s", f.failure.message);
	strlist_fini(&refs);
	end(&f);
}

Test(git, pushes_all_or_nothing, .fini = leak_gate)
{
	struct fixture f = begin();
	struct strlist tags = STRLIST_EMPTY;
	char *head = head_of(f.path), *behind;

	gitrepo_commit(f.path, "b.txt", "b\n", "pushed");
	gitrepo_git(f.path, "push -q");
	gitrepo_git(f.path, "reset -q --hard HEAD~1");
	gitrepo_commit(f.path, "c.txt", "c\n", "another");
	behind = head_of(f.path);
	expect_ok(&f, git_cmd_tag(&f.at, "v2", behind, "two", GIT_SIGN_NOT));
	strlist_add(&tags, "v2");
	expect_failure(&f,
	    git_cmd_push(&f.at,
		&(struct git_push_opts) {
		    .remote = "origin", .commit = behind, .branch = "main", .tags = &tags }),
	    ERR_CONFLICT, "commits that are not here");
	cr_expect_neq(gitrepo_try(f.remote, "rev-parse --verify refs/tags/v2"), 0);
	strlist_fini(&tags);
	free(behind);
	free(head);
	end(&f);
}

Test(git, stages_a_name_as_it_is_and_no_pattern, .fini = leak_gate)
{
	struct fixture f = begin();
	struct strlist files = STRLIST_EMPTY;
	char *staged;

	temp_puts(f.path, "a.txt", "changed by the user\n");
	temp_puts(f.path, "[ab].txt", "ours\n");
	strlist_add(&files, "[ab].txt");
	expect_ok(&f, git_cmd_add(&f.at, &files));
	staged = gitrepo_output(f.path, "diff --cached --name-only");
	cr_expect_str_eq(staged, "[ab].txt");
	free(staged);
	strlist_fini(&files);
	end(&f);
}
