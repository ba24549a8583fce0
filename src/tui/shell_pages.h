/* Between shell.c and shell_pages.c: what ? and : open. */
#ifndef SLIPWAY_TUI_SHELL_PAGES_H
#define SLIPWAY_TUI_SHELL_PAGES_H

#include "slipway/tui/shell.h"

/* DATA is the page that they are about. */
extern const struct page_ops shell_help_page;
extern const struct page_ops shell_palette_page;

#endif
