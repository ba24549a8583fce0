/* What a file is compared with: real repositories, real builds, and an index on loopback. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "compare_parts.h"
#include "gitrepo.h"
#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/dist/filename.h"
#include "slipway/index/query.h"
#include "slipway/index/server.h"
#include "slipway/os/fs.h"
#include "slipway/os/http.h"
#include "slipway/os/loop.h"
#include "slipway/os/secret.h"
#include "slipway/os/worker.h"
#include "slipway/wizard/release.h"
#include "temp.h"

struct rig {
	char *dir, *repo;
	struct loop *loop;
	struct worker *worker;
	struct http *http;
	struct index_server *server; /* NULL unless a test starts it */
	struct index_info index;
	struct compared *c;
	struct err err;
	bool done;
};

static struct rig
rig_new(void)
{
	struct rig r = { .dir = temp_dir() };
	char *cache = fs_join(r.dir, "cache");

	gitrepo_environment(r.dir);
	setenv("XDG_CACHE_HOME", cache, 1);
	r.repo = gitrepo_new(r.dir, "repo");
	cr_assert_eq(loop_new(&r.loop, NULL), ERR_OK);
	cr_assert_eq(worker_new(r.loop, &r.worker, NULL), ERR_OK);
	cr_assert_eq(http_new(r.loop, &r.http, NULL), ERR_OK);
	free(cache);
	return r;
}

static void
rig_end(struct rig *r)
{
	compared_free(r->c);
	http_free(r->http);
	worker_free(r->worker);
	loop_turn(r->loop, 0);
	loop_free(r->loop);
	index_server_stop(r->server);
	index_info_fini(&r->index);
	temp_remove(r->dir);
	free(r->repo);
}

static void
on_compared(void *arg, struct compared *c, const struct err *e)
{
	struct rig *r = arg;

	r->c = c;
	err_clear(&r->err);
	if (e != NULL)
		r->err = *e;
	r->done = true;
}

/* PATH is below the rig's folder. */
static void
compare(struct rig *r, const char *path, struct compare_opts o)
{
	char *whole = fs_join(r->dir, path);

	compared_free(r->c);
	r->c = NULL;
	r->done = false;
	o.loop = r->loop;
	o.worker = r->worker;
	o.http = r->http;
	o.reader = READER_CHILD;
	o.path = whole;
	cr_assert_not_null(compare_start(&o, on_compared, r));
	for (int i = 0; i < 6000 && !r->done; i++)
		loop_turn(r->loop, 10);
	cr_assert(r->done);
	free(whole);
}

static void
expect_summary(const struct rig *r, enum compare_base base, const char *want)
{
	struct str text = STR_EMPTY;

	compare_summary(&r->c->with[base], &text);
	cr_expect_str_eq(str_text(&text), want);
	str_fini(&text);
}

/* -- against git -- */

#define BUILD                                                                                      \
	"import os, sys, setuptools.build_meta as b\n"                                             \
	"os.dup2(os.open('/dev/null', os.O_WRONLY), 1)\n"                                          \
	"out = os.path.dirname(os.getcwd())\n"                                                     \
	"b.build_sdist(out)\n"                                                                     \
	"b.build_wheel(out)\n"

/* A package of setuptools, built from a clean checkout as it is; then what is put in by hand. */
static void
make_project(const struct rig *r)
{
	static const char *const build[] = { "/usr/bin/python3", "-c", BUILD, NULL };

	temp_puts(r->repo, "pyproject.toml",
	    "[build-system]\nrequires = [\"setuptools\"]\n"
	    "build-backend = \"setuptools.build_meta\"\n"
	    "[project]\nname = \"real-demo\"\nversion = \"1.0\"\nreadme = \"README.md\"\n");
	temp_puts(r->repo, "README.md", "# Demo\n");
	temp_puts(r->repo, "setup.cfg", "# kept by hand\n[options]\ninclude_package_data = True\n");
	temp_puts(r->repo, "LICENSE", "MIT\n");
	temp_puts(r->repo, "notes.txt", "not packaged\n");
	temp_puts(r->repo, "src/demo_pkg/__init__.py", "VALUE = 1\n");
	temp_puts(r->repo, "src/demo_pkg/cli.py", "def main():\n    pass\n");
	temp_puts(r->repo, ".gitignore", "build\n*.egg-info\n");
	gitrepo_git(r->repo, "add .");
	gitrepo_git(r->repo, "commit -qm first");
	gitrepo_git(r->repo, "tag v1.0");
	cr_assert_eq(temp_run(r->repo, build), 0);
	gitrepo_git(r->repo, "clean -qfdx");
}

