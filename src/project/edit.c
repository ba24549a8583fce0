/* New bytes for files, with the proof that nothing else changed. */
#include "slipway/project/edit.h"

#include <stdlib.h>
#include <string.h>

#include "edit_prove.h"
#include "places_private.h"
#include "slipway/base/mem.h"

static bool
is_active(const struct place *place, size_t file)
{
	return place->included && place->new_text != NULL && place->at->file == file;
}

static enum err_code
edit_toml(const struct places *p, size_t file, struct str *out, struct err *e)
{
	struct toml_edit *edits = mem_zalloc(p->count, sizeof edits[0]);
	size_t count = 0;
	enum err_code rc;

	for (size_t i = 0; i < p->count; i++) {
		const struct place *place = &p->items[i];
		const struct place_at *at = place->at;

		if (is_active(place, file))
			edits[count++] = (struct toml_edit) { .node = at->node,
				.part = { (uint32_t)at->part.at,
				    (uint32_t)(at->part.at + at->part.len) },
				.text = bytes_of(place->new_text) };
	}
	rc = toml_splice(p->files[file].doc, edits, count, out, e);
	free(edits);
	return rc;
}

static int
by_position(const void *a, const void *b)
{
	const struct place_splice *x = a, *y = b;

	return (x->span.at > y->span.at) - (x->span.at < y->span.at);
}

static enum err_code
edit_plain(const struct places *p, size_t file, struct str *out, struct err *e)
{
	const struct place_file *f = &p->files[file];
	struct bytes text = { str_text(&f->text), f->text.len };
	struct place_splice *all = NULL;
	size_t count = 0, cap = 0, done = 0;
	enum err_code rc;

	for (size_t i = 0; i < p->count; i++) {
		for (size_t k = 0;
		     is_active(&p->items[i], file) && k < p->items[i].at->splice_count; k++) {
			all = mem_grow(all, &cap, count + 1, sizeof all[0]);
			all[count++] = p->items[i].at->splices[k];
		}
	}
	if (count > 0)
		qsort(all, count, sizeof all[0], by_position);
	for (size_t i = 0; i < count; i++) {
		if (all[i].span.at < done) {
			rc = err_set(e, ERR_CONFLICT, "two edits of %s meet at line %zu", f->path,
			    place_line(text, all[i].span.at));
			goto out;
		}
		str_append(out, str_text(&f->text) + done, all[i].span.at - done);
		str_puts(out, all[i].text);
		done = all[i].span.at + all[i].span.len;
	}
	str_append(out, str_text(&f->text) + done, f->text.len - done);
	rc = edit_prove(f, all, count, out, e);
out:
	free(all);
	return rc;
}

void
edit_plan_add(struct edit_plan *plan, const char *path, struct bytes before, struct bytes after)
{
	struct edit_file *f;

	plan->items = mem_grow(plan->items, &plan->cap, plan->count + 1, sizeof plan->items[0]);
	f = &plan->items[plan->count++];
	*f = (struct edit_file) { .path = mem_strdup(path), .places = 1 };
	str_append(&f->before, before.data, before.len);
	str_append(&f->after, after.data, after.len);
}

void
edit_plan_add_new(struct edit_plan *plan, const char *path, struct bytes text)
{
	edit_plan_add(plan, path, (struct bytes) { "", 0 }, text);
	plan->items[plan->count - 1].created = true;
}

struct edit_file *
edit_plan_find(const struct edit_plan *plan, const char *path)
{
	for (size_t i = 0; i < plan->count; i++)
		if (strcmp(plan->items[i].path, path) == 0)
			return &plan->items[i];
	return NULL;
}

static void
file_fini(struct edit_file *f)
{
	free(f->path);
	str_fini(&f->before);
	str_fini(&f->after);
}

void
edit_plan_drop(struct edit_plan *plan, const char *path)
{
	size_t kept = 0;

	for (size_t i = 0; i < plan->count; i++)
		if (strcmp(plan->items[i].path, path) == 0)
			file_fini(&plan->items[i]);
		else
			plan->items[kept++] = plan->items[i];
	plan->count = kept;
}

enum err_code
edit_plan_make(const struct places *places, struct edit_plan *out, struct err *e)
{
	struct edit_plan plan = EDIT_PLAN_EMPTY;
	struct str after = STR_EMPTY;
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < places->file_count; i++) {
		const struct place_file *f = &places->files[i];
		size_t count = 0;

		for (size_t k = 0; k < places->count; k++)
			count += is_active(&places->items[k], i);
		if (count == 0)
			continue;
		str_clear(&after);
		rc = f->doc != NULL ? edit_toml(places, i, &after, e)
				    : edit_plain(places, i, &after, e);
		if (rc != ERR_OK)
			goto out;
		/* A version that is released as it stands in the file. */
		if (after.len == f->text.len &&
		    memcmp(str_text(&after), str_text(&f->text), after.len) == 0)
			continue;
		edit_plan_add(&plan, f->path, (struct bytes) { str_text(&f->text), f->text.len },
		    (struct bytes) { str_text(&after), after.len });
		plan.items[plan.count - 1].places = count;
	}
	*out = plan;
	plan = (struct edit_plan)EDIT_PLAN_EMPTY;
out:
	str_fini(&after);
	edit_plan_fini(&plan);
	return rc;
}

void
edit_plan_fini(struct edit_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		file_fini(&plan->items[i]);
	free(plan->items);
	*plan = (struct edit_plan)EDIT_PLAN_EMPTY;
}
