/* Findings of a comparison: what a reviewer should look at, graded by what the file can do. */
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "compare_priv.h"
#include "slipway/base/mem.h"

#define NAMES_SHOWN 5

struct looking {
	const struct compare_table *t;
	const struct comparison *c;
	struct findings *f;
};

static struct finding_place
place_of(const struct looking *k, size_t member)
{
	const struct compare_file *f;

	if (member == FINDING_NO_MEMBER)
		return FINDING_WHOLE_FILE;
	f = &k->t->files[member];
	return (struct finding_place) {
		.index = member, .name = f->name.data, .name_len = f->name.len
	};
}

static bool
is_platform_wheel(const struct compare_table *t)
{
	return t->kind == DIST_WHEEL &&
	       strstr(str_text(&t->kept[COMPARE_KEPT_WHEEL]), "Root-Is-Purelib: false") != NULL;
}

/* Compiled code is in no repository; in a wheel for one platform it is what the wheel is for. */
static bool
is_expected_binary(const struct looking *k, const struct compare_row *row)
{
	return (row->notes & (COMPARE_BINARY | COMPARE_RUNS)) == COMPARE_BINARY &&
	       (k->t->files[row->member].marks & COMPARE_IS_NATIVE) != 0 &&
	       is_platform_wheel(k->t);
}

static void
not_in_git(const struct looking *k, const struct compare_row *row)
{
	struct finding_place place = place_of(k, row->member);
	const char *with = k->c->with;

	if (row->notes & COMPARE_BUILDS)
		findings_add(k->f, RULE_GIT_BUILD, place,
		    "it runs when the package is built, and is not in git at %s", with);
	else if (row->notes & COMPARE_RUNS)
		findings_add(k->f, RULE_GIT_CODE, place,
		    "it runs at every start of Python, and is not in git at %s", with);
	else if ((row->notes & COMPARE_CODE) != 0 && !is_expected_binary(k, row))
		findings_add(k->f, RULE_GIT_CODE, place, "not in git at %s", with);
	else
		findings_add(k->f, RULE_GIT_EXTRA, place, "not in git at %s", with);
}

static void
modified(const struct looking *k, const struct compare_row *row)
{
	struct finding_place place = place_of(k, row->member);
	const char *why = row->reason != NULL ? row->reason : "";

	if (row->notes & COMPARE_LINE_ENDINGS)
		findings_add(k->f, RULE_GIT_LINE_ENDS, place, "%s", why);
	else if ((row->notes & COMPARE_EXECUTABLE) != 0)
		findings_add(k->f, RULE_GIT_MODE, place, "%s", why);
	else
		findings_add(k->f, row->notes & COMPARE_BUILDS ? RULE_GIT_BUILD : RULE_GIT_MODIFIED,
		    place, "differs from %.*s at %s%s%s", (int)row->other.len, row->other.data,
		    k->c->with, row->reason != NULL ? ": " : "", why);
}

static struct bytes
ending(struct bytes path)
{
	struct bytes base = check_base(path);
	size_t at = base.len;

	while (at > 0 && base.data[at - 1] != '.')
		at--;
	return at > 0 ? (struct bytes) { base.data + at, base.len - at }
		      : (struct bytes) { base.data, 0 };
}

/* A payload may lie in git as test data: what counts is what it became. */
static void
moved(const struct looking *k, const struct compare_row *row)
{
	if ((row->notes & (COMPARE_CODE | COMPARE_RUNS | COMPARE_BUILDS)) != 0 &&
	    !bytes_equal(ending(row->path), ending(row->other)))
		findings_add(k->f, RULE_GIT_MOVED, place_of(k, row->member), "%s", row->reason);
}

