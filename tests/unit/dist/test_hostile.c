/* The hostile inputs, by the numbers they have in our list of them, each with what must be told. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "archives.h"
#include "leak_gate.h"
#include "slipway/base/strlist.h"
#include "slipway/dist/check.h"
#include "slipway/os/fs.h"
#include "temp.h"

#define INPUTS 54

struct row {
	int number;
	const char *file;
	const char *rules; /* each must be among those found */
};

static const struct row rows[] = {
	{ 1, "bomb.whl", "FIL06 LIM01" },
	{ 2, "lies_small.whl", "DAT02" },
	{ 3, "overlap.whl", "ZIP14" },
	{ 4, "duplicate.whl", "NAM07" },
	{ 4, "dup_local.whl", "ZIP09" },
	{ 5, "names_differ.whl", "ZIP11" },
	{ 6, "sizes_differ.whl", "ZIP12" },
	{ 6, "crcs_differ.whl", "ZIP12" },
	{ 6, "methods_differ.whl", "ZIP13" },
	{ 7, "hidden.whl", "ZIP09" },
	{ 8, "no_local_far.whl", "ZIP10" },
	{ 9, "bad_crc.whl", "DAT01" },
	{ 10, "names.whl", "NAM03 NAM04" },
	{ 11, "link.whl", "NAM10" },
	{ 12, "device.whl", "NAM13" },
	{ 12, "device.tar.gz", "TAR10" },
	{ 13, "directory_data.whl", "DAT03" },
	{ 13, "directory_data.tar.gz", "DAT03" },
	{ 14, "names.whl", "NAM09" },
	{ 15, "names.whl", "NAM08" },
	{ 15, "composed.whl", "NAM14" },
	{ 16, "names.whl", "NAM01" },
	{ 17, "names.whl", "NAM05" },
	{ 18, "names.whl", "NAM01" },
	{ 19, "names.whl", "NAM02" },
	{ 20, "names.whl", "NAM06" },
	{ 20, "long_name.whl", "LIM01 NAM06" },
	{ 20, "gnu_long.tar.gz", "LIM01" },
	{ 20, "levels.tar.gz", "LIM01 NAM06" },
	{ 21, "unicode_differs.whl", "ZIP11" },
	{ 21, "unicode_local.whl", "ZIP11" },
	{ 22, "end64_alone.whl", "ZIP04" },
	{ 22, "end64_locator.whl", "ZIP04" },
	{ 22, "end64_length.whl", "ZIP04" },
	{ 22, "extra64_short.whl", "ZIP04" },
	{ 22, "extra64_huge.whl", "ZIP04" },
	{ 23, "truncated.whl", "ZIP01" },
	{ 23, "truncated_middle.whl", "ZIP01" },
	{ 24, "methods.whl", "ZIP15 LIM01" },
	{ 25, "encrypted.whl", "ZIP16 LIM01" },
	{ 26, "prefix.whl", "ZIP06" },
	{ 26, "trailing.whl", "ZIP08" },
	{ 27, "comment.whl", "ZIP19" },
	{ 28, "two_ends.whl", "ZIP03" },
	{ 29, "streamed.whl", "ZIP17" },
	{ 29, "streamed_00.whl", "ZIP17" },
	{ 29, "streamed_01.whl", "ZIP17" },
	{ 29, "streamed_10.whl", "ZIP17" },
	{ 29, "streamed_11.whl", "ZIP17" },
	{ 30, "polyglot.whl", "FIL05 ZIP06" },
	{ 31, "record/demo-1.0-py3-none-any.whl", "REC02 REC03 REC04 REC05 REC07 REC08 REC10" },
	{ 31, "record_huge/demo-1.0-py3-none-any.whl", "LIM01" },
	{ 32, "two_infos/demo-1.0-py3-none-any.whl", "WHL05" },
	{ 33, "metadata/demo-1.0-py3-none-any.whl", "MET02 MET03 MET06" },
	{ 34, "extra_member.tar.gz", "GZP04" },
	{ 35, "split.tar.gz", "GZP05" },
	{ 36, "trailing.tar.gz", "GZP03" },
	{ 36, "bad_crc.tar.gz", "GZP02" },
	{ 36, "bad_isize.tar.gz", "GZP02" },
	{ 37, "truncated_gz.tar.gz", "GZP01" },
	{ 38, "gz_name.tar.gz", "GZP06" },
	{ 38, "nested_gz.tar.gz", "TAR01" },
	{ 38, "bomb.tar.gz", "LIM01" },
	{ 39, "after_end.tar.gz", "TAR04" },
	{ 39, "after_end_junk.tar.gz", "TAR04" },
	{ 40, "no_end.tar.gz", "TAR03" },
	{ 41, "checksum.tar.gz", "TAR01" },
	{ 41, "negative.tar.gz", "TAR01" },
	{ 41, "negative_pax.tar.gz", "TAR05" },
	{ 41, "huge.tar.gz", "TAR01" },
	{ 42, "pax_path.tar.gz", "TAR07" },
	{ 43, "pax_global.tar.gz", "TAR06" },
	{ 44, "pax_size.tar.gz", "TAR08" },
	{ 45, "pax_long.tar.gz", "LIM01" },
	{ 46, "pax_nul.tar.gz", "TAR05" },
	{ 47, "sparse.tar.gz", "TAR09" },
	{ 47, "gnu_sparse.tar.gz", "TAR09" },
	{ 48, "links.tar.gz", "NAM11 NAM12" },
	{ 48, "link_loop.tar.gz", "NAM12" },
	{ 48, "link_nowhere.tar.gz", "NAM15" },
	{ 49, "setuid.tar.gz", "TAR11" },
	{ 49, "owner.tar.gz", "TAR12" },
	{ 50, "duplicate.tar.gz", "NAM07" },
	{ 51, "many.whl", "LIM01" },
	{ 52, "not_a_zip.whl", "ZIP01" },
	{ 53, "contents/demo-1.0-py3-none-any.whl", "REC04" },
	{ 54, "nested/demo-1.0-py3-none-any.whl", "BIN03" },
	{ 54, "nested_escape/demo-1.0-py3-none-any.whl", "BIN03 BIN06" },
	{ 54, "nested_bomb/demo-1.0-py3-none-any.whl", "LIM01" },
	{ 54, "nested_deeper/demo-1.0-py3-none-any.whl", "BIN03" },
};

