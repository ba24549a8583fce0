/* The walkers against hand-made damage, with zipfile and tarfile as oracles for what is sound. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archives.h"
#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "temp.h"

struct row {
	const char *file;
	const char *rules; /* of the listing */
	size_t count;	   /* members, hidden ones too */
	bool complete;
};

static const struct row zips[] = {
	{ "good.whl", "", 3, true },
	{ "python.whl", "", 3, true },
	{ "zip64.whl", "", 1, true },
	{ "end64.whl", "", 2, true },
	{ "empty_zip.whl", "", 0, true },
	{ "unicode_same.whl", "", 1, true },
	{ "many.whl", "", 3000, true },
	{ "end64_length.whl", "ZIP04", 2, true },
	{ "end64_locator.whl", "ZIP04", 2, true },
	{ "end64_alone.whl", "ZIP02 ZIP04 ZIP05", 2, false },
	{ "end64_missing.whl", "ZIP02 ZIP04", 0, false },
	{ "end64_differs.whl", "ZIP02 ZIP04", 2, true },
	{ "extra64_short.whl", "ZIP04 ZIP14", 1, true },
	{ "extra64_huge.whl", "ZIP04 ZIP12", 1, true },
	{ "extra_twice.whl", "ZIP20", 1, true },
	{ "extra_cut.whl", "ZIP20", 1, true },
	{ "prefix.whl", "ZIP06", 2, true },
	{ "prefix_shifted.whl", "ZIP02 ZIP06", 2, true },
	{ "gap.whl", "ZIP07", 2, true },
	{ "trailing.whl", "ZIP08", 2, true },
	{ "comment.whl", "ZIP19", 2, true },
	{ "two_ends.whl", "ZIP02 ZIP03 ZIP07 ZIP09", 3, true },
	{ "member_comment.whl", "ZIP18", 1, true },
	{ "hidden.whl", "ZIP09", 3, true },
	{ "no_local.whl", "ZIP09 ZIP10 ZIP14", 3, true },
	{ "no_local_far.whl", "ZIP10", 2, true },
	{ "names_differ.whl", "ZIP11", 1, true },
	{ "unicode_differs.whl", "ZIP11", 1, true },
	{ "unicode_local.whl", "ZIP11", 1, true },
	{ "sizes_differ.whl", "ZIP12", 1, true },
	{ "crcs_differ.whl", "ZIP12", 1, true },
	{ "methods_differ.whl", "ZIP13", 1, true },
	{ "overlap.whl", "ZIP11 ZIP12 ZIP14", 3, true },
	{ "bzip2.whl", "ZIP15", 1, true },
	{ "aes.whl", "ZIP15 ZIP16", 1, true },
	{ "encrypted.whl", "ZIP16", 1, true },
	{ "streamed.whl", "ZIP17", 2, true },
	{ "duplicate.whl", "NAM07", 2, true },
	{ "directory_data.whl", "DAT03", 1, true },
	{ "truncated.whl", "ZIP01", 2, false },
	{ "truncated_middle.whl", "ZIP01", 1, false },
	{ "count.whl", "ZIP02", 2, true },
	{ "cd_offset.whl", "ZIP02", 2, true },
	{ "cd_size.whl", "ZIP02", 2, true },
	{ "not_a_zip.whl", "ZIP01", 0, false },
	{ "long_name.whl", "LIM01", 1, false },
	{ "polyglot.whl", "FIL05 ZIP06", 1, true },
	{ "link.whl", "", 1, true },
	{ "device.whl", "", 1, true },
};

