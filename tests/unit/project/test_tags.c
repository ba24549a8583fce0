/* Tags: templates, whose tag one is, which is the newest, and how they seem to be made. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/str.h"
#include "slipway/base/strlist.h"
#include "slipway/project/tags.h"

static void
split_words(const char *text, struct strlist *out)
{
	while (*text != '\0') {
		size_t len = strcspn(text, " ");

		strlist_addf(out, "%.*s", (int)len, text);
		text += len + (text[len] == ' ');
	}
}

static struct tag_template template(const char *text, const char *name)
{
	struct tag_template t = TAG_TEMPLATE_EMPTY;
	struct err e = ERR_EMPTY;

	cr_assert_eq(tag_template_parse(text, name, &t, &e), ERR_OK, "%s", e.message);
	return t;
}

Test(tags, are_rendered_and_read_back, .fini = leak_gate)
{
	static const struct {
		const char *template, *version, *tag;
	} row[] = {
		{ "v{version}", "1.2.3rc1", "v1.2.3rc1" },
		{ "v{dashed}", "1.2.3rc1", "v1.2.3-rc1" },
		{ "v{semver}", "1.2.3rc1", "v1.2.3-rc.1" },
		{ "{name}-v{version}", "1.0", "my-pkg-v1.0" },
		{ "{name}=={version}", "0.3.29", "my-pkg==0.3.29" },
		{ "pkg/v{version}", "1.0", "pkg/v1.0" },
		{ "r{version}-final", "1.0", "r1.0-final" },
		{ "{version}", "1!2.0", "1!2.0" },
		{ "v{semver}", "1.0.post1", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct tag_template t = template(row[i].template, "my-pkg");
		struct version v = VERSION_EMPTY, back = VERSION_EMPTY;
		struct str tag = STR_EMPTY;

		cr_assert_eq(version_parse(row[i].version, &v, NULL), ERR_OK);
		if (row[i].tag == NULL) {
			cr_expect_eq(tag_render(&t, &v, &tag, NULL), ERR_UNSUPPORTED);
		} else {
			cr_expect_eq(tag_render(&t, &v, &tag, NULL), ERR_OK);
			cr_expect_str_eq(str_text(&tag), row[i].tag);
			cr_expect(tag_read(&t, str_text(&tag), &back));
			cr_expect_eq(version_compare(&v, &back), 0);
		}
		str_fini(&tag);
		version_fini(&v);
		version_fini(&back);
		tag_template_fini(&t);
	}
}

Test(tags, refuse_templates_that_cannot_work, .fini = leak_gate)
{
	static const char *const bad[] = { "v", "", "v{versoin}", "v{version}{dashed}",
		"v{version}-{version}", "a b{version}", "{version}.lock", "v..{version}",
		"-{version}", "v{version}{x}", "/v{version}", "v{version}/" };

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct tag_template t = TAG_TEMPLATE_EMPTY;
		struct err e = ERR_EMPTY;

		cr_expect_eq(tag_template_parse(bad[i], "x", &t, &e), ERR_CONFIG, "%s", bad[i]);
		cr_expect(e.message[0] != '\0' && e.hint[0] != '\0');
		cr_expect_null(t.prefix);
	}
}

Test(tags, belong_to_one_prefix_and_are_ordered_by_version, .fini = leak_gate)
{
	static const struct {
		const char *template, *tags, *newest, *final;
	} row[] = {
		/* Case 31. */
		{ "v{version}", "v1.0.0 hf-local-v3.0.0 otobo-znuny-v2.0.0 vendor-9 v0.9", "v1.0.0",
		    "v1.0.0" },
		{ "v{dashed}", "v1.2.3-rc1 v1.2.3-rc10 v1.2.3-rc2 v1.2.2", "v1.2.3-rc10",
		    "v1.2.2" },
		{ "v{version}", "v1.2.3 v1.2.3-rc1", "v1.2.3", "v1.2.3" },
		{ "hf-local-v{version}", "v9.0 hf-local-v1.0.0", "hf-local-v1.0.0",
		    "hf-local-v1.0.0" },
		{ "v{version}", "vendor-1 v 1.0 vv1.0 v-1.0 version", NULL, NULL },
		{ "{version}", "1.0 1.0-1 0.9", "1.0-1", "1.0-1" },
		{ "v{version}", "v1.0rc1", "v1.0rc1", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct tag_template t = template(row[i].template, "x");
		struct strlist names = STRLIST_EMPTY;
		struct version v = VERSION_EMPTY;
		size_t at;

		split_words(row[i].tags, &names);
		at = tags_newest(&t, &names, TAG_ANY, &v);
		cr_expect_str_eq(at < names.count ? names.items[at] : "-",
		    row[i].newest != NULL ? row[i].newest : "-", "%s", row[i].tags);
		cr_expect_eq(v.normal != NULL, row[i].newest != NULL);
		at = tags_newest(&t, &names, TAG_FINAL, NULL);
		cr_expect_str_eq(at < names.count ? names.items[at] : "-",
		    row[i].final != NULL ? row[i].final : "-", "%s", row[i].tags);
		version_fini(&v);
		strlist_fini(&names);
		tag_template_fini(&t);
	}
}

