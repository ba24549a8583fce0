/* The tree of members: sums, order, findings below. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "archives.h"
#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/dist/tree.h"
#include "temp.h"

static const char script[] =
    "import io, tarfile, zipfile\n"
    "with zipfile.ZipFile('t.whl', 'w') as z:\n"
    "    for n, s in (('pkg/b.py', 5), ('pkg/sub/x.py', 100), ('a.txt', 50), ('pkg-2/y', 1), "
    "('pkg/', 0), ('z', 7)):\n"
    "        z.writestr(n, b'x' * s)\n"
    "with tarfile.open('t.tar.gz', 'w:gz') as t:\n"
    "    for n, s in (('d/sub', None), ('d', None), ('d/sub/x', 3), ('d-1', 4), ('d/sub.py', 1)):\n"
    "        i = tarfile.TarInfo(n)\n"
    "        i.type = tarfile.DIRTYPE if s is None else tarfile.REGTYPE\n"
    "        i.size = s or 0\n"
    "        t.addfile(i, io.BytesIO(b'x' * (s or 0)))\n";

static char *
drawn(const struct dist_tree *t, bool open_only)
{
	struct str out = STR_EMPTY;

	for (size_t i = t->first; i != DIST_TREE_NONE; i = dist_tree_next(t, i, open_only)) {
		const struct dist_tree_node *n = &t->nodes[i];

		str_printf(&out, "%zu%.*s%s:%llu:%zu ", n->depth, (int)n->name.len, n->name.data,
		    n->is_dir ? "/" : "", (unsigned long long)n->size, n->files);
		if (n->findings > 0)
			str_printf(&out, "(%zu %s) ", n->findings, finding_severity_name(n->worst));
	}
	return str_take(&out);
}

static void
expect(const struct dist_tree *t, bool open_only, const char *wanted)
{
	char *text = drawn(t, open_only);

	cr_expect_str_eq(text, wanted, "%s", text);
	free(text);
}

Test(tree, folders_sum_up_and_come_first, .fini = leak_gate)
{
	char *dir = temp_dir();
	struct archive *a;
	struct dist_tree t = DIST_TREE_EMPTY;

	archives_python(dir, script, NULL);
	a = archives_open(dir, "t.whl", NULL);
	dist_tree_build(a, NULL, &t);
	expect(&t, false,
	    "0pkg/:105:2 1sub/:100:1 2x.py:100:1 1b.py:5:1 0pkg-2/:1:1 1y:1:1 0a.txt:50:1 0z:7:1 ");
	expect(&t, true, "0pkg/:105:2 0pkg-2/:1:1 0a.txt:50:1 0z:7:1 ");
	dist_tree_reveal(&t, t.by_member[1]);
	expect(&t, true,
	    "0pkg/:105:2 1sub/:100:1 2x.py:100:1 1b.py:5:1 0pkg-2/:1:1 0a.txt:50:1 0z:7:1 ");
	dist_tree_fini(&t);
	archive_close(a);
	a = archives_open(dir, "t.tar.gz", NULL);
	dist_tree_build(a, NULL, &t);
	expect(&t, false, "0d/:4:2 1sub/:3:1 2x:3:1 1sub.py:1:1 0d-1:4:1 ");
	dist_tree_fini(&t);
	archive_close(a);
	temp_remove(dir);
}

Test(tree, shows_the_worst_finding_below_a_folder, .fini = leak_gate)
{
	char *dir = temp_dir();
	struct archive *a;
	struct dist_tree t = DIST_TREE_EMPTY;
	struct findings f = FINDINGS_EMPTY;

	archives_python(dir, script, NULL);
	a = archives_open(dir, "t.whl", NULL);
	findings_add(&f, RULE_RECORD_HASH, archive_place(a, 1, 0), "x");
	findings_add(&f, RULE_SECRET_NAME, archive_place(a, 0, 0), "x");
	findings_add(&f, RULE_LEFT_PYC, archive_place(a, 5, 0), "x");
	findings_add(&f, RULE_FILE_NAME, FINDING_WHOLE_FILE, "x");
	dist_tree_build(a, &f, &t);
	dist_tree_sort(&t, DIST_TREE_BY_SEVERITY);
	expect(&t, false,
	    "0pkg/:105:2 (2 ERROR) 1sub/:100:1 (1 ERROR) 2x.py:100:1 (1 ERROR) 1b.py:5:1 (1 WARN) "
	    "0z:7:1 (1 WARN) 0pkg-2/:1:1 1y:1:1 0a.txt:50:1 ");
	dist_tree_sort(&t, DIST_TREE_BY_SIZE);
	expect(&t, true, "0pkg/:105:2 (2 ERROR) 0pkg-2/:1:1 0a.txt:50:1 0z:7:1 (1 WARN) ");
	dist_tree_fini(&t);
	findings_fini(&f);
	archive_close(a);
	temp_remove(dir);
}

Test(tree, knows_folders_without_a_slash, .fini = leak_gate)
{
	char *dir = archives_make();
	struct archive *a = archives_open(dir, "plain_folder.tar.gz", NULL);
	struct dist_tree t = DIST_TREE_EMPTY;

	dist_tree_build(a, NULL, &t);
	expect(&t, false, "0d/:1:1 1e/:1:1 2f:1:1 ");
	dist_tree_fini(&t);
	archive_close(a);
	temp_remove(dir);
}

Test(tree, holds_what_is_odd, .fini = leak_gate)
{
	static const char *const files[] = { "names.whl", "duplicate.whl", "hidden.whl",
		"empty_zip.whl", "many.whl", "long_name.whl", "deep.tar.gz", "links.tar.gz",
		"gnu.tar.gz", "directory_data.tar.gz" };
	char *dir = archives_make();

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct archive *a = archives_open(dir, files[i], NULL);
		struct dist_tree t = DIST_TREE_EMPTY;
		size_t seen = 0, walked = 0;

		dist_tree_build(a, archive_findings(a), &t);
		for (size_t n = t.first; n != DIST_TREE_NONE; n = dist_tree_next(&t, n, false)) {
			seen += t.nodes[n].member != FINDING_NO_MEMBER;
			walked++;
		}
		cr_expect_eq(
		    seen, archive_count(a), "%s: %zu of %zu", files[i], seen, archive_count(a));
		cr_expect_eq(walked, t.count, "%s", files[i]);
		dist_tree_fini(&t);
		archive_close(a);
	}
	temp_remove(dir);
}
