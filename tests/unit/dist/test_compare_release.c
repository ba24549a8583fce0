/* What changed since the file that was released before. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "archives.h"
#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/dist/compare.h"
#include "slipway/os/fs.h"
#include "temp.h"

static void
read_table(const char *root, const char *folder, const char *file, struct compare_table *t)
{
	char *path = mem_printf("%s/%s/%s", root, folder, file);
	struct archive_facts facts = { .blob_size = 20 };
	struct archive *a = NULL;
	struct err e = ERR_EMPTY;

	cr_assert_eq(archive_open(path, NULL, &a, &e), ERR_OK, "%s", e.message);
	cr_assert_eq(archive_facts_read(a, path, &facts, &e), ERR_OK, "%s", e.message);
	compare_table_make(a, &facts, path, t);
	archive_facts_fini(&facts);
	archive_close(a);
	free(path);
}

struct both {
	struct compare_table now, then;
	struct comparison c;
};

static void
compare_case(const char *root, const char *name, const char *now, const char *then, struct both *b)
{
	char *folder = mem_printf("%s/before", name);

	*b = (struct both) { .c = COMPARISON_EMPTY };
	read_table(root, name, now, &b->now);
	read_table(root, folder, then, &b->then);
	compare_release(&b->now, &b->then, b->then.version, &b->c);
	free(folder);
}

static void
both_fini(struct both *b)
{
	comparison_fini(&b->c);
	compare_table_fini(&b->now);
	compare_table_fini(&b->then);
}

static char *
make(void)
{
	char *root = temp_dir();

	archives_python("/", MAKE_COMPARED, root);
	return root;
}

#define WHEEL_NOW "demo-1.0-py3-none-any.whl"
#define WHEEL_THEN "demo-0.9-py3-none-any.whl"

Test(compare_release, tells_what_happened_to_each_file, .fini = leak_gate)
{
	static const char want[] =
	    "same demo/same.py\n"
	    "changed demo/changed.py\n"
	    "added demo/added.py\n"
	    "moved demo/moved.py (was demo/old.py)\n"
	    "changed demo/run (the same content; executable now)\n"
	    "added demo/e.py\n"
	    "written anew demo-1.0.dist-info/RECORD (lists the hashes of the other files)\n"
	    "changed demo-1.0.dist-info/METADATA\n"
	    "removed demo/gone.py\n"
	    "removed demo/removed.py\n";
	char *root = make();
	struct str got = STR_EMPTY;
	struct both b;

	compare_case(root, "release", WHEEL_NOW, WHEEL_THEN, &b);
	for (size_t i = 0; i < b.c.count; i++) {
		const struct compare_row *r = &b.c.rows[i];

		str_printf(&got, "%s %.*s", compare_word(COMPARE_RELEASE, r->state),
		    (int)r->path.len, r->path.data);
		if (r->reason != NULL)
			str_printf(&got, " (%s)", r->reason);
		str_putc(&got, '\n');
	}
	cr_expect_str_eq(str_text(&got), want);
	str_clear(&got);
	compare_short(&b.c, &got);
	cr_expect_str_eq(str_text(&got), "0.9: +2 \xe2\x88\x92""2 ~3 M1");
	cr_expect_str_eq(b.c.with, WHEEL_THEN);
	both_fini(&b);
	str_fini(&got);
	temp_remove(root);
}

static void
expect_facts(const struct both *b, const char *want, const char *rules)
{
	struct findings found = FINDINGS_EMPTY;
	struct str got = STR_EMPTY;

	for (size_t i = 0; i < b->c.fact_count; i++) {
		compare_fact_text(&b->c.facts[i], &got);
		str_putc(&got, '\n');
	}
	cr_expect_str_eq(str_text(&got), want);
	str_clear(&got);
	compare_findings(&b->now, NULL, &b->c, &found);
	archives_rules(&found, &got);
	cr_expect_str_eq(str_text(&got), rules);
	findings_fini(&found);
	str_fini(&got);
}

Test(compare_release, tells_facts_and_not_what_each_release_changes, .fini = leak_gate)
{
	static const struct {
		const char *name, *now, *then, *facts, *rules;
	} cases[] = {
		{ "facts", WHEEL_NOW, WHEEL_THEN,
		    "binary added: demo/data.bin\n"
		    "file that runs by itself added: demo.pth\n"
		    "dependency changed: requests>=2 -> requests>=3\n"
		    "dependency removed: gone\n"
		    "dependency added: evil\n"
		    "Requires-Python changed: >=3.8 -> >=3.9\n"
		    "author changed: Author = Ada -> Author = Mallory\n"
		    "entry point changed: console_scripts: demo = demo:main -> "
		    "console_scripts: demo = demo:other\n"
		    "entry point removed: console_scripts: old = demo:old\n"
		    "entry point added: console_scripts: new = demo:new\n"
		    "generator changed: setuptools -> handmade\n"
		    "unpacked size changed: 282 B -> 200 KB\n",
		    "REL01 REL02 REL03 REL04 REL05 REL06 REL07 REL08" },
		{ "no_facts", WHEEL_NOW, WHEEL_THEN, "", "" },
		{ "backend", "demo-1.0.tar.gz", "demo-0.9.tar.gz",
		    "build backend changed: build-backend = flit.build -> "
		    "build-backend = hatchling.build\n"
		    "build backend added: backend-path = .\n",
		    "REL07" },
	};
	char *root = make();

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct both b;

		compare_case(root, cases[i].name, cases[i].now, cases[i].then, &b);
		expect_facts(&b, cases[i].facts, cases[i].rules);
		both_fini(&b);
	}
	temp_remove(root);
}

Test(compare_release, a_wheel_and_an_sdist_are_not_compared, .fini = leak_gate)
{
	char *root = make();
	struct both b;

	compare_case(root, "other_kind", "demo-1.0.tar.gz", WHEEL_NOW, &b);
	cr_expect_not(comparison_is_done(&b.c));
	cr_expect_not_null(strstr(b.c.why_not, "is a wheel"), "%s", b.c.why_not);
	expect_facts(&b, "", "");
	both_fini(&b);
	temp_remove(root);
}
