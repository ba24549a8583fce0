/* Who is asked for templates of tags, what an answer does, and where it is kept. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "ask_tag.h"
#include "keep_tag.h"
#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/project/config.h"
#include "slipway/project/edit.h"
#include "temp.h"

struct world {
	struct config config;
	struct wizard w;
	struct front_ops front;
	struct tag_question q;
	char *title; /* of the open question; NULL: none is asked */
};

static void
on_ask(void *arg, const struct question *q)
{
	mem_set(&((struct world *)arg)->title, q != NULL ? q->title : NULL);
}

/* NAMES in words; one with a template behind a "=" has it for sure, the others are in doubt. */
static void
world_init(struct world *x, const char *names, const char *guess, bool lockstep)
{
	struct release *r = &x->w.rel;

	memset(x, 0, sizeof *x);
	x->front.ask = on_ask;
	x->w.front = &x->front;
	x->w.front_arg = x;
	r->config = &x->config;
	r->lockstep = lockstep;
	r->packages = mem_zalloc(8, sizeof r->packages[0]);
	for (size_t len; *names != '\0'; names += len + (names[len] == ' ')) {
		struct release_package *p = &r->packages[r->package_count++];
		const char *sure;

		len = strcspn(names, " ");
		sure = memchr(names, '=', len);
		p->normal = mem_strndup(names, sure != NULL ? (size_t)(sure - names) : len);
		p->name = mem_strdup(p->normal);
		p->version = mem_strdup("1.0");
		p->tag_template = sure != NULL
				      ? mem_strndup(sure + 1, (size_t)(names + len - sure - 1))
				      : mem_strdup(guess);
		p->tag_doubt = sure != NULL ? NULL : mem_strdup("no tag");
		p->selected = true;
	}
}

static void
world_end(struct world *x)
{
	x->w.rel.config = NULL;
	release_fini(&x->w.rel);
	config_fini(&x->config);
	strlist_fini(&x->w.tag_answers);
	strlist_fini(&x->w.packages);
	free(x->w.tag_hint);
	free(x->w.question_error);
	tag_question_fini(&x->q);
	free(x->title);
}

/* The next question, answered with ANSWER; false when there is none. */
static bool
asked(struct world *x, const char *title, const char *answer, enum err_code expected)
{
	const struct step_ops ops = { .id = STEP_PREFLIGHT };
	struct step_run s = { .w = &x->w, .ops = &ops };
	struct err e = ERR_EMPTY;

	if (!ask_tag(&s, &x->q))
		return false;
	cr_expect_str_eq(x->title, title);
	cr_expect_eq(
	    ask_tag_answer(&x->w, &x->q, answer, &e), expected, "%s: %s", answer, e.message);
	return true;
}

Test(ask_tag, packages_in_the_same_doubt_are_asked_about_together, .fini = leak_gate)
{
	struct world x;

	world_init(&x, "core=v{version} a b c d", "{name}-v{version}", false);
	cr_expect(asked(&x, "Which tags do a, b, c and 1 more get?", "v{version}", ERR_INVALID));
	cr_expect(asked(&x, "Which tags do a, b, c and 1 more get?", "{name}@{dashed}", ERR_OK));
	cr_expect(!asked(&x, NULL, NULL, ERR_OK));
	cr_expect(x.q.changed);
	cr_expect_str_eq(x.w.rel.packages[4].tag_template, "{name}@{dashed}");
	cr_expect_str_eq(ask_tag_find(&x.w.tag_answers, "D"), "{name}@{dashed}");
	cr_expect_null(ask_tag_find(&x.w.tag_answers, "core"));
	world_end(&x);
}

Test(ask_tag, or_one_by_one, .fini = leak_gate)
{
	struct world x;

	world_init(&x, "core=v{version} a b", "{name}-v{version}", false);
	cr_expect(asked(&x, "Which tags do a and b get?", "each", ERR_OK));
	cr_expect(asked(&x, "Which tags does a get?", "v{semver}", ERR_INVALID));
	cr_expect(asked(&x, "Which tags does a get?", "{name}-v{version}", ERR_OK));
	cr_expect(asked(&x, "Which tags does b get?", "{name}-v{version}", ERR_OK));
	cr_expect(!asked(&x, NULL, NULL, ERR_OK));
	cr_expect(!x.q.changed);
	world_end(&x);

	/* A guess without a name is one package's alone; in lock step it is everybody's. */
	world_init(&x, "a b", "v{version}", false);
	cr_expect(asked(&x, "Which tags does a get?", "v{version}", ERR_OK));
	cr_expect(asked(&x, "Which tags does b get?", "v{version}", ERR_INVALID));
	cr_expect(asked(&x, "Which tags does b get?", "b{version", ERR_CONFIG));
	world_end(&x);
	world_init(&x, "a b", "v{version}", true);
	cr_expect(asked(&x, "Which tags do a and b get?", "v{version}", ERR_OK));
	cr_expect(!asked(&x, NULL, NULL, ERR_OK));
	world_end(&x);
}

