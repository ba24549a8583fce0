/* Between surface.c and region.c: writing single cells. */
#ifndef SLIPWAY_TUI_SURFACE_PUT_H
#define SLIPWAY_TUI_SURFACE_PUT_H

#include "slipway/tui/surface.h"

/* Writes one character of WIDTH cells at a place that lies inside with all of them; a wide
 * character that loses a half to it becomes a space. */
void surface_put(
    struct surface *s, int x, int y, const char *text, size_t len, int width, enum role role);
/* Adds a combining mark to the character at X; dropped when the cell is full. */
void surface_mark(struct surface *s, int x, int y, const char *text, size_t len);
struct surface_cell *surface_at(struct surface *s, int x, int y);
void surface_set_cursor(struct surface *s, int x, int y);

#endif
