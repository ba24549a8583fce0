/* Requirements: their parts by place, and floors that follow a sibling. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/str.h"
#include "slipway/project/requirement.h"

static void
expect_span(const char *text, struct span span, const char *want)
{
	struct bytes got = { text + span.at, span.len };

	cr_expect(bytes_is(got, want), "\"%.*s\" in %s", (int)got.len, got.data, text);
}

Test(requirement, knows_its_parts, .fini = leak_gate)
{
	static const struct {
		const char *text, *name, *extras, *url, *marker, *first;
		size_t clauses;
	} row[] = {
		{ "requests", "requests", "", "", "", NULL, 0 },
		{ "x == 1.42.0", "x", "", "", "", "1.42.0", 1 },
		{ "x<1.0.0,>=0.3.74", "x", "", "", "", "1.0.0", 2 },
		{ "  x [a, b-c] (>=2.0.1,<3.0.0) ; python_version < '3.11'", "x", "a, b-c", "",
		    " python_version < '3.11'", "2.0.1", 2 },
		{ "tomli>=1.0.3; python_version < \"3.11\"", "tomli", "", "",
		    " python_version < \"3.11\"", "1.0.3", 1 },
		{ "a.b_c @ https://h/x.whl ; os_name=='nt'", "a.b_c", "", "https://h/x.whl",
		    " os_name=='nt'", NULL, 0 },
		{ "x>=v1.0,", "x", "", "", "", "v1.0", 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct requirement r = REQUIREMENT_EMPTY;
		struct err e = ERR_EMPTY;

		cr_assert_eq(
		    requirement_parse(bytes_of(row[i].text), &r, &e), ERR_OK, "%s", e.message);
		expect_span(row[i].text, r.name, row[i].name);
		expect_span(row[i].text, r.extras, row[i].extras);
		expect_span(row[i].text, r.url, row[i].url);
		expect_span(row[i].text, r.marker, row[i].marker);
		cr_assert_eq(r.specifiers.count, row[i].clauses, "%s", row[i].text);
		if (row[i].first != NULL)
			expect_span(row[i].text, r.specifiers.items[0].token, row[i].first);
		requirement_fini(&r);
	}
}

Test(requirement, refuses_what_is_none, .fini = leak_gate)
{
	static const char *const bad[] = { "", "-x", "x[", "x[a", "x[a b]", "x (>=1", "x >=1.0.*",
		"x ^1", "x @ ", "x y", "x @ u v", "x (>=1) y" };

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct requirement r = REQUIREMENT_EMPTY;
		struct err e = ERR_EMPTY;

		cr_expect_eq(
		    requirement_parse(bytes_of(bad[i]), &r, &e), ERR_INVALID, "%s", bad[i]);
		cr_expect_neq(e.message[0], '\0');
	}
}

struct raise {
	const char *text, *version;
	enum floor_result result;
	const char *edited; /* or a part of the reason */
};

static void
expect_raised(const struct raise *row, enum floor_how how)
{
	struct requirement r = REQUIREMENT_EMPTY;
	struct version v = VERSION_EMPTY;
	struct floor f = FLOOR_EMPTY;
	struct str edited = STR_EMPTY;

	cr_assert_eq(requirement_parse(bytes_of(row->text), &r, NULL), ERR_OK);
	cr_assert_eq(version_parse(row->version, &v, NULL), ERR_OK);
	requirement_raise(&r, bytes_of(row->text), &v, how, &f);
	cr_expect_eq(f.result, row->result, "%s for %s: %d %s", row->text, row->version,
	    (int)f.result,
	    f.text != NULL  ? f.text
	    : f.why != NULL ? f.why
			    : "");
	if (f.result == FLOOR_EDIT) {
		str_puts(&edited, row->text);
		str_splice(&edited, f.token.at, f.token.len, f.text, strlen(f.text));
		cr_expect_str_eq(str_text(&edited), row->edited);
	} else if (f.result == FLOOR_ASK) {
		cr_expect(strstr(f.why, row->edited) != NULL, "%s", f.why);
	}
	str_fini(&edited);
	floor_fini(&f);
	version_fini(&v);
	requirement_fini(&r);
}

