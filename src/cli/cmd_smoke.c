/* slipway smoke: one version as an index serves it, installed and tried. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "findings_out.h"
#include "options.h"
#include "place.h"
#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/dist/reader.h"
#include "slipway/index/index.h"
#include "slipway/os/http.h"
#include "slipway/os/logstore.h"
#include "slipway/os/loop.h"
#include "slipway/project/name.h"
#include "slipway/project/version.h"
#include "slipway/wizard/find_index.h"
#include "slipway/wizard/release.h"
#include "slipway/wizard/tryout.h"

#define TAIL_LINES 30

struct smoking {
	const struct options *o;
	struct loop *loop;
	struct http *http;
	struct place place;
	struct index_info index, production;
	char *project, *version;
	struct strlist hide;
	struct tryout *tryout;
	size_t told; /* jobs whose end was printed */
	bool cancelled;
	struct err end;
};

/* -- what is shown -- */

static void
print_log(const struct job *job, size_t from)
{
	struct logstore_line line;

	for (size_t i = from; i < logstore_count(job->log); i++) {
		logstore_line(job->log, i, &line);
		printf("    %s\n", line.text);
	}
}

static void
print_job(const struct smoking *k, const struct job *job)
{
	size_t lines = logstore_count(job->log);
	bool ok = job->sign == SIGN_OK;

	printf("%s: %s (%llu.%llu s)\n", job->title, ok ? "ok" : job->result,
	    (unsigned long long)job->elapsed_ms / 1000,
	    (unsigned long long)job->elapsed_ms / 100 % 10);
	if (k->o->verbose)
		print_log(job, 0);
	else if (!ok)
		print_log(job, lines > TAIL_LINES ? lines - TAIL_LINES : 0);
	fflush(stdout);
}

static void
on_changed(void *arg)
{
	struct smoking *k = arg;
	size_t count;
	struct job *const *jobs = tryout_jobs(k->tryout, &count);

	while (k->told < count &&
	       (jobs[k->told]->sign == SIGN_OK || jobs[k->told]->sign == SIGN_BAD)) {
		if (!k->o->json)
			print_job(k, jobs[k->told]);
		k->told++;
	}
}

static void
print_json(const struct smoking *k)
{
	struct json *j = json_object_new(), *list;
	const struct strlist *files = tryout_files(k->tryout);
	struct str text = STR_EMPTY;
	size_t count;
	struct job *const *jobs = tryout_jobs(k->tryout, &count);

	json_set_text(j, "project", k->project);
	json_set_text(j, "version", k->version);
	json_set_text(j, "index", k->index.name);
	json_set_text(j, "simple", k->index.simple_url);
	json_set_text(j, "dependencies-from", k->production.simple_url);
	json_set_text(j, "python", tryout_python(k->tryout));
	list = json_set_array(j, "files");
	for (size_t i = 0; i < files->count; i++)
		json_add_text(list, files->items[i]);
	list = json_set_array(j, "commands");
	for (size_t i = 0; i < count; i++) {
		struct json *object = json_add_object(list);

		json_set_text(object, "title", jobs[i]->title);
		json_set_text(object, "command", jobs[i]->command);
		json_set_text(object, "result", sign_word(jobs[i]->sign));
		json_set_int(object, "elapsed-ms", (int64_t)jobs[i]->elapsed_ms);
		json_set_text(object, "log", logstore_path(jobs[i]->log));
	}
	json_set_null(j, "error");
	if (k->end.code != ERR_OK)
		failure_json(&k->end, json_set_object(j, "error"));
	json_write(j, JSON_STYLE_INDENT, &text);
	printf("%s\n", str_text(&text));
	str_fini(&text);
	json_free(j);
}

/* -- the run -- */

static void
on_done(void *arg, const struct err *e)
{
	struct smoking *k = arg;

	on_changed(k);
	if (e != NULL)
		k->end = *e;
	if (k->cancelled)
		k->end.code = ERR_CANCELLED;
	loop_stop(k->loop);
}

