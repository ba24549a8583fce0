/* What is in files, as text and as JSON. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "gitrepo.h"
#include "leak_gate.h"
#include "program.h"
#include "slipway/base/compiler.h"
#include "slipway/base/json.h"
#include "temp.h"

#define WHEEL "foo-1.0-py3-none-any.whl"

static char *
dir_with_wheel(void)
{
	char *dir = temp_dir();

	cr_assert_eq(
	    temp_run("/", ARGS("/usr/bin/python3", MAKE_DIST, dir, "foo", "1.0", "wheel")), 0);
	return dir;
}

Test(cmd_inspect, prints_metadata_files_and_findings, .fini = leak_gate)
{
	static const char *const says[] = { WHEEL "\n", "wheel, ", "sha256 ", "  Requires-Python",
		">=3.8", "Files (4)", "foo-1.0.dist-info/RECORD", "Findings (0)" };
	char *dir = dir_with_wheel();
	struct run_result r;

	program_run(&(struct program_opts) { .cwd = dir }, ARGS("inspect", "--plain", WHEEL), &r);
	cr_expect_eq(r.status, 0, "%s", r.err);
	for (size_t i = 0; i < ARRAY_LEN(says); i++)
		cr_expect_not_null(strstr(r.out, says[i]), "%s is not in %s", says[i], r.out);
	run_fini(&r);
	temp_remove(dir);
}

Test(cmd_inspect, json_says_the_same_and_what_could_not_be_read, .fini = leak_gate)
{
	char *dir = dir_with_wheel();
	const struct json *file, *member;
	struct json *j = NULL;
	struct run_result r;

	program_run(&(struct program_opts) { .cwd = dir },
	    ARGS("inspect", "--json", WHEEL, "gone.whl"), &r);
	cr_expect_eq(r.status, 3);
	cr_assert_eq(json_parse(bytes_of(r.out), "output", NULL, &j, NULL), ERR_OK);
	cr_assert_eq(json_count(j), 2);
	file = json_at(j, 0);
	cr_expect_str_eq(json_text(file, "format"), "wheel");
	cr_expect_eq(strlen(json_text(file, "sha256")), 64);
	cr_expect_str_eq(json_text(json_get(file, "metadata"), "Name"), "foo");
	cr_expect_eq(json_count(json_get(json_get(file, "metadata"), "Classifier")), 3);
	member = json_at(json_get(file, "members"), 0);
	cr_expect_str_eq(json_text(member, "name"), "foo.py");
	cr_expect_eq(json_int(member, "size", 0), 10);
	cr_expect_eq(json_count(json_get(file, "findings")), 0);
	cr_expect_not_null(json_get_object(json_at(j, 1), "error"));
	json_free(j);
	run_fini(&r);
	temp_remove(dir);
}

/* A repository with the module that the wheel holds, and one more wheel to compare with. */
static char *
dir_with_repository(void)
{
	char *dir = dir_with_wheel();

	gitrepo_environment(dir);
	free(gitrepo_new(dir, "."));
	gitrepo_commit(dir, "pyproject.toml", "[project]\nname = \"foo\"\nversion = \"1.0\"\n",
	    "first");
	gitrepo_commit(dir, "foo.py", "VALUE = 2\n", "second");
	gitrepo_git(dir, "tag v1.0");
	cr_assert_eq(temp_run("/", ARGS("/usr/bin/python3", MAKE_DIST, dir, "foo", "0.9", "wheel")),
	    0);
	return dir;
}

static const struct json *
member_named(const struct json *file, const char *name)
{
	const struct json *members = json_get(file, "members");

	for (size_t i = 0; i < json_count(members); i++)
		if (strcmp(json_text(json_at(members, i), "name"), name) == 0)
			return json_at(members, i);
	cr_assert_fail("no member %s", name);
	return NULL;
}

Test(cmd_inspect, compares_with_git_and_a_release, .fini = leak_gate)
{
	static const char *const says[] = { "  git      v1.0 (", "1 modified, 3 generated\n",
		"  release  foo-0.9-py3-none-any.whl: 1 changed, 1 written anew, 2 same\n",
		"  foo.py   [MODIFIED]\n", "WARN GIT03 [foo.py] differs from foo.py at v1.0 (" };
	char *dir = dir_with_repository();
	const struct program_opts opts = { .cwd = dir, .home = dir };
	const struct json *git, *release;
	struct json *j = NULL;
	struct run_result r;

	program_run(
	    &opts, ARGS("inspect", "--plain", "--against", "foo-0.9-py3-none-any.whl", WHEEL), &r);
	cr_expect_eq(r.status, 0, "%s", r.err);
	for (size_t i = 0; i < ARRAY_LEN(says); i++)
		cr_expect_not_null(strstr(r.out, says[i]), "%s is not in %s", says[i], r.out);
	run_fini(&r);
	program_run(
	    &opts, ARGS("inspect", "--json", "--against", "foo-0.9-py3-none-any.whl", WHEEL), &r);
	cr_assert_eq(json_parse(bytes_of(r.out), "output", NULL, &j, NULL), ERR_OK);
	git = json_get(json_at(j, 0), "git");
	release = json_get(json_at(j, 0), "release");
	cr_expect_eq(json_int(json_get(git, "counts"), "modified", -1), 1);
	cr_expect_eq(json_int(json_get(git, "counts"), "not-in-git", -1), 0);
	cr_expect_eq(json_kind(json_get(git, "why-not")), JSON_KIND_NULL);
	cr_expect_str_eq(json_text(release, "with"), "foo-0.9-py3-none-any.whl");
	cr_expect_str_eq(
	    json_text(json_get(member_named(json_at(j, 0), "foo.py"), "git"), "state"), "modified");
	cr_expect_str_eq(
	    json_text(json_get(member_named(json_at(j, 0), "foo.py"), "release"), "state"), "same");
	/* As git hash-object says of "VALUE = 1\n". */
	cr_expect_str_eq(json_text(member_named(json_at(j, 0), "foo.py"), "git-blob"),
	    "b15b1b0797d64623135bb2d04a67bae078fa44c2");
	json_free(j);
	run_fini(&r);
	temp_remove(dir);
}

