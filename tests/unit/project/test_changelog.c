/* Whole changelogs with one more section: every style of the reference, to the byte. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/project/changelog.h"
#include "temp.h"

#define GROUPS_MAX 3

struct insert_case {
	const char *name, *file, *prefix, *version, *tag;
	const char *group[GROUPS_MAX]; /* "Title|entry|entry"; an empty title is none */
	const char *before, *after;
};

#define H "https://github.com/o/r/compare/"

static const struct insert_case cases[] = {
	{ "Keep a Changelog: the text by hand moves, the links follow", "CHANGELOG.md", "v",
	    "1.1.0", "v1.1.0", { NULL },
	    "# Changelog\n\n## [Unreleased]\n\n### Added\n- by  hand\t\n  * odd\n\n### Fixed\n\n"
	    "- y\n\n## [1.0.3] - 2026-01-02\n\n### Added\n- old\n\n[Unreleased]: " H
	    "v1.0.3...HEAD\n[1.0.3]: " H "v1.0.2...v1.0.3\n[1.0.2]: " H "v1.0.1...v1.0.2\n",
	    "# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2026-11-20\n\n### Added\n- by  "
	    "hand\t\n  * odd\n\n### Fixed\n\n- y\n\n## [1.0.3] - 2026-01-02\n\n### Added\n- old\n\n"
	    "[Unreleased]: " H "v1.1.0...HEAD\n[1.1.0]: " H "v1.0.3...v1.1.0\n[1.0.3]: " H
	    "v1.0.2...v1.0.3\n[1.0.2]: " H "v1.0.1...v1.0.2\n" },
	{ "a new category comes before those that follow it", "CHANGELOG.md", "v", "1.1.0",
	    "v1.1.0", { "Added|drafted", "Changed|c", "Fixed|mended" },
	    "# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n- by hand\n\n## [1.0.3] - "
	    "2026-01-02\n\n### Added\n\n- old\n",
	    "# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2026-11-20\n\n### Added\n\n- "
	    "drafted\n\n### Changed\n\n- c\n\n### Fixed\n\n- by hand\n- mended\n\n"
	    "## [1.0.3] - 2026-01-02\n\n### Added\n\n- old\n" },
	/* No link is added where the file has none. */
	{ "a draft goes below what is written by hand, in its category or behind", "CHANGELOG.md",
	    "v", "1.1.0", "v1.1.0", { "Added|drafted|another", "Fixed|mended (#9)" },
	    "# Changelog\n\n## [Unreleased]\n\n### Added\n- by hand\n\n### Deprecated (removed in "
	    "v2)\n- d\n\n## [1.0.3] - 2026-01-02\n\n### Fixed\n- old\n",
	    "# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2026-11-20\n\n### Added\n- by hand\n- "
	    "drafted\n- another\n\n### Deprecated (removed in v2)\n- d\n\n### Fixed\n- mended "
	    "(#9)\n\n## [1.0.3] - 2026-01-02\n\n### Fixed\n- old\n" },
	{ "first release: the compare link of the unreleased is the model", "CHANGELOG.md", "v",
	    "0.2.0", "v0.2.0", { "Added|x" },
	    "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-01-02\n\n### Added\n\n- "
	    "old\n\n[unreleased]: " H "v0.1.0...HEAD\n[0.1.0]: "
	    "https://github.com/o/r/releases/tag/v0.1.0",
	    "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-11-20\n\n### Added\n\n- x\n\n"
	    "## [0.1.0] - 2026-01-02\n\n### Added\n\n- old\n\n[unreleased]: " H
	    "v0.2.0...HEAD\n[0.2.0]: " H "v0.1.0...v0.2.0\n[0.1.0]: "
	    "https://github.com/o/r/releases/tag/v0.1.0" },
	{ "nothing but the unreleased", "CHANGELOG.md", NULL, "0.1.0", "v0.1.0", { "Added|x" },
	    "# Changelog\n\n## [Unreleased]\n",
	    "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - "
	    "2026-11-20\n\n### Added\n\n- x\n" },
	{ "an empty file", "CHANGELOG.md", NULL, "0.1.0", "v0.1.0", { "Added|x" }, "",
	    "## 0.1.0 - 2026-11-20\n\n### Added\n\n- x\n" },
	{ "process 4: an em dash and a v", "CHANGELOG.md", "v", "2.2.0", "v2.2.0", { "Added|n" },
	    "# Changelog\n\nAll notable changes.\n\n## v2.1.0 \xe2\x80\x94 2026-02-19\n\n### "
	    "Added\n\n- a\n\n### Deprecated (removed in v2.2.0)\n\n- d\n\n## v2.0.0 \xe2\x80\x94 "
	    "2026-01-01\n\n- first\n",
	    "# Changelog\n\nAll notable changes.\n\n## v2.2.0 \xe2\x80\x94 2026-11-20\n\n### "
	    "Added\n\n- n\n\n## v2.1.0 \xe2\x80\x94 2026-02-19\n\n### "
	    "Added\n\n- a\n\n### Deprecated (removed in v2.2.0)\n\n- d\n\n## v2.0.0 \xe2\x80\x94 "
	    "2026-01-01\n\n- first\n" },
	{ "commitizen: no title, the date in brackets", "CHANGELOG.md", NULL, "4.14.0", "v4.14.0",
	    { "Feat|**cli**: x", "Fix|y" },
	    "## v4.13.9 (2026-02-25)\n\n### Fix\n\n- **config**: z\n\n## v4.13.8 "
	    "(2026-02-18)\n\n### "
	    "Fix\n\n- q\n",
	    "## v4.14.0 (2026-11-20)\n\n### Feat\n\n- **cli**: x\n\n### Fix\n\n- y\n\n## v4.13.9 "
	    "(2026-02-25)\n\n### Fix\n\n- **config**: z\n\n## v4.13.8 (2026-02-18)\n\n### Fix\n\n- "
	    "q\n" },
	{ "uv: the date in a line of its own", "CHANGELOG.md", NULL, "0.12.6", "0.12.6",
	    { "Bug fixes|y" },
	    "# Changelog\n\n<!-- prettier-ignore-start -->\n\n\n## 0.12.5\n\nReleased on "
	    "2026-08-14.\n\n### Bug fixes\n\n- z ([#1](u))\n\n## 0.12.4\n\nReleased on "
	    "2026-08-01.\n",
	    "# Changelog\n\n<!-- prettier-ignore-start -->\n\n\n## 0.12.6\n\nReleased on "
	    "2026-11-20.\n\n### Bug fixes\n\n- y\n\n## 0.12.5\n\nReleased on "
	    "2026-08-14.\n\n### Bug fixes\n\n- z ([#1](u))\n\n## 0.12.4\n\nReleased on "
	    "2026-08-01.\n" },
	{ "hatch: the tag three times in a heading", "docs/history/hatch.md", "hatch-v", "1.19.0",
	    "hatch-v1.19.0", { "Added|n" },
	    "# History\n\n## Unreleased\n\n***Fixed:***\n\n- by hand\n\n## "
	    "[1.18.0](https://g.com/p/h/releases/tag/hatch-v1.18.0) - 2026-08-11 ## {: "
	    "#hatch-v1.18.0 }\n\n***Added:***\n\n- a\n",
	    "# History\n\n## Unreleased\n\n## "
	    "[1.19.0](https://g.com/p/h/releases/tag/hatch-v1.19.0) - 2026-11-20 ## {: "
	    "#hatch-v1.19.0 }\n\n***Fixed:***\n\n- by hand\n\n***Added:***\n\n- n\n\n## "
	    "[1.18.0](https://g.com/p/h/releases/tag/hatch-v1.18.0) - 2026-08-11 ## {: "
	    "#hatch-v1.18.0 }\n\n***Added:***\n\n- a\n" },
	{ "python-semantic-release: label and underline", "CHANGELOG.rst", "v", "10.10.0",
	    "v10.10.0", { "Features|x" },
	    ".. _changelog:\n\n=========\nCHANGELOG\n=========\n\n..\n    version list\n\n.. "
	    "_changelog-v10.6.1:\n\nv10.6.1 (2026-07-06)\n====================\n\nBug "
	    "Fixes\n---------\n\n* y\n\n\n.. _changelog-v10.6.0:\n\nv10.6.0 "
	    "(2026-07-01)\n====================\n\nFeatures\n--------\n\n* z\n",
	    ".. _changelog:\n\n=========\nCHANGELOG\n=========\n\n..\n    version list\n\n.. "
	    "_changelog-v10.10.0:\n\nv10.10.0 (2026-11-20)\n=====================\n\nFeatures\n"
	    "--------\n\n* x\n\n\n.. "
	    "_changelog-v10.6.1:\n\nv10.6.1 (2026-07-06)\n====================\n\nBug "
	    "Fixes\n---------\n\n* y\n\n\n.. _changelog-v10.6.0:\n\nv10.6.0 "
	    "(2026-07-01)\n====================\n\nFeatures\n--------\n\n* z\n" },
	{ "black: a template is filled in and made again", "CHANGES.md", NULL, "24.9.0", "24.9.0",
	    { NULL },
	    "# Change Log\n\n## Unreleased\n\n<!-- PR authors:\n     the number, please -->\n\n- "
	    "above all\n\n### Highlights\n\n<!-- Include any especially major "
	    "or disruptive\n     changes here -->\n\n### Stable style\n\n<!-- Changes that affect "
	    "the stable style -->\n\n- by hand (#4)\n\n### Preview style\n\n<!-- Changes that "
	    "affect the preview style -->\n\n## 24.8.0\n\n### Stable style\n\n- old\n",
	    "# Change Log\n\n## Unreleased\n\n<!-- PR authors:\n     the number, please -->\n\n### "
	    "Highlights\n\n<!-- Include any especially major "
	    "or disruptive\n     changes here -->\n\n### Stable style\n\n<!-- Changes that affect "
	    "the stable style -->\n\n### Preview style\n\n<!-- Changes that "
	    "affect the preview style -->\n\n## 24.9.0\n\n- above all\n\n### Stable style\n\n- by "
	    "hand (#4)\n\n"
	    "## 24.8.0\n\n### Stable style\n\n- old\n" },
	{ "zest: the heading on top is dated", "CHANGES.rst", NULL, "1.1", "1.1", { NULL },
	    "Changelog\n=========\n\n1.1 (unreleased)\n----------------\n\n- by hand\n\n\n1.0 "
	    "(2026-01-01)\n----------------\n\n- old\n",
	    "Changelog\n=========\n\n1.1 (2026-11-20)\n----------------\n\n- by hand\n\n\n1.0 "
	    "(2026-01-01)\n----------------\n\n- old\n" },
	{ "cargo-release: the marker and the suffix stay", "CHANGELOG.md", NULL, "0.4.0", "v0.4.0",
	    { NULL },
	    "<!-- next-header -->\n\n## [Unreleased] - ReleaseDate\n\n- x\n\n## [0.3.0] - "
	    "2026-01-01\n\n- old\n",
	    "<!-- next-header -->\n\n## [Unreleased] - ReleaseDate\n\n## [0.4.0] - 2026-11-20\n\n- "
	    "x\n\n## [0.3.0] - 2026-01-01\n\n- old\n" },
	{ "a marker with something between it and the newest", "CHANGELOG.md", "v", "2.0.0",
	    "v2.0.0", { "Fix|y" },
	    "# CHANGELOG\n\n<!-- version list -->\n\nsome prose\n\n## v1.0.0 (2026-01-01)\n\n### "
	    "Fix\n\n- x\n",
	    "# CHANGELOG\n\n<!-- version list -->\n\n## v2.0.0 (2026-11-20)\n\n### Fix\n\n- "
	    "y\n\nsome prose\n\n## v1.0.0 (2026-01-01)\n\n### Fix\n\n- x\n" },
	{ "CRLF, a BOM and no line end at the end stay", "CHANGELOG.md", "v", "1.1.0", "v1.1.0",
	    { "Fixed|y" },
	    "\xef\xbb\xbf# C\r\n\r\n## [Unreleased]\r\n\r\n### Added\r\n\r\n- x\r\n\r\n## [1.0.0] "
	    "- "
	    "2026-01-01\r\n\r\n- old",
	    "\xef\xbb\xbf# C\r\n\r\n## [Unreleased]\r\n\r\n## [1.1.0] - 2026-11-20\r\n\r\n### "
	    "Added\r\n\r\n- x\r\n\r\n### Fixed\r\n\r\n- y\r\n\r\n## [1.0.0] - "
	    "2026-01-01\r\n\r\n- old" },
	{ "40: prose, a fence and a release that was taken back", "CHANGELOG.md", "v", "1.1.0",
	    "v1.1.0", { "Added|n" },
	    "# C\n\n## Python 3.12 support\n\nyes\n\n```\n## 9.9.9 - 2030-01-01\n```\n\n```## "
	    "9.9.8```\n\n<!--\n## 9.9.7\n-->\n\n## [0.0.5] - 2014-12-13 [YANKED]\n\n### Added\n\n- "
	    "z\n\n## 0.0.4 / 2014-12-01\n\n- q\n",
	    "# C\n\n## Python 3.12 support\n\nyes\n\n```\n## 9.9.9 - 2030-01-01\n```\n\n```## "
	    "9.9.8```\n\n<!--\n## 9.9.7\n-->\n\n## 1.1.0 / 2026-11-20\n\n### Added\n\n- n\n\n## "
	    "[0.0.5] - 2014-12-13 [YANKED]\n\n### Added\n\n- z\n\n## 0.0.4 / 2014-12-01\n\n- q\n" },
	{ "links within the headings, and a date in words", "CHANGELOG.md", "v", "1.3.0", "v1.3.0",
	    { "Fix|y" }, "## [1.2.0](" H "v1.1.0...v1.2.0) (January 5, 2026)\n\n### Fix\n\n* x\n",
	    "## [1.3.0](" H "v1.2.0...v1.3.0) (November 20, 2026)\n\n### Fix\n\n* y\n\n## "
	    "[1.2.0](" H "v1.1.0...v1.2.0) (January 5, 2026)\n\n### Fix\n\n* x\n" },
	{ "a link at the end of each section", "CHANGELOG.md", "v", "1.2.0", "v1.2.0",
	    { "Added|n" },
	    "# C\n\n## [1.1.0] - 2026-01-02\n\n### Added\n\n- x\n\n[1.1.0]: " H
	    "v1.0.0...v1.1.0\n\n## [1.0.0] - 2026-01-01\n\n- y\n",
	    "# C\n\n## [1.2.0] - 2026-11-20\n\n### Added\n\n- n\n\n[1.2.0]: " H
	    "v1.1.0...v1.2.0\n\n## [1.1.0] - 2026-01-02\n\n### Added\n\n- x\n\n[1.1.0]: " H
	    "v1.0.0...v1.1.0\n\n## [1.0.0] - 2026-01-01\n\n- y\n" },
	{ "a prefix of the package in the tags of the links", "CHANGELOG.md", "hf-local-v", "1.1.0",
	    "hf-local-v1.1.0", { NULL },
	    "## [Unreleased]\n\n- x\n\n## [1.0.0] - 2026-01-01\n\n[Unreleased]: " H
	    "hf-local-v1.0.0...main\n[1.0.0]: " H "hf-local-v0.9.0...hf-local-v1.0.0\n",
	    "## [Unreleased]\n\n## [1.1.0] - 2026-11-20\n\n- x\n\n## [1.0.0] - "
	    "2026-01-01\n\n[Unreleased]: " H "hf-local-v1.1.0...main\n[1.1.0]: " H
	    "hf-local-v1.0.0...hf-local-v1.1.0\n[1.0.0]: " H
	    "hf-local-v0.9.0...hf-local-v1.0.0\n" },
};