Test(ask_tag, asks_nobody_about_what_is_not_released_or_only_planned, .fini = leak_gate)
{
	struct world x;
	struct str missing = STR_EMPTY;
	size_t count = 1;

	world_init(&x, "a b", "{name}-v{version}", false);
	strlist_add(&x.w.packages, "b");
	x.w.rel.packages[0].selected = false;
	ask_tag_missing(&x.w, &missing, &count);
	cr_expect_eq(count, 2);
	cr_expect_str_eq(str_text(&missing), "; which tags b gets (no tag): --tag "
					     "b='{name}-v{version}', or another template");
	x.w.mode = WIZARD_PLAN;
	cr_expect(!asked(&x, NULL, NULL, ERR_OK));
	str_fini(&missing);
	world_end(&x);
}

Test(ask_tag, a_flag_names_a_package_or_speaks_for_all, .fini = leak_gate)
{
	static const struct {
		const char *flag, *name, *template;
	} row[] = {
		{ "v{version}", "", "v{version}" },
		{ "My_Pkg=v{version}", "My_Pkg", "v{version}" },
		{ "{name}=={version}", "", "{name}=={version}" },
		{ "pkg=={version}", "", "pkg=={version}" },
		{ "a=b={version}", "a", "b={version}" },
	};
	struct strlist list = STRLIST_EMPTY;

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		ask_tag_flag(row[i].flag, &list);
		cr_assert_eq(list.count, 2);
		cr_expect_str_eq(list.items[0], row[i].name, "%s", row[i].flag);
		cr_expect_str_eq(list.items[1], row[i].template, "%s", row[i].flag);
		strlist_fini(&list);
	}
	ask_tag_flag("v{version}", &list);
	ask_tag_flag("my.pkg=p{version}", &list);
	cr_expect_str_eq(ask_tag_find(&list, "My_Pkg"), "p{version}");
	cr_expect_str_eq(ask_tag_find(&list, "other"), "v{version}");
	strlist_fini(&list);
}

Test(ask_tag, answers_are_kept_where_they_can_be_committed, .fini = leak_gate)
{
	static const struct {
		const char *flags, *config; /* NULL: no configuration */
		bool in_head;
		const char *edit, *hint; /* the file after it; NULL: none */
	} row[] = {
		{ "v{version}", NULL, true, "[release]\ntag = \"v{version}\"\n", NULL },
		{ "a=x{version}", "[release]\n", true,
		    "[release]\n\n[package.a]\ntag = \"x{version}\"\n", NULL },
		{ "v{version}", "[release]\ntag = \"r{version}\"\n", true, NULL, NULL },
		{ "v{version}", "[package.a]\ntag = \"r{version}\"\n", true,
		    "[package.a]\ntag = \"r{version}\"\n\n[package.b]\ntag = \"v{version}\"\n",
		    NULL },
		{ "v{version}", "[release]\n", false, NULL,
		    "add: [release] tag = \"v{version}\" (the configuration is not committed" },
		{ "v{version}", "release = {}\n", true, NULL, "no header of its own" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *dir = temp_dir();
		struct edit_plan plan = EDIT_PLAN_EMPTY;
		const struct edit_file *f;
		struct world x;

		world_init(&x, "a=v{version} b=v{version}", "", false);
		x.w.rel.root = mem_strdup(dir);
		x.w.config_in_head = row[i].in_head;
		ask_tag_flag(row[i].flags, &x.w.tag_answers);
		if (row[i].config != NULL) {
			temp_puts(dir, "slipway.toml", row[i].config);
			cr_assert_eq(config_load(dir, NULL, &x.config, NULL), ERR_OK);
		}
		keep_tag(&x.w, &plan);
		f = edit_plan_find(&plan, "slipway.toml");
		cr_expect_str_eq(f != NULL ? str_text(&f->after) : "-",
		    row[i].edit != NULL ? row[i].edit : "-", "%zu", i);
		cr_expect_eq(f != NULL && f->created, f != NULL && row[i].config == NULL);
		cr_expect((x.w.tag_hint != NULL) == (row[i].hint != NULL) &&
			      (row[i].hint == NULL || strstr(x.w.tag_hint, row[i].hint) != NULL),
		    "%s", x.w.tag_hint);
		edit_plan_fini(&plan);
		world_end(&x);
		temp_remove(dir);
	}
}
