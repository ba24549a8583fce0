/* The effects on the repository: tag, push (tried and real) and moving the branch. */
#include <stdlib.h>
#include <string.h>

#include "effect.h"
#include "git_task.h"
#include "release_notes.h"
#include "slipway/base/mem.h"
#include "slipway/repo/repo.h"

struct call {
	struct git_task *task;
	struct repo_task *reading;
};

/* What the worker reads for a probe. */
struct reading {
	char *ref;    /* to resolve; NULL: nothing */
	char *branch; /* to look where it is checked out; NULL: nothing */
	char *commit; /* to ask whether the branch holds it already; NULL: nothing */
	char hash[REPO_HASH_SIZE];
	char *checked_out_at;
	bool found, contains;
};

static void
reading_run(void *arg, struct repo *repo, struct err *e)
{
	struct reading *k = arg;
	enum err_code rc = repo_resolve(repo, k->ref, k->hash, e);

	k->found = rc == ERR_OK;
	if (rc == ERR_NOT_FOUND) {
		err_clear(e);
		return;
	}
	if (rc == ERR_OK && k->branch != NULL)
		rc = repo_checked_out_at(repo, k->branch, &k->checked_out_at, e);
	if (rc == ERR_OK && k->commit != NULL)
		repo_is_ancestor(repo, k->commit, k->hash, &k->contains, e);
}

static void
reading_free(void *arg)
{
	struct reading *k = arg;

	free(k->ref);
	free(k->branch);
	free(k->commit);
	free(k->checked_out_at);
	free(k);
}

static void
read_for(struct effect_call *c, const struct repo_task_ops *ops, struct reading *k)
{
	struct call *p = c->priv;

	if (p == NULL)
		p = c->priv = mem_zalloc(1, sizeof *p);
	p->reading = repo_task_start(c->w, c->w->rel.root, ops, c, k);
}

static void
on_git_end(void *arg, const struct git_result *r)
{
	struct effect_call *c = arg;

	((struct call *)c->priv)->task = NULL;
	effect_ended(c, r->failure);
}

static void
run_git(struct effect_call *c, struct git_cmd cmd, git_task_fn fn)
{
	struct call *p = c->priv;

	if (p == NULL)
		p = c->priv = mem_zalloc(1, sizeof *p);
	p->task = git_task_start(c->w, cmd, fn, c);
}

static void
stop(struct effect_call *c)
{
	struct call *p = c->priv;

	if (p == NULL)
		return;
	git_task_stop(p->task);
	repo_task_stop(p->reading);
	free(p);
}

static void
all_tags(const struct wizard *w, struct strlist *out)
{
	for (size_t i = 0; i < w->rel.package_count; i++) {
		const struct release_package *p = &w->rel.packages[i];

		if (p->selected && p->tag_new != NULL && !strlist_has(out, p->tag_new))
			strlist_add(out, p->tag_new);
	}
}

/* A plan is also made where no branch is checked out. */
static const char *
branch_of(const struct wizard *w)
{
	return w->rel.branch != NULL ? w->rel.branch : "the branch";
}

static void
put_targets(const struct wizard *w, struct str *out)
{
	struct strlist tags = STRLIST_EMPTY;

	all_tags(w, &tags);
	str_puts(out, branch_of(w));
	for (size_t i = 0; i < tags.count; i++)
		str_printf(out, "%s%s", i + 1 == tags.count ? " and " : ", ", tags.items[i]);
	strlist_fini(&tags);
}

static const char *
short_commit(const struct wizard *w, char buf[8])
{
	memcpy(buf, w->rel.commit != NULL ? w->rel.commit : "HEAD\0\0\0", 7);
	buf[7] = '\0';
	return buf;
}

/* -- the tag -- */

static const char *
tag_of(const struct wizard *w, const struct effect *fx)
{
	return w->rel.packages[fx->item].tag_new;
}

static void
tag_describe(const struct wizard *w, const struct effect *fx, struct str *does, struct str *undo)
{
	char buf[8];

	if (w->rel.commit != NULL)
		str_printf(does, "tag %s on %s, annotated%s", tag_of(w, fx), short_commit(w, buf),
		    w->rel.signs_tags ? " and signed" : "");
	else
		str_printf(does, "tag %s on the release commit, annotated%s", tag_of(w, fx),
		    w->rel.signs_tags ? " and signed" : "");
	str_printf(undo, "git tag -d %s", tag_of(w, fx));
}

