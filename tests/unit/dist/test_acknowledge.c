/* Accepted findings: written, read again, and bound to what they were about. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/dist/acknowledge.h"
#include "slipway/os/fs.h"
#include "temp.h"

#define HASH "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

/* One finding of RULE about MEMBER, with HASH. */
static void
add(struct findings *f, enum rule_id rule, const char *member, size_t line, const char *hash)
{
	struct finding_place at = { .index = member != NULL ? 0 : FINDING_NO_MEMBER,
		.name = member,
		.name_len = member != NULL ? strlen(member) : 0,
		.line = line };

	findings_add(f, rule, at, "text");
	mem_set(&f->items[f->count - 1].sha256, hash);
}

Test(acknowledge, an_accepted_finding_counts_until_anything_of_it_changes, .fini = leak_gate)
{
	static const struct {
		const char *what;
		enum rule_id rule;
		const char *member;
		size_t line;
		const char *hash;
		bool accepted;
	} row[] = {
		{ "the same", RULE_RUNS_PTH, "a\"\\\n.pth", 3, HASH, true },
		{ "other content", RULE_RUNS_PTH, "a\"\\\n.pth", 3, "00", false },
		{ "other line", RULE_RUNS_PTH, "a\"\\\n.pth", 4, HASH, false },
		{ "other member", RULE_RUNS_PTH, "b.pth", 3, HASH, false },
		{ "whole file", RULE_RUNS_PTH, NULL, 3, HASH, false },
		{ "other rule", RULE_LEFT_PYC, "a\"\\\n.pth", 3, HASH, false },
		{ "no hash", RULE_RUNS_PTH, "a\"\\\n.pth", 3, NULL, false },
	};
	char *dir = temp_dir(), *path = fs_join(dir, ACKNOWLEDGED_FILE);
	struct acknowledgements a = ACKNOWLEDGEMENTS_EMPTY;
	struct findings first = FINDINGS_EMPTY;
	struct err e = ERR_EMPTY;

	add(&first, RULE_RUNS_PTH, "a\"\\\n.pth", 3, HASH);
	add(&first, RULE_WHEEL_EMPTY, NULL, 0, HASH);
	cr_assert_eq(acknowledgements_add(path, &first.items[0], "it \"is\"\nmeant", &e), ERR_OK);
	cr_assert_eq(acknowledgements_add(path, &first.items[1], "stubs", &e), ERR_OK);
	cr_assert_eq(acknowledgements_load(path, &a, &e), ERR_OK, "%s", e.message);
	cr_assert_eq(a.count, 2);
	cr_expect_str_eq(a.items[0].reason, "it \"is\"\\nmeant");
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct findings f = FINDINGS_EMPTY;

		add(&f, row[i].rule, row[i].member, row[i].line, row[i].hash);
		acknowledgements_apply(&a, &f);
		cr_expect_eq(f.items[0].reason != NULL, row[i].accepted, "%s", row[i].what);
		cr_expect_eq(findings_at_least(&f, FINDING_INFO), row[i].accepted ? 0 : 1, "%s",
		    row[i].what);
		findings_fini(&f);
	}
	acknowledgements_apply(&a, &first);
	cr_expect_eq(findings_at_least(&first, FINDING_INFO), 0);
	findings_fini(&first);
	acknowledgements_fini(&a);
	free(path);
	temp_remove(dir);
}

Test(acknowledge, takes_back_one_and_leaves_every_other_byte, .fini = leak_gate)
{
	static const char mine[] = "# mine\n\n[[finding]]  # the first\nrule = \"RUN01\"\nmember = "
				   "\"b.pth\"\nsha256 = \"" HASH "\"\nreason = \"b\"  # why\n"
				   "# the end\n";
	char *dir = temp_dir(), *path = fs_join(dir, ACKNOWLEDGED_FILE), *got;
	struct findings f = FINDINGS_EMPTY;

	add(&f, RULE_RUNS_PTH, "a.pth", 3, HASH);
	add(&f, RULE_RUNS_PTH, "b.pth", 0, HASH);
	add(&f, RULE_RUNS_PTH, "c.pth", 0, HASH);
	cr_expect_eq(acknowledgements_remove(path, &f.items[0], NULL), ERR_NOT_FOUND);
	temp_puts(dir, ACKNOWLEDGED_FILE, mine);
	cr_expect_eq(acknowledgements_remove(path, &f.items[0], NULL), ERR_NOT_FOUND);
	cr_assert_eq(acknowledgements_add(path, &f.items[0], "a", NULL), ERR_OK);
	cr_assert_eq(acknowledgements_add(path, &f.items[2], "c", NULL), ERR_OK);
	cr_assert_eq(acknowledgements_remove(path, &f.items[0], NULL), ERR_OK);
	cr_assert_eq(acknowledgements_remove(path, &f.items[2], NULL), ERR_OK);
	got = temp_read(dir, ACKNOWLEDGED_FILE, NULL);
	cr_expect_str_eq(got, mine);
	free(got);
	cr_assert_eq(acknowledgements_remove(path, &f.items[1], NULL), ERR_OK);
	got = temp_read(dir, ACKNOWLEDGED_FILE, NULL);
	cr_expect_str_eq(got, "# mine\n# the end\n");
	free(got);
	temp_puts(dir, ACKNOWLEDGED_FILE,
	    "finding = [{ rule = \"RUN01\", member = \"b.pth\", sha256 = \"" HASH
	    "\", reason = \"b\" }]\n");
	cr_expect_eq(acknowledgements_remove(path, &f.items[1], NULL), ERR_UNSUPPORTED);
	findings_fini(&f);
	free(path);
	temp_remove(dir);
}

