/* Each rule fires on a file made for it and not on a near miss; a rule without such a pair fails.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "archives.h"
#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/base/strlist.h"
#include "slipway/dist/check.h"
#include "slipway/os/fs.h"
#include "temp.h"

static char *
normal_version(const char *version)
{
	return mem_strdup(strcmp(version, "1.0.0") == 0 ? "1.0" : version);
}

/* What the project layer knows is tested there: these tell the cases here apart. */
static bool
is_requirement(const char *text)
{
	return strstr(text, ">>") == NULL;
}

static bool
is_specifier_set(const char *text)
{
	return strstr(text, " or ") == NULL;
}

/* Whether RULE fires on PATH, or on the one wheel or the last file in that folder. */
static bool
fires(const char *path, const char *rule, struct dist_check_opts opts)
{
	struct strlist names = STRLIST_EMPTY;
	struct findings f = FINDINGS_EMPTY;
	struct str found = STR_EMPTY;
	struct err e = ERR_EMPTY;
	char *file = mem_strdup(path), *sdist = NULL;
	char *wanted = mem_printf(" %s ", rule), *all;
	bool has;

	if (fs_is_dir(path)) {
		cr_assert_eq(fs_list(path, &names, NULL), ERR_OK);
		free(file);
		file = fs_join(path, names.items[0]);
		for (size_t i = 0; i < names.count; i++) {
			if (text_ends(names.items[i], ".tar.gz"))
				sdist = fs_join(path, names.items[i]);
			if (text_ends(names.items[i], ".whl")) {
				free(file);
				file = fs_join(path, names.items[i]);
			}
		}
	}
	opts.sdist = sdist;
	cr_assert(fs_exists(file), "%s: no such case", path);
	opts.normal_version = normal_version;
	opts.is_requirement = is_requirement;
	opts.is_specifier_set = is_specifier_set;
	cr_assert_eq(dist_check(file, &opts, &f, &e), ERR_OK, "%s: %s", path, e.message);
	archives_rules(&f, &found);
	all = mem_printf(" %s ", str_text(&found));
	has = strstr(all, wanted) != NULL;
	free(all);
	free(file);
	free(wanted);
	free(sdist);
	str_fini(&found);
	findings_fini(&f);
	strlist_fini(&names);
	return has;
}

/* Pairs that other scripts make: A/ by make_archives.py, D/ by make_dists.py. Those of
 * make_rules.py are found by their names. */
