/* A release that is cancelled, cut off, gone on with and given up, on a real repository. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"
#include "slipway/base/mem.h"
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
		{ ASK_EDITS, NULL, RIG_BACK, NULL }, { ASK_VERSION, NULL, RIG_CANCEL, NULL }));
	cr_expect_eq(r.err.code, ERR_CANCELLED, "%s", r.err.message);
	cr_expect(rig_asked(&r, "version: Which version?"));
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