static void
split_group(const char *text, char **title, struct strlist *entries)
{
	const char *bar = strchr(text, '|');

	*title = strndup(text, (size_t)(bar - text));
	while (bar != NULL) {
		const char *next = strchr(bar + 1, '|');
		size_t len = next != NULL ? (size_t)(next - bar - 1) : strlen(bar + 1);

		strlist_take(entries, strndup(bar + 1, len));
		bar = next;
	}
}

static void
compose(const struct changelog *c, const char *const group[GROUPS_MAX], struct str *body)
{
	struct changelog_group groups[GROUPS_MAX];
	struct strlist entries[GROUPS_MAX] = { STRLIST_EMPTY, STRLIST_EMPTY, STRLIST_EMPTY };
	char *titles[GROUPS_MAX] = { NULL };
	size_t n = 0;

	for (; n < GROUPS_MAX && group[n] != NULL; n++) {
		split_group(group[n], &titles[n], &entries[n]);
		groups[n] = (struct changelog_group) { titles[n], &entries[n] };
	}
	changelog_compose(c, groups, n, body);
	for (size_t i = 0; i < n; i++) {
		free(titles[i]);
		strlist_fini(&entries[i]);
	}
}

/* The text as one line, so that a difference can be read. */
static const char *
shown(const char *text, char *buf, size_t size)
{
	size_t n = 0;

	for (; *text != '\0' && n + 3 < size; text++)
		if (*text == '\n' || *text == '\r') {
			buf[n++] = '\\';
			buf[n++] = *text == '\n' ? 'n' : 'r';
		} else {
			buf[n++] = *text;
		}
	buf[n] = '\0';
	return buf;
}

