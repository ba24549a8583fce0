/* A repository as a whole: found, opened and its failures told in plain words; branch, state,
 * revisions. */
#include "slipway/repo/repo.h"

#include <stdlib.h>
#include <string.h>

#include "git2_wrap.h"
#include "repo_private.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"

static char *
without_slash(const char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	return mem_strndup(path, len);
}

/* The directory whose config file tells the format: of a linked work tree the common one. */
static char *
common_dir_of(const char *git_dir)
{
	struct str   text = STR_EMPTY;
	char	    *file = fs_join(git_dir, "commondir"), *name, *out;
	struct bytes line;

	if (fs_read(file, 4096, &text, NULL) == ERR_OK) {
		line = bytes_trim((struct bytes){ text.data, text.len });
		name = mem_strndup(line.data, line.len);
		out = fs_join(git_dir, name);
		free(name);
	} else {
		out = mem_strdup(git_dir);
	}
	str_fini(&text);
	free(file);
	return out;
}

static enum err_code
unsupported(const char *path, const struct strlist *extensions, int version, struct err *e)
{
	struct str names = STR_EMPTY;

	strlist_join(extensions, ", ", &names);
	if (extensions->count == 0)
		err_set(e, ERR_UNSUPPORTED,
		    "the repository at %s has format version %d, which Slipway cannot read", path,
		    version);
	else
		err_set(e, ERR_UNSUPPORTED,
		    "the repository at %s uses %s, which git can read and Slipway cannot", path,
		    str_text(&names));
	if (strstr(str_text(&names), "objectformat=") != NULL)
		err_hint(e, "git cannot convert it in place: release from a clone whose objects "
			    "are SHA-1, or run "
			    "git, build and twine by hand");
	else if (strstr(str_text(&names), "refstorage=") != NULL)
		err_hint(e, "run: git refs migrate --ref-format=files (git 2.46 or newer), or "
			    "release from a clone "
			    "made with: git clone --ref-format=files");
	else
		err_hint(e, "release from a fresh clone that does not use it");
	str_fini(&names);
	return ERR_UNSUPPORTED;
}

/* Why libgit2 would not open what is there, told better than it does. */
static enum err_code
explain_open(const char *path, enum err_code code, struct err *e)
{
	struct strlist unreadable = STRLIST_EMPTY;
	char	      *git_dir = git2_discover(path), *common = NULL, *config = NULL, *root = NULL;
	int	       version = 0;

	if (git_dir == NULL) {
		code = err_set(e, ERR_NOT_FOUND, "%s is not in a git repository", path);
		err_hint(e, "go to the folder of your project, or start one with: git init");
		goto out;
	}
	root = without_slash(git_dir);
	if (text_ends(root, "/.git") && strlen(root) > strlen("/.git"))
		root[strlen(root) - strlen("/.git")] = '\0';
	common = common_dir_of(git_dir);
	config = fs_join(common, "config");
	if (code == ERR_REFUSED) {
		err_set(e, code,
		    "the repository at %s belongs to another user, so git does not trust it", root);
		err_hint(
		    e, "if you trust it, run: git config --global --add safe.directory '%s'", root);
	} else if (git2_format(config, &unreadable, &version, e) != ERR_OK) {
		code = err_set(e, ERR_CONFIG, "git's configuration file %s cannot be read", config);
		err_hint(e, "see what is wrong with: git config --list --file '%s'", config);
	} else if (unreadable.count > 0 || version > 1) {
		code = unsupported(root, &unreadable, version, e);
	} else if (code == ERR_CONFIG) {
		err_hint(e, "see what is wrong with: git config --list --show-origin");
	} else if (code == ERR_NOT_FOUND) {
		code = err_set(
		    e, ERR_INVALID, "the git repository at %s is damaged or incomplete", git_dir);
		err_hint(e, "see what is wrong with: git fsck");
	}
out:
	strlist_fini(&unreadable);
	free(git_dir);
	free(common);
	free(config);
	free(root);
	return code;
}

enum err_code
repo_open(const char *path, struct repo **out, struct err *e)
{
	struct git2	 *g = NULL;
	struct git2_facts f;
	enum err_code	  rc = git2_open(path, &g, e);

	if (rc != ERR_OK)
		return explain_open(path, rc, e);
	f = git2_facts(g);
	if (f.workdir == NULL) {
		err_set(e, ERR_UNSUPPORTED,
		    "the git repository at %s is bare: it has no files to release", f.gitdir);
		err_hint(e, "start Slipway in a clone of it: git clone '%s'", f.gitdir);
		git2_close(g);
		return ERR_UNSUPPORTED;
	}
	*out = mem_zalloc(1, sizeof **out);
	**out = (struct repo){
		.git2 = g,
		.root = without_slash(f.workdir),
		.git_dir = without_slash(f.gitdir),
		.common_dir = without_slash(f.commondir),
		.linked = f.linked,
	};
	return ERR_OK;
}

