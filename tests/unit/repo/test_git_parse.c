/* What git prints for programs. */
#include <criterion/criterion.h>

#include "leak_gate.h"
#include "slipway/repo/git.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

Test(git_parse, finds_references_with_and_without_peeling, .fini = leak_gate)
{
	static const char output[] = "From x\n" A "\trefs/heads/main\n" B "\trefs/tags/v1\n" A
	    "\trefs/tags/v1^{}\n" B "\trefs/tags/v10\nzz\trefs/tags/bad\n" A "\tx/refs/tags/v2\n";
	static const struct {
		const char *ref;
		bool	    peeled;
		const char *hash; /* NULL: not there */
	} row[] = {
		{ "refs/heads/main", true, A },
		{ "refs/tags/v1", false, B },
		{ "refs/tags/v1", true, A },
		{ "refs/tags/v10", true, B },
		{ "refs/tags/v2", true, NULL },
		{ "refs/tags/bad", false, NULL },
	};
	char hash[REPO_HASH_SIZE];

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		bool found = git_refs_find(bytes_of(output), row[i].ref, row[i].peeled, hash);

		cr_expect_eq(found, row[i].hash != NULL, "%s", row[i].ref);
		if (found && row[i].hash != NULL)
			cr_expect_str_eq(hash, row[i].hash, "%s", row[i].ref);
	}
}

Test(git_parse, reads_versions_of_git, .fini = leak_gate)
{
	static const struct {
		const char *text;
		bool	    ok;
		int	    major, minor;
	} row[] = {
		{ "git version 2.39.5\n", true, 2, 39 },
		{ "git version 2.39.5 (Apple Git-154)\n", true, 2, 39 },
		{ "git version 2.47.windows.1\n", true, 2, 47 },
		{ "git version x\n", false, 0, 0 },
		{ "hub 2.3\n", false, 0, 0 },
		{ "", false, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		int major = 0, minor = 0;

		cr_expect_eq(git_version_parse(bytes_of(row[i].text), &major, &minor), row[i].ok,
		    "%s", row[i].text);
		cr_expect(major == row[i].major && minor == row[i].minor, "%s", row[i].text);
	}
}

Test(git_parse, reads_what_push_did, .fini = leak_gate)
{
	struct git_push_refs refs = GIT_PUSH_REFS_EMPTY;

	git_push_parse(
	    bytes_of("To /tmp/x\n \taaa:refs/heads/main\t1..2\n"
		     "!\trefs/tags/v1:refs/tags/v1\t[rejected] (already exists)\nDone\n"),
	    &refs);
	cr_assert_eq(refs.count, 2);
	cr_expect_eq(refs.items[0].flag, ' ');
	cr_expect_str_eq(refs.items[0].ref, "refs/heads/main");
	cr_expect_eq(refs.items[1].flag, '!');
	cr_expect_str_eq(refs.items[1].summary, "[rejected] (already exists)");
	git_push_refs_fini(&refs);
}

Test(git_parse, quotes_commands_for_a_shell, .fini = leak_gate)
{
	struct git_cmd c = GIT_CMD_EMPTY;
	struct str     text = STR_EMPTY;

	strlist_add_all(&c.argv, (const char *[]){ "git", "add", "--", "a b", "it's", "", NULL });
	git_cmd_text(&c, &text);
	cr_expect_str_eq(str_text(&text), "git add -- 'a b' 'it'\\''s' ''");
	str_fini(&text);
	git_cmd_fini(&c);
}