static const struct compare_row *
row_of(const struct rig *r, enum compare_base base, const char *tail)
{
	const struct comparison *c = &r->c->with[base];

	for (size_t i = 0; i < c->count; i++) {
		char *path = mem_strndup(c->rows[i].path.data, c->rows[i].path.len);
		bool found = text_ends(path, tail);

		free(path);
		if (found)
			return &c->rows[i];
	}
	cr_assert_fail("no row of %s", tail);
	return NULL;
}

static void
expect_diff(const struct rig *r, enum compare_base base, const char *tail, const char *summary,
    const char *patch)
{
	const struct compare_row *row = row_of(r, base, tail);
	struct compared_diff d = COMPARED_DIFF_EMPTY;
	struct str text = STR_EMPTY;
	struct err e = ERR_EMPTY;

	cr_assert_eq(compared_diff(r->c, base, (size_t)(row - r->c->with[base].rows), &d, &e),
	    ERR_OK, "%s", e.message);
	cr_expect_eq(e.code, ERR_OK, "%s: %s", tail, e.message);
	cr_expect_str_eq(str_text(&d.summary), summary);
	repo_patch_unified(&d.patch, "x", &text);
	cr_expect_not_null(strstr(str_text(&text), patch), "%s", str_text(&text));
	compared_diff_fini(&d);
	str_fini(&text);
}

Test(compare, a_real_build_is_explained_and_what_was_put_in_is_not, .fini = leak_gate)
{
	static const char *const tamper[] = { "/usr/bin/python3", "-c",
		"import zipfile\n"
		"n = 'real_demo-1.0-py3-none-any.whl'\n"
		"with zipfile.ZipFile(n) as a, zipfile.ZipFile('t/' + n, 'w') as b:\n"
		"    for i in a.infolist():\n"
		"        b.writestr(i, a.read(i).replace(b'pass', b'evil()'))\n"
		"    b.writestr('evil.pth', 'import os')\n"
		"    b.writestr('large.bin', bytes(34000000))\n",
		NULL };
	struct rig r = rig_new();

	make_project(&r);
	compare(&r, "real-demo-1.0.tar.gz", (struct compare_opts) { .dir = r.repo });
	cr_assert_eq(r.err.code, ERR_OK, "%s", r.err.message);
	expect_summary(&r, COMPARE_GIT, "1 missing, 6 generated, 5 same, 1 usually left out");
	cr_expect(text_starts(r.c->with[COMPARE_GIT].with, "v1.0 ("));
	cr_expect_null(r.c->with[COMPARE_GIT].remark);
	cr_expect_eq(row_of(&r, COMPARE_GIT, "/setup.cfg")->state, COMPARE_GENERATED);
	compare(&r, "real_demo-1.0-py3-none-any.whl", (struct compare_opts) { .dir = r.repo });
	expect_summary(&r, COMPARE_GIT, "4 generated, 3 same");
	temp_puts(r.dir, "t/x", "");
	cr_assert_eq(temp_run(r.dir, tamper), 0);
	compare(&r, "t/real_demo-1.0-py3-none-any.whl", (struct compare_opts) { .dir = r.repo });
	expect_summary(&r, COMPARE_GIT, "2 not in git, 1 modified, 4 generated, 2 same");
	cr_expect_eq(findings_at_least(&r.c->findings, FINDING_WARN), 2);
	expect_diff(&r, COMPARE_GIT, "demo_pkg/cli.py", "1 line added, 1 removed",
	    "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n def main():\n-    pass\n+    evil()\n");
	expect_diff(&r, COMPARE_GIT, "evil.pth", "1 line added, 0 removed",
	    "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+import os\n\\ No newline at end of file\n");
	/* What is not looked at to its end is told, and no error that hides the rest. */
	expect_diff(&r, COMPARE_GIT, "large.bin",
	    "not text: 33.6 MB or more here, 0 B there; the first difference is at byte 0", "");
	rig_end(&r);
}

