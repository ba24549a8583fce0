/* A release that is cancelled, cut off, gone on with and given up, on a real repository. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rig.h"
#include "slipway/base/mem.h"
#include "slipway/os/clock.h"
#include "slipway/os/fs.h"

#define PERSON(...)                                                                                \
	(const struct rig_answer[]) { __VA_ARGS__ },                                               \
	    sizeof((const struct rig_answer[]) { __VA_ARGS__ }) / sizeof(struct rig_answer)

#define UP_TO_REVIEW                                                                               \
	{ ASK_PREFLIGHT, "go-on", RIG_ANSWER, NULL }, { ASK_VERSION, "minor", RIG_ANSWER, NULL },  \
	{                                                                                          \
		ASK_EDITS, "accept", RIG_ANSWER, NULL                                              \
	}

static const struct wizard_opts person = { .mode = WIZARD_RELEASE };

static void
expect_untouched(const struct rig *r, const char *before)
{
	char *now = rig_snapshot(r);

	cr_expect_str_eq(now, before);
	cr_expect(!rig_has_state(r), "a release is left in .git/slipway");
	free(now);
}

Test(resume, leaves_nothing_when_cancelled_before_the_commit, .fini = leak_gate)
{
	static const struct rig_answer row[][3] = {
		{ { ASK_PREFLIGHT, NULL, RIG_CANCEL, NULL } },
		{ { ASK_PREFLIGHT, "go-on", RIG_ANSWER, NULL },
		    { ASK_VERSION, NULL, RIG_CANCEL, NULL } },
		{ { ASK_PREFLIGHT, "go-on", RIG_ANSWER, NULL },
		    { ASK_VERSION, "minor", RIG_ANSWER, NULL },
		    { ASK_EDITS, NULL, RIG_CANCEL, NULL } },
	};
	struct rig r = rig_new(NULL, NULL);
	char *before = rig_snapshot(&r);

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		rig_run(&r, person, row[i], i + 1);
		cr_expect_eq(r.err.code, ERR_CANCELLED, "row %zu: %s", i, r.err.message);
		expect_untouched(&r, before);
	}
	free(before);
	rig_end(&r);
}

Test(resume, goes_back_and_asks_again_in_spite_of_flags, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);
	struct wizard_opts opts = person;

	opts.bump = "patch";
	rig_run(&r, opts,
	    PERSON({ ASK_PREFLIGHT, "go-on", RIG_ANSWER, NULL },
		{ ASK_EDITS, NULL, RIG_BACK, NULL },
		{ ASK_VERSION, "1.0.2", RIG_ANSWER, NULL },
		{ ASK_VERSION, "1.0.2", RIG_ANSWER, NULL },
		{ ASK_EDITS, NULL, RIG_CANCEL, NULL }));
	cr_expect_eq(r.err.code, ERR_CANCELLED, "%s", r.err.message);
	cr_expect(rig_asked(&r, "version: Which version?"));
	/* A lower one is taken when it is typed a second time. */
	cr_expect(rig_asked(&r, "1.0.2 is lower than 1.0.3: answer it once more"));
	cr_expect_eq(r.used[ASK_VERSION], 2);
	rig_end(&r);
}

Test(resume, gives_up_a_release_that_was_cut_off_at_the_review, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);
	char *before = rig_snapshot(&r), *cache;

	rig_run(&r, person, PERSON(UP_TO_REVIEW, { ASK_REVIEW, NULL, RIG_KILL, NULL }));
	cr_assert(r.killed, "%s", r.err.message);
	cr_expect(rig_has_state(&r));
	rig_run_mode(&r, WIZARD_STATUS);
	cr_expect_eq(r.err.code, ERR_OK, "%s", r.err.message);
	rig_run_mode(&r, WIZARD_ABORT);
	cr_expect_eq(r.err.code, ERR_OK, "%s", r.err.message);
	expect_untouched(&r, before);
	cache = mem_printf("%s/cache/slipway", r.dir);
	struct strlist left = STRLIST_EMPTY;
	fs_list(cache, &left, NULL);
	cr_expect_eq(left.count, 0, "%s is left", left.count > 0 ? left.items[0] : "");
	strlist_fini(&left);
	free(cache);
	free(before);
	rig_end(&r);
}

/* -- with the journal, files or tags tampered with -- */

