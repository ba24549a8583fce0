/* What a release refuses, and how it says so: the exit status, the words, and nothing touched. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fault_index.h"
#include "gitrepo.h"
#include "slipway/base/mem.h"
#include "slipway/index/server.h"
#include "slipway/os/fs.h"
#include "temp.h"
#include "world.h"

#define GO "release minor --yes --confirm 1.1.0"
#define RUNTIME "packages/runtime/pyproject.toml"
#define CLI "packages/cli/pyproject.toml"

static void
expect_refused(
    const struct world *w, const char *what, const char *args, int status, const char *const *says)
{
	char *before = fs_is_dir(w->project) ? world_snapshot(w) : NULL;
	struct run_result r;

	world_run(w, args, &r);
	if (r.status != status)
		run_dump(&r);
	cr_expect_eq(r.status, status, "%s: %d, not %d", what, r.status, status);
	for (size_t i = 0; says[i] != NULL; i++)
		cr_expect(strstr(r.err, says[i]) != NULL || strstr(r.out, says[i]) != NULL,
		    "%s: no \"%s\" in\n%s", what, says[i], r.err);
	world_expect_untouched(w, before, what);
	world_expect_no_process(w, what);
	cr_expect_not(world_has_unfinished(w), "%s: an unfinished release is left", what);
	run_fini(&r);
	free(before);
}

/* Made to the repository before the release; "git ARGS" lines, or a file and its text. */
struct row {
	const char *what;
	const char *git[4];
	const char *file, *text;
	bool commit;	    /* the file, and push it */
	const char *config; /* lines for [release] */
	const char *args;   /* NULL: GO */
	int status;
	const char *says[6];
};

static const struct row rows[] = {
	{ .what = "detached",
	    .git = { "checkout -q --detach" },
	    .status = 1,
	    .says = { "branch: HEAD is detached", "git switch main" } },
	{ .what = "mid-merge",
	    .git = { "checkout -q -b side HEAD~1", "commit -q --allow-empty -m side",
		"checkout -q main", "merge -q --no-ff --no-commit side" },
	    .status = 1,
	    .says = { "merge is in progress" } },
	{ .what = "dirty tree",
	    .file = "README.md",
	    .text = "changed\n",
	    .status = 1,
	    .says = { "clean tree: 1 changed, 0 untracked: README.md", "git stash" } },
	{ .what = "untracked file",
	    .file = "new\033[2J.txt",
	    .text = "new\n",
	    .status = 1,
	    .says = { "0 changed, 1 untracked" } },
	{ .what = "no remote",
	    .git = { "remote remove origin" },
	    .args = "plan minor",
	    .status = 0,
	    .says = { "there is none: the release will not be pushed" } },
	{ .what = "another branch",
	    .git = { "checkout -q -b feature" },
	    .status = 1,
	    .says = { "on feature", "main" } },
	{ .what = "behind the remote",
	    .git = { "commit -q --allow-empty -m theirs", "push -q origin main",
		"reset -q --hard HEAD~1", "update-ref refs/remotes/origin/main HEAD" },
	    .status = 1,
	    .says = { "remote: origin has 1 commit that is not here", "git pull" } },
	{ .what = "broken TOML",
	    .file = RUNTIME,
	    .text = "[project]\nname = \"x\"\nversion = 1.0.3\n",
	    .commit = true,
	    .status = 1,
	    .says = { RUNTIME ":3:" } },
	{ .what = "version that is none",
	    .file = RUNTIME,
	    .text = "[project]\nname = \"rethink-llmhub-runtime\"\nversion = \"one\"\n",
	    .commit = true,
	    .status = 1,
	    .says = { RUNTIME, "one", "version" } },
	{ .what = "two of one name",
	    .file = RUNTIME,
	    .text = "[project]\nname = \"Rethink_LLMhub\"\nversion = \"1.0.3\"\n",
	    .commit = true,
	    .status = 1,
	    .says = { "packages/cli", "packages/runtime" } },
	{ .what = "no packages",
	    .git = { "rm -rq packages", "commit -q -m none", "push -q origin main" },
	    .status = 1,
	    .says = { "package" } },
	{ .what = "unknown key",
	    .config = "chekcs = [\"true\"]\n",
	    .status = 2,
	    .says = { "slipway.toml:", "chekcs", "checks" } },
	{ .what = "broken configuration",
	    .config = "checks = [\n",
	    .status = 2,
	    .says = { "slipway.toml:" } },
	{ .what = "nothing answered",
	    .args = "release",
	    .status = 2,
	    .says = { "3 answers are missing", "--yes", "--confirm", "BUMP" } },
	{ .what = "no version in sight",
	    .args = "release 1.two --yes --confirm 1.1.0",
	    .status = 2,
	    .says = { "1.two" } },
	{ .what = "the current version",
	    .args = "release 1.0.3 --yes --confirm 1.0.3",
	    .status = 2,
	    .says = { "1.0.3 is the current version" } },
	{ .what = "a lower version",
	    .args = "release 1.0.2 --yes --confirm 1.0.2",
	    .status = 2,
	    .says = { "1.0.2 is lower than 1.0.3", "a person who asks twice" } },
	{ .what = "a local version",
	    .args = "release 1.1.0+local --yes --confirm 1.1.0",
	    .status = 2,
	    .says = { "local" } },
	{ .what = "tag exists",
	    .git = { "tag v1.1.0" },
	    .status = 2,
	    .says = { "the tag v1.1.0 exists", "higher version" } },
	{ .what = "unknown option",
	    .args = "release --conform=1.1.0",
	    .status = 2,
	    .says = { "--conform", "--confirm" } },
	{ .what = "unknown command",
	    .args = "relase",
	    .status = 2,
	    .says = { "relase", "release" } },
	{ .what = "unknown test index",
	    .args = GO " --test-index=nowhere",
	    .status = 2,
	    .says = { "nowhere" } },
};