static const struct row tars[] = {
	{ "ustar.tar.gz", "", 5, true },
	{ "gnu.tar.gz", "TAR13", 6, true },
	{ "pax.tar.gz", "", 6, true },
	{ "v7.tar.gz", "", 2, true },
	{ "one_end_block.tar.gz", "", 2, true },
	{ "pax_global_comment.tar.gz", "", 1, true },
	{ "deep.tar.gz", "", 1, true },
	{ "empty.tar.gz", "", 0, true },
	{ "split.tar.gz", "GZP05", 2, true },
	{ "extra_member.tar.gz", "GZP04 TAR04", 2, true },
	{ "trailing.tar.gz", "GZP03", 1, true },
	{ "bad_crc.tar.gz", "GZP02", 1, true },
	{ "bad_isize.tar.gz", "GZP02", 1, true },
	{ "truncated_gz.tar.gz", "GZP01", 1, false },
	{ "not_gzip.tar.gz", "GZP01", 0, false },
	{ "gz_name.tar.gz", "GZP06", 1, true },
	{ "after_end.tar.gz", "TAR04", 2, true },
	{ "after_end_junk.tar.gz", "TAR04", 1, true },
	{ "no_end.tar.gz", "TAR03", 2, true },
	{ "short_member.tar.gz", "TAR02", 2, false },
	{ "short_header.tar.gz", "TAR02", 1, false },
	{ "checksum.tar.gz", "TAR01", 1, false },
	{ "negative.tar.gz", "TAR01", 1, false },
	{ "negative_pax.tar.gz", "TAR05", 2, true },
	{ "huge.tar.gz", "TAR01", 2, false },
	{ "pax_path.tar.gz", "TAR07", 1, true },
	{ "pax_global.tar.gz", "TAR06", 1, true },
	{ "pax_size.tar.gz", "TAR08", 1, true },
	{ "pax_long.tar.gz", "LIM01", 1, false },
	{ "pax_nul.tar.gz", "TAR05 TAR07", 1, true },
	{ "pax_malformed.tar.gz", "TAR05", 1, true },
	{ "sparse.tar.gz", "TAR09", 1, true },
	{ "gnu_sparse.tar.gz", "TAR09 TAR13", 1, true },
	{ "gnu_long.tar.gz", "LIM01 TAR13", 1, false },
	{ "device.tar.gz", "TAR10", 3, true },
	{ "unknown_type.tar.gz", "TAR10", 3, true },
	{ "setuid.tar.gz", "TAR11", 1, true },
	{ "directory_data.tar.gz", "DAT03", 2, true },
	{ "duplicate.tar.gz", "NAM07", 2, true },
	{ "bomb.tar.gz", "LIM01", 1, false },
};

static void
expect_rows(const struct row *row, size_t count)
{
	char *dir = archives_make();

	for (size_t i = 0; i < count; i++) {
		struct archive *a = archives_open(dir, row[i].file, NULL);
		struct str rules = STR_EMPTY;

		archives_rules(archive_findings(a), &rules);
		cr_expect_str_eq(str_text(&rules), row[i].rules, "%s: %s, not %s", row[i].file,
		    str_text(&rules), row[i].rules);
		cr_expect_eq(archive_count(a), row[i].count, "%s: %zu members, not %zu",
		    row[i].file, archive_count(a), row[i].count);
		cr_expect_eq(archive_is_complete(a), row[i].complete, "%s: complete", row[i].file);
		str_fini(&rules);
		archive_close(a);
	}
	temp_remove(dir);
}

Test(archive, zip_framing_is_told, .fini = leak_gate)
{
	expect_rows(zips, ARRAY_LEN(zips));
}

Test(archive, tar_and_gzip_framing_is_told, .fini = leak_gate)
{
	expect_rows(tars, ARRAY_LEN(tars));
}

/* Reads member NAME of FILE. */
static enum err_code
read_one(const char *dir, const char *file, const char *name, size_t max, struct str *out)
{
	struct archive *a = archives_open(dir, file, NULL);
	size_t index = archive_find(a, name, strlen(name));
	struct err e = ERR_EMPTY;
	enum err_code rc;

	cr_assert_neq(index, FINDING_NO_MEMBER, "%s: no %s", file, name);
	rc = archive_read_all(a, index, max, out, &e);
	cr_expect_eq(rc, e.code, "%s: %s", file, e.message);
	archive_close(a);
	return rc;
}

