/* Downloads from an index and compares sha256: the only proof of what an index serves. */
#include "fetch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "slipway/base/digest.h"
#include "slipway/base/mem.h"
#include "slipway/index/index.h"
#include "slipway/index/query.h"
#include "slipway/os/fs.h"
#include "slipway/os/http.h"

#define PAUSE_FIRST_MS 500
#define PAUSE_MAX_MS 30000

struct item {
	char *project, *name, *sha256, *path;
	uint64_t max;
};

struct fetch {
	struct fetch_opts opts;
	char *dir;
	struct item *items;
	size_t at;
	uint64_t began_ms, pause_ms;
	struct index_query *query;
	struct http_request *request;
	struct loop_timer *timer;
	int fd;
	struct digest digest;
	uint64_t taken; /* bytes of the file under way */
	struct err write_err;
	bool beginning, dead;
	fetch_listed_fn listed;
	fetch_fn fn;
	void *arg;
};

static void ask(struct fetch *f);
static void wait_on(struct fetch *f, const struct err *why);

static void
really_free(struct fetch *f)
{
	for (size_t i = 0; i < f->opts.count; i++) {
		free(f->items[i].project);
		free(f->items[i].name);
		free(f->items[i].sha256);
		free(f->items[i].path);
	}
	free(f->items);
	free(f->dir);
	fd_close(&f->fd);
	digest_fini(&f->digest);
	free(f);
}

void
fetch_free(struct fetch *f)
{
	if (f == NULL)
		return;
	f->dead = true;
	if (f->query != NULL)
		index_list_cancel(f->query);
	if (f->request != NULL)
		http_cancel(f->request);
	loop_cancel(f->opts.loop, f->timer);
	if (!f->beginning)
		really_free(f);
}

static void
end(struct fetch *f, const struct err *e)
{
	fetch_fn fn = f->fn;
	void *arg = f->arg;
	struct err copy = ERR_EMPTY;

	if (e != NULL)
		copy = *e;
	really_free(f);
	fn(arg, copy.code != ERR_OK ? &copy : NULL);
}

/* -- the download -- */

static bool
on_bytes(void *arg, const char *data, size_t len)
{
	struct fetch *f = arg;

	f->taken += len;
	if (f->taken > f->items[f->at].max) {
		err_set(&f->write_err, ERR_CONFLICT, "it is longer than the reviewed file");
		return false;
	}
	digest_update(&f->digest, data, len);
	return fd_write_all(f->fd, data, len, &f->write_err) == ERR_OK;
}

static enum err_code
compare(struct fetch *f, struct err *e)
{
	struct item *item = &f->items[f->at];
	char hex[DIGEST_HEX_SIZE];

	digest_final_hex(&f->digest, hex);
	if (strcmp(hex, item->sha256) == 0)
		return ERR_OK;
	unlink(item->path);
	err_set(e, ERR_CONFLICT, "%s serves %s with sha256 %.16s…, not the reviewed %.16s…",
	    f->opts.index->title, item->name, hex, item->sha256);
	return err_hint(
	    e, "do not use this file; tell the index's administrators, and yank the version");
}

/* What may be another way in a moment: new files reach all servers of an index late. */
static bool
may_pass(const struct err *e, const struct http_answer *a)
{
	return e->code == ERR_NETWORK || e->code == ERR_TIMEOUT || a->status == 404 ||
	       a->status == 429 || a->status >= 500;
}

static void
on_answer(void *arg, const struct http_answer *a)
{
	struct fetch *f = arg;
	struct err e = ERR_EMPTY;

	f->request = NULL;
	fd_close(&f->fd);
	if (f->write_err.code != ERR_OK)
		e = f->write_err;
	else if (a->failure != NULL)
		e = *a->failure;
	else if (a->status != 200)
		err_set(&e, ERR_FAILED, "the index answers %d %s", a->status, a->reason);
	if (e.code != ERR_OK)
		err_wrap(
		    &e, "cannot download %s from %s", f->items[f->at].name, f->opts.index->title);
	else
		compare(f, &e);
	digest_fini(&f->digest);
	if (e.code != ERR_OK) {
		unlink(f->items[f->at].path);
		if (f->write_err.code == ERR_OK && may_pass(&e, a))
			wait_on(f, &e);
		else
			end(f, &e);
		return;
	}
	f->at++;
	f->pause_ms = PAUSE_FIRST_MS;
	ask(f);
}

