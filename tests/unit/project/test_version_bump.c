/* The next version for each kind and each kind of current one, and the choices in their order. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/str.h"
#include "slipway/project/version.h"

static struct version
parsed(const char *text)
{
	struct version v = VERSION_EMPTY;
	struct err e = ERR_EMPTY;

	cr_assert_eq(version_parse(text, &v, &e), ERR_OK, "%s", e.message);
	return v;
}

/* patch minor major final rc alpha beta dev post; NULL where it would not be greater. */
static const struct {
	const char *current;
	const char *next[9];
} table[] = {
	{ "1.0.3", { "1.0.4", "1.1.0", "2.0.0", NULL, "1.1.0rc1", "1.1.0a1", "1.1.0b1",
		       "1.1.0.dev1", "1.0.3.post1" } },
	{ "0.3.0", { "0.3.1", "0.4.0", "1.0.0", NULL, "0.4.0rc1", "0.4.0a1", "0.4.0b1",
		       "0.4.0.dev1", "0.3.0.post1" } },
	{ "1.4",
	    { "1.4.1", "1.5", "2.0", NULL, "1.5rc1", "1.5a1", "1.5b1", "1.5.dev1", "1.4.post1" } },
	{ "7", { "7.0.1", "7.1", "8", NULL, "7.1rc1", "7.1a1", "7.1b1", "7.1.dev1", "7.post1" } },
	{ "1.2.3.4", { "1.2.4.0", "1.3.0.0", "2.0.0.0", NULL, "1.3.0.0rc1", "1.3.0.0a1",
			 "1.3.0.0b1", "1.3.0.0.dev1", "1.2.3.4.post1" } },
	{ "1.2.3rc1", { "1.2.4", "1.3.0", "2.0.0", "1.2.3", "1.2.3rc2", NULL, NULL, "1.2.3rc2.dev1",
			  "1.2.3rc1.post1" } },
	{ "1.3.0a2", { "1.3.1", "1.4.0", "2.0.0", "1.3.0", "1.3.0rc1", "1.3.0a3", "1.3.0b1",
			 "1.3.0a3.dev1", "1.3.0a2.post1" } },
	{ "1.3.0b9", { "1.3.1", "1.4.0", "2.0.0", "1.3.0", "1.3.0rc1", NULL, "1.3.0b10",
			 "1.3.0b10.dev1", "1.3.0b9.post1" } },
	{ "2.0.0.dev0", { "2.0.1", "2.1.0", "3.0.0", "2.0.0", "2.0.0rc1", "2.0.0a1", "2.0.0b1",
			    "2.0.0.dev1", NULL } },
	{ "1.2.0rc1.dev3",
	    { "1.2.1", "1.3.0", "2.0.0", "1.2.0", "1.2.0rc1", NULL, NULL, "1.2.0rc1.dev4", NULL } },
	{ "1.0.0.post1", { "1.0.1", "1.1.0", "2.0.0", NULL, "1.1.0rc1", "1.1.0a1", "1.1.0b1",
			     "1.1.0.dev1", "1.0.0.post2" } },
	{ "1.0.0.post1.dev0", { "1.0.1", "1.1.0", "2.0.0", "1.0.0.post1", "1.1.0rc1", "1.1.0a1",
				  "1.1.0b1", "1.0.0.post1.dev1", "1.0.0.post1" } },
	{ "1.0rc1.post1",
	    { "1.0.1", "1.1", "2.0", "1.0", "1.0rc2", NULL, NULL, "1.0rc2.dev1", "1.0rc1.post2" } },
	{ "1.0.0+cu121", { "1.0.1", "1.1.0", "2.0.0", NULL, "1.1.0rc1", "1.1.0a1", "1.1.0b1",
			     "1.1.0.dev1", "1.0.0.post1" } },
	{ "1!2.0.0", { "1!2.0.1", "1!2.1.0", "1!3.0.0", NULL, "1!2.1.0rc1", "1!2.1.0a1",
			 "1!2.1.0b1", "1!2.1.0.dev1", "1!2.0.0.post1" } },
	{ "1.99999999999999999999.0",
	    { "1.99999999999999999999.1", "1.100000000000000000000.0", "2.0.0", NULL,
		"1.100000000000000000000.0rc1", "1.100000000000000000000.0a1",
		"1.100000000000000000000.0b1", "1.100000000000000000000.0.dev1",
		"1.99999999999999999999.0.post1" } },
	{ "1.17.0b1", { "1.17.1", "1.18.0", "2.0.0", "1.17.0", "1.17.0rc1", NULL, "1.17.0b2",
			  "1.17.0b2.dev1", "1.17.0b1.post1" } },
	{ "2.0.0.rc1", { "2.0.1", "2.1.0", "3.0.0", "2.0.0", "2.0.0rc2", NULL, NULL,
			   "2.0.0rc2.dev1", "2.0.0rc1.post1" } },
};

Test(version_bump, gives_a_greater_version_or_says_why_not, .fini = leak_gate)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct version current = parsed(table[i].current);

		for (size_t k = 0; k < 9; k++) {
			struct version next = VERSION_EMPTY;
			struct err e = ERR_EMPTY;
			enum err_code rc = version_next(&current, (enum version_bump)k, &next, &e);
			const char *want = table[i].next[k];

			cr_expect_str_eq(version_text(&next), want != NULL ? want : "",
			    "%s of %s: %s", version_bump_name((enum version_bump)k),
			    table[i].current, e.message);
			cr_expect_eq(rc, want != NULL ? ERR_OK : ERR_INVALID);
			if (rc == ERR_OK)
				cr_expect_gt(version_compare(&next, &current), 0, "%s", want);
			else
				cr_expect(e.message[0] != '\0' && e.hint[0] != '\0');
			version_fini(&next);
		}
		version_fini(&current);
	}
}