Test(archive, contents_are_bounded_and_checked, .fini = leak_gate)
{
	static const struct {
		const char *file, *name;
		size_t max;
		enum err_code rc;
		size_t len;
	} row[] = {
		{ "good.whl", "a.txt", 100, ERR_OK, 5 },
		{ "good.whl", "d/b.py", 300, ERR_OK, 300 },
		{ "good.whl", "d/b.py", 299, ERR_LIMIT, 299 },
		{ "streamed.whl", "b", 100, ERR_OK, 2 },
		{ "duplicate.whl", "a", 100, ERR_OK, 4 },
		{ "bad_crc.whl", "a", 100, ERR_INVALID, 50 },
		{ "lies_small.whl", "a", 1000, ERR_CONFLICT, 10 },
		{ "lies_large.whl", "a", 9000, ERR_CONFLICT, 10 },
		{ "bad_deflate.whl", "a", 100, ERR_INVALID, 0 },
		{ "bomb.whl", "a", 4096, ERR_LIMIT, 4096 },
		{ "bzip2.whl", "a", 100, ERR_UNSUPPORTED, 0 },
		{ "encrypted.whl", "a", 100, ERR_UNSUPPORTED, 0 },
		{ "methods_differ.whl", "a.txt", 200, ERR_OK, 100 },
		{ "no_local_far.whl", "ghost.py", 100, ERR_INVALID, 0 },
		{ "split.tar.gz", "d-1/two", 100, ERR_OK, 6 },
		{ "pax.tar.gz", "d-1/PKG-INFO", 100, ERR_OK, 8 },
		{ "pax.tar.gz", "d-1/PKG-INFO", 3, ERR_LIMIT, 3 },
		{ "after_end.tar.gz", "d-1/one", 100, ERR_OK, 50 },
		{ "short_member.tar.gz", "d-1/x", 9000, ERR_INVALID, 512 },
		{ "device.tar.gz", "d-1/dev", 100, ERR_UNSUPPORTED, 0 },
		{ "pax_size.tar.gz", "d-1/x", 100, ERR_OK, 6 },
	};
	char *dir = archives_make();

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct str out = STR_EMPTY;
		enum err_code rc = read_one(dir, row[i].file, row[i].name, row[i].max, &out);

		cr_expect_eq(
		    rc, row[i].rc, "%s %s: %s", row[i].file, row[i].name, err_code_name(rc));
		cr_expect_eq(
		    out.len, row[i].len, "%s %s: %zu bytes", row[i].file, row[i].name, out.len);
		str_fini(&out);
	}
	temp_remove(dir);
}

Test(archive, hidden_members_are_listed_and_readable_but_not_found, .fini = leak_gate)
{
	static const struct {
		const char *file, *name, *content;
	} row[] = {
		{ "hidden.whl", "evil.pth", "import os" },
		{ "extra_member.tar.gz", "evil-1/setup.py", "boo" },
		{ "after_end.tar.gz", "evil-1/setup.py", "boo" },
	};
	char *dir = archives_make();

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct archive *a = archives_open(dir, row[i].file, NULL);
		size_t last = archive_count(a) - 1;
		struct str out = STR_EMPTY;

		cr_expect(archive_member(a, last)->hidden, "%s", row[i].file);
		cr_expect(bytes_is(archive_member(a, last)->name, row[i].name), "%s", row[i].file);
		cr_expect_eq(archive_find(a, row[i].name, strlen(row[i].name)), FINDING_NO_MEMBER);
		cr_expect_eq(archive_read_all(a, last, 100, &out, NULL), ERR_OK);
		cr_expect_str_eq(str_text(&out), row[i].content);
		str_fini(&out);
		archive_close(a);
	}
	temp_remove(dir);
}

Test(archive, links_carry_their_target, .fini = leak_gate)
{
	char *dir = archives_make();
	struct archive *z = archives_open(dir, "link.whl", NULL);
	struct archive *t = archives_open(dir, "links.tar.gz", NULL);

	cr_expect_eq(archive_member(z, 0)->kind, MEMBER_SYMLINK);
	cr_expect(bytes_is(archive_member(z, 0)->link, "../../etc/passwd"));
	cr_expect_eq(archive_member(t, 0)->kind, MEMBER_SYMLINK);
	cr_expect(bytes_is(archive_member(t, 0)->link, "../../etc"));
	cr_expect_eq(archive_member(t, 2)->kind, MEMBER_HARDLINK);
	cr_expect(bytes_is(archive_member(t, 2)->link, "/etc/passwd"));
	archive_close(z);
	archive_close(t);
	temp_remove(dir);
}

struct seen {
	size_t members;
	uint64_t bytes;
	struct str text;
};

static void
see_data(void *arg, const void *data, size_t len)
{
	struct seen *s = arg;

	s->bytes += len;
	str_append(&s->text, data, len < 100 ? len : 100);
}

static void
see_end(void *arg, const struct member *m, enum err_code rc, const struct err *why)
{
	struct seen *s = arg;

	(void)m, (void)why;
	s->members++;
	str_printf(&s->text, "[%s]", err_code_name(rc));
}

