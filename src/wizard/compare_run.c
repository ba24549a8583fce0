/* One comparison from beginning to end: the file and git on the worker, the index on the loop, the
 * released file on the worker again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compare_parts.h"
#include "fetch.h"
#include "slipway/base/digest.h"
#include "slipway/base/mem.h"
#include "slipway/dist/filename.h"
#include "slipway/dist/metadata.h"
#include "slipway/dist/reading.h"
#include "slipway/index/index.h"
#include "slipway/index/query.h"
#include "slipway/os/fs.h"
#include "slipway/os/worker.h"

#define RELEASED_MAX ((uint64_t)256 * 1024 * 1024)
#define CACHE_MAX ((uint64_t)512 * 1024 * 1024)

/* The run may be forgotten while a job of the worker has its parts: then the job frees them. */
struct compare_run {
	struct loop *loop;
	struct worker *worker;
	struct http *http;
	char *path, *dir, *rev, *under, *against, *no_index;
	struct index_info index;
	bool has_index;
	struct compare_asked *asked; /* NULL: it is asked in any case */
	struct compared *c;
	struct dist_name name;
	char *project; /* its normal name; "" when the file name says none */
	struct err err;		/* of the file itself */
	char *before;		/* the released file, once it is known */
	char *sha256, *folder;	/* its hash, and where it is being written; NULL: no download */
	bool cached;		/* the download is there already */
	struct worker_job *job;
	struct index_query *query;
	struct fetch *fetch;
	compare_fn fn;
	void *arg;
};

static void look_at_index(struct compare_run *r);

void
compared_free(struct compared *c)
{
	if (c == NULL || c->shared-- > 0)
		return;
	for (int i = 0; i < COMPARE_BASE_COUNT; i++)
		comparison_fini(&c->with[i]);
	compare_table_fini(&c->table);
	compare_table_fini(&c->before);
	findings_fini(&c->findings);
	str_fini(&c->git_names);
	free(c->git_files);
	free(c->path);
	free(c->root);
	free(c->commit);
	free(c->before_path);
	free(c);
}

struct compared *
compared_share(struct compared *c)
{
	c->shared++;
	return c;
}

struct compared *
compared_none(const char *path, const char *why)
{
	struct compared *c = mem_zalloc(1, sizeof *c);

	c->path = mem_strdup(path);
	for (int i = 0; i < COMPARE_BASE_COUNT; i++)
		comparison_not_done(&c->with[i], (enum compare_base)i, "%s", why);
	findings_close(&c->findings);
	return c;
}

static void
run_free(struct compare_run *r)
{
	char *texts[] = { r->path, r->dir, r->rev, r->under, r->against, r->no_index, r->before,
		r->sha256, r->folder, r->project };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		free(texts[i]);
	index_info_fini(&r->index);
	dist_name_fini(&r->name);
	compared_free(r->c);
	free(r);
}

/* -- the end -- */

/* An acknowledgement is bound to the content that it is about. */
static void
add_hashes(struct compared *c)
{
	for (size_t i = 0; i < c->findings.count; i++) {
		struct finding *f = &c->findings.items[i];
		char hex[DIGEST_HEX_SIZE];

		if (f->index >= c->table.count || !c->table.files[f->index].hashed)
			continue;
		digest_to_hex(
		    c->table.files[f->index].sha256, sizeof c->table.files[0].sha256, hex);
		mem_set(&f->sha256, hex);
	}
}

static void
finish(void *arg)
{
	struct compare_run *r = arg;
	struct compared *c = r->c;
	const struct err e = r->err;
	compare_fn fn = r->fn;
	void *fn_arg = r->arg;

	for (int i = 0; i < COMPARE_BASE_COUNT; i++)
		if (!comparison_is_done(&c->with[i]) && c->with[i].why_not == NULL)
			comparison_not_done(&c->with[i], (enum compare_base)i, "%s",
			    e.code != ERR_OK ? e.message : "it was not looked for");
	compare_findings(
	    &c->table, &c->with[COMPARE_GIT], &c->with[COMPARE_RELEASE], &c->findings);
	findings_close(&c->findings);
	findings_sort(&c->findings);
	add_hashes(c);
	r->c = NULL;
	run_free(r);
	fn(fn_arg, c, e.code != ERR_OK ? &e : NULL);
}

