/* What is inside a built file: its members as a tree, and a preview of the selected one. */
#ifndef SLIPWAY_TUI_MEMBERS_H
#define SLIPWAY_TUI_MEMBERS_H

#include <stddef.h>

struct ui;

/* Opens the page over file FILE of the release. It is read on the worker. */
void members_show(struct ui *ui, size_t file);

#endif
