/* slipway upload: files to one index, each read back from its listing. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "findings_out.h"
#include "get_token.h"
#include "options.h"
#include "place.h"
#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/dist/reader.h"
#include "slipway/dist/filename.h"
#include "slipway/index/index.h"
#include "slipway/index/token.h"
#include "slipway/index/upload.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "slipway/os/http.h"
#include "slipway/os/loop.h"
#include "slipway/os/secret.h"
#include "slipway/os/worker.h"
#include "upload_view.h"

#define PARALLEL 4

/* One project among the files, in the order in which they were given. */
struct project {
	char *name;
	const struct strlist *token_env; /* of its own; NULL: it takes the token of the index */
	struct secret *token;
	char *user;
};

struct file {
	const char *path;
	char *name; /* safe */
	size_t project;
};

struct uploading {
	const struct options *o;
	struct loop *loop;
	struct http *http;
	struct worker *worker;
	struct place place;
	struct index_info index;
	struct file *files;
	struct project *projects;
	size_t file_count, project_count, at; /* AT: the project whose token is looked for */
	struct token_opts token_opts;
	struct get_token *getting;
	struct upload *upload;
	struct upload_view *view;
	const char **names;
	bool stopping;
	struct err end; /* how it ended */
};

static void
end(struct uploading *u, const struct err *e)
{
	if (e != NULL)
		u->end = *e;
	loop_stop(u->loop);
}

/* -- the upload -- */

static void
on_done(void *arg, const struct err *failure)
{
	struct uploading *u = arg;

	u->upload = NULL;
	end(u, failure);
}

static void
on_progress(void *arg, size_t file, const struct upload_progress *p)
{
	struct uploading *u = arg;

	upload_view_progress(u->view, file, p);
}

static bool
is_screen(const struct options *o)
{
	const char *term = env_get("TERM");

	return !o->json && !o->plain && isatty(STDOUT_FILENO) && term != NULL &&
	       strcmp(term, "dumb") != 0;
}

static void
make_view(struct uploading *u)
{
	struct upload_view_opts opts = { .index = &u->index,
		.count = u->file_count,
		.live = is_screen(u->o),
		.quiet = u->o->json,
		.colour = wants_colour(u->o) };

	u->names = mem_zalloc(u->file_count, sizeof u->names[0]);
	for (size_t i = 0; i < u->file_count; i++)
		u->names[i] = u->files[i].name;
	opts.names = u->names;
	u->view = upload_view_new(u->loop, &opts);
}

/* Which of several packages needs which is not known here. Where it is final they go one after
 * another, as they were given; elsewhere side by side. */
static void
start_upload(struct uploading *u)
{
	struct upload_file *files = mem_zalloc(u->file_count, sizeof *files);
	struct upload_opts opts = { .http = u->http,
		.worker = u->worker,
		.reader = READER_SELF,
		.index = &u->index,
		.files = files,
		.count = u->file_count,
		.parallel = u->index.is_production ? 1 : PARALLEL,
		.on_progress = on_progress,
		.on_done = on_done,
		.arg = u };
	struct err e = ERR_EMPTY;

	for (size_t i = 0; i < u->file_count; i++) {
		const struct project *p = &u->projects[u->files[i].project];

		files[i] = (struct upload_file) { .path = u->files[i].path,
			.token = p->token,
			.user = p->user,
			.group = u->index.is_production ? (unsigned)u->files[i].project : 0 };
	}
	if (upload_start(u->loop, &opts, &u->upload, &e) != ERR_OK)
		end(u, &e);
	free(files);
}

/* -- tokens -- */

static void next_token(struct uploading *u);

static void
on_token(void *arg, struct secret *token, const char *user, const struct err *failure)
{
	struct uploading *u = arg;
	const struct project *from = &u->projects[u->at];

	u->getting = NULL;
	if (failure != NULL) {
		end(u, failure);
		return;
	}
	/* That of the index serves every project that names none of its own. */
	for (size_t i = u->at; i < u->project_count; i++) {
		struct project *p = &u->projects[i];

		if (p == from ||
		    (p->token == NULL && from->token_env == NULL && p->token_env == NULL)) {
			p->token = secret_copy(token);
			mem_set(&p->user, user);
		}
	}
	secret_free(token);
	next_token(u);
}

static void
next_token(struct uploading *u)
{
	while (u->at < u->project_count && u->projects[u->at].token != NULL)
		u->at++;
	if (u->at == u->project_count) {
		start_upload(u);
		return;
	}
	u->token_opts = (struct token_opts) { .index = &u->index,
		.package_env = u->projects[u->at].token_env,
		.root = u->place.root };
	u->getting = get_token_start(u->loop, &u->token_opts,
	    !u->o->json && isatty(STDIN_FILENO) && isatty(STDERR_FILENO), on_token, u);
}

/* The first time the files under way are let to end; the second time they are cut. */
static void
on_signal(void *arg, int signo)
{
	struct uploading *u = arg;
	struct err e = ERR_EMPTY;

	if (u->getting != NULL) {
		get_token_cancel(u->getting);
	} else if (u->upload != NULL && !u->stopping && signo == SIGINT) {
		upload_stop(u->upload, UPLOAD_STOP_SOFT);
	} else {
		if (u->upload != NULL)
			upload_stop(u->upload, UPLOAD_STOP_NOW);
		u->upload = NULL;
		err_set(&e, ERR_CANCELLED, "stopped while files were under way");
		err_hint(&e, "the same command goes on: what the index has is not sent again");
		end(u, &e);
	}
	u->stopping = true;
}

