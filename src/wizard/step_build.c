/* Build: every package from the release commit's worktree, side by side, a log each. */
#include <stdlib.h>
#include <string.h>

#include "effect.h"
#include "files.h"
#include "jobs.h"
#include "plan.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "worktree.h"

struct build {
	struct jobs *jobs;
	struct worktree *ensuring;
};

static void
on_built(void *arg, const struct jobs_end *end)
{
	struct step_run *s = arg;
	struct build *b = s->priv;
	struct err e = ERR_EMPTY;

	b->jobs = NULL;
	if (!end->all_ok) {
		step_fail(s, &end->err, ASK_CHECKS_FAILED, NULL, 0);
		return;
	}
	if (files_collect(s->w, &e) != ERR_OK) {
		step_fail(s, &e, ASK_CHECKS_FAILED, NULL, 0);
		return;
	}
	plan_make(s->w);
	step_done(s, "%zu files of %zu %s", s->w->rel.file_count, release_selected(&s->w->rel),
	    release_selected(&s->w->rel) == 1 ? "package" : "packages");
}

/* An empty folder of its own for each package: what is found there afterwards is what this build
 * made. */
static enum err_code
fresh_outdir(struct wizard *w, size_t package, char **out, struct err *e)
{
	char *dir = files_outdir(w, package);
	enum err_code rc = fs_remove_tree(dir, e);

	if (rc == ERR_OK)
		rc = fs_mkdirs(dir, 0700, e);
	if (rc == ERR_OK)
		*out = dir;
	else
		free(dir);
	return rc;
}

/* A tool that makes the version from the tag is told it, for the tag comes after the build. */
static void
build_env(const struct wizard *w, const struct release_package *p, struct strlist *out)
{
	const char *rest = p->version_env;

	env_child(&w->token_names, out);
	while (*rest != '\0') {
		size_t len = strcspn(rest, " ");
		char *name = mem_strndup(rest, len);

		env_put(out, name, p->version_new);
		free(name);
		rest += len;
		rest += strspn(rest, " ");
	}
}

static void
start_builds(struct step_run *s)
{
	struct wizard *w = s->w;
	struct build *b = s->priv;
	struct release *r = &w->rel;
	struct job_spec *specs = mem_zalloc(r->package_count, sizeof *specs);
	struct strlist *envs = mem_zalloc(r->package_count, sizeof *envs);
	struct err e = ERR_EMPTY;
	size_t n = 0;

	release_clear_files(r);
	effects_drop(w, STEP_REHEARSE);
	plan_make(w);
	for (size_t i = 0; i < r->package_count && e.code == ERR_OK; i++) {
		char *outdir;

		if (!r->packages[i].selected || fresh_outdir(w, i, &outdir, &e) != ERR_OK)
			continue;
		specs[n].title = r->packages[i].name;
		settings_build(w, outdir, &specs[n].argv);
		specs[n].cwd = fs_join(r->worktree, r->packages[i].dir);
		if (r->packages[i].version_env != NULL) {
			build_env(w, &r->packages[i], &envs[i]);
			specs[n].env = &envs[i];
		}
		n++;
		free(outdir);
	}
	if (e.code != ERR_OK)
		step_fail(s, &e, ASK_CHECKS_FAILED, NULL, 0);
	else
		jobs_start(s, &r->builds, &r->build_count, specs, n, 0, on_built, s, &b->jobs);
	for (size_t i = 0; i < n; i++) {
		strlist_fini(&specs[i].argv);
		free(specs[i].cwd);
	}
	free(specs);
	for (size_t i = 0; i < r->package_count; i++)
		strlist_fini(&envs[i]);
	free(envs);
}

static void
on_worktree(void *arg, const struct err *e)
{
	struct step_run *s = arg;

	((struct build *)s->priv)->ensuring = NULL;
	if (e != NULL)
		step_fail(s, e, ASK_CHECKS_FAILED, NULL, 0);
	else
		start_builds(s);
}

static void
build_enter(struct step_run *s)
{
	struct build *b = s->priv;

	b->ensuring = worktree_ensure(s->w, on_worktree, s);
}

static void
build_leave(struct step_run *s)
{
	struct build *b = s->priv;

	worktree_forget(b->ensuring);
	jobs_free(b->jobs);
}

static struct json *
build_save(const struct wizard *w)
{
	struct json *j = json_array_new();

	for (size_t i = 0; i < w->rel.file_count; i++) {
		struct json *file = json_add_object(j);

		json_set_text(file, "name", w->rel.files[i].name);
		json_set_text(file, "package", w->rel.packages[w->rel.files[i].package].normal);
		json_set_bool(file, "wheel", w->rel.files[i].is_wheel);
	}
	return j;
}

/* Names come from the journal, so that giving up knows of files that are not there any more; to go
 * on they must be. */
static enum err_code
build_load(struct wizard *w, const struct json *data, struct err *e)
{
	struct release *r = &w->rel;
	enum err_code rc = ERR_OK;
	size_t cap = 0;

	release_clear_files(r);
	for (size_t i = 0; i < json_count(data) && rc == ERR_OK; i++) {
		const struct json *file = json_at(data, i);
		const char *name = json_text(file, "name"), *owner = json_text(file, "package");
		size_t package = 0;

		while (owner != NULL && package < r->package_count &&
		       strcmp(r->packages[package].normal, owner) != 0)
			package++;
		if (name == NULL || owner == NULL || package == r->package_count ||
		    strchr(name, '/') != NULL) {
			rc = err_set(e, ERR_INVALID, "the record of the build is not whole");
			break;
		}
		files_add(w, &cap, package, name, json_bool(file, "wheel", false));
		if (w->mode == WIZARD_RESUME && !fs_is_file(r->files[i].path)) {
			rc = err_set(e, ERR_NOT_FOUND, "%s, which the build made, is gone",
			    r->files[i].path);
			err_hint(e, "slipway abort, then release again");
		}
	}
	return rc;
}

const struct step_ops step_build = {
	.id = STEP_BUILD,
	.priv_size = sizeof(struct build),
	.enter = build_enter,
	.leave = build_leave,
	.save = build_save,
	.load = build_load,
};
