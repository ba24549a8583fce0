/* Words and sums of a comparison. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/dist/compare.h"

static void
expect_text(const char *got, const char *want)
{
	cr_expect_str_eq(got, want);
}

Test(compare_model, what_was_not_compared_is_never_fine, .fini = leak_gate)
{
	struct comparison c = COMPARISON_EMPTY;
	struct str text = STR_EMPTY;

	cr_expect_not(comparison_is_done(&c));
	compare_short(&c, &text);
	expect_text(str_text(&text), "git: not compared");
	comparison_not_done(&c, COMPARE_RELEASE, "the index %s", "did\x1bnot answer");
	cr_expect_not(comparison_is_done(&c));
	cr_expect_null(comparison_of(&c, 0));
	str_clear(&text);
	compare_short(&c, &text);
	expect_text(str_text(&text), "release: not compared");
	str_clear(&text);
	compare_summary(&c, &text);
	expect_text(str_text(&text), "the index did\\x1bnot answer");
	comparison_fini(&c);
	str_fini(&text);
}

Test(compare_model, sums_up_in_one_line, .fini = leak_gate)
{
	static const struct {
		enum compare_base base;
		size_t counts[COMPARE_STATE_COUNT];
		size_t left_out;
		uint64_t size, before;
		const char *shorter, *longer;
	} cases[] = {
		{ COMPARE_RELEASE,
		    { [COMPARE_ADDED] = 3, [COMPARE_MISSING] = 1, [COMPARE_MODIFIED] = 9 }, 0, 112,
		    100, "1.0: +3 −1 ~9", "3 added, 1 removed, 9 changed, 12 % larger" },
		{ COMPARE_RELEASE, { [COMPARE_SAME] = 4 }, 0, 50, 100, "1.0: ✓",
		    "4 same, 50 % smaller" },
		{ COMPARE_RELEASE, { [COMPARE_MOVED] = 1 }, 0, 1000, 1001, "1.0: M1", "1 moved" },
		{ COMPARE_GIT, { [COMPARE_MODIFIED] = 1, [COMPARE_SAME] = 7 }, 2, 9, 0, "1.0 ~1",
		    "1 modified, 7 same, 2 usually left out" },
		{ COMPARE_GIT, { [COMPARE_SAME] = 7, [COMPARE_NONE] = 1 }, 0, 9, 0, "1.0 ?1",
		    "7 same, 1 not compared" },
		{ COMPARE_GIT, { [COMPARE_GENERATED] = 3 }, 0, 9, 0, "1.0 ✓", "3 generated" },
		{ COMPARE_GIT, { 0 }, 0, 0, 0, "1.0 ✓", "no files" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct comparison c = { .base = cases[i].base,
			.left_out = cases[i].left_out,
			.size = cases[i].size,
			.size_before = cases[i].before };
		struct str text = STR_EMPTY;

		c.with = mem_strdup("something");
		c.label = mem_strdup("1.0");
		memcpy(c.counts, cases[i].counts, sizeof c.counts);
		compare_short(&c, &text);
		expect_text(str_text(&text), cases[i].shorter);
		str_clear(&text);
		compare_summary(&c, &text);
		expect_text(str_text(&text), cases[i].longer);
		comparison_fini(&c);
		str_fini(&text);
	}
}

Test(compare_model, badges_are_those_of_the_browser)
{
	static const struct {
		enum compare_base base;
		enum compare_state state;
		char badge;
		const char *word;
	} cases[] = {
		{ COMPARE_RELEASE, COMPARE_ADDED, '+', "added" },
		{ COMPARE_RELEASE, COMPARE_MODIFIED, '~', "changed" },
		{ COMPARE_RELEASE, COMPARE_MOVED, 'M', "moved" },
		{ COMPARE_RELEASE, COMPARE_MISSING, '-', "removed" },
		{ COMPARE_RELEASE, COMPARE_SAME, ' ', "same" },
		{ COMPARE_GIT, COMPARE_ADDED, 'G', "NOT IN GIT" },
		{ COMPARE_GIT, COMPARE_MODIFIED, 'g', "MODIFIED" },
		{ COMPARE_GIT, COMPARE_MISSING, '-', "MISSING" },
		{ COMPARE_GIT, COMPARE_GENERATED, '.', "GENERATED" },
		{ COMPARE_GIT, COMPARE_NONE, ' ', "not compared" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cr_expect_eq(compare_badge(cases[i].base, cases[i].state), cases[i].badge);
		expect_text(compare_word(cases[i].base, cases[i].state), cases[i].word);
	}
}

Test(compare_model, what_runs_weighs_more_and_the_explained_less)
{
	/* Each weighs less than the next. */
	static const struct compare_row rows[] = {
		{ .state = COMPARE_SAME },
		{ .state = COMPARE_GENERATED },
		{ .state = COMPARE_MODIFIED, .notes = COMPARE_LINE_ENDINGS },
		{ .state = COMPARE_MOVED },
		{ .state = COMPARE_ADDED },
		{ .state = COMPARE_ADDED, .notes = COMPARE_CODE },
		{ .state = COMPARE_ADDED, .notes = COMPARE_BINARY },
		{ .state = COMPARE_ADDED, .notes = COMPARE_RUNS | COMPARE_CODE },
	};

	for (int base = 0; base < COMPARE_BASE_COUNT; base++)
		for (size_t i = 1; i < ARRAY_LEN(rows); i++)
			cr_expect_lt(compare_weight((enum compare_base)base, &rows[i - 1]),
			    compare_weight((enum compare_base)base, &rows[i]), "row %zu", i);
}

Test(compare_model, facts_read_as_sentences, .fini = leak_gate)
{
	static char before[] = ">=3.8", after[] = ">=3.9";
	const struct compare_fact added = { .topic = COMPARE_DEPENDENCY, .after = after },
				  removed = { .topic = COMPARE_ENTRY_POINT, .before = before },
				  changed = { .topic = COMPARE_REQUIRES_PYTHON,
					  .before = before,
					  .after = after };
	struct str text = STR_EMPTY;

	compare_fact_text(&added, &text);
	str_puts(&text, "; ");
	compare_fact_text(&removed, &text);
	str_puts(&text, "; ");
	compare_fact_text(&changed, &text);
	expect_text(str_text(&text), "dependency added: >=3.9; entry point removed: >=3.8; "
				     "Requires-Python changed: >=3.8 -> >=3.9");
	str_fini(&text);
}
