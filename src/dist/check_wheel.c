/* Rules over what a wheel must and must not have: WHEEL, its folders, its tags. */
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "slipway/base/mem.h"
#include "slipway/base/strlist.h"

#define WHEEL_MAX ((size_t)1024 * 1024)
#define SCRIPTS_MAX 200

/* Products of sets grow fast; a name or Tag line that long is no tag. */
#define TAG_MAX 512
#define TAGS_MAX 4096

/* Appends the product of the three compressed sets: "py2-none-any". */
static void
expand_tags(const char *const set[3], struct strlist *out)
{
	struct strlist part[3] = { STRLIST_EMPTY, STRLIST_EMPTY, STRLIST_EMPTY };

	for (size_t i = 0; i < 3; i++) {
		const char *at = set[i];

		while (*at != '\0') {
			size_t len = strcspn(at, ".");

			strlist_take(&part[i], mem_strndup(at, len));
			at += len + (at[len] == '.');
		}
	}
	for (size_t i = 0; i < part[0].count; i++)
		for (size_t j = 0; j < part[1].count; j++)
			for (size_t k = 0; k < part[2].count && out->count < TAGS_MAX; k++)
				strlist_addf(out, "%s-%s-%s", part[0].items[i], part[1].items[j],
				    part[2].items[k]);
	for (size_t i = 0; i < 3; i++)
		strlist_fini(&part[i]);
}

/* A Tag line stands for one tag (PEP 427). poetry-core before 1.5 wrote compressed sets, which pip
 * expands as those of a file name. */
static void
take_tag(struct check *c, struct finding_place at, const char *line, struct strlist *tags)
{
	struct strlist sets = STRLIST_EMPTY;

	if (strchr(line, '.') == NULL || strlen(line) > TAG_MAX) {
		strlist_add(tags, line);
		return;
	}
	for (const char *p = line;; p++) {
		size_t len = sets.count < 2 ? strcspn(p, "-") : strlen(p);

		strlist_take(&sets, mem_strndup(p, len));
		p += len;
		if (*p == '\0')
			break;
	}
	if (sets.count == 3) {
		findings_add(c->f, RULE_WHEEL_TAGS_ODD, at,
		    "Tag %s stands for several tags: each has a line of its own", line);
		expand_tags((const char *const *)sets.items, tags);
	} else {
		strlist_add(tags, line);
	}
	strlist_fini(&sets);
}

static void
compare_tags(struct check *c, size_t index, const struct strlist *tags)
{
	struct strlist expected = STRLIST_EMPTY;

	if (strlen(c->name.file) > TAG_MAX)
		return;
	expand_tags(
	    (const char *const[]) { c->name.python, c->name.abi, c->name.platform }, &expected);
	for (size_t i = 0; i < expected.count; i++)
		if (!strlist_has(tags, expected.items[i]))
			findings_add(c->f, RULE_WHEEL_TAGS, check_at(c, index, 0),
			    "the file name stands for %s, WHEEL has no such Tag",
			    expected.items[i]);
	for (size_t i = 0; i < tags->count; i++)
		if (!strlist_has(&expected, tags->items[i]))
			findings_add(c->f, RULE_WHEEL_TAGS, check_at(c, index, 0),
			    "WHEEL has the Tag %s, the file name does not", tags->items[i]);
	strlist_fini(&expected);
}

/* Sets in the file name should be sorted, so that one wheel has one name. */
static void
check_sorted(struct check *c)
{
	/* Those of platforms are in the order of the tools that everybody uses. */
	const char *sets[] = { c->name.python, c->name.abi };

	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		struct strlist given = STRLIST_EMPTY, sorted = STRLIST_EMPTY;
		struct str text = STR_EMPTY;

		for (const char *at = sets[i]; *at != '\0'; at += strspn(at, ".")) {
			size_t len = strcspn(at, ".");

			strlist_take(&given, mem_strndup(at, len));
			at += len;
		}
		strlist_copy(&sorted, &given);
		strlist_sort(&sorted);
		strlist_join(&sorted, ".", &text);
		if (strcmp(str_text(&text), sets[i]) != 0)
			findings_add(c->f, RULE_WHEEL_TAGS_ODD, FINDING_WHOLE_FILE,
			    "the tags %s would be sorted %s", sets[i], str_text(&text));
		strlist_fini(&given);
		strlist_fini(&sorted);
		str_fini(&text);
	}
}

