/* A git repository, read with libgit2. Everything here blocks and belongs on os/worker, one handle
 * a job: a handle is cheap to open (about a millisecond) and must not be shared between threads.
 * The first opening of a process takes some ten more, in which libgit2 reads the system's
 * certificates. Nothing is written, not even the index. Names, paths and messages are bytes of the
 * repository: sanitise before showing. */
#ifndef SLIPWAY_REPO_REPO_H
#define SLIPWAY_REPO_REPO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"
#include "slipway/base/strlist.h"

#define REPO_HASH_SIZE                                                                             \
	65 /* hexadecimal and a NUL; room for SHA-256, although libgit2 reads SHA-1 alone */

struct repo;

/* Finds the repository from the directory PATH upwards, as git does. The caller owns *OUT:
 * repo_close(). ERR_NOT_FOUND no repository; ERR_REFUSED owned by somebody else (safe.directory);
 * ERR_UNSUPPORTED bare, or a format that libgit2 cannot read (reftable, SHA-256), named with the
 * way out; ERR_CONFIG its configuration cannot be read. */
enum err_code repo_open(const char *path, struct repo **out, struct err *e);
void	      repo_close(struct repo *r); /* NULL is fine */

/* Absolute, without a slash at the end; borrowed until repo_close(). */
const char *repo_root(const struct repo *r);	   /* of the work tree */
const char *repo_git_dir(const struct repo *r);	   /* of this work tree */
const char *repo_common_dir(const struct repo *r); /* shared by all linked work trees */
bool	    repo_is_worktree(const struct repo *r); /* a linked one */
bool	    repo_is_shallow(const struct repo *r);  /* history that was not fetched is missing */

enum repo_state {
	REPO_CLEAR,
	REPO_MERGE,
	REPO_REVERT,
	REPO_CHERRY_PICK,
	REPO_BISECT,
	REPO_REBASE,
	REPO_MAILBOX, /* git am */
	REPO_STATE_COUNT
};

enum repo_state repo_state(struct repo *r);
/* "a merge"; for "%s is in progress". REPO_CLEAR is "nothing". */
const char *repo_state_text(enum repo_state state);
/* The commands that end it: "git merge --continue or git merge --abort". */
const char *repo_state_way_out(enum repo_state state);

struct repo_head {
	char *branch; /* "main"; NULL when detached */
	bool  unborn; /* BRANCH has no commit yet, and the hashes are empty */
	char  hash[REPO_HASH_SIZE];
	char  short_hash[REPO_HASH_SIZE]; /* as git abbreviates it here */
};

#define REPO_HEAD_EMPTY { .branch = NULL }

enum err_code repo_head(struct repo *r, struct repo_head *out, struct err *e);
void	      repo_head_fini(struct repo_head *h);

/* What exactly this reference holds ("refs/tags/v1": the tag object when it is annotated).
 * ERR_NOT_FOUND. */
enum err_code repo_ref_hash(
    struct repo *r, const char *name, char out[REPO_HASH_SIZE], struct err *e);
/* The commit that any revision names ("HEAD", "v1.0.3", "main~2", a hash). ERR_NOT_FOUND. */
enum err_code repo_resolve(
    struct repo *r, const char *rev, char out[REPO_HASH_SIZE], struct err *e);
/* The same commit counts as an ancestor. Both are revisions. */
enum err_code repo_is_ancestor(struct repo *r, const char *ancestor, const char *of, bool *out,
    struct err *e);
/* Commits that one has and the other has not. Both are revisions. */
enum err_code repo_ahead_behind(struct repo *r, const char *ours, const char *theirs, size_t *ahead,
    size_t *behind, struct err *e);

/* Where a branch comes from and goes to. */
struct repo_upstream {
	char  *remote;	 /* "origin"; NULL when there is no remote to push to */
	char  *url;	 /* safe to show: see repo_mask_urls() */
	char  *push_url; /* the same when the remote has no other */
	char  *branch;	 /* its name there; NULL when the branch tracks nothing */
	char  *tracking; /* "refs/remotes/origin/main"; NULL when the branch tracks nothing */
	bool   gone;	 /* tracked, but TRACKING is not there: never fetched, or deleted */
	char   hash[REPO_HASH_SIZE]; /* of TRACKING */
	size_t ahead, behind;
	char *default_branch; /* of the remote: its HEAD as last fetched, else main or master; NULL:
				 unknown */
	struct strlist remotes; /* all names */
};

#define REPO_UPSTREAM_EMPTY { .remote = NULL, .remotes = STRLIST_EMPTY }

/* Of BRANCH ("main"), or of HEAD's when NULL. One that tracks nothing still gets a remote: what git
 * would push to (branch.*.pushRemote, remote.pushDefault), the only one, or origin. Nothing is
 * fetched. */
enum err_code repo_upstream(
    struct repo *r, const char *branch, struct repo_upstream *out, struct err *e);
void	      repo_upstream_fini(struct repo_upstream *u);

/* Appends TEXT to OUT with what could be a credential in each URL taken out: all before the @ of
 * http(s), and the password of any other scheme. Plain "git@host:path" stays. */
void repo_mask_urls(const char *text, size_t len, struct str *out);

/* Who git would say made a commit or tag, and whether it would sign it. */
struct repo_identity {
	char *author_name, *author_email; /* NULL: not set (git would guess from the system) */
	char *committer_name, *committer_email; /* of commits and tags */
	bool  sign_commits;			/* commit.gpgSign */
	bool  sign_tags;			/* tag.gpgSign */
	char *format;				/* gpg.format: "openpgp", "ssh", "x509" */
	char *key; /* user.signingKey; NULL: picked by git from the mail address */
	bool  ssh_command;			/* core.sshCommand is set: for struct git_place */
};

#define REPO_IDENTITY_EMPTY { .author_name = NULL }

void repo_identity(struct repo *r, struct repo_identity *out);
void repo_identity_fini(struct repo_identity *i);

/* One value of the configuration as git sees it from here, or NULL; owned by the caller. */
char *repo_config(struct repo *r, const char *key) MUST_USE;
bool  repo_config_bool(struct repo *r, const char *key, bool fallback);

struct repo_tag {
	char   *name;		       /* without refs/tags/ */
	char	hash[REPO_HASH_SIZE];  /* of the commit */
	int64_t when;		       /* Unix seconds of that commit */
	bool	annotated;
};
struct repo_tags {
	struct repo_tag *items;
	size_t		 count, cap;
};

#define REPO_TAGS_EMPTY { .items = NULL }

/* All tags that name commits, the newest commit first, then by name backwards. */
enum err_code repo_tags(struct repo *r, struct repo_tags *out, struct err *e);
void	      repo_tags_fini(struct repo_tags *t);

/* The work tree where BRANCH is checked out, or NULL when there is none; the caller owns *OUT. */
enum err_code repo_checked_out_at(struct repo *r, const char *branch, char **out, struct err *e);
/* Names of the executable hooks that would run here (core.hooksPath counts), sorted. */
enum err_code repo_hooks(struct repo *r, struct strlist *out, struct err *e);
/* By .gitignore and its kin; PATH relative to the root. */
enum err_code repo_is_ignored(struct repo *r, const char *path, bool *out, struct err *e);

#endif
