/* Both sides of one row, and what differs: a patch of texts, or where binary files begin to. */
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/clock.h"
#include "slipway/repo/tree.h"
#include "slipway/wizard/compare.h"

#define CONTEXT 3
#define SHOWN 256
#define LOOKED_AT 8192

struct sides {
	struct str there, here;
	bool cut_there, cut_here;
};

static bool
take(void *arg, const void *data, size_t len)
{
	str_append(arg, data, len);
	return true;
}

static enum err_code
read_member(struct archive *a, size_t index, struct str *out, bool *cut, struct err *e)
{
	const struct member *m = archive_member(a, index);
	enum err_code rc = ERR_OK;

	if (m->kind == MEMBER_HARDLINK) {
		index = archive_find(a, m->link.data, m->link.len);
		if (index == FINDING_NO_MEMBER || archive_member(a, index)->kind != MEMBER_FILE)
			return err_set(e, ERR_NOT_FOUND, "a hard link to no file");
	}
	if (m->kind == MEMBER_SYMLINK)
		str_append(out, m->link.data, m->link.len);
	else
		rc = archive_read(a, index, COMPARE_DIFF_MAX, take, out, e);
	*cut = rc == ERR_LIMIT;
	return rc == ERR_LIMIT ? ERR_OK : rc;
}

static enum err_code
read_here(const struct compared *c, const struct compare_row *row, struct sides *s, struct err *e)
{
	struct archive *a = NULL;
	enum err_code rc;

	if (row->member == FINDING_NO_MEMBER)
		return ERR_OK;
	rc = archive_open(c->path, NULL, &a, e);
	if (rc == ERR_OK && row->member >= archive_count(a))
		rc = err_set(e, ERR_CONFLICT, "%s has changed", c->table.file);
	if (rc == ERR_OK)
		rc = read_member(a, row->member, &s->here, &s->cut_here, e);
	archive_close(a);
	return rc;
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
		rc = repo_blob(repo, c->commit, path, COMPARE_DIFF_MAX, &s->there, e);
	/* Of a blob all or nothing is given. */
	s->cut_there = rc == ERR_LIMIT;
	repo_close(repo);
	free(path);
	return rc == ERR_LIMIT ? ERR_OK : rc;
}

static enum err_code
read_released(
    const struct compared *c, const struct compare_row *row, struct sides *s, struct err *e)
{
	struct archive *a = NULL;
	size_t index;
	enum err_code rc;

	if (c->before_path == NULL)
		return err_set(e, ERR_NOT_FOUND, "not compared with a release");
	rc = archive_open(c->before_path, NULL, &a, e);
	if (rc == ERR_OK) {
		index = archive_find(a, row->other.data, row->other.len);
		rc = index == FINDING_NO_MEMBER
		    ? err_set(e, ERR_CONFLICT, "%s has changed", c->before.file)
		    : read_member(a, index, &s->there, &s->cut_there, e);
	}
	archive_close(a);
	return rc;
}

static bool
is_binary(const struct str *s)
{
	return s->len > 0 && memchr(s->data, '\0', s->len < LOOKED_AT ? s->len : LOOKED_AT) != NULL;
}

static void
say_binary(const struct sides *s, struct compared_diff *d)
{
	size_t common = s->here.len < s->there.len ? s->here.len : s->there.len, first = 0, from;
	char here[32], there[32];

	while (first < common && s->here.data[first] == s->there.data[first])
		first++;
	d->binary = true;
	d->first = first;
	from = first - first % 16;
	if (from < s->here.len)
		str_append(&d->here, s->here.data + from,
		    s->here.len - from < SHOWN ? s->here.len - from : SHOWN);
	if (from < s->there.len)
		str_append(&d->there, s->there.data + from,
		    s->there.len - from < SHOWN ? s->there.len - from : SHOWN);
	str_printf(&d->summary, "not text: %s%s here, %s%s there; ",
	    size_text(s->here.len, here, sizeof here), s->cut_here ? " or more" : "",
	    s->cut_there ? "more than " : "",
	    size_text(s->cut_there ? COMPARE_DIFF_MAX : s->there.len, there, sizeof there));
	if (s->cut_there && s->there.len == 0)
		str_puts(&d->summary, "too large to be looked at");
	else if (first == s->here.len && first == s->there.len)
		str_puts(&d->summary, "no difference in what was read");
	else
		str_printf(&d->summary, "the first difference is at byte %zu", first);
}

static enum err_code
say_text(const struct sides *s, struct compared_diff *d, struct err *e)
{
	enum err_code rc = repo_diff_text((struct bytes) { str_text(&s->there), s->there.len },
	    (struct bytes) { str_text(&s->here), s->here.len }, CONTEXT, &d->patch, e);

	if (rc != ERR_OK)
		return rc;
	if (d->patch.hunk_count == 0 && !d->patch.binary)
		str_puts(&d->summary, "no line differs");
	else
		str_printf(&d->summary, "%zu %s added, %zu removed", d->patch.added,
		    d->patch.added == 1 ? "line" : "lines",
		    d->patch.deleted);
	if (d->cut)
		str_puts(&d->summary, "; only the first 2 MiB were compared");
	return ERR_OK;
}

enum err_code
compared_diff(const struct compared *c, enum compare_base base, size_t row,
    struct compared_diff *out, struct err *e)
{
	struct compared_diff d = COMPARED_DIFF_EMPTY;
	struct sides s = { .cut_here = false };
	const struct compare_row *r;
	enum err_code rc;

	if (!comparison_is_done(&c->with[base]) || row >= c->with[base].count)
		return err_set(e, ERR_NOT_FOUND, "not compared");
	r = &c->with[base].rows[row];
	rc = read_here(c, r, &s, e);
	if (rc == ERR_OK && r->other.len > 0)
		rc = base == COMPARE_GIT ? read_git(c, r, &s, e) : read_released(c, r, &s, e);
	if (rc == ERR_OK) {
		d.cut = s.cut_here || s.cut_there;
		if (is_binary(&s.here) || is_binary(&s.there) || s.cut_there)
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
	str_fini(&s.here);
	str_fini(&s.there);
	return rc;
}

void
compared_diff_fini(struct compared_diff *d)
{
	repo_patch_fini(&d->patch);
	str_fini(&d->summary);
	str_fini(&d->here);
	str_fini(&d->there);
	*d = (struct compared_diff)COMPARED_DIFF_EMPTY;
}