static void
tag_probed(void *owner, void *arg, const struct err *e)
{
	struct effect_call *c = owner;
	struct reading *k = arg;
	struct err conflict = ERR_EMPTY;

	((struct call *)c->priv)->reading = NULL;
	if (e != NULL) {
		effect_probed(c, WORLD_UNKNOWN, e);
	} else if (!k->found) {
		effect_probed(c, WORLD_ABSENT, NULL);
	} else if (c->w->rel.commit != NULL && strcmp(k->hash, c->w->rel.commit) == 0) {
		effect_probed(c, WORLD_DONE, NULL);
	} else {
		err_set(&conflict, ERR_CONFLICT,
		    "the tag %s exists and names another commit (%.7s)", tag_of(c->w, c->fx),
		    k->hash);
		err_hint(&conflict, "look at it with git show %s; release another version",
		    tag_of(c->w, c->fx));
		effect_probed(c, WORLD_OTHER, &conflict);
	}
}

static const struct repo_task_ops tag_probe_ops = { reading_run, tag_probed, reading_free };

static void
tag_probe(struct effect_call *c)
{
	struct reading *k = mem_zalloc(1, sizeof *k);

	k->ref = mem_printf("refs/tags/%s", tag_of(c->w, c->fx));
	read_for(c, &tag_probe_ops, k);
}

static void
tag_apply(struct effect_call *c)
{
	const struct git_place at = git_place_of(c->w, NULL);
	struct str notes = STR_EMPTY;
	char *message;

	release_notes_of_tag(c->w, tag_of(c->w, c->fx), &notes);
	message = mem_printf("Release version %s\n%s%s",
	    c->w->rel.packages[c->fx->item].version_new, notes.len > 0 ? "\n" : "",
	    str_text(&notes));
	str_fini(&notes);

	run_git(c,
	    git_cmd_tag(
		&at, tag_of(c->w, c->fx), c->w->rel.commit, message, GIT_SIGN_AS_CONFIGURED),
	    on_git_end);
	free(message);
}

static void
tag_undo(struct effect_call *c)
{
	const struct git_place at = git_place_of(c->w, NULL);

	run_git(c, git_cmd_tag_delete(&at, tag_of(c->w, c->fx)), on_git_end);
}

const struct effect_ops effect_tag = {
	.name = "tag",
	.reversible = true,
	.describe = tag_describe,
	.probe = tag_probe,
	.apply = tag_apply,
	.undo = tag_undo,
	.stop = stop,
};

/* -- the push, tried and real -- */

static void
push(struct effect_call *c, bool dry_run)
{
	struct wizard *w = c->w;
	const struct git_place at = git_place_of(w, NULL);
	struct strlist tags = STRLIST_EMPTY;
	struct git_push_opts opts = {
		.remote = w->rel.remote,
		.commit = w->rel.commit,
		.branch = w->rel.branch,
		.tags = &tags,
		.dry_run = dry_run,
		.without_hooks = w->without_hooks,
	};

	all_tags(w, &tags);
	run_git(c, git_cmd_push(&at, &opts), on_git_end);
	strlist_fini(&tags);
}

static void
push_check_describe(
    const struct wizard *w, const struct effect *fx, struct str *does, struct str *undo)
{
	(void)fx;
	str_puts(does, "push --dry-run ");
	put_targets(w, does);
	str_printf(does, " to %s", w->rel.remote);
	str_puts(undo, "nothing changes");
}

/* Trying costs nothing: it is done each time, until the push itself is found on the remote. */
static void
push_check_probe(struct effect_call *c)
{
	const struct effect *pushed = effects_find(c->w, "push");

	effect_probed(c,
	    pushed != NULL && pushed->status == EFFECT_DONE ? WORLD_DONE : WORLD_ABSENT, NULL);
}

static void
push_check_apply(struct effect_call *c)
{
	push(c, true);
}

const struct effect_ops effect_push_check = {
	.name = "push-check",
	.reversible = true,
	.describe = push_check_describe,
	.probe = push_check_probe,
	.apply = push_check_apply,
	.stop = stop,
};

static void
push_describe(const struct wizard *w, const struct effect *fx, struct str *does, struct str *undo)
{
	(void)fx;
	str_puts(does, "push ");
	put_targets(w, does);
	str_printf(does, " to %s, both or neither", w->rel.remote);
	str_puts(undo, "cannot be undone without rewriting what others have fetched");
}

/* Whether the remote has REF (a tag: what it stands for) at COMMIT. */
static bool
remote_has(struct bytes out, const char *ref, const char *commit)
{
	char hash[REPO_HASH_SIZE];

	return git_refs_find(out, ref, true, hash) && strcmp(hash, commit) == 0;
}

/* Branch and tags go together or not at all: once our push had begun, the tags at our commit say
 * that it arrived, also when somebody has pushed onto the branch since. Where the branch stands
 * where it stood before, they were pushed by hand, alone. */
