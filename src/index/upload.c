/* Files in sequence: groups in order, some at once within a group, nothing new after a failure. */
#include "slipway/index/upload.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/str.h"
#include "slipway/os/loop.h"
#include "transfer.h"

#define PARALLEL_MAX 16

struct upload {
	struct transfer_env env;
	struct loop *loop;
	struct slot {
		struct transfer *transfer;
		unsigned group;
		bool is_wheel, was_started;
	} * slots; /* in the order in which they start */
	size_t count, running;
	unsigned parallel;
	upload_progress_fn on_progress;
	upload_done_fn on_done;
	void *arg;
	struct err failure;	     /* of the first that failed */
	struct loop_timer *stepping; /* a step is due */
	unsigned reporting;	     /* on_progress is on the stack, so often */
	bool is_dead;		     /* to be freed by the step */
};

const char *
upload_state_name(enum upload_state s)
{
	static const char *const names[] = {
		[UPLOAD_WAITING] = "waiting",
		[UPLOAD_HASHING] = "hashing",
		[UPLOAD_ASKING] = "asking the index",
		[UPLOAD_SENDING] = "sending",
		[UPLOAD_READING_BACK] = "reading back",
		[UPLOAD_PAUSING] = "pausing",
		[UPLOAD_DONE] = "uploaded",
		[UPLOAD_ALREADY_THERE] = "already there",
		[UPLOAD_FAILED] = "failed",
	};

	_Static_assert(ARRAY_LEN(names) == UPLOAD_STATE_COUNT, "one name a state");
	return names[s];
}

static void
upload_free(struct upload *u)
{
	for (size_t i = 0; i < u->count; i++)
		transfer_free(u->slots[i].transfer);
	free(u->slots);
	listing_cache_free(u->env.cache);
	index_info_fini(&u->env.index);
	free(u);
}

/* The next file that may start: all of the lower groups must be over. */
static struct slot *
next_slot(struct upload *u)
{
	unsigned open_group = 0;
	bool has_open = false;

	for (size_t i = 0; i < u->count; i++) {
		struct slot *s = &u->slots[i];

		if (transfer_is_over(s->transfer))
			continue;
		if (has_open && s->group != open_group)
			return NULL;
		has_open = true;
		open_group = s->group;
		if (!s->was_started)
			return s;
	}
	return NULL;
}

static void
step(void *arg)
{
	struct upload *u = arg;
	struct slot *s;

	u->stepping = NULL;
	if (u->is_dead) {
		upload_free(u);
		return;
	}
	while (u->running < u->parallel && u->failure.code == ERR_OK && !u->env.is_stopping &&
	       (s = next_slot(u)) != NULL) {
		s->was_started = true;
		u->running++;
		transfer_start(s->transfer);
	}
	if (u->running > 0)
		return;
	if (u->env.is_stopping && u->failure.code == ERR_OK && next_slot(u) != NULL)
		err_set(&u->failure, ERR_CANCELLED, "stopped before all files were sent");
	loop_busy_end(u->loop);
	u->on_done(u->arg, u->failure.code != ERR_OK ? &u->failure : NULL);
	upload_free(u);
}

static void
step_soon(struct upload *u)
{
	if (u->stepping == NULL)
		u->stepping = loop_after(u->loop, 0, step, u);
}

static void
on_change(void *arg, struct transfer *t)
{
	struct upload *u = arg;

	if (u->on_progress == NULL || u->is_dead)
		return;
	u->reporting++;
	u->on_progress(u->arg, transfer_place(t), transfer_progress(t));
	u->reporting--;
}

static void
on_end(void *arg, struct transfer *t)
{
	struct upload *u = arg;
	const struct upload_progress *p = transfer_progress(t);

	u->running--;
	if (p->state == UPLOAD_FAILED && u->failure.code == ERR_OK)
		u->failure = *p->failure;
	step_soon(u);
}

static uint64_t
or_default(uint64_t value, uint64_t fallback)
{
	return value != 0 ? value : fallback;
}

static enum err_code
check(const struct upload_opts *o, struct err *e)
{
	const struct upload_file *f = o->files;

	for (size_t i = 0; i < o->count; i++) {
		if (f[i].token == NULL) {
			err_set(e, ERR_USAGE, "no token to upload %s with", f[i].path);
			return ERR_USAGE;
		}
		for (size_t k = 0; k < i; k++) {
			const char *a = strrchr(f[i].path, '/'), *b = strrchr(f[k].path, '/');

			if (strcmp(a != NULL ? a + 1 : f[i].path, b != NULL ? b + 1 : f[k].path) ==
			    0)
				return err_set(e, ERR_USAGE, "two files have one name: %s and %s",
				    f[k].path, f[i].path);
		}
	}
	return ERR_OK;
}

static int
by_order(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;
	size_t px = transfer_place(x->transfer), py = transfer_place(y->transfer);

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->is_wheel != y->is_wheel)
		return x->is_wheel ? -1 : 1;
	return px < py ? -1 : px > py;
}

enum err_code
upload_start(struct loop *l, const struct upload_opts *opts, struct upload **out, struct err *e)
{
	enum err_code rc = check(opts, e);
	struct upload *u;

	if (rc != ERR_OK)
		return rc;
	u = mem_zalloc(1, sizeof *u);
	u->loop = l;
	u->env = (struct transfer_env) {
		.loop = l,
		.http = opts->http,
		.worker = opts->worker,
		.reader = opts->reader,
		.pauses = {
			.first = or_default(opts->pauses.first, 2000),
			.longest = or_default(opts->pauses.longest, 60000),
			.asked = or_default(opts->pauses.asked, 600000),
			.reading = or_default(opts->pauses.reading, 250),
			.deadline = or_default(opts->pauses.deadline, 600000),
			.stall = or_default(opts->pauses.stall, 120000),
		},
		.max_tries = opts->max_tries != 0 ? opts->max_tries : 5,
		.cache = listing_cache_new(),
		.on_change = on_change,
		.on_end = on_end,
		.arg = u,
	};
	index_info_copy(&u->env.index, opts->index);
	u->parallel = opts->parallel == 0	      ? 1
		      : opts->parallel < PARALLEL_MAX ? opts->parallel
						      : PARALLEL_MAX;
	u->on_progress = opts->on_progress;
	u->on_done = opts->on_done;
	u->arg = opts->arg;
	u->count = opts->count;
	u->slots = mem_zalloc(opts->count + 1, sizeof *u->slots);
	for (size_t i = 0; i < opts->count; i++)
		u->slots[i] = (struct slot) {
			.transfer = transfer_new(&u->env, &opts->files[i], i),
			.group = opts->files[i].group,
			.is_wheel = text_ends(opts->files[i].path, ".whl"),
		};
	qsort(u->slots, u->count, sizeof *u->slots, by_order);
	loop_busy_begin(l);
	step_soon(u);
	*out = u;
	return ERR_OK;
}

void
upload_stop(struct upload *u, enum upload_stop how)
{
	if (u == NULL)
		return;
	u->env.is_stopping = true;
	if (how == UPLOAD_STOP_SOFT) {
		for (size_t i = 0; i < u->count; i++)
			transfer_stop(u->slots[i].transfer);
		step_soon(u);
		return;
	}
	loop_busy_end(u->loop);
	if (u->reporting > 0) {
		for (size_t i = 0; i < u->count; i++)
			transfer_quiet(u->slots[i].transfer);
		u->is_dead = true;
		step_soon(u);
		return;
	}
	loop_cancel(u->loop, u->stepping);
	upload_free(u);
}
