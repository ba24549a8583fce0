/* The git commands of a release, as argument vectors for the user's own git, so that their hooks,
 * signing, filters, ssh configuration and credential helpers apply. Nothing runs here: see
 * git_run.h. */
#ifndef SLIPWAY_REPO_GIT_H
#define SLIPWAY_REPO_GIT_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/str.h"
#include "slipway/base/strlist.h"
#include "slipway/repo/repo.h"

enum git_kind {
	GIT_VERSION,
	GIT_FETCH,
	GIT_LS_REMOTE,
	GIT_STATUS,
	GIT_WORKTREE,
	GIT_ADD,
	GIT_COMMIT,
	GIT_REF,
	GIT_TAG,
	GIT_PUSH,
	GIT_MERGE,
	GIT_STASH,
	GIT_KIND_COUNT
};

/* Where and how git runs; borrowed for the call. */
struct git_place {
	const char	     *git;  /* executable; NULL: "git", found on PATH */
	const char	     *cwd;  /* absolute: the root of the work tree it is about */
	const struct strlist *hide; /* names of further variables that hold tokens; may be NULL */
	bool		      ssh_command; /* core.sshCommand is set: struct repo_identity */
};

/* A value; git_cmd_fini(). Builders below fill one that the caller owns. */
struct git_cmd {
	enum git_kind  kind;
	struct strlist argv;
	char	      *cwd;
	struct strlist
	    env; /* for the foreground, as the user has it, without tokens; quiet runs change it */
	struct str     input;	    /* for standard input: the message of a commit or tag */
	char	      *description; /* plain words: "fetch from origin" */
	bool	       ssh_command;
	bool	       network;
};

#define GIT_CMD_EMPTY { .argv = STRLIST_EMPTY, .env = STRLIST_EMPTY, .input = STR_EMPTY }

void git_cmd_fini(struct git_cmd *c); /* empty is fine; empty afterwards */
/* Appends the command line as one would type it, quoted for a shell: for the plan and the command
 * log. */
void git_cmd_text(const struct git_cmd *c, struct str *out);
/* The environment of a run that must not ask anything: English messages, no prompts, no editor, ssh
 * in batch mode unless the user has a command of their own for it. The caller owns OUT. */
void git_cmd_quiet_env(const struct git_cmd *c, struct strlist *out);
/* That of a run on a lent terminal: as the user has it, and GPG_TTY where they have none. */
void git_cmd_lent_env(const struct git_cmd *c, struct strlist *out);

struct git_cmd git_cmd_version(const struct git_place *at);
/* Tracking branches as configured; tags that point into what is fetched come along. */
struct git_cmd git_cmd_fetch(const struct git_place *at, const char *remote);
/* What the remote has under these full names, annotated tags peeled as well: git_refs_find(). */
struct git_cmd git_cmd_ls_remote(
    const struct git_place *at, const char *remote, const struct strlist *refs);
struct git_cmd git_cmd_status(
    const struct git_place *at); /* porcelain v2, -z: when filters are in play */

struct git_cmd git_cmd_worktree_add(
    const struct git_place *at, const char *path, const char *commit);
struct git_cmd git_cmd_worktree_remove(const struct git_place *at, const char *path);
struct git_cmd git_cmd_worktree_prune(const struct git_place *at);

enum git_sign { GIT_SIGN_AS_CONFIGURED, GIT_SIGN, GIT_SIGN_NOT };

struct git_cmd git_cmd_add(const struct git_place *at, const struct strlist *files);
/* What is tracked and was changed or removed. */
struct git_cmd git_cmd_update(const struct git_place *at);
/* What is staged. Lines of MESSAGE that start with # stay. */
struct git_cmd git_cmd_commit(const struct git_place *at, const char *message, enum git_sign sign,
    bool without_hooks);
/* OLD NULL: whatever it was; "" : it must not exist. */
struct git_cmd git_cmd_update_ref(const struct git_place *at, const char *ref, const char *commit,
    const char *old);
struct git_cmd git_cmd_delete_ref(const struct git_place *at, const char *ref, const char *old);
/* Annotated. */
struct git_cmd git_cmd_tag(const struct git_place *at, const char *name, const char *commit,
    const char *message, enum git_sign sign);
struct git_cmd git_cmd_tag_delete(const struct git_place *at, const char *name);

struct git_push_opts {
	const char	     *remote;
	const char	     *commit; /* what the branch gets; NULL: the branch is left out */
	const char	     *branch; /* its name there */
	const struct strlist *tags;   /* may be NULL */
	bool		      dry_run;
	bool		      without_hooks; /* pre-push */
	bool		      not_atomic;    /* for servers that cannot: ERR_UNSUPPORTED says so */
};
/* Branch and tags at once, all or none. Never forces. */
struct git_cmd git_cmd_push(const struct git_place *at, const struct git_push_opts *o);
/* Deletes a tag there, only while it is EXPECTED (the tag object's hash). */
struct git_cmd git_cmd_push_delete_tag(
    const struct git_place *at, const char *remote, const char *name, const char *expected);
/* In the work tree that has the branch checked out (repo_checked_out_at). For a branch that is
 * checked out nowhere use git_cmd_update_ref with its old hash. */
struct git_cmd git_cmd_merge_ff(const struct git_place *at, const char *commit);
struct git_cmd git_cmd_stash(
    const struct git_place *at, const char *message); /* untracked files as well */

/* The hash of REF in ls-remote's output; with PEELED the commit of an annotated tag, where there is
 * one. */
bool git_refs_find(struct bytes output, const char *ref, bool peeled, char out[REPO_HASH_SIZE]);
/* "git version 2.39.5 (Apple Git-154)" gives 2 and 39. */
bool git_version_parse(struct bytes output, int *major, int *minor);
/* What is needed: "worktree remove" came with 2.17. */
#define GIT_NEEDED_MAJOR 2
#define GIT_NEEDED_MINOR 17

/* One line of git push --porcelain. */
struct git_push_ref {
	char flag; /* ' ' moved on, '+' forced, '-' deleted, '*' new, '!' refused, '=' was there
		      already */
	char *ref;
	char *summary; /* "[rejected] (fetch first)" */
};
struct git_push_refs {
	struct git_push_ref *items;
	size_t		     count, cap;
};

#define GIT_PUSH_REFS_EMPTY { .items = NULL }

void git_push_parse(struct bytes output, struct git_push_refs *out);
void git_push_refs_fini(struct git_push_refs *r);

#endif
