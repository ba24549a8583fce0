/* What a reviewer marked, and the release that waits for it. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "review_marks.h"
#include "rig.h"
#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "slipway/dist/acknowledge.h"

Test(review_marks, come_back_from_the_journal, .fini = leak_gate)
{
	static const struct {
		const char *text, *again;
	} row[] = {
		{ "", "" },
		{ "0", "0" },
		{ "3 1 18446744073709551615", "1 3" },
		{ "7 eight 9", "7" },
		{ "99999999999999999999 1", "" },
		{ NULL, "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct release_file f = { .marks = { .members = NULL } };
		struct str text = STR_EMPTY;

		review_marks_parse(&f.marks, row[i].text);
		review_marks_text(&f.marks, &text);
		cr_expect_str_eq(str_text(&text), row[i].again, "row %zu: %s", i, str_text(&text));
		cr_expect_eq(release_file_is_marked(&f, 0), i == 1);
		cr_expect_not(release_file_is_marked(&f, 5));
		str_fini(&text);
		review_marks_fini(&f.marks);
	}
}

static void
mark_some(void *arg)
{
	struct rig *r = arg;

	for (size_t i = 0; i < wizard_release(r->w)->file_count; i++)
		wizard_count_members(r->w, i, 2, 3);
}

static void
mark_all(void *arg)
{
	struct rig *r = arg;

	for (size_t i = 0; i < wizard_release(r->w)->file_count; i++)
		wizard_count_members(r->w, i, 3, 3);
}

#define HASH "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

static void
one_finding(struct findings *f)
{
	findings_add(f, RULE_RUNS_PTH,
	    (struct finding_place) { .index = 0, .name = "a.pth", .name_len = 5 }, "text");
	mem_set(&f->items[0].sha256, HASH);
}

/* As verify would have it. */
static bool
counts(const struct rig *r)
{
	struct findings f = FINDINGS_EMPTY;
	bool does;

	one_finding(&f);
	wizard_settle_findings(r->w, &f);
	does = findings_at_least(&f, FINDING_INFO) > 0;
	findings_fini(&f);
	return does;
}

static void
review_some(void *arg)
{
	struct findings f = FINDINGS_EMPTY;
	struct rig *r = arg;

	one_finding(&f);
	cr_expect_eq(wizard_acknowledge(r->w, &f.items[0], " ", NULL), ERR_USAGE);
	cr_expect_eq(wizard_acknowledge(r->w, &f.items[0], NULL, NULL), ERR_NOT_FOUND);
	cr_expect_eq(wizard_acknowledge(r->w, &f.items[0], "first", NULL), ERR_OK);
	cr_expect_not(counts(r));
	cr_expect_eq(wizard_acknowledge(r->w, &f.items[0], NULL, NULL), ERR_OK);
	cr_expect(counts(r), "taken back");
	cr_expect_eq(wizard_acknowledge(r->w, &f.items[0], "it is meant", NULL), ERR_OK);
	findings_fini(&f);
	mark_some(r);
	wizard_mark_member(r->w, 0, 4, true);
	wizard_mark_member(r->w, 0, 5, true);
	wizard_mark_member(r->w, 0, 5, false);
	wizard_mark_member(r->w, 0, SIZE_MAX, true);
	wizard_mark_reviewed(r->w, 1, true);
}

/* The power goes: what is on the disk by now is what there will be. */
static void
look_at_the_disk(void *arg)
{
	struct rig *r = arg;
	char *dir = rig_state_dir(r), *journal = temp_read(dir, "journal", NULL);
	char *file = temp_read(dir, ACKNOWLEDGED_FILE, NULL);

	cr_expect_not_null(strstr(journal, "\"marked\":\"4\",\"unmarked\":\"5 5\""), "%s", journal);
	cr_expect_not_null(strstr(file, "it is meant"));
	cr_expect_null(strstr(file, "first"));
	free(file);
	free(journal);
	free(dir);
}

static void
is_all_there(void *arg)
{
	struct rig *r = arg;
	const struct release_file *f = wizard_release(r->w)->files;

	cr_expect(release_file_is_marked(&f[0], 4));
	cr_expect_not(release_file_is_marked(&f[0], 5));
	cr_expect_not(f[0].reviewed);
	cr_expect(f[1].reviewed);
	cr_expect(f[1].marks.known);
	cr_expect_eq(f[1].marks.done, 2);
	cr_expect_not(counts(r));
}

/* Other bytes than those that were looked at. */
static void
change_a_file(const struct rig *r)
{
	char *dir = rig_state_dir(r), *journal = temp_read(dir, "journal", NULL);
	char *at = strstr(journal, "\"kind\":\"mark\"");

	/* The hash that the marks of the first file are bound to. */
	cr_assert_not_null(at);
	while (at > journal && at[-1] != '\n')
		at--;
	at = strstr(at, "\"sha256\":\"");
	cr_assert_not_null(at);
	at[10] = at[10] == '0' ? '1' : '0';
	temp_puts(dir, "journal", journal);
	free(journal);
	free(dir);
}

static void
is_gone_for_one(void *arg)
{
	struct rig *r = arg;
	const struct release_file *f = wizard_release(r->w)->files;

	cr_expect_not(release_file_is_marked(&f[0], 4));
	cr_expect_not(f[0].marks.known);
	cr_expect(f[1].reviewed);
	cr_expect_not_null(strstr(r->open->text, f[0].name));
	mark_all(r);
}

/* The configuration wants them; the process dies twice. */
Test(review_marks, are_waited_for_outlive_a_crash_and_are_bound_to_the_bytes, .fini = leak_gate)
{
	static const struct rig_answer first[] = {
		{ ASK_REVIEW, "accept", RIG_ANSWER, NULL },
		{ ASK_REVIEW, "accept", RIG_ANSWER, review_some },
		{ ASK_REVIEW, "accept", RIG_KILL, look_at_the_disk },
	};
	static const struct rig_answer again[] = {
		{ ASK_REVIEW, "skip", RIG_ANSWER, is_all_there },
		{ ASK_REVIEW, "accept", RIG_KILL, NULL },
	};
	static const struct rig_answer changed[] = {
		{ ASK_REVIEW, "accept", RIG_ANSWER, is_gone_for_one },
	};
	struct rig r = rig_new(NULL, "\n[check]\nrequire-review = true\n");
	struct strlist one = STRLIST_EMPTY;
	struct wizard_opts opts = { .mode = WIZARD_RELEASE,
		.take_presets = true,
		.dry_run = true,
		.bump = "patch",
		.packages = &one };
	struct wizard_opts resume = { .mode = WIZARD_RESUME, .take_presets = true };
	char *dir, *report;

	strlist_add(&one, "rig-runtime");
	rig_run(&r, opts, first, ARRAY_LEN(first));
	cr_expect(rig_asked(&r, "was not looked into"));
	cr_expect(rig_asked(&r, "2 of 3 changed files were reviewed"));
	rig_run(&r, resume, again, ARRAY_LEN(again));
	cr_expect(rig_asked(&r, "takes a reason"));
	change_a_file(&r);
	rig_run(&r, resume, changed, ARRAY_LEN(changed));
	cr_expect_eq(r.err.code, ERR_OK, "%s", r.err.message);
	dir = rig_state_dir(&r);
	report = temp_read(dir, "report.md", NULL);
	cr_expect_not_null(strstr(report, "- RUN01 a.pth: it is meant"), "%s", report);
	cr_expect_not_null(strstr(report, ">> slipway-acknowledged.toml"), "%s", report);
	free(report);
	free(dir);
	strlist_fini(&one);
	rig_end(&r);
}
