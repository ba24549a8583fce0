/* A git command of the wizard: run quietly first, so that nothing waits on a prompt that nobody
 * sees; when git has to ask, the front lends the terminal and the same command runs again on it.
 * Kept in the command log. */
#ifndef SLIPWAY_WIZARD_GIT_TASK_H
#define SLIPWAY_WIZARD_GIT_TASK_H

#include "engine.h"
#include "slipway/repo/git_run.h"

struct git_task;
/* Never called before git_task_start() returned; the task is gone afterwards. */
typedef void (*git_task_fn)(void *arg, const struct git_result *r);

/* Takes CMD over. */
struct git_task *git_task_start(struct wizard *w, struct git_cmd cmd, git_task_fn fn, void *arg);
/* Ends it; FN is not called any more. NULL is fine. */
void git_task_stop(struct git_task *t);
/* The wizard of a task that has the terminal is being freed: gives it back now, and the task never
 * looks at the wizard again. NULL is fine. */
void git_task_abandon(struct git_task *t);

/* Where git runs for this release: at the root of the user's tree, or at CWD. */
struct git_place git_place_of(const struct wizard *w, const char *cwd);

/* A read of the repository on the worker. RUN fills its own ARG; DONE comes on the loop, not after
 * repo_task_stop(), which frees ARG with FREE_ARG as the end does. */
struct repo_task;
struct repo_task_ops {
	void (*run)(void *arg, struct repo *repo, struct err *e); /* on the worker; REPO is open */
	void (*done)(void *owner, void *arg, const struct err *e);
	void (*free_arg)(void *arg);
};
struct repo_task *repo_task_start(
    struct wizard *w, const char *path, const struct repo_task_ops *ops, void *owner, void *arg);
void repo_task_stop(struct repo_task *t); /* NULL is fine */

#endif
