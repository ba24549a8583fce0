/* The order of the rules, and what they share. */
#include "check_priv.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"

#define MIB ((uint64_t)1024 * 1024)

bool
check_ends(struct bytes b, const char *tail)
{
	size_t len = strlen(tail);

	return b.len >= len && memcmp(b.data + b.len - len, tail, len) == 0;
}

bool
check_starts(struct bytes b, const char *head)
{
	size_t len = strlen(head);

	return b.len >= len && memcmp(b.data, head, len) == 0;
}

bool
check_holds(struct bytes b, const char *part)
{
	size_t len = strlen(part);

	for (size_t i = 0; i + len <= b.len; i++)
		if (memcmp(b.data + i, part, len) == 0)
			return true;
	return false;
}

struct bytes
check_base(struct bytes name)
{
	size_t at = name.len;

	while (at > 0 && name.data[at - 1] != '/')
		at--;
	return (struct bytes) { .data = name.data + at, .len = name.len - at };
}

size_t
check_find(const struct check *c, const char *fmt, ...)
{
	struct str path = STR_EMPTY;
	va_list args;
	size_t index;

	va_start(args, fmt);
	str_vprintf(&path, fmt, args);
	va_end(args);
	index = archive_find(c->a, str_text(&path), path.len);
	str_fini(&path);
	if (index != FINDING_NO_MEMBER && archive_member(c->a, index)->kind != MEMBER_FILE)
		index = FINDING_NO_MEMBER;
	return index;
}

struct finding_place
check_at(const struct check *c, size_t index, size_t line)
{
	return archive_place(c->a, index, line);
}

bool
check_read(struct check *c, size_t index, size_t max, struct str *out)
{
	struct err e = ERR_EMPTY;
	enum err_code rc = archive_read_all(c->a, index, max, out, &e);

	if (rc == ERR_OK || rc == ERR_CANCELLED || rc == ERR_IO)
		return rc == ERR_OK;
	if (rc == ERR_LIMIT)
		findings_add(c->f, RULE_LIMIT, check_at(c, index, 0), "%s", e.message);
	else if (c->name.kind == DIST_SDIST)
		/* In a wheel the pass over all contents says so. */
		findings_add(c->f, RULE_DATA_DAMAGED, check_at(c, index, 0), "%s", e.message);
	return false;
}

bool
check_same_version(const struct check *c, const char *a, const char *b)
{
	char *x, *y;
	bool same;

	if (strcmp(a, b) == 0 || c->opts->normal_version == NULL)
		return strcmp(a, b) == 0;
	x = c->opts->normal_version(a);
	y = c->opts->normal_version(b);
	same = x != NULL && y != NULL && strcmp(x, y) == 0;
	free(x);
	free(y);
	return same;
}

static void
check_sizes(struct check *c)
{
	uint64_t file = archive_file_size(c->a), total = 0;

	for (size_t i = 0; i < archive_count(c->a); i++) {
		uint64_t size = archive_member(c->a, i)->size;

		total = size > UINT64_MAX - total ? UINT64_MAX : total + size;
	}
	/* The index looks at zips alone; a tar of that kind is as little meant. */
	if (total > 64 * MIB && total / 50 > file)
		findings_add(c->f, RULE_FILE_BOMB, FINDING_WHOLE_FILE, "%llu bytes unpack to %llu",
		    (unsigned long long)file, (unsigned long long)total);
	if (file > 100 * MIB)
		findings_add(c->f, RULE_FILE_TOO_LARGE, FINDING_WHOLE_FILE, "%llu MiB",
		    (unsigned long long)(file / MIB));
	if (archive_count(c->a) == 0 && archive_is_complete(c->a))
		findings_add(
		    c->f, RULE_FILE_EMPTY, FINDING_WHOLE_FILE, "the archive lists no file");
}

static void
read_metadata(struct check *c)
{
	struct str text = STR_EMPTY;

	if (c->name.stem != NULL || c->name.kind == DIST_SDIST)
		c->meta_index = dist_metadata_member(c->a, &c->name);
	if (c->meta_index != FINDING_NO_MEMBER) {
		if (check_read(c, c->meta_index, METADATA_MAX_BYTES, &text))
			metadata_parse(str_text(&text), text.len, &c->meta);
		else
			c->meta_index = FINDING_NO_MEMBER;
	} else if (c->name.kind == DIST_WHEEL) {
		findings_add(c->f, RULE_META_MISSING, FINDING_WHOLE_FILE,
		    "no %s.dist-info/METADATA",
		    c->name.stem != NULL ? c->name.stem : "{name}-{version}");
	}
	str_fini(&text);
}

