/* From commits to entries, and what a person does with them. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/json.h"
#include "slipway/project/notes.h"

#define COMMITS_MAX 6

struct draft_case {
	const char *name;
	struct {
		const char *subject, *body; /* newest first */
	} commit[COMMITS_MAX];
	const char *changelog;
	const char *categories; /* lines with ; between; NULL: none */
	const char *entries;	/* "[x] Title: text" and "[ ] Title: text", with ; between */
};

#define KAC "# Changelog\n\n## [1.0.0] - 2026-01-01\n\n### Added\n\n- Old\n"

static const struct draft_case cases[] = {
	{ "Keep a Changelog, the oldest first, and what is left out stays in sight",
	    { { "docs: guide", NULL }, { "fix(runtime): retry on 429 (#112)", NULL },
		{ "feat: stream tokens", NULL }, { "Merge pull request #109 from x/y", NULL },
		{ "feat(cli): search by tag", NULL }, { "Release version 1.0.0", NULL } },
	    KAC, NULL,
	    "[x] Added: Search by tag;[x] Added: Stream tokens;[ ] Changed: Release version "
	    "1.0.0;[ ] Changed: Merge pull request #109 from x/y;[ ] Changed: Guide;"
	    "[x] Fixed: Retry on 429 (#112)" },
	{ "38: a revert cancels, one of a released change is told",
	    { { "Revert \"feat: b\"", "This reverts commit c000002." }, { "feat: a", NULL },
		{ "feat: b", NULL }, { "revert: fix: old", NULL } },
	    KAC, NULL,
	    "[ ] Added: B;[x] Added: A;[x] Changed: Revert \"old\";[ ] Changed: Revert \"b\"" },
	{ "37: a squash with a subject of its own is one entry",
	    { { "feat(cli): x (#12)", "* fix: y\n* wip" }, { "chore: z", "* fix: y\n" } }, KAC,
	    NULL, "[x] Added: X (#12);[ ] Changed: Z" },
	{ "a squash whose bullets all say it is as many entries",
	    { { "Merge branch dev (#7)", "* feat: a\n* fix: b\n* docs: c" } }, KAC, NULL,
	    "[x] Added: A;[ ] Changed: C;[x] Fixed: B" },
	{ "what is written by hand is not said twice",
	    { { "fix: mend it (#11)", NULL }, { "fix: other (#1)", NULL },
		{ "feat: by words", NULL } },
	    "## [Unreleased]\n\n### Fixed\n\n- Mended at last ([#11](https://x/pull/11))\n- now By "
	    "Words\n",
	    NULL, "[ ] Added: By words;[x] Fixed: Other (#1);[ ] Fixed: Mend it (#11)" },
	{ "commitizen's titles and scopes",
	    { { "fix(config): y", NULL }, { "feat!: drop it", "body" }, { "perf: fast", NULL } },
	    "## v4.13.9 (2026-02-25)\n\n### BREAKING CHANGE\n\n- q\n\n### Feat\n\n- **cli**: "
	    "x\n\n### "
	    "Fix\n\n- z\n",
	    NULL,
	    "[x] BREAKING CHANGE: drop it;[x] Feat: drop it;[x] Changed: fast;[x] Fix: "
	    "**config**: y" },
	{ "a breaking change without a title for it",
	    { { "feat!: drop it", NULL }, { "fix: y", "BREAKING CHANGE: other\nwords" } }, KAC,
	    NULL, "[x] Added: **Breaking:** Drop it;[x] Fixed: **Breaking:** Y" },
	{ "process 3: the configured titles, in their order",
	    { { "feat: a", NULL }, { "fix: b", "BREAKING CHANGE: it\nbreaks" },
		{ "build(deps): bump x", NULL }, { "perf: c", NULL }, { "docs: d", NULL },
		{ "style: e", NULL } },
	    KAC,
	    "feat: New Features;perf, refactor: Improvements;fix: Bug Fixes;deps: Dependencies;"
	    "breaking: Breaking Changes;docs: Documentation",
	    "[x] New Features: A;[ ] Improvements: E;[x] Improvements: C;[x] Bug Fixes: B;[x] "
	    "Dependencies: Bump x;[x] Breaking Changes: It breaks;[x] Documentation: D" },
	{ "nobody writes conventional commits here",
	    { { "Mend the cache", NULL }, { "Merge branch 'x'", NULL } }, KAC, NULL,
	    "[ ] Changed: Merge branch 'x';[x] Changed: Mend the cache" },
	{ "the order of the newest section that has several categories",
	    { { "feat: a", NULL }, { "fix: b", NULL }, { "security: c", NULL } },
	    "# C\n\n## 1.2.0\n\n### Added\n\n- X\n\n## 1.1.0\n\n### Fixed\n\n- y\n\n### "
	    "Added\n\n- z\n",
	    NULL, "[x] Fixed: B;[x] Added: A;[x] Security: C" },
	{ "a file without categories", { { "feat: a", NULL }, { "fix: b", NULL } },
	    "## 1.0\n\n* old thing\n\n", NULL, "[x] : b;[x] : a" },
	{ "bytes that a terminal could act on", { { "feat: \x1b[31mred", NULL } }, KAC, NULL,
	    "[x] Added: \\x1b[31mred" },
};

