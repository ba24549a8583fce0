/* Asks each candidate what it has. */
#include "find_python.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "slipway/os/loop.h"
#include "slipway/os/process.h"

#define PROBE_TIMEOUT_MS 20000
#define PROBE_OUTPUT_MAX 4096

/* Says in one line what it has; a missing module is named with a minus sign. The arguments are
 * distributions that are needed besides venv. */
static const char probe[] =
    "import importlib.util as u, importlib.metadata as m, sys\n"
    "out = ['%d.%d.%d' % sys.version_info[:3]]\n"
    "for n in sys.argv[1:]:\n"
    "    out.append(n + ' ' + m.version(n) if u.find_spec(n) else '-' + n)\n"
    "for n in ('venv', 'ensurepip'):\n"
    "    u.find_spec(n) or out.append('-' + n)\n"
    "print('|'.join(out))\n";

struct find_python {
	struct loop *loop;
	struct strlist candidates, env;
	size_t at;
	char *configured; /* NULL: none */
	bool builds, stopped;
	struct process *process;
	struct str passed; /* why the ones before were not taken */
	find_python_fn fn;
	void *arg;
};

static void try_next(void *arg);

static void
find_free(struct find_python *f)
{
	strlist_fini(&f->candidates);
	strlist_fini(&f->env);
	str_fini(&f->passed);
	free(f->configured);
	free(f);
}

void
find_python_stop(struct find_python *f)
{
	if (f == NULL)
		return;
	/* What is under way, the process or the first turn, frees it. */
	f->stopped = true;
	if (f->process != NULL)
		process_cancel(f->process);
}

static void
pass(struct find_python *f, const char *why)
{
	if (f->passed.len > 0)
		str_puts(&f->passed, "; ");
	str_printf(&f->passed, "%s %s", f->candidates.items[f->at], why);
	f->at++;
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
take(struct find_python *f, const char *facts)
{
	f->fn(f->arg, f->candidates.items[f->at], facts,
	    f->passed.len > 0 ? str_text(&f->passed) : NULL, NULL);
	find_free(f);
}

static void
give_up(struct find_python *f)
{
	struct err e = ERR_EMPTY;

	if (f->candidates.count == 0 && f->configured != NULL)
		err_set(&e, ERR_NOT_FOUND, "%s is not there", f->configured);
	else if (f->candidates.count == 0)
		err_set(&e, ERR_NOT_FOUND, "no python3 on PATH");
	else
		err_set(&e, ERR_NOT_FOUND, "none can %s: %s", f->builds ? "build" : "make a venv",
		    str_text(&f->passed));
	if (f->candidates.count == 0 && f->configured != NULL)
		err_hint(&e, "it is named under python in the configuration");
	else if (!f->builds)
		err_hint(&e, "install one: apt install python3-venv");
	else if (f->candidates.count == 0)
		err_hint(&e,
		    "install Python 3 with build and twine: apt install python3-build twine "
		    "python3-venv");
	else
		err_hint(&e, "install them: apt install python3-build twine python3-venv, or pip "
			     "install build twine into a virtual environment that is active");
	f->fn(f->arg, NULL, NULL, f->passed.len > 0 ? str_text(&f->passed) : NULL, &e);
	find_free(f);
}

static void
on_answer(void *arg, const struct process_result *result)
{
	struct find_python *f = arg;
	struct str line = STR_EMPTY, facts = STR_EMPTY, missing = STR_EMPTY, why = STR_EMPTY;
	struct bytes out = bytes_trim(result->out);

	f->process = NULL;
	if (f->stopped) {
		find_free(f);
		return;
	}
	sanitise(out.data, out.len, &line);
	read_answer(str_text(&line), &facts, &missing);
	if (!process_end_ok(&result->end)) {
		pass(f, "does not run");
		try_next(f);
	} else if (missing.len > 0) {
		str_printf(&why, "has no %s", str_text(&missing));
		pass(f, str_text(&why));
		try_next(f);
	} else {
		take(f, str_text(&facts));
	}
	str_fini(&line);
	str_fini(&facts);
	str_fini(&missing);
	str_fini(&why);
}

static void
try_next(void *arg)
{
	struct find_python *f = arg;

	if (f->stopped) {
		find_free(f);
		return;
	}
	while (f->at < f->candidates.count) {
		const char *const argv[] = { f->candidates.items[f->at], "-I", "-c", probe,
			f->builds ? "build" : NULL, "twine", NULL };
		const struct process_opts opts = {
			.argv = argv,
			.env = (const char *const *)f->env.items,
			.timeout_ms = PROBE_TIMEOUT_MS,
		};

		if (process_capture(f->loop, &opts, PROBE_OUTPUT_MAX, on_answer, f, &f->process,
			NULL) == ERR_OK)
			return;
		pass(f, "does not run");
	}
	give_up(f);
}

static void
add_candidate(struct find_python *f, char *path)
{
	if (path != NULL && fs_is_file(path) && !strlist_has(&f->candidates, path))
		strlist_add(&f->candidates, path);
	free(path);
}

struct find_python *
find_python_start(const struct find_python_opts *opts, find_python_fn fn, void *arg)
{
	struct find_python *f = mem_zalloc(1, sizeof *f);
	const char *configured = opts->configured, *venv = env_get("VIRTUAL_ENV");
	struct strlist found = STRLIST_EMPTY;

	f->loop = opts->loop;
	f->builds = opts->builds;
	f->configured = mem_strdup(configured);
	f->fn = fn;
	f->arg = arg;
	env_child(opts->hide, &f->env);
	if (configured != NULL && strchr(configured, '/') != NULL) {
		add_candidate(f, fs_join(opts->root, configured));
	} else {
		if (venv != NULL && configured == NULL)
			add_candidate(f, fs_join(venv, "bin/python3"));
		env_which_all(configured != NULL ? configured : "python3", &found);
		for (size_t i = 0; i < found.count; i++)
			add_candidate(f, mem_strdup(found.items[i]));
		if (configured == NULL)
			add_candidate(f, mem_strdup("/usr/bin/python3"));
	}
	strlist_fini(&found);
	loop_defer(f->loop, try_next, f);
	return f;
}
