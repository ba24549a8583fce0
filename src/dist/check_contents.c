/* Rules over what a wheel installs: those of check-wheel-contents, but over the members and not
 * over what RECORD says of them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "inflate.h"
#include "slipway/base/mem.h"
#include "tables.h"

/* A file that lands in site-packages. */
struct item {
	struct bytes name; /* there */
	size_t index;
};

struct library {
	struct item *items; /* by name */
	size_t count;
};

bool
check_is_module(struct bytes name)
{
	return check_ends(name, ".py") || check_ends(name, ".so") || check_ends(name, ".pyd");
}

static struct bytes
without(struct bytes name, size_t head)
{
	return (struct bytes) { .data = name.data + head, .len = name.len - head };
}

struct bytes
check_installed_name(const struct check *c, struct bytes name)
{
	static const struct bytes none = { .data = NULL, .len = 0 };
	const char *slash = name.len > 0 ? memchr(name.data, '/', name.len) : NULL;
	struct bytes top = { .data = name.data,
		.len = slash != NULL ? (size_t)(slash - name.data) : 0 };
	struct bytes rest = without(name, top.len + (slash != NULL));

	if (c->name.kind == DIST_SDIST || check_ends(top, ".dist-info"))
		return none;
	if (!check_ends(top, ".data"))
		return name;
	if (check_starts(rest, "purelib/") || check_starts(rest, "platlib/"))
		return without(rest, strlen("purelib/"));
	return none;
}

static int
by_name(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = bytes_order(x->name, y->name);

	return order != 0 ? order : x->index < y->index ? -1 : x->index > y->index;
}

/* With an empty, . or .. part: another rule speaks of such names. */
static bool
is_odd(struct bytes name)
{
	size_t begin = 0;

	for (size_t i = 0; i <= name.len; i++) {
		if (i < name.len && name.data[i] != '/')
			continue;
		if (i - begin <= 2 && memcmp("..", name.data + begin, i - begin) == 0)
			return true;
		begin = i + 1;
	}
	return false;
}

static void
collect(struct check *c, struct library *l)
{
	size_t count = archive_count(c->a);

	l->items = mem_zalloc(count + 1, sizeof l->items[0]);
	for (size_t i = 0; i < count; i++) {
		const struct member *m = archive_member(c->a, i);
		struct bytes name = check_installed_name(c, m->name);

		if (name.len > 0 && !is_odd(name) && m->kind != MEMBER_DIR && !m->hidden)
			l->items[l->count++] = (struct item) { .name = name, .index = i };
	}
	if (l->count > 1)
		qsort(l->items, l->count, sizeof l->items[0], by_name);
}

static bool
is_identifier(struct bytes part)
{
	if (part.len == 0 || isdigit((unsigned char)part.data[0]) || table_is_keyword(part))
		return false;
	for (size_t i = 0; i < part.len; i++)
		if (!isalnum((unsigned char)part.data[i]) && part.data[i] != '_' &&
		    (unsigned char)part.data[i] < 0x80)
			return false;
	return true;
}

/* Every folder and the module itself could be imported. */
static bool
can_be_imported(struct bytes name)
{
	struct bytes part = { .data = name.data, .len = 0 };

	for (size_t i = 0; i < name.len; i++) {
		if (name.data[i] == '/') {
			if (!is_identifier(part))
				return false;
			part = (struct bytes) { .data = name.data + i + 1, .len = 0 };
			continue;
		}
		part.len++;
	}
	/* The tag of an extension module follows its first dot. */
	for (size_t i = 0; i < part.len; i++)
		if (part.data[i] == '.')
			part.len = i;
	return is_identifier(part);
}

