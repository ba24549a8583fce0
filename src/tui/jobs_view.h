/* Commands that run side by side or one after another: a tab each, and the log of the one in front.
 */
#ifndef SLIPWAY_TUI_JOBS_VIEW_H
#define SLIPWAY_TUI_JOBS_VIEW_H

#include <stdbool.h>

#include "slipway/tui/log_view.h"
#include "slipway/tui/shell.h"
#include "slipway/wizard/release.h"

/* All zero, then jobs_view_open(). */
struct jobs_view {
	struct log_view *log;
	struct shell *shell;
	size_t here, count;
	bool chosen; /* by hand: it does not move on by itself any more */
};

void jobs_view_open(struct jobs_view *v, struct loop *l, struct shell *s);
void jobs_view_close(struct jobs_view *v);
/* TITLE and the tabs in line 0, the log from line 2 on, NOTE (may be NULL) at the end of its last
 * line. */
void jobs_view_draw(struct jobs_view *v, struct region r, const char *title,
    struct job *const *jobs, size_t count, const char *note);
/* PANE changes the tab; all else is for the log. */
bool jobs_view_act(struct jobs_view *v, enum action a);
/* As page_ops.label for PANE. */
const char *jobs_view_tab_label(const struct jobs_view *v);
bool jobs_view_search(struct jobs_view *v, const char *text);

#endif
