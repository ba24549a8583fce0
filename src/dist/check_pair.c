/* Rules over a wheel and the sdist of the same release: the same metadata, the same modules. */
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "inflate.h"
#include "slipway/base/mem.h"

/* Folders in front of a package that are tried: src/, or deeper in a monorepo. */
#define FOLDERS_MAX 4

/* A way to name a file of the sdist: the whole path, or without its first folders. */
struct way {
	struct bytes name;
	size_t index, cut; /* folders */
};

struct pair {
	struct check *c;
	struct archive *sdist;
	struct way *ways; /* by name */
	size_t count, cap;
	size_t *wanted; /* by member of the sdist: the wheel's member, or FINDING_NO_MEMBER */
	uint32_t crc;
};

static int
order_ways(const void *a, const void *b)
{
	const struct way *x = a, *y = b;
	int order = bytes_order(x->name, y->name);

	if (order != 0)
		return order;
	return x->cut < y->cut ? -1 : x->cut > y->cut;
}

static void
add_ways(struct pair *p, size_t index)
{
	struct bytes name = archive_member(p->sdist, index)->name;

	/* The first folder is the one of the sdist. */
	for (size_t cut = 0; cut <= FOLDERS_MAX; cut++) {
		const char *slash = name.len > 0 ? memchr(name.data, '/', name.len) : NULL;

		if (slash == NULL)
			return;
		name.len -= (size_t)(slash + 1 - name.data);
		name.data = slash + 1;
		p->ways = mem_grow(p->ways, &p->cap, p->count + 1, sizeof p->ways[0]);
		p->ways[p->count++] = (struct way) { .name = name, .index = index, .cut = cut };
	}
}

/* The file of the sdist that is NAME at its end, with the fewest folders before it; NULL: none. */
static const struct way *
find_way(const struct pair *p, struct bytes name)
{
	struct way wanted = { .name = name, .cut = 0 };
	size_t low = 0, high = p->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (order_ways(&p->ways[mid], &wanted) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < p->count && bytes_equal(p->ways[low].name, name) ? &p->ways[low] : NULL;
}

static void
compare_modules(struct pair *p)
{
	struct check *c = p->c;

	for (size_t i = 0; i < archive_count(c->a); i++) {
		const struct member *m = archive_member(c->a, i);
		struct bytes name = check_installed_name(c, m->name);
		const struct way *way;

		if (name.len == 0 || m->kind != MEMBER_FILE || !check_ends(name, ".py"))
			continue;
		way = find_way(p, name);
		if (way == NULL)
			findings_add(c->f, RULE_PAIR_EXTRA, check_at(c, i, 0),
			    "the sdist has no such file");
		else if (archive_member(p->sdist, way->index)->size != m->size)
			findings_add(c->f, RULE_PAIR_DIFFERS, check_at(c, i, 0),
			    "%llu bytes here, %llu in the sdist", (unsigned long long)m->size,
			    (unsigned long long)archive_member(p->sdist, way->index)->size);
		else
			p->wanted[way->index] = i;
	}
}

static size_t
index_of(const struct pair *p, const struct member *m)
{
	return (size_t)(m - archive_member(p->sdist, 0));
}

static bool
begin_member(void *arg, const struct member *m)
{
	struct pair *p = arg;

	p->crc = 0;
	return p->wanted[index_of(p, m)] != FINDING_NO_MEMBER;
}

static void
member_data(void *arg, const void *data, size_t len)
{
	struct pair *p = arg;

	p->crc = inflate_crc32(p->crc, data, len);
}

static void
end_member(void *arg, const struct member *m, enum err_code rc, const struct err *why)
{
	struct pair *p = arg;
	size_t i = p->wanted[index_of(p, m)];

	(void)why;
	if (i != FINDING_NO_MEMBER && rc == ERR_OK && archive_member(p->c->a, i)->crc != p->crc)
		findings_add(p->c->f, RULE_PAIR_DIFFERS, check_at(p->c, i, 0),
		    "the sdist has it with another content");
}

static enum err_code
compare_files(struct pair *p, struct err *e)
{
	struct archive_visitor visitor = { begin_member, member_data, end_member, p };
	size_t count = archive_count(p->sdist);
	enum err_code rc;

	p->wanted = mem_zalloc(count + 1, sizeof p->wanted[0]);
	for (size_t i = 0; i < count; i++) {
		p->wanted[i] = FINDING_NO_MEMBER;
		if (archive_member(p->sdist, i)->kind == MEMBER_FILE)
			add_ways(p, i);
	}
	if (p->count > 1)
		qsort(p->ways, p->count, sizeof p->ways[0], order_ways);
	compare_modules(p);
	rc = archive_each(p->sdist, &visitor, e);
	return rc == ERR_LIMIT ? ERR_OK : rc;
}

/* The values of KEY without blanks, sorted. */
static void
collect(const struct metadata *m, enum metadata_key key, struct str *out)
{
	struct strlist values = STRLIST_EMPTY;
	const char *text;

	for (size_t at = 0; (text = metadata_next(m, key, &at)) != NULL;) {
		struct str value = STR_EMPTY;

		for (; *text != '\0'; text++)
			if (strchr(" \t\r\n", *text) == NULL)
				str_putc(&value, *text == '"' ? '\'' : *text);
		strlist_take(&values, str_take(&value));
	}
	strlist_sort(&values);
	strlist_join(&values, ", ", out);
	strlist_fini(&values);
}

static bool
is_dynamic(const struct metadata *m, enum metadata_key key)
{
	const char *text;

	for (size_t at = 0; (text = metadata_next(m, METADATA_DYNAMIC, &at)) != NULL;)
		if (metadata_key_find(bytes_of(text)) == key)
			return true;
	return false;
}

static size_t
line_of(const struct metadata *m, enum metadata_key key)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->fields[i].key == key)
			return m->fields[i].line;
	return 0;
}

