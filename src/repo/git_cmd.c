/* Argument vectors for the git commands of a release. */
#include "slipway/repo/git.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "git_env.h"
#include "slipway/base/mem.h"

/* ARGS are the words behind "git", closed by a NULL. */
static struct git_cmd
make(const struct git_place *at, enum git_kind kind, const char *const *args)
{
	struct git_cmd c = GIT_CMD_EMPTY;

	assert(at->cwd != NULL && at->cwd[0] == '/');
	c.kind = kind;
	c.cwd = mem_strdup(at->cwd);
	c.ssh_command = at->ssh_command;
	c.network = kind == GIT_FETCH || kind == GIT_LS_REMOTE || kind == GIT_PUSH;
	strlist_add(&c.argv, at->git != NULL ? at->git : "git");
	strlist_add_all(&c.argv, args);
	git_env_base(at->hide, &c.env);
	return c;
}

static void PRINTF_LIKE(2, 3)
describe(struct git_cmd *c, const char *fmt, ...)
{
	struct str text = STR_EMPTY;
	va_list	   args;

	va_start(args, fmt);
	str_vprintf(&text, fmt, args);
	va_end(args);
	c->description = str_take(&text);
}

void
git_cmd_fini(struct git_cmd *c)
{
	strlist_fini(&c->argv);
	strlist_fini(&c->env);
	str_fini(&c->input);
	free(c->cwd);
	free(c->description);
	*c = (struct git_cmd)GIT_CMD_EMPTY;
}

static bool
is_plain(const char *word)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=./:@%+,";

	return word[0] != '\0' && word[strspn(word, plain)] == '\0';
}

void
git_cmd_text(const struct git_cmd *c, struct str *out)
{
	for (size_t i = 0; i < c->argv.count; i++) {
		const char *word = c->argv.items[i];

		if (i > 0)
			str_putc(out, ' ');
		if (is_plain(word)) {
			str_puts(out, word);
			continue;
		}
		str_putc(out, '\'');
		for (; *word != '\0'; word++) {
			if (*word == '\'')
				str_puts(out, "'\\''");
			else
				str_putc(out, *word);
		}
		str_putc(out, '\'');
	}
}

struct git_cmd
git_cmd_version(const struct git_place *at)
{
	struct git_cmd c = make(at, GIT_VERSION, (const char *[]){ "--version", NULL });

	describe(&c, "ask git for its version");
	return c;
}

struct git_cmd
git_cmd_fetch(const struct git_place *at, const char *remote)
{
	struct git_cmd c = make(
	    at, GIT_FETCH, (const char *[]) { "fetch", "--quiet", "--", remote, NULL });

	describe(&c, "fetch from %s", remote);
	return c;
}

struct git_cmd
git_cmd_ls_remote(const struct git_place *at, const char *remote, const struct strlist *refs)
{
	struct git_cmd c = make(at, GIT_LS_REMOTE,
	    (const char *[]){ "ls-remote", "--quiet", "--", remote, NULL });

	for (size_t i = 0; i < refs->count; i++) {
		strlist_add(&c.argv, refs->items[i]);
		if (text_starts(refs->items[i], "refs/tags/"))
			strlist_addf(&c.argv, "%s^{}", refs->items[i]);
	}
	describe(&c, "ask %s what it has", remote);
	return c;
}

struct git_cmd
git_cmd_status(const struct git_place *at)
{
	struct git_cmd c = make(at, GIT_STATUS, (const char *[]){ "--no-optional-locks", "status",
	    "--porcelain=v2", "-z", "--untracked-files=normal", NULL });

	describe(&c, "look for changed files");
	return c;
}

/* --force for one that is registered already but lost, as after a crash. */
struct git_cmd
git_cmd_worktree_add(const struct git_place *at, const char *path, const char *commit)
{
	struct git_cmd c = make(at, GIT_WORKTREE,
	    (const char *[]){ "worktree", "add", "--force", "--detach", "--", path, commit, NULL });

	describe(&c, "make the linked work tree %s", path);
	return c;
}

struct git_cmd
git_cmd_worktree_remove(const struct git_place *at, const char *path)
{
	struct git_cmd c = make(at, GIT_WORKTREE,
	    (const char *[]){ "worktree", "remove", "--force", "--", path, NULL });

	describe(&c, "remove the linked work tree %s", path);
	return c;
}

struct git_cmd
git_cmd_worktree_prune(const struct git_place *at)
{
	struct git_cmd c = make(at, GIT_WORKTREE, (const char *[]){ "worktree", "prune", NULL });

	describe(&c, "forget linked work trees that are gone");
	return c;
}

struct git_cmd
git_cmd_add(const struct git_place *at, const struct strlist *files)
{
	struct git_cmd c = make(
	    at, GIT_ADD, (const char *[]) { "--literal-pathspecs", "add", "--", NULL });

	strlist_copy(&c.argv, files);
	describe(&c, files->count == 1 ? "stage %zu file" : "stage %zu files", files->count);
	return c;
}