static void
split(const char *text, struct strlist *out)
{
	while (text != NULL && *text != '\0') {
		const char *end = strchr(text, ';');
		size_t len = end != NULL ? (size_t)(end - text) : strlen(text);

		strlist_take(out, strndup(text, len));
		text = end != NULL ? end + 1 : NULL;
	}
}

static void
draft(const struct draft_case *k, const struct changelog *c, struct notes *out)
{
	struct commit_info infos[COMMITS_MAX];
	char hashes[COMMITS_MAX][8];
	struct suggest_opts opts = { .policy = ZERO_MINOR };
	struct suggestion s;
	struct strlist categories = STRLIST_EMPTY;
	size_t n = 0;

	for (; n < COMMITS_MAX && k->commit[n].subject != NULL; n++) {
		snprintf(hashes[n], sizeof hashes[n], "c00000%zu", n);
		infos[n] = (struct commit_info) { .hash = hashes[n],
			.subject = k->commit[n].subject,
			.body = k->commit[n].body };
	}
	split(k->categories, &categories);
	commits_suggest(infos, n, &opts, &s);
	notes_draft(infos, s.readings, n,
	    &(struct notes_opts) { .changelog = c, .categories = &categories }, out);
	suggestion_fini(&s);
	strlist_fini(&categories);
}

static void
show(const struct notes *n, struct str *out)
{
	for (size_t i = 0; i < n->count; i++)
		str_printf(out, "%s[%s] %s: %s", i > 0 ? ";" : "", n->items[i].taken ? "x" : " ",
		    n->groups.items[n->items[i].group], n->items[i].text);
}

Test(notes, drafts_from_commits, .fini = leak_gate)
{
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct changelog c = CHANGELOG_EMPTY;
		struct notes n = NOTES_EMPTY;
		struct str out = STR_EMPTY;

		cr_assert_eq(
		    changelog_parse(bytes_of(cases[i].changelog), "CHANGELOG.md", NULL, &c, NULL),
		    ERR_OK);
		draft(&cases[i], &c, &n);
		show(&n, &out);
		cr_expect_str_eq(str_text(&out), cases[i].entries, "%s:\n got %s\nwant %s",
		    cases[i].name, str_text(&out), cases[i].entries);
		for (size_t k = 0; k < n.count; k++)
			cr_expect_eq(n.items[k].taken, n.items[k].why == NULL);
		str_fini(&out);
		notes_fini(&n);
		changelog_fini(&c);
	}
}

/* Of the first case: six entries in Added, Changed and Fixed. */
static void
first(struct changelog *c, struct notes *n)
{
	cr_assert_eq(
	    changelog_parse(bytes_of(cases[0].changelog), "CHANGELOG.md", NULL, c, NULL), ERR_OK);
	draft(&cases[0], c, n);
}

static void
expect(const struct notes *n, const char *wanted)
{
	struct str out = STR_EMPTY;

	show(n, &out);
	cr_expect_str_eq(str_text(&out), wanted, "\n got %s\nwant %s", str_text(&out), wanted);
	str_fini(&out);
}

#define CURATED                                                                                    \
	"[x] Added: Stream tokens;[x] Added: Search;[ ] Changed: Release version 1.0.0;"           \
	"[ ] Changed: Merge pull request #109 from x/y;[x] Fixed: Retry on 429 (#112);"            \
	"[x] Fixed: Guide"

