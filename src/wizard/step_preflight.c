/* Preflight: looks at everything a release needs, side by side, before anything is asked or
 * changed. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ask_tag.h"
#include "indexes.h"
#include "policy.h"
#include "preflight.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/fs.h"

struct preflight {
	struct step_run *s;
	struct check checks[CHECK_COUNT];
	size_t left;
	struct tag_question tag;
};

static const struct {
	const char *id, *label;
	bool can_leave_out;
} table[] = {
	[CHECK_REPOSITORY] = { "repository", "repository", false },
	[CHECK_BRANCH] = { "branch", "branch", false },
	[CHECK_CLEAN_TREE] = { "clean-tree", "clean tree", true },
	[CHECK_REMOTE] = { "remote", "remote", false },
	[CHECK_IDENTITY] = { "identity", "identity", false },
	[CHECK_PYTHON] = { "python", "python", false },
	[CHECK_TAG] = { "tag", "tag", false },
	[CHECK_DOTENV] = { "dotenv", ".env", false },
	[CHECK_TOKEN_PRODUCTION] = { "token", "token", false },
	[CHECK_TOKEN_TEST] = { "token-test", "token (test)", false },
	[CHECK_INDEX_PRODUCTION] = { "index", "index", false },
	[CHECK_INDEX_TEST] = { "index-test", "test index", false },
	[CHECK_CI] = { "ci", "CI", false },
	[CHECK_NEWS] = { "news", "news", false },
};
_Static_assert(ARRAY_LEN(table) == CHECK_COUNT, "one row per check");

struct check *
preflight_check(struct preflight *p, enum check_id id)
{
	return &p->checks[id];
}

static size_t
count(const struct release *r, enum sign sign)
{
	size_t n = 0;

	for (size_t i = 0; i < r->line_count; i++)
		n += r->lines[i].sign == sign;
	return n;
}

static void
ask_on(struct step_run *s)
{
	static const struct question_option options[] = {
		{ "go-on", "go on", NULL },
		{ "leave", "leave", "nothing has been changed" },
	};
	const struct question q = {
		.id = ASK_PREFLIGHT,
		.step = STEP_PREFLIGHT,
		.kind = QUESTION_CHOICE,
		.title = "Ready. Nothing has been changed.",
		.options = options,
		.option_count = ARRAY_LEN(options),
		.preset = "go-on",
		.undoable = true,
		.flag = "--yes",
	};

	step_ask(s, &q);
}

/* Every failed line in one error: a script learns of all of them at once. */
static void
describe_failures(const struct step_run *s, struct err *e)
{
	const struct release *r = &s->w->rel;
	struct str text = STR_EMPTY;
	const char *hint = NULL;

	for (size_t i = 0; i < r->line_count; i++) {
		if (r->lines[i].sign != SIGN_BAD)
			continue;
		str_printf(&text, "%s%s: %s", text.len > 0 ? "; " : "", r->lines[i].label,
		    r->lines[i].text);
		if (hint == NULL)
			hint = r->lines[i].hint;
	}
	err_set(e, ERR_FAILED, "%s", str_text(&text));
	/* One failure keeps its own code: a broken configuration is exit 2, not 1. */
	if (count(r, SIGN_BAD) == 1 && s->w->survey_err.code != ERR_OK)
		e->code = s->w->survey_err.code;
	if (hint != NULL)
		err_hint(e, "%s", hint);
	str_fini(&text);
}

static const struct question_option dirty_options[] = {
	{ "leave-out", "leave out what is not committed",
	    "the release is made from the last commit; your files stay as they are" },
};

static void
all_ended(struct step_run *s)
{
	struct wizard *w = s->w;
	bool dirty = w->rel.lines[CHECK_CLEAN_TREE].sign == SIGN_BAD;
	struct err e = ERR_EMPTY;

	err_clear(&w->plan_err);
	if (count(&w->rel, SIGN_BAD) > 0)
		describe_failures(s, &w->plan_err);
	/* A plan goes on to the version where it can, and fails at its end. */
	if (w->plan_err.code != ERR_OK &&
	    (w->mode != WIZARD_PLAN || w->rel.package_count == 0 || w->survey_err.code != ERR_OK))
		step_fail(s, &w->plan_err, ASK_PREFLIGHT, dirty_options, dirty ? 1 : 0);
	else if (policy_missing(w, &e) != ERR_OK)
		wizard_finish(w, &e);
	else if (!ask_tag(s, &((struct preflight *)s->priv)->tag))
		ask_on(s);
}

