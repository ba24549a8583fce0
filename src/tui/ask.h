/* The open question at the bottom of a page: a choice, a line to type, or a hidden one. Any page
 * can show any question with it; a page with a form of its own draws that instead. */
#ifndef SLIPWAY_TUI_ASK_H
#define SLIPWAY_TUI_ASK_H

#include "slipway/tui/edit_line.h"
#include "slipway/tui/list.h"
#include "slipway/wizard/question.h"

struct ui;

enum ask_form {
	ASK_FORM_NONE,
	ASK_FORM_SIMPLE, /* Enter says yes; what else there is, q does */
	ASK_FORM_LIST,
	ASK_FORM_LINE,
	ASK_FORM_HIDDEN,
};

/* All zero: nothing is asked. */
struct ask {
	const struct question *q; /* the wizard's; NULL: none */
	bool failed;		  /* it is about a failure */
	enum question_id last;
	struct list list; /* rows: options, and "other…" where a text will do as well */
	size_t usual;	  /* options in front of "other…" */
	struct edit_line line;
	struct secret *secret;
	bool typing;	    /* "other…" was chosen */
	bool away;	    /* keys that move belong to the page */
	bool mending;	    /* the error was seen: something else is typed */
	const char *note;   /* why nothing was sent; static */
	const char *words;  /* in place of title and text, where the page says those; the page's */
	struct region rows; /* of the last draw, for clicks */
};

void ask_fini(struct ask *a);
/* Q NULL: it was withdrawn or answered. What was typed stays for when it comes back with an error.
 */
void ask_set(struct ask *a, const struct question *q, bool failed);
/* "other…" stands behind so many options. */
void ask_set_usual(struct ask *a, size_t usual);
enum ask_form ask_form(const struct ask *a);
/* The option of a row of the list, NULL for "other…". */
const struct question_option *ask_option(const struct ask *a, size_t row);

/* Lines it needs at width W, and what it looks like in as many. */
int ask_height(const struct ask *a, int w);
void ask_draw(struct ask *a, struct region r);
/* The line with its title, or the hidden box, from line Y on; returns the line behind. */
int ask_draw_line(struct ask *a, struct region r, int y);
/* The error of the last answer, wrapped; returns the line behind. */
int ask_draw_error(const struct ask *a, struct region r, int y);

/* Typing, pastes and clicks. */
bool ask_event(struct ui *ui, enum keys_context context, const struct input_event *ev);
/* Moves in the list, NEXT answers, CLEAR empties, CLOSE leaves "other…". */
bool ask_act(struct ui *ui, enum action act);
/* Answers with the option of this id; false when it has none such. */
bool ask_choose(struct ui *ui, const char *id);

#endif
