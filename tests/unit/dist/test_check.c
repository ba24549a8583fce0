/* Every rule has a case that fires it and a near miss that does not; real builds are clean. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "archives.h"
#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/base/strlist.h"
#include "slipway/dist/check.h"
#include "slipway/os/fs.h"
#include "temp.h"

/* Enough of PEP 440 for these tests: a last ".0" behind a dot more is dropped in comparison. */
static char *
normal_version(const char *version)
{
	if (strcmp(version, "1.0.0") == 0)
		return mem_strdup("1.0");
	return mem_strdup(version);
}

static const struct dist_check_opts opts = { .normal_version = normal_version };

/* Checks the one file in DIR. */
static void
check_in(const char *dir, struct findings *f)
{
	struct strlist names = STRLIST_EMPTY;
	struct err e = ERR_EMPTY;
	char *path;

	cr_assert_eq(fs_list(dir, &names, &e), ERR_OK, "%s", e.message);
	cr_assert_eq(names.count, 1, "%s", dir);
	path = fs_join(dir, names.items[0]);
	cr_assert_eq(dist_check(path, &opts, f, &e), ERR_OK, "%s: %s", path, e.message);
	free(path);
	strlist_fini(&names);
}

Test(check, each_rule_fires_on_its_case_alone, .fini = leak_gate)
{
	static const struct {
		const char *dir, *rules;
	} row[] = {
		{ "good", "" },
		{ "good_folders", "" },
		{ "fil01", "FIL01 MET01" },
		{ "fil02", "FIL02" },
		{ "fil03_version", "FIL03" },
		{ "fil03_same", "" },
		{ "fil04", "BIN05 FIL04" },
		{ "fil04_good", "BIN05" },
		{ "fil04_mac", "BIN05 FIL04" },
		{ "fil06", "FIL06 LIM01" },
		{ "fil07", "FIL03 FIL07" },
		{ "rec01", "REC01" },
		{ "rec02", "REC02 REC03" },
		{ "rec02_quote", "REC02 REC03" },
		{ "rec02_size", "REC02" },
		{ "rec03", "REC03" },
		{ "rec04", "REC04 RUN01" },
		{ "rec05", "REC05" },
		{ "rec06", "REC06" },
		{ "rec07", "REC07" },
		{ "rec08", "REC08" },
		{ "rec08_unknown", "REC08" },
		{ "rec_sha512", "" },
		{ "rec09", "REC09" },
		{ "rec10", "REC03 REC10" },
		{ "rec11", "REC11" },
		{ "rec_jws", "" },
		{ "whl01", "WHL01" },
		{ "whl02", "WHL02" },
		{ "whl03", "WHL03" },
		{ "whl04", "WHL04" },
		{ "whl05", "WHL05" },
		{ "whl06", "WHL06" },
		{ "whl07", "WHL07" },
		{ "whl07_good", "WHL08" },
		{ "whl08", "WHL08" },
		{ "whl09", "WHL09" },
		{ "met01", "MET01" },
		{ "met02", "MET02" },
		{ "met02_bom", "MET02" },
		{ "met03", "MET03" },
		{ "met04", "MET04" },
		{ "met05", "MET05" },
		{ "met06", "MET06" },
		{ "met07", "MET07" },
		{ "met08", "MET08" },
		{ "met08_old", "" },
		{ "met09_summary", "MET09" },
		{ "met09_lines", "MET09" },
		{ "met09_url", "MET09" },
		{ "met09_label", "MET09" },
		{ "met09_dynamic", "MET09" },
		{ "met09_license", "MET09" },
		{ "met09_name", "FIL03 MET09" },
		{ "met10", "MET10" },
		{ "met10_charset", "MET10" },
		{ "met10_variant", "MET10" },
		{ "met11", "MET11" },
		{ "met12", "MET12" },
		{ "met13", "MET13" },
		{ "met14", "MET14" },
		{ "lic01", "LIC01" },
		{ "lic02", "LIC02" },
		{ "ent01_line", "ENT01" },
		{ "ent01_top", "ENT01" },
		{ "ent01_twice", "ENT01" },
		{ "ent01_section", "ENT01" },
		{ "ent01_good", "ENT07" },
		{ "ent02", "ENT02" },
		{ "ent03", "ENT03" },
		{ "ent04", "ENT04" },
		{ "ent05", "ENT05" },
		{ "sec01", "SEC01" },
		{ "sec01_good", "" },
		{ "run01", "RUN01" },
		{ "run01_start", "RUN01 W009" },
		{ "run01_good", "" },
		{ "lef01", "LEF01 LEF04" },
		{ "lef02", "LEF02" },
		{ "lef02_folder", "LEF02" },
		{ "lef03", "LEF03 W009" },
		{ "nam10", "NAM10" },
		{ "nam03", "NAM03 REC10" },
		{ "nam04", "NAM04 REC12" },
		{ "nam05", "NAM05" },
		{ "nam08", "NAM08" },
		{ "nam09", "NAM09" },
		{ "s_good", "" },
		{ "s_links", "" },
		{ "s_fil02", "FIL02" },
		{ "s_fil02_version", "FIL02" },
		{ "s_fil03", "FIL03" },
		{ "s_sdi01", "SDI01" },
		{ "s_sdi01_file", "SDI01" },
		{ "s_sdi02", "SDI02" },
		{ "s_sdi03", "SDI03" },
		{ "s_sdi04", "SDI04" },
		{ "s_lic01", "LIC01" },
		{ "s_nam11", "NAM11" },
		{ "s_nam11_abs", "NAM11" },
		{ "s_nam12", "NAM12" },
		{ "s_lef02", "LEF02" },
		{ "s_sec01", "SEC01" },
	};
	char *dir = temp_dir();

	archives_python(dir, MAKE_DISTS, dir);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct findings f = FINDINGS_EMPTY;
		struct str rules = STR_EMPTY;
		char *sub = fs_join(dir, row[i].dir);

		check_in(sub, &f);
		archives_rules(&f, &rules);
		cr_expect_str_eq(str_text(&rules), row[i].rules, "%s: %s, not %s; %s", row[i].dir,
		    str_text(&rules), row[i].rules, f.count > 0 ? f.items[0].message : "");
		str_fini(&rules);
		findings_fini(&f);
		free(sub);
	}
	temp_remove(dir);
}

