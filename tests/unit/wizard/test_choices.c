/* What is offered as the next version, and what an answer leads to: by files, tags and commits. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "choices.h"
#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/project/config.h"
#include "slipway/project/packages.h"
#include "slipway/project/tags.h"
#include "tagged.h"

#define PACKAGES 3

struct world {
	struct config config;
	struct wizard w;
	struct release_package packages[PACKAGES];
};

static void
split(const char *text, char at, struct strlist *out)
{
	for (size_t len; text != NULL && *text != '\0'; text += len + (text[len] != '\0')) {
		const char *end = strchr(text, at);

		len = end != NULL ? (size_t)(end - text) : strlen(text);
		strlist_addf(out, "%.*s", (int)len, text);
	}
}

/* Adds a package of that version; its tags are found among those of the world. */
static void
add_package(struct world *x, const char *name, const char *version)
{
	struct release *r = &x->w.rel;
	struct release_package *p = &x->packages[r->package_count++];
	struct version current = VERSION_EMPTY;
	struct tagged t = { .template = NULL };
	struct tag_index *tags;
	struct tagged_opts opts = { .name = name, .current = &current, .alone = true };
	struct err e = ERR_EMPTY;

	cr_assert_eq(version_parse(version, &current, NULL), ERR_OK);
	tags = tag_index_new(&x->w.tag_names);
	cr_assert_eq(tagged_find(tags, &opts, &t, &e), ERR_OK, "%s", e.message);
	tag_index_free(tags);
	*p = (struct release_package) { .name = mem_strdup(name),
		.normal = mem_strdup(name),
		.dir = mem_strdup(name),
		.version = mem_strdup(version_text(&current)),
		.tag_last = mem_strdup(t.last),
		.tag_since = mem_strdup(t.since),
		.tag_template = mem_strdup(t.template),
		.tag_doubt = mem_strdup(t.doubt),
		.untagged = t.untagged,
		.selected = true };
	tagged_fini(&t);
	version_fini(&current);
}

/* A commit "SUBJECT" or "N: SUBJECT" that touches package N, the first one else. */
static void
add_commits(struct world *x, const char *commits)
{
	struct release *r = &x->w.rel;
	struct strlist list = STRLIST_EMPTY;

	split(commits, '|', &list);
	r->commits = mem_zalloc(list.count, sizeof r->commits[0]);
	for (size_t i = 0; i < list.count; i++) {
		struct release_commit *c = &r->commits[r->commit_count++];
		const char *text = list.items[i];
		bool numbered = text[0] >= '0' && text[0] <= '9';

		c->hash = mem_printf("%07zx", i + 0xabc0000);
		c->subject = mem_strdup(numbered ? text + 3 : text);
		c->packages = mem_zalloc(1, sizeof c->packages[0]);
		c->packages[0] = numbered ? (uint32_t)(text[0] - '0') : 0;
		c->package_count = 1;
	}
	strlist_fini(&list);
}

static void
world_init(struct world *x, const char *tags)
{
	memset(x, 0, sizeof *x);
	x->w.rel.config = &x->config;
	x->w.rel.lockstep = true;
	x->w.rel.packages = x->packages;
	split(tags, ' ', &x->w.tag_names);
}

static void
world_end(struct world *x)
{
	struct release *r = &x->w.rel;

	for (size_t i = 0; i < r->package_count; i++) {
		struct release_package *p = &x->packages[i];
		char *texts[] = { p->name, p->normal, p->dir, p->version, p->tag_last, p->tag_since,
			p->tag_template, p->tag_doubt, p->suggestion, p->suggested };

		for (size_t k = 0; k < ARRAY_LEN(texts); k++)
			free(texts[k]);
	}
	for (size_t i = 0; i < r->commit_count; i++) {
		free(r->commits[i].hash);
		free(r->commits[i].subject);
		free(r->commits[i].packages);
		free(r->commits[i].reason);
	}
	free(r->commits);
	for (size_t i = 0; i < r->choice_count; i++) {
		free(r->choices[i].kind);
		free(r->choices[i].label);
		free(r->choices[i].version);
		free(r->choices[i].explanation);
	}
	free(r->choices);
	free(r->suggestion);
	strlist_fini(&r->remarks);
	strlist_fini(&x->w.tag_names);
}

