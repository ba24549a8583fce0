/* Each scan of contents has a case that fires it and a near miss that does not. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "archives.h"
#include "leak_gate.h"
#include "slipway/base/strlist.h"
#include "slipway/dist/check.h"
#include "slipway/os/fs.h"
#include "temp.h"

static bool
is_ours(const char *id)
{
	static const char *const groups[] = { "BIN", "ELF", "TXT", "COD", "SEC", "LEF04",
		"LEF05", "LIM", "DAT", "REC" };

	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		if (text_starts(id, groups[i]))
			return true;
	return false;
}

/* Ids of these groups, with the line of the first finding of each. */
static char *
found_in(const char *dir, struct findings *f)
{
	struct strlist names = STRLIST_EMPTY, ids = STRLIST_EMPTY;
	struct str out = STR_EMPTY;
	char *path;

	cr_assert_eq(fs_list(dir, &names, NULL), ERR_OK);
	cr_assert_eq(names.count, 1, "%s", dir);
	path = fs_join(dir, names.items[0]);
	cr_assert_eq(dist_check(path, NULL, f, NULL), ERR_OK, "%s", path);
	for (size_t i = 0; i < f->count; i++) {
		const char *id = dist_rule(f->items[i].rule)->id;
		struct str text = STR_EMPTY;

		str_printf(&text, f->items[i].line > 0 ? "%s:%zu" : "%s", id, f->items[i].line);
		if (is_ours(id) && !strlist_has(&ids, str_text(&text)))
			strlist_add(&ids, str_text(&text));
		str_fini(&text);
	}
	strlist_sort(&ids);
	strlist_join(&ids, " ", &out);
	strlist_fini(&ids);
	strlist_fini(&names);
	free(path);
	return str_take(&out);
}

struct row {
	const char *dir, *rules;
};

static const struct row rows[] = {
	{ "secret_far", "SEC02:40001" },
	{ "secret_binary", "SEC02" },
	{ "secret_edge_1", "SEC02:2 TXT03:1" },
	{ "secret_edge_3", "SEC02:2 TXT03:1" },
	{ "secret_edge_20", "SEC02:2 TXT03:1" },
	{ "secret_edge_39", "SEC02:2 TXT03:1" },
	{ "secret_sample", "SEC04:1" },
	{ "generic", "SEC03:1" },
	{ "generic_ini", "SEC03:1" },
	{ "generic_call", "" },
	{ "generic_words", "" },
	{ "generic_tests", "" },
	{ "pure_elf", "BIN01" },
	{ "purelib_elf", "BIN01" },
	{ "purelib_data_elf", "BIN01" },
	{ "platlib_elf", "" },
	{ "pure_pe", "BIN01" },
	{ "pure_macho", "BIN01" },
	{ "pure_java", "" },
	{ "pure_mz", "" },
	{ "sdist_elf", "BIN02" },
	{ "elf_good", "" },
	{ "elf_large", "ELF03" },
	{ "elf_32", "" },
	{ "elf_32_needed", "ELF03" },
	{ "elf_machine", "ELF02" },
	{ "elf_class", "ELF02" },
	{ "elf_windows", "ELF02" },
	{ "elf_needed", "ELF03" },
	{ "elf_needed_packed", "" },
	{ "elf_musl", "" },
	{ "elf_musl_glibc", "ELF03" },
	{ "elf_version", "ELF04" },
	{ "elf_version_new_tag", "" },
	{ "elf_version_cxx", "ELF04" },
	{ "elf_version_cxx_old", "" },
	{ "elf_rpath", "ELF05" },
	{ "elf_runpath", "ELF05" },
	{ "elf_runpath_good", "" },
	{ "elf_isa", "ELF06" },
	{ "elf_isa_first", "" },
	{ "elf_private", "ELF07" },
	{ "elf_private_not", "" },
	{ "elf_fpe", "ELF07" },
	{ "elf_ucs", "ELF07" },
	{ "macho_thin", "ELF02" },
	{ "macho_good", "" },
	{ "macho_half", "ELF02" },
	{ "macho_fat", "" },
	{ "macho_cut", "" },
	{ "elf_cut", "ELF01" },
	{ "elf_strings", "ELF01" },
	{ "elf_head", "" },
	{ "pe_good", "" },
	{ "pe_machine", "ELF02" },
	{ "none", "BIN05" },
	{ "paths", "BIN04" },
	{ "paths_ci", "" },
	{ "paths_text", "" },
	{ "archive_zip", "BIN03 BIN06" },
	{ "archive_gz", "BIN03 BIN06" },
	{ "archive_not", "" },
	{ "inside_good", "BIN03" },
	{ "inside_named_otherwise", "BIN03 SEC02:2" },
	{ "inside_escape", "BIN03 BIN06" },
	{ "inside_link", "BIN03 BIN06" },
	{ "inside_secret_gz", "BIN03 SEC02:2" },
	{ "inside_secret_name", "BIN03 SEC01" },
	{ "inside_pyc", "BIN03 LEF04" },
	{ "inside_elf", "BIN02 BIN03" },
	{ "inside_streamed", "BIN03" },
	{ "inside_three", "BIN03 SEC02:2" },
	{ "inside_four", "BIN03" },
	{ "inside_xz", "BIN03" },
	{ "inside_large", "BIN03" },
	{ "inside_large_twice", "BIN03 LIM01" },
	{ "pyc_alone", "LEF04" },
	{ "pyc_beside", "" },
	{ "pyc_cached", "" },
	{ "pyc_stale", "LEF05" },
	{ "bidi", "TXT01:2" },
	{ "bidi_isolate", "TXT01:2" },
	{ "bidi_readme", "" },
	{ "bidi_spelled", "" },
	{ "invisible", "TXT02:1" },
	{ "invisible_joiner", "TXT02:1" },
	{ "invisible_bom", "" },
	{ "invisible_bom_inside", "TXT02:1" },
	{ "invisible_emoji", "" },
	{ "long", "TXT03:2" },
	{ "long_over_window", "TXT03:21001" },
	{ "long_not", "" },
	{ "long_json", "" },
	{ "unpacks", "COD01:3" },
	{ "unpacks_chr", "COD01:1" },
	{ "unpacks_not", "" },
	{ "unpacks_def", "" },
	{ "unpacks_exec", "" },
	{ "look_alike", "TXT04:2" },
	{ "look_alike_other", "" },
	{ "look_alike_text", "" },
	{ "setup_runs", "COD03:3" },
	{ "setup_class", "COD03:1" },
	{ "setup_quiet", "" },
	{ "credentials", "COD04:1" },
	{ "credentials_tests", "" },
	{ "hosts", "COD05:2" },
	{ "hosts_other", "" },
	{ "pickle", "BIN07" },
	{ "pickle_old", "BIN07" },
	{ "pickle_not", "" },
	{ "wasm", "BIN08" },
	{ "image", "" },
	{ "image_more", "BIN09" },
	{ "image_more_large", "BIN09" },
	{ "pyarmor", "COD02" },
	{ "pyarmor_word", "" },
	{ "pye", "COD02" },
	{ "pye_half", "" },
};

