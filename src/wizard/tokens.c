/* Tokens: found where the design says, else asked for, hidden; kept in locked memory until the
 * release ends. */
#include <stdlib.h>
#include <string.h>

#include "indexes.h"
#include "rehearsal.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/index/known.h"
#include "slipway/index/token.h"
#include "slipway/os/clock.h"
#include "slipway/os/secret.h"

struct tokens {
	struct step_run *s;
	enum index_role role;
	enum question_id id;
	size_t at; /* package being looked at */
	enum token_keyring keyring;
	bool from_keyring;	   /* the package looked at has its token there */
	struct secret *in_keyring; /* once loaded; the same for every package */
	char *title;
	bool pending, dead; /* a call of index/token.h is to come; nobody waits any more */
	tokens_fn fn;
	void *arg;
};

static void next(struct tokens *t);

static struct token_slot *
slot(struct wizard *w, enum index_role role, size_t package)
{
	if (w->token_slots[role] == NULL)
		w->token_slots[role] = mem_zalloc(
		    w->rel.package_count, sizeof w->token_slots[role][0]);
	w->token_slot_count[role] = w->rel.package_count;
	return &w->token_slots[role][package];
}

static void
really_free(struct tokens *t)
{
	secret_free(t->in_keyring);
	free(t->title);
	free(t);
}

void
tokens_free(struct tokens *t)
{
	if (t == NULL)
		return;
	t->dead = true;
	if (!t->pending)
		really_free(t);
}

static void
end(struct tokens *t, const struct err *e)
{
	struct wizard *w = t->s->w;
	tokens_fn fn = t->fn;
	void *arg = t->arg;

	if (e == NULL)
		w->rel.index[t->role].token_loaded = true;
	really_free(t);
	fn(arg, e);
}

static void
ask(struct tokens *t)
{
	struct wizard *w = t->s->w;
	struct question q = {
		.id = t->id,
		.step = t->s->ops->id,
		.kind = QUESTION_SECRET,
		.text = "Nothing is shown while you type or paste; Ctrl-U clears.",
		.flag = "a token in the environment, such as PYPI_API_TOKEN, or in .env",
	};

	free(t->title);
	t->title = mem_printf("Token for %s%s", w->rel.index[t->role].title,
	    index_known_by_url(w->rel.index[t->role].upload_url, NULL) ? " (starts with pypi-)"
								       : "");
	q.title = t->title;
	step_ask(t->s, &q);
}

static void
on_loaded(void *arg, struct secret *token, const struct err *failure)
{
	struct tokens *t = arg;
	struct wizard *w;
	struct token_slot *into;
	struct err e = ERR_EMPTY;

	t->pending = false;
	if (t->dead) {
		secret_free(token);
		really_free(t);
		return;
	}
	w = t->s->w;
	if (failure != NULL) {
		end(t, failure);
		return;
	}
	if (token_check(token, &w->index_info[t->role], clock_now(), &e) != ERR_OK) {
		secret_free(token);
		err_wrap(&e, "the token found in %s", w->rel.index[t->role].token_source);
		end(t, &e);
		return;
	}
	into = slot(w, t->role, t->at);
	secret_free(into->token);
	into->token = token;
	if (t->from_keyring && t->in_keyring == NULL)
		t->in_keyring = secret_copy(token);
	t->at++;
	next(t);
}

static void
on_found(void *arg, const struct token_source *source, const struct err *failure)
{
	struct tokens *t = arg;
	struct wizard *w;

	(void)failure; /* the preflight showed it; another source may serve */
	t->pending = false;
	if (t->dead) {
		really_free(t);
		return;
	}
	w = t->s->w;
	t->keyring = token_keyring_known(t->keyring, source);
	t->from_keyring = source->kind == TOKEN_KEYRING;
	if (source->kind == TOKEN_NONE) {
		ask(t);
		return;
	}
	mem_set(&w->rel.index[t->role].token_source, source->text);
	mem_set(&slot(w, t->role, t->at)->user, source->user);
	if (t->from_keyring && t->in_keyring != NULL) {
		slot(w, t->role, t->at++)->token = secret_copy(t->in_keyring);
		next(t);
		return;
	}
	t->pending = true;
	token_load(w->loop, source, &w->index_info[t->role], on_loaded, t);
}

static void
next(struct tokens *t)
{
	struct wizard *w = t->s->w;
	struct token_opts opts = {
		.index = &w->index_info[t->role], .root = w->rel.root, .keyring = t->keyring
	};
	const struct secret *known = rehearsal_token(w, opts.index);

	for (size_t i = 0; known != NULL && i < w->rel.package_count; i++)
		if (slot(w, t->role, i)->token == NULL)
			slot(w, t->role, i)->token = secret_copy(known);
	while (t->at < w->rel.package_count &&
	       (!w->rel.packages[t->at].selected || slot(w, t->role, t->at)->token != NULL))
		t->at++;
	if (t->at == w->rel.package_count) {
		end(t, NULL);
		return;
	}
	if (w->ask_token[t->role]) {
		ask(t);
		return;
	}
	opts.package_env = settings_token_env(w, t->role, &w->rel.packages[t->at]);
	t->pending = true;
	token_find(w->loop, &opts, on_found, t);
}

static void
begin(void *arg)
{
	struct tokens *t = arg;

	t->pending = false;
	if (t->dead)
		really_free(t);
	else
		next(t);
}

struct tokens *
tokens_get(struct step_run *s, enum index_role role, enum question_id id, tokens_fn fn, void *arg)
{
	struct tokens *t = mem_zalloc(1, sizeof *t);

	*t = (struct tokens) {
		.s = s, .role = role, .id = id, .fn = fn, .arg = arg, .pending = true
	};
	loop_defer(s->w->loop, begin, t);
	return t;
}

void
tokens_answer(struct tokens *t, const struct answer *a)
{
	struct wizard *w = t->s->w;
	struct secret *token = a->secret;
	struct err e = ERR_EMPTY;

	if (token == NULL) {
		step_refuse(t->s, "a token is needed here");
		return;
	}
	secret_trim(token);
	if (token_check(token, &w->index_info[t->role], clock_now(), &e) != ERR_OK) {
		secret_free(token);
		step_refuse(t->s, "%s%s%s", e.message, e.hint[0] != '\0' ? ": " : "", e.hint);
		return;
	}
	/* One typed token serves every package that has none of its own. */
	for (size_t i = t->at; i < w->rel.package_count; i++)
		if (w->rel.packages[i].selected && slot(w, t->role, i)->token == NULL)
			slot(w, t->role, i)->token = secret_copy(token);
	secret_free(token);
	mem_set(&w->rel.index[t->role].token_source, "typed in");
	w->ask_token[t->role] = false;
	next(t);
}

static void
wipe(struct wizard *w, enum index_role role)
{
	for (size_t i = 0; i < w->token_slot_count[role]; i++) {
		secret_free(w->token_slots[role][i].token);
		free(w->token_slots[role][i].user);
	}
	free(w->token_slots[role]);
	w->token_slots[role] = NULL;
	w->token_slot_count[role] = 0;
	w->rel.index[role].token_loaded = false;
}

void
tokens_forget(struct wizard *w, enum index_role role)
{
	wipe(w, role);
	w->ask_token[role] = true;
}

void
tokens_wipe(struct wizard *w)
{
	for (size_t role = 0; role < INDEX_ROLE_COUNT; role++)
		wipe(w, (enum index_role)role);
}