static void
make_dist(const char *dir, const char *version, const char *kind)
{
	const char *const make[] = { "/usr/bin/python3", MAKE_DIST, dir, "demo-pkg", version, kind,
		NULL };

	cr_assert_eq(temp_run(dir, make), 0);
}

Test(compare, says_why_there_is_nothing_to_compare_with, .fini = leak_gate)
{
	static const struct {
		const char *dir; /* below the rig's; NULL: none */
		const char *rev, *against, *no_index;
		const char *git, *release;
	} cases[] = {
		{ NULL, NULL, NULL, NULL, "no repository was given", "no index was asked" },
		{ ".", NULL, "none", NULL, "is not in a git repository", "--against none" },
		{ "repo", NULL, NULL, "not configured", "has no package demo-pkg",
		    "not configured" },
		{ "repo", "gone", "gone.whl", NULL, "has no package demo-pkg", "gone.whl" },
		{ "repo", NULL, "demo_pkg-1.0.tar.gz", NULL, "has no package demo-pkg",
		    "is an sdist" },
	};
	struct rig r = rig_new();

	gitrepo_commit(
	    r.repo, "pyproject.toml", "[project]\nname = \"other\"\nversion = \"1\"\n", "first");
	make_dist(r.dir, "1.0", "wheel");
	make_dist(r.dir, "1.0", "sdist");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *dir = cases[i].dir != NULL ? fs_join(r.dir, cases[i].dir) : NULL;
		char *against = cases[i].against != NULL && strchr(cases[i].against, '.') != NULL
				    ? fs_join(r.dir, cases[i].against)
				    : mem_strdup(cases[i].against);

		compare(&r, "demo_pkg-1.0-py3-none-any.whl",
		    (struct compare_opts) { .dir = dir,
			.rev = cases[i].rev,
			.against = against,
			.no_index = cases[i].no_index });
		for (int b = 0; b < COMPARE_BASE_COUNT; b++) {
			const struct comparison *c = &r.c->with[b];
			const char *want = b == COMPARE_GIT ? cases[i].git : cases[i].release;

			cr_expect_not(comparison_is_done(c), "case %zu", i);
			cr_expect(c->why_not != NULL && strstr(c->why_not, want) != NULL,
			    "case %zu: %s", i, c->why_not);
		}
		cr_expect_eq(r.c->findings.count, 0);
		free(against);
		free(dir);
	}
	compare(&r, "gone-1.0.tar.gz", (struct compare_opts) { .dir = r.repo });
	cr_expect_eq(r.err.code, ERR_NOT_FOUND);
	rig_end(&r);
}

Test(compare, without_a_tag_it_takes_head_and_says_so, .fini = leak_gate)
{
	struct rig r = rig_new();

	gitrepo_commit(r.repo, "pkg/pyproject.toml",
	    "[project]\nname = \"demo-pkg\"\nversion = \"1.0\"\n", "first");
	gitrepo_commit(r.repo, "pkg/demo_pkg.py", "VALUE = 1\n", "second");
	make_dist(r.dir, "1.0", "wheel");
	temp_puts(r.repo, "dirt", "x");
	compare(&r, "demo_pkg-1.0-py3-none-any.whl", (struct compare_opts) { .dir = r.repo });
	expect_summary(&r, COMPARE_GIT, "3 generated, 1 same");
	cr_expect(text_starts(r.c->with[COMPARE_GIT].with, "HEAD ("));
	cr_expect_str_eq(r.c->with[COMPARE_GIT].remark,
	    "no tag of 1.0 here: compared with HEAD; the work tree has changes that no commit has");
	gitrepo_git(r.repo, "rm -q pkg/demo_pkg.py");
	gitrepo_git(r.repo, "commit -qm third");
	compare(&r, "demo_pkg-1.0-py3-none-any.whl",
	    (struct compare_opts) { .dir = r.repo, .rev = "HEAD~1" });
	expect_summary(&r, COMPARE_GIT, "3 generated, 1 same");
	compare(&r, "demo_pkg-1.0-py3-none-any.whl", (struct compare_opts) { .dir = r.repo });
	expect_summary(&r, COMPARE_GIT, "1 not in git, 3 generated");
	rig_end(&r);
}

/* -- against a release -- */

