/* The plan: which effects a release has, in their order. One place, so that plan, confirm, publish
 * and resume cannot disagree. */
#include "plan.h"

#include <stdlib.h>

#include "effect.h"
#include "slipway/base/mem.h"
#include "slipway/project/version.h"

bool
plan_publishes(const struct wizard *w)
{
	struct version v = VERSION_EMPTY;
	bool pre;

	if (w->rel.candidate != NULL)
		return false;
	if (w->rel.version == NULL || version_parse(w->rel.version, &v, NULL) != ERR_OK)
		return false;
	pre = version_is_pre(&v);
	version_fini(&v);
	return !pre;
}

static void
add_uploads(struct wizard *w, enum step_id step, enum index_role role)
{
	const struct release *r = &w->rel;
	const char *where = role == INDEX_TEST ? "test" : "production";

	if (r->index[role].name == NULL)
		return;
	for (size_t i = 0; i < r->file_count; i++) {
		char *key = mem_printf("upload %s %s", where, r->files[i].name);

		effects_add(w, &effect_upload, step, key, i, role);
		free(key);
	}
	for (size_t i = 0; i < r->package_count && r->file_count == 0; i++) {
		char *key = mem_printf("upload %s package %s", where, r->packages[i].normal);

		if (r->packages[i].selected)
			effects_add(w, &effect_upload_later, step, key, i, role);
		free(key);
	}
}

static void
add_tags(struct wizard *w)
{
	const struct release *r = &w->rel;

	for (size_t i = 0; i < r->package_count; i++) {
		char *key;

		if (!r->packages[i].selected || r->packages[i].tag_new == NULL)
			continue;
		/* In lock step all have the same tag: effects_add() keeps one. */
		key = mem_printf("tag %s", r->packages[i].tag_new);
		effects_add(w, &effect_tag, STEP_PUBLISH, key, i, INDEX_PRODUCTION);
		free(key);
	}
}

void
plan_add_copies(struct wizard *w)
{
	const struct release *r = &w->rel;

	for (size_t i = 0; i < r->package_count; i++) {
		char *key = mem_printf("copy %s", r->packages[i].normal);

		if (r->packages[i].selected)
			effects_add(w, &effect_copy_dist, STEP_LIVE, key, i, INDEX_PRODUCTION);
		free(key);
	}
}

void
plan_make(struct wizard *w)
{
	const struct release *r = &w->rel;

	if (r->version == NULL)
		return;
	if (r->file_count > 0)
		effects_drop_op(w, &effect_upload_later);
	effects_add(w, &effect_commit, STEP_COMMIT, "commit", 0, INDEX_PRODUCTION);
	/* A dry run ends before anything leaves this machine. */
	if (!w->dry_run) {
		add_uploads(w, STEP_REHEARSE, INDEX_TEST);
		add_tags(w);
		if (r->remote != NULL)
			effects_add(
			    w, &effect_push_check, STEP_PUBLISH, "push check", 0, INDEX_PRODUCTION);
		if (plan_publishes(w))
			add_uploads(w, STEP_PUBLISH, INDEX_PRODUCTION);
		effects_add(w, &effect_branch, STEP_PUBLISH, "branch", 0, INDEX_PRODUCTION);
		if (r->remote != NULL)
			effects_add(w, &effect_push, STEP_PUBLISH, "push", 0, INDEX_PRODUCTION);
		if (plan_publishes(w))
			plan_add_copies(w);
	}
	effects_order(w);
	effects_publish_plan(w);
}
