/* Patches of texts and of commits. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "slipway/repo/diff.h"

static struct repo_patch
patch_of(const char *before, const char *after, size_t context)
{
	struct repo_patch p = REPO_PATCH_EMPTY;
	struct err	  e = ERR_EMPTY;

	cr_assert_eq(repo_diff_text(bytes_of(before), bytes_of(after), context, &p, &e), ERR_OK,
	    "%s", e.message);
	return p;
}

Test(diff, makes_unified_patches, .fini = leak_gate)
{
	static const struct {
		const char *before, *after, *patch;
	} row[] = {
		{ "a\nb\nc\n", "a\nb\nc\n", "" },
		{ "a\nb\nc\nd\ne\n", "a\nb\nX\nd\ne\n",
		    "--- a/f\n+++ b/f\n@@ -2,3 +2,3 @@\n b\n-c\n+X\n d\n" },
		{ "a", "b\n",
		    "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n" },
		{ "a\nb", "a\nb\nc",
		    "--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n a\n-b\n\\ No newline at end of file\n"
		    "+b\n+c\n\\ No newline at end of file\n" },
		{ "v\r\nw\r\n", "x\r\nw\r\n",
		    "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-v\r\n+x\r\n w\r\n" },
		{ "", "a\n", "--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+a\n" },
		{ "a\n", "", "--- a/f\n+++ b/f\n@@ -1 +0,0 @@\n-a\n" },
		{ "\xff\n", "\xfe\n", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-\xff\n+\xfe\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct repo_patch p = patch_of(row[i].before, row[i].after, 1);
		struct str	  text = STR_EMPTY;

		repo_patch_unified(&p, "f", &text);
		cr_expect_str_eq(str_text(&text), row[i].patch, "row %zu: %s", i, str_text(&text));
		str_fini(&text);
		repo_patch_fini(&p);
	}
}

Test(diff, numbers_lines_on_both_sides, .fini = leak_gate)
{
	struct repo_patch p = patch_of(
	    "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\nnew\n2\n3\n4\n5\n6\n7\n9\n", 0);
	char		  header[64];

	cr_assert_eq(p.hunk_count, 2);
	cr_expect(p.added == 1 && p.deleted == 1);
	cr_assert_eq(p.line_count, 2);
	cr_expect(p.lines[0].kind == REPO_LINE_ADD && p.lines[0].new_line == 2 &&
		  p.lines[0].old_line == 0);
	cr_expect(bytes_is(p.lines[0].text, "new"));
	cr_expect(p.lines[1].kind == REPO_LINE_DEL && p.lines[1].old_line == 8 &&
		  p.lines[1].new_line == 0);
	cr_expect_str_eq(repo_hunk_header(&p.hunks[1], header, sizeof header), "@@ -8 +8,0 @@");
	cr_expect_eq(p.hunks[1].first, 1);
	repo_patch_fini(&p);
}

Test(diff, a_text_with_nul_bytes_is_compared_as_text, .fini = leak_gate)
{
	struct repo_patch p = REPO_PATCH_EMPTY;

	cr_assert_eq(repo_diff_text((struct bytes) { "a\0b\n", 4 }, (struct bytes) { "a\0c\n", 4 },
			 3, &p, NULL),
	    ERR_OK);
	cr_expect_eq(p.line_count, 2);
	cr_expect_eq(p.lines[1].text.len, 3);
	repo_patch_fini(&p);
}

Test(diff, compares_commits, .fini = leak_gate)
{
	struct fixture	 f = fixture_with_commits();
	struct repo_diff d = REPO_DIFF_EMPTY;

	gitrepo_commit(f.path, "long", "1\n2\n3\n4\n5\n6\n7\n8\n", "long");
	gitrepo_git(f.path, "mv long longer");
	gitrepo_git(f.path, "commit -q -m moved");
	temp_write(f.path, "z.bin", "\0\1\2", 3);
	gitrepo_git(f.path, "add z.bin");
	gitrepo_git(f.path, "commit -q -m binary");
	fixture_open(&f);
	cr_assert_eq(repo_diff_commits(f.repo,
			 &(struct repo_diff_opts) { .from = "HEAD~2", .to = "HEAD", .context = 3 },
			 &d, &f.e),
	    ERR_OK, "%s", f.e.message);
	cr_assert_eq(d.count, 2);
	cr_expect_eq(d.files[0].change, REPO_RENAMED);
	cr_expect_str_eq(d.files[0].old_path, "long");
	cr_expect_str_eq(d.files[0].new_path, "longer");
	cr_expect_eq(d.files[1].change, REPO_ADDED);
	cr_expect(d.files[1].patch.binary);
	repo_diff_fini(&d);
	cr_assert_eq(
	    repo_diff_commits(f.repo,
		&(struct repo_diff_opts) { .to = "HEAD~2", .max_files = 1, .max_lines = 1 }, &d,
		&f.e),
	    ERR_OK, "%s", f.e.message);
	cr_expect_eq(d.count, 1);
	cr_expect_eq(d.total, 3);
	cr_expect_eq(d.files[0].patch.line_count, 1);
	repo_diff_fini(&d);
	cr_expect_eq(
	    repo_diff_commits(f.repo, &(struct repo_diff_opts) { .to = "nothing" }, &d, &f.e),
	    ERR_NOT_FOUND);
	fixture_end(&f);
}

Test(diff, cuts_long_patches, .fini = leak_gate)
{
	struct fixture	 f = fixture_empty();
	struct repo_diff d = REPO_DIFF_EMPTY;

	gitrepo_commit(f.path, "long", "1\n2\n3\n4\n5\n6\n7\n8\n", "long");
	fixture_open(&f);
	cr_assert_eq(repo_diff_commits(f.repo,
			 &(struct repo_diff_opts) { .to = "HEAD", .max_lines = 5 }, &d, &f.e),
	    ERR_OK);
	cr_expect(d.files[0].patch.cut);
	cr_expect_eq(d.files[0].patch.line_count, 5);
	cr_expect_eq(d.files[0].patch.added, 8);
	repo_diff_fini(&d);
	fixture_end(&f);
}
