/* The interpreter that builds: the first of the candidates that has build, twine and venv. */
#include "find_python.h"
#include "preflight.h"
#include "settings.h"
#include "slipway/base/mem.h"

static void
stop(struct check *c)
{
	find_python_stop(c->priv);
	c->priv = NULL;
}

static void
on_found(
    void *arg, const char *path, const char *facts, const char *passed, const struct err *failure)
{
	struct check *c = arg;
	struct release *r = &c->w->rel;

	c->priv = NULL;
	c->stop = NULL;
	if (failure != NULL) {
		check_end(c, SIGN_BAD, failure->message, failure->hint);
		return;
	}
	mem_set(&r->python, path);
	mem_set(&r->python_why, passed);
	if (passed != NULL)
		check_endf(c, SIGN_OK, NULL, "%s %s (%s)", path, facts, passed);
	else
		check_endf(c, SIGN_OK, NULL, "%s %s", path, facts);
}

void
check_python_start(struct check *c)
{
	const struct find_python_opts opts = { .loop = c->w->loop,
		.configured = settings_python(c->w),
		.root = c->w->rel.root,
		.hide = &c->w->token_names,
		.builds = true };

	c->stop = stop;
	c->priv = find_python_start(&opts, on_found, c);
}