/* Other templates mean other commits since the last tag: the repository is read again. */
static void
answer_tag(struct step_run *s, const char *text)
{
	struct preflight *p = s->priv;
	struct err e = ERR_EMPTY;

	if (ask_tag_answer(s->w, &p->tag, text, &e) != ERR_OK)
		step_refuse(s, "%s", e.message);
	else if (ask_tag(s, &p->tag))
		return;
	else if (p->tag.changed)
		step_again(s);
	else
		ask_on(s);
}

static void
end_line(struct check *c, enum sign sign, struct str *text, const char *hint)
{
	struct preflight *p = c->p;
	struct check_line *line = &c->w->rel.lines[c->id];
	struct str safe = STR_EMPTY;

	if (c->ended) {
		str_fini(text);
		return;
	}
	if (c->stop != NULL)
		c->stop(c);
	c->stop = NULL;
	c->priv = NULL;
	c->ended = true;
	if (c->id == CHECK_NEWS)
		c->w->rel.line_count = CHECK_COUNT;
	line->sign = sign;
	free(line->text);
	line->text = str_take(text);
	if (hint != NULL) {
		sanitise(hint, strlen(hint), &safe);
		free(line->hint);
		line->hint = str_take(&safe);
	}
	line->elapsed_ms = loop_now_ms(c->w->loop) - c->started_ms;
	step_changed(p->s);
	if (--p->left == 0)
		all_ended(p->s);
}

void
preflight_nothing_to_say(struct check *c)
{
	struct preflight *p = c->p;

	c->ended = true;
	if (--p->left == 0)
		all_ended(p->s);
}

void
check_end(struct check *c, enum sign sign, const char *text, const char *hint)
{
	struct str safe = STR_EMPTY;

	sanitise(text, strlen(text), &safe);
	end_line(c, sign, &safe, hint);
}

void
check_endf(struct check *c, enum sign sign, const char *hint, const char *fmt, ...)
{
	struct str raw = STR_EMPTY, safe = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_vprintf(&raw, fmt, args);
	va_end(args);
	sanitise(str_text(&raw), raw.len, &safe);
	str_fini(&raw);
	end_line(c, sign, &safe, hint);
}

void
check_fail(struct check *c, enum sign sign, const struct err *e)
{
	check_end(c, sign, e->message, e->hint[0] != '\0' ? e->hint : NULL);
}

static void
start(struct preflight *p, enum check_id id, void (*fn)(struct check *))
{
	struct check *c = &p->checks[id];

	c->started_ms = loop_now_ms(c->w->loop);
	c->w->rel.lines[id].sign = SIGN_RUNNING;
	fn(c);
}

static void
check_dotenv(struct check *c)
{
	char *path = fs_join(c->w->rel.root, ".env");

	if (!fs_is_file(path))
		check_end(c, SIGN_OK, "none here", NULL);
	else if (fs_is_shared(path))
		check_end(
		    c, SIGN_LOOK, "readable by others, and it may hold tokens", "chmod 600 .env");
	else
		check_end(c, SIGN_OK, "readable by you alone", NULL);
	free(path);
}

void
preflight_repo_known(struct preflight *p, const struct err *e)
{
	if (e != NULL) {
		struct err why = *e;

		err_wrap(&why, "not asked");
		check_end(&p->checks[CHECK_REMOTE], SIGN_UNCHECKED, why.message, NULL);
	} else {
		start(p, CHECK_REMOTE, check_remote_start);
	}
}

static void
start_index(struct preflight *p, enum index_role role, enum check_id index, enum check_id token)
{
	struct wizard *w = p->s->w;
	struct err e = ERR_EMPTY;

	if (indexes_resolve(w, role, role == INDEX_TEST ? w->test_index : NULL, &e) != ERR_OK) {
		/* A name that nobody knows is wrong usage, whatever else is well. */
		if (w->survey_err.code == ERR_OK)
			w->survey_err = e;
		check_fail(&p->checks[index], SIGN_BAD, &e);
		check_end(&p->checks[token], SIGN_UNCHECKED,
		    "not looked for: the index is not known", NULL);
	} else if (w->rel.index[role].name == NULL) {
		check_end(
		    &p->checks[index], SIGN_UNCHECKED, "none: there will be no rehearsal", NULL);
		check_end(&p->checks[token], SIGN_UNCHECKED, "not needed", NULL);
	} else {
		start(p, index, check_index_start);
		start(p, token, check_token_start);
	}
}

void
preflight_packages_known(struct preflight *p, const struct err *e)
{
	static const enum check_id after[] = { CHECK_TOKEN_PRODUCTION, CHECK_TOKEN_TEST,
		CHECK_INDEX_PRODUCTION, CHECK_INDEX_TEST };

	if (e != NULL) {
		for (size_t i = 0; i < ARRAY_LEN(after); i++)
			check_end(&p->checks[after[i]], SIGN_UNCHECKED,
			    "not asked: no package to ask about", NULL);
		preflight_nothing_to_say(&p->checks[CHECK_NEWS]);
		return;
	}
	start(p, CHECK_NEWS, check_news_start);
	start_index(p, INDEX_PRODUCTION, CHECK_INDEX_PRODUCTION, CHECK_TOKEN_PRODUCTION);
	start_index(p, INDEX_TEST, CHECK_INDEX_TEST, CHECK_TOKEN_TEST);
}