static void PRINTF_LIKE(2, 3)
no_release(struct compare_run *r, const char *fmt, ...)
{
	struct str text = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_vprintf(&text, fmt, args);
	va_end(args);
	comparison_not_done(&r->c->with[COMPARE_RELEASE], COMPARE_RELEASE, "%s", str_text(&text));
	str_fini(&text);
	finish(r);
}

/* -- on the worker -- */

/* A file name that is malformed, as older backends write it, does not say whose file it is. */
static void
name_by_metadata(struct compare_run *r)
{
	const struct str *text = &r->c->table.kept[COMPARE_KEPT_METADATA];
	struct metadata m = METADATA_EMPTY;

	if (r->name.name != NULL || text->len == 0)
		return;
	metadata_parse(text->data, text->len, &m);
	r->name.kind = r->c->table.kind;
	r->name.name = mem_strdup(metadata_get(&m, METADATA_NAME));
	r->name.version = mem_strdup(metadata_get(&m, METADATA_VERSION));
	metadata_fini(&m);
	if (r->name.name != NULL) {
		free(r->project);
		r->project = dist_normalise(r->name.name, '-');
	}
}

static void
look_run(void *arg, const atomic_bool *cancelled)
{
	struct compare_run *r = arg;
	struct compare_place_opts place = {
		.dir = r->dir, .rev = r->rev, .under = r->under, .cancelled = cancelled
	};

	if (r->c->table.files == NULL)
		compare_read(r->c->reader, r->path, cancelled, &place.reading, &r->c->table,
		    &r->err);
	if (r->err.code == ERR_OK) {
		name_by_metadata(r);
		place.project = r->project;
		place.version = r->name.version;
		compare_with_git(r->c, &place, &r->err);
	}
	reading_close(place.reading);
	if (r->err.code == ERR_OK && r->before != NULL)
		compare_with_file(r->c, r->before, cancelled, &r->err);
}

static void
look_done(void *arg, bool cancelled)
{
	struct compare_run *r = arg;

	r->job = NULL;
	if (cancelled)
		run_free(r);
	else if (r->err.code != ERR_OK || r->before != NULL)
		finish(r);
	else
		look_at_index(r);
}

static void
before_run(void *arg, const atomic_bool *cancelled)
{
	struct compare_run *r = arg;

	r->cached = compare_cache_has(r->before, r->sha256, cancelled);
	if (r->cached)
		compare_with_file(r->c, r->before, cancelled, &r->err);
}

static void start_fetch(struct compare_run *r);

static void
before_done(void *arg, bool cancelled)
{
	struct compare_run *r = arg;

	r->job = NULL;
	if (cancelled)
		run_free(r);
	else if (r->cached)
		finish(r);
	else if (r->folder == NULL)
		start_fetch(r);
	else
		no_release(r, "%s was not kept in the cache", r->before);
}

/* -- on the loop -- */

static void
on_fetched(void *arg, const struct err *e)
{
	struct compare_run *r = arg;
	char *to = compare_cache_path(r->sha256, NULL);

	r->fetch = NULL;
	/* A folder that is there already is of another Slipway, or damaged: it is not the file that
	 * was asked for, or before_run() would have found it. */
	if (e == NULL && rename(r->folder, to) != 0) {
		fs_remove_tree(to, NULL);
		if (rename(r->folder, to) != 0)
			fs_remove_tree(r->folder, NULL);
	}
	free(to);
	if (e != NULL) {
		fs_remove_tree(r->folder, NULL);
		no_release(r, "%s", e->message);
		return;
	}
	compare_cache_prune(CACHE_MAX, r->sha256);
	r->job = worker_submit(r->worker, before_run, before_done, r);
}

static void
start_fetch(struct compare_run *r)
{
	char part[128];
	struct fetch_file file = { .project = r->project,
		.name = fs_base(r->before),
		.sha256 = r->sha256,
		.size = RELEASED_MAX };
	struct fetch_opts opts = { .loop = r->loop,
		.http = r->http,
		.index = &r->index,
		.files = &file,
		.count = 1 };

	/* Other instances fetch too; what is whole gets its place by one rename. */
	snprintf(part, sizeof part, "%.64s.part-%ld", r->sha256, (long)getpid());
	r->folder = compare_cache_path(part, NULL);
	opts.dir = r->folder;
	r->fetch = fetch_start(&opts, NULL, on_fetched, r);
}

