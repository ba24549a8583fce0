/* What the pages of all steps share: the wizard that they show, the open question, and the way from
 * one page to the next. Knows no terminal: app.c has that. */
#ifndef SLIPWAY_TUI_UI_H
#define SLIPWAY_TUI_UI_H

#include "ask.h"
#include "slipway/base/str.h"
#include "slipway/tui/shell.h"
#include "slipway/wizard/front.h"

struct wizard;
struct worker;

/* What only the owner of the terminal can do. */
struct ui_host {
	bool (*lend)(void *arg, const char *reason); /* false: there is none to lend */
	void (*take_back)(void *arg);
	void (*stop_job)(void *arg);
	void (*repaint)(void *arg);
	void (*ended)(void *arg, const struct err *e); /* the wizard has; E NULL: well */
};

struct ui {
	struct loop *loop;
	struct shell *shell;
	const struct ui_host *host;
	void *host_arg;
	struct wizard *w;      /* NULL until there is one */
	struct worker *worker; /* NULL until it is needed */
	const char *reader;    /* the program that reads archives: see dist/reader.h */
	enum step_id shown;    /* whose page is at the bottom */
	bool behind;	       /* it is not the one under way */
	bool leaving;	       /* the card that asks is in front */
	struct ask ask;
	struct str project, version, right; /* of the header */
};

/* The first page is that of the preflight, and empty. */
struct ui *ui_new(struct loop *l, const struct ui_host *host, void *arg, int w, int h, bool ascii);
void ui_free(struct ui *ui); /* before the wizard; NULL is fine */
extern const struct front_ops ui_front;

const struct release *ui_release(const struct ui *ui); /* never NULL */
void ui_event(struct ui *ui, const struct input_event *ev);
struct worker *ui_worker(struct ui *ui); /* NULL when there can be none */

/* The report, or how far it is. True. */
bool ui_show_report(struct ui *ui);

/* All edits in the pager. */
void ui_show_diff(struct ui *ui);

/* --- for pages of steps; their data is the ui --- */

struct ui *page_ui(const struct page *p);
enum step_id page_step(const struct page *p);
/* The step is under way or asks: wishes can be told to the wizard. */
bool page_is_live(const struct page *p);
/* The question of this step is open. */
bool page_asks(const struct page *p);
enum sign page_sign(const struct page *p);
/* Draws the question (or why the step ended badly, or that it is over) at the bottom of BODY and
 * returns what is left above. */
struct region page_question(struct page *p, struct region body);
/* For page_ops.act and .event of pages: what the question takes. */
bool page_ask_act(struct page *p, enum action a);
bool page_ask_event(struct page *p, const struct input_event *ev);
/* "Enter" as the open question has it; NULL: the usual; "": nothing is asked. */
const char *page_next_label(const struct page *p);
/* As page_ops.label: ^U where something is typed, and "" for the letters that are typed there. */
const char *page_clear_label(const struct page *p);
const char *page_letter_label(const struct page *p, enum action a);
/* For page_ops.off: why Enter does nothing; NULL for other actions, and when it does. */
const char *page_off_next(const struct page *p, enum action a);
/* Why nothing can be changed here; NULL when it can. */
const char *page_read_only(const struct page *p);

/* As searches do: small letters find capitals as well. */
bool ui_matches(const char *text, const char *needle);

/* A page that is longer than its region is drawn from y = -top on. */
struct scroll {
	int top, height, rows;
};
bool scroll_act(struct scroll *s, enum action a);
/* After drawing HEIGHT lines into R: keeps the top in reach and marks what is out of sight. */
void scroll_end(struct scroll *s, struct region r, int height);
/* For page_ops.off: why there is nothing to scroll; NULL when there is. */
const char *scroll_off(const struct scroll *s);

/* Pages of the steps by enum step_id, and others. */
extern const struct page_ops *const step_pages[];
extern const struct page_ops page_preflight, page_version, page_edits, page_notes, page_commit,
    page_checks, page_build, page_verify, page_review, page_rehearse, page_smoke, page_confirm,
    page_publish, page_live, page_summary;
extern const struct page_ops page_resume, page_commands;

#endif
