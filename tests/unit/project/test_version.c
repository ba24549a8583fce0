/* PEP 440: what is read, how it is written, in which order, with Python's packaging as the oracle.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "leak_gate.h"
#include "slipway/base/str.h"
#include "slipway/project/version.h"
#include "temp.h"

static struct version
parsed(const char *text)
{
	struct version v = VERSION_EMPTY;
	struct err e = ERR_EMPTY;

	cr_assert_eq(version_parse(text, &v, &e), ERR_OK, "%s", e.message);
	return v;
}

Test(version, writes_the_normal_form, .fini = leak_gate)
{
	static const struct {
		const char *text, *normal;
	} row[] = {
		{ "1.0", "1.0" },
		{ "1.0.0", "1.0.0" },
		{ " \t1.0\n", "1.0" },
		{ "\xc2\xa0"
		  "1.0\xe2\x80\x83",
		    "1.0" },
		{ "v1.2.3-rc1", "1.2.3rc1" },
		{ "1.2.3-rc.1", "1.2.3rc1" },
		{ "2.0.0.rc1", "2.0.0rc1" },
		{ "2.0.0.a1", "2.0.0a1" },
		{ "1.0-1", "1.0.post1" },
		{ "1.0-0", "1.0.post0" },
		{ "1.0-01", "1.0.post1" },
		{ "1.0rc1-1", "1.0rc1.post1" },
		{ "1.0.0r1", "1.0.0.post1" },
		{ "1.0.0-r1", "1.0.0.post1" },
		{ "1.0a", "1.0a0" },
		{ "1.0c1", "1.0rc1" },
		{ "1.0-pre.1", "1.0rc1" },
		{ "1.0-preview1", "1.0rc1" },
		{ "2024.04.01", "2024.4.1" },
		{ "1.0.0-dev.1", "1.0.0.dev1" },
		{ "1.0.0+build_1", "1.0.0+build.1" },
		{ "0!1.0", "1.0" },
		{ "1!0+dev", "1!0+dev" },
		{ "V1.0ALPHA2.Post3.DEV4+ABC-007.0x", "1.0a2.post3.dev4+abc.7.0x" },
		{ "1.0beta", "1.0b0" },
		{ "1.0.post", "1.0.post0" },
		{ "1.0.dev", "1.0.dev0" },
		{ "1.0a--1", "1.0a0.post1" },
		{ "1.0rev5", "1.0.post5" },
		{ "00.000", "0.0" },
		{ "99999999999999999999999999.1", "99999999999999999999999999.1" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct version v = parsed(row[i].text);

		cr_expect_str_eq(version_text(&v), row[i].normal, "%s", row[i].text);
		version_fini(&v);
	}
}

Test(version, keeps_what_was_written, .fini = leak_gate)
{
	struct version v = parsed(" v1.2.3-rc1 "), copy;

	version_copy(&v, &copy);
	version_fini(&v);
	cr_expect_str_eq(version_written(&copy), "v1.2.3-rc1");
	cr_expect_str_eq(version_text(&copy), "1.2.3rc1");
	version_fini(&copy);
	cr_expect_str_eq(version_text(&copy), "");
}

Test(version, says_what_is_wrong_where, .fini = leak_gate)
{
	static const struct {
		const char *text, *message;
	} row[] = {
		{ "", "it is empty" },
		{ "  ", "it is empty" },
		{ "1.0-SNAPSHOT", "\"-SNAPSHOT\" cannot follow \"1.0\"" },
		{ "1.0-next.1", "\"-next.1\" cannot follow" },
		{ "1.0.0-alpha.beta", "cannot follow" },
		{ "release-1.0", "must start with a number" },
		{ "v 1.0", "number must follow the v, not \" 1.0\"" },
		{ "1.0_1", "\"_1\" cannot" },
		{ "1.0--rc1", "cannot follow" },
		{ "1.0-rc1-5-gabc", "\"-gabc\" cannot follow" },
		{ "1.0.dev1.post1", "\".post1\" cannot follow \"1.0.dev1\"" },
		{ "1.0-1rc1", "cannot follow" },
		{ "1.0-1-2", "\"-2\" cannot follow" },
		{ "1.", "\".\" cannot follow \"1\"" },
		{ "1!", "number must follow the epoch" },
		{ "1.0+", "local part, but it ends" },
		{ "1.0+a..b", "local part, not \".b\"" },
		{ "\xd9\xa1.0", "must start with a number" },
		{ "1 .0", "cannot follow" },
		{ "1.0\n.1", "\\n.1" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct version v = VERSION_EMPTY;
		struct err e = ERR_EMPTY;

		cr_expect_eq(version_parse(row[i].text, &v, &e), ERR_INVALID, "%s", row[i].text);
		cr_expect(
		    strstr(e.message, row[i].message) != NULL, "%s: %s", row[i].text, e.message);
		cr_expect_null(v.normal);
		cr_expect_neq(e.hint[0], '\0');
	}
}

Test(version, orders_as_pep440, .fini = leak_gate)
{
	static const char *const sorted[] = { "1.0.dev0", "1.0a0.dev1", "1.0a0", "1.0a0.post0.dev0",
		"1.0a0.post0", "1.0b1", "1.0rc1.dev1", "1.0rc1", "1.0rc2", "1.0rc10", "1.0",
		"1.0+a", "1.0+a.1", "1.0+1", "1.0.post0.dev0", "1.0.post0", "1.0.1.dev0",
		"1.0.99999999999999999999", "1.0.100000000000000000000", "1.1", "9.0", "1!0.1" };

	for (size_t i = 0; i < ARRAY_LEN(sorted); i++) {
		for (size_t k = 0; k < ARRAY_LEN(sorted); k++) {
			struct version a = parsed(sorted[i]), b = parsed(sorted[k]);
			int order = version_compare(&a, &b), want = (i > k) - (i < k);

			cr_expect_eq(
			    (order > 0) - (order < 0), want, "%s %s", sorted[i], sorted[k]);
			version_fini(&a);
			version_fini(&b);
		}
	}
}

Test(version, knows_what_it_is, .fini = leak_gate)
{
	static const struct {
		const char *text,
		    *flags; /* p pre, d dev, o post, l local, e epoch, P placeholder */
	} row[] = {
		{ "1.0", "" },
		{ "1.0rc1", "p" },
		{ "1.0.dev1", "pd" },
		{ "1.0.post1", "o" },
		{ "1.0.post1.dev2", "pdo" },
		{ "1.0rc1.post1", "po" },
		{ "1.0+x", "l" },
		{ "1!1.0", "e" },
		{ "0.0.0", "P" },
		{ "1!0+dev", "leP" },
		{ "0.0.0rc1", "p" },
		{ "0.1", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct version v = parsed(row[i].text);
		struct str flags = STR_EMPTY;

		str_puts(&flags, version_is_pre(&v) ? "p" : "");
		str_puts(&flags, version_is_dev(&v) ? "d" : "");
		str_puts(&flags, version_is_post(&v) ? "o" : "");
		str_puts(&flags, version_has_local(&v) ? "l" : "");
		str_puts(&flags, version_has_epoch(&v) ? "e" : "");
		str_puts(&flags, version_is_placeholder(&v) ? "P" : "");
		cr_expect_str_eq(str_text(&flags), row[i].flags, "%s", row[i].text);
		str_fini(&flags);
		version_fini(&v);
	}
}