static void
check_wheel_fields(struct check *c, size_t index, const struct metadata *m)
{
	struct strlist tags = STRLIST_EMPTY;
	const char *version = NULL, *pure = NULL, *build = NULL;

	for (size_t i = 0; i < m->count; i++) {
		const struct metadata_field *f = &m->fields[i];

		if (bytes_is(f->name, "Wheel-Version"))
			version = f->value.data;
		else if (bytes_is(f->name, "Root-Is-Purelib"))
			pure = f->value.data;
		else if (bytes_is(f->name, "Build"))
			build = f->value.data;
		else if (bytes_is(f->name, "Tag") && strlist_has(&tags, f->value.data))
			findings_add(c->f, RULE_WHEEL_TAGS_ODD, check_at(c, index, f->line),
			    "Tag %s stands there twice", f->value.data);
		else if (bytes_is(f->name, "Tag") && tags.count < TAGS_MAX)
			take_tag(c, check_at(c, index, f->line), f->value.data, &tags);
	}
	if (version == NULL)
		findings_add(
		    c->f, RULE_WHEEL_SYNTAX, check_at(c, index, 0), "Wheel-Version is missing");
	else if (strtol(version, NULL, 10) != 1)
		findings_add(c->f, RULE_WHEEL_VERSION, check_at(c, index, 0), "Wheel-Version is %s",
		    version);
	else if (strcmp(version, "1.0") != 0)
		findings_add(
		    c->f, RULE_WHEEL_NEWER, check_at(c, index, 0), "Wheel-Version is %s", version);
	c->purelib = pure != NULL && strcmp(pure, "true") == 0;
	if (strcmp(build != NULL ? build : "", c->name.build != NULL ? c->name.build : "") != 0)
		findings_add(c->f, RULE_WHEEL_BUILD, check_at(c, index, 0),
		    "WHEEL says Build %s, the file name %s", build != NULL ? build : "nothing",
		    c->name.build != NULL ? c->name.build : "nothing");
	if (pure == NULL || (strcmp(pure, "true") != 0 && strcmp(pure, "false") != 0))
		findings_add(c->f, RULE_WHEEL_SYNTAX, check_at(c, index, 0),
		    "Root-Is-Purelib is neither true nor false");
	compare_tags(c, index, &tags);
	check_sorted(c);
	strlist_fini(&tags);
}

static void
check_wheel_file(struct check *c)
{
	size_t index = check_find(c, "%s.dist-info/WHEEL", c->name.stem);
	struct metadata m = METADATA_EMPTY;
	struct str text = STR_EMPTY;

	if (index == FINDING_NO_MEMBER) {
		findings_add(c->f, RULE_WHEEL_MISSING, FINDING_WHOLE_FILE, "no %s.dist-info/WHEEL",
		    c->name.stem);
	} else if (check_read(c, index, WHEEL_MAX, &text)) {
		metadata_parse(str_text(&text), text.len, &m);
		if (m.defects != 0 || bytes_trim(m.body).len > 0)
			findings_add(c->f, RULE_WHEEL_SYNTAX, check_at(c, index, m.bad_line),
			    "WHEEL is not a list of headers");
		check_wheel_fields(c, index, &m);
	}
	metadata_fini(&m);
	str_fini(&text);
}

/* The first part of a name, empty when it lies at the root. */
static struct bytes
top_of(struct bytes name)
{
	const char *slash = name.len > 0 ? memchr(name.data, '/', name.len) : NULL;

	return (struct bytes) { .data = name.data,
		.len = slash != NULL ? (size_t)(slash - name.data) : 0 };
}

struct folders {
	struct strlist told; /* foreign .dist-info and .data folders */
	size_t code, scripts;
};

/* Where installers put it, relative to the environment. */
static void
check_destination(struct check *c, size_t i, struct bytes rest)
{
	static const char *const heads[] = { "data/", "headers/", "scripts/" };
	static const char *const places[] = { "", "include/…/", "bin/" };
	struct finding_place at = check_at(c, i, 0);

	for (size_t k = 0; k < ARRAY_LEN(heads); k++) {
		size_t head = strlen(heads[k]);
		struct bytes tail = { .data = rest.data + head, .len = rest.len - head };

		if (!check_starts(rest, heads[k]))
			continue;
		if (k == 0 && (check_starts(tail, "bin/") || check_starts(tail, "Scripts/") ||
				  check_holds(tail, "site-packages/")))
			findings_add(c->f, RULE_RUNS_DATA, at, "it is installed as {prefix}/%.*s",
			    (int)tail.len, tail.data);
		else
			findings_add(c->f, RULE_WHEEL_DATA_ROOT, at,
			    "it is installed as {prefix}/%s%.*s", places[k], (int)tail.len,
			    tail.data);
	}
	if (c->purelib && check_starts(rest, "purelib/"))
		findings_add(
		    c->f, RULE_WHEEL_DATA_PURE, at, "the root of the wheel is purelib already");
}

static bool
take_head(void *arg, const void *data, size_t len)
{
	struct str *head = arg;

	str_append(head, data, len);
	return head->len < 256;
}

