/* Names of wheels and sdists, after packaging.utils and PEP 427, 503, 625. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/dist/filename.h"

Test(filename, reads_valid_names, .fini = leak_gate)
{
	static const struct {
		const char *path;
		enum dist_kind kind;
		const char *stem, *name, *version, *build, *python, *platform, *pyversion;
	} row[] = {
		{ "demo-1.0-py3-none-any.whl", DIST_WHEEL, "demo-1.0", "demo", "1.0", NULL, "py3",
		    "any", "py3" },
		{ "/a-b/my_demo-1.0rc1-2x-py2.py3-none-any.whl", DIST_WHEEL, "my_demo-1.0rc1",
		    "my_demo", "1.0rc1", "2x", "py2.py3", "any", "py2.py3" },
		{ "n-1!2.0+x.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
		    DIST_WHEEL, "n-1!2.0+x.1", "n", "1!2.0+x.1", NULL, "cp311",
		    "manylinux_2_17_x86_64.manylinux2014_x86_64", "cp311" },
		{ "dist/demo_a-1.0.tar.gz", DIST_SDIST, "demo_a-1.0", "demo_a", "1.0", NULL, NULL,
		    NULL, "source" },
		{ "demo-a.b-1.0.post1.tar.gz", DIST_SDIST, "demo-a.b-1.0.post1", "demo-a.b",
		    "1.0.post1", NULL, NULL, NULL, "source" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct dist_name n = DIST_NAME_EMPTY;
		struct err e = ERR_EMPTY;

		cr_assert_eq(
		    dist_name_parse(row[i].path, &n, &e), ERR_OK, "%s: %s", row[i].path, e.message);
		cr_expect_eq(n.kind, row[i].kind, "%s", row[i].path);
		cr_expect_str_eq(n.stem, row[i].stem);
		cr_expect_str_eq(n.name, row[i].name);
		cr_expect_str_eq(n.version, row[i].version);
		cr_expect_str_eq(dist_name_pyversion(&n), row[i].pyversion);
		cr_expect_eq(n.build == NULL, row[i].build == NULL);
		if (n.build != NULL && row[i].build != NULL)
			cr_expect_str_eq(n.build, row[i].build);
		if (row[i].platform != NULL) {
			cr_expect_str_eq(n.platform, row[i].platform);
			cr_expect_str_eq(n.python, row[i].python);
		}
		cr_expect_str_eq(
		    dist_name_filetype(&n), n.kind == DIST_WHEEL ? "bdist_wheel" : "sdist");
		dist_name_fini(&n);
	}
}

Test(filename, says_what_is_wrong, .fini = leak_gate)
{
	static const struct {
		const char *path;
		enum err_code code;
		const char *part;
	} row[] = {
		{ "demo-1.0-py3-none.whl", ERR_INVALID, "5 or 6 parts" },
		{ "demo-1.0-1-py3-none-any-x.whl", ERR_INVALID, "5 or 6 parts" },
		{ "demo-1.0-x1-py3-none-any.whl", ERR_INVALID, "build number" },
		{ "de__mo-1.0-py3-none-any.whl", ERR_INVALID, "project name" },
		{ "-1.0-py3-none-any.whl", ERR_INVALID, "project name" },
		{ "demo--py3-none-any.whl", ERR_INVALID, "not a version" },
		{ "demo-1.0-py3..py2-none-any.whl", ERR_INVALID, "tags" },
		{ "demo-1.0-py3-none-.whl", ERR_INVALID, "tags" },
		{ "demo.tar.gz", ERR_INVALID, "{name}-{version}" },
		{ "demo-.tar.gz", ERR_INVALID, "not a version" },
		{ "-1.0.tar.gz", ERR_INVALID, "project name" },
		{ "de\x1bmo-1.0.tar.gz", ERR_INVALID, "\\x1b" },
		{ "demo-1.0.zip", ERR_UNSUPPORTED, "neither" },
		{ "demo-1.0.whl.txt", ERR_UNSUPPORTED, "neither" },
		{ "", ERR_UNSUPPORTED, "neither" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct dist_name n = DIST_NAME_EMPTY;
		struct err e = ERR_EMPTY;

		cr_expect_eq(dist_name_parse(row[i].path, &n, &e), row[i].code, "%s", row[i].path);
		cr_expect_eq(e.code, row[i].code);
		cr_expect_not_null(
		    strstr(e.message, row[i].part), "%s: %s", row[i].path, e.message);
		cr_expect_null(n.file);
	}
}

Test(filename, normalises_project_names, .fini = leak_gate)
{
	static const struct {
		const char *in, *dashed, *escaped;
	} row[] = {
		{ "Demo", "demo", "demo" },
		{ "a.-_b", "a-b", "a_b" },
		{ "A__B..c", "a-b-c", "a_b_c" },
		{ "", "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *dashed = dist_normalise(row[i].in, '-');
		char *escaped = dist_normalise(row[i].in, '_');

		cr_expect_str_eq(dashed, row[i].dashed);
		cr_expect_str_eq(escaped, row[i].escaped);
		free(dashed);
		free(escaped);
	}
}
