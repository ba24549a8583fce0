/* The effect that makes the release commit, in a worktree of its own, off the user's branch. */
#include <stdlib.h>
#include <string.h>

#include "effect.h"
#include "fragments.h"
#include "git_task.h"
#include "jobs.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/os/worker.h"
#include "slipway/project/edit.h"
#include "slipway/repo/repo.h"
#include "worktree.h"

enum phase {
	PHASE_CLEAR,
	PHASE_ADD_TREE,
	PHASE_UPDATE, /* what towncrier changed and removed */
	PHASE_STAGE,
	PHASE_COMMIT,
	PHASE_READ,
	PHASE_KEEP
};

struct call {
	enum phase phase;
	struct git_task *task;
	struct repo_task *reading;
	struct worktree *removing;
	struct jobs *news;
};

static char *
keep_ref(const struct wizard *w)
{
	return mem_printf("refs/slipway/%s", w->rel.id);
}

static void
describe(const struct wizard *w, const struct effect *fx, struct str *does, struct str *undo)
{
	char *message = settings_commit_message(w);
	struct str news = STR_EMPTY;

	(void)fx;
	fragments_text(w, &news);
	str_printf(does, "commit \"%.*s\" in a worktree of its own%s%s%s",
	    (int)strcspn(message, "\n"), message, w->rel.signs_commits ? ", signed" : "",
	    news.len > 0 ? ", with what is written by " : "", str_text(&news));
	str_fini(&news);
	str_puts(undo, "remove the worktree; your branch is not touched");
	free(message);
}

/* -- probe: is the commit kept? -- */

struct reading {
	char *ref; /* NULL: HEAD */
	char hash[REPO_HASH_SIZE];
	bool found;
};

static void
reading_run(void *arg, struct repo *repo, struct err *e)
{
	struct reading *k = arg;
	enum err_code rc = repo_resolve(repo, k->ref != NULL ? k->ref : "HEAD", k->hash, e);

	k->found = rc == ERR_OK;
	if (rc == ERR_NOT_FOUND)
		err_clear(e);
}

static void
reading_free(void *arg)
{
	free(((struct reading *)arg)->ref);
	free(arg);
}

static void
probe_done(void *owner, void *arg, const struct err *e)
{
	struct effect_call *c = owner;
	struct reading *k = arg;

	((struct call *)c->priv)->reading = NULL;
	if (e != NULL) {
		effect_probed(c, WORLD_UNKNOWN, e);
		return;
	}
	if (k->found) {
		mem_set(&c->w->rel.commit, k->hash);
		if (c->w->rel.worktree == NULL)
			c->w->rel.worktree = worktree_path(c->w);
	}
	effect_probed(c, k->found ? WORLD_DONE : WORLD_ABSENT, NULL);
}

static const struct repo_task_ops probe_ops = { reading_run, probe_done, reading_free };

static void
probe(struct effect_call *c)
{
	struct call *p = c->priv = mem_zalloc(1, sizeof *p);
	struct reading *k = mem_zalloc(1, sizeof *k);

	k->ref = keep_ref(c->w);
	p->reading = repo_task_start(c->w, c->w->rel.root, &probe_ops, c, k);
}

/* -- apply -- */

static void run(struct effect_call *c, enum phase phase);

static void
head_done(void *owner, void *arg, const struct err *e)
{
	struct effect_call *c = owner;
	struct reading *k = arg;

	((struct call *)c->priv)->reading = NULL;
	if (e != NULL) {
		effect_ended(c, e);
		return;
	}
	mem_set(&c->w->rel.commit, k->hash);
	run(c, PHASE_KEEP);
}

static const struct repo_task_ops head_ops = { reading_run, head_done, reading_free };

static void
on_news(void *arg, const struct jobs_end *end)
{
	struct effect_call *c = arg;
	struct err e = ERR_EMPTY;

	((struct call *)c->priv)->news = NULL;
	if (!end->all_ok)
		effect_ended(c, &end->err);
	else if (fragments_take(c->w, &e) != ERR_OK)
		effect_ended(c, &e);
	else
		run(c, PHASE_UPDATE);
}

/* The edits are small files: written here, and whole or not at all. */
static void
write_edits(struct effect_call *c)
{
	struct wizard *w = c->w;
	struct err e = ERR_EMPTY;
	enum err_code rc = edit_check(w->rel.edits, w->rel.root, &e);

	/* The branch will move over these files when the uploads are done: too late to fail. */
	if (rc != ERR_OK) {
		effect_ended(c, &e);
		return;
	}
	rc = edit_apply(w->rel.edits, w->rel.worktree, &e);
	/* The worktree has what is committed; what was read may have been more. */
	if (rc == ERR_CONFLICT)
		err_hint(&e,
		    "the release is made from commit %.7s: commit or take back what you "
		    "changed there, then begin anew",
		    w->rel.head);
	if (rc != ERR_OK || worktree_carry(w, &e) != ERR_OK)
		effect_ended(c, &e);
	else if (fragments_count(w) > 0)
		fragments_build(w, on_news, c, &((struct call *)c->priv)->news);
	else
		run(c, PHASE_STAGE);
}