static void
download(struct fetch *f, const char *url)
{
	struct item *item = &f->items[f->at];
	const struct http_opts opts = {
		.url = url, .follow = true, .sink = on_bytes, .on_done = on_answer, .arg = f
	};
	struct err e = ERR_EMPTY;

	f->fd = open(item->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (f->fd < 0) {
		err_sys(&e, ERR_IO, "cannot write %s", item->path);
		end(f, &e);
		return;
	}
	digest_init(&f->digest, DIGEST_SHA256);
	f->taken = 0;
	if (http_send(f->opts.http, &opts, &f->request, &e) != ERR_OK)
		end(f, &e);
}

/* -- the listing -- */

static void
on_pause_over(void *arg)
{
	struct fetch *f = arg;

	f->timer = NULL;
	ask(f);
}

/* Not listed yet: later, unless time is up. */
static void
wait_on(struct fetch *f, const struct err *why)
{
	uint64_t waited = loop_now_ms(f->opts.loop) - f->began_ms;

	if (waited >= f->opts.deadline_ms) {
		end(f, why);
		return;
	}
	f->timer = loop_after(f->opts.loop, f->pause_ms, on_pause_over, f);
	f->pause_ms = f->pause_ms * 2 < PAUSE_MAX_MS ? f->pause_ms * 2 : PAUSE_MAX_MS;
}

static void
on_listing(void *arg, const struct index_listing *l, const struct err *failure)
{
	struct fetch *f = arg;
	struct item *item = &f->items[f->at];
	const struct index_file *there = NULL;
	struct err e = ERR_EMPTY;

	f->query = NULL;
	if (failure != NULL) {
		wait_on(f, failure);
		return;
	}
	there = index_listing_find(l, item->name);
	if (there == NULL) {
		err_set(&e, ERR_NOT_FOUND, "%s does not list %s", f->opts.index->title, item->name);
		err_hint(&e, "indexes need a while to show new files: try again in some minutes");
		wait_on(f, &e);
		return;
	}
	if (there->sha256 == NULL) {
		err_set(&e, ERR_INVALID, "%s does not say the sha256 of %s", f->opts.index->title,
		    item->name);
		end(f, &e);
		return;
	}
	if (item->sha256 == NULL)
		item->sha256 = mem_strdup(there->sha256);
	if (strcmp(there->sha256, item->sha256) != 0) {
		err_set(&e, ERR_CONFLICT, "%s lists %s with another sha256 than the reviewed one",
		    f->opts.index->title, item->name);
		end(f, &e);
		return;
	}
	if (f->listed != NULL)
		f->listed(f->arg, f->at);
	download(f, there->url);
}

static void
ask(struct fetch *f)
{
	struct err e = ERR_EMPTY;

	if (f->at == f->opts.count)
		end(f, NULL);
	else if (index_list(f->opts.http, f->opts.index, f->items[f->at].project, on_listing, f,
		     &f->query, &e) != ERR_OK)
		end(f, &e);
}

static void
begin(void *arg)
{
	struct fetch *f = arg;
	struct err e = ERR_EMPTY;

	f->beginning = false;
	if (f->dead) {
		really_free(f);
		return;
	}
	f->began_ms = loop_now_ms(f->opts.loop);
	for (size_t i = 0; i < f->opts.count; i++)
		/* The name may come from the index: it must stay in the folder. */
		if (strchr(f->items[i].name, '/') != NULL || f->items[i].name[0] == '.' ||
		    f->items[i].name[0] == '\0') {
			err_set(&e, ERR_INVALID, "\"%s\" is no file name", f->items[i].name);
			end(f, &e);
			return;
		}
	if (fs_mkdirs(f->dir, 0700, &e) != ERR_OK)
		end(f, &e);
	else
		ask(f);
}

struct fetch *
fetch_start(const struct fetch_opts *opts, fetch_listed_fn listed, fetch_fn fn, void *arg)
{
	struct fetch *f = mem_zalloc(1, sizeof *f);

	*f = (struct fetch) { .opts = *opts,
		.dir = mem_strdup(opts->dir),
		.items = mem_zalloc(opts->count, sizeof f->items[0]),
		.pause_ms = PAUSE_FIRST_MS,
		.fd = -1,
		.beginning = true,
		.listed = listed,
		.fn = fn,
		.arg = arg };
	for (size_t i = 0; i < opts->count; i++)
		f->items[i] = (struct item) {
			.project = mem_strdup(opts->files[i].project),
			.name = mem_strdup(opts->files[i].name),
			.sha256 = mem_strdup(opts->files[i].sha256),
			.path = fs_join(opts->dir, opts->files[i].name),
			.max = opts->files[i].size > 0 ? opts->files[i].size : FETCH_MAX,
		};
	loop_defer(opts->loop, begin, f);
	return f;
}
