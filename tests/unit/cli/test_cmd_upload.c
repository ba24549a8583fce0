/* slipway upload against slipway index: what is sent, what is refused, what is said. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "index_process.h"
#include "leak_gate.h"
#include "program.h"
#include "pty.h"
#include "slipway/base/compiler.h"
#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "slipway/os/fs.h"
#include "temp.h"

static void
make_dist(const char *dir, const char *name, const char *version, const char *kind)
{
	cr_assert_eq(
	    temp_run("/", ARGS("/usr/bin/python3", MAKE_DIST, dir, name, version, kind)), 0);
}

Test(cmd_upload, sends_files_and_knows_those_that_are_there, .fini = leak_gate)
{
	char *dir = temp_dir(), *token, *config;
	struct index_process *p = index_process_start(dir);
	struct run_result r;
	struct json *j = NULL;

	make_dist(dir, "foo", "1.0", "sdist");
	make_dist(dir, "foo", "1.0", "wheel");
	token = mem_printf("MY_TOKEN=%s", index_process_token(p));
	config = mem_printf(
	    "[index.mine]\nupload = \"%s\"\ntoken-env = [\"MY_TOKEN\"]\n", index_process_url(p));
	temp_puts(dir, "slipway.toml", config);
	program_run(&(struct program_opts) { .cwd = dir, .env = ARGS(token) },
	    ARGS("upload", "foo-1.0.tar.gz", "foo-1.0-py3-none-any.whl", "--index", "mine"), &r);
	cr_expect_eq(r.status, 0, "%s", r.err);
	cr_expect_not_null(strstr(r.out, "foo-1.0.tar.gz: uploaded\n"), "%s", r.out);
	cr_expect_not_null(strstr(r.out, "foo-1.0-py3-none-any.whl: uploaded\n"), "%s", r.out);
	cr_expect_str_eq(r.err, "");
	run_fini(&r);

	program_run(&(struct program_opts) { .cwd = dir, .env = ARGS(token) },
	    ARGS("upload", "--json", "foo-1.0.tar.gz", "--index", "mine"), &r);
	cr_expect_eq(r.status, 0, "%s", r.err);
	cr_assert_eq(json_parse(bytes_of(r.out), "output", NULL, &j, NULL), ERR_OK);
	cr_expect_str_eq(json_text(json_get(j, "index"), "name"), "mine");
	cr_expect_str_eq(
	    json_text(json_at(json_get(j, "files"), 0), "state"), "already there", "%s", r.out);
	json_free(j);
	run_fini(&r);
	free(config);
	free(token);
	index_process_stop(p);
	temp_remove(dir);
}

Test(cmd_upload, tells_what_is_wrong_before_anything_is_sent, .fini = leak_gate)
{
	static const struct {
		const char *args[6];
		int status;
		const char *told;
	} row[] = {
		{ { "upload" }, 2, "at least one" },
		{ { "upload", "foo-1.0.tar.gz" }, 2, "needs --index" },
		{ { "upload", "foo-1.0.tar.gz", "--index", "nobody" }, 2, "\"nobody\"" },
		{ { "upload", "foo-1.0.tar.gz", "--index", "http://example.org/legacy/" }, 2,
		    "unencrypted" },
		{ { "upload", "foo-1.0.tar.gz", "--index", "https://example.org/up" }, 2,
		    "--simple" },
		{ { "upload", "gone-1.0.tar.gz", "--index", "testpypi" }, 3, "is not there" },
		{ { "upload", "notes.txt", "--index", "testpypi" }, 3, "notes.txt" },
		{ { "upload", "foo-1.0.tar.gz", "--index", "testpypi" }, 2,
		    "no token for TestPyPI" },
	};
	char *dir = temp_dir();

	make_dist(dir, "foo", "1.0", "sdist");
	temp_puts(dir, "notes.txt", "no package");
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct run_result r;

		/* No keyring command is found there. */
		program_run(&(struct program_opts) { .cwd = dir, .env = ARGS("PATH=/nowhere") },
		    row[i].args, &r);
		cr_expect_eq(r.status, row[i].status, "row %zu: status %d", i, r.status);
		cr_expect_not_null(strstr(r.err, row[i].told), "row %zu: %s", i, r.err);
		run_fini(&r);
	}
	temp_remove(dir);
}

