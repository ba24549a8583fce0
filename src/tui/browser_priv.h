/* What the files of the browser share. */
#ifndef SLIPWAY_TUI_BROWSER_PRIV_H
#define SLIPWAY_TUI_BROWSER_PRIV_H

#include "browser.h"
#include "browser_rows.h"
#include "browser_store.h"
#include "slipway/base/strlist.h"
#include "slipway/dist/compare.h"
#include "slipway/tui/list.h"
#include "slipway/tui/pager.h"

enum browser_view { VIEW_FILES, VIEW_FINDINGS, VIEW_METADATA, VIEW_COMPARE, VIEW_RAW, VIEW_COUNT };

/* Ways to look at a member, remembered for text and for binaries. */
enum browser_sort { SORT_TEXT, SORT_BINARY, SORT_COUNT };

struct diff_job;

struct browser_tab {
	struct browser *b;
	size_t file;
	char *path, *shown; /* SHOWN: safe, without folders; behind it a ! for each level inside */
	struct browser_store *store;
	struct browser_rows rows;
	bool listed; /* rows were built */
	bool own_findings; /* the owner had none: the store's and the comparison's */
	struct findings findings;
	unsigned int stamp, stamp_view; /* of what is in the rows, and in view 4 */
	struct list list;
	struct list findings_list, compare_list, raw_list;
	size_t finding;		/* the one jumped to last; SIZE_MAX: none */
	size_t *compare_rows;	/* items of view 4 */
	size_t compare_count;

	struct pager pager; /* of the member's content */
	size_t member;	    /* that it shows; FINDING_NO_MEMBER: none */
	enum doc_view views[SORT_COUNT];
	struct str line;
	size_t go_line; /* to be shown when it is there; 0: none */
	bool go_offset_set;
	uint64_t go_offset;
	struct pager meta_pager;
	struct pager_text meta;
	bool has_meta;

	struct compared *compared;
	bool comparing;
	enum compare_base base; /* that diffs are made with */
	struct diff_job *diffing;
	struct strlist acknowledged,
	    reasons;		   /* of this session, behind those that the findings have */
	struct strlist gone_names; /* of what only the base has */
	size_t to_review;
};

struct browser {
	struct page *page;
	struct browser_owner o;
	struct browser_tab *tabs;
	size_t here;
	enum browser_view view;
	bool in_preview; /* it has the keys, or (when narrow) the whole page */
	bool wide;
	char needle[128]; /* of the search in names */
	char view_needle[128]; /* and in the lists of the other views */
	struct region tabs_at, list_at, preview_at; /* of the last draw, for the mouse */
	int view_at[VIEW_COUNT + 1];
};

struct browser_tab *browser_tab(struct browser *b);
void browser_tab_open(struct browser_tab *t); /* begins to read it, once */
/* Findings of the rules and of the comparison: NULL while somebody still looks. */
const struct findings *browser_findings(const struct browser_tab *t);
const struct finding *browser_finding(const struct browser_tab *t, size_t index);
/* Why a finding was acknowledged; NULL: it was not. */
const char *browser_reason(const struct browser_tab *t, const struct finding *f);
/* The selected node, DIST_TREE_NONE for none; the member, FINDING_NO_MEMBER for none. */
size_t browser_node(const struct browser_tab *t);
size_t browser_member(const struct browser_tab *t);
/* Of the row that is selected in the view in front. */
size_t browser_member_here(const struct browser_tab *t);
/* False, with a message, when there is none. */
bool browser_next_changed(struct browser_tab *t, int way);
/* Marks it, or takes the mark away; true when that led to the next one. */
bool browser_review(struct browser_tab *t);
void browser_select_node(struct browser_tab *t, size_t node);
/* Shows the member, at LINE unless that is 0. */
void browser_go(struct browser_tab *t, size_t member, size_t line);
/* Whatever came in since: builds rows, badges and lists. */
void browser_update(struct browser_tab *t);
void browser_mark(struct browser_tab *t);
size_t browser_reviewed(const struct browser_tab *t);
void browser_count(struct browser_tab *t); /* tells the owner */

/* browser_draw.c */
void browser_draw(struct page *p, struct region body);
/* browser_preview.c */
void browser_preview_begin(struct browser_tab *t);
void browser_preview_update(struct browser_tab *t);
void browser_preview_draw(struct browser_tab *t, struct region r, bool focused);
void browser_preview_cycle(struct browser_tab *t);
bool browser_preview_act(struct browser_tab *t, enum action a);
bool browser_preview_search(struct browser_tab *t, const char *text);
const char *browser_view_name(const struct browser_tab *t);
/* Line in sight, 0 when it has none. */
size_t browser_preview_line(struct browser_tab *t);
/* browser_views.c: views 2 to 5 */
void browser_view_draw(struct browser_tab *t, struct region r);
bool browser_view_act(struct browser_tab *t, enum action a);
bool browser_view_click(struct browser_tab *t, int y);
bool browser_view_search(struct browser_tab *t, const char *text);
/* In view 4, to the next row that changed, UNREVIEWED: and has no mark; false: there is none. */
bool browser_compare_next(struct browser_tab *t, int way, bool unreviewed);
void browser_view_update(struct browser_tab *t);
/* browser_wishes.c: what asks or answers in front of the page */
void browser_why(struct browser_tab *t);
void browser_acknowledge(struct browser_tab *t);
void browser_address(struct browser_tab *t);
void browser_ask_save(struct browser_tab *t);
void browser_ask_place(struct browser_tab *t);
const struct finding *browser_finding_here(const struct browser_tab *t);
/* browser_inside.c */
bool browser_enter_archive(struct browser_tab *t); /* false: the selected one is none */
/* browser_diff.c */
void browser_diff(struct browser_tab *t);
void browser_ask_base(struct browser_tab *t);
void browser_diff_drop(struct browser_tab *t);
/* browser_compare.c */
/* What it is compared with; NULL while that is not done, and when it cannot be. */
const struct comparison *browser_with(const struct browser_tab *t, enum compare_base base);
/* The same when it could not be compared, and says why. */
const struct comparison *browser_comparison(const struct browser_tab *t, enum compare_base base);
/* The findings of the comparison, NULL for none. */
const struct findings *browser_compare_findings(const struct browser_tab *t);
void browser_states(struct browser_tab *t);
/* Row of an item there; SIZE_MAX for none. */
size_t browser_row_of(const struct browser_tab *t, enum compare_base base, size_t item);
bool browser_is_gone(const struct browser_tab *t, size_t item);

#endif
