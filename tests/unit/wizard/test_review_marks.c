/* What a reviewer marked, and the release that waits for it. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "review_marks.h"
#include "rig.h"
#include "slipway/base/compiler.h"
#include "slipway/base/str.h"

Test(review_marks, come_back_from_the_journal, .fini = leak_gate)
{
	static const struct {
		const char *text, *again;
	} row[] = {
		{ "", "" },
		{ "0", "0" },
		{ "3 1 18446744073709551615", "3 1 18446744073709551615" },
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
		if (f.marks.count > 0)
			cr_expect(release_file_is_marked(&f, f.marks.members[0]));
		cr_expect_not(release_file_is_marked(&f, 5));
		str_fini(&text);
		free(f.marks.members);
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

Test(review_marks, are_waited_for_when_the_configuration_wants_them, .fini = leak_gate)
{
	static const struct rig_answer answers[] = {
		{ ASK_REVIEW, "accept", RIG_ANSWER, NULL },
		{ ASK_REVIEW, "accept", RIG_ANSWER, mark_some },
		{ ASK_REVIEW, "skip", RIG_ANSWER, NULL },
		{ ASK_REVIEW, "accept", RIG_ANSWER, mark_all },
	};
	struct rig r = rig_new(NULL, "\n[check]\nrequire-review = true\n");
	struct strlist one = STRLIST_EMPTY;
	struct wizard_opts opts = { .mode = WIZARD_RELEASE,
		.take_presets = true,
		.dry_run = true,
		.bump = "patch",
		.packages = &one };

	strlist_add(&one, "rig-runtime");
	rig_run(&r, opts, answers, ARRAY_LEN(answers));
	cr_expect_eq(r.err.code, ERR_OK, "%s", r.err.message);
	cr_expect(rig_asked(&r, "was not looked into"));
	cr_expect(rig_asked(&r, "2 of 3 changed files were reviewed"));
	cr_expect(rig_asked(&r, "takes a reason"));
	strlist_fini(&one);
	rig_end(&r);
}
