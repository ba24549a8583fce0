/* Looks for a token, and asks when there is none. */
#include "get_token.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "echo.h"
#include "slipway/base/mem.h"
#include "slipway/index/token.h"
#include "slipway/os/clock.h"
#include "slipway/os/loop.h"
#include "slipway/os/secret.h"

struct get_token {
	struct loop *loop;
	struct token_opts opts;
	bool may_ask, cancelled;
	char *user;
	struct echo echo;
	struct loop_watch *watch; /* while the prompt is open */
	struct secret *line;
	get_token_fn fn;
	void *arg;
};

static void
end(struct get_token *g, struct secret *token, const struct err *failure)
{
	g->fn(g->arg, token, g->user, failure);
	free(g->user);
	free(g);
}

static void
end_cancelled(struct get_token *g)
{
	struct err e = ERR_EMPTY;

	err_set(&e, ERR_CANCELLED, "cancelled before anything was sent");
	end(g, NULL, &e);
}

/* -- the prompt -- */

static void
close_prompt(struct get_token *g)
{
	if (echo_on(&g->echo))
		fputc('\n', stderr);
	loop_unwatch(g->loop, g->watch);
	g->watch = NULL;
}

static void
print_prompt(const struct get_token *g)
{
	fprintf(stderr, "Token for %s (nothing is shown): ", g->opts.index->title);
	fflush(stderr);
}

static void
take_line(struct get_token *g)
{
	struct secret *token = g->line;
	struct err e = ERR_EMPTY;

	secret_trim(token);
	if (token_check(token, g->opts.index, clock_now(), &e) != ERR_OK) {
		fprintf(stderr, "\n  %s\n", e.message);
		secret_clear(token);
		print_prompt(g);
		return;
	}
	g->line = NULL;
	close_prompt(g);
	end(g, token, NULL);
}

static void
on_input(void *arg, short revents)
{
	struct get_token *g = arg;
	ssize_t got;
	char c;

	(void)revents;
	while ((got = read(STDIN_FILENO, &c, 1)) == 1) {
		if (c == '\n') {
			take_line(g);
			return;
		}
		if (!secret_append(g->line, &c, 1))
			secret_clear(g->line);
		if (poll(&(struct pollfd) { .fd = STDIN_FILENO, .events = POLLIN }, 1, 0) <= 0)
			return;
	}
	if (got == 0 || (errno != EINTR && errno != EAGAIN))
		get_token_cancel(g);
}

static void
ask(struct get_token *g)
{
	struct str names = STR_EMPTY;
	struct err e = ERR_EMPTY;

	if (g->may_ask) {
		g->line = secret_new();
		echo_off(&g->echo);
		print_prompt(g);
		g->watch = loop_watch(g->loop, STDIN_FILENO, POLLIN, on_input, g);
		return;
	}
	strlist_join(&g->opts.index->token_env, ", ", &names);
	err_set(&e, ERR_USAGE, "no token for %s was found, and nobody can be asked",
	    g->opts.index->title);
	err_hint(&e, "put it into one of %s, into .env or into .pypirc", str_text(&names));
	str_fini(&names);
	end(g, NULL, &e);
}

/* -- the search -- */

static void
on_loaded(void *arg, struct secret *token, const struct err *failure)
{
	struct get_token *g = arg;
	struct err e = ERR_EMPTY;

	if (g->cancelled) {
		secret_free(token);
		end_cancelled(g);
	} else if (failure != NULL) {
		end(g, NULL, failure);
	} else if ((g->user == NULL || strcmp(g->user, "__token__") == 0) &&
		   token_check(token, g->opts.index, clock_now(), &e) != ERR_OK) {
		secret_free(token);
		end(g, NULL, &e);
	} else {
		end(g, token, NULL);
	}
}

static void
on_found(void *arg, const struct token_source *source, const struct err *failure)
{
	struct get_token *g = arg;

	if (g->cancelled) {
		end_cancelled(g);
		return;
	}
	/* Another source may serve all the same. */
	if (failure != NULL)
		fprintf(stderr, "slipway: %s\n", failure->message);
	if (source->is_shared)
		fprintf(stderr, "slipway: others can read %s, which holds the token: chmod 600\n",
		    source->text);
	if (source->kind == TOKEN_NONE) {
		ask(g);
		return;
	}
	mem_set(&g->user, source->user);
	token_load(g->loop, source, g->opts.index, on_loaded, g);
}

struct get_token *
get_token_start(
    struct loop *l, const struct token_opts *opts, bool may_ask, get_token_fn fn, void *arg)
{
	struct get_token *g = mem_zalloc(1, sizeof *g);

	*g = (struct get_token) {
		.loop = l, .opts = *opts, .may_ask = may_ask, .fn = fn, .arg = arg
	};
	token_find(l, opts, on_found, g);
	return g;
}

void
get_token_cancel(struct get_token *g)
{
	g->cancelled = true;
	if (g->watch == NULL)
		return;
	close_prompt(g);
	secret_free(g->line);
	g->line = NULL;
	end_cancelled(g);
}
