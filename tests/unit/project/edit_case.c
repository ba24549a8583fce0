/* Running one row of a table of repositories. */
#include "edit_case.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/str.h"
#include "slipway/base/strlist.h"
#include "slipway/project/packages.h"
#include "slipway/project/places.h"
#include "temp.h"

/* What a case gives to places_find(), and what comes out. */
struct run {
	struct packages packages;
	struct places places;
	struct version target[EDIT_CASE_PACKAGES];
	const struct version *targets[EDIT_CASE_PACKAGES];
	struct strlist named;
};

static void
describe(const struct places *p, struct str *out)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct place *at = &p->items[i];

		str_printf(out, "%s%s:%zu %s %s>%s%s%s", i > 0 ? ";" : "", at->file, at->line,
		    at->what, at->old_text, at->new_text != NULL ? at->new_text : "",
		    at->included ? "" : "-",
		    at->question       ? "?"
		    : at->note != NULL ? "~"
				       : "");
	}
}

static enum err_code
run(const struct edit_case *c, enum place_policy policy, const char *dir, struct run *r,
    struct err *e)
{
	const struct strlist *version_files[EDIT_CASE_PACKAGES] = { &r->named };
	enum place_policy policies[EDIT_CASE_PACKAGES] = { policy, policy, policy, policy };
	const struct place_opts opts = { .targets = r->targets,
		.version_files = version_files,
		.policies = policies,
		.today = EDIT_CASE_TODAY };
	enum err_code rc;

	*r = (struct run) { .packages = PACKAGES_EMPTY, .places = PLACES_EMPTY };
	for (size_t k = 0; k < EDIT_CASE_PACKAGES; k++) {
		if (c->target[k] != NULL) {
			cr_assert_eq(version_parse(c->target[k], &r->target[k], NULL), ERR_OK);
			r->targets[k] = &r->target[k];
		}
	}
	if (c->version_file != NULL)
		strlist_add(&r->named, c->version_file);
	rc = packages_find(dir, NULL, &r->packages, e);
	if (c->current != NULL)
		cr_assert_eq(
		    version_parse(c->current, &r->packages.items[0].version, NULL), ERR_OK);
	return rc == ERR_OK ? places_find(dir, &r->packages, &opts, &r->places, e) : rc;
}

static void
run_fini(struct run *r)
{
	for (size_t k = 0; k < EDIT_CASE_PACKAGES; k++)
		version_fini(&r->target[k]);
	strlist_fini(&r->named);
	places_fini(&r->places);
	packages_fini(&r->packages);
}

static char *
make(const struct edit_case *c)
{
	char *dir = temp_dir();

	for (size_t k = 0; k < EDIT_CASE_FILES && c->file[k].path != NULL; k++)
		temp_puts(dir, c->file[k].path, c->file[k].before);
	return dir;
}

static void
make_plan(
    const struct edit_case *c, enum place_policy policy, const char *dir, struct edit_plan *plan)
{
	struct err e = ERR_EMPTY;
	struct str got = STR_EMPTY;
	struct run r;

	cr_assert_eq(run(c, policy, dir, &r, &e), ERR_OK, "%s: %s", c->name, e.message);
	describe(&r.places, &got);
	if (c->places != NULL)
		cr_expect_str_eq(str_text(&got), c->places, "%s: %s", c->name, str_text(&got));
	cr_expect_eq(edit_plan_make(&r.places, plan, &e), ERR_OK, "%s: %s", c->name, e.message);
	str_fini(&got);
	run_fini(&r);
}

void
edit_case_plan(const struct edit_case *c, const char *dir, struct edit_plan *plan)
{
	make_plan(c, PLACE_POLICY_FLOOR, dir, plan);
}

void
edit_case_run(const struct edit_case *c)
{
	edit_case_run_by(c, PLACE_POLICY_FLOOR);
}

void
edit_case_run_by(const struct edit_case *c, enum place_policy policy)
{
	struct edit_plan plan = EDIT_PLAN_EMPTY;
	struct err e = ERR_EMPTY;
	char *dir = make(c);

	make_plan(c, policy, dir, &plan);
	cr_expect_eq(edit_apply(&plan, dir, &e), ERR_OK, "%s: %s", c->name, e.message);
	for (size_t k = 0; k < EDIT_CASE_FILES && c->file[k].path != NULL; k++) {
		char *now = temp_read(dir, c->file[k].path, NULL);

		cr_expect_str_eq(now,
		    c->file[k].after != NULL ? c->file[k].after : c->file[k].before, "%s: %s: %s",
		    c->name, c->file[k].path, now);
		free(now);
	}
	edit_plan_fini(&plan);
	temp_remove(dir);
}

char *
edit_case_error(const struct edit_case *c)
{
	struct edit_plan plan = EDIT_PLAN_EMPTY;
	struct err e = ERR_EMPTY;
	struct str out = STR_EMPTY;
	struct run r;
	char *dir = make(c);

	if (run(c, PLACE_POLICY_FLOOR, dir, &r, &e) == ERR_OK)
		edit_plan_make(&r.places, &plan, &e);
	if (e.code != ERR_OK)
		str_printf(&out, "%s | %s", e.message, e.hint);
	str_puts(&out, "");
	edit_plan_fini(&plan);
	run_fini(&r);
	temp_remove(dir);
	return str_take(&out);
}

char *
edit_case_notes(const struct edit_case *c)
{
	struct err e = ERR_EMPTY;
	struct str out = STR_EMPTY;
	struct run r;
	char *dir = make(c);

	cr_assert_eq(run(c, PLACE_POLICY_FLOOR, dir, &r, &e), ERR_OK, "%s: %s", c->name, e.message);
	for (size_t i = 0; i < r.places.count; i++)
		if (r.places.items[i].note != NULL)
			str_printf(&out, "%s:%zu %s\n", r.places.items[i].file,
			    r.places.items[i].line, r.places.items[i].note);
	str_puts(&out, "");
	run_fini(&r);
	temp_remove(dir);
	return str_take(&out);
}