void
repo_close(struct repo *r)
{
	if (r == NULL)
		return;
	git2_close(r->git2);
	free(r->root);
	free(r->git_dir);
	free(r->common_dir);
	free(r);
}

const char *
repo_root(const struct repo *r)
{
	return r->root;
}

const char *
repo_git_dir(const struct repo *r)
{
	return r->git_dir;
}

const char *
repo_common_dir(const struct repo *r)
{
	return r->common_dir;
}

bool
repo_is_worktree(const struct repo *r)
{
	return r->linked;
}

bool
repo_is_shallow(const struct repo *r)
{
	return git2_facts(r->git2).shallow;
}

enum repo_state
repo_state(struct repo *r)
{
	return git2_state(r->git2);
}

static const struct {
	const char *text, *way_out;
} states[] = {
	[REPO_CLEAR] = { "nothing", "" },
	[REPO_MERGE] = { "a merge", "git merge --continue or git merge --abort" },
	[REPO_REVERT] = { "a revert", "git revert --continue or git revert --abort" },
	[REPO_CHERRY_PICK] = { "a cherry-pick",
	    "git cherry-pick --continue or git cherry-pick --abort" },
	[REPO_BISECT] = { "a bisection", "git bisect reset" },
	[REPO_REBASE] = { "a rebase", "git rebase --continue or git rebase --abort" },
	[REPO_MAILBOX] = { "applying patches (git am)", "git am --continue or git am --abort" },
};
_Static_assert(ARRAY_LEN(states) == REPO_STATE_COUNT, "one row per state");

const char *
repo_state_text(enum repo_state state)
{
	return states[state].text;
}

const char *
repo_state_way_out(enum repo_state state)
{
	return states[state].way_out;
}

enum err_code
repo_head(struct repo *r, struct repo_head *out, struct err *e)
{
	struct repo_head head = REPO_HEAD_EMPTY;
	struct err	 ignored = ERR_EMPTY;
	char		*target = git2_symref(r->git2, "HEAD");
	enum err_code	 rc = ERR_OK;
	char		 hash[REPO_HASH_SIZE];

	if (target != NULL)
		head.branch = mem_strdup(
		    text_starts(target, "refs/heads/") ? target + strlen("refs/heads/") : target);
	if (target != NULL && git2_ref(r->git2, target, hash, &ignored) == ERR_NOT_FOUND)
		head.unborn = true;
	else
		rc = git2_resolve(r->git2, "HEAD", head.hash, head.short_hash, e);
	if (rc == ERR_OK)
		*out = head;
	else
		repo_head_fini(&head);
	free(target);
	return rc;
}

void
repo_head_fini(struct repo_head *h)
{
	free(h->branch);
	*h = (struct repo_head)REPO_HEAD_EMPTY;
}

enum err_code
repo_ref_hash(struct repo *r, const char *name, char out[REPO_HASH_SIZE], struct err *e)
{
	return git2_ref(r->git2, name, out, e);
}

enum err_code
repo_resolve(struct repo *r, const char *rev, char out[REPO_HASH_SIZE], struct err *e)
{
	return git2_resolve(r->git2, rev, out, NULL, e);
}

/* History that was never fetched is the usual reason for a commit that is not there. */
static enum err_code
blame_shallow(const struct repo *r, enum err_code rc, struct err *e)
{
	if (rc == ERR_NOT_FOUND && repo_is_shallow(r))
		err_hint(e, "this is a shallow clone; fetch the whole history with: git fetch "
			    "--unshallow --tags");
	return rc;
}

enum err_code
repo_is_ancestor(struct repo *r, const char *ancestor, const char *of, bool *out, struct err *e)
{
	char	      a[REPO_HASH_SIZE], b[REPO_HASH_SIZE];
	enum err_code rc = git2_resolve(r->git2, ancestor, a, NULL, e);

	if (rc == ERR_OK)
		rc = git2_resolve(r->git2, of, b, NULL, e);
	if (rc == ERR_OK)
		rc = git2_is_ancestor(r->git2, a, b, out, e);
	return blame_shallow(r, rc, e);
}

enum err_code
repo_ahead_behind(struct repo *r, const char *ours, const char *theirs, size_t *ahead,
    size_t *behind, struct err *e)
{
	char	      a[REPO_HASH_SIZE], b[REPO_HASH_SIZE];
	enum err_code rc = git2_resolve(r->git2, ours, a, NULL, e);

	if (rc == ERR_OK)
		rc = git2_resolve(r->git2, theirs, b, NULL, e);
	if (rc == ERR_OK && strcmp(a, b) == 0)
		*ahead = *behind = 0;
	else if (rc == ERR_OK)
		rc = git2_ahead_behind(r->git2, a, b, ahead, behind, e);
	return blame_shallow(r, rc, e);
}

enum err_code
repo_is_ignored(struct repo *r, const char *path, bool *out, struct err *e)
{
	return git2_is_ignored(r->git2, path, out, e);
}
