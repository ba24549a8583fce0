/* Rules over the names of members alone: unsafe ones, colliding ones, and those that should not be
 * there. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/strlist.h"
#include "slipway/base/utf8.h"
#include "tables.h"

#define PART_MAX 255
#define PARTS_MAX 256

static bool
is_ascii(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.data[i] >= 0x80)
			return false;
	return true;
}

static bool
has_control(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.data[i] < 0x20 || name.data[i] == 0x7f)
			return true;
	return false;
}

static bool
has_invisible(struct bytes name)
{
	uint32_t cp = 0;
	size_t step;

	for (size_t i = 0; i < name.len; i += step) {
		step = utf8_decode(name.data + i, name.len - i, &cp);
		if (step == 0)
			return false;
		if (cp >= 0x80 && sanitise_is_unsafe(cp))
			return true;
	}
	return false;
}

struct parts {
	size_t count, longest;
	bool up;  /* a .. part, with / or \ around it */
	bool odd; /* an empty or . part, or a backslash */
};

static void
count_part(struct parts *p, const char *text, size_t len)
{
	p->count++;
	if (len > p->longest)
		p->longest = len;
	if (len == 2 && memcmp(text, "..", 2) == 0)
		p->up = true;
	if (len == 0 || (len == 1 && text[0] == '.'))
		p->odd = true;
}

static struct parts
look_at_parts(struct bytes name)
{
	struct parts p = { .count = 0 };
	size_t begin = 0;

	/* The slash that closes a directory name makes no part. */
	if (name.len > 0 && name.data[name.len - 1] == '/')
		name.len--;
	for (size_t i = 0; i <= name.len; i++) {
		if (i < name.len && name.data[i] == '\\')
			p.odd = true;
		if (i < name.len && name.data[i] != '/' && name.data[i] != '\\')
			continue;
		count_part(&p, name.data + begin, i - begin);
		begin = i + 1;
	}
	return p;
}

static bool
is_absolute(struct bytes name)
{
	if (name.len > 0 && (name.data[0] == '/' || name.data[0] == '\\'))
		return true;
	return name.len > 1 && isalpha((unsigned char)name.data[0]) && name.data[1] == ':';
}

static void
check_safety(struct check *c, size_t i, struct bytes name)
{
	struct parts p = look_at_parts(name);
	struct finding_place at = check_at(c, i, 0);

	if (has_control(name))
		findings_add(c->f, RULE_NAME_CONTROL, at, "the name holds a control character");
	if (!utf8_valid(name.data, name.len))
		findings_add(c->f, RULE_NAME_ENCODING, at, "the name is not UTF-8");
	else if (!is_ascii(name) && has_invisible(name))
		findings_add(c->f, RULE_NAME_INVISIBLE, at,
		    "the name holds an invisible or reordering character");
	if (is_absolute(name) || p.up)
		findings_add(c->f, RULE_NAME_ESCAPES, at, "the name %s",
		    p.up ? "has a .. part" : "is absolute");
	else if (p.odd)
		findings_add(c->f, RULE_NAME_ODD, at, "the name has an empty, . or backslash part");
	if (p.longest > PART_MAX || p.count > PARTS_MAX)
		findings_add(c->f, RULE_NAME_LONG, at, "the longest of %zu parts has %zu bytes",
		    p.count, p.longest);
}

/* A link's target from the folder of NAME (empty for hard links) leads out of the tree. */
static bool
leaves_tree(struct bytes name, struct bytes target)
{
	long depth = 0;
	size_t begin = 0;

	if (target.len == 0 || is_absolute(target))
		return true;
	for (size_t i = 0; i + 1 < name.len; i++)
		depth += name.data[i] == '/';
	for (size_t i = 0; i <= target.len; i++) {
		size_t len = i - begin;

		if (i < target.len && target.data[i] != '/')
			continue;
		if (len == 2 && memcmp(target.data + begin, "..", 2) == 0)
			depth--;
		else if (len > 0 && !(len == 1 && target.data[begin] == '.'))
			depth++;
		if (depth < 0)
			return true;
		begin = i + 1;
	}
	return false;
}