Test(check, unsafe_names_are_told, .fini = leak_gate)
{
	struct findings f = FINDINGS_EMPTY;
	struct str rules = STR_EMPTY;
	char *dir = archives_make();
	char *path = fs_join(dir, "names.whl");

	cr_assert_eq(dist_check(path, NULL, &f, NULL), ERR_OK);
	archives_rules(&f, &rules);
	cr_expect_str_eq(
	    str_text(&rules), "FIL01 MET01 NAM01 NAM02 NAM03 NAM04 NAM05 NAM06 NAM08 NAM09");
	for (size_t i = 0; i < f.count; i++)
		cr_expect_null(
		    strpbrk(f.items[i].member != NULL ? f.items[i].member : "", "\x1b\n\r"));
	str_fini(&rules);
	findings_fini(&f);
	free(path);
	temp_remove(dir);
}

Test(check, damaged_contents_are_told, .fini = leak_gate)
{
	static const struct {
		const char *file, *rules;
	} row[] = {
		{ "bad_crc.whl", "DAT01" },
		{ "lies_small.whl", "DAT02" },
		{ "lies_large.whl", "DAT02" },
		{ "bad_deflate.whl", "DAT01" },
		{ "good.whl", "" },
		{ "bzip2.whl", "ZIP15" },
		{ "encrypted.whl", "LIM01" },
		{ "device.whl", "NAM13" },
		{ "truncated_gz.tar.gz", "GZP01" },
		{ "empty_zip.whl", "FIL08" },
	};
	char *dir = archives_make();

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct findings f = FINDINGS_EMPTY;
		struct str rules = STR_EMPTY;
		char *path = fs_join(dir, row[i].file);

		cr_assert_eq(dist_check(path, NULL, &f, NULL), ERR_OK);
		archives_rules(&f, &rules);
		cr_expect(row[i].rules[0] == '\0' || strstr(str_text(&rules), row[i].rules) != NULL,
		    "%s: %s", row[i].file, str_text(&rules));
		cr_expect(row[i].rules[0] != '\0' || strstr(str_text(&rules), "DAT") == NULL);
		str_fini(&rules);
		findings_fini(&f);
		free(path);
	}
	temp_remove(dir);
}