/* Installers write the right interpreter in place of "#!python" alone. */
static void
check_script(struct check *c, size_t i)
{
	struct str head = STR_EMPTY;
	struct bytes line, rest;

	if (archive_read(c->a, i, UINT64_MAX, take_head, &head, NULL) != ERR_OK)
		goto out;
	rest = (struct bytes) { .data = str_text(&head), .len = head.len };
	if (bytes_line(&rest, &line) && check_starts(line, "#!") && check_holds(line, "python") &&
	    !bytes_is(line, "#!python") && !bytes_is(line, "#!pythonw"))
		findings_add(c->f, RULE_WHEEL_SCRIPT, check_at(c, i, 1), "it begins with %.*s",
		    (int)(line.len < 100 ? line.len : 100), line.data);
out:
	str_fini(&head);
}

static void
check_data_folder(struct check *c, struct folders *seen, size_t i, struct bytes rest)
{
	static const char *const keys[] = { "purelib/", "platlib/", "headers/", "scripts/", "data/",
		NULL };
	const char *const *key = keys;

	while (*key != NULL && !check_starts(rest, *key))
		key++;
	if (*key == NULL && rest.len > 0)
		findings_add(c->f, RULE_WHEEL_DATA_KEY, check_at(c, i, 0),
		    "it is not below purelib, platlib, headers, scripts or data");
	else
		check_destination(c, i, rest);
	if (check_starts(rest, "scripts/") && seen->scripts++ < SCRIPTS_MAX &&
	    archive_member(c->a, i)->kind == MEMBER_FILE)
		check_script(c, i);
	seen->code++;
}

static void
check_foreign(struct check *c, struct folders *seen, struct bytes top, const char *ending, size_t i)
{
	char *text = mem_strndup(top.data, top.len);
	char *own = mem_printf("%s%s", c->name.stem, ending);

	if (strcmp(text, own) != 0 && !strlist_has(&seen->told, text)) {
		strlist_add(&seen->told, text);
		findings_add(c->f, RULE_WHEEL_DIST_INFO, check_at(c, i, 0),
		    "the folder should be named %s", own);
	}
	free(text);
	free(own);
}

static void
check_one_member(struct check *c, struct folders *seen, size_t i)
{
	static const char *const forbidden[] = { "INSTALLER", "REQUESTED", "direct_url.json",
		NULL };
	static const char *const common[] = { ".eggs", ".nox", ".tox", ".venv", "app", "build",
		"cli", "data", "dist", "doc", "docs", "example", "examples", "lib", "scripts",
		"src", "test", "tests", "venv", NULL };
	struct bytes name = archive_member(c->a, i)->name, top = top_of(name);
	struct bytes rest = { .data = name.data + top.len + (top.len > 0),
		.len = name.len - top.len - (top.len > 0) };

	if (check_ends(top, ".dist-info")) {
		check_foreign(c, seen, top, ".dist-info", i);
		for (const char *const *f = forbidden; *f != NULL; f++)
			if (bytes_is(rest, *f))
				findings_add(c->f, RULE_WHEEL_FORBIDDEN, check_at(c, i, 0),
				    "written by an installer");
		return;
	}
	if (check_ends(top, ".data")) {
		check_foreign(c, seen, top, ".data", i);
		check_data_folder(c, seen, i, rest);
		return;
	}
	seen->code++;
	for (const char *const *f = common; *f != NULL; f++) {
		if (!bytes_is(top, *f) || strlist_has(&seen->told, *f))
			continue;
		strlist_add(&seen->told, *f);
		findings_add(
		    c->f, RULE_LEFT_TOP_LEVEL, check_at(c, i, 0), "top-level folder %s", *f);
	}
}

static void
check_folders(struct check *c)
{
	struct folders seen = { .told = STRLIST_EMPTY };

	for (size_t i = 0; i < archive_count(c->a); i++)
		if (archive_member(c->a, i)->kind != MEMBER_DIR)
			check_one_member(c, &seen, i);
	c->other_code = seen.code > 0;
	if (seen.code == 0 && archive_count(c->a) > 0)
		findings_add(
		    c->f, RULE_WHEEL_EMPTY, FINDING_WHOLE_FILE, "nothing but metadata is in it");
	strlist_fini(&seen.told);
}

/* Anything behind the first file of .dist-info that does not belong there. */
static void
check_order(struct check *c)
{
	size_t info = FINDING_NO_MEMBER;

	for (size_t i = 0; i < archive_count(c->a); i++) {
		const struct member *m = archive_member(c->a, i);

		if (m->kind == MEMBER_DIR || m->hidden)
			continue;
		if (check_ends(top_of(m->name), ".dist-info")) {
			info = i;
		} else if (info != FINDING_NO_MEMBER) {
			findings_add(c->f, RULE_WHEEL_ORDER, check_at(c, i, 0),
			    "it lies behind %.*s", (int)archive_member(c->a, info)->name.len,
			    archive_member(c->a, info)->name.data);
			return;
		}
	}
}

void
check_wheel(struct check *c)
{
	if (c->name.stem == NULL)
		return;
	check_wheel_file(c);
	check_folders(c);
	check_order(c);
	check_contents(c);
}
