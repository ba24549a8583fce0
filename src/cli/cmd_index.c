/* slipway index: the rehearsal index, until it is told to stop. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "options.h"
#include "slipway/base/mem.h"
#include "slipway/index/server.h"
#include "slipway/os/fs.h"
#include "slipway/os/loop.h"
#include "slipway/os/secret.h"

static void
on_signal(void *arg, int signo)
{
	(void)signo;
	loop_stop(arg);
}

static void
introduce(const struct index_server *s, bool is_new)
{
	printf("upload to       %s\n"
	       "simple API      %s\n",
	    index_server_upload_url(s), index_server_simple_url(s));
	/* Made up for this index alone, and shown once: afterwards its file is the place. */
	if (is_new)
		printf("token           %s\n"
		       "                (user __token__; shown this once, kept in %s)\n",
		    secret_text(index_server_token(s)), index_server_token_path(s));
	else
		printf("token           in %s (user __token__)\n", index_server_token_path(s));
	printf("Ctrl-C stops it; what was uploaded stays.\n");
	fflush(stdout);
}

static enum err_code
run(const char *dir, uint16_t port, struct err *e)
{
	static const int stops[] = { SIGINT, SIGTERM, SIGHUP };
	const struct index_server_opts opts = { .dir = dir, .port = port };
	struct index_server *s = NULL;
	struct loop *l = NULL;
	char *token = fs_join(dir, "token");
	bool is_new = !fs_exists(token);
	enum err_code rc = loop_new(&l, e);

	for (size_t i = 0; i < ARRAY_LEN(stops) && rc == ERR_OK; i++)
		rc = loop_signal(l, stops[i], on_signal, l, e);
	if (rc == ERR_OK)
		rc = index_server_start(&opts, &s, e);
	if (rc == ERR_OK) {
		introduce(s, is_new);
		loop_run(l);
	}
	index_server_stop(s);
	loop_free(l);
	free(token);
	return rc;
}

int
cmd_index(const struct options *o)
{
	struct err e = ERR_EMPTY;

	if (o->args.count != 1) {
		err_set(&e, ERR_USAGE, "slipway index takes one directory, not %zu arguments",
		    o->args.count);
		err_hint(&e, "slipway index DIR keeps all of the index in DIR, and makes it");
		return report_error(&e, false);
	}
	return run(o->args.items[0], o->port, &e) == ERR_OK ? EXIT_DONE : report_error(&e, false);
}