static void
check_kind(struct check *c, size_t i, const struct member *m)
{
	struct finding_place at = check_at(c, i, 0);
	bool link = m->kind == MEMBER_SYMLINK || m->kind == MEMBER_HARDLINK;

	if (m->kind == MEMBER_OTHER && archive_format(c->a) == ARCHIVE_ZIP)
		findings_add(c->f, RULE_SPECIAL, at, "a device, FIFO or socket");
	if (link && c->name.kind == DIST_WHEEL)
		findings_add(c->f, RULE_LINK, at, "a link to %.*s", (int)m->link.len, m->link.data);
	else if (link &&
		 leaves_tree(
		     m->kind == MEMBER_SYMLINK ? m->name : (struct bytes) { .len = 0 }, m->link))
		findings_add(
		    c->f, RULE_LINK_ESCAPES, at, "a link to %.*s", (int)m->link.len, m->link.data);
	else if (m->kind == MEMBER_HARDLINK &&
		 archive_find(c->a, m->link.data, m->link.len) == FINDING_NO_MEMBER)
		findings_add(c->f, RULE_LINK_NOWHERE, at, "a hard link to %.*s, which is not there",
		    (int)m->link.len, m->link.data);
}

/* Every folder of the name that is no folder in the archive. Folders shared with BEFORE were looked
 * at. */
static void
check_parents(struct check *c, size_t i, struct bytes name, struct bytes before)
{
	size_t parts = 0;
	size_t same = 0;

	while (same < name.len && same < before.len && name.data[same] == before.data[same])
		same++;
	for (size_t j = 1; j + 1 < name.len && parts < PARTS_MAX; j++) {
		size_t index;
		const struct member *m;

		if (name.data[j] != '/')
			continue;
		parts++;
		if (j < same)
			continue;
		index = archive_find(c->a, name.data, j);
		if (index == FINDING_NO_MEMBER)
			continue;
		m = archive_member(c->a, index);
		if (m->kind == MEMBER_SYMLINK || m->kind == MEMBER_HARDLINK)
			findings_add(c->f, RULE_LINK_THROUGH, check_at(c, i, 0),
			    "it lies below the link %.*s", (int)j, name.data);
		else if (m->kind != MEMBER_DIR)
			findings_add(c->f, RULE_NAME_FILE_AND_DIR, check_at(c, i, 0),
			    "%.*s is a file too", (int)j, name.data);
	}
}

static bool
matches(struct bytes base, const char *pattern)
{
	size_t len;

	if (pattern[0] == '*')
		return check_ends(base, pattern + 1);
	if (base.len == 0 || base.data[0] != pattern[0])
		return false;
	len = strlen(pattern);
	if (pattern[len - 1] == '*')
		return base.len >= len - 1 && memcmp(base.data, pattern, len - 1) == 0;
	return bytes_is(base, pattern);
}

static const char *
match_any(struct bytes base, const char *const *patterns)
{
	for (; *patterns != NULL; patterns++)
		if (matches(base, *patterns))
			return *patterns;
	return NULL;
}

static const char *const secret_names[] = { ".env", ".env.*", ".pypirc", ".netrc", ".npmrc",
	".git-credentials", "id_rsa", "id_ed25519", "id_ecdsa", "id_dsa", "*.pem", "*.key", "*.p12",
	"*.pfx", "*.jks", "*.kdbx", ".htpasswd", "*.sqlite", "credentials.json",
	"terraform.tfstate", NULL };
static const char *const secret_paths[] = { "*.aws/credentials", "*.docker/config.json", NULL };
static const char *const left_names[] = { ".DS_Store", "Thumbs.db", "desktop.ini", "*.orig",
	"*.rej", "*~", "*.swp", "*.swo", ".#*", ".coverage", ".coverage.*", "core", "nohup.out",
	"*.egg-link", "pip-log.txt", ".python_history", ".bash_history", NULL };
static const char *const left_folders[] = { ".git", ".hg", ".svn", ".bzr", ".venv", ".tox", ".nox",
	".idea", ".vscode", ".eggs", ".mypy_cache", ".pytest_cache", ".ruff_cache",
	".ipynb_checkpoints", "__MACOSX", "node_modules", "CVS", "htmlcov", ".hypothesis",
	".direnv", NULL };
static const char *const run_names[] = { "*.pth", NULL };

