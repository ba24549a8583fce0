/* What is read of towncrier's configuration, and of what it prints and writes. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/project/towncrier.h"
#include "temp.h"

struct find_case {
	const char *name, *file, *text; /* FILE below the root holds TEXT */
	const char *fragment[3];
	const char *news; /* NULL: it is not used */
	size_t fragments;
};

static const struct find_case cases[] = {
	{ "its own file, whatever it says", "pkg/towncrier.toml", "", { NULL }, "pkg/NEWS.rst", 0 },
	{ "a table of the project", "pkg/pyproject.toml",
	    "[tool.towncrier]\nfilename = \"docs/news.rst\"\ndirectory = \"./changes\"\n",
	    { "pkg/changes/12.feature.rst", "pkg/changes/+x.bugfix", "pkg/changes/README.rst" },
	    "pkg/docs/news.rst", 2 },
	{ "a project without it", "pkg/pyproject.toml", "[tool.other]\n", { NULL }, NULL, 0 },
	{ "below the package, types of its own", "pkg/pyproject.toml",
	    "[tool.towncrier]\npackage = \"p\"\npackage_dir = \"src\"\n"
	    "[[tool.towncrier.type]]\ndirectory = \"add\"\nname = \"Added\"\nshowcontent = true\n",
	    { "pkg/src/p/newsfragments/1.add", "pkg/src/p/newsfragments/2.feature" },
	    "pkg/NEWS.rst", 1 },
	{ "sections, a file for each version, types by their tables", "pkg/pyproject.toml",
	    "[tool.towncrier]\nname = \"N\"\nfilename = \"{name}-{version}.md\"\ndirectory = "
	    "\"c\"\n"
	    "[[tool.towncrier.section]]\npath = \"\"\n[[tool.towncrier.section]]\npath = \"web\"\n"
	    "[tool.towncrier.fragment.fix]\n",
	    { "pkg/c/1.fix", "pkg/c/web/fix-1.2.fix.3.rst" }, "pkg/N-1.1.0.md", 2 },
	{ "a folder alone", "pkg/README", "", { "pkg/newsfragments/7.doc.md" }, "pkg/NEWS.rst", 1 },
	{ "a folder of something else", "pkg/README", "",
	    { "pkg/newsfragments/feature", "pkg/newsfragments/a.txt" }, NULL, 0 },
	{ "the repository's, for a package in it", "towncrier.toml",
	    "[tool.towncrier]\nfilename = \"NEWS\"\n", { "newsfragments/1.misc" }, "NEWS", 1 },
};

Test(towncrier, is_found_where_it_is_configured, .fini = leak_gate)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct find_case *c = &cases[i];
		char *root = temp_dir(), *news = NULL;
		struct towncrier t = TOWNCRIER_EMPTY;

		temp_puts(root, c->file, c->text);
		for (size_t k = 0; k < ARRAY_LEN(c->fragment) && c->fragment[k] != NULL; k++)
			temp_puts(root, c->fragment[k], "x\n");
		cr_expect_eq(
		    towncrier_find(root, "pkg", true, true, &t), c->news != NULL, "%s", c->name);
		if (t.dir != NULL)
			news = towncrier_news(&t, "1.1.0");
		if (c->news != NULL && news != NULL)
			cr_expect_str_eq(news, c->news, "%s: %s", c->name, news);
		cr_expect_eq(t.fragments, c->fragments, "%s: %zu", c->name, t.fragments);
		free(news);
		towncrier_fini(&t);
		temp_remove(root);
	}
}

Test(towncrier, a_folder_alone_does_not_always_count, .fini = leak_gate)
{
	char *root = temp_dir();
	struct towncrier t = TOWNCRIER_EMPTY;

	temp_puts(root, "newsfragments/1.feature", "x\n");
	cr_expect_not(towncrier_find(root, "", true, false, &t));
	cr_expect_not(towncrier_find(root, "pkg", false, true, &t));
	cr_expect(towncrier_find(root, "", false, true, &t));
	cr_expect_not(t.configured);
	towncrier_fini(&t);
	temp_remove(root);
}

static const struct {
	const char *draft, *news, *body;
} drafts[] = {
	{ "foo 1.1.0 (2026-11-20)\n======================\n\nFeatures\n--------\n\n- x\n", "N.rst",
	    "\nFeatures\n--------\n\n- x\n" },
	{ "# 1.1.0\n\n## Features\n\n- x\n", "N.md", "\n## Features\n\n- x\n" },
	/* title_format = false */
	{ "## Features\n\n- x 1.1.0\n", "N.md", "## Features\n\n- x 1.1.0\n" },
	{ "Features\n--------\n", "N.rst", "Features\n--------\n" },
	/* Of another version: no title of this one. */
	{ "1.1.0rc1\n========\n", "N.rst", "1.1.0rc1\n========\n" },
};

Test(towncrier, the_title_is_none_of_the_text, .fini = leak_gate)
{
	for (size_t i = 0; i < ARRAY_LEN(drafts); i++) {
		struct bytes b = towncrier_body(bytes_of(drafts[i].draft), drafts[i].news, "1.1.0");

		cr_expect(bytes_is(b, drafts[i].body), "%zu: %.*s", i, (int)b.len, b.data);
	}
}

Test(towncrier, knows_the_section_that_is_there, .fini = leak_gate)
{
	static const char text[] = "News\n####\n\nfoo 1.1.0 (2026-11-20)\n======\n\nDoc\n---\n\n- "
				   "a\n\nfoo 1.0.0 (x)\n======\n\n- b\n";
	struct bytes b = { "", 0 };

	cr_expect(towncrier_section(bytes_of(text), "NEWS.rst", "1.1.0", &b));
	cr_expect(bytes_is(b, "\nDoc\n---\n\n- a\n\n"), "%.*s", (int)b.len, b.data);
	cr_expect_not(towncrier_section(bytes_of(text), "NEWS.rst", "1.1", &b));
}
