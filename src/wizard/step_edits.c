/* Edits: every place that will change, to be accepted; mirrors can be left out one by one. */
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "keep_tag.h"
#include "release_notes.h"
#include "slipway/base/mem.h"
#include "slipway/project/edit.h"

#define NUMBERS "numbers"
#define AS_IT_IS "as-it-is"

/* The texts of the open question. */
struct edits {
	char *title, *text, *flag, *numbers, *as_it_is;
	struct question_option options[2];
};

static void
forget(struct edits *d)
{
	mem_set(&d->title, NULL);
	mem_set(&d->text, NULL);
	mem_set(&d->flag, NULL);
	mem_set(&d->numbers, NULL);
	mem_set(&d->as_it_is, NULL);
}

static enum err_code
make_again(struct wizard *w, struct err *e)
{
	struct release *r = &w->rel;
	struct edit_plan again = EDIT_PLAN_EMPTY;
	enum err_code rc = edit_plan_make(r->places, &again, e);

	if (rc != ERR_OK)
		return rc;
	edit_plan_fini(r->edits);
	*r->edits = again;
	keep_tag(w, r->edits);
	return ERR_OK;
}

/* -- what somebody must decide -- */

static bool
is_open(const struct place *p)
{
	return p->question && !p->included;
}

/* How a script decides all of it: an authority cannot be left out, so a person is needed there. */
static char *
deciding_flags(const struct release *r)
{
	struct str out = STR_EMPTY;

	for (size_t i = 0; i < r->places->count; i++) {
		const struct place *p = &r->places->items[i];

		if (!is_open(p))
			continue;
		if (p->role == PLACE_AUTHORITY) {
			str_fini(&out);
			return NULL;
		}
		str_printf(&out, "%s--leave-out %s:%zu (as it is)", out.len > 0 ? ", " : "",
		    p->file, p->line);
		if (p->new_text != NULL)
			str_printf(&out, " or --edit-also %s:%zu", p->file, p->line);
	}
	return str_take(&out);
}

static size_t
count_open(const struct release *r, const struct place **first)
{
	size_t n = 0;

	for (size_t i = 0; i < r->places->count; i++)
		if (is_open(&r->places->items[i]) && n++ == 0)
			*first = &r->places->items[i];
	return n;
}

static void
ask_to_accept(struct step_run *s)
{
	static const struct question_option options[] = {
		{ "accept", "accept these edits",
		    "they go into a commit of their own, off your branch" },
		{ "leave", "leave", "nothing has been changed" },
	};
	struct edits *d = s->priv;
	const struct place *first = NULL;
	size_t open = count_open(&s->w->rel, &first);
	struct question q = {
		.id = ASK_EDITS,
		.step = STEP_EDITS,
		.kind = QUESTION_CHOICE,
		.title = "Your files stay as they are until you confirm the release.",
		.options = options,
		.option_count = ARRAY_LEN(options),
		.preset = "accept",
		.undoable = true,
		.flag = "--yes",
	};

	q.text = s->w->tag_hint;
	/* What would make a broken release is accepted by no general flag; a plan only shows it. */
	if (open > 0 && s->w->mode != WIZARD_PLAN) {
		forget(d);
		d->title = mem_strdup(first->note != NULL ? first->note : first->what);
		d->text = mem_printf("Somebody must decide this: mend line %zu of %s by hand, or "
				     "accept it as it is.",
		    first->line, first->file);
		d->flag = deciding_flags(&s->w->rel);
		q.undoable = false;
		q.title = d->title;
		q.text = d->text;
		q.flag = d->flag;
	}
	step_ask(s, &q);
}

/* -- tuples that cannot say it -- */

static const struct place *
next_partial(const struct release *r)
{
	for (size_t i = 0; i < r->places->count; i++)
		if (r->places->items[i].partial && r->places->items[i].included)
			return &r->places->items[i];
	return NULL;
}

