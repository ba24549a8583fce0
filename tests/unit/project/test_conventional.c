/* One commit message: header, footers, reverts, and words that must not count. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/project/commits.h"

static const char *
or_none(const char *text)
{
	return text != NULL ? text : "-";
}

Test(conventional, reads_headers, .fini = leak_gate)
{
	static const struct {
		const char *subject, *type, *scope, *description;
		bool breaking, lenient;
	} row[] = {
		{ "feat: add search", "feat", "-", "add search", false, false },
		{ "Feat(CLI): Add search", "feat", "cli", "Add search", false, false },
		{ "fix!: drop 3.8", "fix", "-", "drop 3.8", true, false },
		{ "chore(deps)!: drop 3.8", "chore", "deps", "drop 3.8", true, false },
		{ "feat:no space", "feat", "-", "no space", false, true },
		{ "feat:  two", "feat", "-", "two", false, true },
		{ "build-ci_2: x", "build-ci_2", "-", "x", false, false },
		{ "feat(a b/c): x", "feat", "a b/c", "x", false, false },
		{ "feat", "-", "-", "-", false, false },
		{ "feat:", "-", "-", "-", false, false },
		{ "feat: ", "-", "-", "-", false, false },
		{ "feat(): x", "-", "-", "-", false, false },
		{ "feat(a: x", "-", "-", "-", false, false },
		{ "2feat: x", "-", "-", "-", false, false },
		{ "feat (a): x", "-", "-", "-", false, false },
		{ "", "-", "-", "-", false, false },
		{ "Merge pull request #109", "-", "-", "-", false, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct conventional c;

		conventional_parse(row[i].subject, NULL, &c);
		cr_expect_str_eq(or_none(c.type), row[i].type, "%s", row[i].subject);
		cr_expect_str_eq(or_none(c.scope), row[i].scope, "%s", row[i].subject);
		cr_expect_str_eq(or_none(c.description), row[i].description);
		cr_expect_eq(c.parsed, row[i].type[0] != '-');
		cr_expect_eq(c.breaking, row[i].breaking, "%s", row[i].subject);
		cr_expect_eq(c.lenient, row[i].lenient, "%s", row[i].subject);
		conventional_fini(&c);
	}
}

Test(conventional, takes_breaking_changes_from_the_footers_only, .fini = leak_gate)
{
	static const struct {
		const char *body, *text; /* "-": none; "?": none, to be confirmed */
	} row[] = {
		{ "BREAKING CHANGE: no more 3.8", "no more 3.8" },
		{ "BREAKING-CHANGE: x", "x" },
		{ "BREAKING CHANGE #12", "12" },
		{ "Why.\n\nMore.\n\nReviewed-by: Z\nBREAKING CHANGE: first\nand second\nRefs: #1",
		    "first\nand second" },
		{ "BREAKING CHANGE: a\r\n\r\nit goes on in prose", "a\n\nit goes on in prose" },
		{ "BREAKING CHANGE: x\n\n---------\n\nCo-authored-by: A <a@b>", "x\n\n---------" },
		{ "---\n\nBREAKING CHANGE: x", "x" },
		{ "breaking change: x", "-" },
		{ "Breaking Change: x", "-" },
		{ "BREAKING: x", "-" },
		{ "- treat BREAKING CHANGE: / BREAKING-CHANGE: as releasable", "?" },
		{ "* feat: a\n\nBREAKING CHANGE: b\n\n* fix: c", "?" },
		{ "prose that wraps to\nBREAKING CHANGE: x", "?" },
		{ "> BREAKING CHANGE: quoted", "?" },
		{ "## BREAKING CHANGES\n\n- foo", "?" },
		{ "BREAKING CHANGE:x", "?" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct conventional c;

		conventional_parse("ci: x", row[i].body, &c);
		if (row[i].text[0] == '-' || row[i].text[0] == '?') {
			cr_expect_not(c.breaking, "%s", row[i].body);
			cr_expect_eq(c.maybe_breaking, row[i].text[0] == '?', "%s", row[i].body);
		} else {
			cr_expect(c.breaking, "%s", row[i].body);
			cr_expect_not(c.maybe_breaking);
			cr_expect_str_eq(or_none(c.breaking_text), row[i].text, "%s", row[i].body);
		}
		conventional_fini(&c);
	}
}

Test(conventional, knows_reverts, .fini = leak_gate)
{
	static const struct {
		const char *subject, *body, *reverted, *hash;
	} row[] = {
		{ "Revert \"feat: a\"",
		    "This reverts commit 0123456789abcdef0123456789abcdef01234567.", "feat: a",
		    "0123456789abcdef0123456789abcdef01234567" },
		{ "Revert \"feat: \"b\"\" (#12)", "Reverts o/r#11", "feat: \"b\"", "-" },
		{ "Reapply \"feat: a\"", "This reverts commit 89abcdef0.", "feat: a", "89abcdef0" },
		{ "revert: let us never speak of it", "Refs: 676104e, a215868",
		    "let us never speak of it", "676104e" },
		{ "fix: x", "This reverts commit 0123456789.", "-", "-" },
		{ "Revert things", "", "-", "-" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct conventional c;

		conventional_parse(row[i].subject, row[i].body, &c);
		cr_expect_eq(c.revert, row[i].reverted[0] != '-', "%s", row[i].subject);
		cr_expect_str_eq(or_none(c.reverted), row[i].reverted);
		cr_expect_str_eq(
		    c.reverted_hashes.count > 0 ? c.reverted_hashes.items[0] : "-", row[i].hash);
		conventional_fini(&c);
	}
}