Test(requirement, raises_the_floor_and_nothing_else, .fini = leak_gate)
{
	static const struct raise row[] = {
		{ "rethink-llmhub-runtime>=1.0.3", "1.0.4", FLOOR_EDIT,
		    "rethink-llmhub-runtime>=1.0.4" },
		{ "rt>=1.0.3", "1.1.0rc1", FLOOR_EDIT, "rt>=1.1.0rc1" },
		{ "rt>=1.1.0rc1", "1.1.0", FLOOR_EDIT, "rt>=1.1.0" },
		{ "rt>=1.1", "1.1.0", FLOOR_SAME, NULL },
		{ "api == 1.42.0", "1.43.0", FLOOR_EDIT, "api == 1.43.0" },
		{ "sem == 0.63b0", "0.64b0", FLOOR_EDIT, "sem == 0.64b0" },
		{ "langchain-core<1.0.0,>=0.3.74", "0.3.75", FLOOR_EDIT,
		    "langchain-core<1.0.0,>=0.3.75" },
		{ "langchain-core<1.0.0,>=0.3.74", "1.0.0", FLOOR_ASK,
		    "would not admit langchain-core" },
		{ "langchain-core", "0.3.75", FLOOR_NONE, NULL },
		{ "core<1", "0.9", FLOOR_NONE, NULL },
		{ "core<1", "1.0", FLOOR_ASK, "would not admit core 1.0" },
		{ "core>=0.12.44,<0.13", "0.13.0", FLOOR_ASK, "would not admit" },
		{ "core>=0.12.44,<0.13", "0.12.45", FLOOR_EDIT, "core>=0.12.45,<0.13" },
		{ "core~=1.4", "1.5.2", FLOOR_EDIT, "core~=1.5" },
		{ "core~=1.4", "1.4.2", FLOOR_SAME, NULL },
		{ "core~=1.4.1", "1.5.0", FLOOR_EDIT, "core~=1.5.0" },
		{ "core~=1.4", "1.5.0rc1", FLOOR_EDIT, "core~=1.5rc1" },
		{ "core==1.4.*", "1.5.2", FLOOR_EDIT, "core==1.5.*" },
		{ "core==1.4.*", "1.5.0rc1", FLOOR_ASK, "would not admit" },
		{ "core===1.0", "1.1", FLOOR_EDIT, "core===1.1" },
		{ "core>=1.0,>=1.1", "1.2", FLOOR_ASK, "more than one lower bound" },
		{ "core!=1.1,>=1.0", "1.1", FLOOR_ASK, "would not admit" },
		{ "tomli>=1.0.3; python_version < \"3.11\"", "1.0.4", FLOOR_EDIT,
		    "tomli>=1.0.4; python_version < \"3.11\"" },
		{ "x @ https://h/x.whl", "1.0", FLOOR_NONE, NULL },
		{ "x>=1.0", "1!0.1", FLOOR_EDIT, "x>=1!0.1" },
		{ "x~=1!1.0", "1!1.1", FLOOR_EDIT, "x~=1!1.1" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		expect_raised(&row[i], FLOOR_RAISE);
}

Test(requirement, a_pin_replaces_the_floor, .fini = leak_gate)
{
	static const struct raise row[] = {
		{ "x >= 1.0 ; a", "1.1", FLOOR_EDIT, "x ==1.1 ; a" },
		{ "x<2,~=1.0", "1.1rc1", FLOOR_EDIT, "x<2,==1.1rc1" },
		{ "x>=1.1", "1.1", FLOOR_EDIT, "x==1.1" },
		{ "x == 1.0", "1.1", FLOOR_EDIT, "x == 1.1" },
		{ "x==1.1.0", "1.1", FLOOR_SAME, NULL },
		{ "x", "1.1", FLOOR_NONE, NULL },
		{ "x>=1.0,<1.1", "1.1", FLOOR_ASK, "would not admit" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		expect_raised(&row[i], FLOOR_PIN);
}
