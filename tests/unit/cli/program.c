/* The built program, by the path that the build knows. */
#include "program.h"

#include <stdio.h>
#include <stdlib.h>

#include "slipway/base/mem.h"

#define ENV_MAX 24

const char **
program_argv(const char *const *args)
{
	const char **argv;
	size_t n = 0;

	while (args[n] != NULL)
		n++;
	argv = mem_zalloc(n + 2, sizeof *argv);
	argv[0] = SLIPWAY;
	for (size_t i = 0; i < n; i++)
		argv[i + 1] = args[i];
	return argv;
}

void
program_run(const struct program_opts *opts, const char *const *args, struct run_result *r)
{
	static const struct program_opts none = { .cwd = NULL };
	const struct program_opts *o = opts != NULL ? opts : &none;
	char *home = mem_printf("HOME=%s", o->home != NULL ? o->home : "/nowhere");
	const char *env[ENV_MAX + 8] = { home, "LC_ALL=C.UTF-8", "TZ=UTC", "NO_COLOR=1",
		"XDG_CONFIG_HOME", "XDG_CACHE_HOME" };
	const char **argv = program_argv(args);
	struct run_opts run = { .argv = argv,
		.env = env,
		.cwd = o->cwd != NULL ? o->cwd : "/",
		.input = o->input,
		.deadline_ms = 120000 };

	for (size_t i = 0; o->env != NULL && o->env[i] != NULL && i < ENV_MAX; i++)
		env[6 + i] = o->env[i];
	run_program(&run, r);
	free(argv);
	free(home);
}
