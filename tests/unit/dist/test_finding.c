/* The table of rules and the list of findings. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/dist/finding.h"

Test(finding, every_rule_is_complete_and_its_id_unique, .fini = leak_gate)
{
	for (size_t i = 0; i < RULE_COUNT; i++) {
		const struct dist_rule *r = dist_rule((enum rule_id)i);

		/* Those of check-wheel-contents keep their own. */
		cr_expect_eq(
		    strlen(r->id), r->id[0] == 'W' && r->id[1] != 'H' ? 4 : 5, "%s", r->id);
		cr_expect_neq(r->title[0], '\0', "%s", r->id);
		cr_expect_eq(r->meaning[strlen(r->meaning) - 1], '.', "%s: a sentence", r->id);
		cr_expect_neq(r->fix[0], '\0', "%s", r->id);
		cr_expect_eq(dist_rule_find(r->id), r, "%s is there twice", r->id);
	}
	cr_expect_null(dist_rule_find("ZIP"));
	cr_expect_eq(dist_rule_find("zip01"), dist_rule(RULE_ZIP_NO_END));
}

Test(finding, keeps_a_bounded_number_of_each_rule, .fini = leak_gate)
{
	struct findings f = FINDINGS_EMPTY, g = FINDINGS_EMPTY;

	for (int i = 0; i < 250; i++)
		findings_add(&f, RULE_ZIP_HIDDEN, FINDING_WHOLE_FILE, "number %d", i);
	findings_add(&g, RULE_LEFT_PYC, FINDING_WHOLE_FILE, "one");
	for (int i = 0; i < 50; i++)
		findings_add(&g, RULE_ZIP_HIDDEN, FINDING_WHOLE_FILE, "other %d", i);
	findings_take(&f, &g);
	cr_expect_eq(g.count, 0);
	cr_expect_eq(f.count, FINDINGS_PER_RULE + 1);
	findings_close(&f);
	findings_close(&f);
	cr_expect_eq(f.count, FINDINGS_PER_RULE + 2);
	cr_expect_eq(findings_at_least(&f, FINDING_ERROR), 300);
	cr_expect_eq(findings_at_least(&f, FINDING_WARN), 301);
	findings_lower(&f, f.items[0].rule);
	cr_expect_eq(findings_at_least(&f, FINDING_ERROR), 0);
	cr_expect_eq(findings_at_least(&f, FINDING_WARN), 301);
	cr_expect_str_eq(f.items[f.count - 1].message, "and 200 more: hidden entry");
	/* A copy counts as the original does; one error among warnings is one. */
	findings_copy(&g, &f);
	cr_expect_eq(findings_at_least(&g, FINDING_ERROR), 0);
	cr_expect_eq(findings_at_least(&g, FINDING_WARN), 301);
	findings_fini(&f);
	findings_add(&f, RULE_ZIP_HIDDEN, FINDING_WHOLE_FILE, "an error");
	findings_take(&g, &f);
	cr_expect_gt(findings_at_least(&g, FINDING_ERROR), 0);
	findings_fini(&g);
}

Test(finding, makes_foreign_bytes_safe_and_sorts_the_worst_first, .fini = leak_gate)
{
	struct findings f = FINDINGS_EMPTY;
	struct finding_place b = { .index = 1, .name = "b", .name_len = 1, .line = 2 };
	struct finding_place esc = { .index = 0, .name = "a\x1b[2J\0x", .name_len = 7 };

	findings_add(&f, RULE_LEFT_PYC, b, "x");
	findings_add(&f, RULE_ZIP_NAME, b, "y");
	findings_add(&f, RULE_ZIP_NAME, esc, "says \x1b]0;%s", "z");
	findings_sort(&f);
	cr_expect_str_eq(f.items[0].member, "a\\x1b[2J\\x00x");
	cr_expect_str_eq(f.items[0].message, "says \\x1b]0;z");
	cr_expect_str_eq(f.items[1].message, "y");
	cr_expect_eq(f.items[2].severity, FINDING_WARN);
	findings_fini(&f);
}
