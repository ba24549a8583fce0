/* The log of a command on the screen: follows its end, keeps its colours, shows warnings alone, and
 * searches in steps so that a key never waits for 100,000 lines. */
#ifndef SLIPWAY_TUI_LOG_VIEW_H
#define SLIPWAY_TUI_LOG_VIEW_H

#include <stdbool.h>

#include "slipway/tui/keys.h"
#include "slipway/tui/surface.h"

struct log_view;
struct logstore;
struct loop;

typedef void (*log_view_fn)(void *arg);

/* CHANGED is called when a search got somewhere: redraw. The caller owns it: log_view_free(). */
struct log_view *log_view_new(struct loop *l, log_view_fn changed, void *arg);
void log_view_free(struct log_view *v); /* NULL is fine */
/* Another log (borrowed until the next call; NULL: none), from its end, following. */
void log_view_set(struct log_view *v, struct logstore *log);
struct logstore *log_view_log(const struct log_view *v);
/* Moves, WRAP, FOLLOW, WARNINGS, MATCH_NEXT, MATCH_BACK; false for other actions. */
bool log_view_act(struct log_view *v, enum action a);
/* As page_ops.search: true also while it still looks. */
bool log_view_search(struct log_view *v, const char *text);
/* All of R but its last line is the log; the last line says how it stands, with NOTE (may be NULL)
 * at its right end. */
void log_view_draw(struct log_view *v, struct region r, const char *note);

#endif