Test(compare, takes_the_newest_older_release_of_the_same_kind)
{
	static char names[][48] = { "demo-0.9.tar.gz", "demo-1.0-py3-none-any.whl",
		"demo-1.0.tar.gz", "demo-1.1rc1.tar.gz", "demo-1.10.tar.gz", "demo-1.05.tar.gz",
		"demo-2.0-cp311-cp311-win32.whl", "demo-2.0-py3-none-any.whl", "nonsense",
		"demo-1.06.tar.gz" };
	static const struct {
		const char *name, *version, *want; /* WANT NULL: none */
	} cases[] = {
		{ "demo-1.1.tar.gz", NULL, "demo-1.0.tar.gz" },
		{ "demo-1.1rc2.tar.gz", NULL, "demo-1.1rc1.tar.gz" },
		{ "demo-1.0.tar.gz", NULL, "demo-0.9.tar.gz" },
		{ "demo-0.9.tar.gz", NULL, NULL },
		{ "demo-3.0-py3-none-any.whl", NULL, "demo-2.0-py3-none-any.whl" },
		{ "demo-3.0-cp312-cp312-win32.whl", NULL, "demo-2.0-cp311-cp311-win32.whl" },
		{ "demo-2.0-py3-none-any.whl", NULL, "demo-1.0-py3-none-any.whl" },
		{ "demo-1.1.tar.gz", "1.10.0", "demo-1.10.tar.gz" },
		{ "demo-1.1.tar.gz", "7", NULL },
		/* Yanked ones are taken when they are asked for alone. */
		{ "demo-1.7.tar.gz", NULL, "demo-1.05.tar.gz" },
		{ "demo-1.7.tar.gz", "1.6", "demo-1.06.tar.gz" },
	};
	struct index_file files[ARRAY_LEN(names)] = { 0 };
	const struct index_listing l = {
		.state = INDEX_FOUND, .files = files, .count = ARRAY_LEN(names)
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		files[i].name = names[i];
	files[9].is_yanked = true;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct dist_name name = DIST_NAME_EMPTY;
		struct err e = ERR_EMPTY;
		const struct index_file *f;

		cr_assert_eq(dist_name_parse(cases[i].name, &name, NULL), ERR_OK);
		f = compare_choose(&l, &name, cases[i].version, &e);
		cr_expect_str_eq(f != NULL ? f->name : "",
		    cases[i].want != NULL ? cases[i].want : "", "case %zu", i);
		cr_expect_eq(f == NULL, e.code == ERR_NOT_FOUND, "case %zu", i);
		dist_name_fini(&name);
	}
}

static void
publish(struct rig *r, const char *version)
{
	static const char *const send[] = { "/bin/sh", "-c",
		"curl -sSf -u __token__:$T -F name=demo-pkg -F version=$V -F metadata_version=2.1 "
		"-F filetype=bdist_wheel -F pyversion=py3 -F sha256_digest=$(sha256sum "
		"demo_pkg-$V-*.whl | cut -d' ' -f1) -F content=@demo_pkg-$V-py3-none-any.whl "
		"${U}legacy/",
		NULL };

	make_dist(r->dir, version, "wheel");
	setenv("V", version, 1);
	setenv("T", secret_text(index_server_token(r->server)), 1);
	setenv("U", index_server_url(r->server), 1);
	cr_assert_eq(temp_run(r->dir, send), 0);
}