static void
check_module(struct check *c, const struct item *item)
{
	struct finding_place at = check_at(c, item->index, 0);
	bool at_root = check_base(item->name).len == item->name.len;
	struct bytes stem = item->name;

	if (at_root && bytes_is(item->name, "__init__.py")) {
		findings_add(c->f, RULE_W006, at, "it makes a package of site-packages itself");
		return;
	}
	if (at_root && bytes_is(item->name, "setup.py")) {
		findings_add(c->f, RULE_WHEEL_SETUP, at, "it belongs into the sdist");
		return;
	}
	if (!can_be_imported(item->name)) {
		findings_add(c->f, RULE_W004, at, "no import statement can name it");
		return;
	}
	for (size_t i = 0; i < stem.len; i++)
		if (stem.data[i] == '.')
			stem.len = i;
	if (at_root && table_is_stdlib(stem))
		findings_add(c->f, RULE_RUNS_SHADOWS, at, "the standard library has %.*s",
		    (int)stem.len, stem.data);
}

static void
check_root_file(struct check *c, const struct item *item)
{
	if (check_is_module(item->name) || check_ends(item->name, ".pth"))
		return;
	findings_add(c->f, RULE_W003, check_at(c, item->index, 0),
	    "it is no module, and lands in site-packages beside those of others");
}

struct roots {
	size_t count, second;
	bool missing_any;
};

/* One entry of the root: a file, or a folder with COUNT files. */
static void
check_root(
    struct check *c, const struct item *items, size_t count, struct bytes top, struct roots *r)
{
	bool folder = top.len < items[0].name.len, module = false;
	struct finding_place at = check_at(c, items[0].index, 0);
	const struct strlist *expected = c->opts->toplevel;
	struct bytes stem = top;

	for (size_t i = 0; i < count; i++)
		module |= check_is_module(items[i].name);
	if (folder && !module && !check_ends(top, "-stubs"))
		findings_add(
		    c->f, RULE_W010, at, "no module is below %.*s/", (int)top.len, top.data);
	if (folder && table_is_stdlib(top) && module)
		findings_add(c->f, RULE_RUNS_SHADOWS, at, "the standard library has %.*s",
		    (int)top.len, top.data);
	if (!folder && check_ends(top, ".pth"))
		return;
	for (size_t i = 0; !folder && check_is_module(top) && i < stem.len; i++)
		if (stem.data[i] == '.')
			stem.len = i;
	if (expected != NULL) {
		char *text = mem_strndup(top.data, top.len),
		     *name = mem_strndup(stem.data, stem.len);

		if (!strlist_has(expected, text) && !strlist_has(expected, name))
			findings_add(c->f, RULE_W202, at, "%s is not in toplevel", text);
		free(text);
		free(name);
	} else if (top.data[0] != '_' && r->count++ == 1) {
		r->second = items[0].index;
	}
}

static void
check_expected(struct check *c, const struct library *l)
{
	const struct strlist *expected = c->opts->toplevel;

	for (size_t i = 0; expected != NULL && i < expected->count; i++) {
		struct bytes name = bytes_of(expected->items[i]);
		bool found = false;

		for (size_t j = 0; j < l->count && !found; j++) {
			struct bytes at = l->items[j].name;

			found = at.len >= name.len && memcmp(at.data, name.data, name.len) == 0 &&
				(at.len == name.len || strchr("/.", at.data[name.len]) != NULL);
		}
		if (!found)
			findings_add(c->f, RULE_W201, FINDING_WHOLE_FILE, "%s is not in the wheel",
			    expected->items[i]);
	}
}

static int
by_installed_name(const void *key, const void *item)
{
	return bytes_order(bytes_of(*(const char *const *)key), ((const struct item *)item)->name);
}

static int
by_text(const void *key, const void *text)
{
	return bytes_order(*(const struct bytes *)key, bytes_of(*(const char *const *)text));
}

