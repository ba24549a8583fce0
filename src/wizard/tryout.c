/* Interpreter, listing, download, commands: one after another. */
#include "slipway/wizard/tryout.h"

#include <stdlib.h>
#include <string.h>

#include "fetch.h"
#include "find_python.h"
#include "jobs.h"
#include "slipway/base/mem.h"
#include "slipway/index/query.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "smoke.h"

#define FILES_MAX 64

struct tryout {
	struct tryout_opts opts;
	char *project, *version; /* normal forms */
	char *python, *dir;
	struct strlist lines, hide, files, env;
	struct find_python *finding;
	struct index_query *query;
	struct fetch *fetch;
	struct jobs *running;
	struct job **jobs;
	size_t job_count;
};

static void
end(struct tryout *t, const struct err *e)
{
	if (t->dir != NULL)
		fs_remove_tree(t->dir, NULL);
	t->opts.done(t->opts.arg, e);
}

/* -- the commands -- */

static void
on_jobs(void *arg, const struct jobs_end *e)
{
	struct tryout *t = arg;

	t->running = NULL;
	end(t, e->all_ok ? NULL : &e->err);
}

static void
on_changed(void *arg)
{
	struct tryout *t = arg;

	if (t->opts.changed != NULL)
		t->opts.changed(t->opts.arg);
}

/* Logs stay, for a look at what failed; the next trial of the same version writes them anew. */
static char *
logs_path(const struct tryout *t)
{
	char *cache = env_cache_dir();
	char *path = mem_printf("%s/smoke/%s-%s/", cache, t->project, t->version);

	free(cache);
	return path;
}

static void
start_jobs(struct tryout *t)
{
	struct strlist projects = STRLIST_EMPTY, requires = STRLIST_EMPTY, ours = STRLIST_EMPTY;
	const struct smoke_opts smoke = { .python = t->python,
		.dir = t->dir,
		.simple = t->opts.production->simple_url,
		.projects = &projects,
		.requires = &requires,
		.lines = &t->lines,
		.hide = &t->hide };
	struct jobs_alone alone = { .loop = t->opts.loop, .changed = on_changed, .changed_arg = t };
	char *logs = logs_path(t);
	struct job_spec *specs;
	struct err e = ERR_EMPTY;
	size_t count;

	alone.logs = logs;
	strlist_add(&ours, t->project);
	strlist_addf(&projects, "%s==%s", t->project, t->version);
	for (size_t i = 0; i < t->files.count && e.code == ERR_OK; i++) {
		char *path = mem_printf("%s/files/%s", t->dir, t->files.items[i]);

		smoke_add_requires(t->opts.reader, path, &ours, &requires, &e);
		free(path);
	}
	if (e.code == ERR_OK) {
		smoke_specs(&smoke, &t->env, &specs, &count);
		jobs_start_alone(&alone, &(struct jobs_model) { &t->jobs, &t->job_count }, specs,
		    count, on_jobs, t, &t->running);
		smoke_specs_free(specs, count);
	}
	strlist_fini(&projects);
	strlist_fini(&requires);
	strlist_fini(&ours);
	free(logs);
	if (e.code != ERR_OK)
		end(t, &e);
}

/* -- the files -- */

static void
on_fetched(void *arg, const struct err *e)
{
	struct tryout *t = arg;

	t->fetch = NULL;
	if (e != NULL)
		end(t, e);
	else
		start_jobs(t);
}

static bool
is_wanted(const struct tryout *t, const struct index_file *f, bool pure)
{
	char *version;
	bool same;

	if (f->version == NULL || !text_ends(f->name, ".whl") || strchr(f->name, '/') != NULL ||
	    (pure && !text_ends(f->name, "-none-any.whl")))
		return false;
	version = version_normal(f->version);
	same = version != NULL && strcmp(version, t->version) == 0;
	free(version);
	return same;
}

/* A wheel that fits everywhere is enough; else pip has to choose among all of them. */
static void
choose_files(struct tryout *t, const struct index_listing *l)
{
	for (int any = 0; any < 2 && t->files.count == 0; any++)
		for (size_t i = 0; i < l->count && t->files.count < FILES_MAX; i++)
			if (is_wanted(t, &l->files[i], any == 0))
				strlist_add(&t->files, l->files[i].name);
}