static void
expect_row(const char *dir, const struct row *row)
{
	struct archive_limits few = archive_default_limits;
	struct dist_check_opts opts = { .limits = &few };
	struct findings f = FINDINGS_EMPTY;
	struct str found = STR_EMPTY;
	struct err e = ERR_EMPTY;
	char *path = fs_join(dir, row->file);

	/* The limit itself; a_million_entries_end_at_the_limit has them all. */
	if (row->number == 51)
		few.entries = 1000;
	cr_assert_eq(dist_check(path, &opts, &f, &e), ERR_OK, "%s: %s", row->file, e.message);
	archives_rules(&f, &found);
	for (const char *id = row->rules; *id != '\0';) {
		size_t len = strcspn(id, " ");
		char one[8] = "";

		memcpy(one, id, len);
		cr_expect_not_null(strstr(str_text(&found), one), "%d %s: no %s in %s", row->number,
		    row->file, one, str_text(&found));
		id += len + (id[len] == ' ');
	}
	for (size_t i = 0; i < f.count; i++)
		cr_expect(strpbrk(f.items[i].message, "\x1b\n\r\t") == NULL &&
			      (f.items[i].member == NULL ||
				  strpbrk(f.items[i].member, "\x1b\n\r\t") == NULL),
		    "%s", row->file);
	str_fini(&found);
	findings_fini(&f);
	free(path);
}