Test(check, counts_the_members_that_it_is_done_with, .fini = leak_gate)
{
	static const char *const names[] = { "good.whl", "gnu.tar.gz", "directory_data.whl" };
	char *dir = archives_make();

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct archive *a = archives_open(dir, names[i], NULL);
		char *path = fs_join(dir, names[i]);
		_Atomic size_t passed = 0;
		struct dist_check_opts counting = { .passed = &passed };
		struct findings f = FINDINGS_EMPTY;

		cr_expect_eq(dist_check(path, &counting, &f, NULL), ERR_OK);
		cr_expect_eq(passed, archive_count(a), "%s: %zu", names[i], (size_t)passed);
		findings_fini(&f);
		archive_close(a);
		free(path);
	}
	temp_remove(dir);
}

Test(check, stops_when_cancelled, .fini = leak_gate)
{
	atomic_bool cancelled = true;
	struct dist_check_opts stop = { .cancelled = &cancelled };
	struct findings f = FINDINGS_EMPTY;
	char *dir = archives_make();
	char *path = fs_join(dir, "good.whl");

	cr_expect_eq(dist_check(path, &stop, &f, NULL), ERR_CANCELLED);
	cr_expect_eq(f.count, 0);
	free(path);
	temp_remove(dir);
}

Test(check, real_builds_are_clean_of_errors, .fini = leak_gate, .timeout = 300)
{
	static const char pyproject[] = "[build-system]\nrequires = [\"setuptools\", \"wheel\"]\n"
					"build-backend = \"setuptools.build_meta\"\n"
					"[project]\nname = \"real-demo\"\nversion = \"1.2.3\"\n"
					"description = \"A real one\"\nreadme = \"README.md\"\n"
					"license = {text = \"MIT\"}\n"
					"[project.urls]\nHome = \"https://example.org\"\n"
					"[project.scripts]\nreal-demo = \"real_demo:main\"\n"
					"[tool.setuptools]\npackages = [\"real_demo\"]\n";
	const char *build[] = { "/usr/bin/python3", "-m", "build", "--no-isolation",
		"--outdir", "out", ".", NULL };
	char *dir = temp_dir(), *out = fs_join(dir, "out");
	struct strlist names = STRLIST_EMPTY;

	temp_puts(dir, "pyproject.toml", pyproject);
	temp_puts(dir, "README.md", "# Real\n");
	temp_puts(dir, "LICENSE", "MIT\n");
	temp_puts(dir, "real_demo/__init__.py", "def main():\n    print('hi')\n");
	cr_assert_eq(temp_run(dir, build), 0);
	cr_assert_eq(fs_list(out, &names, NULL), ERR_OK);
	cr_expect_eq(names.count, 2);
	for (size_t i = 0; i < names.count; i++) {
		char *path = fs_join(out, names.items[i]);
		struct findings f = FINDINGS_EMPTY;

		cr_expect_eq(dist_check(path, &opts, &f, NULL), ERR_OK);
		for (size_t j = 0; j < f.count; j++)
			cr_expect(
			    f.items[j].severity < FINDING_ERROR ||
				/* This old setuptools does not normalise the names of sdists. */
				(f.items[j].rule == RULE_FILE_NOT_NORMAL &&
				    text_ends(names.items[i], ".tar.gz")),
			    "%s: %s %s", names.items[i], dist_rule(f.items[j].rule)->id,
			    f.items[j].message);
		findings_fini(&f);
		free(path);
	}
	strlist_fini(&names);
	free(out);
	temp_remove(dir);
}

