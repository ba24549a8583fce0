/* The question for the template of tags. A prefix cannot be derived from a name, so that whatever
 * is not sure is asked; silence and --yes do not answer it, because a pushed tag stays. */
#include "ask_tag.h"

#include <stdlib.h>
#include <string.h>

#include "choices.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/project/name.h"
#include "slipway/project/tags.h"
#include "slipway/project/version.h"

#define NAMED_MAX 3
#define ANSWER_EACH "each"

void
tag_question_fini(struct tag_question *q)
{
	mem_set(&q->title, NULL);
	mem_set(&q->text, NULL);
	free(q->options);
	q->options = NULL;
	strlist_fini(&q->words);
}

/* -- answers -- */

void
ask_tag_flag(const char *flag, struct strlist *list)
{
	size_t len = strcspn(flag, "=");
	/* In "{name}=={version}" no name is split off, and in "pkg=={version}" neither. */
	bool named = flag[len] == '=' && flag[len + 1] != '=' &&
		     name_is_valid((struct bytes) { flag, len });

	strlist_addf(list, "%.*s", named ? (int)len : 0, flag);
	strlist_add(list, named ? flag + len + 1 : flag);
}

const char *
ask_tag_find(const struct strlist *list, const char *package)
{
	const char *found = NULL;

	for (size_t i = 0; i + 1 < list->count; i += 2) {
		const char *name = list->items[i];

		if (name[0] == '\0' && found == NULL)
			found = list->items[i + 1];
		else if (name_equal(bytes_of(name), bytes_of(package)))
			return list->items[i + 1];
	}
	return found;
}

/* -- which packages -- */

/* With --package the others are nobody's business. */
static bool
is_in_doubt(const struct wizard *w, size_t at)
{
	const struct release_package *p = &w->rel.packages[at];

	return p->tag_doubt != NULL && (w->packages.count == 0 || p->selected);
}

/* The same answer may do for both. */
static bool
is_together(const struct wizard *w, const struct tag_question *q, size_t a, size_t b)
{
	const char *x = w->rel.packages[a].tag_template, *y = w->rel.packages[b].tag_template;

	if (a == b)
		return true;
	return !q->each && is_in_doubt(w, b) && strcmp(x, y) == 0 &&
	       (w->rel.lockstep || strstr(x, "{name}") != NULL);
}

static size_t
first_in_doubt(const struct wizard *w)
{
	size_t i = 0;

	while (i < w->rel.package_count && !is_in_doubt(w, i))
		i++;
	return i;
}

static size_t
count_together(const struct wizard *w, const struct tag_question *q, size_t at)
{
	size_t n = 0;

	for (size_t i = at; i < w->rel.package_count; i++)
		n += is_together(w, q, at, i);
	return n;
}

static void
put_names(const struct wizard *w, const struct tag_question *q, size_t at, struct str *out)
{
	size_t n = 0, all = count_together(w, q, at);

	for (size_t i = at; i < w->rel.package_count && n < NAMED_MAX; i++) {
		if (!is_together(w, q, at, i))
			continue;
		str_printf(out, "%s%s",
		    n == 0	   ? ""
		    : n + 1 == all ? " and "
				   : ", ",
		    w->rel.packages[i].name);
		n++;
	}
	if (all > n)
		str_printf(out, " and %zu more", all - n);
}

/* -- the question -- */

/* What TEMPLATE makes of a version of P: "v1.0.3, v1.0.3-rc1". */
static char *
example_of(const struct release_package *p, const char *template)
{
	struct version now = VERSION_EMPTY, v = VERSION_EMPTY;
	struct tag_template t = TAG_TEMPLATE_EMPTY;
	struct str base = STR_EMPTY, out = STR_EMPTY, safe = STR_EMPTY;

	if (version_parse(p->version, &now, NULL) == ERR_OK)
		version_base(&now, &base);
	else
		str_puts(&base, "1.0.0");
	if (tag_template_parse(template, p->name, &t, NULL) == ERR_OK) {
		if (version_parse(str_text(&base), &v, NULL) == ERR_OK)
			tag_render(&t, &v, &out, NULL);
		version_fini(&v);
		str_puts(&base, "rc1");
		str_puts(&out, ", ");
		if (version_parse(str_text(&base), &v, NULL) == ERR_OK)
			tag_render(&t, &v, &out, NULL);
	}
	sanitise(str_text(&out), out.len, &safe);
	version_fini(&now);
	version_fini(&v);
	tag_template_fini(&t);
	str_fini(&base);
	str_fini(&out);
	return str_take(&safe);
}

static void
add_option(struct tag_question *q, size_t *count, const char *id, const char *label, char *detail)
{
	size_t at = q->words.count;

	strlist_add(&q->words, id);
	strlist_add(&q->words, label);
	strlist_take(&q->words, detail);
	q->options[(*count)++] = (struct question_option) { q->words.items[at],
		q->words.items[at + 1], q->words.items[at + 2] };
}

/* Templates are made of names of tags: what a terminal must not see is not offered. */
static bool
is_showable(const char *template)
{
	struct str safe = STR_EMPTY;
	bool same;

	sanitise(template, strlen(template), &safe);
	same = strcmp(str_text(&safe), template) == 0;
	str_fini(&safe);
	return same;
}