Test(hostile, each_input_has_its_answer, .fini = leak_gate)
{
	char *dir = archives_make();
	bool seen[INPUTS + 1] = { false };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		seen[rows[i].number] = true;
		expect_row(dir, &rows[i]);
	}
	for (int i = 1; i <= INPUTS; i++)
		cr_expect(seen[i], "input %d has no row", i);
	temp_remove(dir);
}

/* Empty, of names of equal length: quickly made. */
static const char make_million[] =
    "import array, struct\n"
    "N = 1000000\n"
    "names = [b'%07d' % i for i in range(N)]\n"
    "local = struct.pack('<IHHHHHIIIHH', 0x04034B50, 20, 0, 0, 0, 33, 0, 0, 0, 7, 0)\n"
    "head = struct.pack('<IHHHHHHIIIHHHHHI', 0x02014B50, 788, 20, 0, 0, 0, 33, 0, 0, 0, 7, 0, 0, "
    "0, 0, 0)\n"
    "at = array.array('I', range(0, 37 * N, 37)).tobytes()\n"
    "end64 = struct.pack('<IQHHIIQQQQ', 0x06064B50, 44, 45, 45, 0, 0, N, N, 53 * N, 37 * N)\n"
    "locator = struct.pack('<IIQI', 0x07064B50, 0, 90 * N, 1)\n"
    "end = struct.pack('<IHHHHIIH', 0x06054B50, 0, 0, 65535, 65535, 53 * N, 37 * N, 0)\n"
    "with open('million.whl', 'wb') as f:\n"
    "    f.write(local + local.join(names))\n"
    "    f.write(b''.join([head + at[4 * i:4 * i + 4] + names[i] for i in range(N)]))\n"
    "    f.write(end64 + locator + end)\n";

/* 51 at its full size: what is not listed is told, in bounded memory and time. */
Test(hostile, a_million_entries_end_at_the_limit, .fini = leak_gate)
{
	struct findings f = FINDINGS_EMPTY;
	struct str found = STR_EMPTY;
	struct rusage before, after;
	struct timespec begin, end;
	char *dir = temp_dir(), *path = fs_join(dir, "million.whl");

	archives_python(dir, make_million, "");
	getrusage(RUSAGE_SELF, &before);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	cr_assert_eq(dist_check(path, NULL, &f, NULL), ERR_OK);
	clock_gettime(CLOCK_MONOTONIC, &end);
	getrusage(RUSAGE_SELF, &after);
	archives_rules(&f, &found);
	cr_expect_not_null(strstr(str_text(&found), "LIM01"), "%s", str_text(&found));
	cr_expect_leq(f.count, RULE_COUNT * (FINDINGS_PER_RULE + 1));
	/* Its own limits say 60 s. Memory in KiB; sanitizers take a multiple. */
	cr_expect_leq(end.tv_sec - begin.tv_sec, 65);
	cr_expect_leq(after.ru_maxrss - before.ru_maxrss, 512 * 1024);
	str_fini(&found);
	findings_fini(&f);
	free(path);
	temp_remove(dir);
}

/* 52: what is no regular file, or empty, is refused before it is read. */
Test(hostile, what_is_no_archive_is_an_error, .fini = leak_gate)
{
	static const char *const names[] = { "empty.whl", "fifo.whl", "/dev/zero", "folder.whl" };
	char *dir = temp_dir(), *fifo = fs_join(dir, "fifo.whl");

	temp_puts(dir, "empty.whl", "");
	temp_puts(dir, "folder.whl/x", "");
	cr_assert_eq(mkfifo(fifo, 0600), 0);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct findings f = FINDINGS_EMPTY;
		char *path = names[i][0] == '/' ? fs_join("/", names[i] + 1)
						: fs_join(dir, names[i]);
		enum err_code rc = dist_check(path, NULL, &f, NULL);

		cr_expect(
		    rc == ERR_INVALID || rc == ERR_UNSUPPORTED, "%s: %s", path, err_code_name(rc));
		cr_expect_eq(f.count, 0);
		free(path);
	}
	free(fifo);
	temp_remove(dir);
}