Test(compare, fetches_the_release_before_once_and_keeps_it, .fini = leak_gate)
{
	struct rig r = rig_new();
	char *index = fs_join(r.dir, "index");
	const struct index_server_opts opts = { .dir = index };
	static const char *const lose[] = { "/bin/sh", "-c", "rm index/files/demo-pkg/*", NULL };
	static const char *const damage[] = { "/bin/sh", "-c",
		"for f in cache/slipway/released/*/*.whl; do echo >>$f; done", NULL };

	cr_assert_eq(index_server_start(&opts, &r.server, NULL), ERR_OK);
	index_server_info(r.server, "mine", &r.index);
	publish(&r, "0.8");
	publish(&r, "0.9");
	make_dist(r.dir, "1.0", "wheel");
	for (int i = 0; i < 2; i++) {
		compare(&r, "demo_pkg-1.0-py3-none-any.whl",
		    (struct compare_opts) { .index = &r.index });
		expect_summary(&r, COMPARE_RELEASE, "1 changed, 1 written anew, 2 same");
		cr_expect_str_eq(r.c->with[COMPARE_RELEASE].with, "demo_pkg-0.9-py3-none-any.whl");
		expect_diff(&r, COMPARE_RELEASE, "dist-info/METADATA", "1 line added, 1 removed",
		    "-Version: 0.9\n+Version: 1.0\n");
		/* What is in the cache is not asked for again. */
		cr_assert_eq(temp_run(r.dir, lose), i);
	}
	compare(&r, "demo_pkg-1.0-py3-none-any.whl",
	    (struct compare_opts) { .index = &r.index, .against = "0.8" });
	cr_expect_not(comparison_is_done(&r.c->with[COMPARE_RELEASE]));
	cr_assert_eq(temp_run(r.dir, damage), 0);
	compare(&r, "demo_pkg-1.0-py3-none-any.whl", (struct compare_opts) { .index = &r.index });
	cr_expect_not(comparison_is_done(&r.c->with[COMPARE_RELEASE]), "damaged in the cache");
	compare(&r, "demo_pkg-0.8-py3-none-any.whl", (struct compare_opts) { .index = &r.index });
	cr_expect_not_null(
	    strstr(r.c->with[COMPARE_RELEASE].why_not, "no wheel of demo_pkg older than 0.8"));
	index_server_stop(r.server);
	r.server = NULL;
	compare(&r, "demo_pkg-1.0-py3-none-any.whl", (struct compare_opts) { .index = &r.index });
	cr_expect_not(comparison_is_done(&r.c->with[COMPARE_RELEASE]), "the index is gone");
	free(index);
	rig_end(&r);
}

Test(compare, the_files_of_one_release_ask_the_index_once, .fini = leak_gate)
{
	struct rig r = rig_new();
	char *index = fs_join(r.dir, "index");
	const struct index_server_opts opts = { .dir = index };
	struct compare_opts o = { .index = &r.index, .asked = compare_asked_new() };

	cr_assert_eq(index_server_start(&opts, &r.server, NULL), ERR_OK);
	index_server_info(r.server, "mine", &r.index);
	publish(&r, "0.9");
	make_dist(r.dir, "1.0", "wheel");
	compare(&r, "demo_pkg-1.0-py3-none-any.whl", o);
	cr_expect(comparison_is_done(&r.c->with[COMPARE_RELEASE]));
	index_server_stop(r.server);
	compare(&r, "demo_pkg-1.0-py3-none-any.whl", o);
	cr_expect(comparison_is_done(&r.c->with[COMPARE_RELEASE]), "it is gone, and not asked");
	compare_asked_free(o.asked);
	o.asked = compare_asked_new();
	compare(&r, "demo_pkg-1.0-py3-none-any.whl", o);
	cr_expect_not(comparison_is_done(&r.c->with[COMPARE_RELEASE]));
	cr_assert_eq(index_server_start(&opts, &r.server, NULL), ERR_OK);
	index_info_fini(&r.index);
	index_server_info(r.server, "mine", &r.index);
	compare(&r, "demo_pkg-1.0-py3-none-any.whl", o);
	cr_expect_not(comparison_is_done(&r.c->with[COMPARE_RELEASE]), "once was enough");
	compare_asked_free(o.asked);
	free(index);
	rig_end(&r);
}

Test(compare, a_reader_that_dies_leaves_nothing_compared, .fini = leak_gate)
{
	struct rig r = rig_new();

	make_dist(r.dir, "1.0", "wheel");
	setenv("SLIPWAY_TEST_READER", "killed", 1);
	compare(&r, "demo_pkg-1.0-py3-none-any.whl", (struct compare_opts) { .dir = r.repo });
	unsetenv("SLIPWAY_TEST_READER");
	cr_expect_eq(r.err.code, ERR_LIMIT);
	for (int b = 0; b < COMPARE_BASE_COUNT; b++) {
		const struct comparison *c = &r.c->with[b];

		cr_expect_not(comparison_is_done(c));
		cr_expect_not_null(strstr(c->why_not, "SIGKILL"), "%s", c->why_not);
	}
	rig_end(&r);
}

