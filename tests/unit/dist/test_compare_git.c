/* Every state that a file can have against a commit, and the near misses. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archives.h"
#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/dist/compare.h"
#include "slipway/os/fs.h"
#include "temp.h"

/* The tree that the script wrote, and the case that it belongs to. */
struct tree {
	char *dir, *text;
	struct compare_git_file *files;
	size_t count, cap;
	struct archive *archive;
};

static void
tree_read(const char *dir, struct tree *t)
{
	char *line, *save = NULL;

	*t = (struct tree) { .dir = mem_strdup(dir), .text = temp_read(dir, "tree", NULL) };
	for (line = strtok_r(t->text, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save)) {
		char *end, *hash, *path;
		unsigned long mode = strtoul(line, &end, 8);

		hash = end + 1;
		path = strchr(hash, ' ');
		*path++ = '\0';
		t->files = mem_grow(t->files, &t->cap, t->count + 1, sizeof t->files[0]);
		t->files[t->count++] = (struct compare_git_file) {
			.path = path, .hash = hash, .mode = (unsigned)mode
		};
	}
}

static void
tree_fini(struct tree *t)
{
	free(t->dir);
	free(t->text);
	free(t->files);
}

static bool
read_blob(void *arg, const struct compare_git_file *file, size_t max, struct str *out)
{
	struct tree *t = arg;
	char *name = mem_printf("%s/blobs/%s", t->dir, file->hash);
	bool ok = fs_read(name, max, out, NULL) == ERR_OK;

	free(name);
	return ok;
}

static bool
take(void *arg, const void *data, size_t len)
{
	const struct member_visitor *v = arg;

	v->data(v->arg, data, len);
	return true;
}

static enum err_code
give_contents(void *arg, const bool *wanted, const struct member_visitor *v, struct err *e)
{
	struct archive *a = ((struct tree *)arg)->archive;
	struct member_visitor copy = *v;

	for (size_t i = 0; i < archive_count(a); i++)
		if (wanted[i]) {
			v->begin(v->arg, i);
			v->end(v->arg, i, archive_read(a, i, SIZE_MAX, take, &copy, e));
		}
	return ERR_OK;
}

static char *
archive_in(const char *dir)
{
	static const char *const names[] = { "demo-1.0.tar.gz", "demo-1.0-py3-none-any.whl" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *path = fs_join(dir, names[i]);

		if (fs_exists(path))
			return path;
		free(path);
	}
	cr_assert_fail("no file in %s", dir);
	return NULL;
}

/* "STATE path = other (reason)" a line, of all rows but folders. */
static void
show(const struct compare_table *t, const struct comparison *c, struct str *out)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct compare_row *r = &c->rows[i];
		struct bytes path = r->path;

		if (i < t->count)
			path = t->files[i].path;
		str_printf(out, "%s %.*s", compare_word(COMPARE_GIT, r->state), (int)path.len,
		    path.data);
		if (r->other.len > 0 && !bytes_equal(r->other, path))
			str_printf(out, " = %.*s", (int)r->other.len, r->other.data);
		if (r->reason != NULL)
			str_printf(out, " (%s)", r->reason);
		if (r->notes & COMPARE_LEFT_OUT)
			str_puts(out, " [left out]");
		str_putc(out, '\n');
	}
}

static const struct strlist nested = {
	.items = (char *[]) { (char[]) { "packages/demo/sub" }, NULL }, .count = 1
};

/* RULES gets the ids of all rules that fired, OUT the rows. */
static void
compare_case(
    const char *root, const char *name, const char *under, struct str *out, struct str *rules)
{
	char *dir = fs_join(root, name), *path = archive_in(dir);
	struct compare_table t = COMPARE_TABLE_EMPTY;
	struct comparison c = COMPARISON_EMPTY;
	struct findings found = FINDINGS_EMPTY;
	struct archive_facts facts = ARCHIVE_FACTS_EMPTY;
	struct archive *a = NULL;
	struct tree tree;
	struct err e = ERR_EMPTY;

	tree_read(dir, &tree);
	cr_assert_eq(archive_open(path, NULL, &a, &e), ERR_OK, "%s: %s", name, e.message);
	facts.blob_size = strcmp(name, "sha256") == 0 ? 32 : 20;
	cr_assert_eq(
	    archive_facts_read(a, path, &facts, &e), ERR_OK, "%s: %s", name, e.message);
	compare_table_make(a, &facts, path, &t);
	tree.archive = a;
	cr_assert_eq(compare_git(&t,
			 &(struct compare_git_opts) { .files = tree.files,
			     .count = tree.count,
			     .under = under,
			     .nested = &nested,
			     .with = "HEAD",
			     .blob = read_blob,
			     .contents = give_contents,
			     .arg = &tree },
			 &c, &e),
	    ERR_OK, "%s: %s", name, e.message);
	archive_close(a);
	archive_facts_fini(&facts);
	cr_expect(t.complete, "%s", name);
	show(&t, &c, out);
	compare_findings(&t, &c, NULL, &found);
	archives_rules(&found, rules);
	for (size_t i = 0; text_starts(name, "manifest") && i < found.count; i++) {
		const char *lines = strstr(found.items[i].message, "; in MANIFEST.in");

		str_puts(rules, lines != NULL ? lines : "");
	}
	findings_fini(&found);
	comparison_fini(&c);
	compare_table_fini(&t);
	tree_fini(&tree);
	free(path);
	free(dir);
}