static char *
journal_of(const struct rig *r)
{
	char *dir = rig_state_dir(r), *text = temp_read(dir, "journal", NULL);

	free(dir);
	return text;
}

static void
write_journal(const struct rig *r, const char *text)
{
	char *dir = rig_state_dir(r);

	temp_puts(dir, "journal", text);
	free(dir);
}

/* Cuts the journal behind the last line that holds PART. */
static void
cut_journal(const struct rig *r, const char *part)
{
	char *text = journal_of(r), *at = text, *last = NULL;

	while ((at = strstr(at, part)) != NULL)
		last = at++;
	cr_assert_not_null(last, "no %s in %s", part, text);
	last[strcspn(last, "\n") + 1] = '\0';
	write_journal(r, text);
	free(text);
}

static void
append_journal(const struct rig *r, const char *line)
{
	char *text = journal_of(r), *both = mem_printf("%s%s", text, line);

	write_journal(r, both);
	free(text);
	free(both);
}

static void
change_wheel(void *arg)
{
	struct rig *r = arg;
	char *dir = rig_state_dir(r),
	     *path = mem_printf("%s/dist/rig-cli/rig_cli-1.1.0-py3-none-any.whl", dir);
	FILE *f = fopen(path, "ab");

	cr_assert_not_null(f, "%s", path);
	fputc('x', f);
	fclose(f);
	free(path);
	free(dir);
}

#define UP_TO_CONFIRM                                                                              \
	UP_TO_REVIEW, { ASK_REVIEW, "accept", RIG_ANSWER, NULL },                                  \
	{                                                                                          \
		ASK_TEST_INDEX, "none", RIG_ANSWER, NULL                                           \
	}

Test(resume, sends_nothing_when_one_file_was_changed_after_the_review, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);

	rig_run(&r, person,
	    PERSON(UP_TO_REVIEW, { ASK_REVIEW, "accept", RIG_ANSWER, NULL },
		{ ASK_TEST_INDEX, "testpypi", RIG_ANSWER, change_wheel },
		{ ASK_UPLOAD_FAILED, "leave", RIG_ANSWER, NULL }));
	cr_expect_eq(r.err.code, ERR_CONFLICT, "%s", r.err.message);
	cr_expect_eq(rig_files_on(&r, r.test), 0);
	rig_run_mode(&r, WIZARD_ABORT);
	cr_expect_eq(r.err.code, ERR_OK, "%s", r.err.message);
	rig_end(&r);
}

Test(resume, publishes_nothing_when_one_file_was_changed_after_the_review, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);

	rig_run(&r, person,
	    PERSON(UP_TO_CONFIRM, { ASK_CONFIRM, "1.1.0", RIG_ANSWER, change_wheel },
		{ ASK_PUBLISH_FAILED, "leave", RIG_ANSWER, NULL }));
	cr_expect_eq(r.err.code, ERR_CONFLICT, "%s", r.err.message);
	cr_expect_eq(rig_files_on(&r, r.production), 0);
	cr_expect_neq(gitrepo_try(r.repo, "rev-parse -q --verify refs/tags/v1.1.0"), 0);
	rig_end(&r);
}

Test(resume, makes_a_commit_anew_that_was_not_recorded, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);
	char *text;

	rig_run(&r, person, PERSON(UP_TO_REVIEW, { ASK_REVIEW, NULL, RIG_KILL, NULL }));
	cut_journal(&r, "\"outcome\"");
	gitrepo_commit(r.repo, "README.md", "# Rig, again\n", "fix: meanwhile");
	rig_run(&r, (struct wizard_opts) { .mode = WIZARD_RESUME },
	    PERSON({ ASK_PREFLIGHT, "go-on", RIG_ANSWER, NULL },
		{ ASK_VERSION, "major", RIG_ANSWER, NULL },
		{ ASK_EDITS, "accept", RIG_ANSWER, NULL }, { ASK_REVIEW, NULL, RIG_KILL, NULL }));
	cr_assert(r.killed, "%s", r.err.message);
	text = gitrepo_output(r.repo, "for-each-ref --format=%(subject) refs/slipway");
	cr_expect_str_eq(text, "Release version 2.0.0");
	free(text);
	text = gitrepo_output(r.repo, "for-each-ref --format=%(parent) refs/slipway");
	char *head = gitrepo_output(r.repo, "rev-parse HEAD");
	cr_expect_str_eq(text, head);
	free(head);
	free(text);
	rig_end(&r);
}