static void
start_fetch(struct tryout *t, const struct index_listing *l)
{
	struct fetch_file *files = mem_zalloc(t->files.count, sizeof *files);
	char *into = fs_join(t->dir, "files");
	const struct fetch_opts opts = { .loop = t->opts.loop,
		.http = t->opts.http,
		.index = t->opts.index,
		.files = files,
		.count = t->files.count,
		.dir = into };

	for (size_t i = 0; i < t->files.count; i++)
		files[i] = (struct fetch_file) { .project = t->project,
			.name = t->files.items[i],
			.sha256 = index_listing_find(l, t->files.items[i])->sha256,
			.size = index_listing_find(l, t->files.items[i])->size };
	t->fetch = fetch_start(&opts, NULL, on_fetched, t);
	free(into);
	free(files);
}

static void
on_listing(void *arg, const struct index_listing *l, const struct err *failure)
{
	struct tryout *t = arg;
	struct err e = ERR_EMPTY;

	t->query = NULL;
	if (failure != NULL) {
		end(t, failure);
		return;
	}
	choose_files(t, l);
	if (t->files.count == 0) {
		err_set(&e, ERR_NOT_FOUND, "%s lists no wheel of %s %s", t->opts.index->title,
		    t->project, t->version);
		if (l->versions.count > 0)
			err_hint(&e, "it lists %zu files of %s; only wheels are tried", l->count,
			    t->project);
	}
	if (e.code == ERR_OK && fs_temp_dir("slipway-smoke-", &t->dir, &e) == ERR_OK)
		smoke_prepare(t->dir, &e);
	if (e.code != ERR_OK)
		end(t, &e);
	else
		start_fetch(t, l);
}

static void
on_python(
    void *arg, const char *path, const char *facts, const char *passed, const struct err *failure)
{
	struct tryout *t = arg;
	struct err e = ERR_EMPTY;

	(void)facts;
	(void)passed;
	t->finding = NULL;
	if (failure != NULL) {
		end(t, failure);
		return;
	}
	t->python = mem_strdup(path);
	if (index_list(t->opts.http, t->opts.index, t->project, on_listing, t, &t->query, &e) !=
	    ERR_OK)
		end(t, &e);
}

struct tryout *
tryout_start(const struct tryout_opts *opts)
{
	struct tryout *t = mem_zalloc(1, sizeof *t);
	struct find_python_opts find = {
		.loop = opts->loop, .configured = opts->python, .root = opts->root
	};

	t->opts = *opts;
	t->project = index_normal_name(opts->project);
	t->version = version_normal(opts->version);
	if (t->version == NULL)
		t->version = mem_strdup(opts->version);
	strlist_copy(&t->lines, opts->lines);
	if (opts->hide != NULL)
		strlist_copy(&t->hide, opts->hide);
	find.hide = &t->hide;
	t->finding = find_python_start(&find, on_python, t);
	return t;
}

void
tryout_cancel(struct tryout *t)
{
	struct err e = ERR_EMPTY;

	if (t->running != NULL) {
		jobs_cancel(t->running);
		return;
	}
	find_python_stop(t->finding);
	if (t->query != NULL)
		index_list_cancel(t->query);
	fetch_free(t->fetch);
	t->finding = NULL;
	t->query = NULL;
	t->fetch = NULL;
	err_set(&e, ERR_CANCELLED, "cancelled");
	end(t, &e);
}

void
tryout_free(struct tryout *t)
{
	if (t == NULL)
		return;
	find_python_stop(t->finding);
	if (t->query != NULL)
		index_list_cancel(t->query);
	fetch_free(t->fetch);
	jobs_free(t->running);
	jobs_clear(&t->jobs, &t->job_count);
	if (t->dir != NULL)
		fs_remove_tree(t->dir, NULL);
	strlist_fini(&t->lines);
	strlist_fini(&t->hide);
	strlist_fini(&t->files);
	strlist_fini(&t->env);
	free(t->project);
	free(t->version);
	free(t->python);
	free(t->dir);
	free(t);
}

struct job *const *
tryout_jobs(const struct tryout *t, size_t *count)
{
	*count = t->job_count;
	return t->jobs;
}

const struct strlist *
tryout_files(const struct tryout *t)
{
	return &t->files;
}

const char *
tryout_python(const struct tryout *t)
{
	return t->python;
}