struct backend {
	const char *module, *pyproject;
	const char *file, *text; /* one more file of the project; NULL: none */
	const char *platform; /* of a compiled extension, as the project says; NULL: it does not */
	bool compiled;	      /* with an extension in C */
	bool git;	      /* it wants a repository */
	enum rule_id allowed; /* RULE_COUNT: none */
};

#define NO_RULE RULE_COUNT

static void
put_project(const char *dir, const struct backend *b)
{
	static const char commit[] = "git init -q . && git add -A && "
				     "git -c user.name=a -c user.email=a@b.c commit -qm x";
	const char *argv[] = { "/bin/sh", "-c", commit, NULL };

	temp_puts(dir, "pyproject.toml", b->pyproject);
	temp_puts(dir, "README.md", "# Real\n");
	temp_puts(dir, "LICENSE", "MIT\n");
	temp_puts(dir, "real_demo/__init__.py",
	    "\"\"\"A real one.\"\"\"\n\n\ndef main():\n    print('hi')\n");
	if (b->compiled)
		temp_puts(dir, "real_demo/_speed.c",
		    "void *PyInit__speed(void);\nvoid *PyInit__speed(void) { return 0; }\n");
	if (b->file != NULL)
		temp_puts(dir, b->file, b->text);
	if (b->git)
		cr_assert_eq(temp_run(dir, argv), 0);
}

static void
expect_file_clean(const char *path, const struct dist_check_opts *how, const struct backend *b)
{
	struct findings f = FINDINGS_EMPTY;
	bool allowed = false;

	cr_expect_eq(dist_check(path, how, &f, NULL), ERR_OK);
	for (size_t i = 0; i < f.count; i++) {
		const char *id = dist_rule(f.items[i].rule)->id;

		allowed |= f.items[i].rule == b->allowed;
		cr_expect((f.items[i].severity < FINDING_ERROR && !text_starts(id, "PAR")) ||
			      f.items[i].rule == b->allowed,
		    "%s: %s %s", path, id, f.items[i].message);
	}
	/* The tag of one machine is refused for what is compiled, whoever compiles. */
	if (text_ends(path, "-linux_x86_64.whl"))
		cr_expect(allowed, "%s", path);
	findings_fini(&f);
}

/* Builds a small project with the backend itself, which Debian packages, and no environment; skips
 * the test visibly where it is not installed. Wheel and sdist must be clean of ERROR, and fit each
 * other. */
static void
expect_backend_clean(const struct backend *b)
{
	static const char build[] =
	    "import importlib, os, sys; b = importlib.import_module(sys.argv[1]); "
	    "os.mkdir('out'); b.build_sdist(os.path.abspath('out')); "
	    "b.build_wheel(os.path.abspath('out'))";
	const char *argv[] = { "/usr/bin/python3", "-c", build, b->module, NULL };
	const char *probe[] = { "/usr/bin/python3", "-c",
		"import importlib, sys; importlib.import_module(sys.argv[1])", b->module, NULL };
	struct dist_check_opts both = opts;
	struct strlist names = STRLIST_EMPTY;
	char *dir = temp_dir(), *out = fs_join(dir, "out"), *sdist;

	if (temp_run(dir, probe) != 0) {
		free(out);
		temp_remove(dir);
		cr_skip_test("%s is not installed", b->module);
	}
	put_project(dir, b);
	cr_assert_eq(temp_run(dir, argv), 0);
	cr_assert_eq(fs_list(out, &names, NULL), ERR_OK);
	cr_assert_eq(names.count, 2);
	sdist = fs_join(out, names.items[text_ends(names.items[0], ".tar.gz") ? 0 : 1]);
	both.sdist = sdist;
	for (size_t i = 0; i < names.count; i++) {
		char *path = fs_join(out, names.items[i]);

		cr_expect(b->platform == NULL || text_ends(path, ".tar.gz") ||
			  strstr(path, b->platform) != NULL);
		expect_file_clean(path, &both, b);
		free(path);
	}
	strlist_fini(&names);
	free(sdist);
	free(out);
	temp_remove(dir);
}