static bool
remote_branch_moved(const struct effect_call *c, struct bytes out)
{
	const struct release *r = &c->w->rel;
	char *ref = mem_printf("refs/heads/%s", r->branch), hash[REPO_HASH_SIZE];
	bool there = git_refs_find(out, ref, true, hash);

	free(ref);
	return there && (strcmp(hash, r->commit) == 0 ||
			    (c->fx->begun && r->head != NULL && strcmp(hash, r->head) != 0));
}

static void
push_asked(void *arg, const struct git_result *r)
{
	struct effect_call *c = arg;
	struct strlist tags = STRLIST_EMPTY;
	bool done;

	((struct call *)c->priv)->task = NULL;
	all_tags(c->w, &tags);
	done = r->failure == NULL && tags.count > 0 && remote_branch_moved(c, r->out);
	for (size_t i = 0; i < tags.count && done; i++) {
		char *ref = mem_printf("refs/tags/%s", tags.items[i]);

		done = remote_has(r->out, ref, c->w->rel.commit);
		free(ref);
	}
	strlist_fini(&tags);
	if (r->failure != NULL)
		effect_probed(c, WORLD_UNKNOWN, r->failure);
	else
		effect_probed(c, done ? WORLD_DONE : WORLD_ABSENT, NULL);
}

static void
push_probe(struct effect_call *c)
{
	const struct git_place at = git_place_of(c->w, NULL);
	struct strlist tags = STRLIST_EMPTY, refs = STRLIST_EMPTY;

	all_tags(c->w, &tags);
	strlist_addf(&refs, "refs/heads/%s", c->w->rel.branch);
	for (size_t i = 0; i < tags.count; i++)
		strlist_addf(&refs, "refs/tags/%s", tags.items[i]);
	run_git(c, git_cmd_ls_remote(&at, c->w->rel.remote, &refs), push_asked);
	strlist_fini(&tags);
	strlist_fini(&refs);
}

static void
push_apply(struct effect_call *c)
{
	push(c, false);
}

const struct effect_ops effect_push = {
	.name = "push",
	.reversible = false,
	.describe = push_describe,
	.probe = push_probe,
	.apply = push_apply,
	.stop = stop,
};

/* -- the branch -- */

static void
branch_describe(const struct wizard *w, const struct effect *fx, struct str *does, struct str *undo)
{
	char buf[8];

	(void)fx;
	str_printf(does, "move %s forward to %s", branch_of(w),
	    w->rel.commit != NULL ? short_commit(w, buf) : "the release commit");
	str_printf(undo, "git reset --keep %.7s", w->rel.head != NULL ? w->rel.head : "");
}

static void
branch_probed(void *owner, void *arg, const struct err *e)
{
	struct effect_call *c = owner;
	struct reading *k = arg;
	struct err conflict = ERR_EMPTY;

	((struct call *)c->priv)->reading = NULL;
	if (e != NULL) {
		effect_probed(c, WORLD_UNKNOWN, e);
	} else if (k->found && k->contains) {
		effect_probed(c, WORLD_DONE, NULL);
	} else if (k->found && strcmp(k->hash, c->w->rel.head) == 0) {
		mem_set(&c->w->checked_out_at, k->checked_out_at);
		effect_probed(c, WORLD_ABSENT, NULL);
	} else {
		err_set(&conflict, ERR_CONFLICT,
		    "%s has moved since the release began: it is not at %.7s any more",
		    c->w->rel.branch, c->w->rel.head);
		err_hint(&conflict,
		    "merge the release commit yourself (git merge %.7s), push, and then slipway "
		    "resume",
		    c->w->rel.commit);
		effect_probed(c, WORLD_OTHER, &conflict);
	}
}

static const struct repo_task_ops branch_probe_ops = { reading_run, branch_probed, reading_free };

static void
branch_probe(struct effect_call *c)
{
	struct reading *k = mem_zalloc(1, sizeof *k);

	k->ref = mem_printf("refs/heads/%s", c->w->rel.branch);
	k->branch = mem_strdup(c->w->rel.branch);
	k->commit = mem_strdup(c->w->rel.commit);
	read_for(c, &branch_probe_ops, k);
}

static void
branch_apply(struct effect_call *c)
{
	struct wizard *w = c->w;
	struct git_place at = git_place_of(w, w->checked_out_at);
	char *ref = mem_printf("refs/heads/%s", w->rel.branch);

	/* Where it is checked out, files and index move along; else only the reference does. */
	if (w->checked_out_at != NULL)
		run_git(c, git_cmd_merge_ff(&at, w->rel.commit), on_git_end);
	else
		run_git(c, git_cmd_update_ref(&at, ref, w->rel.commit, w->rel.head), on_git_end);
	free(ref);
}

const struct effect_ops effect_branch = {
	.name = "branch",
	.reversible = false,
	.describe = branch_describe,
	.probe = branch_probe,
	.apply = branch_apply,
	.stop = stop,
};