/* One question for all of them; leave-out and edit-also of the configuration answer it for good. */
static void
ask_for_numbers(struct step_run *s, const struct place *p)
{
	struct edits *d = s->priv;
	struct question q = {
		.id = ASK_NUMBERS,
		.step = STEP_EDITS,
		.kind = QUESTION_CHOICE,
		.options = d->options,
		.option_count = ARRAY_LEN(d->options),
		.preset = NUMBERS,
		.undoable = true,
		.text = "edit-also or leave-out in slipway.toml answers it for good.",
	};

	forget(d);
	d->title = mem_printf("%s of %s:%zu is a tuple of numbers: it cannot say %s. What then?",
	    p->what, p->file, p->line, s->w->rel.packages[p->package].version_new);
	d->numbers = mem_printf("the numbers alone: %s", p->new_text);
	d->as_it_is = mem_printf("as it is: %s", p->old_text);
	d->flag = mem_printf("--yes (the numbers), or --leave-out %s:%zu", p->file, p->line);
	d->options[0] = (struct question_option) { NUMBERS, d->numbers, NULL };
	d->options[1] = (struct question_option) { AS_IT_IS, d->as_it_is, NULL };
	q.title = d->title;
	q.flag = d->flag;
	step_ask(s, &q);
}

static void
take_numbers(struct step_run *s, bool included)
{
	struct release *r = &s->w->rel;
	struct err e = ERR_EMPTY;

	for (size_t i = 0; i < r->places->count; i++) {
		struct place *p = &r->places->items[i];

		if (p->partial && p->role != PLACE_AUTHORITY)
			p->included = p->included && included;
		p->partial = false;
	}
	if (make_again(s->w, &e) != ERR_OK) {
		step_fail(s, &e, ASK_EDITS, NULL, 0);
		return;
	}
	s->w->front->changed(s->w->front_arg, STEP_EDITS);
	ask_to_accept(s);
}

/* -- the step -- */

static void
edits_enter(struct step_run *s)
{
	const struct place *partial = next_partial(&s->w->rel);

	release_notes_withdraw(s->w);
	if (partial != NULL)
		ask_for_numbers(s, partial);
	else
		ask_to_accept(s);
}

static void
edits_answer(struct step_run *s, const struct answer *a)
{
	const struct release *r = &s->w->rel;
	struct err e = ERR_EMPTY;
	size_t places = 0;

	if (a->id == ASK_NUMBERS) {
		take_numbers(s, strcmp(a->text, NUMBERS) == 0);
		return;
	}
	if (edit_check(r->edits, r->root, &e) != ERR_OK) {
		if (s->w->mode != WIZARD_PLAN) {
			step_refuse(s, "%s: %s", e.message, e.hint);
			return;
		}
		/* It shows what it can, and fails at its end. */
		if (s->w->plan_err.code == ERR_OK)
			s->w->plan_err = e;
	}
	for (size_t i = 0; i < r->places->count; i++)
		places += r->places->items[i].included;
	step_done(s, "%zu %s in %zu %s", places, places == 1 ? "place" : "places", r->edits->count,
	    r->edits->count == 1 ? "file" : "files");
}

static void
edits_leave(struct step_run *s)
{
	forget(s->priv);
}

void
wizard_include_place(struct wizard *w, size_t place, bool included)
{
	struct release *r = &w->rel;
	struct place *p;
	struct err e = ERR_EMPTY;

	if (w->step != STEP_EDITS || r->places == NULL || place >= r->places->count)
		return;
	p = &r->places->items[place];
	/* The authority is what the release is about: without it there is none. */
	if (p->new_text == NULL || p->role == PLACE_AUTHORITY)
		return;
	p->included = included;
	if (make_again(w, &e) != ERR_OK) {
		p->included = !included;
		return;
	}
	w->front->changed(w->front_arg, STEP_EDITS);
}

const struct step_ops step_edits = {
	.id = STEP_EDITS,
	.priv_size = sizeof(struct edits),
	.enter = edits_enter,
	.answer = edits_answer,
	.leave = edits_leave,
};