static const struct {
	const char *rule, *fires, *near;
} pairs[] = {
	{ "LIM01", "A/long_name.whl", "A/good.whl" },
	{ "FIL01", "D/fil01", "D/fil03_same" },
	{ "FIL02", "D/fil02", "D/good" },
	{ "FIL03", "D/fil03_version", "D/fil03_same" },
	{ "FIL04", "D/fil04", "D/fil04_good" },
	{ "FIL05", "A/polyglot.whl", "A/prefix.whl" },
	{ "FIL06", "D/fil06", "D/good" },
	{ "FIL07", "D/fil07", "D/good" },
	{ "FIL08", "A/empty_zip.whl", "A/truncated.whl" },
	{ "ZIP01", "A/truncated.whl", "A/comment.whl" },
	{ "ZIP02", "A/count.whl", "A/comment.whl" },
	{ "ZIP03", "A/two_ends.whl", "A/comment.whl" },
	{ "ZIP04", "A/end64_length.whl", "A/good.whl" },
	{ "ZIP05", "A/end64_alone.whl", "A/good.whl" },
	{ "ZIP06", "A/prefix.whl", "A/gap.whl" },
	{ "ZIP07", "A/gap.whl", "A/prefix.whl" },
	{ "ZIP08", "A/trailing.whl", "A/comment.whl" },
	{ "ZIP09", "A/hidden.whl", "A/gap.whl" },
	{ "ZIP10", "A/no_local_far.whl", "A/gap.whl" },
	{ "ZIP11", "A/names_differ.whl", "A/sizes_differ.whl" },
	{ "ZIP12", "A/sizes_differ.whl", "A/names_differ.whl" },
	{ "ZIP13", "A/methods_differ.whl", "A/bzip2.whl" },
	{ "ZIP14", "A/overlap.whl", "A/good.whl" },
	{ "ZIP15", "A/bzip2.whl", "A/encrypted.whl" },
	{ "ZIP16", "A/encrypted.whl", "A/bzip2.whl" },
	{ "ZIP17", "A/streamed.whl", "A/good.whl" },
	{ "ZIP18", "A/member_comment.whl", "A/comment.whl" },
	{ "ZIP19", "A/comment.whl", "A/member_comment.whl" },
	{ "ZIP20", "A/extra_twice.whl", "A/good.whl" },
	{ "DAT01", "A/bad_crc.whl", "A/good.whl" },
	{ "DAT02", "A/lies_small.whl", "A/bad_crc.whl" },
	{ "DAT03", "A/directory_data.whl", "A/good.whl" },
	{ "GZP01", "A/truncated_gz.tar.gz", "A/split.tar.gz" },
	{ "GZP02", "A/bad_crc.tar.gz", "A/split.tar.gz" },
	{ "GZP03", "A/trailing.tar.gz", "A/split.tar.gz" },
	{ "GZP04", "A/extra_member.tar.gz", "A/split.tar.gz" },
	{ "GZP05", "A/split.tar.gz", "A/trailing.tar.gz" },
	{ "GZP06", "A/gz_name.tar.gz", "A/split.tar.gz" },
	{ "TAR01", "A/checksum.tar.gz", "A/split.tar.gz" },
	{ "TAR02", "A/short_member.tar.gz", "A/no_end.tar.gz" },
	{ "TAR03", "A/no_end.tar.gz", "A/after_end.tar.gz" },
	{ "TAR04", "A/after_end.tar.gz", "A/split.tar.gz" },
	{ "TAR05", "A/pax_malformed.tar.gz", "A/pax_path.tar.gz" },
	{ "TAR06", "A/pax_global.tar.gz", "A/pax_path.tar.gz" },
	{ "TAR07", "A/pax_path.tar.gz", "A/pax_size.tar.gz" },
	{ "TAR08", "A/pax_size.tar.gz", "A/pax_path.tar.gz" },
	{ "TAR09", "A/sparse.tar.gz", "A/device.tar.gz" },
	{ "TAR10", "A/device.tar.gz", "A/sparse.tar.gz" },
	{ "TAR11", "A/setuid.tar.gz", "A/split.tar.gz" },
	{ "NAM01", "A/names.whl", "D/good_folders" },
	{ "NAM02", "A/names.whl", "D/nam05" },
	{ "NAM03", "D/nam03", "D/nam04" },
	{ "NAM04", "D/nam04", "D/good_folders" },
	{ "NAM05", "D/nam05", "D/good_folders" },
	{ "NAM06", "A/names.whl", "D/good" },
	{ "NAM07", "A/duplicate.whl", "D/nam08" },
	{ "NAM08", "D/nam08", "D/good" },
	{ "NAM09", "D/nam09", "D/good_folders" },
	{ "NAM10", "D/nam10", "D/s_links" },
	{ "NAM11", "D/s_nam11", "D/s_links" },
	{ "NAM12", "D/s_nam12", "D/s_links" },
	{ "NAM13", "A/device.whl", "D/nam10" },
	{ "REC01", "D/rec01", "D/good" },
	{ "REC02", "D/rec02", "D/good_folders" },
	{ "REC03", "D/rec03", "D/good_folders" },
	{ "REC04", "D/rec04", "D/rec_jws" },
	{ "REC05", "D/rec05", "D/rec_sha512" },
	{ "REC06", "D/rec06", "D/good" },
	{ "REC07", "D/rec07", "D/good" },
	{ "REC08", "D/rec08", "D/rec_sha512" },
	{ "REC09", "D/rec09", "D/rec_jws" },
	{ "REC10", "D/rec10", "D/nam04" },
	{ "REC11", "D/rec11", "D/good" },
	{ "WHL01", "D/whl01", "D/whl02" },
	{ "WHL02", "D/whl02", "D/good" },
	{ "WHL03", "D/whl03", "D/good" },
	{ "WHL04", "D/whl04", "D/fil04_good" },
	{ "WHL05", "D/whl05", "D/whl07_good" },
	{ "WHL06", "D/whl06", "D/good" },
	{ "WHL07", "D/whl07", "D/whl07_good" },
	{ "WHL08", "D/whl08", "R/w007_near" },
	{ "WHL09", "D/whl09", "R/w007" },
	{ "SDI01", "D/s_sdi01", "D/s_sdi02" },
	{ "SDI02", "D/s_sdi02", "D/s_good" },
	{ "SDI03", "D/s_sdi03", "D/s_good" },
	{ "SDI04", "D/s_sdi04", "D/s_good" },
	{ "MET01", "D/met01", "D/met02" },
	{ "MET02", "D/met02", "D/met03" },
	{ "MET03", "D/met03", "D/met02_bom" },
	{ "MET04", "D/met04", "D/good" },
	{ "MET05", "D/met05", "R/met19_near" },
	{ "MET06", "D/met06", "R/met09_twice" },
	{ "MET07", "D/met07", "D/lic01" },
	{ "MET08", "D/met08", "R/met19_near" },
	{ "MET09", "D/met09_summary", "D/good" },
	{ "MET10", "D/met10", "D/good" },
	{ "MET11", "D/met11", "D/good" },
	{ "MET12", "D/met12", "R/prj03" },
	{ "MET13", "D/met13", "D/good" },
	{ "MET14", "D/met14", "R/lic07_near" },
	{ "LIC01", "D/lic01", "D/lic02" },
	{ "LIC02", "D/lic02", "D/lic01" },
	{ "ENT01", "D/ent01_line", "D/ent01_good" },
	{ "ENT02", "D/ent02", "D/ent01_good" },
	{ "ENT03", "D/ent03", "D/ent01_good" },
	{ "ENT04", "D/ent04", "D/ent01_good" },
	{ "ENT05", "D/ent05", "D/good" },
	{ "SEC01", "D/sec01", "D/sec01_good" },
	{ "RUN01", "D/run01", "D/run01_good" },
	{ "LEF01", "D/lef01", "D/good" },
	{ "LEF02", "D/lef02", "D/good" },
	{ "LEF03", "D/lef03", "D/good" },
};