/* Before 2.2 nothing said which fields a build may add, so only what both have is compared. */
static void
compare_field(struct check *c, const struct metadata *info, enum metadata_key key, bool strict)
{
	struct str ours = STR_EMPTY, theirs = STR_EMPTY;

	collect(&c->meta, key, &ours);
	collect(info, key, &theirs);
	if (strcmp(str_text(&ours), str_text(&theirs)) != 0 &&
	    (strict || (ours.len > 0 && theirs.len > 0)))
		findings_add(c->f, RULE_PAIR_METADATA,
		    check_at(c, c->meta_index, line_of(&c->meta, key)),
		    "%s: the wheel says %s, the sdist says %s", metadata_key_info(key)->header,
		    ours.len > 0 ? str_text(&ours) : "nothing",
		    theirs.len > 0 ? str_text(&theirs) : "nothing");
	str_fini(&ours);
	str_fini(&theirs);
}

static void
compare_metadata(struct check *c, const struct metadata *info)
{
	const char *version = metadata_get(info, METADATA_VERSION_);
	bool strict = version != NULL && strcmp(version, "2.2") >= 0 &&
		      check_metadata_since(c, "2.2");
	char *ours = metadata_description(&c->meta), *theirs = metadata_description(info);
	struct bytes here = bytes_trim(bytes_of(ours != NULL ? ours : ""));
	struct bytes there = bytes_trim(bytes_of(theirs != NULL ? theirs : ""));

	for (int k = 0; k < METADATA_KEY_COUNT; k++) {
		enum metadata_key key = (enum metadata_key)k;

		/* Versions may be spelled in two ways; paths of licenses begin elsewhere. */
		if (key == METADATA_VERSION_ || key == METADATA_VERSION ||
		    key == METADATA_DYNAMIC || key == METADATA_DESCRIPTION ||
		    key == METADATA_PLATFORM || is_dynamic(info, key))
			continue;
		if (strict || !metadata_key_info(key)->multiple)
			compare_field(c, info, key, strict);
	}
	if (!is_dynamic(info, METADATA_DESCRIPTION) && !bytes_equal(here, there))
		findings_add(c->f, RULE_PAIR_METADATA,
		    check_at(c, c->meta_index, c->meta.body_line),
		    "the descriptions of wheel and sdist differ");
	free(ours);
	free(theirs);
}

static enum err_code
read_info(struct archive *sdist, const char *path, struct metadata *out, struct err *e)
{
	struct dist_name name = DIST_NAME_EMPTY;
	struct str text = STR_EMPTY;
	size_t index;
	enum err_code rc = dist_name_parse(path, &name, e);

	if (rc != ERR_OK)
		goto out;
	index = dist_metadata_member(sdist, &name);
	if (index == FINDING_NO_MEMBER)
		rc = err_set(e, ERR_NOT_FOUND, "%s has no PKG-INFO in its top folder", name.file);
	else
		rc = archive_read_all(sdist, index, METADATA_MAX_BYTES, &text, e);
	if (rc == ERR_OK)
		metadata_parse(str_text(&text), text.len, out);
out:
	str_fini(&text);
	dist_name_fini(&name);
	return rc;
}

enum err_code
check_pair(struct check *c, struct err *e)
{
	struct archive_opts how = { .limits = c->opts->limits, .cancelled = c->opts->cancelled };
	struct metadata info = METADATA_EMPTY;
	struct pair p = { .c = c };
	struct err why = ERR_EMPTY;
	enum err_code rc;

	if (c->opts->sdist == NULL || c->name.kind != DIST_WHEEL ||
	    c->meta_index == FINDING_NO_MEMBER)
		return ERR_OK;
	rc = archive_open(c->opts->sdist, &how, &p.sdist, &why);
	if (rc == ERR_OK)
		rc = read_info(p.sdist, c->opts->sdist, &info, &why);
	if (rc == ERR_OK) {
		compare_metadata(c, &info);
		rc = compare_files(&p, &why);
	}
	if (rc == ERR_CANCELLED && e != NULL)
		*e = why;
	else if (rc != ERR_OK)
		/* What is wrong with it is told where it is looked at itself. */
		findings_add(c->f, RULE_PAIR_UNSEEN, FINDING_WHOLE_FILE, "%s", why.message);
	metadata_fini(&info);
	archive_close(p.sdist);
	free(p.ways);
	free(p.wanted);
	return rc == ERR_CANCELLED ? rc : ERR_OK;
}
