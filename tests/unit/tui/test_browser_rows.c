/* The list of the browser: folding, filters, orders, and what a folder says of what is below. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "browser_rows.h"
#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"

static const struct browser_item some[] = {
	{ .name = { "p/a.py", 6 }, .size = 10, .changed = true, .growth = 5,
	    .badges = { .change = '~' } },
	{ .name = { "p/sub/b.so", 10 }, .size = 500, .badges = { .kind = 'B', .git = 'G' } },
	{ .name = { "p/sub/c.py", 10 }, .size = 20,
	    .badges = { .severity = 1 + FINDING_ERROR, .secret = true } },
	{ .name = { "p/sub/d.py", 10 }, .size = 30,
	    .badges = { .severity = 1 + FINDING_ERROR, .accepted = true, .change = '+' } },
	{ .name = { "z.pth", 5 }, .size = 1, .badges = { .kind = 'N' } },
	{ .name = { "p/gone.py", 9 }, .size = 99, .gone = true, .growth = -99,
	    .badges = { .change = '-' } },
};

static void
fill(struct browser_rows *r)
{
	memset(r, 0, sizeof *r);
	r->count = r->cap = ARRAY_LEN(some);
	r->members = r->count - 1;
	r->items = mem_zalloc(r->count, sizeof r->items[0]);
	memcpy(r->items, some, sizeof some);
	browser_rows_build(r);
}

static char *
shown(const struct browser_rows *r)
{
	struct str out = STR_EMPTY;

	for (size_t i = 0; i < r->row_count; i++) {
		const struct dist_tree_node *n = &r->tree.nodes[r->rows[i]];

		str_append(&out, n->name.data, n->name.len);
		str_puts(&out, n->is_dir ? "/ " : " ");
	}
	return str_take(&out);
}

static void
expect(const struct browser_rows *r, const char *wanted, const char *what)
{
	char *got = shown(r);

	cr_expect_str_eq(got, wanted, "%s: %s", what, got);
	free(got);
}

Test(browser_rows, filters_and_orders, .fini = leak_gate)
{
	static const struct {
		enum browser_filter filter;
		enum dist_tree_order order;
		bool flat;
		const char *shown;
	} row[] = {
		{ FILTER_ALL, DIST_TREE_BY_NAME, false,
		    "p/ sub/ b.so c.py d.py a.py gone.py z.pth " },
		{ FILTER_ALL, DIST_TREE_BY_SIZE, false,
		    "p/ sub/ b.so d.py c.py a.py gone.py z.pth " },
		{ FILTER_ALL, DIST_TREE_BY_GROWTH, true, "a.py b.so c.py d.py z.pth gone.py " },
		{ FILTER_ALL, DIST_TREE_BY_SIZE, true, "b.so gone.py d.py c.py a.py z.pth " },
		/* What is alike stays in the order of the tree. */
		{ FILTER_ALL, DIST_TREE_BY_SEVERITY, true, "c.py d.py b.so a.py gone.py z.pth " },
		{ FILTER_ALL, DIST_TREE_BY_NAME, true, "b.so c.py d.py a.py gone.py z.pth " },
		{ FILTER_CHANGED, DIST_TREE_BY_NAME, false, "p/ a.py gone.py " },
		{ FILTER_NOT_IN_GIT, DIST_TREE_BY_NAME, false, "p/ sub/ b.so " },
		{ FILTER_FINDINGS, DIST_TREE_BY_NAME, false, "p/ sub/ c.py d.py " },
		{ FILTER_BINARIES, DIST_TREE_BY_NAME, true, "b.so " },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct browser_rows r;

		fill(&r);
		r.filter = row[i].filter;
		r.order = row[i].order;
		r.flat = row[i].flat;
		dist_tree_sort(&r.tree, r.order);
		browser_rows_update(&r);
		expect(&r, row[i].shown, browser_filter_name(r.filter));
		browser_rows_fini(&r);
	}
}

Test(browser_rows, a_folded_folder_shows_the_worst_below, .fini = leak_gate)
{
	struct browser_rows r;
	const struct browser_badges *p;

	fill(&r);
	p = &r.badges[r.rows[0]];
	cr_expect_eq(p->severity, 1 + FINDING_ERROR);
	cr_expect_not(p->accepted, "an open one is worse than one that was taken");
	cr_expect_eq(p->change, '+');
	cr_expect_eq(p->git, 'G');
	cr_expect_eq(p->kind, 'B');
	cr_expect(p->secret);
	cr_expect_eq(r.tree.nodes[r.rows[0]].size, 560, "what is gone weighs nothing");
	cr_expect_eq(r.tree.nodes[r.rows[0]].growth, -94);
	r.items[2].badges.accepted = true;
	browser_rows_mark(&r, NULL);
	cr_expect(r.badges[r.rows[0]].accepted);
	browser_rows_fini(&r);
}

static bool
is_member(void *arg, const struct browser_rows *r, size_t node)
{
	return r->tree.nodes[node].member == *(const size_t *)arg;
}

Test(browser_rows, finds_what_is_folded_away, .fini = leak_gate)
{
	struct browser_rows r;
	size_t wanted = 2, node;

	fill(&r);
	for (size_t i = 0; i < r.tree.count; i++)
		r.tree.nodes[i].open = false;
	browser_rows_update(&r);
	expect(&r, "p/ z.pth ", "folded");
	node = browser_rows_find(&r, DIST_TREE_NONE, 1, is_member, &wanted);
	cr_assert_neq(node, DIST_TREE_NONE);
	cr_expect_eq(browser_rows_reveal(&r, node), 3);
	expect(&r, "p/ sub/ b.so c.py d.py a.py gone.py z.pth ", "revealed");
	wanted = 77;
	cr_expect_eq(browser_rows_find(&r, node, -1, is_member, &wanted), DIST_TREE_NONE);
	browser_rows_fini(&r);
}

Test(browser_rows, names_say_what_runs_by_itself, .fini = leak_gate)
{
	static const struct {
		const char *name;
		uint32_t mode;
		bool is_link;
		char kind;
	} row[] = {
		{ "a/evil.pth", 0644, false, 'N' },
		{ "sitecustomize.py", 0644, false, 'N' },
		{ "a/mysitecustomize.py", 0644, false, 0 },
		{ "a/_x.abi3.so", 0755, false, 'B' },
		{ "a/x.whl", 0644, false, 'Z' },
		{ "bin/tool", 0755, false, 'X' },
		{ "x.pth", 0644, true, 'L' },
		{ "", 0, false, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		cr_expect_eq(
		    browser_kind_of(bytes_of(row[i].name), row[i].mode, row[i].is_link),
		    row[i].kind, "%s", row[i].name);
}
