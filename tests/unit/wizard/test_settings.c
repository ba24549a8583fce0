/* What a configuration makes of what is built in. */
#include "settings.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/index/index.h"
#include "slipway/project/config.h"

static struct config
parsed(const char *text)
{
	struct config c = CONFIG_EMPTY;
	struct err e = ERR_EMPTY;

	cr_assert_eq(config_parse(bytes_of(text), "slipway.toml", CONFIG_FILE, &c, &e), ERR_OK,
	    "%s", e.message);
	return c;
}

Test(settings, an_index_is_laid_over_what_is_built_in, .fini = leak_gate)
{
	static const struct {
		const char *config, *name;
		enum index_role role;
		enum err_code code;
		const char *upload, *simple;
	} row[] = {
		{ "", NULL, INDEX_PRODUCTION, ERR_OK, "pypi.org/legacy", "pypi.org/simple" },
		{ "", NULL, INDEX_TEST, ERR_OK, "test.pypi.org/legacy", "test.pypi.org/simple" },
		{ "", "nobody", INDEX_TEST, ERR_CONFIG, NULL, NULL },
		{ "[index.own]\nupload = \"http://127.0.0.1:9/legacy/\"\n", "own", INDEX_TEST,
		    ERR_OK, "http://127.0.0.1:9/legacy/", "http://127.0.0.1:9/simple/" },
		/* Plain http is for loopback, whichever of the two it is. */
		{ "[index.own]\nupload = \"http://example.org/legacy/\"\n", "own", INDEX_TEST,
		    ERR_USAGE, NULL, NULL },
		{ "[index.testpypi]\nsimple = \"http://example.org/simple/\"\n", NULL, INDEX_TEST,
		    ERR_USAGE, NULL, NULL },
		{ "[index.testpypi]\nsimple = \"https://example.org/simple\"\n", NULL, INDEX_TEST,
		    ERR_OK, "test.pypi.org/legacy", "https://example.org/simple/" },
		{ "[index.own]\nsimple = \"https://example.org/simple/\"\n", "own", INDEX_TEST,
		    ERR_CONFIG, NULL, NULL },
		/* What is sent to production is published. */
		{ "", "pypi", INDEX_TEST, ERR_USAGE, NULL, NULL },
		{ "[index.own]\nupload = \"https://upload.pypi.org/legacy/\"\n", "own", INDEX_TEST,
		    ERR_USAGE, NULL, NULL },
		{ "[release]\nindex = \"own\"\n[index.own]\nupload = "
		  "\"https://example.org/legacy/\"\n",
		    "pypi", INDEX_TEST, ERR_USAGE, NULL, NULL },
		{ "[release]\nindex = \"testpypi\"\n", NULL, INDEX_TEST, ERR_USAGE, NULL, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct config c = parsed(row[i].config);
		struct wizard w = { .rel.config = &c };
		struct index_info info = INDEX_INFO_EMPTY;
		struct err e = ERR_EMPTY;
		bool none;

		cr_expect_eq(settings_index(&w, row[i].role, row[i].name, &info, &none, &e),
		    row[i].code, "row %zu: %s", i, e.message);
		if (row[i].upload != NULL && info.upload_url != NULL) {
			cr_expect(strstr(info.upload_url, row[i].upload) != NULL, "row %zu: %s", i,
			    info.upload_url);
			cr_expect(strstr(info.simple_url, row[i].simple) != NULL, "row %zu: %s", i,
			    info.simple_url);
			cr_expect_eq(info.is_test, row[i].role == INDEX_TEST);
		}
		index_info_fini(&info);
		config_fini(&c);
	}
}

Test(settings, no_rehearsal_is_an_answer, .fini = leak_gate)
{
	struct config c = parsed("[release]\ntest-index = \"none\"\n");
	struct wizard w = { .rel.config = &c };
	struct index_info info = INDEX_INFO_EMPTY;
	bool none = false;

	cr_expect_eq(settings_index(&w, INDEX_TEST, NULL, &info, &none, NULL), ERR_OK);
	cr_expect(none && info.name == NULL);
	cr_expect(settings_test_index_named(&w));
	config_fini(&c);
}

Test(settings, a_token_of_a_package_is_for_production_alone, .fini = leak_gate)
{
	struct config c = parsed("[package.Some_Name]\ntoken-env = [\"ONE\", \"TWO\"]\n"
				 "[index.own]\nupload = \"https://example.org/legacy/\"\n"
				 "token-env = [\"THREE\"]\n");
	struct wizard w = { .rel.config = &c };
	char name[] = "some-name", other[] = "other";
	const struct release_package p = { .name = name }, q = { .name = other };
	struct strlist names = STRLIST_EMPTY;

	cr_assert_not_null(settings_token_env(&w, INDEX_PRODUCTION, &p));
	cr_expect_eq(settings_token_env(&w, INDEX_PRODUCTION, &p)->count, 2);
	cr_expect_null(settings_token_env(&w, INDEX_TEST, &p));
	cr_expect_null(settings_token_env(&w, INDEX_PRODUCTION, &q));
	settings_token_names(&w, &names);
	cr_expect_eq(names.count, 3);
	strlist_fini(&names);
	config_fini(&c);
}

Test(settings, fills_in_build_command_and_message, .fini = leak_gate)
{
	struct config c = parsed(
	    "[release]\nbuild = [\"{python}\", \"-m\", \"x\", \"a{outdir}b\"]\n"
	    "commit = \"chore: {version} ({version})\"\n");
	char python[] = "/usr/bin/python3", version[] = "1.2";
	struct wizard w = { .rel = { .config = &c, .python = python, .version = version } };
	struct strlist argv = STRLIST_EMPTY;
	char *message = settings_commit_message(&w);

	settings_build(&w, "/out", &argv);
	cr_assert_eq(argv.count, 4);
	cr_expect_str_eq(argv.items[0], "/usr/bin/python3");
	cr_expect_str_eq(argv.items[3], "a/outb");
	cr_expect_str_eq(message, "chore: 1.2 (1.2)");
	free(message);
	strlist_fini(&argv);
	config_fini(&c);
}

Test(settings, what_is_not_there_yet_is_refused_and_not_passed_over, .fini = leak_gate)
{
	static const char *const texts[] = { "[release]\npublish = \"ci\"\n",
		"[gate.production]\napprovals = 2\n", "[gate.production]\nwait = \"30m\"\n" };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct config c = parsed(texts[i]);
		struct wizard w = { .rel.config = &c };
		struct err e = ERR_EMPTY;

		cr_expect_eq(settings_check(&w, &e), ERR_UNSUPPORTED, "%s", texts[i]);
		config_fini(&c);
	}
}

Test(settings, a_package_may_have_a_policy_of_its_own_for_what_it_requires, .fini = leak_gate)
{
	static const struct {
		const char *text;
		enum place_policy app, lib;
	} row[] = {
		{ "", PLACE_POLICY_FLOOR, PLACE_POLICY_FLOOR },
		{ "[release]\nconstraints = \"ask\"\n", PLACE_POLICY_ASK, PLACE_POLICY_ASK },
		{ "[release]\nconstraints = \"leave\"\n[package.app]\nconstraints = \"pin\"\n",
		    PLACE_POLICY_PIN, PLACE_POLICY_LEAVE },
		{ "[release]\nconstraints = \"pin\"\n[package.app]\nconstraints = \"floor\"\n",
		    PLACE_POLICY_FLOOR, PLACE_POLICY_PIN },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct config c = parsed(row[i].text);
		struct wizard w = { .rel.config = &c };

		cr_expect_eq(settings_constraints(&w, "App"), row[i].app, "%s", row[i].text);
		cr_expect_eq(settings_constraints(&w, "lib"), row[i].lib, "%s", row[i].text);
		config_fini(&c);
	}
}