static enum err_code
run(struct check *c, const char *path, struct err *e)
{
	enum err_code rc;

	check_sizes(c);
	check_names(c);
	if (c->name.kind == DIST_SDIST)
		check_sdist(c);
	read_metadata(c);
	check_file_name(c);
	if (c->meta_index != FINDING_NO_MEMBER) {
		check_metadata(c);
		check_licenses(c);
	}
	if (c->name.kind == DIST_WHEEL) {
		check_platform(c);
		check_wheel(c);
		check_entry_points(c);
	}
	check_runs(c);
	rc = check_pair(c, e);
	return rc == ERR_OK ? check_pass(c, path, e) : rc;
}

/* A name that is malformed is a finding, as long as its ending says what it is. */
static enum err_code
parse_name(struct check *c, const char *path, struct err *e)
{
	struct err why = ERR_EMPTY;
	enum err_code rc = dist_name_parse(path, &c->name, &why);

	if (rc == ERR_INVALID) {
		c->name.kind = text_ends(path, ".whl") ? DIST_WHEEL : DIST_SDIST;
		findings_add(c->f, RULE_FILE_NAME, FINDING_WHOLE_FILE, "%s", why.message);
		return ERR_OK;
	}
	if (rc != ERR_OK && e != NULL)
		*e = why;
	return rc;
}

enum err_code
dist_check_archive(const char *path, struct archive *a, const struct dist_check_opts *opts,
    struct findings *findings, struct archive_facts *facts, struct err *e)
{
	static const struct dist_check_opts defaults = { .limits = NULL };
	struct findings found = FINDINGS_EMPTY;
	struct archive_facts own = ARCHIVE_FACTS_EMPTY; /* when they are for the hashes alone */
	struct check c = { .opts = opts != NULL ? opts : &defaults,
		.a = a,
		.f = &found,
		.facts = facts,
		.meta_index = FINDING_NO_MEMBER };
	enum err_code rc;

	if (c.facts == NULL && c.opts->hashes)
		c.facts = &own;
	rc = parse_name(&c, path, e);
	if (rc == ERR_OK)
		rc = run(&c, path, e);
	if (rc != ERR_OK)
		goto out;
	if (archive_verify_unchanged(c.a, NULL) != ERR_OK)
		findings_add(
		    &found, RULE_CHANGED, FINDING_WHOLE_FILE, "size or time of the file changed");
	findings_copy(findings, archive_findings(c.a));
	findings_take(findings, &found);
	findings_close(findings);
	if (c.opts->not_for_pypi) {
		findings_lower(findings, RULE_FILE_NOT_NORMAL);
		findings_lower(findings, RULE_FILE_PLATFORM);
		findings_lower(findings, RULE_META_OLD_CLASSIFIER);
		findings_lower(findings, RULE_META_PRIVATE);
		findings_lower(findings, RULE_CODE_PACKED);
	}
	findings_sort(findings);
	if (c.opts->hashes)
		check_hashes(&c, path, findings);
out:
	archive_facts_fini(&own);
	findings_fini(&found);
	metadata_fini(&c.meta);
	dist_name_fini(&c.name);
	free(c.root);
	return rc;
}

enum err_code
dist_check(
    const char *path, const struct dist_check_opts *opts, struct findings *findings, struct err *e)
{
	static const struct dist_check_opts defaults = { .limits = NULL };
	const struct dist_check_opts *o = opts != NULL ? opts : &defaults;
	struct archive_opts how = { .limits = o->limits,
		.cancelled = o->cancelled,
		.progress = o->progress,
		.progress_arg = o->progress_arg };
	struct archive *a = NULL;
	enum err_code rc;

	rc = archive_open(path, &how, &a, e);
	if (rc == ERR_OK)
		rc = dist_check_archive(path, a, o, findings, NULL, e);
	archive_close(a);
	return rc;
}