Test(archive, one_pass_gives_all_contents, .fini = leak_gate)
{
	static const struct {
		const char *file;
		size_t members;
		const char *text;
	} row[] = {
		{ "duplicate.whl", 2, "first[ok]last[ok]" },
		{ "hidden.whl", 3, NULL },
		{ "bad_crc.whl", 1, NULL },
		{ "split.tar.gz", 2,
		    "firstfirstfirstfirstfirstfirstfirstfirstfirstfirst[ok]second[ok]" },
		{ "directory_data.tar.gz", 2, NULL },
		{ "pax.tar.gz", 6, NULL },
	};
	char *dir = archives_make();

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct seen listed = { .members = 0 }, later = { .members = 0 };
		struct archive_visitor while_listing = { NULL, see_data, see_end, &listed };
		struct archive_visitor again = { NULL, see_data, see_end, &later };
		struct archive_opts opts = { .visitor = &while_listing };
		struct archive *a = archives_open(dir, row[i].file, &opts);

		cr_expect_eq(archive_each(a, &again, NULL), ERR_OK);
		cr_expect_eq(
		    listed.members, row[i].members, "%s: %zu", row[i].file, listed.members);
		cr_expect_str_eq(str_text(&listed.text), str_text(&later.text), "%s", row[i].file);
		if (row[i].text != NULL)
			cr_expect_str_eq(str_text(&later.text), row[i].text);
		str_fini(&listed.text);
		str_fini(&later.text);
		archive_close(a);
	}
	temp_remove(dir);
}

Test(archive, limits_are_findings_and_never_clean, .fini = leak_gate)
{
	struct archive_limits few = archive_default_limits, little = archive_default_limits;
	struct archive_opts a_few = { .limits = &few }, a_little = { .limits = &little };
	char *dir = archives_make();
	struct archive *a;

	few.entries = 10;
	a = archives_open(dir, "many.whl", &a_few);
	cr_expect_eq(archive_count(a), 10);
	cr_expect_not(archive_is_complete(a));
	cr_expect_eq(archive_findings(a)->seen[RULE_LIMIT], 1);
	archive_close(a);
	little.total_bytes = 1000;
	a = archives_open(dir, "ustar.tar.gz", &a_little);
	cr_expect_not(archive_is_complete(a));
	cr_expect_eq(archive_findings(a)->seen[RULE_LIMIT], 1);
	archive_close(a);
	a = archives_open(dir, "bomb.whl", &a_little);
	cr_expect_eq(archive_each(a, &(struct archive_visitor) { .arg = NULL }, NULL), ERR_LIMIT);
	cr_expect_not(archive_is_complete(a));
	archive_close(a);
	temp_remove(dir);
}

Test(archive, what_cannot_be_looked_at_does_not_open, .fini = leak_gate)
{
	static const struct {
		const char *name;
		enum err_code rc;
	} row[] = {
		{ "not-there.whl", ERR_NOT_FOUND },
		{ "folder.whl", ERR_INVALID },
		{ "fifo.whl", ERR_INVALID },
		{ "nothing.whl", ERR_INVALID },
		{ "nothing.tar.gz", ERR_INVALID },
		{ "note.txt", ERR_UNSUPPORTED },
	};
	char *dir = temp_dir();
	char *fifo = mem_printf("%s/fifo.whl", dir);
	atomic_bool cancelled = true;
	struct archive_opts opts = { .cancelled = &cancelled };
	struct archive *a = NULL;

	cr_assert_eq(mkfifo(fifo, 0600), 0);
	temp_puts(dir, "folder.whl/x", "x");
	temp_puts(dir, "nothing.whl", "");
	temp_puts(dir, "nothing.tar.gz", "");
	temp_puts(dir, "note.txt", "x");
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *path = mem_printf("%s/%s", dir, row[i].name);
		struct err e = ERR_EMPTY;

		cr_expect_eq(
		    archive_open(path, NULL, &a, &e), row[i].rc, "%s: %s", path, e.message);
		cr_expect_null(a);
		free(path);
	}
	free(fifo);
	temp_remove(dir);
	dir = archives_make();
	fifo = mem_printf("%s/good.whl", dir);
	cr_expect_eq(archive_open(fifo, &opts, &a, NULL), ERR_CANCELLED);
	cr_expect_null(a);
	free(fifo);
	temp_remove(dir);
}

Test(archive, tells_that_the_file_changed, .fini = leak_gate)
{
	char *dir = archives_make();
	struct archive *a = archives_open(dir, "good.whl", NULL);

	cr_expect_eq(archive_verify_unchanged(a, NULL), ERR_OK);
	archives_python(dir, "open('good.whl','ab').write(b'x')", NULL);
	cr_expect_eq(archive_verify_unchanged(a, NULL), ERR_CONFLICT);
	archive_close(a);
	temp_remove(dir);
}