Test(changelog, one_more_section_in_the_style_of_the_newest, .fini = leak_gate)
{
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct insert_case *k = &cases[i];
		struct changelog c = CHANGELOG_EMPTY, again = CHANGELOG_EMPTY;
		struct str body = STR_EMPTY, out = STR_EMPTY, twice = STR_EMPTY;
		struct changelog_release r = {
			.version = k->version, .tag = k->tag, .date = "2026-11-20"
		};
		struct err e = ERR_EMPTY;
		char a[4096], b[4096];

		cr_assert_eq(changelog_parse(bytes_of(k->before), k->file, k->prefix, &c, &e),
		    ERR_OK, "%s: %s", k->name, e.message);
		compose(&c, k->group, &body);
		r.body = (struct bytes) { str_text(&body), body.len };
		cr_assert_eq(changelog_insert(&c, &r, &out, &e), ERR_OK, "%s", k->name);
		cr_expect_str_eq(str_text(&out), k->after, "%s:\n got %s\nwant %s", k->name,
		    shown(str_text(&out), a, sizeof a), shown(k->after, b, sizeof b));
		/* The second run has nothing to do. */
		cr_assert_eq(changelog_parse((struct bytes) { out.data, out.len }, k->file,
				 k->prefix, &again, &e),
		    ERR_OK);
		cr_expect_eq(changelog_insert(&again, &r, &twice, &e), ERR_EXISTS, "%s", k->name);
		cr_expect_eq(twice.len, 0);
		changelog_fini(&c);
		changelog_fini(&again);
		str_fini(&body);
		str_fini(&out);
		str_fini(&twice);
	}
}

