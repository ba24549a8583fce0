/* A version installed from an index and tried, with the real pip. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "index_process.h"
#include "leak_gate.h"
#include "program.h"
#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"
#include "temp.h"

static void
upload(const char *dir, const struct index_process *p, const char *name)
{
	char *token = mem_printf("TWINE_PASSWORD=%s", index_process_token(p));
	char *file = mem_printf("%s-1.0-py3-none-any.whl", name);
	struct run_result r;

	cr_assert_eq(
	    temp_run("/", ARGS("/usr/bin/python3", MAKE_DIST, dir, name, "1.0", "wheel")), 0);
	program_run(&(struct program_opts) { .cwd = dir, .env = ARGS(token) },
	    ARGS("upload", file, "--index", index_process_url(p)), &r);
	cr_assert_eq(r.status, 0, "%s", r.err);
	run_fini(&r);
	free(file);
	free(token);
}

Test(cmd_smoke, installs_and_tries_what_the_index_serves, .fini = leak_gate, .timeout = 600)
{
	char *dir = temp_dir(), *config;
	struct index_process *p = index_process_start(dir);
	struct program_opts opts = { .cwd = dir, .home = dir };
	struct run_result r;

	upload(dir, p, "foo");
	config = mem_printf("[index.mine]\nupload = \"%s\"\n[package.foo]\nsmoke = [\"echo $0; "
			    "python -c 'import foo; print(foo.VALUE + 41)'\", \"exit 7\"]\n",
	    index_process_url(p));
	temp_puts(dir, "slipway.toml", config);
	program_run(&opts, ARGS("smoke", "Foo==v1.0", "--index", "mine", "--verbose"), &r);
	cr_expect_eq(r.status, 1, "the last line fails: status %d, %s", r.status, r.err);
	cr_expect_not_null(strstr(r.out, "environment: ok"), "%s", r.out);
	cr_expect_not_null(strstr(r.out, "imports and scripts: ok"), "%s", r.out);
	cr_expect_not_null(strstr(r.out, "import foo: ok"), "%s", r.out);
	cr_expect_not_null(strstr(r.out, "    42\n"), "%s", r.out);
	cr_expect_not_null(strstr(r.out, "exit 7: exited with 7"), "%s", r.out);
	run_fini(&r);
	free(config);
	index_process_stop(p);
	temp_remove(dir);
}

Test(cmd_smoke, tells_what_it_cannot_try, .fini = leak_gate)
{
	char *dir = temp_dir();
	struct index_process *p = index_process_start(dir);
	const struct {
		const char *args[5];
		int status;
		const char *told;
	} row[] = {
		{ { "smoke" }, 2, "usage: slipway smoke" },
		{ { "smoke", "foo", "--index", "pypi" }, 2, "usage: slipway smoke" },
		{ { "smoke", "foo==one", "--index", "pypi" }, 2, "\"one\" is no version" },
		{ { "smoke", "-foo==1", "--index", "pypi" }, 2, "unknown option -f" },
		{ { "smoke", "foo ==1", "--index", "pypi" }, 2, "is no name" },
		{ { "smoke", "foo==1.0" }, 2, "needs --index" },
		{ { "smoke", "foo==1.0", "--index", index_process_url(p) }, 3,
		    "no wheel of foo 1.0" },
		{ { "smoke", "foo==1.0", "--index", "http://127.0.0.1:1/legacy/" }, 3,
		    "127.0.0.1" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct run_result r;

		program_run(&(struct program_opts) { .cwd = dir, .home = dir }, row[i].args, &r);
		cr_expect_eq(r.status, row[i].status, "row %zu: status %d", i, r.status);
		cr_expect_not_null(strstr(r.err, row[i].told), "row %zu: %s", i, r.err);
		run_fini(&r);
	}
	index_process_stop(p);
	temp_remove(dir);
}
