/* Where a branch comes from and goes to: the remote, its URL, and how far both are apart as last
 * fetched. */
#include "slipway/repo/repo.h"

#include <stdlib.h>
#include <string.h>

#include "git2_wrap.h"
#include "remote.h"
#include "repo_private.h"
#include "slipway/base/mem.h"

#define HEADS "refs/heads/"

static char *
masked_url(const struct strlist *pairs, const char *remote, bool push)
{
	char *url = remote_url(pairs, remote, push);
	struct str out = STR_EMPTY;

	if (url == NULL)
		return NULL;
	repo_mask_urls(url, strlen(url), &out);
	free(url);
	return str_take(&out);
}

static char *
branch_config(struct repo *r, const char *branch, const char *what)
{
	char *key = mem_printf("branch.%s.%s", branch, what);
	char *value = repo_config(r, key);

	free(key);
	return value;
}

/* Takes NAME; one that is not among the remotes (".", a bare URL) does not count. */
static bool
take_remote(struct repo_upstream *u, char *name)
{
	if (u->remote == NULL && name != NULL && strlist_has(&u->remotes, name))
		u->remote = name;
	else
		free(name);
	return u->remote != NULL;
}

/* The one that is tracked, else what git push would choose (gitglossary(7), remote.pushDefault). */
static void
choose_remote(struct repo *r, const char *branch, struct repo_upstream *u)
{
	char *tracked = branch != NULL ? branch_config(r, branch, "remote") : NULL;

	if (take_remote(u, tracked))
		return;
	if (branch != NULL && take_remote(u, branch_config(r, branch, "pushRemote")))
		return;
	if (take_remote(u, repo_config(r, "remote.pushDefault")))
		return;
	if (u->remotes.count == 1)
		take_remote(u, mem_strdup(u->remotes.items[0]));
	else
		take_remote(u, mem_strdup("origin"));
}

static bool
tracking_exists(struct repo *r, const char *remote, const char *branch)
{
	char	  *ref = mem_printf("refs/remotes/%s/%s", remote, branch);
	char	   hash[REPO_HASH_SIZE];
	struct err ignored = ERR_EMPTY;
	bool	   found = git2_ref(r->git2, ref, hash, &ignored) == ERR_OK;

	free(ref);
	return found;
}

static char *
default_branch(struct repo *r, const char *remote)
{
	static const char *const usual[] = { "main", "master" };
	char			*ref = mem_printf("refs/remotes/%s/HEAD", remote);
	char			*prefix = mem_printf("refs/remotes/%s/", remote);
	char			*target = git2_symref(r->git2, ref), *name = NULL;

	if (target != NULL && text_starts(target, prefix))
		name = mem_strdup(target + strlen(prefix));
	for (size_t i = 0; name == NULL && i < ARRAY_LEN(usual); i++)
		if (tracking_exists(r, remote, usual[i]))
			name = mem_strdup(usual[i]);
	free(target);
	free(prefix);
	free(ref);
	return name;
}

static enum err_code
compare(struct repo *r, const char *local_ref, struct repo_upstream *u, struct err *e)
{
	struct err    ignored = ERR_EMPTY;
	char	      hash[REPO_HASH_SIZE];
	enum err_code rc = git2_ref(r->git2, u->tracking, u->hash, &ignored);

	if (rc == ERR_NOT_FOUND) {
		u->gone = true;
		return ERR_OK;
	}
	if (rc == ERR_OK && git2_ref(r->git2, local_ref, hash, &ignored) == ERR_NOT_FOUND)
		return ERR_OK; /* unborn: nothing to compare */
	return repo_ahead_behind(r, local_ref, u->tracking, &u->ahead, &u->behind, e);
}

/* What the branch tracks: of its own remote, or of this repository when that is ".". */
static void
find_tracking(struct repo *r, const struct strlist *pairs, const char *branch,
    struct repo_upstream *u)
{
	char *remote = branch_config(r, branch, "remote"),
	     *merge = branch_config(r, branch, "merge");

	if (remote != NULL && merge != NULL && strcmp(remote, ".") == 0)
		u->tracking = mem_strdup(merge);
	else if (remote != NULL && merge != NULL)
		u->tracking = remote_tracking(pairs, remote, merge);
	if (u->tracking != NULL)
		u->branch =
		    mem_strdup(text_starts(merge, HEADS) ? merge + strlen(HEADS) : merge);
	free(remote);
	free(merge);
}

static enum err_code
fill(struct repo *r, const char *branch, struct repo_upstream *u, struct err *e)
{
	struct strlist pairs = STRLIST_EMPTY;
	char *local_ref;
	enum err_code rc = ERR_OK;

	git2_config_all(r->git2, &pairs);
	remote_names(&pairs, &u->remotes);
	choose_remote(r, branch, u);
	if (u->remote != NULL) {
		u->url = masked_url(&pairs, u->remote, false);
		u->push_url = masked_url(&pairs, u->remote, true);
		u->default_branch = default_branch(r, u->remote);
	}
	if (branch != NULL)
		find_tracking(r, &pairs, branch, u);
	if (u->tracking != NULL) {
		local_ref = mem_printf(HEADS "%s", branch);
		rc = compare(r, local_ref, u, e);
		free(local_ref);
	}
	strlist_fini(&pairs);
	return rc;
}

enum err_code
repo_upstream(struct repo *r, const char *branch, struct repo_upstream *out, struct err *e)
{
	struct repo_upstream u = REPO_UPSTREAM_EMPTY;
	struct repo_head     head = REPO_HEAD_EMPTY;
	enum err_code	     rc = branch == NULL ? repo_head(r, &head, e) : ERR_OK;

	if (rc == ERR_OK)
		rc = fill(r, branch != NULL ? branch : head.branch, &u, e);
	if (rc == ERR_OK)
		*out = u;
	else
		repo_upstream_fini(&u);
	repo_head_fini(&head);
	return rc;
}

void
repo_upstream_fini(struct repo_upstream *u)
{
	free(u->remote);
	free(u->url);
	free(u->push_url);
	free(u->branch);
	free(u->tracking);
	free(u->default_branch);
	strlist_fini(&u->remotes);
	*u = (struct repo_upstream)REPO_UPSTREAM_EMPTY;
}