/* Rules, or all with that beginning, whose cases cannot be files of these scripts, and where they
 * are tested. */
static const struct {
	const char *rule, *reason;
} elsewhere[] = {
	{ "LIM02", "a file that changes meanwhile: test_archive.c changes one" },
	{ "FIL09", "a file of more than 100 MiB would cost seconds in each run" },
	{ "SEC02", "judges contents: test_scan.c has the pairs" },
	{ "SEC03", "judges contents: test_scan.c has the pairs" },
	{ "SEC04", "judges contents: test_scan.c has the pairs" },
	{ "BIN", "judges contents: test_scan.c has the pairs" },
	{ "ELF", "judges contents: test_scan.c has the pairs" },
	{ "TXT", "judges contents: test_scan.c has the pairs" },
	{ "COD", "judges contents: test_scan.c has the pairs" },
	{ "LEF04", "judges contents: test_scan.c has the pairs" },
	{ "LEF05", "judges contents: test_scan.c has the pairs" },
	{ "PAR04", "an sdist that cannot be read: an_sdist_that_cannot_be_read_is_told, here" },
	{ "TAR12", "one of the hostile inputs: test_hostile.c" },
	{ "NAM15", "one of the hostile inputs: test_hostile.c" },
	{ "GIT", "needs a repository: test_compare_git.c has a case for each" },
	{ "REL", "needs the release before: test_compare_release.c" },
	{ "W101", "needs the configuration: files_are_those_of_the_folders, here" },
	{ "W102", "needs the configuration: files_are_those_of_the_folders, here" },
	{ "W201", "needs the configuration: the_root_is_what_the_configuration_says, here" },
	{ "W202", "needs the configuration: the_root_is_what_the_configuration_says, here" },
};

/* "R/w002" below the folder of that script's files. */
static char *
case_path(const char *dir, const char *text)
{
	return mem_printf("%s/%s", dir, text);
}

static char *
make_all(void)
{
	static const struct {
		const char *folder, *script;
	} row[] = { { "A", MAKE_ARCHIVES }, { "D", MAKE_DISTS }, { "R", MAKE_RULES } };
	char *dir = temp_dir();

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *sub = fs_join(dir, row[i].folder);

		cr_assert_eq(fs_mkdirs(sub, 0755, NULL), ERR_OK);
		archives_python(sub, row[i].script, sub);
		free(sub);
	}
	return dir;
}

static const char *
reason_of(const char *rule)
{
	for (size_t i = 0; i < ARRAY_LEN(elsewhere); i++)
		if (strncmp(elsewhere[i].rule, rule, strlen(elsewhere[i].rule)) == 0)
			return elsewhere[i].reason;
	return NULL;
}

static void
expect_pair(const char *rule, const char *fire, const char *near)
{
	const struct dist_check_opts opts = { .limits = NULL };

	cr_expect(fires(fire, rule, opts), "%s does not fire on %s", rule, fire);
	cr_expect_not(fires(near, rule, opts), "%s fires on its near miss %s", rule, near);
}

static bool
try_pairs(const char *dir, const char *rule)
{
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		char *fire, *near;

		if (strcmp(pairs[i].rule, rule) != 0)
			continue;
		fire = case_path(dir, pairs[i].fires);
		near = case_path(dir, pairs[i].near);
		expect_pair(rule, fire, near);
		free(fire);
		free(near);
		return true;
	}
	return false;
}