Test(resume, keeps_what_was_answered, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);

	rig_run(&r, person, PERSON(UP_TO_CONFIRM, { ASK_CONFIRM, NULL, RIG_KILL, NULL }));
	/* The power went while the last line was written. */
	append_journal(&r, "{\"kind\": \"step\", \"st");
	rig_run(&r, (struct wizard_opts) { .mode = WIZARD_RESUME },
	    PERSON({ ASK_CONFIRM, NULL, RIG_CANCEL, NULL }));
	cr_expect_eq(r.err.code, ERR_CANCELLED, "%s", r.err.message);
	cr_expect_eq(r.asked.count, 1);
	rig_end(&r);
}

Test(resume, leaves_a_journal_of_a_newer_program_alone, .fini = leak_gate)
{
	static const enum wizard_mode modes[] = { WIZARD_RESUME, WIZARD_ABORT, WIZARD_STATUS };
	struct rig r = rig_new(NULL, NULL);
	char *text, *at;

	rig_run(&r, person, PERSON(UP_TO_REVIEW, { ASK_REVIEW, NULL, RIG_KILL, NULL }));
	text = journal_of(&r);
	at = strstr(text, "\"format\":");
	cr_assert_not_null(at);
	at[strcspn(at, "1")] = '9';
	write_journal(&r, text);
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		rig_run_mode(&r, modes[i]);
		cr_expect_eq(
		    r.err.code, ERR_UNSUPPORTED, "mode %d: %s", (int)modes[i], r.err.message);
		cr_expect(rig_has_state(&r));
	}
	free(text);
	rig_end(&r);
}

static void
push_on_top(void *arg)
{
	struct rig *r = arg;

	gitrepo_git(r->repo, "clone -q ../remote.git ../other");
	temp_puts(r->dir, "other/NEWS.md", "what comes next\n");
	gitrepo_git(r->repo, "-C ../other add NEWS.md");
	gitrepo_git(r->repo, "-C ../other commit -q -m next");
	gitrepo_git(r->repo, "-C ../other push -q origin main");
}

/* The tag on the remote says that our push arrived; the branch may have moved on since. */
Test(resume, does_not_push_again_below_what_somebody_put_on_top, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);

	rig_run(&r, person,
	    PERSON(UP_TO_CONFIRM, { ASK_CONFIRM, "1.1.0", RIG_ANSWER, NULL },
		{ ASK_SUMMARY, NULL, RIG_KILL, push_on_top }));
	cr_assert(r.killed, "%s", r.err.message);
	/* Killed between the push and the record of it. */
	cut_journal(&r, "\"key\":\"push\",\"at\":");
	rig_run(&r, (struct wizard_opts) { .mode = WIZARD_RESUME },
	    PERSON({ ASK_PUBLISH_FAILED, NULL, RIG_CANCEL, NULL },
		{ ASK_SUMMARY, "finish", RIG_ANSWER, NULL }));
	cr_expect_eq(r.err.code, ERR_OK, "%s", r.err.message);
	cr_expect_not(rig_asked(&r, "publish: "));
	rig_end(&r);
}

static void
put_intent(const struct rig *r, const char *effect, const char *key)
{
	char *line = mem_printf("{\"effect\": \"%s\", \"key\": \"%s\", \"at\": %lld, "
				"\"kind\": \"intent\", \"time\": \"x\"}\n",
	    effect, key, (long long)clock_now());

	append_journal(r, line);
	free(line);
}

