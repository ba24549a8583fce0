/* A release that is ended at each of its steps, and at each of its effects, goes on and comes to
 * the same end: nothing published twice, nothing lost, and nothing of the user's touched before the
 * confirmation. One release is ended over and over: each time it has to find its way on from what
 * the world says. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "temp.h"
#include "world.h"

/* A new release, or the one that is there: RELEASE and RESUME are the words for each. */
static const char *
go(const struct world *w, const char *release, const char *resume)
{
	return world_has_unfinished(w) ? resume : release;
}

static void
expect_status(const struct world *w, const char *step)
{
	struct run_result r;

	world_run(w, "status", &r);
	if (strstr(r.out, step) == NULL || r.status != 0)
		run_dump(&r);
	cr_expect_eq(r.status, 0);
	cr_expect_not_null(strstr(r.out, step), "status does not speak of %s", step);
	run_fini(&r);
}

static char *const before_confirm[] = { "preflight", "version", "edits", "notes", "commit",
	"checks", "build", "verify", "review", "rehearse", "smoke", "confirm" };

/* Without --confirm nothing can pass the confirmation, however late the signal comes. A preflight
 * needs it, though, or the missing answer ends it at once: until the commit is behind it. */
static void
end_at_each(struct world *w, const int *signals, size_t count, const char *before)
{
	for (size_t i = 0; i < ARRAY_LEN(before_confirm); i++) {
		struct world_child c;
		const char *step = before_confirm[i];
		bool hit = world_run_until(w,
		    go(w, "release 1.1.0 --yes --confirm 1.1.0",
			i <= 5 ? "resume --yes --confirm 1.1.0" : "resume --yes"),
		    world_at_line, before_confirm[i], signals[i % count], &c);

		if (!hit)
			fprintf(stderr, "%s\n", str_text(&c.text));
		cr_assert(hit, "%s never began", step);
		if (signals[i % count] != SIGKILL && strcmp(step, "confirm") != 0)
			cr_expect_eq(
			    c.status, 130, "%s: %d\n%s", step, c.status, str_text(&c.text));
		world_child_fini(&c);
		world_expect_untouched(w, before, step);
		world_expect_no_process(w, step);
		if (world_has_unfinished(w))
			expect_status(w, i < 3 ? "preflight" : "stopped in");
	}
}

/* SIGKILL until the confirmation, then at each step behind it. */
Test(recovery, killed_at_each_step_comes_to_the_same_end, .timeout = 280)
{
	static const int signals[] = { SIGKILL };
	static char *const behind[] = { "publish", "live", "summary" };
	struct world w;
	char *before;

	world_init(&w, &(struct world_opts) {
			   .rehearse = true, .release = "checks = [\"test -f NEWS.md\"]\n" });
	before = world_snapshot(&w);
	end_at_each(&w, signals, ARRAY_LEN(signals), before);
	world_expect(&w, "resume --yes --confirm 1.1.1", 2);
	world_expect_untouched(&w, before, "a wrong confirmation");
	for (size_t i = 0; i < ARRAY_LEN(behind); i++) {
		struct world_child c;

		world_run_until(
		    &w, "resume --yes --confirm 1.1.0", world_at_line, behind[i], SIGKILL, &c);
		cr_expect_eq(c.status, 128 + SIGKILL, "%s\n%s", behind[i], str_text(&c.text));
		world_child_fini(&c);
		world_expect_no_process(&w, behind[i]);
		expect_status(&w, "stopped in");
	}
	world_expect(&w, "resume --yes --confirm 1.1.0", 0);
	world_expect_published(&w, "1.1.0", true);
	world_expect_tidy(&w, "at the end");
	free(before);
	world_fini(&w);
}

/* The gentle signals are a cancellation; abort gives up what was begun. */
Test(recovery, cancelled_at_each_step_leaves_all_as_it_was, .timeout = 280)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct world w;
	char *before;

	world_init(&w, &(struct world_opts) {
			   .rehearse = true, .release = "checks = [\"test -f NEWS.md\"]\n" });
	before = world_snapshot(&w);
	end_at_each(&w, signals, ARRAY_LEN(signals), before);
	world_expect(&w, "abort", 0);
	world_expect_untouched(&w, before, "an abort");
	world_expect_tidy(&w, "an abort");
	world_expect(&w, "status", 0);
	world_expect(&w, "abort", 1);
	free(before);
	world_fini(&w);
}

#define RUNTIME "rethink_llmhub_runtime-%s"
#define CLI "rethink_llmhub-%s"

/* The effects of a release in their order, by their keys in the journal; %s is the version. */
static const char *const effects[] = { "commit", "tag v%s", "push check",
	"upload production " RUNTIME "-py3-none-any.whl", "upload production " RUNTIME ".tar.gz",
	"upload production " CLI "-py3-none-any.whl", "upload production " CLI ".tar.gz", "branch",
	"push", "copy rethink-llmhub-runtime", "copy rethink-llmhub" };