struct git_cmd
git_cmd_update(const struct git_place *at)
{
	struct git_cmd c = make(at, GIT_ADD, (const char *[]) { "add", "--update", NULL });

	describe(&c, "stage what was changed and removed");
	return c;
}

struct git_cmd
git_cmd_commit(
    const struct git_place *at, const char *message, enum git_sign sign, bool without_hooks)
{
	struct git_cmd c = make(
	    at, GIT_COMMIT, (const char *[]) { "commit", "--cleanup=whitespace", NULL });

	if (without_hooks)
		strlist_add(&c.argv, "--no-verify");
	if (sign != GIT_SIGN_AS_CONFIGURED)
		strlist_add(&c.argv, sign == GIT_SIGN ? "--gpg-sign" : "--no-gpg-sign");
	strlist_add_all(&c.argv, (const char *[]){ "-F", "-", NULL });
	str_puts(&c.input, message);
	describe(&c, "make the release commit");
	return c;
}

struct git_cmd
git_cmd_update_ref(const struct git_place *at, const char *ref, const char *commit, const char *old)
{
	struct git_cmd c = make(at, GIT_REF,
	    (const char *[]){ "update-ref", "-m", "slipway release", "--", ref, commit, NULL });

	if (old != NULL)
		strlist_add(&c.argv, old);
	describe(&c, "set %s to %.12s", ref, commit);
	return c;
}

struct git_cmd
git_cmd_delete_ref(const struct git_place *at, const char *ref, const char *old)
{
	struct git_cmd c = make(
	    at, GIT_REF, (const char *[]) { "update-ref", "-d", "--", ref, NULL });

	if (old != NULL)
		strlist_add(&c.argv, old);
	describe(&c, "delete %s", ref);
	return c;
}

/* Without --cleanup, git tag would drop lines that start with #, the headings of a changelog. */
struct git_cmd
git_cmd_tag(const struct git_place *at, const char *name, const char *commit, const char *message,
    enum git_sign sign)
{
	struct git_cmd c = make(at, GIT_TAG, (const char *[]){ "tag", "--annotate", NULL });

	if (sign != GIT_SIGN_AS_CONFIGURED)
		strlist_add(&c.argv, sign == GIT_SIGN ? "--sign" : "--no-sign");
	strlist_add_all(&c.argv,
	    (const char *[]){ "--cleanup=whitespace", "-F", "-", "--", name, commit, NULL });
	str_puts(&c.input, message);
	describe(&c, "make the tag %s", name);
	return c;
}

struct git_cmd
git_cmd_tag_delete(const struct git_place *at, const char *name)
{
	struct git_cmd c = make(
	    at, GIT_TAG, (const char *[]) { "tag", "--delete", "--", name, NULL });

	describe(&c, "delete the tag %s", name);
	return c;
}

struct git_cmd
git_cmd_push(const struct git_place *at, const struct git_push_opts *o)
{
	struct git_cmd c = make(at, GIT_PUSH,
	    (const char *[]){ "push", "--porcelain", "--no-follow-tags", NULL });

	if (!o->not_atomic)
		strlist_add(&c.argv, "--atomic");
	if (o->dry_run)
		strlist_add(&c.argv, "--dry-run");
	if (o->without_hooks)
		strlist_add(&c.argv, "--no-verify");
	strlist_add_all(&c.argv, (const char *[]){ "--", o->remote, NULL });
	if (o->commit != NULL)
		strlist_addf(&c.argv, "%s:refs/heads/%s", o->commit, o->branch);
	for (size_t i = 0; o->tags != NULL && i < o->tags->count; i++)
		strlist_addf(
		    &c.argv, "refs/tags/%s:refs/tags/%s", o->tags->items[i], o->tags->items[i]);
	describe(&c, o->dry_run ? "try the push to %s" : "push to %s", o->remote);
	return c;
}

struct git_cmd
git_cmd_push_delete_tag(
    const struct git_place *at, const char *remote, const char *name, const char *expected)
{
	struct git_cmd c = make(at, GIT_PUSH,
	    (const char *[]){ "push", "--porcelain", "--no-follow-tags", NULL });

	strlist_addf(&c.argv, "--force-with-lease=refs/tags/%s:%s", name, expected);
	strlist_add_all(&c.argv, (const char *[]){ "--", remote, NULL });
	strlist_addf(&c.argv, ":refs/tags/%s", name);
	describe(&c, "delete the tag %s on %s", name, remote);
	return c;
}

struct git_cmd
git_cmd_merge_ff(const struct git_place *at, const char *commit)
{
	struct git_cmd c = make(
	    at, GIT_MERGE, (const char *[]) { "merge", "--ff-only", "--", commit, NULL });

	describe(&c, "move the branch forward to %.12s", commit);
	return c;
}

struct git_cmd
git_cmd_stash(const struct git_place *at, const char *message)
{
	struct git_cmd c = make(at, GIT_STASH,
	    (const char *[]){ "stash", "push", "--include-untracked", "-m", message, NULL });

	describe(&c, "stash the changes of the work tree");
	return c;
}
