/* The effect that cannot be undone: one file to one index. Asking the index is how it is probed. */
#include <stdlib.h>
#include <string.h>

#include "effect.h"
#include "slipway/base/mem.h"
#include "slipway/index/query.h"
#include "slipway/index/upload.h"
#include "slipway/os/clock.h"
#include "slipway/os/http.h"

struct call {
	struct index_query *query;
	struct upload *upload;
};

static struct release_file *
file_of(const struct effect_call *c)
{
	return &c->w->rel.files[c->fx->item];
}

static struct transfer *
transfer_of(const struct effect_call *c)
{
	return &file_of(c)->transfer[c->fx->role];
}

static void
describe(const struct wizard *w, const struct effect *fx, struct str *does, struct str *undo)
{
	const struct release_file *f = &w->rel.files[fx->item];
	char size[32];

	str_printf(does, "upload %s (%s", f->name, size_text(f->size, size, sizeof size));
	if (f->sha256[0] != '\0')
		str_printf(does, ", sha256 %.8s", f->sha256);
	str_printf(does, ") to %s", w->rel.index[fx->role].title);
	str_puts(undo, "cannot be undone: the file name is used up there for good");
}

static void
describe_later(const struct wizard *w, const struct effect *fx, struct str *does, struct str *undo)
{
	str_printf(does, "upload wheel and sdist of %s to %s", w->rel.packages[fx->item].name,
	    w->rel.index[fx->role].title);
	str_puts(undo, "cannot be undone: the file names are used up there for good");
}

static enum err_code
services(struct wizard *w, struct err *e)
{
	return w->http != NULL ? ERR_OK : http_new(w->loop, &w->http, e);
}

/* -- probe -- */

static void
seen(struct effect_call *c)
{
	struct transfer *t = transfer_of(c);

	t->listed = true;
	c->fx->unsure_at = 0;
	if (t->state != TRANSFER_DONE)
		t->state = TRANSFER_THERE;
	if (c->fx->role == INDEX_PRODUCTION)
		c->w->rel.accepted = true;
}

static void
on_listing(void *arg, const struct index_listing *l, const struct err *failure)
{
	struct effect_call *c = arg;
	struct release_file *f = file_of(c);
	const struct index_file *there;
	struct err e = ERR_EMPTY;

	((struct call *)c->priv)->query = NULL;
	if (failure != NULL) {
		effect_probed(c, WORLD_UNKNOWN, failure);
		return;
	}
	there = index_listing_find(l, f->name);
	if (there == NULL) {
		effect_probed(c, WORLD_ABSENT, NULL);
	} else if (there->sha256 != NULL && f->sha256[0] != '\0' &&
		   strcmp(there->sha256, f->sha256) == 0) {
		seen(c);
		effect_probed(c, WORLD_DONE, NULL);
	} else {
		err_set(&e, ERR_CONFLICT,
		    "%s has a file %s already, and with other bytes than the reviewed ones",
		    c->w->rel.index[c->fx->role].title, f->name);
		err_hint(&e, "a file name can be used once: release another version");
		effect_probed(c, WORLD_OTHER, &e);
	}
}

static void
probe(struct effect_call *c)
{
	struct wizard *w = c->w;
	struct call *priv = c->priv = mem_zalloc(1, sizeof *priv);
	struct err e = ERR_EMPTY;

	if (services(w, &e) != ERR_OK || index_list(w->http, &w->index_info[c->fx->role],
					     w->rel.packages[file_of(c)->package].normal,
					     on_listing, c, &priv->query, &e) != ERR_OK)
		effect_probed(c, WORLD_UNKNOWN, &e);
}

/* -- apply -- */

static const enum transfer_state states[] = {
	[UPLOAD_WAITING] = TRANSFER_WAITING,
	[UPLOAD_HASHING] = TRANSFER_HASHING,
	[UPLOAD_ASKING] = TRANSFER_ASKING,
	[UPLOAD_SENDING] = TRANSFER_SENDING,
	[UPLOAD_READING_BACK] = TRANSFER_READING_BACK,
	[UPLOAD_PAUSING] = TRANSFER_PAUSING,
	[UPLOAD_DONE] = TRANSFER_DONE,
	[UPLOAD_ALREADY_THERE] = TRANSFER_THERE,
	[UPLOAD_FAILED] = TRANSFER_FAILED,
};
_Static_assert(ARRAY_LEN(states) == UPLOAD_STATE_COUNT, "one row per state");

static void
on_progress(void *arg, size_t file, const struct upload_progress *p)
{
	struct effect_call *c = arg;
	struct transfer *t = transfer_of(c);

	(void)file;
	t->state = states[p->state];
	t->sent = p->sent;
	t->rate = p->rate;
	t->pause_ms = p->pause_ms;
	t->tries = (int)p->attempt;
	mem_set(&t->message, p->failure != NULL ? p->failure->message : p->note);
	mem_set(&t->hint, p->failure != NULL ? p->failure->hint : NULL);
	t->listed = p->state == UPLOAD_DONE || p->state == UPLOAD_ALREADY_THERE;
	/* Unsure counts: nothing may be undone once the index could have a file. */
	if (c->fx->role == INDEX_PRODUCTION && p->presence != UPLOAD_ABSENT)
		c->w->rel.accepted = true;
	c->fx->unsure_at = p->presence == UPLOAD_UNSURE ? clock_now() : 0;
	c->w->front->changed(c->w->front_arg, c->fx->step);
}

static void
on_uploaded(void *arg, const struct err *failure)
{
	struct effect_call *c = arg;

	((struct call *)c->priv)->upload = NULL;
	if (failure == NULL)
		seen(c);
	effect_ended(c, failure);
}

static void
apply(struct effect_call *c)
{
	struct wizard *w = c->w;
	struct release_file *f = file_of(c);
	const struct token_slot *slot = &w->token_slots[c->fx->role][f->package];
	const struct upload_file file = {
		.path = f->path, .sha256 = f->sha256, .token = slot->token, .user = slot->user
	};
	struct call *priv = c->priv = mem_zalloc(1, sizeof *priv);
	struct upload_opts opts = {
		.http = w->http,
		.worker = w->worker,
		.reader = w->reader,
		.index = &w->index_info[c->fx->role],
		.files = &file,
		.count = 1,
		.on_progress = on_progress,
		.on_done = on_uploaded,
		.arg = c,
	};
	struct err e = ERR_EMPTY;

	if (upload_start(w->loop, &opts, &priv->upload, &e) != ERR_OK)
		effect_ended(c, &e);
}

static void
soon(struct effect_call *c)
{
	struct call *priv = c->priv;

	if (priv != NULL && priv->upload != NULL)
		upload_stop(priv->upload, UPLOAD_STOP_SOFT);
}

static void
stop(struct effect_call *c)
{
	struct call *priv = c->priv;

	if (priv == NULL)
		return;
	if (priv->query != NULL)
		index_list_cancel(priv->query);
	if (priv->upload != NULL)
		upload_stop(priv->upload, UPLOAD_STOP_NOW);
	free(priv);
}

const struct effect_ops effect_upload = {
	.name = "upload",
	.reversible = false,
	.describe = describe,
	.probe = probe,
	.apply = apply,
	.soon = soon,
	.stop = stop,
};

const struct effect_ops effect_upload_later = {
	.name = "upload",
	.reversible = false,
	.describe = describe_later,
};