Test(changelog, knows_a_section_by_the_value_of_its_version, .fini = leak_gate)
{
	static const struct {
		const char *text, *version;
		bool there;
	} row[] = {
		{ "## [1.2.0] - 2026-01-01\n", "1.2", true },
		{ "## v1.2.0-rc.1\n", "1.2.0rc1", true },
		{ "## 1.2.0rc1\n", "1.2.0", false },
		{ "## Version 1.2.0\n", "1.2.0", true },
		{ "## Release 1.2.0 of May\n", "1.2.0", true },
		{ "## 1.2.0 (unreleased)\n", "1.2.0", false },
		{ "## 2024\n", "2024", false },
		{ "## 1.3.0\n\n### 1.2.0 compatibility\n", "1.2.0", false },
		{ "```\n## 1.2.0\n```\n", "1.2.0", false },
		{ "~~~ md\n## 1.2.0\n```\n~~~\n", "1.2.0", false },
		{ "    ## 1.2.0\n", "1.2.0", false },
		{ "---\ntitle: x\n## 1.2.0\n---\n", "1.2.0", false },
		{ "1.2.0\n=====\n", "1.2.0", true },
		{ "prose\n1.2.0\n-----\n", "1.2.0", false },
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct changelog c = CHANGELOG_EMPTY;

		cr_assert_eq(
		    changelog_parse(bytes_of(row[i].text), "CHANGELOG.md", NULL, &c, NULL), ERR_OK);
		cr_expect_eq(changelog_section_of(&c, row[i].version) != CHANGELOG_NONE,
		    row[i].there, "%s", row[i].text);
		changelog_fini(&c);
	}
}