/* The locks of a git that was killed with Slipway, and one that was there long before. */
Test(resume, clears_the_locks_of_a_killed_git_and_no_others, .fini = leak_gate)
{
	static const char *const ours[] = { ".git/index.lock", ".git/refs/tags/v1.1.0.lock",
		".git/refs/heads/main.lock" };
	const struct timespec long_ago[2] = { { .tv_sec = 1000000 }, { .tv_sec = 1000000 } };
	struct rig r = rig_new(NULL, NULL);
	char *path;

	rig_run(&r, person, PERSON(UP_TO_CONFIRM, { ASK_CONFIRM, NULL, RIG_KILL, NULL }));
	put_intent(&r, "tag", "tag v1.1.0");
	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		temp_puts(r.repo, ours[i], "");
	path = fs_join(r.repo, ".git/packed-refs.lock");
	temp_puts(r.repo, ".git/packed-refs.lock", "");
	cr_assert_eq(utimensat(AT_FDCWD, path, long_ago, 0), 0);
	rig_run_mode(&r, WIZARD_STATUS);
	cr_expect(fs_exists(path));
	free(path);
	path = fs_join(r.repo, ".git/index.lock");
	cr_expect(fs_exists(path), "to look changes nothing");
	free(path);
	rig_run(&r, (struct wizard_opts) { .mode = WIZARD_RESUME },
	    PERSON({ ASK_CONFIRM, NULL, RIG_CANCEL, NULL }));
	for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
		path = fs_join(r.repo, ours[i]);
		cr_expect_not(fs_exists(path), "%s", path);
		free(path);
	}
	path = fs_join(r.repo, ".git/packed-refs.lock");
	cr_expect(fs_exists(path), "older than the release: not ours");
	cr_assert_eq(unlink(path), 0);
	free(path);
	rig_end(&r);
}

/* -- giving up -- */

Test(resume, gives_up_although_the_tag_was_only_announced, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);
	char *before = rig_snapshot(&r);

	rig_run(&r, person, PERSON(UP_TO_CONFIRM, { ASK_CONFIRM, NULL, RIG_KILL, NULL }));
	put_intent(&r, "tag", "tag v1.1.0");
	rig_run_mode(&r, WIZARD_ABORT);
	cr_expect_eq(r.err.code, ERR_OK, "%s", r.err.message);
	expect_untouched(&r, before);
	free(before);
	rig_end(&r);
}

Test(resume, never_deletes_a_tag_of_somebody_else, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);

	rig_run(&r, person, PERSON(UP_TO_CONFIRM, { ASK_CONFIRM, NULL, RIG_KILL, NULL }));
	put_intent(&r, "tag", "tag v1.1.0");
	gitrepo_git(r.repo, "tag -a -m mine v1.1.0");
	rig_run_mode(&r, WIZARD_ABORT);
	cr_expect_eq(gitrepo_try(r.repo, "rev-parse -q --verify refs/tags/v1.1.0"), 0);
	rig_end(&r);
}

Test(resume, does_not_give_up_what_production_may_have, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);

	rig_run(&r, person, PERSON(UP_TO_CONFIRM, { ASK_CONFIRM, NULL, RIG_KILL, NULL }));
	put_intent(&r, "upload", "upload production rig_cli-1.1.0-py3-none-any.whl");
	index_server_stop(r.production);
	r.production = NULL;
	rig_run_mode(&r, WIZARD_ABORT);
	cr_expect_eq(r.err.code, ERR_REFUSED, "%s", r.err.message);
	cr_expect(rig_has_state(&r));
	rig_end(&r);
}

Test(resume, does_not_give_up_an_upload_that_it_cannot_place, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);

	rig_run(&r, person, PERSON(UP_TO_CONFIRM, { ASK_CONFIRM, NULL, RIG_KILL, NULL }));
	put_intent(&r, "upload", "upload production of-which-nothing-else-is-known.whl");
	rig_run_mode(&r, WIZARD_ABORT);
	cr_expect_eq(r.err.code, ERR_REFUSED, "%s", r.err.message);
	rig_end(&r);
}

Test(resume, gives_up_although_built_files_are_gone, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);
	char *before = rig_snapshot(&r), *dir, *dist;

	rig_run(&r, person, PERSON(UP_TO_CONFIRM, { ASK_CONFIRM, NULL, RIG_KILL, NULL }));
	dir = rig_state_dir(&r);
	dist = fs_join(dir, "dist");
	cr_assert_eq(fs_remove_tree(dist, NULL), ERR_OK);
	rig_run(&r, (struct wizard_opts) { .mode = WIZARD_RESUME, .unattended = true }, NULL, 0);
	cr_expect_eq(r.err.code, ERR_NOT_FOUND, "%s", r.err.message);
	rig_run_mode(&r, WIZARD_ABORT);
	cr_expect_eq(r.err.code, ERR_OK, "%s", r.err.message);
	expect_untouched(&r, before);
	free(dist);
	free(dir);
	free(before);
	rig_end(&r);
}
