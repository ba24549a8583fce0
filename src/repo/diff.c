/* Patches as hunks and lines, owned by the caller and independent of any repository. */
#include "slipway/repo/diff.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "git2_wrap.h"
#include "repo_private.h"
#include "slipway/base/mem.h"

void
patch_add_hunk(struct repo_patch *p, const struct repo_hunk *hunk)
{
	if (p->cut)
		return;
	p->hunks = mem_grow(p->hunks, &p->hunk_cap, p->hunk_count + 1, sizeof p->hunks[0]);
	p->hunks[p->hunk_count] = *hunk;
	p->hunks[p->hunk_count].first = p->line_count;
	p->hunks[p->hunk_count++].count = 0;
}

void
patch_add_line(
    struct repo_patch *p, enum repo_line_kind kind, const struct repo_line *line, size_t max)
{
	struct bytes text = line->text;

	assert(p->hunk_count > 0);
	if (p->line_count >= max)
		p->cut = true;
	if (p->cut)
		return;
	if (text.len > 0 && text.data[text.len - 1] == '\n')
		text.len--;
	p->lines = mem_grow(p->lines, &p->line_cap, p->line_count + 1, sizeof p->lines[0]);
	p->lines[p->line_count++] = (struct repo_line){
		.kind = kind, .old_line = line->old_line, .new_line = line->new_line,
		.text = { .data = NULL, .len = text.len },
	};
	p->hunks[p->hunk_count - 1].count++;
	str_append(&p->text, text.data, text.len);
}

void
patch_end_without_eol(struct repo_patch *p)
{
	if (p->line_count > 0 && !p->cut)
		p->lines[p->line_count - 1].no_eol = true;
}

/* The text moved while it grew, so that the lines can point into it only now. */
void
patch_finish(struct repo_patch *p)
{
	const char *at = str_text(&p->text);

	for (size_t i = 0; i < p->line_count; i++) {
		p->lines[i].text.data = at;
		at += p->lines[i].text.len;
	}
}

enum err_code
repo_diff_text(struct bytes old_text, struct bytes new_text, size_t context, struct repo_patch *out,
    struct err *e)
{
	struct repo_patch p = REPO_PATCH_EMPTY;
	enum err_code	  rc = git2_diff_text(old_text, new_text, context, &p, e);

	if (rc == ERR_OK)
		*out = p;
	else
		repo_patch_fini(&p);
	return rc;
}

void
repo_patch_fini(struct repo_patch *p)
{
	free(p->hunks);
	free(p->lines);
	str_fini(&p->text);
	*p = (struct repo_patch)REPO_PATCH_EMPTY;
}

/* A count of 1 is left out, as diff and git do. */
static void
put_range(struct str *out, char sign, size_t start, size_t count)
{
	if (count == 1)
		str_printf(out, "%c%zu", sign, start);
	else
		str_printf(out, "%c%zu,%zu", sign, start, count);
}

static void
put_header(const struct repo_hunk *h, struct str *out)
{
	str_puts(out, "@@ ");
	put_range(out, '-', h->old_start, h->old_count);
	str_putc(out, ' ');
	put_range(out, '+', h->new_start, h->new_count);
	str_puts(out, " @@");
}

const char *
repo_hunk_header(const struct repo_hunk *h, char *buf, size_t size)
{
	struct str text = STR_EMPTY;

	put_header(h, &text);
	snprintf(buf, size, "%s", str_text(&text));
	str_fini(&text);
	return buf;
}

void
repo_patch_unified(const struct repo_patch *p, const char *path, struct str *out)
{
	static const char sign[] = {
		[REPO_LINE_CONTEXT] = ' ', [REPO_LINE_ADD] = '+', [REPO_LINE_DEL] = '-'
	};

	if (p->hunk_count == 0)
		return;
	str_printf(out, "--- a/%s\n+++ b/%s\n", path, path);
	for (size_t i = 0; i < p->hunk_count; i++) {
		put_header(&p->hunks[i], out);
		str_putc(out, '\n');
		for (size_t n = 0; n < p->hunks[i].count; n++) {
			const struct repo_line *line = &p->lines[p->hunks[i].first + n];

			str_putc(out, sign[line->kind]);
			str_append(out, line->text.data, line->text.len);
			str_puts(out, line->no_eol ? "\n\\ No newline at end of file\n" : "\n");
		}
	}
}

static void
add_file(void *arg, enum repo_change change, const char *old_path, const char *new_path,
    struct repo_patch *patch)
{
	struct repo_diff *d = arg;

	d->files = mem_grow(d->files, &d->cap, d->count + 1, sizeof d->files[0]);
	d->files[d->count++] = (struct repo_file_diff) {
		.change = change,
		.old_path = mem_strdup(old_path),
		.new_path = mem_strdup(new_path),
		.patch = *patch,
	};
	*patch = (struct repo_patch)REPO_PATCH_EMPTY;
}

enum err_code
repo_diff_commits(
    struct repo *r, const struct repo_diff_opts *opts, struct repo_diff *out, struct err *e)
{
	struct repo_diff      d = REPO_DIFF_EMPTY;
	struct repo_diff_opts o = *opts;
	enum err_code	      rc;

	o.max_files = o.max_files > 0 ? o.max_files : 1000;
	o.max_lines = o.max_lines > 0 ? o.max_lines : 20000;
	rc = git2_diff(r->git2, &o, add_file, &d, &d.total, e);
	if (rc == ERR_OK)
		*out = d;
	else
		repo_diff_fini(&d);
	return rc;
}

void
repo_diff_fini(struct repo_diff *d)
{
	for (size_t i = 0; i < d->count; i++) {
		free(d->files[i].old_path);
		free(d->files[i].new_path);
		repo_patch_fini(&d->files[i].patch);
	}
	free(d->files);
	*d = (struct repo_diff)REPO_DIFF_EMPTY;
}
