/* Edits: every place that will change, to be accepted; mirrors can be left out one by one. */
#include "engine.h"
#include "release_notes.h"
#include "slipway/base/mem.h"
#include "slipway/project/edit.h"

static size_t
count_questions(const struct release *r, const struct place **first)
{
	size_t n = 0;

	for (size_t i = 0; i < r->places->count; i++)
		if (r->places->items[i].question && !r->places->items[i].included && n++ == 0)
			*first = &r->places->items[i];
	return n;
}

static void
edits_enter(struct step_run *s)
{
	static const struct question_option options[] = {
		{ "accept", "accept these edits",
		    "they go into a commit of their own, off your branch" },
		{ "leave", "leave", "nothing has been changed" },
	};
	const struct place *first = NULL;
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

	release_notes_withdraw(s->w);
	/* What would make a broken release is never accepted by a flag; a plan only shows it. */
	if (count_questions(&s->w->rel, &first) > 0 && s->w->mode != WIZARD_PLAN) {
		q.undoable = false;
		q.title = first->note != NULL ? first->note : first->what;
		q.text = "Somebody must decide this: mend the file by hand, or accept it as it is.";
	}
	step_ask(s, &q);
}

static void
edits_answer(struct step_run *s, const struct answer *a)
{
	const struct release *r = &s->w->rel;
	size_t places = 0;

	(void)a;
	for (size_t i = 0; i < r->places->count; i++)
		places += r->places->items[i].included;
	step_done(s, "%zu %s in %zu %s", places, places == 1 ? "place" : "places", r->edits->count,
	    r->edits->count == 1 ? "file" : "files");
}

void
wizard_include_place(struct wizard *w, size_t place, bool included)
{
	struct release *r = &w->rel;
	struct edit_plan again = EDIT_PLAN_EMPTY;
	struct place *p;
	struct err e = ERR_EMPTY;

	if (w->step != STEP_EDITS || r->places == NULL || place >= r->places->count)
		return;
	p = &r->places->items[place];
	/* The authority is what the release is about: without it there is none. */
	if (p->new_text == NULL || p->role == PLACE_AUTHORITY)
		return;
	p->included = included;
	if (edit_plan_make(r->places, &again, &e) != ERR_OK) {
		p->included = !included;
		return;
	}
	edit_plan_fini(r->edits);
	*r->edits = again;
	w->front->changed(w->front_arg, STEP_EDITS);
}

const struct step_ops step_edits = {
	.id = STEP_EDITS,
	.enter = edits_enter,
	.answer = edits_answer,
};