/* The key of effect I, owned by the caller. */
static char *
key_of(size_t i, const char *version)
{
	const char *slot = strstr(effects[i], "%s");

	if (slot == NULL)
		return mem_strdup(effects[i]);
	return mem_printf("%.*s%s%s", (int)(slot - effects[i]), effects[i], version, slot + 2);
}

/* Once at each of the first COUNT effects whose record (of KIND, with RESULT) is not there yet; the
 * number of kills. */
static size_t
kill_at_each_effect(struct world *w, const char *version, struct world_record record, size_t count)
{
	char *release = mem_printf("release %s --yes --confirm %s", version, version);
	char *resume = mem_printf("resume --yes --confirm %s", version);
	size_t kills = 0;

	for (size_t i = 0; i < count; i++) {
		char *key = key_of(i, version);
		struct world_child c;

		record.key = key;
		/* The last kill may have come late: this effect was reached by it. */
		if (kills > 0 && world_records(w, &record) > 0) {
			free(key);
			continue;
		}
		if (!world_run_until(w, kills == 0 ? release : go(w, release, resume),
			world_at_record, &record, SIGKILL, &c) ||
		    c.status != 128 + SIGKILL)
			cr_assert_fail("%s %s was not reached: %d\n%s", record.kind, key, c.status,
			    str_text(&c.text));
		kills++;
		world_child_fini(&c);
		world_expect_no_process(w, key);
		free(key);
		/* Too late even for the end: nothing is left to go on with. */
		if (!world_has_unfinished(w))
			break;
		expect_status(w, "stopped in");
		if (world_listed(w, "production", version) > 0)
			world_expect(w, "abort", 1);
	}
	if (world_has_unfinished(w))
		world_expect(w, resume, 0);
	free(release);
	free(resume);
	return kills;
}

/* SIGKILL with each intent on the disk, when its effect may have happened or not; then, in the next
 * release, with each outcome. Every time abort must know whether it may still undo. */
Test(recovery, killed_at_each_effect_comes_to_the_same_end, .timeout = 280)
{
	struct world w;
	size_t kills;

	world_init(&w, &(struct world_opts) { .rehearse = false });
	kills = kill_at_each_effect(
	    &w, "1.1.0", (struct world_record) { .kind = "intent" }, ARRAY_LEN(effects));
	cr_expect_geq(kills, 7, "%zu", kills);
	world_expect_published(&w, "1.1.0", false);
	world_expect_tidy(&w, "intents");
	/* Up to the push: each try at the copies installs anew, which takes its time. */
	kills = kill_at_each_effect(&w, "1.1.1",
	    (struct world_record) { .kind = "outcome", .result = "done" }, ARRAY_LEN(effects) - 2);
	cr_expect_geq(kills, 7, "%zu", kills);
	world_expect_published(&w, "1.1.1", false);
	world_expect_tidy(&w, "outcomes");
	world_fini(&w);
}

/* Killed once the index has stored a file, before anybody wrote that down. */
Test(recovery, killed_behind_a_stored_file_does_not_send_it_again, .timeout = 200)
{
	struct world w;
	char *path;
	struct world_child c;

	world_init(&w, &(struct world_opts) { .rehearse = false });
	path = mem_printf("%s/production-index/files/rethink-llmhub-runtime/"
			  "rethink_llmhub_runtime-1.1.0.tar.gz.json",
	    w.dir);
	cr_assert(world_run_until(
	    &w, "release minor --yes --confirm 1.1.0", world_at_file, path, SIGKILL, &c));
	world_child_fini(&c);
	expect_status(&w, "only go forward");
	world_expect(&w, "abort", 1);
	world_expect(&w, "resume --yes --confirm 1.1.0", 0);
	world_expect_published(&w, "1.1.0", false);
	world_expect_tidy(&w, "at the end");
	free(path);
	world_fini(&w);
}

/* Abort between the confirmation and the first file undoes the tag as well. */
Test(recovery, abort_before_the_first_file_undoes_everything, .timeout = 200)
{
	static const char *const begun[] = { "commit", "tag v1.1.0", "push check" };
	struct world w;
	char *before;

	world_init(&w, &(struct world_opts) { .rehearse = false });
	before = world_snapshot(&w);
	for (size_t i = 0; i < ARRAY_LEN(begun); i++) {
		struct world_record at = { .kind = "intent", .key = begun[i] };
		struct world_child c;

		cr_assert(world_run_until(
		    &w, "release minor --yes --confirm 1.1.0", world_at_record, &at, SIGKILL, &c));
		world_child_fini(&c);
		world_expect_no_process(&w, begun[i]);
		if (world_listed(&w, "production", "1.1.0") > 0)
			cr_skip_test("the machine was too slow to be interrupted in time");
		world_expect(&w, "abort", 0);
		world_expect_untouched(&w, before, begun[i]);
		world_expect_nothing_public(&w, "1.1.0");
		world_expect_tidy(&w, begun[i]);
	}
	free(before);
	world_fini(&w);
}
