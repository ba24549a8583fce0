/* The frame of the screen: header, rail, body, key line, and the rules between them. */
#ifndef SLIPWAY_TUI_LAYOUT_H
#define SLIPWAY_TUI_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/tui/keys.h"
#include "slipway/tui/surface.h"
#include "slipway/wizard/release.h"

#define LAYOUT_MIN_W 60
#define LAYOUT_MIN_H 16
#define LAYOUT_RAIL 13 /* columns */

struct layout {
	struct region header, rail, body, keys;
	bool too_small; /* all regions but header are empty; the card was drawn */
	bool has_rail;
};

/* Divides ALL and draws the rules; below 60x16 a card that says so. RAIL false: no rail (inspect).
 */
struct layout layout_draw(struct region all, bool rail);

struct layout_header {
	const char *project; /* "rethink-llmhub +1" */
	const char *version; /* "1.0.3 → 1.1.0" */
	const char *right;   /* "main 3f2a9c1 ◷ 00:41" */
};
void layout_header(struct region header, const struct layout_header *h);

struct layout_rail_item {
	const char *name;
	enum sign sign;
	bool here;
	bool no_return; /* the point of no return lies behind it */
};
/* Scrolls so that the step one is at is in sight. */
void layout_rail(
    struct region rail, const struct layout_rail_item *items, size_t count, uint64_t now_ms);

struct layout_key {
	enum action action;
	const char *label; /* NULL: that of the table */
	bool off;	   /* does nothing just now: in brackets */
};
/* As many as fit; the last two (help, quit) go last. */
void layout_keys(struct region keys, const struct layout_key *items, size_t count);
/* Which of the items lies at column X; COUNT for none. */
size_t layout_key_at(struct region keys, const struct layout_key *items, size_t count, int x);
/* A message in place of the keys. */
void layout_message(struct region keys, enum role role, const char *text);

#endif