Test(acknowledge, refuses_what_cannot_be_accepted, .fini = leak_gate)
{
	char *dir = temp_dir(), *path = fs_join(dir, ACKNOWLEDGED_FILE);
	struct findings f = FINDINGS_EMPTY;

	add(&f, RULE_LIMIT, "a", 0, HASH);
	add(&f, RULE_RUNS_PTH, "a", 0, NULL);
	add(&f, RULE_RUNS_PTH, "a", 0, HASH);
	cr_expect_eq(acknowledgements_add(path, &f.items[0], "why", NULL), ERR_USAGE);
	cr_expect_eq(acknowledgements_add(path, &f.items[1], "why", NULL), ERR_USAGE);
	cr_expect_eq(acknowledgements_add(path, &f.items[2], " \n", NULL), ERR_USAGE);
	cr_expect_not(fs_exists(path));
	findings_fini(&f);
	free(path);
	temp_remove(dir);
}

Test(acknowledge, a_wrong_file_is_told_with_its_line, .fini = leak_gate)
{
	static const struct {
		const char *text, *message;
	} row[] = {
		{ "[[finding]]\nrule = \"RUN01\"\nsha256 = \"x\"\n", ":1:1: an acknowledged" },
		{ "[[finding]]\nrule = \"RUN01\"\nreason = \"x\"\n", ":1:1: an acknowledged" },
		{ "\n[[finding]]\nrule = \"RUN99\"\nsha256 = \"x\"\nreason = \"y\"\n",
		    ":2:1: there" },
		{ "[[finding]\n", ":1:" },
	};
	char *dir = temp_dir(), *path = fs_join(dir, ACKNOWLEDGED_FILE);
	struct acknowledgements a = ACKNOWLEDGEMENTS_EMPTY;

	cr_expect_eq(acknowledgements_load(path, &a, NULL), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct err e = ERR_EMPTY;

		temp_puts(dir, ACKNOWLEDGED_FILE, row[i].text);
		cr_expect_eq(acknowledgements_load(path, &a, &e), ERR_CONFIG, "row %zu", i);
		cr_expect_not_null(strstr(e.message, row[i].message), "%s", e.message);
		cr_expect_eq(a.count, 0);
	}
	free(path);
	temp_remove(dir);
}

Test(acknowledge, ignored_rules_are_gone_and_limits_stay, .fini = leak_gate)
{
	struct findings f = FINDINGS_EMPTY;

	for (size_t i = 0; i < FINDINGS_PER_RULE + 5; i++)
		add(&f, RULE_LEFT_PYC, "a.pyc", i, HASH);
	add(&f, RULE_LIMIT, NULL, 0, HASH);
	findings_close(&f);
	findings_ignore(&f, RULE_LEFT_PYC);
	findings_ignore(&f, RULE_LIMIT);
	cr_expect_eq(f.count, 1);
	cr_expect_eq(findings_at_least(&f, FINDING_INFO), 1);
	cr_expect_eq(f.items[0].rule, RULE_LIMIT);
	findings_fini(&f);
}

Test(acknowledge, fingerprints_differ_by_rule_member_line_and_content, .fini = leak_gate)
{
	struct findings f = FINDINGS_EMPTY;
	char print[5][DIGEST_HEX_SIZE];

	add(&f, RULE_RUNS_PTH, "a", 1, HASH);
	add(&f, RULE_LEFT_PYC, "a", 1, HASH);
	add(&f, RULE_RUNS_PTH, "b", 1, HASH);
	add(&f, RULE_RUNS_PTH, "a", 2, HASH);
	add(&f, RULE_RUNS_PTH, "a", 1, "00");
	for (size_t i = 0; i < 5; i++) {
		finding_fingerprint(&f.items[i], print[i]);
		for (size_t j = 0; j < i; j++)
			cr_expect_str_neq(print[i], print[j], "%zu and %zu", i, j);
	}
	findings_fini(&f);
}