Test(bad_input, is_refused_with_nothing_touched, .timeout = 200)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct world w;

		world_init(&w, &(struct world_opts) { .release = row->config });
		for (size_t k = 0; k < ARRAY_LEN(row->git) && row->git[k] != NULL; k++)
			gitrepo_git(w.project, row->git[k]);
		if (row->commit) {
			gitrepo_commit(w.project, row->file, row->text, "break it");
			gitrepo_git(w.project, "push -q origin main");
		} else if (row->file != NULL) {
			temp_puts(w.project, row->file, row->text);
		}
		expect_refused(
		    &w, row->what, row->args != NULL ? row->args : GO, row->status, row->says);
		world_fini(&w);
	}
}

/* -- repositories that are none, or none of ours -- */

static void
expect_elsewhere(const char *init, int status, const char *says)
{
	struct world w;

	world_init(&w, &(struct world_opts) { .rehearse = false });
	free(w.project);
	w.project = fs_join(w.dir, "elsewhere");
	fs_mkdirs(w.project, 0755, NULL);
	if (init != NULL)
		gitrepo_git(w.project, init);
	for (size_t i = 0; i < 2; i++) {
		struct run_result r;

		world_run(&w, i == 0 ? GO : "plan minor", &r);
		if (r.status != status || strstr(r.err, says) == NULL)
			run_dump(&r);
		cr_expect_eq(r.status, status, "%s: %d", says, r.status);
		cr_expect_not_null(strstr(r.err, says), "no \"%s\"", says);
		run_fini(&r);
	}
	world_expect_no_process(&w, says);
	world_fini(&w);
}

Test(bad_input, repositories_that_cannot_be_looked_at_are_exit_3, .timeout = 60)
{
	expect_elsewhere(NULL, 3, "elsewhere");
	expect_elsewhere("init -q", 1, "no commit yet");
	expect_elsewhere("init -q --object-format=sha256", 3, "objectformat=sha256");
}

/* -- the index -- */

Test(bad_input, a_version_on_the_index_is_not_released_again, .timeout = 200)
{
	static const char *const says[] = { "1.1.0", "higher", NULL };
	struct world w;

	world_init(&w, &(struct world_opts) { .rehearse = false });
	world_expect(&w, GO, 0);
	gitrepo_git(w.project, "reset -q --hard HEAD~1");
	gitrepo_git(w.project, "push -q -f origin main :refs/tags/v1.1.0");
	gitrepo_git(w.project, "tag -d v1.1.0");
	expect_refused(&w, "on the index", GO, 2, says);
	world_fini(&w);
}

Test(bad_input, an_index_that_babbles_or_is_silent_stops_the_preflight, .timeout = 200)
{
	static const struct {
		const char *fault, *says[3];
	} row[] = {
		{ "garbage", { "index: " } },
		{ "bad-json", { "index: " } },
		{ "list-500", { "index: ", "500" } },
		{ "never", { "index: ", "nothing came" } },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct world w;
		struct fault_index *f;

		world_init(&w, &(struct world_opts) { .rehearse = false });
		f = fault_index_start(index_server_url(w.production), row[i].fault, 0);
		mem_set(&w.production_url, fault_index_url(f));
		world_configure(&w, &(struct world_opts) { .rehearse = false });
		expect_refused(&w, row[i].fault, GO, 1, row[i].says);
		fault_index_stop(f);
		world_fini(&w);
	}
}