Test(cmd_inspect, asks_no_index_that_nobody_named, .fini = leak_gate)
{
	static const struct {
		const char *config; /* slipway.toml; NULL: none */
		const char *args[3];
		const char *told;
	} row[] = {
		{ NULL, { NULL }, "no release was asked for" },
		{ NULL, { "--against", "none", NULL }, "not asked for (--against none)" },
		{ NULL, { "--index", "http://127.0.0.1:1/legacy/", NULL }, "127.0.0.1" },
		{ "[release]\nindex = \"mine\"\n[index.mine]\n"
		  "upload = \"http://127.0.0.1:1/legacy/\"\n",
		    { NULL }, "127.0.0.1" },
		{ "[release]\nindex = \"mine\"\n[index.mine]\n"
		  "upload = \"http://127.0.0.1:1/legacy/\"\n",
		    { "--against", "none", NULL }, "not asked for (--against none)" },
	};
	char *dir = dir_with_wheel();

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		const char *args[6] = { "inspect", "--plain", WHEEL };
		struct run_result r;

		for (size_t k = 0; row[i].args[k] != NULL; k++)
			args[3 + k] = row[i].args[k];
		if (row[i].config != NULL)
			temp_puts(dir, "slipway.toml", row[i].config);
		program_run(&(struct program_opts) { .cwd = dir, .home = dir }, args, &r);
		cr_expect_eq(r.status, 0, "row %zu: %s", i, r.err);
		cr_expect_not_null(strstr(r.out, "  release  not compared: "), "row %zu", i);
		cr_expect_not_null(strstr(r.out, row[i].told), "row %zu: %s", i, r.out);
		cr_expect_not_null(strstr(r.out, "is not in a git repository"), "row %zu", i);
		run_fini(&r);
	}
	temp_remove(dir);
}

Test(cmd_inspect, gives_names_that_are_no_text_as_bytes, .fini = leak_gate)
{
	static const char *const make[] = { "/usr/bin/python3", "-c",
		"import io, tarfile\n"
		"t = tarfile.open('foo-1.0.tar.gz', 'w:gz')\n"
		"i = tarfile.TarInfo('foo-1.0/\\udcff\\x1b.py')\n"
		"i.size = 1\n"
		"t.addfile(i, io.BytesIO(b'x'))\n"
		"t.close()\n",
		NULL };
	char *dir = temp_dir();
	const struct json *member;
	struct json *j = NULL;
	struct run_result r;

	cr_assert_eq(temp_run(dir, make), 0);
	program_run(&(struct program_opts) { .cwd = dir, .home = dir },
	    ARGS("inspect", "--json", "foo-1.0.tar.gz"), &r);
	cr_expect_null(strchr(r.out, '\x1b'));
	cr_assert_eq(json_parse(bytes_of(r.out), "output", NULL, &j, NULL), ERR_OK);
	member = json_at(json_get(json_at(j, 0), "members"), 0);
	cr_expect_str_eq(json_text(member, "name"), "foo-1.0/\\xff\\x1b.py");
	/* base64 of the bytes: printf 'foo-1.0/\377\033.py' | base64 */
	cr_expect_str_eq(json_text(member, "name-base64"), "Zm9vLTEuMC__Gy5weQ");
	json_free(j);
	run_fini(&r);
	temp_remove(dir);
}

Test(cmd_inspect, errors_found_are_its_status, .fini = leak_gate)
{
	char *dir = temp_dir();
	struct run_result r;

	temp_puts(dir, "broken-1.0-py3-none-any.whl", "PK\003\004");
	program_run(&(struct program_opts) { .cwd = dir },
	    ARGS("inspect", "broken-1.0-py3-none-any.whl"), &r);
	cr_expect_eq(r.status, 1);
	cr_expect_not_null(strstr(r.out, "ERROR ZIP01"));
	run_fini(&r);
	program_run(NULL, ARGS("inspect"), &r);
	cr_expect_eq(r.status, 2);
	run_fini(&r);
	temp_remove(dir);
}
