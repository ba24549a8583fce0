/* Archives inside of archives: their kinds, what is in them, and the limits that they share. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "archives.h"
#include "leak_gate.h"
#include "temp.h"

/* One wheel with everything in it; -c text of Python. */
static const char make[] = "import gzip, io, sys, tarfile, zipfile\n"
			   "def zipped(**files):\n"
			   "    out = io.BytesIO()\n"
			   "    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as z:\n"
			   "        for name, data in files.items():\n"
			   "            z.writestr(name.replace('_', '.'), data)\n"
			   "    return out.getvalue()\n"
			   "def tarred(mode, **files):\n"
			   "    out = io.BytesIO()\n"
			   "    with tarfile.open(fileobj=out, mode=mode) as t:\n"
			   "        for name, data in files.items():\n"
			   "            m = tarfile.TarInfo(name.replace('_', '.'))\n"
			   "            m.size = len(data)\n"
			   "            t.addfile(m, io.BytesIO(data))\n"
			   "    return out.getvalue()\n"
			   "zip = zipped(a_txt=b'in a zip', b_txt=b'b')\n"
			   "tar = tarred('w', c_txt=b'in a tar', x_zip=zip)\n"
			   "deep = zipped(y_tar=tar)\n"
			   "open('outer-1.zip', 'wb').write(zipped(\n"
			   "    a_zip=zip, b_tar=tar, c_tgz=tarred('w:gz', d_txt=b'in a tar.gz'), "
			   "e_json_gz=gzip.compress(b'{}'),\n"
			   "    deep_zip=deep, deeper_zip=zipped(deep_zip=deep), text=b'no "
			   "archive', none=b'', cut_zip=zip[:40],\n"
			   "    zeros_gz=gzip.compress(bytes(3 << 20))))\n";

static struct archive *
outer(char **dir, const struct archive_limits *limits)
{
	struct archive_opts opts = { .limits = limits };

	*dir = temp_dir();
	archives_python(*dir, make, "");
	return archives_open(*dir, "outer-1.zip", &opts);
}

static enum err_code
open_named(struct archive *a, const char *name, struct archive **out, struct err *e)
{
	size_t index = archive_find(a, name, strlen(name));

	cr_assert_neq(index, FINDING_NO_MEMBER, "%s", name);
	return archive_open_inside(a, index, out, e);
}

static char *
text_of(struct archive *a, const char *name)
{
	size_t index = archive_find(a, name, strlen(name));
	struct str text = STR_EMPTY;

	cr_assert_neq(index, FINDING_NO_MEMBER, "%s", name);
	cr_assert_eq(archive_read_all(a, index, 4096, &text, NULL), ERR_OK, "%s", name);
	str_putc(&text, '\0');
	return str_take(&text);
}

Test(archive_inside, kinds_are_known_by_their_first_bytes, .fini = leak_gate)
{
	static const struct {
		const char *name, *member, *text;
		enum archive_format format;
		size_t count;
	} row[] = {
		{ "a.zip", "a.txt", "in a zip", ARCHIVE_ZIP, 2 },
		{ "b.tar", "c.txt", "in a tar", ARCHIVE_TAR, 2 },
		{ "c.tgz", "d.txt", "in a tar.gz", ARCHIVE_TAR_GZ, 1 },
		{ "e.json.gz", "e.json", "{}", ARCHIVE_GZ, 1 },
	};
	char *dir;
	struct archive *a = outer(&dir, NULL);

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct archive *inside = NULL;
		struct err e = ERR_EMPTY;
		char *text;

		cr_assert_eq(open_named(a, row[i].name, &inside, &e), ERR_OK, "%s", e.message);
		cr_expect_eq(archive_format(inside), row[i].format, "%s", row[i].name);
		cr_expect_eq(archive_count(inside), row[i].count, "%s", row[i].name);
		cr_expect_eq(archive_findings(inside)->count, 0, "%s", row[i].name);
		cr_expect(archive_is_complete(inside));
		cr_expect_eq(archive_verify_unchanged(inside, NULL), ERR_OK);
		text = text_of(inside, row[i].member);
		cr_expect_str_eq(text, row[i].text);
		free(text);
		archive_close(inside);
	}
	archive_close(a);
	temp_remove(dir);
}

Test(archive_inside, what_is_none_is_an_error, .fini = leak_gate)
{
	static const char *const names[] = { "text", "none" };
	char *dir;
	struct archive *a = outer(&dir, NULL), *inside = NULL;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		cr_expect_eq(open_named(a, names[i], &inside, NULL), ERR_UNSUPPORTED);
	cr_expect_null(inside);
	/* A damaged one opens, with findings, as a file does. */
	cr_assert_eq(open_named(a, "cut.zip", &inside, NULL), ERR_OK);
	cr_expect_gt(archive_findings(inside)->count, 0);
	archive_close(inside);
	archive_close(a);
	temp_remove(dir);
}

Test(archive_inside, they_open_three_deep, .fini = leak_gate)
{
	static const char *const path[] = { "deeper.zip", "deep.zip", "y.tar", "x.zip" };
	char *dir, *text;
	struct archive *at[5] = { outer(&dir, NULL) }, *other = NULL;
	struct err e = ERR_EMPTY;

	for (size_t i = 0; i < 3; i++)
		cr_assert_eq(open_named(at[i], path[i], &at[i + 1], &e), ERR_OK, "%s", e.message);
	cr_expect_eq(open_named(at[3], path[3], &at[4], &e), ERR_LIMIT);
	cr_expect_not_null(strstr(e.message, "3 deep"), "%s", e.message);
	text = text_of(at[3], "c.txt");
	cr_expect_str_eq(text, "in a tar");
	free(text);
	/* Those around it may be gone. */
	cr_assert_eq(open_named(at[0], "deep.zip", &other, NULL), ERR_OK);
	for (size_t i = 0; i < 3; i++)
		archive_close(at[i]);
	text = text_of(at[3], "c.txt");
	cr_expect_str_eq(text, "in a tar");
	free(text);
	archive_close(at[3]);
	archive_close(other);
	temp_remove(dir);
}

Test(archive_inside, limits_are_those_of_the_file, .fini = leak_gate)
{
	static const struct {
		size_t entries;
		uint64_t bytes;
		const char *name;
		bool complete;
	} row[] = {
		{ 12, 1 << 20, "a.zip", true }, /* ten entries are around its two */
		{ 11, 1 << 20, "a.zip", false },
		{ 20, 2 << 20, "zeros.gz", false },
		{ 20, 4 << 20, "zeros.gz", true },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct archive_limits limits = archive_default_limits;
		struct archive *a, *inside = NULL;
		char *dir;

		limits.entries = row[i].entries;
		limits.total_bytes = row[i].bytes;
		a = outer(&dir, &limits);
		cr_assert_eq(open_named(a, row[i].name, &inside, NULL), ERR_OK);
		cr_expect_eq(archive_is_complete(inside), row[i].complete, "row %zu", i);
		cr_expect_eq(archive_findings(inside)->seen[RULE_LIMIT] > 0, !row[i].complete);
		archive_close(inside);
		archive_close(a);
		temp_remove(dir);
	}
}