/* One finding for all rows of a state: names of the first few. */
static void
together(const struct looking *k, enum rule_id rule, enum compare_state state, const char *fmt,
    const char *tail)
{
	struct str names = STR_EMPTY;
	size_t count = 0;

	for (size_t i = 0; i < k->c->count; i++) {
		const struct compare_row *row = &k->c->rows[i];

		if (row->state != state || (row->notes & COMPARE_LEFT_OUT) != 0 ||
		    (row->member != FINDING_NO_MEMBER &&
			k->t->files[row->member].kind == MEMBER_DIR))
			continue;
		if (count++ < NAMES_SHOWN) {
			str_puts(&names, count > 1 ? ", " : "");
			str_append(&names, row->path.data, row->path.len);
		}
	}
	if (count > NAMES_SHOWN)
		str_printf(&names, " and %zu more", count - NAMES_SHOWN);
	if (count > 0)
		findings_add(k->f, rule, FINDING_WHOLE_FILE, "%zu %s %s: %s%s", count,
		    count == 1 ? "file" : "files", fmt, str_text(&names), tail);
	str_fini(&names);
}

/* What check-manifest calls generated. */
static bool
is_built(struct bytes path)
{
	static const char *const tails[] = { ".mo", ".pyc", ".pyo", ".so", ".pyd", "~", NULL };
	struct bytes base = check_base(path);

	for (size_t i = 0; tails[i] != NULL; i++)
		if (check_ends(base, tails[i]))
			return true;
	return bytes_is(base, "PKG-INFO") || check_holds(path, ".egg-info/") ||
	       check_starts(base, ".#") ||
	       (check_starts(base, ".") && (check_ends(base, ".swo") || check_ends(base, ".swp")));
}

static void
look_for_built(const struct looking *k)
{
	struct str names = STR_EMPTY;
	size_t count = 0;

	for (size_t i = 0; i < k->c->count; i++) {
		const struct compare_row *row = &k->c->rows[i];
		/* MISSING rows have the path of git itself. */
		struct bytes path = row->state == COMPARE_MISSING ? row->path : row->other;

		if (path.len == 0 || !is_built(path))
			continue;
		if (count++ < NAMES_SHOWN) {
			str_puts(&names, count > 1 ? ", " : "");
			str_append(&names, path.data, path.len);
		}
	}
	if (count > NAMES_SHOWN)
		str_printf(&names, " and %zu more", count - NAMES_SHOWN);
	if (count > 0)
		findings_add(k->f, RULE_GIT_BUILT, FINDING_WHOLE_FILE, "%zu %s: %s", count,
		    count == 1 ? "file" : "files", str_text(&names));
	str_fini(&names);
}

/* Setuptools takes what MANIFEST.in names; other backends have settings of their own. */
static bool
is_setuptools(const struct compare_table *t)
{
	const struct str *project = &t->kept[COMPARE_KEPT_PYPROJECT];

	return t->kind == DIST_SDIST &&
	       (project->len == 0 || strstr(str_text(project), "setuptools") != NULL ||
		   strstr(str_text(project), "build-backend") == NULL);
}

/* Bytes of the package's folder in git, with its slash: by what both sides have. */
static size_t
folder_of(const struct looking *k)
{
	for (size_t i = 0; i < k->c->members; i++) {
		struct bytes path = k->t->files[i].path, other = k->c->rows[i].other;

		if ((bytes_is(path, "pyproject.toml") || bytes_is(path, "setup.py")) &&
		    other.len > path.len &&
		    (check_ends(other, "/pyproject.toml") || check_ends(other, "/setup.py")))
			return other.len - path.len;
	}
	return 0;
}

/* "include tox.ini", "recursive-include docs *.rst". */
static void
propose(struct bytes path, struct strlist *lines)
{
	const char *slash = memchr(path.data, '/', path.len);
	struct bytes end = ending(path);
	char *line;

	if (slash == NULL)
		line = mem_printf("include %.*s", (int)path.len, path.data);
	else if (end.len > 0)
		line = mem_printf("recursive-include %.*s *.%.*s", (int)(slash - path.data),
		    path.data, (int)end.len, end.data);
	else
		line = mem_printf("recursive-include %.*s %.*s", (int)(slash - path.data),
		    path.data, (int)check_base(path).len, check_base(path).data);
	if (strlist_has(lines, line))
		free(line);
	else
		strlist_take(lines, line);
}

