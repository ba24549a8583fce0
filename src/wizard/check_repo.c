/* The lines of the preflight that the repository itself answers, read on the worker: branch and
 * identity first, so that the remote can be asked meanwhile, then packages and history, then the
 * state of the tree. */
#include <stdlib.h>
#include <string.h>

#include "choices.h"
#include "git_task.h"
#include "preflight.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/project/config.h"
#include "slipway/repo/repo.h"
#include "slipway/repo/status.h"
#include "survey.h"

#define STATUS_MAX 20
#define TAGS_SHOWN 6

struct reading {
	struct repo_task *head, *survey, *status;
};

static struct reading *
reading_of(struct check *c)
{
	return c->priv;
}

static void
stop(struct check *c)
{
	struct reading *k = c->priv;

	repo_task_stop(k->head);
	repo_task_stop(k->survey);
	repo_task_stop(k->status);
	free(k);
	c->priv = NULL;
}

/* The check that owns the reading ends last. */
static void
end_if_all(struct check *c)
{
	struct reading *k = c->priv;

	if (k->head == NULL && k->survey == NULL && k->status == NULL)
		check_end(c, c->pending_sign, c->pending_text, c->pending_hint);
}

/* -- branch, state, identity -- */

struct head {
	struct repo_head head;
	struct repo_upstream upstream;
	struct repo_identity identity;
	enum repo_state state;
};

static void
head_run(void *arg, struct repo *repo, struct err *e)
{
	struct head *h = arg;

	h->state = repo_state(repo);
	repo_identity(repo, &h->identity);
	if (repo_head(repo, &h->head, e) == ERR_OK)
		repo_upstream(repo, h->head.branch, &h->upstream, e);
}

static void
head_free(void *arg)
{
	struct head *h = arg;

	repo_head_fini(&h->head);
	repo_upstream_fini(&h->upstream);
	repo_identity_fini(&h->identity);
	free(h);
}

static void
end_branch(struct check *c, const struct head *h)
{
	const char *wanted = settings_branch(c->w);
	char *hint;

	if (wanted == NULL)
		wanted = h->upstream.default_branch;
	if (h->head.unborn) {
		check_end(c, SIGN_BAD, "no commit yet", "commit something first");
	} else if (h->head.branch == NULL) {
		check_endf(c, SIGN_BAD, "git switch main (or the branch you release from)",
		    "HEAD is detached at %s", h->head.short_hash);
	} else if (h->state != REPO_CLEAR) {
		check_endf(c, SIGN_BAD, repo_state_way_out(h->state), "%s is in progress",
		    repo_state_text(h->state));
	} else if (wanted != NULL && strcmp(wanted, h->head.branch) != 0) {
		hint = mem_printf("git switch %s, or set branch = \"%s\" in slipway.toml", wanted,
		    h->head.branch);
		check_endf(c, SIGN_BAD, hint, "on %s, but releases are made from %s",
		    h->head.branch, wanted);
		free(hint);
	} else {
		check_endf(c, SIGN_OK, NULL, "%s at %s", h->head.branch, h->head.short_hash);
	}
}

static void
end_identity(struct check *c, const struct head *h)
{
	const struct repo_identity *i = &h->identity;

	if (i->committer_name == NULL || i->committer_email == NULL)
		check_end(c, SIGN_BAD, "git does not know who you are",
		    "git config user.name \"Your Name\" and git config user.email you@example.org");
	else
		check_endf(c, SIGN_OK, NULL, "%s <%s>%s", i->committer_name, i->committer_email,
		    i->sign_commits || i->sign_tags ? ", signs" : "");
}

static void
head_done(void *owner, void *arg, const struct err *e)
{
	struct check *c = owner;
	struct head *h = arg;
	struct release *r = &c->w->rel;

	reading_of(c)->head = NULL;
	if (e != NULL) {
		check_fail(preflight_check(c->p, CHECK_BRANCH), SIGN_BAD, e);
		check_fail(preflight_check(c->p, CHECK_IDENTITY), SIGN_UNCHECKED, e);
	} else {
		mem_set(&r->branch, h->head.branch);
		mem_set(&r->head, h->head.unborn ? NULL : h->head.hash);
		mem_set(&r->remote, h->upstream.remote);
		r->signs_commits = h->identity.sign_commits;
		r->signs_tags = h->identity.sign_tags;
		c->w->ssh_command = h->identity.ssh_command;
		end_branch(preflight_check(c->p, CHECK_BRANCH), h);
		end_identity(preflight_check(c->p, CHECK_IDENTITY), h);
	}
	preflight_repo_known(c->p, e);
	end_if_all(c);
}

static const struct repo_task_ops head_ops = { head_run, head_done, head_free };

/* -- packages and history -- */

static void
survey_job(void *arg, struct repo *repo, struct err *e)
{
	survey_run(arg, repo, e);
}

static void
survey_job_free(void *arg)
{
	survey_free(arg);
}

static void
pend(struct check *c, enum sign sign, const char *text, const char *hint)
{
	c->pending_sign = sign;
	mem_set(&c->pending_text, text);
	mem_set(&c->pending_hint, hint != NULL && hint[0] != '\0' ? hint : NULL);
}