Test(cmd_upload, a_refusal_is_told_and_exit_1, .fini = leak_gate)
{
	char *dir = temp_dir(), *token;
	struct index_process *p = index_process_start(dir);
	struct run_result r;

	make_dist(dir, "foo", "1.0", "wheel");
	program_run(&(struct program_opts) { .cwd = dir, .env = ARGS("TWINE_PASSWORD=pypi-wrong") },
	    ARGS("upload", "foo-1.0-py3-none-any.whl", "--index", index_process_url(p)), &r);
	cr_expect_eq(r.status, 1, "status %d", r.status);
	cr_expect_not_null(strstr(r.out, "foo-1.0-py3-none-any.whl: failed: "), "%s", r.out);
	cr_expect_null(strstr(r.err, "pypi-wrong"));
	run_fini(&r);

	/* The same name with other bytes. */
	token = mem_printf("TWINE_PASSWORD=%s", index_process_token(p));
	program_run(&(struct program_opts) { .cwd = dir, .env = ARGS(token) },
	    ARGS("upload", "foo-1.0-py3-none-any.whl", "--index", index_process_url(p)), &r);
	cr_expect_eq(r.status, 0, "%s", r.err);
	run_fini(&r);
	cr_assert_eq(
	    temp_run("/", ARGS("/usr/bin/python3", MAKE_DIST, dir, "foo", "1.0", "wheel", "9")), 0);
	program_run(&(struct program_opts) { .cwd = dir, .env = ARGS(token) },
	    ARGS("upload", "foo-1.0-py3-none-any.whl", "--index", index_process_url(p)), &r);
	cr_expect_eq(r.status, 1, "status %d", r.status);
	cr_expect_not_null(strstr(r.out, "failed: "), "%s", r.out);
	run_fini(&r);
	free(token);
	index_process_stop(p);
	temp_remove(dir);
}

/* -- at a terminal -- */

struct prompt {
	char *dir, *token;
	struct index_process *index;
	struct pty *p;
};

/* Up to the hidden prompt: no token is found anywhere. */
static void
prompt_open(struct prompt *t)
{
	const char **argv = program_argv(ARGS("upload", "foo-1.0.tar.gz", "--index", "mine"));
	char *config, *home;

	t->dir = temp_dir();
	t->index = index_process_start(t->dir);
	t->token = mem_strdup(index_process_token(t->index));
	config = mem_printf("[index.mine]\nupload = \"%s\"\n", index_process_url(t->index));
	temp_puts(t->dir, "slipway.toml", config);
	make_dist(t->dir, "foo", "1.0", "sdist");
	home = mem_printf("HOME=%s", t->dir);
	t->p = pty_start(&(struct pty_opts) { .argv = argv, .env = ARGS(home), .cwd = t->dir });
	pty_expect(t->p, "Token for mine (nothing is shown):");
	free(home);
	free(config);
	free(argv);
}

/* Neither the whole token nor a piece of it was printed; everything is as it was before. */
static void
prompt_end(struct prompt *t)
{
	pty_expect_restored(t->p);
	for (size_t at = 0; at + 8 <= strlen(t->token); at += 8) {
		char *piece = mem_printf("%.8s", t->token + at);

		cr_expect(!pty_sent(t->p, piece), "a piece of the token was printed");
		free(piece);
	}
	pty_free(t->p);
	index_process_stop(t->index);
	free(t->token);
	temp_remove(t->dir);
}

Test(cmd_upload, the_prompt_shows_nothing_of_the_token, .fini = leak_gate)
{
	struct prompt t;

	prompt_open(&t);
	pty_type(t.p, t.token);
	pty_keys(t.p, "Enter");
	pty_expect(t.p, "foo-1.0.tar.gz: uploaded");
	pty_expect_exit(t.p, 0);
	prompt_end(&t);
}

Test(cmd_upload, ctrl_c_at_the_prompt_gives_the_terminal_back, .fini = leak_gate)
{
	struct prompt t;
	char *files;

	prompt_open(&t);
	pty_type(t.p, t.token);
	pty_keys(t.p, "C-c");
	pty_expect_exit(t.p, 130);
	pty_expect(t.p, "cancelled before anything was sent");
	files = mem_printf("%s/files/foo", t.dir);
	cr_expect_not(fs_exists(files), "something was sent");
	free(files);
	prompt_end(&t);
}