Test(rules, each_has_a_case_that_fires_it_and_a_near_miss, .fini = leak_gate)
{
	char *dir = make_all(), *made = fs_join(dir, "R");
	struct strlist names = STRLIST_EMPTY;

	cr_assert_eq(fs_list(made, &names, NULL), ERR_OK);
	for (int r = 0; r < RULE_COUNT; r++) {
		const char *rule = dist_rule((enum rule_id)r)->id;
		bool found = try_pairs(dir, rule) || reason_of(rule) != NULL;

		for (size_t i = 0; i < names.count; i++) {
			size_t len = strlen(rule);
			char *fire, *near;

			if (strncasecmp(names.items[i], rule, len) != 0 ||
			    text_ends(names.items[i], "_near") ||
			    (names.items[i][len] != '\0' && names.items[i][len] != '_'))
				continue;
			fire = fs_join(made, names.items[i]);
			near = mem_printf("%s_near", fire);
			expect_pair(rule, fire, near);
			found = true;
			free(fire);
			free(near);
		}
		cr_expect(found, "%s has neither a case nor a reason", rule);
	}
	strlist_fini(&names);
	free(made);
	temp_remove(dir);
}

Test(rules, the_root_is_what_the_configuration_says, .fini = leak_gate)
{
	static const struct {
		const char *toplevel[3];
		bool missing, undeclared;
	} row[] = {
		{ { "demo" }, false, true },
		{ { "demo", "other" }, false, false },
		{ { "demo", "more" }, true, true },
	};
	char *dir = temp_dir(), *path = fs_join(dir, "w009");

	archives_python(dir, MAKE_RULES, dir);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct strlist toplevel = STRLIST_EMPTY;
		struct dist_check_opts opts = { .toplevel = &toplevel };

		strlist_add_all(&toplevel, row[i].toplevel);
		cr_expect_eq(fires(path, "W201", opts), row[i].missing, "row %zu", i);
		cr_expect_eq(fires(path, "W202", opts), row[i].undeclared, "row %zu", i);
		cr_expect_not(fires(path, "W009", opts), "row %zu", i);
		strlist_fini(&toplevel);
	}
	free(path);
	temp_remove(dir);
}

Test(rules, files_are_those_of_the_folders, .fini = leak_gate)
{
	static const struct {
		const char *tree[4];
		bool missing, extra;
	} row[] = {
		{ { "demo/__init__.py", "demo/cli.py" }, false, true },
		{ { "demo/__init__.py", "demo/cli.py", "other/__init__.py" }, false, false },
		{ { "demo/__init__.py", "demo/cli.py", "demo/data.txt" }, true, true },
	};
	char *dir = temp_dir(), *path = fs_join(dir, "w009");

	archives_python(dir, MAKE_RULES, dir);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct strlist tree = STRLIST_EMPTY;
		struct dist_check_opts opts = { .tree = &tree };

		for (size_t j = 0; j < 4 && row[i].tree[j] != NULL; j++)
			strlist_add(&tree, row[i].tree[j]);
		strlist_sort(&tree);
		cr_expect_eq(fires(path, "W101", opts), row[i].missing, "row %zu", i);
		cr_expect_eq(fires(path, "W102", opts), row[i].extra, "row %zu", i);
		cr_expect_not(fires(path, "W009", opts), "row %zu", i);
		strlist_fini(&tree);
	}
	free(path);
	temp_remove(dir);
}

Test(rules, an_sdist_that_cannot_be_read_is_told, .fini = leak_gate)
{
	const struct dist_check_opts opts = { .sdist = "/nonexistent/demo-1.0.tar.gz" };
	struct findings f = FINDINGS_EMPTY;
	struct str found = STR_EMPTY;
	char *dir = temp_dir(), *path = fs_join(dir, "good/demo-1.0-py3-none-any.whl");

	archives_python(dir, MAKE_DISTS, dir);
	cr_assert_eq(dist_check(path, &opts, &f, NULL), ERR_OK);
	archives_rules(&f, &found);
	cr_expect_str_eq(str_text(&found), "PAR04");
	str_fini(&found);
	findings_fini(&f);
	free(path);
	temp_remove(dir);
}

Test(rules, what_one_index_refuses_is_a_warning_for_others, .fini = leak_gate)
{
	static const struct {
		const char *file;
		size_t errors;
	} row[] = {
		{ "met16", 0 },
		{ "met17", 0 },
		{ "lic03", 1 },
	};
	char *dir = temp_dir();

	archives_python(dir, MAKE_RULES, dir);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *path = mem_printf("%s/%s/demo-1.0-py3-none-any.whl", dir, row[i].file);
		struct dist_check_opts opts = { .not_for_pypi = true };
		struct findings f = FINDINGS_EMPTY;

		cr_assert_eq(dist_check(path, &opts, &f, NULL), ERR_OK);
		cr_expect_eq(
		    findings_at_least(&f, FINDING_ERROR), row[i].errors, "%s", row[i].file);
		findings_fini(&f);
		opts.not_for_pypi = false;
		cr_assert_eq(dist_check(path, &opts, &f, NULL), ERR_OK);
		cr_expect_eq(findings_at_least(&f, FINDING_ERROR), 1, "%s", row[i].file);
		findings_fini(&f);
		free(path);
	}
	temp_remove(dir);
}