Test(version_bump, combines_a_base_and_a_phase, .fini = leak_gate)
{
	static const struct {
		const char *current;
		enum version_bump base, pre;
		const char *next;
	} row[] = {
		{ "1.0.3", BUMP_MINOR, BUMP_RC, "1.1.0rc1" },
		{ "1.0.3", BUMP_PATCH, BUMP_RC, "1.0.4rc1" },
		{ "1.0.3", BUMP_MAJOR, BUMP_ALPHA, "2.0.0a1" },
		{ "1.4", BUMP_PATCH, BUMP_DEV, "1.4.1.dev1" },
		{ "1.2.3rc1", BUMP_MINOR, BUMP_RC, "1.3.0rc1" },
		{ "1.0", BUMP_RC, BUMP_RC, NULL },
		{ "1.0", BUMP_MINOR, BUMP_POST, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct version current = parsed(row[i].current), next = VERSION_EMPTY;

		version_next_pre(&current, row[i].base, row[i].pre, &next, NULL);
		cr_expect_str_eq(version_text(&next), row[i].next != NULL ? row[i].next : "");
		version_fini(&next);
		version_fini(&current);
	}
}

Test(version_bump, offers_choices_in_order, .fini = leak_gate)
{
	static const struct {
		const char *current, *today, *usual, *advanced; /* "!" marks a lower one */
	} row[] = {
		{ "1.0.3", NULL, "1.0.4 1.1.0 2.0.0",
		    "1.0.4rc1 1.1.0rc1 2.0.0rc1 1.0.4a1 1.1.0a1 2.0.0a1 1.0.4b1 1.1.0b1 2.0.0b1 "
		    "1.0.4.dev1 1.1.0.dev1 2.0.0.dev1 1.0.3.post1" },
		{ "1.2.3.4", NULL, "1.2.3.5 1.2.4.0 1.3.0.0 2.0.0.0", NULL },
		{ "1.2.3rc1", NULL, "1.2.3rc2 1.2.3",
		    "1.2.4 1.3.0 2.0.0 1.2.4rc1 1.3.0rc1 2.0.0rc1" },
		{ "1.3.0a2", NULL, "1.3.0a3 1.3.0b1 1.3.0rc1 1.3.0", NULL },
		{ "1.3.0b2", NULL, "1.3.0b3 1.3.0rc1 1.3.0", NULL },
		{ "2.0.0.dev0", NULL, "2.0.0 2.0.0rc1 2.0.0b1 2.0.0a1 2.0.0.dev1", NULL },
		{ "1.2.0rc1.dev3", NULL, "1.2.0rc1 1.2.0 1.2.0rc1.dev4",
		    "1.2.0rc2 1.2.1 1.3.0 2.0.0 1.2.1rc1 1.3.0rc1 2.0.0rc1" },
		{ "0.4.0.dev2", NULL, "0.4.0 0.4.0rc1 0.4.0b1 0.4.0a1 0.4.0.dev3", NULL },
		{ "1.0.0.post1", NULL, "1.0.1 1.1.0 2.0.0 1.0.0.post2", NULL },
		{ "1.0.0+cu121", NULL, "1.0.1 1.1.0 2.0.0",
		    "1.0.1rc1 1.1.0rc1 2.0.0rc1 1.0.1a1 1.1.0a1 "
		    "2.0.0a1 1.0.1b1 1.1.0b1 2.0.0b1 1.0.1.dev1 1.1.0.dev1 2.0.0.dev1 1.0.0.post1 "
		    "1.0.0!" },
		{ "1!2.0.0", NULL, "1!2.0.1 1!2.1.0 1!3.0.0", NULL },
		{ "2026.4.1", "2026-08-14", "2026.8.0 2026.4.2 2026.5.0 2027.0.0", NULL },
		{ "26.4.0", "2026-04-30", "26.4.1 26.5.0 27.0.0", NULL },
		{ "26.3", "2026-04-30", "26.3.1 26.4 27.0", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct version current = parsed(row[i].current);
		struct version_choices c;
		struct str text[2] = { STR_EMPTY, STR_EMPTY };

		version_choices(&current, row[i].today, &c);
		for (size_t k = 0; k < c.count; k++) {
			struct str *to = &text[c.items[k].advanced];

			str_printf(to, "%s%s%s", to->len > 0 ? " " : "",
			    version_text(&c.items[k].result), c.items[k].lower ? "!" : "");
			cr_expect_neq(c.items[k].note[0], '\0');
			cr_expect_eq(
			    c.items[k].lower, version_compare(&c.items[k].result, &current) <= 0);
		}
		cr_expect_str_eq(str_text(&text[0]), row[i].usual, "%s", row[i].current);
		if (row[i].advanced != NULL)
			cr_expect_str_eq(str_text(&text[1]), row[i].advanced, "%s", row[i].current);
		str_fini(&text[0]);
		str_fini(&text[1]);
		version_choices_fini(&c);
		version_fini(&current);
	}
}

Test(version_bump, reads_the_words_that_users_type, .fini = leak_gate)
{
	enum version_bump bump = BUMP_COUNT;

	cr_expect(version_bump_from("rc", &bump));
	cr_expect_eq(bump, BUMP_RC);
	cr_expect_not(version_bump_from("calendar", &bump));
	cr_expect_not(version_bump_from("1.0", &bump));
	cr_expect_str_eq(version_bump_name(BUMP_POST), "post");
}
