/* Core metadata against Python's email parser, which is what everybody else reads it with. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "archives.h"
#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"
#include "slipway/dist/metadata.h"
#include "temp.h"

#define TEXT(text, ...)                                                                            \
	{                                                                                          \
		text, sizeof text - 1, __VA_ARGS__                                                 \
	}

Test(metadata, notes_what_it_passes_over, .fini = leak_gate)
{
	static const struct {
		const char *text;
		size_t len;
		unsigned defects;
		size_t count, bad_line;
		const char *body;
	} row[] = {
		TEXT("Metadata-Version: 2.1\nName: d\n\nbody\n", 0, 2, 0, "body\n"),
		TEXT("Name: d\r\nVersion: 1\r\n\r\nbody", 0, 2, 0, "body"),
		TEXT("Name: d\rVersion: 1\r\rbody", METADATA_LONE_CR, 2, 0, "body"),
		TEXT("\xef\xbb\xbfName: d\n", METADATA_HAS_BOM, 1, 0, ""),
		TEXT("Name: d\xff\n", METADATA_BAD_UTF8, 1, 0, ""),
		TEXT("Name: d\0e\n", METADATA_HAS_NUL, 1, 0, ""),
		TEXT("Name: d\nno header\nVersion: 1\n", METADATA_BAD_LINE, 1, 2,
		    "no header\nVersion: 1\n"),
		TEXT(" first\nName: d\n", METADATA_BAD_LINE, 1, 1, ""),
		TEXT(": empty\nName: d\n", METADATA_BAD_LINE, 1, 1, ""),
		TEXT("", 0, 0, 0, ""),
		TEXT("\n\n", 0, 0, 0, "\n"),
		TEXT("Name", METADATA_BAD_LINE, 0, 1, "Name"),
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct metadata m = METADATA_EMPTY;

		metadata_parse(row[i].text, row[i].len, &m);
		cr_expect_eq(m.defects, row[i].defects, "row %zu: %u", i, m.defects);
		cr_expect_eq(m.count, row[i].count, "row %zu: %zu fields", i, m.count);
		cr_expect_eq(m.bad_line, row[i].bad_line, "row %zu: line %zu", i, m.bad_line);
		cr_expect(bytes_is(m.body, row[i].body), "row %zu: %.*s", i, (int)m.body.len,
		    m.body.data);
		metadata_fini(&m);
	}
}

static void
show_fields(const struct metadata *m, struct str *out)
{
	for (size_t i = 0; i < m->count; i++) {
		for (size_t j = 0; j < m->fields[i].name.len; j++)
			str_printf(out, "%02x", (unsigned char)m->fields[i].name.data[j]);
		str_puts(out, "=");
		for (size_t j = 0; j < m->fields[i].value.len; j++)
			str_printf(out, "%02x", (unsigned char)m->fields[i].value.data[j]);
		str_puts(out, "\n");
	}
}

Test(metadata, reads_headers_as_python_does, .fini = leak_gate)
{
	static const struct {
		const char *text;
		size_t len;
	} row[] = {
		{ "Name: d\nVersion:1\nSummary: a: b \n\nx", 36 },
		{ "License: MIT\n        more\n\tand more\nName:   d  \n", 47 },
		{ "NAME: a\nname: b\nX-y!: c\n", 24 },
		{ "A: \n  \nB: c\n", 12 },
		{ "A: x\r\n y\r\n\r\nB: c\r\n", 18 },
		{ "A: x\r\r\nB: y\n", 12 },
		{ " junk\nA: b\n", 11 },
		{ "A: b\n: c\n d\nE: f\n", 17 },
		{ "A\tB: c\n", 7 },
		{ "Name: \xc3\xbc\n", 9 },
	};
	static const char oracle[] =
	    "import email.parser\n"
	    "m = email.parser.BytesParser().parsebytes(open('META', 'rb').read())\n"
	    "hexed = lambda s: s.encode('ascii', 'surrogateescape').hex()\n"
	    "open('oracle', 'w').write(''.join('%s=%s\\n' % (hexed(k), hexed(v)) for k, v in "
	    "m._headers))\n";
	char *dir = temp_dir();

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct metadata m = METADATA_EMPTY;
		struct str ours = STR_EMPTY;
		char *theirs;

		metadata_parse(row[i].text, row[i].len, &m);
		show_fields(&m, &ours);
		temp_write(dir, "META", row[i].text, row[i].len);
		archives_python(dir, oracle, NULL);
		theirs = temp_read(dir, "oracle", NULL);
		cr_expect_str_eq(str_text(&ours), theirs, "row %zu", i);
		free(theirs);
		str_fini(&ours);
		metadata_fini(&m);
	}
	temp_remove(dir);
}

static void
add_form(void *arg, const char *field, const char *value)
{
	str_printf(arg, "%s=%s;", field, value);
}

Test(metadata, fills_the_form_from_the_file, .fini = leak_gate)
{
	static const struct {
		const char *text, *form;
	} row[] = {
		{ "Metadata-Version: 2.4\nName: d\nVersion: 1\nClassifier: A\nClassifier: "
		  "B\nProject-URL: L, u\n"
		  "License-File: LICENSE\nProvides-Extra: x\nRequires-Dist: y>1\nDynamic: "
		  "z\nX-Odd: no\nKeywords: \n\n# Hi\n",
		    "metadata_version=2.4;name=d;version=1;classifiers=A;classifiers=B;project_"
		    "urls=L, u;"
		    "license_file=LICENSE;provides_extra=x;requires_dist=y>1;dynamic=z;description="
		    "# Hi\n;" },
		{ "Metadata-Version: 2.1\nName: d\nLicense-File: LICENSE\n\n \n",
		    "metadata_version=2.1;name=d;" },
		{ "metadata-version: 1.1\nDescription: one\n        two\n       |  "
		  "three\nHome-page: h\n",
		    "metadata_version=1.1;home_page=h;description=one\ntwo\n  three;" },
		{ "Metadata-Version: 2.10\nLicense-File: L\nImport-Name: a.b\nImport-Namespace: "
		  "a\n",
		    "metadata_version=2.10;license_file=L;import_name=a.b;import_namespace=a;" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct metadata m = METADATA_EMPTY;
		struct str form = STR_EMPTY;

		metadata_parse(row[i].text, strlen(row[i].text), &m);
		metadata_each_form_field(&m, add_form, &form);
		cr_expect_str_eq(str_text(&form), row[i].form);
		str_fini(&form);
		metadata_fini(&m);
	}
}

Test(metadata, gives_values_in_order, .fini = leak_gate)
{
	static const char text[] = "Name: d\nClassifier: A\nSummary:\nClassifier: B\n";
	struct metadata m = METADATA_EMPTY;
	size_t at = 0;

	metadata_parse(text, strlen(text), &m);
	cr_expect_str_eq(metadata_get(&m, METADATA_NAME), "d");
	cr_expect_null(metadata_get(&m, METADATA_SUMMARY));
	cr_expect_null(metadata_get(&m, METADATA_LICENSE));
	cr_expect_str_eq(metadata_next(&m, METADATA_CLASSIFIER, &at), "A");
	cr_expect_str_eq(metadata_next(&m, METADATA_CLASSIFIER, &at), "B");
	cr_expect_null(metadata_next(&m, METADATA_CLASSIFIER, &at));
	cr_expect_eq(m.fields[3].line, 4);
	metadata_fini(&m);
}

static void
expect_name(const char *dir, const char *file, const char *name)
{
	struct metadata m = METADATA_EMPTY;
	struct err e = ERR_EMPTY;
	char *path = mem_printf("%s/%s", dir, file);
	enum err_code rc = dist_metadata_from_file(READER_CHILD, path, 0, NULL, &m, &e);

	cr_expect_eq(rc, name != NULL ? ERR_OK : ERR_NOT_FOUND, "%s: %s", file, e.message);
	if (rc == ERR_OK && name != NULL)
		cr_expect_str_eq(metadata_get(&m, METADATA_NAME), name);
	metadata_fini(&m);
	free(path);
}

Test(metadata, is_found_in_wheels_and_sdists, .fini = leak_gate)
{
	static const char script[] =
	    "import io, tarfile, zipfile\n"
	    "def whl(f, **m):\n"
	    "    with zipfile.ZipFile(f, 'w') as z:\n"
	    "        [z.writestr(n, d) for n, d in m.items()]\n"
	    "def tgz(f, **m):\n"
	    "    with tarfile.open(f, 'w:gz') as t:\n"
	    "        for n, d in m.items():\n"
	    "            i = tarfile.TarInfo(n); i.size = len(d); t.addfile(i, io.BytesIO(d))\n"
	    "whl('demo-1-py3-none-any.whl', **{'demo-1.dist-info/METADATA': 'Name: w'})\n"
	    "whl('Demo-1-py3-none-any.whl', **{'demo-1.dist-info/METADATA': 'Name: w'})\n"
	    "tgz('demo-1.tar.gz', **{'demo-1/src/PKG-INFO': b'Name: n', 'demo-1/PKG-INFO': b'Name: "
	    "s'})\n"
	    "tgz('none-1.tar.gz', **{'PKG-INFO': b'Name: n', 'none-1/x/PKG-INFO': b'Name: s'})\n";
	char *dir = temp_dir();

	archives_python(dir, script, NULL);
	expect_name(dir, "demo-1-py3-none-any.whl", "w");
	expect_name(dir, "Demo-1-py3-none-any.whl", NULL);
	expect_name(dir, "demo-1.tar.gz", "s");
	expect_name(dir, "none-1.tar.gz", NULL);
	temp_remove(dir);
}

Test(metadata, knows_every_field_of_the_specification, .fini = leak_gate)
{
	for (size_t i = 0; i < METADATA_KEY_COUNT; i++) {
		const struct metadata_key_info *k = metadata_key_info((enum metadata_key)i);

		cr_assert_not_null(k->header);
		cr_expect_not_null(k->form, "%s", k->header);
		cr_expect_not_null(k->since, "%s", k->header);
		cr_expect_eq(metadata_key_find(bytes_of(k->header)), i);
	}
	cr_expect_eq(metadata_key_find(bytes_of("Project-Url")), METADATA_PROJECT_URL);
	cr_expect_eq(metadata_key_find(bytes_of("License-Files")), METADATA_KEY_COUNT);
}