/* -- the files -- */

static size_t
project_of(struct uploading *u, const char *name)
{
	const struct config_package *table = config_find_package(&u->place.config, name);
	size_t i;

	for (i = 0; i < u->project_count; i++)
		if (index_same_name(u->projects[i].name, name))
			return i;
	u->projects[i] = (struct project) { .name = mem_strdup(name),
		.token_env = table != NULL && table->token_env.is_set ? &table->token_env.items
								      : NULL };
	return u->project_count++;
}

/* All that is wrong with the files is told before the first one is sent. */
static int
look_at_files(struct uploading *u)
{
	const struct strlist *args = &u->o->args;
	int status = EXIT_DONE;

	u->files = mem_zalloc(args->count, sizeof u->files[0]);
	u->projects = mem_zalloc(args->count, sizeof u->projects[0]);
	for (size_t i = 0; i < args->count; i++) {
		struct dist_name name = DIST_NAME_EMPTY;
		struct err e = ERR_EMPTY;

		if (!fs_is_file(args->items[i]))
			err_set(&e, ERR_NOT_FOUND, "%s is not there, or no file", args->items[i]);
		else
			dist_name_parse(args->items[i], &name, &e);
		if (e.code != ERR_OK) {
			report_error(&e, true);
			status = EXIT_NOT_SEEN;
		} else {
			u->files[u->file_count++] = (struct file) { .path = args->items[i],
				.name = safe_text(fs_base(args->items[i])),
				.project = project_of(u, name.name) };
		}
		dist_name_fini(&name);
	}
	return status;
}

static enum err_code
prepare(struct uploading *u, struct err *e)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	enum err_code rc;

	if (u->o->args.count == 0)
		return err_set(e, ERR_USAGE, "slipway upload needs at least one wheel or sdist");
	rc = place_find(u->o, &u->place, e);
	if (rc == ERR_OK)
		rc = place_index(&u->place, u->o, &u->index, e);
	if (rc == ERR_OK)
		rc = loop_new(&u->loop, e);
	if (rc == ERR_OK)
		rc = http_new(u->loop, &u->http, e);
	if (rc == ERR_OK)
		rc = worker_new(u->loop, &u->worker, e);
	for (size_t i = 0; i < ARRAY_LEN(signals) && rc == ERR_OK; i++)
		rc = loop_signal(u->loop, signals[i], on_signal, u, e);
	return rc;
}

static void
print_json(const struct uploading *u)
{
	struct json *j = json_object_new(), *index = json_set_object(j, "index");
	struct str text = STR_EMPTY;

	json_set_text(index, "name", u->index.name);
	json_set_text(index, "upload", u->index.upload_url);
	json_set_text(index, "simple", u->index.simple_url);
	upload_view_json(u->view, json_set_array(j, "files"));
	json_set_null(j, "error");
	if (u->end.code != ERR_OK)
		failure_json(&u->end, json_set_object(j, "error"));
	json_write(j, JSON_STYLE_INDENT, &text);
	printf("%s\n", str_text(&text));
	str_fini(&text);
	json_free(j);
}

/* The pages for people, where there are some. */
static void
print_pages(const struct uploading *u)
{
	for (size_t i = 0; i < u->file_count; i++) {
		struct dist_name name = DIST_NAME_EMPTY;
		char *page = NULL;
		bool first = true;

		for (size_t k = 0; k < i; k++)
			first &= u->files[k].project != u->files[i].project;
		if (first && dist_name_parse(u->files[i].path, &name, NULL) == ERR_OK)
			page = index_info_page(&u->index, name.name, name.version);
		if (page != NULL)
			printf("%s\n", page);
		free(page);
		dist_name_fini(&name);
	}
}

static int
run(struct uploading *u)
{
	make_view(u);
	next_token(u);
	loop_run(u->loop);
	upload_view_end(u->view);
	if (u->o->json)
		print_json(u);
	else if (u->end.code == ERR_OK)
		print_pages(u);
	fflush(stdout);
	return u->end.code == ERR_OK ? EXIT_DONE : report_error(&u->end, false);
}

static void
uploading_fini(struct uploading *u)
{
	upload_view_free(u->view);
	worker_free(u->worker);
	http_free(u->http);
	loop_free(u->loop);
	for (size_t i = 0; i < u->file_count; i++)
		free(u->files[i].name);
	for (size_t i = 0; i < u->project_count; i++) {
		free(u->projects[i].name);
		free(u->projects[i].user);
		secret_free(u->projects[i].token);
	}
	free(u->files);
	free(u->projects);
	free(u->names);
	index_info_fini(&u->index);
	place_fini(&u->place);
}

int
cmd_upload(const struct options *o)
{
	struct uploading u = { .o = o };
	struct err e = ERR_EMPTY;
	int status;

	if (prepare(&u, &e) != ERR_OK) {
		status = report_error(&e, false);
	} else {
		status = look_at_files(&u);
		if (status == EXIT_DONE)
			status = run(&u);
	}
	uploading_fini(&u);
	return status;
}
