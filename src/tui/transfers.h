/* Files on their way to an index: a bar, a rate and a word for each. */
#ifndef SLIPWAY_TUI_TRANSFERS_H
#define SLIPWAY_TUI_TRANSFERS_H

#include "slipway/tui/shell.h"
#include "slipway/wizard/release.h"

/* One file from line Y on; returns the line behind. COMPACT: one line when nothing is wrong. */
int transfer_draw(const struct page *p, struct region r, int y, const struct release_file *f,
    enum index_role role, bool compact);
enum sign transfer_sign(const struct transfer *t);
/* "rethink-llmhub-runtime goes first: rethink-llmhub needs it." Empty when the order is free. */
void transfer_order(const struct release *r, char *out, size_t size);

#endif