/* Lines "size name", in hex, as the oracle prints them. */
static char *
listing(const struct archive *a)
{
	struct str out = STR_EMPTY;

	for (size_t i = 0; i < archive_count(a); i++) {
		const struct member *m = archive_member(a, i);

		str_printf(&out, "%llu %d ", (unsigned long long)m->size, m->kind == MEMBER_DIR);
		for (size_t j = 0; j < m->name.len; j++)
			if (m->kind != MEMBER_DIR || j + 1 < m->name.len || m->name.data[j] != '/')
				str_printf(&out, "%02x", (unsigned char)m->name.data[j]);
		str_puts(&out, "\n");
	}
	return str_take(&out);
}

Test(archive, lists_what_python_lists, .fini = leak_gate)
{
	static const char *const files[] = { "good.whl", "python.whl", "zip64.whl", "many.whl",
		"prefix.whl", "prefix_shifted.whl", "two_ends.whl", "end64.whl", "ustar.tar.gz",
		"gnu.tar.gz", "pax.tar.gz", "split.tar.gz", "v7.tar.gz", "deep.tar.gz",
		"links.tar.gz", "one_end_block.tar.gz" };
	static const char oracle[] = "import sys, zipfile, tarfile\n"
				     "f = sys.argv[1]\n"
				     "if f.endswith('.whl'):\n"
				     "    rows = [(i.file_size, i.is_dir(), "
				     "i.orig_filename.encode('utf-8').rstrip(b'/')) for i in\n"
				     "            zipfile.ZipFile(f).infolist()]\n"
				     "else:\n"
				     "    rows = [(i.size, i.isdir(), i.name.encode('utf-8', "
				     "'surrogateescape').rstrip(b'/')) for i in\n"
				     "            tarfile.open(f, 'r:gz')]\n"
				     "open('oracle', 'w').write(''.join('%d %d %s\\n' % (s, d, "
				     "n.hex()) for s, d, n in rows))\n";
	char *dir = archives_make();

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct archive *a = archives_open(dir, files[i], NULL);
		char *ours = listing(a), *theirs;

		archives_python(dir, oracle, files[i]);
		theirs = temp_read(dir, "oracle", NULL);
		/* Hidden members come last, and are what python does not list. */
		cr_expect(text_starts(ours, theirs), "%s:\n%s--\n%s", files[i], ours, theirs);
		free(ours);
		free(theirs);
		archive_close(a);
	}
	temp_remove(dir);
}

Test(archive, large_files_are_listed_in_little_memory, .fini = leak_gate)
{
	/* One stored member of 500 MB in a file with a hole, a thousand small ones beside it. */
	static const char script[] =
	    "import struct\n"
	    "def local(n, s):\n"
	    "    return struct.pack('<IHHHHHIIIHH', 0x04034b50, 20, 0, 0, 0, 33, 0, s, s, len(n), "
	    "0) + n\n"
	    "def central(n, s, at):\n"
	    "    return struct.pack('<IHHHHHHIIIHHHHHII', 0x02014b50, 20, 20, 0, 0, 0, 33, 0, s, "
	    "s,\n"
	    "                       len(n), 0, 0, 0, 0, 0, at) + n\n"
	    "rows = [(b'big', 500 << 20)] + [(b'small%d' % i, 0) for i in range(1000)]\n"
	    "with open('large.whl', 'wb') as f:\n"
	    "    cd = b''\n"
	    "    for n, s in rows:\n"
	    "        cd += central(n, s, f.tell())\n"
	    "        f.write(local(n, s))\n"
	    "        f.seek(s, 1)\n"
	    "    at = f.tell()\n"
	    "    f.write(cd + struct.pack('<IHHHHIIH', 0x06054b50, 0, 0, 1001, 1001, len(cd), at, "
	    "0))\n";
	char *dir = temp_dir();
	struct rusage before, after;
	struct archive *a;

	archives_python(dir, script, NULL);
	getrusage(RUSAGE_SELF, &before);
	a = archives_open(dir, "large.whl", NULL);
	getrusage(RUSAGE_SELF, &after);
	cr_expect_eq(archive_count(a), 1001);
	cr_expect_eq(archive_findings(a)->count, 0);
	cr_expect_lt(after.ru_maxrss - before.ru_maxrss, 8 * 1024, "%ld KiB more",
	    after.ru_maxrss - before.ru_maxrss);
	archive_close(a);
	temp_remove(dir);
}