/* Both ways. What was compiled has no file of its name. */
static void
check_tree(struct check *c, const struct library *l)
{
	const struct strlist *tree = c->opts->tree;

	for (size_t i = 0; tree != NULL && i < tree->count; i++)
		if (bsearch(&tree->items[i], l->items, l->count, sizeof l->items[0],
			by_installed_name) == NULL)
			findings_add(c->f, RULE_W101, FINDING_WHOLE_FILE, "%s is not in the wheel",
			    tree->items[i]);
	for (size_t i = 0; tree != NULL && i < l->count; i++) {
		struct bytes name = l->items[i].name;

		if (bsearch(&name, tree->items, tree->count, sizeof tree->items[0], by_text) ==
			NULL &&
		    !check_ends(name, ".so") && !check_ends(name, ".pyd"))
			findings_add(c->f, RULE_W102, check_at(c, l->items[i].index, 0),
			    "the folders of the project have no %.*s", (int)name.len, name.data);
	}
}

static void
check_roots(struct check *c, const struct library *l)
{
	struct roots r = { .count = 0 };
	size_t next;

	for (size_t i = 0; i < l->count; i = next) {
		struct bytes name = l->items[i].name, top = name;
		const char *slash = memchr(name.data, '/', name.len);

		next = i + 1;
		if (slash != NULL) {
			top.len = (size_t)(slash - name.data);
			while (next < l->count && l->items[next].name.len > top.len &&
			       memcmp(l->items[next].name.data, name.data, top.len + 1) == 0)
				next++;
		} else {
			check_root_file(c, &l->items[i]);
		}
		if (top.len > 0)
			check_root(c, &l->items[i], next - i, top, &r);
	}
	if (r.count > 1 && c->opts->tree == NULL)
		findings_add(c->f, RULE_W009, check_at(c, r.second, 0),
		    "%zu things are at the root of the wheel, this is the second one", r.count);
	check_expected(c, l);
	check_tree(c, l);
}

static bool
says_nothing(const struct member *m)
{
	static const char *const texts[] = { "\n", "\r\n", "# -*- coding: utf-8 -*-\n",
		"# -*- coding: utf-8 -*-\r\n", "# coding: utf-8\n", "# coding: utf-8\r\n",
		"# -*- coding: utf8 -*-\n" };

	if (m->size == 0)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (m->size == strlen(texts[i]) &&
		    m->crc == inflate_crc32(0, texts[i], strlen(texts[i])))
			return true;
	return false;
}

struct content {
	uint64_t size;
	uint32_t crc;
	size_t index;
};

static int
by_content(const void *a, const void *b)
{
	const struct content *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	if (x->crc != y->crc)
		return x->crc < y->crc ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static void
check_duplicates(struct check *c, const struct library *l)
{
	struct content *all = mem_zalloc(l->count + 1, sizeof *all);
	size_t count = 0;

	for (size_t i = 0; i < l->count; i++) {
		const struct member *m = archive_member(c->a, l->items[i].index);

		if (m->kind == MEMBER_FILE && !says_nothing(m))
			all[count++] = (struct content) { m->size, m->crc, l->items[i].index };
	}
	if (count > 1)
		qsort(all, count, sizeof all[0], by_content);
	for (size_t i = 1; i < count; i++) {
		struct bytes first = archive_member(c->a, all[i - 1].index)->name;

		if (all[i].size == all[i - 1].size && all[i].crc == all[i - 1].crc)
			findings_add(c->f, RULE_W002, check_at(c, all[i].index, 0),
			    "it has the content of %.*s", (int)first.len, first.data);
	}
	free(all);
}

void
check_contents(struct check *c)
{
	struct library l = { .items = NULL };

	collect(c, &l);
	for (size_t i = 0; i < l.count; i++)
		if (check_is_module(l.items[i].name))
			check_module(c, &l.items[i]);
	check_roots(c, &l);
	check_duplicates(c, &l);
	if (l.count == 0 && c->other_code)
		findings_add(c->f, RULE_W007, FINDING_WHOLE_FILE,
		    "nothing of it lands in site-packages");
	free(l.items);
}
