/* What a range of commits suggests, with the reasons. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/project/commits.h"

#define MAX 6

struct range {
	const char *name;
	struct {
		const char *subject, *body;
	} commit[MAX]; /* newest first; hashes are a000000, a100000, ... */
	const char *current, *last_final;
	enum zero_policy policy;
	enum version_bump bump;
	const char *reason;
	size_t confirm;
};

static const struct range ranges[] = {
	{ "screen",
	    { { "feat(cli): catalog", NULL }, { "feat: stream", NULL },
		{ "fix: retry (#112)", NULL }, { "docs: guide", NULL }, { "chore: ruff", NULL },
		{ "Merge pull request #1", NULL } },
	    "1.0.3", NULL, ZERO_MINOR, BUMP_MINOR, "2 features, 1 fix, none breaking", 0 },
	{ "case 35 B", { { "feat: a", NULL }, { "fix: b", NULL }, { "docs: c", NULL } }, "0.2.2",
	    NULL, ZERO_MINOR, BUMP_MINOR, "1 feature, 1 fix, none breaking", 0 },
	{ "case 35 A", { { "feat: a", NULL }, { "fix: b", NULL } }, "0.2.2", NULL, ZERO_SHIFT,
	    BUMP_PATCH, "1 feature, 1 fix, none breaking", 0 },
	{ "case 35 C", { { "feat: a", NULL } }, "0.2.2", NULL, ZERO_AS_ONE, BUMP_MINOR, "1 feature",
	    0 },
	{ "0.x breaking", { { "feat!: a", NULL } }, "0.2.2", NULL, ZERO_MINOR, BUMP_MINOR,
	    "1 breaking change; 0.x raises the minor number", 0 },
	{ "0.x breaking C", { { "feat!: a", NULL } }, "0.2.2", NULL, ZERO_AS_ONE, BUMP_MAJOR,
	    "1 breaking change", 0 },
	{ "case 36", { { "ci: release", "- treat BREAKING CHANGE: / x as releasable" } }, "1.0.0",
	    NULL, ZERO_MINOR, BUMP_COUNT, "nothing that asks for a release; 1 to confirm", 1 },
	{ "case 37", { { "feat(cli): x (#12)", "* fix: y\n* wip" } }, "1.0.0", NULL, ZERO_MINOR,
	    BUMP_MINOR, "1 feature, none breaking", 0 },
	{ "squash", { { "Search (#12)", "* feat: y\n* fix!: z" } }, "1.0.0", NULL, ZERO_MINOR,
	    BUMP_MAJOR, "1 breaking change", 0 },
	{ "case 38",
	    { { "Revert \"feat: a\"", "This reverts commit a100000." }, { "feat: a", NULL } },
	    "1.0.0", NULL, ZERO_MINOR, BUMP_COUNT, "nothing that asks for a release", 0 },
	{ "by subject",
	    { { "Revert \"feat: a\" (#3)", "Reverts o/r#2" }, { "fix: b", NULL },
		{ "feat: a", NULL } },
	    "1.0.0", NULL, ZERO_MINOR, BUMP_PATCH, "1 fix", 0 },
	{ "reapplied",
	    { { "Reapply \"feat: a\"", "This reverts commit a100000." },
		{ "Revert \"feat: a\"", "This reverts commit a200000." }, { "feat: a", NULL } },
	    "1.0.0", NULL, ZERO_MINOR, BUMP_MINOR, "1 feature", 0 },
	{ "released revert", { { "Revert \"feat: a\"", "This reverts commit fffffff." } }, "1.0.0",
	    NULL, ZERO_MINOR, BUMP_PATCH, "1 fix; 1 to confirm", 1 },
	{ "release commits",
	    { { "Release version 1.0.3", NULL }, { "chore: bump version to 1.0.3", NULL },
		{ "chore(release): 1.0.3", NULL }, { "v1.0.3", NULL },
		{ "bump: version 1.0.2 -> 1.0.3", NULL } },
	    "1.0.3", NULL, ZERO_MINOR, BUMP_COUNT, "nothing that asks for a release", 0 },
	{ "none", { { NULL, NULL } }, "1.0.0", NULL, ZERO_MINOR, BUMP_COUNT, "no commits", 0 },
	{ "prefixes", { { "feature: a", NULL }, { "fixes: #12", NULL } }, "1.0.0", NULL, ZERO_MINOR,
	    BUMP_COUNT, "nothing that asks", 0 },
	{ "rc covered", { { "feat: a", NULL } }, "1.1.0rc1", "1.0.3", ZERO_MINOR, BUMP_RC,
	    "1 feature", 0 },
	{ "rc escalates", { { "feat!: a", NULL } }, "1.1.0rc1", "1.0.3", ZERO_MINOR, BUMP_MAJOR,
	    "1 breaking change", 0 },
	{ "rc ready", { { "docs: a", NULL } }, "1.1.0rc1", "1.0.3", ZERO_MINOR, BUMP_FINAL,
	    "nothing that asks", 0 },
};

Test(commits, suggest_a_bump_with_its_reason, .fini = leak_gate)
{
	static const char *const hashes[MAX] = { "a000000", "a100000", "a200000", "a300000",
		"a400000", "a500000" };

	for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
		const struct range *r = &ranges[i];
		struct commit_info commits[MAX] = { { 0 } };
		struct version current = VERSION_EMPTY, final = VERSION_EMPTY;
		struct suggest_opts opts = { .policy = r->policy, .current = &current };
		struct suggestion s;
		size_t count = 0;

		for (; count < MAX && r->commit[count].subject != NULL; count++)
			commits[count] = (struct commit_info) { .hash = hashes[count],
				.subject = r->commit[count].subject,
				.body = r->commit[count].body };
		cr_assert_eq(version_parse(r->current, &current, NULL), ERR_OK);
		if (r->last_final != NULL) {
			cr_assert_eq(version_parse(r->last_final, &final, NULL), ERR_OK);
			opts.last_final = &final;
		}
		commits_suggest(commits, count, &opts, &s);
		cr_expect_str_eq(
		    version_bump_name(s.bump), version_bump_name(r->bump), "%s", r->name);
		cr_expect(strncmp(s.reason, r->reason, strlen(r->reason)) == 0, "%s: %s", r->name,
		    s.reason);
		cr_expect_eq(s.confirm, r->confirm, "%s", r->name);
		for (size_t k = 0; k < s.count; k++)
			cr_expect_neq(s.readings[k].reason[0], '\0');
		suggestion_fini(&s);
		version_fini(&current);
		version_fini(&final);
	}
}
