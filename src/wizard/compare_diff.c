/* Both sides of one row, and what differs: a patch of texts, or where binary files begin to. */
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/dist/binary.h"
#include "slipway/dist/reading.h"
#include "slipway/os/clock.h"
#include "slipway/repo/tree.h"
#include "slipway/wizard/compare.h"

#define CONTEXT 3
#define SHOWN 256
#define LOOKED_AT 8192
/* What a binary says of itself stands at its end as well; of texts less is compared. */
#define LOADED ((size_t)32 * 1024 * 1024)

struct side {
	struct str text;
	bool cut; /* only its beginning */
};

struct sides {
	struct side there, here;
};

/* A side that is longer than what is looked at is no error: it is told. */
static enum err_code
forgive_limit(enum err_code rc, struct side *s, struct err *e)
{
	s->cut = rc == ERR_LIMIT;
	if (s->cut && e != NULL)
		err_clear(e);
	return s->cut ? ERR_OK : rc;
}

static bool
take(void *arg, const void *data, size_t len)
{
	str_append(arg, data, len);
	return true;
}

/* The member NAME of FILE: that at INDEX, or the last one when INDEX is SIZE_MAX. */
static enum err_code
read_member(struct reading *r, const char *file, size_t index, struct bytes name, struct side *s,
    struct err *e)
{
	const struct archive *a = reading_archive(r);
	const struct member *m;
	enum err_code rc = ERR_OK;

	if (index == SIZE_MAX)
		index = archive_find(a, name.data, name.len);
	if (index >= archive_count(a) || !bytes_equal(archive_member(a, index)->name, name))
		return err_set(e, ERR_CONFLICT, "%s has changed", file);
	m = archive_member(a, index);
	if (m->kind == MEMBER_HARDLINK) {
		index = archive_find(a, m->link.data, m->link.len);
		if (index == FINDING_NO_MEMBER || archive_member(a, index)->kind != MEMBER_FILE)
			return err_set(e, ERR_NOT_FOUND, "a hard link to no file");
	}
	if (m->kind == MEMBER_SYMLINK)
		str_append(&s->text, m->link.data, m->link.len);
	else
		rc = reading_read(r, index, LOADED, take, &s->text, e);
	return forgive_limit(rc, s, e);
}

static enum err_code
read_file(const char *reader, const char *path, const char *file, size_t index, struct bytes name,
    struct side *s, struct err *e)
{
	const struct reader_opts how = { .path = path, .program = reader, .no_check = true };
	struct reading *r = NULL;
	enum err_code rc = reading_open(&how, NULL, &r, e);

	if (rc == ERR_OK)
		rc = read_member(r, file, index, name, s, e);
	reading_close(r);
	return rc;
}

static enum err_code
read_here(const struct compared *c, const struct compare_row *row, struct sides *s, struct err *e)
{
	if (row->member == FINDING_NO_MEMBER)
		return ERR_OK;
	return read_file(c->reader, c->path, c->table.file, row->member, row->path, &s->here, e);
}

static enum err_code
read_git(const struct compared *c, const struct compare_row *row, struct sides *s, struct err *e)
{
	char *path = mem_strndup(row->other.data, row->other.len);
	struct repo *repo = NULL;
	enum err_code rc;

	if (c->root == NULL || c->commit == NULL)
		rc = err_set(e, ERR_NOT_FOUND, "not compared with git");
	else
		rc = repo_open(c->root, &repo, e);
	if (rc == ERR_OK)
		rc = repo_blob(repo, c->commit, path, LOADED, &s->there.text, e);
	repo_close(repo);
	free(path);
	/* Of a blob all or nothing is given. */
	return forgive_limit(rc, &s->there, e);
}

static enum err_code
read_released(
    const struct compared *c, const struct compare_row *row, struct sides *s, struct err *e)
{
	if (c->before_path == NULL)
		return err_set(e, ERR_NOT_FOUND, "not compared with a release");
	return read_file(
	    c->reader, c->before_path, c->before.file, SIZE_MAX, row->other, &s->there, e);
}

static bool
is_binary(const struct str *s)
{
	return s->len > 0 && memchr(s->data, '\0', s->len < LOOKED_AT ? s->len : LOOKED_AT) != NULL;
}