#define PROJECT                                                                                    \
	"[project]\nname = \"real-demo\"\nversion = \"1.2.3\"\ndescription = \"A real one\"\n"     \
	"readme = \"README.md\"\nrequires-python = \">=3.8\"\nlicense = {text = \"MIT\"}\n"        \
	"[project.urls]\nHome = \"https://example.org\"\n"                                         \
	"[project.scripts]\nreal-demo = \"real_demo:main\"\n"

Test(check, what_flit_builds_is_clean_of_errors, .fini = leak_gate)
{
	/* Flit before 3.9 does not normalise the names of sdists. */
	expect_backend_clean(&(struct backend) { .module = "flit_core.buildapi",
	    .pyproject = "[build-system]\nrequires = [\"flit_core\"]\n"
			 "build-backend = \"flit_core.buildapi\"\n" PROJECT,
	    .allowed = RULE_FILE_NOT_NORMAL });
}

Test(check, what_hatchling_builds_is_clean_of_errors, .fini = leak_gate)
{
	expect_backend_clean(&(struct backend) { .module = "hatchling.build",
	    .pyproject = "[build-system]\nrequires = [\"hatchling\"]\n"
			 "build-backend = \"hatchling.build\"\n" PROJECT,
	    .allowed = NO_RULE });
}

/* Without a lower bound it builds for py2.py3, and wrote that into WHEEL as one Tag for long. */
Test(check, what_poetry_builds_is_clean_of_errors, .fini = leak_gate)
{
	expect_backend_clean(&(struct backend) { .module = "poetry.core.masonry.api",
	    .pyproject =
		"[build-system]\nrequires = [\"poetry-core\"]\n"
		"build-backend = \"poetry.core.masonry.api\"\n"
		"[tool.poetry]\nname = \"real-demo\"\nversion = \"1.2.3\"\n"
		"description = \"A real one\"\nauthors = [\"Jane Doe <jane@example.org>\"]\n"
		"readme = \"README.md\"\nlicense = \"MIT\"\n"
		"[tool.poetry.dependencies]\npython = \"*\"\n",
	    .allowed = NO_RULE });
}

Test(check, what_setuptools_compiles_is_clean_of_errors, .fini = leak_gate)
{
	/* This old setuptools does not normalise the names of sdists. */
	expect_backend_clean(&(struct backend) { .module = "setuptools.build_meta",
	    .pyproject = "[build-system]\nrequires = [\"setuptools\"]\n"
			 "build-backend = \"setuptools.build_meta\"\n" PROJECT
			 "[tool.setuptools]\npackages = [\"real_demo\"]\n",
	    .file = "setup.py",
	    .text = "from setuptools import Extension, setup\n"
		    "setup(ext_modules=[Extension('real_demo._speed', ['real_demo/_speed.c'])],\n"
		    "  options={'bdist_wheel': {'plat_name': 'manylinux_2_36_x86_64'}})\n",
	    .platform = "manylinux_2_36_x86_64",
	    .compiled = true,
	    .allowed = RULE_FILE_NOT_NORMAL });
}

/* What it tags for this machine alone, the index refuses: that is its one error. */
Test(check, what_meson_compiles_has_the_wrong_tag_alone, .fini = leak_gate)
{
	expect_backend_clean(&(struct backend) { .module = "mesonpy",
	    .pyproject = "[build-system]\nrequires = [\"meson-python\"]\n"
			 "build-backend = \"mesonpy\"\n" PROJECT,
	    .file = "meson.build",
	    .text =
		"project('real-demo', 'c', version: '1.2.3')\n"
		"py = import('python').find_installation('python3')\n"
		"py.install_sources('real_demo/__init__.py', subdir: 'real_demo', pure: false)\n"
		"shared_module('_speed', 'real_demo/_speed.c', name_prefix: '',\n"
		"  name_suffix: 'abi3.so', install: true,\n"
		"  install_dir: py.get_install_dir(pure: false) / 'real_demo')\n",
	    .compiled = true,
	    .git = true,
	    .allowed = RULE_FILE_PLATFORM });
}
