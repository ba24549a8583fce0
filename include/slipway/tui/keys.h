/* What keys do where. One table (actions.def) feeds dispatch, bottom line, help and palette, so
 * none can lie. */
#ifndef SLIPWAY_TUI_KEYS_H
#define SLIPWAY_TUI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where one is: a page, or what lies in front of it. Pages of steps come first, in their order. */
enum keys_context {
	KEYS_PREFLIGHT,
	KEYS_VERSION,
	KEYS_EDITS,
	KEYS_NOTES,
	KEYS_COMMIT,
	KEYS_CHECKS,
	KEYS_BUILD,
	KEYS_VERIFY,
	KEYS_REVIEW,
	KEYS_REHEARSE,
	KEYS_SMOKE,
	KEYS_CONFIRM,
	KEYS_PUBLISH,
	KEYS_ANNOUNCE,
	KEYS_LIVE,
	KEYS_SUMMARY,
	KEYS_RESUME,  /* the choice at an unfinished release */
	KEYS_INSPECT, /* slipway inspect */
	KEYS_LOG,     /* the log of commands */
	KEYS_DIFF,    /* what differs in one member */
	KEYS_PAGER,   /* a text in front: a diff, a report, a finding explained */
	KEYS_CARD,    /* a dialog, help, the palette */
	KEYS_CONTEXT_COUNT
};

enum action {
	ACT_NONE,
#define ACTION(id, name, keys, contexts, kind, label, help) ACT_##id,
#include "slipway/tui/actions.def"
#undef ACTION
	ACT_COUNT
};

enum action_kind { ACTION_SAFE, ACTION_EFFECT };

struct action_info {
	const char *name; /* for the palette */
	const char *keys; /* names with spaces between; the first is shown */
	const char *label;
	const char *help;
	uint32_t contexts; /* bits of enum keys_context */
	enum action_kind kind;
};

extern const struct action_info action_info[ACT_COUNT]; /* [ACT_NONE] is empty */

/* ACT_NONE when the key does nothing there. */
enum action keys_lookup(enum keys_context context, uint32_t key, unsigned int mods);
bool keys_applies(enum action a, enum keys_context context);
/* The first key of A: "Enter". */
const char *keys_first(enum action a, char *buf, size_t size);

/* The command palette: what fits the typed text, best first. */
#define KEYS_PALETTE_MAX 128
struct palette {
	enum keys_context context;
	enum action found[KEYS_PALETTE_MAX];
	size_t count;
};
/* All letters of FILTER must come in this order in name or help; a name that starts with it comes
 * first. */
void palette_filter(struct palette *p, const char *filter);

#endif