/* -- builds -- */

static const char *
build(const char *script)
{
	static char line[1024];

	snprintf(line, sizeof line,
	    "build = [\"/bin/sh\", \"-c\", '%s', \"build\", \"{outdir}\"]\n", script);
	return line;
}

static void
make_with_build(struct world *w, const char *script)
{
	world_init(w, &(struct world_opts) { .own_build = true, .release = build(script) });
}

Test(bad_input, a_build_that_fails_shows_its_last_words, .timeout = 60)
{
	struct world w;
	struct run_result r;
	char *before;

	make_with_build(&w, "echo no luck today; exit 7");
	before = world_snapshot(&w);
	world_run(&w, GO, &r);
	cr_expect_eq(r.status, 1, "%d", r.status);
	cr_expect_not_null(strstr(r.out, "no luck today"), "%s", r.out);
	cr_expect_not_null(strstr(r.err, "7"), "%s", r.err);
	run_fini(&r);
	world_expect_untouched(&w, before, "a build that fails");
	world_expect(&w, "abort", 0);
	world_expect_tidy(&w, "abort");
	free(before);
	world_fini(&w);
}

/* The build starts children in a group of its own, which ignore being told to stop. */
Test(bad_input, a_build_that_hangs_is_ended_with_all_its_children, .timeout = 60)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGKILL };

	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		struct world w;
		struct world_child c;
		char *mark;

		make_with_build(&w, "sleep 600 & touch $HOME/started; sleep 600; wait");
		mark = fs_join(w.dir, "home/started");
		cr_expect(world_run_until(&w, GO, world_at_file, mark, signals[i], &c), "%s",
		    str_text(&c.text));
		if (signals[i] != SIGKILL)
			cr_expect_eq(c.status, 130, "%d: %s", c.status, str_text(&c.text));
		world_child_fini(&c);
		world_expect_no_process(&w, "a build that hung");
		free(mark);
		world_fini(&w);
	}
}

/* 200 MB of log in a few megabytes of memory: the address space says when it is more. */
Test(bad_input, a_build_that_prints_without_end_is_held_in_bounds, .timeout = 200)
{
	struct world w;
	struct rusage usage;
	char *before;
	struct run_result r;

	make_with_build(&w, "yes xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx | "
			    "head -c 200000000; exit 1");
	before = world_snapshot(&w);
	world_run(&w, GO, &r);
	cr_expect_eq(r.status, 1, "%d", r.status);
	cr_expect_lt(r.out_len, 1000000, "%zu bytes", r.out_len);
	run_fini(&r);
	getrusage(RUSAGE_CHILDREN, &usage);
	cr_expect_lt(usage.ru_maxrss, 120 * 1024, "%ld KB resident", usage.ru_maxrss);
	world_expect_untouched(&w, before, "a long log");
	free(before);
	world_fini(&w);
}

/* -- the disk -- */

Test(bad_input, a_full_disk_is_told_and_can_be_gone_on_from, .timeout = 100)
{
	struct world w;
	struct run_result r;
	char *state, *before;

	world_init(&w, &(struct world_opts) { .rehearse = false });
	state = fs_join(w.project, ".git/slipway");
	fs_mkdirs(state, 0700, NULL);
	/* Two pages: the lock and the start of the journal. It is full before anything is made. */
	if (mount("slipway-test", state, "tmpfs", 0, "size=8k") != 0) {
		free(state);
		world_fini(&w);
		cr_skip_test("a small disk cannot be mounted here");
	}
	before = world_snapshot(&w);
	world_run(&w, GO, &r);
	if (strstr(r.err, "No space left") == NULL && strstr(r.out, "No space left") == NULL)
		run_dump(&r);
	cr_expect_eq(r.status, 1, "%d", r.status);
	cr_expect(strstr(r.err, "No space left") != NULL || strstr(r.out, "No space left") != NULL);
	world_expect_untouched(&w, before, "a full disk");
	world_expect_nothing_public(&w, "1.1.0");
	run_fini(&r);
	cr_expect_eq(mount("slipway-test", state, "tmpfs", MS_REMOUNT, "size=20m"), 0);
	world_run(&w, world_has_unfinished(&w) ? "resume --yes --confirm 1.1.0" : GO, &r);
	if (r.status != 0)
		run_dump(&r);
	cr_expect_eq(r.status, 0, "%d", r.status);
	run_fini(&r);
	world_expect_published(&w, "1.1.0", false);
	world_expect_tidy(&w, "a full disk");
	umount(state);
	free(before);
	free(state);
	world_fini(&w);
}
