/* The interpreter that builds: the first of the candidates that has build, twine and venv. */
#include <stdlib.h>
#include <string.h>

#include "preflight.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "slipway/os/process.h"

#define PROBE_TIMEOUT_MS 20000
#define PROBE_OUTPUT_MAX 4096

/* Says in one line what it has; a missing module is named with a minus sign. */
static const char probe[] =
    "import importlib.util as u, importlib.metadata as m, sys\n"
    "out = ['%d.%d.%d' % sys.version_info[:3]]\n"
    "for n in ('build', 'twine'):\n"
    "    out.append(n + ' ' + m.version(n) if u.find_spec(n) else '-' + n)\n"
    "for n in ('venv', 'ensurepip'):\n"
    "    u.find_spec(n) or out.append('-' + n)\n"
    "print('|'.join(out))\n";

struct look {
	struct check *c; /* NULL: the check was stopped, only the process still has to end */
	struct strlist candidates;
	size_t at;
	struct process *process;
	struct str passed; /* why the ones before were not taken */
};

static void try_next(struct check *c);

static void
look_free(struct look *k)
{
	strlist_fini(&k->candidates);
	str_fini(&k->passed);
	free(k);
}

static void
stop(struct check *c)
{
	struct look *k = c->priv;

	c->priv = NULL;
	k->c = NULL;
	if (k->process != NULL)
		process_cancel(k->process); /* on_answer() frees K */
	else
		look_free(k);
}

static void
pass(struct look *k, const char *why)
{
	if (k->passed.len > 0)
		str_puts(&k->passed, "; ");
	str_printf(&k->passed, "%s %s", k->candidates.items[k->at], why);
	k->at++;
}

static void
take(struct check *c, const char *facts)
{
	struct look *k = c->priv;
	struct release *r = &c->w->rel;

	mem_set(&r->python, k->candidates.items[k->at]);
	mem_set(&r->python_why, k->passed.len > 0 ? str_text(&k->passed) : NULL);
	if (k->passed.len > 0)
		check_endf(c, SIGN_OK, NULL, "%s %s (%s)", r->python, facts, str_text(&k->passed));
	else
		check_endf(c, SIGN_OK, NULL, "%s %s", r->python, facts);
}

/* "3.11.2|build 0.9.0|-twine": fills FACTS for people and MISSING. */
static void
read_answer(const char *line, struct str *facts, struct str *missing)
{
	while (*line != '\0') {
		size_t len = strcspn(line, "|");

		if (line[0] == '-')
			str_printf(missing, "%s%.*s", missing->len > 0 ? ", " : "", (int)len - 1,
			    line + 1);
		else
			str_printf(facts, "%s%.*s", facts->len > 0 ? ", " : "", (int)len, line);
		line += len + (line[len] == '|');
	}
}

static void
on_answer(void *arg, const struct process_result *result)
{
	struct look *k = arg;
	struct check *c = k->c;
	struct str line = STR_EMPTY, facts = STR_EMPTY, missing = STR_EMPTY, why = STR_EMPTY;
	struct bytes out = bytes_trim(result->out);

	k->process = NULL;
	if (c == NULL) {
		look_free(k);
		return;
	}
	sanitise(out.data, out.len, &line);
	read_answer(str_text(&line), &facts, &missing);
	if (!process_end_ok(&result->end)) {
		pass(k, "does not run");
		try_next(c);
	} else if (missing.len > 0) {
		str_printf(&why, "has no %s", str_text(&missing));
		pass(k, str_text(&why));
		try_next(c);
	} else {
		take(c, str_text(&facts));
	}
	str_fini(&line);
	str_fini(&facts);
	str_fini(&missing);
	str_fini(&why);
}

static void
give_up(struct check *c)
{
	struct look *k = c->priv;
	const char *hint =
	    "install them: apt install python3-build twine python3-venv, or pip install "
	    "build twine into a virtual environment that is active";

	if (k->candidates.count == 0 && settings_python(c->w) != NULL)
		check_endf(c, SIGN_BAD, "it is named under python in the configuration",
		    "%s is not there", settings_python(c->w));
	else if (k->candidates.count == 0)
		check_end(c, SIGN_BAD, "no python3 on PATH",
		    "install Python 3 with build and twine: apt install python3-build twine "
		    "python3-venv");
	else
		check_endf(c, SIGN_BAD, hint, "none can build: %s", str_text(&k->passed));
}

static void
try_next(struct check *c)
{
	struct look *k = c->priv;
	struct strlist env = STRLIST_EMPTY;

	env_child(&c->w->token_names, &env);
	while (k->at < k->candidates.count) {
		const char *const argv[] = { k->candidates.items[k->at], "-I", "-c", probe, NULL };
		const struct process_opts opts = {
			.argv = argv,
			.env = (const char *const *)env.items,
			.timeout_ms = PROBE_TIMEOUT_MS,
		};

		if (process_capture(c->w->loop, &opts, PROBE_OUTPUT_MAX, on_answer, k, &k->process,
			NULL) == ERR_OK)
			break;
		pass(k, "does not run");
	}
	strlist_fini(&env);
	if (k->at == k->candidates.count)
		give_up(c);
}

static void
add_candidate(struct look *k, char *path)
{
	if (path != NULL && fs_is_file(path) && !strlist_has(&k->candidates, path))
		strlist_add(&k->candidates, path);
	free(path);
}

void
check_python_start(struct check *c)
{
	struct look *k = mem_zalloc(1, sizeof *k);
	const char *configured = settings_python(c->w), *venv = env_get("VIRTUAL_ENV");
	struct strlist found = STRLIST_EMPTY;

	k->c = c;
	c->priv = k;
	c->stop = stop;
	if (configured != NULL && strchr(configured, '/') != NULL) {
		add_candidate(k, fs_join(c->w->rel.root, configured));
	} else {
		if (venv != NULL && configured == NULL)
			add_candidate(k, fs_join(venv, "bin/python3"));
		env_which_all(configured != NULL ? configured : "python3", &found);
		for (size_t i = 0; i < found.count; i++)
			add_candidate(k, mem_strdup(found.items[i]));
		if (configured == NULL)
			add_candidate(k, mem_strdup("/usr/bin/python3"));
	}
	strlist_fini(&found);
	try_next(c);
}