Test(changelog, refuses_what_is_no_text, .fini = leak_gate)
{
	struct changelog c = CHANGELOG_EMPTY;
	struct err e = ERR_EMPTY;

	cr_expect_eq(
	    changelog_parse(bytes_of("## \xff\n"), "CHANGELOG.md", NULL, &c, &e), ERR_INVALID);
	cr_expect(strstr(e.message, "CHANGELOG.md") != NULL);
}

Test(changelog, finds_the_file_of_a_package, .fini = leak_gate)
{
	static const struct {
		const char *path, *dir;
		bool shared;
		const char *found;
	} row[] = {
		{ "CHANGELOG.md", "", false, "CHANGELOG.md" },
		{ "packages/cli/Changes.rst", "packages/cli", false, "packages/cli/Changes.rst" },
		{ "docs/history.txt", "", false, "docs/history.txt" },
		{ "NEWS", "pkg", true, "NEWS" },
		{ "NEWS", "pkg", false, NULL },
		{ "debian/changelog", "", true, NULL },
		{ "changes/12.feature", "", true, NULL },
		{ "CHANGELOG.md.bak", "", true, NULL },
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		char *root = temp_dir(), *found;

		temp_puts(root, row[i].path, "x\n");
		found = changelog_find(root, row[i].dir, row[i].shared);
		if (row[i].found == NULL)
			cr_expect_null(found, "%s: %s", row[i].path, found);
		else
			cr_expect(found != NULL && strcmp(found, row[i].found) == 0, "%s: %s",
			    row[i].path, found != NULL ? found : "none");
		free(found);
		temp_remove(root);
	}
}