static void
preflight_enter(struct step_run *s)
{
	struct preflight *p = s->priv;
	struct release *r = &s->w->rel;

	release_clear_lines(r);
	err_clear(&s->w->survey_err);
	r->lines = mem_zalloc(CHECK_COUNT, sizeof r->lines[0]);
	r->line_count = CHECK_NEWS;
	p->s = s;
	p->left = CHECK_COUNT;
	for (size_t i = 0; i < CHECK_COUNT; i++) {
		r->lines[i] = (struct check_line) { .id = table[i].id,
			.label = table[i].label,
			.can_leave_out = table[i].can_leave_out,
			.text = i < CHECK_NEWS ? mem_strdup("") : NULL };
		p->checks[i] = (struct check) { .p = p, .id = (enum check_id)i, .w = s->w };
	}
	start(p, CHECK_REPOSITORY, check_repo_start);
	start(p, CHECK_PYTHON, check_python_start);
	start(p, CHECK_DOTENV, check_dotenv);
	check_end(&p->checks[CHECK_CI], SIGN_UNCHECKED, "not checked: no forge configured", NULL);
}

static void
preflight_answer(struct step_run *s, const struct answer *a)
{
	const struct release *r = &s->w->rel;

	if (a->id == ASK_TAG) {
		answer_tag(s, a->text);
		return;
	}
	if (strcmp(a->text, "leave-out") == 0) {
		wizard_leave_out(s->w, CHECK_CLEAN_TREE);
		return;
	}
	step_done(s, "%zu good, %zu to look at, %zu not checked", count(r, SIGN_OK),
	    count(r, SIGN_LOOK), count(r, SIGN_UNCHECKED));
}

static void
preflight_leave(struct step_run *s)
{
	struct preflight *p = s->priv;

	tag_question_fini(&p->tag);
	for (size_t i = 0; i < CHECK_COUNT; i++) {
		if (p->checks[i].stop != NULL)
			p->checks[i].stop(&p->checks[i]);
		free(p->checks[i].pending_text);
		free(p->checks[i].pending_hint);
	}
}

static struct json *
preflight_save(const struct wizard *w)
{
	const struct release *r = &w->rel;
	struct json *j = json_object_new();

	json_set_text(j, "branch", r->branch);
	json_set_text(j, "head", r->head);
	json_set_text(j, "remote", r->remote);
	json_set_text(j, "python", r->python);
	json_set_bool(j, "signs-commits", r->signs_commits);
	json_set_bool(j, "signs-tags", r->signs_tags);
	json_set_text(j, "test-index", r->index[INDEX_TEST].name);
	return j;
}

static enum err_code
preflight_load(struct wizard *w, const struct json *data, struct err *e)
{
	struct release *r = &w->rel;
	const char *test = json_text(data, "test-index");
	enum err_code rc;

	mem_set(&r->branch, json_text(data, "branch"));
	mem_set(&r->head, json_text(data, "head"));
	mem_set(&r->remote, json_text(data, "remote"));
	mem_set(&r->python, json_text(data, "python"));
	r->signs_commits = json_bool(data, "signs-commits", false);
	r->signs_tags = json_bool(data, "signs-tags", false);
	rc = indexes_resolve(w, INDEX_PRODUCTION, NULL, e);
	if (rc == ERR_OK)
		rc = indexes_resolve(w, INDEX_TEST, test != NULL ? test : "none", e);
	return rc;
}

void
wizard_look_again(struct wizard *w)
{
	if (w->step != STEP_PREFLIGHT || w->finished || w->mode == WIZARD_RESUME)
		return;
	w->question_open = false;
	w->front->ask(w->front_arg, NULL);
	step_again(&w->steps[STEP_PREFLIGHT]);
}

void
wizard_leave_out(struct wizard *w, size_t line)
{
	if (w->step != STEP_PREFLIGHT || line >= w->rel.line_count ||
	    !w->rel.lines[line].can_leave_out || w->rel.lines[line].sign != SIGN_BAD)
		return;
	w->left_out_dirty = true;
	wizard_look_again(w);
}

const struct step_ops step_preflight = {
	.id = STEP_PREFLIGHT,
	.priv_size = sizeof(struct preflight),
	.enter = preflight_enter,
	.answer = preflight_answer,
	.leave = preflight_leave,
	.save = preflight_save,
	.load = preflight_load,
};