static void
curate(struct notes *n)
{
	cr_expect_eq(notes_move(n, 0, 1), 1);
	cr_expect_eq(notes_move(n, 1, 1), 1, "not out of its group");
	cr_expect_eq(notes_move(n, 0, -1), 0);
	cr_expect(notes_reword(n, 1, " Search\t"));
	cr_expect_not(notes_reword(n, 1, "  "));
	cr_expect_eq(notes_regroup(n, 4, strlist_find(&n->groups, "Fixed")), 5);
	notes_take(n, 5, true);
}

#define OWN 2 /* behind the two of its category */

Test(notes, are_curated_and_come_back_from_the_journal, .fini = leak_gate)
{
	struct changelog c = CHANGELOG_EMPTY;
	struct notes n = NOTES_EMPTY, again = NOTES_EMPTY;
	struct str body = STR_EMPTY;
	struct json *saved;

	first(&c, &n);
	curate(&n);
	expect(&n, CURATED);
	notes_body(&n, &c, &body);
	cr_expect_str_eq(str_text(&body),
	    "\n### Added\n\n- Stream tokens\n- Search\n\n### Fixed\n\n- Retry on 429 (#112)\n- "
	    "Guide\n");
	str_clear(&body);
	saved = notes_save(&n);
	draft(&cases[0], &c, &again);
	notes_load(&again, saved);
	expect(&again, CURATED);
	json_free(saved);

	/* Nobody drafts again what a person added: the journal alone has it. */
	cr_expect_eq(notes_add(&again, strlist_find(&again.groups, "Added"), " Of my own\t"), OWN);
	cr_expect_eq(notes_add(&again, 0, " "), SIZE_MAX);
	saved = notes_save(&again);
	notes_fini(&again);
	draft(&cases[0], &c, &again);
	notes_load(&again, saved);
	cr_expect_eq(again.count, 7);
	cr_expect_str_eq(again.items[OWN].text, "Of my own");
	cr_expect(again.items[OWN].taken && again.items[OWN].added);
	json_free(saved);

	notes_write(&again, "\n\nBy \x1b hand  \n\n");
	notes_body(&again, &c, &body);
	cr_expect_str_eq(str_text(&body), "By \\x1b hand\n");
	saved = notes_save(&again);
	notes_write(&n, NULL);
	notes_load(&n, saved);
	cr_expect_str_eq(n.whole, "By \\x1b hand\n");
	notes_load(&n, NULL);
	cr_expect_null(n.whole);
	json_free(saved);
	str_fini(&body);
	notes_fini(&n);
	notes_fini(&again);
	changelog_fini(&c);
}

Test(notes, take_lines_from_elsewhere, .fini = leak_gate)
{
	struct changelog c = CHANGELOG_EMPTY;
	struct notes n = NOTES_EMPTY;

	first(&c, &n);
	notes_add_lines(&n,
	    bytes_of("- cuda12 sha256:1\r\n\r\n### fixed\n* by it\n## Images\nsha256:2\n-\n"),
	    "Also");
	expect(&n,
	    "[x] Added: Search by tag;[x] Added: Stream tokens;[ ] Changed: Release version "
	    "1.0.0;[ ] Changed: Merge pull request #109 from x/y;[ ] Changed: Guide;[x] Fixed: "
	    "Retry on 429 (#112);[x] Fixed: by it;[x] Also: cuda12 sha256:1;[x] Images: sha256:2;"
	    "[x] Images: -");
	notes_fini(&n);
	changelog_fini(&c);
}

Test(notes, say_which_line_of_the_categories_is_wrong, .fini = leak_gate)
{
	static const char *const wrong[] = { "feat", "feat:", ": Added", "feat: " };
	struct err e = ERR_EMPTY;

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct strlist l = STRLIST_EMPTY;

		strlist_add(&l, "fix, perf: Fixed");
		cr_expect_eq(notes_check_categories(&l, &e), ERR_OK);
		strlist_add(&l, wrong[i]);
		cr_expect_eq(notes_check_categories(&l, &e), ERR_CONFIG, "%s", wrong[i]);
		cr_expect(strstr(e.message, wrong[i]) != NULL);
		strlist_fini(&l);
	}
}
