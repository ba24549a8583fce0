/* Real git repositories for tests: the user's configuration kept out, dates that never change. */
#ifndef SLIPWAY_TESTS_GITREPO_H
#define SLIPWAY_TESTS_GITREPO_H

#include <stddef.h>

/* First in a test: HOME inside HOME_DIR (a temp_dir()), no system configuration, an identity ("Ada
 * Lovelace", ada@example.org), branch "main", dates fixed. For the test's process and all that it
 * starts. */
void gitrepo_environment(const char *home_dir);
/* Runs git in DIR with the words of ARGS, split at spaces (no quoting); aborts the test when it
 * fails. */
void gitrepo_git(const char *dir, const char *args);
/* The same, with the exit status instead, output dropped. */
int gitrepo_try(const char *dir, const char *args);
/* What git prints, without its last newline; owned by the caller. Aborts when it fails. */
char *gitrepo_output(const char *dir, const char *args);
/* DIR/NAME: git init, no commit. Returns its path, owned by the caller. */
char *gitrepo_new(const char *dir, const char *name);
/* Writes FILE, adds and commits it. Each commit of a test is one minute after the one before. */
void gitrepo_commit(const char *repo, const char *file, const char *text, const char *message);
/* DIR/NAME: a bare repository, made the remote "origin" of REPO, with its HEAD pushed and tracked.
 */
char *gitrepo_remote(const char *repo, const char *dir, const char *name);
/* COUNT empty-handed commits on main by one fast-import, the oldest first; fast for ten thousands.
 */
void gitrepo_history(const char *repo, size_t count);

#endif