Test(tags, of_two_spellings_name_one_version, .fini = leak_gate)
{
	struct tag_template t = template("v{version}", "x");
	struct strlist names = STRLIST_EMPTY;
	struct version v = VERSION_EMPTY;

	split_words("v1.2.2 v1.2.3-rc1", &names);
	cr_assert_eq(version_parse("1.2.3rc1", &v, NULL), ERR_OK);
	cr_expect_eq(tags_find(&t, &names, &v), 1);
	version_fini(&v);
	cr_assert_eq(version_parse("1.2.3", &v, NULL), ERR_OK);
	cr_expect_eq(tags_find(&t, &names, &v), 2);
	version_fini(&v);
	strlist_fini(&names);
	tag_template_fini(&t);
}

Test(tags, keep_the_zeros_of_those_before, .fini = leak_gate)
{
	static const struct {
		const char *template, *tags, *version, *tag;
	} row[] = {
		{ "v{version}", "v2026.03.2 v2026.04.1", "2026.5.0", "v2026.05.0" },
		{ "v{version}", "v2026.04.1 v2026.11.0", "2027.1.0rc1", "v2027.01.0rc1" },
		{ "v{dashed}", "v26.04.01", "26.5.2rc1", "v26.05.02-rc1" },
		{ "x-{version}", "x-1!26.04", "1!26.5.3", "x-1!26.05.3" },
		{ "v{version}", "v2025.04.1 v2026.4.1", "2026.5.0", "v2026.5.0" },
		{ "v{version}", "other-2026.04.1", "2026.5.0", "v2026.5.0" },
		{ "v{version}", "v1.0.0 v1.10.0", "1.11.0", "v1.11.0" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct tag_template t = template(row[i].template, "x");
		struct strlist names = STRLIST_EMPTY;
		struct version v = VERSION_EMPTY;
		struct str tag = STR_EMPTY;

		split_words(row[i].tags, &names);
		cr_assert_eq(version_parse(row[i].version, &v, NULL), ERR_OK);
		cr_expect_eq(tag_render_like(&t, &names, &v, &tag, NULL), ERR_OK);
		cr_expect_str_eq(str_text(&tag), row[i].tag, "%s", row[i].tags);
		str_fini(&tag);
		version_fini(&v);
		strlist_fini(&names);
		tag_template_fini(&t);
	}
}

Test(tags, show_what_else_may_be_meant, .fini = leak_gate)
{
	static const struct {
		const char *tags, *name;
		bool alone;
		const char *template, *others;
	} row[] = {
		{ "v1.0 v1.1rc1", "x", true, "v{version}", "" },
		{ "v1.2.3rc1 v1.2.4-rc1", "x", true, "v{dashed}", "v{version}" },
		{ "", "x", false, "{name}-v{version}", "v{version}" },
		{ "a-v1.0-rc1 b-v2.0", "x", false, "{name}-v{version}",
		    "a-v{dashed} b-v{version} v{version}" },
		{ "v7.0 core-7.0", "x", false, "v{version}", "core-{version} {name}-v{version}" },
		{ "a1.0 b1.0 c1.0 d1.0 e1.0 f1.0 g1.0", "x", false, "{name}-v{version}",
		    "a{version} b{version} c{version} d{version} e{version} f{version}" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct strlist names = STRLIST_EMPTY;
		struct version v = VERSION_EMPTY;
		struct tag_index *tags;
		struct tag_guess g;
		struct str others = STR_EMPTY;

		split_words(row[i].tags, &names);
		cr_assert_eq(version_parse("1.1", &v, NULL), ERR_OK);
		tags = tag_index_new(&names);
		tags_guess(tags, row[i].name, &v, row[i].alone, &g);
		strlist_join(&g.others, " ", &others);
		cr_expect_str_eq(g.text, row[i].template, "%s", row[i].tags);
		cr_expect_str_eq(str_text(&others), row[i].others, "%s", row[i].tags);
		str_fini(&others);
		tag_guess_fini(&g);
		tag_index_free(tags);
		version_fini(&v);
		strlist_fini(&names);
	}
}

Test(tags, show_how_they_were_made, .fini = leak_gate)
{
	static const char s4[] = "v1.0.0 hf-local-v3.0.0 otobo-znuny-v2.0.0 vendor-9";
	static const struct {
		const char *tags, *name, *current;
		bool alone;
		const char *template, *example;
		bool sure, mixed;
	} row[] = {
		{ "v1.0.2 v1.0.3", "rethink-llmhub", "1.0.3", true, "v{version}", "v1.0.3", true,
		    false },
		{ "", "x", "1.0", true, "v{version}", "-", true, false },
		{ "", "x", "1.0", false, "{name}-v{version}", "-", false, false },
		{ "1.0 1.1", "x", "1.1", true, "{version}", "1.1", true, false },
		{ "v1.2.3-rc1 v1.2.2", "x", "1.2.3", true, "v{dashed}", "v1.2.3-rc1", true, false },
		{ "v1.2.3-rc.1", "x", "1.2.3", true, "v{semver}", "v1.2.3-rc.1", true, false },
		{ "v1.2.3rc1 v1.2.4-rc1", "x", "1.2.3", true, "v{dashed}", "v1.2.4-rc1", true,
		    true },
		{ s4, "open-ticket-ai", "1.0.0", false, "v{version}", "v1.0.0", true, false },
		{ s4, "open-ticket-ai-hf-local", "3.0.0", false, "hf-local-v{version}",
		    "hf-local-v3.0.0", true, false },
		{ "b-v1.0 a-v2.0rc1 a-v2.0-rc1 a-v2.0-rc.1 a-v1.0rc1", "a", "1.0", false,
		    "{name}-v{version}", "a-v2.0rc1", true, true },
		{ "x-v1.0 x-v1.0.0 y-v1", "x", "1.0.0", false, "{name}-v{version}", "x-v1.0", true,
		    false },
		{ "x-v1.5 x-v1.2.0-rc2 x-1.2 x-v1.2.0-rc.1 x-v1.1", "x", "1.5", false,
		    "{name}-v{dashed}", "x-v1.5", true, true },
		{ s4, "unrelated", "7.0", false, "v{version}", "v1.0.0", false, false },
		{ "hatch-v1.18.0 hatchling-v1.27.0", "hatchling", "1.27.0", false,
		    "{name}-v{version}", "hatchling-v1.27.0", true, false },
		{ "langchain-openai==0.3.29 v0.1.0", "langchain-openai", "0.3.29", false,
		    "{name}=={version}", "langchain-openai==0.3.29", true, false },
		/* A prefix that was given up, and one that came about by mistake. */
		{ "1.6.1 v1.6.2 v2.20.0", "x", "2.21.0.dev0", true, "v{version}", "v2.20.0", true,
		    false },
		{ "7.0.0 6.0 v5.1.1", "x", "7.1", true, "{version}", "7.0.0", true, false },
		{ "7.0.0 v7.0.0", "x", "7.1", true, "{version}", "7.0.0", false, false },
		{ "release-2026-01-02 nightly", "x", "1.0", true, "v{version}", "-", true, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct strlist names = STRLIST_EMPTY;
		struct version v = VERSION_EMPTY;
		struct tag_index *tags;
		struct tag_guess g;

		split_words(row[i].tags, &names);
		cr_assert_eq(version_parse(row[i].current, &v, NULL), ERR_OK);
		tags = tag_index_new(&names);
		tags_guess(tags, row[i].name, &v, row[i].alone, &g);
		cr_expect_str_eq(g.text, row[i].template, "%s", row[i].tags);
		cr_expect_str_eq(
		    g.example != NULL ? g.example : "-", row[i].example, "%s", row[i].tags);
		cr_expect_eq(g.sure, row[i].sure, "%s %s", row[i].tags, row[i].name);
		cr_expect_eq(g.mixed, row[i].mixed, "%s", row[i].tags);
		tag_guess_fini(&g);
		tag_index_free(tags);
		version_fini(&v);
		strlist_fini(&names);
	}
}