static void
on_signal(void *arg, int signo)
{
	struct smoking *k = arg;

	(void)signo;
	if (k->cancelled)
		return;
	k->cancelled = true;
	tryout_cancel(k->tryout);
}

/* "NAME==VERSION" */
static enum err_code
parse_spec(struct smoking *k, struct err *e)
{
	const struct strlist *args = &k->o->args;
	const char *equals = args->count == 1 ? strstr(args->items[0], "==") : NULL;
	struct bytes name;

	if (equals == NULL)
		return err_set(e, ERR_USAGE, "usage: slipway smoke NAME==VERSION --index NAME|URL");
	name = (struct bytes) { args->items[0], (size_t)(equals - args->items[0]) };
	if (!name_is_valid(name))
		return err_set(
		    e, ERR_USAGE, "\"%.*s\" is no name of a package", (int)name.len, name.data);
	k->project = mem_strndup(name.data, name.len);
	k->version = version_normal(equals + 2);
	if (k->version == NULL)
		return err_set(e, ERR_USAGE, "\"%s\" is no version", equals + 2);
	return ERR_OK;
}

static void
hide_tokens(struct smoking *k)
{
	const struct config *c = &k->place.config;

	for (size_t i = 0; i < c->package_count; i++)
		strlist_copy(&k->hide, &c->packages[i].token_env.items);
	for (size_t i = 0; i < c->index_count; i++)
		strlist_copy(&k->hide, &c->indexes[i].token_env.items);
}

static enum err_code
prepare(struct smoking *k, struct err *e)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	const char *production;
	enum err_code rc = parse_spec(k, e);

	if (rc == ERR_OK)
		rc = place_find(k->o, &k->place, e);
	if (rc == ERR_OK)
		rc = place_index(&k->place, k->o, &k->index, e);
	if (rc == ERR_OK) {
		production = k->place.config.release.index;
		rc = find_index(
		    &k->place.config, production != NULL ? production : "pypi", &k->production, e);
	}
	if (rc == ERR_OK)
		rc = loop_new(&k->loop, e);
	if (rc == ERR_OK)
		rc = http_new(k->loop, &k->http, e);
	for (size_t i = 0; i < ARRAY_LEN(signals) && rc == ERR_OK; i++)
		rc = loop_signal(k->loop, signals[i], on_signal, k, e);
	return rc;
}

static int
run(struct smoking *k)
{
	static const struct strlist none = STRLIST_EMPTY;
	const struct config_package *table = config_find_package(&k->place.config, k->project);
	const struct tryout_opts opts = { .loop = k->loop,
		.http = k->http,
		.reader = READER_SELF,
		.project = k->project,
		.version = k->version,
		.index = &k->index,
		.production = &k->production,
		.python = k->place.config.release.python,
		.root = k->place.root,
		.lines = table != NULL ? &table->smoke.items : &none,
		.hide = &k->hide,
		.changed = on_changed,
		.done = on_done,
		.arg = k };
	size_t count;

	hide_tokens(k);
	k->tryout = tryout_start(&opts);
	loop_run(k->loop);
	if (k->o->json)
		print_json(k);
	else if (k->end.code == ERR_OK)
		printf(
		    "%s %s from %s: installed and tried\n", k->project, k->version, k->index.title);
	fflush(stdout);
	tryout_jobs(k->tryout, &count);
	/* Before anything was installed nothing was tried: it could not be looked at. */
	return k->end.code == ERR_OK ? EXIT_DONE : report_error(&k->end, count == 0);
}

int
cmd_smoke(const struct options *o)
{
	struct smoking k = { .o = o };
	struct err e = ERR_EMPTY;
	int status = prepare(&k, &e) != ERR_OK ? report_error(&e, false) : run(&k);

	tryout_free(k.tryout);
	http_free(k.http);
	loop_free(k.loop);
	index_info_fini(&k.index);
	index_info_fini(&k.production);
	place_fini(&k.place);
	strlist_fini(&k.hide);
	free(k.project);
	free(k.version);
	return status;
}