/* Nothing of a secret but its fixed beginning is in any text. */
static void
expect_masked(const char *dir, const struct findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		cr_expect(strstr(f->items[i].message, "kJ8f") == NULL &&
			      strstr(f->items[i].message, "QOQ") == NULL &&
			      strstr(f->items[i].message, "Q2WE") == NULL,
		    "%s: %s", dir, f->items[i].message);
}

Test(scan, each_rule_fires_on_its_case_alone, .fini = leak_gate)
{
	struct strlist cases = STRLIST_EMPTY;
	char *dir = temp_dir();
	size_t secrets = 0;

	archives_python(dir, MAKE_CONTENTS, dir);
	cr_assert_eq(fs_list(dir, &cases, NULL), ERR_OK);
	for (size_t i = 0; i < cases.count; i++) {
		const char *wanted = text_starts(cases.items[i], "secret_")	? "SEC02:2"
				     : text_starts(cases.items[i], "nosecret_") ? ""
										: NULL;
		struct findings f = FINDINGS_EMPTY;
		char *sub = fs_join(dir, cases.items[i]), *got = found_in(sub, &f);

		for (size_t j = 0; j < ARRAY_LEN(rows); j++)
			if (strcmp(rows[j].dir, cases.items[i]) == 0)
				wanted = rows[j].rules;
		cr_assert_not_null(wanted, "%s has no row", cases.items[i]);
		cr_expect_str_eq(got, wanted, "%s: %s, not %s; %s", cases.items[i], got, wanted,
		    f.count > 0 ? f.items[0].message : "");
		expect_masked(cases.items[i], &f);
		secrets += text_starts(cases.items[i], "secret_");
		findings_fini(&f);
		free(got);
		free(sub);
	}
	cr_expect_geq(secrets, 20);
	strlist_fini(&cases);
	temp_remove(dir);
}