/* Behind the finding of files that are missing. */
static void
propose_lines(const struct looking *k, struct str *out)
{
	struct strlist lines = STRLIST_EMPTY;
	size_t folder = folder_of(k);

	for (size_t i = 0; i < k->c->count && lines.count < NAMES_SHOWN; i++) {
		const struct compare_row *row = &k->c->rows[i];

		if (row->state == COMPARE_MISSING && (row->notes & COMPARE_LEFT_OUT) == 0 &&
		    row->path.len > folder)
			propose((struct bytes) { row->path.data + folder, row->path.len - folder },
			    &lines);
	}
	if (lines.count > 0) {
		str_puts(out, "; in MANIFEST.in: ");
		strlist_join(&lines, ", ", out);
	}
	strlist_fini(&lines);
}

static void
look_at_git(const struct looking *k)
{
	struct str lines = STR_EMPTY;

	if (is_setuptools(k->t))
		propose_lines(k, &lines);
	for (size_t i = 0; i < k->c->members; i++) {
		const struct compare_row *row = &k->c->rows[i];

		if (row->state == COMPARE_ADDED)
			not_in_git(k, row);
		else if (row->state == COMPARE_MODIFIED)
			modified(k, row);
		else if (row->state == COMPARE_MOVED)
			moved(k, row);
		if (row->notes & COMPARE_POINTER)
			findings_add(k->f, RULE_GIT_POINTER, place_of(k, row->member),
			    "the file that it stands for is not here");
	}
	together(k, RULE_GIT_MISSING, COMPARE_MISSING,
	    k->t->kind == DIST_SDIST ? "of git not in the sdist"
				     : "of the packages' folders not in the wheel",
	    str_text(&lines));
	together(k, RULE_GIT_UNKNOWN, COMPARE_NONE, "not compared with git", "");
	look_for_built(k);
	str_fini(&lines);
}

static void
look_at_release(const struct looking *k)
{
	static const enum rule_id rules[] = {
		[COMPARE_DEPENDENCY] = RULE_REL_DEPENDENCY,
		[COMPARE_REQUIRES_PYTHON] = RULE_REL_METADATA,
		[COMPARE_ENTRY_POINT] = RULE_REL_ENTRY,
		[COMPARE_AUTHOR] = RULE_REL_AUTHOR,
		[COMPARE_URL] = RULE_REL_METADATA,
		[COMPARE_LICENSE] = RULE_REL_METADATA,
		[COMPARE_BACKEND] = RULE_REL_BACKEND,
		[COMPARE_GENERATOR] = RULE_REL_BACKEND,
		[COMPARE_NATIVE] = RULE_REL_BINARY,
		[COMPARE_STARTS] = RULE_REL_STARTS,
		[COMPARE_GROWTH] = RULE_REL_GROWTH,
	};
	_Static_assert(ARRAY_LEN(rules) == COMPARE_TOPIC_COUNT, "one rule a topic");

	for (size_t i = 0; i < k->c->fact_count; i++) {
		const struct compare_fact *fact = &k->c->facts[i];
		struct str text = STR_EMPTY;

		/* What is gone does nothing any more. */
		if (fact->after == NULL && fact->topic == COMPARE_ENTRY_POINT)
			continue;
		compare_fact_text(fact, &text);
		findings_add(k->f, rules[fact->topic], place_of(k, fact->member),
		    "%s (since %s)", str_text(&text), k->c->label);
		str_fini(&text);
	}
}

void
compare_findings(const struct compare_table *t, const struct comparison *git,
    const struct comparison *release, struct findings *out)
{
	struct looking k = { .t = t, .f = out };

	if (git != NULL && comparison_is_done(git)) {
		k.c = git;
		look_at_git(&k);
	}
	if (release != NULL && comparison_is_done(release)) {
		k.c = release;
		look_at_release(&k);
	}
}