#define BACKEND_SDIST " (metadata that the build backend writes into every sdist)\n"
#define BACKEND_WHEEL " (metadata that the build backend writes into every wheel)\n"
#define SCM " (the version file that pyproject.toml names: [tool.setuptools_scm] version_file)\n"

static const struct {
	const char *name, *rules, *under, *want;
} cases[] = {
	{ "states", "GIT01 GIT02 GIT03 GIT05", "",
	    "SAME demo/__init__.py\n"
	    "MODIFIED demo/cli.py\n"
	    "NOT IN GIT demo/evil.py\n"
	    "MOVED docs/moved.py = old/place.py (the same content as old/place.py)\n"
	    "GENERATED PKG-INFO" BACKEND_SDIST "NOT IN GIT demo/py.typed (an empty file)\n"
	    "MISSING .github/workflows/ci.yml [left out]\n"
	    "MISSING tests/empty\n"
	    "MISSING tests/test_x.py\n" },
	{ "sha256", "GIT03", "", "SAME demo/__init__.py\nMODIFIED demo/cli.py\n" },
	{ "ends", "GIT03 GIT06", "",
	    "MODIFIED a.py (line endings only: git has LF)\n"
	    "MODIFIED b.py (line endings only: git has CRLF)\n"
	    "MODIFIED c.py\n"
	    "MODIFIED d.bin\n"
	    "MODIFIED e.py (line endings only: git has LF)\n" },
	{ "lfs", "GIT03 GIT05 GIT07", "",
	    "SAME good.bin (the file that git's LFS pointer names)\n"
	    "MODIFIED other.bin (not the file that git's LFS pointer names)\n"
	    "SAME pointer.bin (the LFS pointer itself, not the file it stands for)\n"
	    "MISSING sub/.gitattributes\n" },
	{ "links", "GIT03", "",
	    "SAME LINK\n"
	    "SAME README\n"
	    "SAME copy (git has a link; this is what it points to: README)\n"
	    "MODIFIED wrong (git has a link; this is not what it points to)\n"
	    "MODIFIED text (git has a link; here it is a text file with its target)\n"
	    "SAME up/copy (git has a link; this is what it points to: README)\n" },
	{ "modes", "GIT08", "",
	    "SAME run\n"
	    "MODIFIED more (the same content; executable here, not in git)\n"
	    "MODIFIED less (the same content; executable in git, not here)\n" },
	{ "wheel_modes", "GIT08", "",
	    "MODIFIED more.py (the same content; executable here, not in git)\n"
	    "SAME less.py\n"
	    "SAME none.py\n" },
	{ "submodule", "GIT02 GIT05 GIT10", "",
	    "not compared vendor/lib/a.c (of a submodule, which has a repository of its own: "
	    "vendor/lib)\n"
	    "NOT IN GIT vendor/other.c\n"
	    "MISSING vendor/gone (a submodule of which nothing is here)\n" },
	{ "egg_info", "GIT01 GIT02 GIT05", "",
	    "GENERATED setup.cfg (setuptools wrote its [egg_info] block, and nothing else is in "
	    "it)\n"
	    "GENERATED demo.egg-info/SOURCES.txt (metadata of setuptools)\n"
	    "GENERATED src/demo.egg-info/requires.txt (metadata of setuptools)\n"
	    "NOT IN GIT demo.egg-info/evil.py\n"
	    "NOT IN GIT demo.egg-info/deep/x.txt\n"
	    "NOT IN GIT demo.egg-info/lib\n"
	    "MISSING pyproject.toml\n" },
	{ "setup_cfg", "", "",
	    "GENERATED setup.cfg (setuptools added its [egg_info] block; no other setting "
	    "differs)\n" },
	{ "setup_cfg_more", "GIT04", "", "MODIFIED setup.cfg\n" },
	{ "setup_cfg_hook", "GIT04 GIT05", "", "NOT IN GIT setup.cfg\nMISSING README\n" },
	{ "setup_cfg_less", "GIT04", "", "MODIFIED setup.cfg\n" },
	{ "version", "GIT01", "",
	    "SAME pyproject.toml\n"
	    "GENERATED src/demo/_version.py" SCM "NOT IN GIT src/demo/_other.py\n" },
	{ "version_wheel", "", "",
	    "GENERATED demo/_version.py = src/demo/_version.py" SCM
	    "SAME demo/__init__.py = src/demo/__init__.py\n" },
	{ "version_large", "GIT01", "", "SAME pyproject.toml\nNOT IN GIT src/demo/_version.py\n" },
	{ "version_own", "GIT01 GIT04", "",
	    "MODIFIED pyproject.toml\nNOT IN GIT src/demo/_version.py\n" },
	{ "cython", "GIT02 GIT05", "",
	    "GENERATED demo/fast.c (Cython wrote it from demo/fast.pyx)\n"
	    "NOT IN GIT demo/hand.c\n"
	    "NOT IN GIT demo/lone.c\n"
	    "MISSING demo/fast.pyx\n"
	    "MISSING demo/hand.pyx\n" },
	{ "wheel", "GIT01 GIT02 GIT03 GIT05", "",
	    "SAME demo/__init__.py = src/demo/__init__.py\n"
	    "MODIFIED demo/cli.py = src/demo/cli.py\n"
	    "NOT IN GIT loader.pth\n"
	    "GENERATED .dist-info/METADATA" BACKEND_WHEEL
	    "GENERATED .dist-info/RECORD" BACKEND_WHEEL
	    "SAME .dist-info/licenses/LICENSE = LICENSE\n"
	    "NOT IN GIT .dist-info/evil.py\n"
	    "SAME .data/purelib/pure.py = src/pure.py\n"
	    "MOVED .data/scripts/run = bin/run (the same content as bin/run)\n"
	    "NOT IN GIT other-1.0.dist-info/METADATA\n"
	    "MISSING src/demo/data/table.json\n" },
	{ "maps", "GIT05", "",
	    "SAME demo/x.py = lib/demo/x.py\n"
	    "SAME a/b/y.py = other/b/y.py\n"
	    "SAME one.py = lib/one.py\n"
	    "MISSING lib/demo/gone.py\n"
	    "MISSING other/b/data/z\n" },
	{ "under", "GIT05", "packages/demo",
	    "SAME demo.py = packages/demo/demo.py\n"
	    "MOVED LICENSE (the same content as LICENSE)\n"
	    "MISSING packages/demo/gone.py\n" },
	{ "code", "GIT01 GIT02", "",
	    "NOT IN GIT evil.pth\n"
	    "NOT IN GIT demo/evil.py\n"
	    "NOT IN GIT demo/evil\n"
	    "NOT IN GIT demo/notes.txt\n"
	    "NOT IN GIT demo/_fast.so\n" },
	{ "platform", "GIT01 GIT02", "",
	    "GENERATED .dist-info/WHEEL" BACKEND_WHEEL "NOT IN GIT demo/_fast.so\n"
	    "NOT IN GIT demo/data.pyd\n" },
	{ "payload", "GIT09", "",
	    "MOVED run.py = tests/data.txt (the same content as tests/data.txt)\n"
	    "MOVED copy.txt = words.txt (the same content as words.txt)\n"
	    "MOVED code.py = old/code.py (the same content as old/code.py)\n" },
	{ "manifest", "GIT05; in MANIFEST.in: include NOTICE, recursive-include docs *.rst", "",
	    "SAME demo/a.py\n"
	    "MISSING NOTICE\n"
	    "MISSING docs/deep/b.rst\n"
	    "MISSING docs/x.rst\n" },
	{ "manifest_under", "GIT05; in MANIFEST.in: include NOTICE", "packages/demo",
	    "SAME pyproject.toml = packages/demo/pyproject.toml\n"
	    "MISSING packages/demo/NOTICE\n" },
	{ "manifest_hatch", "GIT05", "",
	    "SAME pyproject.toml\n"
	    "MISSING NOTICE\n" },
	{ "built", "GIT11", "",
	    "SAME demo/a.py\n"
	    "SAME demo/b.so\n"
	    "MISSING demo.egg-info/SOURCES.txt [left out]\n" },
	{ "xz", "GIT04", "",
	    "NOT IN GIT m4/build-to-host.m4\n"
	    "SAME tests/bad.xz\n"
	    "MODIFIED setup.py\n"
	    "SAME same.m4\n" },
};

Test(compare_git, each_file_has_its_state_and_reason, .fini = leak_gate)
{
	char *root = temp_dir();

	archives_python("/", MAKE_COMPARED, root);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str got = STR_EMPTY, rules = STR_EMPTY;

		compare_case(root, cases[i].name, cases[i].under, &got, &rules);
		cr_expect_str_eq(str_text(&got), cases[i].want, "%s", cases[i].name);
		cr_expect_str_eq(str_text(&rules), cases[i].rules, "%s", cases[i].name);
		str_fini(&got);
		str_fini(&rules);
	}
	temp_remove(root);
}
