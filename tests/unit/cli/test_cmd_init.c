/* What init finds of a real repository, and what it writes. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "gitrepo.h"
#include "leak_gate.h"
#include "program.h"
#include "slipway/base/compiler.h"
#include "slipway/base/json.h"
#include "slipway/base/str.h"
#include "slipway/project/config.h"
#include "temp.h"

static char *
project(const char *dir)
{
	char *repo;

	gitrepo_environment(dir);
	repo = gitrepo_new(dir, "work");
	gitrepo_commit(repo, "a/pyproject.toml", "[project]\nname = \"one\"\nversion = \"1.0\"\n",
	    "feat: one");
	gitrepo_commit(repo, "b/pyproject.toml",
	    "[project]\nname = \"two\"\nversion = \"1.0\"\ndependencies = [\"one>=1.0\"]\n",
	    "feat: two");
	gitrepo_git(repo, "tag v1.0");
	return repo;
}

Test(cmd_init, writes_a_configuration_that_changes_nothing, .fini = leak_gate)
{
	static const char *const says[] = { "lockstep", "one 1.0 in a", "two 1.0 in b",
		"tags v{version}", "branch    main", "Written to" };
	char *dir = temp_dir(), *repo = project(dir), *text;
	struct config c = CONFIG_EMPTY;
	struct run_result r;
	struct err e = ERR_EMPTY;

	program_run(&(struct program_opts) { .cwd = repo, .home = dir }, ARGS("init"), &r);
	cr_expect_eq(r.status, 0, "%s", r.err);
	for (size_t i = 0; i < ARRAY_LEN(says); i++)
		cr_expect_not_null(strstr(r.out, says[i]), "%s is not in %s", says[i], r.out);
	run_fini(&r);
	text = temp_read(repo, "slipway.toml", NULL);
	cr_expect_not_null(strstr(text, "#tag = \"v{version}\" # found"));
	cr_expect_eq(config_parse(bytes_of(text), "slipway.toml", CONFIG_FILE, &c, &e), ERR_OK,
	    "%s", e.message);
	cr_expect_null(c.release.tag, "a commented key counts");
	config_fini(&c);
	free(text);

	program_run(&(struct program_opts) { .cwd = repo, .home = dir }, ARGS("init"), &r);
	cr_expect_eq(r.status, 2, "an existing file is not overwritten");
	cr_expect_not_null(strstr(r.err, "there is a configuration already"));
	run_fini(&r);
	free(repo);
	temp_remove(dir);
}

Test(cmd_init, json_writes_nothing, .fini = leak_gate)
{
	char *dir = temp_dir(), *repo = project(dir), *status;
	struct json *j = NULL;
	struct run_result r;

	program_run(
	    &(struct program_opts) { .cwd = repo, .home = dir }, ARGS("init", "--json"), &r);
	cr_expect_eq(r.status, 0, "%s", r.err);
	cr_assert_eq(json_parse(bytes_of(r.out), "output", NULL, &j, NULL), ERR_OK);
	cr_expect_eq(json_count(json_get(j, "packages")), 2);
	cr_expect_str_eq(json_text(j, "branch"), "main");
	cr_expect_str_eq(json_text(j, "mode"), "lockstep");
	json_free(j);
	run_fini(&r);
	status = gitrepo_output(repo, "status --porcelain");
	cr_expect_str_eq(status, "");
	free(status);
	free(repo);
	temp_remove(dir);
}

Test(cmd_init, without_a_repository_it_could_not_look, .fini = leak_gate)
{
	char *dir = temp_dir();
	struct run_result r;

	program_run(&(struct program_opts) { .cwd = dir, .home = dir }, ARGS("init"), &r);
	cr_expect_eq(r.status, 3, "status %d", r.status);
	run_fini(&r);
	temp_remove(dir);
}

Test(cmd_release, nothing_unfinished_is_a_good_answer_to_status, .fini = leak_gate)
{
	char *dir = temp_dir(), *repo = project(dir);
	struct run_result r;

	program_run(&(struct program_opts) { .cwd = repo, .home = dir }, ARGS("status"), &r);
	cr_expect_eq(r.status, 0, "%s", r.err);
	cr_expect_str_eq(r.out, "No release is unfinished here.\n");
	run_fini(&r);
	program_run(&(struct program_opts) { .cwd = repo, .home = dir }, ARGS("resume"), &r);
	cr_expect_neq(r.status, 0);
	run_fini(&r);
	program_run(&(struct program_opts) { .cwd = dir, .home = dir }, ARGS("status"), &r);
	cr_expect_eq(r.status, 3, "status %d", r.status);
	run_fini(&r);
	free(repo);
	temp_remove(dir);
}