Test(changelog, begins_where_there_is_no_model, .fini = leak_gate)
{
	static const struct {
		const char *word, *before, *after;
	} row[] = {
		{ "keep-a-changelog", NULL,
		    "# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2026-11-20\n\n### Added\n\n- "
		    "a\n" },
		{ "dash", NULL,
		    "# Changelog\n\n## v1.1.0 \xe2\x80\x94 2026-11-20\n\n### Added\n\n- a\n" },
		{ "dash", "# C\n\n## Unreleased\n\n- by hand\n",
		    "# C\n\n## Unreleased\n\n## v1.1.0 \xe2\x80\x94 2026-11-20\n\n- by hand\n\n### "
		    "Added\n\n- a\n" },
		{ "keep-a-changelog", "# C\n\nProse.\n",
		    "# C\n\nProse.\n\n## [1.1.0] - 2026-11-20\n\n### Added\n\n- a\n" },
	};
	static const char *const groups[GROUPS_MAX] = { "Added|a" };
	enum changelog_fresh fresh;

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct changelog c = CHANGELOG_EMPTY;
		struct changelog_release r = { .version = "1.1.0", .date = "2026-11-20" };
		struct str body = STR_EMPTY, out = STR_EMPTY;

		cr_assert(changelog_fresh_from(row[i].word, &r.fresh));
		cr_assert_eq(
		    changelog_parse(bytes_of(row[i].before != NULL ? row[i].before
								   : changelog_fresh_text(r.fresh)),
			"CHANGELOG.md", NULL, &c, NULL),
		    ERR_OK);
		compose(&c, groups, &body);
		r.body = (struct bytes) { str_text(&body), body.len };
		cr_expect_eq(changelog_insert(&c, &r, &out, NULL), ERR_OK);
		cr_expect_str_eq(str_text(&out), row[i].after);
		str_fini(&body);
		str_fini(&out);
		changelog_fini(&c);
	}
	cr_expect_not(changelog_fresh_from("other", &fresh));
}