static void
take_listing(struct compare_run *r, const struct index_listing *l, const struct err *failure)
{
	const struct index_file *file;
	struct err e = ERR_EMPTY;

	if (failure != NULL) {
		no_release(r, "%s", failure->message);
		return;
	}
	if (l->state != INDEX_FOUND) {
		no_release(r, "%s has no %s yet", r->index.title, r->project);
		return;
	}
	file = compare_choose(l, &r->name, r->against, &e);
	if (file == NULL)
		no_release(r, "%s: %s", r->index.title, e.message);
	else if (file->sha256 == NULL)
		no_release(r, "%s does not say the sha256 of %s", r->index.title, file->name);
	else if (file->size > RELEASED_MAX)
		no_release(r, "%s is larger than %llu MiB", file->name,
		    (unsigned long long)(RELEASED_MAX >> 20));
	else if (strchr(file->name, '/') != NULL)
		no_release(r, "%s lists a file with a name that is none", r->index.title);
	else {
		r->sha256 = mem_strdup(file->sha256);
		r->before = compare_cache_path(file->sha256, file->name);
		r->job = worker_submit(r->worker, before_run, before_done, r);
	}
}

static void
on_listing(void *arg, const struct index_listing *l, const struct err *failure)
{
	struct compare_run *r = arg;

	r->query = NULL;
	compare_asked_put(r->asked, r->project, l, failure);
	take_listing(r, l, failure);
}

static void
look_at_index(struct compare_run *r)
{
	const struct index_listing *listing;
	const struct err *failure;
	struct err e = ERR_EMPTY;

	if (r->against != NULL && strcmp(r->against, "none") == 0) {
		no_release(r, "not asked for (--against none)");
	} else if (!r->has_index || r->http == NULL) {
		no_release(r, "%s",
		    r->no_index != NULL ? r->no_index : "no index was asked for a release");
	} else if (r->name.name == NULL || r->name.version == NULL) {
		no_release(r, "neither file name nor metadata say which project and version it is");
	} else if (compare_asked_get(r->asked, r->project, &listing, &failure)) {
		take_listing(r, listing, failure);
	} else if (index_list(r->http, &r->index, r->project, on_listing, r, &r->query, &e) !=
		   ERR_OK) {
		no_release(r, "%s", e.message);
	}
}

struct compare_run *
compare_start(const struct compare_opts *o, compare_fn fn, void *arg)
{
	struct compare_run *r = mem_zalloc(1, sizeof *r);

	*r = (struct compare_run) { .loop = o->loop,
		.worker = o->worker,
		.http = o->http,
		.path = mem_strdup(o->path),
		.dir = mem_strdup(o->dir),
		.rev = mem_strdup(o->rev),
		.under = mem_strdup(o->under),
		.against = mem_strdup(o->against),
		.no_index = mem_strdup(o->no_index),
		.asked = o->asked,
		.c = mem_zalloc(1, sizeof *r->c),
		.fn = fn,
		.arg = arg };
	r->c->path = mem_strdup(o->path);
	r->c->reader = o->reader;
	if (o->table != NULL) {
		r->c->table = *o->table;
		*o->table = (struct compare_table)COMPARE_TABLE_EMPTY;
	}
	if (o->index != NULL) {
		index_info_copy(&r->index, o->index);
		r->has_index = true;
	}
	dist_name_parse(o->path, &r->name, NULL);
	r->project = r->name.name != NULL ? dist_normalise(r->name.name, '-') : mem_strdup("");
	/* A version may be called like a file of the folder; a file has an ending. */
	if (r->against != NULL &&
	    (text_ends(r->against, ".whl") || text_ends(r->against, ".tar.gz")))
		r->before = mem_strdup(r->against);
	r->job = worker_submit(r->worker, look_run, look_done, r);
	return r;
}

void
compare_cancel(struct compare_run *r)
{
	if (r == NULL)
		return;
	if (r->query != NULL)
		index_list_cancel(r->query);
	fetch_free(r->fetch);
	if (r->folder != NULL)
		fs_remove_tree(r->folder, NULL);
	if (r->job != NULL)
		worker_cancel(r->worker, r->job);
	else
		run_free(r);
}