static void
on_git(void *arg, const struct git_result *r)
{
	struct effect_call *c = arg;
	struct call *p = c->priv;

	p->task = NULL;
	if (r->failure != NULL && p->phase != PHASE_CLEAR) {
		c->w->hook_failed = p->phase == PHASE_COMMIT && r->hook;
		effect_ended(c, r->failure);
		return;
	}
	switch (p->phase) {
	case PHASE_CLEAR:
		run(c, PHASE_ADD_TREE);
		return;
	case PHASE_ADD_TREE:
		write_edits(c);
		return;
	case PHASE_UPDATE:
		run(c, PHASE_STAGE);
		return;
	case PHASE_STAGE:
		run(c, PHASE_COMMIT);
		return;
	case PHASE_COMMIT:
		run(c, PHASE_READ);
		return;
	case PHASE_READ:
		return;
	case PHASE_KEEP:
		effect_ended(c, NULL);
		return;
	}
}

static void
edited_files(const struct wizard *w, struct strlist *out)
{
	for (size_t i = 0; i < w->rel.edits->count; i++) {
		const char *path = w->rel.edits->items[i].path;
		char *file = NULL;

		/* git would stage a link, and not what was written through it. */
		if (edit_target(w->rel.worktree, path, &file, NULL) != ERR_OK)
			file = mem_strdup(path);
		strlist_take(out, file);
	}
	fragments_files(w, out);
}

static struct git_cmd
command(struct effect_call *c, enum phase phase)
{
	struct wizard *w = c->w;
	const struct git_place root = git_place_of(w, NULL),
			       tree = git_place_of(w, w->rel.worktree);
	struct strlist files = STRLIST_EMPTY;
	char *message = settings_commit_message(w), *ref = keep_ref(w);
	struct git_cmd cmd = GIT_CMD_EMPTY;

	switch (phase) {
	case PHASE_CLEAR:
		cmd = git_cmd_worktree_prune(&root);
		break;
	case PHASE_ADD_TREE:
		cmd = git_cmd_worktree_add(&root, w->rel.worktree, w->rel.head);
		break;
	case PHASE_UPDATE:
		cmd = git_cmd_update(&tree);
		break;
	case PHASE_STAGE:
		edited_files(w, &files);
		cmd = git_cmd_add(&tree, &files);
		strlist_fini(&files);
		break;
	case PHASE_COMMIT:
		cmd = git_cmd_commit(
		    &tree, message, GIT_SIGN_AS_CONFIGURED, w->without_hooks || !settings_hooks(w));
		break;
	case PHASE_READ:
		break;
	case PHASE_KEEP:
		cmd = git_cmd_update_ref(&root, ref, w->rel.commit, NULL);
		break;
	}
	free(message);
	free(ref);
	return cmd;
}

static void
run(struct effect_call *c, enum phase phase)
{
	struct call *p = c->priv;
	struct strlist files = STRLIST_EMPTY;

	edited_files(c->w, &files);
	/* Nothing to edit (the tag is the version): the commit to release is the one that is there.
	 */
	if ((phase == PHASE_STAGE || phase == PHASE_COMMIT) && files.count == 0)
		phase = PHASE_READ;
	strlist_fini(&files);
	p->phase = phase;
	if (phase == PHASE_READ)
		p->reading = repo_task_start(
		    c->w, c->w->rel.worktree, &head_ops, c, mem_zalloc(1, sizeof(struct reading)));
	else
		p->task = git_task_start(c->w, command(c, phase), on_git, c);
}

static void
apply(struct effect_call *c)
{
	struct wizard *w = c->w;
	char *parent;
	struct err e = ERR_EMPTY;

	c->priv = mem_zalloc(1, sizeof(struct call));
	w->hook_failed = false;
	if (w->rel.edits == NULL) {
		err_set(&e, ERR_CONFLICT,
		    "the release commit of %s is gone, and what it held with it", w->rel.version);
		err_hint(&e, "slipway abort, then release again");
		effect_ended(c, &e);
		return;
	}
	free(w->rel.worktree);
	w->rel.worktree = worktree_path(w);
	parent = fs_dir(w->rel.worktree);
	/* What an interrupted try left there holds nothing but our own edits. */
	if (fs_remove_tree(w->rel.worktree, &e) != ERR_OK || fs_mkdirs(parent, 0700, &e) != ERR_OK)
		effect_ended(c, &e);
	else
		run(c, PHASE_CLEAR);
	free(parent);
}

/* -- undo -- */

static void
on_removed(void *arg, const struct err *e)
{
	struct effect_call *c = arg;

	((struct call *)c->priv)->removing = NULL;
	if (e == NULL)
		mem_set(&c->w->rel.commit, NULL);
	effect_ended(c, e);
}

static void
undo(struct effect_call *c)
{
	struct call *p = c->priv = mem_zalloc(1, sizeof *p);

	if (c->w->rel.worktree == NULL)
		c->w->rel.worktree = worktree_path(c->w);
	p->removing = worktree_remove(c->w, on_removed, c);
}

static void
stop(struct effect_call *c)
{
	struct call *p = c->priv;

	if (p == NULL)
		return;
	git_task_stop(p->task);
	jobs_free(p->news);
	repo_task_stop(p->reading);
	worktree_forget(p->removing);
	free(p);
}

const struct effect_ops effect_commit = {
	.name = "commit",
	.reversible = true,
	.tidies = true,
	.describe = describe,
	.probe = probe,
	.apply = apply,
	.undo = undo,
	.stop = stop,
};