static void
say_binary(const struct sides *s, struct compared_diff *d)
{
	const struct str *a = &s->here.text, *b = &s->there.text;
	size_t common = a->len < b->len ? a->len : b->len, first = 0, from;
	char here[32], there[32];

	while (first < common && a->data[first] == b->data[first])
		first++;
	d->binary = true;
	d->cut = s->here.cut || s->there.cut;
	d->first = first;
	binary_facts((struct bytes) { str_text(a), a->len }, &d->facts_here);
	binary_facts((struct bytes) { str_text(b), b->len }, &d->facts_there);
	from = first - first % 16;
	if (from < a->len)
		str_append(&d->here, a->data + from, a->len - from < SHOWN ? a->len - from : SHOWN);
	if (from < b->len)
		str_append(
		    &d->there, b->data + from, b->len - from < SHOWN ? b->len - from : SHOWN);
	str_printf(&d->summary, "not text: %s%s here, %s%s there; ",
	    size_text(a->len, here, sizeof here), s->here.cut ? " or more" : "",
	    s->there.cut ? "more than " : "",
	    size_text(s->there.cut ? LOADED : b->len, there, sizeof there));
	if (s->there.cut && b->len == 0)
		str_puts(&d->summary, "too large to be looked at");
	else if (first == a->len && first == b->len)
		str_puts(&d->summary, "no difference in what was read");
	else
		str_printf(&d->summary, "the first difference is at byte %zu", first);
}

/* As much of a text as is compared. */
static struct bytes
beginning(struct side *s)
{
	s->cut = s->cut || s->text.len > COMPARE_DIFF_MAX;
	return (struct bytes) { str_text(&s->text),
		s->text.len < COMPARE_DIFF_MAX ? s->text.len : COMPARE_DIFF_MAX };
}

static enum err_code
say_text(struct sides *s, struct compared_diff *d, struct err *e)
{
	const struct bytes there = beginning(&s->there), here = beginning(&s->here);
	enum err_code rc = repo_diff_text(there, here, CONTEXT, &d->patch, e);

	if (rc != ERR_OK)
		return rc;
	d->cut = s->here.cut || s->there.cut;
	if (d->patch.hunk_count == 0 && !d->patch.binary)
		str_puts(&d->summary, "no line differs");
	else
		str_printf(&d->summary, "%zu %s added, %zu removed", d->patch.added,
		    d->patch.added == 1 ? "line" : "lines", d->patch.deleted);
	if (d->cut)
		str_puts(&d->summary, "; only the first 2 MiB were compared");
	return ERR_OK;
}

enum err_code
compared_diff(const struct compared *c, enum compare_base base, size_t row,
    struct compared_diff *out, struct err *e)
{
	struct compared_diff d = COMPARED_DIFF_EMPTY;
	struct sides s = { .here = { .cut = false } };
	const struct compare_row *r;
	enum err_code rc;

	if (!comparison_is_done(&c->with[base]) || row >= c->with[base].count)
		return err_set(e, ERR_NOT_FOUND, "not compared");
	r = &c->with[base].rows[row];
	rc = read_here(c, r, &s, e);
	if (rc == ERR_OK && r->other.len > 0)
		rc = base == COMPARE_GIT ? read_git(c, r, &s, e) : read_released(c, r, &s, e);
	if (rc == ERR_OK) {
		if (is_binary(&s.here.text) || is_binary(&s.there.text) || s.there.cut)
			say_binary(&s, &d);
		else
			rc = say_text(&s, &d, e);
	}
	if (rc == ERR_OK && r->reason != NULL)
		str_printf(&d.summary, " (%s)", r->reason);
	if (rc == ERR_OK)
		*out = d;
	else
		compared_diff_fini(&d);
	str_fini(&s.here.text);
	str_fini(&s.there.text);
	return rc;
}

void
compared_diff_fini(struct compared_diff *d)
{
	repo_patch_fini(&d->patch);
	str_fini(&d->summary);
	str_fini(&d->here);
	str_fini(&d->there);
	strlist_fini(&d->facts_here);
	strlist_fini(&d->facts_there);
	*d = (struct compared_diff)COMPARED_DIFF_EMPTY;
}