/* "KIND VERSION*" of the usual choices; the star marks the suggested one. */
static void
describe(const struct release *r, struct str *out)
{
	for (size_t i = 0; i < r->choice_count; i++)
		if (!r->choices[i].advanced)
			str_printf(out, "%s%s %s%s", out->len > 0 ? ", " : "", r->choices[i].kind,
			    r->choices[i].version, r->choices[i].suggested ? "*" : "");
}

Test(choices, follow_from_files_tags_and_commits, .fini = leak_gate)
{
	static const struct {
		const char *what, *files, *tags, *commits;
		enum config_zero zero;
		const char *usual, *remark;
	} row[] = {
		{ "a fix", "1.0.3", "v1.0.3", "fix: a|docs: b", CONFIG_ZERO_UNSET,
		    "patch 1.0.4*, minor 1.1.0, major 2.0.0", NULL },
		{ "case 35 B", "0.2.2", "v0.2.2", "feat: a|fix: b|docs: c", CONFIG_ZERO_UNSET,
		    "patch 0.2.3, minor 0.3.0*, major 1.0.0", NULL },
		{ "case 35 A", "0.2.2", "v0.2.2", "feat: a|fix: b|docs: c", CONFIG_ZERO_PATCH,
		    "patch 0.2.3*, minor 0.3.0, major 1.0.0", NULL },
		{ "case 35 C", "0.2.2", "v0.2.2", "feat: a|fix: b|docs: c", CONFIG_ZERO_MAJOR,
		    "patch 0.2.3, minor 0.3.0*, major 1.0.0", NULL },
		{ "case 35 C with !", "0.2.2", "v0.2.2", "feat!: a", CONFIG_ZERO_MAJOR,
		    "patch 0.2.3, minor 0.3.0, major 1.0.0*", NULL },
		{ "nothing", "1.0.3", "v1.0.3", "docs: b", CONFIG_ZERO_UNSET,
		    "patch 1.0.4, minor 1.1.0, major 2.0.0", NULL },
		{ "case 28", "2.0.0.rc1", "v1.9.0 v2.0.0rc1", "fix: a", CONFIG_ZERO_UNSET,
		    "rc 2.0.0rc2*, final 2.0.0", NULL },
		{ "a breaking change behind a candidate", "1.1.0rc1", "v1.0.3 v1.1.0rc1",
		    "feat!: a|feat: b", CONFIG_ZERO_UNSET, "rc 1.1.0rc2, final 1.1.0", NULL },
		{ "case 29, the file says final", "1.2.3",
		    "v1.2.2 v1.2.3-rc1 v1.2.3-rc2 v1.2.3-rc10", "fix: a", CONFIG_ZERO_UNSET,
		    "1.2.3 1.2.3*, rc 1.2.3rc11", "v1.2.3-rc10" },
		{ "case 29, the file says a candidate", "1.2.3rc1",
		    "v1.2.2 v1.2.3-rc1 v1.2.3-rc2 v1.2.3-rc10", "fix: a", CONFIG_ZERO_UNSET,
		    "rc 1.2.3rc11*, final 1.2.3", "the newest tag is v1.2.3-rc10" },
		{ "prepared", "2.0.0", "v1.9.0", "feat: a", CONFIG_ZERO_UNSET,
		    "2.0.0 2.0.0*, rc 2.0.0rc1", NULL },
		{ "the first release", "0.1.0", "", "feat: a", CONFIG_ZERO_UNSET,
		    "0.1.0 0.1.0*, rc 0.1.0rc1", NULL },
		{ "case 33", "0.4.0.dev2", "v0.3.0 v0.4.0.dev2", "feat: a", CONFIG_ZERO_UNSET,
		    "final 0.4.0, rc 0.4.0rc1, beta 0.4.0b1, alpha 0.4.0a1, dev 0.4.0.dev3*",
		    NULL },
		{ "work in progress", "2.1.0.dev0", "v2.0.0", "docs: a", CONFIG_ZERO_UNSET,
		    "final 2.1.0*, rc 2.1.0rc1, beta 2.1.0b1, alpha 2.1.0a1, dev 2.1.0.dev1",
		    NULL },
		{ "work in progress with features", "2.1.0.dev0", "v2.0.0", "feat: a",
		    CONFIG_ZERO_UNSET,
		    "final 2.1.0*, rc 2.1.0rc1, beta 2.1.0b1, alpha 2.1.0a1, dev 2.1.0.dev1",
		    NULL },
		{ "work on the next beta", "0.66b0.dev0", "v0.65b0", "fix: a", CONFIG_ZERO_UNSET,
		    "beta 0.66b0*, rc 0.66rc1, final 0.66, dev 0.66b0.dev1", NULL },
		{ "case 34", "1.17.0b1", "v1.16.0 v1.17.0b1", "docs: a", CONFIG_ZERO_UNSET,
		    "beta 1.17.0b2, rc 1.17.0rc1, final 1.17.0*", NULL },
		{ "case 32", "1.0.post1", "1.0 1.0-1", "fix: a", CONFIG_ZERO_UNSET,
		    "patch 1.0.1*, minor 1.1, major 2.0, post 1.0.post2",
		    "the tag 1.0-1 names 1.0.post1" },
		{ "case 32, not rc", "1.0.0.post1", "1.0.0 1.0.0r1", "fix: a", CONFIG_ZERO_UNSET,
		    "patch 1.0.1*, minor 1.1.0, major 2.0.0, post 1.0.0.post2",
		    "the tag 1.0.0r1 names 1.0.0.post1" },
		{ "case 16", "1!0+dev", "1.5.0", "fix: a", CONFIG_ZERO_UNSET,
		    "0.1.0 0.1.0, 1.0.0 1.0.0", NULL },
		{ "a branch for fixes", "1.0.3", "v1.0.2 v1.0.3 v2.0.0", "fix: a",
		    CONFIG_ZERO_UNSET, "patch 1.0.4*, minor 1.1.0, major 2.0.0",
		    "the newest tag is v2.0.0" },
		{ "case 38", "1.0.0", "v1.0.0", "Revert \"feat: a\"|feat: a", CONFIG_ZERO_UNSET,
		    "patch 1.0.1, minor 1.1.0, major 2.0.0", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct str usual = STR_EMPTY;
		struct world x;
		const struct release *r = &x.w.rel;

		world_init(&x, row[i].tags);
		x.config.release.zero = row[i].zero;
		add_package(&x, "pkg", row[i].files);
		add_commits(&x, row[i].commits);
		choices_make(&x.w);
		describe(r, &usual);
		cr_expect_str_eq(
		    str_text(&usual), row[i].usual, "%s: %s", row[i].what, str_text(&usual));
		if (row[i].remark == NULL)
			cr_expect_eq(r->remarks.count, 0, "%s", row[i].what);
		else
			cr_expect(r->remarks.count > 0 &&
				      strstr(r->remarks.items[0], row[i].remark) != NULL,
			    "%s", row[i].what);
		for (size_t k = 0; k < r->commit_count; k++)
			cr_expect_not_null(r->commits[k].reason, "%s", row[i].what);
		str_fini(&usual);
		world_end(&x);
	}
}

Test(choices, an_answer_leads_to_a_version_or_is_refused_with_the_reason, .fini = leak_gate)
{
	static const char s2[] = "v1.2.2 v1.2.3-rc1 v1.2.3-rc2";
	static const struct {
		const char *files, *tags, *word, *version, *candidate, *error;
		bool lower;
	} row[] = {
		{ "1.0.3", "v1.0.3", "minor", "1.1.0", NULL, NULL, false },
		{ "1.0.3", "v1.0.3", "1.2.0", "1.2.0", NULL, NULL, false },
		{ "1.0.3", "v1.0.3", "1.0.3", NULL, NULL, "1.0.3 is the current version", false },
		{ "1.0.3", "v1.0.3", "1.0.2", "1.0.2", NULL, "1.0.2 is lower than 1.0.3", true },
		{ "1.0.3", "v1.0.3", "1.0.3rc1", "1.0.3rc1", NULL, "lower than 1.0.3", true },
		{ "1.0.3", "v1.0.3", "1.1.0+x", NULL, NULL, "local part", false },
		{ "1.0.3", "v1.0.3", "one", NULL, NULL, "\"one\" is not a PEP 440", false },
		{ "1.2.3", s2, "1.2.3", "1.2.3", NULL, NULL, false },
		{ "1.2.3", s2, "final", "1.2.3", NULL, NULL, false },
		{ "1.2.3", s2, "rc", "1.2.3rc3", NULL, NULL, false },
		{ "1.2.3", s2, "tag-rc", "1.2.3", "1.2.3rc3", NULL, false },
		{ "1.2.3", s2, "1.2.3rc1", "1.2.3rc1", NULL, "lower than 1.2.3rc2", true },
		{ "1.2.3", s2, "1.2.2", "1.2.2", NULL, "lower than 1.2.2", true },
		{ "1.2.3", s2, "minor", "1.3.0", NULL, NULL, false },
		{ "1.2.3", "v1.2.3", "tag-rc", NULL, NULL, "1.2.3 is none", false },
		{ "1.2.3", "v1.2.3", "1.2.3rc11", "1.2.3rc11", NULL, "lower than 1.2.3", true },
		{ "1.2.3", "v1.2.2", "rc", "1.2.3rc1", NULL, NULL, false },
		{ "1.2.3", "v1.2.2", "beta", "1.2.3b1", NULL, NULL, false },
		{ "1!0+dev", "v0.9", "minor", NULL, NULL, "is a placeholder", false },
		{ "1!0+dev", "v0.9", "1!1.0", "1!1.0", NULL, NULL, false },
		{ "2.0.0rc2", "v1.0 v2.0.0rc1", "2.0.0rc2", "2.0.0rc2", NULL, NULL, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct world x;
		struct err e = ERR_EMPTY;
		char *version = NULL, *candidate = NULL;
		bool lower = false;
		enum err_code rc;

		world_init(&x, row[i].tags);
		add_package(&x, "pkg", row[i].files);
		choices_make(&x.w);
		rc = choices_apply(&x.w, 0, row[i].word, &version, &candidate, &lower, &e);
		cr_expect_str_eq(version != NULL ? version : "-",
		    row[i].version != NULL ? row[i].version : "-", "%s of %s: %s", row[i].word,
		    row[i].files, e.message);
		cr_expect_str_eq(candidate != NULL ? candidate : "-",
		    row[i].candidate != NULL ? row[i].candidate : "-");
		cr_expect_eq(rc == ERR_OK, row[i].error == NULL, "%s: %s", row[i].word, e.message);
		cr_expect_eq(lower, row[i].lower, "%s", row[i].word);
		if (row[i].error != NULL)
			cr_expect_not_null(strstr(e.message, row[i].error), "%s", e.message);
		free(version);
		free(candidate);
		world_end(&x);
	}
}

Test(choices, independent_packages_are_suggested_what_their_own_commits_ask, .fini = leak_gate)
{
	struct world x;
	struct str usual = STR_EMPTY;
	struct err e = ERR_EMPTY;
	char *version = NULL, *candidate = NULL;
	bool lower;

	world_init(&x, "a-v1.0.0 b-v2.0.0 c-v3.0.0");
	x.w.rel.lockstep = false;
	add_package(&x, "a", "1.0.0");
	add_package(&x, "b", "2.0.0");
	add_package(&x, "c", "3.0.0");
	add_commits(&x, "0: fix: one|1: feat: two|2: docs: three");
	choices_make(&x.w);
	cr_expect_str_eq(x.packages[0].suggested, "1.0.1");
	cr_expect_str_eq(x.packages[1].suggested, "2.1.0");
	cr_expect_null(x.packages[2].suggested);
	describe(&x.w.rel, &usual);
	cr_expect(text_starts(str_text(&usual), "suggested 2.1.0*, "), "%s", str_text(&usual));
	cr_expect_eq(
	    choices_apply(&x.w, 1, CHOICE_SUGGESTED, &version, &candidate, &lower, &e), ERR_OK);
	cr_expect_str_eq(version, "2.1.0");
	free(version);
	version = NULL;
	cr_expect_eq(choices_apply(&x.w, 2, CHOICE_SUGGESTED, &version, &candidate, &lower, &e),
	    ERR_INVALID);
	cr_expect_str_eq(e.message, "c has no commits that ask for a release");
	cr_expect_null(version);
	/* What needs one that moves moves at least as a patch, when it is part of the release. */
	strlist_add(&x.packages[2].needs, "b");
	choices_make(&x.w);
	cr_expect_str_eq(x.packages[2].suggested, "3.0.1");
	cr_expect(x.packages[2].follows && !x.packages[1].follows);
	cr_expect_str_eq(
	    x.packages[2].suggestion, "nothing of its own, but it needs b, which moves to 2.1.0");
	x.packages[1].selected = false;
	choices_make(&x.w);
	cr_expect_null(x.packages[2].suggested);
	cr_expect_not(x.packages[2].follows);
	strlist_fini(&x.packages[2].needs);
	str_fini(&usual);
	world_end(&x);
}

Test(choices, tags_are_found_by_value, .fini = leak_gate)
{
	struct world x;
	struct err e = ERR_EMPTY;
	char *tag = NULL;

	world_init(&x, "v1.0 v1.2.3-rc1");
	add_package(&x, "pkg", "1.2.2");
	cr_expect_str_eq(choices_tag_taken(&x.w, 0, "1.2.3rc1"), "v1.2.3-rc1");
	cr_expect_str_eq(choices_tag_taken(&x.w, 0, "1.0.0"), "v1.0");
	cr_expect_null(choices_tag_taken(&x.w, 0, "1.2.3"));
	cr_expect_eq(choices_tag(&x.w, 0, "1.2.3rc2", &tag, &e), ERR_OK);
	cr_expect_str_eq(tag, "v1.2.3-rc2");
	free(tag);
	world_end(&x);
}

Test(choices, a_commit_named_for_one_of_two_packages_is_marked, .fini = leak_gate)
{
	static const struct {
		const char *subject;
		bool both, lockstep, marked;
	} row[] = {
		{ "feat(a): x (#12)", true, false, true },
		{ "feat(a): x (#12)", false, false, false },
		{ "feat(a): x (#12)", true, true, false },
		{ "feat(other): x", true, false, false },
		{ "feat: x", true, false, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct world x;
		struct release_commit *c;

		world_init(&x, "a-v1.0.0 b-v2.0.0");
		x.w.rel.lockstep = row[i].lockstep;
		add_package(&x, "a", "1.0.0");
		add_package(&x, "b", "2.0.0");
		add_commits(&x, row[i].subject);
		c = &x.w.rel.commits[0];
		if (row[i].both) {
			free(c->packages);
			c->packages = mem_zalloc(2, sizeof c->packages[0]);
			c->packages[1] = 1;
			c->package_count = 2;
		}
		choices_make(&x.w);
		cr_expect_eq(strstr(c->reason, "; named for a, with files of 2 packages") != NULL,
		    row[i].marked, "%s: %s", row[i].subject, c->reason);
		if (row[i].both && !row[i].lockstep)
			cr_expect_str_eq(x.packages[1].suggested, "2.1.0", "it counts for both");
		world_end(&x);
	}
}

Test(choices, a_spelling_is_remarked_where_it_will_change, .fini = leak_gate)
{
	static const struct {
		const char *files;
		bool remarked;
	} row[] = { { "2.0.0.rc1", true }, { "2026.04.1", false }, { "2.0.0rc1", false } };

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct package found = { .normal = "pkg" };
		struct world x;

		world_init(&x, "v1.0");
		add_package(&x, "pkg", row[i].files);
		cr_assert_eq(version_parse(row[i].files, &found.version, NULL), ERR_OK);
		x.w.found = (struct packages) { .items = &found, .count = 1 };
		choices_make(&x.w);
		cr_expect_eq(x.w.rel.remarks.count, row[i].remarked, "%s", row[i].files);
		version_fini(&found.version);
		world_end(&x);
	}
}