static void
pend_found(struct check *c, const char *text)
{
	const struct config *config = c->w->rel.config;
	char *both;

	if (config->shadowed == NULL) {
		pend(c, SIGN_OK, text, NULL);
		return;
	}
	both = mem_printf("%s; [tool.slipway] in %s does not count beside %s", text,
	    fs_base(config->shadowed), config->source);
	pend(c, SIGN_LOOK, both, "keep one of the two");
	free(both);
}

/* "1.1.0 will be v1.1.0", of what is suggested: the version itself is chosen later. */
static void
put_next(const struct wizard *w, struct str *out)
{
	const struct release *r = &w->rel;
	const struct release_package *main = release_main(r);
	const char *version = NULL;
	char *tag = NULL;

	for (size_t i = 0; i < r->choice_count; i++)
		if (version == NULL || r->choices[i].suggested)
			version = r->choices[i].version;
	if (main != NULL && version != NULL &&
	    choices_tag(w, (size_t)(main - r->packages), version, &tag, NULL) == ERR_OK)
		str_printf(out, "%s will be %s", version, tag);
	else
		str_puts(out, "the next is typed");
	free(tag);
}

static void
end_tag(struct check *c)
{
	const struct release *r = &c->w->rel;
	struct str text = STR_EMPTY, next = STR_EMPTY;
	struct strlist seen = STRLIST_EMPTY;
	bool doubt = false;

	for (size_t i = 0; i < r->package_count; i++) {
		const struct release_package *p = &r->packages[i];

		doubt |= p->tag_doubt != NULL;
		if (p->tag_last != NULL && !strlist_has(&seen, p->tag_last))
			strlist_add(&seen, p->tag_last);
	}
	strlist_join(&seen, ", ", &text);
	put_next(c->w, &next);
	check_endf(c, doubt ? SIGN_LOOK : SIGN_OK,
	    doubt ? "it will be asked, or say it with --tag [NAME=]TEMPLATE" : NULL,
	    "newest: %s; %s", seen.count > 0 ? str_text(&text) : "none yet", str_text(&next));
	strlist_fini(&seen);
	str_fini(&text);
	str_fini(&next);
}

static void
survey_done(void *owner, void *arg, const struct err *e)
{
	struct check *c = owner;
	struct str text = STR_EMPTY;
	struct err failure = ERR_EMPTY;

	reading_of(c)->survey = NULL;
	survey_text(arg, &text);
	if (e != NULL)
		failure = *e;
	else
		survey_apply(arg, c->w, &failure);
	if (failure.code != ERR_OK) {
		pend(c, SIGN_BAD, failure.message, failure.hint);
		check_end(preflight_check(c->p, CHECK_TAG), SIGN_UNCHECKED,
		    "not looked at: no packages", NULL);
		c->w->survey_err = failure;
	} else {
		pend_found(c, str_text(&text));
		end_tag(preflight_check(c->p, CHECK_TAG));
	}
	str_fini(&text);
	preflight_packages_known(c->p, failure.code != ERR_OK ? &failure : NULL);
	end_if_all(c);
}

static const struct repo_task_ops survey_ops = { survey_job, survey_done, survey_job_free };

/* -- the tree -- */

static void
status_run(void *arg, struct repo *repo, struct err *e)
{
	repo_status(repo, STATUS_MAX, arg, e);
}

static void
status_free(void *arg)
{
	repo_status_fini(arg);
	free(arg);
}

static void
end_tree(struct check *c, const struct repo_status *s)
{
	size_t changed = s->total - s->untracked;
	struct str text = STR_EMPTY;

	if (s->total == 0) {
		check_end(c, SIGN_OK, "nothing changed, nothing untracked", NULL);
		return;
	}
	str_printf(&text, "%zu changed, %zu untracked:", changed, s->untracked);
	for (size_t i = 0; i < s->count && i < 4; i++)
		str_printf(&text, "%s %s", i > 0 ? "," : "", s->items[i].path);
	if (s->total > 4)
		str_puts(&text, ", ...");
	if (c->w->left_out_dirty)
		check_endf(c, SIGN_LOOK,
		    "they are left out: the release is made from the last commit", "%s",
		    str_text(&text));
	else
		check_endf(c, SIGN_BAD, "commit them, stash them (git stash -u), or leave them out",
		    "%s", str_text(&text));
	str_fini(&text);
}

static void
status_done(void *owner, void *arg, const struct err *e)
{
	struct check *c = owner, *tree = preflight_check(c->p, CHECK_CLEAN_TREE);

	reading_of(c)->status = NULL;
	if (e != NULL)
		check_fail(tree, SIGN_BAD, e);
	else
		end_tree(tree, arg);
	end_if_all(c);
}

static const struct repo_task_ops status_ops = { status_run, status_done, status_free };

void
check_repo_start(struct check *c)
{
	struct reading *k = mem_zalloc(1, sizeof *k);
	const char *root = c->w->rel.root;

	c->priv = k;
	c->stop = stop;
	k->head = repo_task_start(c->w, root, &head_ops, c, mem_zalloc(1, sizeof(struct head)));
	k->survey = repo_task_start(c->w, root, &survey_ops, c, survey_new(c->w));
	k->status = repo_task_start(
	    c->w, root, &status_ops, c, mem_zalloc(1, sizeof(struct repo_status)));
}