static size_t
fill_options(const struct wizard *w, struct tag_question *q)
{
	const struct release_package *p = &w->rel.packages[q->package];
	size_t count = 0;

	q->options = mem_zalloc(p->tag_others.count + 2, sizeof q->options[0]);
	add_option(q, &count, p->tag_template, p->tag_template, example_of(p, p->tag_template));
	for (size_t i = 0; i < p->tag_others.count; i++)
		if (is_showable(p->tag_others.items[i]))
			add_option(q, &count, p->tag_others.items[i], p->tag_others.items[i],
			    example_of(p, p->tag_others.items[i]));
	if (count_together(w, q, q->package) > 1)
		add_option(q, &count, ANSWER_EACH, "each on its own",
		    mem_strdup("ask for one package after the other"));
	return count;
}

bool
ask_tag(struct step_run *s, struct tag_question *q)
{
	struct wizard *w = s->w;
	const struct release_package *p;
	struct str names = STR_EMPTY;
	struct question ask = {
		.id = ASK_TAG,
		.step = s->ops->id,
		.kind = QUESTION_TEXT,
		.flag = "--tag [NAME=]TEMPLATE",
	};

	tag_question_fini(q);
	q->package = first_in_doubt(w);
	if (w->mode == WIZARD_PLAN || q->package == w->rel.package_count)
		return false;
	p = &w->rel.packages[q->package];
	put_names(w, q, q->package, &names);
	q->title = mem_printf("Which tags %s %s get?",
	    count_together(w, q, q->package) > 1 ? "do" : "does", str_text(&names));
	q->text = mem_printf(
	    "%s. The answer goes into the configuration with the release commit.", p->tag_doubt);
	ask.option_count = fill_options(w, q);
	ask.options = q->options;
	ask.title = q->title;
	ask.text = q->text;
	ask.preset = is_showable(p->tag_template) ? q->options[0].id : NULL;
	step_ask(s, &ask);
	str_fini(&names);
	return true;
}

void
ask_tag_missing(const struct wizard *w, struct str *out, size_t *count)
{
	for (size_t i = 0; i < w->rel.package_count && w->mode != WIZARD_PLAN; i++) {
		const struct release_package *p = &w->rel.packages[i];

		if (!is_in_doubt(w, i))
			continue;
		str_printf(out, "%swhich tags %s gets (%s): --tag %s%s'%s', or another template",
		    *count > 0 ? "; " : "", p->name, p->tag_doubt,
		    w->rel.package_count > 1 ? p->name : "", w->rel.package_count > 1 ? "=" : "",
		    p->tag_template);
		++*count;
	}
}

/* -- the answer -- */

/* Two packages of different versions cannot share their tags. */
static enum err_code
check_apart(const struct wizard *w, size_t at, const struct tag_template *t, struct err *e)
{
	const struct release_package *mine = &w->rel.packages[at];
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < w->rel.package_count && rc == ERR_OK; i++) {
		const struct release_package *p = &w->rel.packages[i];
		struct tag_template other = TAG_TEMPLATE_EMPTY;

		if (i == at || w->rel.lockstep || settings_mixed(w) || p->tag_doubt != NULL ||
		    tag_template_parse(p->tag_template, p->name, &other, NULL) != ERR_OK)
			continue;
		if (strcmp(other.prefix, t->prefix) == 0 && strcmp(other.suffix, t->suffix) == 0)
			rc = err_set(e, ERR_INVALID,
			    "those are the tags of %s, and %s has versions of its own", p->name,
			    mine->name);
		tag_template_fini(&other);
	}
	return rc;
}

static enum err_code
check(const struct wizard *w, const struct tag_question *q, const char *answer, struct err *e)
{
	enum err_code rc = ERR_OK;

	if (count_together(w, q, q->package) > 1 && !w->rel.lockstep && !settings_mixed(w) &&
	    strstr(answer, "{name}") == NULL)
		return err_set(e, ERR_INVALID,
		    "each has versions of its own: put {name} into the template, or answer \"%s\"",
		    ANSWER_EACH);
	for (size_t i = q->package; i < w->rel.package_count && rc == ERR_OK; i++) {
		struct tag_template t = TAG_TEMPLATE_EMPTY;

		if (!is_together(w, q, q->package, i))
			continue;
		rc = tag_template_parse(answer, w->rel.packages[i].name, &t, e);
		if (rc == ERR_OK)
			rc = check_apart(w, i, &t, e);
		tag_template_fini(&t);
	}
	return rc;
}

enum err_code
ask_tag_answer(struct wizard *w, struct tag_question *q, const char *answer, struct err *e)
{
	bool *mine;
	enum err_code rc;

	if (strcmp(answer, ANSWER_EACH) == 0 && count_together(w, q, q->package) > 1) {
		q->each = true;
		return ERR_OK;
	}
	rc = check(w, q, answer, e);
	if (rc != ERR_OK)
		return rc;
	/* All of them first: an answer ends the doubt that keeps them together. */
	mine = mem_zalloc(w->rel.package_count, sizeof mine[0]);
	for (size_t i = q->package; i < w->rel.package_count; i++)
		mine[i] = is_together(w, q, q->package, i);
	q->changed |= strcmp(answer, w->rel.packages[q->package].tag_template) != 0;
	for (size_t i = q->package; i < w->rel.package_count; i++) {
		if (!mine[i])
			continue;
		strlist_add(&w->tag_answers, w->rel.packages[i].normal);
		strlist_add(&w->tag_answers, answer);
		mem_set(&w->rel.packages[i].tag_template, answer);
		mem_set(&w->rel.packages[i].tag_doubt, NULL);
	}
	free(mine);
	return ERR_OK;
}
