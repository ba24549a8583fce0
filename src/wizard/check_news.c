/* Whether towncrier is there for the packages that keep news fragments. Others have no line. */
#include <stdlib.h>

#include "fragments.h"
#include "git_task.h"
#include "preflight.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/os/env.h"
#include "slipway/project/towncrier.h"

struct looking {
	char *root;
	struct strlist dirs, found;
	bool bare, shared;
	char *program; /* NULL: not on PATH */
};

static void
looking_run(void *arg, struct repo *repo, struct err *e)
{
	struct looking *k = arg;
	struct strlist programs = STRLIST_EMPTY;

	(void)repo;
	(void)e;
	for (size_t i = 0; i < k->dirs.count; i++) {
		struct towncrier t = TOWNCRIER_EMPTY;

		if (!towncrier_find(k->root, k->dirs.items[i], k->shared, k->bare, &t))
			continue;
		if (!strlist_has(&k->found, t.news))
			strlist_add(&k->found, t.news);
		towncrier_fini(&t);
	}
	env_which_all("towncrier", &programs);
	if (programs.count > 0)
		k->program = mem_strdup(programs.items[0]);
	strlist_fini(&programs);
}

static void
looking_free(void *arg)
{
	struct looking *k = arg;

	strlist_fini(&k->dirs);
	strlist_fini(&k->found);
	free(k->root);
	free(k->program);
	free(k);
}

static void
looking_done(void *owner, void *arg, const struct err *e)
{
	struct check *c = owner;
	struct looking *k = arg;
	struct str files = STR_EMPTY;

	c->priv = NULL;
	c->stop = NULL;
	strlist_join(&k->found, ", ", &files);
	if (e != NULL)
		check_fail(c, SIGN_UNCHECKED, e);
	else if (k->found.count == 0)
		preflight_nothing_to_say(c);
	else if (k->program == NULL)
		check_endf(c, SIGN_BAD, FRAGMENTS_INSTALL,
		    "%s is made of news fragments by towncrier, which is not on PATH",
		    str_text(&files));
	else
		check_endf(c, SIGN_OK, NULL, "%s makes %s", k->program, str_text(&files));
	str_fini(&files);
}

static const struct repo_task_ops ops = { looking_run, looking_done, looking_free };

static void
stop(struct check *c)
{
	repo_task_stop(c->priv);
	c->priv = NULL;
}

void
check_news_start(struct check *c)
{
	const struct release *r = &c->w->rel;
	struct looking *k;

	if (!settings_notes(c->w) || c->w->no_notes) {
		preflight_nothing_to_say(c);
		return;
	}
	k = mem_zalloc(1, sizeof *k);
	k->root = mem_strdup(r->root);
	k->bare = true;
	k->shared = r->lockstep || r->package_count == 1;
	for (size_t i = 0; i < r->package_count; i++) {
		k->bare = k->bare && settings_changelog(c->w, r->packages[i].name) == NULL;
		if (r->packages[i].selected)
			strlist_add(&k->dirs, r->packages[i].dir);
	}
	c->stop = stop;
	c->priv = repo_task_start(c->w, r->root, &ops, c, k);
}
