/* The difference between two texts, in lines to scroll. */
#ifndef SLIPWAY_TUI_PATCH_VIEW_H
#define SLIPWAY_TUI_PATCH_VIEW_H

#include "slipway/base/str.h"
#include "slipway/tui/pager.h"

struct edit_plan;
struct patch_lines;

/* All zero is empty. */
struct patch_view {
	struct pager pager;
	struct patch_lines *lines;
};

void patch_view_fini(struct patch_view *v);
/* Copies what it shows. */
void patch_view_set(struct patch_view *v, struct bytes before, struct bytes after);
/* The same of a patch, which is empty afterwards. */
struct repo_patch;
void patch_view_take(struct patch_view *v, struct repo_patch *patch);
/* Brings line NUMBER of the new text to the middle. */
void patch_view_go_to(struct patch_view *v, size_t number, int rows);
void patch_view_draw(struct patch_view *v, struct region r);

/* All edits as one unified diff, appended to OUT. */
void patch_unified(const struct edit_plan *plan, struct str *out);

#endif
