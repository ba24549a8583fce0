/* Patches of libgit2, line by line. */
#include "patch_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/project/edit.h"
#include "slipway/repo/diff.h"

#define CONTEXT 3

/* A line of the patch, or the head of a hunk. */
struct row {
	const struct repo_line *line;
	const struct repo_hunk *hunk;
};

struct patch_lines {
	struct repo_patch patch;
	struct row *rows;
	size_t count, cap;
	char head[96];
};

static void
lines_free(struct patch_lines *l)
{
	if (l == NULL)
		return;
	repo_patch_fini(&l->patch);
	free(l->rows);
	free(l);
}

void
patch_view_fini(struct patch_view *v)
{
	lines_free(v->lines);
	memset(v, 0, sizeof *v);
}

static void
line_at(void *arg, size_t index, struct pager_line *out)
{
	struct patch_lines *l = arg;
	const struct repo_line *line = l->rows[index].line;

	*out = (struct pager_line) { .role = ROLE_HUNK, .sign = " " };
	if (line == NULL) {
		repo_hunk_header(l->rows[index].hunk, l->head, sizeof l->head);
		out->text = bytes_of(l->head);
		return;
	}
	out->text = line->text;
	snprintf(out->gutter, sizeof out->gutter, "%5zu ",
	    line->kind == REPO_LINE_DEL ? line->old_line : line->new_line);
	switch (line->kind) {
	case REPO_LINE_CONTEXT:
		out->role = ROLE_TEXT;
		break;
	case REPO_LINE_ADD:
		out->role = ROLE_ADDED;
		out->sign = "+";
		break;
	case REPO_LINE_DEL:
		out->role = ROLE_REMOVED;
		out->sign = "−";
		break;
	}
}

static void
add(struct patch_lines *l, const struct repo_line *line, const struct repo_hunk *hunk)
{
	l->rows = mem_grow(l->rows, &l->cap, l->count + 1, sizeof *l->rows);
	l->rows[l->count++] = (struct row) { line, hunk };
}

void
patch_view_take(struct patch_view *v, struct repo_patch *patch)
{
	struct patch_lines *l = mem_zalloc(1, sizeof *l);

	patch_view_fini(v);
	v->lines = l;
	l->patch = *patch;
	*patch = (struct repo_patch)REPO_PATCH_EMPTY;
	for (size_t i = 0; i < l->patch.hunk_count; i++) {
		const struct repo_hunk *h = &l->patch.hunks[i];

		add(l, NULL, h);
		for (size_t k = 0; k < h->count; k++)
			add(l, &l->patch.lines[h->first + k], h);
	}
	v->pager = (struct pager) { .fn = line_at, .arg = l, .count = l->count };
}

void
patch_view_set(struct patch_view *v, struct bytes before, struct bytes after)
{
	struct repo_patch patch = REPO_PATCH_EMPTY;

	if (repo_diff_text(before, after, CONTEXT, &patch, NULL) != ERR_OK)
		patch = (struct repo_patch)REPO_PATCH_EMPTY;
	patch_view_take(v, &patch);
}

void
patch_view_go_to(struct patch_view *v, size_t number, int rows)
{
	size_t half = rows > 2 ? (size_t)rows / 2 : 0;

	for (size_t i = 0; v->lines != NULL && i < v->lines->count; i++) {
		const struct repo_line *line = v->lines->rows[i].line;

		if (line == NULL || line->new_line < number || line->kind == REPO_LINE_DEL)
			continue;
		pager_go_to(&v->pager, i > half ? i - half : 0);
		return;
	}
}

void
patch_view_draw(struct patch_view *v, struct region r)
{
	if (v->lines != NULL && v->lines->count > 0)
		pager_draw(&v->pager, r);
	else
		region_text(r, 0, 0, ROLE_DIM, "No change in this file.");
}

void
patch_unified(const struct edit_plan *plan, struct str *out)
{
	for (size_t i = 0; plan != NULL && i < plan->count; i++) {
		const struct edit_file *f = &plan->items[i];
		struct repo_patch patch = REPO_PATCH_EMPTY;
		struct bytes before = { str_text(&f->before), f->before.len };
		struct bytes after = { str_text(&f->after), f->after.len };

		if (repo_diff_text(before, after, CONTEXT, &patch, NULL) == ERR_OK)
			repo_patch_unified(&patch, f->path, out);
		repo_patch_fini(&patch);
	}
}