Test(version, spells_tags_that_read_back_as_the_same, .fini = leak_gate)
{
	static const struct {
		const char *text, *dashed, *semver;
	} row[] = {
		{ "1.2.3", "1.2.3", "1.2.3" },
		{ "1.2.3rc1", "1.2.3-rc1", "1.2.3-rc.1" },
		{ "1.2a2", "1.2-a2", "1.2.0-alpha.2" },
		{ "1.0b1.dev4", "1.0-b1-dev4", "1.0.0-beta.1.dev.4" },
		{ "2.0.0.dev0", "2.0.0-dev0", "2.0.0-dev.0" },
		{ "1.0.post1", "1.0-post1", NULL },
		{ "1!2.0", "1!2.0", NULL },
		{ "1.2.3.4", "1.2.3.4", NULL },
		{ "1.0+cu.1", "1.0+cu.1", "1.0.0+cu.1" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct version v = parsed(row[i].text);

		for (int s = 0; s < VERSION_SPELLING_COUNT; s++) {
			const char *want = s == VERSION_SEMVER	 ? row[i].semver
					   : s == VERSION_DASHED ? row[i].dashed
								 : row[i].text;
			struct str text = STR_EMPTY;
			enum err_code rc = version_spell(&v, (enum version_spelling)s, &text, NULL);
			struct version back;

			cr_expect_eq(
			    rc, want != NULL ? ERR_OK : ERR_UNSUPPORTED, "%s", row[i].text);
			if (rc == ERR_OK) {
				cr_expect_str_eq(str_text(&text), want);
				back = parsed(str_text(&text));
				cr_expect_eq(version_compare(&v, &back), 0, "%s", want);
				version_fini(&back);
			} else {
				cr_expect_str_eq(str_text(&text), "");
			}
			str_fini(&text);
		}
		version_fini(&v);
	}
}

static size_t
pick(unsigned long *seed, size_t below)
{
	*seed = *seed * 6364136223846793005UL + 1442695040888963407UL;
	return (*seed >> 33) % below;
}

/* A version text from a fixed stream of numbers, with every spelling that the grammar has. */
static void
generate(unsigned long *seed, struct str *out)
{
	static const char *const pre[] = { "a", "b", "rc", "c", "alpha", "Beta", "pre", "preview" };
	static const char *const post[] = { "post", "rev", "r" };
	static const char *const local[] = { "a", "1", "10", "x1", "B", "abc", "007", "1a" };
	static const char *const sep[] = { "", ".", "-", "_" };
	static const char *const number[] = { "", "0", "1", "2", "10", "007",
		"123456789012345678901234567890" };
	size_t parts = 1 + pick(seed, 4);

	if (pick(seed, 8) == 0)
		str_puts(out, "v");
	if (pick(seed, 6) == 0)
		str_puts(out, pick(seed, 2) ? "1!" : "0!");
	for (size_t i = 0; i < parts; i++)
		str_printf(out, "%s%s", i > 0 ? "." : "",
		    number[1 + pick(seed, pick(seed, 20) == 0 ? 6 : 4)]);
	if (pick(seed, 2) == 0)
		str_printf(out, "%s%s%s%s", sep[pick(seed, 4)], pre[pick(seed, 8)],
		    sep[pick(seed, 4)], number[pick(seed, 7)]);
	if (pick(seed, 3) == 0)
		str_printf(out, "%s%s%s%s", sep[pick(seed, 4)], post[pick(seed, 3)],
		    sep[pick(seed, 4)], number[pick(seed, 6)]);
	else if (pick(seed, 6) == 0)
		str_printf(out, "-%s", number[1 + pick(seed, 5)]);
	if (pick(seed, 3) == 0)
		str_printf(out, "%sdev%s%s", sep[pick(seed, 4)], sep[pick(seed, 4)],
		    number[pick(seed, 6)]);
	for (size_t i = 0, n = pick(seed, 3) == 0 ? 1 + pick(seed, 3) : 0; i < n; i++)
		str_printf(
		    out, "%s%s", i == 0 ? "+" : sep[1 + pick(seed, 3)], local[pick(seed, 8)]);
}

/* Each line of packaging's answer: rank (equal versions share it) and normal form, or "invalid". */
static const char oracle[] =
    "import sys\n"
    "from packaging.version import Version, InvalidVersion\n"
    "texts = open('in').read().split('\\n')[:-1]\n"
    "def read(t):\n"
    "    try: return Version(t)\n"
    "    except InvalidVersion: return None\n"
    "versions = [read(t) for t in texts]\n"
    "rank = {v: i for i, v in enumerate(sorted(set(v for v in versions if v)))}\n"
    "with open('out', 'w') as f:\n"
    "    for v in versions: print(rank[v] if v else -1, v or 'invalid', file=f)\n";

#define COUNT 400

Test(version, agrees_with_packaging, .fini = leak_gate)
{
	const char *const argv[] = { "/usr/bin/python3", "-c", oracle, NULL };
	struct version v[COUNT];
	long rank[COUNT];
	struct str texts = STR_EMPTY;
	struct bytes in, out, line;
	unsigned long seed = 20260801;
	char *dir = temp_dir(), *answer;

	for (size_t i = 0; i < COUNT; i++) {
		generate(&seed, &texts);
		str_putc(&texts, '\n');
	}
	temp_puts(dir, "in", str_text(&texts));
	cr_assert_eq(temp_run(dir, argv), 0, "python3-packaging is needed");
	answer = temp_read(dir, "out", NULL);
	in = bytes_of(str_text(&texts));
	out = bytes_of(answer);
	for (size_t i = 0; i < COUNT; i++) {
		struct bytes text;
		enum err_code rc;
		char *normal;

		cr_assert(bytes_line(&in, &text) && bytes_line(&out, &line));
		v[i] = (struct version)VERSION_EMPTY;
		rank[i] = strtol(line.data, &normal, 10);
		rc = version_parse_bytes(text, &v[i], NULL);
		cr_expect_eq(
		    rc, rank[i] < 0 ? ERR_INVALID : ERR_OK, "%.*s", (int)text.len, text.data);
		if (rc == ERR_OK)
			cr_expect(bytes_is((struct bytes) { normal + 1,
					       (size_t)(line.data + line.len - normal - 1) },
				      version_text(&v[i])),
			    "%.*s is %s", (int)text.len, text.data, version_text(&v[i]));
	}
	for (size_t i = 0; i < COUNT; i++) {
		for (size_t k = 0; k < i; k++) {
			int order;

			if (rank[i] < 0 || rank[k] < 0)
				continue;
			order = version_compare(&v[i], &v[k]);
			if ((order > 0) - (order < 0) != (rank[i] > rank[k]) - (rank[i] < rank[k]))
				cr_expect_fail(
				    "%s against %s", version_text(&v[i]), version_text(&v[k]));
		}
	}
	for (size_t i = 0; i < COUNT; i++)
		version_fini(&v[i]);
	str_fini(&texts);
	free(answer);
	temp_remove(dir);
}