static const char *
left_folder(struct bytes name)
{
	size_t begin = 0;

	for (size_t i = 0; i < name.len; i++) {
		struct bytes part = { .data = name.data + begin, .len = i - begin };
		const char *found;

		if (name.data[i] != '/')
			continue;
		found = match_any(part, left_folders);
		if (found != NULL)
			return found;
		begin = i + 1;
	}
	return NULL;
}

static void
check_unwanted(struct check *c, size_t i, struct bytes name)
{
	struct bytes base = check_base(name);
	struct finding_place at = check_at(c, i, 0);
	const char *folder = left_folder(name);

	if (check_ends(base, ".pyc") || check_ends(base, ".pyo"))
		findings_add(c->f, RULE_LEFT_PYC, at, "a compiled file");
	if (folder != NULL)
		findings_add(c->f, RULE_LEFT_OVER, at, "it lies in a folder %s", folder);
	else if (match_any(base, left_names) != NULL)
		findings_add(
		    c->f, RULE_LEFT_OVER, at, "such files are left over by tools or editors");
	if (match_any(base, secret_names) != NULL || match_any(name, secret_paths) != NULL)
		findings_add(c->f, RULE_SECRET_NAME, at, "files of this name often hold secrets");
	/* Those of a wheel are read; in an sdist they are still on their way. */
	if (c->name.kind == DIST_SDIST && match_any(base, run_names) != NULL)
		findings_add(c->f, RULE_RUNS_PTH, at, "it can run at every start of Python");
}

struct folded {
	struct bytes text; /* the name, decomposed when it is not ASCII */
	size_t index;
};

static int
fold_order(struct bytes a, struct bytes b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = 0;

	for (size_t i = 0; i < common && order == 0; i++)
		order = tolower((unsigned char)a.data[i]) - tolower((unsigned char)b.data[i]);
	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

static int
compare_folded(const void *a, const void *b)
{
	const struct folded *x = a, *y = b;
	int order = fold_order(x->text, y->text);

	if (order != 0)
		return order;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* The names that file systems may take for one; *OWNED keeps what had to be decomposed. */
static struct folded *
fold_all(const struct check *c, struct strlist *owned)
{
	size_t count = archive_count(c->a);
	struct folded *all = mem_zalloc(count + 1, sizeof *all);

	for (size_t i = 0; i < count; i++) {
		struct bytes name = archive_member(c->a, i)->name;
		struct str folded = STR_EMPTY;

		if (!is_ascii(name)) {
			table_decompose(name, &folded);
			name.len = folded.len;
			strlist_take(owned, str_take(&folded));
			name.data = owned->items[owned->count - 1];
		}
		all[i] = (struct folded) { .text = name, .index = i };
	}
	return all;
}

static void
check_case(struct check *c)
{
	size_t count = archive_count(c->a);
	struct strlist owned = STRLIST_EMPTY;
	struct folded *all = fold_all(c, &owned);

	if (count > 1)
		qsort(all, count, sizeof all[0], compare_folded);
	for (size_t i = 1; i < count; i++) {
		struct bytes one = archive_member(c->a, all[i - 1].index)->name;
		struct bytes two = archive_member(c->a, all[i].index)->name;
		struct finding_place at = check_at(c, all[i].index, 0);

		if (fold_order(all[i - 1].text, all[i].text) != 0 || bytes_equal(one, two))
			continue;
		if (!bytes_equal(all[i - 1].text, all[i].text))
			findings_add(c->f, RULE_NAME_CASE, at, "it differs from %.*s only in case",
			    (int)one.len, one.data);
		else
			findings_add(c->f, RULE_NAME_FORM, at,
			    "it differs from %.*s only in how letters are composed", (int)one.len,
			    one.data);
	}
	strlist_fini(&owned);
	free(all);
}

void
check_names(struct check *c)
{
	struct bytes before = { .data = NULL, .len = 0 };

	for (size_t i = 0; i < archive_count(c->a); i++) {
		const struct member *m = archive_member(c->a, i);

		check_safety(c, i, m->name);
		check_kind(c, i, m);
		check_parents(c, i, m->name, before);
		if (m->kind != MEMBER_DIR)
			check_unwanted(c, i, m->name);
		before = m->name;
	}
	check_case(c);
}
