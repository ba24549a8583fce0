/* A trial of what an index serves: downloaded, compared, installed and tried. */
#include "trial.h"

#include <stdlib.h>
#include <string.h>

#include "fetch.h"
#include "jobs.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "slipway/os/http.h"
#include "smoke.h"

struct trial {
	struct step_run *s;
	enum index_role role;
	char *dir;
	uint64_t deadline_ms;
	struct fetch *fetch;
	struct jobs *jobs;
	struct strlist env;
	bool pending, dead;
	trial_fn fn;
	void *arg;
};

static void
trial_fini(struct trial *t)
{
	fs_remove_tree(t->dir, NULL);
	strlist_fini(&t->env);
	free(t->dir);
	free(t);
}

void
trial_free(struct trial *t)
{
	if (t == NULL)
		return;
	fetch_free(t->fetch);
	jobs_free(t->jobs);
	t->fetch = NULL;
	t->jobs = NULL;
	t->dead = true;
	if (!t->pending)
		trial_fini(t);
}

static void
end(struct trial *t, const struct err *e)
{
	trial_fn fn = t->fn;
	void *arg = t->arg;
	struct err copy = ERR_EMPTY;

	if (e != NULL)
		copy = *e;
	trial_fini(t);
	fn(arg, copy.code != ERR_OK ? &copy : NULL);
}

/* -- what is to be installed -- */

static void
on_jobs(void *arg, const struct jobs_end *e)
{
	struct trial *t = arg;

	t->jobs = NULL;
	end(t, e->all_ok ? NULL : &e->err);
}

static void
start_jobs(struct trial *t)
{
	struct wizard *w = t->s->w;
	struct release *r = &w->rel;
	struct strlist projects = STRLIST_EMPTY, requires = STRLIST_EMPTY, lines = STRLIST_EMPTY;
	struct strlist ours = STRLIST_EMPTY;
	struct smoke_opts opts = { .python = r->python,
		.dir = t->dir,
		.simple = r->index[INDEX_PRODUCTION].simple_url,
		.projects = &projects,
		.requires = &requires,
		.lines = &lines,
		.hide = &w->token_names };
	struct job_spec *specs;
	size_t count;
	struct err e = ERR_EMPTY;
	bool live = t->role == INDEX_PRODUCTION;

	for (size_t i = 0; i < r->package_count; i++)
		if (r->packages[i].selected) {
			strlist_addf(
			    &projects, "%s==%s", r->packages[i].normal, r->packages[i].version_new);
			strlist_add(&ours, r->packages[i].normal);
			strlist_copy(&lines, settings_smoke(w, &r->packages[i]));
		}
	for (size_t i = 0; i < r->file_count && e.code == ERR_OK; i++)
		if (r->files[i].is_wheel)
			smoke_add_requires(
			    w->reader, r->files[i].path, &ours, &requires, &e);
	if (e.code != ERR_OK) {
		end(t, &e);
	} else {
		if (live)
			smoke_live_specs(&opts, &t->env, &specs, &count);
		else
			smoke_specs(&opts, &t->env, &specs, &count);
		jobs_start(t->s, live ? &r->installs : &r->smokes,
		    live ? &r->install_count : &r->smoke_count, specs, count, 1, on_jobs, t,
		    &t->jobs);
		smoke_specs_free(specs, count);
	}
	strlist_fini(&projects);
	strlist_fini(&requires);
	strlist_fini(&lines);
	strlist_fini(&ours);
}

/* -- the download -- */

static void
on_listed(void *arg, size_t file)
{
	struct trial *t = arg;

	t->s->w->rel.files[file].transfer[t->role].listed = true;
	step_changed(t->s);
}

static void
on_fetched(void *arg, const struct err *e)
{
	struct trial *t = arg;

	t->fetch = NULL;
	if (e != NULL)
		end(t, e);
	else
		start_jobs(t);
}

static void
begin(void *arg)
{
	struct trial *t = arg;
	struct wizard *w;
	struct fetch_file *files;
	struct fetch_opts opts;
	struct err e = ERR_EMPTY;
	char *into;

	t->pending = false;
	if (t->dead) {
		trial_fini(t);
		return;
	}
	w = t->s->w;
	if (smoke_prepare(t->dir, &e) != ERR_OK ||
	    (w->http == NULL && http_new(w->loop, &w->http, &e) != ERR_OK)) {
		end(t, &e);
		return;
	}
	files = mem_zalloc(w->rel.file_count, sizeof *files);
	for (size_t i = 0; i < w->rel.file_count; i++)
		files[i] = (struct fetch_file) {
			.project = w->rel.packages[w->rel.files[i].package].normal,
			.name = w->rel.files[i].name,
			.sha256 = w->rel.files[i].sha256,
			.size = w->rel.files[i].size
		};
	into = fs_join(t->dir, "files");
	opts = (struct fetch_opts) { .loop = w->loop,
		.http = w->http,
		.index = &w->index_info[t->role],
		.files = files,
		.count = w->rel.file_count,
		.dir = into,
		.deadline_ms = t->deadline_ms };
	t->fetch = fetch_start(&opts, on_listed, on_fetched, t);
	free(into);
	free(files);
}

static char *
trial_dir(const struct wizard *w, enum index_role role)
{
	char *cache = env_cache_dir(),
	     *dir = mem_printf("%s/%s-%s", cache, w->rel.id, role == INDEX_TEST ? "smoke" : "live");

	free(cache);
	return dir;
}

void
trial_remove_leftovers(const struct wizard *w)
{
	for (size_t role = 0; role < INDEX_ROLE_COUNT; role++) {
		char *dir = trial_dir(w, (enum index_role)role);

		fs_remove_tree(dir, NULL);
		free(dir);
	}
}

struct trial *
trial_start(struct step_run *s, enum index_role role, uint64_t deadline_ms, trial_fn fn, void *arg)
{
	struct trial *t = mem_zalloc(1, sizeof *t);

	/* Beside the worktree, not below .git: interpreters and pip behave there as they do for
	 * users. */
	*t = (struct trial) { .s = s,
		.role = role,
		.dir = trial_dir(s->w, role),
		.deadline_ms = deadline_ms,
		.pending = true,
		.fn = fn,
		.arg = arg };
	loop_defer(s->w->loop, begin, t);
	return t;
}