Test(compare, the_cache_loses_what_was_fetched_first, .fini = leak_gate)
{
	struct rig r = rig_new();
	static const char *const make[] = { "/bin/sh", "-c",
		"for i in a b c; do mkdir -p cache/slipway/released/$i;"
		" head -c 1000 /dev/zero >cache/slipway/released/$i/x; done;"
		"touch -d 2020-01-01 cache/slipway/released/a;"
		"touch -d 2021-01-01 cache/slipway/released/b",
		NULL };
	static const struct {
		uint64_t max;
		const char *keep;
		bool left[3];
	} cases[] = {
		{ 3000, "c", { true, true, true } },
		{ 2999, "c", { false, true, true } },
		{ 0, "b", { false, true, false } },
	};

	cr_assert_eq(temp_run(r.dir, make), 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		compare_cache_prune(cases[i].max, cases[i].keep);
		for (int k = 0; k < 3; k++) {
			const char name[] = { (char)('a' + k), '\0' };
			char *path = compare_cache_path(name, "x");

			cr_expect_eq(fs_is_file(path), cases[i].left[k], "case %zu: %s", i, path);
			free(path);
		}
	}
	rig_end(&r);
}

Test(compare, one_line_says_what_is_known_of_a_file, .fini = leak_gate)
{
	static char with[] = "x", labels[COMPARE_BASE_COUNT][8] = {
		[COMPARE_GIT] = "git", [COMPARE_RELEASE] = "1.0.3"
	};
	struct findings found = FINDINGS_EMPTY;
	struct compared c = { .path = NULL };
	struct release_file f = { .is_wheel = true };
	struct str text = STR_EMPTY;

	release_file_line(&f, &text);
	cr_expect_str_eq(str_text(&text), "not checked \u00b7 not compared");
	cr_expect_eq(release_file_sign(&f), SIGN_UNCHECKED);
	f.findings = &found;
	f.compared = &c;
	for (int b = 0; b < COMPARE_BASE_COUNT; b++)
		c.with[b] = (struct comparison) { .base = (enum compare_base)b };
	str_clear(&text);
	release_file_line(&f, &text);
	cr_expect_str_eq(str_text(&text), "RECORD \u2713 \u00b7 PyPI \u2713 \u00b7 release: not "
					  "compared \u00b7 git: not compared");
	cr_expect_eq(release_file_sign(&f), SIGN_UNCHECKED);
	for (int b = 0; b < COMPARE_BASE_COUNT; b++) {
		c.with[b].with = with;
		c.with[b].label = labels[b];
	}
	cr_expect_eq(release_file_sign(&f), SIGN_OK);
	c.with[COMPARE_GIT].counts[COMPARE_MODIFIED] = 1;
	c.with[COMPARE_RELEASE].counts[COMPARE_ADDED] = 3;
	findings_add(&found, RULE_GIT_MODIFIED, FINDING_WHOLE_FILE, "x");
	cr_expect_eq(release_file_sign(&f), SIGN_LOOK);
	findings_add(&found, RULE_RECORD_HASH, FINDING_WHOLE_FILE, "x");
	cr_expect_eq(release_file_sign(&f), SIGN_BAD);
	str_clear(&text);
	release_file_line(&f, &text);
	cr_expect_str_eq(
	    str_text(&text), "RECORD \u2717 \u00b7 PyPI: 1 error \u00b7 1.0.3: +3 \u00b7 git ~1");
	f.is_wheel = false;
	str_clear(&text);
	release_file_line(&f, &text);
	cr_expect_str_eq(str_text(&text), "PyPI: 1 error \u00b7 1.0.3: +3 \u00b7 git ~1");
	findings_fini(&found);
	str_fini(&text);
}

Test(compare, may_be_called_off_at_any_time, .fini = leak_gate)
{
	struct rig r = rig_new();

	make_dist(r.dir, "1.0", "wheel");
	for (int turns = 0; turns < 6; turns++) {
		char *path = fs_join(r.dir, "demo_pkg-1.0-py3-none-any.whl");
		struct compare_run *run;

		r.done = false;
		run = compare_start(&(struct compare_opts) { .loop = r.loop,
					.worker = r.worker,
					.http = r.http,
					.reader = READER_CHILD,
					.path = path,
					.dir = r.repo },
		    on_compared, &r);
		for (int i = 0; i < turns && !r.done; i++)
			loop_turn(r.loop, 1);
		if (!r.done)
			compare_cancel(run);
		compared_free(r.c);
		r.c = NULL;
		free(path);
	}
	rig_end(&r);
}
